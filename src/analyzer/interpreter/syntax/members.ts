import { isPoly } from '../../shapes/dim';
import type { Place } from '../../trace/facts';
import { mayThrow } from '../effects/paths';
import type { Interpreter } from '../interpreter';
import { errorOf } from '../values/errors';
import { joinAll, joinValues } from '../values/join';
import { prototypeOf } from '../values/patches';
import { textOf } from '../values/primitives';
import { findProperty, isSecret, keeperOf, lineOf, openingOf } from '../values/properties';
import {
  ArrayValue,
  ClassValue,
  FunctionValue,
  HostObject,
  isStructured,
  isUnknown,
  NativeFunction,
  ObjectValue,
  type Property,
  SymbolValue,
  UnionValue,
  UnknownValue,
  type Value,
} from '../values/values';

/** What is read from them is a global: `window.tf`, `globalThis.Math`. */
const GLOBAL_OBJECTS: ReadonlySet<string> = new Set(['window', 'globalThis', 'self', 'global']);

export const isGlobalObject = ({ reason, name }: UnknownValue): boolean =>
  reason.code === 'external' && GLOBAL_OBJECTS.has(name ?? '');

/** `object.name` */
export function getMember(interpreter: Interpreter, object: Value, name: string, at: Place): Value {
  const language = interpreter.library.members;
  if (object === undefined || object === null) {
    mayThrow(interpreter, errorOf(interpreter, 'TypeError'));
    return interpreter.unknown('error', at, `.${name} is read from ${object}`);
  }
  if (interpreter.patches !== undefined) {
    const patch = interpreter.patches.find(interpreter, object, name);
    if (patch !== undefined) return read(interpreter, patch, object, at);
  }
  if (typeof object === 'string')
    return language.string(object, name) ?? inherited(interpreter, 'String', object, name, at);
  if (typeof object === 'number' || isPoly(object))
    return language.number(object, name) ?? inherited(interpreter, 'Number', object, name, at);
  if (!isStructured(object))
    return inherited(interpreter, typeof object === 'bigint' ? 'BigInt' : 'Boolean', object, name, at);
  switch (object.kind) {
    case 'unknown':
      if (isGlobalObject(object)) {
        const global = interpreter.library.global(name);
        if (global !== undefined) return global;
      }
      return interpreter.modules.meant(interpreter, object.member(name), name, at.file);
    case 'union':
      return overOptions(interpreter, object, name, at);
    case 'object':
      return objectMember(interpreter, object, name, at);
    case 'list': {
      if (name === 'length' && isEmptySince(object, interpreter.visits))
        return interpreter.unknown('parameter', at, 'a list that what nobody in view calls may fill', 'length');
      const member = language.list(object, name);
      if (member !== undefined || isIndex(name)) return member;
      if (!object.isInputs) return inherited(interpreter, 'Array', object, name, at);
      // The list is used as if it were the tensor in it: the fact is kept, and reading goes on.
      interpreter.record({
        kind: 'member',
        at,
        owner: 'inputs',
        member: name,
        how: 'property',
        exists: false,
        op: undefined,
      });
      return getMember(interpreter, object.elements[0], name, at);
    }
    case 'host': {
      const member = object.get(name, interpreter, at);
      return typeof member === 'symbol' ? inherited(interpreter, 'Object', object, name, at) : member;
    }
    case 'promise':
      return language.promise(object, name) ?? inherited(interpreter, 'Object', object, name, at);
    case 'class':
      return classMember(interpreter, object, name, at);
    case 'native':
      return (
        object.members?.get(name) ??
        (name === 'prototype' ? prototypeOf(interpreter, object.name) : undefined) ??
        (name === 'name' && !object.name.startsWith('bound ') ? object.name : undefined) ??
        language.function(object, name) ??
        inherited(interpreter, 'Function', object, name, at)
      );
    case 'function':
      return functionMember(interpreter, object, name, at);
  }
}

