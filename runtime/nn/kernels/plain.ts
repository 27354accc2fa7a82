/** The kernels in plain TypeScript: what float64 runs on, and float32 where WebAssembly SIMD is missing. */
import { type Floats, floats } from '../tensor';
import { col2im, im2col } from './im2col';
import type { ConvGeometry, Kernels, MatmulOptions } from './kernels';

const like = (model: Floats, length: number): Floats =>
  floats(model instanceof Float32Array ? 'float32' : 'float64', length);

/**
 * out (+)= A · B for row-major B. The loop over columns is innermost, so B and out are read and written in order;
 * four rows of B at a time, so that out is loaded and stored a quarter as often.
 */
function multiplyAdd(
  out: Floats,
  a: Floats,
  b: Floats,
  rows: number,
  inner: number,
  columns: number,
  rowStep: number,
  innerStep: number,
): void {
  for (let i = 0; i < rows; i++) {
    const to = i * columns;
    let k = 0;
    for (; k + 4 <= inner; k += 4) {
      const at = i * rowStep + k * innerStep;
      const a0 = a[at] as number;
      const a1 = a[at + innerStep] as number;
      const a2 = a[at + 2 * innerStep] as number;
      const a3 = a[at + 3 * innerStep] as number;
      const b0 = k * columns;
      const b1 = b0 + columns;
      const b2 = b1 + columns;
      const b3 = b2 + columns;
      for (let j = 0; j < columns; j++) {
        out[to + j] =
          (out[to + j] as number) +
          a0 * (b[b0 + j] as number) +
          a1 * (b[b1 + j] as number) +
          a2 * (b[b2 + j] as number) +
          a3 * (b[b3 + j] as number);
      }
    }
    for (; k < inner; k++) {
      const weight = a[i * rowStep + k * innerStep] as number;
      for (let j = 0; j < columns; j++) {
        out[to + j] = (out[to + j] as number) + weight * (b[k * columns + j] as number);
      }
    }
  }
}

function transposed(b: Floats, rows: number, columns: number): Floats {
  const out = like(b, b.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = b[i * columns + j] as number;
  }
  return out;
}

function matmul(out: Floats, a: Floats, b: Floats, options: MatmulOptions): void {
  const { rows, inner, columns, transposeA = false, transposeB = false } = options;
  out.fill(0);
  const rightSide = transposeB ? transposed(b, columns, inner) : b;
  if (transposeA) multiplyAdd(out, a, rightSide, rows, inner, columns, 1, rows);
  else multiplyAdd(out, a, rightSide, rows, inner, columns, inner, 1);
}

function convolve(y: Floats, x: Floats, w: Floats, g: ConvGeometry): void {
  const places = g.outHeight * g.outWidth;
  const patch = g.kernel * g.kernel * g.channels;
  const columns = like(x, places * patch);
  y.fill(0);
  for (let n = 0; n < g.batch; n++) {
    im2col(columns, x, n, g);
    const out = y.subarray(n * places * g.filters, (n + 1) * places * g.filters);
    multiplyAdd(out, columns, w, places, patch, g.filters, patch, 1);
  }
}

function convolveBackward(dx: Floats | undefined, dw: Floats, x: Floats, w: Floats, dy: Floats, g: ConvGeometry): void {
  const places = g.outHeight * g.outWidth;
  const patch = g.kernel * g.kernel * g.channels;
  const columns = like(x, places * patch);
  const wTransposed = transposed(w, patch, g.filters);
  dw.fill(0);
  for (let n = 0; n < g.batch; n++) {
    const dOut = dy.subarray(n * places * g.filters, (n + 1) * places * g.filters);
    im2col(columns, x, n, g);
    multiplyAdd(dw, columns, dOut, patch, places, g.filters, 1, patch);
    if (!dx) continue;
    columns.fill(0);
    multiplyAdd(columns, dOut, wTransposed, places, g.filters, patch, g.filters, 1);
    col2im(dx, columns, n, g);
  }
}

export const plainKernels: Kernels = { name: 'plain', matmul, convolve, convolveBackward };
