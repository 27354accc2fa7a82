import { filled, type Tensor } from '../tensor';
import { instanceView } from '../view';
import { ChannelNorm, type ChannelSaved, forwardChannels } from './channels';
import {
  type CommonOptions,
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

export interface WeightNormOptions extends Pick<CommonOptions, 'engine'> {
  /** Default last. */
  readonly units?: UnitAxis;
}

export interface WeightNormSaved extends ChannelSaved {
  readonly g: Tensor | undefined;
}

/**
 * Weight normalization (Salimans & Kingma, arXiv 1602.07868, equations 2 and 3): w = g·v/‖v‖, an output unit each.
 * x is v: [.., out] or [out, ..], rank 2 to 5; g: [out]. There is no ε: a unit of zeros gives NaN, as the formula does.
 */
export function weightNorm(options: WeightNormOptions = {}): WeightNorm {
  checkOptions('weightNorm', options);
  return new WeightNorm(options);
}

export class WeightNorm implements Norm<'g', WeightNormSaved> {
  readonly name = 'weightNorm';
  readonly #units: ChannelNorm;

  constructor(readonly options: WeightNormOptions) {
    const channels = (shape: readonly number[]) => unitsOf(shape, options.units, this.name);
    const family = { name: this.name, view: instanceView, centered: false, channels };
    this.#units = new ChannelNorm(family, undefined, 0, options.engine);
  }

  parameters(shape: readonly number[]) {
    return { g: this.#units.parameters(shape).gamma };
  }

  state(): null {
    return null;
  }

  forward(
    v: Tensor,
    { g }: Params<'g'> = {},
    _state: State | null = null,
    mode: Mode = 'train',
    { out }: Into = {},
  ): Forward<WeightNormSaved> {
    checkInput(v, this.name, out);
    const plan = this.#units.planOf(v.shape);
    const { c, s } = plan.channels;
    checkParameter(g, [c], this.name, 'g');
    // v/‖v‖ = v/√(mean of v²)/√S: the norm by the mean square, with γ = g/√S.
    const gamma = filled([c], 1 / Math.sqrt(s));
    g?.data.forEach((value, i) => {
      gamma.data[i] = value / Math.sqrt(s);
    });
    const affine = { gamma, beta: undefined };
    const pass = forwardChannels(plan, v, affine, this.options.engine, out);
    const { y, saved } = remembered(this.name, mode, v, out, affine, pass, plan);
    return { y, saved: { ...saved, g } };
  }

  backward(dw: Tensor, saved: WeightNormSaved, into: Into = {}): Gradients<'g'> {
    const { dx, dgamma } = this.#units.backward(dw, saved, into);
    const { g, plan } = saved;
    if (!g || !dgamma) return { dx };
    const root = Math.sqrt(plan.channels.s);
    return { dx, dg: { data: dgamma.data.map((value) => value / root), shape: g.shape } };
  }
}