function functionMember(interpreter: Interpreter, fn: FunctionValue, name: string, at: Place): Value {
  const own = fn.properties.properties.get(name);
  if (own !== undefined) return read(interpreter, own, fn, at);
  if (name === 'prototype') return fn.node.arrow ? undefined : prototypeOfFunction(fn);
  if (name === 'length') {
    const rest = fn.node.parameters.findIndex((p) => p.rest || p.pattern.kind === 'defaultPattern');
    return rest < 0 ? fn.node.parameters.length : rest;
  }
  if (name === 'name' && fn.node.name !== undefined) return fn.node.name;
  return (
    interpreter.library.members.function(fn, name) ??
    fn.properties.open?.member(name) ??
    inherited(interpreter, 'Function', fn, name, at)
  );
}

/** What `new fn()` inherits from. */
export function prototypeOfFunction(fn: FunctionValue): ObjectValue {
  const known = fn.properties.properties.get('prototype')?.value;
  if (known instanceof ObjectValue) return known;
  const prototype = new ObjectValue(new Map([['constructor', { value: fn, hidden: true }]]));
  if (known === undefined) fn.properties.properties.set('prototype', { value: prototype, hidden: true });
  return prototype;
}

/** The prototypes of the language's own values: what they have that no table says is not known. */
const PROTOTYPES = {
  Array: Array.prototype,
  BigInt: BigInt.prototype,
  Boolean: Boolean.prototype,
  Function: Function.prototype,
  Number: Number.prototype,
  Object: Object.prototype,
  String: String.prototype,
} as const;

function inherited(
  interpreter: Interpreter,
  kind: keyof typeof PROTOTYPES,
  object: Value,
  name: string,
  at: Place,
): Value {
  const builtin = objectBuiltins.get(name);
  if (builtin !== undefined && (kind === 'Object' || name !== 'toString')) return builtin;
  if (!(name in PROTOTYPES[kind])) return undefined;
  if (name === 'constructor' && !(object instanceof HostObject))
    return (
      interpreter.library.global(kind) ?? new UnknownValue(interpreter.reason('unsupported', at, 'its constructor'))
    );
  return new UnknownValue(interpreter.reason('unsupported', at, `${name} is not followed`), name);
}

/** It was made empty in an earlier visit, so what is called before this one may have filled it. */
const isEmptySince = (list: ArrayValue, visits: number): boolean =>
  list.elements.length === 0 && list.rest === undefined && list.since !== undefined && list.since < visits;

/** null and undefined would throw, and drop out. */
function overOptions(interpreter: Interpreter, object: UnionValue, name: string, at: Place): Value {
  const live = object.options.filter((o) => o !== undefined && o !== null);
  if (live.length === 0) return undefined;
  const read = (): Value => live.map((o) => getMember(interpreter, o, name, at)).reduce(joinValues);
  return ofOneKind(live) ? read() : interpreter.within({ certain: false }, read);
}

/** Whether an object of a library is never met among values of another kind, to which code may mean what it does. */
export function ofOneKind(options: readonly Value[]): boolean {
  const hosts = options.filter((option) => option instanceof HostObject).length;
  return hosts === 0 || hosts === options.length;
}

function read(interpreter: Interpreter, property: Property, self: Value, at: Place): Value {
  return property.getter === undefined ? property.value : interpreter.call(property.getter, [], at, self);
}

/** Whether a key is the place of an element of a list. */
export const isIndex = (key: string): boolean => /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;

function objectMember(interpreter: Interpreter, object: ObjectValue, name: string, at: Place): Value {
  if (name.charCodeAt(0) === 35 && object.class !== undefined && isTwice(object.class, name))
    return interpreter.unknown('unsupported', at, `${name} is declared by two classes of one instance`);
  const own = object.properties.get(name);
  if (own === undefined) return inheritedMember(interpreter, object, name, at);
  const value = read(interpreter, own, object, at);
  return own.maybe === true ? joinValues(value, inheritedMember(interpreter, object, name, at)) : value;
}

