import type { RowKernels } from '../interface';
import type { Memory } from './memory';
import { meanSquare, moments, result } from './sums';

/** The twin of assembly/rows.ts. */
export function rowKernels(memory: Memory): RowKernels {
  return {
    rowsForward(xAt, yAt, rows, width, gammaAt, betaAt, epsilon, centered, meansAt, rstdsAt) {
      const { f32, f64 } = memory;
      const [gamma, beta] = [gammaAt >>> 2, betaAt >>> 2];
      for (let i = 0; i < rows; i++) {
        const x = (xAt >>> 2) + i * width;
        const y = (yAt >>> 2) + i * width;
        if (centered) moments(f32, x, width);
        else meanSquare(f32, x, width);
        const mean = result.first;
        const rstd = 1 / Math.sqrt(result.second + epsilon);
        f64[(meansAt >>> 3) + i] = mean;
        f64[(rstdsAt >>> 3) + i] = rstd;
        for (let j = 0; j < width; j++) {
          let v = ((f32[x + j] as number) - mean) * rstd;
          if (gamma) v *= f32[gamma + j] as number;
          if (beta) v += f32[beta + j] as number;
          f32[y + j] = v;
        }
      }
    },

    rowsBackward(xAt, dyAt, dxAt, rows, width, gammaAt, centered, meansAt, rstdsAt, dgammaAt, dbetaAt) {
      const { f32, f64 } = memory;
      const [gamma, dgamma, dbeta] = [gammaAt >>> 2, dgammaAt >>> 3, dbetaAt >>> 3];
      for (let i = 0; i < rows; i++) {
        const x = (xAt >>> 2) + i * width;
        const dy = (dyAt >>> 2) + i * width;
        const dx = (dxAt >>> 2) + i * width;
        const mean = f64[(meansAt >>> 3) + i] as number;
        const rstd = f64[(rstdsAt >>> 3) + i] as number;
        let sum = 0;
        let product = 0;
        for (let j = 0; j < width; j++) {
          const v = f32[dy + j] as number;
          const hat = ((f32[x + j] as number) - mean) * rstd;
          const g = gamma ? v * (f32[gamma + j] as number) : v;
          sum += g;
          product += g * hat;
          if (dgamma) f64[dgamma + j] = (f64[dgamma + j] as number) + v * hat;
          if (dbeta) f64[dbeta + j] = (f64[dbeta + j] as number) + v;
        }
        const a = centered ? sum / width : 0;
        const b = product / width;
        for (let j = 0; j < width; j++) {
          const hat = ((f32[x + j] as number) - mean) * rstd;
          const g = (f32[dy + j] as number) * (gamma ? (f32[gamma + j] as number) : 1);
          f32[dx + j] = rstd * (g - a - hat * b);
        }
      }
    },
  };
}
