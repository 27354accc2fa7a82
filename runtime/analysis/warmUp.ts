import { batchNorm } from '../norms/batch';
import { normals } from './random';

/** The weight that the initial running statistics still have after k steps: momentum^k (Keras's momentum). */
export const initialWeight = (momentum: number, steps: number): number => momentum ** steps;

/** Steps until that weight is at most `weight`. 0.99 takes 299 to 5 %, 459 to 1 %. */
export const stepsUntil = (weight: number, momentum: number): number =>
  Math.ceil(Math.log(weight) / Math.log(momentum));

export interface WarmUpOptions {
  /** Keras's momentum, the weight of the old value. */
  readonly momentum: number;
  readonly steps: number;
  /** Samples a batch; the more, the less the running statistics waver. */
  readonly batch: number;
  /** Mean and standard deviation of the data. */
  readonly mean: number;
  readonly deviation: number;
  readonly seed?: number;
}

/** After each step: the running statistics, and the weight of the values that they began with. */
export interface WarmUpStep {
  readonly step: number;
  readonly weight: number;
  readonly mean: number;
  readonly variance: number;
}

/** Trains a batch norm of one channel on normal data and watches its running statistics approach the data's. */
export function warmUp(options: WarmUpOptions): WarmUpStep[] {
  const { momentum, steps, batch, mean, deviation, seed = 1 } = options;
  const norm = batchNorm({ momentum });
  const shape = [batch, 1];
  const state = norm.state(shape);
  const next = normals(seed);
  return Array.from({ length: steps }, (_, i) => {
    const data = Float32Array.from({ length: batch }, () => mean + deviation * next());
    norm.forward({ data, shape }, {}, state, 'train');
    const weight = initialWeight(momentum, i + 1);
    return { step: i + 1, weight, mean: state.mean[0] ?? 0, variance: state.variance[0] ?? 0 };
  });
}
