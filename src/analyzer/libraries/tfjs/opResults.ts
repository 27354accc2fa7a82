import type { Interpreter } from '../../interpreter/interpreter';
import { ArrayValue, ObjectValue, type Value } from '../../interpreter/values/values';
import { isExact, shape } from '../../shapes/shape';
import type { OpFact, Place, ReasonFact, TensorFact } from '../../trace/facts';
import type { OpResult, OpTensor } from '../opSpec';
import { sizeList } from '../options';
import { isMaybe, isRecord, type Plain, type PlainRecord, UNKNOWN } from '../plain';
import { BufferObject } from './objects/buffer';
import { makeTensor, type TensorObject } from './objects/tensor';

/** A call that is in the trace, and what its results are to be made of. */
export interface Recorded {
  readonly interpreter: Interpreter;
  readonly at: Place;
  readonly fact: OpFact;
  /** Those of the fact, to be added to. */
  readonly outputs: TensorFact[];
  /** Why something in the arguments is not known. */
  readonly reason: ReasonFact | undefined;
}

/** What a row gives, as the program has it. */
export function toValue(result: OpResult, recorded: Recorded): Value {
  const { interpreter, at, fact, outputs, reason } = recorded;
  const made = (t: OpTensor): TensorObject => {
    const lost =
      reason ??
      (isExact(t.shape)
        ? undefined
        : interpreter.reason('unsupported', at, `tf.${fact.name} gives a size that is known only at run time`));
    const variable =
      fact.name === 'variable' ? { name: nameOf(fact), trainable: trainableOf(fact), layer: undefined } : undefined;
    const tensor = makeTensor(
      interpreter,
      at,
      t.shape,
      { dtype: t.dtype, scalar: t.scalar, producer: fact, variable },
      lost,
    );
    outputs.push(tensor.fact);
    return tensor;
  };
  switch (result.kind) {
    case 'tensor':
      return made(result);
    case 'list':
      return result.each === undefined
        ? new ArrayValue(result.tensors.map(made))
        : new ArrayValue([], made(result.each));
    case 'record': {
      const record = ObjectValue.of(
        Object.fromEntries(Object.entries(result.tensors).map(([key, t]) => [key, made(t)])),
      );
      record.origin = { owner: fact.name, op: fact };
      return record;
    }
    case 'value':
      return fact.name === 'buffer' && isRecord(result.value)
        ? bufferValue(result.value, recorded)
        : plainValue(result.value, interpreter, at);
  }
}

/** A buffer counts as what it gives: the tensor of its shape. */
function bufferValue({ entries }: PlainRecord, { interpreter, at, fact, outputs, reason }: Recorded): BufferObject {
  const sizes = sizeList(entries.get('shape'));
  const dtype = entries.get('dtype');
  const made = sizes === undefined ? null : shape(sizes);
  const { fact: output } = makeTensor(interpreter, at, made, { producer: fact }, reason);
  outputs.push(output);
  return new BufferObject(made, typeof dtype === 'string' ? dtype : undefined, reason, fact);
}

function nameOf(fact: OpFact): string | undefined {
  const name = fact.args.get('name')?.value;
  return typeof name === 'string' ? name : undefined;
}

function trainableOf(fact: OpFact): boolean | undefined {
  const flag = fact.args.get('trainable')?.value;
  return flag === undefined ? true : typeof flag === 'boolean' ? flag : undefined;
}

function plainValue(value: Plain, interpreter: Interpreter, at: Place): Value {
  if (value === UNKNOWN || isMaybe(value))
    return interpreter.unknown('runtime-data', at, 'known only when the program runs');
  if (Array.isArray(value))
    return new ArrayValue((value as readonly Plain[]).map((v) => plainValue(v, interpreter, at)));
  if (typeof value !== 'object' || value === null || value === undefined) return value as Value;
  if ('terms' in value) return value;
  return interpreter.unknown('unsupported', at, 'a value of the library that is not followed');
}
