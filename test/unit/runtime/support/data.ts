import { sizeOf, type Tensor } from '../../../../runtime/index';

/** A seeded stream of uniform numbers in [0, 1) (mulberry32). */
export function random(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal numbers (Box and Muller). */
export function normal(next: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Kinds of data, by what they are hard for. */
export const kinds = {
  ordinary: (g: () => number) => g(),
  'mean 1e2': (g: () => number) => 1e2 + g(),
  'mean 1e4': (g: () => number) => 1e4 + g(),
  'mean 1e6': (g: () => number) => 1e6 + g(),
  'one outlier of 1e4': (g: () => number, i: number, outlier: number) => (i === outlier ? 1e4 : g()),
  constant: () => 3.7,
};
export type Kind = keyof typeof kinds;

export function sample(shape: readonly number[], kind: Kind, seed: number): Tensor {
  const next = random(seed);
  const g = normal(next);
  const size = sizeOf(shape);
  const outlier = Math.floor(next() * size);
  return { data: Float32Array.from({ length: size }, (_, i) => kinds[kind](g, i, outlier)), shape };
}

/** Uniform values, for γ around 1 and β around 0. */
export function uniform(shape: readonly number[], low: number, high: number, seed: number): Tensor {
  const next = random(seed);
  return { data: Float32Array.from({ length: sizeOf(shape) }, () => low + (high - low) * next()), shape };
}

/** The largest |a − b| / max(1, |b|); infinite where one is NaN and the other is not. */
export function errorOf(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i] as number, expected[i] as number];
    if (Number.isNaN(a) && Number.isNaN(b)) continue;
    const error = Math.abs(a - b) / Math.max(1, Math.abs(b));
    worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  }
  return worst;
}

/** The largest |a − b| against the largest |b| (and at least `floor`): the measure for gradients. */
export function scaledError(actual: ArrayLike<number>, expected: ArrayLike<number>, floor: number): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  let scale = floor;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i] as number));
    const error = Math.abs((actual[i] as number) - (expected[i] as number));
    worst = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(worst, error);
  }
  return worst / scale;
}
