// Statistics a sample and channel, as N × C matrices in float64: what the norms that mix or merge statistics work on.
// The kernels do the passes over the tensor; the matrices are small.
import { type Engine, engineOf } from '../engine';
import { columnScratch } from '../kernels/interface';
import type { Tensor } from '../tensor';
import { type Channels, isLast } from '../view';

/** Mean and biased variance of every sample and channel, N · C each, of a tensor, resident or not. */
export function momentsOf(x: Tensor, { n, c, s, layout }: Channels, given: Engine | undefined) {
  const engine = engineOf(x, given);
  const mark = engine.top;
  try {
    const at = engine.pointer(x);
    const means = engine.allocate(16 * n * c);
    const variances = means + 8 * n * c;
    if (isLast(layout)) {
      engine.kernels.columnMoments(at, n, s, c, 1, means, variances, engine.allocate(columnScratch(c)));
    } else engine.kernels.segmentMoments(at, n * c, s, 1, means, variances);
    return { mean: engine.take64(means, n * c), variance: engine.take64(variances, n * c) };
  } finally {
    engine.top = mark;
  }
}

/** offset − low·scale, where low is what the mean loses in float32: kernels take (x − mean)·scale + offset. */
const made = (mean: Float64Array, scale: Float64Array, offset: Float64Array): Float64Array =>
  offset.map((v, i) => v - ((mean[i] as number) - Math.fround(mean[i] as number)) * (scale[i] as number));

/** y = (x − mean)·scale + offset, N · C each. */
export function gridApply(
  engine: Engine,
  x: number,
  y: number,
  { n, c, s, layout }: Channels,
  mean: Float64Array,
  scale: Float64Array,
  offset: Float64Array,
): void {
  const mark = engine.top;
  const size = n * c;
  const [high, scales, offsets] = [engine.put(mean), engine.put(scale), engine.put(made(mean, scale, offset))];
  if (isLast(layout)) {
    engine.kernels.columnApply(x, y, n, s, c, high, scales, offsets, n, engine.allocate(columnScratch(c)));
  } else engine.kernels.segmentApply(x, y, size, s, high, scales, offsets, size);
  engine.top = mark;
}

/** Σdy and Σdy·(x − mean) of every sample and channel. */
export function gridPairSums(engine: Engine, x: number, dy: number, { n, c, s, layout }: Channels, mean: Float64Array) {
  const mark = engine.top;
  const size = n * c;
  const sums = engine.allocate(16 * size);
  const products = sums + 8 * size;
  const high = engine.put(mean);
  if (isLast(layout)) {
    const scratch = engine.allocate(columnScratch(c));
    engine.kernels.columnPairSums(x, dy, n, s, c, high, n, sums, products, 0, 0, scratch);
  } else engine.kernels.segmentPairSums(x, dy, size, s, high, size, sums, products, 0, 0);
  const sum = engine.take64(sums, size);
  const product = made(mean, sum, engine.take64(products, size));
  engine.top = mark;
  return { sum, product };
}

/** dx = dy·a + (x − mean)·b + offset, N · C each. */
export function gridCombine(
  engine: Engine,
  x: number,
  dy: number,
  dx: number,
  { n, c, s, layout }: Channels,
  mean: Float64Array,
  a: Float64Array,
  b: Float64Array,
  offset: Float64Array,
): void {
  const mark = engine.top;
  const size = n * c;
  const [high, as, bs, cs] = [engine.put(mean), engine.put(a), engine.put(b), engine.put(made(mean, b, offset))];
  if (isLast(layout)) {
    engine.kernels.columnCombine(x, dy, dx, n, s, c, high, as, bs, cs, n, engine.allocate(columnScratch(c)));
  } else engine.kernels.segmentCombine(x, dy, dx, size, s, high, as, bs, cs, size);
  engine.top = mark;
}

/** The moments of `count` elements. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
}

/** The moments of two sets together (Chan, Golub, LeVeque 1983, equation 2.1). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  if (count === 0) return a;
  const delta = b.mean - a.mean;
  const share = b.count / count;
  return {
    count,
    mean: a.mean + delta * share,
    variance: a.variance * (1 - share) + b.variance * share + delta * delta * share * (1 - share),
  };
}

export const noMoments: Moments = { count: 0, mean: 0, variance: 0 };

/** Merges entries of an N × C matrix of moments that `toSet` sends to the same set; each stands for `count` elements. */
export function mergeGrid(
  grid: { readonly mean: Float64Array; readonly variance: Float64Array },
  count: number,
  sets: number,
  toSet: (i: number) => number,
): { mean: Float64Array; variance: Float64Array } {
  const merged = new Array<Moments>(sets).fill(noMoments);
  for (let i = 0; i < grid.mean.length; i++) {
    const set = toSet(i);
    const entry = { count, mean: grid.mean[i] as number, variance: grid.variance[i] as number };
    merged[set] = mergeMoments(merged[set] ?? noMoments, entry);
  }
  return {
    mean: Float64Array.from(merged, (m) => m.mean),
    variance: Float64Array.from(merged, (m) => m.variance),
  };
}
