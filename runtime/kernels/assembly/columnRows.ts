// Writes rows of columns from coefficients that the scratch area holds.
import { W, large, shifts, coefficientA, coefficientB, coefficientC, f32At } from './columnLayout';
import { madd } from './madd';

/** Bytes of a row up to which four rows are written together: of longer ones there are too many streams, the fewer the more are read. */
const WIDE: usize = 1024;
const WIDE_PAIR: usize = 512;

/** (x − a)·b + c of the vector at x. */
// @ts-ignore: decorator
@inline
function applied(x: usize, a: v128, b: v128, c: v128): v128 {
  return madd(f32x4.sub(v128.load(x), a), b, c);
}

/** Sixteen columns of one row. */
// @ts-ignore: decorator
@inline
function lineOf(
  x: usize, y: usize, a0: v128, a1: v128, a2: v128, a3: v128,
  b0: v128, b1: v128, b2: v128, b3: v128, c0: v128, c1: v128, c2: v128, c3: v128,
): void {
  v128.store(y, applied(x, a0, b0, c0));
  v128.store(y, applied(x + 16, a1, b1, c1), 16);
  v128.store(y, applied(x + 32, a2, b2, c2), 32);
  v128.store(y, applied(x + 48, a3, b3, c3), 48);
}

/** y = (x − high)·scale + offset, four rows at a time, which share the loads of the coefficients; those hold W entries. */
export function applyRows(x: usize, y: usize, rows: i32, columns: i32, fold: i32): void {
  const step = <usize>W << 2;
  const wide = fold == 4 ? rows >> 2 : rows;
  const a = coefficientA, b = coefficientB, t = coefficientC;
  const body = step & ~63;
  let r = 0;
  const together = large || step > WIDE ? 0 : wide;
  for (; r + 4 <= together; r += 4) {
    // Coefficients lie one row behind the other, as rows do: one pointer each leaves the registers to the loop.
    let c = a;
    for (const end = c + body; c < end; c += 64) {
      const to = c + step, tc = to + step;
      const a0 = v128.load(c), a1 = v128.load(c, 16), a2 = v128.load(c, 32), a3 = v128.load(c, 48);
      const b0 = v128.load(to), b1 = v128.load(to, 16), b2 = v128.load(to, 32), b3 = v128.load(to, 48);
      const c0 = v128.load(tc), c1 = v128.load(tc, 16), c2 = v128.load(tc, 32), c3 = v128.load(tc, 48);
      let p = x, q = y;
      lineOf(p, q, a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3);
      lineOf((p += step), (q += step), a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3);
      lineOf((p += step), (q += step), a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3);
      lineOf(p + step, q + step, a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3);
      x += 64;
      y += 64;
    }
    for (const end = a + step; c < end; c += 16) {
      const a0 = v128.load(c), b0 = v128.load(c + step), c0 = v128.load(c + 2 * step);
      let p = x, q = y;
      v128.store(q, applied(p, a0, b0, c0));
      v128.store((q += step), applied((p += step), a0, b0, c0));
      v128.store((q += step), applied((p += step), a0, b0, c0));
      v128.store(q + step, applied(p + step, a0, b0, c0));
      x += 16;
      y += 16;
    }
    x += 3 * step;
    y += 3 * step;
  }
  for (; r < wide; r++) {
    let c = a;
    for (const end = c + body; c < end; c += 64) {
      const to = c + step, tc = to + step;
      v128.store(y, applied(x, v128.load(c), v128.load(to), v128.load(tc)));
      v128.store(y, applied(x + 16, v128.load(c, 16), v128.load(to, 16), v128.load(tc, 16)), 16);
      v128.store(y, applied(x + 32, v128.load(c, 32), v128.load(to, 32), v128.load(tc, 32)), 32);
      v128.store(y, applied(x + 48, v128.load(c, 48), v128.load(to, 48), v128.load(tc, 48)), 48);
      x += 64;
      y += 64;
    }
    for (const end = a + step; c < end; c += 16) {
      v128.store(y, applied(x, v128.load(c), v128.load(c + step), v128.load(c + 2 * step)));
      x += 16;
      y += 16;
    }
  }
  for (r = wide * fold; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      store<f32>(y, (load<f32>(x) - f32At(a, c)) * f32At(b, c) + f32At(t, c));
      x += 4;
      y += 4;
    }
  }
}

/** dx = dy·a + (x − h)·b + c of one vector. */
// @ts-ignore: decorator
@inline
function combined(x: usize, dy: usize, h: v128, a: v128, b: v128, c: v128): v128 {
  return madd(v128.load(dy), a, madd(f32x4.sub(v128.load(x), h), b, c));
}

/** dx = dy·a + (x − shift)·b + c, a row at a time, or four that share the loads of the coefficients. */
export function combineRows(x: usize, dy: usize, dx: usize, rows: i32, columns: i32, fold: i32): void {
  const step = <usize>W << 2;
  const wide = fold == 4 ? rows >> 2 : rows;
  let r = 0;
  const together = large || step > WIDE_PAIR ? 0 : wide;
  for (; r + 4 <= together; r += 4) {
    let h = shifts;
    for (let c = coefficientA, end = c + step; c < end; c += 16, h += 16) {
      const v = v128.load(h), a = v128.load(c), b = v128.load(c + step), t = v128.load(c + 2 * step);
      let p = x, q = dy, to = dx;
      v128.store(to, combined(p, q, v, a, b, t));
      v128.store((to += step), combined((p += step), (q += step), v, a, b, t));
      v128.store((to += step), combined((p += step), (q += step), v, a, b, t));
      v128.store(to + step, combined(p + step, q + step, v, a, b, t));
      x += 16;
      dy += 16;
      dx += 16;
    }
    x += 3 * step;
    dy += 3 * step;
    dx += 3 * step;
  }
  for (; r < wide; r++) {
    let h = shifts, c = coefficientA;
    for (const end = c + (step & ~31); c < end; c += 32, h += 32) {
      const b = c + step, t = b + step;
      v128.store(dx, combined(x, dy, v128.load(h), v128.load(c), v128.load(b), v128.load(t)));
      v128.store(dx, combined(x + 16, dy + 16, v128.load(h, 16), v128.load(c, 16), v128.load(b, 16), v128.load(t, 16)), 16);
      x += 32;
      dy += 32;
      dx += 32;
    }
    for (const end = coefficientA + step; c < end; c += 16, h += 16) {
      v128.store(dx, combined(x, dy, v128.load(h), v128.load(c), v128.load(c + step), v128.load(c + 2 * step)));
      x += 16;
      dy += 16;
      dx += 16;
    }
  }
  for (let r = wide * fold; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const right = (load<f32>(x) - f32At(shifts, c)) * f32At(coefficientB, c) + f32At(coefficientC, c);
      store<f32>(dx, load<f32>(dy) * f32At(coefficientA, c) + right);
      x += 4;
      dy += 4;
      dx += 4;
    }
  }
}
