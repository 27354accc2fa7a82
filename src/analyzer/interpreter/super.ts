import type { Expression, SpreadElement } from '../program/nodes';
import type { Place } from '../trace/facts';
import { callFunction } from './calls';
import { evaluateArguments } from './expressions';
import type { Interpreter } from './interpreter';
import type { Scope } from './scope';
import { ClassValue, NativeFunction, ObjectValue, UnknownValue, type Value } from './values';

/** `super(…)` */
export function superCall(
  interpreter: Interpreter,
  args: readonly (Expression | SpreadElement)[],
  at: Place,
  scope: Scope,
): Value {
  const { values, places } = evaluateArguments(interpreter, args, scope);
  const { thisValue, home } = scope.frame;
  const superclass = home?.superclass;
  if (!(thisValue instanceof ObjectValue)) return undefined;
  if (superclass instanceof ClassValue) {
    superclass.constructorFunction === undefined
      ? forwardSuper(interpreter, superclass, values, places, at, thisValue)
      : callFunction(interpreter, superclass.constructorFunction, values, thisValue, at);
  } else if (superclass instanceof NativeFunction) {
    constructSlot(interpreter, superclass, values, places, at, thisValue);
  } else if (superclass instanceof UnknownValue) {
    interpreter.touch(thisValue);
    thisValue.open = superclass;
  }
  return undefined;
}

/** A class without a constructor hands its arguments up; without `args` nothing is known of them. */
export function forwardSuper(
  interpreter: Interpreter,
  cls: ClassValue,
  args: readonly Value[] | undefined,
  places: readonly Place[],
  at: Place,
  instance: ObjectValue,
): void {
  const { superclass } = cls;
  if (superclass instanceof ClassValue) {
    if (superclass.constructorFunction !== undefined)
      callFunction(interpreter, superclass.constructorFunction, args, instance, at);
    else forwardSuper(interpreter, superclass, args, places, at, instance);
  } else if (superclass instanceof NativeFunction) {
    const given = args ?? [interpreter.unknown('parameter', at, `what ${cls.name} is given`, 'config')];
    constructSlot(interpreter, superclass, given, places, at, instance);
  } else if (superclass instanceof UnknownValue) {
    interpreter.touch(instance);
    instance.open = superclass;
  }
}

function constructSlot(
  interpreter: Interpreter,
  base: NativeFunction,
  args: readonly Value[],
  argsAt: readonly Place[],
  at: Place,
  instance: ObjectValue,
): void {
  interpreter.touch(instance);
  instance.slot = base.construct?.({ interpreter, args, argsAt, self: instance, at, isNew: true }, instance);
}

/** `super.name` */
export function superMember(interpreter: Interpreter, name: string, at: Place, scope: Scope): Value {
  const { thisValue, home } = scope.frame;
  for (let cls = home?.superclass; cls instanceof ClassValue; cls = cls.superclass) {
    const method = cls.methods.get(name);
    if (method !== undefined) return method.value;
  }
  if (thisValue instanceof ObjectValue && thisValue.slot !== undefined) {
    const value = thisValue.slot.get(name, interpreter, at);
    return typeof value === 'symbol' ? new NativeFunction(name, () => undefined) : value;
  }
  return thisValue instanceof ObjectValue && thisValue.open !== undefined
    ? thisValue.open.member(name)
    : new NativeFunction(name, () => undefined);
}
