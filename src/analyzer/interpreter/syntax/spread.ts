import type { SpreadElement } from '../../program/nodes';
import type { Place } from '../../trace/facts';
import { forkCompletions } from '../effects/paths';
import type { Interpreter } from '../interpreter';
import type { Scope } from '../scope';
import { elementsOf } from '../values/elements';
import { joinValues } from '../values/join';
import { putProperty } from '../values/properties';
import {
  ArrayValue,
  HostObject,
  isUnknown,
  ObjectValue,
  UnionValue,
  type UnknownValue,
  type Value,
} from '../values/values';
import { evaluate } from './expressions';

/** Appends to a list, whose length may not be known. */
export function push(list: ArrayValue, value: Value): void {
  if (list.rest === undefined) list.elements.push(value);
  else list.rest = joinValues(list.rest, value);
}

/** `[...value]` */
export function appendSpread(interpreter: Interpreter, list: ArrayValue, node: SpreadElement, scope: Scope): void {
  appendAll(interpreter, list, evaluate(interpreter, node.value, scope), interpreter.place(node, scope.frame));
}

/** Appends what iteration gives. */
export function appendAll(interpreter: Interpreter, list: ArrayValue, value: Value, at: Place): void {
  const { elements, rest } = elementsOf(interpreter, value, at, 'iteration');
  interpreter.budget.copied(elements.length);
  for (const element of elements) push(list, element);
  if (rest !== undefined) list.rest = list.rest === undefined ? rest : joinValues(list.rest, rest);
}

/** `{...value}` */
export function spreadInto(interpreter: Interpreter, object: ObjectValue, value: Value, at: Place): void {
  if (value instanceof ObjectValue || value instanceof ArrayValue) interpreter.budget.copied(value.weight);
  if (value instanceof ObjectValue) {
    for (const [key, property] of value.properties) {
      if (property.hidden === true || key.charCodeAt(0) === PRIVATE) continue;
      const read = property.getter === undefined ? property.value : interpreter.get(value, key, at);
      const isPlain = property.getter === undefined && property.setter === undefined && property.fixed === undefined;
      putProperty(object, key, isPlain ? property : { value: read, ...(property.maybe && { maybe: true }) });
    }
    if (value.open !== undefined) openBy(object, value.open, false);
  } else if (value instanceof ArrayValue) {
    for (const [key, element] of Object.entries(value.elements)) object.properties.set(key, { value: element });
    if (value.rest !== undefined) openBy(object, interpreter.because(value.rest) ?? lostKeys(interpreter, at), true);
  } else if (typeof value === 'string') {
    for (const [i, letter] of value.split('').entries()) object.properties.set(String(i), { value: letter });
  } else if (isUnknown(value)) {
    openBy(object, value, true);
  } else if (value instanceof UnionValue) {
    interpreter.touch(object);
    forkCompletions(
      interpreter,
      value.options.map((option) => () => {
        interpreter.touch(object);
        spreadInto(interpreter, object, option, at);
        return undefined;
      }),
    );
  } else if (value instanceof HostObject) {
    openBy(object, lostKeys(interpreter, at), value.overrides);
  }
}

/** The code of `#`. */
const PRIVATE = 35;

const lostKeys = (interpreter: Interpreter, at: Place): UnknownValue =>
  interpreter.unknown('unsupported', at, 'the properties of this object are not known');

/**
 * More properties come in, of which nobody knows the names. What a caller may give is taken to leave the defaults as they are,
 * as those of parameters are; what only the run knows may change each.
 */
function openBy(object: ObjectValue, by: UnknownValue, changes: boolean): void {
  object.open = by;
  if (!changes || by.reason.code === 'parameter' || by.reason.code === 'external') return;
  for (const [key, property] of object.properties)
    if (property.getter === undefined)
      object.properties.set(key, { value: joinValues(property.value, by.member(key)) });
}
