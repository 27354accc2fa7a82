import { checkTensor, type Statistics } from '../engine';
import { filled, type Tensor } from '../tensor';
import { channelsOf, instanceView, type Layout } from '../view';
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

export interface FilterResponseOptions extends CommonOptions {
  readonly layout?: Layout;
}

export interface FilterResponseSaved extends Saved {
  readonly plan: ChannelPlan;
  readonly gamma: Tensor | undefined;
  readonly beta: Tensor | undefined;
  readonly tau: Tensor | undefined;
  readonly mean: Statistics;
  readonly rstd: Statistics;
}

type Names = 'gamma' | 'beta' | 'tau';

/**
 * Filter response normalization with its thresholded linear unit (Singh & Krishnan, arXiv 1911.09737, equations 1–3):
 * y = γ·x/√(ν² + ε) + β with ν² the mean of x² over a sample's positions, then max(y, τ); without τ, no threshold.
 * x: [N, …, C] or [N, C, …]; γ, β, τ: [C]; ε 1e-6.
 */
export function filterResponseNorm(options: FilterResponseOptions = {}): FilterResponseNorm {
  return new FilterResponseNorm(options);
}

export class FilterResponseNorm implements Norm<Names, FilterResponseSaved> {
  readonly name = 'filterResponseNorm';
  readonly #epsilon: number;

  constructor(readonly options: FilterResponseOptions) {
    this.#epsilon = checkEpsilon(options.epsilon ?? 1e-6, this.name);
  }

  #planOf(shape: readonly number[]): ChannelPlan {
    const channels = channelsOf(shape, this.options.layout ?? 'channelsLast', this.name);
    return { view: instanceView(channels), channels, perSample: false, centered: false, epsilon: this.#epsilon };
  }

  parameters(shape: readonly number[]) {
    const { c } = this.#planOf(shape).channels;
    return { gamma: filled([c], 1), beta: filled([c], 0), tau: filled([c], 0) };
  }

  state(): null {
    return null;
  }

  forward(
    x: Tensor,
    { gamma, beta, tau }: Params<Names> = {},
    _state: State | null = null,
    mode: Mode = 'train',
  ): Forward<FilterResponseSaved> {
    checkTensor(x, this.name);
    const plan = this.#planOf(x.shape);
    const { c } = plan.channels;
    checkParameter(gamma, [c], `${this.name} gamma`);
    checkParameter(beta, [c], `${this.name} beta`);
    checkParameter(tau, [c], `${this.name} tau`);
    const { y, mean, rstd } = forwardChannels(plan, x, gamma, beta, this.options.engine, false);
    if (tau) {
      const { data } = y;
      const limits = tau.data;
      // NaN stays NaN under Math.max.
      forEachChannel(plan, (i, channel) => {
        data[i] = Math.max(data[i] as number, limits[channel] as number);
      });
    }
    return { y, saved: { norm: this.name, mode, x, plan, gamma, beta, tau, mean, rstd } };
  }

  backward(dy: Tensor, saved: FilterResponseSaved): Gradients<Names> {
    const { plan, x, gamma, beta, tau, mean, rstd } = saved;
    checkGradient(dy, x, this.name);
    const { engine } = this.options;
    const dtau = tau && new Float64Array(tau.data.length);
    let passed = dy;
    if (tau && dtau) {
      const data = dy.data.slice();
      const values = x.data;
      const { c, s } = plan.channels;
      const last = plan.channels.layout === 'channelsLast';
      forEachChannel(plan, (i, channel) => {
        const set = last ? Math.floor(i / (s * c)) * c + channel : Math.floor(i / s);
        const hat = (values[i] as number) * (rstd.data[set] as number);
        const y = hat * (gamma?.data[channel] ?? 1) + (beta?.data[channel] ?? 0);
        if (y > (tau.data[channel] as number)) return;
        dtau[channel] = (dtau[channel] as number) + (data[i] as number);
        data[i] = 0;
      });
      passed = { data, shape: dy.shape };
    }
    const { dx, dgamma, dbeta } = backwardChannels(plan, x, passed, gamma, beta, mean, rstd, engine);
    return {
      dx,
      ...(dgamma && { dgamma }),
      ...(dbeta && { dbeta }),
      ...(tau && dtau && { dtau: { data: Float32Array.from(dtau), shape: tau.shape } }),
    };
  }
}

/** Calls back with every flat index and its channel. */
function forEachChannel(
  { channels: { n, c, s, layout } }: ChannelPlan,
  body: (i: number, channel: number) => void,
): void {
  const size = n * c * s;
  if (layout === 'channelsLast') for (let i = 0; i < size; i++) body(i, i % c);
  else for (let i = 0; i < size; i++) body(i, Math.floor(i / s) % c);
}
