import { mayThrow, tryPath } from '../../interpreter/effects/paths';
import type { Interpreter } from '../../interpreter/interpreter';
import { elementsOf } from '../../interpreter/values/elements';
import { ERROR_PROTOTYPES, type ErrorName, errorOf, makeError } from '../../interpreter/values/errors';
import { joinValues } from '../../interpreter/values/join';
import { textOf, toPrimitive } from '../../interpreter/values/primitives';
import { findProperty, openingOf } from '../../interpreter/values/properties';
import {
  ArrayValue,
  asNumber,
  type Call,
  HostObject,
  ITERATOR,
  isStructured,
  isUnknown,
  NativeFunction,
  NOWHERE,
  ObjectValue,
  truth,
  UnionValue,
  UnknownNumber,
  UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import { GeneratorValue } from '../../interpreter/waiting/generators';
import { floor, isPoly, type Poly } from '../../shapes/dim';
import type { Place } from '../../trace/facts';
import { arrayMember, ofKnownLength } from './array';
import { CollectionValue, collection } from './collections';
import { IteratorValue } from './iterators';
import { cloned, json } from './json';
import { math } from './math';
import { objectConstructor, reflect } from './objects';
import { promiseConstructor } from './promises';
import { ProxyValue, proxyConstructor } from './proxies';
import { symbolConstructor } from './symbols';
import { timers } from './timers';
import { BufferValue, TYPED_ARRAYS, TypedList, type TypedName, viewOf } from './typedArrays';

type Native = (call: Call) => Value;

function natives(table: Readonly<Record<string, Native>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(table).map(([name, call]) => [name, new NativeFunction(name, call)]));
}

function lost({ interpreter, args, at }: Call, text: string): Value {
  return (
    args.map((a) => interpreter.because(a)).find((u) => u !== undefined) ?? interpreter.unknown('unsupported', at, text)
  );
}

/** Lists longer than this are known by one element. */
const MAX_LIST = 4096;

const ARRAY = natives({
  isArray: (call) => {
    const [value] = call.args;
    if (value instanceof ArrayValue) return !value.isTyped;
    if (
      isUnknown(value) ||
      value instanceof UnionValue ||
      value instanceof ProxyValue ||
      (value instanceof ObjectValue && openingOf(value) !== undefined)
    )
      return lost(call, 'whether it is a list depends');
    return false;
  },
  of: ({ args }) => new ArrayValue([...args]),
  from: (call) => {
    const {
      interpreter,
      args: [source, callback, thisArg],
      at,
    } = call;
    const list = arrayLike(call, source);
    if (callback === undefined) return list;
    const mapped = Array.from(list.elements, (e, i) => interpreter.call(callback, [e, i], at, thisArg));
    let rest: Value;
    if (list.rest !== undefined)
      tryPath(interpreter, () =>
        interpreter.anyTimes(() => {
          rest = interpreter.call(callback, [list.rest, interpreter.because(list.rest)], at, thisArg);
        }, at),
      );
    return ofKnownLength(new ArrayValue(mapped, rest), arrayMember(list, 'length'));
  },
});

/** An iterable, or an object with a length. */
function arrayLike(call: Call, source: Value): ArrayValue {
  const { interpreter, at } = call;
  if (source instanceof ObjectValue && findProperty(source, ITERATOR) === undefined) {
    const list = ofLength(call, interpreter.get(source, 'length', at));
    for (const i of list.elements.keys()) list.elements[i] = interpreter.get(source, String(i), at);
    return list;
  }
  const { elements, rest } = elementsOf(interpreter, source, at, 'iteration');
  return new ArrayValue([...elements], rest);
}

function ofLength(call: Call, length: Value): ArrayValue {
  if (typeof length === 'number' && Number.isInteger(length) && length >= 0 && length <= MAX_LIST)
    return new ArrayValue(new Array<Value>(length));
  const list = new ArrayValue([], lost({ ...call, args: [length] }, 'a list of unknown or great length'));
  return asNumber(length) === undefined ? list : ofKnownLength(list, length);
}

const NUMBER_CONSTANTS = [
  'EPSILON',
  'MAX_SAFE_INTEGER',
  'MAX_VALUE',
  'MIN_SAFE_INTEGER',
  'MIN_VALUE',
  'NEGATIVE_INFINITY',
  'NaN',
  'POSITIVE_INFINITY',
] as const;

const NUMBER = natives({
  isInteger: (call) =>
    typeof call.args[0] === 'number'
      ? Number.isInteger(call.args[0])
      : isStructured(call.args[0])
        ? lost(call, 'the number is not known')
        : false,
  isFinite: (call) =>
    typeof call.args[0] === 'number'
      ? Number.isFinite(call.args[0])
      : isStructured(call.args[0])
        ? lost(call, 'the number is not known')
        : false,
  isNaN: (call) =>
    typeof call.args[0] === 'number'
      ? Number.isNaN(call.args[0])
      : isStructured(call.args[0])
        ? lost(call, 'the number is not known')
        : false,
  isSafeInteger: (call) =>
    isStructured(call.args[0]) ? lost(call, 'the number is not known') : Number.isSafeInteger(call.args[0]),
  parseFloat: (call) => toNumber(call, Number.parseFloat),
  parseInt: (call) => toNumber(call, Number.parseInt),
});

