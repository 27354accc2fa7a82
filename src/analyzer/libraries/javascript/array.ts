import { asText } from '../../interpreter/convert';
import { elementsOf } from '../../interpreter/elements';
import type { Interpreter } from '../../interpreter/interpreter';
import { joinValues } from '../../interpreter/join';
import { binary } from '../../interpreter/operators';
import {
  ArrayValue,
  type Call,
  isUnknown,
  NativeFunction,
  NOWHERE,
  truth,
  UnknownValue,
  type Value,
} from '../../interpreter/values';
import { symbol } from '../../shapes/dim';

type Method = (list: ArrayValue, call: Call) => Value;

/** `list.name` */
export function arrayMember(list: ArrayValue, name: string): Value {
  if (name === 'length') return list.rest === undefined ? list.elements.length : unknownLength(list);
  const index = Number(name);
  if (Number.isInteger(index) && index >= 0) return index < list.elements.length ? list.elements[index] : list.rest;
  return methods.get(name);
}

const LENGTHS = new WeakMap<ArrayValue, Value>();

/** `list` has this many elements, until it is changed. */
export function ofKnownLength(list: ArrayValue, length: Value): ArrayValue {
  if (list.rest !== undefined) LENGTHS.set(list, length);
  return list;
}

/** The unknown length of a list: the same unknown each time it is read. */
function unknownLength(list: ArrayValue): Value {
  let length = LENGTHS.get(list);
  if (length === undefined) {
    const { rest } = list;
    const reason = isUnknown(rest)
      ? rest.reason
      : ({
          code: 'runtime-data',
          at: NOWHERE,
          text: 'the length of the list is not known',
        } as const);
    const of = isUnknown(rest) ? /^(.*)\[\]$/.exec(rest.name ?? '')?.[1] : undefined;
    const name = of === undefined ? 'length' : `${of}.length`;
    length = new UnknownValue(reason, name, symbol);
    LENGTHS.set(list, length);
  }
  return length;
}

/** Calls back for each known element; for the others once, if there may be some. */
/** Lists longer than this are not sorted by a callback: it would be called too often. */
const MAX_SORTED = 64;

/** The elements in the order that the callback gives them; undefined where one of its answers is not known. */
function sortedBy(elements: readonly Value[], { interpreter, args: [compare], at }: Call): Value[] | undefined {
  if (compare === undefined || elements.length > MAX_SORTED) return undefined;
  const sorted: Value[] = [];
  for (const element of elements) {
    let place = sorted.length;
    for (; place > 0; place -= 1) {
      const order = interpreter.call(compare, [sorted[place - 1], element], at);
      if (typeof order !== 'number') return undefined;
      if (!(order > 0)) break;
    }
    sorted.splice(place, 0, element);
  }
  return sorted;
}

function each(
  list: ArrayValue,
  { interpreter, args, at, self }: Call,
  visit: (result: Value, element: Value, index: number | undefined) => boolean | undefined,
): void {
  const [callback, thisArg] = args;
  // What runs once for each of several elements runs in a loop.
  const looped = interpreter.context.looped || list.elements.length > 1 || list.rest !== undefined;
  const call = (element: Value, i: Value): Value =>
    interpreter.within({ looped }, () => interpreter.call(callback, [element, i, self], at, thisArg));
  for (const [i, element] of list.elements.entries()) {
    if (visit(call(element, i), element, i) === true) return;
  }
  if (list.rest !== undefined) {
    const index =
      interpreter.because(list.rest, 'i') ??
      interpreter.unknown('runtime-data', at, 'an index of a list of unknown length', 'i');
    const { rest } = list;
    let result: Value;
    interpreter.tryPath(() => {
      result = call(rest, index);
    });
    visit(result, rest, undefined);
  }
}

function indexArgument(value: Value, fallback: number): number | undefined {
  return value === undefined ? fallback : typeof value === 'number' ? value : undefined;
}

function lost(interpreter: Interpreter, call: Call, text: string): Value {
  return (
    call.args.map((a) => interpreter.because(a)).find((u) => u !== undefined) ??
    interpreter.unknown('runtime-data', call.at, text)
  );
}

/** A list of unknown length with elements like any of these. */
function likeAny(values: readonly Value[]): ArrayValue {
  return values.length === 0 ? new ArrayValue() : new ArrayValue([], values.reduce(joinValues));
}

function all(list: ArrayValue): Value[] {
  return list.rest === undefined ? [...list.elements] : [...list.elements, list.rest];
}

