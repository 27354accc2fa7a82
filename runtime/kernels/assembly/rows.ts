// Rows: every set is one contiguous row of `width` elements, γ and β run along the row (layer norm, RMS norm).
import * as sums from './sums';

// Loops are unrolled by four vectors: an engine's check for interrupts at every turn costs as much as a vector's work.

/** ((x − high)·rstd + offset) of one vector; `high` is left out where it is constantly 0. */
// @ts-ignore: decorator
@inline
function hatOf(v: v128, h: v128, s: v128, t: v128, shifted: bool): v128 {
  return f32x4.add(f32x4.mul(shifted ? f32x4.sub(v, h) : v, s), t);
}

/** y = ((x − high)·rstd + offset)·γ + β along one row, γ and β given. */
// @ts-ignore: decorator
@inline
function applyBoth(x: usize, y: usize, n: i32, high: f32, rstd: f32, offset: f32, gamma: usize, beta: usize, shifted: bool): void {
  const h = f32x4.splat(high);
  const s = f32x4.splat(rstd);
  const t = f32x4.splat(offset);
  const end = x + (<usize>(n >> 4) << 6);
  for (; x < end; x += 64, y += 64, gamma += 64, beta += 64) {
    const v0 = f32x4.mul(hatOf(v128.load(x), h, s, t, shifted), v128.load(gamma));
    const v1 = f32x4.mul(hatOf(v128.load(x, 16), h, s, t, shifted), v128.load(gamma, 16));
    const v2 = f32x4.mul(hatOf(v128.load(x, 32), h, s, t, shifted), v128.load(gamma, 32));
    const v3 = f32x4.mul(hatOf(v128.load(x, 48), h, s, t, shifted), v128.load(gamma, 48));
    v128.store(y, f32x4.add(v0, v128.load(beta)));
    v128.store(y, f32x4.add(v1, v128.load(beta, 16)), 16);
    v128.store(y, f32x4.add(v2, v128.load(beta, 32)), 32);
    v128.store(y, f32x4.add(v3, v128.load(beta, 48)), 48);
  }
  if (n & 15) applyAny(x, y, n & 15, high, rstd, offset, gamma, beta);
}

function applyShifted(x: usize, y: usize, n: i32, high: f32, rstd: f32, offset: f32, gamma: usize, beta: usize): void {
  applyBoth(x, y, n, high, rstd, offset, gamma, beta, true);
}

function applyFolded(x: usize, y: usize, n: i32, rstd: f32, offset: f32, gamma: usize, beta: usize): void {
  applyBoth(x, y, n, 0, rstd, offset, gamma, beta, false);
}

/** y = x·rstd·γ: RMS norm. */
function applyScale(x: usize, y: usize, n: i32, rstd: f32, gamma: usize): void {
  const s = f32x4.splat(rstd);
  const end = x + (<usize>(n >> 4) << 6);
  for (; x < end; x += 64, y += 64, gamma += 64) {
    v128.store(y, f32x4.mul(f32x4.mul(v128.load(x), s), v128.load(gamma)));
    v128.store(y, f32x4.mul(f32x4.mul(v128.load(x, 16), s), v128.load(gamma, 16)), 16);
    v128.store(y, f32x4.mul(f32x4.mul(v128.load(x, 32), s), v128.load(gamma, 32)), 32);
    v128.store(y, f32x4.mul(f32x4.mul(v128.load(x, 48), s), v128.load(gamma, 48)), 48);
  }
  if (n & 15) applyAny(x, y, n & 15, 0, rstd, 0, gamma, 0);
}

/** Any combination of γ and β (0: none), a vector at a time: ends of rows, and rows without parameters. */
function applyAny(x: usize, y: usize, n: i32, high: f32, rstd: f32, offset: f32, gamma: usize, beta: usize): void {
  const h = f32x4.splat(high);
  const s = f32x4.splat(rstd);
  const t = f32x4.splat(offset);
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const stop = x + (<usize>(n >> 2) << 4);
  for (; x < stop; x += 16, y += 16) {
    const v = f32x4.mul(hatOf(v128.load(x), h, s, t, true), gamma ? v128.load(gamma) : one);
    v128.store(y, f32x4.add(v, beta ? v128.load(beta) : zero));
    gamma += gamma ? 16 : 0;
    beta += beta ? 16 : 0;
  }
  const last = x + (<usize>(n & 3) << 2);
  for (; x < last; x += 4, y += 4) {
    store<f32>(y, ((load<f32>(x) - high) * rstd + offset) * (gamma ? load<f32>(gamma) : 1) + (beta ? load<f32>(beta) : 0));
    gamma += gamma ? 4 : 0;
    beta += beta ? 4 : 0;
  }
}

