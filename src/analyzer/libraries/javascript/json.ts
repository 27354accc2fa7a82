/** `JSON`, and copies of values. */

import { mayThrow } from '../../interpreter/effects/paths';
import type { Interpreter } from '../../interpreter/interpreter';
import { errorOf } from '../../interpreter/values/errors';
import { fromJson } from '../../interpreter/values/json';
import { listedOf, openingOf } from '../../interpreter/values/properties';
import {
  ArrayValue,
  type Call,
  HostObject,
  isCallable,
  isStructured,
  NativeFunction,
  ObjectValue,
  UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import type { Place } from '../../trace/facts';
import { CollectionValue } from './collections';

/** The text of a value some of which is not known: read back, it is a copy. */
class JsonText extends UnknownValue {
  readonly copy: Value;

  constructor(interpreter: Interpreter, at: Place, copy: Value) {
    super(interpreter.reason('unsupported', at, 'the text of a value that is not known'));
    this.copy = copy;
  }
}

/** Thrown where a value cannot be written down, since something of it is not known. */
class NotKnown {}

/** What `JSON.stringify` writes of a value, as the engine's own value. */
function plain(interpreter: Interpreter, key: string, given: Value, at: Place, depth: number): unknown {
  let value = given;
  if (value instanceof ObjectValue && depth < MAX_DEPTH) {
    const method = interpreter.get(value, 'toJSON', at);
    if (isCallable(method)) value = interpreter.call(method, [key], at, value);
  }
  if (!isStructured(value)) {
    if (typeof value === 'bigint') throw new NotKnown();
    return value;
  }
  if (isCallable(value)) return undefined;
  if (value instanceof ArrayValue && value.rest === undefined && !value.isTyped)
    return Array.from(value.elements, (element, i) => plain(interpreter, String(i), element, at, depth + 1));
  if (value instanceof CollectionValue) return {};
  if (
    !(value instanceof ObjectValue) ||
    value.slot !== undefined ||
    openingOf(value) !== undefined ||
    depth > MAX_DEPTH
  )
    throw new NotKnown();
  const entries: [string, unknown][] = [];
  for (const [name, property] of listedOf(value)) {
    if (property.maybe === true) throw new NotKnown();
    entries.push([name, plain(interpreter, name, interpreter.get(value, name, at), at, depth + 1)]);
  }
  return Object.fromEntries(entries);
}

const MAX_DEPTH = 64;

function stringify(call: Call): Value {
  const { interpreter, args, at } = call;
  const [value, replacer, indent] = args;
  const isSimple = replacer === undefined || replacer === null;
  const names =
    replacer instanceof ArrayValue && replacer.rest === undefined ? replacer.elements.map(String) : undefined;
  if (!isSimple && names === undefined) {
    interpreter.visitCallbacks([replacer], at);
    return interpreter.unknown('unsupported', at, 'a text that a callback changes');
  }
  try {
    const json = plain(interpreter, '', value, at, 0);
    const space = typeof indent === 'number' || typeof indent === 'string' ? indent : undefined;
    return names === undefined ? JSON.stringify(json, null, space) : JSON.stringify(json, names, space);
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    return isSimple && isStructured(value)
      ? new JsonText(interpreter, at, copied(value, new Map(), true))
      : interpreter.unknown('unsupported', at, 'the text is not known');
  }
}

function parse(call: Call): Value {
  const { interpreter, args, at } = call;
  const [text, reviver] = args;
  let value: Value;
  if (typeof text === 'string') {
    try {
      value = fromJson(JSON.parse(text));
    } catch {
      mayThrow(interpreter, errorOf(interpreter, 'SyntaxError'));
      return interpreter.unknown('error', at, 'no valid JSON');
    }
  } else if (text instanceof JsonText) value = copied(text.copy, new Map(), true);
  else {
    mayThrow(interpreter, errorOf(interpreter, 'SyntaxError'));
    interpreter.visitCallbacks(args, at);
    const why = interpreter.because(text);
    // What a text holds is known when the program runs.
    return why === undefined
      ? interpreter.unknown('runtime-data', at, 'the text is not known')
      : new UnknownValue(
          why.reason.code === 'external' ? { ...why.reason, code: 'runtime-data' } : why.reason,
          why.name,
          () => why.symbol as never,
        );
  }
  return isCallable(reviver)
    ? revived(interpreter, '', value, new ObjectValue(new Map([['', { value }]])), reviver, at)
    : value;
}

/** What a reviver makes of a value, inside out. */
function revived(interpreter: Interpreter, key: string, value: Value, holder: Value, reviver: Value, at: Place): Value {
  if (value instanceof ArrayValue)
    for (const [i, element] of value.elements.entries())
      value.elements[i] = revived(interpreter, String(i), element, value, reviver, at);
  if (value instanceof ObjectValue)
    for (const [name, property] of [...value.properties]) {
      const made = revived(interpreter, name, property.value, value, reviver, at);
      if (made === undefined) value.properties.delete(name);
      else value.properties.set(name, { value: made });
    }
  return interpreter.call(reviver, [key, value], at, holder);
}

export const json = ObjectValue.of({
  parse: new NativeFunction('parse', parse),
  stringify: new NativeFunction('stringify', stringify),
}).asShared();

/** A copy of lists, objects and collections, all the way down. @param isText whether it goes through text */
function copied(value: Value, known: Map<Value, Value>, isText: boolean): Value {
  const done = known.get(value);
  if (done !== undefined) return done;
  if (value instanceof ArrayValue && !value.isTyped) {
    const copy = new ArrayValue([]);
    known.set(value, copy);
    for (const [i, element] of value.elements.entries())
      if (i in value.elements) copy.elements[i] = copied(element, known, isText);
    copy.elements.length = value.elements.length;
    copy.rest = value.rest === undefined ? undefined : copied(value.rest, known, isText);
    return copy;
  }
  if (value instanceof ObjectValue && !value.shared) {
    const copy = new ObjectValue();
    known.set(value, copy);
    copy.open = openingOf(value);
    if (value.slot !== undefined) copy.open ??= new UnknownValue(NOT_COPIED);
    for (const [key, property] of listedOf(value)) {
      if (isText && (isCallable(property.value) || (property.value === undefined && property.getter === undefined)))
        continue;
      const read = property.getter === undefined ? copied(property.value, known, isText) : new UnknownValue(NOT_COPIED);
      copy.properties.set(key, { value: read, ...(property.maybe && { maybe: true }) });
    }
    return copy;
  }
  if (value instanceof CollectionValue && !isText) {
    const copy = new CollectionValue(value.type);
    known.set(value, copy);
    copy.open = value.open;
    for (const [index, [key, of, maybe]] of value.entries) {
      if (isStructured(key)) copy.open = true;
      copy.entries.set(index, maybe ? [key, copied(of, known, isText), true] : [key, copied(of, known, isText)]);
    }
    return copy;
  }
  return value instanceof HostObject || value instanceof ArrayValue ? new UnknownValue(NOT_COPIED) : value;
}

const NOT_COPIED = {
  code: 'unsupported',
  at: { file: '', start: 0, end: 0 },
  text: 'a copy that is not followed',
} as const;

/** `structuredClone(value)` */
export function cloned({ args: [value] }: Call): Value {
  return copied(value, new Map(), false);
}
