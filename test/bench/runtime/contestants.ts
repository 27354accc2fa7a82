// Everyone who normalises, each on one thread: as called (typed arrays in and out), called into an array of the caller's (where
// that is possible: tfjs and onnxruntime-web give new arrays) and resident (several in a row with the tensors inside, as in one
// graph; what one of them takes).
import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as ortNode from 'onnxruntime-node';
import * as ortWeb from 'onnxruntime-web';
import * as runtime from '../../../runtime/index';
import type { Entry } from './measure';
import { blocks, onnx, ours, tfjs, type Workload } from './workloads';

/** Links of a chain beyond the first; inference is so quick that fewer would drown in the noise of copying its input. */
const chainOf = ({ norm }: Workload): number => (norm === 'inference' ? 24 : 4);

const called = (name: string, run: () => unknown): Entry => ({ name, run, how: { kind: 'alone' } });
const resident = (name: string, run: () => unknown): Entry => ({ name, run, how: { kind: 'repeated' } });

let floorModule: WebAssembly.Module | undefined;

export async function prepare(): Promise<void> {
  const { compile } = createRequire(`${process.cwd()}/package.json`)('./runtime/kernels/build.js');
  floorModule = new WebAssembly.Module(await compile(path.resolve('runtime/kernels/assembly'), 'floor.ts'));
  setWasmPaths(`${process.cwd()}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);
  setThreadsCount(1);
  ortWeb.env.wasm.numThreads = 1;
  ortWeb.env.logLevel = 'error';
}

export interface Data {
  /** What is normalised: everyone gets the first, ours also the others. */
  readonly inputs: readonly { readonly mean: number; readonly x: Float32Array }[];
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
}

const firstOf = ({ inputs }: Data): Float32Array => inputs[0]?.x ?? new Float32Array();

/** Our engines by name: what a user gets, SIMD without relaxed multiply-adds, and plain TypeScript. */
const ownKinds = (): Record<string, runtime.EngineKind> => ({
  ours: runtime.engine().kind,
  simd: 'simd',
  plain: 'plain',
});

/** The entries of one workload, and what ends them. */
export async function enter(
  w: Workload,
  data: Data,
  only: (name: string) => boolean,
): Promise<{ entries: Entry[]; end: () => Promise<void> }> {
  const entries: Entry[] = [];
  const ends: (() => Promise<void> | void)[] = [];
  for (const [name, kind] of Object.entries(ownKinds())) {
    if (only(name)) addOurs(w, data, name, kind, entries);
  }
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

function addOurs(w: Workload, data: Data, name: string, kind: runtime.EngineKind, entries: Entry[]): void {
  const engine = new runtime.Engine(kind);
  const norm = ours(w, engine);
  const state = norm.state(w.shape);
  const mode = w.norm === 'inference' ? 'infer' : 'train';
  const params = (place: (t: runtime.Tensor) => runtime.Tensor) => {
    const gamma = place({ data: data.gamma, shape: [data.gamma.length] });
    const beta = place({ data: data.beta, shape: [data.beta.length] });
    return w.norm === 'rms' ? { gamma } : { gamma, beta };
  };
  const inside = params((t) => engine.from(t));
  const given = params((t) => t);
  const outside = { data: firstOf(data), shape: w.shape };
  const dy = engine.from(outside);
  const x = engine.from(outside);
  const saved = norm.forward(x, inside, state, mode).saved as runtime.RowsSaved;
  // Room for all that comes, so that the memory does not grow, and move, in between.
  engine.scope(() => engine.tensor([3 * dy.size]).size);
  const forward = () => {
    norm.forward(x, inside, state, mode);
    return 0;
  };
  const backward = () => {
    norm.backward(dy, saved);
    return 0;
  };
  for (const [i, { mean, x: values }] of data.inputs.entries()) {
    // Another mean matters to the kernels that see to rounding, which plain TypeScript's are not measured for.
    if (i > 0 && kind === 'plain') continue;
    const suffix = i > 0 ? ` ${mean.toExponential().replace('+', '')}` : '';
    x.data.set(values);
    const [means, rstds] = engine.scope(() => {
      const { mean, rstd } = norm.forward(x, inside, state, mode).saved as runtime.RowsSaved;
      return [mean.data.slice(), rstd.data.slice()];
    });
    // All means at one place of the memory: from another, the same work may take another time.
    const before = () => {
      x.data.set(values);
      saved.mean.data.set(means);
      saved.rstd.data.set(rstds);
    };
    entries.push({ ...resident(`${name} resident${suffix}`, () => engine.scope(forward)), before });
    entries.push({ ...resident(`${name} backward${suffix}`, () => engine.scope(backward)), before });
  }
  const out = { data: new Float32Array(dy.size), shape: w.shape };
  entries.push(called(`${name} called`, () => norm.forward(outside, given, state, mode)));
  entries.push(called(`${name} called into`, () => norm.forward(outside, given, state, mode, { out })));
  // The floor writes where a norm does: to what the arena gives next.
  if (name === 'ours') addFloor(w, engine, [x.offset, dy.offset, engine.top], entries);
}

function addFloor(
  w: Workload,
  engine: runtime.Engine,
  [x, dy, y]: readonly [number, number, number],
  entries: Entry[],
) {
  if (!engine.memory || !floorModule) return;
  const floor = new WebAssembly.Instance(floorModule, { env: { memory: engine.memory } }).exports as Record<
    string,
    (...a: number[]) => number
  >;
  const { blocks: count, size } = blocks(w);
  const [forward, backward] =
    w.norm === 'inference' ? [floor.once, floor.onceBackward] : [floor.floor, floor.floorBackward];
  entries.push(resident('floor', () => forward?.(x, y, count, size)));
  entries.push(resident('floor backward', () => backward?.(x, dy, y, count, size)));
}

async function addTfjs(w: Workload, data: Data, backend: 'wasm' | 'cpu', entries: Entry[]): Promise<() => void> {
  await tf.setBackend(backend);
  const values = firstOf(data);
  const kept = { x: tf.tensor(values, [...w.shape]), gamma: tf.tensor1d(data.gamma), beta: tf.tensor1d(data.beta) };
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
  entries.push(resident(`tfjs-${backend} resident`, link));
  if (backend === 'wasm') {
    entries.push(
      called('tfjs-wasm called', () => {
        use();
        const x = tf.tensor(values, [...w.shape]);
        const y = tfjs(w, x, kept.gamma, kept.beta);
        const result = y.dataSync();
        x.dispose();
        y.dispose();
        return result;
      }),
    );
  }
  return () => tf.dispose(Object.values(kept));
}

interface Session {
  readonly outputNames: readonly string[];
  run(feeds: Record<string, unknown>, fetches?: Record<string, unknown>): Promise<Record<string, { data: unknown }>>;
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
  const links = chainOf(w);
  const [one, chain] = [await open(1), await open(1 + links)];
  const feed = () => ({ x: new ort.Tensor('float32', firstOf(data), [...w.shape]) });
  const single = () => one.run(feed());
  entries.push(called(`${name} called`, single));
  if (name === 'ort-node') {
    // onnxruntime-web takes such a tensor too, and gives it back as it was.
    const y = new ort.Tensor('float32', new Float32Array(firstOf(data).length), [...w.shape]);
    entries.push(called(`${name} called into`, () => one.run(feed(), { [one.outputNames[0] ?? '']: y })));
  }
  entries.push({ name: `${name} resident`, run: () => chain.run(feed()), how: { kind: 'chain', links, single } });
  return async () => {
    await one.release();
    await chain.release();
  };
}
