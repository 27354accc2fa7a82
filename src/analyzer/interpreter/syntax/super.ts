import type { Expression, SpreadElement } from '../../program/nodes';
import type { Place } from '../../trace/facts';
import type { Interpreter } from '../interpreter';
import type { Scope } from '../scope';
import { ClassValue, FunctionValue, NativeFunction, ObjectValue, UnknownValue, type Value } from '../values/values';
import { evaluateArguments } from './callExpressions';
import { callFunction } from './calls';
import { initialiseFields, runConstructor } from './classes';

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
  if (!(thisValue instanceof ObjectValue) || home === undefined) return undefined;
  const given = constructSuper(interpreter, superclass, values, places, at, thisValue);
  initialiseFields(interpreter, home, thisValue);
  return given;
}

/** A class without a constructor hands its arguments up; without `args` nothing is known of them. */
export function forwardSuper(
  interpreter: Interpreter,
  cls: ClassValue,
  args: readonly Value[] | undefined,
  places: readonly Place[],
  at: Place,
  instance: ObjectValue,
): Value {
  const given =
    args === undefined && cls.superclass instanceof NativeFunction
      ? [interpreter.unknown('parameter', at, `what ${cls.name} is given`, 'config')]
      : args;
  return constructSuper(interpreter, cls.superclass, given, places, at, instance);
}

function constructSuper(
  interpreter: Interpreter,
  superclass: Value,
  args: readonly Value[] | undefined,
  places: readonly Place[],
  at: Place,
  instance: ObjectValue,
): Value {
  if (superclass instanceof ClassValue) return runConstructor(interpreter, superclass, args, places, at, instance);
  if (superclass instanceof NativeFunction) constructSlot(interpreter, superclass, args ?? [], places, at, instance);
  else if (superclass instanceof FunctionValue) return callFunction(interpreter, superclass, args, instance, at);
  else if (superclass instanceof UnknownValue) {
    interpreter.touch(instance);
    instance.open = superclass;
  } else if (superclass !== undefined && superclass !== null) {
    interpreter.touch(instance);
    instance.open = interpreter.unknown('unsupported', at, 'the class above is not followed');
  }
  return undefined;
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
  if (base.construct === undefined) {
    instance.open = interpreter.unknown('unsupported', at, `what ${base.name} gives its instances is not followed`);
    return;
  }
  instance.slot = base.construct({ interpreter, args, argsAt, self: instance, at, isNew: true }, instance);
}

/** `super.name` */
export function superMember(interpreter: Interpreter, name: string, at: Place, scope: Scope): Value {
  const { thisValue, home } = scope.frame;
  if (home !== undefined && thisValue instanceof ClassValue) {
    const above = home.superclass;
    return above === undefined ? new NativeFunction(name, () => undefined) : interpreter.get(above, name, at);
  }
  for (let level = home?.prototype.proto; level instanceof ObjectValue; level = level.proto) {
    const property = level.properties.get(name);
    if (property === undefined) continue;
    return property.getter === undefined ? property.value : interpreter.call(property.getter, [], at, thisValue);
  }
  if (home === undefined) return interpreter.unknown('unsupported', at, `super.${name} of an object is not followed`);
  if (thisValue instanceof ObjectValue && thisValue.slot !== undefined) {
    const value = thisValue.slot.get(name, interpreter, at);
    return typeof value === 'symbol' ? new NativeFunction(name, () => undefined) : value;
  }
  return thisValue instanceof ObjectValue && thisValue.open !== undefined
    ? thisValue.open.member(name)
    : new NativeFunction(name, () => undefined);
}
