// Short rows of layer norm and RMS norm, two at a time, which share the loads of γ and β. While a pair is summed, the pair
// two turns before is written: by then its roots and quotients are done.
//
// A row whose mean lies within a standard deviation of 0 is summed as it is and its mean folded into an offset ("near");
// from any other a guess of the mean is taken off ("far"). Which it is depends on that row alone, and so do all results;
// what is tried first depends on the pair before.
import { madd } from './madd';
import * as sums from './sums';
import { less, pinned, squareOf, sumOf, widen } from './sums';

/** Rows up to this width go two at a time: two streams of longer ones lose more than the shared loads gain. */
export const SHORT_ROW: i32 = 320;

/** Bytes of a row that are summed, and then written, at a stretch: float32 partial sums of eight additions of four. */
const STRETCH: usize = 512;

/** Turns between a pair's sums and its writing. */
const LATER: i32 = 2;

/** Where 1/width is kept: V8 would else divide at every turn (see `pinned`). */
const SHARE: usize = 8;

/** The average of the first 8 or 16 elements; exactly c where all are c. */
// @ts-ignore: decorator
@inline
export function guessOf(x: usize, step: usize): v128 {
  const next = x + (step < 64 ? 0 : 32);
  let s = f32x4.add(f32x4.add(v128.load(x), v128.load(x, 16)), f32x4.add(v128.load(next), v128.load(next, 16)));
  s = f32x4.add(s, v128.shuffle<f32>(s, s, 2, 3, 0, 1));
  return f32x4.mul(f32x4.add(s, v128.shuffle<f32>(s, s, 1, 0, 3, 2)), f32x4.splat(0.0625));
}

/** One element less a shift, and three zeros. */
// @ts-ignore: decorator
@inline
function single(x: usize, by: v128, far: bool): v128 {
  const d = less(v128.load32_zero(x), by, far);
  return far ? v128.shuffle<f32>(d, f32x4.splat(0), 0, 4, 4, 4) : d;
}

/** ((v − h)·s + t)·γ + β, without h in near rows; or v·s·γ. */
// @ts-ignore: decorator
@inline
function written(v: v128, h: v128, s: v128, t: v128, g: v128, b: v128, centered: bool, far: bool): v128 {
  return centered ? madd(madd(less(v, h, far), s, t), g, b) : f32x4.mul(f32x4.mul(v, s), g);
}

/** Sixteen elements of one row: stores to one cache line merge. */
// @ts-ignore: decorator
@inline
function lineOf(
  x: usize, y: usize, h: v128, s: v128, t: v128,
  g0: v128, g1: v128, g2: v128, g3: v128, b0: v128, b1: v128, b2: v128, b3: v128, centered: bool, far: bool,
): void {
  v128.store(y, written(v128.load(x), h, s, t, g0, b0, centered, far));
  v128.store(y, written(v128.load(x, 16), h, s, t, g1, b1, centered, far), 16);
  v128.store(y, written(v128.load(x, 32), h, s, t, g2, b2, centered, far), 32);
  v128.store(y, written(v128.load(x, 48), h, s, t, g3, b3, centered, far), 48);
}

// @ts-ignore: decorator
@inline
function betaAt(beta: usize, centered: bool): v128 {
  return centered ? v128.load(beta) : f32x4.splat(0);
}

/** The two lanes' sums of two vectors, as one. */
// @ts-ignore: decorator
@inline
function across(a: v128, b: v128): v128 {
  return f64x2.add(v128.shuffle<f64>(a, b, 0, 2), v128.shuffle<f64>(a, b, 1, 3));
}

/**
 * Sums row r and the one `gap` bytes behind it, whose statistics lie `apart` bytes from each other, and writes row `done` and the
 * one behind it from theirs, to the same places of `results`; `fold` has the bits of those whose means go into the offsets. Stores
 * mean and 1/√(variance + ε) of the summed rows, and returns the bits of those for which they do: near ones where the sums are
 * raw, far ones where they are not, finite ones where no mean is taken off. Flags are constants where this is inlined.
 */