function inheritedMember(interpreter: Interpreter, object: ObjectValue, name: string, at: Place): Value {
  if (object.class !== undefined || object.proto !== undefined) {
    for (const level of lineOf(object)) {
      const property = level.properties.get(name);
      if (property !== undefined) return read(interpreter, property, object, at);
      if (level.open !== undefined) return level.open.member(name);
    }
  }
  if (object.slot !== undefined) {
    const member = object.slot.get(name, interpreter, at);
    if (typeof member !== 'symbol') return member;
  }
  if (object.open !== undefined) return interpreter.modules.meant(interpreter, object.open.member(name), name, at.file);
  if (object.origin !== undefined) {
    const { owner, op } = object.origin;
    const how = /^\d+$/.test(name) ? 'element' : 'property';
    interpreter.record({ kind: 'member', at, owner, member: name, how, exists: false, op });
  }
  if (object.proto === null) return undefined;
  return name === '__proto__'
    ? (object.proto ?? object.class?.prototype)
    : inherited(interpreter, 'Object', object, name, at);
}

const TWICE = new WeakMap<ClassValue, ReadonlySet<string>>();

/** Whether two classes of a line declare the same private name: each has its own under it. */
function isTwice(cls: ClassValue, name: string): boolean {
  let twice = TWICE.get(cls);
  if (twice === undefined) {
    const all = new Set<string>();
    const found = new Set<string>();
    for (let at: Value = cls; at instanceof ClassValue; at = at.superclass) {
      const own = new Set<string>();
      for (const member of at.node.members)
        if (
          member.kind !== 'constructor' &&
          member.kind !== 'staticBlock' &&
          member.key.kind === 'name' &&
          !member.static
        )
          own.add(member.key.name);
      for (const key of own) {
        if (key.startsWith('#') && all.has(key)) found.add(key);
        all.add(key);
      }
    }
    twice = found;
    TWICE.set(cls, twice);
  }
  return twice.has(name);
}

const objectBuiltins: ReadonlyMap<string, Value> = new Map<string, Value>([
  [
    'hasOwnProperty',
    new NativeFunction('hasOwnProperty', ({ interpreter, self, args, at }) => {
      const key = propertyKeyOf(args[0]);
      return (
        (key === undefined ? undefined : hasOwn(interpreter, self, key)) ??
        new UnknownValue(interpreter.reason('unsupported', at, 'whether the key is there is not known'))
      );
    }),
  ],
  [
    'toString',
    new NativeFunction('toString', ({ interpreter, self, at }) =>
      self instanceof ObjectValue && findProperty(self, '@@toStringTag') === undefined && openingOf(self) === undefined
        ? isError(self)
          ? new UnknownValue(interpreter.reason('unsupported', at, 'the text of an error'))
          : '[object Object]'
        : new UnknownValue(interpreter.reason('unsupported', at, 'the text of an object')),
    ),
  ],
  ['valueOf', new NativeFunction('valueOf', ({ self }) => self)],
]);

/** Whether it inherits from `Error.prototype`. */
export function isError(object: ObjectValue): boolean {
  for (const level of lineOf(object)) if (level.shared) return true;
  return false;
}

function classMember(interpreter: Interpreter, object: ClassValue, name: string, at: Place): Value {
  for (let cls: Value = object; ; cls = cls.superclass) {
    if (cls instanceof ClassValue) {
      const property = cls.statics.properties.get(name);
      if (property !== undefined) return read(interpreter, property, object, at);
      continue;
    }
    if (name === 'name') return object.node.name === undefined && object.name === 'class' ? '' : object.name;
    if (name === 'prototype') return object.prototype;
    if (isUnknown(cls)) return cls.member(name);
    if (object.statics.open !== undefined) return object.statics.open.member(name);
    const member =
      cls instanceof NativeFunction
        ? cls.members?.get(name)
        : cls instanceof FunctionValue
          ? getMember(interpreter, cls, name, at)
          : undefined;
    return (
      member ??
      interpreter.library.members.function(object, name) ??
      inherited(interpreter, 'Function', object, name, at)
    );
  }
}

