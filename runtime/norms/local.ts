// Norms with sets inside one sample: instance and group norm. They remember nothing and know no modes.
import { checkTensor, type Statistics } from '../engine';
import { filled, sameShape, type Tensor } from '../tensor';
import { type Channels, channelsOf, type Layout, type View } from '../view';
import { gradients } from './batch';
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

export interface LocalOptions extends CommonOptions {
  /** Default channelsLast. */
  readonly layout?: Layout;
}

export interface LocalSaved extends Saved {
  readonly gamma: Tensor | undefined;
  readonly beta: Tensor | undefined;
  readonly mean: Statistics;
  readonly rstd: Statistics;
  readonly plan: ChannelPlan;
}

export interface LocalFamily {
  readonly name: string;
  readonly epsilon: number;
  readonly view: (channels: Channels) => View;
  /** γ and β are [N, C] instead of [C]. */
  readonly perSample: boolean;
}

export class LocalNorm implements Norm<'gamma' | 'beta', LocalSaved> {
  readonly name: string;
  readonly #epsilon: number;
  #shape: readonly number[] = [];
  #plan: ChannelPlan | undefined;

  constructor(
    readonly family: LocalFamily,
    readonly options: LocalOptions,
  ) {
    this.name = family.name;
    this.#epsilon = checkEpsilon(options.epsilon ?? family.epsilon, family.name);
  }

  #planOf(shape: readonly number[]): ChannelPlan {
    if (this.#plan && sameShape(shape, this.#shape)) return this.#plan;
    const channels = channelsOf(shape, this.options.layout ?? 'channelsLast', this.name);
    const { perSample } = this.family;
    this.#plan = { view: this.family.view(channels), channels, perSample, centered: true, epsilon: this.#epsilon };
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

  state(): null {
    return null;
  }

  forward(
    x: Tensor,
    params: Params<'gamma' | 'beta'> = {},
    _state: State | null = null,
    mode: Mode = 'train',
  ): Forward<LocalSaved> {
    checkTensor(x, this.name);
    const plan = this.#planOf(x.shape);
    const { gamma, beta } = params;
    if (gamma || beta) {
      const affine = this.#affineShape(plan);
      checkParameter(gamma, affine, `${this.name} gamma`);
      checkParameter(beta, affine, `${this.name} beta`);
    }
    const { y, mean, rstd } = forwardChannels(plan, x, gamma, beta, this.options.engine, false);
    return { y, saved: { norm: this.name, mode, x, gamma, beta, mean, rstd, plan } };
  }

  backward(dy: Tensor, saved: LocalSaved): Gradients<'gamma' | 'beta'> {
    const { plan, x, gamma, beta, mean, rstd } = saved;
    checkGradient(dy, x, this.name);
    return gradients(backwardChannels(plan, x, dy, gamma, beta, mean, rstd, this.options.engine));
  }
}
