// Layer norm and RMS norm: every set is what is left of a tensor's normalised axes, γ and β have those axes' shape.
import type { Engine } from '../engine';
import { format, NormError } from '../errors';
import { rowScratch } from '../kernels/interface';
import { filled, sameShape, sizeOf, type Tensor } from '../tensor';
import { checkDims } from '../view';
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
  type Saved,
  type State,
} from './norm';
import { checkOptions } from './options';
import {
  type Affine,
  type BackwardPointers,
  backwardPass,
  type ForwardPointers,
  forwardPass,
  type Normalized,
  type Remembered,
  remembered,
} from './pass';
import { permuted } from './permute';

export interface LayerNormOptions extends CommonOptions {
  /** The normalised axes; negative ones count from the end. Default −1. */
  readonly axis?: number | readonly number[];
}

export interface RowsSaved extends Saved, Remembered {
  readonly plan: RowsPlan;
}

/** How a shape is read as rows of contiguous elements. */
export interface RowsPlan {
  readonly shape: readonly number[];
  readonly rows: number;
  readonly width: number;
  /** The normalised dims, γ's shape. */
  readonly affine: readonly number[];
  /** The order that brings the normalised axes last; null where they are last already. */
  readonly order: readonly number[] | null;
}

/**
 * @throws NormError for an axis out of range or named twice, and for ranks other than 1 to 5
 */
export function rowsPlan(shape: readonly number[], axis: number | readonly number[], where: string): RowsPlan {
  const rank = shape.length;
  checkDims(shape, where);
  const named = (typeof axis === 'number' ? [axis] : axis).map((a) => (a < 0 ? a + rank : a));
  if (named.length === 0 || named.some((a) => !Number.isInteger(a) || a < 0 || a >= rank)) {
    throw new NormError('option', where, `axes from ${-rank} to ${rank - 1}`, format([axis].flat()));
  }
  const axes = [...new Set(named)].sort((a, b) => a - b);
  if (axes.length !== named.length) throw new NormError('option', where, 'distinct axes', format([axis].flat()));
  const affine = axes.map((a) => shape[a] ?? 1);
  const width = sizeOf(affine);
  const rest = shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const last = axes[0] === rank - axes.length;
  return { shape: shape.slice(), rows: sizeOf(shape) / width, width, affine, order: last ? null : [...rest, ...axes] };
}

interface RowsFamily {
  readonly name: string;
  readonly epsilon: number;
  readonly centered: boolean;
  /** Whether there is a γ, and a β if centered. */
  readonly affine: boolean;
}

export class RowsNorm<P extends 'gamma' | 'beta'> implements Norm<P, RowsSaved> {
  readonly name: string;
  readonly #epsilon: number;
  #plan: RowsPlan | undefined;

  constructor(
    readonly family: RowsFamily,
    readonly options: LayerNormOptions,
  ) {
    this.name = family.name;
    this.#epsilon = checkEpsilon(options.epsilon ?? family.epsilon, family.name);
  }

  #planOf(shape: readonly number[]): RowsPlan {
    if (this.#plan && sameShape(shape, this.#plan.shape)) return this.#plan;
    this.#plan = rowsPlan(shape, this.options.axis ?? -1, this.name);
    return this.#plan;
  }

  parameters(shape: readonly number[]): { [K in P]?: Tensor } {
    const { affine } = this.#planOf(shape);
    if (!this.family.affine) return {};
    const gamma = filled(affine, 1);
    const both: { gamma: Tensor; beta?: Tensor } = this.family.centered
      ? { gamma, beta: filled(affine, 0) }
      : { gamma };
    return both as { [K in P]?: Tensor };
  }

  state(): null {
    return null;
  }

