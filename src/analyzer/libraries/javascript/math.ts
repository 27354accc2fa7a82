import type { Interpreter } from '../../interpreter/interpreter';
import { isHosted, tellOperands } from '../../interpreter/syntax/operands';
import { joinValues } from '../../interpreter/values/join';
import { toPrimitive } from '../../interpreter/values/primitives';
import {
  ArrayValue,
  asNumber,
  type Call,
  NativeFunction,
  ObjectValue,
  optionsOf,
  UnionValue,
  UnknownNumber,
  type Value,
} from '../../interpreter/values/values';
import { apply, ceil, type Dim, floor, isPoly, type Poly } from '../../shapes/dim';
import { row } from '../../table';
import type { Place } from '../../trace/facts';

/** Functions of numbers that stay exact on sizes known by name. */
const NAMED: Readonly<Record<string, (args: readonly (number | Poly)[]) => Dim>> = {
  floor: ([x = 0]) => floor(x),
  ceil: ([x = 0]) => ceil(x),
  round: ([x = 0]) => (typeof x === 'number' ? Math.round(x) : apply('round', [x], Math.round)),
  trunc: ([x = 0]) => (typeof x === 'number' ? Math.trunc(x) : floor(x)),
  max: (args) => apply('max', args, Math.max),
  min: (args) => apply('min', args, Math.min),
};

const PLAIN = [
  'abs',
  'sqrt',
  'pow',
  'log',
  'log2',
  'log10',
  'exp',
  'sign',
  'sin',
  'cos',
  'tan',
  'tanh',
  'cbrt',
  'hypot',
  'atan2',
  'fround',
  'log1p',
  'expm1',
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atanh',
  'clz32',
  'cosh',
  'imul',
  'sinh',
] as const;

function run(name: string, args: readonly Value[]): Value {
  const numbers = args.map(asNumber);
  if (numbers.some((n) => n === undefined)) return undefined;
  const known = numbers as (number | Poly)[];
  const named = row(NAMED, name);
  const exact = (Math as unknown as Record<string, (...x: number[]) => number>)[name];
  if (known.every((n) => typeof n === 'number')) return exact?.(...(known as number[]));
  const result = named === undefined ? (exact === undefined ? '?' : apply(name, known, exact)) : named(known);
  return typeof result === 'number' || isPoly(result) ? result : undefined;
}

/** What the language makes of an argument: of text and null a number. */
function numeric(interpreter: Interpreter, value: Value, at: Place): Value {
  if (typeof value === 'string' || value === null) return Number(value);
  if (!(value instanceof ObjectValue || value instanceof ArrayValue)) return value;
  const primitive = toPrimitive(interpreter, value, 'number', at);
  return primitive === undefined
    ? value
    : typeof primitive.value === 'string'
      ? Number(primitive.value)
      : primitive.value;
}

function method(name: string): NativeFunction {
  return new NativeFunction(name, ({ interpreter, args: given, argsAt, at }: Call) => {
    const args = given.map((arg) => numeric(interpreter, arg, at));
    const [first, ...rest] = args;
    if (args.some(isHosted)) tellOperands(interpreter, `Math.${name}`, args, at, argsAt);
    const results = optionsOf(first).map((option) => run(name, args.length === 0 ? [] : [option, ...rest]));
    if (!results.includes(undefined) && !rest.some((r) => r instanceof UnionValue)) return results.reduce(joinValues);
    return (
      args.map((a) => interpreter.because(a)).find((u) => u !== undefined) ??
      interpreter.unknown('unsupported', at, `Math.${name} of what is not known`)
    );
  });
}

/** The global `Math`. Its random numbers are not known. */
export const math: Value = ObjectValue.of({
  ...Object.fromEntries([...Object.keys(NAMED), ...PLAIN].map((name) => [name, method(name)])),
  random: new NativeFunction('random', ({ interpreter, at }) =>
    UnknownNumber.of(interpreter.unknown('runtime-data', at, 'a random number')),
  ),
  PI: Math.PI,
  E: Math.E,
  LN2: Math.LN2,
  LN10: Math.LN10,
  LOG2E: Math.LOG2E,
  LOG10E: Math.LOG10E,
  SQRT2: Math.SQRT2,
  SQRT1_2: Math.SQRT1_2,
}).asShared();
