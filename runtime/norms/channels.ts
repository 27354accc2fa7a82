// The part that batch, ghost, conditional, instance, group and filter-response norm and AdaIN share: sets are channels, or
// groups of channels, of some samples. Each norm's file says which view it is and what γ and β belong to.
import { checkTensor, type Engine, engineOf, type Statistics } from '../engine';
import { columnScratch } from '../kernels/interface';
import type { Tensor } from '../tensor';
import type { Channels, View } from '../view';

/** A view of a tensor with channels, as the kernels take it. */
export interface ChannelPlan {
  readonly view: View;
  readonly channels: Channels;
  /** γ and β are [N, C] instead of [C]. */
  readonly perSample: boolean;
  /** False for norms by the mean square. */
  readonly centered: boolean;
  readonly epsilon: number;
}

export interface ChannelResult {
  readonly y: Tensor;
  readonly mean: Statistics;
  readonly rstd: Statistics;
  /** Biased variance a set, when asked for. */
  readonly variance: Float64Array | undefined;
}

const inColumns = ({ channels }: ChannelPlan): boolean => channels.layout === 'channelsLast';

/** Rows of a column block that share one row of γ. */
const affineRows = ({ perSample, channels, view }: ChannelPlan): number => (perSample ? channels.s : view.o * view.r1);

const affineSize = ({ perSample, channels }: ChannelPlan): number => (perSample ? channels.n : 1) * channels.c;

/** Channels that one set of a channels-first view spans. */
const segmentsOf = ({ view, channels }: ChannelPlan): number => view.r2 / channels.s;

export function forwardChannels(
  plan: ChannelPlan,
  x: Tensor,
  gamma: Tensor | undefined,
  beta: Tensor | undefined,
  given: Engine | undefined,
  wantVariance: boolean,
): ChannelResult {
  const engine = engineOf(x, given);
  const { o, r1, k, r2 } = plan.view;
  const sets = o * k;
  const start = engine.top;
  let end = start;
  try {
    const y = engine.roomLike(x);
    const resident = y > 0;
    const means = engine.allocate(16 * sets);
    const rstds = means + 8 * sets;
    if (resident) end = engine.top;
    const variances = wantVariance ? engine.allocate(8 * sets) : 0;
    const g = gamma ? engine.pointer(gamma) : 0;
    const b = beta ? engine.pointer(beta) : 0;
    const centered = plan.centered ? 1 : 0;
    const last = inColumns(plan);
    const { n, c, s } = plan.channels;
    // Where no set spans samples, and γ and β are all samples' own, one sample does not need the next.
    const samples = !wantVariance && !plan.perSample && (last ? o === n : o * r1 === 1) ? n : 1;
    const scratch = last ? engine.allocate(columnScratch(c)) : 0;
    return {
      y: engine.through(x, y, (n * c * s) / samples, (from, to, count, done) => {
        const part = count / samples;
        const at = (8 * sets * done) / samples;
        // biome-ignore format: one argument list a line
        if (last) engine.kernels.columnsForward(from, to, o * part, r1, k, r2, g, b, affineRows(plan), plan.epsilon, centered, means + at, rstds + at, variances, scratch);
        // biome-ignore format: one argument list a line
        else engine.kernels.segmentsForward(from, to, o, r1, k * part, segmentsOf(plan), s, g, b, affineSize(plan), plan.epsilon, centered, means + at, rstds + at, variances);
      }),
      mean: engine.statistics(means, sets, resident),
      rstd: engine.statistics(rstds, sets, resident),
      variance: wantVariance ? engine.take64(variances, sets) : undefined,
    };
  } finally {
    engine.top = end;
  }
}

export interface ChannelGradients {
  readonly dx: Tensor;
  readonly dgamma: Tensor | undefined;
  readonly dbeta: Tensor | undefined;
}

export function backwardChannels(
  plan: ChannelPlan,
  x: Tensor,
  dy: Tensor,
  gamma: Tensor | undefined,
  beta: Tensor | undefined,
  mean: Statistics,
  rstd: Statistics,
  given: Engine | undefined,
): ChannelGradients {
  checkTensor(dy, 'backward');
  const engine = engineOf(dy, given);
  const { o, r1, k, r2 } = plan.view;
  const start = engine.top;
  let end = start;
  try {
    const resident = engine.holds(dy);
    const size = affineSize(plan);
    const dx = engine.allocate(4 * dy.data.length);
    const outputs = gamma || beta ? engine.allocate(8 * size) : 0;
    if (resident) end = engine.top;
    const px = engine.pointer(x);
    const pdy = engine.pointer(dy);
    const means = engine.pointer64(mean);
    const rstds = engine.pointer64(rstd);
    const g = gamma ? engine.pointer(gamma) : 0;
    const dgammas = gamma ? engine.zeros64(size) : 0;
    const dbetas = beta ? engine.zeros64(size) : 0;
    const centered = plan.centered ? 1 : 0;
    if (inColumns(plan)) {
      const scratch = engine.allocate(columnScratch(k * r2));
      // biome-ignore format: one argument list a line
      engine.kernels.columnsBackward(px, pdy, dx, o, r1, k, r2, g, affineRows(plan), centered, means, rstds, dgammas, dbetas, scratch);
    } else {
      const { s } = plan.channels;
      // biome-ignore format: one argument list a line
      engine.kernels.segmentsBackward(px, pdy, dx, o, r1, k, segmentsOf(plan), s, g, size, centered, means, rstds, dgammas, dbetas);
    }
    return {
      dx: engine.result(dx, dy.shape, resident),
      dgamma: gamma && narrow(engine, dgammas, outputs, gamma.shape, size, resident),
      dbeta: beta && narrow(engine, dbetas, outputs + 4 * size, beta.shape, size, resident),
    };
  } finally {
    engine.top = end;
  }
}

/** Float64 sums as a float32 tensor. */
export function narrow(
  engine: Engine,
  from: number,
  to: number,
  shape: readonly number[],
  size: number,
  resident: boolean,
): Tensor {
  const { f32, f64 } = engine;
  for (let i = 0; i < size; i++) f32[(to >>> 2) + i] = f64[(from >>> 3) + i] as number;
  return engine.result(to, shape, resident);
}
