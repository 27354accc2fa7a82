import { forkValues, mayThrow, tryPath, unknownError } from '../../interpreter/effects/paths';
import { type Interpreter, Thrown } from '../../interpreter/interpreter';
import { isIndex } from '../../interpreter/syntax/members';
import { binary } from '../../interpreter/syntax/operators';
import { elementsOf } from '../../interpreter/values/elements';
import { errorOf } from '../../interpreter/values/errors';
import { joinValues } from '../../interpreter/values/join';
import { textOf } from '../../interpreter/values/primitives';
import { findProperty, loseContents } from '../../interpreter/values/properties';
import {
  ArrayValue,
  type Call,
  ITERATOR,
  isStructured,
  isUnknown,
  NativeFunction,
  NOWHERE,
  ObjectValue,
  OpenArguments,
  optionsOf,
  truth,
  UnionValue,
  UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import { isPoly, symbol } from '../../shapes/dim';
import { IteratorValue } from './iterators';
import { NOT_TYPED, TypedList, typedMember } from './typedArrays';

type Method = (list: ArrayValue, call: Call) => Value;

/** `list.name` */
export function arrayMember(list: ArrayValue, name: string): Value {
  if (name === 'length') return list.rest === undefined ? list.elements.length : unknownLength(list);
  if (isIndex(name)) return Number(name) < list.elements.length ? list.elements[Number(name)] : list.rest;
  if (list instanceof TypedList) {
    const member = typedMember(list, name);
    if (member !== undefined || NOT_TYPED.has(name)) return member;
  }
  return methods.get(name);
}

/** `list` has this many elements, until it is changed. */
export function ofKnownLength(list: ArrayValue, length: Value): ArrayValue {
  if (list.rest !== undefined) list.namedLength = length;
  return list;
}

/** The unknown length of a list: the same unknown each time it is read. */
function unknownLength(list: ArrayValue): Value {
  let length = list.namedLength;
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
    list.namedLength = length;
  }
  return length;
}

/** Lists longer than this are not sorted by a callback: it would be called too often. */
const MAX_SORTED = 64;

/** Thrown where an answer of a callback of `sort` is not known. */
class Undecided {}

/** The elements in the order that the callback gives them; undefined where one of its answers is not known. */
function sortedBy(elements: readonly Value[], { interpreter, args: [compare], at }: Call): Value[] | undefined {
  if (compare === undefined || elements.length > MAX_SORTED) return undefined;
  try {
    // The engine's own order, which matters where the callback contradicts itself.
    return elements.slice().sort((a, b) => {
      const order = interpreter.call(compare, [a, b], at);
      if (typeof order === 'number' || typeof order === 'boolean') return Number(order);
      throw new Undecided();
    });
  } catch (error) {
    if (!(error instanceof Undecided)) throw error;
    interpreter.visitCallbacks([compare], at);
    return undefined;
  }
}

/** Calls back for each known element that is there; for the others once, if there may be some. */
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
  const { length } = list.elements;
  for (let i = 0; i < length; i += 1) {
    // What the callback itself adds is not visited, what it takes away neither.
    if (!(i in list.elements)) continue;
    const element = list.elements[i];
    if (visit(call(element, i), element, i) === true) return;
  }
  if (list.rest !== undefined) {
    const index =
      interpreter.because(list.rest, 'i') ??
      interpreter.unknown('runtime-data', at, 'an index of a list of unknown length', 'i');
    const { rest } = list;
    let result: Value;
    tryPath(interpreter, () =>
      interpreter.anyTimes(() => {
        result = call(rest, index);
      }, at),
    );
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
  const indices = Object.keys(list.elements).map(Number);
  if (fromRight) indices.reverse();
  if (list.rest !== undefined && (fromRight || args.length < 2)) {
    interpreter.visitCallbacks([callback], at);
    return interpreter.because(list.rest) ?? interpreter.unknown('loop', at, 'reduce over a list of unknown length');
  }
  let total = initial;
  if (args.length < 2) {
    const first = indices.shift();
    if (first === undefined) {
      mayThrow(interpreter, unknownError(interpreter, at));
      return interpreter.unknown('error', at, 'reduce of an empty list');
    }
    total = list.elements[first];
  }
  for (const i of indices)
    if (i in list.elements) total = interpreter.call(callback, [total, list.elements[i], i, self], at);
  if (list.rest === undefined) return total;
  const { rest } = list;
  const before = total;
  const next = forkValues(
    interpreter,
    [() => before, () => interpreter.call(callback, [before, rest, interpreter.because(rest), self], at)],
    at,
  );
  return next === before ? before : interpreter.unknown('loop', at, 'reduce over a list of unknown length');
}

