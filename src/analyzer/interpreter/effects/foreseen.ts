/** What code that runs later would change, and the doubt that it may have run by now. */

import type { Interpreter, PendingExit } from '../interpreter';
import { NOWHERE, PromiseValue } from '../values/values';
import { EventLoop } from '../waiting/eventLoop';
import { Outstanding } from '../waiting/promises';
import { type Delta, differs, isAs, type Mutable } from './journal';
import { changedOften, MEANWHILE } from './often';

/** What one of them would change, seen from here; nothing where too much was looked at already. */
export function effectOf(interpreter: Interpreter, run: () => void): Delta {
  const { budget, journal } = interpreter;
  const changed = interpreter.unseen(() => budget.looking(() => journal.speculate(() => journal.changes(run)).result));
  return new Map([...(changed ?? [])].filter(([mutable]) => isOfProgram(mutable)));
}

/** What the program itself can see, unlike the queues. */
const isOfProgram = (mutable: Mutable): boolean =>
  !(mutable instanceof EventLoop || mutable instanceof PromiseValue || mutable instanceof Outstanding);

/** What a run of it would change may be so by now, or not. */
export function doubt(interpreter: Interpreter, effect: Delta): void {
  const before = new Map([...effect.keys()].map((mutable) => [mutable, mutable.snapshot()] as const));
  changedOften(interpreter, effect, NOWHERE, MEANWHILE);
  for (const [mutable, state] of before)
    mutable.restore(mutable.merge(state as never, mutable.snapshot() as never) as never);
}

/**
 * Puts what a run would change in doubt.
 * @returns takes the doubt back, of what nothing changed since
 */
export function foresee(interpreter: Interpreter, run: () => void): () => void {
  if (interpreter.foreseeing) return () => {};
  const effect = effectOf(interpreter, run);
  return doubting(interpreter, [...effect.keys()], () => doubt(interpreter, effect));
}

/**
 * A function that is left at an await may have ended before: others see the state of either.
 * @returns takes that back for the function itself
 */
export function doubtDepartures(interpreter: Interpreter, departures: readonly PendingExit[]): () => void {
  if (departures.length === 0) return () => {};
  const met = new Set<Mutable>();
  for (const { delta, since } of departures)
    for (const states of [delta, since])
      for (const [mutable, state] of states) if (isOfProgram(mutable) && differs(mutable, state)) met.add(mutable);
  return doubting(interpreter, [...met], () => {
    for (const departure of departures) interpreter.journal.rejoin(departure);
  });
}

/**
 * Code that will run later than in truth: all that has changed by then may be as it is here.
 * @returns runs it, and takes that back, of what it did not change itself
 */
export function asOf(interpreter: Interpreter): <T>(run: () => T) => T {
  const states = interpreter.journal.remember();
  return (run) => meeting(interpreter, states(), run);
}

/**
 * Code that runs some time from here on, and is looked at later than all else: all that has changed by then may be as it
 * is here, and of what it changes as well nobody knows who was last.
 * @returns runs it
 */
export function someTimeFrom(interpreter: Interpreter): (run: () => void) => void {
  const { journal } = interpreter;
  const states = journal.remember();
  return (run) => {
    const then = states();
    const now = [...then.keys()].filter(isOfProgram).map((mutable) => [mutable, mutable.snapshot()] as const);
    const isChanged = journal.watch();
    meeting(interpreter, then, run);
    journal.blend(new Map(now.filter(([mutable]) => isChanged(mutable))));
  };
}

/** Runs code that may meet things as they were. */
function meeting<T>(interpreter: Interpreter, states: Delta, run: () => T): T {
  const there = new Map([...states].filter(([mutable]) => isOfProgram(mutable)));
  const undo = doubting(interpreter, [...there.keys()], () => interpreter.journal.blend(there));
  try {
    return run();
  } finally {
    undo();
  }
}

/** Without the queues, since what waits has been joined by now, and without what is as it was there. */
export function ofProgram({ completion, delta, since, fresh }: PendingExit): PendingExit {
  const only = (states: Delta): Map<Mutable, unknown> => {
    const differing = new Map<Mutable, unknown>();
    for (const [mutable, state] of states)
      if (isOfProgram(mutable) && !isAs(mutable, state)) differing.set(mutable, state);
    return differing;
  };
  const left = only(since);
  return {
    completion,
    delta: only(delta),
    since: left,
    fresh: fresh && new Set([...fresh].filter((m) => left.has(m))),
  };
}

function doubting({ journal }: Interpreter, mutables: readonly Mutable[], change: () => void): () => void {
  const before = mutables.map((mutable) => mutable.snapshot());
  change();
  const isChanged = journal.watch();
  return () => {
    for (const [i, mutable] of mutables.entries()) {
      if (isChanged(mutable)) continue;
      journal.touch(mutable);
      mutable.restore(before[i] as never);
    }
  };
}
