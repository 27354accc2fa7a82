import { format, NormError } from '../errors';
import type { Tensor } from '../tensor';
import { batchView, isCount } from '../view';
import { BatchFamilyNorm, type BatchNormOptions, type BatchNormSaved } from './batch';
import { forwardFixed } from './fixed';
import { mergeGrid, mergeMoments, momentsOf, noMoments } from './grid';
import type { Forward, Into, Mode, Norm, Params } from './norm';
import { checkOptions } from './options';
import { remembered } from './pass';
import { type RunningState, updateRunning } from './running';

export interface SyncBatchNormOptions extends BatchNormOptions {
  /** Samples that each simulated replica holds, in the order of the batch; a number splits the batch evenly. */
  readonly replicas: number | readonly number[];
}

export interface SyncBatchNormSaved extends BatchNormSaved {
  /** Each replica's own statistics, before they were merged; none in infer mode. */
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
  checkOptions('syncBatchNorm', options);
  return new SyncBatchNorm(options);
}

export class SyncBatchNorm extends BatchFamilyNorm implements Norm<'gamma' | 'beta', SyncBatchNormSaved> {
  constructor(override readonly options: SyncBatchNormOptions) {
    super({ name: 'syncBatchNorm', view: batchView }, options);
  }

  #samples(n: number): readonly number[] {
    const { replicas } = this.options;
    const samples = typeof replicas === 'number' ? new Array<number>(replicas).fill(n / replicas) : replicas;
    const total = samples.reduce((a, b) => a + b, 0);
    if (samples.length === 0 || total !== n || samples.some((k) => !isCount(k))) {
      throw new NormError('groups', this.name, `replicas that share a batch of ${n} samples`, format(samples));
    }
    return samples;
  }

  override forward(
    x: Tensor,
    params: Params<'gamma' | 'beta'> = {},
    state: RunningState | null = null,
    mode: Mode = 'train',
    into: Into = {},
  ): Forward<SyncBatchNormSaved> {
    if (mode === 'infer') {
      const { y, saved } = super.forward(x, params, state, mode, into);
      return { y, saved: { ...saved, replicas: [] } };
    }
    const { plan, affine } = this.checked(x, params, state, mode, into.out);
    const { channels, epsilon } = plan;
    const { n, c, s } = channels;
    const { engine } = this;
    const samples = this.#samples(n);
    const grid = momentsOf(x, channels, engine);
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
    const means = Float64Array.from(whole, (m) => m.mean);
    const variances = Float64Array.from(whole, (m) => m.variance);
    // Every replica normalises by the whole batch's statistics, and so do all gradients.
    const pass = forwardFixed(plan, x, affine, means, variances, epsilon, engine, into.out);
    if (state) updateRunning(state, means, variances, n * s, this.running);
    const { y, saved } = remembered(this.name, mode, x, into.out, affine, pass, plan);
    return { y, saved: { ...saved, replicas } };
  }
}
