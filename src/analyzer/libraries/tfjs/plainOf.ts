import { joinAll, joinHosts } from '../../interpreter/values/join';
import {
  ArrayValue,
  HostObject,
  isUnknown,
  NativeFunction,
  NOWHERE,
  ObjectValue,
  PromiseValue,
  UnionValue,
  UnknownNumber,
  type UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import { isPoly, type Poly } from '../../shapes/dim';
import type { OptionFact, OptionValue } from '../../trace/facts';
import { arrayMember, TypedArrayValue, TypedList } from '../javascript';
import { type Plain, type PlainList, type PlainMaybe, PlainNumbers, UNKNOWN } from '../plain';
import { DTYPE_OF } from './typedArrays';

const MAX_DEPTH = 8;
/** Numbers of a typed array that are handed to a table one by one. */
const MAX_NUMBERS = 65_536;

const SOME_NUMBER: PlainMaybe = { kind: 'maybe', size: '?', isNumber: true };

/** Of a list that is longer than any that is read, the first stands for all. */
function manyNumbers(length: number): readonly Plain[] {
  const numbers = new Array<Plain>(length);
  return length <= MAX_NUMBERS ? numbers.fill(SOME_NUMBER) : numbers.fill(SOME_NUMBER, 0, 1);
}

/** A value as the tables read it. */
export function plainOf(value: Value, depth = 0): Plain {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? Number(value) : value;
  if (depth > MAX_DEPTH) return UNKNOWN;
  if (isPoly(value)) return value;
  if (value instanceof UnknownNumber)
    return value.symbol === undefined ? SOME_NUMBER : { kind: 'maybe', size: value.symbol, isNumber: true };
  if (isUnknown(value)) return value.symbol === undefined ? UNKNOWN : unknownOf(value, value.symbol);
  if (value instanceof TypedList)
    return PlainNumbers.made(
      value.elements.map((one) => plainOf(one, depth + 1)),
      value.name,
      DTYPE_OF[value.name],
    );
  if (value instanceof ArrayValue)
    return value.rest === undefined ? value.elements.map((e) => plainOf(e, depth + 1)) : openList(value, depth);
  if (value instanceof ObjectValue) {
    if (value.slot !== undefined) return plainOf(value.slot, depth);
    const entries = new Map([...value.properties].map(([key, p]) => [key, plainOf(p.value, depth + 1)]));
    return { kind: 'record', entries, open: value.open !== undefined };
  }
  if (value instanceof TypedArrayValue) {
    const { length, name } = value;
    const dtype = name === undefined ? '?' : DTYPE_OF[name];
    if (typeof length === 'number' && (length <= MAX_NUMBERS || dtype === undefined))
      return PlainNumbers.made(manyNumbers(length), name, dtype);
    const each: Plain = dtype === undefined ? UNKNOWN : { ...SOME_NUMBER, dtype };
    return { kind: 'maybe', size: '?', list: () => ({ length, each, certain: true }) };
  }
  if (value instanceof HostObject) return (value as HostObject & { toPlain?(): Plain }).toPlain?.() ?? UNKNOWN;
  if (value instanceof UnionValue) return depth === 0 ? UNKNOWN : eitherOf(value);
  if (value instanceof PromiseValue) return UNKNOWN;
  return { kind: 'function' };
}

/** What is not known may be a number, or a list: of any length, and of lists of one length. */
function unknownOf(value: UnknownValue, size: Poly): Plain {
  const list = (of: UnknownValue) => (): PlainList => {
    const first = of.member('0');
    const inner = first.symbol;
    return {
      length: of.member('length').symbol ?? '?',
      each: inner === undefined ? UNKNOWN : { kind: 'maybe', size: inner, list: list(first) },
      certain: false,
    };
  };
  return { kind: 'maybe', size, list: list(value), ...(value.name === undefined ? {} : { name: value.name }) };
}

/** In a list, one of several tensors is a tensor of what they share; alone, each of them is tried by itself. */
function eitherOf({ options }: UnionValue): Plain {
  const [one, ...more] = joinHosts(options, {
    code: 'branch',
    at: NOWHERE,
    text: 'alternatives',
  });
  return more.length === 0 && one instanceof HostObject ? plainOf(one) : UNKNOWN;
}

/** A list of unknown length. */
function openList(value: ArrayValue, depth: number): Plain {
  const list = (): PlainList => {
    const length = arrayMember(value, 'length');
    const size = isUnknown(length) ? length.symbol : length;
    return {
      length: typeof size === 'number' || isPoly(size) ? size : '?',
      each: plainOf(joinAll(value.rest === undefined ? value.elements : [...value.elements, value.rest]), depth + 1),
      certain: true,
    };
  };
  return { kind: 'maybe', size: '?', list };
}

/** A value as a trace keeps it. */
export function optionValue(value: Value, depth = 0): OptionValue {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? Number(value) : value;
  if (isPoly(value)) return { kind: 'size', dim: value };
  if (isUnknown(value)) return { kind: 'unknown', reason: value.reason };
  if (value instanceof ArrayValue && value.rest === undefined && depth < MAX_DEPTH && value.elements.length <= 64) {
    return value.elements.map((e) => optionValue(e, depth + 1));
  }
  if (value instanceof UnionValue) {
    const lost = value.options.find(isUnknown);
    return {
      kind: 'unknown',
      reason: lost?.reason ?? { code: 'branch', at: NOWHERE, text: 'it depends on a condition' },
    };
  }
  if (value instanceof HostObject) return { kind: 'object', type: value.type };
  if (value instanceof NativeFunction) return { kind: 'object', type: value.kind, name: value.name };
  return { kind: 'object', type: value.kind };
}

/** The properties of an options object, each with its place. */
export function optionFacts(value: Value): ReadonlyMap<string, OptionFact> {
  if (!(value instanceof ObjectValue)) return new Map();
  return new Map([...value.properties].map(([key, p]) => [key, { value: optionValue(p.value), at: p.at }]));
}
