import type { ExplainedValue, Explanation } from '../analysis';
import type { Observer } from '../interpreter/observer';
import type { ProgramFile } from '../program/nodes';
import type { Place } from '../trace/facts';
import { describeValue } from './describe';
import { Watch, type Watched, watchedAt, watchedBetween } from './watch';

/** Evaluations that differ, told at most. */
const MAX_VALUES = 4;
/** Evaluations looked at: what a loop does a thousand times is seen long before. */
const MAX_EVALUATIONS = 256;

/** Runs the program with an observer. */
export type Observed = (observer: Observer) => unknown;

/** The innermost expression that covers the offset and was evaluated. Undefined where no expression covers it. */
export function explainAt(program: ProgramFile, offset: number, run: Observed): Explanation | undefined {
  const watched = watchedAt(program, offset);
  const all = explainAll(program, watched, run);
  const [innermost] = watched;
  return all[0] ?? (innermost === undefined ? undefined : never(program, innermost));
}

/** Every name bound between two offsets, and every outermost expression whose value no name takes, that were evaluated. */
export function explainBetween(
  program: ProgramFile,
  start: number,
  end: number,
  run: Observed,
): readonly Explanation[] {
  return explainAll(program, watchedBetween(program, start, end), run);
}

interface Evaluations {
  times: number;
  readonly values: Map<string, ExplainedValue & { times: number }>;
}

/** In the order of `watched`; what was never evaluated is left out. */
function explainAll(program: ProgramFile, watched: readonly Watched[], run: Observed): readonly Explanation[] {
  if (watched.length === 0) return [];
  const seen = new Map<Watched, Evaluations>();
  const watch = new Watch(watched, (interpreter, node, value, boundAt) => {
    let evaluations = seen.get(node);
    if (evaluations === undefined) {
      evaluations = { times: 0, values: new Map() };
      seen.set(node, evaluations);
    }
    evaluations.times += 1;
    if (evaluations.times > MAX_EVALUATIONS) return;
    // Told at once: what is seen may change later.
    const described = describeValue(value, boundAt, interpreter);
    const key = keyOf(described);
    const known = evaluations.values.get(key);
    if (known !== undefined) known.times += 1;
    else evaluations.values.set(key, { ...described, times: 1 });
  });
  run(watch);
  return watched.flatMap((node) => {
    const evaluations = seen.get(node);
    if (evaluations === undefined) return [];
    const values = [...evaluations.values.values()];
    return [
      {
        at: placeOf(program, node),
        times: evaluations.times,
        values: values.slice(0, MAX_VALUES),
        distinct: values.length,
      },
    ];
  });
}

/** Two evaluations are told apart by what there is to tell of them, but for the calls that lead to them. */
function keyOf({ text, stop, roles, options }: ExplainedValue): string {
  return JSON.stringify([text, stop?.text, roles, options?.map(keyOf)]);
}

function never(program: ProgramFile, node: Watched): Explanation {
  return { at: placeOf(program, node), times: 0, values: [], distinct: 0 };
}

function placeOf(program: ProgramFile, { start, end }: Watched): Place {
  return { file: program.path, start, end };
}