function toNumber(call: Call, convert: (value: string, radix?: number) => number): Value {
  const [given, radix] = call.args;
  if (convert === Number && call.args.length === 0) return 0;
  const { interpreter, at } = call;
  const isPlain = given instanceof ObjectValue || given instanceof ArrayValue;
  const value = isPlain ? toPrimitive(interpreter, given, convert === Number ? 'number' : 'string', at)?.value : given;
  if (isPlain && value === undefined)
    return new UnknownNumber(interpreter.reason('unsupported', at, 'the number of an object'));
  if (typeof value === 'string' || typeof value === 'number')
    return convert(String(value), typeof radix === 'number' ? radix : undefined);
  if (typeof value === 'bigint') return convert(String(value));
  if (isPoly(value)) {
    if (convert !== Number.parseInt) return value;
    const whole = floor(value);
    return typeof whole === 'number' || isPoly(whole) ? whole : lost(call, 'the number is not known');
  }
  if (convert === Number && (typeof value === 'boolean' || value === null)) return Number(value);
  if (value instanceof UnionValue) {
    const options = value.options.map((option) => toNumber({ ...call, args: [option, radix] }, convert));
    return options.reduce(joinValues);
  }
  const unknown = lost(call, 'the number is not known');
  return unknown instanceof UnknownValue ? UnknownNumber.of(unknown) : unknown;
}

function typedArray(name: TypedName): NativeFunction {
  const make: Native = (call) => {
    const [source] = call.args;
    if (typeof source === 'number')
      return source <= MAX_LIST && Number.isInteger(source) && source >= 0
        ? new TypedList(name, new Array<Value>(source).fill(0))
        : new TypedArrayValue(source, name);
    if (call.args.length === 0) return new TypedList(name, []);
    if (source instanceof BufferValue) return viewOf(name, source, call);
    if (source instanceof TypedArrayValue) return new TypedArrayValue(source.length, name);
    if (isPoly(source)) return new TypedArrayValue(source, name);
    if (source instanceof UnknownNumber && source.symbol !== undefined) return new TypedArrayValue(source.symbol, name);
    if (source instanceof ArrayValue)
      return source.rest === undefined
        ? new TypedList(name, Array.from(source.elements))
        : ofKnownLength(new ArrayValue([...source.elements], source.rest), arrayMember(source, 'length'));
    if (source instanceof CollectionValue || source instanceof IteratorValue || source instanceof GeneratorValue) {
      const { elements, rest } = elementsOf(call.interpreter, source, call.at, 'iteration');
      return rest === undefined ? new TypedList(name, elements) : new ArrayValue([...elements], rest);
    }
    return asNumber(source) === undefined
      ? lost(call, `a ${name} of what is not known`)
      : new ArrayValue([], lost(call, 'its elements are not known'));
  };
  return new NativeFunction(name, make, {
    members: new Map<string, Value>([
      ...natives({
        from: (call) => {
          const [source] = call.args;
          if (source instanceof TypedArrayValue) {
            call.interpreter.visitCallbacks(call.args, call.at);
            return new TypedArrayValue(source.length, name);
          }
          const list = ARRAY_FROM(call);
          return list instanceof ArrayValue && list.rest === undefined
            ? new TypedList(name, Array.from(list.elements))
            : list;
        },
        of: ({ args }) => new TypedList(name, [...args]),
      }),
      ['BYTES_PER_ELEMENT', TYPED_ARRAYS[name].BYTES_PER_ELEMENT],
    ]),
  });
}

const ARRAY_FROM: Native = (call) => {
  const from = ARRAY.get('from');
  return from instanceof NativeFunction ? from.call(call) : undefined;
};

/** A typed array of a length too great to keep its elements, or known by name. */
export class TypedArrayValue extends HostObject {
  readonly type = 'TypedArray';
  readonly length: number | Poly;
  /** Undefined where it may be of any kind. */
  readonly name: TypedName | undefined;

  constructor(length: number | Poly, name: TypedName | undefined) {
    super();
    this.length = length;
    this.name = name;
  }
  get(name: string, interpreter: Interpreter, at: Place): Value {
    if (name === 'length') return this.length;
    if (/^\d+$/.test(name))
      return new UnknownNumber(
        interpreter.reason('runtime-data', at, 'this number is known only when the program runs'),
      );
    if (SAME_LENGTH.has(name)) return new NativeFunction(name, ({ self }) => self);
    return new NativeFunction(name, (call) => {
      const { args } = call;
      const known = args.every((arg) => typeof arg === 'number' || arg === undefined);
      const { length } = this;
      if (typeof length === 'number' && known && (name === 'slice' || name === 'subarray')) {
        const [start = 0, end = length] = args as readonly (number | undefined)[];
        const from = (index: number): number => (index < 0 ? index + length : Math.min(index, length));
        return new TypedArrayValue(Math.max(0, from(end) - from(start)), this.name);
      }
      call.interpreter.visitCallbacks(args, call.at);
      return call.interpreter.unknown(
        'runtime-data',
        call.at,
        'the numbers of this list are known only when the program runs',
      );
    });
  }
  override iterate(): null {
    return null;
  }
}

