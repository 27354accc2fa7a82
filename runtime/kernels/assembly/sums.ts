// Reductions over contiguous float32, flushed to float64 every BLOCK elements: float32 partial sums stay short (64
// additions in each of 16 lanes), so their rounding stays near 1e-8 of the total, at a quarter of the price of float64.

const BLOCK: i32 = 1024;

/** Results of the last reduction of this module: two sums, or a mean and a variance. */
export let first: f64 = 0;
export let second: f64 = 0;

export function setSums(a: f64, b: f64): void {
  first = a;
  second = b;
}

// @ts-ignore: decorator
@inline
export function widen(v: v128): v128 {
  // The four lanes as two float64 sums.
  return f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(i8x16.shuffle(v, v, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)));
}

// @ts-ignore: decorator
@inline
export function total(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/**
 * Σd and Σd² of d = x − shift over n contiguous elements, into `first` and `second`. The flags are constants where this is
 * inlined: raw sums spare a subtraction in three additions, squares alone two.
 */
// @ts-ignore: decorator
@inline
function sumsOf(x: usize, n: i32, shift: f32, shifted: bool, both: bool): void {
  const by = f32x4.splat(shift);
  const zero = f32x4.splat(0);
  let sum = f64x2.splat(0);
  let square = f64x2.splat(0);
  let left = n >> 4;
  do {
    let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
    let q0 = zero, q1 = zero, q2 = zero, q3 = zero;
    const turns = min(left, BLOCK >> 4);
    const end = x + (<usize>turns << 6);
    for (; x < end; x += 64) {
      const d0 = shifted ? f32x4.sub(v128.load(x), by) : v128.load(x);
      const d1 = shifted ? f32x4.sub(v128.load(x, 16), by) : v128.load(x, 16);
      const d2 = shifted ? f32x4.sub(v128.load(x, 32), by) : v128.load(x, 32);
      const d3 = shifted ? f32x4.sub(v128.load(x, 48), by) : v128.load(x, 48);
      if (both) s0 = f32x4.add(s0, d0);
      if (both) s1 = f32x4.add(s1, d1);
      if (both) s2 = f32x4.add(s2, d2);
      if (both) s3 = f32x4.add(s3, d3);
      q0 = f32x4.add(q0, f32x4.mul(d0, d0));
      q1 = f32x4.add(q1, f32x4.mul(d1, d1));
      q2 = f32x4.add(q2, f32x4.mul(d2, d2));
      q3 = f32x4.add(q3, f32x4.mul(d3, d3));
    }
    left -= turns;
    if (left == 0) {
      const stop = x + (<usize>((n & 15) >> 2) << 4);
      for (; x < stop; x += 16) {
        const d = f32x4.sub(v128.load(x), by);
        s0 = f32x4.add(s0, d);
        q0 = f32x4.add(q0, f32x4.mul(d, d));
      }
    }
    sum = f64x2.add(sum, widen(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3))));
    square = f64x2.add(square, widen(f32x4.add(f32x4.add(q0, q1), f32x4.add(q2, q3))));
  } while (left > 0);
  let a = total(sum);
  let b = total(square);
  const last = x + (<usize>(n & 3) << 2);
  for (; x < last; x += 4) {
    const d = load<f32>(x) - shift;
    a += <f64>d;
    b += <f64>(d * d);
  }
  first = a;
  second = b;
}

/** Σd and Σd², d = x − shift. */
export function shiftedSums(x: usize, n: i32, shift: f32): void {
  sumsOf(x, n, shift, true, true);
}

/** Σx and Σx². */
export function rawSums(x: usize, n: i32): void {
  sumsOf(x, n, 0, false, true);
}

/** Σx² alone, into `second`. */
export function squareSum(x: usize, n: i32): void {
  sumsOf(x, n, 0, false, false);
  first = 0;
}

