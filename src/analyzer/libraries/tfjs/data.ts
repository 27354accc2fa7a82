import { awaited } from '../../interpreter/convert';
import type { Interpreter } from '../../interpreter/interpreter';
import { joinAll } from '../../interpreter/join';
import {
  ArrayValue,
  asNumber,
  type Call,
  FunctionValue,
  HostObject,
  MISSING,
  NativeFunction,
  ObjectValue,
  PromiseValue,
  UnknownValue,
  type Value,
} from '../../interpreter/values';
import { ceilDiv, type Dim, floorDiv, mul } from '../../shapes/dim';
import { axis, type Shape } from '../../shapes/shape';
import { row } from '../../table';
import type { Place } from '../../trace/facts';
import { asTensor } from '../opCall';
import { makeTensor, TensorObject } from './objects/tensor';
import { plainOf } from './plainOf';

interface Batch {
  readonly size: Dim;
  /** `smallLastBatch: false` */
  readonly drop: boolean;
  readonly at: Place | undefined;
}

/** A `tf.data` dataset: one element by its structure, and how many there are. */
export class DatasetObject extends HostObject {
  readonly type = 'dataset';
  readonly element: Value;
  /** Elements in all. */
  readonly size: Dim;
  readonly batch: Batch | undefined;
  /** Samples in all, however they are batched. */
  readonly samples: Dim;

  constructor(element: Value, size: Dim, batch?: Batch, samples: Dim = size) {
    super();
    this.element = element;
    this.size = size;
    this.batch = batch;
    this.samples = samples;
  }

  get(name: string, interpreter: Interpreter, at: Place): Value | typeof MISSING {
    if (name === 'size')
      return typeof this.size === 'number'
        ? this.size
        : new UnknownValue(interpreter.reason('runtime-data', at, 'the size of the dataset'));
    const method = row(METHODS, name);
    return method === undefined ? MISSING : new NativeFunction(name, (call) => method(this, call));
  }
}

type Method = (data: DatasetObject, call: Call) => Value;

/** Elements that are listed one by one. */
const MAX_ELEMENTS = 256;

const same: Method = (data) => data;

const METHODS: Readonly<Record<string, Method>> = {
  map: (data, { interpreter, args: [callback], at }) =>
    new DatasetObject(awaited(interpreter.call(callback, [data.element], at)), data.size, data.batch, data.samples),
  mapAsync: (data, { interpreter, args: [callback], at }) =>
    new DatasetObject(awaited(interpreter.call(callback, [data.element], at)), data.size, data.batch, data.samples),
  batch: (data, { interpreter, args: [size, small], argsAt, at }) => {
    const dim: Dim = asNumber(size) ?? '?';
    const drop = small === false;
    const batches = drop ? floorDiv(data.size, dim) : ceilDiv(data.size, dim);
    return new DatasetObject(
      batched(interpreter, data.element, drop || small === true || small === undefined ? dim : dim, at),
      batches,
      { size: dim, drop, at: argsAt[0] },
      data.samples,
    );
  },
  take: (data, { args: [n] }) => {
    const count: Dim = asNumber(n) ?? '?';
    const size = typeof count === 'number' && typeof data.size === 'number' ? Math.min(count, data.size) : '?';
    const samples =
      data.batch === undefined
        ? size
        : typeof size === 'number' && typeof data.size === 'number' && size < data.size
          ? mul(size, data.batch.size)
          : size === data.size
            ? data.samples
            : '?';
    return new DatasetObject(data.element, size, data.batch, samples);
  },
  skip: (data) => new DatasetObject(data.element, '?', data.batch),
  filter: (data, { interpreter, args, at }) => {
    interpreter.visitCallbacks(args, at);
    return new DatasetObject(data.element, '?', data.batch);
  },
  repeat: (data, { args: [n] }) =>
    new DatasetObject(
      data.element,
      mul(data.size, asNumber(n) ?? '?'),
      data.batch,
      mul(data.samples, asNumber(n) ?? '?'),
    ),
  shuffle: same,
  prefetch: same,
  concatenate: (data) => new DatasetObject(data.element, '?', data.batch),
  forEachAsync: (data, { interpreter, args: [callback], at }) => {
    interpreter.within({ looped: true }, () =>
      interpreter.tryPath(() => void interpreter.call(callback, [data.element], at)),
    );
    return new PromiseValue(undefined);
  },
  iterator: (data, { interpreter, at }) => {
    const next = new NativeFunction(
      'next',
      () =>
        new PromiseValue(
          ObjectValue.of({
            value: data.element,
            done: interpreter.unknown('runtime-data', at, 'whether data are left'),
          }),
        ),
    );
    return new PromiseValue(ObjectValue.of({ next }));
  },
  toArray: (data) => new PromiseValue(elements(data)),
  toArrayForTest: (data) => new PromiseValue(elements(data)),
  columnNames: (_data, { interpreter, at }) =>
    new PromiseValue(interpreter.unknown('runtime-data', at, 'the columns of a file')),
};

