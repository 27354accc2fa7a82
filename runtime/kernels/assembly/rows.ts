// Rows: every set is one contiguous row of `width` elements, γ and β run along the row (layer norm, RMS norm).
import { kept, lanesOf, upper } from './lanes';
import { narrowRows } from './rowsNarrow';
import { shiftedMoment, shiftedRows, writeRow } from './rowsShifted';
import * as sums from './sums';
import { madd } from './madd';

// Loops are unrolled by four vectors: an engine's check for interrupts at every turn costs as much as a vector's work.

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
    v128.store(y, madd(madd(f32x4.sub(v128.load(x), h), s, t), gamma ? v128.load(gamma) : one, beta ? v128.load(beta) : zero));
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

/** Four consecutive rows of whole vectors from their remembered statistics, the means folded; β 0 for none, and no means. */
function applyFour(x: usize, y: usize, ahead: usize, step: usize, gamma: usize, beta: usize, means: usize, rstds: usize): void {
  const low = v128.load(rstds);
  const high = v128.load(rstds, 16);
  const s = kept(narrow(low, high), 16);
  if (!beta) return fourRows(x, y, ahead, step, s, s, gamma, gamma, false);
  const t = kept(narrow(f64x2.neg(f64x2.mul(v128.load(means), low)), f64x2.neg(f64x2.mul(v128.load(means, 16), high))), 32);
  fourRows(x, y, ahead, step, s, t, gamma, beta, true);
}

/** (v·s + t)·γ + β, or v·s·γ. */
// @ts-ignore: decorator
@inline
function written(v: v128, s: v128, t: v128, g: v128, b: v128, offset: bool): v128 {
  return offset ? madd(madd(v, s, t), g, b) : f32x4.mul(f32x4.mul(v, s), g);
}

/** Sixteen elements of one row. */
// @ts-ignore: decorator
@inline
function lineOf(
  x: usize, y: usize, s: v128, t: v128,
  g0: v128, g1: v128, g2: v128, g3: v128, b0: v128, b1: v128, b2: v128, b3: v128, offset: bool,
): void {
  v128.store(y, written(v128.load(x), s, t, g0, b0, offset));
  v128.store(y, written(v128.load(x, 16), s, t, g1, b1, offset), 16);
  v128.store(y, written(v128.load(x, 32), s, t, g2, b2, offset), 32);
  v128.store(y, written(v128.load(x, 48), s, t, g3, b3, offset), 48);
}

/**
 * y = (x·s + t)·γ + β; a row a lane of s and t, which with β is left out where the flag says so. Meanwhile the rows at
 * `ahead`, whose sums come after the next ones, are asked for: memory is then read and written at once.
 */
