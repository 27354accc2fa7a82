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

/** Rows up to this width go two at a time through the backward pass. */
const TWO_ROWS: i32 = 320;

/**
 * A vector of four equal values, by way of memory (the 64 bytes at 0 are the kernels' own). V8 moves instructions as late
 * as it may, into loops too: what is computed before a loop would be computed again at every turn, but for loads.
 */
// @ts-ignore: decorator
@inline
function pinned(v: f32, at: usize): v128 {
  store<f32>(at, v);
  return v128.load32_splat(at);
}

/** Any vector, likewise. */
// @ts-ignore: decorator
@inline
function kept(v: v128, at: usize): v128 {
  v128.store(at, v);
  return v128.load(at);
}

/** Two float64 pairs as the lanes of one float32 vector. */
// @ts-ignore: decorator
@inline
function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** Four consecutive rows of whole cache lines from their remembered statistics; β 0 for none. */
function applyFour(x: usize, y: usize, step: usize, fold: bool, gamma: usize, beta: usize, means: usize, rstds: usize): void {
  const meanLow = v128.load(means);
  const meanHigh = v128.load(means, 16);
  const rstdLow = v128.load(rstds);
  const rstdHigh = v128.load(rstds, 16);
  const s = kept(narrow(rstdLow, rstdHigh), 16);
  const offLow = f64x2.mul(meanLow, rstdLow);
  const offHigh = f64x2.mul(meanHigh, rstdHigh);
  if (fold || !beta) {
    const t = kept(narrow(f64x2.neg(offLow), f64x2.neg(offHigh)), 32);
    if (beta) fourRows(x, y, step, s, t, t, gamma, beta, false, true);
    else fourRows(x, y, step, s, t, t, gamma, gamma, false, false);
    return;
  }
  const h = kept(narrow(meanLow, meanHigh), 48);
  const low = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(h), meanLow), rstdLow);
  const high = f64x2.mul(f64x2.sub(upper(h), meanHigh), rstdHigh);
  fourRows(x, y, step, s, kept(narrow(low, high), 32), h, gamma, beta, true, true);
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

/** Sixteen elements of one row. */
// @ts-ignore: decorator
@inline
function lineOf(
  x: usize, y: usize, s: v128, t: v128, h: v128,
  g0: v128, g1: v128, g2: v128, g3: v128, b0: v128, b1: v128, b2: v128, b3: v128, shifted: bool, offset: bool,
): void {
  v128.store(y, hatRow(v128.load(x), h, s, t, g0, b0, shifted, offset));
  v128.store(y, hatRow(v128.load(x, 16), h, s, t, g1, b1, shifted, offset), 16);
  v128.store(y, hatRow(v128.load(x, 32), h, s, t, g2, b2, shifted, offset), 32);
  v128.store(y, hatRow(v128.load(x, 48), h, s, t, g3, b3, shifted, offset), 48);
}