/** Elements of a row that one float32 partial sum a lane may take in without a flush: 64 additions each. */
const SHORT: i32 = 256;

/** Rows up to this width are summed four at a time; four streams of longer ones lose more than the roots cost. */
const FOUR_ROWS: i32 = 320;

/** Rows up to this width are also written four at a time, which loads γ and β once; longer ones want linear writes. */
const FOUR_WRITES: i32 = 320;

/** Two float64 pairs as the lanes of one float32 vector. */
// @ts-ignore: decorator
@inline
function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** Four consecutive rows from their remembered statistics; β 0 for none. */
function applyFour(x: usize, y: usize, step: usize, gamma: usize, beta: usize, means: usize, rstds: usize): void {
  const meanLow = v128.load(means);
  const meanHigh = v128.load(means, 16);
  const rstdLow = v128.load(rstds);
  const rstdHigh = v128.load(rstds, 16);
  const s = narrow(rstdLow, rstdHigh);
  const offLow = f64x2.mul(meanLow, rstdLow);
  const offHigh = f64x2.mul(meanHigh, rstdHigh);
  if (folded || !beta) {
    const t = narrow(f64x2.neg(offLow), f64x2.neg(offHigh));
    if (beta) fourRows(x, y, step, s, t, t, gamma, beta, false, true);
    else fourRows(x, y, step, s, t, t, gamma, gamma, false, false);
    return;
  }
  const h = narrow(meanLow, meanHigh);
  const low = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(h), meanLow), rstdLow);
  const high = f64x2.mul(f64x2.sub(upper(h), meanHigh), rstdHigh);
  fourRows(x, y, step, s, narrow(low, high), h, gamma, beta, true, true);
}

// @ts-ignore: decorator
@inline
function hatRow(v: v128, h: v128, s: v128, t: v128, g: v128, b: v128, shifted: bool, offset: bool): v128 {
  if (shifted) v = f32x4.sub(v, h);
  v = f32x4.mul(v, s);
  if (offset) v = f32x4.add(v, t);
  v = f32x4.mul(v, g);
  return offset ? f32x4.add(v, b) : v;
}

