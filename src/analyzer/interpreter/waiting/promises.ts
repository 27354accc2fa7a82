/** Promises as the language has them: what waits for one goes on in a job of its own, when the running code has ended. */

import type { Place } from '../../trace/facts';
import { mayThrow, unknownError, waitForHandler } from '../effects/paths';
import { type Group, type Interpreter, Thrown } from '../interpreter';
import { awaited } from '../values/convert';
import {
  isSettled,
  isUnknown,
  NativeFunction,
  NOWHERE,
  ObjectValue,
  optionsOf,
  PromiseValue,
  type Reaction,
  UnionValue,
  type Value,
} from '../values/values';
import type { Event, Timer } from './eventLoop';

/** Runs when the running code has ended, after what was enqueued before. */
export function enqueue({ loop, journal }: Interpreter, run: () => void, maybe?: true): void {
  journal.touch(loop);
  loop.jobs = [...loop.jobs, maybe === undefined ? { run } : { run, maybe }];
}

/** Runs once, in a turn to come. */
export function startTimer({ loop, journal }: Interpreter, timer: Timer): void {
  journal.touch(loop);
  loop.timers = [...loop.timers, timer];
}

/** Runs whenever something happens. */
export function listen({ loop, journal }: Interpreter, event: Event): void {
  journal.touch(loop);
  loop.events = [...loop.events, event];
}

/** Goes on when the promise is settled; never at once. */
export function react(interpreter: Interpreter, promise: PromiseValue, reaction: Reaction): void {
  const { loop, journal } = interpreter;
  if (isSettled(promise)) {
    schedule(interpreter, promise, reaction);
    return;
  }
  journal.touch(promise);
  promise.reactions = [...promise.reactions, reaction];
  if (loop.promises.includes(promise) || !(promise.state === 'later' || promise.byHand)) return;
  journal.touch(loop);
  loop.promises = [...loop.promises, promise];
}

function schedule(interpreter: Interpreter, { state, value }: PromiseValue, reaction: Reaction): void {
  const run = state === 'rejected' ? reaction.rejected : reaction.fulfilled;
  enqueue(interpreter, () => run(value), reaction.maybe);
}

function settle(interpreter: Interpreter, promise: PromiseValue, state: 'fulfilled' | 'rejected', value: Value): void {
  const { reactions } = promise;
  interpreter.touch(promise);
  promise.state = state;
  promise.value = value;
  promise.reactions = [];
  for (const reaction of reactions) schedule(interpreter, promise, reaction);
}

/** It is over with what the promise waits for. */
export function settleLater(interpreter: Interpreter, promise: PromiseValue, value = promise.value): void {
  settle(interpreter, promise, 'fulfilled', value);
}

/** What `resolve` does: a promise is followed, anything else fulfils. Of a promise that is settled nothing changes. */
export function resolve(interpreter: Interpreter, promise: PromiseValue, value: Value): void {
  if (isSettled(promise)) return;
  const inner = asPromise(interpreter, value);
  if (inner !== undefined && inner !== promise) {
    // The language takes a job to look at a promise, and another to follow it.
    enqueue(interpreter, () => follow(interpreter, promise, inner));
    return;
  }
  const then = value instanceof ObjectValue ? value.properties.get('then')?.value : undefined;
  if (isCallable(then)) {
    enqueue(interpreter, () => {
      const [onFulfilled, onRejected] = settlers(interpreter, promise);
      attempt(
        () => void interpreter.call(then, [onFulfilled, onRejected], NOWHERE, value),
        onThrown(interpreter, promise),
      );
    });
    return;
  }
  settle(interpreter, promise, 'fulfilled', value);
}

const isCallable = (value: Value): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  (value.kind === 'function' || value.kind === 'native');

const onThrown =
  (interpreter: Interpreter, promise: PromiseValue) =>
  (error: Thrown): void =>
    reject(interpreter, promise, error.value);

function follow(interpreter: Interpreter, promise: PromiseValue, inner: PromiseValue): void {
  react(interpreter, inner, {
    fulfilled: (value) => settle(interpreter, promise, 'fulfilled', value),
    rejected: (error) => reject(interpreter, promise, error),
  });
}

