import { isPoly, type Poly } from '../../shapes/dim';
import { ClassValue, FunctionValue, NativeFunction } from './functions';
import type { HostObject } from './host';
import type { ArrayValue, ObjectValue } from './objects';
import type { PromiseValue } from './promise';
import { UnionValue, UnknownValue } from './unknown';

export * from './functions';
export * from './host';
export * from './objects';
export * from './promise';
export * from './unknown';

/** What an expression may evaluate to. JavaScript's primitives stand for themselves; a `Poly` is a number known by name. */
export type Value =
  | string
  | number
  | boolean
  | bigint
  | null
  | undefined
  | Poly
  | ObjectValue
  | ArrayValue
  | FunctionValue
  | NativeFunction
  | ClassValue
  | PromiseValue
  | HostObject
  | UnknownValue
  | UnionValue;

export type Callable = FunctionValue | NativeFunction | ClassValue;

type Structured = Exclude<Value, string | number | boolean | bigint | null | undefined>;

export function isStructured(value: Value): value is Structured {
  return typeof value === 'object' && value !== null;
}

export function isUnknown(value: Value): value is UnknownValue {
  return value instanceof UnknownValue;
}

export function isCallable(value: Value): value is Callable {
  return value instanceof FunctionValue || value instanceof NativeFunction || value instanceof ClassValue;
}

/** The alternatives of a value: one for most. */
export function optionsOf(value: Value): readonly Value[] {
  return value instanceof UnionValue ? value.options : [value];
}

/** JavaScript's truth; undefined where it depends. A named number may be 0. */
export function truth(value: Value): boolean | undefined {
  if (!isStructured(value)) return Boolean(value);
  if (value instanceof UnknownValue || isPoly(value)) return undefined;
  if (value instanceof UnionValue) {
    const [first, ...rest] = value.options.map(truth);
    return rest.every((t) => t === first) ? first : undefined;
  }
  return true;
}

/** The number that a value is, by name if need be; undefined where it is none. */
export function asNumber(value: Value): number | Poly | undefined {
  if (typeof value === 'number' || isPoly(value)) return value;
  if (value instanceof UnknownValue) return value.symbol;
  if (typeof value === 'boolean') return Number(value);
  return undefined;
}

/** Properties in the order in which the language lists them: whole numbers first, by size, then the rest as they came. */
export function inKeyOrder<T>(entries: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  const isIndex = ([key]: readonly [string, T]): boolean =>
    /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
  const indices = entries.filter(isIndex).sort(([a], [b]) => Number(a) - Number(b));
  return indices.length === 0 ? entries : [...indices, ...entries.filter((entry) => !isIndex(entry))];
}