/** y = ((x − h)·s + t)·γ + β; a row a lane of s, t and h, which are left out where the flags say so. */
// @ts-ignore: decorator
@inline
function fourRows(x: usize, y: usize, step: usize, s: v128, t: v128, h: v128, gamma: usize, beta: usize, shifted: bool, offset: bool): void {
  const s0 = v128.shuffle<f32>(s, s, 0, 0, 0, 0), s1 = v128.shuffle<f32>(s, s, 1, 1, 1, 1);
  const s2 = v128.shuffle<f32>(s, s, 2, 2, 2, 2), s3 = v128.shuffle<f32>(s, s, 3, 3, 3, 3);
  const t0 = v128.shuffle<f32>(t, t, 0, 0, 0, 0), t1 = v128.shuffle<f32>(t, t, 1, 1, 1, 1);
  const t2 = v128.shuffle<f32>(t, t, 2, 2, 2, 2), t3 = v128.shuffle<f32>(t, t, 3, 3, 3, 3);
  const h0 = v128.shuffle<f32>(h, h, 0, 0, 0, 0), h1 = v128.shuffle<f32>(h, h, 1, 1, 1, 1);
  const h2 = v128.shuffle<f32>(h, h, 2, 2, 2, 2), h3 = v128.shuffle<f32>(h, h, 3, 3, 3, 3);
  const x1 = x + step, x2 = x1 + step, x3 = x2 + step;
  const y1 = y + step, y2 = y1 + step, y3 = y2 + step;
  const body = step & ~31;
  let i: usize = 0;
  for (; i < body; i += 32) {
    const a0 = x + i, a1 = x1 + i, a2 = x2 + i, a3 = x3 + i;
    const c0 = y + i, c1 = y1 + i, c2 = y2 + i, c3 = y3 + i;
    const g = v128.load(gamma + i);
    const b = v128.load(beta + i);
    v128.store(c0, hatRow(v128.load(a0), h0, s0, t0, g, b, shifted, offset));
    v128.store(c1, hatRow(v128.load(a1), h1, s1, t1, g, b, shifted, offset));
    v128.store(c2, hatRow(v128.load(a2), h2, s2, t2, g, b, shifted, offset));
    v128.store(c3, hatRow(v128.load(a3), h3, s3, t3, g, b, shifted, offset));
    const k = v128.load(gamma + i, 16);
    const l = v128.load(beta + i, 16);
    v128.store(c0, hatRow(v128.load(a0, 16), h0, s0, t0, k, l, shifted, offset), 16);
    v128.store(c1, hatRow(v128.load(a1, 16), h1, s1, t1, k, l, shifted, offset), 16);
    v128.store(c2, hatRow(v128.load(a2, 16), h2, s2, t2, k, l, shifted, offset), 16);
    v128.store(c3, hatRow(v128.load(a3, 16), h3, s3, t3, k, l, shifted, offset), 16);
  }
  for (; i < step; i += 4) {
    let d = f32x4(load<f32>(x + i), load<f32>(x1 + i), load<f32>(x2 + i), load<f32>(x3 + i));
    if (shifted) d = f32x4.sub(d, h);
    let v = f32x4.mul(d, s);
    if (offset) v = f32x4.add(v, t);
    v = f32x4.mul(v, f32x4.splat(load<f32>(gamma + i)));
    if (offset) v = f32x4.add(v, f32x4.splat(load<f32>(beta + i)));
    store<f32>(y + i, f32x4.extract_lane(v, 0));
    store<f32>(y1 + i, f32x4.extract_lane(v, 1));
    store<f32>(y2 + i, f32x4.extract_lane(v, 2));
    store<f32>(y3 + i, f32x4.extract_lane(v, 3));
  }
}

/** Normalises rows · width elements; remembers mean and 1/√(variance + ε), float64[rows] each. */
export function rowsForward(
  x: usize, y: usize, rows: i32, width: i32, gamma: usize, beta: usize, epsilon: f64, centered: i32, means: usize, rstds: usize,
): void {
  const step = <usize>width << 2;
  const share = 1 / <f64>width;
  let i = 0;
  sums.setRaw(true);
  if (width >= 4 && width <= FOUR_ROWS) {
    for (; i + 4 <= rows; i += 4) {
      const at = <usize>i << 3;
      const from = x + <usize>i * step;
      if (!centered) fourMeanSquares(from, step, width, share, epsilon, means + at, rstds + at);
      else if (sums.raw) fourRaw(from, step, width, share, epsilon, means + at, rstds + at);
      else fourShifted(from, step, width, share, epsilon, means + at, rstds + at);
      if (gamma && width <= FOUR_WRITES && (beta || !centered)) applyFour(from, y + <usize>i * step, step, gamma, beta, means + at, rstds + at);
      else for (let r = i; r < i + 4; r++) applyRow(x, y, r, folded, width, means, rstds, gamma, beta, centered);
    }
  }
  // The next row's sums are taken before this one is written: they hide the latency of its root and quotient.
  let pending = false;
  for (let r = i; r < rows; r++) {
    const at = <usize>r << 3;
    oneMoment(x + <usize>r * step, width, share, epsilon, centered, means + at, rstds + at);
    if (r > i) applyRow(x, y, r - 1, pending, width, means, rstds, gamma, beta, centered);
    pending = folded;
  }
  if (i < rows) applyRow(x, y, rows - 1, pending, width, means, rstds, gamma, beta, centered);
}

/** Writes row r from its remembered statistics. */
// @ts-ignore: decorator
@inline
function applyRow(
  x: usize, y: usize, r: i32, fold: bool, width: i32, means: usize, rstds: usize, gamma: usize, beta: usize, centered: i32,
): void {
  const place = <usize>r * (<usize>width << 2);
  const mean = load<f64>(means + (<usize>r << 3));
  const rstd = load<f64>(rstds + (<usize>r << 3));
  if (gamma && beta) {
    if (fold) return applyFolded(x + place, y + place, width, <f32>rstd, <f32>(-mean * rstd), gamma, beta);
    const high = <f32>mean;
    return applyShifted(x + place, y + place, width, high, <f32>rstd, <f32>((<f64>high - mean) * rstd), gamma, beta);
  }
  if (gamma && !centered) return applyScale(x + place, y + place, width, <f32>rstd, gamma);
  const high = <f32>mean;
  applyAny(x + place, y + place, width, high, <f32>rstd, <f32>((<f64>high - mean) * rstd), gamma, beta);
}