// @ts-ignore: decorator
@inline
function fourRows(x: usize, y: usize, ahead: usize, step: usize, s: v128, t: v128, gamma: usize, beta: usize, offset: bool): void {
  const x1 = x + step, x2 = x1 + step, x3 = x2 + step;
  const y1 = y + step, y2 = y1 + step, y3 = y2 + step;
  let touched = i32x4.splat(0);
  let i: usize = 0;
  for (const body = step & ~63; i < body; i += 64, ahead += 256) {
    touched = v128.or(v128.or(touched, v128.or(v128.load(ahead), v128.load(ahead, 64))), v128.or(v128.load(ahead, 128), v128.load(ahead, 192)));
    // A cache line of a row at a time: stores to one line merge.
    const g0 = v128.load(gamma + i), g1 = v128.load(gamma + i, 16), g2 = v128.load(gamma + i, 32), g3 = v128.load(gamma + i, 48);
    const b0 = v128.load(beta + i), b1 = v128.load(beta + i, 16), b2 = v128.load(beta + i, 32), b3 = v128.load(beta + i, 48);
    lineOf(x + i, y + i, v128.shuffle<f32>(s, s, 0, 0, 0, 0), v128.shuffle<f32>(t, t, 0, 0, 0, 0), g0, g1, g2, g3, b0, b1, b2, b3, offset);
    lineOf(x1 + i, y1 + i, v128.shuffle<f32>(s, s, 1, 1, 1, 1), v128.shuffle<f32>(t, t, 1, 1, 1, 1), g0, g1, g2, g3, b0, b1, b2, b3, offset);
    lineOf(x2 + i, y2 + i, v128.shuffle<f32>(s, s, 2, 2, 2, 2), v128.shuffle<f32>(t, t, 2, 2, 2, 2), g0, g1, g2, g3, b0, b1, b2, b3, offset);
    lineOf(x3 + i, y3 + i, v128.shuffle<f32>(s, s, 3, 3, 3, 3), v128.shuffle<f32>(t, t, 3, 3, 3, 3), g0, g1, g2, g3, b0, b1, b2, b3, offset);
  }
  // Kept somewhere, or the optimizer would spare the loads.
  v128.store(48, touched);
  for (; i < step; i += 16) {
    const g = v128.load(gamma + i), b = v128.load(beta + i);
    v128.store(y + i, written(v128.load(x + i), v128.shuffle<f32>(s, s, 0, 0, 0, 0), v128.shuffle<f32>(t, t, 0, 0, 0, 0), g, b, offset));
    v128.store(y1 + i, written(v128.load(x1 + i), v128.shuffle<f32>(s, s, 1, 1, 1, 1), v128.shuffle<f32>(t, t, 1, 1, 1, 1), g, b, offset));
    v128.store(y2 + i, written(v128.load(x2 + i), v128.shuffle<f32>(s, s, 2, 2, 2, 2), v128.shuffle<f32>(t, t, 2, 2, 2, 2), g, b, offset));
    v128.store(y3 + i, written(v128.load(x3 + i), v128.shuffle<f32>(s, s, 3, 3, 3, 3), v128.shuffle<f32>(t, t, 3, 3, 3, 3), g, b, offset));
  }
}

/** Normalises rows · width elements; remembers mean and 1/√(variance + ε), float64[rows] each. */
export function rowsForward(
  x: usize, y: usize, rows: i32, width: i32, gamma: usize, beta: usize, epsilon: f64, centered: i32, means: usize, rstds: usize,
): void {
  if (width < 8) return narrowRows(x, y, rows, width, gamma, beta, epsilon, centered, means, rstds);
  if (width <= FOUR_ROWS) return shortRows(x, y, rows, width, gamma, beta, epsilon, centered, means, rstds);
  if (centered && gamma && beta) {
    shiftedRows(x, y, rows, width, gamma, beta, epsilon, means, rstds, false);
    return;
  }
  // The next row's sums are taken before this one is written: they hide the latency of a reduction, a root and a quotient.
  for (let r = 0; r <= rows; r++) {
    if (r < rows) oneMoment(x, r, width, epsilon, centered, means, rstds);
    if (r) applyRow(x, y, r - 1, width, means, rstds, gamma, beta, centered, false);
  }
}

/**
 * Short rows, four at a time. A row whose mean lies within a standard deviation of 0 is summed as it is, and its mean folded
 * into the offset; any other is shifted. After four that were, the next ones are shifted at once, as long as it shows that
 * they must be: so what comes in between changes the way, but never the result.
 */
function shortRows(
  x: usize, y: usize, rows: i32, width: i32, gamma: usize, beta: usize, epsilon: f64, centered: i32, means: usize, rstds: usize,
): void {
  const step = <usize>width << 2;
  const share = 1 / <f64>width;
  const shiftable = centered != 0 && gamma != 0 && beta != 0;
  let i = 0;
  let before = -1;
  let beforeGood = 0;
  do {
    let r = -1;
    let good = 0;
    if (i < rows) {
      // The last four may hold rows that are done: they become the same again.
      r = max(0, min(i, rows - 4));
      good = fourStatistics(x, y, r, rows, width, share, gamma, beta, epsilon, centered, means, rstds, shiftable);
      i = r + 4;
      if (!good && shiftable && i < rows) {
        const place = <usize>i * step, at = <usize>i << 3;
        i += shiftedRows(x + place, y + place, rows - i, width, gamma, beta, epsilon, means + at, rstds + at, true);
      }
    }
    // The next rows' sums are taken before these are written: they hide the latency of a reduction, a root and a quotient.
    if (before >= 0) applyRows(x, y, before, rows, beforeGood, width, means, rstds, gamma, beta, centered);
    before = r;
    beforeGood = good;
  } while (before >= 0);
}

