import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { version } from '../../../package.json';
import { type Change, changed, defaultState, readToExtension, readToPage } from '../../../src/shared/playground';
import { readRuns, writeRuns } from '../../../webview/train/keep';
import { planOf } from '../../../webview/train/plan';
import { newRecord, type RunRecord } from '../../../webview/train/record';
import { Session } from '../../../webview/train/session';
import { trainGroup } from '../../../webview/train/tasks';

const digits = new Uint8Array(readFileSync('runtime/data/digits.bin'));
const context = { progress: () => {}, breathe: async () => {}, told: () => [] };
const settings: Change = { digits: 256, runs: 1, trainSizes: ['16'], trainNorms: ['batch', 'group'], networkWidth: 8 };
const plan = planOf(changed(defaultState, settings));
const otherPlan = planOf(changed(defaultState, { ...settings, trainSizes: ['8'] }));
const begun = (plan.groups[0] ?? []).map(({ config }) => newRecord(config));
const train = (runs: readonly RunRecord[], steps?: number) =>
  trainGroup({ digits, runs, ...(steps === undefined ? {} : { steps }) }, context);
const untimed = (runs: readonly RunRecord[]) => runs.map((run) => ({ ...run, time: 0 }));

describe('training results as text', () => {
  it('come back as they were, finished and under way, bit for bit', async () => {
    const half = await train(begun, 7);
    const whole = await train(begun);
    const { records, left } = readRuns(writeRuns([...whole, ...half]));
    expect(left).toBe(0);
    // JSON leaves out what is undefined, and so does toEqual.
    expect(records).toEqual([...whole, ...half]);
    expect(records.map(({ config }) => JSON.stringify(config))).toEqual(
      [...begun, ...begun].map(({ config }) => JSON.stringify(config)),
    );
  });

  it('go on from there to the very numbers of a run without a break', async () => {
    const whole = await train(begun);
    const { records } = readRuns(writeRuns(await train(begun, 7)));
    expect(untimed(await train(records))).toEqual(untimed(whole));
  });

  it('of a run that diverged keep what is no number', () => {
    const [first] = begun;
    if (first === undefined) throw new Error('nothing is planned');
    const diverged: RunRecord = {
      ...first,
      diverged: 3,
      test: { error: 0.9, loss: Number.NaN },
      curve: [{ samples: 48, loss: Number.POSITIVE_INFINITY, accuracy: 0 }],
      open: { loss: Number.NEGATIVE_INFINITY, accuracy: 0, count: 1 },
    };
    expect(readRuns(writeRuns([diverged])).records).toEqual([diverged]);
  });

  it('are kept up to a size, the newest first', async () => {
    const whole = await train(begun);
    const length = writeRuns(whole.slice(1)).length;
    expect(readRuns(writeRuns(whole, length)).records).toEqual(whole.slice(1));
    expect(readRuns(writeRuns(whole, 100)).records).toEqual([]);
  });

  it('that are damaged are left out one by one, and counted', async () => {
    const text = writeRuns([...(await train(begun)), ...(await train(begun, 3))]);
    const damage = (change: (run: Record<string, unknown>) => void) => {
      const parsed = JSON.parse(text) as { runs: Record<string, unknown>[] };
      for (const run of parsed.runs) change(run);
      return readRuns(JSON.stringify(parsed));
    };
    expect(damage(() => {}).left).toBe(0);
    for (const change of [
      (run) => Object.assign(run, { steps: -1 }),
      (run) => Object.assign(run, { curve: [{ samples: 1, loss: 'low', accuracy: 1 }] }),
      (run) => Object.assign(run, { snapshots: 7 }),
      (run) => Object.assign(run, { config: null }),
      (run) => Object.assign(run, { time: '<img>' }),
    ] as ((run: Record<string, unknown>) => void)[]) {
      expect(damage(change)).toEqual({ records: [], left: 4 });
    }
    // Neither over nor with a place to go on from, or with one of another step or network.
    expect(damage((run) => delete run.checkpoint).left).toBe(2);
    expect(damage((run) => Object.assign(run, { steps: 5 })).left).toBe(2);
    expect(
      damage((run) => {
        if (run.checkpoint !== undefined) Object.assign(run, { config: { ...(run.config as object), depth: 3 } });
      }).left,
    ).toBe(2);
  });

  it('of another version are nothing', async () => {
    const text = writeRuns(await train(begun));
    expect(readRuns(text.replace(version, '0.0.0'))).toEqual({ records: [], left: undefined });
  });

  it('of unknown origin are nothing, and nothing throws', () => {
    const form = JSON.parse(writeRuns([])).form as string;
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readRuns(text)).toEqual({ records: [], left: undefined });
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (runs) => {
        expect(readRuns(JSON.stringify({ form, runs }))).toEqual({ records: [], left: runs.length });
      }),
    );
  });

  it('whose weights are damaged begin anew, and say so', async () => {
    const [first, second] = await train(begun, 3);
    if (first?.checkpoint === undefined || second === undefined) throw new Error('no checkpoint');
    const { checkpoint } = first;
    const parameters = Object.fromEntries(Object.keys(checkpoint.parameters).map((name) => [name, 'AAAA']));
    const [anew, other] = await train([{ ...first, checkpoint: { ...checkpoint, parameters } }, second]);
    const [whole] = await train(begun);
    expect(anew?.lost).toMatch(/expected \d+ bytes, got 3/);
    expect(untimed(anew ? [{ ...anew, lost: undefined } as unknown as RunRecord] : [])).toEqual(
      untimed(whole ? [whole] : []),
    );
    expect(other?.lost).toBeUndefined();
  });
});

