// Norms with sets inside one sample: instance and group norm. They remember nothing and know no modes.
import { checkTensor } from '../engine';
import type { Tensor } from '../tensor';
import type { Layout } from '../view';
import { type ChannelFamily, ChannelNorm, type ChannelSaved, forwardChannels } from './channels';
import { type CommonOptions, checkEpsilon, type Forward, type Mode, type Norm, type Params, type State } from './norm';

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
  ): Forward<LocalSaved> {
    checkTensor(x, this.name);
    const plan = this.planOf(x.shape);
    const affine = this.affineOf(params);
    const { y, mean, rstd } = forwardChannels(plan, x, affine, this.engine);
    return { y, saved: { norm: this.name, mode, x, gamma: affine.gamma, beta: affine.beta, mean, rstd, plan } };
  }
}
