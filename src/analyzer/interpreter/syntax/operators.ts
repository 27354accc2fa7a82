import type { BinaryOperator } from '../../program/nodes';
import { add, apply, type Dim, div, floor, isPoly, mod, mul, type Poly, same, sub } from '../../shapes/dim';
import { identical } from '../values/join';
import {
  ArrayValue,
  asNumber,
  HostObject,
  isStructured,
  isUnknown,
  optionsOf,
  SymbolValue,
  UnionValue,
  type Value,
} from '../values/values';

/** Arithmetic on sizes by name, by operator; undefined in a row's absence. */
const NAMED: Partial<Record<BinaryOperator, (a: number | Poly, b: number | Poly) => Dim>> = {
  '+': add,
  '-': sub,
  '*': mul,
  '/': div,
  '%': mod,
  '**': power,
  '>>': (a, b) => (typeof b === 'number' ? floor(div(a, 2 ** b)) : '?'),
  '>>>': (a, b) => (typeof b === 'number' ? floor(div(a, 2 ** b)) : '?'),
  '<<': (a, b) => (typeof b === 'number' ? mul(a, 2 ** b) : '?'),
};

const ON_PRIMITIVES: Record<BinaryOperator, (a: never, b: never) => Value> = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
  '**': (a: number, b: number) => a ** b,
  // biome-ignore lint/suspicious/noDoubleEquals: this is the operator itself
  '==': (a: unknown, b: unknown) => a == b,
  // biome-ignore lint/suspicious/noDoubleEquals: this is the operator itself
  '!=': (a: unknown, b: unknown) => a != b,
  '===': (a: unknown, b: unknown) => a === b,
  '!==': (a: unknown, b: unknown) => a !== b,
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '&': (a: number, b: number) => a & b,
  '|': (a: number, b: number) => a | b,
  '^': (a: number, b: number) => a ^ b,
  '<<': (a: number, b: number) => a << b,
  '>>': (a: number, b: number) => a >> b,
  '>>>': (a: number, b: number) => a >>> b,
  in: () => undefined,
  instanceof: () => undefined,
};

const EQUALITY: Partial<Record<BinaryOperator, boolean>> = { '==': true, '===': true, '!=': false, '!==': false };

/** The value of `a operator b`; undefined where it is not known (the value undefined is no result of these operators). */
export function binary(operator: BinaryOperator, a: Value, b: Value): Value | undefined {
  if (a instanceof UnionValue || b instanceof UnionValue) return overOptions(operator, a, b);
  const equality = EQUALITY[operator];
  if (equality !== undefined) {
    const equal = equals(operator, a, b);
    return equal === undefined ? undefined : equal === equality;
  }
  if (!isStructured(a) && !isStructured(b)) {
    if (typeof a === 'bigint' || typeof b === 'bigint') return onBigInts(operator, a, b);
    // Programs do not calculate with undefined: it stands for what code out of view has set.
    if ((a === undefined || b === undefined) && CALCULATES.has(operator)) return undefined;
    return ON_PRIMITIVES[operator](a as never, b as never);
  }
  if (operator === '+' && (typeof a === 'string' || typeof b === 'string')) return undefined;
  const x = asNumber(a);
  const y = asNumber(b);
  if (x === undefined || y === undefined || (isUnknown(a) && isUnknown(b) && operator === '+')) return undefined;
  if (operator === '<' || operator === '<=' || operator === '>' || operator === '>=') return compare(operator, x, y);
  const result = NAMED[operator]?.(x, y);
  return typeof result === 'number' || isPoly(result) ? result : undefined;
}

const ARITHMETIC: ReadonlySet<BinaryOperator> = new Set(['-', '*', '/', '%', '**', '>>', '>>>', '<<']);

const CALCULATES: ReadonlySet<BinaryOperator> = new Set([...ARITHMETIC, '+']);

