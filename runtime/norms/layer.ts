// Layer norm and RMS norm: every set is what is left of a tensor's normalised axes, γ and β have those axes' shape.
import { checkTensor, type Engine, engineOf, type Statistics } from '../engine';
import { format, NormError } from '../errors';
import { filled, sameShape, sizeOf, type Tensor } from '../tensor';
import { checkDims } from '../view';
import { gradients } from './batch';
import { type ChannelGradients, narrow } from './channels';
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
import { permuted } from './permute';

export interface LayerNormOptions extends CommonOptions {
  /** The normalised axes; negative ones count from the end. Default −1. */
  readonly axis?: number | readonly number[];
}

export interface RowsSaved extends Saved {
  readonly gamma: Tensor | undefined;
  readonly beta: Tensor | undefined;
  readonly mean: Statistics;
  readonly rstd: Statistics;
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
  if (rank < 1 || rank > 5)
    throw new NormError('rank', where, 'a tensor of rank 1 to 5', `rank ${rank} ${format(shape)}`);
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

  forward(x: Tensor, params: Params<P> = {}, _state: State | null = null, mode: Mode = 'train'): Forward<RowsSaved> {
    checkTensor(x, this.name);
    const plan = this.#planOf(x.shape);
    const { gamma, beta } = params as Params<'gamma' | 'beta'>;
    checkParameter(gamma, plan.affine, `${this.name} gamma`);
    checkParameter(beta, plan.affine, `${this.name} beta`);
    const { centered } = this.family;
    const { y, mean, rstd } = forwardRows(plan, x, gamma, beta, this.#epsilon, centered, this.options.engine);
    return { y, saved: { norm: this.name, mode, x, gamma, beta, mean, rstd, plan } };
  }

  backward(dy: Tensor, saved: RowsSaved): Gradients<P> {
    checkGradient(dy, saved.x, this.name);
    const result = backwardRows(saved, dy, this.family.centered, this.options.engine);
    return gradients(result) as Gradients<P>;
  }
}

function forwardRows(
  { rows, width, order, shape }: RowsPlan,
  x: Tensor,
  gamma: Tensor | undefined,
  beta: Tensor | undefined,
  epsilon: number,
  centered: boolean,
  given: Engine | undefined,
): { y: Tensor; mean: Statistics; rstd: Statistics } {
  const engine = engineOf(x, given);
  let end = engine.top;
  try {
    const y = engine.roomLike(x);
    const resident = y > 0;
    const size = rows * width;
    const means = engine.allocate(16 * rows);
    const rstds = means + 8 * rows;
    if (resident) end = engine.top;
    const g = gamma ? engine.pointer(gamma) : 0;
    const b = beta ? engine.pointer(beta) : 0;
    const run = (from: number, to: number, count: number, done: number) => {
      const at = 8 * done;
      engine.kernels.rowsForward(from, to, count, width, g, b, epsilon, centered ? 1 : 0, means + at, rstds + at);
    };
    return {
      y: order
        ? engine.through(x, y, size, (from, to) => {
            const result = engine.allocate(4 * size);
            run(permuted(engine, from, shape, order), result, rows, 0);
            permuted(engine, result, shape, order, to);
          })
        : engine.through(x, y, width, run),
      mean: engine.statistics(means, rows, resident),
      rstd: engine.statistics(rstds, rows, resident),
    };
  } finally {
    engine.top = end;
  }
}

/** γ = 1, for the kernels. */
function ones(engine: Engine, n: number): number {
  const at = engine.allocate(4 * n);
  engine.f32.fill(1, at >>> 2, (at >>> 2) + n);
  return at;
}

function backwardRows(saved: RowsSaved, dy: Tensor, centered: boolean, given: Engine | undefined): ChannelGradients {
  const { plan, x, gamma, beta, mean, rstd } = saved;
  const { rows, width, order, shape } = plan;
  const engine = engineOf(dy, given);
  let end = engine.top;
  try {
    const resident = engine.holds(dy);
    const dx = engine.allocate(4 * rows * width);
    const outputs = gamma || beta ? engine.allocate(8 * width) : 0;
    if (resident) end = engine.top;
    const px = engine.pointer(x);
    const pdy = engine.pointer(dy);
    const means = engine.pointer64(mean);
    const rstds = engine.pointer64(rstd);
    const g = gamma ? engine.pointer(gamma) : ones(engine, width);
    const dgammas = gamma ? engine.zeros64(width) : 0;
    const dbetas = beta ? engine.zeros64(width) : 0;
    const scratch = engine.allocate(8 * width);
    const fromX = order ? permuted(engine, px, shape, order) : px;
    const fromDy = order ? permuted(engine, pdy, shape, order) : pdy;
    const to = order ? engine.allocate(4 * rows * width) : dx;
    const center = centered ? 1 : 0;
    // biome-ignore format: one argument list a line
    engine.kernels.rowsBackward(fromX, fromDy, to, rows, width, g, center, means, rstds, dgammas, dbetas, scratch);
    if (order) permuted(engine, to, shape, order, dx);
    return {
      dx: engine.result(dx, dy.shape, resident),
      dgamma: gamma && narrow(engine, dgammas, outputs, gamma.shape, width, resident),
      dbeta: beta && narrow(engine, dbetas, outputs + 4 * width, beta.shape, width, resident),
    };
  } finally {
    engine.top = end;
  }
}

/**
 * Layer normalization (Ba, Kiros, Hinton, arXiv 1607.06450, equation 4). x: rank 1 to 5; γ, β: the dims of the normalised
 * axes; ε 1e-3 as in Keras.
 */
export function layerNorm(options: LayerNormOptions = {}): RowsNorm<'gamma' | 'beta'> {
  return new RowsNorm({ name: 'layerNorm', epsilon: 1e-3, centered: true, affine: true }, options);
}

/**
 * Root mean square normalization (Zhang & Sennrich, arXiv 1910.07467, equation 4): no mean, no β. x: rank 1 to 5;
 * γ: the dims of the normalised axes; ε 1e-6, inside the root.
 */
export function rmsNorm(options: LayerNormOptions = {}): RowsNorm<'gamma'> {
  return new RowsNorm({ name: 'rmsNorm', epsilon: 1e-6, centered: false, affine: true }, options);
}
