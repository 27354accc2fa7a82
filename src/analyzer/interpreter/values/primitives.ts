/** What values become where the language wants a primitive: `valueOf`, `toString` and `Symbol.toPrimitive`. */
import { isPoly } from '../../shapes/dim';
import type { Place } from '../../trace/facts';
import type { Interpreter } from '../interpreter';
import { getMember, isError } from '../syntax/members';
import { asText } from './convert';
import { findProperty, openingOf } from './properties';
import {
  ArrayValue,
  ClassValue,
  FunctionValue,
  HostObject,
  isCallable,
  isStructured,
  isUnknown,
  ObjectValue,
  TO_PRIMITIVE,
  UnionValue,
  type Value,
} from './values';

type Hint = 'number' | 'string' | 'default';

/** The primitive that a value becomes; undefined where it is not known. Primitives and numbers by name are themselves. */
export function toPrimitive(
  interpreter: Interpreter,
  value: Value,
  hint: Hint,
  at: Place,
): { readonly value: Value } | undefined {
  if (!isStructured(value) || isPoly(value)) return { value };
  if (isUnknown(value) || value instanceof UnionValue || value instanceof HostObject) return undefined;
  if (value instanceof ArrayValue) {
    const text = listText(interpreter, value, at);
    return text === undefined ? undefined : { value: text };
  }
  if (value instanceof ClassValue || value instanceof FunctionValue || !(value instanceof ObjectValue))
    return undefined;
  if (value.slot !== undefined || openingOf(value) !== undefined) return undefined;
  const exotic = findProperty(value, TO_PRIMITIVE);
  if (exotic !== undefined)
    return settled(interpreter.call(getMember(interpreter, value, TO_PRIMITIVE, at), [hint], at, value));
  const order = hint === 'string' ? ['toString', 'valueOf'] : ['valueOf', 'toString'];
  for (const name of order) {
    if (findProperty(value, name) === undefined) {
      if (name === 'toString')
        return isError(value) || value.proto === null || findProperty(value, '@@toStringTag') !== undefined
          ? undefined
          : { value: '[object Object]' };
      continue;
    }
    const method = getMember(interpreter, value, name, at);
    if (!isCallable(method)) return undefined;
    const result = interpreter.call(method, [], at, value);
    if (isUnknown(result) || result instanceof UnionValue) return undefined;
    if (!isStructured(result) || isPoly(result)) return { value: result };
  }
  return undefined;
}

const settled = (value: Value): { readonly value: Value } | undefined =>
  !isStructured(value) || isPoly(value) ? { value } : undefined;

function listText(interpreter: Interpreter, list: ArrayValue, at: Place): string | undefined {
  if (list.rest !== undefined || list.elements.length > 1024) return undefined;
  const parts: string[] = [];
  for (const element of list.elements) {
    const part = element === undefined || element === null ? '' : textOf(interpreter, element, at);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts.join(',');
}

/** The text of a value; undefined where it is not known. */
export function textOf(interpreter: Interpreter, value: Value, at: Place): string | undefined {
  if (isPoly(value)) return undefined;
  const primitive = toPrimitive(interpreter, value, 'string', at);
  return primitive === undefined ? undefined : asText(primitive.value);
}