/** Whether the means last found lie within a standard deviation of 0, so that they may be folded into the offset. */
let folded: bool = false;

function oneMoment(x: usize, width: i32, share: f64, epsilon: f64, centered: i32, mean: usize, rstd: usize): void {
  if (centered) sums.moments(x, width, share);
  else sums.meanSquare(x, width, share);
  store<f64>(mean, sums.first);
  store<f64>(rstd, 1 / sqrt(sums.second + epsilon));
  folded = sums.first * sums.first <= sums.second;
}

/** The sums of the lanes of four vectors, as the lanes of one. */
// @ts-ignore: decorator
@inline
function lanesOf(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

// @ts-ignore: decorator
@inline
function upper(v: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
}

/**
 * Mean and 1/√(variance + ε) of four rows at once: one reduction, and two roots and quotients of two lanes, for all four.
 * Sums are flushed to float64 every SHORT elements. Rows whose shift was far off their mean are done again one by one.
 */
// @ts-ignore: decorator
@inline
function fourMoments(x: usize, step: usize, width: i32, share: f64, epsilon: f64, means: usize, rstds: usize, shifted: bool): void {
  const x1 = x + step, x2 = x1 + step, x3 = x2 + step;
  const shifts = !shifted ? f32x4.splat(0) : f32x4.mul(lanesOf(v128.load(x), v128.load(x1), v128.load(x2), v128.load(x3)), f32x4.splat(0.25));
  const h0 = v128.shuffle<f32>(shifts, shifts, 0, 0, 0, 0);
  const h1 = v128.shuffle<f32>(shifts, shifts, 1, 1, 1, 1);
  const h2 = v128.shuffle<f32>(shifts, shifts, 2, 2, 2, 2);
  const h3 = v128.shuffle<f32>(shifts, shifts, 3, 3, 3, 3);
  const zero = f32x4.splat(0);
  let sumLow = zero, sumHigh = zero, squareLow = zero, squareHigh = zero;
  const body = <usize>(width & ~3) << 2;
  let i: usize = 0;
  do {
    let s0 = zero, s1 = zero, s2 = zero, s3 = zero, q0 = zero, q1 = zero, q2 = zero, q3 = zero;
    const end = min(body, i + (<usize>SHORT << 2));
    for (; i < end; i += 16) {
      const d0 = shifted ? f32x4.sub(v128.load(x + i), h0) : v128.load(x + i);
      const d1 = shifted ? f32x4.sub(v128.load(x1 + i), h1) : v128.load(x1 + i);
      const d2 = shifted ? f32x4.sub(v128.load(x2 + i), h2) : v128.load(x2 + i);
      const d3 = shifted ? f32x4.sub(v128.load(x3 + i), h3) : v128.load(x3 + i);
      s0 = f32x4.add(s0, d0);
      s1 = f32x4.add(s1, d1);
      s2 = f32x4.add(s2, d2);
      s3 = f32x4.add(s3, d3);
      q0 = f32x4.add(q0, f32x4.mul(d0, d0));
      q1 = f32x4.add(q1, f32x4.mul(d1, d1));
      q2 = f32x4.add(q2, f32x4.mul(d2, d2));
      q3 = f32x4.add(q3, f32x4.mul(d3, d3));
    }
    const s = lanesOf(s0, s1, s2, s3);
    const q = lanesOf(q0, q1, q2, q3);
    sumLow = f64x2.add(sumLow, f64x2.promote_low_f32x4(s));
    sumHigh = f64x2.add(sumHigh, upper(s));
    squareLow = f64x2.add(squareLow, f64x2.promote_low_f32x4(q));
    squareHigh = f64x2.add(squareHigh, upper(q));
  } while (i < body);
  for (; i < step; i += 4) {
    const d = f32x4.sub(f32x4(load<f32>(x + i), load<f32>(x1 + i), load<f32>(x2 + i), load<f32>(x3 + i)), shifts);
    const q = f32x4.mul(d, d);
    sumLow = f64x2.add(sumLow, f64x2.promote_low_f32x4(d));
    sumHigh = f64x2.add(sumHigh, upper(d));
    squareLow = f64x2.add(squareLow, f64x2.promote_low_f32x4(q));
    squareHigh = f64x2.add(squareHigh, upper(q));
  }
  const parts = f64x2.splat(share);
  const dLow = f64x2.mul(sumLow, parts);
  const dHigh = f64x2.mul(sumHigh, parts);
  const offLow = f64x2.mul(dLow, dLow);
  const offHigh = f64x2.mul(dHigh, dHigh);
  const varLow = f64x2.sub(f64x2.mul(squareLow, parts), offLow);
  const varHigh = f64x2.sub(f64x2.mul(squareHigh, parts), offHigh);
  const one = f64x2.splat(1);
  const eps = f64x2.splat(epsilon);
  v128.store(means, f64x2.add(f64x2.promote_low_f32x4(shifts), dLow));
  v128.store(means, f64x2.add(upper(shifts), dHigh), 16);
  v128.store(rstds, f64x2.div(one, f64x2.sqrt(f64x2.add(varLow, eps))));
  v128.store(rstds, f64x2.div(one, f64x2.sqrt(f64x2.add(varHigh, eps))), 16);
  // True in every lane where mean(d)² is small beside the variance (see sums.ts), which is finite; NaN is in no order.
  const most = f64x2.splat(shifted ? 2 : 1);
  const limit = f64x2.splat(f64.MAX_VALUE);
  const goodLow = v128.and(f64x2.le(offLow, f64x2.mul(most, varLow)), f64x2.le(varLow, limit));
  const goodHigh = v128.and(f64x2.le(offHigh, f64x2.mul(most, varHigh)), f64x2.le(varHigh, limit));
  if (i64x2.all_true(v128.and(goodLow, goodHigh))) {
    folded = !shifted;
    const mean = load<f64>(means);
    if (shifted && mean * mean <= f64x2.extract_lane(varLow, 0)) sums.setRaw(true);
    return;
  }
  if (!shifted) {
    sums.setRaw(false);
    return fourShifted(x, step, width, share, epsilon, means, rstds);
  }
  folded = false;
  for (let r: usize = 0; r < 4; r++) oneMoment(x + r * step, width, share, epsilon, 1, means + (r << 3), rstds + (r << 3));
  sums.setRaw(false);
}

function fourRaw(x: usize, step: usize, width: i32, share: f64, epsilon: f64, means: usize, rstds: usize): void {
  fourMoments(x, step, width, share, epsilon, means, rstds, false);
}

function fourShifted(x: usize, step: usize, width: i32, share: f64, epsilon: f64, means: usize, rstds: usize): void {
  fourMoments(x, step, width, share, epsilon, means, rstds, true);
}

/** 0 and 1/√(mean of x² + ε) of four rows at once. */
function fourMeanSquares(x: usize, step: usize, width: i32, share: f64, epsilon: f64, means: usize, rstds: usize): void {
  const x1 = x + step, x2 = x1 + step, x3 = x2 + step;
  const zero = f32x4.splat(0);
  let squareLow = zero, squareHigh = zero;
  const body = <usize>(width & ~3) << 2;
  let i: usize = 0;
  do {
    let q0 = zero, q1 = zero, q2 = zero, q3 = zero;
    const end = min(body, i + (<usize>SHORT << 2));
    const pairs = end - ((end - i) & 16);
    for (; i < pairs; i += 32) {
      const p0 = x + i, p1 = x1 + i, p2 = x2 + i, p3 = x3 + i;
      const d0 = v128.load(p0);
      const d1 = v128.load(p1);
      const d2 = v128.load(p2);
      const d3 = v128.load(p3);
      q0 = f32x4.add(q0, f32x4.mul(d0, d0));
      q1 = f32x4.add(q1, f32x4.mul(d1, d1));
      q2 = f32x4.add(q2, f32x4.mul(d2, d2));
      q3 = f32x4.add(q3, f32x4.mul(d3, d3));
      const e0 = v128.load(p0, 16);
      const e1 = v128.load(p1, 16);
      const e2 = v128.load(p2, 16);
      const e3 = v128.load(p3, 16);
      q0 = f32x4.add(q0, f32x4.mul(e0, e0));
      q1 = f32x4.add(q1, f32x4.mul(e1, e1));
      q2 = f32x4.add(q2, f32x4.mul(e2, e2));
      q3 = f32x4.add(q3, f32x4.mul(e3, e3));
    }
    if (i < end) {
      const d0 = v128.load(x + i);
      const d1 = v128.load(x1 + i);
      const d2 = v128.load(x2 + i);
      const d3 = v128.load(x3 + i);
      q0 = f32x4.add(q0, f32x4.mul(d0, d0));
      q1 = f32x4.add(q1, f32x4.mul(d1, d1));
      q2 = f32x4.add(q2, f32x4.mul(d2, d2));
      q3 = f32x4.add(q3, f32x4.mul(d3, d3));
      i += 16;
    }
    const q = lanesOf(q0, q1, q2, q3);
    squareLow = f64x2.add(squareLow, f64x2.promote_low_f32x4(q));
    squareHigh = f64x2.add(squareHigh, upper(q));
  } while (i < body);
  for (; i < step; i += 4) {
    const d = f32x4(load<f32>(x + i), load<f32>(x1 + i), load<f32>(x2 + i), load<f32>(x3 + i));
    const q = f32x4.mul(d, d);
    squareLow = f64x2.add(squareLow, f64x2.promote_low_f32x4(q));
    squareHigh = f64x2.add(squareHigh, upper(q));
  }
  const one = f64x2.splat(1);
  const eps = f64x2.splat(epsilon);
  const parts = f64x2.splat(share);
  const low = f64x2.mul(squareLow, parts);
  const high = f64x2.mul(squareHigh, parts);
  v128.store(means, zero);
  v128.store(means, zero, 16);
  v128.store(rstds, f64x2.div(one, f64x2.sqrt(f64x2.add(low, eps))));
  v128.store(rstds, f64x2.div(one, f64x2.sqrt(f64x2.add(high, eps))), 16);
  const limit = f64x2.splat(f64.MAX_VALUE);
  if (i64x2.all_true(v128.and(f64x2.le(low, limit), f64x2.le(high, limit)))) return;
  for (let r: usize = 0; r < 4; r++) oneMoment(x + r * step, width, share, epsilon, 0, means + (r << 3), rstds + (r << 3));
}

/** float32[n] onto float64[n], and zeros behind it. */
function flush(from: usize, to: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    store<f64>(to, load<f64>(to) + <f64>load<f32>(from));
    store<f32>(from, 0);
    from += 4;
    to += 8;
  }
}

