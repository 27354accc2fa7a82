import { decodeDigits } from '../../runtime/data/digits';
import { type Checkpoint, type Dataset, resume, type TrainConfig, Trainer, trainConfig } from '../../runtime/nn';
import type { TaskContext } from '../work/task';
import { HISTOGRAM, isOver, newRecord, type RunRecord, snapshotDue, withStep } from './record';

export interface TrainInput {
  /** `digits.bin`. */
  readonly digits: Uint8Array;
  /** Runs that go side by side, new or with a checkpoint. */
  readonly runs: readonly RunRecord[];
  /** Each run takes at most so many steps more. */
  readonly steps?: number;
}

/** Breathes after so many milliseconds, and tells the page how far it is after so many. */
const SLICE = 20;
const TELL = 150;
/** Checkpoints for the case that the worker is lost. */
const KEEP = 1500;

/** Told to a running task: end now, with a checkpoint. */
export const PAUSE = 'pause';

/** Decoded once; the page hands over the same bytes every time. */
let dataset: Dataset | undefined;

interface Running {
  record: RunRecord;
  trainer: Trainer | undefined;
  readonly end: number;
}

/**
 * Trains several runs side by side, a few steps of each in turn, until all are over, or it is told to pause.
 * @returns the records, with a checkpoint of each run that is not over
 */
export async function trainGroup(input: TrainInput, context: TaskContext): Promise<readonly RunRecord[]> {
  dataset ??= decodeDigits(input.digits);
  const all = input.runs.map((record) => begin(record, dataset as Dataset, input.steps));
  let told = performance.now();
  let kept = told;
  while (true) {
    const slowest = nextOf(all);
    if (slowest === undefined) break;
    advance(slowest);
    await context.breathe();
    if (context.told().includes(PAUSE)) break;
    const now = performance.now();
    if (now - told < TELL) continue;
    told = now;
    if (now - kept >= KEEP) {
      kept = now;
      for (const run of all) keep(run);
    }
    context.progress(all.map(({ record }) => record));
  }
  for (const run of all) keep(run);
  return all.map(({ record }) => record);
}

function begin(record: RunRecord, data: Dataset, steps = Number.POSITIVE_INFINITY): Running {
  if (isOver(record)) return { record, trainer: undefined, end: 0 };
  try {
    const { checkpoint } = record;
    if (checkpoint !== undefined) return goOn(record, checkpoint, data, steps);
    return start(record.config, data, steps);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { record: { ...record, problem }, trainer: undefined, end: 0 };
  }
}

function start(config: TrainConfig, data: Dataset, steps: number): Running {
  const trainer = new Trainer(trainConfig(config), data);
  return { record: newRecord(config, trainer.totalSteps), trainer, end: steps };
}

/** A checkpoint may come from another session, and be damaged: then the run begins anew. */
function goOn(record: RunRecord, checkpoint: Checkpoint, data: Dataset, steps: number): Running {
  try {
    const trainer = resume(checkpoint, data);
    return { record: { ...record, totalSteps: trainer.totalSteps }, trainer, end: trainer.stepsTaken + steps };
  } catch (error) {
    const anew = start(record.config, data, steps);
    return { ...anew, record: { ...anew.record, lost: error instanceof Error ? error.message : String(error) } };
  }
}

/** The run that is furthest behind, so that all can be compared on the way. */
function nextOf(all: readonly Running[]): Running | undefined {
  let found: Running | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const run of all) {
    if (run.trainer === undefined || isOver(run.record) || run.record.steps >= run.end) continue;
    const share = run.record.steps / run.record.totalSteps;
    if (share < least) [found, least] = [run, share];
  }
  return found;
}

function advance(run: Running): void {
  const { trainer } = run;
  if (trainer === undefined) return;
  const start = performance.now();
  const until = start + SLICE;
  while (true) {
    const due = snapshotDue(trainer.stepsTaken, trainer.totalSteps);
    run.record = withStep(run.record, due === undefined ? trainer.step() : trainer.step(HISTOGRAM));
    if (trainer.finished || run.record.diverged !== undefined) {
      const { error, loss } = trainer.evaluate('test');
      run.record = { ...run.record, test: { error, loss }, checkpoint: undefined };
      break;
    }
    if (trainer.stepsTaken >= run.end || performance.now() >= until) break;
  }
  run.record = { ...run.record, time: run.record.time + performance.now() - start };
}

function keep(run: Running): void {
  if (run.trainer === undefined || isOver(run.record)) return;
  run.record = { ...run.record, checkpoint: run.trainer.checkpoint() };
}

/** The fourth scene's work. */
export const trainTasks = { 'train.group': trainGroup };