/** Σg and Σg·(x − shift). */
export function pairSums(x: usize, g: usize, n: i32, shift: f32): void {
  const by = f32x4.splat(shift);
  const zero = f32x4.splat(0);
  let sum = f64x2.splat(0);
  let product = f64x2.splat(0);
  let left = n >> 4;
  const lead = g - x;
  do {
    let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
    let q0 = zero, q1 = zero, q2 = zero, q3 = zero;
    const turns = min(left, BLOCK >> 4);
    const end = x + (<usize>turns << 6);
    for (; x < end; x += 64) {
      const g0 = v128.load(x + lead);
      const g1 = v128.load(x + lead, 16);
      const g2 = v128.load(x + lead, 32);
      const g3 = v128.load(x + lead, 48);
      s0 = f32x4.add(s0, g0);
      s1 = f32x4.add(s1, g1);
      s2 = f32x4.add(s2, g2);
      s3 = f32x4.add(s3, g3);
      q0 = f32x4.add(q0, f32x4.mul(g0, f32x4.sub(v128.load(x), by)));
      q1 = f32x4.add(q1, f32x4.mul(g1, f32x4.sub(v128.load(x, 16), by)));
      q2 = f32x4.add(q2, f32x4.mul(g2, f32x4.sub(v128.load(x, 32), by)));
      q3 = f32x4.add(q3, f32x4.mul(g3, f32x4.sub(v128.load(x, 48), by)));
    }
    left -= turns;
    if (left == 0) {
      const stop = x + (<usize>((n & 15) >> 2) << 4);
      for (; x < stop; x += 16) {
        const g0 = v128.load(x + lead);
        s0 = f32x4.add(s0, g0);
        q0 = f32x4.add(q0, f32x4.mul(g0, f32x4.sub(v128.load(x), by)));
      }
    }
    sum = f64x2.add(sum, widen(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3))));
    product = f64x2.add(product, widen(f32x4.add(f32x4.add(q0, q1), f32x4.add(q2, q3))));
  } while (left > 0);
  let a = total(sum);
  let b = total(product);
  const last = x + (<usize>(n & 3) << 2);
  for (; x < last; x += 4) {
    const d = load<f32>(x + lead);
    a += <f64>d;
    b += <f64>(d * (load<f32>(x) - shift));
  }
  first = a;
  second = b;
}

/** Two-pass mean and variance in float64, for values whose squares leave the range of float32. */
function wideMoments(x: usize, n: i32): void {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) sum += <f64>load<f32>(x + (<usize>i << 2));
  const mean = sum / <f64>n;
  let square: f64 = 0;
  for (let i = 0; i < n; i++) {
    const d = <f64>load<f32>(x + (<usize>i << 2)) - mean;
    square += d * d;
  }
  first = mean;
  second = square / <f64>n;
}

/** A first guess of the mean; exactly c where all values are c. */
// @ts-ignore: decorator
@inline
export function guess(x: usize, n: i32): f32 {
  if (n < 4) return load<f32>(x);
  return ((load<f32>(x) + load<f32>(x, 4)) + (load<f32>(x, 8) + load<f32>(x, 12))) * 0.25;
}

// @ts-ignore: decorator
@inline
export function isFinite64(v: f64): bool {
  return v - v == 0;
}

/**
 * Whether raw sums are worth a try: they are until a set's mean is more than a standard deviation off 0, and again once a
 * set's mean is less. Kernels set it when they begin, so that a result depends on its input alone.
 */
export let raw: bool = true;
export function setRaw(yes: bool): void {
  raw = yes;
}

/**
 * Mean and biased variance of n contiguous elements, into `first` and `second`. One pass of raw or shifted sums, whose
 * variance mean(d²) − mean(d)² magnifies rounding by 1 + mean(d)²/variance: where that is over 2 (raw) or 3 (shifted),
 * a second pass shifts better. `share` is 1/n: a product is done long before a quotient.
 */
export function moments(x: usize, n: i32, share: f64): void {
  if (raw) {
    rawSums(x, n);
    const mean = first * share;
    const variance = second * share - mean * mean;
    first = mean;
    second = variance;
    if (mean * mean <= variance && isFinite64(variance)) return;
    raw = false;
  }
  const shift = guess(x, n);
  shiftedSums(x, n, shift);
  const mean = first * share;
  const variance = second * share - mean * mean;
  first = <f64>shift + mean;
  second = variance;
  if (first * first <= variance) raw = true;
  if (!(mean * mean <= 2 * variance) || !isFinite64(variance)) repeat(x, n, share);
}

/** The second pass of `moments`, shifted by the mean that the first one found. */
function repeat(x: usize, n: i32, share: f64): void {
  const shift = <f32>first;
  shiftedSums(x, n, shift);
  const mean = first * share;
  const variance = second * share - mean * mean;
  if (!isFinite64(variance)) return wideMoments(x, n);
  first = <f64>shift + mean;
  second = max<f64>(variance, 0);
}

/** The mean square of n contiguous elements into `second`, 0 into `first`. */
export function meanSquare(x: usize, n: i32, share: f64): void {
  squareSum(x, n);
  if (isFinite64(second)) {
    second *= share;
    return;
  }
  let square: f64 = 0;
  for (let i = 0; i < n; i++) {
    const d = <f64>load<f32>(x + (<usize>i << 2));
    square += d * d;
  }
  second = square / <f64>n;
}
