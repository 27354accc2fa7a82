import { asText } from '../../interpreter/convert';
import { elementsOf } from '../../interpreter/elements';
import type { Interpreter } from '../../interpreter/interpreter';
import { fromJson } from '../../interpreter/json';
import { spreadInto } from '../../interpreter/spread';
import {
  ArrayValue,
  asNumber,
  type Call,
  ClassValue,
  HostObject,
  inKeyOrder,
  isStructured,
  isUnknown,
  NativeFunction,
  ObjectValue,
  truth,
  UnionValue,
  UnknownNumber,
  UnknownValue,
  type Value,
} from '../../interpreter/values';
import { isPoly, type Poly } from '../../shapes/dim';
import type { Place } from '../../trace/facts';
import { arrayMember, ofKnownLength } from './array';
import { collection } from './collections';
import { math } from './math';
import { promiseConstructor } from './promises';
import { timers } from './timers';

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

const OBJECT = natives({
  keys: (call) => overProperties(call, (key) => key),
  values: (call) => overProperties(call, (_, value) => value),
  entries: (call) => overProperties(call, (key, value) => new ArrayValue([key, value])),
  assign: ({ interpreter, args: [target, ...sources], at }) => {
    if (target instanceof ObjectValue) {
      interpreter.touch(target);
      for (const source of sources) if (isStructured(source)) spreadInto(interpreter, target, source, at);
    }
    return target;
  },
  freeze: ({ args: [value] }) => value,
  seal: ({ args: [value] }) => value,
  create: () => new ObjectValue(),
  fromEntries: (call) => {
    const { interpreter, args, at } = call;
    const object = new ObjectValue();
    const { elements, rest } = elementsOf(interpreter, args[0], at, 'iteration');
    for (const entry of elements) {
      const key = interpreter.get(entry, '0', at);
      if (typeof key === 'string' || typeof key === 'number')
        object.properties.set(String(key), { value: interpreter.get(entry, '1', at) });
    }
    if (rest !== undefined)
      object.open =
        interpreter.because(rest) ?? interpreter.unknown('runtime-data', at, 'the entries are not all known');
    return object;
  },
  defineProperty: ({ interpreter, args: [target, key, descriptor], at }) => {
    const object = target instanceof ClassValue ? target.statics : target;
    if (object instanceof ObjectValue && typeof key === 'string') {
      interpreter.touch(object);
      const getter = interpreter.get(descriptor, 'get', at);
      const value = interpreter.get(descriptor, 'value', at);
      object.properties.set(key, getter === undefined ? { value } : { value: undefined, getter });
    }
    return target;
  },
});

function overProperties(call: Call, entry: (key: string, value: Value) => Value): Value {
  const {
    interpreter,
    args: [object],
    at,
  } = call;
  if (object instanceof ArrayValue) {
    return new ArrayValue(
      object.elements.map((e, i) => entry(String(i), e)),
      object.rest,
    );
  }
  if (!(object instanceof ObjectValue))
    return isUnknown(object) ? new ArrayValue([], object.member('[]')) : lost(call, 'the properties are not known');
  const elements = inKeyOrder([...object.properties]).map(([key, p]) =>
    entry(key, p.getter === undefined ? p.value : interpreter.get(object, key, at)),
  );
  return new ArrayValue(elements, object.open?.member('[]'));
}

const ARRAY = natives({
  isArray: (call) => {
    const [value] = call.args;
    if (value instanceof ArrayValue) return true;
    if (isUnknown(value) || value instanceof UnionValue) return lost(call, 'whether it is a list depends');
    return false;
  },
  of: ({ args }) => new ArrayValue([...args]),
  from: (call) => {
    const {
      interpreter,
      args: [source, callback],
      at,
    } = call;
    const list = arrayLike(call, source);
    if (callback === undefined) return list;
    const mapped = list.elements.map((e, i) => interpreter.call(callback, [e, i], at));
    const rest =
      list.rest === undefined ? undefined : interpreter.call(callback, [list.rest, interpreter.because(list.rest)], at);
    return ofKnownLength(new ArrayValue(mapped, rest), arrayMember(list, 'length'));
  },
});

/** An iterable, or an object with a length. */
function arrayLike(call: Call, source: Value): ArrayValue {
  const { interpreter, at } = call;
  if (source instanceof ObjectValue) {
    const length = source.properties.get('length')?.value;
    return ofLength(call, length);
  }
  const { elements, rest } = elementsOf(interpreter, source, at, 'iteration');
  return new ArrayValue([...elements], rest);
}

function ofLength(call: Call, length: Value): ArrayValue {
  if (typeof length === 'number' && Number.isInteger(length) && length >= 0 && length <= MAX_LIST)
    return new ArrayValue(new Array<Value>(length).fill(undefined));
  const list = new ArrayValue([], lost({ ...call, args: [length] }, 'a list of unknown or great length'));
  return asNumber(length) === undefined ? list : ofKnownLength(list, length);
}

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
  parseFloat: (call) => toNumber(call, Number.parseFloat),
  parseInt: (call) => toNumber(call, Number.parseInt),
});

