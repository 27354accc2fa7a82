/** The training of the page: what is under way, what is done, and where to go on. */
import type { TrainConfig } from '../../runtime/nn';
import type { SceneContext } from '../scene';
import type { Store } from '../store';
import type { Run } from '../work/client';
import { Cancelled } from '../work/task';
import { readRuns, writeRuns } from './keep';
import { type Group, nextGroup, type Plan } from './plan';
import { isOver, newRecord, type RunRecord } from './record';
import { PAUSE, type TrainInput } from './tasks';

export type Status = 'idle' | 'running' | 'paused' | 'over';

/** Older runs of other settings are forgotten beyond so many. */
const MOST_RECORDS = 400;
/** While a run goes on, what it has is kept so often; when it ends or pauses, at once. */
const KEEP_EVERY = 4_000;
/** So long a run that is asked for waits for what earlier pages have of it. */
const WAIT_FOR_KEPT = 3_000;

/** What the session needs of the page. */
export interface SessionContext {
  readonly work: Pick<SceneContext['work'], 'run'>;
  redraw(): void;
  say(words: string): void;
  notify(words: string): void;
}

export class Session {
  /** By the run's whole config: settings that come back find their results. */
  readonly records = new Map<string, RunRecord>();
  /** The last moment of each run from which it can go on. */
  readonly #kept = new Map<string, RunRecord>();
  /** The runs that went on here or were reset here: of the others, another tab may know better. */
  readonly #own = new Set<string>();
  /** What was written last. */
  #written = { text: '', records: [] as readonly RunRecord[] };
  #plan: Plan | undefined;
  #planKey = '';
  #wanted = false;
  #hidden = false;
  #group: Group | undefined;
  #run: Run<readonly RunRecord[]> | undefined;
  #digits: Uint8Array | undefined;
  problem: string | undefined;
  #savedAt = 0;
  /** Until what earlier pages have computed is there, if anything is. */
  readonly #restored: Promise<void>;

  /** @param store where results outlive the page */
  constructor(
    private readonly context: SessionContext,
    private readonly readDigits: () => Promise<Uint8Array>,
    private readonly store: Store,
  ) {
    this.#restored = this.#restore();
  }

