// Rows, backward: every set is one contiguous row of `width` elements, γ and β run along the row (layer norm, RMS norm).
import { hatOf, lanesOf, upper } from './lanes';
import * as sums from './sums';
import { pinned } from './sums';
import { madd } from './madd';

/** Rows up to this width go two at a time through the backward pass. */
const TWO_ROWS: i32 = 320;

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
    const pair = width <= TWO_ROWS && (width & 7) == 0 && i + 1 < rows;
    // Within about a standard deviation of 0 their means fold into the offsets.
    const two = pair && abs(load<f64>(means) * load<f64>(rstds)) <= 1 && abs(load<f64>(means, 8) * load<f64>(rstds, 8)) <= 1;
    if (two) twoRows(x, dy, dx, step, gamma, means, rstds, centered, share, shortGamma, shortBeta);
    else oneRow(x, dy, dx, step, gamma, means, rstds, centered, share, shortGamma, shortBeta);
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

/**
 * dx of two consecutive rows of a multiple of eight elements, whose means fold; their dy·x̂ and dy are added onto float32 rows.
 */
function twoRows(
  x: usize, dy: usize, dx: usize, step: usize, gamma: usize, means: usize, rstds: usize, centered: i32, share: f64,
  toGamma: usize, toBeta: usize,
): void {
  const rstd0 = load<f64>(rstds), mean0 = load<f64>(means);
  const rstd1 = load<f64>(rstds, 8), mean1 = load<f64>(means, 8);
  const low0 = -mean0 * rstd0, low1 = -mean1 * rstd1;
  const s0 = pinned(<f32>rstd0, 20), t0 = pinned(<f32>low0, 24);
  const s1 = pinned(<f32>rstd1, 32), t1 = pinned(<f32>low1, 36);
  const zero = f32x4.splat(0);
  let first = zero, second = zero;
  let i: usize = 0;
  while (i < step) {
    let a0 = zero, b0 = zero, a1 = zero, b1 = zero;
    const end = min(step, i + 1024);
    for (; i < end; i += 16) {
      const g = v128.load(gamma + i);
      const v0 = v128.load(dy + i);
      const u0 = f32x4.mul(v0, madd(v128.load(x + i), s0, t0));
      const v1 = v128.load(dy + step + i);
      const u1 = f32x4.mul(v1, madd(v128.load(x + step + i), s1, t1));
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
    v128.store(to, derived(v128.load(p), v128.load(q), g0, s0, B0, C0));
    v128.store(to, derived(v128.load(p, 16), v128.load(q, 16), g1, s0, B0, C0), 16);
    v128.store(to1, derived(v128.load(p1), v128.load(q1), g0, s1, B1, C1));
    v128.store(to1, derived(v128.load(p1, 16), v128.load(q1, 16), g1, s1, B1, C1), 16);
  }
}

/** dy·γ·scale + d·B + C of one vector. */
// @ts-ignore: decorator
@inline
function derived(d: v128, dy: v128, gamma: v128, s: v128, b: v128, c: v128): v128 {
  return madd(f32x4.mul(dy, gamma), s, madd(d, b, c));
}

/** dx of one row; its dy·x̂ and dy are added onto float32 rows. */
function oneRow(
  x: usize, dy: usize, dx: usize, step: usize, gamma: usize, means: usize, rstds: usize, centered: i32, share: f64,
  toGamma: usize, toBeta: usize,
): void {
  // The output of a centered row of one element is β whatever the input: its gradient is 0, without rounding.
  const rstd = centered && step == 4 ? 0 : load<f64>(rstds);
  const mean = load<f64>(means);
  const high = <f32>mean;
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
      const u0 = f32x4.mul(v0, hatOf(v128.load(p), h, s, t));
      v128.store(toG, f32x4.add(v128.load(toG), u0));
      v128.store(toB, f32x4.add(v128.load(toB), v0));
      a0 = madd(v0, g0, a0);
      b0 = madd(u0, g0, b0);
      const g1 = v128.load(pg, 16);
      const v1 = v128.load(q, 16);
      const u1 = f32x4.mul(v1, hatOf(v128.load(p, 16), h, s, t));
      v128.store(toG, f32x4.add(v128.load(toG, 16), u1), 16);
      v128.store(toB, f32x4.add(v128.load(toB, 16), v1), 16);
      a1 = madd(v1, g1, a1);
      b1 = madd(u1, g1, b1);
    }
    sum = f64x2.add(sum, sums.widen(f32x4.add(a0, a1)));
    product = f64x2.add(product, sums.widen(f32x4.add(b0, b1)));
  }
  let a = sums.total(sum), b = sums.total(product);
  for (; i < step; i += 4) {
    const v = load<f32>(dy + i);
    const u = v * f32x4.extract_lane(hatOf(v128.load32_splat(x + i), h, s, t), 0);
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
    v128.store(to, derived(f32x4.sub(v128.load(p), h), v128.load(q), v128.load(pg), s, B, C));
    v128.store(to, derived(f32x4.sub(v128.load(p, 16), h), v128.load(q, 16), v128.load(pg, 16), s, B, C), 16);
    v128.store(to, derived(f32x4.sub(v128.load(p, 32), h), v128.load(q, 32), v128.load(pg, 32), s, B, C), 32);
    v128.store(to, derived(f32x4.sub(v128.load(p, 48), h), v128.load(q, 48), v128.load(pg, 48), s, B, C), 48);
  }
  for (; i < step; i += 4) {
    v128.store_lane<f32>(dx + i, derived(f32x4.sub(v128.load32_splat(x + i), h), v128.load32_splat(dy + i), v128.load32_splat(gamma + i), s, B, C), 0);
  }
}
