/** Wraps the real tfjs so that what a program does with it is on record: models, op calls, and where it did them. */
import type { Tensor } from '@tensorflow/tfjs';
import type { Tf } from './loadTfjs';

export type RealShape = readonly (number | null)[];

export interface RealCall {
  /** `moments`: the name as called, as function of tf or as method of a tensor. */
  readonly name: string;
  /** In the program, 1-based. */
  readonly line: number;
  readonly outputs: readonly RealShape[];
}

export interface BuiltModel {
  readonly model: RealModel;
  readonly line: number | undefined;
}

export type RealModel = ReturnType<Tf['model']>;

export interface Recorder {
  /** The line in the program of whoever called the wrapped function, where that is the program itself. */
  callerLine(stack: string | undefined): number | undefined;
  readonly models: BuiltModel[];
  readonly calls: RealCall[];
  /** Where each layer was made, by its name, as far as the program itself made it. */
  readonly layerLines: Map<string, number>;
}

/** Functions of tf that take a program's callbacks: what happens inside is on record, they themselves are not ops. */
const notOps = new Set([
  'tidy',
  'profile',
  'time',
  'grad',
  'grads',
  'valueAndGrad',
  'valueAndGrads',
  'variableGrads',
  'customGrad',
  'dispose',
  'disposeVariables',
  'keep',
  'memory',
  'ready',
  'setBackend',
  'getBackend',
  'engine',
  'env',
  'backend',
  'nextFrame',
  'sequential',
  'model',
  'input',
  'Input',
  'loadLayersModel',
  'loadGraphModel',
  'registerCallbackConstructor',
]);

const tensorMethodsLeftAlone = new Set([
  'constructor',
  'buffer',
  'bufferSync',
  'array',
  'arraySync',
  'data',
  'dataSync',
  'dataToGPU',
  'bytes',
  'dispose',
  'throwIfDisposed',
  'print',
  'toString',
  'isDisposed',
  'rank',
  'kept',
  'assign',
  'rankType',
]);

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** The tf that a program gets: the real one, with models and ops recorded. `restore` undoes what touched shared prototypes. */
export function recording(tf: Tf, recorder: Recorder): { tf: Tf; restore: () => void } {
  const wrapped: Record<string, unknown> = { ...tf };
  for (const [name, value] of Object.entries(tf)) {
    if (typeof value === 'function' && /^[a-z]/.test(name) && !notOps.has(name)) {
      wrapped[name] = recordOp(tf, name, value as AnyFunction, recorder);
    }
  }
  for (const group of ['image', 'linalg', 'losses', 'signal', 'spectral'] as const) {
    wrapped[group] = Object.fromEntries(
      Object.entries(tf[group]).map(([name, value]) => [
        name,
        recordOp(tf, `${group}.${name}`, value as unknown as AnyFunction, recorder),
      ]),
    );
  }
  wrapped.layers = Object.fromEntries(
    Object.entries(tf.layers).map(([name, make]) => [
      name,
      /^[a-z]/.test(name) ? recordLayer(make as unknown as AnyFunction, recorder) : make,
    ]),
  );
  for (const name of ['sequential', 'model'] as const) {
    const build = tf[name] as unknown as (options: unknown) => RealModel;
    wrapped[name] = (options: unknown): RealModel => {
      const line = recorder.callerLine(new Error().stack);
      const model = build(options);
      recorder.models.push({ model, line });
      return model;
    };
  }
  return { tf: wrapped as unknown as Tf, restore: recordMethods(tf, recorder) };
}

function recordLayer(make: AnyFunction, recorder: Recorder): AnyFunction {
  return (...args) => {
    const line = recorder.callerLine(new Error().stack);
    const layer = make(...args) as { readonly name: string };
    if (line !== undefined) recorder.layerLines.set(layer.name, line);
    return layer;
  };
}

function recordOp(tf: Tf, name: string, op: AnyFunction, recorder: Recorder): AnyFunction {
  const recorded = function (this: unknown, ...args: unknown[]): unknown {
    const line = recorder.callerLine(new Error().stack);
    const result = op.apply(this, args);
    if (line !== undefined) {
      const outputs = tensorsOf(tf, result);
      if (outputs.length > 0) recorder.calls.push({ name, line, outputs: outputs.map((t) => t.shape) });
    }
    return result;
  };
  return Object.assign(recorded, op);
}

function recordMethods(tf: Tf, recorder: Recorder): () => void {
  const prototype = tf.Tensor.prototype as unknown as Record<string, unknown>;
  const originals = new Map<string, unknown>();
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const property = Object.getOwnPropertyDescriptor(prototype, name);
    if (typeof property?.value !== 'function' || tensorMethodsLeftAlone.has(name)) continue;
    originals.set(name, property.value);
    prototype[name] = recordOp(tf, name, property.value as AnyFunction, recorder);
  }
  return () => {
    for (const [name, value] of originals) prototype[name] = value;
  };
}

function tensorsOf(tf: Tf, result: unknown): readonly Tensor[] {
  if (result instanceof tf.Tensor) return [result];
  if (Array.isArray(result)) return result.every((r) => r instanceof tf.Tensor) ? (result as Tensor[]) : [];
  if (typeof result === 'object' && result !== null && 'mean' in result && 'variance' in result) {
    return tensorsOf(tf, [result.mean, result.variance]);
  }
  return [];
}
