// Float64 arrays with NumPy's broadcasting and reverse-mode differentiation: just enough to write a normalization as its
// paper does and have the gradient follow from the formula. Slow and plain on purpose; it shares no code with the kernels.

export type Dims = readonly number[];

const sizeOf = (shape: Dims): number => shape.reduce((a, b) => a * b, 1);

/** A float64 array that knows how it came about. */
export class Value {
  readonly gradient: Float64Array;
  constructor(
    readonly data: Float64Array,
    readonly shape: Dims,
    readonly inputs: readonly Value[] = [],
    /** Adds this value's gradient onto its inputs'. */
    readonly propagate: () => void = () => {},
  ) {
    if (data.length !== sizeOf(shape)) throw new Error(`${data.length} values for shape [${shape}]`);
    this.gradient = new Float64Array(data.length);
  }
}

export const value = (data: ArrayLike<number>, shape: Dims): Value => new Value(Float64Array.from(data), shape);

/** Puts ∂(Σ seed·y)/∂v into the gradient of everything that y was made of. */
export function differentiate(y: Value, seed: ArrayLike<number>): void {
  const order: Value[] = [];
  const seen = new Set<Value>();
  const visit = (v: Value): void => {
    if (seen.has(v)) return;
    seen.add(v);
    v.inputs.forEach(visit);
    order.push(v);
  };
  visit(y);
  y.gradient.set(Array.from(seed));
  for (const v of order.reverse()) v.propagate();
}

/** For every element of `to`, the element of `from` that broadcasting puts there. */
function sources(from: Dims, to: Dims): Int32Array {
  const lead = to.length - from.length;
  const result = new Int32Array(sizeOf(to));
  for (let i = 0; i < result.length; i++) {
    let rest = i;
    let index = 0;
    let stride = 1;
    for (let d = to.length - 1; d >= lead; d--) {
      const dim = from[d - lead] ?? 1;
      if (dim !== 1) index += (rest % dim) * stride;
      stride *= dim;
      rest = Math.floor(rest / (to[d] ?? 1));
    }
    result[i] = index;
  }
  return result;
}

function joined(a: Dims, b: Dims): Dims {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [p, q] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    if (p !== q && p !== 1 && q !== 1) throw new Error(`[${a}] and [${b}] do not broadcast`);
    return Math.max(p, q);
  });
}

type Two = (p: number, q: number) => number;

function binary(a: Value, b: Value, f: Two, slopeA: Two, slopeB: Two): Value {
  const shape = joined(a.shape, b.shape);
  const [fromA, fromB] = [sources(a.shape, shape), sources(b.shape, shape)];
  const at = (v: Value, index: Int32Array, i: number) => v.data[index[i] as number] as number;
  const data = Float64Array.from(fromA, (_, i) => f(at(a, fromA, i), at(b, fromB, i)));
  const result: Value = new Value(data, shape, [a, b], () => {
    for (let i = 0; i < data.length; i++) {
      const g = result.gradient[i] as number;
      const [p, q] = [at(a, fromA, i), at(b, fromB, i)];
      const [ia, ib] = [fromA[i] as number, fromB[i] as number];
      a.gradient[ia] = (a.gradient[ia] as number) + g * slopeA(p, q);
      b.gradient[ib] = (b.gradient[ib] as number) + g * slopeB(p, q);
    }
  });
  return result;
}

type One = (v: number) => number;

function unary(a: Value, f: One, slope: One): Value {
  const data = a.data.map(f);
  const result: Value = new Value(data, a.shape, [a], () => {
    a.data.forEach((v, i) => {
      a.gradient[i] = (a.gradient[i] as number) + (result.gradient[i] as number) * slope(v);
    });
  });
  return result;
}

const asValue = (v: Value | number): Value => (typeof v === 'number' ? value([v], []) : v);

export const add = (a: Value, b: Value | number): Value =>
  binary(
    a,
    asValue(b),
    (p, q) => p + q,
    () => 1,
    () => 1,
  );
export const subtract = (a: Value, b: Value): Value =>
  binary(
    a,
    b,
    (p, q) => p - q,
    () => 1,
    () => -1,
  );
export const multiply = (a: Value, b: Value | number): Value =>
  binary(
    a,
    asValue(b),
    (p, q) => p * q,
    (_, q) => q,
    (p) => p,
  );
export const divide = (a: Value, b: Value): Value =>
  binary(
    a,
    b,
    (p, q) => p / q,
    (_, q) => 1 / q,
    (p, q) => -p / (q * q),
  );
/** The larger one; its gradient goes to b where they are equal. */
export const maximum = (a: Value, b: Value): Value =>
  binary(
    a,
    b,
    Math.max,
    (p, q) => (p > q ? 1 : 0),
    (p, q) => (p > q ? 0 : 1),
  );
export const squared = (a: Value): Value =>
  unary(
    a,
    (v) => v * v,
    (v) => 2 * v,
  );
export const root = (a: Value): Value => unary(a, Math.sqrt, (v) => 0.5 / Math.sqrt(v));
export const power = (a: Value, e: number): Value =>
  unary(
    a,
    (v) => v ** e,
    (v) => e * v ** (e - 1),
  );
export const exponential = (a: Value): Value => unary(a, Math.exp, Math.exp);
export const tanh = (a: Value): Value => unary(a, Math.tanh, (v) => 1 - Math.tanh(v) ** 2);

/** The same elements in another shape. */
export function reshape(a: Value, shape: Dims): Value {
  const result: Value = new Value(a.data.slice(), shape, [a], () => {
    result.gradient.forEach((g, i) => {
      a.gradient[i] = (a.gradient[i] as number) + g;
    });
  });
  return result;
}

/** Elements picked by flat index; an index of −1 gives 0. */
export function take(a: Value, indices: ArrayLike<number>, shape: Dims): Value {
  const picked = Int32Array.from(indices);
  const data = Float64Array.from(picked, (i) => a.data[i] ?? 0);
  const result: Value = new Value(data, shape, [a], () => {
    picked.forEach((from, i) => {
      if (from >= 0) a.gradient[from] = (a.gradient[from] as number) + (result.gradient[i] as number);
    });
  });
  return result;
}

/** The sum over some axes, which stay as 1. */
export function sum(a: Value, axes: Dims): Value {
  const shape = a.shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
  const to = sources(shape, a.shape);
  const data = new Float64Array(sizeOf(shape));
  to.forEach((at, i) => {
    data[at] = (data[at] as number) + (a.data[i] as number);
  });
  const result: Value = new Value(data, shape, [a], () => {
    to.forEach((at, i) => {
      a.gradient[i] = (a.gradient[i] as number) + (result.gradient[at] as number);
    });
  });
  return result;
}

/** The mean over some axes, which stay as 1. */
export const mean = (a: Value, axes: Dims): Value =>
  multiply(sum(a, axes), 1 / axes.reduce((size, axis) => size * (a.shape[axis] ?? 1), 1));

/** The biased variance over some axes. */
export const variance = (a: Value, axes: Dims): Value => mean(squared(subtract(a, mean(a, axes))), axes);
