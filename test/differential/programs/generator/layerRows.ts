/** The layers that programs are made of, as often as in real code (shared frequencies: dense 322, conv2d 178, …). */
import type { Random } from './random';
import { type Dims, type Step, size, type Value } from './steps';

interface LayerRow {
  readonly type: string;
  readonly weight: number;
  /** Whether the layer can follow these sizes (without the batch). */
  fits(dims: Dims): boolean;
  draw(random: Random, dims: Dims): { options?: Record<string, Value>; out: Dims; open?: boolean };
}

const activations = ['relu', 'tanh', 'sigmoid', 'elu', 'selu', 'softplus', 'linear'] as const;
const units = [2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32] as const;
const filters = [2, 3, 4, 6, 8, 12, 16] as const;

const vector = (dims: Dims): boolean => dims.length === 1;
const sequence = (dims: Dims): boolean => dims.length === 2;
/** Over one time step, what stands before a recurrent layer cannot be trained (NL221). */
const steps = (dims: Dims): boolean => sequence(dims) && dims[0] !== 1;
const image = (dims: Dims): boolean => dims.length === 3;
const any = (): boolean => true;
const last = (dims: Dims): number => dims[dims.length - 1] ?? 1;
const same = (_: Random, dims: Dims): { out: Dims } => ({ out: dims });

/** Now and then, an option that changes no shape. */
function some(random: Random, options: Record<string, () => Value>, probability = 0.35): Record<string, Value> {
  const chosen = Object.entries(options).filter(() => random.chance(probability));
  return Object.fromEntries(chosen.map(([key, value]) => [key, value()]));
}

function windowed(length: number, window: number, stride: number, padding: string): number {
  return padding === 'same' ? Math.ceil(length / stride) : Math.floor((length - window) / stride) + 1;
}

/** Kernel, strides and padding for spatial dims, and the dims that they leave. */
function slide(
  random: Random,
  dims: Dims,
  kernels: readonly number[],
  listed: boolean,
): { options: Record<string, Value>; out: Dims } {
  const spatial = dims.slice(0, -1);
  const padding = random.pick(['same', 'valid']);
  const fitting = kernels.filter((k) => padding === 'same' || spatial.every((d) => k <= d));
  const kernel = random.pick(fitting);
  const stride = random.pick([1, 1, 2]);
  const options: Record<string, Value> = {
    kernelSize: listed && random.chance(0.25) ? spatial.map(() => kernel) : kernel,
  };
  if (stride !== 1 || random.chance(0.3))
    options.strides = listed && random.chance(0.3) ? spatial.map(() => stride) : stride;
  if (padding === 'same' || random.chance(0.3)) options.padding = padding;
  return { options, out: spatial.map((d) => windowed(d, kernel, stride, padding)) };
}

function convolution(random: Random, dims: Dims): { options: Record<string, Value>; out: Dims } {
  const slid = slide(random, dims, [1, 2, 3, 3, 5], true);
  const count = random.pick(filters);
  return {
    options: {
      filters: count,
      ...slid.options,
      ...some(random, { activation: () => random.pick(activations), useBias: () => random.chance(0.3) }),
    },
    out: [...slid.out, count],
  };
}

function pooling(random: Random, dims: Dims): { options: Record<string, Value>; out: Dims } {
  const spatial = dims.slice(0, -1);
  const poolSize = random.pick(spatial.every((d) => d >= 3) ? [2, 2, 2, 3] : [2]);
  const listed = spatial.length > 1 && random.chance(0.4);
  const options: Record<string, Value> = { poolSize: listed ? spatial.map(() => poolSize) : poolSize };
  let stride = poolSize;
  if (random.chance(0.4)) {
    stride = random.pick([1, 2]);
    options.strides = listed ? spatial.map(() => stride) : stride;
  }
  const padding = random.pick(['valid', 'valid', 'same']);
  if (padding === 'same') options.padding = padding;
  return { options, out: [...spatial.map((d) => windowed(d, poolSize, stride, padding)), last(dims)] };
}

function recurrent(random: Random, dims: Dims): { options: Record<string, Value>; out: Dims } {
  const width = random.int(2, 6);
  const sequences = random.chance(0.5);
  return {
    options: {
      units: width,
      ...(sequences ? { returnSequences: true } : some(random, { returnSequences: () => false }, 0.2)),
    },
    out: sequences ? [dims[0] ?? 1, width] : [width],
  };
}

const poolable = (dims: Dims): boolean => image(dims) && dims.slice(0, -1).every((d) => d >= 2);