describe('the messages that keep them', () => {
  it('carry text of a bounded length', () => {
    expect(readToExtension({ type: 'keep', text: 'a' })).toEqual({ type: 'keep', text: 'a' });
    expect(readToPage({ type: 'kept', text: undefined })).toEqual({ type: 'kept', text: undefined });
    for (const text of [7, null, 'a'.repeat((16 << 20) + 1)]) {
      expect(readToExtension({ type: 'keep', text })).toBeUndefined();
      expect(readToPage({ type: 'kept', text })).toBeUndefined();
    }
  });
});

describe('a session', () => {
  /** Trains at once, here. */
  const work = {
    run: (_: string, input: never) => ({ result: trainGroup(input, context), cancel: () => {}, tell: () => {} }),
  };
  const open = (store: { text?: string }, asked = plan) => {
    const notices: string[] = [];
    const page = {
      work: work as never,
      redraw: () => {},
      say: () => {},
      notify: (words: string) => notices.push(words),
    };
    const session = new Session(page, () => Promise.resolve(digits), {
      load: async () => store.text,
      save: async (write) => {
        store.text = write(store.text);
      },
    });
    session.follow(asked);
    const reached = async (status: string) => {
      while (session.status !== status) await new Promise((resolve) => setTimeout(resolve, 1));
    };
    return { session, notices, reached };
  };

  it('finds in a new page what an earlier one trained', async () => {
    const store = {};
    const first = open(store);
    first.session.play();
    await first.reached('over');
    const second = open(store);
    await second.reached('over');
    expect(second.session.records).toEqual(first.session.records);
    expect(second.notices).toEqual([]);
  });

  it('finds a run that was under way paused, and ends it with the numbers of one without a break', async () => {
    const store = {};
    const first = open(store);
    first.session.step();
    await first.reached('paused');
    const second = open(store);
    await second.reached('paused');
    expect(plan.groups[0]?.map(({ key }) => second.session.records.get(key)?.steps)).toEqual([1, 1]);
    second.session.play();
    await second.reached('over');
    const whole = open({});
    whole.session.play();
    await whole.reached('over');
    expect(untimed([...second.session.records.values()])).toEqual(untimed([...whole.session.records.values()]));
  });

  it('keeps no more what was reset', async () => {
    const store = {};
    const first = open(store);
    first.session.play();
    await first.reached('over');
    first.session.reset();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const second = open(store);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(second.session.status).toBe('idle');
  });

  it('keeps what another page has kept since, and not what that one has reset', async () => {
    const store = {};
    const mine = open(store);
    const theirs = open(store, otherPlan);
    mine.session.play();
    theirs.session.play();
    await Promise.all([mine.reached('over'), theirs.reached('over')]);
    for (const each of [plan, otherPlan]) await open(store, each).reached('over');
    mine.session.reset();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await open(store, otherPlan).reached('over');
    // The other page writes again, and has no part in what was reset here.
    theirs.session.reset();
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (const each of [plan, otherPlan]) {
      const { session } = open(store, each);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(session.status).toBe('idle');
    }
  });

  it('says so where nothing can be read, and begins with nothing', async () => {
    const { session, notices } = open({ text: '{"form":"another","runs":[]}' });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(session.status).toBe('idle');
    expect(notices).toEqual(['Training results of another time could not be read, and are left out.']);
  });
});