function search(
  list: ArrayValue,
  call: Call,
  found: (element: Value, index: number) => Value,
  absent: Value,
  { skipsHoles = false, wanted = true, fromRight = false } = {},
): Value {
  const { interpreter } = call;
  const { length } = list.elements;
  if (list.rest !== undefined && fromRight) {
    interpreter.visitCallbacks(call.args, call.at);
    return lost(interpreter, call, 'which element is found depends');
  }
  for (let n = 0; n < length; n += 1) {
    const i = fromRight ? length - 1 - n : n;
    if (skipsHoles && !(i in list.elements)) continue;
    const element = list.elements[i];
    const t = truth(interpreter.call(call.args[0], [element, i, call.self], call.at, call.args[1]));
    if (t === wanted) return found(element, i);
    if (t === undefined) {
      interpreter.visitCallbacks(call.args, call.at);
      return lost(interpreter, call, 'which element is found depends');
    }
  }
  if (list.rest === undefined) return absent;
  interpreter.visitCallbacks(call.args, call.at);
  return lost(interpreter, call, 'which element is found depends');
}

function indexOf(list: ArrayValue, call: Call, fromRight = false): number | undefined {
  if (call.args.length > 1 || (fromRight && list.rest !== undefined)) {
    const { elements, rest } = list;
    const isKnown = rest === undefined && !elements.some(isStructured) && !call.args.some(isStructured);
    if (!isKnown) return undefined;
    const [of, from] = call.args as [unknown, number | undefined];
    return fromRight ? elements.lastIndexOf(of as Value, from) : elements.indexOf(of as Value, from);
  }
  const { length } = list.elements;
  for (let n = 0; n < length; n += 1) {
    const i = fromRight ? length - 1 - n : n;
    if (!(i in list.elements)) continue;
    const equal = binary('===', list.elements[i], call.args[0]);
    if (equal === true) return i;
    if (equal !== false) return undefined;
  }
  return list.rest === undefined ? -1 : undefined;
}

function mutate(list: ArrayValue, { interpreter, at }: Call): ArrayValue {
  const lock = interpreter.patches?.lockOf(list);
  if (lock === 'maybe') {
    interpreter.touch(list);
    mayThrow(interpreter, unknownError(interpreter, at));
    const any = [...all(list), undefined].reduce(joinValues);
    return new ArrayValue([], any);
  }
  if (lock !== undefined) throw new Thrown(errorOf(interpreter, 'TypeError'));
  interpreter.touch(list);
  list.namedLength = undefined;
  return list;
}

/** Lists are flattened as deep as this. */
const MAX_DEPTH = 64;

/** Whether it may be the same as a primitive. */
const mayEqual = (value: Value): boolean => isUnknown(value) || isPoly(value) || value instanceof UnionValue;

function flatten(values: readonly Value[], depth: number): ArrayValue {
  const out = new ArrayValue();
  for (const value of values) {
    // What is not known may be a list of any length, so from here on positions are not known either.
    const isEither =
      value instanceof UnionValue && value.options.some((one) => one instanceof ArrayValue || isUnknown(one));
    if (isUnknown(value) || isEither || out.rest !== undefined) {
      const further = optionsOf(value).flatMap((one) =>
        isUnknown(one) ? [one.member('[]')] : one instanceof ArrayValue ? all(one) : [one],
      );
      if (further.length === 0) continue;
      out.rest = further.reduce(joinValues, out.rest ?? further[0]);
      continue;
    }
    if (!(value instanceof ArrayValue)) {
      out.elements.push(value);
      continue;
    }
    const flat = depth > 1 ? flatten(all(value), depth - 1) : value;
    if (value.rest !== undefined && depth > 1) {
      out.rest = all(flat).reduce(joinValues, value.rest);
      continue;
    }
    for (const [i, element] of flat.elements.entries()) if (i in flat.elements) out.elements.push(element);
    if (flat.rest !== undefined) out.rest = out.rest === undefined ? flat.rest : joinValues(out.rest, flat.rest);
  }
  return out;
}

