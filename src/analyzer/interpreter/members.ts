import type { Expression, IndexExpression, MemberExpression } from '../program/nodes';
import { isPoly } from '../shapes/dim';
import type { Place } from '../trace/facts';
import { evaluate } from './expressions';
import type { Interpreter } from './interpreter';
import { joinValues } from './join';
import type { Scope } from './scope';
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
  UnionValue,
  type UnknownValue,
  type Value,
} from './values';

/** What is read from them is a global: `window.tf`, `globalThis.Math`. */
const GLOBAL_OBJECTS: ReadonlySet<string> = new Set(['window', 'globalThis', 'self', 'global']);

export const isGlobalObject = ({ reason, name }: UnknownValue): boolean =>
  reason.code === 'external' && GLOBAL_OBJECTS.has(name ?? '');

/** `object.name` */
export function getMember(interpreter: Interpreter, object: Value, name: string, at: Place): Value {
  const language = interpreter.library.members;
  if (object === undefined || object === null)
    return interpreter.unknown('error', at, `.${name} is read from ${object}`);
  if (typeof object === 'string') return language.string(object, name);
  if (typeof object === 'number' || isPoly(object)) return language.number(object, name);
  if (!isStructured(object)) return undefined;
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
      if (member !== undefined || !object.isInputs || /^\d+$/.test(name)) return member;
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
      return typeof member === 'symbol' ? undefined : member;
    }
    case 'promise':
      return language.promise(object, name);
    case 'class':
      return classMember(interpreter, object, name, at);
    case 'native':
      return object.members?.get(name) ?? (name === 'name' ? object.name : language.function(object, name));
    case 'function': {
      const own = object.properties.properties.get(name)?.value;
      if (own !== undefined) return own;
      if (name === 'prototype') {
        const prototype = new ObjectValue();
        object.properties.properties.set(name, { value: prototype });
        return prototype;
      }
      return name === 'name' ? object.name : language.function(object, name);
    }
  }
}

/** It was made empty in an earlier visit, so what is called before this one may have filled it. */
const isEmptySince = (list: ArrayValue, visits: number): boolean =>
  list.elements.length === 0 && list.rest === undefined && list.since !== undefined && list.since < visits;

/** null and undefined would throw, and drop out. */
function overOptions(interpreter: Interpreter, object: UnionValue, name: string, at: Place): Value {
  const live = object.options.filter((o) => o !== undefined && o !== null);
  return live.length === 0 ? undefined : live.map((o) => getMember(interpreter, o, name, at)).reduce(joinValues);
}

function read(interpreter: Interpreter, property: Property, self: Value, at: Place): Value {
  return property.getter === undefined ? property.value : interpreter.call(property.getter, [], at, self);
}

