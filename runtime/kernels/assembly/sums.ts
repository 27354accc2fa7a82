// Reductions over contiguous float32, flushed to float64 every BLOCK elements: float32 partial sums stay short (64
// additions of four to each of 4 lanes), so their rounding stays near 1e-8 of the total, at a quarter of the price of float64.
import { madd } from './madd';

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
 * A vector of four equal values, by way of memory (the first 64 bytes are the kernels' own). V8 moves instructions as late
 * as it may, into loops too: what is computed before a loop would be computed again at every turn, but for loads.
 */
// @ts-ignore: decorator
@inline
export function pinned(v: f32, at: usize): v128 {
  store<f32>(at, v);
  return v128.load32_splat(at);
}

/** v − by, or v where the flag, a constant when inlined, says so. */
// @ts-ignore: decorator
@inline
export function less(v: v128, by: v128, shifted: bool): v128 {
  return shifted ? f32x4.sub(v, by) : v;
}

/** a + d0 + d1 + d2 + d3. */
// @ts-ignore: decorator
@inline
export function sumOf(a: v128, d0: v128, d1: v128, d2: v128, d3: v128): v128 {
  return f32x4.add(a, f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3)));
}

/** q + d0² + d1² + d2² + d3². */
// @ts-ignore: decorator
@inline
export function squareOf(q: v128, d0: v128, d1: v128, d2: v128, d3: v128): v128 {
  return f32x4.add(q, madd(d3, d3, madd(d2, d2, madd(d1, d1, f32x4.mul(d0, d0)))));
}

/**
 * Σd and Σd² of d = x − shift over n contiguous elements, into `first` and `second`; meanwhile to = (from − high)·scale + offset
 * of as many. Both together take less than one after the other: loads and additions fill what the stores leave idle, and
 * memory is read while it is written. The flags are constants where this is inlined; raw sums spare a subtraction.
 */
// @ts-ignore: decorator
@inline
function sumsOf(
  x: usize, n: i32, shift: f32, from: usize, to: usize, high: f32, scale: f32, offset: f32, shifted: bool, both: bool, writes: bool,
): void {
  const by = shifted ? pinned(shift, 16) : f32x4.splat(0);
  const h = shifted && writes ? pinned(high, 20) : f32x4.splat(0);
  const s = writes ? pinned(scale, 24) : f32x4.splat(0);
  const t = writes ? pinned(offset, 28) : f32x4.splat(0);
  const zero = f32x4.splat(0);
  const toFrom = from - x;
  const toTo = to - x;
  let sum = f64x2.splat(0);
  let square = f64x2.splat(0);
  let left = n >> 4;
  do {
    let s0 = zero, q0 = zero;
    const turns = min(left, BLOCK >> 4);
    for (const end = x + (<usize>turns << 6); x < end; x += 64) {
      const f = x + toFrom, w = x + toTo;
      const d0 = less(v128.load(x, 0), by, shifted);
      const d1 = less(v128.load(x, 16), by, shifted);
      const d2 = less(v128.load(x, 32), by, shifted);
      const d3 = less(v128.load(x, 48), by, shifted);
      if (both) s0 = sumOf(s0, d0, d1, d2, d3);
      q0 = squareOf(q0, d0, d1, d2, d3);
      if (writes) {
        v128.store(w, madd(less(v128.load(f, 0), h, shifted), s, t), 0);
        v128.store(w, madd(less(v128.load(f, 16), h, shifted), s, t), 16);
        v128.store(w, madd(less(v128.load(f, 32), h, shifted), s, t), 32);
        v128.store(w, madd(less(v128.load(f, 48), h, shifted), s, t), 48);
      }
    }
    left -= turns;
    if (left == 0) {
      const stop = x + (<usize>((n & 15) >> 2) << 4);
      for (; x < stop; x += 16) {
        const d = less(v128.load(x), by, shifted);
        s0 = f32x4.add(s0, d);
        q0 = madd(d, d, q0);
        if (writes) v128.store(x + toTo, madd(less(v128.load(x + toFrom), h, shifted), s, t));
      }
    }
    sum = f64x2.add(sum, widen(s0));
    square = f64x2.add(square, widen(q0));
  } while (left > 0);
  let a = total(sum);
  let b = total(square);
  const last = x + (<usize>(n & 3) << 2);
  for (; x < last; x += 4) {
    const d = load<f32>(x) - shift;
    a += <f64>d;
    b += <f64>(d * d);
    if (writes) store<f32>(x + toTo, (load<f32>(x + toFrom) - high) * scale + offset);
  }
  first = a;
  second = b;
}

