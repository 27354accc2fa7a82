import { checkTensor, type Statistics } from '../engine';
import { NormError } from '../errors';
import { filled, sameShape, type Tensor } from '../tensor';
import { batchView, type Channels, channelsOf, elementsPerSet, type Layout, type View } from '../view';
import { backwardChannels, type ChannelGradients, type ChannelPlan, forwardChannels } from './channels';
import { backwardFixed, forwardFixed } from './fixed';
import {
  type CommonOptions,
  checkEpsilon,
  checkGradient,
  checkParameter,
  type Forward,
  type Gradients,
  type Mode,
  type Norm,
  type Params,
  type Saved,
} from './norm';
import { freshRunning, type Running, type RunningState, updateRunning } from './running';

export interface BatchNormOptions extends CommonOptions {
  /** Default channelsLast. */
  readonly layout?: Layout;
  /** Whose defaults and meaning of momentum hold. Default keras: momentum .99, ε 1e-3, biased; pytorch: .1, 1e-5, unbiased. */
  readonly convention?: 'keras' | 'pytorch';
  /** Keras: the weight of the old running value; PyTorch: that of the new one. */
  readonly momentum?: number;
  /** Leave the running statistics alone where a batch's statistics are NaN or infinite. Default false. */
  readonly guard?: boolean;
}

const conventions = {
  keras: { momentum: 0.99, epsilon: 1e-3, unbiased: false },
  pytorch: { momentum: 0.1, epsilon: 1e-5, unbiased: true },
};

export interface BatchNormSaved extends Saved {
  readonly gamma: Tensor | undefined;
  readonly beta: Tensor | undefined;
  /** The batch's statistics (train), or the running ones (infer). */
  readonly mean: Statistics;
  readonly rstd: Statistics;
  readonly variance: Float64Array | undefined;
  readonly plan: ChannelPlan;
}

export interface BatchOptions {
  readonly layout: Layout;
  readonly epsilon: number;
  readonly running: Running;
}

/** Fills in the defaults of a convention. */
export function batchOptions(options: BatchNormOptions, where: string): BatchOptions {
  const convention = options.convention ?? 'keras';
  const defaults = conventions[convention];
  const momentum = options.momentum ?? defaults.momentum;
  if (!(momentum >= 0 && momentum <= 1)) throw new NormError('option', where, 'a momentum from 0 to 1', `${momentum}`);
  return {
    layout: options.layout ?? 'channelsLast',
    epsilon: checkEpsilon(options.epsilon ?? defaults.epsilon, where),
    running: {
      keep: convention === 'keras' ? momentum : 1 - momentum,
      unbiased: defaults.unbiased,
      guard: options.guard ?? false,
    },
  };
}

/** A norm of the batch family: the same statistics and running state, over a view of its own. */
export interface BatchFamily {
  readonly name: string;
  readonly view: (channels: Channels) => View;
  /** γ and β are [N, C] instead of [C]. */
  readonly perSample: boolean;
}

export class BatchFamilyNorm implements Norm<'gamma' | 'beta', BatchNormSaved> {
  readonly name: string;
  readonly #options: BatchOptions;
  #shape: readonly number[] = [];
  #plan: ChannelPlan | undefined;

  constructor(
    readonly family: BatchFamily,
    readonly options: BatchNormOptions,
  ) {
    this.name = family.name;
    this.#options = batchOptions(options, family.name);
  }

  #planOf(shape: readonly number[]): ChannelPlan {
    if (this.#plan && sameShape(shape, this.#shape)) return this.#plan;
    const { layout, epsilon } = this.#options;
    const channels = channelsOf(shape, layout, this.name);
    const { perSample } = this.family;
    this.#plan = { view: this.family.view(channels), channels, perSample, centered: true, epsilon };
    this.#shape = shape.slice();
    return this.#plan;
  }

