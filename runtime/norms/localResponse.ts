import { type Engine, engineOf } from '../engine';
import { NormError } from '../errors';
import type { Tensor } from '../tensor';
import { channelsOf, isCount, isLast, type Layout } from '../view';
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

export interface LocalResponseOptions extends Pick<CommonOptions, 'engine'> {
  readonly layout?: Layout;
  /** n, how many neighbouring channels are summed, the channel itself in the middle. Odd; default 5. */
  readonly size?: number;
  /** Default 1e-4. PyTorch divides it by n, this and the paper do not. */
  readonly alpha?: number;
  /** The exponent. Default .75. */
  readonly beta?: number;
  /** Default 2. */
  readonly bias?: number;
}

/**
 * Local response normalization (Krizhevsky, Sutskever, Hinton, NeurIPS 2012, section 3.3):
 * y = x/(k + α·Σ x² over n neighbouring channels)^β. No parameters. x: [N, …, C] or [N, C, …], rank 2 to 5.
 */
export function localResponseNorm(options: LocalResponseOptions = {}): LocalResponseNorm {
  checkOptions('localResponseNorm', options);
  return new LocalResponseNorm(options);
}

export class LocalResponseNorm implements Norm<never, Saved> {
  readonly name = 'localResponseNorm';
  readonly #half: number;
  readonly #alpha: number;
  readonly #beta: number;
  readonly #bias: number;

  constructor(readonly options: LocalResponseOptions) {
    const size = options.size ?? 5;
    if (!isCount(size) || size % 2 === 0) {
      throw new NormError('option', this.name, 'an odd, positive size', `${size}`);
    }
    this.#half = (size - 1) / 2;
    this.#alpha = options.alpha ?? 1e-4;
    this.#beta = options.beta ?? 0.75;
    this.#bias = options.bias ?? 2;
    if (!(this.#bias > 0 && this.#alpha >= 0)) {
      throw new NormError(
        'option',
        this.name,
        'a positive bias and an alpha of at least 0',
        `${this.#bias}, ${this.#alpha}`,
      );
    }
  }

  parameters(): Record<string, never> {
    return {};
  }

  state(): null {
    return null;
  }

  forward(
    x: Tensor,
    _params: Params<never> = {},
    _state: State | null = null,
    mode: Mode = 'train',
    { out }: Into = {},
  ): Forward {
    checkInput(x, this.name, out);
    const y = like(x, out, this.options.engine);
    const to = y.data;
    this.#forEachPosition(x, (line, at, step) => {
      const sums = this.#denominators(line);
      for (let i = 0; i < line.length; i++) to[at + i * step] = (line[i] as number) / (sums[i] as number) ** this.#beta;
    });
    return { y: copied(y, out), saved: { norm: this.name, mode, x: kept(x, out, this.name) } };
  }

  /** dx = dy·s^−β − 2αβ·x·Σ dy·x·s^(−β−1) over the channels whose window holds this one. */
  backward(dy: Tensor, { x }: Saved, { out }: Into = {}): Gradients<never> {
    checkGradient(dy, x, this.name, out);
    const dx = like(dy, out, this.options.engine);
    const [from, to] = [dy.data, dx.data];
    this.#forEachPosition(x, (line, at, step) => {
      const sums = this.#denominators(line);
      const inner = line.map((v, i) => (from[at + i * step] as number) * v * (sums[i] as number) ** (-this.#beta - 1));
      this.#windows(inner).forEach((sum, i) => {
        const direct = (from[at + i * step] as number) * (sums[i] as number) ** -this.#beta;
        to[at + i * step] = direct - 2 * this.#alpha * this.#beta * (line[i] as number) * sum;
      });
    });
    return { dx: copied(dx, out) };
  }

  #denominators(line: Float64Array): Float64Array {
    return this.#windows(line.map((v) => v * v)).map((sum) => this.#bias + this.#alpha * sum);
  }

  /** The sum over every channel's neighbours. */
  #windows(line: Float64Array): Float64Array {
    return line.map((_, i) => line.slice(Math.max(0, i - this.#half), i + this.#half + 1).reduce((a, b) => a + b));
  }

  /** Calls back with the channels of every position, the index of the first, and the step between them. */
  #forEachPosition(x: Tensor, body: (line: Float64Array, at: number, step: number) => void): void {
    const { n, c, s, layout } = channelsOf(x.shape, this.options.layout ?? 'channelsLast', this.name);
    const { data } = x;
    const line = new Float64Array(c);
    const last = isLast(layout);
    for (let p = 0; p < n * s; p++) {
      const at = last ? p * c : Math.floor(p / s) * c * s + (p % s);
      const step = last ? 1 : s;
      for (let i = 0; i < c; i++) line[i] = data[at + i * step] as number;
      body(line, at, step);
    }
  }
}

/** A tensor for a result: resident if x is, unless the result is copied to `out` in the end. */
export function like(x: Tensor, out: Tensor | undefined, given: Engine | undefined): Tensor {
  const engine = engineOf(x, given);
  return engine.holds(x) && !out ? engine.tensor(x.shape) : { data: new Float32Array(x.data.length), shape: x.shape };
}