function objectMember(interpreter: Interpreter, object: ObjectValue, name: string, at: Place): Value {
  const own = object.properties.get(name);
  if (own !== undefined) return read(interpreter, own, object, at);
  for (let cls: Value = object.class; cls instanceof ClassValue; cls = cls.superclass) {
    const method = cls.methods.get(name);
    if (method !== undefined) return read(interpreter, method, object, at);
    if (name === 'constructor') return cls;
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
  return objectBuiltins.get(name);
}

const objectBuiltins: ReadonlyMap<string, Value> = new Map<string, Value>([
  [
    'hasOwnProperty',
    new NativeFunction('hasOwnProperty', ({ self, args }) =>
      typeof args[0] === 'string' ? hasMember(self, args[0]) : undefined,
    ),
  ],
  ['toString', new NativeFunction('toString', () => '[object Object]')],
]);

function classMember(interpreter: Interpreter, object: ClassValue, name: string, at: Place): Value {
  for (let cls: Value = object; ; cls = cls.superclass) {
    if (cls instanceof ClassValue) {
      const property = cls.statics.properties.get(name);
      if (property !== undefined) return read(interpreter, property, object, at);
      continue;
    }
    if (name === 'name') return object.name;
    if (name === 'prototype') return prototypeOf(object);
    if (isUnknown(cls)) return cls.member(name);
    return cls instanceof NativeFunction ? cls.members?.get(name) : undefined;
  }
}

function prototypeOf(cls: ClassValue): ObjectValue {
  return new ObjectValue(new Map(cls.methods));
}

/** `object[index]` */
export function indexMember(interpreter: Interpreter, object: Value, index: Value, at: Place): Value {
  if (index instanceof UnionValue)
    return index.options.map((i) => indexMember(interpreter, object, i, at)).reduce(joinValues);
  if (object instanceof ArrayValue) {
    if (typeof index === 'number') return index < object.elements.length ? object.elements[index] : object.rest;
    if (isUnknown(index) || isPoly(index))
      return anyElement(object) ?? interpreter.unknown('unsupported', at, 'an element of an empty list');
  }
  const key = propertyKeyOf(index);
  if (key !== undefined) return getMember(interpreter, object, key, at);
  if (object instanceof ObjectValue) {
    const values = [...object.properties.values()].map((p) => p.value);
    if (object.open === undefined && values.length > 0 && values.length <= 4) return values.reduce(joinValues);
    return interpreter.because(index) ?? interpreter.unknown('runtime-data', at, 'the key is not known');
  }
  if (isUnknown(object)) return object.member('[]');
  return interpreter.because(index) ?? interpreter.unknown('runtime-data', at, 'the index is not known');
}

/** Any one of the elements. */
export function anyElement(list: ArrayValue): Value {
  const all = list.rest === undefined ? list.elements : [...list.elements, list.rest];
  return all.length === 0 ? undefined : all.reduce(joinValues);
}

export function propertyKeyOf(value: Value): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

export function hasMember(object: Value, name: string): boolean | undefined {
  if (object instanceof ObjectValue) {
    if (object.properties.has(name)) return true;
    for (let cls: Value = object.class; cls instanceof ClassValue; cls = cls.superclass)
      if (cls.methods.has(name)) return true;
    return object.open === undefined && object.slot === undefined ? false : undefined;
  }
  if (object instanceof ArrayValue)
    return object.rest === undefined ? Number(name) < object.elements.length : undefined;
  return undefined;
}

/** `object.name = value`, `object[index] = value` */
export function assignMember(
  interpreter: Interpreter,
  target: MemberExpression | IndexExpression,
  value: Value,
  scope: Scope,
): void {
  const at = interpreter.place(target, scope.frame);
  const object = target.object.kind === 'super' ? scope.frame.thisValue : evaluate(interpreter, target.object, scope);
  const key = target.kind === 'member' ? target.property : evaluate(interpreter, target.index, scope);
  if (object instanceof UnionValue) {
    const live = object.options.filter((o) => o !== undefined && o !== null);
    interpreter.forkCompletions(
      live.map((option) => () => {
        setMember(interpreter, option, key, value, at, labelOf(target.object));
        return undefined;
      }),
    );
    return;
  }
  setMember(interpreter, object, key, value, at, labelOf(target.object));
}

/** What the program calls an object: its sizes that are not known have names by it. */
function labelOf(node: Expression): string | undefined {
  if (node.kind === 'identifier') return node.name;
  return node.kind === 'member' ? node.property : undefined;
}

/** @param label what the program calls the object */
export function setMember(
  interpreter: Interpreter,
  object: Value,
  key: Value,
  value: Value,
  at: Place,
  label?: string,
): void {
  const name = propertyKeyOf(key);
  if (object instanceof ArrayValue) {
    interpreter.touch(object);
    if (
      typeof key === 'number' &&
      key >= 0 &&
      Number.isInteger(key) &&
      object.rest === undefined &&
      key <= object.elements.length + 4096
    ) {
      while (object.elements.length < key) object.elements.push(undefined);
      object.elements[key] = value;
    } else if (name === 'length' && typeof value === 'number') {
      object.elements.length = Math.min(object.elements.length, value);
    } else if (name === undefined) {
      object.elements = object.elements.map((e) => joinValues(e, value));
      object.rest = object.rest === undefined ? value : joinValues(object.rest, value);
    }
    return;
  }
  if (object instanceof ObjectValue) {
    interpreter.touch(object);
    if (name === undefined) {
      // Anew each time: what was read before need not be what is read from now on.
      object.open = interpreter.unknown('unsupported', at, 'a key is assigned that is not known', label);
      return;
    }
    const setter = setterOf(object, name);
    if (setter !== undefined) {
      interpreter.call(setter, [value], at, object);
      return;
    }
    if (object.slot !== undefined && !object.properties.has(name) && value !== undefined)
      object.slot.set(name, value, interpreter, at);
    object.properties.set(name, { value });
    nameClosure(value, name);
    return;
  }
  if (object instanceof HostObject && name !== undefined) object.set(name, value, interpreter, at);
  if (name === undefined) return;
  if (object instanceof ClassValue) setProperty(interpreter, object.statics, name, value);
  if (object instanceof FunctionValue) setProperty(interpreter, object.properties, name, value);
}

function setProperty(interpreter: Interpreter, object: ObjectValue, name: string, value: Value): void {
  interpreter.touch(object);
  object.properties.set(name, { value });
  nameClosure(value, name);
}

function nameClosure(value: Value, name: string): void {
  if (value instanceof FunctionValue) value.name ??= name;
}

function setterOf(object: ObjectValue, name: string): Value {
  const own = object.properties.get(name);
  if (own !== undefined) return own.setter;
  for (let cls: Value = object.class; cls instanceof ClassValue; cls = cls.superclass) {
    const method = cls.methods.get(name);
    if (method !== undefined) return method.setter;
  }
  return undefined;
}
