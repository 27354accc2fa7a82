// Sums and moments of columns, in float32 for a few rows and in float64 from there on.
import { LARGE, W, large, shifts, shortA, shortB, coefficientA, coefficientB, sumA, sumB, f32At, f64At, put32, put64, spread } from './columnLayout';
import { madd } from './madd';
import { isFinite64 } from './sums';

/** Rows summed in float32 before they are flushed to float64: 8 by a tree, 16 times. */
const GROUP: i32 = 8;
const FLUSH: i32 = 16;

/** Bytes of a row up to which a group of rows is read ahead in order, where it comes from memory. */
const NARROW: usize = 512;

/** Bytes of a row from which on two tensors are read a row at a time. */
const LONG: usize = 1024;

/** A first guess of each column's mean: the median of three averages of four, so that one outlier does not spoil it. */
function guessShifts(x: usize, rows: i32, columns: i32): void {
  const step = <usize>columns << 2;
  // Few rows: the middle one, which is exact for constant columns.
  if (rows < 12) return memory.copy(shifts, x + <usize>(rows >> 1) * step, step);
  const middle = <usize>((rows - 4) >> 1) * step;
  const end = <usize>(rows - 4) * step;
  let c: usize = 0;
  for (; c + 16 <= step; c += 16) v128.store(shifts + c, medianOf(x + c, middle, end, step, false));
  for (; c < step; c += 4) v128.store32_lane(shifts + c, medianOf(x + c, middle, end, step, true), 0);
}

/** The median of three averages of four rows, in four columns, or in one. */
// @ts-ignore: decorator
@inline
function medianOf(x: usize, middle: usize, end: usize, step: usize, one: bool): v128 {
  const a = averageOf4(x, step, one), b = averageOf4(x + middle, step, one), d = averageOf4(x + end, step, one);
  return f32x4.max(f32x4.min(a, b), f32x4.min(f32x4.max(a, b), d));
}

// @ts-ignore: decorator
@inline
function averageOf4(x: usize, step: usize, one: bool): v128 {
  const first = f32x4.add(at(x, one), at(x + step, one));
  return f32x4.mul(f32x4.add(first, f32x4.add(at(x + 2 * step, one), at(x + 3 * step, one))), f32x4.splat(0.25));
}

// @ts-ignore: decorator
@inline
function at(x: usize, one: bool): v128 {
  return one ? v128.load32_splat(x) : v128.load(x);
}

/** float32[W] work rows onto the float64 sums, and zeros behind them. */
function flush(): void {
  const zero = f32x4.splat(0);
  for (let c: usize = 0; c < <usize>W << 2; c += 16) {
    const a = v128.load(shortA + c);
    const b = v128.load(shortB + c);
    const p = sumA + (c << 1);
    const q = sumB + (c << 1);
    v128.store(p, f64x2.add(v128.load(p), f64x2.promote_low_f32x4(a)));
    v128.store(p, f64x2.add(v128.load(p, 16), f64x2.promote_low_f32x4(i8x16.shuffle(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15))), 16);
    v128.store(q, f64x2.add(v128.load(q), f64x2.promote_low_f32x4(b)));
    v128.store(q, f64x2.add(v128.load(q, 16), f64x2.promote_low_f32x4(i8x16.shuffle(b, b, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15))), 16);
    v128.store(shortA + c, zero);
    v128.store(shortB + c, zero);
  }
}

/** The short sums and, right behind them, the long ones. A call of memory.fill takes longer than a few columns do. */
function clearSums(): void {
  for (let p = shortA; p < coefficientA; p += 16) v128.store(p, f32x4.splat(0));
}

/** The sums of repeated columns onto the first. */
export function foldSums(columns: i32): void {
  for (let c = columns; c < W; c++) {
    const to = c % columns;
    put64(sumA, to, f64At(sumA, to) + f64At(sumA, c));
    put64(sumB, to, f64At(sumB, to) + f64At(sumB, c));
  }
  // What follows takes columns in pairs: an odd one has the first beside it.
  if (columns & 1) {
    put64(sumA, columns, f64At(sumA, 0));
    put64(sumB, columns, f64At(sumB, 0));
  }
}

/** Reads every cache line of a stretch in order. */
function readAhead(x: usize, bytes: usize): void {
  let touched = i32x4.splat(0);
  for (const end = x + bytes; x < end; x += 64) touched = v128.or(touched, v128.load(x));
  // Kept somewhere, or the optimizer would spare the loads; the first 64 bytes are the kernels' own.
  v128.store(0, touched);
}

