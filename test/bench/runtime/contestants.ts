// Everyone who normalises, each on one thread: as called (typed arrays in and out), resident (tensors
// stay inside; caches are cold) and chained (several in a row, as inside one graph; what one link takes).
import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as ortNode from 'onnxruntime-node';
import * as ortWeb from 'onnxruntime-web';
import * as runtime from '../../../runtime/index';
import { blocks, onnx, ours, tfjs, type Workload } from './workloads';

/** A timed call; `times` is how many normalizations it makes. */
export interface Entry {
  readonly name: string;
  readonly run: () => unknown;
  /** For chains: the same with one normalization, whose time is taken off. */
  readonly base?: () => unknown;
  readonly times?: number;
}

/** Links of a chain beyond the first; inference is so quick that fewer would drown in the noise of copying its input. */
const chainOf = ({ norm }: Workload): number => (norm === 'inference' ? 24 : 4);

/**
 * A call repeated as the links of a chain are: from the second on, the tensors are in the caches as far as they fit. That
 * is how a graph of several normalizations runs, and what such graphs are to be compared with.
 */
function chained(name: string, times: number, run: () => unknown): Entry {
  const chain = () => {
    for (let i = 0; i <= times; i++) run();
  };
  return { name, run: chain, base: run, times };
}
let floorModule: WebAssembly.Module | undefined;

export async function prepare(): Promise<void> {
  const { compile } = createRequire(`${process.cwd()}/package.json`)('./runtime/kernels/build.js');
  floorModule = new WebAssembly.Module(await compile(path.resolve('runtime/kernels/assembly'), 'floor.ts'));
  setWasmPaths(`${process.cwd()}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);
  setThreadsCount(1);
  ortWeb.env.wasm.numThreads = 1;
  ortWeb.env.logLevel = 'error';
}

interface Data {
  readonly x: Float32Array;
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
}

/** The entries of one workload, and what ends them. */
export async function enter(
  w: Workload,
  data: Data,
  only: (name: string) => boolean,
): Promise<{ entries: Entry[]; end: () => Promise<void> }> {
  const entries: Entry[] = [];
  const ends: (() => Promise<void> | void)[] = [];
  for (const kind of ['simd', 'plain'] as const) addOurs(w, data, kind, entries, only);
  for (const backend of ['wasm', 'cpu'] as const) {
    if (only(`tfjs-${backend}`)) ends.push(await addTfjs(w, data, backend, entries));
  }
  if (only('ort-node')) ends.push(await addOnnx(w, data, 'ort-node', entries));
  if (only('ort-web')) ends.push(await addOnnx(w, data, 'ort-web', entries));
  return {
    entries,
    end: async () => {
      for (const end of ends) await end();
    },
  };
}

function addOurs(
  w: Workload,
  data: Data,
  kind: runtime.EngineKind,
  entries: Entry[],
  only: (name: string) => boolean,
): void {
  if (!only(kind)) return;
  const engine = new runtime.Engine(kind);
  const norm = ours(w, engine);
  const state = norm.state(w.shape);
  const mode = w.norm === 'inference' ? 'infer' : 'train';
  const outside = { data: data.x, shape: w.shape };
  const params = (place: (t: runtime.Tensor) => runtime.Tensor) => {
    const gamma = place({ data: data.gamma, shape: [data.gamma.length] });
    const beta = place({ data: data.beta, shape: [data.beta.length] });
    return w.norm === 'rms' ? { gamma } : { gamma, beta };
  };
  const x = engine.from(outside);
  const dy = engine.from(outside);
  const y = engine.tensor(w.shape);
  const inside = params((t) => engine.from(t));
  const given = params((t) => t);
  // Room for results, before the first view of the memory is handed out.
  engine.scope(() => engine.tensor([2 * x.size]).size);
  const { saved } = norm.forward(x, inside, state, mode);
  const forward = () => {
    norm.forward(x, inside, state, mode);
    return 0;
  };
  const backward = () => {
    norm.backward(dy, saved);
    return 0;
  };
  entries.push({ name: `${kind} resident`, run: () => engine.scope(forward) });
  entries.push(chained(`${kind} chained`, chainOf(w), () => engine.scope(forward)));
  entries.push({ name: `${kind} called`, run: () => norm.forward(outside, given, state, mode) });
  entries.push({ name: `${kind} backward`, run: () => engine.scope(backward) });
  if (kind === 'plain' || !engine.memory || !floorModule) return;
  const floor = new WebAssembly.Instance(floorModule, { env: { memory: engine.memory } }).exports as Record<
    string,
    (...a: number[]) => number
  >;
  const { blocks: count, size } = blocks(w);
  const once = w.norm === 'inference' ? floor.once : floor.floor;
  entries.push({ name: 'floor', run: () => once?.(x.offset, y.offset, count, size) });
  entries.push(chained('floor chained', chainOf(w), () => once?.(x.offset, y.offset, count, size)));
  entries.push({
    name: 'floor backward',
    run: () => floor.floorBackward?.(x.offset, dy.offset, y.offset, count, size),
  });
}

async function addTfjs(w: Workload, data: Data, backend: 'wasm' | 'cpu', entries: Entry[]): Promise<() => void> {
  await tf.setBackend(backend);
  const kept = { x: tf.tensor(data.x, [...w.shape]), gamma: tf.tensor1d(data.gamma), beta: tf.tensor1d(data.beta) };
  const use = () => {
    if (tf.getBackend() !== backend) tf.setBackend(backend);
  };
  const link = () => {
    use();
    const y = tfjs(w, kept.x, kept.gamma, kept.beta);
    // The cpu backend reads lazily; nothing is deferred by wasm.
    if (backend === 'cpu') y.dataSync();
    y.dispose();
  };
  // The cpu backend is so slow that its caches do not matter.
  if (backend === 'cpu') entries.push({ name: 'tfjs-cpu chained', run: link });
  else entries.push(chained('tfjs-wasm chained', chainOf(w), link));
  if (backend === 'wasm') {
    entries.push({
      name: 'tfjs-wasm called',
      run: () => {
        use();
        const x = tf.tensor(data.x, [...w.shape]);
        const y = tfjs(w, x, kept.gamma, kept.beta);
        const values = y.dataSync();
        x.dispose();
        y.dispose();
        return values;
      },
    });
  }
  return () => tf.dispose(Object.values(kept));
}

interface Session {
  run(feeds: Record<string, unknown>): Promise<Record<string, { data: unknown }>>;
  release(): Promise<void>;
}

async function addOnnx(
  w: Workload,
  data: Data,
  name: 'ort-node' | 'ort-web',
  entries: Entry[],
): Promise<() => Promise<void>> {
  const ort = name === 'ort-node' ? ortNode : ortWeb;
  const open = async (depth: number): Promise<Session> => {
    const options =
      name === 'ort-node'
        ? { intraOpNumThreads: 1, interOpNumThreads: 1, graphOptimizationLevel: 'disabled' as const }
        : { executionProviders: ['wasm'], graphOptimizationLevel: 'disabled' as const };
    return (await ort.InferenceSession.create(onnx(w, data.gamma, data.beta, depth), options)) as unknown as Session;
  };
  const times = chainOf(w);
  const [one, chain] = [await open(1), await open(1 + times)];
  const feed = () => ({ x: new ort.Tensor('float32', data.x, [...w.shape]) });
  entries.push({ name: `${name} called`, run: () => one.run(feed()) });
  entries.push({ name: `${name} chained`, run: () => chain.run(feed()), base: () => one.run(feed()), times });
  return async () => {
    await one.release();
    await chain.release();
  };
}