/** `object[index]` */
export function indexMember(interpreter: Interpreter, object: Value, index: Value, at: Place): Value {
  if (index instanceof UnionValue)
    return index.options.map((i) => indexMember(interpreter, object, i, at)).reduce(joinValues);
  if (object instanceof ArrayValue) {
    if (typeof index === 'number' && index >= 0 && interpreter.patches === undefined)
      return index < object.elements.length && Number.isInteger(index) ? object.elements[index] : object.rest;
    if (isUnknown(index) || isPoly(index))
      return anyElement(object) ?? interpreter.unknown('unsupported', at, 'an element of an empty list');
  }
  const key = keyOf(interpreter, index, at);
  if (key !== undefined) return getMember(interpreter, object, key, at);
  if (object instanceof ObjectValue) {
    const properties = [...object.properties];
    const plain = properties.every(([, { getter, maybe }]) => getter === undefined && maybe === undefined);
    if (object.open === undefined && plain && properties.length > 0 && properties.length <= 4)
      return properties.map(([, { value }]) => value).reduce(joinValues);
    return lostAmong(
      interpreter.because(index) ?? interpreter.unknown('runtime-data', at, 'the key is not known'),
      properties.map(([, { value }]) => value),
    );
  }
  if (isUnknown(object)) return object.member('[]');
  return interpreter.because(index) ?? interpreter.unknown('runtime-data', at, 'the index is not known');
}

/** The unknown that one of the values is: what is done to it is done to one of them. */
function lostAmong(lost: UnknownValue, values: readonly Value[]): UnknownValue {
  const one = new UnknownValue(lost.reason, lost.name);
  one.among = new Set(values.filter((value) => value instanceof ObjectValue || value instanceof ArrayValue));
  return one;
}

/** Any one of the elements; a hole is undefined, as it is read. */
export function anyElement(list: ArrayValue): Value {
  return joinAll(list.rest === undefined ? list.elements : [...list.elements, list.rest]);
}

/** The key that a value is, where nothing of the program has to run for that. */
export function propertyKeyOf(value: Value): string | undefined {
  if (value instanceof SymbolValue) return value.key;
  if (typeof value === 'object' && value !== null) return undefined;
  return String(value);
}

/** The key that a value is: of an object, its text. */
export function keyOf(interpreter: Interpreter, value: Value, at: Place): string | undefined {
  const key = propertyKeyOf(value);
  if (key !== undefined || isUnknown(value) || value instanceof UnionValue || isPoly(value)) return key;
  return textOf(interpreter, value, at);
}

/** Whether an object has a property of its own; undefined where that depends. */
export function hasOwn(interpreter: Interpreter, object: Value, name: string): boolean | undefined {
  if (object instanceof ArrayValue && (isIndex(name) || name === 'length')) return hasMember(interpreter, object, name);
  if (typeof object === 'string') return name === 'length' || (isIndex(name) && Number(name) < object.length);
  const keeper =
    object instanceof ArrayValue || object instanceof NativeFunction
      ? interpreter.patches?.peek(object)
      : object instanceof ObjectValue && object.shared
        ? object
        : keeperOf(interpreter, object);
  const property = keeper?.properties.get(name);
  if (property !== undefined) return property.maybe === true ? undefined : true;
  if (!(object instanceof ObjectValue)) return undefined;
  return object.open === undefined && object.slot === undefined && !object.shared ? false : undefined;
}

/** `name in object` */
export function hasMember(interpreter: Interpreter, object: Value, name: string): boolean | undefined {
  if (object instanceof HostObject) return object.has(name, interpreter);
  if (object instanceof ObjectValue) {
    const property = findProperty(object, name);
    if (property !== undefined) return property.maybe === true ? undefined : true;
    if (openingOf(object) !== undefined || object.slot !== undefined || object.shared) return undefined;
    return object.proto === null || isSecret(name) ? false : name in Object.prototype;
  }
  if (object instanceof ArrayValue) {
    if (isIndex(name)) return Number(name) in object.elements ? true : object.rest === undefined ? false : undefined;
    if (interpreter.patches?.find(interpreter, object, name) !== undefined) return true;
    return name in Array.prototype;
  }
  return undefined;
}