/** The statistics of four rows from row r on, or of all if there are fewer; the bits of those whose means may be folded. */
// @ts-ignore: decorator
@inline
function fourStatistics(
  x: usize, y: usize, r: i32, rows: i32, width: i32, share: f64, gamma: usize, beta: usize, epsilon: f64, centered: i32, means: usize, rstds: usize, shiftable: bool,
): i32 {
  const step = <usize>width << 2;
  const from = x + <usize>r * step;
  const x1 = from + (rows > 1 ? step : 0), x2 = x1 + (rows > 2 ? step : 0), x3 = x2 + (rows > 3 ? step : 0);
  const few = rows < 4;
  // Fewer than four go by way of the first 64 bytes, which are the kernels' own.
  const toMeans: usize = few ? 0 : means + (<usize>r << 3), toRstds: usize = few ? 32 : rstds + (<usize>r << 3);
  const good = centered ? fourMoments(from, x1, x2, x3, width, share, epsilon, toMeans, toRstds) : fourMeanSquares(from, x1, x2, x3, width, share, epsilon, toMeans, toRstds);
  if (few) {
    memory.copy(means, 0, <usize>rows << 3);
    memory.copy(rstds, 32, <usize>rows << 3);
  }
  if (good != 15) {
    for (let j = r; j < min(r + 4, rows); j++) {
      if (good >> (j - r) & 1) continue;
      if (shiftable) shiftedMoment(x + <usize>j * step, y + <usize>j * step, width, gamma, beta, epsilon, means + (<usize>j << 3), rstds + (<usize>j << 3));
      else oneMoment(x, j, width, epsilon, centered, means, rstds);
    }
  }
  return good;
}

/** Writes the four rows from row r on, or all if there are fewer, from their remembered statistics. */
// @ts-ignore: decorator
@inline
function applyRows(
  x: usize, y: usize, r: i32, rows: i32, good: i32, width: i32, means: usize, rstds: usize, gamma: usize, beta: usize, centered: i32,
): void {
  const step = <usize>width << 2;
  const place = <usize>r * step;
  const at = <usize>r << 3;
  const together = rows >= 4 && gamma != 0 && (beta != 0 || !centered) && (width & 3) == 0;
  if (together) applyFour(x + place, y + place, x + <usize>min(r + 8, rows - 4) * step, step, gamma, centered ? beta : 0, means + at, rstds + at);
  if (together && good == 15) return;
  for (let j = r; j < min(r + 4, rows); j++) {
    const fold = (good >> (j - r) & 1) != 0;
    if (!together || !fold) applyRow(x, y, j, width, means, rstds, gamma, beta, centered, fold);
  }
}

/** Writes row r from its remembered statistics. */
function applyRow(
  x: usize, y: usize, r: i32, width: i32, means: usize, rstds: usize, gamma: usize, beta: usize, centered: i32, fold: bool,
): void {
  const step = <usize>width << 2;
  x += <usize>r * step;
  y += <usize>r * step;
  const mean = load<f64>(means + (<usize>r << 3));
  const rstd = load<f64>(rstds + (<usize>r << 3));
  if (gamma && beta) return writeRow(x, y, step, gamma, beta, mean, rstd, fold);
  if (gamma && !centered) return applyScale(x, y, width, <f32>rstd, gamma);
  const high: f32 = fold ? 0 : <f32>mean;
  applyAny(x, y, width, high, <f32>rstd, <f32>((<f64>high - mean) * rstd), gamma, beta);
}

