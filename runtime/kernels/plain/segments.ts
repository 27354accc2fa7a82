import type { ColumnKernels, SegmentKernels } from '../interface';
import type { Memory } from './memory';
import { meanSquare, moments, pairSums, result } from './sums';

/** Mean and variance of r1 pieces of n elements, `step` apart, merged by Chan's formula. */
function strided(f32: Float32Array, x: number, step: number, r1: number, n: number, centered: number) {
  let mean = 0;
  let variance = 0;
  for (let i = 0; i < r1; i++) {
    if (centered) moments(f32, x + i * step, n);
    else meanSquare(f32, x + i * step, n);
    const delta = result.first - mean;
    const share = 1 / (i + 1);
    mean += delta * share;
    variance += (result.second - variance) * share + delta * delta * share * (1 - share);
  }
  result.first = mean;
  result.second = variance;
}

/** The twin of assembly/segments.ts. */
export function segmentKernels(memory: Memory, columns: ColumnKernels): SegmentKernels {
  return {
    // biome-ignore format: one argument list a line
    segmentsForward(xAt, yAt, o, r1, k, sub, len, gammaAt, betaAt, period, epsilon, centered, meansAt, rstdsAt, variancesAt) {
      const { f32, f64 } = memory;
      const [gamma, beta, variances] = [gammaAt >>> 2, betaAt >>> 2, variancesAt >>> 3];
      const size = sub * len;
      for (let set = 0; set < o * k; set++) {
        const io = Math.floor(set / k);
        const start = (io * r1 * k + (set - io * k)) * size;
        strided(f32, (xAt >>> 2) + start, k * size, r1, size, centered);
        const mean = result.first;
        const rstd = 1 / Math.sqrt(result.second + epsilon);
        f64[(meansAt >>> 3) + set] = mean;
        f64[(rstdsAt >>> 3) + set] = rstd;
        if (variances) f64[variances + set] = result.second;
        for (let ir = 0; ir < r1; ir++) {
          for (let j = 0; j < sub; j++) {
            const place = start + ir * k * size + j * len;
            const channel = (place / len) % period;
            const scale = gamma ? rstd * (f32[gamma + channel] as number) : rstd;
            const offset = beta ? (f32[beta + channel] as number) : 0;
            for (let at = place; at < place + len; at++)
              f32[(yAt >>> 2) + at] = ((f32[(xAt >>> 2) + at] as number) - mean) * scale + offset;
          }
        }
      }
    },

    // biome-ignore format: one argument list a line
    segmentsBackward(xAt, dyAt, dxAt, o, r1, k, sub, len, gammaAt, period, centered, meansAt, rstdsAt, dgammaAt, dbetaAt) {
      const { f32, f64 } = memory;
      const [gamma, dgamma, dbeta] = [gammaAt >>> 2, dgammaAt >>> 3, dbetaAt >>> 3];
      const [x, dy, dx] = [xAt >>> 2, dyAt >>> 2, dxAt >>> 2];
      const size = sub * len;
      for (let set = 0; set < o * k; set++) {
        const io = Math.floor(set / k);
        const start = (io * r1 * k + (set - io * k)) * size;
        const mean = f64[(meansAt >>> 3) + set] as number;
        const rstd = f64[(rstdsAt >>> 3) + set] as number;
        let sum = 0;
        let product = 0;
        for (let i = 0; i < r1 * sub; i++) {
          const place = start + Math.floor(i / sub) * k * size + (i % sub) * len;
          const channel = (place / len) % period;
          const g = gamma ? (f32[gamma + channel] as number) : 1;
          pairSums(f32, x + place, dy + place, len, mean);
          sum += g * result.first;
          product += g * result.second * rstd;
          if (dgamma) f64[dgamma + channel] = (f64[dgamma + channel] as number) + result.second * rstd;
          if (dbeta) f64[dbeta + channel] = (f64[dbeta + channel] as number) + result.first;
        }
        const b = (-rstd * rstd * product) / (r1 * size);
        const c = centered ? (-rstd * sum) / (r1 * size) : 0;
        for (let i = 0; i < r1 * sub; i++) {
          const place = start + Math.floor(i / sub) * k * size + (i % sub) * len;
          const g = gamma ? (f32[gamma + ((place / len) % period)] as number) : 1;
          for (let at = place; at < place + len; at++)
            f32[dx + at] = (f32[dy + at] as number) * g * rstd + (((f32[x + at] as number) - mean) * b + c);
        }
      }
    },

    // A segment is a column of its own.
    segmentMoments: (x, n, len, centered, means, variances) =>
      columns.columnMoments(x, n, len, 1, centered, means, variances, 0),
    segmentApply: (x, y, n, len, high, scale, offset, period) =>
      columns.columnApply(x, y, n, len, 1, high, scale, offset, period, 0),
    segmentPairSums: (x, dy, n, len, high, period, sum, product) =>
      columns.columnPairSums(x, dy, n, len, 1, high, period, sum, product, 0),
    segmentCombine: (x, dy, dx, n, len, high, a, b, c, period) =>
      columns.columnCombine(x, dy, dx, n, len, 1, high, a, b, c, period, 0),
  };
}