function fold(list: ArrayValue, { interpreter, args, at, self }: Call, fromRight: boolean): Value {
  const [callback, initial] = args;
  const entries = [...list.elements.entries()];
  if (fromRight) entries.reverse();
  let total = initial;
  if (args.length < 2) {
    const first = entries.shift();
    if (first === undefined) return list.rest ?? interpreter.unknown('error', at, 'reduce of an empty list');
    [, total] = first;
  }
  for (const [i, element] of entries) total = interpreter.call(callback, [total, element, i, self], at);
  if (list.rest === undefined) return total;
  const { rest } = list;
  const before = total;
  const next = interpreter.forkValues(
    [() => before, () => interpreter.call(callback, [before, rest, interpreter.because(rest), self], at)],
    at,
  );
  return next === before ? before : interpreter.unknown('loop', at, 'reduce over a list of unknown length');
}

function search(list: ArrayValue, call: Call, found: (element: Value, index: number) => Value, absent: Value): Value {
  for (const [i, element] of list.elements.entries()) {
    const t = truth(call.interpreter.call(call.args[0], [element, i, call.self], call.at));
    if (t === true) return found(element, i);
    if (t === undefined) return lost(call.interpreter, call, 'which element is found depends');
  }
  return list.rest === undefined ? absent : lost(call.interpreter, call, 'which element is found depends');
}

function indexOf(list: ArrayValue, call: Call): number | undefined {
  for (const [i, element] of list.elements.entries()) {
    const equal = binary('===', element, call.args[0]);
    if (equal === true) return i;
    if (equal !== false) return undefined;
  }
  return list.rest === undefined ? -1 : undefined;
}

function mutate(list: ArrayValue, { interpreter }: Call): ArrayValue {
  interpreter.touch(list);
  LENGTHS.delete(list);
  return list;
}

function flatten(values: readonly Value[], depth: number): ArrayValue {
  const out = new ArrayValue();
  for (const value of values) {
    // What is not known may be a list of any length, so from here on positions are not known either.
    if (isUnknown(value) || out.rest !== undefined) {
      const further = isUnknown(value) ? [value.member('[]')] : value instanceof ArrayValue ? all(value) : [value];
      out.rest = further.reduce(joinValues, out.rest ?? further[0]);
      continue;
    }
    if (!(value instanceof ArrayValue)) {
      out.elements.push(value);
      continue;
    }
    const flat = depth > 1 ? flatten(all(value), depth - 1) : value;
    out.elements.push(...flat.elements);
    if (flat.rest !== undefined) out.rest = out.rest === undefined ? flat.rest : joinValues(out.rest, flat.rest);
  }
  return out;
}