function toNumber(call: Call, convert: (value: string, radix?: number) => number): Value {
  const [value, radix] = call.args;
  if (typeof value === 'string' || typeof value === 'number')
    return convert(String(value), typeof radix === 'number' ? radix : undefined);
  if (isPoly(value)) return value;
  if (convert === Number && (typeof value === 'boolean' || value === null)) return Number(value);
  const unknown = lost(call, 'the number is not known');
  return unknown instanceof UnknownValue ? UnknownNumber.of(unknown) : unknown;
}

/** Typed arrays are lists of numbers of which only the length is followed. */
function typedArray(name: string): NativeFunction {
  const make: Native = (call) => {
    const [source] = call.args;
    if (typeof source === 'number')
      return source <= MAX_LIST ? new ArrayValue(new Array<Value>(source).fill(0)) : new TypedArrayValue(source);
    if (isPoly(source)) return new TypedArrayValue(source);
    if (source instanceof UnknownNumber && source.symbol !== undefined) return new TypedArrayValue(source.symbol);
    if (source instanceof ArrayValue) return source;
    return asNumber(source) === undefined
      ? lost(call, `a ${name} of what is not known`)
      : new ArrayValue([], lost(call, 'its elements are not known'));
  };
  return new NativeFunction(name, make, {
    members: natives({ from: (call) => ARRAY_FROM(call), of: ({ args }) => new ArrayValue([...args]) }),
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
  constructor(length: number | Poly) {
    super();
    this.length = length;
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
        return new TypedArrayValue(Math.max(0, from(end) - from(start)));
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

const TYPED_ARRAYS = [
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
];

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

const JSON_MEMBERS = natives({
  parse: (call) => {
    try {
      return typeof call.args[0] === 'string'
        ? fromJson(JSON.parse(call.args[0]))
        : (copied(call.args[0]) ?? lost(call, 'the text is not known'));
    } catch {
      return lost(call, 'no valid JSON');
    }
  },
  // The text itself matters to nobody; that parse(stringify(x)) is a copy of x does.
  stringify: ({ args: [value] }) => (isStructured(value) ? value : JSON.stringify(value)),
});

function copied(value: Value): Value | undefined {
  if (value instanceof ArrayValue)
    return new ArrayValue(
      value.elements.map((e) => copied(e) ?? e),
      value.rest,
    );
  if (value instanceof ObjectValue)
    return new ObjectValue(
      new Map([...value.properties].map(([k, p]) => [k, { ...p, value: copied(p.value) ?? p.value }])),
    );
  return undefined;
}

/** The globals of the language that evaluation needs; all others are unknown by name. */
export const globals: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['Math', math],
  ['Object', new NativeFunction('Object', ({ args: [value] }) => value ?? new ObjectValue(), { members: OBJECT })],
  [
    'Array',
    new NativeFunction(
      'Array',
      (call) => (call.args.length === 1 ? ofLength(call, call.args[0]) : new ArrayValue([...call.args])),
      { members: ARRAY },
    ),
  ],
  [
    'Number',
    new NativeFunction('Number', (call) => toNumber(call, Number), {
      members: new Map<string, Value>([
        ...NUMBER,
        ['MAX_SAFE_INTEGER', Number.MAX_SAFE_INTEGER],
        ['EPSILON', Number.EPSILON],
        ['MAX_VALUE', Number.MAX_VALUE],
        ['POSITIVE_INFINITY', Number.POSITIVE_INFINITY],
      ]),
    }),
  ],
  ['parseInt', new NativeFunction('parseInt', (call) => toNumber(call, Number.parseInt))],
  ['parseFloat', new NativeFunction('parseFloat', (call) => toNumber(call, Number.parseFloat))],
  [
    'isNaN',
    new NativeFunction('isNaN', (call) =>
      typeof call.args[0] === 'number' ? Number.isNaN(call.args[0]) : lost(call, 'the number is not known'),
    ),
  ],
  ['String', new NativeFunction('String', (call) => asText(call.args[0]) ?? lost(call, 'the text is not known'))],
  ['Boolean', new NativeFunction('Boolean', (call) => truth(call.args[0]) ?? lost(call, 'the condition is not known'))],
  ['Promise', promiseConstructor],
  ['JSON', ObjectValue.of(Object.fromEntries(JSON_MEMBERS))],
  ['console', ObjectValue.of(Object.fromEntries(CONSOLE))],
  ['Map', collection('Map')],
  ['Set', collection('Set')],
  ['WeakMap', collection('Map')],
  ['WeakSet', collection('Set')],
  ['Error', new NativeFunction('Error', ({ args: [message] }) => ObjectValue.of({ message }))],
  ['TypeError', new NativeFunction('TypeError', ({ args: [message] }) => ObjectValue.of({ message }))],
  ['RangeError', new NativeFunction('RangeError', ({ args: [message] }) => ObjectValue.of({ message }))],
  ['structuredClone', new NativeFunction('structuredClone', ({ args: [value] }) => copied(value) ?? value)],
  ...TYPED_ARRAYS.map((name): [string, Value] => [name, typedArray(name)]),
  ...timers,
]);
