/** What is kept of a training run: plain data, of a size that does not grow with the run's length. */
import type { ActivationStatistics, Checkpoint, HistogramOptions, StepResult, TrainConfig } from '../../runtime/nn';

/** Means over a stretch of steps. */
export interface CurvePoint {
  /** Samples seen at the stretch's end. */
  readonly samples: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** What one hidden layer hands to its activation function, at one step. */
export interface LayerSnapshot {
  /** 5, 25, 50, 75 and 95 of 100 values lie below these. */
  readonly quantiles: readonly number[];
  readonly deviation: number;
  /** The mean of the first unit alone, over the batch. */
  readonly unit: number;
  /** How far a unit's mean moved since the step before, in deviations; the mean over the units. */
  readonly shift: number | undefined;
}

export interface Snapshot {
  readonly samples: number;
  readonly layers: readonly LayerSnapshot[];
}

export interface RunRecord {
  readonly config: TrainConfig;
  readonly steps: number;
  readonly totalSteps: number;
  readonly curve: readonly CurvePoint[];
  readonly snapshots: readonly Snapshot[];
  /** Milliseconds of computing. */
  readonly time: number;
  /** Sums of the stretch that is not full yet. */
  readonly open: { readonly loss: number; readonly accuracy: number; readonly count: number };
  /** Units' means of the step before, where a snapshot is due. */
  readonly before?: readonly (readonly number[])[] | undefined;
  /** On all digits that were not trained on; once the run is over. */
  readonly test?: { readonly error: number; readonly loss: number };
  /** The step at which the loss was no number any more: the run ends there. */
  readonly diverged?: number;
  /** Why this run cannot be. */
  readonly problem?: string;
  /** Why this run could not go on from its checkpoint and began anew. Told once, not kept. */
  readonly lost?: string;
  readonly checkpoint?: Checkpoint | undefined;
}

/** Points of a curve, and pictures of the distributions, in a whole run. */
export const CURVE_POINTS = 50;
export const SNAPSHOTS = 24;

/** Wide enough for a network without norms. */
export const HISTOGRAM: HistogramOptions = { bins: 81, low: -8.1, high: 8.1 };
const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];

export const isOver = (run: RunRecord): boolean => run.test !== undefined || run.problem !== undefined;

export const newRecord = (config: TrainConfig, totalSteps = 0): RunRecord => ({
  config,
  steps: 0,
  totalSteps,
  curve: [],
  snapshots: [],
  time: 0,
  open: { loss: 0, accuracy: 0, count: 0 },
});

/** Snapshots are taken at the start, the end and evenly between; each needs the step before it, too. */
export function snapshotDue(step: number, totalSteps: number): 'before' | 'now' | undefined {
  const part = (at: number) => Math.floor((at * (SNAPSHOTS - 1)) / Math.max(1, totalSteps - 2));
  if (step >= 1 && (step === 1 || part(step - 1) !== part(step - 2))) return 'now';
  return step === 0 || part(step) !== part(step - 1) ? 'before' : undefined;
}

/** The record after one more step, whose number (from 0) was `run.steps`. */
export function withStep(run: RunRecord, result: StepResult): RunRecord {
  const samples = result.step * run.config.batchSize;
  const open = {
    loss: run.open.loss + result.loss,
    accuracy: run.open.accuracy + result.accuracy,
    count: run.open.count + 1,
  };
  const full =
    Math.floor((result.step * CURVE_POINTS) / run.totalSteps) > Math.floor((run.steps * CURVE_POINTS) / run.totalSteps);
  const { curve, open: left } = full ? closed(run.curve, open, samples) : { curve: run.curve, open };
  const layers = result.activations === undefined ? undefined : beforeActivation(result.activations);
  const due = layers === undefined ? undefined : snapshotDue(run.steps, run.totalSteps);
  return {
    ...run,
    steps: result.step,
    curve,
    open: left,
    before: layers?.map(({ channelMeans }) => channelMeans),
    // Of an earlier step; a record never has a checkpoint of another step than its own.
    checkpoint: undefined,
    snapshots:
      due === 'now' && layers !== undefined
        ? [...run.snapshots, { samples, layers: layers.map((layer, i) => layerSnapshot(layer, run.before?.[i])) }]
        : run.snapshots,
    ...(Number.isFinite(result.loss) ? {} : { diverged: result.step }),
  };
}

function closed(curve: readonly CurvePoint[], open: RunRecord['open'], samples: number) {
  const { loss, accuracy, count } = open;
  return {
    curve: [...curve, { samples, loss: loss / count, accuracy: accuracy / count }],
    open: { loss: 0, accuracy: 0, count: 0 },
  };
}

/** What each hidden layer hands to its activation function: the last of its linear layer, norm and noise. */
export function beforeActivation(all: readonly ActivationStatistics[]): readonly ActivationStatistics[] {
  const layers = new Map<string, ActivationStatistics>();
  for (const statistics of all) {
    const number = /^(?:dense|conv|norm|noise)(\d+)$/.exec(statistics.layer)?.[1];
    if (number !== undefined) layers.set(number, statistics);
  }
  return [...layers.values()];
}

export function layerSnapshot(layer: ActivationStatistics, before: readonly number[] | undefined): LayerSnapshot {
  const { histogram, channelMeans, channelDeviations, deviation } = layer;
  const width = mean(channelDeviations);
  const moved = before && mean(channelMeans.map((value, c) => Math.abs(value - (before[c] ?? value))));
  return {
    quantiles: SHARES.map((share) => quantile(histogram, share)),
    deviation,
    unit: channelMeans[0] ?? Number.NaN,
    shift: moved === undefined || width === 0 ? undefined : moved / width,
  };
}

/** Where so large a share of the counted values lies below, evenly spread inside a bin. */
export function quantile(histogram: readonly number[], share: number, { bins, low, high } = HISTOGRAM): number {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  let below = 0;
  for (const [bin, count] of histogram.entries()) {
    if (count > 0 && below + count >= share * total) {
      return low + ((bin + (share * total - below) / count) * (high - low)) / bins;
    }
    below += count;
  }
  return Number.NaN;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean and sample standard deviation, over the seeds. */
export function spread(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const average = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
  return { mean: average, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}
