import { checkTensor, type Statistics } from '../engine';
import { filled, type Tensor } from '../tensor';
import { instanceView } from '../view';
import { backwardChannels, type ChannelPlan, forwardChannels } from './channels';
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
import { type UnitAxis, unitsOf } from './weights';

export interface WeightStandardizationOptions extends CommonOptions {
  /** Default last. */
  readonly units?: UnitAxis;
}

export interface WeightStandardizationSaved extends Saved {
  readonly plan: ChannelPlan;
  readonly gain: Tensor | undefined;
  readonly mean: Statistics;
  readonly rstd: Statistics;
}

/**
 * Weight standardization (Qiao et al., arXiv 1903.10520, equations 5 to 7): ŵ = (w − μ)/√(σ² + ε), an output unit each,
 * with the optional gain of Brock et al. (arXiv 2101.08692, section 2). x: [.., out] or [out, ..]; gain: [out]; ε 1e-5.
 */
export function weightStandardization(options: WeightStandardizationOptions = {}): WeightStandardization {
  return new WeightStandardization(options);
}

export class WeightStandardization implements Norm<'gain', WeightStandardizationSaved> {
  readonly name = 'weightStandardization';
  readonly #epsilon: number;

  constructor(readonly options: WeightStandardizationOptions) {
    this.#epsilon = checkEpsilon(options.epsilon ?? 1e-5, this.name);
  }

  #planOf(shape: readonly number[]): ChannelPlan {
    const channels = unitsOf(shape, this.options.units ?? 'last', this.name);
    return { view: instanceView(channels), channels, perSample: false, centered: true, epsilon: this.#epsilon };
  }

  parameters(shape: readonly number[]) {
    return { gain: filled([this.#planOf(shape).channels.c], 1) };
  }

  state(): null {
    return null;
  }

  forward(
    w: Tensor,
    { gain }: Params<'gain'> = {},
    _state: State | null = null,
    mode: Mode = 'train',
  ): Forward<WeightStandardizationSaved> {
    checkTensor(w, this.name);
    const plan = this.#planOf(w.shape);
    checkParameter(gain, [plan.channels.c], `${this.name} gain`);
    const { y, mean, rstd } = forwardChannels(plan, w, gain, undefined, this.options.engine, false);
    return { y, saved: { norm: this.name, mode, x: w, plan, gain, mean, rstd } };
  }

  backward(dy: Tensor, { plan, x, gain, mean, rstd }: WeightStandardizationSaved): Gradients<'gain'> {
    checkGradient(dy, x, this.name);
    const { dx, dgamma } = backwardChannels(plan, x, dy, gain, undefined, mean, rstd, this.options.engine);
    return { dx, ...(dgamma && { dgain: dgamma }) };
  }
}
