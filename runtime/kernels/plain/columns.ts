import type { ColumnKernels } from '../interface';
import type { Memory } from './memory';

/** Two-pass column moments in float64 of `rows` rows from index x: means to mean.., variances to variance... */
// biome-ignore format: one argument list a line
function moments({ f32, f64 }: Memory, x: number, rows: number, columns: number, centered: number, mean: number, variance: number) {
  f64.fill(0, mean, mean + columns);
  f64.fill(0, variance, variance + columns);
  if (centered) {
    for (let i = 0, r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++, i++) f64[mean + c] = (f64[mean + c] as number) + (f32[x + i] as number);
    for (let c = 0; c < columns; c++) f64[mean + c] = (f64[mean + c] as number) / rows;
  }
  for (let i = 0, r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++, i++) {
      const d = (f32[x + i] as number) - (f64[mean + c] as number);
      f64[variance + c] = (f64[variance + c] as number) + d * d;
    }
  }
  for (let c = 0; c < columns; c++) f64[variance + c] = (f64[variance + c] as number) / rows;
}

/** The twin of assembly/columns.ts. Its scratch area holds four float64 rows: at first moments or sums, then coefficients. */
export function columnKernels(memory: Memory): ColumnKernels {
  return {
    // biome-ignore format: one argument list a line
    columnsForward(xAt, yAt, o, r1, k, r2, gammaAt, betaAt, affineRows, epsilon, centered, meansAt, rstdsAt, variancesAt, scratch) {
      const { f32, f64 } = memory;
      const columns = k * r2;
      const at = scratch >>> 3;
      const scales = at + columns;
      const offsets = scales + columns;
      const [gamma, beta, means, rstds] = [gammaAt >>> 2, betaAt >>> 2, meansAt >>> 3, rstdsAt >>> 3];
      for (let io = 0; io < o; io++) {
        const x = (xAt >>> 2) + io * r1 * columns;
        const y = (yAt >>> 2) + io * r1 * columns;
        moments(memory, x, r1, columns, centered, at, scales);
        for (let ik = 0; ik < k; ik++) {
          let mean = 0;
          let variance = 0;
          for (let j = 0; j < r2; j++) {
            const delta = (f64[at + ik * r2 + j] as number) - mean;
            const share = 1 / (j + 1);
            mean += delta * share;
            variance += ((f64[scales + ik * r2 + j] as number) - variance) * share + delta * delta * share * (1 - share);
          }
          f64[means + io * k + ik] = mean;
          f64[rstds + io * k + ik] = 1 / Math.sqrt(variance + epsilon);
          if (variancesAt) f64[(variancesAt >>> 3) + io * k + ik] = variance;
        }
        for (let r = 0; r < r1; r++) {
          if (r === 0 || r % affineRows === 0) {
            const block = Math.floor((io * r1 + r) / affineRows) * columns;
            for (let c = 0; c < columns; c++) {
              const set = io * k + Math.floor(c / r2);
              f64[at + c] = f64[means + set] as number;
              f64[scales + c] = (f64[rstds + set] as number) * (gamma ? (f32[gamma + block + c] as number) : 1);
              f64[offsets + c] = beta ? (f32[beta + block + c] as number) : 0;
            }
          }
          for (let c = 0; c < columns; c++) {
            const d = (f32[x + r * columns + c] as number) - (f64[at + c] as number);
            f32[y + r * columns + c] = d * (f64[scales + c] as number) + (f64[offsets + c] as number);
          }
        }
      }
    },

    // biome-ignore format: one argument list a line
    columnsBackward(xAt, dyAt, dxAt, o, r1, k, r2, gammaAt, affineRows, centered, meansAt, rstdsAt, dgammaAt, dbetaAt, scratch) {
      const { f32, f64 } = memory;
      const columns = k * r2;
      const count = r1 * r2;
      const [gamma, dgamma, dbeta] = [gammaAt >>> 2, dgammaAt >>> 3, dbetaAt >>> 3];
      const sums = scratch >>> 3;
      const products = sums + k;
      for (let io = 0; io < o; io++) {
        const first = io * r1 * columns;
        const meanOf = (c: number) => f64[(meansAt >>> 3) + io * k + Math.floor(c / r2)] as number;
        const rstdOf = (c: number) => f64[(rstdsAt >>> 3) + io * k + Math.floor(c / r2)] as number;
        const blockOf = (r: number) => Math.floor((io * r1 + r) / affineRows) * columns;
        f64.fill(0, sums, products + k);
        for (let r = 0; r < r1; r++) {
          const block = blockOf(r);
          for (let c = 0; c < columns; c++) {
            const i = first + r * columns + c;
            const v = f32[(dyAt >>> 2) + i] as number;
            const hat = ((f32[(xAt >>> 2) + i] as number) - meanOf(c)) * rstdOf(c);
            const g = gamma ? v * (f32[gamma + block + c] as number) : v;
            const set = Math.floor(c / r2);
            f64[sums + set] = (f64[sums + set] as number) + g;
            f64[products + set] = (f64[products + set] as number) + g * hat;
            if (dgamma) f64[dgamma + block + c] = (f64[dgamma + block + c] as number) + v * hat;
            if (dbeta) f64[dbeta + block + c] = (f64[dbeta + block + c] as number) + v;
          }
        }
        for (let r = 0; r < r1; r++) {
          const block = blockOf(r);
          for (let c = 0; c < columns; c++) {
            const i = first + r * columns + c;
            const set = Math.floor(c / r2);
            const hat = ((f32[(xAt >>> 2) + i] as number) - meanOf(c)) * rstdOf(c);
            const g = (f32[(dyAt >>> 2) + i] as number) * (gamma ? (f32[gamma + block + c] as number) : 1);
            const a = centered ? (f64[sums + set] as number) / count : 0;
            f32[(dxAt >>> 2) + i] = rstdOf(c) * (g - a - (hat * (f64[products + set] as number)) / count);
          }
        }
      }
    },

    columnMoments(xAt, o, rows, columns, centered, means, variances) {
      for (let i = 0; i < o; i++) {
        const x = (xAt >>> 2) + i * rows * columns;
        moments(memory, x, rows, columns, centered, (means >>> 3) + i * columns, (variances >>> 3) + i * columns);
      }
    },

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

    columnPairSums(xAt, dyAt, blocks, rows, columns, high, period, sumAt, productAt) {
      const { f32, f64 } = memory;
      const size = blocks * columns;
      const [sum, product] = [sumAt >>> 3, productAt >>> 3];
      f64.fill(0, sum, sum + size);
      f64.fill(0, product, product + size);
      for (let i = 0, b = 0; b < blocks; b++) {
        for (let r = 0; r < rows; r++) {
          for (let c = 0; c < columns; c++, i++) {
            const v = f32[(dyAt >>> 2) + i] as number;
            const d = (f32[(xAt >>> 2) + i] as number) - (f32[(high >>> 2) + (b % period) * columns + c] as number);
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
  };
}
