// Rows of layer norm, γ and β given, whose mean is taken off: wide ones, and short ones whose mean lies far from 0. One is
// written while the next one is summed.
import { kept } from './lanes';
import { madd } from './madd';
import * as sums from './sums';
import { pinned, total, widen } from './sums';

/** Bytes that one float32 partial sum a lane takes in without a flush: 32 additions of four to each of 4 lanes. */
const BLOCK: usize = 2048;

/** Where the shift of the last sums is, in four lanes. */
const SHIFT: usize = 32;

/**
 * Normalises rows of at least eight elements; arguments as in rowsForward. `short` ones end with the first whose mean is not
 * clearly farther from 0 than a standard deviation, since it might have to be folded. Returns how many rows are done.
 */
export function shiftedRows(
  x: usize, y: usize, rows: i32, width: i32, gamma: usize, beta: usize, epsilon: f64, means: usize, rstds: usize, short: bool,
): i32 {
  const step = <usize>width << 2;
  // The first row is written before its statistics are known, and again after: that spares a copy of the loop.
  let mean: f64 = 0, rstd: f64 = 0;
  let from = x, to = y;
  for (let i = 0; i < rows; i++) {
    sumAndWrite(x, from, to, step, gamma, beta, mean, rstd);
    settle(x, width);
    mean = sums.first;
    if (short && !(mean * mean > 1.0001 * sums.second)) return i;
    rstd = 1 / sqrt(sums.second + epsilon);
    store<f64>(means, mean);
    store<f64>(rstds, rstd);
    means += 8;
    rstds += 8;
    from = x;
    to = y;
    x += step;
    y += step;
  }
  if (rows) writeRow(from, to, step, gamma, beta, mean, rstd, false);
  return rows;
}

/** The statistics of one row; writes to y whatever comes, as the first row above. */
export function shiftedMoment(x: usize, y: usize, width: i32, gamma: usize, beta: usize, epsilon: f64, mean: usize, rstd: usize): void {
  sumAndWrite(x, x, y, <usize>width << 2, gamma, beta, 0, 0);
  settle(x, width);
  store<f64>(mean, sums.first);
  store<f64>(rstd, 1 / sqrt(sums.second + epsilon));
}

/** Mean and variance, in place of the sums. */
// @ts-ignore: decorator
@inline
function settle(x: usize, width: i32): void {
  const share = 1 / <f64>width;
  const d = sums.first * share;
  const off = d * d;
  const variance = sums.second * share - off;
  sums.setSums(<f64>load<f32>(SHIFT) + d, variance);
  // Where the shift was far from the mean, or values leave the range of float32; NaN is in no order.
  if (!(off <= variance && sums.isFinite64(variance))) sums.moments(x, width, share);
}

/** The average of the first eight elements, or of the first sixteen; exactly c where all are c. */
// @ts-ignore: decorator
@inline
function shiftOf(x: usize, step: usize): v128 {
  const next = x + (step < 64 ? 0 : 32);
  let s = f32x4.add(f32x4.add(v128.load(x), v128.load(x, 16)), f32x4.add(v128.load(next), v128.load(next, 16)));
  s = f32x4.add(s, v128.shuffle<f32>(s, s, 2, 3, 0, 1));
  s = f32x4.add(s, v128.shuffle<f32>(s, s, 1, 0, 3, 2));
  return f32x4.mul(s, f32x4.splat(0.0625));
}

/** ((x − high)·rstd + low)·γ + β of one vector. */
// @ts-ignore: decorator
@inline
function written(v: v128, h: v128, s: v128, t: v128, gamma: usize, beta: usize): v128 {
  return madd(madd(f32x4.sub(v, h), s, t), v128.load(gamma), v128.load(beta));
}

/**
 * Σd and Σd² of d = x − shift along one row, into `sums`, and the row at `from`, whose statistics are known, normalised to
 * `to`. Both together take less than one after the other.
 */
// @ts-ignore: decorator
@inline
function rowOf(x: usize, from: usize, to: usize, step: usize, gamma: usize, beta: usize, mean: f64, rstd: f64, summed: bool, fold: bool): void {
  const zero = f32x4.splat(0);
  const high: f32 = fold ? 0 : <f32>mean, scale = <f32>rstd, low = <f32>((<f64>high - mean) * rstd);
  const h = pinned(high, 16), s = pinned(scale, 20), t = pinned(low, 24);
  const by = summed ? kept(shiftOf(x, step), SHIFT) : zero;
  let sum = f64x2.splat(0), square = f64x2.splat(0);
  const body = step & ~63;
  let i: usize = 0;
  do {
    let s0 = zero, q0 = zero;
    for (const end = min(body, i + BLOCK); i < end; i += 64) {
      const p = x + i, f = from + i, w = to + i, g = gamma + i, b = beta + i;
      if (summed) {
        const d0 = f32x4.sub(v128.load(p), by), d1 = f32x4.sub(v128.load(p, 16), by);
        const d2 = f32x4.sub(v128.load(p, 32), by), d3 = f32x4.sub(v128.load(p, 48), by);
        s0 = f32x4.add(s0, f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3)));
        q0 = f32x4.add(q0, madd(d3, d3, madd(d2, d2, madd(d1, d1, f32x4.mul(d0, d0)))));
      }
      v128.store(w, written(v128.load(f), h, s, t, g, b));
      v128.store(w, written(v128.load(f, 16), h, s, t, g + 16, b + 16), 16);
      v128.store(w, written(v128.load(f, 32), h, s, t, g + 32, b + 32), 32);
      v128.store(w, written(v128.load(f, 48), h, s, t, g + 48, b + 48), 48);
    }
    if (i == body) {
      for (; i + 12 < step; i += 16) {
        if (summed) {
          const d = f32x4.sub(v128.load(x + i), by);
          s0 = f32x4.add(s0, d);
          q0 = madd(d, d, q0);
        }
        v128.store(to + i, written(v128.load(from + i), h, s, t, gamma + i, beta + i));
      }
    }
    if (summed) sum = f64x2.add(sum, widen(s0));
    if (summed) square = f64x2.add(square, widen(q0));
  } while (i < body);
  let a = total(sum), b = total(square);
  for (; i < step; i += 4) {
    if (summed) {
      const d = load<f32>(x + i) - f32x4.extract_lane(by, 0);
      a += <f64>d;
      b += <f64>(d * d);
    }
    store<f32>(to + i, ((load<f32>(from + i) - high) * scale + low) * load<f32>(gamma + i) + load<f32>(beta + i));
  }
  if (summed) sums.setSums(a, b);
}

function sumAndWrite(x: usize, from: usize, to: usize, step: usize, gamma: usize, beta: usize, mean: f64, rstd: f64): void {
  rowOf(x, from, to, step, gamma, beta, mean, rstd, true, false);
}

/** Writes one row from its statistics; `fold`: the mean goes into the offset. */
export function writeRow(from: usize, to: usize, step: usize, gamma: usize, beta: usize, mean: f64, rstd: f64, fold: bool): void {
  rowOf(from, from, to, step, gamma, beta, mean, rstd, false, fold);
}
