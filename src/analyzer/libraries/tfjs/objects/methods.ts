import type { Interpreter } from '../../../interpreter/interpreter';
import { ClassValue, FunctionValue, type ObjectValue, type Value } from '../../../interpreter/values/values';
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

/** Where the name of a method stands in the user's class, or in one above it; undefined where there is none. */
export function methodPlace(instance: ObjectValue, name: string): Place | undefined {
  for (let cls: Value = instance.class; cls instanceof ClassValue; cls = cls.superclass) {
    for (const member of cls.node.members) {
      if (member.kind !== 'method' || member.static || member.key.kind !== 'name' || member.key.name !== name) continue;
      return { file: cls.scope.frame.file, ...member.key.range };
    }
  }
  return undefined;
}
