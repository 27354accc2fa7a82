import type { SegmentKernels } from '../interface';
import type { Memory } from './memory';
import { meanSquare, moments, pairSums, result } from './sums';

/** y = (x − high)·scale + offset over n elements. */
function applySegment(f32: Float32Array, x: number, y: number, n: number, high: number, scale: number, offset: number) {
  for (let j = 0; j < n; j++) f32[y + j] = ((f32[x + j] as number) - high) * scale + offset;
}

// biome-ignore format: one argument list a line
function combineSegment(f32: Float32Array, x: number, dy: number, dx: number, n: number, high: number, a: number, b: number, c: number) {
  for (let j = 0; j < n; j++) f32[dx + j] = (f32[dy + j] as number) * a + (((f32[x + j] as number) - high) * b + c);
}

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
export function segmentKernels(memory: Memory): SegmentKernels {
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
            applySegment(f32, (xAt >>> 2) + place, (yAt >>> 2) + place, len, mean, scale, offset);
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
          combineSegment(f32, x + place, dy + place, dx + place, len, mean, g * rstd, b, c);
        }
      }
    },

    segmentMoments(xAt, n, len, centered, meansAt, variancesAt) {
      const { f32, f64 } = memory;
      for (let i = 0; i < n; i++) {
        if (centered) moments(f32, (xAt >>> 2) + i * len, len);
        else meanSquare(f32, (xAt >>> 2) + i * len, len);
        f64[(meansAt >>> 3) + i] = result.first;
        f64[(variancesAt >>> 3) + i] = result.second;
      }
    },

    segmentApply(xAt, yAt, n, len, high, scale, offset, period) {
      const { f32 } = memory;
      const at = (p: number, i: number) => f32[(p >>> 2) + i] as number;
      for (let i = 0; i < n; i++) {
        const c = i % period;
        applySegment(f32, (xAt >>> 2) + i * len, (yAt >>> 2) + i * len, len, at(high, c), at(scale, c), at(offset, c));
      }
    },

    segmentPairSums(xAt, dyAt, n, len, high, period, sumAt, productAt) {
      const { f32, f64 } = memory;
      for (let i = 0; i < n; i++) {
        const h = f32[(high >>> 2) + (i % period)] as number;
        pairSums(f32, (xAt >>> 2) + i * len, (dyAt >>> 2) + i * len, len, h);
        f64[(sumAt >>> 3) + i] = result.first;
        f64[(productAt >>> 3) + i] = result.second;
      }
    },

    segmentCombine(xAt, dyAt, dxAt, n, len, high, a, b, c, period) {
      const { f32 } = memory;
      const at = (p: number, i: number) => f32[(p >>> 2) + i] as number;
      for (let s = 0; s < n; s++) {
        const i = s % period;
        const [x, dy, dx] = [(xAt >>> 2) + s * len, (dyAt >>> 2) + s * len, (dxAt >>> 2) + s * len];
        combineSegment(f32, x, dy, dx, len, at(high, i), at(a, i), at(b, i), at(c, i));
      }
    },
  };
}
