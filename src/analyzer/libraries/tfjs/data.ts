import { tryPath } from '../../interpreter/effects/paths';
import type { Interpreter } from '../../interpreter/interpreter';
import { awaited } from '../../interpreter/values/convert';
import { type Elements, elementsOf } from '../../interpreter/values/elements';
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
} from '../../interpreter/values/values';
import { GeneratorValue } from '../../interpreter/waiting/generators';
import { ceilDiv, type Dim, floorDiv, mod, mul } from '../../shapes/dim';
import { row } from '../../table';
import type { Place } from '../../trace/facts';
import { batched, joinElements } from './datasetElements';

interface Batch {
  readonly size: Dim;
  /** `smallLastBatch: false` */
  readonly drop: boolean;
  readonly at: Place | undefined;
}

interface DatasetParts {
  readonly element: Value;
  readonly residual: Value;
  readonly ordered: boolean;
  readonly size: Dim;
  readonly batch: Batch | undefined;
  readonly samples: Dim;
}

/** A `tf.data` dataset: one element by its structure, and how many there are. */
export class DatasetObject extends HostObject {
  readonly type = 'dataset';
  readonly element: Value;
  /** The residual batch where there is one for certain, undefined otherwise. */
  readonly residual: Value;
  /** Whether the residual batch is the last. */
  readonly ordered: boolean;
  /** Elements in all, as tfjs knows it. */
  readonly size: Dim;
  readonly batch: Batch | undefined;
  /** Samples in all, however they are batched. */
  readonly samples: Dim;

  constructor({ element, residual, ordered = true, size = '?', batch, samples = size }: Partial<DatasetParts>) {
    super();
    this.element = element;
    this.residual = residual;
    this.ordered = ordered;
    this.size = size;
    this.batch = batch;
    this.samples = samples;
  }

  with(parts: Partial<DatasetParts>): DatasetObject {
    return new DatasetObject({ ...this, ...parts });
  }

