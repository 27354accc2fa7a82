// What the elements of a tf.data dataset are: structures of tensors, stacked into batches and joined where they differ.
import type { Interpreter } from '../../interpreter/interpreter';
import { joinAll } from '../../interpreter/values/join';
import { ArrayValue, ObjectValue, UnknownNumber, UnknownValue, type Value } from '../../interpreter/values/values';
import type { Dim } from '../../shapes/dim';
import { axis, type Shape } from '../../shapes/shape';
import type { Place } from '../../trace/facts';
import { asTensor } from '../opCall';
import { makeTensor, TensorObject } from './objects/tensor';
import { plainOf } from './plainOf';

/** What holds of every element: structures of one kind are joined part by part, so that a tensor in them keeps its rank. */
export function joinElements(elements: readonly Value[], interpreter: Interpreter, at: Place): Value {
  const [first, ...rest] = elements;
  if (rest.every((element) => element === first)) return first;
  const join = (parts: readonly Value[]): Value => joinElements(parts, interpreter, at);
  if (elements.every((element) => typeof element === 'number'))
    return new UnknownNumber(interpreter.reason('runtime-data', at, 'the elements of the dataset differ'));
  if (allOf(elements, ObjectValue)) {
    const keys = new Set(elements.flatMap(({ properties }) => [...properties.keys()]));
    return ObjectValue.of(
      Object.fromEntries([...keys].map((key) => [key, join(elements.map((one) => one.properties.get(key)?.value))])),
    );
  }
  if (allOf(elements, ArrayValue)) {
    const [{ length } = { length: 0 }] = elements.map((list) => list.elements);
    if (elements.some((list) => list.rest !== undefined || list.elements.length !== length)) return joinAll(elements);
    return new ArrayValue(Array.from({ length }, (_, i) => join(elements.map((list) => list.elements[i]))));
  }
  if (allOf(elements, TensorObject)) return elements.reduce((a, b) => a.joined(b));
  return joinAll(elements);
}

function allOf<T extends Value>(values: readonly Value[], type: new (...args: never[]) => T): values is readonly T[] {
  return values.every((value) => value instanceof type);
}

/** The element with a new first axis: tensors and numbers stack, structures keep theirs. */
export function batched(interpreter: Interpreter, element: Value, size: Dim, at: Place): Value {
  if (element instanceof ObjectValue) {
    return ObjectValue.of(
      Object.fromEntries([...element.properties].map(([key, p]) => [key, batched(interpreter, p.value, size, at)])),
    );
  }
  if (element instanceof UnknownValue && !(element instanceof UnknownNumber)) return element;
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
