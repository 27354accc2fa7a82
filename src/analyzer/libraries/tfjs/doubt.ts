import { joinAll } from '../../interpreter/values/join';
import {
  ArrayValue,
  isStructured,
  isUnknown,
  NOWHERE,
  ObjectValue,
  UnionValue,
  UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import type { Place, ReasonFact } from '../../trace/facts';
import { type Plain, type PlainRecord, UNKNOWN } from '../plain';
import { TensorObject } from './objects/tensor';

/**
 * What the analyzer takes for null, for a plain object or for an empty list may have been set or filled by code that it did
 * not see, or in an order that it cannot know. So a refusal that rests on such a value is no proof, unless the value is
 * written out at the call itself.
 */
export function doubt(value: Value, at: Place | undefined): Value {
  if (value === undefined || value === null)
    return at === undefined ? value : new UnknownValue(at === undefined ? DOUBT : { ...DOUBT, at });
  if (value instanceof UnionValue) {
    const options = value.options.map((option) => doubt(option, at));
    return options.some((option, i) => option !== value.options[i]) ? joinAll(options) : value;
  }
  if (!isStructured(value) || isUnknown(value) || value instanceof TensorObject) return value;
  if (value instanceof ArrayValue) {
    const written =
      value.at !== undefined && at !== undefined && value.at.file === at.file && value.at.start === at.start;
    return !written && isDoubtfulList(value) ? new UnknownValue(at === undefined ? DOUBT : { ...DOUBT, at }) : value;
  }
  if (!(value instanceof ObjectValue) || value.slot !== undefined) return value;
  const written =
    value.at !== undefined && at !== undefined && value.at.file === at.file && value.at.start === at.start;
  return written ? value : new UnknownValue(at === undefined ? DOUBT : { ...DOUBT, at });
}

function isDoubtfulList(list: ArrayValue): boolean {
  return (
    list.elements.length === 0 ||
    list.elements.some((e) => e === undefined || e === null || (e instanceof ArrayValue && isDoubtfulList(e)))
  );
}

/** The same for options: a key that is there with nothing in it. Undefined where no option is in doubt. */
export function doubtOptions(record: PlainRecord): PlainRecord | undefined {
  let found = false;
  const entries = new Map<string, Plain>();
  for (const [key, value] of record.entries) {
    const empty = value === undefined || (Array.isArray(value) && (value.length === 0 || value.includes(undefined)));
    found ||= empty;
    entries.set(key, empty ? UNKNOWN : value);
  }
  return found ? { ...record, entries } : undefined;
}

export const DOUBT: ReasonFact = {
  code: 'unsupported',
  at: NOWHERE,
  text: 'what is given here may have been set by code that is not in view',
};