const TABLE: Record<string, Method> = {
  push: (list, call) => {
    const target = mutate(list, call);
    if (target.rest === undefined) target.elements.push(...call.args);
    else target.rest = call.args.reduce(joinValues, target.rest);
    return arrayMember(target, 'length');
  },
  unshift: (list, call) => {
    mutate(list, call).elements.unshift(...call.args);
    return arrayMember(list, 'length');
  },
  pop: (list, call) => (list.rest === undefined ? mutate(list, call).elements.pop() : all(list).reduce(joinValues)),
  shift: (list, call) => (list.elements.length > 0 ? mutate(list, call).elements.shift() : list.rest),
  map: (list, call) => {
    const out = new ArrayValue();
    each(list, call, (result, _, i) => {
      if (i === undefined) out.rest = result;
      else out.elements.push(result);
      return false;
    });
    return ofKnownLength(out, arrayMember(list, 'length'));
  },
  forEach: (list, call) => {
    each(list, call, () => false);
    return undefined;
  },
  flatMap: (list, call) => {
    const results: Value[] = [];
    let open = false;
    each(list, call, (result, _, i) => {
      if (i === undefined) open = true;
      results.push(result);
      return false;
    });
    const flat = flatten(results, 1);
    return open ? likeAny(all(flat)) : flat;
  },
  filter: (list, call) => {
    const out = new ArrayValue();
    const maybe: Value[] = [];
    each(list, call, (result, element, i) => {
      const t = i === undefined ? undefined : truth(result);
      if (t === true && maybe.length === 0) out.elements.push(element);
      else if (t !== false) maybe.push(element);
      return false;
    });
    if (maybe.length > 0) out.rest = maybe.reduce(joinValues);
    return out;
  },
  reduce: (list, call) => fold(list, call, false),
  reduceRight: (list, call) => fold(list, call, true),
  find: (list, call) => search(list, call, (element) => element, undefined),
  findIndex: (list, call) => search(list, call, (_, i) => i, -1),
  some: (list, call) => search(list, call, () => true, false),
  every: (list, call) => {
    for (const [i, element] of list.elements.entries()) {
      const t = truth(call.interpreter.call(call.args[0], [element, i, call.self], call.at));
      if (t === false) return false;
      if (t === undefined) return lost(call.interpreter, call, 'whether every element fits depends');
    }
    return list.rest === undefined ? true : lost(call.interpreter, call, 'whether every element fits depends');
  },
  includes: (list, call) => {
    const i = indexOf(list, call);
    return i === undefined ? lost(call.interpreter, call, 'whether it is in the list depends') : i >= 0;
  },
  indexOf: (list, call) => indexOf(list, call) ?? lost(call.interpreter, call, 'where it is in the list depends'),
  concat: (list, call) => {
    const out = flatten([list, ...call.args], 1);
    return out;
  },
  slice: (list, call) => {
    const start = indexArgument(call.args[0], 0);
    const end = call.args[1] === undefined ? Number.POSITIVE_INFINITY : indexArgument(call.args[1], 0);
    if (start === undefined || end === undefined) return likeAny(all(list));
    if (list.rest === undefined) return new ArrayValue(list.elements.slice(start, end));
    if (start >= 0 && end >= 0 && end <= list.elements.length) return new ArrayValue(list.elements.slice(start, end));
    return start >= 0 && end === Number.POSITIVE_INFINITY
      ? new ArrayValue(list.elements.slice(start), list.rest)
      : likeAny(all(list));
  },
  splice: (list, call) => {
    const target = mutate(list, call);
    const [start, count] = call.args;
    if (typeof start !== 'number' || (count !== undefined && typeof count !== 'number') || target.rest !== undefined) {
      const any = likeAny(all(target));
      target.rest = any.rest;
      target.elements = [];
      return any;
    }
    return new ArrayValue(target.elements.splice(start, count ?? Number.POSITIVE_INFINITY, ...call.args.slice(2)));
  },
  reverse: (list, call) => {
    const target = mutate(list, call);
    if (target.rest === undefined) target.elements.reverse();
    else Object.assign(target, { elements: [], rest: all(target).reduce(joinValues) });
    return target;
  },
  sort: (list, call) => {
    const length = arrayMember(list, 'length');
    const target = ofKnownLength(mutate(list, call), length);
    const { elements } = target;
    const plain =
      target.rest === undefined &&
      call.args.length === 0 &&
      elements.every((e) => typeof e === 'string' || typeof e === 'number');
    const ordered = plain ? [...elements].sort() : target.rest === undefined ? sortedBy(elements, call) : undefined;
    if (ordered !== undefined) target.elements = ordered;
    else if (elements.length + (target.rest === undefined ? 0 : 1) > 1) {
      const any = all(target).reduce(joinValues);
      if (target.rest === undefined) target.elements = elements.map(() => any);
      else Object.assign(target, { elements: [], rest: any });
    }
    return target;
  },
  fill: (list, call) => {
    const length = arrayMember(list, 'length');
    const target = ofKnownLength(mutate(list, call), length);
    target.elements = target.elements.map(() => call.args[0]);
    if (target.rest !== undefined) target.rest = call.args[0];
    return target;
  },
  join: (list, call) => {
    const [separator = ','] = call.args;
    const parts = list.elements.map((e) => (e === undefined || e === null ? '' : asText(e)));
    if (list.rest !== undefined || typeof separator !== 'string' || parts.some((p) => p === undefined))
      return lost(call.interpreter, call, 'the text is not known');
    return parts.join(separator);
  },
  flat: (list, call) => {
    const flat = flatten(all(list), typeof call.args[0] === 'number' ? call.args[0] : 1);
    return list.rest === undefined ? flat : likeAny(all(flat));
  },
  at: (list, call) => {
    const [i] = call.args;
    if (typeof i !== 'number') return all(list).reduce(joinValues, undefined);
    if (list.rest !== undefined && i < 0) return all(list).reduce(joinValues);
    return list.elements.at(i) ?? list.rest;
  },
  entries: (list) => indexed(list, (element, i) => new ArrayValue([i, element])),
  keys: (list) => indexed(list, (_, i) => i),
  values: (list) => list,
  with: (list, call) => {
    const [i, value] = call.args;
    return typeof i === 'number'
      ? new ArrayValue(
          list.elements.map((e, at) => (at === (i < 0 ? i + list.elements.length : i) ? value : e)),
          list.rest,
        )
      : likeAny([...all(list), value]);
  },
  toReversed: (list) => (list.rest === undefined ? new ArrayValue([...list.elements].reverse()) : likeAny(all(list))),
  toString: (list: ArrayValue, call: Call) => asText(list) ?? lost(call.interpreter, call, 'the text is not known'),
};

function indexed(list: ArrayValue, entry: (element: Value, index: Value) => Value): ArrayValue {
  return new ArrayValue(
    list.elements.map(entry),
    list.rest === undefined ? undefined : entry(list.rest, unknownLength(list)),
  );
}

const methods: ReadonlyMap<string, Value> = new Map(
  Object.entries(TABLE).map(([name, method]) => [
    name,
    new NativeFunction(name, (call) => {
      if (call.self instanceof ArrayValue) return method(call.self, call);
      const { elements, rest } = elementsOf(call.interpreter, call.self, call.at, 'iteration');
      return method(new ArrayValue([...elements], rest), call);
    }),
  ]),
);