/** Adds Σd and Σd² of every column over `rows` rows; d = x − shift. Repeated columns have sums of their own. */
export function addShifted(x: usize, rows: i32, columns: i32, fold: i32): void {
  const step = <usize>W << 2;
  const wide = fold == 4 ? rows >> 2 : rows;
  const groups = wide / GROUP;
  const ahead = large && step <= NARROW;
  for (let g = 0; g < groups; g++) {
    if (ahead && g + 2 < groups) readAhead(x + 2 * GROUP * step, GROUP * step);
    // Work rows lie one behind the other, as rows of x do: one pointer each leaves the registers to the loop.
    let q = shifts;
    for (const end = x + step; x < end; x += 16, q += 16) {
      const h = v128.load(q), a = q + step, b = a + step;
      let p = x;
      const d0 = f32x4.sub(v128.load(p), h);
      const d1 = f32x4.sub(v128.load((p += step)), h);
      const d2 = f32x4.sub(v128.load((p += step)), h);
      const d3 = f32x4.sub(v128.load((p += step)), h);
      const d4 = f32x4.sub(v128.load((p += step)), h);
      const d5 = f32x4.sub(v128.load((p += step)), h);
      const d6 = f32x4.sub(v128.load((p += step)), h);
      const d7 = f32x4.sub(v128.load(p + step), h);
      const s = f32x4.add(f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3)), f32x4.add(f32x4.add(d4, d5), f32x4.add(d6, d7)));
      v128.store(a, f32x4.add(v128.load(a), s));
      const low = madd(d3, d3, madd(d2, d2, madd(d1, d1, f32x4.mul(d0, d0))));
      const high = madd(d7, d7, madd(d6, d6, madd(d5, d5, f32x4.mul(d4, d4))));
      v128.store(b, f32x4.add(f32x4.add(v128.load(b), low), high));
    }
    x += (GROUP - 1) * step;
    if (g % FLUSH == FLUSH - 1) flush();
  }
  for (let r = groups * GROUP; r < wide; r++) {
    for (let c: usize = 0; c < step; c += 16) {
      const d = f32x4.sub(v128.load(x + c), v128.load(shifts + c));
      v128.store(shortA + c, f32x4.add(v128.load(shortA + c), d));
      v128.store(shortB + c, madd(d, d, v128.load(shortB + c)));
    }
    x += step;
  }
  flush();
  for (let r = wide * fold; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const d = load<f32>(x) - f32At(shifts, c);
      put64(sumA, c, f64At(sumA, c) + <f64>d);
      put64(sumB, c, f64At(sumB, c) + <f64>(d * d));
      x += 4;
    }
  }
}

/**
 * Σdy and Σdy·(x − shift) of every column over `rows` rows; and dx = dy·coefficientB (dx 0: not wanted). The work rows' places say
 * where coefficientB is: eight rows behind the shifts.
 */
export function pairSums(x: usize, dy: usize, dx: usize, rows: i32, columns: i32, fold: i32): void {
  clearSums();
  const step = <usize>W << 2;
  const wide = fold == 4 ? rows >> 2 : rows;
  // Of long rows two streams, or three, come twice as fast as eight or twelve.
  const groups = step > LONG ? 0 : wide >> 2;
  // What goes to memory goes there in order.
  const apart = large || step > NARROW;
  // Blocks of a megabyte or so, of which there are many, come fast enough.
  const ahead = <usize>rows * <usize>columns << 2 >= LARGE && step <= NARROW;
  for (let g = 0; g < groups; g++) {
    if (ahead && g + 1 < groups) {
      readAhead(x + 4 * step, 4 * step);
      readAhead(dy + 4 * step, 4 * step);
    }
    if (dx && !apart) sumFour(x, dy, dx, step, true);
    else sumFour(x, dy, 0, step, false);
    if (dx) {
      if (apart) for (let r: usize = 0; r < 4; r++) scaleRow(dy + r * step, dx + r * step, step);
      dx += 4 * step;
    }
    x += 4 * step;
    dy += 4 * step;
    if (g % FLUSH == FLUSH - 1) flush();
  }
  for (let r = groups << 2; r < wide; r++) {
    if (dx) {
      sumOne(x, dy, dx, step, true);
      dx += step;
    } else sumOne(x, dy, 0, step, false);
    x += step;
    dy += step;
    if (r % (4 * FLUSH) == 4 * FLUSH - 1) flush();
  }
  flush();
  for (let r = wide * fold; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const v = load<f32>(dy);
      put64(sumA, c, f64At(sumA, c) + <f64>v);
      put64(sumB, c, f64At(sumB, c) + <f64>(v * (load<f32>(x) - f32At(shifts, c))));
      if (dx) {
        store<f32>(dx, v * f32At(coefficientB, c));
        dx += 4;
      }
      x += 4;
      dy += 4;
    }
  }
  foldSums(columns);
}

