import { NormError } from '../errors';
import type { Tensor } from '../tensor';
import { type Channels, forEachElement, isCount } from '../view';
import { like } from './localResponse';
import {
  type CommonOptions,
  checkGradient,
  checkInput,
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
} from './norm';
import { checkOptions } from './options';
import { type UnitAxis, unitsOf } from './weights';

export interface SpectralNormOptions extends Pick<CommonOptions, 'engine'> {
  /** Default last. */
  readonly units?: UnitAxis;
  /** Power iterations each forward pass in train mode. Default 1. */
  readonly iterations?: number;
}

/** The estimates of the first left and right singular vectors: u: [out], v: [the rest]. */
export interface SpectralState extends State {
  readonly u: Float32Array;
  readonly v: Float32Array;
}

export interface SpectralSaved extends Saved {
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly sigma: number;
  readonly channels: Channels;
}

/**
 * Spectral normalization (Miyato et al., arXiv 1802.05957, equation 8 and algorithm 1): W/σ(W), with σ = uᵀWv by power
 * iteration. In train mode u and v (state) move; they take no gradient (equation 12). x: [.., out] or [out, ..].
 */
export function spectralNorm(options: SpectralNormOptions = {}): SpectralNorm {
  checkOptions('spectralNorm', options);
  return new SpectralNorm(options);
}

export class SpectralNorm implements Norm<never, SpectralSaved> {
  readonly name = 'spectralNorm';
  readonly #iterations: number;

  constructor(readonly options: SpectralNormOptions) {
    this.#iterations = options.iterations ?? 1;
    if (!isCount(this.#iterations)) {
      throw new NormError('option', this.name, 'a positive number of iterations', `${this.#iterations}`);
    }
  }

  parameters(): Record<string, never> {
    return {};
  }

  /** A fixed, irregular start: all-equal vectors could be orthogonal to the first singular ones. */
  state(shape: readonly number[]): SpectralState {
    const { c, s } = unitsOf(shape, this.options.units, this.name);
    const start = (n: number) =>
      Float32Array.from(unit(Float64Array.from({ length: n }, (_, i) => Math.cos(i * i + i + 1))));
    return { u: start(c), v: start(s) };
  }

  forward(
    w: Tensor,
    _params: Params<never> = {},
    state: SpectralState | null = this.state(w.shape),
    mode: Mode = 'train',
    { out }: Into = {},
  ): Forward<SpectralSaved> {
    checkInput(w, this.name, out);
    const channels = unitsOf(w.shape, this.options.units, this.name);
    const { c, s } = channels;
    if (!state || state.u.length !== c || state.v.length !== s) {
      throw new NormError('shape', this.name, `u of ${c} and v of ${s}`, `${state?.u.length} and ${state?.v.length}`);
    }
    // Before any view of the data is taken: making room may move the memory.
    const y = like(w, out, this.options.engine);
    const values = w.data;
    let u: Float64Array = Float64Array.from(state.u);
    let v: Float64Array = Float64Array.from(state.v);
    for (let i = 0; mode === 'train' && i < this.#iterations; i++) {
      v = unit(product(values, channels, u, s, false));
      u = unit(product(values, channels, v, c, true));
    }
    const sigma = product(values, channels, v, c, true).reduce((sum, value, i) => sum + value * (u[i] as number), 0);
    if (mode === 'train') {
      state.u.set(u);
      state.v.set(v);
    }
    const to = y.data;
    for (let i = 0; i < values.length; i++) to[i] = (values[i] as number) / sigma;
    return { y: copied(y, out), saved: { norm: this.name, mode, x: kept(w, out, this.name), u, v, sigma, channels } };
  }

  /** dW = (dy − Σ(dy·W/σ)·u vᵀ)/σ. */
  backward(dy: Tensor, { x, u, v, sigma, channels }: SpectralSaved, { out }: Into = {}): Gradients<never> {
    checkGradient(dy, x, this.name, out);
    const dx = like(dy, out, this.options.engine);
    const [values, from, to] = [x.data, dy.data, dx.data];
    let along = 0;
    for (let i = 0; i < values.length; i++) along += ((from[i] as number) * (values[i] as number)) / sigma;
    forEachElement(channels, (i, row, column) => {
      to[i] = ((from[i] as number) - along * (u[row] as number) * (v[column] as number)) / sigma;
    });
    return { dx: copied(dx, out) };
  }
}

/** W·v, `size` values, one a unit, or Wᵀ·v. */
function product(w: Float32Array, channels: Channels, v: Float64Array, size: number, toUnits: boolean): Float64Array {
  const result = new Float64Array(size);
  forEachElement(channels, (i, row, column) => {
    const [to, from] = toUnits ? [row, column] : [column, row];
    result[to] = (result[to] as number) + (w[i] as number) * (v[from] as number);
  });
  return result;
}

/** The vector divided by its length; the tiny addend keeps a zero matrix from NaN, as in the authors' code. */
function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) + 1e-12;
  return vector.map((value) => value / length);
}
