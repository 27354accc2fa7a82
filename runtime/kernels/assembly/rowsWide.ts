// Wide rows of layer norm and RMS norm, one at a time: one is written while the next one is summed. From rows of layer norm a
// guess of the mean is taken off.
import { hatOf, kept } from './lanes';
import { madd } from './madd';
import { guessOf } from './rowPairs';
import * as sums from './sums';
import { pinned, squareOf, sumOf, total, widen } from './sums';

/** Bytes that one float32 partial sum a lane takes in without a flush: 32 additions of four to each of 4 lanes. */
const BLOCK: usize = 2048;

/** Where the shift of the last sums is, in four lanes. */
const SHIFT: usize = 32;

/** Layer norm; arguments as in rowsForward. */
export function layerWide(x: usize, y: usize, rows: i32, width: i32, gamma: usize, beta: usize, epsilon: f64, means: usize, rstds: usize): void {
  const step = <usize>width << 2;
  // The first row is written before its statistics are known, and again after: that spares a copy of the loop.
  let mean: f64 = 0, rstd: f64 = 0;
  let from = x, to = y;
  for (let i = 0; i < rows; i++) {
    sumAndWrite(x, from, to, step, gamma, beta, mean, rstd);
    settle(x, width);
    mean = sums.first;
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
  rowOf(from, from, to, step, gamma, beta, mean, rstd, false);
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

/** ((x − high)·rstd + low)·γ + β of one vector. */
// @ts-ignore: decorator
@inline
function written(v: v128, h: v128, s: v128, t: v128, gamma: usize, beta: usize): v128 {
  return madd(hatOf(v, h, s, t), v128.load(gamma), v128.load(beta));
}

/**
 * Σd and Σd² of d = x − shift along one row, into `sums`, and the row at `from`, whose statistics are known, normalised to
 * `to`. Both together take less than one after the other.
 */
// @ts-ignore: decorator
@inline
function rowOf(x: usize, from: usize, to: usize, step: usize, gamma: usize, beta: usize, mean: f64, rstd: f64, summed: bool): void {
  const zero = f32x4.splat(0);
  const high = <f32>mean, scale = <f32>rstd, low = <f32>((<f64>high - mean) * rstd);
  const h = pinned(high, 16), s = pinned(scale, 20), t = pinned(low, 24);
  const by = summed ? kept(guessOf(x, step), SHIFT) : zero;
  let sum = f64x2.splat(0), square = f64x2.splat(0);
  const end = x + step, body = x + (step & ~63);
  do {
    let s0 = zero, q0 = zero;
    for (const stop = min(body, x + BLOCK); x < stop; x += 64) {
      if (summed) {
        const d0 = f32x4.sub(v128.load(x), by), d1 = f32x4.sub(v128.load(x, 16), by);
        const d2 = f32x4.sub(v128.load(x, 32), by), d3 = f32x4.sub(v128.load(x, 48), by);
        s0 = sumOf(s0, d0, d1, d2, d3);
        q0 = squareOf(q0, d0, d1, d2, d3);
      }
      v128.store(to, written(v128.load(from), h, s, t, gamma, beta));
      v128.store(to, written(v128.load(from, 16), h, s, t, gamma + 16, beta + 16), 16);
      v128.store(to, written(v128.load(from, 32), h, s, t, gamma + 32, beta + 32), 32);
      v128.store(to, written(v128.load(from, 48), h, s, t, gamma + 48, beta + 48), 48);
      from += 64;
      to += 64;
      gamma += 64;
      beta += 64;
    }
    if (x == body) {
      for (; x + 12 < end; x += 16) {
        if (summed) {
          const d = f32x4.sub(v128.load(x), by);
          s0 = f32x4.add(s0, d);
          q0 = madd(d, d, q0);
        }
        v128.store(to, written(v128.load(from), h, s, t, gamma, beta));
        from += 16;
        to += 16;
        gamma += 16;
        beta += 16;
      }
    }
    if (summed) sum = f64x2.add(sum, widen(s0));
    if (summed) square = f64x2.add(square, widen(q0));
  } while (x < body);
  let a = total(sum), b = total(square);
  for (; x < end; x += 4) {
    if (summed) {
      const d = load<f32>(x) - f32x4.extract_lane(by, 0);
      a += <f64>d;
      b += <f64>(d * d);
    }
    store<f32>(to, ((load<f32>(from) - high) * scale + low) * load<f32>(gamma) + load<f32>(beta));
    from += 4;
    to += 4;
    gamma += 4;
    beta += 4;
  }
  if (summed) sums.setSums(a, b);
}

function sumAndWrite(x: usize, from: usize, to: usize, step: usize, gamma: usize, beta: usize, mean: f64, rstd: f64): void {
  rowOf(x, from, to, step, gamma, beta, mean, rstd, true);
}

/** RMS norm. */
export function scaleWide(x: usize, y: usize, rows: i32, width: i32, gamma: usize, epsilon: f64, means: usize, rstds: usize): void {
  const share = 1 / <f64>width;
  let scale: f32 = 0;
  // The next row's sums are taken before this one is written: they hide the latency of a reduction, a root and a quotient.
  for (let i = 0; i <= rows; i++) {
    let next: f32 = 0;
    if (i < rows) {
      sums.meanSquare(x, width, share);
      const rstd = 1 / sqrt(sums.second + epsilon);
      store<f64>(means + (<usize>i << 3), 0);
      store<f64>(rstds + (<usize>i << 3), rstd);
      next = <f32>rstd;
    }
    const step = <usize>width << 2;
    if (i) {
      writeScaled(x - step, y, step, gamma, scale);
      y += step;
    }
    x += step;
    scale = next;
  }
}

/** y = x·s·γ of one row. */
function writeScaled(x: usize, y: usize, step: usize, gamma: usize, scale: f32): void {
  const s = f32x4.splat(scale);
  const end = x + step;
  for (const body = x + (step & ~63); x < body; x += 64, y += 64, gamma += 64) {
    v128.store(y, f32x4.mul(f32x4.mul(v128.load(x), s), v128.load(gamma)));
    v128.store(y, f32x4.mul(f32x4.mul(v128.load(x, 16), s), v128.load(gamma, 16)), 16);
    v128.store(y, f32x4.mul(f32x4.mul(v128.load(x, 32), s), v128.load(gamma, 32)), 32);
    v128.store(y, f32x4.mul(f32x4.mul(v128.load(x, 48), s), v128.load(gamma, 48)), 48);
  }
  for (; x < end; x += 4, y += 4, gamma += 4) store<f32>(y, load<f32>(x) * scale * load<f32>(gamma));
}