const FLUSH: i32 = 64;

/**
 * dx, and dγ, dβ added onto float64[width] (0: not wanted). scratch: float32[2·width], zeroed here.
 * Along a row, with g = γ·dy: dx = rstd·(g − mean(g) − x̂·mean(g·x̂)).
 */
export function rowsBackward(
  x: usize, dy: usize, dx: usize, rows: i32, width: i32, gamma: usize, centered: i32,
  means: usize, rstds: usize, dgamma: usize, dbeta: usize, scratch: usize,
): void {
  const step = <usize>width << 2;
  const shortGamma = scratch;
  const shortBeta = scratch + step;
  memory.fill(scratch, 0, step << 1);
  const count = <f64>width;
  const bytes = step;
  for (let i = 0; i < rows; ) {
    // Two short rows at a time share the loads of γ, and the loads and stores of the short sums.
    const two = width <= FOUR_ROWS && i + 1 < rows;
    readRow(means, rstds, width, centered);
    const h0 = rowHigh, s0 = rowScale, t0 = rowOffset;
    if (two) {
      readRow(means + 8, rstds + 8, width, centered);
      twoRowSums(x, dy, bytes, gamma, h0, s0, t0, rowHigh, rowScale, rowOffset, shortGamma, shortBeta);
    } else rowSums(x, dy, width, gamma, h0, s0, t0, shortGamma, shortBeta);
    const h1 = rowHigh, s1 = rowScale, t1 = rowOffset;
    combineRow(x, dy, dx, width, gamma, h0, s0, t0, centered ? <f32>(-sums.first / count) : 0, <f32>(-sums.second / count));
    if (two) {
      const a = centered ? <f32>(-thirdSum / count) : 0;
      combineRow(x + step, dy + step, dx + step, width, gamma, h1, s1, t1, a, <f32>(-fourthSum / count));
    }
    const done = two ? 2 : 1;
    const by = <usize>done * step;
    x += by;
    dy += by;
    dx += by;
    means += <usize>done << 3;
    rstds += <usize>done << 3;
    i += done;
    if (i % FLUSH == 0 || i == rows) {
      if (dgamma) flush(shortGamma, dgamma, width);
      else memory.fill(shortGamma, 0, step);
      if (dbeta) flush(shortBeta, dbeta, width);
      else memory.fill(shortBeta, 0, step);
    }
  }
}

