/** What the finished and running runs say together: means and spreads over the seeds, as numbers and as a file. */
import { csvText } from '../export';
import type { Line, Plan, PlannedRun } from './plan';
import { mean, type RunRecord, spread } from './record';

export interface Cell {
  /** Test errors, a seed each. */
  readonly errors: readonly number[];
  readonly mean: number;
  readonly deviation: number;
  readonly problem: string | undefined;
  readonly diverged: number;
}

export type Records = ReadonlyMap<string, RunRecord>;

const runsOf = (plan: Plan, line: Line, size: number): readonly PlannedRun[] =>
  plan.groups.flat().filter((run) => run.line.id === line.id && run.size === size);

/** One line at one batch size, over the seeds that are done. */
export function cellOf(plan: Plan, records: Records, line: Line, size: number): Cell {
  const found = runsOf(plan, line, size).flatMap(({ key }) => records.get(key) ?? []);
  const errors = found.flatMap(({ test }) => (test === undefined ? [] : [test.error]));
  return {
    errors,
    ...spread(errors),
    problem: found.find(({ problem }) => problem !== undefined)?.problem,
    diverged: found.filter(({ diverged }) => diverged !== undefined).length,
  };
}

/** The runs of one line and size that have begun, seed by seed. */
export const begunOf = (plan: Plan, records: Records, line: Line, size: number): readonly RunRecord[] =>
  runsOf(plan, line, size).flatMap(({ key }) => {
    const record = records.get(key);
    return record === undefined || record.steps === 0 ? [] : [record];
  });

/** How far a unit's mean moves from step to step, in deviations: the mean over layers, moments and seeds. */
export function shiftOf(runs: readonly RunRecord[]): number | undefined {
  const shifts = runs.flatMap(({ snapshots }) =>
    snapshots.flatMap(({ layers }) => layers.flatMap(({ shift }) => (shift === undefined ? [] : [shift]))),
  );
  return shifts.length === 0 ? undefined : mean(shifts);
}

/** Every point of every run, one a row, then one row a finished run. */
export function csvOf(plan: Plan, records: Records): string {
  const head = ['norm', 'noise', 'batchSize', 'seed', 'what', 'samples', 'loss', 'accuracy', 'error', 'note'];
  const rows = plan.groups.flat().flatMap(({ key, line, size, seed }) => {
    const record = records.get(key);
    if (record === undefined) return [];
    const id = [line.norm, line.noise ? 1 : 0, size, seed];
    const { test, diverged, problem } = record;
    const note = problem ?? (diverged === undefined ? undefined : `diverged at step ${diverged}`);
    return [
      ...record.curve.map(({ samples, loss, accuracy }) => [
        ...id,
        'train',
        samples,
        loss,
        accuracy,
        1 - accuracy,
        undefined,
      ]),
      ...(test === undefined && note === undefined
        ? []
        : [[...id, 'test', record.steps * size, test?.loss, test && 1 - test.error, test?.error, note]]),
    ];
  });
  return csvText(head, rows);
}

/** The samples between the first and the last of the sizes at which a line is done, for a sentence. */
export function ends(plan: Plan, records: Records, line: Line) {
  const done = plan.sizes
    .map((size) => ({ size, cell: cellOf(plan, records, line, size) }))
    .filter(({ cell }) => cell.errors.length > 0);
  const [smallest, largest] = [done[0], done.at(-1)];
  return smallest === undefined || largest === undefined || smallest === largest ? undefined : { smallest, largest };
}
