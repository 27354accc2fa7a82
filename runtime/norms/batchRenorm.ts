import { checkTensor } from '../engine';
import { NormError } from '../errors';
import { filled, type Tensor } from '../tensor';
import { batchView, type Channels, channelsOf, type Layout } from '../view';
import { backwardChannels, type ChannelPlan } from './channels';
import { backwardFixed, forwardFixed } from './fixed';
import { mergeGrid, momentsOf } from './grid';
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
  type State,
} from './norm';

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

export interface BatchRenormSaved extends Saved {
  readonly plan: ChannelPlan;
  readonly gamma: Tensor | undefined;
  readonly beta: Tensor | undefined;
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
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
  return new BatchRenorm(options);
}

export class BatchRenorm implements Norm<'gamma' | 'beta', BatchRenormSaved> {
  readonly name = 'batchRenorm';
  readonly #epsilon: number;
  readonly #rMax: number;
  readonly #dMax: number;
  readonly #rate: number;

  constructor(readonly options: BatchRenormOptions) {
    this.#epsilon = checkEpsilon(options.epsilon ?? 1e-3, this.name);
    this.#rMax = options.rMax ?? 3;
    this.#dMax = options.dMax ?? 5;
    this.#rate = options.rate ?? 0.01;
    if (!(this.#rMax >= 1)) throw new NormError('option', this.name, 'rMax of at least 1', `${this.#rMax}`);
    if (!(this.#dMax >= 0)) throw new NormError('option', this.name, 'dMax of at least 0', `${this.#dMax}`);
    if (!(this.#rate >= 0 && this.#rate <= 1))
      throw new NormError('option', this.name, 'a rate from 0 to 1', `${this.#rate}`);
  }

  #channels(shape: readonly number[]): Channels {
    return channelsOf(shape, this.options.layout ?? 'channelsLast', this.name);
  }

  parameters(shape: readonly number[]) {
    const { c } = this.#channels(shape);
    return { gamma: filled([c], 1), beta: filled([c], 0) };
  }

  state(shape: readonly number[]): BatchRenormState {
    const { c } = this.#channels(shape);
    return { mean: new Float32Array(c), deviation: new Float32Array(c).fill(1) };
  }

  forward(
    x: Tensor,
    { gamma, beta }: Params<'gamma' | 'beta'> = {},
    state: BatchRenormState | null = this.state(x.shape),
    mode: Mode = 'train',
  ): Forward<BatchRenormSaved> {
    checkTensor(x, this.name);
    const channels = this.#channels(x.shape);
    const { c, s } = channels;
    checkParameter(gamma, [c], `${this.name} gamma`);
    checkParameter(beta, [c], `${this.name} beta`);
    if (!state || state.mean.length !== c || state.deviation.length !== c) {
      throw new NormError('shape', this.name, `a state of ${c} channels`, `${state?.mean.length ?? 'none'}`);
    }
    const plan: ChannelPlan = {
      view: batchView(channels),
      channels,
      perSample: false,
      centered: true,
      epsilon: this.#epsilon,
    };
    const fixed = { channels, perSample: false, epsilon: 0 };
    const common = { norm: this.name, mode, x, plan, gamma, beta };
    if (mode === 'infer') {
      const [mean, deviation] = [Float64Array.from(state.mean), Float64Array.from(state.deviation)];
      const y = forwardFixed(
        fixed,
        x,
        gamma,
        beta,
        mean,
        deviation.map((v) => v * v),
        this.options.engine,
      );
      const ones = new Float64Array(c).fill(1);
      return { y, saved: { ...common, mean, deviation, r: ones, d: new Float64Array(c) } };
    }
    const { engine } = this.options;
    const { mean, variance } = mergeGrid(momentsOf(x, channels, engine), s, c, (i) => i % c);
    const deviation = variance.map((v) => Math.sqrt(v + this.#epsilon));
    const ratio = (i: number) => (deviation[i] as number) / (state.deviation[i] as number);
    const shift = (i: number) => ((mean[i] as number) - (state.mean[i] as number)) / (state.deviation[i] as number);
    const r = mean.map((_, i) => clip(ratio(i), 1 / this.#rMax, this.#rMax));
    const d = mean.map((_, i) => clip(shift(i), -this.#dMax, this.#dMax));
    // y = (x − μB)/σB·(γr) + (γd + β): batch norm by known statistics, with other γ and β.
    const scaled = { data: Float32Array.from(r, (v, i) => v * (gamma?.data[i] ?? 1)), shape: [c] };
    const moved = {
      data: Float32Array.from(d, (v, i) => v * (gamma?.data[i] ?? 1) + (beta?.data[i] ?? 0)),
      shape: [c],
    };
    const y = forwardFixed(
      fixed,
      x,
      scaled,
      moved,
      mean,
      deviation.map((v) => v * v),
      engine,
    );
    this.#remember(state, mean, deviation);
    return { y, saved: { ...common, mean, deviation, r, d } };
  }

  #remember(state: BatchRenormState, mean: Float64Array, deviation: Float64Array): void {
    for (let i = 0; i < mean.length; i++) {
      const [mu, sigma] = [mean[i] as number, deviation[i] as number];
      if (this.options.guard && !(Number.isFinite(mu) && Number.isFinite(sigma))) continue;
      state.mean[i] = (state.mean[i] as number) + this.#rate * (mu - (state.mean[i] as number));
      state.deviation[i] = (state.deviation[i] as number) + this.#rate * (sigma - (state.deviation[i] as number));
    }
  }

  backward(dy: Tensor, saved: BatchRenormSaved): Gradients<'gamma' | 'beta'> {
    const { plan, x, gamma, beta, mean, deviation, r, d, mode } = saved;
    checkGradient(dy, x, this.name);
    const { engine } = this.options;
    if (mode === 'infer') {
      const fixed = { channels: plan.channels, perSample: false, epsilon: 0 };
      const variance = deviation.map((v) => v * v);
      const { dx, dgamma, dbeta } = backwardFixed(fixed, x, dy, gamma, beta, mean, variance, engine);
      return { dx, ...(dgamma && { dgamma }), ...(dbeta && { dbeta }) };
    }
    // With γr for γ this is batch norm's backward pass; Σdy·x̂r = r·Σdy·x̂ + d·Σdy.
    const scaled = { data: Float32Array.from(r, (v, i) => v * (gamma?.data[i] ?? 1)), shape: [r.length] };
    const rstd = { data: deviation.map((v) => 1 / v) };
    const result = backwardChannels(plan, x, dy, scaled, scaled, { data: mean }, rstd, engine);
    const { dgamma, dbeta } = result;
    if (!dgamma || !dbeta) throw new NormError('parameter', this.name, 'gradients of γ and β', 'none');
    const total = (i: number) =>
      (r[i] as number) * (dgamma.data[i] as number) + (d[i] as number) * (dbeta.data[i] as number);
    return {
      dx: result.dx,
      ...(gamma && { dgamma: { data: Float32Array.from(r, (_, i) => total(i)), shape: gamma.shape } }),
      ...(beta && { dbeta }),
    };
  }
}
