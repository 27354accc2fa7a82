import { filled, type Tensor } from '../tensor';
import { forEachElement, instanceView, type Layout } from '../view';
import { ChannelNorm, type ChannelSaved, forwardChannels } from './channels';
import {
  type CommonOptions,
  checkEpsilon,
  checkGradient,
  checkInput,
  checkParameter,
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
import { remembered } from './pass';

export interface FilterResponseOptions extends CommonOptions {
  readonly layout?: Layout;
}

export interface FilterResponseSaved extends ChannelSaved {
  readonly tau: Tensor | undefined;
}

type Names = 'gamma' | 'beta' | 'tau';

/**
 * Filter response normalization with its thresholded linear unit (Singh & Krishnan, arXiv 1911.09737, equations 1–3):
 * y = γ·x/√(ν² + ε) + β with ν² the mean of x² over a sample's positions, then max(y, τ); without τ, no threshold.
 * x: [N, …, C] or [N, C, …]; γ, β, τ: [C]; ε 1e-6.
 */
export function filterResponseNorm(options: FilterResponseOptions = {}): FilterResponseNorm {
  checkOptions('filterResponseNorm', options);
  return new FilterResponseNorm(options);
}

export class FilterResponseNorm extends ChannelNorm implements Norm<Names, FilterResponseSaved> {
  constructor(readonly options: FilterResponseOptions) {
    const name = 'filterResponseNorm';
    const epsilon = checkEpsilon(options.epsilon ?? 1e-6, name);
    super({ name, view: instanceView, centered: false }, options.layout, epsilon, options.engine);
  }

  override parameters(shape: readonly number[]) {
    return { ...super.parameters(shape), tau: filled([this.planOf(shape).channels.c], 0) };
  }

  state(): null {
    return null;
  }

  forward(
    x: Tensor,
    params: Params<Names> = {},
    _state: State | null = null,
    mode: Mode = 'train',
    { out }: Into = {},
  ): Forward<FilterResponseSaved> {
    checkInput(x, this.name, out);
    const plan = this.planOf(x.shape);
    const { tau } = params;
    checkParameter(tau, [plan.channels.c], this.name, 'tau');
    const affine = this.affineOf(params);
    const pass = forwardChannels(plan, x, affine, this.engine, out);
    const { y, saved } = remembered(this.name, mode, x, out, affine, pass, plan);
    if (tau) {
      const { data } = y;
      const limits = tau.data;
      // NaN stays NaN under Math.max.
      forEachElement(plan.channels, (i, channel) => {
        data[i] = Math.max(data[i] as number, limits[channel] as number);
      });
    }
    return { y, saved: { ...saved, tau } };
  }

  override backward(dy: Tensor, saved: FilterResponseSaved, into: Into = {}): Gradients<Names> {
    const { plan, x, gamma, beta, tau, rstd } = saved;
    checkGradient(dy, x, this.name, into.out);
    const dtau = tau && new Float64Array(tau.data.length);
    let passed = dy;
    if (tau && dtau) {
      const data = dy.data.slice();
      const values = x.data;
      const { c, s } = plan.channels;
      forEachElement(plan.channels, (i, channel) => {
        const set = Math.floor(i / (s * c)) * c + channel;
        const hat = (values[i] as number) * (rstd.data[set] as number);
        const y = hat * (gamma?.data[channel] ?? 1) + (beta?.data[channel] ?? 0);
        if (y > (tau.data[channel] as number)) return;
        dtau[channel] = (dtau[channel] as number) + (data[i] as number);
        data[i] = 0;
      });
      passed = { data, shape: dy.shape };
    }
    return { ...super.backward(passed, saved, into), ...(dtau && { dtau: vector(dtau) }) };
  }
}
