// Rows: every set is one contiguous row of `width` elements, γ and β run along the row (layer norm, RMS norm).
import { hatOf, kept, lanesOf, upper } from './lanes';
import * as sums from './sums';
import { madd } from './madd';

// Loops are unrolled by four vectors: an engine's check for interrupts at every turn costs as much as a vector's work.

/** y = ((x − high)·rstd + offset)·γ + β along one row, γ and β given. */
// @ts-ignore: decorator
@inline
function applyBoth(x: usize, y: usize, n: i32, high: f32, rstd: f32, offset: f32, gamma: usize, beta: usize, shifted: bool): void {
  const h = f32x4.splat(high);
  const s = f32x4.splat(rstd);
  const t = f32x4.splat(offset);
  const end = x + (<usize>(n >> 4) << 6);
  for (; x < end; x += 64, y += 64, gamma += 64, beta += 64) {
    v128.store(y, madd(hatOf(v128.load(x), h, s, t, shifted), v128.load(gamma), v128.load(beta)));
    v128.store(y, madd(hatOf(v128.load(x, 16), h, s, t, shifted), v128.load(gamma, 16), v128.load(beta, 16)), 16);
    v128.store(y, madd(hatOf(v128.load(x, 32), h, s, t, shifted), v128.load(gamma, 32), v128.load(beta, 32)), 32);
    v128.store(y, madd(hatOf(v128.load(x, 48), h, s, t, shifted), v128.load(gamma, 48), v128.load(beta, 48)), 48);
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
    v128.store(y, madd(hatOf(v128.load(x), h, s, t, true), gamma ? v128.load(gamma) : one, beta ? v128.load(beta) : zero));
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

/** Two float64 pairs as the lanes of one float32 vector. */
// @ts-ignore: decorator
@inline
function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** Four consecutive rows of whole cache lines from their remembered statistics; β 0 for none. */
function applyFour(x: usize, y: usize, ahead: usize, step: usize, fold: bool, gamma: usize, beta: usize, means: usize, rstds: usize): void {
  const meanLow = v128.load(means);
  const meanHigh = v128.load(means, 16);
  const rstdLow = v128.load(rstds);
  const rstdHigh = v128.load(rstds, 16);
  const s = kept(narrow(rstdLow, rstdHigh), 16);
  const offLow = f64x2.mul(meanLow, rstdLow);
  const offHigh = f64x2.mul(meanHigh, rstdHigh);
  if (fold || !beta) {
    const t = kept(narrow(f64x2.neg(offLow), f64x2.neg(offHigh)), 32);
    if (beta) fourRows(x, y, ahead, step, s, t, t, gamma, beta, false, true);
    else fourRows(x, y, ahead, step, s, t, t, gamma, gamma, false, false);
    return;
  }
  const h = kept(narrow(meanLow, meanHigh), 48);
  const low = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(h), meanLow), rstdLow);
  const high = f64x2.mul(f64x2.sub(upper(h), meanHigh), rstdHigh);
  fourRows(x, y, ahead, step, s, kept(narrow(low, high), 32), h, gamma, beta, true, true);
}

