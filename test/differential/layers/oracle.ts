import * as tf from '@tensorflow/tfjs';

/** What a draw is: a layer's options in plain data, and the shapes that it meets. */
export interface Draw {
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputs: readonly InputShape[];
}

export type InputShape = readonly (number | null)[];

/** A layer as the value of an option: the inner layer of a wrapper, a cell. */
export class Inner {
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;

  constructor(type: string, options: Readonly<Record<string, unknown>>) {
    this.type = type;
    this.options = options;
  }
}

export interface RealWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly trainable: boolean;
}

/** How far tfjs got, and with what. */
export interface Outcome {
  readonly error: { readonly when: 'construct' | 'call'; readonly message: string } | undefined;
  /** One shape an output; NaN and negative sizes as tfjs gives them. */
  readonly outputs: readonly InputShape[];
  readonly list: boolean;
  readonly weights: readonly RealWeight[];
  readonly params: number;
}

type Factory = (options: unknown) => tf.layers.Layer;

const factories = tf.layers as unknown as Readonly<Record<string, Factory>>;

/** The real layer; a fresh copy of the options each time, since tfjs writes into them. */
export function realLayer(type: string, options: Readonly<Record<string, unknown>>): tf.layers.Layer {
  const factory = factories[type];
  if (factory === undefined) throw new RangeError(`tf.layers has no ${type}`);
  const layer = factory(real(options));
  // Orthogonal and normal kernels take long to make, and no shape depends on them.
  layer.setFastWeightInitDuringBuild?.(true);
  return layer;
}

function real(value: unknown): unknown {
  if (value instanceof Inner) return realLayer(value.type, value.options);
  if (Array.isArray(value)) return value.map(real);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, real(v)]));
}

const failed = (when: 'construct' | 'call', error: unknown): Outcome => ({
  error: { when, message: error instanceof Error ? error.message : String(error) },
  outputs: [],
  list: false,
  weights: [],
  params: 0,
});

interface Layerish {
  readonly shape: InputShape;
}

/** Applies the layer to Keras inputs of these shapes, and then, where `later` is given, to others. */
export function symbolic(type: string, { options, inputs }: Draw, later?: readonly InputShape[]): Outcome {
  let layer: tf.layers.Layer;
  try {
    layer = realLayer(type, options);
  } catch (error) {
    return failed('construct', error);
  }
  try {
    return outcome(layer, () => {
      const first = layer.apply(symbols(inputs));
      return later === undefined ? first : layer.apply(symbols(later));
    });
  } finally {
    disposeWeights(layer);
  }
}

function symbols(inputs: readonly InputShape[]): tf.SymbolicTensor | tf.SymbolicTensor[] {
  const list = inputs.map((batchShape) => tf.input({ batchShape: [...batchShape] }));
  return list.length === 1 && list[0] !== undefined ? list[0] : list;
}

/** Applies the layer to zeros. */
export function eager(type: string, { options, inputs }: Draw): Outcome {
  let layer: tf.layers.Layer;
  try {
    layer = realLayer(type, options);
  } catch (error) {
    return failed('construct', error);
  }
  try {
    return tidily(() => outcome(layer, () => layer.apply(zeros(inputs))));
  } finally {
    disposeWeights(layer);
  }
}

/** What a layer throws that was built for the draw and then meets real tensors of other shapes. */
export function laterError(type: string, { options, inputs }: Draw, later: readonly InputShape[]): string | undefined {
  const layer = realLayer(type, options);
  try {
    layer.apply(symbols(inputs));
    return tidily(() => outcome(layer, () => layer.apply(zeros(later))).error?.message);
  } finally {
    disposeWeights(layer);
  }
}

function zeros(inputs: readonly InputShape[]): tf.Tensor | tf.Tensor[] {
  const list = inputs.map((s) => tf.zeros(s as number[]));
  return list.length === 1 && list[0] !== undefined ? list[0] : list;
}

/** `tf.tidy` for results that are no tensors. */
function tidily<T>(of: () => T): T {
  tf.engine().startScope();
  try {
    return of();
  } finally {
    tf.engine().endScope();
  }
}

/** Whether a gradient through the layer in training mode throws, and what. */
export function trainingError(type: string, { options, inputs }: Draw): string | undefined {
  const layer = realLayer(type, options);
  try {
    return tidily(() => {
      const x = tf.randomNormal(inputs[0] as number[]);
      layer.apply(x);
      tf.variableGrads(() => tf.sum(tf.square(layer.apply(x, { training: true }) as tf.Tensor)) as tf.Scalar);
      return undefined;
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    disposeWeights(layer);
  }
}

function outcome(layer: tf.layers.Layer, apply: () => unknown): Outcome {
  let result: unknown;
  try {
    result = apply();
  } catch (error) {
    return failed('call', error);
  }
  const outputs = Array.isArray(result) ? (result as readonly Layerish[]) : [result as Layerish];
  const trainable = new Set(layer.trainableWeights.map((w) => w.id));
  return {
    error: undefined,
    // `undefined` (randomWidth) prints as null.
    outputs: outputs.map((t) => Array.from(t.shape, (d) => d ?? null)),
    list: Array.isArray(result),
    weights: layer.weights.map((w) => ({
      name: w.originalName.split('/').at(-1) ?? '',
      shape: w.shape as number[],
      trainable: trainable.has(w.id),
    })),
    params: layer.built ? layer.countParams() : 0,
  };
}

function disposeWeights(layer: tf.layers.Layer): void {
  for (const weight of layer.weights ?? []) {
    try {
      weight.dispose();
    } catch {
      // Shared by two wrappers of one layer: disposed already.
    }
  }
}