// @ts-ignore: decorator
@inline
function turn(
  rows: usize, results: usize, r: i32, done: i32, fold: i32, gap: usize, apart: usize, step: usize,
  gamma: usize, beta: usize, epsilon: f64, means: usize, rstds: usize, centered: bool, far: bool, writes: bool,
): i32 {
  const x = rows + <usize>r * step, mean = means + (<usize>r << 3), rstd = rstds + (<usize>r << 3);
  const place = <usize>done * step, from = rows + place, to = results + place;
  const oldMean = means + (<usize>done << 3), oldRstd = rstds + (<usize>done << 3);
  const zero = f32x4.splat(0);
  let h0 = zero, h1 = zero, s0 = zero, s1 = zero, t0 = zero, t1 = zero;
  if (writes) {
    const r0 = load<f64>(oldRstd), r1 = load<f64>(oldRstd + apart);
    s0 = pinned(<f32>r0, 16);
    s1 = pinned(<f32>r1, 20);
    if (centered) {
      const m0 = load<f64>(oldMean), m1 = load<f64>(oldMean + apart);
      const f0: f32 = !far || fold & 1 ? 0 : <f32>m0, f1: f32 = !far || fold & 2 ? 0 : <f32>m1;
      h0 = pinned(f0, 24);
      h1 = pinned(f1, 28);
      t0 = pinned(<f32>((<f64>f0 - m0) * r0), 32);
      t1 = pinned(<f32>((<f64>f1 - m1) * r1), 36);
    }
  }
  const by0 = far ? pinned(f32x4.extract_lane(guessOf(x, step), 0), 40) : zero;
  const by1 = far ? pinned(f32x4.extract_lane(guessOf(x + gap, step), 0), 44) : zero;
  let sum0 = f64x2.splat(0), sum1 = f64x2.splat(0), square0 = f64x2.splat(0), square1 = f64x2.splat(0);
  const body = step & ~63;
  let i: usize = 0;
  let p = x, p1 = x + gap, f = from, w = to;
  do {
    let a0 = zero, a1 = zero, q0 = zero, q1 = zero;
    const end = min(body, i + STRETCH);
    for (let j = i; j < end; j += 64) {
      const d0 = less(v128.load(p), by0, far), d1 = less(v128.load(p, 16), by0, far);
      const d2 = less(v128.load(p, 32), by0, far), d3 = less(v128.load(p, 48), by0, far);
      if (centered) a0 = sumOf(a0, d0, d1, d2, d3);
      q0 = squareOf(q0, d0, d1, d2, d3);
      const e0 = less(v128.load(p1), by1, far), e1 = less(v128.load(p1, 16), by1, far);
      const e2 = less(v128.load(p1, 32), by1, far), e3 = less(v128.load(p1, 48), by1, far);
      if (centered) a1 = sumOf(a1, e0, e1, e2, e3);
      q1 = squareOf(q1, e0, e1, e2, e3);
      p += 64;
      p1 += 64;
    }
    if (writes) {
      for (let j = i; j < end; j += 64) {
        const g = gamma + j, b = beta + j;
        const g0 = v128.load(g), g1 = v128.load(g, 16), g2 = v128.load(g, 32), g3 = v128.load(g, 48);
        const b0 = betaAt(b, centered), b1 = betaAt(b + 16, centered), b2 = betaAt(b + 32, centered), b3 = betaAt(b + 48, centered);
        lineOf(f, w, h0, s0, t0, g0, g1, g2, g3, b0, b1, b2, b3, centered, far);
        lineOf(f + gap, w + gap, h1, s1, t1, g0, g1, g2, g3, b0, b1, b2, b3, centered, far);
        f += 64;
        w += 64;
      }
    }
    i = end;
    if (i == body) {
      for (; i + 12 < step; i += 16) {
        const d = less(v128.load(x + i), by0, far), e = less(v128.load(x + gap + i), by1, far);
        if (centered) a0 = f32x4.add(a0, d);
        if (centered) a1 = f32x4.add(a1, e);
        q0 = madd(d, d, q0);
        q1 = madd(e, e, q1);
        if (!writes) continue;
        const g = v128.load(gamma + i), b = betaAt(beta + i, centered);
        v128.store(to + i, written(v128.load(from + i), h0, s0, t0, g, b, centered, far));
        v128.store(to + gap + i, written(v128.load(from + gap + i), h1, s1, t1, g, b, centered, far));
      }
      for (; i < step; i += 4) {
        const d = single(x + i, by0, far), e = single(x + gap + i, by1, far);
        if (centered) a0 = f32x4.add(a0, d);
        if (centered) a1 = f32x4.add(a1, e);
        q0 = madd(d, d, q0);
        q1 = madd(e, e, q1);
        if (!writes) continue;
        const g = v128.load32_zero(gamma + i), b = centered ? v128.load32_zero(beta + i) : zero;
        v128.store32_lane(to + i, written(v128.load32_zero(from + i), h0, s0, t0, g, b, centered, far), 0);
        v128.store32_lane(to + gap + i, written(v128.load32_zero(from + gap + i), h1, s1, t1, g, b, centered, far), 0);
      }
    }
    if (centered) sum0 = f64x2.add(sum0, widen(a0));
    if (centered) sum1 = f64x2.add(sum1, widen(a1));
    square0 = f64x2.add(square0, widen(q0));
    square1 = f64x2.add(square1, widen(q1));
  } while (i < body);
  const parts = f64x2.splat(load<f64>(SHARE));
  const d = centered ? f64x2.mul(across(sum0, sum1), parts) : f64x2.splat(0);
  const off = f64x2.mul(d, d);
  let m = far ? f64x2.add(d, f64x2.promote_low_f32x4(v128.shuffle<f32>(by0, by1, 0, 4, 0, 4))) : d;
  let variance = f64x2.sub(f64x2.mul(across(square0, square1), parts), off);
  // A finite variance at least mean² (see sums.ts); NaN is in no order.
  let good = v128.and(f64x2.le(off, variance), f64x2.le(variance, f64x2.splat(f64.MAX_VALUE)));
  if (far) {
    if (i64x2.bitmask(good) != 3) {
      // The guess was far from the mean, or values leave the range of float32.
      const width = <i32>(step >> 2);
      sums.moments(x, width, load<f64>(SHARE));
      m = f64x2.splat(sums.first);
      variance = f64x2.splat(sums.second);
      sums.moments(x + gap, width, load<f64>(SHARE));
      m = f64x2.replace_lane(m, 1, sums.first);
      variance = f64x2.replace_lane(variance, 1, sums.second);
    }
    // Clearly far: where it might be near, raw sums must tell.
    good = f64x2.gt(f64x2.mul(m, m), f64x2.mul(variance, f64x2.splat(1.0001)));
  }
  const root = f64x2.div(f64x2.splat(1), f64x2.sqrt(f64x2.add(variance, f64x2.splat(epsilon))));
  v128.store64_lane(mean, m, 0);
  v128.store64_lane(mean + apart, m, 1);
  v128.store64_lane(rstd, root, 0);
  v128.store64_lane(rstd + apart, root, 1);
  return i64x2.bitmask(good);
}