  forward(
    x: Tensor,
    params: Params<P> = {},
    _state: State | null = null,
    mode: Mode = 'train',
    { out }: Into = {},
  ): Forward<RowsSaved> {
    checkInput(x, this.name, out);
    const plan = this.#planOf(x.shape);
    const { gamma, beta } = params as Params<'gamma' | 'beta'>;
    checkParameter(gamma, plan.affine, this.name, 'gamma');
    checkParameter(beta, plan.affine, this.name, 'beta');
    const affine = { gamma, beta };
    return remembered(this.name, mode, x, out, affine, this.#forward(plan, x, affine, out), plan);
  }

  #forward({ rows, width, order, shape }: RowsPlan, x: Tensor, affine: Affine, out?: Tensor): Normalized {
    const size = rows * width;
    const sizes = { sets: rows, unit: order ? size : width, scratch: order ? 4 * size : 0 };
    const centered = this.family.centered ? 1 : 0;
    const run = (at: ForwardPointers, from: number, to: number, count: number, done: number) => {
      const { engine, scratch } = at;
      const { top } = engine;
      const gamma = at.gamma || constant(engine, width, 1);
      const beta = at.beta || (centered ? constant(engine, width, 0) : 0);
      const [means, rstds] = [at.means + 8 * done, at.rstds + 8 * done];
      const x = order ? permuted(engine, from, shape, order) : from;
      const y = order ? scratch : to;
      // biome-ignore format: one argument list a line
      engine.kernels.rowsForward(x, y, order ? rows : count, width, gamma, beta, this.#epsilon, centered, means, rstds);
      if (order) permuted(engine, y, shape, order, to);
      engine.top = top;
    };
    return forwardPass(x, affine, this.options.engine, sizes, run, out);
  }

  backward(dy: Tensor, saved: RowsSaved, { out }: Into = {}): Gradients<P> {
    checkGradient(dy, saved.x, this.name, out);
    const { rows, width, order, shape } = saved.plan;
    const bytes = rowScratch(width) + (order ? 4 * rows * width : 0);
    const run = (at: BackwardPointers) => {
      const { engine, means, rstds, dgamma, dbeta, scratch } = at;
      const x = order ? permuted(engine, at.x, shape, order) : at.x;
      const dy = order ? permuted(engine, at.dy, shape, order) : at.dy;
      const dx = order ? scratch + rowScratch(width) : at.dx;
      const gamma = at.gamma || constant(engine, width, 1);
      const centered = this.family.centered ? 1 : 0;
      // biome-ignore format: one argument list a line
      engine.kernels.rowsBackward(x, dy, dx, rows, width, gamma, centered, means, rstds, dgamma, dbeta, scratch);
      if (order) permuted(engine, dx, shape, order, at.dx);
    };
    return backwardPass(dy, saved, this.options.engine, width, bytes, run, out) as Gradients<P>;
  }
}

/** γ = 1 or β = 0, for the kernels. */
function constant(engine: Engine, n: number, value: number): number {
  const at = engine.allocate(4 * n);
  engine.f32.fill(value, at >>> 2, (at >>> 2) + n);
  return at;
}

/**
 * Layer normalization (Ba, Kiros, Hinton, arXiv 1607.06450, equation 4). x: rank 1 to 5; γ, β: the dims of the normalised
 * axes; ε 1e-3 as in Keras.
 */
export function layerNorm(options: LayerNormOptions = {}): RowsNorm<'gamma' | 'beta'> {
  checkOptions('layerNorm', options);
  return new RowsNorm({ name: 'layerNorm', epsilon: 1e-3, centered: true, affine: true }, options);
}

/**
 * Root mean square normalization (Zhang & Sennrich, arXiv 1910.07467, equation 4): no mean, no β. x: rank 1 to 5;
 * γ: the dims of the normalised axes; ε 1e-6, inside the root.
 */
export function rmsNorm(options: LayerNormOptions = {}): RowsNorm<'gamma'> {
  checkOptions('rmsNorm', options);
  return new RowsNorm({ name: 'rmsNorm', epsilon: 1e-6, centered: false, affine: true }, options);
}
