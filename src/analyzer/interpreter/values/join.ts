import { isPoly, same, symbol } from '../../shapes/dim';
import type { ReasonFact } from '../../trace/facts';
import {
  ArrayValue,
  HostObject,
  isUnknown,
  NOWHERE,
  ObjectValue,
  optionsOf,
  type Property,
  UnionValue,
  UnknownNumber,
  UnknownValue,
  type Value,
} from './values';

/** Alternatives kept apart at most; beyond it, what they share or the unknown. */
const MAX_OPTIONS = 4;

/** A value that is either of the two. */
export function joinValues(a: Value, b: Value): Value {
  if (identical(a, b)) return a;
  if (isUnknown(a)) return amongBoth(a, b);
  if (isUnknown(b)) return amongBoth(b, a);
  if (a instanceof HostObject && b instanceof HostObject) {
    const one = a.merged(b);
    if (one !== undefined) return one;
  }
  const options: Value[] = [];
  for (const option of [
    ...(a instanceof UnionValue ? a.options : [a]),
    ...(b instanceof UnionValue ? b.options : [b]),
  ]) {
    if (!options.some((o) => identical(o, option))) options.push(option);
  }
  if (options.length <= MAX_OPTIONS) return options.length === 1 ? options[0] : new UnionValue(options);
  return widest(options);
}

/** The unknown that either is: of objects that one of them may be, none is forgotten. */
function amongBoth(lost: UnknownValue, other: Value): UnknownValue {
  const known = lost.among ?? NONE;
  const more = isUnknown(other) ? (other.among ?? NONE) : new Set(optionsOf(other).filter(isChangeable));
  if (more === known || isSubset(more, known)) return lost;
  return withAmong(lost, isSubset(known, more) ? more : new Set([...known, ...more]));
}

function withAmong(lost: UnknownValue, among: ReadonlySet<Value>): UnknownValue {
  const one = new UnknownValue(lost.reason, lost.name, () => lost.symbol ?? symbol(lost.name ?? 'unknown'));
  one.among = among;
  return one;
}

const NONE: ReadonlySet<Value> = new Set();

function isSubset(some: ReadonlySet<Value>, all: ReadonlySet<Value>): boolean {
  if (some.size > all.size) return false;
  for (const one of some) if (!all.has(one)) return false;
  return true;
}

const isChangeable = (value: Value): boolean => value instanceof ObjectValue || value instanceof ArrayValue;

function widest(options: readonly Value[]): Value {
  const reason = { code: 'branch', at: NOWHERE, text: `${options.length} alternatives meet here` } as const;
  const fewer = joinHosts(options, reason);
  if (fewer.length === 1) return fewer[0];
  if (options.every((option) => typeof option === 'number' || isPoly(option))) return new UnknownNumber(reason);
  const lost = new UnknownValue(reason);
  const among = new Set(options.filter(isChangeable));
  if (among.size > 0) lost.among = among;
  return lost;
}

/** The alternatives, with one host in the place of all of one type. */
export function joinHosts(options: readonly Value[], reason: ReasonFact): readonly Value[] {
  const hosts = options.filter((option) => option instanceof HostObject);
  const [first, ...rest] = hosts;
  if (first === undefined || rest.length === 0) return options;
  const joined = rest.reduce<HostObject | undefined>((a, b) => a?.joined(b, reason), first);
  return joined === undefined ? options : [...options.filter((option) => !(option instanceof HostObject)), joined];
}

export function identical(a: Value, b: Value): boolean {
  if (Object.is(a, b)) return true;
  return isPoly(a) && isPoly(b) && same(a, b) === true;
}

/** Properties that only one side has become optional: either that value or undefined. */
export function joinMaps(a: ReadonlyMap<string, Property>, b: ReadonlyMap<string, Property>): Map<string, Property> {
  const joined = new Map<string, Property>();
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const x = a.get(key);
    const y = b.get(key);
    if (x === y && x !== undefined) joined.set(key, x);
    else if (x === undefined || y === undefined) {
      joined.set(key, { ...(x ?? y), value: joinValues(x?.value, y?.value), maybe: true });
    } else joined.set(key, eitherProperty(x, y));
  }
  return joined;
}

function eitherProperty(x: Property, y: Property): Property {
  const value = joinValues(x.value, y.value);
  const either: Property = { ...x, value, ...((x.maybe ?? y.maybe) && { maybe: true }) };
  if (x.getter === y.getter && x.setter === y.setter) return either;
  // Of two ways to compute it, either may be the one.
  return {
    ...either,
    getter: x.getter === undefined && y.getter === undefined ? undefined : joinValues(x.getter, y.getter),
    setter: x.setter === undefined && y.setter === undefined ? undefined : joinValues(x.setter, y.setter),
  };
}

/** Any one of the values; a hole is undefined. */
export function joinAll(values: readonly Value[]): Value {
  let joined = values[0];
  for (let i = 1; i < values.length; i += 1) {
    joined = joinValues(joined, values[i]);
    if (isUnknown(joined)) return amongAll(joined, values.slice(i + 1));
  }
  return joined;
}

/** As if joined with each: sets of what it may be are not built anew for each. */
function amongAll(lost: UnknownValue, others: readonly Value[]): UnknownValue {
  const among = new Set(lost.among);
  for (const other of others) {
    const more = isUnknown(other) ? (other.among ?? NONE) : optionsOf(other).filter(isChangeable);
    for (const one of more) among.add(one);
  }
  return among.size === (lost.among?.size ?? 0) ? lost : withAmong(lost, among);
}
