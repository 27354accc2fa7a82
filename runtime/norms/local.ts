// Norms with sets inside one sample: instance and group norm. They remember nothing and know no modes.
import type { Tensor } from '../tensor';
import type { Layout } from '../view';
import { type ChannelFamily, ChannelNorm, type ChannelSaved, forwardChannels } from './channels';
import {
  type CommonOptions,
  checkEpsilon,
  checkInput,
  type Forward,
  type Into,
  type Mode,
  type Norm,
  type Params,
  type State,
} from './norm';
import { remembered } from './pass';

export interface LocalOptions extends CommonOptions {
  /** Default channelsLast. */
  readonly layout?: Layout;
}

export type LocalSaved = ChannelSaved;

export class LocalNorm extends ChannelNorm implements Norm<'gamma' | 'beta', LocalSaved> {
  constructor(
    family: ChannelFamily,
    epsilon: number,
    readonly options: LocalOptions,
  ) {
    super(family, options.layout, checkEpsilon(options.epsilon ?? epsilon, family.name), options.engine);
  }

  state(): null {
    return null;
  }

  forward(
    x: Tensor,
    params: Params<'gamma' | 'beta'> = {},
    _state: State | null = null,
    mode: Mode = 'train',
    { out }: Into = {},
  ): Forward<LocalSaved> {
    checkInput(x, this.name, out);
    const plan = this.planOf(x.shape);
    const affine = this.affineOf(params);
    return remembered(this.name, mode, x, out, affine, forwardChannels(plan, x, affine, this.engine, out), plan);
  }
}
