import type { Kernels } from '../interface';
import type { Memory } from './memory';
import { backward, forward, moments, type Walk } from './walk';

const all = Number.POSITIVE_INFINITY;

const rowsOf = (rows: number, n: number): Walk => ({ o: rows, r1: 1, k: 1, runs: 1, n, step: 1, span: all, period: 1 });

const segmentsOf = (o: number, r1: number, k: number, runs: number, n: number, period: number): Walk => ({
  ...{ o, r1, k, runs, n, period },
  step: 0,
  span: all,
});

const columnsOf = (o: number, r1: number, k: number, n: number, affineRows: number): Walk => ({
  ...{ o, r1, k, n, step: 1 },
  runs: 1,
  span: k * affineRows,
  period: k,
});

/** The kernels in plain TypeScript, with float64 arithmetic: the fallback where WebAssembly SIMD is missing. */
export function plainKernels(memory: Memory): Kernels {
  const kernels: Kernels = {
    rowsForward: (x, y, rows, width, ...rest) => forward(memory, rowsOf(rows, width), x, y, ...rest, 0),

    // biome-ignore format: one argument list a line
    rowsBackward: (x, dy, dx, rows, width, gamma, centered, means, rstds, dgamma, dbeta) =>
      backward(memory, rowsOf(rows, width), x, dy, dx, gamma, centered, means, rstds, dgamma, dbeta),

    // biome-ignore format: one argument list a line
    segmentsForward: (x, y, o, r1, k, sub, len, gamma, beta, period, ...rest) =>
      forward(memory, segmentsOf(o, r1, k, sub, len, period), x, y, gamma, beta, ...rest),

    // biome-ignore format: one argument list a line
    segmentsBackward: (x, dy, dx, o, r1, k, sub, len, gamma, period, ...rest) =>
      backward(memory, segmentsOf(o, r1, k, sub, len, period), x, dy, dx, gamma, ...rest),

    // biome-ignore format: one argument list a line
    columnsForward: (x, y, o, r1, k, r2, gamma, beta, affineRows, epsilon, centered, means, rstds, variances) =>
      forward(memory, columnsOf(o, r1, k, r2, affineRows), x, y, gamma, beta, epsilon, centered, means, rstds, variances),

    // biome-ignore format: one argument list a line
    columnsBackward: (x, dy, dx, o, r1, k, r2, gamma, affineRows, centered, means, rstds, dgamma, dbeta) =>
      backward(memory, columnsOf(o, r1, k, r2, affineRows), x, dy, dx, gamma, centered, means, rstds, dgamma, dbeta),

    columnMoments: (x, o, rows, columns, centered, means, variances) =>
      moments(memory, columnsOf(o, rows, columns, 1, 1), x >>> 2, centered, means >>> 3, variances >>> 3),

    columnApply(xAt, yAt, blocks, rows, columns, high, scale, offset, period) {
      const { f32 } = memory;
      const at = (p: number, i: number) => f32[(p >>> 2) + i] as number;
      for (let i = 0, b = 0; b < blocks; b++) {
        const row = (b % period) * columns;
        for (let r = 0; r < rows; r++)
          for (let c = row; c < row + columns; c++, i++)
            f32[(yAt >>> 2) + i] = (at(xAt, i) - at(high, c)) * at(scale, c) + at(offset, c);
      }
    },

    // biome-ignore format: one argument list a line
    columnPairSums(xAt, dyAt, blocks, rows, columns, high, period, sumAt, productAt, dxAt, scale) {
      const { f32, f64 } = memory;
      const size = blocks * columns;
      const [sum, product] = [sumAt >>> 3, productAt >>> 3];
      f64.fill(0, sum, sum + size);
      f64.fill(0, product, product + size);
      for (let i = 0, b = 0; b < blocks; b++) {
        for (let r = 0; r < rows; r++) {
          for (let c = 0; c < columns; c++, i++) {
            const v = f32[(dyAt >>> 2) + i] as number;
            const from = (b % period) * columns + c;
            const d = (f32[(xAt >>> 2) + i] as number) - (f32[(high >>> 2) + from] as number);
            if (dxAt) f32[(dxAt >>> 2) + i] = v * (f32[(scale >>> 2) + from] as number);
            const to = b * columns + c;
            f64[sum + to] = (f64[sum + to] as number) + v;
            f64[product + to] = (f64[product + to] as number) + v * d;
          }
        }
      }
    },

    columnCombine(xAt, dyAt, dxAt, blocks, rows, columns, high, a, b, c, period) {
      const { f32 } = memory;
      const at = (p: number, i: number) => f32[(p >>> 2) + i] as number;
      for (let i = 0, block = 0; block < blocks; block++) {
        const row = (block % period) * columns;
        for (let r = 0; r < rows; r++)
          for (let j = row; j < row + columns; j++, i++)
            f32[(dxAt >>> 2) + i] = at(dyAt, i) * at(a, j) + ((at(xAt, i) - at(high, j)) * at(b, j) + at(c, j));
      }
    },

    // A segment is a column of its own.
    segmentMoments: (x, n, len, centered, means, variances) =>
      kernels.columnMoments(x, n, len, 1, centered, means, variances, 0),
    segmentApply: (x, y, n, len, ...rest) => kernels.columnApply(x, y, n, len, 1, ...rest, 0),
    segmentPairSums: (x, dy, n, len, ...rest) => kernels.columnPairSums(x, dy, n, len, 1, ...rest, 0),
    segmentCombine: (x, dy, dx, n, len, ...rest) => kernels.columnCombine(x, dy, dx, n, len, 1, ...rest, 0),
  };
  return kernels;
}
