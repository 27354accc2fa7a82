import {
  ArrayValue,
  HostObject,
  isUnknown,
  ObjectValue,
  PromiseValue,
  UnionValue,
  UnknownNumber,
  type Value,
} from '../../interpreter/values';
import { isPoly } from '../../shapes/dim';
import type { OptionFact, OptionValue } from '../../trace/facts';
import { TypedArrayValue } from '../javascript';
import { type Plain, UNKNOWN } from '../plain';

const MAX_DEPTH = 8;
/** Numbers of a typed array that are handed to a table one by one. */
const MAX_NUMBERS = 65_536;

const SOME_NUMBER: Plain = { kind: 'maybe', size: '?', isNumber: true };

/** A value as the tables read it. */
export function plainOf(value: Value, depth = 0): Plain {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? Number(value) : value;
  if (depth > MAX_DEPTH) return UNKNOWN;
  if (isPoly(value)) return value;
  if (value instanceof UnknownNumber)
    return value.symbol === undefined ? SOME_NUMBER : { kind: 'maybe', size: value.symbol, isNumber: true };
  if (isUnknown(value)) return value.symbol === undefined ? UNKNOWN : { kind: 'maybe', size: value.symbol };
  if (value instanceof ArrayValue)
    return value.rest === undefined ? value.elements.map((e) => plainOf(e, depth + 1)) : UNKNOWN;
  if (value instanceof ObjectValue) {
    if (value.slot !== undefined) return plainOf(value.slot, depth);
    const entries = new Map([...value.properties].map(([key, p]) => [key, plainOf(p.value, depth + 1)]));
    return { kind: 'record', entries, open: value.open !== undefined };
  }
  if (value instanceof TypedArrayValue)
    return value.length <= MAX_NUMBERS ? new Array<Plain>(value.length).fill(SOME_NUMBER) : UNKNOWN;
  if (value instanceof HostObject) return (value as HostObject & { toPlain?(): Plain }).toPlain?.() ?? UNKNOWN;
  if (value instanceof UnionValue || value instanceof PromiseValue) return UNKNOWN;
  return { kind: 'function' };
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
      reason: lost?.reason ?? { code: 'branch', at: { file: '', start: 0, end: 0 }, text: 'it depends on a condition' },
    };
  }
  if (value instanceof HostObject) return { kind: 'object', type: value.type };
  return { kind: 'object', type: value.kind };
}

/** The properties of an options object, each with its place. */
export function optionFacts(value: Value): ReadonlyMap<string, OptionFact> {
  if (!(value instanceof ObjectValue)) return new Map();
  return new Map([...value.properties].map(([key, p]) => [key, { value: optionValue(p.value), at: p.at }]));
}
