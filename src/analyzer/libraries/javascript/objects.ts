/** `Object` and `Reflect`: what lists, makes, copies, closes and defines properties. */

import { tryPath } from '../../interpreter/effects/paths';
import { ModuleNamespace } from '../../interpreter/modules';
import { hasMember, hasOwn, keyOf } from '../../interpreter/syntax/members';
import { setMember } from '../../interpreter/syntax/memberWrites';
import { spreadInto } from '../../interpreter/syntax/spread';
import { elementsOf, withMaybe } from '../../interpreter/values/elements';
import { joinValues } from '../../interpreter/values/join';
import { patch } from '../../interpreter/values/patches';
import {
  defineProperty,
  deleteProperty,
  isSecret,
  keeperOf,
  listedOf,
  loseContents,
  presentValue,
} from '../../interpreter/values/properties';
import {
  ArrayValue,
  type Call,
  ClassValue,
  FunctionValue,
  HostObject,
  inKeyOrder,
  isStructured,
  isUnknown,
  type Lock,
  NativeFunction,
  ObjectValue,
  type Property,
  UnionValue,
  type Value,
} from '../../interpreter/values/values';
import { argumentsIn } from './functions';

type Native = (call: Call) => Value;

function natives(table: Readonly<Record<string, Native>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(table).map(([name, call]) => [name, new NativeFunction(name, call)]));
}

function lost({ interpreter, args, at }: Call, text: string): Value {
  return (
    args.map((a) => interpreter.because(a)).find((u) => u !== undefined) ?? interpreter.unknown('unsupported', at, text)
  );
}

/** What the keys, values or entries of an object are, in their order. */
function overProperties(call: Call, entry: (key: string, value: Value) => Value, all = false): Value {
  const {
    interpreter,
    args: [object],
    at,
  } = call;
  if (object instanceof ArrayValue) {
    const more = interpreter.patches?.peek(object);
    const own = more === undefined ? [] : listedOf(more).map(([key, { value }]) => entry(key, value));
    if (all || (object.rest !== undefined && own.length > 0)) return lost(call, 'the properties are not known');
    return new ArrayValue(
      [...Object.keys(object.elements).map((key) => entry(key, object.elements[Number(key)])), ...own],
      object.rest === undefined ? undefined : entry('', object.rest),
    );
  }
  if (typeof object === 'string') return new ArrayValue(object.split('').map((letter, i) => entry(String(i), letter)));
  if (object instanceof HostObject && object.ownEntries !== undefined) {
    const entries = object.ownEntries(interpreter, at);
    if (entries !== undefined) return new ArrayValue(entries.map(([key, value]) => entry(key, value)));
  }
  const keeper = object instanceof HostObject ? undefined : keeperOf(interpreter, object);
  if (keeper === undefined || (object instanceof ObjectValue && object.shared))
    return isUnknown(object) ? new ArrayValue([], object.member('[]')) : lost(call, 'the properties are not known');
  const take = ([key, property]: readonly [string, Property]): Value =>
    entry(key, property.getter === undefined ? property.value : interpreter.get(object, key, at));
  const listed = all ? inKeyOrder([...keeper.properties].filter(([key]) => !isSecret(key))) : listedOf(keeper);
  const { elements, rest } = withMaybe(listed, take, keeper.open?.member('[]'));
  return new ArrayValue([...elements], rest);
}

/** `Object.freeze` and its like; of a value that is no object of the program nothing is followed. */
const locking =
  (lock: Lock): Native =>
  ({ interpreter, args: [value] }) => {
    const keeper = value instanceof HostObject ? undefined : keeperOf(interpreter, value);
    if (keeper === undefined) return value;
    interpreter.touch(keeper);
    keeper.lock =
      keeper.lock === 'maybe' ? 'maybe' : LOCKS.indexOf(lock) > LOCKS.indexOf(keeper.lock) ? lock : keeper.lock;
    return value;
  };

const LOCKS: readonly (Lock | undefined)[] = [undefined, 'fixed', 'sealed', 'frozen'];

const isLocked =
  (least: Lock, open: boolean): Native =>
  (call) => {
    const [value] = call.args;
    const keeper =
      value instanceof ArrayValue ? call.interpreter.patches?.peek(value) : keeperOf(call.interpreter, value);
    if (!isStructured(value)) return !open;
    if (isUnknown(value) || value instanceof UnionValue || value instanceof HostObject || keeper?.lock === 'maybe')
      return lost(call, 'whether it is closed is not known');
    const lock = keeper?.lock;
    const size = keeper?.properties.size ?? 0;
    if (lock !== 'frozen' && lock !== undefined && size === 0 && !open)
      return lost(call, 'whether it is closed is not known');
    return LOCKS.indexOf(lock) >= LOCKS.indexOf(least) !== open;
  };

