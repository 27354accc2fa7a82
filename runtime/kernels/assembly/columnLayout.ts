// The scratch area of the kernels for columns.

/**
 * Bytes from which on a block is not in a cache. Prefetchers and write buffers then want memory in order, while blocks in a
 * cache go faster where a few rows share the loads of sums and coefficients.
 */
export const LARGE: usize = 1 << 23;

// The parts of the scratch area, by column: three float32 rows of work, three of coefficients, two float64 of sums.
export let W: i32 = 0;
export let large: bool = false;
export let shifts: usize = 0;
export let shortA: usize = 0;
export let shortB: usize = 0;
export let coefficientA: usize = 0;
export let coefficientB: usize = 0;
export let coefficientC: usize = 0;
export let sumA: usize = 0;
export let sumB: usize = 0;
export let groupA: usize = 0;
export let groupB: usize = 0;

/** Lays the parts out; `rows` is all rows of the tensor. Returns how many rows are read as one. */
export function layOut(scratch: usize, columns: i32, rows: i32): i32 {
  large = <usize>rows * <usize>columns << 2 >= LARGE;
  const fold = columns & 3 ? 4 : 1;
  W = columns * fold;
  const row = <usize>W << 2;
  shifts = scratch;
  shortA = shifts + row;
  shortB = shortA + row;
  sumA = shortB + row;
  sumB = sumA + (row << 1);
  coefficientA = sumB + (row << 1);
  coefficientB = coefficientA + row;
  coefficientC = coefficientB + row;
  groupA = coefficientC + row;
  groupB = groupA + (<usize>columns << 3);
  return fold;
}

// @ts-ignore: decorator
@inline
export function f32At(p: usize, i: i32): f32 {
  return load<f32>(p + (<usize>i << 2));
}

// @ts-ignore: decorator
@inline
export function f64At(p: usize, i: i32): f64 {
  return load<f64>(p + (<usize>i << 3));
}

// @ts-ignore: decorator
@inline
export function put32(p: usize, i: i32, v: f32): void {
  store<f32>(p + (<usize>i << 2), v);
}

// @ts-ignore: decorator
@inline
export function put64(p: usize, i: i32, v: f64): void {
  store<f64>(p + (<usize>i << 3), v);
}

/** Repeats the first `columns` entries to fill a row of W. */
export function spread(p: usize, columns: i32): void {
  for (let c = columns; c < W; c++) put32(p, c, f32At(p, c - columns));
}
