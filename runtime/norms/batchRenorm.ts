import { NormError } from '../errors';
import type { Tensor } from '../tensor';
import { batchView, type Layout } from '../view';
import { backwardChannels, ChannelNorm, type ChannelSaved } from './channels';
import { backwardFixed, forwardFixed } from './fixed';
import { mergeGrid, momentsOf } from './grid';
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
  type State,
  vector,
} from './norm';
import { checkOptions } from './options';
import { type Affine, remembered } from './pass';
import { freshRunning, updateRunning } from './running';

export interface BatchRenormOptions extends CommonOptions {
  readonly layout?: Layout;
  /** The largest correction of the scale; the paper raises it from 1 to 3 during training. Default 3. */
  readonly rMax?: number;
  /** The largest correction of the mean, in standard deviations; raised from 0 to 5. Default 5. */
  readonly dMax?: number;
  /** α, the weight of the new value in the moving averages. Default .01. */
  readonly rate?: number;
  /** Leave the moving averages alone where a batch's statistics are not finite. */
  readonly guard?: boolean;
}

/** The moving averages of mean and standard deviation, float32[C] each. */
export interface BatchRenormState extends State {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

export interface BatchRenormSaved extends ChannelSaved {
  /** The corrections r and d of every channel, constants of the backward pass. */
  readonly r: Float64Array;
  readonly d: Float64Array;
}

const clip = (v: number, low: number, high: number): number => Math.min(Math.max(v, low), high);

/**
 * Batch renormalization (Ioffe, arXiv 1702.03275, algorithm 1): y = γ·((x − μB)/σB·r + d) + β with
 * r = clip(σB/σ, 1/rMax, rMax), d = clip((μB − μ)/σ, −dMax, dMax), σB = √(ε + variance); r and d take no gradient.
 * x: [N, …, C] or [N, C, …]; γ, β: [C].
 */
export function batchRenorm(options: BatchRenormOptions = {}): BatchRenorm {
  checkOptions('batchRenorm', options);
  return new BatchRenorm(options);
}

export class BatchRenorm extends ChannelNorm implements Norm<'gamma' | 'beta', BatchRenormSaved> {
  readonly #rMax: number;
  readonly #dMax: number;
  readonly #rate: number;

  constructor(readonly options: BatchRenormOptions) {
    const name = 'batchRenorm';
    super({ name, view: batchView }, options.layout, checkEpsilon(options.epsilon ?? 1e-3, name), options.engine);
    this.#rMax = options.rMax ?? 3;
    this.#dMax = options.dMax ?? 5;
    this.#rate = options.rate ?? 0.01;
    const check = (fits: boolean, expected: string, actual: number) => {
      if (!fits) throw new NormError('option', name, expected, `${actual}`);
    };
    check(this.#rMax >= 1, 'rMax of at least 1', this.#rMax);
    check(this.#dMax >= 0, 'dMax of at least 0', this.#dMax);
    check(this.#rate >= 0 && this.#rate <= 1, 'a rate from 0 to 1', this.#rate);
  }

  state(shape: readonly number[]): BatchRenormState {
    const { mean, variance } = freshRunning(this.planOf(shape).channels.c);
    return { mean, deviation: variance };
  }

  forward(
    x: Tensor,
    params: Params<'gamma' | 'beta'> = {},
    state: BatchRenormState | null = this.state(x.shape),
    mode: Mode = 'train',
    { out }: Into = {},
  ): Forward<BatchRenormSaved> {
    checkInput(x, this.name, out);
    const plan = this.planOf(x.shape);
    const { gamma, beta } = this.affineOf(params);
    const { c, s } = plan.channels;
    if (!state || state.mean.length !== c || state.deviation.length !== c) {
      throw new NormError('shape', this.name, `a state of ${c} channels`, `${state?.mean.length ?? 'none'}`);
    }
    const normalized = (affine: Affine, mean: Float32Array | Float64Array, deviation: Float64Array) => {
      const variance = deviation.map((v) => v * v);
      const pass = forwardFixed(plan, x, affine, mean, variance, 0, this.engine, out);
      return remembered(this.name, mode, x, out, { gamma, beta }, pass, plan);
    };
    if (mode === 'infer') {
      const { y, saved } = normalized({ gamma, beta }, state.mean, Float64Array.from(state.deviation));
      return { y, saved: { ...saved, r: new Float64Array(c).fill(1), d: new Float64Array(c) } };
    }
    const batch = mergeGrid(momentsOf(x, plan.channels, this.engine), s, c, (i) => i % c);
    const deviation = batch.variance.map((v) => Math.sqrt(v + this.epsilon));
    const sigma = (i: number) => state.deviation[i] as number;
    const r = deviation.map((v, i) => clip(v / sigma(i), 1 / this.#rMax, this.#rMax));
    const d = batch.mean.map((v, i) => clip((v - (state.mean[i] as number)) / sigma(i), -this.#dMax, this.#dMax));
    // y = (x − μB)/σB·(γr) + (γd + β): batch norm by known statistics, with other γ and β.
    const moved = d.map((v, i) => v * (gamma?.data[i] ?? 1) + (beta?.data[i] ?? 0));
    const { y, saved } = normalized({ gamma: scaled(r, gamma), beta: vector(moved) }, batch.mean, deviation);
    this.#remember(state, batch.mean, deviation);
    return { y, saved: { ...saved, r, d } };
  }

  #remember(state: BatchRenormState, mean: Float64Array, deviation: Float64Array): void {
    const running = { keep: 1 - this.#rate, unbiased: false, guard: this.options.guard ?? false };
    updateRunning({ mean: state.mean, variance: state.deviation }, mean, deviation, 1, running);
  }

  override backward(dy: Tensor, saved: BatchRenormSaved, { out }: Into = {}): Gradients<'gamma' | 'beta'> {
    const { plan, gamma, beta, r, d } = saved;
    checkGradient(dy, saved.x, this.name, out);
    if (saved.mode === 'infer') return backwardFixed(plan, dy, saved, this.engine, out);
    // With γr for γ this is batch norm's backward pass; Σdy·x̂r = r·Σdy·x̂ + d·Σdy.
    const both = scaled(r, gamma);
    const { dx, dgamma, dbeta } = backwardChannels(plan, dy, { ...saved, gamma: both, beta: both }, this.engine, out);
    const total = r.map((v, i) => v * (dgamma?.data[i] ?? 0) + (d[i] as number) * (dbeta?.data[i] ?? 0));
    return { dx, ...(gamma && { dgamma: vector(total) }), ...(beta && dbeta && { dbeta }) };
  }
}

/** γr. */
const scaled = (r: Float64Array, gamma: Tensor | undefined): Tensor =>
  vector(r.map((v, i) => v * (gamma?.data[i] ?? 1)));