/** Whole numbers of any size, as far as they are of a size to be computed. */
function onBigInts(operator: BinaryOperator, a: Value, b: Value): Value | undefined {
  const isGreat = (value: Value): boolean => typeof value === 'bigint' && (value > 2n ** 64n || value < -(2n ** 64n));
  if (isGreat(a) || isGreat(b)) return undefined;
  if (operator === '**' || operator === '<<') return undefined;
  try {
    return ON_PRIMITIVES[operator](a as never, b as never);
  } catch {
    return undefined;
  }
}

/** The alternatives with which a program can calculate: null and undefined drop out where there are others. */
function presentIn(value: Value): readonly Value[] {
  const all = optionsOf(value);
  const present = all.filter((option) => option !== undefined && option !== null);
  return present.length === 0 ? all : present;
}

function overOptions(operator: BinaryOperator, a: Value, b: Value): Value | undefined {
  const results: Value[] = [];
  const present = ARITHMETIC.has(operator) ? presentIn : optionsOf;
  for (const x of present(a)) {
    for (const y of present(b)) {
      const result = binary(operator, x, y);
      if (result === undefined) return undefined;
      if (!results.some((r) => identical(r, result))) results.push(result);
    }
  }
  return results.length === 1 ? results[0] : results.length <= 4 ? new UnionValue(results) : undefined;
}

function equals(operator: BinaryOperator, a: Value, b: Value): boolean | undefined {
  if (isUnknown(a) || isUnknown(b)) return a === b ? true : undefined;
  if (!isStructured(a) && !isStructured(b))
    return ON_PRIMITIVES[operator.length === 3 || operator === '!==' ? '===' : '=='](a as never, b as never) as boolean;
  if (isPoly(a) || isPoly(b)) {
    const x = asNumber(a);
    const y = asNumber(b);
    if (x === undefined || y === undefined)
      return a === null || b === null || a === undefined || b === undefined ? false : undefined;
    return same(x, y);
  }
  // An object equals a primitive only by what it becomes.
  if (operator.length === 2 && isStructured(a) !== isStructured(b)) {
    const other = isStructured(a) ? b : a;
    return other === null || other === undefined ? false : undefined;
  }
  // The shape of an object is one list, each time it is read.
  if (a instanceof ArrayValue && a.shapeOf !== undefined && b instanceof ArrayValue && a.shapeOf === b.shapeOf)
    return true;
  return a === b;
}

function compare(operator: '<' | '<=' | '>' | '>=', a: number | Poly, b: number | Poly): boolean | undefined {
  const difference = sub(a, b);
  if (typeof difference !== 'number') return undefined;
  return ON_PRIMITIVES[operator](difference as never, 0 as never) as boolean;
}

function power(a: number | Poly, b: number | Poly): Dim {
  if (typeof b === 'number' && Number.isInteger(b) && b >= 0 && b <= 8) {
    let result: Dim = 1;
    for (let i = 0; i < b; i += 1) result = mul(result, a);
    return result;
  }
  return apply('pow', [a, b], (x, y) => x ** y);
}

/** JavaScript's `typeof`; undefined where it is not known. */
export function typeOf(value: Value): string | undefined {
  if (value === null) return 'object';
  if (!isStructured(value)) return typeof value;
  if (isUnknown(value) || value instanceof UnionValue) return undefined;
  if (isPoly(value)) return 'number';
  if (value instanceof SymbolValue) return 'symbol';
  if (value instanceof HostObject && value.isFunction) return 'function';
  return value.kind === 'function' || value.kind === 'native' || value.kind === 'class' ? 'function' : 'object';
}

export function unary(operator: '+' | '-' | '!' | '~', value: Value): Value | undefined {
  if (!isStructured(value) && typeof value !== 'bigint') {
    const v = value as number;
    return operator === '+' ? +v : operator === '-' ? -v : operator === '~' ? ~v : !v;
  }
  const number = operator === '-' || operator === '+' ? asNumber(value) : undefined;
  if (number === undefined || value instanceof HostObject) return undefined;
  const result = operator === '-' ? mul(-1, number) : number;
  return typeof result === 'number' || isPoly(result) ? result : undefined;
}