function prototypeOf(call: Call): Value {
  const [value] = call.args;
  if (value instanceof ObjectValue && !value.shared) {
    const above = value.proto ?? value.class?.prototype;
    if (above !== undefined || value.proto === null) return above ?? null;
  }
  if (
    value instanceof ClassValue &&
    (value.superclass instanceof ClassValue || value.superclass instanceof FunctionValue)
  )
    return value.superclass;
  return lost(call, 'what it inherits from is not followed');
}

function setPrototype(call: Call): void {
  const { interpreter, at } = call;
  const [value, proto] = call.args;
  if (!(value instanceof ObjectValue) || value.shared) return;
  interpreter.touch(value);
  if (value.class !== undefined || !(proto === null || proto instanceof ObjectValue))
    loseContents(interpreter, value, interpreter.unknown('unsupported', at, 'what it inherits from is not followed'));
  else value.proto = proto;
}

function create(call: Call): Value {
  const { interpreter, at } = call;
  const [proto, properties] = call.args;
  const object = new ObjectValue();
  if (proto === null || proto instanceof ObjectValue) object.proto = proto;
  else
    object.open =
      interpreter.because(proto) ?? interpreter.unknown('unsupported', at, 'what it inherits from is not followed');
  if (properties !== undefined) defineAll(call, object, properties);
  return object;
}

function defineAll({ interpreter, at }: Call, target: Value, properties: Value): void {
  if (properties instanceof ObjectValue && properties.open === undefined)
    for (const [key] of listedOf(properties))
      defineProperty(interpreter, target, key, interpreter.get(properties, key, at), at);
  else loseContents(interpreter, target, interpreter.unknown('unsupported', at, 'the descriptors are not known'));
}

const define: Native = (call) => {
  const {
    interpreter,
    args: [target, name, descriptor],
    at,
  } = call;
  const key = keyOf(interpreter, name, at);
  if (target instanceof HostObject) {
    if (key !== undefined)
      patch(interpreter, target, key, {
        value: interpreter.unknown('unsupported', at, 'a property that is defined on it'),
      });
  } else if (key === undefined)
    loseContents(interpreter, target, interpreter.unknown('unsupported', at, 'a key is defined that is not known'));
  else if (target instanceof ArrayValue && (key === 'length' || /^\d+$/.test(key)))
    loseContents(interpreter, target, interpreter.unknown('unsupported', at, 'an element that is defined'));
  else defineProperty(interpreter, target, key, descriptor, at);
  return target;
};

function descriptorOf(call: Call): Value {
  const {
    interpreter,
    args: [object, name],
    at,
  } = call;
  const key = keyOf(interpreter, name, at);
  const keeper =
    object instanceof ObjectValue && !object.shared
      ? object
      : object instanceof ClassValue
        ? object.statics
        : undefined;
  const property = key === undefined ? undefined : keeper?.properties.get(key);
  if (keeper === undefined || key === undefined || property?.maybe === true)
    return lost(call, 'the descriptor is not known');
  if (property === undefined) return keeper.open === undefined ? undefined : lost(call, 'the descriptor is not known');
  const rights = { enumerable: property.hidden !== true, configurable: property.fixed !== true };
  return property.getter === undefined && property.setter === undefined
    ? ObjectValue.of({ value: property.value, writable: property.fixed !== true, ...rights })
    : ObjectValue.of({ get: property.getter, set: property.setter, ...rights });
}

function assign(call: Call): Value {
  const {
    interpreter,
    args: [target, ...sources],
    at,
  } = call;
  const read = new ObjectValue();
  for (const source of sources) if (isStructured(source)) spreadInto(interpreter, read, source, at);
  const keeper = target instanceof ObjectValue && !target.shared ? target : undefined;
  if (keeper === undefined || keeper.lock !== undefined || hasSetter(keeper)) {
    for (const [key, property] of read.properties) {
      const set = (): void => setMember(interpreter, target, key, presentValue(property), at);
      if (property.maybe === true) tryPath(interpreter, set);
      else set();
    }
    if (read.open !== undefined) loseContents(interpreter, target, read.open);
    return target;
  }
  interpreter.touch(keeper);
  for (const source of sources) if (isStructured(source)) spreadInto(interpreter, keeper, source, at);
  return target;
}

const hasSetter = (object: ObjectValue): boolean => {
  for (const { setter, getter, fixed } of object.properties.values())
    if (setter !== undefined || getter !== undefined || fixed) return true;
  return object.proto instanceof ObjectValue || (object.class?.methods.size ?? 0) > 0
    ? [...(object.class?.methods.values() ?? []), ...(object.proto?.properties.values() ?? [])].some(
        ({ setter }) => setter !== undefined,
      )
    : false;
};

