import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeDigits } from '../../../runtime/data/digits';
import { normLabel, normNames, paperNoise, Random, Trainer, trainConfig } from '../../../runtime/nn';
import {
  type Change,
  changed,
  defaultState,
  type PlaygroundState,
  readQuery,
  stateQuery,
  TRAINER_NORMS,
} from '../../../src/shared/playground';
import { lastShape, perMean } from '../../../webview/train/elements';
import { planOf, progressOf, sides, stepsOf } from '../../../webview/train/plan';
import {
  HISTOGRAM,
  isOver,
  newRecord,
  quantile,
  type RunRecord,
  SNAPSHOTS,
  snapshotDue,
  spread,
} from '../../../webview/train/record';
import { cellOf, csvOf } from '../../../webview/train/results';
import { Session } from '../../../webview/train/session';
import { PAUSE, type TrainInput, trainGroup } from '../../../webview/train/tasks';
import { Cancelled, type TaskContext } from '../../../webview/work/task';

const digits = new Uint8Array(readFileSync('runtime/data/digits.bin'));
const data = decodeDigits(digits);

const stateOf = (change: Change): PlaygroundState => changed(defaultState, change);
const small: Change = { digits: 256, runs: 1, trainSizes: ['16'], trainNorms: ['batch', 'group'], networkWidth: 8 };

/** A worker's side without a worker. */
const contextOf = (): TaskContext => ({ progress: () => {}, breathe: async () => {}, told: () => [] });

const begin = (state: PlaygroundState): readonly RunRecord[] =>
  (planOf(state).groups[0] ?? []).map(({ config }) => newRecord(config));

const withoutTime = (records: readonly RunRecord[]) => records.map(({ time: _, checkpoint: __, ...rest }) => rest);

describe('the settings of training', () => {
  it('name every norm of the trainer as the trainer does', () => {
    expect(TRAINER_NORMS).toEqual(Object.fromEntries(normNames.map((name) => [name, normLabel(name)])));
  });

  it('put the noise of the paper behind the norm', () => {
    const plan = planOf(stateOf({ experiment: 'noise', runs: 1 }));
    expect(plan.groups.flat().map(({ config }) => [config.norm, config.noise])).toEqual([
      ['none', undefined],
      ['batch', undefined],
      ['batch', paperNoise],
    ]);
  });

  it('give configs that the trainer takes, and a link brings the very same configs back', () => {
    const state = stateOf({ trainNorms: normNames, trainSizes: ['2', '128'], groups: 7, ghostBatchSize: 48, runs: 2 });
    const plan = planOf(state);
    for (const run of plan.groups.flat()) expect(trainConfig(run.config)).toEqual(run.config);
    const back = changed(defaultState, readQuery(stateQuery(state)).change);
    expect(
      planOf(back)
        .groups.flat()
        .map(({ key }) => key),
    ).toEqual(plan.groups.flat().map(({ key }) => key));
  });

  it('lead to networks whose steps and last shapes are those that the page tells', () => {
    for (const network of ['mlp', 'cnn'] as const) {
      for (const depth of [1, 2, 3, 4, 5]) {
        const state = stateOf({ network, depth, networkWidth: 4, trainNorms: ['batch'], trainSizes: ['8'], runs: 1 });
        const config = planOf(state).groups[0]?.[0]?.config;
        if (config === undefined) throw new Error('no run');
        const trainer = new Trainer(config, data);
        expect(trainer.totalSteps).toBe(stepsOf(config));
        const norms = trainer.network.layers
          .filter(({ kind }) => kind === 'norm')
          .map(({ outputShape }) => outputShape);
        expect(lastShape(state, 8)).toEqual([8, ...(norms.at(-1) ?? [])]);
        if (network === 'cnn') expect(sides(network, depth)).toEqual(norms.map(([height]) => height));
      }
    }
  });

  it('tell how many numbers are behind a mean', () => {
    const state = stateOf({ network: 'cnn', depth: 4, networkWidth: 8, groups: 4 });
    // The fourth convolution leaves 1 × 1 maps of 32 channels.
    expect(perMean('batch', state, 2)).toBe(2);
    expect(perMean('group', state, 2)).toBe(8);
    expect(perMean('layer', state, 2)).toBe(32);
    expect(perMean('none', state, 2)).toBeUndefined();
  });
});

