/** `Promise`, and what its instances can do. */

import type { Interpreter } from '../../interpreter/interpreter';
import { awaited, unsettled } from '../../interpreter/values/convert';
import { elementsOf } from '../../interpreter/values/elements';
import { joinValues } from '../../interpreter/values/join';
import {
  ArrayValue,
  type Call,
  NativeFunction,
  ObjectValue,
  PromiseValue,
  type Reaction,
  type Value,
} from '../../interpreter/values/values';
import { attempt, gather, promiseOf, react, reject, resolve, settlers } from '../../interpreter/waiting/promises';
import { row } from '../../table';
import type { Place } from '../../trace/facts';

export function promiseMember(promise: PromiseValue, name: string): Value {
  const method = row(METHODS, name);
  return method === undefined ? undefined : new NativeFunction(name, (call) => method(promise, call));
}

const METHODS: Readonly<Record<string, (promise: PromiseValue, call: Call) => Value>> = {
  // biome-ignore lint/suspicious/noThenProperty: a table of the members of a promise
  then: (promise, { interpreter, args: [onFulfilled, onRejected], at }) =>
    chained(promise, interpreter, at, onFulfilled, onRejected),
  catch: (promise, { interpreter, args: [onRejected], at }) => chained(promise, interpreter, at, undefined, onRejected),
  finally: (promise, { interpreter, args: [callback], at }) => {
    const result = new PromiseValue(undefined, 'pending');
    /** The callback's own promise is waited for; what it gives is not taken. */
    const after = (settle: () => void) => () =>
      calling(interpreter, result, () => {
        const given = callback === undefined ? undefined : interpreter.call(callback, [], at);
        react(interpreter, promiseOf(interpreter, given), {
          fulfilled: settle,
          rejected: (error) => reject(interpreter, result, error),
        });
      });
    react(
      interpreter,
      promise,
      inContext(interpreter, {
        fulfilled: (value) => after(() => resolve(interpreter, result, value))(),
        rejected: (error) => after(() => reject(interpreter, result, error))(),
      }),
    );
    return result;
  },
};

/** A promise of what a callback gives, once it ran. */
function chained(
  promise: PromiseValue,
  interpreter: Interpreter,
  at: Place,
  onFulfilled: Value,
  onRejected: Value,
): PromiseValue {
  const result = new PromiseValue(undefined, 'pending');
  const mayFail = promise.state !== 'fulfilled';
  react(
    interpreter,
    promise,
    inContext(interpreter, {
      fulfilled: (value) => {
        // What comes from outside may fail, too.
        if (mayFail && onRejected !== undefined) interpreter.visitCallbacks([onRejected], at);
        if (onFulfilled === undefined || onFulfilled === null) resolve(interpreter, result, value);
        else
          calling(interpreter, result, () =>
            resolve(interpreter, result, interpreter.call(onFulfilled, [awaited(value)], at)),
          );
      },
      rejected: (error) => {
        if (onRejected === undefined || onRejected === null) reject(interpreter, result, error);
        else
          calling(interpreter, result, () => resolve(interpreter, result, interpreter.call(onRejected, [error], at)));
      },
    }),
  );
  return result;
}

const calling = (interpreter: Interpreter, result: PromiseValue, run: () => void): void =>
  attempt(run, (error) => reject(interpreter, result, error.value));

/** Callbacks run where nothing is under way but what they were written in. */
function inContext(interpreter: Interpreter, { fulfilled, rejected }: Reaction): Reaction {
  const around = interpreter.detached();
  return { fulfilled: (value) => around(() => fulfilled(value)), rejected: (error) => around(() => rejected(error)) };
}

type Native = (call: Call) => Value;

function promisesIn({ interpreter, args: [list], at }: Call): { promises: readonly PromiseValue[]; rest: Value } {
  const { elements, rest } = elementsOf(interpreter, list, at, 'iteration');
  return { promises: elements.map((element) => promiseOf(interpreter, element)), rest };
}

/** A promise of the list of what all settle to. */
function all(call: Call, entry: (value: Value) => Value): Value {
  const { interpreter } = call;
  const { promises, rest } = promisesIn(call);
  const values = (): ArrayValue =>
    new ArrayValue(promises.map(entryOf), rest === undefined ? undefined : entry(awaited(rest)));
  const entryOf = (promise: PromiseValue): Value =>
    promise.state === 'rejected' ? promise.value : entry(awaited(promise));
  // Nobody but this waits for any of them.
  const isFree = ({ state, reactions }: PromiseValue): boolean => state === 'later' && reactions.length === 0;
  if (rest !== undefined || (promises.length > 0 && promises.every(isFree))) return new PromiseValue(values());
  const result = new PromiseValue(undefined, 'pending');
  if (promises.length === 0) resolve(interpreter, result, values());
  gather(
    interpreter,
    promises,
    () => resolve(interpreter, result, values()),
    (error) => reject(interpreter, result, error),
  );
  return result;
}

/** The first that settles, or that is fulfilled: of those that wait, nobody knows which. */
function first(call: Call): Value {
  const { interpreter } = call;
  const { promises } = promisesIn(call);
  const result = new PromiseValue(undefined, 'pending', true);
  const values = (): Value => promises.map(awaited).reduce(joinValues, unsettled());
  if (promises.some(({ state }) => state === 'later' || state === 'pending')) return new PromiseValue(values());
  for (const promise of promises)
    react(interpreter, promise, {
      fulfilled: (value) => resolve(interpreter, result, value),
      rejected: (error) => reject(interpreter, result, error),
    });
  return result;
}

const STATICS: Readonly<Record<string, Native>> = {
  resolve: ({ interpreter, args: [value] }) => promiseOf(interpreter, value),
  reject: ({ args: [error] }) => new PromiseValue(error, 'rejected'),
  all: (call) => all(call, (value) => value),
  allSettled: (call) => all(call, (value) => ObjectValue.of({ status: 'fulfilled', value })),
  race: first,
  any: first,
  withResolvers: ({ interpreter }) => {
    const promise = new PromiseValue(undefined, 'pending', true);
    const [onFulfilled, onRejected] = settlers(interpreter, promise);
    return ObjectValue.of({ promise, resolve: onFulfilled, reject: onRejected });
  },
};

const make: Native = ({ interpreter, args: [executor], at }) => {
  const promise = new PromiseValue(undefined, 'pending', true);
  calling(interpreter, promise, () => void interpreter.call(executor, [...settlers(interpreter, promise)], at));
  return promise;
};

export const promiseConstructor = new NativeFunction('Promise', make, {
  members: new Map(Object.entries(STATICS).map(([name, call]) => [name, new NativeFunction(name, call)])),
});
