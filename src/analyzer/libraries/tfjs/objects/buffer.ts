import type { Interpreter } from '../../../interpreter/interpreter';
import {
  HostObject,
  MISSING,
  NativeFunction,
  PromiseValue,
  UnknownNumber,
  type Value,
} from '../../../interpreter/values/values';
import { type Shape, sizeOf } from '../../../shapes/shape';
import { row } from '../../../table';
import type { OpFact, Place, ReasonFact } from '../../../trace/facts';
import { TypedArrayValue } from '../../javascript';
import { keptIn } from '../typedArrays';
import { dimValue, makeTensor, shapeValue } from './tensor';

/** A `TensorBuffer`: a shape whose numbers are set and read one by one, and which becomes a tensor. */
export class BufferObject extends HostObject {
  readonly type = 'buffer';
  readonly shape: Shape;
  readonly dtype: string | undefined;
  /** Why its shape is not wholly known. */
  readonly reason: ReasonFact | undefined;
  readonly producer: OpFact | undefined;

  constructor(shape: Shape, dtype: string | undefined, reason?: ReasonFact, producer?: OpFact) {
    super();
    this.shape = shape;
    this.dtype = dtype;
    this.reason = reason;
    this.producer = producer;
  }

  get(name: string, interpreter: Interpreter, at: Place): Value | typeof MISSING {
    return row(MEMBERS, name)?.(this, interpreter, at) ?? MISSING;
  }
}

type Member = (buffer: BufferObject, interpreter: Interpreter, at: Place) => Value;

const number = (interpreter: Interpreter, at: Place): UnknownNumber =>
  new UnknownNumber(interpreter.reason('runtime-data', at, 'this number is known only when the program runs'));

const MEMBERS: Readonly<Record<string, Member>> = {
  shape: (b, interpreter, at) => shapeValue(b.shape, interpreter, at, b.reason, 'buffer.shape'),
  rank: (b, interpreter, at) => b.shape?.length ?? dimValue('?', interpreter, at, b.reason),
  size: (b, interpreter, at) => dimValue(sizeOf(b.shape), interpreter, at, b.reason, 'buffer.size'),
  dtype: (b, interpreter, at) => b.dtype ?? interpreter.unknown('unsupported', at, 'this dtype is not known'),
  values: (b, interpreter, at) => {
    const size = sizeOf(b.shape);
    return typeof size === 'number' || (typeof size === 'object' && size !== null)
      ? new TypedArrayValue(size, keptIn(b.dtype))
      : interpreter.unknown('runtime-data', at, 'the numbers of this buffer are known only when the program runs');
  },
  set: () => new NativeFunction('set', () => undefined),
  get: () => new NativeFunction('get', (call) => number(call.interpreter, call.at)),
  locToIndex: () => new NativeFunction('locToIndex', (call) => number(call.interpreter, call.at)),
  toTensor: (b) =>
    new NativeFunction('toTensor', (call) =>
      makeTensor(call.interpreter, call.at, b.shape, { dtype: b.dtype, producer: b.producer }, b.reason),
    ),
};

/** `x.bufferSync()`, and `x.buffer()` where it is a promise. */
export function bufferOf(
  shape: Shape,
  dtype: string | undefined,
  reason: ReasonFact | undefined,
  later: boolean,
): Value {
  const buffer = new BufferObject(shape, dtype, reason);
  return later ? new PromiseValue(buffer) : buffer;
}
