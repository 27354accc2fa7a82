/**
 * The event loop: jobs in order until none is left, then what waits for something outside of the program. Of several such
 * things nobody knows which comes first: each runs from a state in which the others may have run or not.
 */
import { awaited, unsettled } from './convert';
import { doubt, effectOf } from './effects';
import type { EventLoop } from './eventLoop';
import { type Interpreter, Thrown } from './interpreter';
import { promiseOf, settleLater } from './promises';
import { runTogether } from './together';
import { isSettled, type PromiseValue, type Value } from './values';

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
  interpreter.journal.glimpse();
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
  else
    runTogether(
      interpreter,
      waiting.map((one) => () => runAlone(interpreter, one)),
      () => {
        while (step(interpreter));
      },
    );
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
