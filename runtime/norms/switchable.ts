import { filled, type Tensor } from '../tensor';
import { type Channels, channelsOf } from '../view';
import { type BatchNormOptions, batchOptions } from './batch';
import { gridApply, gridCombine, gridPairSums, mergeGrid, momentsOf } from './grid';
import {
  checkGradient,
  checkInput,
  checkParameters,
  type Forward,
  type Gradients,
  type Into,
  kept,
  type Mode,
  type Norm,
  type Params,
  type Saved,
  vector,
} from './norm';
import { checkOptions } from './options';
import { type Pass, withResult } from './pass';
import { checkState, freshRunning, type RunningState, updateRunning } from './running';

type Names = 'gamma' | 'beta' | 'meanWeights' | 'varianceWeights';

/** Mean and variance of every sample and channel, in the readings of instance, layer and batch norm: N · C each. */
interface Readings {
  readonly means: readonly Float64Array[];
  readonly variances: readonly Float64Array[];
}

export interface SwitchableSaved extends Saved {
  readonly channels: Channels;
  readonly params: Params<Names>;
  readonly readings: Readings;
  /** The mixed statistics. */
  readonly mean: Float64Array;
  readonly rstd: Float64Array;
}

/**
 * Switchable normalization (Luo et al., arXiv 1806.10779, equations 3 to 6): statistics are a mixture, by two softmaxes,
 * of those of instance, layer (over C and all positions) and batch norm. x: [N, …, C] or [N, C, …]; γ, β: [C];
 * meanWeights, varianceWeights: [3], the λ before the softmax in that order. In infer mode batch norm's part is the running
 * statistics (state). Defaults as in batch norm, with ε 1e-5.
 */
export function switchableNorm(options: BatchNormOptions = {}): SwitchableNorm {
  checkOptions('switchableNorm', options);
  return new SwitchableNorm(options);
}

const softmax = (t: Tensor | undefined): readonly number[] => {
  const values = Array.from(t?.data ?? [1, 1, 1]);
  const top = Math.max(...values);
  const powers = values.map((v) => Math.exp(v - top));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((p) => p / total);
};

/** Σ w·row, as the first row and differences from it: exact where all rows agree. */
const mix = (weights: readonly number[], rows: readonly Float64Array[]): Float64Array =>
  (rows[0] ?? new Float64Array()).map((first, i) =>
    rows.reduce((sum, row, k) => sum + (weights[k] ?? 0) * ((row[i] as number) - first), first),
  );

export class SwitchableNorm implements Norm<Names, SwitchableSaved> {
  readonly name = 'switchableNorm';
  readonly #batch;

  constructor(readonly options: BatchNormOptions) {
    this.#batch = batchOptions({ epsilon: 1e-5, ...options }, this.name);
  }

  #channels(shape: readonly number[]): Channels {
    return channelsOf(shape, this.#batch.layout, this.name);
  }

  parameters(shape: readonly number[]) {
    const { c } = this.#channels(shape);
    return {
      gamma: filled([c], 1),
      beta: filled([c], 0),
      meanWeights: filled([3], 1),
      varianceWeights: filled([3], 1),
    };
  }

