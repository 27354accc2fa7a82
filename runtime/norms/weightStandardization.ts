import type { Tensor } from '../tensor';
import { instanceView } from '../view';
import { ChannelNorm, type ChannelSaved, forwardChannels } from './channels';
import {
  type CommonOptions,
  checkEpsilon,
  checkInput,
  checkParameter,
  type Forward,
  type Gradients,
  type Into,
  type Mode,
  type Norm,
  type Params,
  type State,
} from './norm';
import { checkOptions } from './options';
import { remembered } from './pass';
import { type UnitAxis, unitsOf } from './weights';

export interface WeightStandardizationOptions extends CommonOptions {
  /** Default last. */
  readonly units?: UnitAxis;
}

export type WeightStandardizationSaved = ChannelSaved;

/**
 * Weight standardization (Qiao et al., arXiv 1903.10520, equations 5 to 7): ŵ = (w − μ)/√(σ² + ε), an output unit each,
 * with the optional gain of Brock et al. (arXiv 2101.08692, section 2). x: [.., out] or [out, ..]; gain: [out]; ε 1e-5.
 */
export function weightStandardization(options: WeightStandardizationOptions = {}): WeightStandardization {
  checkOptions('weightStandardization', options);
  return new WeightStandardization(options);
}

export class WeightStandardization implements Norm<'gain', WeightStandardizationSaved> {
  readonly name = 'weightStandardization';
  readonly #units: ChannelNorm;

  constructor(readonly options: WeightStandardizationOptions) {
    const epsilon = checkEpsilon(options.epsilon ?? 1e-5, this.name);
    const channels = (shape: readonly number[]) => unitsOf(shape, options.units, this.name);
    this.#units = new ChannelNorm(
      { name: this.name, view: instanceView, channels },
      undefined,
      epsilon,
      options.engine,
    );
  }

  parameters(shape: readonly number[]) {
    return { gain: this.#units.parameters(shape).gamma };
  }

  state(): null {
    return null;
  }

  forward(
    w: Tensor,
    { gain }: Params<'gain'> = {},
    _state: State | null = null,
    mode: Mode = 'train',
    { out }: Into = {},
  ): Forward<WeightStandardizationSaved> {
    checkInput(w, this.name, out);
    const plan = this.#units.planOf(w.shape);
    checkParameter(gain, [plan.channels.c], this.name, 'gain');
    const affine = { gamma: gain, beta: undefined };
    const pass = forwardChannels(plan, w, affine, this.options.engine, out);
    return remembered(this.name, mode, w, out, affine, pass, plan);
  }

  backward(dy: Tensor, saved: WeightStandardizationSaved, into: Into = {}): Gradients<'gain'> {
    const { dx, dgamma } = this.#units.backward(dy, saved, into);
    return { dx, ...(dgamma && { dgain: dgamma }) };
  }
}