/** The statistics of one row that is not near. */
function farRow(x: usize, mean: usize, rstd: usize, step: usize, epsilon: f64): void {
  turn(x, 0, 0, 0, 0, 0, 0, step, 0, 0, epsilon, mean, rstd, true, true, false);
}

/** The first row of the pair that turn i sums. Turns before and behind the rows take the first or the last pair again. */
// @ts-ignore: decorator
@inline
function summedAt(i: i32, rows: i32): i32 {
  return max(0, min(i, rows - 2));
}

/** The first row of the pair that turn i writes. */
// @ts-ignore: decorator
@inline
function writtenAt(i: i32, rows: i32): i32 {
  return summedAt(i - 2 * LATER, rows);
}

/** Writes one row that is not near. */
function writeRow(x: usize, y: usize, step: usize, gamma: usize, beta: usize, mean: f64, rstd: f64): void {
  const high = <f32>mean;
  const h = pinned(high, 16), s = pinned(<f32>rstd, 20), t = pinned(<f32>((<f64>high - mean) * rstd), 24);
  let i: usize = 0;
  for (; i + 12 < step; i += 16) v128.store(y + i, written(v128.load(x + i), h, s, t, v128.load(gamma + i), v128.load(beta + i), true, true));
  for (; i < step; i += 4) {
    const v = written(v128.load32_zero(x + i), h, s, t, v128.load32_zero(gamma + i), v128.load32_zero(beta + i), true, true);
    v128.store32_lane(y + i, v, 0);
  }
}

