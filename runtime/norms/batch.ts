import { NormError } from '../errors';
import type { Tensor } from '../tensor';
import { batchView, checkName, elementsPerSet, type Layout } from '../view';
import {
  type ChannelFamily,
  ChannelNorm,
  type ChannelPlan,
  type ChannelSaved,
  forwardChannels,
  type Remember,
} from './channels';
import { backwardFixed, forwardFixed } from './fixed';
import {
  type CommonOptions,
  checkEpsilon,
  checkGradient,
  checkInput,
  type Forward,
  type Gradients,
  type Into,
  type Mode,
  type Norm,
  type Params,
} from './norm';
import { checkOptions } from './options';
import { remembered } from './pass';
import { momentsInPieces } from './pieces';
import { checkState, freshRunning, type Running, type RunningState, updateRunning } from './running';

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

/** `mean` and `rstd` are the batch's (train), or the running ones (infer). */
export type BatchNormSaved = ChannelSaved;

export interface BatchOptions {
  readonly layout: Layout;
  readonly epsilon: number;
  readonly running: Running;
}

/** Fills in the defaults of a convention. */
export function batchOptions(options: BatchNormOptions, where: string): BatchOptions {
  const convention = options.convention ?? 'keras';
  checkName(convention, Object.keys(conventions), where);
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
export class BatchFamilyNorm extends ChannelNorm implements Norm<'gamma' | 'beta', BatchNormSaved> {
  readonly running: Running;

  constructor(
    family: ChannelFamily,
    readonly options: BatchNormOptions,
  ) {
    const { layout, epsilon, running } = batchOptions(options, family.name);
    super(family, layout, epsilon, options.engine);
    this.running = running;
  }

  state(shape: readonly number[]): RunningState {
    return freshRunning(this.planOf(shape).channels.c);
  }

  /** @throws NormError for inputs that do not fit */
  checked(x: Tensor, params: Params<'gamma' | 'beta'>, state: RunningState | null, mode: Mode, out?: Tensor) {
    checkInput(x, this.name, out);
    const plan = this.planOf(x.shape);
    const affine = this.affineOf(params);
    checkState(state, plan.channels.c, mode, this.name);
    return { plan, affine };
  }

  forward(
    x: Tensor,
    params: Params<'gamma' | 'beta'> = {},
    state: RunningState | null = null,
    mode: Mode = 'train',
    { out }: Into = {},
  ): Forward<BatchNormSaved> {
    const { plan, affine } = this.checked(x, params, state, mode, out);
    const known = mode === 'infer' ? state : momentsInPieces(x, plan, this.engine);
    const normalized = known
      ? forwardFixed(plan, x, affine, known.mean, known.variance, plan.epsilon, this.engine, out)
      : forwardChannels(plan, x, affine, this.engine, out, state ? this.#remember(state, plan) : undefined);
    if (mode === 'train' && known && state) {
      updateRunning(state, known.mean, known.variance, elementsPerSet(plan.view), this.running);
    }
    return remembered(this.name, mode, x, out, affine, normalized, plan);
  }

  /** One update a row of sets: ghost slices move the running statistics one after another. */
  #remember(state: RunningState, { view }: ChannelPlan): Remember {
    return (f64, mean, variance) => {
      for (let i = 0; i < view.o; i++) {
        const first = i * view.k;
        updateRunning(state, f64, f64, elementsPerSet(view), this.running, mean + first, variance + first);
      }
    };
  }

  override backward(dy: Tensor, saved: BatchNormSaved, into: Into = {}): Gradients<'gamma' | 'beta'> {
    if (saved.mode === 'train') return super.backward(dy, saved, into);
    checkGradient(dy, saved.x, this.name, into.out);
    return backwardFixed(saved.plan, dy, saved, this.engine, into.out);
  }
}

/**
 * Batch normalization (Ioffe & Szegedy, arXiv 1502.03167, algorithm 1; inference: algorithm 2, steps 8–12).
 * x: [N, …, C] or [N, C, …], rank 2 to 5; γ, β: [C]; state: mean and variance, float32[C], updated in train mode.
 */
export function batchNorm(options: BatchNormOptions = {}): BatchFamilyNorm {
  checkOptions('batchNorm', options);
  return new BatchFamilyNorm({ name: 'batchNorm', view: batchView }, options);
}
