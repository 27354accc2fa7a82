// Short rows, backward, two at a time, which share the loads of γ, and the loads and stores of the sums for dγ and dβ. What
// dx a row gets depends on that row alone.
import { lanesOf, upper } from './lanes';
import { madd } from './madd';
import { less } from './sums';

/** Rows up to this width go two at a time: two streams of longer ones lose more than the shared loads gain. */
export const SHORT_ROW: i32 = 320;

/** Rows up to this width are written a turn later: by then their coefficients are there. Of longer ones the cache would lose hold. */
const DELAYED: i32 = 128;

// The scratch area. Two float32 of a pair: offsets; what is taken off x, 1/σ, and the rest of dx = γ·dy·scale + (x − high)·slope +
// level, for this pair and the one before. Float64: the statistics of a last row that has no other.
const OFFSET: usize = 0;
const STATISTICS: usize = 16;
const SLOTS: usize = 64;
const OTHER_SLOTS: usize = 32;
const HIGH: usize = 0;
const SCALE: usize = 8;
const SLOPE: usize = 16;
const LEVEL: usize = 24;
/** γ. Behind it Σdy·x̂ and Σdy in float32, at distances that are constants, which spares additions; then a last row's x, dy and dx. */
const WORK: usize = 128;
const TO_GAMMA: usize = <usize>SHORT_ROW << 2;
const TO_BETA: usize = 2 * TO_GAMMA;
const SINGLE: usize = 3 * TO_GAMMA;

/** Pairs whose dy·x̂ and dy are added in float32 before they are flushed to float64. */
const FLUSH: i32 = 32;

/** Arguments as in rowsBackward, which says how large the scratch area is. */
export function backwardPairs(
  x: usize, dy: usize, dx: usize, rows: i32, width: i32, gamma: usize, centered: i32,
  means: usize, rstds: usize, dgamma: usize, dbeta: usize, scratch: usize,
): void {
  const step = <usize>width << 2;
  const work = scratch + WORK;
  memory.copy(work, gamma, step);
  memory.fill(work + TO_GAMMA, 0, step);
  memory.fill(work + TO_BETA, 0, step);
  const share = f64x2.splat(-1 / <f64>width);
  const behind = width <= DELAYED ? 2 : 0;
  let slots = scratch + SLOTS;
  // The pair that is written.
  let f = x, g = dy, to = dx, old = slots, wasFar = false;
  for (let i = 0; i < rows + behind; i += 2) {
    const single = i + 1 == rows;
    let far = false;
    slots ^= OTHER_SLOTS;
    if (single) {
      // Beside a row of zeros, with statistics that are numbers.
      const own = work + SINGLE;
      memory.fill(own, 0, step << 2);
      memory.copy(own, x, step);
      x = own;
      memory.copy(own + 2 * step, dy, step);
      dy = own + 2 * step;
      memory.fill(scratch + STATISTICS, 0, 32);
      store<f64>(scratch, load<f64>(means), STATISTICS);
      store<f64>(scratch, load<f64>(rstds), STATISTICS + 16);
      means = scratch + STATISTICS;
      rstds = means + 16;
    }
    if (i < rows) {
      // The output of a centered row of one element is β whatever the input: its gradient is 0, without rounding.
      const rstd = centered && width == 1 ? f64x2.splat(0) : v128.load(rstds);
      const mean = v128.load(means);
      // Within a standard deviation of 0 the mean folds into the offset.
      const near = f64x2.le(f64x2.abs(f64x2.mul(mean, rstd)), f64x2.splat(1));
      const high = f32x4.demote_f64x2_zero(v128.andnot(mean, near));
      const low = f64x2.mul(f64x2.sub(f64x2.promote_low_f32x4(high), mean), rstd);
      v128.store64_lane(slots, high, 0, HIGH);
      v128.store64_lane(slots, f32x4.demote_f64x2_zero(rstd), 0, SCALE);
      v128.store64_lane(scratch, f32x4.demote_f64x2_zero(low), 0, OFFSET);
      far = i64x2.bitmask(near) != 3;
      let sums = f32x4.splat(0);
      // No else: of arms that are alike the optimizer makes one, which looks at the flag at every element.
      if (far) sums = sumPair(x, dy, step, scratch, slots, true);
      if (!far) sums = sumPair(x, dy, step, scratch, slots, false);
      const level = centered ? f64x2.mul(f64x2.promote_low_f32x4(sums), share) : f64x2.splat(0);
      const slope = f64x2.mul(upper(sums), share);
      v128.store64_lane(slots, f32x4.demote_f64x2_zero(f64x2.mul(f64x2.mul(slope, rstd), rstd)), 0, SLOPE);
      v128.store64_lane(slots, f32x4.demote_f64x2_zero(f64x2.mul(f64x2.add(level, f64x2.mul(low, slope)), rstd)), 0, LEVEL);
    }
    const next = single ? work + SINGLE + 4 * step : dx;
    if (!behind) {
      f = x;
      g = dy;
      to = next;
      old = slots;
      wasFar = far;
    }
    if (i >= behind) {
      if (wasFar) writePair(f, g, to, step, scratch, old, true);
      if (!wasFar) writePair(f, g, to, step, scratch, old, false);
      if (i - behind + 1 == rows) memory.copy(dx - <usize>behind * step, to, step);
    }
    f = x;
    g = dy;
    to = next;
    old = slots;
    wasFar = far;
    x += step << 1;
    dy += step << 1;
    dx += step << 1;
    means += 16;
    rstds += 16;
    if (i % (2 * FLUSH) == 2 * FLUSH - 2 || i + 2 >= rows) {
      flush(work + TO_GAMMA, dgamma, width);
      flush(work + TO_BETA, dbeta, width);
    }
  }
}