const TABLE: Record<string, Method> = {
  push: (list, call) => {
    const target = mutate(list, call);
    if (call.args instanceof OpenArguments) {
      const certain = [...call.args].slice(0, call.args.certain);
      if (target.rest === undefined) target.elements.push(...certain);
      target.rest = [...(target.rest === undefined ? [] : [target.rest, ...certain]), call.args.rest].reduce(
        joinValues,
      );
    } else if (target.rest === undefined) target.elements.push(...call.args);
    else target.rest = call.args.reduce(joinValues, target.rest);
    return arrayMember(target, 'length');
  },
  unshift: (list, call) => {
    const target = mutate(list, call);
    if (call.args instanceof OpenArguments) target.rest = [...call.args, ...all(target)].reduce(joinValues);
    if (call.args instanceof OpenArguments) target.elements = [];
    else target.elements.unshift(...call.args);
    return arrayMember(list, 'length');
  },
  pop: (list, call) => {
    const target = mutate(list, call);
    if (target.rest === undefined) return target.elements.pop();
    const any = all(target).reduce(joinValues);
    // It may have been the last of those that are sure to be there.
    const [last] = target.elements.splice(-1);
    if (last !== undefined) target.rest = joinValues(target.rest, last);
    return any;
  },
  shift: (list, call) => {
    const target = mutate(list, call);
    return target.elements.length > 0 || target.rest === undefined ? target.elements.shift() : target.rest;
  },
  map: (list, call) => {
    const out = new ArrayValue();
    each(list, call, (result, _, i) => {
      if (i === undefined) out.rest = result;
      else out.elements[i] = result;
      return false;
    });
    if (out.elements.length < list.elements.length && list.rest === undefined)
      out.elements.length = list.elements.length;
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
  findLast: (list, call) => search(list, call, (element) => element, undefined, { fromRight: true }),
  findLastIndex: (list, call) => search(list, call, (_, i) => i, -1, { fromRight: true }),
  some: (list, call) => search(list, call, () => true, false, { skipsHoles: true }),
  every: (list, call) => search(list, call, () => false, true, { skipsHoles: true, wanted: false }),
  includes: (list, call) => {
    const { elements, rest } = list;
    const [of] = call.args;
    const isPlain = !isStructured(of) && rest === undefined && elements.every((e) => !isStructured(e) || !mayEqual(e));
    if (isPlain && (call.args.length === 1 || typeof call.args[1] === 'number'))
      return elements.includes(of, call.args[1] as number | undefined);
    const i = indexOf(list, call);
    return i === undefined ? lost(call.interpreter, call, 'whether it is in the list depends') : i >= 0;
  },
  indexOf: (list, call) => indexOf(list, call) ?? lost(call.interpreter, call, 'where it is in the list depends'),
  lastIndexOf: (list, call) =>
    indexOf(list, call, true) ?? lost(call.interpreter, call, 'where it is in the list depends'),
  concat: (list, call) => {
    if (call.args instanceof OpenArguments) return likeAny(all(flatten([list, ...call.args], 1)));
    const { interpreter, at } = call;
    if (
      interpreter.patches !== undefined &&
      call.args.some((arg) => interpreter.patches?.find(interpreter, arg, '@@isConcatSpreadable'))
    )
      return new ArrayValue([], interpreter.unknown('unsupported', at, 'what a list says of being spread'));
    return flatten([list, ...call.args], 1);
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
    const taken = call.args.length < 2 ? Number.POSITIVE_INFINITY : (count ?? 0);
    return new ArrayValue(target.elements.splice(start, taken, ...call.args.slice(2)));
  },
  toSpliced: (list, call) => {
    const copy = new ArrayValue([...list.elements], list.rest);
    TABLE.splice?.(copy, call);
    return copy;
  },
  toSorted: (list, call) => TABLE.sort?.(new ArrayValue([...list.elements], list.rest), call),
  copyWithin: (list, call) => {
    const target = mutate(list, call);
    if (target.rest === undefined && call.args.every((arg) => typeof arg === 'number'))
      target.elements.copyWithin(...(call.args as [number, number, number]));
    else Object.assign(target, { elements: [], rest: all(target).reduce(joinValues, undefined) });
    return target;
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
    const plain = target.rest === undefined && call.args[0] === undefined && elements.every((e) => !isStructured(e));
    const ordered = plain ? elements.slice().sort() : target.rest === undefined ? sortedBy(elements, call) : undefined;
    if (ordered !== undefined) target.elements = ordered;
    else if (elements.length + (target.rest === undefined ? 0 : 1) > 1) {
      const any = all(target).reduce(joinValues);
      if (target.rest === undefined) target.elements = Array.from(elements, () => any);
      else Object.assign(target, { elements: [], rest: any });
    }
    return target;
  },
  fill: (list, call) => {
    const length = arrayMember(list, 'length');
    const target = ofKnownLength(mutate(list, call), length);
    const [value, start = 0, end] = call.args;
    const isWhole = call.args.length < 2;
    if (isWhole && target.rest !== undefined) {
      target.elements = Array.from(target.elements, () => value);
      target.rest = value;
    } else if (
      target.rest === undefined &&
      typeof start === 'number' &&
      (end === undefined || typeof end === 'number')
    ) {
      target.elements = target.elements.slice().fill(value, start, end);
    } else {
      target.elements = Array.from(target.elements, (e) => joinValues(e, value));
      if (target.rest !== undefined) target.rest = joinValues(target.rest, value);
    }
    return target;
  },
  join: (list, call) => {
    const [separator = ','] = call.args;
    const { interpreter, at } = call;
    const parts = Array.from(list.elements, (e) => (e === undefined || e === null ? '' : textOf(interpreter, e, at)));
    if (list.rest !== undefined || typeof separator !== 'string' || parts.some((p) => p === undefined))
      return lost(call.interpreter, call, 'the text is not known');
    return parts.join(separator);
  },
  flat: (list, call) => {
    const depth = call.args[0] ?? 1;
    if (typeof depth !== 'number' || depth < 1) return likeAny(all(list));
    const flat = flatten(
      Object.values([...Object.values(list.elements), ...(list.rest === undefined ? [] : [list.rest])]),
      Math.min(depth, MAX_DEPTH),
    );
    return list.rest === undefined ? flat : likeAny(all(flat));
  },
  at: (list, call) => {
    const [i] = call.args;
    if (typeof i !== 'number') return all(list).reduce(joinValues, undefined);
    if (list.rest !== undefined && i < 0) return all(list).reduce(joinValues);
    const index = Math.trunc(i) < 0 ? Math.trunc(i) + list.elements.length : Math.trunc(i);
    return index in list.elements ? list.elements[index] : list.rest;
  },
  entries: (list) => iterator(list, (element, i) => new ArrayValue([i, element])),
  keys: (list) => iterator(list, (_, i) => i),
  values: (list) => iterator(list, (element) => element),
  [ITERATOR]: (list) => iterator(list, (element) => element),
  with: (list, call) => {
    const [i, value] = call.args;
    return typeof i === 'number'
      ? new ArrayValue(
          Array.from(list.elements, (e, at) => (at === (i < 0 ? i + list.elements.length : i) ? value : e)),
          list.rest,
        )
      : likeAny([...all(list), value]);
  },
  toReversed: (list) => (list.rest === undefined ? new ArrayValue([...list.elements].reverse()) : likeAny(all(list))),
  toString: (list: ArrayValue, call: Call) =>
    textOf(call.interpreter, list, call.at) ?? lost(call.interpreter, call, 'the text is not known'),
};

function iterator(list: ArrayValue, entry: (element: Value, index: Value) => Value): IteratorValue {
  return new IteratorValue((i) => {
    if (i < list.elements.length) return { go: true, element: entry(list.elements[i], i) };
    return list.rest === undefined
      ? { go: false, element: undefined }
      : { go: undefined, element: entry(list.rest, unknownLength(list)) };
  });
}

/** Methods that change the list on which they are called. */
const CHANGING: ReadonlySet<string> = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
]);

const methods: ReadonlyMap<string, Value> = new Map(
  Object.entries(TABLE).map(([name, method]) => {
    const native = new NativeFunction(name, (call) => {
      if (call.self instanceof ArrayValue) return method(call.self, call);
      const { interpreter, self, at } = call;
      if (CHANGING.has(name)) {
        loseContents(interpreter, self, interpreter.unknown('unsupported', at, `${name} of what is no list`));
        return interpreter.unknown('unsupported', at, `${name} of what is no list`);
      }
      if (self instanceof ObjectValue && findProperty(self, ITERATOR) === undefined) {
        interpreter.visitCallbacks(call.args, at);
        return interpreter.unknown('unsupported', at, `${name} of what is no list`);
      }
      const { elements, rest } = elementsOf(interpreter, self, at, 'iteration');
      return method(new ArrayValue([...elements], rest), call);
    });
    native.takesAny = name === 'push' || name === 'unshift' || name === 'concat';
    return [name, native];
  }),
);