let rowHigh: f32 = 0;
let rowScale: f32 = 0;
let rowOffset: f32 = 0;
let thirdSum: f64 = 0;
let fourthSum: f64 = 0;

/** x̂ = (x − high)·scale + offset of a row. */
function readRow(means: usize, rstds: usize, width: i32, centered: i32): void {
  const mean = load<f64>(means);
  // The output of a centered row of one element is β whatever the input: its gradient is 0, without rounding.
  const rstd = centered && width == 1 ? 0 : load<f64>(rstds);
  rowHigh = <f32>mean;
  rowScale = <f32>rstd;
  rowOffset = <f32>((<f64>rowHigh - mean) * rstd);
}

/** Σg and Σg·x̂ of two consecutive rows, the second's into thirdSum and fourthSum; dy·x̂ and dy are added onto float32[n]. */
function twoRowSums(
  x: usize, dy: usize, step: usize, gamma: usize,
  high0: f32, scale0: f32, offset0: f32, high1: f32, scale1: f32, offset1: f32, toGamma: usize, toBeta: usize,
): void {
  const h0 = f32x4.splat(high0), s0 = f32x4.splat(scale0), t0 = f32x4.splat(offset0);
  const h1 = f32x4.splat(high1), s1 = f32x4.splat(scale1), t1 = f32x4.splat(offset1);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  let sum0 = zero, product0 = zero, sum1 = zero, product1 = zero;
  const stop = step & ~15;
  let i: usize = 0;
  while (i < stop) {
    let a0 = zero, b0 = zero, a1 = zero, b1 = zero;
    const end = min(stop, i + 1024);
    for (; i < end; i += 16) {
      const p = x + i, q = dy + i;
      const g = gamma ? v128.load(gamma + i) : one;
      const v0 = v128.load(q);
      const u0 = f32x4.mul(v0, hatOf(v128.load(p), h0, s0, t0, true));
      const v1 = v128.load(q + step);
      const u1 = f32x4.mul(v1, hatOf(v128.load(p + step), h1, s1, t1, true));
      v128.store(toGamma + i, f32x4.add(v128.load(toGamma + i), f32x4.add(u0, u1)));
      v128.store(toBeta + i, f32x4.add(v128.load(toBeta + i), f32x4.add(v0, v1)));
      a0 = f32x4.add(a0, f32x4.mul(v0, g));
      b0 = f32x4.add(b0, f32x4.mul(u0, g));
      a1 = f32x4.add(a1, f32x4.mul(v1, g));
      b1 = f32x4.add(b1, f32x4.mul(u1, g));
    }
    sum0 = f64x2.add(sum0, sums.widen(a0));
    product0 = f64x2.add(product0, sums.widen(b0));
    sum1 = f64x2.add(sum1, sums.widen(a1));
    product1 = f64x2.add(product1, sums.widen(b1));
  }
  let a = sums.total(sum0), b = sums.total(product0), c = sums.total(sum1), d = sums.total(product1);
  for (; i < step; i += 4) {
    const g = gamma ? load<f32>(gamma + i) : 1;
    const v0 = load<f32>(dy + i);
    const u0 = v0 * ((load<f32>(x + i) - high0) * scale0 + offset0);
    const v1 = load<f32>(dy + step + i);
    const u1 = v1 * ((load<f32>(x + step + i) - high1) * scale1 + offset1);
    store<f32>(toGamma + i, load<f32>(toGamma + i) + (u0 + u1));
    store<f32>(toBeta + i, load<f32>(toBeta + i) + (v0 + v1));
    a += <f64>(v0 * g);
    b += <f64>(u0 * g);
    c += <f64>(v1 * g);
    d += <f64>(u1 * g);
  }
  sums.setSums(a, b);
  thirdSum = c;
  fourthSum = d;
}

