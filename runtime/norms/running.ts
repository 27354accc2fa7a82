import { NormError } from '../errors';
import { checkName } from '../view';
import type { Mode, State } from './norm';

/** How running statistics move: v ← keep·v + (1 − keep)·batch, with the biased or the unbiased variance. */
export interface Running {
  /** The weight of the old value: Keras's momentum, 1 − PyTorch's. */
  readonly keep: number;
  readonly unbiased: boolean;
  /** Leave the running statistics alone where a batch's statistics are not finite. */
  readonly guard: boolean;
}

/** Mean 0 and variance 1 for each channel. */
export const freshRunning = (channels: number): RunningState => ({
  mean: new Float32Array(channels),
  variance: new Float32Array(channels).fill(1),
});

export interface RunningState extends State {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

/** @throws NormError for another mode, for a state of other channels, and for none where inference needs one */
export function checkState(state: RunningState | null, channels: number, mode: Mode, where: string): void {
  // Another name, such as PyTorch's, would else train.
  checkName(mode, ['train', 'infer'], where);
  if (!state && mode === 'infer') {
    throw new NormError('option', where, 'running statistics in infer mode', 'no state');
  }
  // A state that was stored may lack what it should have.
  if (state && (state.mean?.length !== channels || state.variance?.length !== channels)) {
    throw new NormError('shape', where, `a state of ${channels} channels`, `${state.mean?.length}`);
  }
}

/** Moves the running statistics by one batch of m elements a set, whose statistics begin at the given indices. */
export function updateRunning(
  state: RunningState,
  mean: Float32Array | Float64Array,
  variance: Float32Array | Float64Array,
  m: number,
  { keep, unbiased, guard }: Running,
  meanAt = 0,
  varianceAt = 0,
): void {
  // With one element the unbiased variance is 0/0, as PyTorch would say; the biased one, 0, is kept instead.
  const correction = unbiased && m > 1 ? m / (m - 1) : 1;
  for (let c = 0; c < state.mean.length; c++) {
    const mu = mean[meanAt + c] as number;
    const v = (variance[varianceAt + c] as number) * correction;
    if (guard && !(Number.isFinite(mu) && Number.isFinite(v))) continue;
    state.mean[c] = keep * (state.mean[c] as number) + (1 - keep) * mu;
    state.variance[c] = keep * (state.variance[c] as number) + (1 - keep) * v;
  }
}