/** The elements as a list; each is like the others. */
function elements({ size, batch, element }: DatasetObject): ArrayValue {
  const count = batch === undefined && typeof size === 'number' && size <= MAX_ELEMENTS ? size : undefined;
  return count === undefined ? new ArrayValue([], element) : new ArrayValue(new Array<Value>(count).fill(element));
}

/** The element with a new first axis: tensors and numbers stack, structures keep theirs. */
function batched(interpreter: Interpreter, element: Value, size: Dim, at: Place): Value {
  if (element instanceof ObjectValue) {
    return ObjectValue.of(
      Object.fromEntries([...element.properties].map(([key, p]) => [key, batched(interpreter, p.value, size, at)])),
    );
  }
  if (element instanceof UnknownValue) return element;
  const tensor = asTensor(plainOf(element));
  const shape: Shape = tensor === undefined || tensor.shape === null ? null : [axis(size, 'batch'), ...tensor.shape];
  const reason = element instanceof TensorObject ? element.reason : undefined;
  return makeTensor(
    interpreter,
    at,
    shape,
    { dtype: tensor?.dtype },
    reason ?? (shape === null ? interpreter.reason('unsupported', at, 'this element is not known') : undefined),
  );
}

const FUNCTIONS: Readonly<Record<string, (call: Call) => Value>> = {
  array: ({ interpreter, args: [items], at }) => {
    if (items instanceof ArrayValue && items.rest === undefined)
      return new DatasetObject(joinAlike(items.elements), items.elements.length);
    if (items instanceof ArrayValue) return new DatasetObject(joinAll([...items.elements, items.rest]), '?');
    return new DatasetObject(
      interpreter.because(items)?.member('[]') ?? interpreter.unknown('unsupported', at, 'the elements are not known'),
      '?',
    );
  },
  generator: ({ interpreter, args: [make], at }) => {
    const made =
      make instanceof FunctionValue || make instanceof NativeFunction ? interpreter.call(make, [], at) : make;
    const list = awaited(made);
    if (list instanceof ArrayValue) return new DatasetObject(list.elements[0] ?? list.rest, '?');
    return new DatasetObject(
      interpreter.because(list) ?? interpreter.unknown('runtime-data', at, 'what the generator yields'),
      '?',
    );
  },
  zip: ({ args: [parts] }) => {
    const datasets = parts instanceof ObjectValue ? [...parts.properties] : [];
    const sizes = datasets.map(([, p]) => (p.value instanceof DatasetObject ? p.value.size : '?'));
    const size: Dim =
      sizes.length > 0 && sizes.every((s) => typeof s === 'number') ? Math.min(...(sizes as number[])) : '?';
    const element = ObjectValue.of(
      Object.fromEntries(
        datasets.map(([key, p]) => [key, p.value instanceof DatasetObject ? p.value.element : undefined]),
      ),
    );
    if (parts instanceof ArrayValue)
      return new DatasetObject(
        new ArrayValue(parts.elements.map((p) => (p instanceof DatasetObject ? p.element : undefined))),
        '?',
      );
    return new DatasetObject(element, size);
  },
  csv: ({ interpreter, at }) =>
    new DatasetObject(interpreter.unknown('runtime-data', at, 'the rows of a file', 'row'), '?'),
  webcam: ({ interpreter, at }) => new PromiseValue(interpreter.unknown('runtime-data', at, 'pictures of a camera')),
  microphone: ({ interpreter, at }) =>
    new PromiseValue(interpreter.unknown('runtime-data', at, 'sound of a microphone')),
};

/** Elements of one list mostly have one structure: the first stands for all where there are many. */
function joinAlike(elements: readonly Value[]): Value {
  return elements.length > 4 ? elements[0] : joinAll(elements.slice(0, 1));
}

/** `tf.data` */
export const dataFunctions: ReadonlyMap<string, NativeFunction> = new Map(
  Object.entries(FUNCTIONS).map(([name, call]) => [name, new NativeFunction(name, call)]),
);
