import type { Interpreter } from '../../../interpreter/interpreter';
import { ClassValue, FunctionValue, type ObjectValue, type Value } from '../../../interpreter/values';
import type { Place } from '../../../trace/facts';

/** Calls a method that the user's class (or one above it) defines; undefined where it defines none. */
export function callMethod(
  interpreter: Interpreter,
  instance: ObjectValue,
  name: string,
  args: readonly Value[],
  at: Place,
): { readonly value: Value } | undefined {
  for (let cls: Value = instance.class; cls instanceof ClassValue; cls = cls.superclass) {
    const method = cls.methods.get(name)?.value;
    if (method instanceof FunctionValue) return { value: interpreter.call(method, args, at, instance) };
  }
  return undefined;
}
