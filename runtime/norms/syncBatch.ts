import { checkTensor } from '../engine';
import { NormError } from '../errors';
import { filled, type Tensor } from '../tensor';
import { type Channels, channelsOf } from '../view';
import { type BatchNormOptions, type BatchOptions, batchOptions } from './batch';
import { backwardFixed, forwardFixed } from './fixed';
import { gridApply, gridCombine, gridMoments, gridPairSums, mergeGrid, mergeMoments, noMoments } from './grid';
import {
  checkGradient,
  checkParameter,
  type Forward,
  type Gradients,
  type Mode,
  type Norm,
  type Params,
  type Saved,
} from './norm';
import { withResult } from './pass';
import { freshRunning, type RunningState, updateRunning } from './running';

export interface SyncBatchNormOptions extends BatchNormOptions {
  /** Samples that each simulated replica holds, in the order of the batch; a number splits the batch evenly. */
  readonly replicas: number | readonly number[];
}

export interface SyncBatchNormSaved extends Saved {
  readonly channels: Channels;
  readonly gamma: Tensor | undefined;
  readonly beta: Tensor | undefined;
  /** Of all replicas together, a channel. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** Each replica's own statistics, before they were merged. */
  readonly replicas: readonly {
    readonly samples: number;
    readonly mean: Float64Array;
    readonly variance: Float64Array;
  }[];
}

/**
 * Synchronised batch normalization over simulated replicas (Peng et al., MegDet, arXiv 1711.07240, section 3.3): each
 * computes its slice's moments, Chan's formula merges them, and all normalise by the whole. Shapes as in batch norm.
 */
export function syncBatchNorm(options: SyncBatchNormOptions): SyncBatchNorm {
  return new SyncBatchNorm(options);
}

export class SyncBatchNorm implements Norm<'gamma' | 'beta', SyncBatchNormSaved> {
  readonly name = 'syncBatchNorm';
  readonly #batch: BatchOptions;

  constructor(readonly options: SyncBatchNormOptions) {
    this.#batch = batchOptions(options, 'syncBatchNorm');
  }

  #channels(shape: readonly number[]): Channels {
    return channelsOf(shape, this.#batch.layout, this.name);
  }

  parameters(shape: readonly number[]) {
    const { c } = this.#channels(shape);
    return { gamma: filled([c], 1), beta: filled([c], 0) };
  }

  state(shape: readonly number[]): RunningState {
    return freshRunning(this.#channels(shape).c);
  }

  #samples(n: number): readonly number[] {
    const { replicas } = this.options;
    const samples = typeof replicas === 'number' ? new Array<number>(replicas).fill(n / replicas) : replicas;
    const total = samples.reduce((a, b) => a + b, 0);
    if (samples.length === 0 || total !== n || samples.some((k) => !Number.isInteger(k) || k < 1)) {
      throw new NormError('groups', this.name, `replicas that share a batch of ${n} samples`, `[${samples.join(',')}]`);
    }
    return samples;
  }

