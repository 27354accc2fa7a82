import { checkTensor, type Engine } from '../engine';
import { format, NormError } from '../errors';
import { overlap, sameShape, type Tensor } from '../tensor';

/** `train` uses the batch's statistics and updates the running ones; `infer` uses the running ones. */
export type Mode = 'train' | 'infer';

/** Parameters by name; an absent one is the identity (γ = 1, β = 0). */
export type Params<P extends string = string> = { readonly [K in P]?: Tensor };

/** Running statistics and the like, changed in place by a forward pass in train mode. */
export type State = Readonly<Record<string, Float32Array>>;

/** What the backward pass needs of a forward pass: the input itself and a few statistics, never a copy of the input. */
export interface Saved {
  readonly norm: string;
  readonly mode: Mode;
  readonly x: Tensor;
}

export interface Forward<S extends Saved = Saved> {
  readonly y: Tensor;
  readonly saved: S;
}

/** dx, and d‹name› for every parameter that was given. */
export type Gradients<P extends string = string> = { readonly dx: Tensor } & { readonly [K in P as `d${K}`]?: Tensor };

/** Where a result goes. */
export interface Into {
  /**
   * The tensor that y, or dx, is written to, and that is given back: an ordinary or a resident one, shaped as the input. It may
   * overlap x or dy, which are read as they were before; an x that y was written over is not there for a backward pass.
   */
  readonly out?: Tensor | undefined;
}

/** A normalization with its options bound. Shapes: x, y, dy and dx are alike. */
export interface Norm<P extends string = string, S extends Saved = Saved> {
  readonly name: string;
  /** Fresh parameters for inputs of a shape (γ = 1, β = 0, …). */
  parameters(shape: readonly number[]): { [K in P]?: Tensor };
  /** Fresh running statistics (mean 0, variance 1), or null for norms that remember nothing. */
  state(shape: readonly number[]): State | null;
  /**
   * Resident input (a tensor of an engine's arena) gives resident output without a copy.
   * @throws NormError for shapes and options that do not fit
   */
  forward(x: Tensor, params?: Params<P>, state?: State | null, mode?: Mode, into?: Into): Forward<S>;
  /** @throws NormError for a dy or `out` of another shape, and where x was overwritten */
  backward(dy: Tensor, saved: S, into?: Into): Gradients<P>;
}

export interface CommonOptions {
  /** ε, added to the variance inside the root. */
  readonly epsilon?: number;
  /** The engine for inputs that are not resident; the thread's own by default. */
  readonly engine?: Engine;
}

/**
 * @returns epsilon
 * @throws NormError unless it is positive and finite
 */
export function checkEpsilon(epsilon: number, where: string): number {
  if (!(epsilon > 0 && epsilon < Number.POSITIVE_INFINITY)) {
    throw new NormError('epsilon', where, 'a positive, finite epsilon', `${epsilon}`);
  }
  return epsilon;
}

/** @throws NormError unless the parameter is absent or has this shape */
export function checkParameter(t: Tensor | undefined, shape: readonly number[], norm: string, name: string): void {
  if (!t) return;
  checkTensor(t, norm, name);
  if (sameShape(t.shape, shape)) return;
  throw new NormError('parameter', `${norm} ${name}`, `shape ${format(shape)}`, format(t.shape));
}

/** @throws NormError unless each parameter is absent or has this shape */
export function checkParameters(params: Params, shape: readonly number[], norm: string): void {
  for (const name of Object.keys(params)) checkParameter(params[name], shape, norm, name);
}

/** A tensor of float64 values. */
export const vector = (values: Float64Array, shape: readonly number[] = [values.length]): Tensor => ({
  data: Float32Array.from(values),
  shape,
});

/** @throws NormError unless dy is shaped as x, and `out` as well */
export function checkGradient(dy: Tensor, x: Tensor, where: string, out?: Tensor): void {
  checkTensor(dy, where);
  if (!sameShape(dy.shape, x.shape))
    throw new NormError('shape', where, `dy of shape ${format(x.shape)}`, format(dy.shape));
  checkParameter(out, x.shape, where, 'out');
}

/** @throws NormError unless x holds what its shape says, and `out`, if there is one, is shaped as x */
export function checkInput(x: Tensor, where: string, out: Tensor | undefined): void {
  checkTensor(x, where);
  checkParameter(out, x.shape, where, 'out');
}

/** What a backward pass is to read: x, unless y was written over it. */
export function kept(x: Tensor, out: Tensor | undefined, where: string): Tensor {
  if (!out || !overlap(out, x)) return x;
  return {
    shape: x.shape,
    get data(): never {
      throw new NormError('scope', where, 'the input of the forward pass', 'one that y was written over');
    },
  };
}

/** A result, copied to where the caller wants it. */
export function copied(y: Tensor, out: Tensor | undefined): Tensor {
  if (!out) return y;
  out.data.set(y.data);
  return out;
}
