// Every normalization as a row: how the runtime makes it, which inputs it has, and its formula in float64.
import * as runtime from '../../../../runtime/index';
import * as formulas from '../../../../runtime/reference/formulas';
import { type Value, value } from '../../../../runtime/reference/tape';
import { random, sample, uniform } from './data';

export interface Context {
  readonly shape: readonly number[];
  readonly layout: runtime.Layout;
  readonly mode: runtime.Mode;
  /** The running state before the call. */
  readonly state: Readonly<Record<string, Float32Array>> | null;
  /** What the runtime remembered; only for constants of the backward pass. */
  readonly saved: runtime.Saved;
  readonly seed: number;
}

export interface Case {
  readonly name: string;
  readonly modes: readonly runtime.Mode[];
  readonly layouts: readonly runtime.Layout[];
  readonly ranks: readonly number[];
  /** A shape that the norm takes, from a random one. */
  readonly fit?: (shape: readonly number[], layout: runtime.Layout) => readonly number[];
  readonly make: (
    options: { layout: runtime.Layout; engine: runtime.Engine },
    shape: readonly number[],
    seed: number,
  ) => runtime.Norm;
  /** Inputs beside x that take gradients. */
  readonly params: (shape: readonly number[], layout: runtime.Layout, seed: number) => Record<string, runtime.Tensor>;
  /** Inputs that take none. */
  readonly constants?: readonly string[];
  readonly formula: (v: Readonly<Record<string, Value>>, context: Context) => Value;
}

const both: readonly runtime.Layout[] = ['channelsLast', 'channelsFirst'];
const axis = (layout: runtime.Layout): formulas.ChannelAxis => (layout === 'channelsLast' ? 'last' : 'first');
const channelsIn = (shape: readonly number[], layout: runtime.Layout): number =>
  (layout === 'channelsLast' ? shape.at(-1) : shape[1]) ?? 1;

function need(v: Readonly<Record<string, Value>>, name: string): Value {
  const found = v[name];
  if (!found) throw new Error(`no ${name}`);
  return found;
}
const affine = (v: Readonly<Record<string, Value>>) => ({ gamma: need(v, 'gamma'), beta: need(v, 'beta') });
const row = (v: Float32Array | undefined): Value => value(v ?? [], [v?.length ?? 0]);
const running = (c: Context) => ({ mean: row(c.state?.mean), variance: row(c.state?.variance) });

const gammaBeta = (dims: readonly number[], seed: number) => ({
  gamma: uniform(dims, 0.5, 1.5, seed + 1),
  beta: uniform(dims, -1, 1, seed + 2),
});
const perChannel = (shape: readonly number[], layout: runtime.Layout, seed: number) =>
  gammaBeta([channelsIn(shape, layout)], seed);

/** Any spatial dims: the style is one position wider than the content. */
function styleFor(shape: readonly number[], layout: runtime.Layout, samples: number, seed: number): runtime.Tensor {
  const widened = layout === 'channelsLast' ? 1 : 2;
  const dims = shape.map((dim, i) => (i === 0 ? samples : i === widened && shape.length > 2 ? dim + 1 : dim));
  return sample(dims, 'ordinary', seed + 4);
}

/** The divisor of n that a seed picks. */
export function divisor(n: number, seed: number): number {
  const all = Array.from({ length: n }, (_, i) => i + 1).filter((d) => n % d === 0);
  return all[Math.floor(random(seed + 77)() * all.length)] ?? 1;
}

/** The axes that a seed picks. */
function axesOf(shape: readonly number[], seed: number): number[] {
  const next = random(seed + 99);
  if (next() < 0.5) return [shape.length - 1];
  const chosen = shape.map((_, i) => i).filter(() => next() < 0.5);
  return chosen.length > 0 ? chosen : [shape.length - 1];
}