  forward(
    x: Tensor,
    { gamma, beta }: Params<'gamma' | 'beta'> = {},
    state: RunningState | null = null,
    mode: Mode = 'train',
  ): Forward<SyncBatchNormSaved> {
    checkTensor(x, this.name);
    const channels = this.#channels(x.shape);
    const { n, c, s } = channels;
    checkParameter(gamma, [c], `${this.name} gamma`);
    checkParameter(beta, [c], `${this.name} beta`);
    const { epsilon, running } = this.#batch;
    const common = { norm: this.name, mode, x, channels, gamma, beta };
    if (mode === 'infer') {
      if (!state) throw new NormError('option', this.name, 'running statistics in infer mode', 'no state');
      const y = forwardFixed(
        { channels, perSample: false, epsilon },
        x,
        gamma,
        beta,
        state.mean,
        state.variance,
        this.options.engine,
      );
      const [mean, variance] = [Float64Array.from(state.mean), Float64Array.from(state.variance)];
      return { y, saved: { ...common, mean, variance, replicas: [] } };
    }
    const samples = this.#samples(n);
    return withResult(x, this.options.engine, ({ engine, out, finish }) => {
      const px = engine.pointer(x);
      const grid = gridMoments(engine, px, channels);
      let first = 0;
      const replicas = samples.map((count) => {
        const [from, to] = [first * c, (first + count) * c];
        first += count;
        const slice = { mean: grid.mean.subarray(from, to), variance: grid.variance.subarray(from, to) };
        return { samples: count, ...mergeGrid(slice, s, c, (i) => i % c) };
      });
      const whole = Array.from({ length: c }, (_, i) =>
        replicas
          .map((r) => ({ count: r.samples * s, mean: r.mean[i] as number, variance: r.variance[i] as number }))
          .reduce(mergeMoments, noMoments),
      );
      const mean = Float64Array.from(whole, (m) => m.mean);
      const variance = Float64Array.from(whole, (m) => m.variance);
      const tiled = (f: (i: number) => number) => Float64Array.from({ length: n * c }, (_, i) => f(i % c));
      const scale = (i: number) => (gamma?.data[i] ?? 1) / Math.sqrt((variance[i] as number) + epsilon);
      gridApply(
        engine,
        px,
        out,
        channels,
        tiled((i) => mean[i] as number),
        tiled(scale),
        tiled((i) => beta?.data[i] ?? 0),
      );
      if (state) updateRunning(state, mean, variance, n * s, running);
      return { y: finish(), saved: { ...common, mean, variance, replicas } };
    });
  }

  backward(dy: Tensor, saved: SyncBatchNormSaved): Gradients<'gamma' | 'beta'> {
    const { x, channels, gamma, beta, mean, variance } = saved;
    const { epsilon } = this.#batch;
    checkGradient(dy, x, this.name);
    if (saved.mode === 'infer') {
      const plan = { channels, perSample: false, epsilon };
      const { dx, dgamma, dbeta } = backwardFixed(plan, x, dy, gamma, beta, mean, variance, this.options.engine);
      return { dx, ...(dgamma && { dgamma }), ...(dbeta && { dbeta }) };
    }
    return withResult(dy, this.options.engine, ({ engine, out, finish }) => {
      const { n, c, s } = channels;
      const px = engine.pointer(x);
      const pdy = engine.pointer(dy);
      const means = Float64Array.from({ length: n * c }, (_, i) => mean[i % c] as number);
      const sums = gridPairSums(engine, px, pdy, channels, means);
      const rstd = variance.map((v) => 1 / Math.sqrt(v + epsilon));
      // The all-reduce: every replica needs Σdy and Σdy·x̂ of the whole batch.
      const dbeta = new Float64Array(c);
      const dgamma = new Float64Array(c);
      for (let i = 0; i < n * c; i++) {
        dbeta[i % c] = (dbeta[i % c] as number) + (sums.sum[i] as number);
        dgamma[i % c] = (dgamma[i % c] as number) + (sums.product[i] as number) * (rstd[i % c] as number);
      }
      const a = new Float64Array(n * c);
      const b = new Float64Array(n * c);
      const offset = new Float64Array(n * c);
      for (let i = 0; i < n * c; i++) {
        const r = rstd[i % c] as number;
        const g = gamma?.data[i % c] ?? 1;
        a[i] = g * r;
        b[i] = (-g * r * r * (dgamma[i % c] as number)) / (n * s);
        offset[i] = (-g * r * (dbeta[i % c] as number)) / (n * s);
      }
      gridCombine(engine, px, pdy, out, channels, means, a, b, offset);
      return {
        dx: finish(),
        ...(gamma && { dgamma: { data: Float32Array.from(dgamma), shape: gamma.shape } }),
        ...(beta && { dbeta: { data: Float32Array.from(dbeta), shape: beta.shape } }),
      };
    });
  }
}