/** The statistics of row r. */
function oneMoment(x: usize, r: i32, width: i32, epsilon: f64, centered: i32, means: usize, rstds: usize): void {
  const share = 1 / <f64>width;
  x += <usize>r * (<usize>width << 2);
  if (centered) sums.moments(x, width, share);
  else sums.meanSquare(x, width, share);
  store<f64>(means + (<usize>r << 3), sums.first);
  store<f64>(rstds + (<usize>r << 3), 1 / sqrt(sums.second + epsilon));
}

/**
 * Mean and 1/√(variance + ε) of four rows at once: one reduction, and two roots and quotients of two lanes, for all four.
 * Sums are raw, and flushed to float64 every SHORT elements. Returns the bits of the rows whose mean lies within a standard
 * deviation of 0; the others' statistics are of no use.
 */
function fourMoments(x: usize, x1: usize, x2: usize, x3: usize, width: i32, share: f64, epsilon: f64, means: usize, rstds: usize): i32 {
  const step = <usize>width << 2;
  const zero = f32x4.splat(0);
  let sumLow = zero, sumHigh = zero, squareLow = zero, squareHigh = zero;
  const body = <usize>(width & ~3) << 2;
  let i: usize = 0;
  do {
    let s0 = zero, s1 = zero, s2 = zero, s3 = zero, q0 = zero, q1 = zero, q2 = zero, q3 = zero;
    const end = min(body, i + (<usize>SHORT << 2));
    for (; i < end; i += 16) {
      const d0 = v128.load(x + i);
      const d1 = v128.load(x1 + i);
      const d2 = v128.load(x2 + i);
      const d3 = v128.load(x3 + i);
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
    const d = f32x4(load<f32>(x + i), load<f32>(x1 + i), load<f32>(x2 + i), load<f32>(x3 + i));
    const q = f32x4.mul(d, d);
    sumLow = f64x2.add(sumLow, f64x2.promote_low_f32x4(d));
    sumHigh = f64x2.add(sumHigh, upper(d));
    squareLow = f64x2.add(squareLow, f64x2.promote_low_f32x4(q));
    squareHigh = f64x2.add(squareHigh, upper(q));
  }
  const low = settled(sumLow, squareLow, share, epsilon, means, rstds);
  const high = settled(sumHigh, squareHigh, share, epsilon, means + 16, rstds + 16);
  return i64x2.bitmask(low) | (i64x2.bitmask(high) << 2);
}

/** Stores the mean and 1/√(variance + ε) of two rows; true in the lanes where raw sums do (see sums.ts). */
// @ts-ignore: decorator
@inline
function settled(sum: v128, square: v128, share: f64, epsilon: f64, means: usize, rstds: usize): v128 {
  const parts = f64x2.splat(share);
  const mean = f64x2.mul(sum, parts);
  const off = f64x2.mul(mean, mean);
  const variance = f64x2.sub(f64x2.mul(square, parts), off);
  v128.store(means, mean);
  v128.store(rstds, f64x2.div(f64x2.splat(1), f64x2.sqrt(f64x2.add(variance, f64x2.splat(epsilon)))));
  // A finite variance at least mean²; NaN is in no order.
  return v128.and(f64x2.le(off, variance), f64x2.le(variance, f64x2.splat(f64.MAX_VALUE)));
}

/** 0 and 1/√(mean of x² + ε) of four rows at once; returns the bits of those that are finite. */
function fourMeanSquares(x: usize, x1: usize, x2: usize, x3: usize, width: i32, share: f64, epsilon: f64, means: usize, rstds: usize): i32 {
  const step = <usize>width << 2;
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
  const low = settled(zero, squareLow, share, epsilon, means, rstds);
  const high = settled(zero, squareHigh, share, epsilon, means + 16, rstds + 16);
  return i64x2.bitmask(low) | (i64x2.bitmask(high) << 2);
}
