import { elementsOf } from '../../interpreter/elements';
import { type Callable, NativeFunction, type Value } from '../../interpreter/values';

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