/** Σg and Σg·x̂ of one row; dy·x̂ and dy are added onto float32[n]. */
function rowSums(x: usize, dy: usize, n: i32, gamma: usize, high: f32, scale: f32, offset: f32, toGamma: usize, toBeta: usize): void {
  const h = f32x4.splat(high);
  const s = f32x4.splat(scale);
  const t = f32x4.splat(offset);
  const one = f32x4.splat(1);
  let sum = f64x2.splat(0);
  let product = f64x2.splat(0);
  const stop = <usize>(n >> 2) << 4;
  let i: usize = 0;
  while (i < stop) {
    let s0 = f32x4.splat(0);
    let q0 = f32x4.splat(0);
    const end = min(stop, i + 1024);
    for (; i < end; i += 16) {
      const v = v128.load(dy + i);
      const hat = f32x4.add(f32x4.mul(f32x4.sub(v128.load(x + i), h), s), t);
      const vHat = f32x4.mul(v, hat);
      const g = gamma ? v128.load(gamma + i) : one;
      v128.store(toGamma + i, f32x4.add(v128.load(toGamma + i), vHat));
      v128.store(toBeta + i, f32x4.add(v128.load(toBeta + i), v));
      s0 = f32x4.add(s0, f32x4.mul(v, g));
      q0 = f32x4.add(q0, f32x4.mul(vHat, g));
    }
    sum = f64x2.add(sum, sums.widen(s0));
    product = f64x2.add(product, sums.widen(q0));
  }
  let a = sums.total(sum);
  let b = sums.total(product);
  const last = stop + (<usize>(n & 3) << 2);
  for (; i < last; i += 4) {
    const v = load<f32>(dy + i);
    const vHat = v * ((load<f32>(x + i) - high) * scale + offset);
    const g = gamma ? load<f32>(gamma + i) : 1;
    store<f32>(toGamma + i, load<f32>(toGamma + i) + vHat);
    store<f32>(toBeta + i, load<f32>(toBeta + i) + v);
    a += <f64>(v * g);
    b += <f64>(vHat * g);
  }
  sums.first = a;
  sums.second = b;
}