/** float32[n] onto float64[n] (0: not wanted), and zeros behind it. */
export function flush(from: usize, to: usize, n: i32): void {
  if (!to) return memory.fill(from, 0, <usize>n << 2);
  const end = from + (<usize>n << 2);
  for (; from + 12 < end; from += 16, to += 32) {
    const v = v128.load(from);
    v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(v)));
    v128.store(to, f64x2.add(v128.load(to, 16), upper(v)), 16);
    v128.store(from, f32x4.splat(0));
  }
  for (; from < end; from += 4, to += 8) {
    store<f64>(to, load<f64>(to) + <f64>load<f32>(from));
    store<f32>(from, 0);
  }
}

/**
 * Σγ·dy of two rows, and Σγ·dy·x̂ of both; their dy·x̂ and dy are added onto the rows behind γ. A lane adds up to 80
 * products in float32. `far` is a constant where this is inlined.
 */
// @ts-ignore: decorator
@inline
function sumPair(x: usize, dy: usize, step: usize, scratch: usize, slots: usize, far: bool): v128 {
  const work = scratch + WORK;
  const zero = f32x4.splat(0);
  const h0 = far ? v128.load32_splat(slots, HIGH) : zero, h1 = far ? v128.load32_splat(slots, HIGH + 4) : zero;
  const s0 = v128.load32_splat(slots, SCALE), s1 = v128.load32_splat(slots, SCALE + 4);
  const t0 = v128.load32_splat(scratch, OFFSET), t1 = v128.load32_splat(scratch, OFFSET + 4);
  let a0 = zero, b0 = zero, a1 = zero, b1 = zero;
  const toX = x - work, toDy = dy - work;
  let c = work;
  for (const body = c + (step & ~15); c < body; c += 16) {
    const p = c + toX, q = c + toDy;
    const w = v128.load(c);
    const v0 = v128.load(q), v1 = v128.load(q + step);
    const hat0 = madd(less(v128.load(p), h0, far), s0, t0), hat1 = madd(less(v128.load(p + step), h1, far), s1, t1);
    v128.store(c, madd(v1, hat1, madd(v0, hat0, v128.load(c, TO_GAMMA))), TO_GAMMA);
    v128.store(c, f32x4.add(v128.load(c, TO_BETA), f32x4.add(v0, v1)), TO_BETA);
    const w0 = f32x4.mul(v0, w), w1 = f32x4.mul(v1, w);
    a0 = f32x4.add(a0, w0);
    a1 = f32x4.add(a1, w1);
    b0 = madd(w0, hat0, b0);
    b1 = madd(w1, hat1, b1);
  }
  for (const end = work + step; c < end; c += 4) {
    // One element and three zeros.
    const p = c + toX, q = c + toDy;
    const w = v128.load32_zero(c);
    const v0 = v128.load32_zero(q), v1 = v128.load32_zero(q + step);
    const hat0 = madd(less(v128.load32_zero(p), h0, far), s0, t0), hat1 = madd(less(v128.load32_zero(p + step), h1, far), s1, t1);
    v128.store32_lane(c, madd(v1, hat1, madd(v0, hat0, v128.load32_zero(c, TO_GAMMA))), 0, TO_GAMMA);
    v128.store32_lane(c, f32x4.add(v128.load32_zero(c, TO_BETA), f32x4.add(v0, v1)), 0, TO_BETA);
    const w0 = f32x4.mul(v0, w), w1 = f32x4.mul(v1, w);
    a0 = f32x4.add(a0, w0);
    a1 = f32x4.add(a1, w1);
    b0 = madd(w0, hat0, b0);
    b1 = madd(w1, hat1, b1);
  }
  return lanesOf(a0, a1, b0, b1);
}