/** y = ((x − h)·s + t)·γ + β; a row a lane of s, t and h, which are left out where the flags say so. */
// @ts-ignore: decorator
@inline
function fourRows(x: usize, y: usize, step: usize, s: v128, t: v128, h: v128, gamma: usize, beta: usize, shifted: bool, offset: bool): void {
  const x1 = x + step, x2 = x1 + step, x3 = x2 + step;
  const y1 = y + step, y2 = y1 + step, y3 = y2 + step;
  for (let i: usize = 0; i < step; i += 64) {
    // A cache line of a row at a time: stores to one line merge.
    const g0 = v128.load(gamma + i), g1 = v128.load(gamma + i, 16), g2 = v128.load(gamma + i, 32), g3 = v128.load(gamma + i, 48);
    const b0 = v128.load(beta + i), b1 = v128.load(beta + i, 16), b2 = v128.load(beta + i, 32), b3 = v128.load(beta + i, 48);
    lineOf(x + i, y + i, v128.shuffle<f32>(s, s, 0, 0, 0, 0), v128.shuffle<f32>(t, t, 0, 0, 0, 0), v128.shuffle<f32>(h, h, 0, 0, 0, 0), g0, g1, g2, g3, b0, b1, b2, b3, shifted, offset);
    lineOf(x1 + i, y1 + i, v128.shuffle<f32>(s, s, 1, 1, 1, 1), v128.shuffle<f32>(t, t, 1, 1, 1, 1), v128.shuffle<f32>(h, h, 1, 1, 1, 1), g0, g1, g2, g3, b0, b1, b2, b3, shifted, offset);
    lineOf(x2 + i, y2 + i, v128.shuffle<f32>(s, s, 2, 2, 2, 2), v128.shuffle<f32>(t, t, 2, 2, 2, 2), v128.shuffle<f32>(h, h, 2, 2, 2, 2), g0, g1, g2, g3, b0, b1, b2, b3, shifted, offset);
    lineOf(x3 + i, y3 + i, v128.shuffle<f32>(s, s, 3, 3, 3, 3), v128.shuffle<f32>(t, t, 3, 3, 3, 3), v128.shuffle<f32>(h, h, 3, 3, 3, 3), g0, g1, g2, g3, b0, b1, b2, b3, shifted, offset);
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
  // The next rows' sums are taken before these are written: they hide the latency of a reduction, a root and a quotient.
  let pending = false;
  if (width >= 4 && width <= FOUR_ROWS) {
    const together = gamma != 0 && (beta != 0 || !centered) && (width & 15) == 0;
    for (; i + 4 <= rows; i += 4) {
      const at = <usize>i << 3;
      const from = x + <usize>i * step;
      if (!centered) fourMeanSquares(from, step, width, share, epsilon, means + at, rstds + at);
      else if (sums.raw) fourRaw(from, step, width, share, epsilon, means + at, rstds + at);
      else fourShifted(from, step, width, share, epsilon, means + at, rstds + at);
      if (i) applyRows(x, y, i - 4, together, pending, width, means, rstds, gamma, beta, centered);
      pending = folded;
    }
    if (i) applyRows(x, y, i - 4, together, pending, width, means, rstds, gamma, beta, centered);
  }
  for (let r = i; r < rows; r++) {
    const at = <usize>r << 3;
    oneMoment(x + <usize>r * step, width, share, epsilon, centered, means + at, rstds + at);
    if (r > i) applyRow(x, y, r - 1, pending, width, means, rstds, gamma, beta, centered);
    pending = folded;
  }
  if (i < rows) applyRow(x, y, rows - 1, pending, width, means, rstds, gamma, beta, centered);
}

/** Writes four rows from row r on from their remembered statistics. */
// @ts-ignore: decorator
@inline
function applyRows(
  x: usize, y: usize, r: i32, together: bool, fold: bool, width: i32, means: usize, rstds: usize, gamma: usize, beta: usize, centered: i32,
): void {
  const step = <usize>width << 2;
  const place = <usize>r * step;
  const at = <usize>r << 3;
  if (together) return applyFour(x + place, y + place, step, fold, gamma, beta, means + at, rstds + at);
  for (let j = r; j < r + 4; j++) applyRow(x, y, j, fold, width, means, rstds, gamma, beta, centered);
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
 * dx, and dγ, dβ added onto float64[width] (0: not wanted). γ is required. scratch: float32[2·width], zeroed here.
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
  const share = 1 / <f64>width;
  for (let i = 0; i < rows; ) {
    // Two short rows at a time share the loads of γ, and the loads and stores of the short sums.
    const two = width <= TWO_ROWS && (width & 7) == 0 && i + 1 < rows;
    // Within about a standard deviation of 0 the means fold into the offsets, as in the forward pass.
    let fold = abs(load<f64>(means) * load<f64>(rstds)) <= 1;
    if (two) fold = fold && abs(load<f64>(means, 8) * load<f64>(rstds, 8)) <= 1;
    if (two && fold) twoFolded(x, dy, dx, step, gamma, means, rstds, centered, share, shortGamma, shortBeta);
    else if (two) twoShifted(x, dy, dx, step, gamma, means, rstds, centered, share, shortGamma, shortBeta);
    else if (fold) oneFolded(x, dy, dx, step, gamma, means, rstds, centered, share, shortGamma, shortBeta);
    else oneShifted(x, dy, dx, step, gamma, means, rstds, centered, share, shortGamma, shortBeta);
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

/** dx of two consecutive rows of a multiple of eight elements; their dy·x̂ and dy are added onto float32 rows. */
// @ts-ignore: decorator
@inline
function twoRows(
  x: usize, dy: usize, dx: usize, step: usize, gamma: usize, means: usize, rstds: usize, centered: i32, share: f64,
  toGamma: usize, toBeta: usize, shifted: bool,
): void {
  const rstd0 = load<f64>(rstds), mean0 = load<f64>(means), high0: f32 = shifted ? <f32>mean0 : 0;
  const rstd1 = load<f64>(rstds, 8), mean1 = load<f64>(means, 8), high1: f32 = shifted ? <f32>mean1 : 0;
  const low0 = (<f64>high0 - mean0) * rstd0, low1 = (<f64>high1 - mean1) * rstd1;
  const h0 = pinned(high0, 16), s0 = pinned(<f32>rstd0, 20), t0 = pinned(<f32>low0, 24);
  const h1 = pinned(high1, 28), s1 = pinned(<f32>rstd1, 32), t1 = pinned(<f32>low1, 36);
  const zero = f32x4.splat(0);
  let first = zero, second = zero;
  let i: usize = 0;
  while (i < step) {
    let a0 = zero, b0 = zero, a1 = zero, b1 = zero;
    const end = min(step, i + 1024);
    for (; i < end; i += 16) {
      const g = v128.load(gamma + i);
      const v0 = v128.load(dy + i);
      const u0 = f32x4.mul(v0, hatOf(v128.load(x + i), h0, s0, t0, shifted));
      const v1 = v128.load(dy + step + i);
      const u1 = f32x4.mul(v1, hatOf(v128.load(x + step + i), h1, s1, t1, shifted));
      v128.store(toGamma + i, f32x4.add(v128.load(toGamma + i), f32x4.add(u0, u1)));
      v128.store(toBeta + i, f32x4.add(v128.load(toBeta + i), f32x4.add(v0, v1)));
      a0 = f32x4.add(a0, f32x4.mul(v0, g));
      b0 = f32x4.add(b0, f32x4.mul(u0, g));
      a1 = f32x4.add(a1, f32x4.mul(v1, g));
      b1 = f32x4.add(b1, f32x4.mul(u1, g));
    }
    const all = lanesOf(a0, b0, a1, b1);
    first = f64x2.add(first, f64x2.promote_low_f32x4(all));
    second = f64x2.add(second, upper(all));
  }
  // scale·(γ·dy + a + x̂·b) with x̂ = d·scale + offset is γ·dy·scale + d·B + C.
  const parts = f64x2.splat(-share);
  first = f64x2.mul(first, parts);
  second = f64x2.mul(second, parts);
  const m0 = centered ? f64x2.extract_lane(first, 0) : 0, k0 = f64x2.extract_lane(first, 1);
  const m1 = centered ? f64x2.extract_lane(second, 0) : 0, k1 = f64x2.extract_lane(second, 1);
  const B0 = pinned(<f32>(k0 * rstd0 * rstd0), 40), C0 = pinned(<f32>(rstd0 * (m0 + low0 * k0)), 44);
  const B1 = pinned(<f32>(k1 * rstd1 * rstd1), 48), C1 = pinned(<f32>(rstd1 * (m1 + low1 * k1)), 52);
  for (i = 0; i < step; i += 32) {
    const p = x + i, q = dy + i, to = dx + i;
    const p1 = p + step, q1 = q + step, to1 = to + step;
    const g0 = v128.load(gamma + i), g1 = v128.load(gamma + i, 16);
    v128.store(to, derived(v128.load(p), v128.load(q), g0, h0, s0, B0, C0, shifted));
    v128.store(to, derived(v128.load(p, 16), v128.load(q, 16), g1, h0, s0, B0, C0, shifted), 16);
    v128.store(to1, derived(v128.load(p1), v128.load(q1), g0, h1, s1, B1, C1, shifted));
    v128.store(to1, derived(v128.load(p1, 16), v128.load(q1, 16), g1, h1, s1, B1, C1, shifted), 16);
  }
}

function twoFolded(
  x: usize, dy: usize, dx: usize, step: usize, gamma: usize, means: usize, rstds: usize, centered: i32, share: f64,
  toGamma: usize, toBeta: usize,
): void {
  twoRows(x, dy, dx, step, gamma, means, rstds, centered, share, toGamma, toBeta, false);
}

function twoShifted(
  x: usize, dy: usize, dx: usize, step: usize, gamma: usize, means: usize, rstds: usize, centered: i32, share: f64,
  toGamma: usize, toBeta: usize,
): void {
  twoRows(x, dy, dx, step, gamma, means, rstds, centered, share, toGamma, toBeta, true);
}

/** dy·γ·scale + d·B + C of one vector, d = x − high, or x where it is folded. */
// @ts-ignore: decorator
@inline
function derived(x: v128, dy: v128, gamma: v128, h: v128, s: v128, b: v128, c: v128, shifted: bool): v128 {
  const d = shifted ? f32x4.sub(x, h) : x;
  return f32x4.add(f32x4.mul(f32x4.mul(dy, gamma), s), f32x4.add(f32x4.mul(d, b), c));
}

/** dx of one row; its dy·x̂ and dy are added onto float32 rows. */
// @ts-ignore: decorator
@inline
function oneRow(
  x: usize, dy: usize, dx: usize, step: usize, gamma: usize, means: usize, rstds: usize, centered: i32, share: f64,
  toGamma: usize, toBeta: usize, shifted: bool,
): void {
  // The output of a centered row of one element is β whatever the input: its gradient is 0, without rounding.
  const rstd = centered && step == 4 ? 0 : load<f64>(rstds);
  const mean = load<f64>(means);
  const high: f32 = shifted ? <f32>mean : 0;
  const low = (<f64>high - mean) * rstd;
  const h = pinned(high, 16), s = pinned(<f32>rstd, 20), t = pinned(<f32>low, 24);
  const zero = f32x4.splat(0);
  let sum = zero, product = zero;
  const stop = step & ~31;
  let i: usize = 0;
  while (i < stop) {
    let a0 = zero, b0 = zero, a1 = zero, b1 = zero;
    const end = min(stop, i + 2048);
    for (; i < end; i += 32) {
      const p = x + i, q = dy + i, pg = gamma + i, toG = toGamma + i, toB = toBeta + i;
      const g0 = v128.load(pg);
      const v0 = v128.load(q);
      const u0 = f32x4.mul(v0, hatOf(v128.load(p), h, s, t, shifted));
      v128.store(toG, f32x4.add(v128.load(toG), u0));
      v128.store(toB, f32x4.add(v128.load(toB), v0));
      a0 = f32x4.add(a0, f32x4.mul(v0, g0));
      b0 = f32x4.add(b0, f32x4.mul(u0, g0));
      const g1 = v128.load(pg, 16);
      const v1 = v128.load(q, 16);
      const u1 = f32x4.mul(v1, hatOf(v128.load(p, 16), h, s, t, shifted));
      v128.store(toG, f32x4.add(v128.load(toG, 16), u1), 16);
      v128.store(toB, f32x4.add(v128.load(toB, 16), v1), 16);
      a1 = f32x4.add(a1, f32x4.mul(v1, g1));
      b1 = f32x4.add(b1, f32x4.mul(u1, g1));
    }
    sum = f64x2.add(sum, sums.widen(f32x4.add(a0, a1)));
    product = f64x2.add(product, sums.widen(f32x4.add(b0, b1)));
  }
  let a = sums.total(sum), b = sums.total(product);
  for (; i < step; i += 4) {
    const v = load<f32>(dy + i);
    const u = v * f32x4.extract_lane(hatOf(v128.load32_splat(x + i), h, s, t, shifted), 0);
    const g = load<f32>(gamma + i);
    store<f32>(toGamma + i, load<f32>(toGamma + i) + u);
    store<f32>(toBeta + i, load<f32>(toBeta + i) + v);
    a += <f64>(v * g);
    b += <f64>(u * g);
  }
  b *= -share;
  const B = pinned(<f32>(b * rstd * rstd), 40), C = pinned(<f32>(rstd * ((centered ? -a * share : 0) + low * b)), 44);
  const body = step & ~63;
  for (i = 0; i < body; i += 64) {
    const p = x + i, q = dy + i, pg = gamma + i, to = dx + i;
    v128.store(to, derived(v128.load(p), v128.load(q), v128.load(pg), h, s, B, C, shifted));
    v128.store(to, derived(v128.load(p, 16), v128.load(q, 16), v128.load(pg, 16), h, s, B, C, shifted), 16);
    v128.store(to, derived(v128.load(p, 32), v128.load(q, 32), v128.load(pg, 32), h, s, B, C, shifted), 32);
    v128.store(to, derived(v128.load(p, 48), v128.load(q, 48), v128.load(pg, 48), h, s, B, C, shifted), 48);
  }
  for (; i < step; i += 4) {
    v128.store_lane<f32>(dx + i, derived(v128.load32_splat(x + i), v128.load32_splat(dy + i), v128.load32_splat(gamma + i), h, s, B, C, shifted), 0);
  }
}

function oneFolded(
  x: usize, dy: usize, dx: usize, step: usize, gamma: usize, means: usize, rstds: usize, centered: i32, share: f64,
  toGamma: usize, toBeta: usize,
): void {
  oneRow(x, dy, dx, step, gamma, means, rstds, centered, share, toGamma, toBeta, false);
}

function oneShifted(
  x: usize, dy: usize, dx: usize, step: usize, gamma: usize, means: usize, rstds: usize, centered: i32, share: f64,
  toGamma: usize, toBeta: usize,
): void {
  oneRow(x, dy, dx, step, gamma, means, rstds, centered, share, toGamma, toBeta, true);
}
