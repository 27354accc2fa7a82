import { checkTensor, type Statistics } from '../engine';
import { filled, type Tensor } from '../tensor';
import { instanceView } from '../view';
import { backwardChannels, type ChannelPlan, forwardChannels } from './channels';
import {
  type CommonOptions,
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

export interface WeightNormOptions extends Pick<CommonOptions, 'engine'> {
  /** Default last. */
  readonly units?: UnitAxis;
}

export interface WeightNormSaved extends Saved {
  readonly plan: ChannelPlan;
  readonly g: Tensor | undefined;
  readonly scaled: Tensor;
  readonly mean: Statistics;
  readonly rstd: Statistics;
}

/**
 * Weight normalization (Salimans & Kingma, arXiv 1602.07868, equations 2 and 3): w = g·v/‖v‖, an output unit each.
 * x is v: [.., out] or [out, ..], rank 2 to 5; g: [out]. There is no ε: a unit of zeros gives NaN, as the formula does.
 */
export function weightNorm(options: WeightNormOptions = {}): WeightNorm {
  return new WeightNorm(options);
}

export class WeightNorm implements Norm<'g', WeightNormSaved> {
  readonly name = 'weightNorm';
  constructor(readonly options: WeightNormOptions) {}

  #planOf(shape: readonly number[]): ChannelPlan {
    const channels = unitsOf(shape, this.options.units ?? 'last', this.name);
    return { view: instanceView(channels), channels, perSample: false, centered: false, epsilon: 0 };
  }

  parameters(shape: readonly number[]) {
    return { g: filled([this.#planOf(shape).channels.c], 1) };
  }

  state(): null {
    return null;
  }

  forward(
    v: Tensor,
    { g }: Params<'g'> = {},
    _state: State | null = null,
    mode: Mode = 'train',
  ): Forward<WeightNormSaved> {
    checkTensor(v, this.name);
    const plan = this.#planOf(v.shape);
    const { c, s } = plan.channels;
    checkParameter(g, [c], `${this.name} g`);
    // v/‖v‖ = v/√(mean of v²)/√S: the norm by the mean square, with γ = g/√S.
    const scaled = filled([c], 1 / Math.sqrt(s));
    if (g)
      g.data.forEach((value, i) => {
        scaled.data[i] = value / Math.sqrt(s);
      });
    const { y, mean, rstd } = forwardChannels(plan, v, scaled, undefined, this.options.engine, false);
    return { y, saved: { norm: this.name, mode, x: v, plan, g, scaled, mean, rstd } };
  }

  backward(dw: Tensor, { plan, x, g, scaled, mean, rstd }: WeightNormSaved): Gradients<'g'> {
    checkGradient(dw, x, this.name);
    const { dx, dgamma } = backwardChannels(plan, x, dw, scaled, undefined, mean, rstd, this.options.engine);
    if (!g || !dgamma) return { dx };
    const root = Math.sqrt(plan.channels.s);
    return { dx, dg: { data: dgamma.data.map((value) => value / root), shape: g.shape } };
  }
}
