/** Paths that exclude one another: each runs from the same state, and the states are joined; and ways out that wait. */
import { symbol } from '../../shapes/dim';
import type { Place } from '../../trace/facts';
import type { Abrupt, Completion, Interpreter, PendingExit } from '../interpreter';
import { joinValues } from '../values/join';
import { Thrown } from '../values/thrown';
import { isUnknown, UnknownValue, type Value } from '../values/values';
import type { Delta } from './journal';

/** Runs what may or may not happen, though no condition is in view that says so; the state after it is either. */
export function tryPath(interpreter: Interpreter, run: () => void): void {
  forkCompletions(interpreter, [
    () => {
      run();
      return undefined;
    },
    () => undefined,
  ]);
}

/** Runs alternatives from the same state, joins states and values. A path that throws is dropped, unless all do. */
export function forkValues(interpreter: Interpreter, paths: readonly (() => Value)[], at: Place): Value {
  if (paths.length === 0) return interpreter.unknown('unsupported', at, 'no alternative here is a function');
  if (paths.length === 1) return paths[0]?.();
  const live = runEach(interpreter, paths);
  interpreter.journal.join(live.map((path) => path.delta));
  return live.map((path) => path.result).reduce(joinValues);
}

/** The same for statements: a path that leaves (return, break) waits in `pending` while the others go on. */
export function forkCompletions(interpreter: Interpreter, paths: readonly (() => Completion)[]): Completion {
  const live = runEach(interpreter, paths);
  const normal = live.filter((path) => path.result === undefined);
  if (normal.length > 0) {
    interpreter.journal.join(normal.map((path) => path.delta));
    for (const { result, delta } of live) if (result !== undefined) wait(interpreter, result, delta);
    return undefined;
  }
  const returns = live.filter((path) => path.result?.kind === 'return');
  const chosen = returns.length > 0 ? returns : live.slice(0, 1);
  interpreter.journal.join(chosen.map((path) => path.delta));
  for (const path of live) if (!chosen.includes(path)) wait(interpreter, path.result as Abrupt, path.delta);
  const [first] = chosen;
  if (returns.length === 0) return first?.result;
  return { kind: 'return', value: returns.map((p) => (p.result as { value: Value }).value).reduce(joinValues) };
}

/** A way out waits; what it has put in the queues may be there from now on. */
function wait(interpreter: Interpreter, completion: Abrupt, delta: Delta): void {
  const queues = delta.get(interpreter.loop);
  if (queues !== undefined) interpreter.journal.blend(new Map([[interpreter.loop, queues]]));
  const own = queues === undefined ? delta : new Map([...delta].filter(([mutable]) => mutable !== interpreter.loop));
  interpreter.pending.push({ completion, delta: own, since: new Map() });
}

/** Each from the same state, with what it changed; one that throws is left out, unless all do. */
function runEach<T>(
  interpreter: Interpreter,
  paths: readonly (() => T)[],
): { readonly result: T; readonly delta: Delta }[] {
  const live: { readonly result: T; readonly delta: Delta }[] = [];
  const failed: PendingExit[] = [];
  const start = interpreter.pending.length;
  let thrown: Thrown | undefined;
  const fail = (error: unknown, delta: Delta): void => {
    if (error instanceof Thrown && interpreter.context.handled)
      failed.push({ completion: { kind: 'throw', value: error.value }, delta, since: new Map() });
  };
  for (const path of paths) {
    try {
      live.push(interpreter.within({ speculative: true }, () => interpreter.journal.speculate(path, fail)));
    } catch (error) {
      if (!(error instanceof Thrown)) throw error;
      thrown ??= error;
    }
  }
  if (live.length === 0 && thrown !== undefined) throw thrown;
  for (const exit of [...interpreter.pending.splice(start), ...failed]) waitForHandler(interpreter, exit);
  return live;
}

// ---------------------------------------------------------------- errors

/** What is done here may throw: where somebody handles that, the state from here is one that the handler may meet. */
export function mayThrow(interpreter: Interpreter, value: Value): void {
  if (interpreter.context.handled)
    waitForHandler(interpreter, { completion: { kind: 'throw', value }, delta: new Map(), since: new Map() });
}

/** A way to a handler waits: in one with the one before it, where that leads there as well. */
export function waitForHandler(interpreter: Interpreter, exit: PendingExit): void {
  const last = interpreter.pending.at(-1);
  if (last?.completion.kind !== 'throw' || exit.completion.kind !== 'throw' || !interpreter.journal.leftHere) {
    interpreter.pending.push(exit);
    return;
  }
  const { value } = last.completion;
  const completion = isUnknown(value)
    ? last.completion
    : ({ kind: 'throw', value: joinValues(value, exit.completion.value) } as const);
  interpreter.pending[interpreter.pending.length - 1] = { completion, ...interpreter.journal.united(last, exit) };
}

export function unknownError(interpreter: Interpreter, at: Place): UnknownValue {
  return new UnknownValue(interpreter.reason('runtime-data', at, 'an error that may be thrown'), 'error', symbol);
}
