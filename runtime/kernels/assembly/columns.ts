// Channels last: sets made of columns of a (rows × columns) block; γ and β run along the columns.
//
// The tensor is (o, r1, k, r2): in block o, set k holds the r2 columns k·r2 … of all r1 rows (r2 = 1: batch and instance
// norm; r2 = C/G: group norm). Reads and writes are a few rows at a time, so memory is walked in one direction.
// Where the number of columns C is no multiple of 4, four rows are read as one row of W = 4·C columns and merged after.
import { shifts, coefficientA, coefficientB, coefficientC, sumA, sumB, groupA, groupB, layOut, f32At, f64At, put32, put64, spread } from './columnLayout';
import { applyRows, combineRows } from './columnRows';
import { moments, pairSums } from './columnSums';

/**
 * Merges the moments of each set's r2 columns, which all have as many rows: the variance of a set is the mean of its columns'
 * variances and the variance of their means. Stores mean, rstd and variance.
 */
function mergeSets(set: i32, k: i32, r2: i32, epsilon: f64, means: usize, rstds: usize, variances: usize): void {
  let i = 0;
  // Sets of one column, two at a time: of short ones a root and a quotient take most of the time.
  for (; r2 == 1 && i + 2 <= k; i += 2) {
    const from = <usize>i << 3, to = <usize>(set + i) << 3;
    const variance = v128.load(sumB + from);
    v128.store(means + to, v128.load(sumA + from));
    v128.store(rstds + to, f64x2.div(f64x2.splat(1), f64x2.sqrt(f64x2.add(variance, f64x2.splat(epsilon)))));
    if (variances) v128.store(variances + to, variance);
  }
  const share = 1 / <f64>r2;
  for (; i < k; i++) {
    const c = i * r2;
    // Less the first mean, which may be large beside the differences.
    const first = f64At(sumA, c);
    let sum: f64 = 0, square: f64 = 0, within = f64At(sumB, c);
    for (let j = c + 1; j < c + r2; j++) {
      const d = f64At(sumA, j) - first;
      sum += d;
      square += d * d;
      within += f64At(sumB, j);
    }
    sum *= share;
    const variance = within * share + max<f64>(square * share - sum * sum, 0);
    put64(means, set + i, first + sum);
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
      pairSums(x + place, dy + place, 0, run, columns, fold);
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

/** Σdy and Σdy·(x − high) of every column of each block, float64[blocks·columns] each; and dx = dy·scale (dx 0: not wanted). */
export function columnPairSums(
  x: usize, dy: usize, blocks: i32, rows: i32, columns: i32, high: usize, period: i32, sum: usize, product: usize,
  dx: usize, scale: usize, scratch: usize,
): void {
  const fold = layOut(scratch, columns, blocks * rows);
  const bytes = <usize>columns << 2;
  for (let b = 0; b < blocks; b++) {
    const at = <usize>(b % period) * bytes;
    memory.copy(shifts, high + at, bytes);
    spread(shifts, columns);
    if (dx) {
      memory.copy(coefficientB, scale + at, bytes);
      spread(coefficientB, columns);
    }
    pairSums(x, dy, dx, rows, columns, fold);
    memory.copy(sum + (<usize>b * bytes << 1), sumA, bytes << 1);
    memory.copy(product + (<usize>b * bytes << 1), sumB, bytes << 1);
    x += <usize>rows * bytes;
    dy += <usize>rows * bytes;
    if (dx) dx += <usize>rows * bytes;
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
