/** The last batch of an epoch holds what is left over, and moves the running statistics as much as a full one. */
import { batchNorm, filled } from '../../runtime';
import { Random } from '../../runtime/nn/random';
import type { TaskContext } from '../work/task';

export interface ResidualInput {
  readonly samples: number;
  readonly batch: number;
  readonly positions: number;
  readonly momentum: number;
  readonly convention: 'keras' | 'pytorch';
  readonly epsilon: number;
  readonly seed: number;
}

/** An epoch's batches. */
export interface Epoch {
  /** Full batches. */
  readonly full: number;
  /** Samples of the last one; 0 where nothing is left over. */
  readonly rest: number;
}

export const epochOf = (samples: number, batch: number): Epoch => ({
  full: Math.floor(samples / batch),
  rest: samples % batch,
});

/** √(2/(m − 1)): the relative standard deviation of a variance estimate from m independent normal values. */
export const varianceNoise = (m: number): number => Math.sqrt(2 / (m - 1));

/**
 * The running variance at an epoch's end as a share of the data's, in the long run. With the biased variance a batch of m has
 * the expectation 1 − 1/m; the last batch has the weight 1 − μ, the full ones before it μ, μ², … of that.
 */
export function runningVarianceTheory(input: ResidualInput): number {
  const { momentum: mu, batch, positions, convention } = input;
  const { full, rest } = epochOf(input.samples, batch);
  const share = (count: number) => (count === 0 ? 0 : expectation(count * positions, convention));
  if (rest === 0) return share(batch);
  if (full === 0) return share(rest);
  if (mu === 1) return 1;
  return ((1 - mu) * share(rest) + mu * (1 - mu ** full) * share(batch)) / (1 - mu ** (full + 1));
}

/** One element has variance 0 in both conventions: the runtime keeps the biased one where the unbiased is 0/0. */
const expectation = (m: number, convention: 'keras' | 'pytorch'): number =>
  m === 1 ? 0 : convention === 'keras' ? 1 - 1 / m : 1;

export interface Residual {
  /** The running variance at the end of an epoch, over the data's: the mean over many channels. */
  readonly measured: number;
  /** Its standard error. */
  readonly error: number;
  readonly steps: number;
}

const CHANNELS = 256;
const MOST_WORK = 30_000_000;

/** Trains on standard normal data until the start is forgotten, and reads the running variance after a last batch. */
export async function residual(input: ResidualInput, { breathe }: TaskContext): Promise<Residual> {
  const { batch, positions, momentum, convention, epsilon, seed } = input;
  const { full, rest } = epochOf(input.samples, batch);
  const norm = batchNorm({ convention, momentum: convention === 'keras' ? momentum : 1 - momentum, epsilon });
  // Enough steps that less than 1 % of the start is left, the last of them an epoch's last.
  const memory = Math.min(momentum < 1 ? Math.ceil(Math.log(0.01) / Math.log(Math.max(momentum, 0.01))) : 1, 5000);
  const epoch = full + (rest > 0 ? 1 : 0);
  const steps = Math.max(memory, Math.min(epoch, 50));
  const channels = Math.max(16, Math.min(CHANNELS, Math.floor(MOST_WORK / (steps * batch * positions))));
  const fullX = filled([batch, positions, channels]);
  const restX = filled([Math.max(1, rest), positions, channels]);
  const state = norm.state(fullX.shape);
  const random = new Random(seed);
  let work = 0;
  for (let left = steps - 1; left >= 0; left--) {
    // Counted from the end: every epoch-th step is a last batch.
    const x = full === 0 || (rest > 0 && left % epoch === 0) ? restX : fullX;
    for (let i = 0; i < x.data.length; i++) x.data[i] = random.normal();
    norm.forward(x, {}, state, 'train');
    work += x.data.length;
    if (work > 200_000) {
      work = 0;
      await breathe();
    }
  }
  const measured = state.variance.reduce((sum, v) => sum + v, 0) / channels;
  const spread = state.variance.reduce((sum, v) => sum + (v - measured) ** 2, 0) / (channels - 1);
  return { measured, error: Math.sqrt(spread / channels), steps };
}
