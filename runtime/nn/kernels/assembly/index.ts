// The trainer's heavy operations in float32 SIMD: matrix product and convolution (../simd.ts calls them).
// Pointers are byte addresses; steps and sizes count floats.
import { madd } from '../../../kernels/assembly/madd';

/** The register tile: 4 rows × 8 columns of C in eight vectors, over the whole inner dimension. */
// @ts-ignore: decorator
@inline
function tile4x8(
  c: usize, a: usize, b: usize, inner: i32, rowStep: usize, innerStep: usize, columnsStep: usize, add: bool,
): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  const a1 = rowStep, a2 = 2 * rowStep, a3 = 3 * rowStep;
  for (let k = 0; k < inner; k++) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let weight = v128.load32_splat(a);
    c00 = madd(weight, b0, c00);
    c01 = madd(weight, b1, c01);
    weight = v128.load32_splat(a + a1);
    c10 = madd(weight, b0, c10);
    c11 = madd(weight, b1, c11);
    weight = v128.load32_splat(a + a2);
    c20 = madd(weight, b0, c20);
    c21 = madd(weight, b1, c21);
    weight = v128.load32_splat(a + a3);
    c30 = madd(weight, b0, c30);
    c31 = madd(weight, b1, c31);
    a += innerStep;
    b += columnsStep;
  }
  put(c, c00, c01, add);
  put(c + columnsStep, c10, c11, add);
  put(c + 2 * columnsStep, c20, c21, add);
  put(c + 3 * columnsStep, c30, c31, add);
}

// @ts-ignore: decorator
@inline
function put(c: usize, left: v128, right: v128, add: bool): void {
  if (add) {
    left = f32x4.add(left, v128.load(c));
    right = f32x4.add(right, v128.load(c, 16));
  }
  v128.store(c, left);
  v128.store(c, right, 16);
}

/** One row × 4 columns, for the rows and columns that the large tile leaves. */
// @ts-ignore: decorator
@inline
function tile1x4(c: usize, a: usize, b: usize, inner: i32, innerStep: usize, columnsStep: usize, add: bool): void {
  let sum = add ? v128.load(c) : f32x4.splat(0);
  for (let k = 0; k < inner; k++) {
    sum = madd(v128.load32_splat(a), v128.load(b), sum);
    a += innerStep;
    b += columnsStep;
  }
  v128.store(c, sum);
}

// @ts-ignore: decorator
@inline
function tile1x1(c: usize, a: usize, b: usize, inner: i32, innerStep: usize, columnsStep: usize, add: bool): void {
  let sum = add ? load<f32>(c) : 0;
  for (let k = 0; k < inner; k++) {
    sum += load<f32>(a) * load<f32>(b);
    a += innerStep;
    b += columnsStep;
  }
  store<f32>(c, sum);
}

/**
 * C [rows, columns] = A · B, or C += A · B. B [inner, columns] and C are row major; element (i, k) of A lies at
 * i · rowStep + k · innerStep, so that a transposed A needs no copy. Eight columns of B stay in the first-level cache
 * while all rows of A pass by.
 */
export function matmul(
  c: usize, a: usize, b: usize, rows: i32, inner: i32, columns: i32, rowStep: i32, innerStep: i32, add: bool,
): void {
  const aRow = <usize>rowStep << 2, aInner = <usize>innerStep << 2, step = <usize>columns << 2;
  let j = 0;
  for (; j + 8 <= columns; j += 8) {
    const at = <usize>j << 2;
    let i = 0;
    for (; i + 4 <= rows; i += 4) tile4x8(c + i * step + at, a + i * aRow, b + at, inner, aRow, aInner, step, add);
    for (; i < rows; i++) {
      tile1x4(c + i * step + at, a + i * aRow, b + at, inner, aInner, step, add);
      tile1x4(c + i * step + at + 16, a + i * aRow, b + at + 16, inner, aInner, step, add);
    }
  }
  for (; j + 4 <= columns; j += 4) {
    const at = <usize>j << 2;
    for (let i = 0; i < rows; i++) tile1x4(c + i * step + at, a + i * aRow, b + at, inner, aInner, step, add);
  }
  for (; j < columns; j++) {
    const at = <usize>j << 2;
    for (let i = 0; i < rows; i++) tile1x1(c + i * step + at, a + i * aRow, b + at, inner, aInner, step, add);
  }
}

/** out [columns, rows] = the transpose of a [rows, columns]. */
export function transpose(out: usize, a: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      store<f32>(out + (<usize>(j * rows + i) << 2), load<f32>(a));
      a += 4;
    }
  }
}

// @ts-ignore: decorator
@inline
function copyFloats(to: usize, from: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4, to += 16, from += 16) v128.store(to, v128.load(from));
  for (; i < count; i++, to += 4, from += 4) store<f32>(to, load<f32>(from));
}

// @ts-ignore: decorator
@inline
function addFloats(to: usize, from: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4, to += 16, from += 16) v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  for (; i < count; i++, to += 4, from += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
}

/**
 * The patches of one picture x [height, width, channels] as rows of a matrix [outHeight · outWidth, kernel² · channels]
 * (add = false), or such rows added back to the picture (add = true). What lies outside the picture is zero, or lost.
 * A row of a patch is one run of floats in the picture, clipped at its left and right edge.
 */
export function patches(
  matrix: usize, x: usize, height: i32, width: i32, channels: i32, kernel: i32, stride: i32,
  padTop: i32, padLeft: i32, outHeight: i32, outWidth: i32, add: bool,
): void {
  const run = kernel * channels;
  for (let row = 0; row < outHeight; row++) {
    for (let column = 0; column < outWidth; column++) {
      const left = column * stride - padLeft;
      const first = max(0, -left) * channels;
      const last = min(kernel, width - left) * channels;
      for (let i = 0; i < kernel; i++) {
        const y = row * stride + i - padTop;
        const inside = y >= 0 && y < height && last > first;
        const picture = x + (<usize>((y * width + left) * channels + first) << 2);
        const from = matrix + (<usize>first << 2);
        if (add) {
          if (inside) addFloats(picture, from, last - first);
        } else if (inside) {
          for (let k = 0; k < first; k++) store<f32>(matrix + (<usize>k << 2), 0);
          copyFloats(from, picture, last - first);
          for (let k = last; k < run; k++) store<f32>(matrix + (<usize>k << 2), 0);
        } else {
          memory.fill(matrix, 0, <usize>run << 2);
        }
        matrix += <usize>run << 2;
      }
    }
  }
}
