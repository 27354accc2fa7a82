import type { Interpreter } from '../../interpreter/interpreter';
import { elementsOf } from '../../interpreter/values/elements';
import { type Callable, NativeFunction, ObjectValue, OpenArguments, type Value } from '../../interpreter/values/values';
import type { Place } from '../../trace/facts';

/** `fn.call`, `fn.apply`, `fn.bind` */
export function functionMember(fn: Callable, name: string): Value {
  switch (name) {
    case 'call':
      return new NativeFunction('call', ({ interpreter, args: [self, ...args], argsAt, at }) =>
        interpreter.call(fn, args, at, self, argsAt.slice(1)),
      );
    case 'apply':
      return new NativeFunction('apply', ({ interpreter, args: [self, list], at }) =>
        interpreter.call(fn, argumentsIn(interpreter, list, at), at, self),
      );
    case 'bind':
      return new NativeFunction(
        'bind',
        ({ args: [self, ...bound] }) =>
          new NativeFunction(`bound ${fn.kind}`, ({ interpreter, args, at, isNew }) =>
            isNew
              ? interpreter.construct(fn, [...bound, ...args], at)
              : interpreter.call(fn, [...bound, ...args], at, self),
          ),
      );
    default:
      return undefined;
  }
}

/** The arguments that a list gives; of one that is not known nobody knows how many. */
export function argumentsIn(interpreter: Interpreter, list: Value, at: Place): readonly Value[] {
  if (list === undefined || list === null) return [];
  if (list instanceof ObjectValue)
    return openArguments([], interpreter.unknown('unsupported', at, 'what stands for a list'));
  const { elements, rest } = elementsOf(interpreter, list, at, 'iteration');
  return rest === undefined ? Array.from(elements) : openArguments(elements, rest);
}

function openArguments(elements: readonly Value[], rest: Value): OpenArguments {
  const open = OpenArguments.from([...elements, rest]) as OpenArguments;
  open.certain = elements.length;
  return open;
}