/** Layer norm of rows of at least eight elements; arguments as in rowsForward. */
export function layerPairs(x: usize, y: usize, rows: i32, width: i32, gamma: usize, beta: usize, epsilon: f64, means: usize, rstds: usize): void {
  const step = <usize>width << 2;
  store<f64>(SHARE, 1 / <f64>width);
  // One row makes a pair with itself.
  const gap = rows > 1 ? step : 0, apart: usize = rows > 1 ? 8 : 0;
  // The bits of the near rows: the last pair's, and above them those of the pairs before.
  let near = -1;
  // The first pair is written before its statistics are known, and the last one summed again: that spares copies of the loop.
  clear(means, rstds, rows);
  const end = rows + 2 * LATER;
  for (let i = 0; i < end; ) {
    for (; i < end; i += 2) {
      const r = summedAt(i, rows), done = writtenAt(i, rows);
      const bits = turn(x, y, r, done, 3, gap, apart, step, gamma, beta, epsilon, means, rstds, true, false, true);
      const fold = near >> (2 * LATER - 2) & 3;
      near = near << 2 | bits;
      if ((fold & bits) == 3) continue;
      mend(x, y, r, done, bits, fold, gap, apart, step, gamma, beta, epsilon, means, rstds);
      if (!bits) {
        i += 2;
        break;
      }
    }
    for (; i < end; i += 2) {
      const fold = near >> (2 * LATER - 2) & 3;
      // Where it is not clear, raw sums must tell.
      if (turn(x, y, summedAt(i, rows), writtenAt(i, rows), fold, gap, apart, step, gamma, beta, epsilon, means, rstds, true, true, true) != 3) break;
      near <<= 2;
    }
  }
}

/** What raw sums and near writing got wrong: the statistics of the pair at r, and the pair at `done`. */
function mend(
  x: usize, y: usize, r: i32, done: i32, bits: i32, fold: i32, gap: usize, apart: usize, step: usize, gamma: usize, beta: usize,
  epsilon: f64, means: usize, rstds: usize,
): void {
  const p = x + <usize>r * step, at = <usize>r << 3;
  if (!(bits & 1)) farRow(p, means + at, rstds + at, step, epsilon);
  if (!(bits & 2)) farRow(p + gap, means + at + apart, rstds + at + apart, step, epsilon);
  const from = <usize>done * step, f = x + from, w = y + from, old = <usize>done << 3;
  if (!(fold & 1)) writeRow(f, w, step, gamma, beta, load<f64>(means + old), load<f64>(rstds + old));
  if (!(fold & 2)) writeRow(f + gap, w + gap, step, gamma, beta, load<f64>(means + old + apart), load<f64>(rstds + old + apart));
}

/** RMS norm of rows of at least eight elements. */
export function scalePairs(x: usize, y: usize, rows: i32, width: i32, gamma: usize, epsilon: f64, means: usize, rstds: usize): void {
  const step = <usize>width << 2;
  store<f64>(SHARE, 1 / <f64>width);
  const gap = rows > 1 ? step : 0, apart: usize = rows > 1 ? 8 : 0;
  clear(means, rstds, rows);
  for (let i = 0; i < rows + 2 * LATER; i += 2) {
    const r = summedAt(i, rows);
    const good = turn(x, y, r, writtenAt(i, rows), 0, gap, apart, step, gamma, 0, epsilon, means, rstds, false, false, true);
    const p = x + <usize>r * step, rstd = rstds + (<usize>r << 3);
    if (!(good & 1)) again(p, width, epsilon, rstd);
    if (!(good & 2)) again(p + gap, width, epsilon, rstd + apart);
  }
}

/** 1/√(mean of x² + ε) of a row whose values leave the range of float32. */
function again(x: usize, width: i32, epsilon: f64, rstd: usize): void {
  sums.meanSquare(x, width, load<f64>(SHARE));
  store<f64>(rstd, 1 / sqrt(sums.second + epsilon));
}

/** Zeros where the first pair's statistics will be. */
function clear(means: usize, rstds: usize, rows: i32): void {
  const bytes: usize = rows > 1 ? 16 : 8;
  memory.fill(means, 0, bytes);
  memory.fill(rstds, 0, bytes);
}