const OBJECT = natives({
  keys: (call) => {
    const [object] = call.args;
    if (object instanceof ModuleNamespace && object.isComplete())
      return new ArrayValue([...new Set(object.names())].sort());
    return overProperties(call, (key) => key);
  },
  values: (call) => overProperties(call, (_, value) => value),
  entries: (call) => overProperties(call, (key, value) => new ArrayValue([key, value])),
  getOwnPropertyNames: (call) => overProperties(call, (key) => key, true),
  assign,
  freeze: locking('frozen'),
  seal: locking('sealed'),
  preventExtensions: locking('fixed'),
  isFrozen: isLocked('frozen', false),
  isSealed: isLocked('sealed', false),
  isExtensible: isLocked('fixed', true),
  create,
  fromEntries: (call) => {
    const { interpreter, args, at } = call;
    const object = new ObjectValue();
    const { elements, rest } = elementsOf(interpreter, args[0], at, 'iteration');
    for (const entry of elements) {
      const key = keyOf(interpreter, interpreter.get(entry, '0', at), at);
      const value = interpreter.get(entry, '1', at);
      if (key !== undefined) object.properties.set(key, { value });
      else {
        for (const [known, before] of object.properties)
          object.properties.set(known, { value: joinValues(before.value, value) });
        object.open ??= interpreter.unknown('unsupported', at, 'a key that is not known');
      }
    }
    if (rest !== undefined)
      object.open =
        interpreter.because(rest) ?? interpreter.unknown('runtime-data', at, 'the entries are not all known');
    return object;
  },
  defineProperty: define,
  defineProperties: (call) => {
    defineAll(call, call.args[0], call.args[1]);
    return call.args[0];
  },
  getOwnPropertyDescriptor: descriptorOf,
  getPrototypeOf: prototypeOf,
  setPrototypeOf: (call) => {
    setPrototype(call);
    return call.args[0];
  },
  hasOwn: (call) => {
    const key = keyOf(call.interpreter, call.args[1], call.at);
    return (
      (key === undefined ? undefined : hasOwn(call.interpreter, call.args[0], key)) ??
      lost(call, 'whether the key is there is not known')
    );
  },
  is: (call) => {
    const [a, b] = call.args;
    if (!isStructured(a) && !isStructured(b)) return Object.is(a, b);
    return a === b && !isUnknown(a) ? true : lost(call, 'whether they are the same is not known');
  },
  groupBy: (call) => {
    call.interpreter.visitCallbacks(call.args, call.at);
    return lost(call, 'groups are not followed');
  },
});

export const objectConstructor = new NativeFunction(
  'Object',
  (call) => {
    const [value] = call.args;
    if (value === undefined || value === null) return new ObjectValue();
    return isStructured(value) ? value : lost(call, 'a primitive as an object');
  },
  { members: OBJECT },
);

const REFLECT: Readonly<Record<string, Native>> = {
  get: ({ interpreter, args: [object, name], at }) => {
    const key = keyOf(interpreter, name, at);
    return key === undefined
      ? interpreter.unknown('unsupported', at, 'the key is not known')
      : interpreter.get(object, key, at);
  },
  set: ({ interpreter, args: [object, name, value], at }) => {
    setMember(interpreter, object, name, value, at);
    return true;
  },
  has: (call) => {
    const key = keyOf(call.interpreter, call.args[1], call.at);
    return (
      (key === undefined ? undefined : hasMember(call.interpreter, call.args[0], key)) ??
      lost(call, 'whether the key is there is not known')
    );
  },
  deleteProperty: ({ interpreter, args: [object, name], at }) => {
    const key = keyOf(interpreter, name, at);
    if (key !== undefined)
      return object instanceof HostObject
        ? object.deleted(key, interpreter, at)
        : deleteProperty(interpreter, object, key);
    loseContents(interpreter, object, interpreter.unknown('unsupported', at, 'the key is not known'));
    return true;
  },
  defineProperty: (call) => {
    define(call);
    return true;
  },
  ownKeys: (call) => overProperties(call, (key) => key, true),
  apply: ({ interpreter, args: [fn, self, list], at }) =>
    interpreter.call(fn, argumentsIn(interpreter, list, at), at, self),
  construct: ({ interpreter, args: [cls, list, target], at }) =>
    target === undefined
      ? interpreter.construct(cls, argumentsIn(interpreter, list, at), at)
      : interpreter.unknown('unsupported', at, 'another class than that which is constructed'),
  getPrototypeOf: prototypeOf,
  setPrototypeOf: (call) => {
    setPrototype(call);
    return true;
  },
  getOwnPropertyDescriptor: descriptorOf,
  preventExtensions: (call) => {
    locking('fixed')(call);
    return true;
  },
  isExtensible: isLocked('fixed', true),
};

export const reflect = ObjectValue.of(
  Object.fromEntries(Object.entries(REFLECT).map(([name, call]) => [name, new NativeFunction(name, call)])),
).asShared();