export const layerRows: readonly LayerRow[] = [
  {
    type: 'dense',
    weight: 322,
    fits: (dims) => dims.length < 3 || last(dims) < 32,
    draw(random, dims) {
      const width = random.pick(units);
      return {
        options: {
          units: width,
          ...some(random, {
            activation: () => random.pick(activations),
            useBias: () => random.chance(0.5),
            kernelInitializer: () => random.pick(['heNormal', 'glorotUniform', 'zeros', 'randomNormal']),
          }),
        },
        out: [...dims.slice(0, -1), width],
      };
    },
  },
  { type: 'conv2d', weight: 260, fits: image, draw: convolution },
  {
    type: 'batchNormalization',
    weight: 129,
    fits: any,
    draw: (random, dims) => ({
      options: some(random, {
        momentum: () => random.pick([0.9, 0.95, 0.99]),
        epsilon: () => random.pick([1e-3, 1e-5]),
      }),
      out: dims,
    }),
  },
  {
    type: 'dropout',
    weight: 91,
    fits: any,
    draw: (random, dims) => ({ options: { rate: random.pick([0.1, 0.2, 0.25, 0.5]) }, out: dims }),
  },
  {
    type: 'flatten',
    weight: 90,
    fits: (dims) => dims.length > 1 && size(dims) <= 1024,
    draw: (_, dims) => ({ out: [size(dims)] }),
  },
  {
    type: 'activation',
    weight: 62,
    fits: any,
    draw: (random, dims) => ({
      // The softmax of one value is 1, which is a mistake.
      options: { activation: random.pick(['relu', dims.at(-1) === 1 ? 'elu' : 'softmax', 'sigmoid', 'tanh']) },
      out: dims,
    }),
  },
  { type: 'maxPooling2d', weight: 60, fits: poolable, draw: pooling },
  {
    type: 'leakyReLU',
    weight: 38,
    fits: any,
    draw: (random, dims) => ({ options: some(random, { alpha: () => 0.2 }), out: dims }),
  },
  {
    type: 'layerNormalization',
    weight: 32,
    fits: (dims) => last(dims) > 2, // fewer elements are a finding of their own
    draw: (random, dims) => ({ options: some(random, { epsilon: () => 1e-5, axis: () => -1 }), out: dims }),
  },
  { type: 'lstm', weight: 60, fits: steps, draw: recurrent },
  {
    type: 'reLU',
    weight: 20,
    fits: any,
    draw: (random, dims) => ({ options: some(random, { maxValue: () => 6 }), out: dims }),
  },
  { type: 'gru', weight: 30, fits: steps, draw: recurrent },
  { type: 'simpleRNN', weight: 12, fits: steps, draw: recurrent },
  { type: 'averagePooling2d', weight: 16, fits: poolable, draw: pooling },
  { type: 'globalAveragePooling2d', weight: 20, fits: image, draw: (_, dims) => ({ options: {}, out: [last(dims)] }) },
  { type: 'globalMaxPooling2d', weight: 6, fits: image, draw: (_, dims) => ({ options: {}, out: [last(dims)] }) },
  {
    type: 'conv1d',
    weight: 60,
    fits: sequence,
    draw(random, dims) {
      const drawn = slide(
        random,
        dims,
        [1, 2, 3].filter((k) => k <= (dims[0] ?? 1)),
        true,
      );
      const count = random.pick(filters);
      return {
        options: { filters: count, ...drawn.options, ...some(random, { activation: () => 'relu' }) },
        out: [...drawn.out, count],
      };
    },
  },
  { type: 'maxPooling1d', weight: 16, fits: (dims) => sequence(dims) && (dims[0] ?? 0) >= 2, draw: pooling },
  { type: 'globalMaxPooling1d', weight: 10, fits: sequence, draw: (_, dims) => ({ options: {}, out: [last(dims)] }) },
  {
    type: 'globalAveragePooling1d',
    weight: 10,
    fits: sequence,
    draw: (_, dims) => ({ options: {}, out: [last(dims)] }),
  },
  {
    type: 'upSampling2d',
    weight: 12,
    fits: (dims) => image(dims) && (dims[0] ?? 0) <= 8,
    draw: (_, dims) => ({ options: { size: [2, 2] }, out: [(dims[0] ?? 1) * 2, (dims[1] ?? 1) * 2, last(dims)] }),
  },
  {
    type: 'conv2dTranspose',
    weight: 16,
    fits: (dims) => image(dims) && (dims[0] ?? 0) <= 8,
    draw(random, dims) {
      const stride = random.pick([1, 2]);
      const kernelSize = random.pick([2, 3, 4]);
      const padding = random.pick(['same', 'valid']);
      const count = random.pick(filters);
      const grown = (d: number): number =>
        padding === 'same' ? d * stride : d * stride + Math.max(kernelSize - stride, 0);
      return {
        options: { filters: count, kernelSize, strides: stride, padding },
        out: [grown(dims[0] ?? 1), grown(dims[1] ?? 1), count],
      };
    },
  },
  {
    type: 'separableConv2d',
    weight: 10,
    fits: image,
    draw(random, dims) {
      const count = random.pick(filters);
      return {
        options: { filters: count, kernelSize: 3, padding: 'same', ...some(random, { depthMultiplier: () => 2 }) },
        out: [...dims.slice(0, 2), count],
      };
    },
  },
  {
    type: 'depthwiseConv2d',
    weight: 6,
    fits: image,
    draw(random, dims) {
      const depthMultiplier = random.pick([1, 2]);
      return {
        options: { kernelSize: 3, padding: 'same', depthMultiplier },
        out: [...dims.slice(0, 2), last(dims) * depthMultiplier],
      };
    },
  },
  {
    type: 'zeroPadding2d',
    weight: 6,
    fits: image,
    draw(random, dims) {
      const padding = random.int(1, 2);
      return { options: { padding }, out: [(dims[0] ?? 1) + 2 * padding, (dims[1] ?? 1) + 2 * padding, last(dims)] };
    },
  },
  {
    type: 'reshape',
    weight: 30,
    fits: (dims) => size(dims) % 2 === 0 && size(dims) <= 512,
    draw(random, dims) {
      const total = size(dims);
      const choices: Dims[] = [[total / 2, 2], [2, total / 2], [total]];
      if (total % 8 === 0) choices.push([2, 4, total / 8], [2, 2, total / 4]);
      const out = random.pick(choices);
      const at = random.int(0, out.length - 1);
      const open = random.chance(0.2);
      return { options: { targetShape: open ? out.map((d, i) => (i === at ? -1 : d)) : out }, out, open };
    },
  },
  {
    type: 'permute',
    weight: 6,
    fits: (dims) => dims.length > 1,
    draw(_, dims) {
      const order = dims.map((__, i) => dims.length - i);
      return { options: { dims: order }, out: order.map((i) => dims[i - 1] ?? 1) };
    },
  },
  {
    type: 'repeatVector',
    weight: 30,
    fits: vector,
    draw(random, dims) {
      const n = random.int(2, 5);
      return { options: { n }, out: [n, last(dims)] };
    },
  },
  {
    type: 'bidirectional',
    weight: 10,
    fits: steps,
    draw(random, dims) {
      const inner = recurrent(random, dims);
      const mergeMode = random.pick(['concat', 'sum', 'ave']);
      const out = mergeMode === 'concat' ? [...inner.out.slice(0, -1), last(inner.out) * 2] : inner.out;
      return { options: { layer: { layer: { type: random.pick(['lstm', 'gru']), ...inner } }, mergeMode }, out };
    },
  },
  {
    type: 'timeDistributed',
    weight: 10,
    fits: steps,
    draw(random, dims) {
      const width = random.pick(units);
      return {
        options: { layer: { layer: { type: 'dense', options: { units: width }, out: [width] } } },
        out: [dims[0] ?? 1, width],
      };
    },
  },
  { type: 'gaussianNoise', weight: 4, fits: any, draw: (_, dims) => ({ options: { stddev: 0.1 }, out: dims }) },
  { type: 'softmax', weight: 4, fits: vector, draw: same }, // its axis is 1 by default, not the last
  { type: 'elu', weight: 4, fits: any, draw: same },
  { type: 'prelu', weight: 4, fits: any, draw: same },
];