  get status(): Status {
    if (this.#plan !== undefined && nextGroup(this.#plan, this.records) === undefined) return 'over';
    if (this.#wanted) return 'running';
    const begun = this.#plan?.groups.flat().some(({ key }) => (this.records.get(key)?.steps ?? 0) > 0);
    return begun === true ? 'paused' : 'idle';
  }

  /** What runs at the moment. */
  get group(): Group | undefined {
    return this.#run === undefined ? undefined : this.#group;
  }

  /** The runs that the settings ask for now. What is under way and no longer asked for is paused. */
  follow(plan: Plan): void {
    const key = plan.groups
      .flat()
      .map((run) => run.key)
      .join();
    if (key === this.#planKey) return;
    this.#plan = plan;
    this.#planKey = key;
    if (this.#run !== undefined) this.#run.tell(PAUSE);
    else void this.#goOn();
  }

  play(): void {
    this.#wanted = true;
    this.problem = undefined;
    this.context.redraw();
    void this.#goOn();
  }

  pause(): void {
    this.#wanted = false;
    this.#run?.tell(PAUSE);
    this.context.redraw();
  }

  /** One step of each run of the next group. */
  step(): void {
    if (this.#wanted || this.#run !== undefined) return;
    void this.#goOn(1);
  }

  /** Forgets the runs of these settings. */
  reset(): void {
    this.#wanted = false;
    this.#run?.cancel();
    this.#run = undefined;
    this.problem = undefined;
    for (const { key } of this.#plan?.groups.flat() ?? []) {
      this.records.delete(key);
      this.#kept.delete(key);
      this.#own.add(key);
    }
    this.#save();
    this.context.redraw();
  }

  /** Not seen: nothing is computed. `show` goes on from the checkpoint. */
  hide(): void {
    this.#hidden = true;
    if (this.#run !== undefined) {
      this.#run.tell(PAUSE);
      // The page may go before the run has answered.
      this.#save();
    }
  }

  show(): void {
    this.#hidden = false;
    void this.#goOn();
  }

  async #goOn(steps?: number): Promise<void> {
    if (this.#run !== undefined || this.#plan === undefined || this.#hidden) return;
    if (!this.#wanted && steps === undefined) return;
    await Promise.race([this.#restored, new Promise((late) => setTimeout(late, WAIT_FOR_KEPT))]);
    const group = nextGroup(this.#plan, this.records);
    if (group === undefined) {
      this.#wanted = false;
      this.context.say('Training is over.');
      this.context.redraw();
      return;
    }
    try {
      this.#digits ??= await this.readDigits();
      // Meanwhile another call may have begun, or the reader may have paused.
      if (this.#run !== undefined || this.#hidden || (!this.#wanted && steps === undefined)) return;
      await this.#train(group, this.#digits, steps);
    } catch (error) {
      if (!(error instanceof Cancelled)) {
        this.problem = error instanceof Error ? error.message : String(error);
        this.#wanted = false;
      }
    }
    this.context.redraw();
    if (this.#wanted) void this.#goOn();
  }

  async #train(group: Group, digits: Uint8Array, steps: number | undefined): Promise<void> {
    const input = (): TrainInput => ({
      digits,
      runs: group.map(({ key, config }) => this.#kept.get(key) ?? newRecord(config)),
      ...(steps === undefined ? {} : { steps }),
    });
    const run = this.context.work.run('train.group', input(), {
      progress: (records) => {
        if (this.#run === run) this.#take(group, records as readonly RunRecord[]);
      },
      resume: input,
    });
    this.#group = group;
    this.#run = run;
    try {
      const records = await run.result;
      if (this.#run === run) {
        this.#take(group, records);
        this.#save();
      }
    } finally {
      if (this.#run === run) this.#run = undefined;
    }
  }

  #take(group: Group, records: readonly RunRecord[]): void {
    for (const [i, { key }] of group.entries()) {
      const record = records[i];
      if (record === undefined) continue;
      // What goes on is only what has its checkpoint; the plots need none.
      if (record.checkpoint !== undefined || isOver(record)) {
        this.#kept.delete(key);
        this.#kept.set(key, record);
        this.#own.add(key);
      }
      if (record.lost !== undefined && this.records.get(key)?.lost === undefined)
        this.context.notify(`A run begins anew: ${record.lost}`);
      this.records.delete(key);
      this.records.set(key, { ...record, checkpoint: undefined });
    }
    for (const key of this.records.keys()) {
      if (this.records.size <= MOST_RECORDS) break;
      this.records.delete(key);
      this.#kept.delete(key);
    }
    if (performance.now() - this.#savedAt > KEEP_EVERY) this.#save();
    this.context.redraw();
  }

  #save(): void {
    this.#savedAt = performance.now();
    // Not before: what is there would be lost.
    void this.#restored.then(() => this.store.save((found) => this.#write(found)));
  }

  /** What is kept: of the runs that are this page's the present state, of the others what is there. */
  #write(found: string | undefined): string {
    const theirs = found === this.#written.text ? this.#written.records : readRuns(found ?? '').records;
    const others = theirs.filter(({ config }) => !this.#own.has(JSON.stringify(config)));
    const ours = [...this.#kept].filter(([key]) => found === undefined || this.#own.has(key));
    const records = [...others, ...ours.map(([, record]) => record)];
    this.#written = { text: writeRuns(records), records };
    return this.#written.text;
  }

  async #restore(): Promise<void> {
    const text = await this.store.load();
    if (text === undefined) return;
    const { records, left } = readRuns(text);
    if (left === undefined || left > 0) {
      this.context.notify('Training results of another time could not be read, and are left out.');
    }
    for (const record of records) {
      const key = JSON.stringify(record.config);
      // What has begun meanwhile goes on.
      if (this.records.has(key)) continue;
      this.#kept.set(key, record);
      this.records.set(key, { ...record, checkpoint: undefined });
    }
    this.context.redraw();
  }
}

/** The record of a planned run, if it has begun. */
export const recordOf = (
  records: ReadonlyMap<string, RunRecord>,
  run: { readonly key: string; readonly config: TrainConfig } | undefined,
): RunRecord | undefined => (run === undefined ? undefined : records.get(run.key));