/** The sums of four rows, onto the work rows; and dx. */
// @ts-ignore: decorator
@inline
function sumFour(x: usize, dy: usize, dx: usize, step: usize, writes: bool): void {
  let q = shifts;
  for (const end = x + step; x < end; x += 16, dy += 16, q += 16) {
    const h = v128.load(q), a = q + step, b = a + step;
    let p = x, g = dy;
    // In this order: what comes from memory in another takes a tenth longer.
    const v0 = v128.load(g), v1 = v128.load((g += step)), v2 = v128.load((g += step)), v3 = v128.load(g + step);
    if (writes) {
      const s = v128.load(q + 8 * step);
      let to = dx;
      v128.store(to, f32x4.mul(v0, s));
      v128.store((to += step), f32x4.mul(v1, s));
      v128.store((to += step), f32x4.mul(v2, s));
      v128.store(to + step, f32x4.mul(v3, s));
      dx += 16;
    }
    const p0 = f32x4.mul(v0, f32x4.sub(v128.load(p), h));
    const p1 = f32x4.mul(v1, f32x4.sub(v128.load((p += step)), h));
    const p2 = f32x4.mul(v2, f32x4.sub(v128.load((p += step)), h));
    const p3 = f32x4.mul(v3, f32x4.sub(v128.load(p + step), h));
    v128.store(a, f32x4.add(v128.load(a), f32x4.add(f32x4.add(v0, v1), f32x4.add(v2, v3))));
    v128.store(b, f32x4.add(v128.load(b), f32x4.add(f32x4.add(p0, p1), f32x4.add(p2, p3))));
  }
}

/** The same of one row. */
// @ts-ignore: decorator
@inline
function sumOne(x: usize, dy: usize, dx: usize, step: usize, writes: bool): void {
  let q = shifts;
  for (const end = x + step; x < end; x += 16, dy += 16, q += 16) {
    const a = q + step, b = a + step;
    const v = v128.load(dy);
    if (writes) {
      v128.store(dx, f32x4.mul(v, v128.load(q + 8 * step)));
      dx += 16;
    }
    v128.store(a, f32x4.add(v128.load(a), v));
    v128.store(b, madd(v, f32x4.sub(v128.load(x), v128.load(q)), v128.load(b)));
  }
}

/** dx = dy·coefficientB of one row. */
function scaleRow(dy: usize, dx: usize, step: usize): void {
  for (let c = coefficientB, end = c + step; c < end; c += 16, dy += 16, dx += 16) v128.store(dx, f32x4.mul(v128.load(dy), v128.load(c)));
}

/** Two-pass moments in float64, for values whose squares leave the range of float32: mean to sumA, variance to sumB. */
function wideMoments(x: usize, rows: i32, columns: i32, centered: i32): void {
  for (let c = 0; c < columns; c++) {
    let sum: f64 = 0;
    if (centered) for (let r = 0; r < rows; r++) sum += <f64>f32At(x, r * columns + c);
    const mean = sum / <f64>rows;
    let square: f64 = 0;
    for (let r = 0; r < rows; r++) {
      const d = <f64>f32At(x, r * columns + c) - mean;
      square += d * d;
    }
    put64(sumA, c, mean);
    put64(sumB, c, square / <f64>rows);
  }
}

/** Guesses what to take off `rows` rows, and clears the sums. */
export function begin(x: usize, rows: i32, columns: i32): void {
  guessShifts(x, rows, columns);
  spread(shifts, columns);
  clearSums();
}

/**
 * Makes of the sums every column's mean, in sumA, and biased variance (or mean square), in sumB. Returns 0 where they are good,
 * 1 where the shifts were far off, 2 where values leave the range of float32.
 */
export function settle(columns: i32, share: f64, centered: i32): i32 {
  // Without a mean the first sums weigh nothing.
  const forMean = f64x2.splat(centered ? share : 0), forSquare = f64x2.splat(share);
  const most = f64x2.splat(f64.MAX_VALUE);
  let finite = f64x2.eq(most, most), near = finite;
  for (let c: usize = 0; c < <usize>columns << 3; c += 16) {
    const d = f64x2.mul(v128.load(sumA + c), forMean);
    const off = f64x2.mul(d, d);
    const variance = f64x2.sub(f64x2.mul(v128.load(sumB + c), forSquare), off);
    finite = v128.and(finite, f64x2.le(variance, most));
    near = v128.and(near, f64x2.le(off, f64x2.add(variance, variance)));
    v128.store(sumA + c, f64x2.add(f64x2.promote_low_f32x4(v128.load64_zero(shifts + (c >> 1))), d));
    v128.store(sumB + c, f64x2.max(variance, f64x2.splat(0)));
  }
  return i64x2.all_true(finite) ? i64x2.all_true(near) ? 0 : 1 : 2;
}

/** Every column's mean to sumA and biased variance (or mean square) to sumB. */
export function moments(x: usize, rows: i32, columns: i32, fold: i32, centered: i32): void {
  begin(x, rows, columns);
  if (!centered) memory.fill(shifts, 0, <usize>W << 2);
  for (let attempt = 0; attempt < 3; attempt++) {
    addShifted(x, rows, columns, fold);
    foldSums(columns);
    const worst = settle(columns, 1 / <f64>rows, centered);
    if (worst == 0) return;
    if (worst == 2) return wideMoments(x, rows, columns, centered);
    for (let c = 0; c < columns; c++) put32(shifts, c, <f32>f64At(sumA, c));
    spread(shifts, columns);
    clearSums();
  }
}