/** Methods that give a list as long as this one. */
const SAME_LENGTH = new Set(['map', 'fill', 'set', 'sort', 'reverse', 'copyWithin', 'toSorted', 'toReversed', 'with']);

const CONSOLE = natives(
  Object.fromEntries(
    [
      'log',
      'info',
      'warn',
      'error',
      'debug',
      'table',
      'time',
      'timeEnd',
      'group',
      'groupEnd',
      'trace',
      'dir',
      'assert',
    ].map((name) => [name, () => undefined]),
  ),
);

function errorConstructor(name: ErrorName): NativeFunction {
  return new NativeFunction(
    name,
    ({ args: [message, options] }) => {
      const error = makeError(name, message);
      if (options instanceof ObjectValue)
        error.open = new UnknownValue({ code: 'unsupported', at: NOWHERE, text: 'its cause' });
      return error;
    },
    {
      construct: ({ args: [message] }, instance) => {
        for (const [key, property] of makeError(name, message).properties) instance.properties.set(key, property);
        return undefined;
      },
    },
  );
}

/** The globals of the language that evaluation needs; all others are unknown by name. */
export const globals: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['Math', math],
  ['Object', objectConstructor],
  ['Reflect', reflect],
  ['Symbol', symbolConstructor],
  ['Proxy', proxyConstructor],
  [
    'Array',
    new NativeFunction(
      'Array',
      (call) => {
        const [length] = call.args;
        if (call.args.length !== 1 || typeof length === 'string') return new ArrayValue([...call.args]);
        if (typeof length === 'number' && !(Number.isInteger(length) && length >= 0))
          mayThrow(call.interpreter, errorOf(call.interpreter, 'RangeError'));
        return ofLength(call, length);
      },
      { members: ARRAY },
    ),
  ],
  [
    'Number',
    new NativeFunction(
      'Number',
      (call) => (call.isNew ? lost(call, 'a number as an object') : toNumber(call, Number)),
      {
        members: new Map<string, Value>([
          ...NUMBER,
          ...NUMBER_CONSTANTS.map((name): [string, Value] => [name, Number[name]]),
        ]),
      },
    ),
  ],
  ['parseInt', new NativeFunction('parseInt', (call) => toNumber(call, Number.parseInt))],
  ['parseFloat', new NativeFunction('parseFloat', (call) => toNumber(call, Number.parseFloat))],
  [
    'isNaN',
    new NativeFunction('isNaN', (call) =>
      isStructured(call.args[0]) || typeof call.args[0] === 'bigint'
        ? lost(call, 'the number is not known')
        : Number.isNaN(Number(call.args[0])),
    ),
  ],
  [
    'isFinite',
    new NativeFunction('isFinite', (call) =>
      isStructured(call.args[0]) || typeof call.args[0] === 'bigint'
        ? lost(call, 'the number is not known')
        : Number.isFinite(Number(call.args[0])),
    ),
  ],
  [
    'BigInt',
    new NativeFunction('BigInt', (call) => {
      const [value] = call.args;
      return typeof value === 'number' && Number.isSafeInteger(value)
        ? BigInt(value)
        : lost(call, 'the number is not known');
    }),
  ],
  [
    'String',
    new NativeFunction('String', (call) => {
      if (call.isNew) return lost(call, 'a text as an object');
      if (call.args.length === 0) return '';
      return textOf(call.interpreter, call.args[0], call.at) ?? lost(call, 'the text is not known');
    }),
  ],
  [
    'Boolean',
    new NativeFunction('Boolean', (call) =>
      call.isNew
        ? lost(call, 'a condition as an object')
        : (truth(call.args[0]) ?? lost(call, 'the condition is not known')),
    ),
  ],
  ['Promise', promiseConstructor],
  ['JSON', json],
  ['console', ObjectValue.of(Object.fromEntries(CONSOLE)).asShared()],
  ['Map', collection('Map')],
  ['Set', collection('Set')],
  ['WeakMap', collection('Map')],
  ['WeakSet', collection('Set')],
  ...[...ERROR_PROTOTYPES.keys()].map((name): [string, Value] => [name, errorConstructor(name as ErrorName)]),
  ['structuredClone', new NativeFunction('structuredClone', (call) => cloned(call))],
  ...(Object.keys(TYPED_ARRAYS) as TypedName[]).map((name): [string, Value] => [name, typedArray(name)]),
  [
    'ArrayBuffer',
    new NativeFunction('ArrayBuffer', (call) => {
      const [bytes] = call.args;
      return typeof bytes === 'number' && bytes <= MAX_LIST
        ? new BufferValue(new TypedList('Uint8Array', new Array<Value>(bytes).fill(0)))
        : lost(call, 'memory of unknown or great length');
    }),
  ],
  ...timers,
]);