  #affineShape({ channels: { n, c } }: ChannelPlan): readonly number[] {
    return this.family.perSample ? [n, c] : [c];
  }

  parameters(shape: readonly number[]) {
    const affine = this.#affineShape(this.#planOf(shape));
    return { gamma: filled(affine, 1), beta: filled(affine, 0) };
  }

  state(shape: readonly number[]): RunningState {
    return freshRunning(this.#planOf(shape).channels.c);
  }

  forward(
    x: Tensor,
    params: Params<'gamma' | 'beta'> = {},
    state: RunningState | null = null,
    mode: Mode = 'train',
  ): Forward<BatchNormSaved> {
    checkTensor(x, this.name);
    const plan = this.#planOf(x.shape);
    const { gamma, beta } = params;
    if (gamma || beta) {
      const affine = this.#affineShape(plan);
      checkParameter(gamma, affine, `${this.name} gamma`);
      checkParameter(beta, affine, `${this.name} beta`);
    }
    const { c } = plan.channels;
    if (state && (state.mean.length !== c || state.variance.length !== c)) {
      throw new NormError('shape', this.name, `a state of ${c} channels`, `${state.mean.length}`);
    }
    if (mode === 'infer') return this.#infer(plan, x, gamma, beta, state);
    const { engine } = this.options;
    const { y, mean, rstd, variance } = forwardChannels(plan, x, gamma, beta, engine, state !== null);
    if (state && variance) this.#remember(state, mean.data, variance, plan);
    return { y, saved: { norm: this.name, mode, x, gamma, beta, mean, rstd, variance, plan } };
  }

  /** One update a row of sets: ghost slices move the running statistics one after another. */
  #remember(state: RunningState, mean: Float64Array, variance: Float64Array, { view }: ChannelPlan): void {
    const m = elementsPerSet(view);
    for (let i = 0; i < view.o; i++) {
      const [from, to] = [i * view.k, (i + 1) * view.k];
      updateRunning(state, mean.subarray(from, to), variance.subarray(from, to), m, this.#options.running);
    }
  }

  #infer(
    plan: ChannelPlan,
    x: Tensor,
    gamma: Tensor | undefined,
    beta: Tensor | undefined,
    state: RunningState | null,
  ): Forward<BatchNormSaved> {
    if (!state) throw new NormError('option', this.name, 'running statistics in infer mode', 'no state');
    const { engine } = this.options;
    const y = forwardFixed(plan, x, gamma, beta, state.mean, state.variance, engine);
    const mean = { data: Float64Array.from(state.mean) };
    const variance = Float64Array.from(state.variance);
    const rstd = { data: variance.map((v) => 1 / Math.sqrt(v + plan.epsilon)) };
    return { y, saved: { norm: this.name, mode: 'infer', x, gamma, beta, mean, rstd, variance, plan } };
  }

  backward(dy: Tensor, saved: BatchNormSaved): Gradients<'gamma' | 'beta'> {
    const { plan, x, gamma, beta, mean, rstd, variance, mode } = saved;
    checkGradient(dy, x, this.name);
    const { engine } = this.options;
    if (mode === 'infer' && variance) {
      return gradients(backwardFixed(plan, x, dy, gamma, beta, mean.data, variance, engine));
    }
    return gradients(backwardChannels(plan, x, dy, gamma, beta, mean, rstd, engine));
  }
}

/** Leaves out the gradients of absent parameters. */
export function gradients({ dx, dgamma, dbeta }: ChannelGradients): Gradients<'gamma' | 'beta'> {
  return { dx, ...(dgamma && { dgamma }), ...(dbeta && { dbeta }) };
}

/**
 * Batch normalization (Ioffe & Szegedy, arXiv 1502.03167, algorithm 1; inference: algorithm 2, steps 8–12).
 * x: [N, …, C] or [N, C, …], rank 2 to 5; γ, β: [C]; state: mean and variance, float32[C], updated in train mode.
 */
export function batchNorm(options: BatchNormOptions = {}): BatchFamilyNorm {
  return new BatchFamilyNorm({ name: 'batchNorm', view: batchView, perSample: false }, options);
}
