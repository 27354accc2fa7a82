// Channels last: sets made of columns of a (rows × columns) block; γ and β run along the columns.
//
// The tensor is (o, r1, k, r2): in block o, set k holds the r2 columns k·r2 … of all r1 rows (r2 = 1: batch and instance
// norm; r2 = C/G: group norm). Reads and writes are a few rows at a time, so memory is walked in one direction.
// Where the number of columns C is no multiple of 4, four rows are read as one row of W = 4·C columns and merged after.
import { isFinite64 } from './sums';
import { madd } from './madd';

/** Rows summed in float32 before they are flushed to float64: 8 by a tree, 16 times. */
const GROUP: i32 = 8;
const FLUSH: i32 = 16;

/**
 * Bytes from which on a block is not in a cache. Prefetchers and write buffers then want memory in order, while blocks in a
 * cache go faster where a few rows share the loads of sums and coefficients.
 */
const LARGE: usize = 1 << 23;

/** Bytes of a row up to which a group of rows is read ahead in order, where it comes from memory. */
const NARROW: usize = 512;

/** Bytes of a row up to which four rows are written together. */
const WIDE: usize = 1024;

// The parts of the scratch area, by column: three float32 rows of work, three of coefficients, two float64 of sums.
let W: i32 = 0;
let large: bool = false;
let shifts: usize = 0;
let shortA: usize = 0;
let shortB: usize = 0;
let coefficientA: usize = 0;
let coefficientB: usize = 0;
let coefficientC: usize = 0;
let sumA: usize = 0;
let sumB: usize = 0;
let groupA: usize = 0;
let groupB: usize = 0;

/** Lays the parts out; `rows` is all rows of the tensor. Returns how many rows are read as one. */
function layOut(scratch: usize, columns: i32, rows: i32): i32 {
  large = <usize>rows * <usize>columns << 2 >= LARGE;
  const fold = columns & 3 ? 4 : 1;
  W = columns * fold;
  const row = <usize>W << 2;
  shifts = scratch;
  shortA = shifts + row;
  shortB = shortA + row;
  coefficientA = shortB + row;
  coefficientB = coefficientA + row;
  coefficientC = coefficientB + row;
  sumA = coefficientC + row;
  sumB = sumA + (row << 1);
  groupA = sumB + (row << 1);
  groupB = groupA + (<usize>columns << 3);
  return fold;
}

