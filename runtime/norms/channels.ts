// The part that batch, ghost, conditional, instance, group and filter-response norm and AdaIN share: sets are channels, or
// groups of channels, of some samples. Each norm's file says which view it is and what γ and β belong to.
import type { Engine } from '../engine';
import { columnScratch } from '../kernels/interface';
import { filled, sameShape, type Tensor } from '../tensor';
import { type Channels, channelsOf, isLast, type Layout, type View } from '../view';
import { checkGradient, checkParameter, type Gradients, type Into, type Params, type Saved } from './norm';
import {
  type Affine,
  type BackwardPointers,
  backwardPass,
  forwardPass,
  type Normalized,
  type PassGradients,
  type Remembered,
} from './pass';

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

/** Takes each set's mean and biased variance: `sets` float64 from either index on. */
export type Remember = (f64: Float64Array, mean: number, variance: number) => void;

/** Rows of a column block that share one row of γ. */
const affineRows = ({ perSample, channels, view }: ChannelPlan): number => (perSample ? channels.s : view.o * view.r1);

const affineSize = ({ perSample, channels }: ChannelPlan): number => (perSample ? channels.n : 1) * channels.c;

/** Channels that one set of a channels-first view spans. */
const segmentsOf = ({ view, channels }: ChannelPlan): number => view.r2 / channels.s;

export function forwardChannels(
  plan: ChannelPlan,
  x: Tensor,
  affine: Affine,
  given: Engine | undefined,
  out: Tensor | undefined,
  remember?: Remember,
): Normalized {
  const { o, r1, k, r2 } = plan.view;
  const { n, c, s, layout } = plan.channels;
  const last = isLast(layout);
  const sets = o * k;
  // Where no set spans samples, and γ and β are all samples' own, one sample does not need the next.
  const samples = !remember && !plan.perSample && (last ? o === n : o * r1 === 1) ? n : 1;
  const centered = plan.centered ? 1 : 0;
  const forVariances = remember ? 8 * sets : 0;
  const sizes = { sets, unit: (n * c * s) / samples, scratch: forVariances + (last ? columnScratch(c) : 0) };
  return forwardPass(
    x,
    affine,
    given,
    sizes,
    ({ engine, gamma, beta, means, rstds, scratch }, from, to, count, done) => {
      const part = count / samples;
      const at = (8 * sets * done) / samples;
      const variances = remember ? scratch : 0;
      // biome-ignore format: one argument list a line
      if (last) engine.kernels.columnsForward(from, to, o * part, r1, k, r2, gamma, beta, affineRows(plan), plan.epsilon, centered, means + at, rstds + at, variances, scratch + forVariances);
    // biome-ignore format: one argument list a line
    else engine.kernels.segmentsForward(from, to, o, r1, k * part, segmentsOf(plan), s, gamma, beta, affineSize(plan), plan.epsilon, centered, means + at, rstds + at, variances);
      remember?.(engine.f64, means >>> 3, variances >>> 3);
    },
    out,
  );
}

export function backwardChannels(
  plan: ChannelPlan,
  dy: Tensor,
  saved: Remembered,
  given: Engine | undefined,
  out?: Tensor,
): PassGradients {
  const { o, r1, k, r2 } = plan.view;
  const { c, s, layout } = plan.channels;
  const last = isLast(layout);
  const size = affineSize(plan);
  const centered = plan.centered ? 1 : 0;
  const run = (at: BackwardPointers) => {
    const { engine, gamma, means, rstds, dgamma, dbeta } = at;
    // biome-ignore format: one argument list a line
    if (last) engine.kernels.columnsBackward(at.x, at.dy, at.dx, o, r1, k, r2, gamma, affineRows(plan), centered, means, rstds, dgamma, dbeta, at.scratch);
    // biome-ignore format: one argument list a line
    else engine.kernels.segmentsBackward(at.x, at.dy, at.dx, o, r1, k, segmentsOf(plan), s, gamma, size, centered, means, rstds, dgamma, dbeta);
  };
  return backwardPass(dy, saved, given, size, last ? columnScratch(c) : 0, run, out);
}

export interface ChannelSaved extends Saved, Remembered {
  readonly plan: ChannelPlan;
}

/** What a norm over channels is: its name, its view and what γ and β belong to. */
export interface ChannelFamily {
  readonly name: string;
  readonly view: (channels: Channels) => View;
  /** γ and β are [N, C] instead of [C]. */
  readonly perSample?: boolean;
  /** False for norms by the mean square. */
  readonly centered?: boolean;
  /** Reads a shape; by `channelsOf` unless it is one of weights. */
  readonly channels?: (shape: readonly number[]) => Channels;
}

/** What norms with a γ and β a channel have in common. */
export class ChannelNorm {
  readonly name: string;
  readonly #layout: Layout;
  #shape: readonly number[] = [];
  #affine: readonly number[] = [];
  #plan: ChannelPlan | undefined;

  constructor(
    readonly family: ChannelFamily,
    layout: Layout | undefined,
    protected readonly epsilon: number,
    protected readonly engine: Engine | undefined,
  ) {
    this.name = family.name;
    this.#layout = layout ?? 'channelsLast';
  }

  /** How a shape is read; the last one's reading is kept. */
  planOf(shape: readonly number[]): ChannelPlan {
    if (this.#plan && sameShape(shape, this.#shape)) return this.#plan;
    const { perSample = false, centered = true, view } = this.family;
    const channels = this.family.channels?.(shape) ?? channelsOf(shape, this.#layout, this.name);
    this.#plan = { view: view(channels), channels, perSample, centered, epsilon: this.epsilon };
    this.#shape = shape.slice();
    this.#affine = perSample ? [channels.n, channels.c] : [channels.c];
    return this.#plan;
  }

  parameters(shape: readonly number[]) {
    this.planOf(shape);
    return { gamma: filled(this.#affine, 1), beta: filled(this.#affine, 0) };
  }

  /** @throws NormError where γ or β are shaped otherwise */
  protected affineOf(params: Params<'gamma' | 'beta'>): Affine {
    const { gamma, beta } = params;
    checkParameter(gamma, this.#affine, this.name, 'gamma');
    checkParameter(beta, this.#affine, this.name, 'beta');
    return { gamma, beta };
  }

  backward(dy: Tensor, saved: ChannelSaved, { out }: Into = {}): Gradients<'gamma' | 'beta'> {
    checkGradient(dy, saved.x, this.name, out);
    return backwardChannels(saved.plan, dy, saved, this.engine, out);
  }
}