  /** The elements that differ: the full ones, and the residual batch. */
  get kinds(): readonly Value[] {
    return this.residual === undefined ? [this.element] : [this.element, this.residual];
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
  map: mapped,
  mapAsync: mapped,
  batch: (data, { interpreter, args: [count, small], argsAt, at }) => {
    const size: Dim = asNumber(count) ?? '?';
    const drop = small === false;
    // What is batched again has no samples to count: its elements are batches.
    const total = data.batch === undefined ? data.samples : data.size;
    const left = drop ? 0 : mod(total, size);
    const few = typeof total === 'number' && typeof size === 'number' && total < size;
    return new DatasetObject({
      element: batched(interpreter, data.element, few && !drop ? total : size, at),
      residual:
        typeof left === 'number' && left > 0 && !few && data.residual === undefined
          ? batched(interpreter, data.element, left, at)
          : undefined,
      size: drop ? floorDiv(data.size, size) : ceilDiv(data.size, size),
      batch: { size, drop, at: argsAt[0] },
      samples: data.samples,
    });
  },
  take: (data, { interpreter, args: [n], at }) => {
    const count: Dim = asNumber(n) ?? '?';
    const size = typeof count === 'number' && typeof data.size === 'number' ? Math.min(count, data.size) : '?';
    if (size !== '?' && size === data.size) return data;
    const samples = data.batch === undefined ? size : size === '?' ? '?' : mul(size, data.batch.size);
    // What is left may hold the residual batch where that can be anywhere.
    const element = data.ordered ? data.element : joinElements(data.kinds, interpreter, at);
    return data.with({ element, size, samples, residual: undefined });
  },
  skip: (data) => data.with({ size: '?', samples: '?' }),
  filter: (data, { interpreter, args, at }) => {
    interpreter.visitCallbacks(args, at);
    const element = joinElements(data.kinds, interpreter, at);
    return data.with({ element, size: '?', samples: '?', residual: undefined });
  },
  repeat: (data, { args: [n] }) => {
    const times = asNumber(n) ?? '?';
    return data.with({ size: mul(data.size, times), samples: mul(data.samples, times), ordered: false });
  },
  shuffle: (data) => data.with({ ordered: false }),
  prefetch: same,
  concatenate: (data, { args: [other], interpreter, at }) =>
    new DatasetObject({
      element: joinElements(
        [...data.kinds, ...(other instanceof DatasetObject ? other.kinds : [interpreter.because(other)])],
        interpreter,
        at,
      ),
      batch: data.batch,
    }),
  forEachAsync: (data, { interpreter, args: [callback], at }) => {
    for (const element of data.kinds) {
      interpreter.within({ looped: true }, () =>
        tryPath(interpreter, () => void interpreter.call(callback, [element], at)),
      );
    }
    return new PromiseValue(undefined);
  },
  iterator: (data, { interpreter, at }) => {
    const next = new NativeFunction(
      'next',
      () =>
        new PromiseValue(
          ObjectValue.of({
            value: joinElements(data.kinds, interpreter, at),
            done: interpreter.unknown('runtime-data', at, 'whether data are left'),
          }),
        ),
    );
    return new PromiseValue(ObjectValue.of({ next }));
  },
  toArray: (data, { interpreter, at }) => new PromiseValue(listed(data, interpreter, at)),
  toArrayForTest: (data, { interpreter, at }) => new PromiseValue(listed(data, interpreter, at)),
  columnNames: (_data, { interpreter, at }) =>
    new PromiseValue(interpreter.unknown('runtime-data', at, 'the columns of a file')),
};

/** The callback sees every element, and so the residual batch as well. */
function mapped(data: DatasetObject, { interpreter, args: [callback], at }: Call): DatasetObject {
  const apply = (element: Value): Value => awaited(interpreter.call(callback, [element], at));
  return data.with({
    element: apply(data.element),
    residual: data.residual === undefined ? undefined : apply(data.residual),
  });
}

/** The elements as a list; each is like the others, but for the residual batch at the end. */
function listed(data: DatasetObject, interpreter: Interpreter, at: Place): ArrayValue {
  const { size, element, residual, ordered, kinds } = data;
  if (typeof size !== 'number' || size > MAX_ELEMENTS) return new ArrayValue([], joinElements(kinds, interpreter, at));
  if (!ordered) return new ArrayValue(new Array<Value>(size).fill(joinElements(kinds, interpreter, at)));
  const list = new Array<Value>(size).fill(element);
  if (residual !== undefined && size > 0) list[size - 1] = residual;
  return new ArrayValue(list);
}

const listOf = ({ elements, rest }: Elements): ArrayValue => new ArrayValue([...elements], rest);

const FUNCTIONS: Readonly<Record<string, (call: Call) => Value>> = {
  array: ({ interpreter, args: [items], at }) => {
    const known = listedIn(items, interpreter, at);
    return known === undefined
      ? new DatasetObject({
          element:
            interpreter.because(items)?.member('[]') ??
            interpreter.unknown('unsupported', at, 'the elements are not known'),
        })
      : new DatasetObject({ element: known.element, size: known.count });
  },
  generator: ({ interpreter, args: [make], at }) => {
    const made =
      make instanceof FunctionValue || make instanceof NativeFunction ? interpreter.call(make, [], at) : make;
    const given = awaited(made);
    const yielded = given instanceof GeneratorValue ? listOf(elementsOf(interpreter, given, at, 'iteration')) : given;
    const known = listedIn(yielded, interpreter, at);
    // tfjs does not count what a generator yields: its size is null.
    return known === undefined
      ? new DatasetObject({
          element: interpreter.because(yielded) ?? interpreter.unknown('runtime-data', at, 'what the generator yields'),
        })
      : new DatasetObject({ element: known.element, samples: known.count });
  },
  zip: ({ args: [parts] }) => {
    const entries: readonly (readonly [string, Value])[] =
      parts instanceof ObjectValue
        ? [...parts.properties].map(([key, p]) => [key, p.value])
        : parts instanceof ArrayValue
          ? parts.elements.map((part, i) => [String(i), part])
          : [];
    const sizes = entries.map(([, part]) => (part instanceof DatasetObject ? part.size : '?'));
    const size = sizes.every((s) => typeof s === 'number') && sizes.length > 0 ? Math.min(...sizes) : '?';
    const pick = (of: (data: DatasetObject) => Value): Value => {
      const values = entries.map(([key, part]) => [key, part instanceof DatasetObject ? of(part) : undefined] as const);
      return parts instanceof ArrayValue
        ? new ArrayValue(values.map(([, value]) => value))
        : ObjectValue.of(Object.fromEntries(values));
    };
    // The shortest ends it: whose residual batch meets whose full one is known where all have one length.
    const together =
      size !== '?' &&
      sizes.every((s) => s === size) &&
      entries.every(([, part]) => part instanceof DatasetObject && part.ordered);
    const residual = entries.some(([, part]) => part instanceof DatasetObject && part.residual !== undefined);
    return new DatasetObject({
      element: pick((data) => data.element),
      residual: together && residual ? pick((data) => data.residual ?? data.element) : undefined,
      size,
    });
  },
  csv: ({ interpreter, at }) =>
    new DatasetObject({ element: interpreter.unknown('runtime-data', at, 'the rows of a file', 'row') }),
  webcam: ({ interpreter, at }) => new PromiseValue(interpreter.unknown('runtime-data', at, 'pictures of a camera')),
  microphone: ({ interpreter, at }) =>
    new PromiseValue(interpreter.unknown('runtime-data', at, 'sound of a microphone')),
};

/** What holds of every item of a list, and how many there are; undefined where it is no list that is known. */
function listedIn(list: Value, interpreter: Interpreter, at: Place): { element: Value; count: Dim } | undefined {
  if (!(list instanceof ArrayValue)) return undefined;
  const { elements, rest } = list;
  return rest === undefined
    ? { element: joinElements(elements, interpreter, at), count: elements.length }
    : { element: joinElements([...elements, rest], interpreter, at), count: '?' };
}

/** `tf.data` */
export const dataFunctions: ReadonlyMap<string, NativeFunction> = new Map(
  Object.entries(FUNCTIONS).map(([name, call]) => [name, new NativeFunction(name, call)]),
);
