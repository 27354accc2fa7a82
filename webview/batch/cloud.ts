/** One sample stays, its batch-mates are drawn again and again: how far its output moves. */
import { tensor } from '../../runtime';
import { Random } from '../../runtime/nn/random';
import type { Layer } from '../../src/shared/illustration';
import type { NormName } from '../../src/shared/playground';
import { applyNorm, normFor } from '../norms';
import type { TaskContext } from '../work/task';

export interface CloudInput {
  readonly norm: NormName;
  /** Of the sample; its batch varies. */
  readonly layer: Layer;
  readonly sizes: readonly number[];
  readonly draws: number;
  readonly mean: number;
  readonly deviation: number;
  readonly epsilon: number;
  readonly seed: number;
}

export interface Cloud {
  readonly size: number;
  /** The fixed cell's output in each draw. */
  readonly outputs: readonly number[];
  readonly average: number;
  /** Standard deviation over the draws. */
  readonly spread: number;
  /** What theory says of it. */
  readonly theory: number;
}

/** The fixed cell lies so many deviations above the mean of the data. */
export const ABOVE = 1;

/** Norms whose statistics reach over the batch. */
export const isOfBatch = (norm: NormName): boolean => norm === 'batch' || norm === 'ghostBatch';

/**
 * The output's standard deviation to first order (the delta method): of m elements of a set, `fixed` belong to the sample and
 * the others are independent normal draws, so Var μ = (m − fixed)σ²/m², Var v = 2(m − fixed)σ⁴/m², and with y = (x − μ)/√v
 * Var y ≈ Var μ/σ² + y²·Var v/(4σ⁴).
 */
export function spreadTheory(m: number, fixed: number, output: number): number {
  return Math.sqrt(((m - fixed) / m ** 2) * (1 + output ** 2 / 2));
}

/** Batch norm treats channels alike: one is enough. The others need all of a sample. */
const sampleLayer = (norm: NormName, layer: Layer): Layer => (isOfBatch(norm) ? { ...layer, c: 1, groups: 1 } : layer);

/** The clouds of one norm, size by size. */
export async function clouds(input: CloudInput, { progress, breathe }: TaskContext): Promise<readonly Cloud[]> {
  const found: Cloud[] = [];
  for (const size of input.sizes) {
    found.push(await cloud(input, size, breathe));
    progress([...found]);
  }
  return found;
}

async function cloud(input: CloudInput, size: number, breathe: () => Promise<void>): Promise<Cloud> {
  const { norm: name, draws, mean, deviation, epsilon, seed } = input;
  const layer = { ...sampleLayer(name, input.layer), n: size, slice: sliceOf(input.layer.slice, size) };
  const { c, h, w } = layer;
  const each = c * h * w;
  const sample = fixedSample(each, mean, deviation, seed);
  const random = new Random(seed + 1_000_003 * size);
  const norm = normFor(name, layer, { epsilon, layout: 'channelsLast' });
  const x = tensor(new Float32Array(size * each), [size, h, w, c]);
  x.data.set(sample);
  const outputs: number[] = [];
  let since = 0;
  for (let draw = 0; draw < draws; draw++) {
    for (let i = each; i < x.data.length; i++) x.data[i] = random.normal(mean, deviation);
    outputs.push(applyNorm(norm, x).y.data[0] ?? 0);
    since += x.data.length;
    if (since > 200_000) {
      since = 0;
      await breathe();
    }
  }
  await breathe();
  const { average, spread } = momentsOf(outputs);
  const together = name === 'ghostBatch' ? layer.slice : size;
  const theory = isOfBatch(name) ? spreadTheory(together * h * w, h * w, ABOVE) : 0;
  return { size, outputs, average, spread, theory };
}

/** Mean and standard deviation, of distances from the first value: outputs that are all alike have a spread of exactly 0. */
function momentsOf(outputs: readonly number[]): { readonly average: number; readonly spread: number } {
  const [first = 0] = outputs;
  const count = outputs.length;
  const shift = outputs.reduce((sum, y) => sum + (y - first), 0) / count;
  const squares = outputs.reduce((sum, y) => sum + (y - first - shift) ** 2, 0);
  return { average: first + shift, spread: Math.sqrt(squares / (count - 1)) };
}

/** A slice has at most the whole batch; sizes here are powers of two or the reader's own. */
function sliceOf(slice: number, size: number): number {
  for (let s = Math.min(slice, size); s > 1; s--) if (size % s === 0) return s;
  return 1;
}

/** The sample that stays: its first cell lies one deviation above the mean. */
function fixedSample(each: number, mean: number, deviation: number, seed: number): Float32Array {
  const random = new Random(seed);
  const sample = Float32Array.from({ length: each }, () => random.normal(mean, deviation));
  sample[0] = mean + ABOVE * deviation;
  return sample;
}
