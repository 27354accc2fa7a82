// Normalization by given statistics: inference of the batch norms. y = (x − μ)·γ/√(σ² + ε) + β, folded to one scale and
// one offset a channel; μ stays apart, since x·scale − μ·scale would cancel where μ is large.
import type { Engine } from '../engine';
import { isNear } from '../kernels/assembly/near';
import { columnScratch } from '../kernels/interface';
import type { Tensor } from '../tensor';
import { type Channels, isLast } from '../view';
import {
  type Affine,
  type BackwardPointers,
  backwardPass,
  type ForwardPointers,
  forwardPass,
  type Normalized,
  type PassGradients,
  type Remembered,
} from './pass';

export interface FixedPlan {
  readonly channels: Channels;
  /** γ and β are [N, C] instead of [C]. */
  readonly perSample: boolean;
}

type Numbers = Float32Array | Float64Array;

/** Bytes that the kernels want before the rows of coefficients. */
const kernelScratch = ({ c, layout }: Channels): number => (isLast(layout) ? columnScratch(c) : 0);

export function forwardFixed(
  { channels, perSample }: FixedPlan,
  x: Tensor,
  affine: Affine,
  mean: Numbers,
  variance: Numbers,
  epsilon: number,
  given: Engine | undefined,
  out: Tensor | undefined,
): Normalized {
  const { n, c, s, layout } = channels;
  const last = isLast(layout);
  const blocks = perSample ? n : 1;
  const size = c * blocks;
  // Rows of columns are taken four at a time, and what is left over in another way.
  const unit = perSample ? n * c * s : last ? 4 * c : c * s;
  const sizes = { sets: c, unit, scratch: kernelScratch(channels) + 12 * size, over: true };
  const run = (at: ForwardPointers, from: number, to: number, count: number, done: number) => {
    const { engine, gamma, beta, scratch } = at;
    const high = scratch + kernelScratch(channels);
    const scale = high + 4 * size;
    const offset = scale + 4 * size;
    const { f32, f64, kernels } = engine;
    for (let i = 0; !done && i < size; i++) {
      const j = i % c;
      const mu = mean[j] as number;
      const rstd = 1 / Math.sqrt((variance[j] as number) + epsilon);
      const g = rstd * (gamma ? (f32[(gamma >>> 2) + i] as number) : 1);
      f64[(at.means >>> 3) + j] = mu;
      f64[(at.rstds >>> 3) + j] = rstd;
      // As the kernels for segments have it.
      const taken = !last && isNear(mu, rstd, epsilon) ? 0 : Math.fround(mu);
      f32[(high >>> 2) + i] = taken;
      f32[(scale >>> 2) + i] = g;
      f32[(offset >>> 2) + i] = (beta ? (f32[(beta >>> 2) + i] as number) : 0) - (mu - taken) * g;
    }
    const positions = (count * unit) / c;
    if (last) kernels.columnApply(from, to, blocks, positions / blocks, c, high, scale, offset, blocks, scratch);
    else kernels.segmentApply(from, to, (positions * c) / s, s, high, scale, offset, size);
  };
  return forwardPass(x, affine, given, sizes, run, out);
}

/** dx = dy·γ·rstd, dγ = Σ dy·(x − μ)·rstd, dβ = Σ dy: the statistics are constants here. */
export function backwardFixed(
  { channels, perSample }: FixedPlan,
  dy: Tensor,
  saved: Remembered,
  given: Engine | undefined,
  out: Tensor | undefined,
): PassGradients {
  const { n, c, s, layout } = channels;
  const last = isLast(layout);
  const size = perSample ? n * c : c;
  // Sums a channel where the layout allows it, else a sample and channel.
  const blocks = last && !perSample ? 1 : n;
  const all = c * blocks;
  const bytes = kernelScratch(channels) + 16 * all + 8 * size;
  const run = (at: BackwardPointers) => {
    const { engine, x, dy, dx, means, rstds, gamma, dgamma, dbeta, scratch } = at;
    const sum = scratch + kernelScratch(channels);
    const product = sum + 8 * all;
    const high = product + 8 * all;
    const scale = high + 4 * size;
    const { f32, f64, kernels } = engine;
    const rstd = (i: number) => f64[(rstds >>> 3) + (i % c)] as number;
    const mean = (i: number) => f64[(means >>> 3) + (i % c)] as number;
    for (let i = 0; i < size; i++) {
      f32[(high >>> 2) + i] = mean(i);
      f32[(scale >>> 2) + i] = (gamma ? (f32[(gamma >>> 2) + i] as number) : 1) * rstd(i);
    }
    if (last) {
      kernels.columnPairSums(x, dy, blocks, (n * s) / blocks, c, high, blocks, sum, product, dx, scale, scratch);
    } else kernels.segmentPairSums(x, dy, all, s, high, size, sum, product, dx, scale);
    const add = (at: number, i: number, v: number) => {
      if (at) f64[(at >>> 3) + (i % size)] = (f64[(at >>> 3) + (i % size)] as number) + v;
    };
    for (let i = 0; i < all; i++) {
      const v = f64[(sum >>> 3) + i] as number;
      const low = mean(i) - Math.fround(mean(i));
      add(dbeta, i, v);
      add(dgamma, i, ((f64[(product >>> 3) + i] as number) - low * v) * rstd(i));
    }
  };
  return backwardPass(dy, saved, given, size, bytes, run, out);
}
