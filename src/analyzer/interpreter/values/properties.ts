/** The properties of objects as the language has them: which are there, which are listed, who may set them. */

import type { Place } from '../../trace/facts';
import type { Interpreter } from '../interpreter';
import { joinValues } from './join';
import { patchOf } from './patches';
import {
  ArrayValue,
  ClassValue,
  FunctionValue,
  HostObject,
  inKeyOrder,
  NativeFunction,
  ObjectValue,
  optionsOf,
  type Property,
  UnionValue,
  type UnknownValue,
  type Value,
} from './values';

/** Whether a key is no text: a symbol's or a private name. */
export const isSecret = (key: string): boolean =>
  key.charCodeAt(0) === 64 ? key.startsWith('@@') : key.charCodeAt(0) === 35;

const isListed = ([key, { hidden }]: readonly [string, Property]): boolean => hidden !== true && !isSecret(key);

/** The keys that are listed, in their order. */
export function listedOf(object: ObjectValue): readonly (readonly [string, Property])[] {
  return inKeyOrder([...object.properties].filter(isListed));
}

/** What a class, an instance or an object made from another inherits from, nearest first. */
export function* lineOf(object: ObjectValue): Iterable<ObjectValue> {
  const seen = new Set<ObjectValue>([object]);
  for (let at = above(object); at !== undefined && !seen.has(at); at = above(at)) {
    seen.add(at);
    yield at;
  }
}

function above({ proto, class: cls }: ObjectValue): ObjectValue | undefined {
  if (proto !== undefined) return proto ?? undefined;
  return cls?.prototype;
}

/** A property of an object or of what it inherits from. */
export function findProperty(object: ObjectValue, name: string): Property | undefined {
  const own = object.properties.get(name);
  if (own !== undefined || (object.proto === undefined && object.class === undefined)) return own;
  for (const at of lineOf(object)) {
    const property = at.properties.get(name);
    if (property !== undefined) return property;
  }
  return undefined;
}

/** Why more may be there than what is known, in an object or in what it inherits from. */
export function openingOf(object: ObjectValue): UnknownValue | undefined {
  if (object.open !== undefined || (object.proto === undefined && object.class === undefined)) return object.open;
  for (const at of lineOf(object)) if (at.open !== undefined) return at.open;
  return undefined;
}

/** The value of a property that may not be there, in the case that it is. */
export function presentValue({ value, maybe }: Property): Value {
  if (maybe !== true || !(value instanceof UnionValue)) return value;
  const present = value.options.filter((option) => option !== undefined);
  return present.length === 1 ? present[0] : new UnionValue(present);
}

/** Puts a property in the place of another, which stays where the new one may not be there. */
export function putProperty(object: ObjectValue, key: string, property: Property): void {
  const before = object.properties.get(key);
  if (property.maybe !== true || before === undefined) object.properties.set(key, property);
  else
    object.properties.set(key, {
      value: joinValues(before.value, presentValue(property)),
      ...(before.maybe && { maybe: true }),
    });
}

/** The object that keeps the properties of something. */
export function keeperOf(interpreter: Interpreter, value: Value): ObjectValue | undefined {
  if (value instanceof ObjectValue) return value.shared ? patchOf(interpreter, value) : value;
  if (value instanceof ClassValue) return value.statics;
  if (value instanceof FunctionValue) return value.properties;
  if (value instanceof NativeFunction || value instanceof ArrayValue) return patchOf(interpreter, value);
  return undefined;
}

/** `delete object[key]`: whether it is gone afterwards. */
export function deleteProperty(interpreter: Interpreter, object: Value, key: string): boolean {
  if (object instanceof ArrayValue && /^(?:0|[1-9]\d*)$/.test(key)) {
    interpreter.touch(object);
    delete object.elements[Number(key)];
    return true;
  }
  const keeper = keeperOf(interpreter, object);
  if (keeper === undefined) return true;
  const property = keeper.properties.get(key);
  if (property === undefined) return true;
  if (property.fixed === true && property.hidden === true) return false;
  if (keeper.lock === 'frozen' || keeper.lock === 'sealed') return false;
  interpreter.touch(keeper);
  keeper.properties.delete(key);
  return true;
}

/** `Object.defineProperty(target, key, descriptor)` */
export function defineProperty(
  interpreter: Interpreter,
  target: Value,
  key: string,
  descriptor: Value,
  at: Place,
): void {
  const object = keeperOf(interpreter, target);
  if (object === undefined || object.lock !== undefined) return;
  interpreter.touch(object);
  if (!(descriptor instanceof ObjectValue)) {
    object.properties.set(key, {
      value: interpreter.because(descriptor) ?? interpreter.unknown('unsupported', at, 'the descriptor is not known'),
    });
    return;
  }
  const before = object.properties.get(key);
  const given = (name: string): Value | undefined =>
    findProperty(descriptor, name) === undefined && descriptor.open === undefined
      ? undefined
      : interpreter.get(descriptor, name, at);
  const getter = given('get');
  const setter = given('set');
  const isFlag = (name: 'enumerable' | 'writable', kept: boolean): boolean => {
    const flag = given(name);
    return flag === undefined ? kept : flag === true;
  };
  const hidden = !isFlag('enumerable', before !== undefined && before.hidden !== true);
  const fixed = !isFlag('writable', before !== undefined && before.fixed !== true);
  const rights = { ...(hidden && { hidden }), ...(fixed && { fixed }) } as Pick<Property, 'hidden' | 'fixed'>;
  if (getter === undefined && setter === undefined) {
    const kept = before?.getter === undefined ? before?.value : undefined;
    object.properties.set(key, { value: given('value') ?? kept, ...rights });
  } else {
    object.properties.set(key, {
      value: undefined,
      getter: getter ?? before?.getter,
      setter: setter ?? before?.setter,
      ...(hidden && { hidden }),
    });
  }
}

/** Forgets all that something holds: what is done to it is not followed. */
export function loseContents(interpreter: Interpreter, value: Value, lost: UnknownValue): void {
  for (const one of optionsOf(value)) {
    if (one instanceof HostObject) one.forget(interpreter, lost);
    else if (one instanceof ArrayValue) {
      interpreter.touch(one);
      one.rest = lost;
      one.elements = [];
    } else if (one instanceof ObjectValue && !one.shared) {
      interpreter.touch(one);
      for (const [key, property] of one.properties)
        if (property.getter === undefined && !(property.value instanceof FunctionValue))
          one.properties.set(key, { value: lost.member(key), maybe: true });
      one.open ??= lost;
    }
  }
}
