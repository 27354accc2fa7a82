/**
 * The event loop: jobs in order until none is left, then what waits for something outside of the program. Of several such
 * things nobody knows which comes first: each runs from a state in which the others may have run or not.
 */
import { awaited, unsettled } from './convert';
import { EventLoop } from './eventLoop';
import { type Group, type Interpreter, type PendingExit, Thrown } from './interpreter';
import type { Delta, Mutable } from './journal';
import { changedOften } from './often';
import { Outstanding, promiseOf, settleLater } from './promises';
import { isSettled, NOWHERE, PromiseValue, type Value } from './values';

/** Runs all that waits, until nothing is left. */
export function drain(interpreter: Interpreter): void {
  while (step(interpreter) || giveUpOne(interpreter) || runEvents(interpreter));
  interpreter.journal.unwatch();
}

/** What runs together with this may have run since the last step. */
function interleave({ foreseeing, group }: Interpreter): void {
  if (!foreseeing) for (let at = group; at !== undefined; at = at.around) at.interleave();
}

/** Jobs, then a turn; where something outside may be done before the jobs are, all that waits together. */
function step(interpreter: Interpreter): boolean {
  const { loop } = interpreter;
  interleave(interpreter);
  const isAnyTime =
    loop.promises.some(({ state }) => state === 'later') || loop.timers.some(({ delay }) => delay === undefined);
  const isTogether = !interpreter.foreseeing && loop.jobs.length > 0 && isAnyTime;
  return isTogether ? turn(interpreter) : runJob(interpreter) || turn(interpreter);
}

/** Runs what waits until the promise is settled, and gives what it settled to; undefined where nothing settles it. */
export function drainUntil(interpreter: Interpreter, promise: PromiseValue): PromiseValue | undefined {
  while (!isSettled(promise)) {
    if (promise.state !== 'later' && step(interpreter)) continue;
    if (promise.state === 'later') {
      doubtOthers(interpreter);
      settleLater(interpreter, promise);
      interleave(interpreter);
      return promise;
    }
    if (!giveUpOne(interpreter)) return undefined;
  }
  // What was enqueued before goes first.
  for (let left = interpreter.loop.jobs.length; left > 0; left -= 1) runJob(interpreter);
  return promise;
}

/** The first job; false where there is none. */
function runJob(interpreter: Interpreter): boolean {
  const { loop } = interpreter;
  const [job, ...jobs] = loop.jobs;
  if (job === undefined) return false;
  interpreter.budget.step();
  interpreter.touch(loop);
  loop.jobs = jobs;
  if (job.maybe === undefined) job.run();
  else interpreter.tryPath(job.run);
  return true;
}

/** Something that happens in a turn to come. */
type Waiting =
  | { readonly timer: EventLoop['timers'][number] }
  | { readonly promise: PromiseValue }
  | { readonly jobs: EventLoop['jobs'] };

function waitingIn({ jobs, promises, timers }: EventLoop): readonly Waiting[] {
  return [
    ...(jobs.length > 0 ? [{ jobs }] : []),
    ...promises.filter(({ state }) => state === 'later').map((promise) => ({ promise })),
    ...timers.map((timer) => ({ timer })),
  ];
}

/** What waits for something outside; false where nothing does. */
function turn(interpreter: Interpreter): boolean {
  const { loop } = interpreter;
  const waiting = waitingIn(loop);
  const [first] = waiting;
  if (first === undefined) return false;
  foreseeEvents(interpreter);
  if (waiting.length === 1 || inOrder(waiting)) begin(interpreter, first);
  else runTogether(interpreter, waiting);
  return true;
}

/** Timers of one delay run in the order in which they were set. */
function inOrder(waiting: readonly Waiting[]): boolean {
  const [first] = waiting;
  if (first === undefined || !('timer' in first) || first.timer.delay === undefined) return false;
  const { delay } = first.timer;
  return waiting.every((one) => 'timer' in one && one.timer.delay === delay);
}

/** Takes it out of the queue and lets it happen. */
function begin(interpreter: Interpreter, one: Waiting): void {
  const { loop } = interpreter;
  interpreter.budget.step();
  interpreter.touch(loop);
  if ('promise' in one) {
    loop.promises = loop.promises.filter((promise) => promise !== one.promise);
    if (one.promise.state === 'later') settleLater(interpreter, one.promise);
    return;
  }
  if ('jobs' in one) {
    loop.jobs = one.jobs;
    return;
  }
  const { timer } = one;
  loop.timers = loop.timers.filter(({ run }) => run !== timer.run);
  if (timer.maybe === undefined) timer.run();
  else interpreter.tryPath(timer.run);
}