/** A layer that tfjs accepts after these sizes. */
export function drawStep(random: Random, dims: Dims, only?: (type: string) => boolean): Step {
  const step = draw(random, dims, only);
  return step.open === true ? drawStep(random, dims, only) : step;
}

function draw(random: Random, dims: Dims, only?: (type: string) => boolean): Step {
  const rows = layerRows.filter((row) => row.fits(dims) && (only === undefined || only(row.type)));
  const row = random.weighted(rows);
  const { options = {}, out, open = false } = row.draw(random, dims);
  return { type: row.type, options, out, open };
}

/** Layers that follow each other, starting at these sizes; `ends` where nothing will follow them. */
export function drawSteps(random: Random, dims: Dims, count: number, ends = false): readonly Step[] {
  const steps: Step[] = [];
  for (let i = 0; i < count; i += 1) {
    const step = ends && i === count - 1 ? draw(random, dims) : drawStep(random, dims);
    steps.push(step);
    dims = step.out;
    if (size(dims) > 4096) break;
  }
  return steps;
}

/** Input sizes of a kind that real programs have: features, a sequence, an image. */
export function drawInput(random: Random): Dims {
  switch (random.int(0, 3)) {
    case 0:
      return [random.pick([2, 4, 7, 10, 13, 16])];
    case 1:
      return [random.int(4, 10), random.pick([1, 3, 4, 6])];
    default: {
      const side = random.pick([8, 10, 12, 14, 16]);
      return [side, random.chance(0.8) ? side : side - 2, random.pick([1, 3, 4])];
    }
  }
}