/** Σd and Σd², d = x − shift. */
export function sumsLess(x: usize, n: i32, shift: f32): void {
  if (shift == 0) sumsOf(x, n, 0, 0, 0, 0, 0, 0, false, true, false);
  else sumsOf(x, n, shift, 0, 0, 0, 0, 0, true, true, false);
}

/** Σx² alone, into `second`. */
export function squareSum(x: usize, n: i32): void {
  sumsOf(x, n, 0, 0, 0, 0, 0, 0, false, false, false);
  first = 0;
}

/** Σd and Σd², d = x − shift; and to = (from − high)·scale + offset. */
export function shiftedSumsWhile(x: usize, n: i32, shift: f32, from: usize, to: usize, high: f32, scale: f32, offset: f32): void {
  sumsOf(x, n, shift, from, to, high, scale, offset, true, true, true);
}

/** Σx and Σx²; and to = from·scale + offset. */
export function rawSumsWhile(x: usize, n: i32, from: usize, to: usize, scale: f32, offset: f32): void {
  sumsOf(x, n, 0, from, to, 0, scale, offset, false, true, true);
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
    let s = zero, q = zero;
    const turns = min(left, BLOCK >> 4);
    const end = x + (<usize>turns << 6);
    for (; x < end; x += 64) {
      const g0 = v128.load(x + lead);
      const g1 = v128.load(x + lead, 16);
      const g2 = v128.load(x + lead, 32);
      const g3 = v128.load(x + lead, 48);
      s = sumOf(s, g0, g1, g2, g3);
      const low = madd(g1, f32x4.sub(v128.load(x, 16), by), f32x4.mul(g0, f32x4.sub(v128.load(x), by)));
      q = f32x4.add(q, madd(g3, f32x4.sub(v128.load(x, 48), by), madd(g2, f32x4.sub(v128.load(x, 32), by), low)));
    }
    left -= turns;
    if (left == 0) {
      const stop = x + (<usize>((n & 15) >> 2) << 4);
      for (; x < stop; x += 16) {
        const g0 = v128.load(x + lead);
        s = f32x4.add(s, g0);
        q = madd(g0, f32x4.sub(v128.load(x), by), q);
      }
    }
    sum = f64x2.add(sum, widen(s));
    product = f64x2.add(product, widen(q));
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

/**
 * What to take off n contiguous elements before they are squared: 0 where the first eight lie about 0 (their mean² is at
 * most twice their variance), so that raw sums will do; else a guess of the mean, which is exactly c where all values are
 * c. It depends on these elements alone, and so do all results.
 */
export function shiftOf(x: usize, n: i32): f32 {
  if (n < 8) return load<f32>(x);
  const a = v128.load(x);
  const b = v128.load(x, 16);
  const s = f32x4.add(a, b);
  const q = madd(b, b, f32x4.mul(a, a));
  const halves = f32x4.add(v128.shuffle<f32>(s, q, 0, 1, 4, 5), v128.shuffle<f32>(s, q, 2, 3, 6, 7));
  const sum = f32x4.extract_lane(halves, 0) + f32x4.extract_lane(halves, 1);
  const square = f32x4.extract_lane(halves, 2) + f32x4.extract_lane(halves, 3);
  return (<f32>3) * sum * sum <= (<f32>16) * square ? 0 : sum * 0.125;
}

// @ts-ignore: decorator
@inline
export function isFinite64(v: f64): bool {
  return v - v == 0;
}

/**
 * Whether the mean and variance of d = x − shift are good enough: the variance mean(d²) − mean(d)² magnifies rounding by
 * 1 + mean(d)²/variance, which is at most 2 where the mean may then be folded into an offset, at most 3 elsewhere.
 */
// @ts-ignore: decorator
@inline
export function isGood(mean: f64, variance: f64, shift: f32): bool {
  return mean * mean <= (shift == 0 ? variance : 2 * variance) && isFinite64(variance);
}

/** Mean and biased variance of n contiguous elements, into `first` and `second`. `share` is 1/n: a product is done long before a quotient. */
export function moments(x: usize, n: i32, share: f64): void {
  let shift = shiftOf(x, n);
  for (let attempt = 0; attempt < 3; attempt++) {
    sumsLess(x, n, shift);
    const mean = first * share;
    const variance = second * share - mean * mean;
    if (!isFinite64(variance)) return wideMoments(x, n);
    first = <f64>shift + mean;
    second = max<f64>(variance, 0);
    if (isGood(mean, variance, shift)) return;
    // The mean as it is known by now, which after raw sums may itself be far off: hence three attempts.
    shift = <f32>first;
  }
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
