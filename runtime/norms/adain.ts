import { NormError } from '../errors';
import { sameShape, type Tensor } from '../tensor';
import { type Channels, channelsOf, instanceView, type Layout } from '../view';
import { gridApply, momentsOf } from './grid';
import { LocalNorm, type LocalSaved } from './local';
import {
  type CommonOptions,
  checkEpsilon,
  type Forward,
  type Gradients,
  type Into,
  type Mode,
  type Norm,
  type Params,
  type Saved,
  type State,
  vector,
} from './norm';
import { withResult } from './pass';

export interface AdainOptions extends CommonOptions {
  readonly layout?: Layout;
}

export interface AdainSaved extends Saved {
  readonly style: Tensor;
  readonly content: LocalSaved;
  /** μ(s) and σ(s) = √(variance + ε) of every sample and channel of the style. */
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/**
 * Adaptive instance normalization (Huang & Belongie, arXiv 1703.06868, equation 8): y = σ(s)·(x − μ(x))/σ(x) + μ(s), a
 * sample and channel each. x: [N, …, C] or [N, C, …]; parameter style: the same N and C, any spatial dims; ε 1e-5.
 */
export function adaptiveInstanceNorm(options: AdainOptions = {}): AdaptiveInstanceNorm {
  return new AdaptiveInstanceNorm(options);
}

export class AdaptiveInstanceNorm implements Norm<'style', AdainSaved> {
  readonly name = 'adaptiveInstanceNorm';
  readonly #instance: LocalNorm;
  readonly #epsilon: number;

  constructor(readonly options: AdainOptions) {
    this.#epsilon = checkEpsilon(options.epsilon ?? 1e-5, this.name);
    this.#instance = new LocalNorm({ name: this.name, view: instanceView, perSample: true }, this.#epsilon, options);
  }

  /** The style is an input, not a weight: there is nothing to begin with. */
  parameters(): Record<string, never> {
    return {};
  }

  state(): null {
    return null;
  }

  #channels({ shape }: Tensor, where: string): Channels {
    return channelsOf(shape, this.options.layout ?? 'channelsLast', where);
  }

  forward(
    x: Tensor,
    params: Params<'style'> = {},
    _state: State | null = null,
    mode: Mode = 'train',
    into: Into = {},
  ): Forward<AdainSaved> {
    const { style } = params;
    const { n, c } = this.#instance.planOf(x.shape).channels;
    if (!style) throw new NormError('parameter', this.name, 'a style tensor', 'none');
    const channels = this.#channels(style, `${this.name} style`);
    if (!sameShape([channels.n, channels.c], [n, c])) {
      const found = `${channels.n} samples of ${channels.c} channels`;
      throw new NormError('parameter', `${this.name} style`, `${n} samples of ${c} channels`, found);
    }
    const moments = momentsOf(style, channels, this.options.engine);
    const deviation = moments.variance.map((v) => Math.sqrt(v + this.#epsilon));
    const [gamma, beta] = [vector(deviation, [n, c]), vector(moments.mean, [n, c])];
    const { y, saved } = this.#instance.forward(x, { gamma, beta }, null, mode, into);
    return { y, saved: { norm: this.name, mode, x: saved.x, style, content: saved, mean: moments.mean, deviation } };
  }

  backward(dy: Tensor, saved: AdainSaved, into: Into = {}): Gradients<'style'> {
    const { style, mean, deviation } = saved;
    const { dx, dgamma, dbeta } = this.#instance.backward(dy, saved.content, into);
    const channels = this.#channels(style, this.name);
    // ∂μ/∂s = 1/S and ∂σ/∂s = (s − μ)/(S·σ).
    const share = (t: Tensor | undefined, i: number) => (t?.data[i] ?? 0) / channels.s;
    const scale = deviation.map((sigma, i) => share(dgamma, i) / sigma);
    const offset = deviation.map((_, i) => share(dbeta, i));
    const dstyle = withResult(style, this.options.engine, ({ engine, out, finish }) => {
      gridApply(engine, engine.pointer(style), out, channels, mean, scale, offset);
      return finish();
    });
    return { dx, dstyle };
  }
}
