/** Async functions under way: they are left where they await, and taken up again by the event loop. */

import type { Place } from '../../trace/facts';
import { asOf, doubtDepartures, foresee, ofProgram } from '../effects/foreseen';
import { type Interpreter, type PendingExit, Thrown } from '../interpreter';
import type { Task } from '../scope';
import type { Value } from '../values/values';
import type { EventLoop } from './eventLoop';
import { enqueue, promiseOf, react, startTimer, throwing } from './promises';

/** Goes on with a value. It may be called several times, on paths that exclude each other. */
export type Then<T> = (value: T) => void;

/** Leaves the function until `value` is settled. What called it goes on. */
export function suspend(
  interpreter: Interpreter,
  task: Task,
  value: Value,
  at: Place,
  then: Then<Value>,
  fail: Then<Thrown>,
): void {
  const throws = throwing(interpreter, value, at);
  throws();
  const resume = leave(interpreter, task);
  react(interpreter, promiseOf(interpreter, value), {
    fulfilled: (settled) =>
      resume(() => {
        throws();
        then(settled);
      }),
    rejected: (error) =>
      resume(() => {
        throws();
        fail(new Thrown(error));
      }),
  });
}

/** Runs code from the state in which its turn was, or from what others have made of it since. */
export type AsOfThen = <T>(run: () => T) => T;

/**
 * Goes on where nothing else is under way, for what cannot be left: at once if that is here, else in a turn of its own. Until
 * it runs, what it changes may have been changed; when it runs, what others changed may not be.
 */
export function whenAlone(interpreter: Interpreter, task: Task, run: (asOfThen: AsOfThen) => void): void {
  if (task.generator !== undefined || (task.resumed && !isBusy(interpreter.loop))) run((code) => code());
  else later(interpreter, task, asOf(interpreter), run);
}

function later(interpreter: Interpreter, task: Task, asOfThen: AsOfThen, run: (asOfThen: AsOfThen) => void): void {
  if (task.resumed) {
    const resume = leave(interpreter, task);
    // What waits here may go on before it, in the midst of it, or after it.
    startTimer(interpreter, { delay: undefined, run: () => resume(() => run(asOfThen)) });
    return;
  }
  const undo = foresee(interpreter, () => run(asOfThen));
  const resume = leave(interpreter, task);
  enqueue(interpreter, () => {
    undo();
    resume(() => {
      if (isBusy(interpreter.loop)) later(interpreter, task, asOfThen, run);
      else run(asOfThen);
    });
  });
}

const isBusy = ({ jobs, promises, timers }: EventLoop): boolean =>
  jobs.length > 0 || timers.length > 0 || promises.some(({ state }) => state === 'later');

/** What may run besides, where nothing else is under way, with ways out that lead there. */
export function maybeLater(
  interpreter: Interpreter,
  task: Task,
  ways: readonly PendingExit[],
  run: (ways: readonly PendingExit[]) => void,
): void {
  const { pending } = interpreter;
  const exits = pending.splice(task.start);
  pending.push(...ways);
  const resume = leave(interpreter, task);
  pending.push(...exits);
  enqueue(interpreter, () => resume(() => run(pending.splice(task.start))), true);
}

/** Keeps what is under way; gives what takes it up again. */
function leave(interpreter: Interpreter, task: Task): (run: () => void) => void {
  const { context, active, pending } = interpreter;
  const calls = [...active];
  const exits = pending.splice(task.start);
  const undo = doubtDepartures(interpreter, exits);
  return (run) => {
    undo();
    const around = interpreter.context;
    const callers = active.splice(0, active.length, ...calls);
    interpreter.context = { ...context, speculative: context.speculative || around.speculative };
    task.resumed = true;
    task.start = pending.length;
    pending.push(...exits.map(ofProgram));
    try {
      interpreter.journal.apart(run);
    } finally {
      interpreter.context = around;
      active.splice(0, active.length, ...callers);
    }
  };
}