/** γ·dy·scale + (x − high)·slope + level of one vector. */
// @ts-ignore: decorator
@inline
function derived(v: v128, dy: v128, gamma: v128, h: v128, s: v128, b: v128, c: v128, far: bool): v128 {
  return madd(f32x4.mul(dy, gamma), s, madd(less(v, h, far), b, c));
}

/** dx of two rows by the coefficients in `slots`. */
// @ts-ignore: decorator
@inline
function writePair(x: usize, dy: usize, dx: usize, step: usize, scratch: usize, slots: usize, far: bool): void {
  const work = scratch + WORK;
  const zero = f32x4.splat(0);
  const h0 = far ? v128.load32_splat(slots, HIGH) : zero, h1 = far ? v128.load32_splat(slots, HIGH + 4) : zero;
  const s0 = v128.load32_splat(slots, SCALE), s1 = v128.load32_splat(slots, SCALE + 4);
  const b0 = v128.load32_splat(slots, SLOPE), b1 = v128.load32_splat(slots, SLOPE + 4);
  const c0 = v128.load32_splat(slots, LEVEL), c1 = v128.load32_splat(slots, LEVEL + 4);
  const toX = x - work, toDy = dy - work, toDx = dx - work;
  let c = work;
  for (const body = c + (step & ~31); c < body; c += 32) {
    const w0 = v128.load(c), w1 = v128.load(c, 16);
    const p = c + toX, q = c + toDy, to = c + toDx, p1 = p + step, q1 = q + step, to1 = to + step;
    v128.store(to, derived(v128.load(p), v128.load(q), w0, h0, s0, b0, c0, far));
    v128.store(to, derived(v128.load(p, 16), v128.load(q, 16), w1, h0, s0, b0, c0, far), 16);
    v128.store(to1, derived(v128.load(p1), v128.load(q1), w0, h1, s1, b1, c1, far));
    v128.store(to1, derived(v128.load(p1, 16), v128.load(q1, 16), w1, h1, s1, b1, c1, far), 16);
  }
  for (const end = work + step; c < end; c += 4) {
    const w = v128.load32_zero(c);
    const p = c + toX, q = c + toDy, to = c + toDx;
    v128.store32_lane(to, derived(v128.load32_zero(p), v128.load32_zero(q), w, h0, s0, b0, c0, far), 0);
    v128.store32_lane(to + step, derived(v128.load32_zero(p + step), v128.load32_zero(q + step), w, h1, s1, b1, c1, far), 0);
  }
}