// @ts-ignore: decorator
@inline
function hatRow(v: v128, h: v128, s: v128, t: v128, g: v128, b: v128, shifted: bool, offset: bool): v128 {
  if (shifted) v = f32x4.sub(v, h);
  return offset ? madd(madd(v, s, t), g, b) : f32x4.mul(f32x4.mul(v, s), g);
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

/**
 * y = ((x − h)·s + t)·γ + β; a row a lane of s, t and h, which are left out where the flags say so. Meanwhile the rows at
 * `ahead`, whose sums come after the next ones, are asked for: memory is then read and written at once.
 */
// @ts-ignore: decorator
@inline
function fourRows(x: usize, y: usize, ahead: usize, step: usize, s: v128, t: v128, h: v128, gamma: usize, beta: usize, shifted: bool, offset: bool): void {
  const x1 = x + step, x2 = x1 + step, x3 = x2 + step;
  const y1 = y + step, y2 = y1 + step, y3 = y2 + step;
  let touched = i32x4.splat(0);
  for (let i: usize = 0; i < step; i += 64, ahead += 256) {
    touched = v128.or(v128.or(touched, v128.or(v128.load(ahead), v128.load(ahead, 64))), v128.or(v128.load(ahead, 128), v128.load(ahead, 192)));
    // A cache line of a row at a time: stores to one line merge.
    const g0 = v128.load(gamma + i), g1 = v128.load(gamma + i, 16), g2 = v128.load(gamma + i, 32), g3 = v128.load(gamma + i, 48);
    const b0 = v128.load(beta + i), b1 = v128.load(beta + i, 16), b2 = v128.load(beta + i, 32), b3 = v128.load(beta + i, 48);
    lineOf(x + i, y + i, v128.shuffle<f32>(s, s, 0, 0, 0, 0), v128.shuffle<f32>(t, t, 0, 0, 0, 0), v128.shuffle<f32>(h, h, 0, 0, 0, 0), g0, g1, g2, g3, b0, b1, b2, b3, shifted, offset);
    lineOf(x1 + i, y1 + i, v128.shuffle<f32>(s, s, 1, 1, 1, 1), v128.shuffle<f32>(t, t, 1, 1, 1, 1), v128.shuffle<f32>(h, h, 1, 1, 1, 1), g0, g1, g2, g3, b0, b1, b2, b3, shifted, offset);
    lineOf(x2 + i, y2 + i, v128.shuffle<f32>(s, s, 2, 2, 2, 2), v128.shuffle<f32>(t, t, 2, 2, 2, 2), v128.shuffle<f32>(h, h, 2, 2, 2, 2), g0, g1, g2, g3, b0, b1, b2, b3, shifted, offset);
    lineOf(x3 + i, y3 + i, v128.shuffle<f32>(s, s, 3, 3, 3, 3), v128.shuffle<f32>(t, t, 3, 3, 3, 3), v128.shuffle<f32>(h, h, 3, 3, 3, 3), g0, g1, g2, g3, b0, b1, b2, b3, shifted, offset);
  }
  // Kept somewhere, or the optimizer would spare the loads.
  v128.store(48, touched);
}

/** Normalises rows · width elements; remembers mean and 1/√(variance + ε), float64[rows] each. */
export function rowsForward(
  x: usize, y: usize, rows: i32, width: i32, gamma: usize, beta: usize, epsilon: f64, centered: i32, means: usize, rstds: usize,
): void {
  const step = <usize>width << 2;
  const share = 1 / <f64>width;
  let i = 0;
  raw = true;
  // The next rows' sums are taken before these are written: they hide the latency of a reduction, a root and a quotient.
  let pending = false;
  if (width >= 4 && width <= FOUR_ROWS) {
    const together = gamma != 0 && (beta != 0 || !centered) && (width & 15) == 0;
    for (; i + 4 <= rows; i += 4) {
      const at = <usize>i << 3;
      const from = x + <usize>i * step;
      if (!centered) fourMeanSquares(from, step, width, share, epsilon, means + at, rstds + at);
      else if (raw) fourRaw(from, step, width, share, epsilon, means + at, rstds + at);
      else fourShifted(from, step, width, share, epsilon, means + at, rstds + at);
      if (i) applyRows(x, y, i - 4, rows - 4, together, pending, width, means, rstds, gamma, beta, centered);
      pending = folded;
    }
    if (i) applyRows(x, y, i - 4, rows - 4, together, pending, width, means, rstds, gamma, beta, centered);
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
  x: usize, y: usize, r: i32, last: i32, together: bool, fold: bool, width: i32, means: usize, rstds: usize, gamma: usize, beta: usize, centered: i32,
): void {
  const step = <usize>width << 2;
  const place = <usize>r * step;
  const at = <usize>r << 3;
  if (together) return applyFour(x + place, y + place, x + <usize>min(r + 8, last) * step, step, fold, gamma, beta, means + at, rstds + at);
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

/** Whether raw sums are worth a try. */
let raw: bool = true;

/** Whether the means last found lie within a standard deviation of 0, so that they may be folded into the offset. */
let folded: bool = false;

function oneMoment(x: usize, width: i32, share: f64, epsilon: f64, centered: i32, mean: usize, rstd: usize): void {
  if (centered) sums.moments(x, width, share);
  else sums.meanSquare(x, width, share);
  store<f64>(mean, sums.first);
  store<f64>(rstd, 1 / sqrt(sums.second + epsilon));
  folded = sums.first * sums.first <= sums.second;
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
      q0 = madd(d0, d0, q0);
      q1 = madd(d1, d1, q1);
      q2 = madd(d2, d2, q2);
      q3 = madd(d3, d3, q3);
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
    if (shifted && mean * mean <= f64x2.extract_lane(varLow, 0)) raw = true;
    return;
  }
  if (!shifted) {
    raw = false;
    return fourShifted(x, step, width, share, epsilon, means, rstds);
  }
  folded = false;
  for (let r: usize = 0; r < 4; r++) oneMoment(x + r * step, width, share, epsilon, 1, means + (r << 3), rstds + (r << 3));
  raw = false;
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
    for (; i < end; i += 16) {
      const d0 = v128.load(x + i);
      const d1 = v128.load(x1 + i);
      const d2 = v128.load(x2 + i);
      const d3 = v128.load(x3 + i);
      // Not fused: four chains of that latency would be waited for.
      q0 = f32x4.add(q0, f32x4.mul(d0, d0));
      q1 = f32x4.add(q1, f32x4.mul(d1, d1));
      q2 = f32x4.add(q2, f32x4.mul(d2, d2));
      q3 = f32x4.add(q3, f32x4.mul(d3, d3));
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
