import { ArenaTensor } from '../arena';
import { NormError } from '../errors';
import { sameShape, sizeOf, type Tensor } from '../tensor';
import { type Channels, channelsOf, instanceView, type Layout } from '../view';
import { gridApply, momentsOf } from './grid';
import { LocalNorm, type LocalSaved } from './local';
import {
  type CommonOptions,
  checkEpsilon,
  checkParameter,
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
import { checkOptions } from './options';
import { withResult } from './pass';

export interface AdainOptions extends CommonOptions {
  readonly layout?: Layout;
}

/** A style image, or its statistics as they are: `scale` in the place of σ(s), `shift` in that of μ(s). */
type Names = 'style' | 'scale' | 'shift';

export interface AdainSaved extends Saved {
  readonly params: Params<Names>;
  /** The pass by γ = σ(s) and β = μ(s), [N, C], or [C] where all samples have one style. */
  readonly content: LocalSaved;
  /** The statistics of `style`, if that was given. */
  readonly moments: StyleMoments | undefined;
}

/** μ(s) and σ(s) = √(variance + ε) of every sample and channel of the style. */
interface StyleMoments {
  readonly channels: Channels;
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/**
 * Adaptive instance normalization (Huang & Belongie, arXiv 1703.06868, equation 8): y = σ(s)·(x − μ(x))/σ(x) + μ(s), a
 * sample and channel each. x: [N, …, C] or [N, C, …]; parameter style: as many channels and any spatial dims, N samples, or 1,
 * whose style all samples take. Or, where a network gives a style's statistics (Karras et al., arXiv 1812.04948, equation 1),
 * scale and shift in place of σ(s) and μ(s): both [N, C], or [1, C] or [C] for all samples. ε 1e-5.
 */
export function adaptiveInstanceNorm(options: AdainOptions = {}): AdaptiveInstanceNorm {
  checkOptions('adaptiveInstanceNorm', options);
  return new AdaptiveInstanceNorm(options);
}

export class AdaptiveInstanceNorm implements Norm<Names, AdainSaved> {
  readonly name = 'adaptiveInstanceNorm';
  readonly #epsilon: number;
  /** With a style a sample, and with one style. */
  readonly #each: LocalNorm;
  readonly #all: LocalNorm;

  constructor(readonly options: AdainOptions) {
    const { name } = this;
    this.#epsilon = checkEpsilon(options.epsilon ?? 1e-5, name);
    this.#each = new LocalNorm({ name, view: instanceView, perSample: true }, this.#epsilon, options);
    this.#all = new LocalNorm({ name, view: instanceView }, this.#epsilon, options);
  }

  /** The style is an input, not a weight: there is nothing to begin with. */
  parameters(): Record<string, never> {
    return {};
  }

  state(): null {
    return null;
  }

  forward(
    x: Tensor,
    params: Params<Names> = {},
    _state: State | null = null,
    mode: Mode = 'train',
    into: Into = {},
  ): Forward<AdainSaved> {
    const { style, scale, shift } = params;
    const { n, c } = this.#each.planOf(x.shape).channels;
    const given = scale ?? shift;
    if (!style === !given) {
      throw new NormError('parameter', this.name, 'a style, or scale and shift', style ? 'both' : 'none');
    }
    const moments = style && this.#moments(style, n, c);
    const one = moments ? moments.channels.n === 1 : given && sizeOf(given.shape) === c;
    const shape = one ? [c] : [n, c];
    const fitted = (t: Tensor | undefined, name: Names) => {
      const fit = t && one && sameShape(t.shape, [1, c]) ? reshaped(t, shape) : t;
      checkParameter(fit, shape, this.name, name);
      return fit && { [name === 'scale' ? 'gamma' : 'beta']: fit };
    };
    const affine = moments
      ? { gamma: vector(moments.deviation, shape), beta: vector(moments.mean, shape) }
      : { ...fitted(scale, 'scale'), ...fitted(shift, 'shift') };
    const { y, saved } = (one ? this.#all : this.#each).forward(x, affine, null, mode, into);
    return { y, saved: { norm: this.name, mode, x: saved.x, params, content: saved, moments } };
  }

  #moments(style: Tensor, n: number, c: number): StyleMoments {
    const where = `${this.name} style`;
    const channels = channelsOf(style.shape, this.options.layout ?? 'channelsLast', where);
    if (channels.c !== c || (channels.n !== n && channels.n !== 1)) {
      const found = `${channels.n} samples of ${channels.c} channels`;
      throw new NormError('parameter', where, `${n} samples of ${c} channels, or 1`, found);
    }
    const { mean, variance } = momentsOf(style, channels, this.options.engine);
    return { channels, mean, deviation: variance.map((v) => Math.sqrt(v + this.#epsilon)) };
  }

  backward(dy: Tensor, saved: AdainSaved, into: Into = {}): Gradients<Names> {
    const { content, moments } = saved;
    const { style, scale, shift } = saved.params;
    const { dx, dgamma, dbeta } = this.#each.backward(dy, content, into);
    if (!style || !moments) {
      return {
        dx,
        ...(scale && dgamma && { dscale: reshaped(dgamma, scale.shape) }),
        ...(shift && dbeta && { dshift: reshaped(dbeta, shift.shape) }),
      };
    }
    const { channels, mean, deviation } = moments;
    // ∂μ/∂s = 1/S and ∂σ/∂s = (s − μ)/(S·σ).
    const share = (t: Tensor | undefined, i: number) => (t?.data[i] ?? 0) / channels.s;
    const slope = deviation.map((sigma, i) => share(dgamma, i) / sigma);
    const level = deviation.map((_, i) => share(dbeta, i));
    const dstyle = withResult(style, this.options.engine, ({ engine, out, finish }) => {
      gridApply(engine, engine.pointer(style), out, channels, mean, slope, level);
      return finish();
    });
    return { dx, dstyle };
  }
}

/** The same values by another shape. */
const reshaped = (t: Tensor, shape: readonly number[]): Tensor =>
  t instanceof ArenaTensor ? new ArenaTensor(t.arena, t.offset, shape, t.size) : { data: t.data, shape };
