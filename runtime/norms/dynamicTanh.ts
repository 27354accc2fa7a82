import { filled, type Tensor } from '../tensor';
import { checkDims } from '../view';
import { like } from './localResponse';
import {
  type CommonOptions,
  checkGradient,
  checkInput,
  checkParameters,
  copied,
  type Forward,
  type Gradients,
  type Into,
  kept,
  type Mode,
  type Norm,
  type Params,
  type Saved,
  type State,
  vector,
} from './norm';
import { checkOptions } from './options';

export interface DynamicTanhOptions extends Pick<CommonOptions, 'engine'> {
  /** α at the start. Default .5. */
  readonly alpha?: number;
}

export interface DynamicTanhSaved extends Saved {
  readonly params: Params<Names>;
}

type Names = 'alpha' | 'gamma' | 'beta';

/**
 * Dynamic tanh, a layer in place of normalization (Zhu et al., arXiv 2503.10622, equation 3 and algorithm 1):
 * y = γ·tanh(α·x) + β. x: [.., C], rank 1 to 5; α: [1]; γ, β: [C].
 */
export function dynamicTanh(options: DynamicTanhOptions = {}): DynamicTanh {
  checkOptions('dynamicTanh', options);
  return new DynamicTanh(options);
}

export class DynamicTanh implements Norm<Names, DynamicTanhSaved> {
  readonly name = 'dynamicTanh';
  constructor(readonly options: DynamicTanhOptions) {}

  #channels(shape: readonly number[]): number {
    checkDims(shape, this.name);
    return shape.at(-1) ?? 1;
  }

  parameters(shape: readonly number[]) {
    const c = this.#channels(shape);
    return { alpha: filled([1], this.options.alpha ?? 0.5), gamma: filled([c], 1), beta: filled([c], 0) };
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
  ): Forward<DynamicTanhSaved> {
    checkInput(x, this.name, out);
    const c = this.#channels(x.shape);
    const { alpha, gamma, beta } = params;
    checkParameters({ alpha }, [1], this.name);
    checkParameters({ gamma, beta }, [c], this.name);
    const a = this.#alpha(params);
    const y = like(x, out, this.options.engine);
    const [from, to] = [x.data, y.data];
    for (let i = 0; i < from.length; i++) {
      const scale = gamma ? (gamma.data[i % c] as number) : 1;
      to[i] = scale * Math.tanh(a * (from[i] as number)) + (beta ? (beta.data[i % c] as number) : 0);
    }
    return { y: copied(y, out), saved: { norm: this.name, mode, x: kept(x, out, this.name), params } };
  }

  #alpha({ alpha }: Params<Names>): number {
    return alpha?.data[0] ?? this.options.alpha ?? 0.5;
  }

  backward(dy: Tensor, { x, params }: DynamicTanhSaved, { out }: Into = {}): Gradients<Names> {
    checkGradient(dy, x, this.name, out);
    const { alpha, gamma, beta } = params;
    const c = this.#channels(x.shape);
    const a = this.#alpha(params);
    const dx = like(dy, out, this.options.engine);
    const [values, from, to] = [x.data, dy.data, dx.data];
    const dgamma = new Float64Array(c);
    const dbeta = new Float64Array(c);
    let dalpha = 0;
    for (let i = 0; i < values.length; i++) {
      const j = i % c;
      const v = from[i] as number;
      const t = Math.tanh(a * (values[i] as number));
      const inner = v * (gamma ? (gamma.data[j] as number) : 1) * (1 - t * t);
      to[i] = inner * a;
      dalpha += inner * (values[i] as number);
      dgamma[j] = (dgamma[j] as number) + v * t;
      dbeta[j] = (dbeta[j] as number) + v;
    }
    return {
      dx: copied(dx, out),
      ...(alpha && { dalpha: vector(Float64Array.of(dalpha)) }),
      ...(gamma && { dgamma: vector(dgamma) }),
      ...(beta && { dbeta: vector(dbeta) }),
    };
  }
}