describe('a record', () => {
  it('is taken at evenly spread moments, each with the step before it', () => {
    for (const total of [50, 125, 2000]) {
      const due = Array.from({ length: total }, (_, step) => snapshotDue(step, total));
      const now = due.flatMap((what, step) => (what === 'now' ? [step] : []));
      expect(now).toHaveLength(SNAPSHOTS);
      expect(now[0]).toBe(1);
      expect(now.at(-1)).toBe(total - 1);
      for (const step of now) expect(due[step - 1], `${step} of ${total}`).toBeDefined();
    }
  });

  it('has the quantiles of a normal distribution where the values are normal', () => {
    const random = new Random(1);
    const histogram = new Array<number>(HISTOGRAM.bins).fill(0);
    for (let i = 0; i < 200_000; i++) {
      const bin = Math.floor(((random.normal() - HISTOGRAM.low) / (HISTOGRAM.high - HISTOGRAM.low)) * HISTOGRAM.bins);
      histogram[bin] = (histogram[bin] ?? 0) + 1;
    }
    // Of N(0, 1): ±1.645, ±0.674, 0. Bins are 0.2 wide and even inside.
    for (const [share, expected] of [
      [0.05, -1.645],
      [0.25, -0.674],
      [0.5, 0],
      [0.75, 0.674],
      [0.95, 1.645],
    ] as const) {
      expect(Math.abs(quantile(histogram, share) - expected), `${share}`).toBeLessThan(0.03);
    }
  });

  it('has the sample standard deviation', () => {
    expect(spread([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({ mean: 5, deviation: Math.sqrt(32 / 7) });
    expect(spread([3])).toEqual({ mean: 3, deviation: 0 });
  });
});

describe('training in the worker', () => {
  it('gives the losses and the test error of the trainer itself', async () => {
    const [record] = await trainGroup({ digits, runs: begin(stateOf(small)) }, contextOf());
    if (record === undefined) throw new Error('no record');
    const trainer = new Trainer(record.config, data);
    const losses: number[] = [];
    while (!trainer.finished) losses.push(trainer.step().loss);
    expect(record.test).toEqual({ error: trainer.evaluate().error, loss: trainer.evaluate().loss });
    // 16 steps: each is a point.
    expect(record.curve.map(({ loss }) => loss)).toEqual(losses);
    expect(record.curve.at(-1)?.samples).toBe(256);
    expect(record.snapshots[0]?.layers).toHaveLength(record.config.depth);
  });

  it('paused and gone on from checkpoints is bit for bit the run that was never paused', async () => {
    const whole = await trainGroup({ digits, runs: begin(stateOf(small)) }, contextOf());
    let runs = begin(stateOf(small));
    for (let pauses = 0; runs.some((run) => !isOver(run)); pauses++) {
      expect(pauses).toBeLessThan(100);
      // As it comes out of a saved state.
      runs = JSON.parse(JSON.stringify(await trainGroup({ digits, runs, steps: 3 }, contextOf())));
    }
    expect(withoutTime(runs)).toEqual(JSON.parse(JSON.stringify(withoutTime(whole))));
  });

  it('steps each network once when it is asked for one step', async () => {
    const runs = await trainGroup({ digits, runs: begin(stateOf(small)), steps: 1 }, contextOf());
    expect(runs.map(({ steps }) => steps)).toEqual([1, 1]);
    expect(runs.map(({ checkpoint }) => checkpoint?.step)).toEqual([1, 1]);
  });

  it('says why a run cannot be, and trains the others', async () => {
    const state = stateOf({ ...small, trainNorms: ['instance', 'layer'] });
    const [instance, layer] = await trainGroup(
      { digits, runs: begin({ ...state, trainNorms: ['layer', 'instance'] }) },
      contextOf(),
    );
    const problems = [instance, layer].map((run) => run?.problem);
    expect(problems.filter((problem) => problem?.includes('more than one element'))).toHaveLength(1);
    expect([instance, layer].filter((run) => run?.test !== undefined)).toHaveLength(1);
  });

  it('ends a run whose loss is no number any more', async () => {
    const state = stateOf({
      ...small,
      trainNorms: ['none'],
      learningRate: 5,
      scaleRate: false,
      schedule: 'constant',
      depth: 6,
    });
    const runs = begin(state).map((run) => ({ ...run, config: { ...run.config, learningRate: 1e6 } }));
    const [run] = await trainGroup({ digits, runs }, contextOf());
    expect(run?.diverged).toBeGreaterThan(0);
    expect(run?.steps).toBe(run?.diverged);
  });
});

/** A worker that the test moves by hand. */
class FakeWork {
  readonly runs: {
    input: TrainInput;
    options: { progress?: (records: unknown) => void; resume?: () => unknown };
    told: unknown[];
    finish(records: readonly RunRecord[]): void;
    fail(error: Error): void;
  }[] = [];

  run(_: string, input: unknown, options: FakeWork['runs'][number]['options'] = {}) {
    const told: unknown[] = [];
    let finish: (records: readonly RunRecord[]) => void = () => {};
    let fail: (error: Error) => void = () => {};
    const result = new Promise<readonly RunRecord[]>((resolve, reject) => {
      finish = resolve;
      fail = reject;
    });
    this.runs.push({ input: input as TrainInput, options, told, finish, fail });
    return { result, cancel: () => fail(new Cancelled()), tell: (message: unknown) => void told.push(message) };
  }
}

describe('the session', () => {
  const state = stateOf({ ...small, trainSizes: ['8', '16'] });
  const plan = planOf(state);
  const over = (records: readonly RunRecord[]) =>
    records.map((run) => ({ ...run, steps: 9, test: { error: 0.5, loss: 1 } }));
  const setUp = (store: { text?: string } = {}) => {
    const work = new FakeWork();
    const notices: string[] = [];
    const context = {
      work: work as never,
      redraw: () => {},
      say: () => {},
      notify: (words: string) => notices.push(words),
    };
    const session = new Session(context, () => Promise.resolve(digits), {
      load: async () => store.text,
      save: async (write) => {
        store.text = write(store.text);
      },
    });
    session.follow(plan);
    return { work, session, notices, settle: () => new Promise((resolve) => setTimeout(resolve, 0)) };
  };

  it('trains nothing until it is asked, then group after group, then is over', async () => {
    const { work, session, settle } = setUp();
    await settle();
    expect(work.runs).toHaveLength(0);
    expect(session.status).toBe('idle');
    session.play();
    for (const [i, group] of plan.groups.entries()) {
      await settle();
      expect(work.runs).toHaveLength(i + 1);
      const run = work.runs[i];
      expect(run?.input.runs.map(({ config }) => config)).toEqual(group.map(({ config }) => config));
      run?.finish(over(run.input.runs));
    }
    await settle();
    expect(session.status).toBe('over');
    expect(work.runs).toHaveLength(plan.groups.length);
  });

  it('pauses while it is hidden, and goes on from the checkpoint when it is seen', async () => {
    const { work, session, settle } = setUp();
    session.play();
    await settle();
    session.hide();
    const [first] = work.runs;
    expect(first?.told).toEqual([PAUSE]);
    const kept = (first?.input.runs ?? []).map((run) => ({ ...run, steps: 4, checkpoint: { step: 4 } as never }));
    first?.finish(kept);
    await settle();
    expect(work.runs).toHaveLength(1);
    session.show();
    await settle();
    expect(work.runs[1]?.input.runs.map(({ steps, checkpoint }) => [steps, checkpoint?.step])).toEqual([
      [4, 4],
      [4, 4],
    ]);
  });

  it('gives a new worker the last checkpoint when one is lost, not what came after it', async () => {
    const { work, session, settle } = setUp();
    session.play();
    await settle();
    const [run] = work.runs;
    const records = run?.input.runs ?? [];
    run?.options.progress?.(records.map((one) => ({ ...one, steps: 5, checkpoint: { step: 5 } })));
    run?.options.progress?.(records.map((one) => ({ ...one, steps: 8, checkpoint: undefined })));
    expect([...session.records.values()].map(({ steps }) => steps)).toEqual([8, 8]);
    const again = run?.options.resume?.() as TrainInput;
    expect(again.runs.map(({ steps, checkpoint }) => [steps, checkpoint?.step])).toEqual([
      [5, 5],
      [5, 5],
    ]);
  });

  it('takes one step and waits', async () => {
    const { work, session, settle } = setUp();
    session.step();
    await settle();
    expect(work.runs[0]?.input.steps).toBe(1);
    work.runs[0]?.finish(
      (work.runs[0]?.input.runs ?? []).map((run) => ({ ...run, steps: 1, checkpoint: { step: 1 } as never })),
    );
    await settle();
    expect(work.runs).toHaveLength(1);
    expect(session.status).toBe('paused');
  });

  it('goes over to other settings when they change, and finds the results of the first again', async () => {
    const { work, session, settle } = setUp();
    session.play();
    await settle();
    const other = planOf(stateOf({ ...small, depth: 1 }));
    session.follow(other);
    expect(work.runs[0]?.told).toEqual([PAUSE]);
    work.runs[0]?.finish(
      (work.runs[0]?.input.runs ?? []).map((run) => ({ ...run, steps: 3, checkpoint: { step: 3 } as never })),
    );
    await settle();
    expect(work.runs[1]?.input.runs.map(({ config }) => config.depth)).toEqual([1, 1]);
    session.pause();
    session.follow(plan);
    expect(plan.groups[0]?.map(({ key }) => session.records.get(key)?.steps)).toEqual([3, 3]);
  });

  it('forgets on reset what was trained, and what still comes of it', async () => {
    const { work, session, settle } = setUp();
    session.play();
    await settle();
    const [run] = work.runs;
    run?.options.progress?.((run.input.runs ?? []).map((one) => ({ ...one, steps: 5 })));
    session.reset();
    run?.options.progress?.((run.input.runs ?? []).map((one) => ({ ...one, steps: 6 })));
    await settle();
    expect(session.status).toBe('idle');
    expect(session.records.size).toBe(0);
  });

  it('says what went wrong and stops', async () => {
    const { work, session, settle } = setUp();
    session.play();
    await settle();
    work.runs[0]?.fail(new Error('no memory'));
    await settle();
    expect(session.problem).toBe('no memory');
    expect(session.status).not.toBe('running');
    expect(work.runs).toHaveLength(1);
  });
});

describe('results', () => {
  const plan = planOf(stateOf({ ...small, runs: 2 }));
  const [line] = plan.lines;
  if (line === undefined) throw new Error('no line');
  const records = new Map<string, RunRecord>(
    plan.groups.flat().map(({ key, config, line: { id }, seed }) => [
      key,
      {
        ...newRecord(config, 16),
        steps: 16,
        time: 100,
        curve: [{ samples: 256, loss: 2, accuracy: 0.25 }],
        ...(id === line.id ? { test: { error: seed === 1 ? 0.2 : 0.4, loss: 1 } } : { problem: 'no, "never"' }),
      },
    ]),
  );

  it('are means and spreads over the seeds', () => {
    const cell = cellOf(plan, records, line, 16);
    expect(cell.mean).toBeCloseTo(0.3, 12);
    expect(cell.deviation).toBeCloseTo(Math.SQRT2 * 0.1, 12);
  });

  it('go into a file of comma-separated values, one row a point', () => {
    const rows = csvOf(plan, records).trimEnd().split('\r\n');
    expect(rows[0]).toBe('norm,noise,batchSize,seed,what,samples,loss,accuracy,error,note');
    expect(rows).toContain('batch,0,16,1,train,256,2,0.25,0.75,');
    expect(rows).toContain('batch,0,16,2,test,256,1,0.6,0.4,');
    expect(rows).toContain('group,0,16,1,test,256,,,,"no, ""never"""');
    expect(rows).toHaveLength(1 + 4 * 2);
  });

  it('tell how far all is and how long the rest takes', () => {
    const [first] = plan.groups;
    const half = new Map(
      (first ?? []).map(({ key, config }) => [key, { ...newRecord(config, 16), steps: 8, time: 100 }]),
    );
    const { share, left } = progressOf(plan, half);
    // Two of four runs of one size are half done: a quarter, in 200 ms.
    expect(share).toBeCloseTo(0.25, 12);
    expect(left).toBeCloseTo(600, 9);
  });
});
