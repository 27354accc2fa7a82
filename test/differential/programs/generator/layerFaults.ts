/** Layers that tfjs refuses after given sizes: the mistakes that people make. */
import type { Random } from './random';
import { type Dims, type Step, size, type Value } from './steps';

interface FaultRow {
  readonly weight: number;
  fits(dims: Dims): boolean;
  draw(random: Random, dims: Dims): { type: string; options: Record<string, Value>; lazy?: boolean };
}

const rows: readonly FaultRow[] = [
  // a layer of another rank: the forgotten flatten, reshape or returnSequences
  {
    weight: 6,
    fits: (d) => d.length !== 3,
    draw: (r) => ({ type: 'conv2d', options: { filters: r.pick([4, 8]), kernelSize: 3, padding: 'same' } }),
  },
  {
    weight: 4,
    fits: (d) => d.length !== 3,
    draw: (r) => ({ type: r.pick(['maxPooling2d', 'averagePooling2d']), options: { poolSize: 2 } }),
  },
  {
    weight: 5,
    fits: (d) => d.length !== 2,
    draw: (r) => ({ type: r.pick(['lstm', 'gru', 'simpleRNN']), options: { units: r.int(2, 5) } }),
  },
  {
    weight: 3,
    fits: (d) => d.length !== 2,
    draw: (r) => ({ type: 'conv1d', options: { filters: r.pick([4, 8]), kernelSize: 2 } }),
  },
  {
    weight: 3,
    fits: (d) => d.length !== 3,
    draw: () => ({ type: 'globalAveragePooling2d', options: { dataFormat: 'channelsLast' } }),
  },
  { weight: 2, fits: (d) => d.length !== 1, draw: (r) => ({ type: 'repeatVector', options: { n: r.int(2, 4) } }) },
  { weight: 2, fits: (d) => d.length === 1, draw: () => ({ type: 'flatten', options: {} }) },
  // sizes that do not fit
  {
    weight: 8,
    fits: () => true,
    draw: (r, d) => ({
      type: 'reshape',
      options: { targetShape: r.pick([[size(d) + 1], [2, size(d)], [size(d), 3]]) },
      lazy: true,
    }),
  },
  {
    weight: 3,
    fits: () => true,
    draw: (r, d) => ({ type: 'permute', options: { dims: r.pick([[d.length + 1], d.map((_, i) => i)]) } }),
  },
  // axes
  { weight: 1, fits: (d) => d.length > 1, draw: () => ({ type: 'softmax', options: {}, lazy: true }) },
  {
    weight: 3,
    fits: () => true,
    draw: (r, d) => ({ type: 'batchNormalization', options: { axis: d.length + 1 + r.int(0, 1) } }),
  },
  {
    weight: 3,
    fits: () => true,
    draw: (r, d) => ({ type: 'layerNormalization', options: { axis: d.length + 1 + r.int(0, 1) } }),
  },
  // options
  { weight: 2, fits: () => true, draw: (r) => ({ type: 'dense', options: { units: r.pick([0, -4, 2.5]) } }) },
  {
    weight: 2,
    fits: () => true,
    draw: (r) => ({ type: 'dense', options: { units: 4, activation: r.pick(['rellu', 'leakyReLU', 'lrelu']) } }),
  },
  {
    weight: 2,
    fits: (d) => d.length === 3,
    draw: () => ({ type: 'conv2d', options: { filters: 4, kernelSize: 3, padding: 'SAME' } }),
  },
  {
    weight: 2,
    fits: (d) => d.length === 3,
    draw: () => ({ type: 'conv2d', options: { filters: 4, kernelSize: [3, 3, 3] } }),
  },
  { weight: 1, fits: (d) => d.length === 3, draw: () => ({ type: 'conv2d', options: { kernelSize: 3 } }) },
];

/** A layer that tfjs refuses here. What it would give is never reached: the sizes stay as they are. */
export function drawFault(random: Random, dims: Dims): Step {
  const { type, options, lazy = false } = random.weighted(rows.filter((row) => row.fits(dims))).draw(random, dims);
  return { type, options, out: dims, fault: true, lazy };
}