/** A promise that the program would settle by hand, and does not in view: some value, some time. False where there is none. */
function giveUpOne(interpreter: Interpreter): boolean {
  const { loop } = interpreter;
  const [promise, ...promises] = loop.promises;
  if (promise === undefined) return false;
  interpreter.touch(loop);
  loop.promises = promises;
  if (promise.state === 'pending') settleLater(interpreter, promise, unsettled());
  return true;
}

// ---------------------------------------------------------------- several at once

/** Runs one with all that follows from it, and nothing else. */
function runAlone(interpreter: Interpreter, one: Waiting): void {
  const { loop } = interpreter;
  interpreter.touch(loop);
  const { jobs, promises, timers } = loop;
  loop.jobs = [];
  loop.promises = [];
  loop.timers = [];
  begin(interpreter, one);
  while (step(interpreter));
  interpreter.touch(loop);
  // What it waits for in vain stays.
  loop.jobs = 'jobs' in one ? [] : jobs;
  loop.promises = [...promises.filter((promise) => !('promise' in one) || promise !== one.promise), ...loop.promises];
  loop.timers = [...timers.filter((timer) => !('timer' in one) || timer.run !== one.timer.run), ...loop.timers];
}

/** What one of them would change, seen from here; nothing where too much was looked at already. */
function effectOf(interpreter: Interpreter, run: () => void): Delta {
  const { budget, journal } = interpreter;
  const changed = interpreter.unseen(() => budget.looking(() => journal.speculate(run)));
  return new Map([...(changed?.delta ?? [])].filter(([mutable]) => isOfProgram(mutable)));
}

/** What the program itself can see, unlike the queues. */
const isOfProgram = (mutable: Mutable): boolean =>
  !(mutable instanceof EventLoop || mutable instanceof PromiseValue || mutable instanceof Outstanding);

/** More than these are not told apart: all of them may have run before each. */
const MAX_APART = 24;

/**
 * Runs several of which nobody knows the order. Each is looked at first for what it changes; then it runs from a state in
 * which the others may have changed theirs. What one alone changes is certain once all have run.
 */
function runTogether(interpreter: Interpreter, waiting: readonly Waiting[]): void {
  const { journal } = interpreter;
  // Within a look at effects their order does not matter much, and looks within looks would multiply.
  if (interpreter.foreseeing) {
    for (const one of waiting) runAlone(interpreter, one);
    return;
  }
  const effects = waiting.map((one) => effectOf(interpreter, () => runAlone(interpreter, one)));
  // What waits for several of them goes on when all have run: nobody's own.
  const joint = effectOf(interpreter, () => {
    for (const one of waiting) runAlone(interpreter, one);
  });
  const owners = ownersOf(effects, joint);
  const mutables = [...owners.keys()];
  const statesOf = (): Map<Mutable, unknown> => new Map(mutables.map((mutable) => [mutable, mutable.snapshot()]));
  const set = (mutable: Mutable, state: unknown): void => {
    journal.touch(mutable);
    mutable.restore(state as never);
  };
  const base = statesOf();
  for (const effect of [...effects, joint]) doubt(interpreter, effect);
  /** What everybody sees of what others change. */
  const shown = statesOf();
  const unowned = mutables.filter((mutable) => owners.get(mutable)?.length === 0);
  const ended = [{ states: new Map(unowned.map((m) => [m, base.get(m)])), isChanged: journal.watch() }];
  const apart = waiting.length <= MAX_APART;
  let isChanged = journal.watch();
  const group: Group = {
    size: waiting.length,
    current: 0,
    after: [],
    around: interpreter.group,
    interleave: () => {
      const isNew = isChanged;
      for (const [mutable, who] of owners) {
        if (!isNew(mutable)) continue;
        if (apart && who.length === 1 && who[0] === group.current) continue;
        const now = mutable.snapshot();
        const state = mutable.merge(now as never, shown.get(mutable) as never);
        set(mutable, state);
      }
      isChanged = journal.watch();
    },
  };
  interpreter.group = group;
  try {
    for (const [i, one] of waiting.entries()) {
      group.current = i;
      const changed = mutables.filter((mutable) => !apart || owners.get(mutable)?.includes(i) === true);
      const own = apart ? changed.filter((mutable) => owners.get(mutable)?.length === 1) : [];
      for (const mutable of own) set(mutable, base.get(mutable));
      runAlone(interpreter, one);
      const states = new Map(own.map((mutable) => [mutable, mutable.snapshot()]));
      for (const mutable of changed) {
        set(mutable, mutable.merge(shown.get(mutable) as never, mutable.snapshot() as never));
        shown.set(mutable, mutable.snapshot());
      }
      ended.push({ states, isChanged: journal.watch() });
    }
  } finally {
    interpreter.group = group.around;
  }
  for (const { states, isChanged } of ended)
    for (const [mutable, state] of states) if (!isChanged(mutable)) set(mutable, state);
  for (const run of group.after) run();
}

