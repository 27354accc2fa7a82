/** Typed arrays: lists of fixed length that share memory with their views. */
import { elementsOf } from '../../interpreter/values/elements';
import {
  ArrayValue,
  type Call,
  HostObject,
  MISSING,
  NativeFunction,
  NOWHERE,
  UnknownNumber,
  type Value,
} from '../../interpreter/values/values';
import { row } from '../../table';

export const TYPED_ARRAYS = {
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
} as const;

export type TypedName = keyof typeof TYPED_ARRAYS;

const NUMBER = { code: 'runtime-data', at: NOWHERE, text: 'a number in memory that others change' } as const;

/** Memory that several lists show: their numbers are not followed. */
class Memory {
  readonly views: TypedList[] = [];
}

/** A typed array whose numbers are known one by one. */
export class TypedList extends ArrayValue {
  override readonly isTyped = true;
  readonly name: TypedName;
  memory = new Memory();

  constructor(name: TypedName, elements: readonly Value[]) {
    super(elements.map((element) => stored(name, element)));
    this.name = name;
    this.memory.views.push(this);
  }

  /** The same memory, from `start` on. */
  view(name: TypedName, elements: readonly Value[]): TypedList {
    const view = new TypedList(name, elements);
    view.memory = this.memory;
    this.memory.views.push(view);
    return view;
  }

  /** What is known of a number that is set: nothing where others show the same memory. */
  kept(value: Value): Value {
    return this.memory.views.length > 1 ? new UnknownNumber(NUMBER) : stored(this.name, value);
  }

  override assign(key: string | undefined, value: Value): boolean {
    if (key === 'length') return true;
    const index = key === undefined ? -1 : Number(key);
    // What lies outside is not set.
    if (key !== undefined && index >= this.elements.length) return true;
    if (key !== undefined) this.elements[index] = this.kept(value);
    else this.elements = this.elements.map(() => new UnknownNumber(NUMBER));
    return true;
  }
}

/** What memory keeps of a value. */
function stored(name: TypedName, value: Value): Value {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    return new TYPED_ARRAYS[name]([Number(value)])[0];
  return value === undefined ? (name.startsWith('Float') ? Number.NaN : 0) : new UnknownNumber(NUMBER);
}

/** To be called before a change. */
const changed = (list: TypedList, { interpreter }: Call): void => interpreter.touch(list);

type Method = (list: TypedList, call: Call) => Value;

const METHODS: Readonly<Record<string, Method>> = {
  set: (list, call) => {
    const [source, offset = 0] = call.args;
    changed(list, call);
    const { elements, rest } = elementsOf(call.interpreter, source, call.at, 'iteration');
    if (rest !== undefined || typeof offset !== 'number')
      list.elements = list.elements.map(() => new UnknownNumber(NUMBER));
    else for (const [i, element] of elements.entries()) list.assign(String(i + offset), element);
    return undefined;
  },
  subarray: (list, { args, interpreter }) => {
    const [start = 0, end] = args;
    if (typeof start !== 'number' || (end !== undefined && typeof end !== 'number'))
      return new ArrayValue([], new UnknownNumber(NUMBER));
    interpreter.touch(list);
    // From here on either changes the other: their numbers are not followed any more.
    const part = list.elements.slice(start, end).map(() => new UnknownNumber(NUMBER));
    list.elements = list.elements.map(() => new UnknownNumber(NUMBER));
    return list.view(list.name, part);
  },
  slice: (list, { args }) => {
    const [start = 0, end] = args;
    if (typeof start !== 'number' || (end !== undefined && typeof end !== 'number'))
      return new ArrayValue([], new UnknownNumber(NUMBER));
    return new TypedList(list.name, list.elements.slice(start, end));
  },
  map: (list, { interpreter, args: [callback, thisArg], at, self }) =>
    new TypedList(
      list.name,
      list.elements.map((element, i) => interpreter.call(callback, [element, i, self], at, thisArg)),
    ),
  filter: (_list, call) => {
    call.interpreter.visitCallbacks(call.args, call.at);
    return new ArrayValue([], new UnknownNumber(NUMBER));
  },
  fill: (list, call) => {
    changed(list, call);
    const [value, start = 0, end] = call.args;
    if (typeof start === 'number' && (end === undefined || typeof end === 'number'))
      list.elements = list.elements.slice().fill(list.kept(value), start, end);
    else list.elements = list.elements.map(() => new UnknownNumber(NUMBER));
    return list;
  },
  sort: (list, call) => {
    changed(list, call);
    const isKnown = call.args.length === 0 && list.elements.every((e) => typeof e === 'number');
    call.interpreter.visitCallbacks(call.args, call.at);
    list.elements = isKnown
      ? [...new TYPED_ARRAYS[list.name](list.elements as number[]).sort()]
      : list.elements.map(() => new UnknownNumber(NUMBER));
    return list;
  },
  reverse: (list, call) => {
    changed(list, call);
    list.elements.reverse();
    return list;
  },
  copyWithin: (list, call) => {
    changed(list, call);
    list.elements = list.elements.map(() => new UnknownNumber(NUMBER));
    return list;
  },
  toSorted: (list) =>
    new TypedList(
      list.name,
      list.elements.map(() => new UnknownNumber(NUMBER)),
    ),
  toReversed: (list) => new TypedList(list.name, list.elements.slice().reverse()),
};

/** What lists have and typed arrays have not. */
export const NOT_TYPED: ReadonlySet<string> = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'concat',
  'flat',
  'flatMap',
  'toSpliced',
]);

export function typedMember(list: TypedList, name: string): Value {
  const bytes = TYPED_ARRAYS[list.name].BYTES_PER_ELEMENT;
  if (name === 'BYTES_PER_ELEMENT') return bytes;
  if (name === 'byteLength') return bytes * list.elements.length;
  if (name === 'buffer') return new BufferValue(list);
  const method = row(METHODS, name);
  return method === undefined ? undefined : new NativeFunction(name, (call) => method(list, call));
}

/** The memory of a typed array, or memory that is shown as one. */
export class BufferValue extends HostObject {
  readonly type = 'ArrayBuffer';
  readonly list: TypedList;

  constructor(list: TypedList) {
    super();
    this.list = list;
  }

  get(name: string): Value | typeof MISSING {
    return name === 'byteLength' ? TYPED_ARRAYS[this.list.name].BYTES_PER_ELEMENT * this.list.elements.length : MISSING;
  }
}

/** `new Uint8Array(buffer, offset, length)`: what is set through either is not followed in the other. */
export function viewOf(name: TypedName, buffer: BufferValue, { args, interpreter }: Call): Value {
  const [, offset = 0, length] = args;
  const { list } = buffer;
  interpreter.touch(list);
  list.elements = list.elements.map(() => new UnknownNumber(NUMBER));
  if (typeof offset !== 'number' || (length !== undefined && typeof length !== 'number'))
    return new ArrayValue([], new UnknownNumber(NUMBER));
  const bytes = TYPED_ARRAYS[list.name].BYTES_PER_ELEMENT * list.elements.length - offset;
  const count = length ?? Math.floor(bytes / TYPED_ARRAYS[name].BYTES_PER_ELEMENT);
  return list.view(name, new Array<Value>(Math.max(0, Math.min(count, 4096))).fill(new UnknownNumber(NUMBER)));
}