  state(shape: readonly number[]): RunningState {
    return freshRunning(this.#channels(shape).c);
  }

  forward(
    x: Tensor,
    params: Params<Names> = {},
    state: RunningState | null = null,
    mode: Mode = 'train',
    { out }: Into = {},
  ): Forward<SwitchableSaved> {
    checkInput(x, this.name, out);
    const channels = this.#channels(x.shape);
    const { n, c, s } = channels;
    const { gamma, beta, meanWeights, varianceWeights } = params;
    checkParameters({ gamma, beta }, [c], this.name);
    checkParameters({ meanWeights, varianceWeights }, [3], this.name);
    checkState(state, c, mode, this.name);
    const instance = momentsOf(x, channels, this.options.engine);
    const layer = mergeGrid(instance, s, n, (i) => Math.floor(i / c));
    const batch = mode === 'infer' && state ? state : mergeGrid(instance, s, c, (i) => i % c);
    const read = (key: 'mean' | 'variance') => [
      instance[key],
      instance[key].map((_, i) => layer[key][Math.floor(i / c)] as number),
      instance[key].map((_, i) => batch[key][i % c] as number),
    ];
    const readings = { means: read('mean'), variances: read('variance') };
    const mean = mix(softmax(meanWeights), readings.means);
    const variance = mix(softmax(varianceWeights), readings.variances);
    const rstd = variance.map((v) => 1 / Math.sqrt(v + this.#batch.epsilon));
    if (mode === 'train' && state) {
      updateRunning(state, batch.mean as Float64Array, batch.variance as Float64Array, n * s, this.#batch.running);
    }
    const run = ({ engine, out: to, finish }: Pass) => {
      const scale = rstd.map((r, i) => r * (gamma?.data[i % c] ?? 1));
      const offset = rstd.map((_, i) => beta?.data[i % c] ?? 0);
      gridApply(engine, engine.pointer(x), to, channels, mean, scale, offset);
      const y = finish();
      const saved = { norm: this.name, mode, x: kept(x, out, this.name), channels, params, readings, mean, rstd };
      return { y, saved };
    };
    return withResult(x, this.options.engine, run, out);
  }

  backward(dy: Tensor, saved: SwitchableSaved, into: Into = {}): Gradients<Names> {
    const { x, channels, params, readings, mean, rstd, mode } = saved;
    const { gamma, beta, meanWeights, varianceWeights } = params;
    checkGradient(dy, x, this.name, into.out);
    const { n, c, s } = channels;
    const w = softmax(meanWeights);
    const q = softmax(varianceWeights);
    const run = ({ engine, out, finish }: Pass) => {
      const px = engine.pointer(x);
      const pdy = engine.pointer(dy);
      const { sum, product } = gridPairSums(engine, px, pdy, channels, mean);
      const g = (i: number) => gamma?.data[i % c] ?? 1;
      const r = (i: number) => rstd[i] as number;
      // The loss by each mixed mean and variance.
      const dMean = sum.map((v, i) => -g(i) * r(i) * v);
      const dVariance = product.map((v, i) => -0.5 * g(i) * r(i) ** 3 * v);
      // Shares of each reading's sets: who shares the statistic, and how many elements it has. In infer mode the
      // running statistics are constants.
      const sets = [
        { of: (i: number) => i, count: s },
        { of: (i: number) => Math.floor(i / c), count: c * s },
        { of: (i: number) => i % c, count: mode === 'infer' ? Number.POSITIVE_INFINITY : n * s },
      ];
      const b = new Float64Array(n * c);
      const offset = new Float64Array(n * c);
      sets.forEach(({ of, count }, k) => {
        const [toMean, toVariance] = [new Float64Array(n * c), new Float64Array(n * c)];
        for (let i = 0; i < n * c; i++) {
          toMean[of(i)] = (toMean[of(i)] as number) + (dMean[i] as number);
          toVariance[of(i)] = (toVariance[of(i)] as number) + (dVariance[i] as number);
        }
        const own = readings.means[k] as Float64Array;
        for (let i = 0; i < n * c; i++) {
          // d variance/dx = 2·(x − own mean)/count, and x − own mean = (x − mixed mean) + (mixed mean − own mean).
          const slope = (2 * (q[k] as number) * (toVariance[of(i)] as number)) / count;
          const level = ((w[k] as number) * (toMean[of(i)] as number)) / count;
          b[i] = (b[i] as number) + slope;
          offset[i] = (offset[i] as number) + level + slope * ((mean[i] as number) - (own[i] as number));
        }
      });
      gridCombine(
        engine,
        px,
        pdy,
        out,
        channels,
        mean,
        rstd.map((v, i) => v * g(i)),
        b,
        offset,
      );
      const perChannel = (f: (i: number) => number) => {
        const total = new Float64Array(c);
        for (let i = 0; i < n * c; i++) total[i % c] = (total[i % c] as number) + f(i);
        return vector(total);
      };
      return {
        dx: finish(),
        ...(gamma && { dgamma: perChannel((i) => (product[i] as number) * r(i)) }),
        ...(beta && { dbeta: perChannel((i) => sum[i] as number) }),
        ...(meanWeights && { dmeanWeights: softmaxGradient(w, dMean, readings.means) }),
        ...(varianceWeights && { dvarianceWeights: softmaxGradient(q, dVariance, readings.variances) }),
      };
    };
    return withResult(dy, this.options.engine, run, into.out);
  }
}

/** dλ_k = w_k·(d_k − Σ_j w_j·d_j) with d_k = Σ of the loss's slope times reading k. */
function softmaxGradient(w: readonly number[], slope: Float64Array, readings: readonly Float64Array[]): Tensor {
  const d = readings.map((row) => slope.reduce((sum, v, i) => sum + v * (row[i] as number), 0));
  const average = d.reduce((sum, v, k) => sum + v * (w[k] as number), 0);
  return vector(Float64Array.from(d, (v, k) => (w[k] as number) * (v - average)));
}
