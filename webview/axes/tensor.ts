/** The tensor that the first and the third scene look at: a little one of numbers with two decimals. */
import { Random } from '../../runtime/nn/random';
import { cellAt, type Dims } from '../../src/shared/illustration';
import type { Edits, PlaygroundState } from '../../src/shared/playground';

type Layout = PlaygroundState['layout'];

/**
 * A tensor to look at, channels last: every channel has a level and a spread of its own, and every sample a shift, so that the
 * norms differ. Numbers have two decimals, so that what is shown is what is computed (to float32). Edits replace cells by index.
 */
export function sampleValues(dims: Dims, seed: number, edits: Edits = {}): Float32Array {
  const { n, c, h, w } = dims;
  const random = new Random(seed);
  const levels = Array.from({ length: c }, () => random.normal(0, 2));
  const spreads = Array.from({ length: c }, () => random.uniform(0.4, 1.6));
  const shifts = Array.from({ length: n }, () => random.normal(0, 1));
  const values = new Float32Array(n * c * h * w);
  for (let i = 0; i < values.length; i++) {
    const channel = i % c;
    const shift = shifts[Math.floor(i / (c * h * w))] ?? 0;
    values[i] = Math.round(100 * ((levels[channel] ?? 0) + shift + random.normal(0, spreads[channel] ?? 1))) / 100;
  }
  for (const [index, value] of Object.entries(edits)) if (Number(index) < values.length) values[Number(index)] = value;
  return values;
}

/** Where the cell with a channels-last index stands in a layout's memory. */
export function memoryIndex(dims: Dims, index: number, layout: Layout): number {
  if (layout === 'channelsLast') return index;
  const { n, c, h, w } = cellAt(dims, index);
  return ((n * dims.c + c) * dims.h + h) * dims.w + w;
}

/** Values of a channels-last order in a layout's memory. */
export function arranged(values: Float32Array, dims: Dims, layout: Layout): Float32Array {
  if (layout === 'channelsLast') return values;
  const result = new Float32Array(values.length);
  const { c, h, w } = dims;
  const positions = h * w;
  for (let i = 0; i < values.length; i++) {
    const position = Math.floor(i / c);
    const sample = Math.floor(position / positions);
    result[(sample * c + (i % c)) * positions + (position % positions)] = values[i] ?? 0;
  }
  return result;
}
