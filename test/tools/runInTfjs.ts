/**
 * Runs a program's text in the real TensorFlow.js and says what happened: the models it built, the ops it called, and the
 * error it ended in, by source line. The oracle that the analyzer is compared with.
 */
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import vm from 'node:vm';
import { transform } from 'esbuild';
import { freshTfjs, type Tf } from './loadTfjs';
import { type BuiltModel, type RealCall, type RealModel, type RealShape, recording } from './recording';
import { SourceLines } from './sourceLines';

export interface RealLayer {
  readonly name: string;
  readonly className: string;
  /** Several for layers with more than one output. */
  readonly outputShapes: readonly RealShape[];
  readonly params: number;
}

export interface RealModelSummary {
  readonly name: string;
  /** Where `tf.sequential` or `tf.model` was called; undefined where the program was not the caller. */
  readonly line: number | undefined;
  readonly kind: 'sequential' | 'functional';
  readonly built: boolean;
  readonly inputs: readonly RealShape[];
  readonly outputs: readonly RealShape[];
  readonly layers: readonly RealLayer[];
  readonly params: { readonly total: number; readonly trainable: number; readonly nonTrainable: number };
}

export interface RealError {
  readonly message: string;
  /** The innermost line of the program on the stack. */
  readonly line: number | undefined;
  /** All of the program's lines on the stack, innermost first. */
  readonly lines: readonly number[];
  /** Where the layer was made that the message names. */
  readonly layerLine: number | undefined;
}

export interface RealRun {
  readonly models: readonly RealModelSummary[];
  readonly calls: readonly RealCall[];
  readonly error: RealError | undefined;
  readonly exports: Readonly<Record<string, unknown>>;
}

export interface RunOptions {
  /** How the program is named in stacks; its extension decides how it is read. */
  readonly path: string;
  /** Texts of the modules that it imports relatively, by absolute path without extension. */
  readonly modules?: ReadonlyMap<string, { readonly path: string; readonly text: string }>;
  /** Called with the exports once the module has run, while calls are still on record. */
  readonly drive?: (exports: Readonly<Record<string, unknown>>, tf: Tf) => unknown;
}

const nodeRequire = createRequire(import.meta.url);

/** Names of tfjs's packages: all of them mean the one library here. */
const isTfjs = (name: string): boolean => name.startsWith('@tensorflow/tfjs');

const asyncMethods = ['fit', 'fitDataset', 'evaluateDataset', 'trainOnBatch'] as const;

/** Runs the program to its end (its exported promises and `drive` are awaited). Never throws for what the program does. */
export async function runInTfjs(text: string, options: RunOptions): Promise<RealRun> {
  const real = await freshTfjs();
  const lines = new Map<string, SourceLines>();
  const entry = await compile(text, options.path, lines);
  const modules = new Map<string, { path: string; code: string }>();
  for (const [key, module] of options.modules ?? []) {
    modules.set(key, { path: module.path, code: await compile(module.text, module.path, lines) });
  }
  const own = lines.get(options.path) as SourceLines;
  const models: BuiltModel[] = [];
  const calls: RealCall[] = [];
  // Frames: 0 the wrapper, 1 its caller.
  const layerLines = new Map<string, number>();
  const recorder = {
    models,
    calls,
    layerLines,
    callerLine: (stack: string | undefined) => own.frameAt(stack, 1)?.line,
  };
  const recorded = recording(real, recorder);
  const restoreAsync = rememberCallers(real);
  const cache = new Map<string, { exports: Record<string, unknown> }>();
  const load = (path: string, code: string): Record<string, unknown> => {
    const module = { exports: {} as Record<string, unknown> };
    cache.set(path, module);
    const run = vm.runInThisContext(`(function (exports, require, module, console) {${code}\n})`, {
      filename: path,
    }) as (...args: unknown[]) => void;
    const require = (name: string): unknown => {
      if (isTfjs(name)) return recorded.tf;
      if (!name.startsWith('.')) return nodeRequire(name);
      const key = resolve(dirname(path), name).replace(/\.(ts|js|mjs|cjs)$/, '');
      const found = modules.get(key);
      if (found === undefined) throw new Error(`Cannot find module '${name}' from ${path}`);
      return cache.get(found.path)?.exports ?? load(found.path, found.code);
    };
    run(module.exports, require, module, mute);
    return module.exports; // CommonJS code may have replaced the object
  };
  let error: RealError | undefined;
  let exports: Record<string, unknown> = {};
  const { log, warn } = console;
  console.log = () => {}; // summary() prints
  console.warn = () => {};
  const depth = Error.stackTraceLimit;
  Error.stackTraceLimit = 60;
  real.engine().startScope();
  const globals = globalThis as { tf?: unknown };
  globals.tf = recorded.tf; // the global of a script tag
  try {
    exports = load(options.path, entry);
    await Promise.all(Object.values(exports).filter((value) => value instanceof Promise));
    await options.drive?.(exports, recorded.tf);
  } catch (thrown) {
    error = describe(thrown, own, layerLines);
  } finally {
    delete globals.tf;
    Error.stackTraceLimit = depth;
    Object.assign(console, { log, warn });
    recorded.restore();
    restoreAsync();
  }
  const summaries = models.map((built) => summarize(built));
  real.engine().endScope();
  return { models: summaries, calls, error, exports };
}