// @ts-ignore: decorator
@inline
function f32At(p: usize, i: i32): f32 {
  return load<f32>(p + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
function f64At(p: usize, i: i32): f64 {
  return load<f64>(p + (<usize>i << 3));
}

// @ts-ignore: decorator
@inline
function put32(p: usize, i: i32, v: f32): void {
  store<f32>(p + (<usize>i << 2), v);
}

// @ts-ignore: decorator
@inline
function put64(p: usize, i: i32, v: f64): void {
  store<f64>(p + (<usize>i << 3), v);
}

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

/** Repeats the first `columns` entries to fill a row of W. */
function spread(p: usize, columns: i32): void {
  for (let c = columns; c < W; c++) put32(p, c, f32At(p, c - columns));
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

function clearSums(): void {
  memory.fill(shortA, 0, <usize>W << 3);
  memory.fill(sumA, 0, <usize>W << 4);
}

/** The sums of repeated columns onto the first. */
function foldSums(columns: i32): void {
  for (let c = columns; c < W; c++) {
    const to = c % columns;
    put64(sumA, to, f64At(sumA, to) + f64At(sumA, c));
    put64(sumB, to, f64At(sumB, to) + f64At(sumB, c));
  }
}

/** Reads every cache line of a stretch in order. */
function readAhead(x: usize, bytes: usize): void {
  let touched = i32x4.splat(0);
  for (const end = x + bytes; x < end; x += 64) touched = v128.or(touched, v128.load(x));
  // Kept somewhere, or the optimizer would spare the loads; nothing else is there before the second pass.
  v128.store(coefficientA, touched);
}

/** Σd and Σd² of every column over `rows` rows; d = x − shift. */
function shiftedSums(x: usize, rows: i32, columns: i32, fold: i32): void {
  clearSums();
  const step = <usize>W << 2;
  const wide = fold == 4 ? rows >> 2 : rows;
  const groups = wide / GROUP;
  const ahead = large && step <= NARROW;
  for (let g = 0; g < groups; g++) {
    if (ahead && g + 1 < groups) readAhead(x + GROUP * step, GROUP * step);
    const r1 = x + step, r2 = r1 + step, r3 = r2 + step, r4 = r3 + step, r5 = r4 + step, r6 = r5 + step, r7 = r6 + step;
    for (let c: usize = 0; c < step; c += 16) {
      const h = v128.load(shifts + c);
      const d0 = f32x4.sub(v128.load(x + c), h);
      const d1 = f32x4.sub(v128.load(r1 + c), h);
      const d2 = f32x4.sub(v128.load(r2 + c), h);
      const d3 = f32x4.sub(v128.load(r3 + c), h);
      let s = f32x4.add(f32x4.add(d0, d1), f32x4.add(d2, d3));
      const q = madd(d3, d3, madd(d2, d2, madd(d1, d1, f32x4.mul(d0, d0))));
      const d4 = f32x4.sub(v128.load(r4 + c), h);
      const d5 = f32x4.sub(v128.load(r5 + c), h);
      const d6 = f32x4.sub(v128.load(r6 + c), h);
      const d7 = f32x4.sub(v128.load(r7 + c), h);
      s = f32x4.add(s, f32x4.add(f32x4.add(d4, d5), f32x4.add(d6, d7)));
      v128.store(shortA + c, f32x4.add(v128.load(shortA + c), s));
      v128.store(shortB + c, f32x4.add(f32x4.add(v128.load(shortB + c), q), madd(d7, d7, madd(d6, d6, madd(d5, d5, f32x4.mul(d4, d4))))));
    }
    x = r7 + step;
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
  foldSums(columns);
}

/** Σdy and Σdy·(x − shift) of every column over `rows` rows. */
function pairSums(x: usize, dy: usize, rows: i32, columns: i32, fold: i32): void {
  clearSums();
  const step = <usize>W << 2;
  const wide = fold == 4 ? rows >> 2 : rows;
  const groups = wide >> 2;
  for (let g = 0; g < groups; g++) {
    const x1 = x + step, x2 = x1 + step, x3 = x2 + step;
    const g1 = dy + step, g2 = g1 + step, g3 = g2 + step;
    for (let c: usize = 0; c < step; c += 16) {
      const h = v128.load(shifts + c);
      const v0 = v128.load(dy + c);
      const v1 = v128.load(g1 + c);
      const v2 = v128.load(g2 + c);
      const v3 = v128.load(g3 + c);
      const low = madd(v1, f32x4.sub(v128.load(x1 + c), h), f32x4.mul(v0, f32x4.sub(v128.load(x + c), h)));
      const product = madd(v3, f32x4.sub(v128.load(x3 + c), h), madd(v2, f32x4.sub(v128.load(x2 + c), h), low));
      v128.store(shortA + c, f32x4.add(v128.load(shortA + c), f32x4.add(f32x4.add(v0, v1), f32x4.add(v2, v3))));
      v128.store(shortB + c, f32x4.add(v128.load(shortB + c), product));
    }
    x = x3 + step;
    dy = g3 + step;
    if (g % FLUSH == FLUSH - 1) flush();
  }
  for (let r = groups << 2; r < wide; r++) {
    for (let c: usize = 0; c < step; c += 16) {
      const v = v128.load(dy + c);
      v128.store(shortA + c, f32x4.add(v128.load(shortA + c), v));
      v128.store(shortB + c, madd(v, f32x4.sub(v128.load(x + c), v128.load(shifts + c)), v128.load(shortB + c)));
    }
    x += step;
    dy += step;
  }
  flush();
  for (let r = wide * fold; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const v = load<f32>(dy);
      put64(sumA, c, f64At(sumA, c) + <f64>v);
      put64(sumB, c, f64At(sumB, c) + <f64>(v * (load<f32>(x) - f32At(shifts, c))));
      x += 4;
      dy += 4;
    }
  }
  foldSums(columns);
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

/** Every column's mean to sumA and biased variance (or mean square) to sumB. */
function moments(x: usize, rows: i32, columns: i32, fold: i32, centered: i32): void {
  if (centered) guessShifts(x, rows, columns);
  else memory.fill(shifts, 0, <usize>columns << 2);
  const share = 1 / <f64>rows;
  for (let attempt = 0; attempt < 3; attempt++) {
    spread(shifts, columns);
    shiftedSums(x, rows, columns, fold);
    let worst = 0;
    for (let c = 0; c < columns; c++) {
      const shift = <f64>f32At(shifts, c);
      const d = f64At(sumA, c) * share;
      const square = f64At(sumB, c) * share;
      if (!centered) {
        if (!isFinite64(square)) worst = 2;
        put64(sumA, c, 0);
        put64(sumB, c, square);
        continue;
      }
      const variance = square - d * d;
      if (!isFinite64(variance)) worst = 2;
      else if (d * d > 2 * variance) worst = max(worst, 1);
      put64(sumA, c, shift + d);
      put64(sumB, c, max<f64>(variance, 0));
    }
    if (worst == 0) return;
    if (worst == 2) return wideMoments(x, rows, columns, centered);
    for (let c = 0; c < columns; c++) put32(shifts, c, <f32>f64At(sumA, c));
  }
}

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
function applyRows(x: usize, y: usize, rows: i32, columns: i32, fold: i32): void {
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
function combineRows(x: usize, dy: usize, dx: usize, rows: i32, columns: i32, fold: i32): void {
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

/** Merges the moments of each set's r2 columns (Chan's formula for equal counts) and stores mean, rstd and variance. */
function mergeSets(set: i32, k: i32, r2: i32, epsilon: f64, means: usize, rstds: usize, variances: usize): void {
  for (let i = 0; i < k; i++) {
    let mean: f64 = 0;
    let variance: f64 = 0;
    for (let j = 0; j < r2; j++) {
      const delta = f64At(sumA, i * r2 + j) - mean;
      const share = 1 / <f64>(j + 1);
      mean += delta * share;
      variance += (f64At(sumB, i * r2 + j) - variance) * share + delta * delta * share * (1 - share);
    }
    put64(means, set + i, mean);
    put64(rstds, set + i, 1 / sqrt(variance + epsilon));
    if (variances) put64(variances, set + i, variance);
  }
}

/** high, scale and offset of every column from its set's moments, γ and β. */
function fillForward(set: i32, columns: i32, r2: i32, gamma: usize, beta: usize, means: usize, rstds: usize): void {
  let i = set;
  let j = 0;
  for (let c = 0; c < columns; c++) {
    const mean = f64At(means, i);
    const high = <f32>mean;
    const scale = f64At(rstds, i) * (gamma ? <f64>f32At(gamma, c) : 1);
    put32(coefficientA, c, high);
    put32(coefficientB, c, <f32>scale);
    put32(coefficientC, c, <f32>((beta ? <f64>f32At(beta, c) : 0) - (mean - <f64>high) * scale));
    if (++j == r2) {
      j = 0;
      i++;
    }
  }
  spread(coefficientA, columns);
  spread(coefficientB, columns);
  spread(coefficientC, columns);
}

/**
 * Normalises every set and remembers mean, 1/√(variance + ε) and variance (0: not wanted), each float64[o·k].
 * gamma, beta: float32[columns] for each block of affineRows rows (a divisor of r1, or of o·r1 blocks in whole; r1·o
 * where they are shared by all), 0 for none. scratch: 176 bytes a column.
 */
export function columnsForward(
  x: usize, y: usize, o: i32, r1: i32, k: i32, r2: i32, gamma: usize, beta: usize, affineRows: i32, epsilon: f64, centered: i32,
  means: usize, rstds: usize, variances: usize, scratch: usize,
): void {
  const columns = k * r2;
  const fold = layOut(scratch, columns, o * r1);
  const run = min(affineRows, r1);
  const bytes = <usize>run * <usize>columns << 2;
  for (let io = 0; io < o; io++) {
    moments(x, r1, columns, fold, centered);
    mergeSets(io * k, k, r2, epsilon, means, rstds, variances);
    for (let r = 0; r < r1; r += run) {
      const block = <usize>((io * r1 + r) / affineRows * columns) << 2;
      fillForward(io * k, columns, r2, gamma ? gamma + block : 0, beta ? beta + block : 0, means, rstds);
      applyRows(x, y, run, columns, fold);
      x += bytes;
      y += bytes;
    }
  }
}

/** dx, and dγ, dβ added onto float64 of γ's size (0: not wanted). Arguments as in columnsForward. */
export function columnsBackward(
  x: usize, dy: usize, dx: usize, o: i32, r1: i32, k: i32, r2: i32, gamma: usize, affineRows: i32, centered: i32,
  means: usize, rstds: usize, dgamma: usize, dbeta: usize, scratch: usize,
): void {
  const columns = k * r2;
  const fold = layOut(scratch, columns, o * r1);
  const run = min(affineRows, r1);
  const bytes = <usize>run * <usize>columns << 2;
  const size = <usize>r1 * <usize>columns << 2;
  const count = <f64>r1 * <f64>r2;
  for (let io = 0; io < o; io++) {
    const set = io * k;
    for (let c = 0; c < columns; c++) put32(shifts, c, <f32>f64At(means, set + c / r2));
    spread(shifts, columns);
    memory.fill(groupA, 0, <usize>columns << 4);
    let place: usize = 0;
    for (let r = 0; r < r1; r += run) {
      const block = (io * r1 + r) / affineRows * columns;
      pairSums(x + place, dy + place, run, columns, fold);
      for (let c = 0; c < columns; c++) {
        const i = c / r2;
        const g = gamma ? <f64>f32At(gamma, block + c) : 1;
        const low = f64At(means, set + i) - <f64>f32At(shifts, c);
        const sum = f64At(sumA, c);
        const withX = (f64At(sumB, c) - low * sum) * f64At(rstds, set + i);
        put64(groupA, i, f64At(groupA, i) + g * sum);
        put64(groupB, i, f64At(groupB, i) + g * withX);
        if (dgamma) put64(dgamma, block + c, f64At(dgamma, block + c) + withX);
        if (dbeta) put64(dbeta, block + c, f64At(dbeta, block + c) + sum);
      }
      place += bytes;
    }
    place = 0;
    for (let r = 0; r < r1; r += run) {
      const block = (io * r1 + r) / affineRows * columns;
      for (let c = 0; c < columns; c++) {
        const i = c / r2;
        // The output of a centered set of one element is β whatever the input: its gradient is 0, without rounding.
        const rstd = centered && count == 1 ? 0 : f64At(rstds, set + i);
        const low = f64At(means, set + i) - <f64>f32At(shifts, c);
        const b = -rstd * rstd * (f64At(groupB, i) / count);
        put32(coefficientA, c, <f32>(rstd * (gamma ? <f64>f32At(gamma, block + c) : 1)));
        put32(coefficientB, c, <f32>b);
        put32(coefficientC, c, <f32>((centered ? -rstd * (f64At(groupA, i) / count) : 0) - low * b));
      }
      spread(coefficientA, columns);
      spread(coefficientB, columns);
      spread(coefficientC, columns);
      combineRows(x + place, dy + place, dx + place, run, columns, fold);
      place += bytes;
    }
    x += size;
    dy += size;
    dx += size;
  }
}

/** Mean and variance (or mean square) of every column of o blocks: float64[o·columns] each. */
export function columnMoments(x: usize, o: i32, rows: i32, columns: i32, centered: i32, means: usize, variances: usize, scratch: usize): void {
  const fold = layOut(scratch, columns, o * rows);
  const bytes = <usize>columns << 3;
  for (let io = 0; io < o; io++) {
    moments(x, rows, columns, fold, centered);
    memory.copy(means + <usize>io * bytes, sumA, bytes);
    memory.copy(variances + <usize>io * bytes, sumB, bytes);
    x += <usize>rows * <usize>columns << 2;
  }
}

/** y = (x − high)·scale + offset with float32[columns] each for every block of `rows` rows, or for all (period 1). */
export function columnApply(
  x: usize, y: usize, blocks: i32, rows: i32, columns: i32, high: usize, scale: usize, offset: usize, period: i32, scratch: usize,
): void {
  const fold = layOut(scratch, columns, blocks * rows);
  const bytes = <usize>columns << 2;
  for (let b = 0; b < blocks; b++) {
    const at = <usize>(b % period) * bytes;
    if (b == 0 || period > 1) {
      memory.copy(coefficientA, high + at, bytes);
      memory.copy(coefficientB, scale + at, bytes);
      memory.copy(coefficientC, offset + at, bytes);
      spread(coefficientA, columns);
      spread(coefficientB, columns);
      spread(coefficientC, columns);
    }
    applyRows(x, y, rows, columns, fold);
    x += <usize>rows * bytes;
    y += <usize>rows * bytes;
  }
}

/** Σdy and Σdy·(x − high) of every column of each block: float64[blocks·columns]. */
export function columnPairSums(
  x: usize, dy: usize, blocks: i32, rows: i32, columns: i32, high: usize, period: i32, sum: usize, product: usize, scratch: usize,
): void {
  const fold = layOut(scratch, columns, blocks * rows);
  const bytes = <usize>columns << 2;
  for (let b = 0; b < blocks; b++) {
    memory.copy(shifts, high + <usize>(b % period) * bytes, bytes);
    spread(shifts, columns);
    pairSums(x, dy, rows, columns, fold);
    memory.copy(sum + (<usize>b * bytes << 1), sumA, bytes << 1);
    memory.copy(product + (<usize>b * bytes << 1), sumB, bytes << 1);
    x += <usize>rows * bytes;
    dy += <usize>rows * bytes;
  }
}

/** dx = dy·a + (x − high)·b + c with float32[columns] each for every block. */
export function columnCombine(
  x: usize, dy: usize, dx: usize, blocks: i32, rows: i32, columns: i32,
  high: usize, a: usize, b: usize, c: usize, period: i32, scratch: usize,
): void {
  const fold = layOut(scratch, columns, blocks * rows);
  const bytes = <usize>columns << 2;
  for (let i = 0; i < blocks; i++) {
    const at = <usize>(i % period) * bytes;
    memory.copy(shifts, high + at, bytes);
    memory.copy(coefficientA, a + at, bytes);
    memory.copy(coefficientB, b + at, bytes);
    memory.copy(coefficientC, c + at, bytes);
    spread(shifts, columns);
    spread(coefficientA, columns);
    spread(coefficientB, columns);
    spread(coefficientC, columns);
    combineRows(x, dy, dx, rows, columns, fold);
    x += <usize>rows * bytes;
    dy += <usize>rows * bytes;
    dx += <usize>rows * bytes;
  }
}
