/** How running statistics leave their first values, mean 0 and variance 1, and what inference makes of that. */
import { batchNorm, filled, type State, tensor } from '../../runtime';
import { Random } from '../../runtime/nn/random';
import type { TaskContext } from '../work/task';

export interface WarmUpInput {
  readonly steps: number;
  /** Keras's: the weight of the old value. */
  readonly momentum: number;
  readonly convention: 'keras' | 'pytorch';
  readonly batch: number;
  /** Positions of a sample. */
  readonly positions: number;
  readonly mean: number;
  readonly deviation: number;
  readonly epsilon: number;
  readonly seed: number;
}

export interface WarmUpPoint {
  readonly step: number;
  readonly mean: number;
  readonly variance: number;
}

export interface WarmUp {
  /** At most a few hundred steps of all, the first and the last among them. */
  readonly points: readonly WarmUpPoint[];
  /** How much of the first running mean is left at the end: measured with a second state that began at 1 instead of 0. */
  readonly left: number;
  /** The output for a value one deviation above the data's mean: by the last batch's statistics, and by the running ones. */
  readonly training: number;
  readonly inference: number;
}

const MOST_POINTS = 240;

export async function warmUp(input: WarmUpInput, { breathe }: TaskContext): Promise<WarmUp> {
  const { steps, convention, epsilon, seed, batch, positions, mean, deviation } = input;
  const momentum = convention === 'keras' ? input.momentum : 1 - input.momentum;
  const norm = batchNorm({ convention, momentum, epsilon });
  const shape = [batch, positions, 1];
  const state = norm.state(shape);
  const other = norm.state(shape);
  other.mean[0] = 1;
  const random = new Random(seed);
  const x = filled(shape);
  const every = Math.max(1, Math.ceil(steps / MOST_POINTS));
  const points: WarmUpPoint[] = [{ step: 0, mean: 0, variance: 1 }];
  for (let step = 1; step <= steps; step++) {
    for (let i = 0; i < x.data.length; i++) x.data[i] = random.normal(mean, deviation);
    norm.forward(x, {}, state, 'train');
    norm.forward(x, {}, other, 'train');
    if (step % every === 0 || step === steps) {
      points.push({ step, mean: state.mean[0] ?? 0, variance: state.variance[0] ?? 0 });
    }
    if (step % 100 === 0) await breathe();
  }
  // The value in the company of the last batch, without moving the statistics.
  x.data[0] = mean + deviation;
  const training = norm.forward(x).y.data[0] ?? 0;
  return { points, left: (other.mean[0] ?? 0) - (state.mean[0] ?? 0), training, inference: infer(norm, state, input) };
}

function infer(norm: ReturnType<typeof batchNorm>, state: State, { mean, deviation }: WarmUpInput): number {
  const one = tensor([mean + deviation], [1, 1, 1]);
  return norm.forward(one, {}, state as ReturnType<typeof norm.state>, 'infer').y.data[0] ?? 0;
}

/** momentum^k: the weight of the first value after k steps. */
export const weightLeft = (momentum: number, steps: number): number => momentum ** steps;

/** The first step after which at most a share of the first value is left; Infinity where it never is. */
export function stepsUntil(momentum: number, share: number): number {
  if (momentum === 0) return 1;
  return momentum >= 1 ? Number.POSITIVE_INFINITY : Math.ceil(Math.log(share) / Math.log(momentum));
}