export function reject(interpreter: Interpreter, promise: PromiseValue, error: Value): void {
  if (!isSettled(promise)) settle(interpreter, promise, 'rejected', error);
}

/** The functions that `new Promise` hands to its executor. */
export function settlers(interpreter: Interpreter, promise: PromiseValue): readonly [NativeFunction, NativeFunction] {
  return [
    new NativeFunction('resolve', ({ args: [value] }) => {
      resolve(interpreter, promise, value);
      return undefined;
    }),
    new NativeFunction('reject', ({ args: [error] }) => {
      reject(interpreter, promise, error);
      return undefined;
    }),
  ];
}

/** What has to be waited for in a value; undefined where it is no promise. */
function asPromise(interpreter: Interpreter, value: Value): PromiseValue | undefined {
  if (value instanceof PromiseValue) return value;
  // Nobody knows what it is; where it is a promise, not when it settles either.
  if (isUnknown(value)) return new PromiseValue(value);
  if (!(value instanceof UnionValue) || !value.options.some((o) => o instanceof PromiseValue || isUnknown(o)))
    return undefined;
  const waiting = value.options.filter((option) => option instanceof PromiseValue);
  const either = new PromiseValue(undefined, 'pending');
  const done = (): void => settle(interpreter, either, 'fulfilled', awaited(value));
  gather(interpreter, waiting, done, done);
  return waiting.every(({ state }) => state === 'later') ? new PromiseValue(awaited(value)) : either;
}

/** `Promise.resolve(value)`, and what `await` waits for. */
export function promiseOf(interpreter: Interpreter, value: Value): PromiseValue {
  const promise = asPromise(interpreter, value);
  if (promise !== undefined) return promise;
  const made = new PromiseValue(undefined, 'pending');
  resolve(interpreter, made, value);
  return made;
}

/**
 * What comes from outside, and code that meets such things, may end with an error; a handler then meets a state in between.
 * @returns notes that it may be so here
 */
export function throwing(interpreter: Interpreter, awaited: Value, at: Place): () => void {
  const mayReject = optionsOf(awaited).some((option) =>
    option instanceof PromiseValue
      ? option.state === 'pending' || (option.state === 'later' && optionsOf(option.value).some(isUnknown))
      : isUnknown(option),
  );
  return () => {
    if (mayReject) mayThrow(interpreter, unknownError(interpreter, at));
    if (!interpreter.context.handled) return;
    for (const option of optionsOf(awaited))
      if (option instanceof PromiseValue) for (const exit of option.thrown) waitForHandler(interpreter, exit);
  };
}

/** Calls `done` when every promise is fulfilled, `failed` when the first is rejected. */
export function gather(
  interpreter: Interpreter,
  promises: readonly PromiseValue[],
  done: () => void,
  failed: (error: Value) => void,
): void {
  const left = new Outstanding(promises.length);
  for (const promise of promises)
    react(interpreter, promise, {
      fulfilled: () => {
        interpreter.touch(left);
        left.count -= 1;
        const group = left.awaits(interpreter.group);
        if (left.count > 0) return;
        // All that runs together has to have run: then it is certain what it changed.
        if (group === undefined) done();
        else group.after.push(done);
      },
      rejected: failed,
    });
}

/** How many promises are not fulfilled yet. */
export class Outstanding {
  count: number;
  readonly #met = new Map<Group, Set<number>>();
  constructor(count: number) {
    this.count = count;
  }
  snapshot(): number {
    return this.count;
  }
  restore(count: number): void {
    this.count = count;
  }
  merge(a: number, b: number): number {
    return Math.min(a, b);
  }
  /** Notes who runs; gives the outermost group all of which has been noted. */
  awaits(group: Group | undefined): Group | undefined {
    let whole: Group | undefined;
    for (let at = group; at !== undefined; at = at.around) {
      const met = this.#met.get(at) ?? new Set();
      this.#met.set(at, met.add(at.current));
      at.noteSettled();
      if (met.size === at.size) whole = at;
    }
    return whole;
  }
}

/** Runs code of the program where nothing of it is on the stack: what it throws has to go somewhere. */
export function attempt(run: () => void, failed: (error: Thrown) => void): void {
  let thrown: Thrown;
  try {
    run();
    return;
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    thrown = error;
  }
  failed(thrown);
}