/** scale·(γ·dy + a + x̂·b) of one vector. */
// @ts-ignore: decorator
@inline
function combinedOf(x: v128, dy: v128, gamma: v128, h: v128, s: v128, t: v128, a: v128, b: v128): v128 {
  const hat = hatOf(x, h, s, t, true);
  return f32x4.mul(f32x4.add(f32x4.add(f32x4.mul(dy, gamma), a), f32x4.mul(hat, b)), s);
}

/** dx = scale·(γ·dy + a + x̂·b) along one row. */
function combineRow(x: usize, dy: usize, dx: usize, n: i32, gamma: usize, high: f32, scale: f32, offset: f32, a: f32, b: f32): void {
  const h = f32x4.splat(high);
  const s = f32x4.splat(scale);
  const t = f32x4.splat(offset);
  const va = f32x4.splat(a);
  const vb = f32x4.splat(b);
  const one = f32x4.splat(1);
  const stop = <usize>(n >> 2) << 4;
  const body = gamma ? <usize>(n >> 4) << 6 : 0;
  let i: usize = 0;
  for (; i < body; i += 64) {
    const p = x + i, q = dy + i, to = dx + i, k = gamma + i;
    v128.store(to, combinedOf(v128.load(p), v128.load(q), v128.load(k), h, s, t, va, vb));
    v128.store(to, combinedOf(v128.load(p, 16), v128.load(q, 16), v128.load(k, 16), h, s, t, va, vb), 16);
    v128.store(to, combinedOf(v128.load(p, 32), v128.load(q, 32), v128.load(k, 32), h, s, t, va, vb), 32);
    v128.store(to, combinedOf(v128.load(p, 48), v128.load(q, 48), v128.load(k, 48), h, s, t, va, vb), 48);
  }
  for (; i < stop; i += 16) {
    v128.store(dx + i, combinedOf(v128.load(x + i), v128.load(dy + i), gamma ? v128.load(gamma + i) : one, h, s, t, va, vb));
  }
  const last = stop + (<usize>(n & 3) << 2);
  for (; i < last; i += 4) {
    const hat = (load<f32>(x + i) - high) * scale + offset;
    const g = load<f32>(dy + i) * (gamma ? load<f32>(gamma + i) : 1);
    store<f32>(dx + i, (g + a + hat * b) * scale);
  }
}
