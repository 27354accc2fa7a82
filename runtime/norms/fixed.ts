// Normalization by given statistics: inference of the batch norms. y = (x − μ)·γ/√(σ² + ε) + β, folded to one scale and
// one offset a channel; μ stays apart, since x·scale − μ·scale would cancel where μ is large.
import { type Engine, engineOf } from '../engine';
import { columnScratch } from '../kernels/interface';
import type { Tensor } from '../tensor';
import type { Channels } from '../view';
import type { ChannelGradients } from './channels';
import { checkGradient } from './norm';

export interface FixedPlan {
  readonly channels: Channels;
  /** γ and β are [N, C] instead of [C]. */
  readonly perSample: boolean;
  readonly epsilon: number;
}

type Numbers = Float32Array | Float64Array;

export function forwardFixed(
  plan: FixedPlan,
  x: Tensor,
  gamma: Tensor | undefined,
  beta: Tensor | undefined,
  mean: Numbers,
  variance: Numbers,
  given: Engine | undefined,
): Tensor {
  const engine = engineOf(x, given);
  const start = engine.top;
  let end = start;
  try {
    const y = engine.roomLike(x);
    const resident = y > 0;
    const { n, c, s, layout } = plan.channels;
    const blocks = plan.perSample ? n : 1;
    if (resident) end = engine.top;
    const row = 4 * c * blocks;
    const high = engine.allocate(3 * row);
    const { f32 } = engine;
    for (let i = 0, at = high >>> 2; i < c * blocks; i++, at++) {
      const mu = mean[i % c] as number;
      f32[at] = mu;
      const scale = (gamma ? (gamma.data[i] as number) : 1) / Math.sqrt((variance[i % c] as number) + plan.epsilon);
      f32[at + c * blocks] = scale;
      f32[at + 2 * c * blocks] = (beta ? (beta.data[i] as number) : 0) - (mu - (f32[at] as number)) * scale;
    }
    const last = layout === 'channelsLast';
    const scratch = last ? engine.allocate(columnScratch(c)) : 0;
    const unit = plan.perSample ? n * c * s : last ? c : c * s;
    return engine.through(x, y, unit, (from, to, count) => {
      const elements = count * unit;
      if (last)
        engine.kernels.columnApply(
          from,
          to,
          blocks,
          elements / c / blocks,
          c,
          high,
          high + row,
          high + 2 * row,
          blocks,
          scratch,
        );
      else engine.kernels.segmentApply(from, to, elements / s, s, high, high + row, high + 2 * row, c * blocks);
    });
  } finally {
    engine.top = end;
  }
}

/** dx = dy·γ·rstd, dγ = Σ dy·(x − μ)·rstd, dβ = Σ dy: the statistics are constants here. */
export function backwardFixed(
  plan: FixedPlan,
  x: Tensor,
  dy: Tensor,
  gamma: Tensor | undefined,
  beta: Tensor | undefined,
  mean: Numbers,
  variance: Numbers,
  given: Engine | undefined,
): ChannelGradients {
  checkGradient(dy, x, 'backward');
  const engine = engineOf(dy, given);
  const start = engine.top;
  let end = start;
  try {
    const resident = engine.holds(dy);
    const { n, c, s, layout } = plan.channels;
    const size = plan.perSample ? n * c : c;
    const dx = engine.allocate(4 * dy.data.length);
    const outputs = gamma || beta ? engine.allocate(8 * size) : 0;
    if (resident) end = engine.top;
    const px = engine.pointer(x);
    const pdy = engine.pointer(dy);
    const last = layout === 'channelsLast';
    // Sums a channel where the layout allows it, else a sample and channel.
    const blocks = last && !plan.perSample ? 1 : n;
    const high = engine.allocate(4 * c);
    const zeros = engine.allocate(4 * size);
    const scale = engine.allocate(4 * size);
    const sum = engine.allocate(16 * c * blocks);
    const product = sum + 8 * c * blocks;
    const scratch = last ? engine.allocate(columnScratch(c)) : 0;
    // Views of the memory are taken after the last allocation, which may have moved it.
    const { f32, f64 } = engine;
    const rstd = (i: number) => 1 / Math.sqrt((variance[i % c] as number) + plan.epsilon);
    for (let i = 0; i < c; i++) f32[(high >>> 2) + i] = mean[i] as number;
    for (let i = 0; i < size; i++) {
      f32[(zeros >>> 2) + i] = 0;
      f32[(scale >>> 2) + i] = (gamma ? (gamma.data[i] as number) : 1) * rstd(i);
    }
    const { kernels } = engine;
    if (last) {
      const rows = (n * s) / blocks;
      if (gamma || beta) kernels.columnPairSums(px, pdy, blocks, rows, c, high, 1, sum, product, scratch);
      kernels.columnApply(pdy, dx, blocks, rows, c, zeros, scale, zeros, plan.perSample ? blocks : 1, scratch);
    } else {
      if (gamma || beta) kernels.segmentPairSums(px, pdy, n * c, s, high, c, sum, product);
      kernels.segmentApply(pdy, dx, n * c, s, zeros, scale, zeros, size);
    }
    f32.fill(0, outputs >>> 2, (outputs >>> 2) + (outputs ? 2 * size : 0));
    for (let i = 0; outputs && i < c * blocks; i++) {
      const at = (outputs >>> 2) + (i % size);
      const low = (mean[i % c] as number) - (f32[(high >>> 2) + (i % c)] as number);
      const dbeta = f64[(sum >>> 3) + i] as number;
      const dgamma = ((f64[(product >>> 3) + i] as number) - low * dbeta) * rstd(i);
      f32[at] = (f32[at] as number) + dgamma;
      f32[at + size] = (f32[at + size] as number) + dbeta;
    }
    return {
      dx: engine.result(dx, dy.shape, resident),
      dgamma: gamma && engine.result(outputs, gamma.shape, resident),
      dbeta: beta && engine.result(outputs + 4 * size, beta.shape, resident),
    };
  } finally {
    engine.top = end;
  }
}