const mute = Object.fromEntries(
  ['log', 'info', 'warn', 'error', 'debug', 'table', 'time', 'timeEnd'].map((k) => [k, () => {}]),
);

async function compile(text: string, path: string, lines: Map<string, SourceLines>): Promise<string> {
  const result = await transform(text, {
    loader: path.endsWith('ts') ? 'ts' : 'js',
    format: 'cjs',
    target: 'es2022',
    sourcefile: path,
    sourcemap: 'external',
    sourcesContent: false,
    logLevel: 'silent',
  });
  // The wrapper's opening sits on the first line: columns of that line are shifted, lines are not.
  lines.set(path, new SourceLines(path, result.map));
  return result.code;
}

/** tfjs's own async functions lose the caller's frames: keep those of the call. */
function rememberCallers(tf: Tf): () => void {
  const prototype = tf.LayersModel.prototype as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const originals = asyncMethods.map((name) => [name, prototype[name]] as const);
  for (const [name, original] of originals) {
    prototype[name] = async function (this: unknown, ...args: unknown[]) {
      const call = new Error('called here');
      try {
        return await original?.apply(this, args);
      } catch (thrown) {
        if (thrown instanceof Error) thrown.stack = `${thrown.stack}\n${call.stack}`;
        throw thrown;
      }
    };
  }
  return () => {
    for (const [name, original] of originals) if (original !== undefined) prototype[name] = original;
  };
}

function describe(thrown: unknown, lines: SourceLines, layerLines: ReadonlyMap<string, number>): RealError {
  if (!(thrown instanceof Error)) return { message: String(thrown), line: undefined, lines: [], layerLine: undefined };
  const frames = lines.frames(thrown.stack).map((frame) => frame.line);
  const { message } = thrown;
  const named = message.match(/[\w/]+/g)?.find((word) => layerLines.has(word));
  return {
    message,
    line: frames[0],
    lines: frames,
    layerLine: named === undefined ? undefined : layerLines.get(named),
  };
}

function summarize({ model, line }: BuiltModel): RealModelSummary {
  const built = (model.outputs ?? []).length > 0;
  if (built && !model.built) model.countParams(); // a sequential model puts this off until its first use
  const layers = model.layers.map((layer) => ({
    name: layer.name,
    className: layer.getClassName(),
    outputShapes: built ? shapesOf(() => layer.outputShape) : [],
    params: layer.built ? layer.countParams() : 0,
  }));
  const count = (weights: readonly { readonly shape: readonly (number | null)[] }[]): number =>
    weights.reduce((sum, weight) => sum + weight.shape.reduce<number>((size, d) => size * (d ?? 0), 1), 0);
  const trainable = built ? count(model.trainableWeights) : 0;
  const nonTrainable = built ? count(model.nonTrainableWeights) : 0;
  return {
    name: model.name,
    line,
    kind: model.getClassName() === 'Sequential' ? 'sequential' : 'functional',
    built,
    inputs: built ? (model.inputs ?? []).map((t) => t.shape) : [],
    outputs: built ? (model.outputs ?? []).map((t) => t.shape) : [],
    layers,
    params: { total: trainable + nonTrainable, trainable, nonTrainable },
  };
}

/** tfjs throws where a layer is shared and its nodes disagree. */
function shapesOf(read: () => unknown): readonly RealShape[] {
  try {
    const shape = read() as RealShape | RealShape[];
    return Array.isArray(shape[0]) ? (shape as RealShape[]) : [shape as RealShape];
  } catch {
    return [];
  }
}

export type { RealCall, RealModel, RealShape };
