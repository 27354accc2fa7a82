import { isPoly } from '../../../shapes/dim';
import type { Options } from '../../options';
import { isMaybe, type Plain, UNKNOWN } from '../../plain';
import { refuse } from '../../refused';

/** What constructors refuse of an options object. Each check stays silent on a value that is not known. */

/** Whether the value may be any number: not known, known in part, or a symbol. */
export const maybeNumber = (value: Plain): boolean => value === UNKNOWN || isMaybe(value) || isPoly(value);

const missing = (value: Plain): value is null | undefined => value === undefined || value === null;

/** `"same"`, `-1`, `[3,3]`, for messages. */
export function showPlain(value: Plain): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `"${value}"`;
  if (Array.isArray(value)) return `[${(value as readonly Plain[]).map(showPlain).join(',')}]`;
  return value === null || typeof value !== 'object' ? String(value) : isPoly(value) ? 'a size' : 'an object';
}

function refuseOption(type: string, key: string, wanted: string, value: Plain, original?: string): never {
  refuse('option', `${type}: ${key} must be ${wanted} but is ${showPlain(value)}`, {
    when: 'construct',
    argument: key,
    original,
  });
}

/** tfjs's `assertPositiveInteger`, which also takes lists. */
export function positiveInteger(type: string, options: Options, key: string, original?: string): void {
  const whole = options.get(key);
  const list: readonly Plain[] = Array.isArray(whole) && whole.length > 0 ? whole : [whole];
  const odd = list.find((v) => !maybeNumber(v) && !(typeof v === 'number' && Number.isInteger(v) && v > 0));
  if (odd === undefined && list.every((v) => v !== undefined)) return;
  const place = list === whole ? `element ${list.indexOf(odd) + 1} of ${key}` : key;
  refuseOption(
    type,
    key,
    'a positive integer',
    whole,
    original ?? `Expected ${place} to be a positive integer, but got`,
  );
}

/** One of these words, or absent. tfjs says `x is not a valid kind.`, or as in `original`. */
export function oneOf(
  type: string,
  options: Options,
  key: string,
  words: readonly string[],
  kind: string,
  original?: string,
): void {
  const value = options.get(key);
  if (missing(value) || value === UNKNOWN || words.includes(value as string)) return;
  refuseOption(
    type,
    key,
    words.map((w) => `"${w}"`).join(' or '),
    value,
    original ?? `${showWord(value)} is not a valid ${kind}.`,
  );
}

const showWord = (value: Plain): string => (typeof value === 'string' ? value : showPlain(value));

export const paddings: readonly string[] = ['valid', 'same', 'causal'];
export const dataFormats: readonly string[] = ['channelsFirst', 'channelsLast'];

/** tfjs's `normalizeArray`: a number, or a list of `n` integers. Absent passes. */
export function numberOrList(type: string, options: Options, key: string, n: number): void {
  const value = options.get(key);
  if (missing(value) || typeof value === 'number' || maybeNumber(value)) return;
  const wanted = n === 1 ? 'an integer or a list of one' : `an integer or a list of ${n}`;
  if (!Array.isArray(value)) {
    if (typeof value === 'string' && value.length === n) return;
    refuseOption(type, key, wanted, value);
  }
  const list = value as readonly Plain[];
  const original = `The ${key} argument must be an integer or tuple of ${n} integers.`;
  if (list.length !== n) refuseOption(type, key, wanted, value, original);
  if (list.some((v) => !maybeNumber(v) && !Number.isInteger(v))) refuseOption(type, key, wanted, value, original);
}

/** Refuses an absent option. */
export function required(type: string, options: Options, key: string, wanted: string): void {
  if (missing(options.get(key))) refuseOption(type, key, wanted, options.get(key));
}
