/** What is set on objects and lists: members, elements, properties with their rights. */

import type { Expression, IndexExpression, MemberExpression } from '../../program/nodes';
import type { Place } from '../../trace/facts';
import { forkCompletions, mayThrow, tryPath } from '../effects/paths';
import { type Interpreter, Thrown } from '../interpreter';
import type { Scope } from '../scope';
import { errorOf } from '../values/errors';
import { joinValues } from '../values/join';
import { patch, setGlobal } from '../values/patches';
import { findProperty, isSecret, keeperOf } from '../values/properties';
import {
  ArrayValue,
  FunctionValue,
  HostObject,
  isUnknown,
  ObjectValue,
  UnionValue,
  type Value,
} from '../values/values';
import { evaluate } from './expressions';
import { anyElement, isGlobalObject, isIndex, keyOf } from './members';

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
  assignTo(interpreter, target, object, key, value, at);
}

/** Sets a member of an object that was evaluated. */
export function assignTo(
  interpreter: Interpreter,
  target: MemberExpression | IndexExpression,
  object: Value,
  key: Value,
  value: Value,
  at: Place,
): void {
  if (object instanceof UnionValue) {
    const live = object.options.filter((o) => o !== undefined && o !== null);
    forkCompletions(
      interpreter,
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

/** A write that the language refuses: strict code throws, which counts where somebody handles it; other code goes on. */
function refuseWrite(interpreter: Interpreter, at: Place): void {
  const error = errorOf(interpreter, 'TypeError');
  if (interpreter.context.handled && interpreter.modules.records.get(at.file)?.isEsm === true) throw new Thrown(error);
  mayThrow(interpreter, error);
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
  if (key instanceof UnionValue) {
    forkCompletions(
      interpreter,
      key.options.map((option) => () => {
        setMember(interpreter, object, option, value, at, label);
        return undefined;
      }),
    );
    return;
  }
  const name = keyOf(interpreter, key, at);
  if (object === undefined || object === null) mayThrow(interpreter, errorOf(interpreter, 'TypeError'));
  else if (object instanceof ArrayValue) setElement(interpreter, object, name, value, at);
  else if (object instanceof ObjectValue && !object.shared) setProperty(interpreter, object, name, value, at, label);
  else if (object instanceof HostObject) {
    if (name !== undefined && !object.set(name, value, interpreter, at)) patch(interpreter, object, name, { value });
  } else if (isUnknown(object)) {
    for (const one of object.among ?? [])
      tryPath(interpreter, () => setMember(interpreter, one, key, value, at, label));
    if (isGlobalObject(object) && name !== undefined) setGlobal(interpreter, name, value);
  } else {
    const keeper = keeperOf(interpreter, object);
    if (keeper !== undefined) setProperty(interpreter, keeper, name, value, at, label, object);
  }
}

function setElement(
  interpreter: Interpreter,
  list: ArrayValue,
  name: string | undefined,
  value: Value,
  at: Place,
): void {
  const lock = interpreter.patches?.lockOf(list);
  if (lock === 'frozen') {
    refuseWrite(interpreter, at);
    return;
  }
  const isElement = name !== undefined && isIndex(name);
  if (name !== undefined && !isElement && name !== 'length') {
    patch(interpreter, list, name, { value });
    return;
  }
  interpreter.touch(list);
  if (lock !== undefined) {
    list.rest = anyElement(new ArrayValue([...list.elements, value], list.rest));
    list.elements = [];
    return;
  }
  if (name === 'length') list.lengthChanged();
  if (list.assign(name, value)) return;
  if (isElement) {
    const index = Number(name);
    if (index < list.elements.length) list.elements[index] = value;
    else if (list.rest === undefined && index <= list.elements.length + 4096) {
      if (index > list.elements.length) list.elements.length = index;
      list.elements[index] = value;
    } else list.rest = joinValues(list.rest, value);
  } else if (
    name === 'length' &&
    typeof value === 'number' &&
    list.rest === undefined &&
    value <= list.elements.length + 4096
  ) {
    list.elements.length = Math.max(0, Math.trunc(value));
  } else if (name === 'length') {
    const any = anyElement(list);
    list.elements = [];
    list.rest = any;
  } else {
    list.elements = list.elements.map((e) => joinValues(e, value));
    list.rest = list.rest === undefined ? value : joinValues(list.rest, value);
  }
}

function setProperty(
  interpreter: Interpreter,
  object: ObjectValue,
  name: string | undefined,
  value: Value,
  at: Place,
  label: string | undefined,
  self: Value = object,
): void {
  if (object.lock === 'maybe' && name !== undefined) {
    const before = object.properties.get(name);
    interpreter.touch(object);
    object.properties.set(name, {
      value: joinValues(before?.value, value),
      ...(before === undefined && { maybe: true }),
    });
    mayThrow(interpreter, errorOf(interpreter, 'TypeError'));
    return;
  }
  if (
    object.lock === 'frozen' ||
    (object.lock !== undefined &&
      name !== undefined &&
      !object.properties.has(name) &&
      setterOf(object, name) === undefined)
  ) {
    refuseWrite(interpreter, at);
    return;
  }
  if (name === undefined) {
    interpreter.touch(object);
    // Any of those that are there may be the one.
    for (const [key, property] of object.properties)
      if (property.getter === undefined && property.fixed === undefined && !isSecret(key))
        object.properties.set(key, { ...property, value: joinValues(property.value, value) });
    // Anew each time: what was read before need not be what is read from now on.
    object.open = interpreter.unknown('unsupported', at, 'a key is assigned that is not known', label);
    return;
  }
  const there = findProperty(object, name);
  if (there !== undefined) {
    if (there.setter !== undefined) {
      interpreter.call(there.setter, [value], at, self);
      return;
    }
    if (there.getter !== undefined || there.fixed === true) {
      refuseWrite(interpreter, at);
      return;
    }
  }
  interpreter.touch(object);
  if (object.slot !== undefined && !object.properties.has(name) && value !== undefined)
    object.slot.set(name, value, interpreter, at);
  const own = object.properties.get(name);
  object.properties.set(name, own?.hidden === true ? { value, hidden: true } : { value });
  nameClosure(value, name);
}

function nameClosure(value: Value, name: string): void {
  if (value instanceof FunctionValue) value.name ??= name;
}

function setterOf(object: ObjectValue, name: string): Value {
  return findProperty(object, name)?.setter;
}
