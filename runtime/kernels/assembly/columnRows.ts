// Writes rows of columns from coefficients that the scratch area holds.
import { W, large, shifts, coefficientA, coefficientB, coefficientC, f32At } from './columnLayout';
import { madd } from './madd';

/** Bytes of a row up to which four rows are written together. */
const WIDE: usize = 1024;

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
    const x1 = x + step, x2 = x1 + step, x3 = x2 + step;
    const y1 = y + step, y2 = y1 + step, y3 = y2 + step;
    let c: usize = 0;
    for (; c < body; c += 64) {
      const a0 = v128.load(a + c), a1 = v128.load(a + c + 16);
      const a2 = v128.load(a + c + 32), a3 = v128.load(a + c + 48);
      const b0 = v128.load(b + c), b1 = v128.load(b + c, 16), b2 = v128.load(b + c, 32), b3 = v128.load(b + c, 48);
      const c0 = v128.load(t + c), c1 = v128.load(t + c, 16), c2 = v128.load(t + c, 32), c3 = v128.load(t + c, 48);
      lineOf(x + c, y + c, a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3);
      lineOf(x1 + c, y1 + c, a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3);
      lineOf(x2 + c, y2 + c, a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3);
      lineOf(x3 + c, y3 + c, a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3);
    }
    for (; c < step; c += 16) {
      const a0 = v128.load(a + c), b0 = v128.load(b + c), c0 = v128.load(t + c);
      v128.store(y + c, applied(x + c, a0, b0, c0));
      v128.store(y1 + c, applied(x1 + c, a0, b0, c0));
      v128.store(y2 + c, applied(x2 + c, a0, b0, c0));
      v128.store(y3 + c, applied(x3 + c, a0, b0, c0));
    }
    x = x3 + step;
    y = y3 + step;
  }
  for (; r < wide; r++) {
    let c: usize = 0;
    for (; c < body; c += 64) {
      const p = x + c, q = y + c, ac = a + c, bc = b + c, tc = t + c;
      v128.store(q, applied(p, v128.load(ac), v128.load(bc), v128.load(tc)));
      v128.store(q, applied(p + 16, v128.load(ac + 16), v128.load(bc, 16), v128.load(tc, 16)), 16);
      v128.store(q, applied(p + 32, v128.load(ac + 32), v128.load(bc, 32), v128.load(tc, 32)), 32);
      v128.store(q, applied(p + 48, v128.load(ac + 48), v128.load(bc, 48), v128.load(tc, 48)), 48);
    }
    for (; c < step; c += 16) {
      v128.store(y + c, applied(x + c, v128.load(a + c), v128.load(b + c), v128.load(t + c)));
    }
    x += step;
    y += step;
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
  const together = large || step > WIDE ? 0 : wide;
  for (; r + 4 <= together; r += 4) {
    for (let c: usize = 0; c < step; c += 16) {
      const h = v128.load(shifts + c), a = v128.load(coefficientA + c), b = v128.load(coefficientB + c), t = v128.load(coefficientC + c);
      v128.store(dx, combined(x, dy, h, a, b, t));
      v128.store(dx + step, combined(x + step, dy + step, h, a, b, t));
      v128.store(dx + 2 * step, combined(x + 2 * step, dy + 2 * step, h, a, b, t));
      v128.store(dx + 3 * step, combined(x + 3 * step, dy + 3 * step, h, a, b, t));
      x += 16;
      dy += 16;
      dx += 16;
    }
    x += 3 * step;
    dy += 3 * step;
    dx += 3 * step;
  }
  const body = step & ~31;
  for (; r < wide; r++) {
    let c: usize = 0;
    for (; c < body; c += 32) {
      const p = x + c, q = dy + c, to = dx + c, i = c + 16;
      v128.store(to, combined(p, q, v128.load(shifts + c), v128.load(coefficientA + c), v128.load(coefficientB + c), v128.load(coefficientC + c)));
      v128.store(to, combined(p + 16, q + 16, v128.load(shifts + i), v128.load(coefficientA + i), v128.load(coefficientB + i), v128.load(coefficientC + i)), 16);
    }
    for (; c < step; c += 16) {
      v128.store(dx + c, combined(x + c, dy + c, v128.load(shifts + c), v128.load(coefficientA + c), v128.load(coefficientB + c), v128.load(coefficientC + c)));
    }
    x += step;
    dy += step;
    dx += step;
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
