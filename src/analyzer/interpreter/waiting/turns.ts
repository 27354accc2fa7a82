/**
 * The event loop: jobs in order until none is left, then what waits for something outside of the program. Of several such
 * things nobody knows which comes first: each runs from a state in which the others may have run or not.
 */

import { doubt, effectOf, someTimeFrom } from '../effects/foreseen';
import { tryPath } from '../effects/paths';
import { type Interpreter, Thrown } from '../interpreter';
import { awaited, unsettled } from '../values/convert';
import { isSettled, type PromiseValue, type Value } from '../values/values';
import type { EventLoop } from './eventLoop';
import { promiseOf, settleLater, startTimer } from './promises';
import { runTogether } from './together';

/** Runs all that waits, until nothing is left. */
export function drain(interpreter: Interpreter): void {
  while (step(interpreter) || giveUpOne(interpreter) || runEvents(interpreter));
  interpreter.journal.unwatch();
}

/** Nothing runs here: others may, and meet things as they are; they may have run since this was so before. */
function yieldToOthers({ journal, foreseeing, group }: Interpreter): void {
  journal.glimpse();
  if (!foreseeing) for (let at = group; at !== undefined; at = at.around) at.interleave();
}

/** Jobs, then a turn; where something outside may be done before the jobs are, all that waits together. */
function step(interpreter: Interpreter, towards?: PromiseValue): boolean {
  const { loop } = interpreter;
  yieldToOthers(interpreter);
  if (towards !== undefined) doubtPostponed(interpreter);
  const isAnyTime =
    loop.promises.some(({ state }) => state === 'later') ||
    loop.timers.some(({ delay, postponed }) => delay === undefined && (towards === undefined || !postponed));
  const isTogether = !interpreter.foreseeing && loop.jobs.length > 0 && isAnyTime;
  return isTogether ? turn(interpreter, towards) : runJob(interpreter) || turn(interpreter, towards);
}

/** Runs what waits until the promise is settled, and gives what it settled to; undefined where nothing settles it. */
export function drainUntil(interpreter: Interpreter, promise: PromiseValue): PromiseValue | undefined {
  while (!isSettled(promise)) {
    if (promise.state !== 'later' && step(interpreter, promise)) continue;
    if (promise.state === 'later') {
      postpone(interpreter, waitingIn(interpreter.loop));
      settleLater(interpreter, promise);
      yieldToOthers(interpreter);
      return promise;
    }
    if (!giveUpOne(interpreter)) return undefined;
  }
  // What was enqueued before goes first.
  for (let left = interpreter.loop.jobs.length; left > 0; left -= 1) {
    yieldToOthers(interpreter);
    runJob(interpreter);
  }
  yieldToOthers(interpreter);
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
  else tryPath(interpreter, job.run);
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

/** What waits for something outside, or of it what leads to a promise; false where nothing does. */
function turn(interpreter: Interpreter, towards?: PromiseValue): boolean {
  const all = waitingIn(interpreter.loop);
  const waiting = towards === undefined ? all : onlyTowards(interpreter, towards, all);
  const [first] = waiting;
  if (first === undefined) return false;
  foreseeEvents(interpreter);
  if (waiting.length === 1 && 'jobs' in first) runJob(interpreter);
  else if (waiting.length === 1 || inOrder(waiting)) begin(interpreter, first);
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
  interpreter.budget.step();
  takeOut(interpreter, one);
  if ('promise' in one) {
    if (one.promise.state === 'later') settleLater(interpreter, one.promise);
  } else if ('jobs' in one) interpreter.loop.jobs = [...one.jobs, ...interpreter.loop.jobs];
  else if (one.timer.maybe === undefined) one.timer.run();
  else tryPath(interpreter, one.timer.run);
}

/** It waits no more. */
function takeOut(interpreter: Interpreter, one: Waiting): void {
  const { loop } = interpreter;
  interpreter.touch(loop);
  if ('promise' in one) loop.promises = loop.promises.filter((promise) => promise !== one.promise);
  else if ('jobs' in one) loop.jobs = [];
  else loop.timers = loop.timers.filter(({ run }) => run !== one.timer.run);
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

// ---------------------------------------------------------------- in the midst of code that cannot be left

/** What has to happen for a promise to be settled; the rest is postponed. */
function onlyTowards(interpreter: Interpreter, promise: PromiseValue, all: readonly Waiting[]): readonly Waiting[] {
  const waiting = all.filter((one) => !isPostponed(one));
  if (interpreter.foreseeing || waiting.length === 0) return all;
  let needed = waiting;
  for (const one of [...waiting].reverse()) {
    if (needed.length === 1) break;
    const fewer = needed.filter((other) => other !== one);
    if (settles(interpreter, promise, fewer)) needed = fewer;
  }
  postpone(
    interpreter,
    waiting.filter((one) => !needed.includes(one)),
  );
  return needed;
}

const isPostponed = (one: Waiting): boolean => 'timer' in one && one.timer.postponed === true;

/** Whether a promise is settled when these have happened; false where too much was looked at already. */
function settles(interpreter: Interpreter, promise: PromiseValue, waiting: readonly Waiting[]): boolean {
  const { budget, journal } = interpreter;
  const run = (): boolean => {
    for (const one of waiting) runAlone(interpreter, one);
    return isSettled(promise);
  };
  return interpreter.unseen(() => budget.looking(() => journal.speculate(run).result)) === true;
}

/** What waits elsewhere may happen here, or at any time later on. */
function postpone(interpreter: Interpreter, others: readonly Waiting[]): void {
  if (interpreter.foreseeing) return;
  foreseeEvents(interpreter);
  const sometime = someTimeFrom(interpreter);
  doubtAll(interpreter, others);
  for (const one of others) {
    if (isPostponed(one)) continue;
    takeOut(interpreter, one);
    const run = (): void =>
      sometime(() => {
        begin(interpreter, one);
        while (step(interpreter));
      });
    startTimer(interpreter, { delay: undefined, postponed: true, run });
  }
}

/** It may have happened since this was so before. */
function doubtPostponed(interpreter: Interpreter): void {
  if (!interpreter.foreseeing) doubtAll(interpreter, waitingIn(interpreter.loop).filter(isPostponed));
}

/** Each may have happened by now. */
function doubtAll(interpreter: Interpreter, all: readonly Waiting[]): void {
  const effects = all.map((one) => effectOf(interpreter, () => runAlone(interpreter, one)));
  for (const effect of effects) doubt(interpreter, effect);
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
        effectOf(interpreter, () => tryPath(interpreter, run)),
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
