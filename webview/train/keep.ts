/**
 * Training results as text, so that they outlive the page: finished runs with their curves, and of a run that was under way
 * the last moment from which it can go on. What is read back is data of unknown origin, and maybe of another version.
 */
import { version } from '../../package.json';
import type { Checkpoint, TrainConfig } from '../../runtime/nn';
import { type CurvePoint, isOver, type LayerSnapshot, type RunRecord, type Snapshot } from './record';

/** Characters that are kept at most; the oldest runs go first. */
export const MOST_KEPT = 8 << 20;
/** Of another form, or of another version of the trainer: those would not be the numbers that a link gives now. */
const FORM = `training 1, normlens ${version}`;

/** A finished run never changes: its text is written once. */
const texts = new WeakMap<RunRecord, string>();

/** @param records as they are kept: over, or with a checkpoint; the oldest first */
export function writeRuns(records: Iterable<RunRecord>, most = MOST_KEPT): string {
  const kept: string[] = [];
  let room = most - FORM.length;
  for (const record of [...records].reverse()) {
    const text = texts.get(record) ?? JSON.stringify(record, writeNumber);
    texts.set(record, text);
    if (text.length + 1 > room) continue;
    room -= text.length + 1;
    kept.unshift(text);
  }
  return `{"form":${JSON.stringify(FORM)},"runs":[${kept.join(',')}]}`;
}

/** JSON has no word for what a run that diverged is full of. */
const writeNumber = (_: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;

/** What came back, the oldest first; `left` is how many could not be read, undefined where nothing could. */
export function readRuns(text: string): { readonly records: readonly RunRecord[]; readonly left: number | undefined } {
  let parsed: unknown;
  try {
    parsed = text.length <= 2 * MOST_KEPT ? JSON.parse(text) : undefined;
  } catch {
    parsed = undefined;
  }
  const fields = fieldsOf(parsed);
  if (fields?.form !== FORM || !Array.isArray(fields.runs)) return { records: [], left: undefined };
  const records = fields.runs.flatMap((run) => {
    try {
      return [readRun(run)];
    } catch {
      return [];
    }
  });
  return { records, left: fields.runs.length - records.length };
}

type Fields = Readonly<Record<string, unknown>>;

/** Thrown by the readers below, and caught above. */
class Unreadable extends Error {}

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

function fields(value: unknown): Fields {
  const found = fieldsOf(value);
  if (found === undefined) throw new Unreadable();
  return found;
}

function list<T>(value: unknown, most: number, read: (one: unknown) => T): readonly T[] {
  if (!Array.isArray(value) || value.length > most) throw new Unreadable();
  return value.map(read);
}

const NOT_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

function number(value: unknown): number {
  if (typeof value === 'number') return value;
  const read = typeof value === 'string' && Object.hasOwn(NOT_FINITE, value) ? NOT_FINITE[value] : undefined;
  if (read === undefined) throw new Unreadable();
  return read;
}

function whole(value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Unreadable();
  return value as number;
}

function words(value: unknown): string {
  if (typeof value !== 'string' || value.length > 1000) throw new Unreadable();
  return value;
}

/** A field that need not be there. */
const maybe = <K extends string, T>(given: Fields, key: K, read: (value: unknown) => T): { readonly [P in K]?: T } =>
  given[key] === undefined ? {} : ({ [key]: read(given[key]) } as { readonly [P in K]?: T });

const POINTS = 1000;

function readRun(value: unknown): RunRecord {
  const given = fields(value);
  const open = fields(given.open);
  // Only a config that the settings ask for is ever looked up, letter by letter: it needs no reading of its own.
  const config = fields(given.config) as unknown as TrainConfig;
  const record: RunRecord = {
    config,
    steps: whole(given.steps),
    totalSteps: whole(given.totalSteps),
    curve: list(given.curve, POINTS, readPoint),
    snapshots: list(given.snapshots, POINTS, readSnapshot),
    time: number(given.time),
    open: { loss: number(open.loss), accuracy: number(open.accuracy), count: whole(open.count) },
    ...maybe(given, 'before', (layers) => list(layers, POINTS, (means) => list(means, POINTS, number))),
    ...maybe(given, 'test', readTest),
    ...maybe(given, 'diverged', whole),
    ...maybe(given, 'problem', words),
    ...maybe(given, 'checkpoint', (one) => readCheckpoint(one, config)),
  };
  const { checkpoint, steps } = record;
  if (checkpoint === undefined ? !isOver(record) : checkpoint.step !== steps) throw new Unreadable();
  return record;
}

function readPoint(value: unknown): CurvePoint {
  const { samples, loss, accuracy } = fields(value);
  return { samples: whole(samples), loss: number(loss), accuracy: number(accuracy) };
}

function readSnapshot(value: unknown): Snapshot {
  const { samples, layers } = fields(value);
  return { samples: whole(samples), layers: list(layers, POINTS, readLayer) };
}

function readLayer(value: unknown): LayerSnapshot {
  const { quantiles, deviation, unit, shift } = fields(value);
  return {
    quantiles: list(quantiles, POINTS, number),
    deviation: number(deviation),
    unit: number(unit),
    shift: shift === undefined ? undefined : number(shift),
  };
}

function readTest(value: unknown): { readonly error: number; readonly loss: number } {
  const { error, loss } = fields(value);
  return { error: number(error), loss: number(loss) };
}

/** Its weights are read where it goes on: the trainer refuses what does not belong to its network. */
function readCheckpoint(value: unknown, config: TrainConfig): Checkpoint {
  const given = fields(value);
  const { epoch, drawn, random } = fields(given.batches);
  for (const count of [given.step, epoch, drawn]) whole(count);
  for (const generator of [random, given.noise]) if (list(generator, 4, whole).length !== 4) throw new Unreadable();
  for (const weights of [given.parameters, given.buffers]) fields(weights);
  const own = fields(given.config);
  const same = Object.entries(config).every(([name, setting]) => JSON.stringify(own[name]) === JSON.stringify(setting));
  if (!same || !Array.isArray(given.slots)) throw new Unreadable();
  return given as unknown as Checkpoint;
}
