/** Which runs a state asks for, in which order, and how long the rest may take. */
import type { TrainConfig } from '../../runtime/nn';
import { divisorUpTo } from '../../src/shared/illustration';
import { type Change, type PlaygroundState, TRAINER_NORMS, type TrainerNorm } from '../../src/shared/playground';
import { isOver, type RunRecord } from './record';

/** One line of the plots: a norm, with the paper's noise behind it or not. */
export interface Line {
  readonly id: string;
  readonly words: string;
  readonly norm: TrainerNorm;
  readonly noise: boolean;
}

export interface PlannedRun {
  /** The whole config: a run of the same settings is the same run. */
  readonly key: string;
  readonly line: Line;
  readonly size: number;
  readonly seed: number;
  readonly config: TrainConfig;
}

/** Runs that go side by side: one batch size and seed, every norm. */
export type Group = readonly PlannedRun[];

export interface Plan {
  readonly lines: readonly Line[];
  readonly sizes: readonly number[];
  readonly groups: readonly Group[];
}

/** Santurkar et al. 2018, appendix A: as the trainer's `paperNoise`, which a test compares. */
const NOISE: NonNullable<TrainConfig['noise']> = {
  meanRange: 0.5,
  scaleRange: 1.25,
  meanSpread: 0.1,
  scaleSpread: 0.1,
};

/**
 * Settings under which the noise test shows its point here: deep and fast enough that batch norm gains a lot. Over the seeds
 * 1 to 5 the test error was 25 ± 10 % with no norm, 8.4 ± 0.5 % with batch norm and 11.1 ± 1.0 % with noise behind it.
 */
export const NOISE_TEST: Change = {
  experiment: 'noise',
  noiseSize: '32',
  network: 'mlp',
  depth: 4,
  networkWidth: 32,
  learningRate: 0.2,
  scaleRate: true,
  optimizer: 'sgd',
  schedule: 'cosine',
  epochs: 2,
  digits: 4000,
  runs: 5,
  seed: 1,
  runningMomentum: 0.9,
  epsilon: 1e-3,
};

const line = (norm: TrainerNorm): Line => ({ id: norm, words: TRAINER_NORMS[norm], norm, noise: false });
const NOISE_LINES: readonly Line[] = [
  line('none'),
  line('batch'),
  { id: 'noisy', words: 'Batch norm, then noise', norm: 'batch', noise: true },
];

/** The runs that a state asks for. */
export function planOf(state: PlaygroundState): Plan {
  const test = state.experiment === 'noise';
  const lines = test ? NOISE_LINES : state.trainNorms.map(line);
  const sizes = (test ? [state.noiseSize] : state.trainSizes).map(Number);
  const seeds = Array.from({ length: state.runs }, (_, i) => state.seed + i);
  // A first answer for every size comes before the second seed, and large batches are done soonest.
  const groups = seeds.flatMap((seed) =>
    [...sizes].reverse().map((size) =>
      lines.map((one): PlannedRun => {
        const config = configOf(state, one, size, seed);
        return { key: JSON.stringify(config), line: one, size, seed, config };
      }),
    ),
  );
  return { lines, sizes, groups };
}

function configOf(state: PlaygroundState, { norm, noise: noisy }: Line, size: number, seed: number): TrainConfig {
  return {
    model: state.network,
    norm,
    depth: state.depth,
    width: state.networkWidth,
    batchSize: size,
    optimizer: state.optimizer,
    learningRate: state.learningRate,
    scaleLearningRate: state.scaleRate,
    schedule: state.schedule,
    momentum: 0.9,
    epochs: state.epochs,
    trainSamples: state.digits,
    epsilon: state.epsilon,
    normMomentum: state.runningMomentum,
    groups: divisorUpTo(state.networkWidth, state.groups),
    ghostBatchSize: divisorUpTo(size, state.ghostBatchSize),
    replicas: 2,
    noise: noisy ? NOISE : undefined,
    seed,
  };
}

/** A digit's side behind each convolution of the trainer's network; dense layers have one place. */
export function sides(network: PlaygroundState['network'], depth: number): readonly number[] {
  if (network === 'mlp') return Array.from({ length: depth }, () => 1);
  // 14 at the first, which a pool halves; each further one has strides of 2.
  return Array.from({ length: depth }, (_, i) => Math.ceil(14 / 2 ** Math.max(0, i === 0 ? 0 : i + 1)));
}

/** How many numbers the last norm of a network has for one channel's mean: B × places. */
export const fewestElements = (state: Pick<PlaygroundState, 'network' | 'depth'>, size: number): number =>
  size * (sides(state.network, state.depth).at(-1) ?? 1) ** 2;

export interface Progress {
  /** Of all steps. */
  readonly share: number;
  readonly runsOver: number;
  readonly runs: number;
  /** Milliseconds, once there is something to judge from. */
  readonly left: number | undefined;
}

/** A step costs about this many samples' time besides its samples. */
const STEP_OVERHEAD = 8;

/** How far a plan is, and how long the rest takes at the pace of what was done. */
export function progressOf(plan: Plan, records: ReadonlyMap<string, RunRecord>): Progress {
  let [done, all, spent, paid, over, runs] = [0, 0, 0, 0, 0, 0];
  for (const { key, config } of plan.groups.flat()) {
    const record = records.get(key);
    const steps = stepsOf(config);
    const cost = steps * (config.batchSize + STEP_OVERHEAD);
    const share = record === undefined ? 0 : isOver(record) ? 1 : record.steps / steps;
    runs++;
    all += cost;
    done += share * cost;
    if (record !== undefined && isOver(record)) over++;
    if (record !== undefined && record.problem === undefined && record.time > 0) {
      spent += record.time;
      paid += (record.steps / steps) * cost;
    }
  }
  const left = paid > 0 ? ((all - done) * spent) / paid : undefined;
  return { share: all === 0 ? 0 : done / all, runsOver: over, runs, left };
}

/** Steps of a whole run: what does not fill a batch is left out of an epoch. */
export const stepsOf = ({ epochs, trainSamples = 8004, batchSize }: TrainConfig): number =>
  epochs * Math.floor(trainSamples / batchSize);

/** The first group with a run that is not over. */
export const nextGroup = (plan: Plan, records: ReadonlyMap<string, RunRecord>): Group | undefined =>
  plan.groups.find((group) =>
    group.some(({ key }) => {
      const record = records.get(key);
      return record === undefined || !isOver(record);
    }),
  );