const ranks = [2, 3, 4, 5];
const train: readonly runtime.Mode[] = ['train'];
const trainAndInfer: readonly runtime.Mode[] = ['train', 'infer'];
const common = { modes: train, layouts: both, ranks };
const batchLike = { modes: trainAndInfer, layouts: both, ranks, params: perChannel };
const weights = { modes: train, layouts: both, ranks };
const unitsAt = (layout: runtime.Layout): runtime.UnitAxis => (layout === 'channelsLast' ? 'last' : 'first');
const unitsIn = (shape: readonly number[], layout: runtime.Layout): number =>
  (layout === 'channelsLast' ? shape.at(-1) : shape[0]) ?? 1;

const KERAS_EPSILON = 1e-3;
const inference = (v: Readonly<Record<string, Value>>, c: Context, epsilon: number) =>
  formulas.batchInference(need(v, 'x'), affine(v), running(c), axis(c.layout), epsilon);

export const cases: readonly Case[] = [
  {
    ...batchLike,
    name: 'batchNorm',
    make: (o) => runtime.batchNorm(o),
    formula: (v, c) =>
      c.mode === 'infer'
        ? inference(v, c, KERAS_EPSILON)
        : formulas.batch(need(v, 'x'), affine(v), axis(c.layout), KERAS_EPSILON),
  },
  {
    ...batchLike,
    name: 'ghostBatchNorm',
    make: (o, shape, seed) => runtime.ghostBatchNorm({ ...o, size: divisor(shape[0] ?? 1, seed) }),
    formula: (v, c) =>
      c.mode === 'infer'
        ? inference(v, c, KERAS_EPSILON)
        : formulas.ghostBatch(need(v, 'x'), affine(v), divisor(c.shape[0] ?? 1, c.seed), axis(c.layout), KERAS_EPSILON),
  },
  {
    ...batchLike,
    name: 'syncBatchNorm',
    make: (o, shape, seed) => {
      const n = shape[0] ?? 1;
      const first = 1 + Math.floor(random(seed + 5)() * n);
      return runtime.syncBatchNorm({ ...o, replicas: first === n ? [n] : [first, n - first] });
    },
    formula: (v, c) =>
      c.mode === 'infer'
        ? inference(v, c, KERAS_EPSILON)
        : formulas.batch(need(v, 'x'), affine(v), axis(c.layout), KERAS_EPSILON),
  },
  {
    ...batchLike,
    name: 'batchRenorm',
    make: (o) => runtime.batchRenorm(o),
    formula: (v, c) => {
      const deviation = c.state?.deviation ?? new Float32Array();
      const mean = c.state?.mean ?? new Float32Array();
      if (c.mode === 'infer') {
        const fixed = { mean: row(mean), variance: row(deviation) };
        for (let i = 0; i < deviation.length; i++) fixed.variance.data[i] = (deviation[i] as number) ** 2;
        return formulas.batchInference(need(v, 'x'), affine(v), fixed, axis(c.layout), 0);
      }
      const limits = { rMax: 3, dMax: 5 };
      return formulas.batchRenorm(need(v, 'x'), affine(v), { mean, deviation }, limits, axis(c.layout), KERAS_EPSILON);
    },
  },
  {
    ...batchLike,
    name: 'conditionalBatchNorm',
    make: (o) => runtime.conditionalBatchNorm({ ...o, conditions: 3 }),
    params: (shape, layout, seed) => ({
      ...gammaBeta([3, channelsIn(shape, layout)], seed),
      labels: { data: uniform([shape[0] ?? 1], 0, 3, seed + 3).data.map(Math.floor), shape: [shape[0] ?? 1] },
    }),
    constants: ['labels'],
    formula: (v, c) => {
      const labels = need(v, 'labels').data;
      if (c.mode === 'train')
        return formulas.conditionalBatch(need(v, 'x'), affine(v), labels, axis(c.layout), KERAS_EPSILON);
      // By given statistics, sample by sample: the plain formula with each sample's own γ and β.
      const hat = formulas.batchInference(
        need(v, 'x'),
        {
          gamma: value(Array(channelsIn(c.shape, c.layout)).fill(1), [channelsIn(c.shape, c.layout)]),
          beta: value(Array(channelsIn(c.shape, c.layout)).fill(0), [channelsIn(c.shape, c.layout)]),
        },
        running(c),
        axis(c.layout),
        KERAS_EPSILON,
      );
      return formulas.byCondition(hat, affine(v), labels, axis(c.layout));
    },
  },
  {
    ...common,
    name: 'instanceNorm',
    make: (o) => runtime.instanceNorm(o),
    params: perChannel,
    formula: (v, c) => formulas.instance(need(v, 'x'), affine(v), axis(c.layout), 1e-5),
  },
  {
    ...common,
    name: 'groupNorm',
    make: (o, shape, seed) => runtime.groupNorm({ ...o, groups: divisor(channelsIn(shape, o.layout), seed) }),
    params: perChannel,
    formula: (v, c) =>
      formulas.group(need(v, 'x'), affine(v), divisor(channelsIn(c.shape, c.layout), c.seed), axis(c.layout), 1e-5),
  },
  {
    ...common,
    name: 'layerNorm',
    ranks: [1, 2, 3, 4, 5],
    layouts: ['channelsLast'],
    make: ({ engine }, shape, seed) => runtime.layerNorm({ engine, axis: axesOf(shape, seed) }),
    params: (shape, _, seed) =>
      gammaBeta(
        axesOf(shape, seed).map((a) => shape[a] ?? 1),
        seed,
      ),
    formula: (v, c) => formulas.layer(need(v, 'x'), affine(v), axesOf(c.shape, c.seed), 1e-3),
  },
  {
    ...common,
    name: 'rmsNorm',
    ranks: [1, 2, 3, 4, 5],
    layouts: ['channelsLast'],
    make: ({ engine }, shape, seed) => runtime.rmsNorm({ engine, axis: axesOf(shape, seed) }),
    params: (shape, _, seed) => ({
      gamma: uniform(
        axesOf(shape, seed).map((a) => shape[a] ?? 1),
        0.5,
        1.5,
        seed,
      ),
    }),
    formula: (v, c) => formulas.rms(need(v, 'x'), { gamma: need(v, 'gamma') }, axesOf(c.shape, c.seed), 1e-6),
  },
  {
    ...common,
    name: 'pixelNorm',
    make: (o) => runtime.pixelNorm(o),
    params: () => ({}),
    formula: (v, c) => formulas.pixel(need(v, 'x'), axis(c.layout), 1e-8),
  },
  {
    ...common,
    name: 'adaptiveInstanceNorm',
    make: (o) => runtime.adaptiveInstanceNorm(o),
    params: (shape, layout, seed) => ({ style: styleFor(shape, layout, shape[0] ?? 1, seed) }),
    formula: (v, c) => formulas.adaptiveInstance(need(v, 'x'), need(v, 'style'), axis(c.layout), 1e-5),
  },
  {
    ...common,
    name: 'adaptiveInstanceNorm, one style for all samples',
    make: (o) => runtime.adaptiveInstanceNorm(o),
    params: (shape, layout, seed) => ({ style: styleFor(shape, layout, 1, seed) }),
    formula: (v, c) => formulas.adaptiveInstance(need(v, 'x'), need(v, 'style'), axis(c.layout), 1e-5),
  },
  ...(['[N, C]', '[1, C]', '[C]'] as const).map(
    (form): Case => ({
      ...common,
      name: `adaptiveInstanceNorm by a scale and shift ${form}`,
      make: (o) => runtime.adaptiveInstanceNorm(o),
      params: (shape, layout, seed) => {
        const c = channelsIn(shape, layout);
        const dims = { '[N, C]': [shape[0] ?? 1, c], '[1, C]': [1, c], '[C]': [c] }[form];
        return { scale: uniform(dims, 0.5, 1.5, seed + 1), shift: uniform(dims, -1, 1, seed + 2) };
      },
      formula: (v, c) => formulas.styled(need(v, 'x'), need(v, 'scale'), need(v, 'shift'), axis(c.layout), 1e-5),
    }),
  ),
  {
    ...common,
    name: 'filterResponseNorm',
    make: (o) => runtime.filterResponseNorm(o),
    params: (shape, layout, seed) => ({
      ...perChannel(shape, layout, seed),
      tau: uniform([channelsIn(shape, layout)], -1, 0.5, seed + 6),
    }),
    formula: (v, c) =>
      formulas.filterResponse(need(v, 'x'), { ...affine(v), tau: need(v, 'tau') }, axis(c.layout), 1e-6),
  },
  {
    ...common,
    name: 'localResponseNorm',
    make: (o) => runtime.localResponseNorm({ ...o, size: 3, alpha: 0.1 }),
    params: () => ({}),
    formula: (v, c) =>
      formulas.localResponse(need(v, 'x'), { size: 3, alpha: 0.1, beta: 0.75, bias: 2 }, axis(c.layout)),
  },
  {
    ...batchLike,
    name: 'switchableNorm',
    make: (o) => runtime.switchableNorm(o),
    params: (shape, layout, seed) => ({
      ...perChannel(shape, layout, seed),
      meanWeights: uniform([3], -1, 1, seed + 7),
      varianceWeights: uniform([3], -1, 1, seed + 8),
    }),
    formula: (v, c) => {
      const p = { ...affine(v), meanWeights: need(v, 'meanWeights'), varianceWeights: need(v, 'varianceWeights') };
      return formulas.switchable(need(v, 'x'), p, axis(c.layout), 1e-5, c.mode === 'infer' ? running(c) : undefined);
    },
  },
  {
    ...weights,
    name: 'weightNorm',
    make: ({ layout, engine }) => runtime.weightNorm({ units: unitsAt(layout), engine }),
    params: (shape, layout, seed) => ({ g: uniform([unitsIn(shape, layout)], 0.5, 1.5, seed) }),
    formula: (v, c) => formulas.weight(need(v, 'x'), need(v, 'g'), unitsAt(c.layout)),
  },
  {
    ...weights,
    name: 'weightStandardization',
    make: ({ layout, engine }) => runtime.weightStandardization({ units: unitsAt(layout), engine }),
    params: (shape, layout, seed) => ({ gain: uniform([unitsIn(shape, layout)], 0.5, 1.5, seed) }),
    formula: (v, c) => formulas.weightStandardization(need(v, 'x'), need(v, 'gain'), unitsAt(c.layout), 1e-5),
  },
  {
    ...weights,
    name: 'spectralNorm',
    modes: trainAndInfer,
    make: ({ layout, engine }) => runtime.spectralNorm({ units: unitsAt(layout), engine }),
    params: () => ({}),
    formula: (v, c) => {
      const { u, v: right } = c.saved as unknown as { u: Float64Array; v: Float64Array };
      return formulas.spectral(need(v, 'x'), u, right, unitsAt(c.layout));
    },
  },
  {
    ...common,
    name: 'dynamicTanh',
    ranks: [1, 2, 3, 4, 5],
    layouts: ['channelsLast'],
    make: ({ engine }) => runtime.dynamicTanh({ engine }),
    params: (shape, layout, seed) => ({ ...perChannel(shape, layout, seed), alpha: uniform([1], 0.2, 0.8, seed) }),
    formula: (v) => formulas.dynamicTanh(need(v, 'x'), { ...affine(v), alpha: need(v, 'alpha') }),
  },
];

/** Running statistics such as training would leave: for data around `mean` with deviation 1. */
export function settle(state: runtime.State | null, mean: number, seed: number): void {
  const next = random(seed + 55);
  for (const [name, values] of Object.entries(state ?? {})) {
    if (name === 'mean')
      values.forEach((_, i) => {
        values[i] = mean + next() - 0.5;
      });
    if (name === 'variance' || name === 'deviation')
      values.forEach((_, i) => {
        values[i] = 0.5 + next();
      });
  }
}
