import { awaited } from '../../interpreter/convert';
import { elementsOf } from '../../interpreter/elements';
import { type Call, type Callable, NativeFunction, PromiseValue, type Value } from '../../interpreter/values';
import { row } from '../../table';

/** `fn.call`, `fn.apply`, `fn.bind` */
export function functionMember(fn: Callable, name: string): Value {
  switch (name) {
    case 'call':
      return new NativeFunction('call', ({ interpreter, args: [self, ...args], argsAt, at }) =>
        interpreter.call(fn, args, at, self, argsAt.slice(1)),
      );
    case 'apply':
      return new NativeFunction('apply', ({ interpreter, args: [self, list], at }) =>
        interpreter.call(
          fn,
          list === undefined ? [] : elementsOf(interpreter, list, at, 'iteration').elements,
          at,
          self,
        ),
      );
    case 'bind':
      return new NativeFunction(
        'bind',
        ({ args: [self, ...bound] }) =>
          new NativeFunction(`bound ${fn.kind}`, ({ interpreter, args, at }) =>
            interpreter.call(fn, [...bound, ...args], at, self),
          ),
      );
    default:
      return undefined;
  }
}

/** Promises are followed at once: what they settle to is what `then` is given. */
export function promiseMember(promise: PromiseValue, name: string): Value {
  const method = row(PROMISE, name);
  return method === undefined ? undefined : new NativeFunction(name, (call) => method(promise, call));
}

const PROMISE: Readonly<Record<string, (promise: PromiseValue, call: Call) => Value>> = {
  // biome-ignore lint/suspicious/noThenProperty: a table of the members of a promise
  then: (promise, { interpreter, args: [callback], at }) =>
    callback === undefined ? promise : new PromiseValue(awaited(interpreter.call(callback, [awaited(promise)], at))),
  catch: (promise, { interpreter, args, at }) => {
    interpreter.visitCallbacks(args, at);
    return promise;
  },
  finally: (promise, { interpreter, args: [callback], at }) => {
    if (callback !== undefined) interpreter.call(callback, [], at);
    return promise;
  },
};
