// Rows, backward: every set is one contiguous row of `width` elements, γ and β run along the row (layer norm, RMS norm).
import { hatOf } from './lanes';
import { backwardPairs, flush, SHORT_ROW } from './rowsBackwardPairs';
import * as sums from './sums';
import { pinned } from './sums';
import { madd } from './madd';

/** Rows whose dy·x̂ and dy are added in float32 before they are flushed to float64. */
const FLUSH: i32 = 64;

/**
 * dx, and dγ, dβ added onto float64[width] (0: not wanted). γ is required. scratch: 4096 bytes, and 24 a column, 64-aligned.
 * Along a row, with g = γ·dy: dx = rstd·(g − mean(g) − x̂·mean(g·x̂)).
 */
export function rowsBackward(
  x: usize, dy: usize, dx: usize, rows: i32, width: i32, gamma: usize, centered: i32,
  means: usize, rstds: usize, dgamma: usize, dbeta: usize, scratch: usize,
): void {
  if (width <= SHORT_ROW) return backwardPairs(x, dy, dx, rows, width, gamma, centered, means, rstds, dgamma, dbeta, scratch);
  const step = <usize>width << 2;
  const shortGamma = scratch;
  const shortBeta = scratch + step;
  memory.fill(scratch, 0, step << 1);
  const share = 1 / <f64>width;
  for (let i = 1; i <= rows; i++) {
    oneRow(x, dy, dx, step, gamma, means, rstds, centered, share, shortGamma, shortBeta);
    x += step;
    dy += step;
    dx += step;
    means += 8;
    rstds += 8;
    if (i % FLUSH == 0 || i == rows) {
      flush(shortGamma, dgamma, width);
      flush(shortBeta, dbeta, width);
    }
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
  const rstd = load<f64>(rstds);
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