/** Which of them change what; nobody where only what waits for several does. */
function ownersOf(effects: readonly Delta[], joint: Delta): ReadonlyMap<Mutable, readonly number[]> {
  const owners = new Map<Mutable, number[]>([...joint.keys()].map((mutable) => [mutable, []]));
  for (const [i, effect] of effects.entries())
    for (const mutable of effect.keys()) owners.set(mutable, [...(owners.get(mutable) ?? []), i]);
  return owners;
}

/** What a run of it would change may be so by now, or not. */
function doubt(interpreter: Interpreter, effect: Delta): void {
  const before = new Map([...effect.keys()].map((mutable) => [mutable, mutable.snapshot()] as const));
  changedOften(interpreter, effect, NOWHERE);
  for (const [mutable, state] of before)
    mutable.restore(mutable.merge(state as never, mutable.snapshot() as never) as never);
}

/** While a path waits here, what waits elsewhere may have happened or not. */
function doubtOthers(interpreter: Interpreter): void {
  if (interpreter.foreseeing) return;
  foreseeEvents(interpreter);
  for (const one of waitingIn(interpreter.loop))
    doubt(
      interpreter,
      effectOf(interpreter, () => runAlone(interpreter, one)),
    );
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
  const met = new Set(departures.flatMap(({ delta, since }) => [...delta.keys(), ...since.keys()]));
  return doubting(interpreter, [...met].filter(isOfProgram), () => {
    for (const departure of departures) interpreter.journal.rejoin(departure);
  });
}

/** Without the queues: what waits has been joined by now. */
export function ofProgram(exit: PendingExit): PendingExit {
  const only = (states: Delta): Map<Mutable, unknown> =>
    new Map([...states].filter(([mutable]) => isOfProgram(mutable)));
  return { completion: exit.completion, delta: only(exit.delta), since: only(exit.since) };
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

// ---------------------------------------------------------------- events

/** What happens outside may happen before anything that waits: what its callbacks change is in doubt from here on. */
function foreseeEvents(interpreter: Interpreter): void {
  const { loop } = interpreter;
  if (interpreter.foreseeing || loop.events.every(({ foreseen }) => foreseen === true)) return;
  const { events } = loop;
  interpreter.touch(loop);
  loop.events = events.map((event) => ({ ...event, foreseen: true }));
  for (const { run, foreseen } of events)
    if (foreseen !== true)
      doubt(
        interpreter,
        effectOf(interpreter, () => interpreter.tryPath(run)),
      );
}

/** Callbacks of events, when all else has run; false where there are none. */
function runEvents(interpreter: Interpreter): boolean {
  const { loop } = interpreter;
  const { events } = loop;
  if (events.length === 0) return false;
  interpreter.touch(loop);
  loop.events = [];
  for (const { run } of events) {
    run();
    while (step(interpreter) || giveUpOne(interpreter));
  }
  return true;
}

/** What a value settles to where it is waited for in the middle of something. Throws what it is rejected with. */
export function settled(interpreter: Interpreter, value: Value): Value {
  interpreter.waits += 1;
  const promise = drainUntil(interpreter, promiseOf(interpreter, value));
  interpreter.waits -= 1;
  if (promise === undefined) return unsettled();
  if (promise.state === 'rejected') throw new Thrown(promise.value);
  return awaited(promise.value);
}
