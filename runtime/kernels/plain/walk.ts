// Every normalization is one reduction over sets (o, k) of a view (o, r1, k, r2); here also what is done to each set's elements,
// whatever the layout.
import type { Memory } from './memory';

/**
 * Memory in order: o · r1 · k · runs stretches of n elements, `runs` ones in a row of a set. Stretch i begins at
 * γ[(⌊i / span⌋ · period + i mod period) · (step ? n : 1)], and its elements take `step` (0 or 1) entries each.
 */
export interface Walk {
  readonly o: number;
  readonly r1: number;
  readonly k: number;
  readonly runs: number;
  readonly n: number;
  readonly step: number;
  readonly span: number;
  readonly period: number;
}

/** Calls back with every stretch: its set, its first element and the entry of γ that this takes. */
function walk({ o, r1, k, runs, n, step, span, period }: Walk, visit: (set: number, at: number, g: number) => void) {
  let i = 0;
  for (let io = 0; io < o; io++)
    for (let ir = 0; ir < r1; ir++)
      for (let ik = 0; ik < k; ik++)
        for (let j = 0; j < runs; j++, i++) {
          visit(io * k + ik, i * n, (Math.floor(i / span) * period + (i % period)) * (step ? n : 1));
        }
}

const countOf = ({ r1, runs, n }: Walk): number => r1 * runs * n;

/** Two-pass mean and variance (or mean square) of every set in float64, to the indices means.. and variances... */
export function moments({ f32, f64 }: Memory, w: Walk, x: number, centered: number, means: number, variances: number) {
  const sets = w.o * w.k;
  f64.fill(0, means, means + sets);
  f64.fill(0, variances, variances + sets);
  if (centered) {
    walk(w, (set, at) => {
      let sum = 0;
      for (let i = x + at; i < x + at + w.n; i++) sum += f32[i] as number;
      f64[means + set] = (f64[means + set] as number) + sum;
    });
  }
  for (let i = means; i < means + sets; i++) f64[i] = (f64[i] as number) / countOf(w);
  walk(w, (set, at) => {
    const mean = f64[means + set] as number;
    let sum = 0;
    for (let i = x + at; i < x + at + w.n; i++) sum += ((f32[i] as number) - mean) ** 2;
    f64[variances + set] = (f64[variances + set] as number) + sum;
  });
  for (let i = variances; i < variances + sets; i++) f64[i] = (f64[i] as number) / countOf(w);
}

/** Normalises every set; arguments as the kernels have them (interface.ts), in bytes. */
// biome-ignore format: one argument list a line
export function forward(
  memory: Memory, w: Walk, xAt: number, yAt: number, gammaAt: number, betaAt: number, epsilon: number, centered: number,
  meansAt: number, rstdsAt: number, variancesAt: number,
) {
  const { f32, f64 } = memory;
  const [x, y, gamma, beta, means, rstds] = [xAt >>> 2, yAt >>> 2, gammaAt >>> 2, betaAt >>> 2, meansAt >>> 3, rstdsAt >>> 3];
  moments(memory, w, x, centered, means, rstds);
  for (let set = 0; set < w.o * w.k; set++) {
    const variance = f64[rstds + set] as number;
    if (variancesAt) f64[(variancesAt >>> 3) + set] = variance;
    f64[rstds + set] = 1 / Math.sqrt(variance + epsilon);
  }
  walk(w, (set, at, first) => {
    const mean = f64[means + set] as number;
    const rstd = f64[rstds + set] as number;
    for (let i = at, g = first; i < at + w.n; i++, g += w.step) {
      const hat = ((f32[x + i] as number) - mean) * rstd;
      f32[y + i] = hat * (gamma ? (f32[gamma + g] as number) : 1) + (beta ? (f32[beta + g] as number) : 0);
    }
  });
}

/** dx = rstd·(γ·dy − mean(γ·dy) − x̂·mean(γ·dy·x̂)), and Σdy·x̂ and Σdy onto dγ and dβ. */
// biome-ignore format: one argument list a line
export function backward(
  { f32, f64 }: Memory, w: Walk, xAt: number, dyAt: number, dxAt: number, gammaAt: number, centered: number,
  meansAt: number, rstdsAt: number, dgammaAt: number, dbetaAt: number,
) {
  const [x, dy, dx, gamma, dgamma, dbeta] = [xAt >>> 2, dyAt >>> 2, dxAt >>> 2, gammaAt >>> 2, dgammaAt >>> 3, dbetaAt >>> 3];
  const meanOf = (set: number) => f64[(meansAt >>> 3) + set] as number;
  const rstdOf = (set: number) => f64[(rstdsAt >>> 3) + set] as number;
  const sums = new Float64Array(w.o * w.k);
  const products = new Float64Array(w.o * w.k);
  walk(w, (set, at, first) => {
    const mean = meanOf(set);
    const rstd = rstdOf(set);
    let sum = 0;
    let product = 0;
    for (let i = at, g = first; i < at + w.n; i++, g += w.step) {
      const v = f32[dy + i] as number;
      const hat = v * ((f32[x + i] as number) - mean) * rstd;
      const weight = gamma ? (f32[gamma + g] as number) : 1;
      sum += weight * v;
      product += weight * hat;
      if (dgamma) f64[dgamma + g] = (f64[dgamma + g] as number) + hat;
      if (dbeta) f64[dbeta + g] = (f64[dbeta + g] as number) + v;
    }
    sums[set] = (sums[set] as number) + sum;
    products[set] = (products[set] as number) + product;
  });
  walk(w, (set, at, first) => {
    const mean = meanOf(set);
    const rstd = rstdOf(set);
    const a = centered ? (sums[set] as number) / countOf(w) : 0;
    const b = ((products[set] as number) / countOf(w)) * rstd;
    for (let i = at, g = first; i < at + w.n; i++, g += w.step) {
      const v = (f32[dy + i] as number) * (gamma ? (f32[gamma + g] as number) : 1);
      f32[dx + i] = rstd * (v - a - ((f32[x + i] as number) - mean) * b);
    }
  });
}
