import type { SpreadElement } from '../program/nodes';
import type { Place } from '../trace/facts';
import { elementsOf } from './elements';
import { evaluate } from './expressions';
import type { Interpreter } from './interpreter';
import { joinValues } from './join';
import type { Scope } from './scope';
import { ArrayValue, isUnknown, ObjectValue, UnionValue, type Value } from './values';

/** Appends to a list, whose length may not be known. */
export function push(list: ArrayValue, value: Value): void {
  if (list.rest === undefined) list.elements.push(value);
  else list.rest = joinValues(list.rest, value);
}

/** `[...value]` */
export function appendSpread(interpreter: Interpreter, list: ArrayValue, node: SpreadElement, scope: Scope): void {
  appendAll(interpreter, list, evaluate(interpreter, node.value, scope), interpreter.place(node, scope.frame));
}

/** Appends what iteration gives. */
export function appendAll(interpreter: Interpreter, list: ArrayValue, value: Value, at: Place): void {
  const { elements, rest } = elementsOf(interpreter, value, at, 'iteration');
  interpreter.budget.copied(elements.length);
  for (const element of elements) push(list, element);
  if (rest !== undefined) list.rest = list.rest === undefined ? rest : joinValues(list.rest, rest);
}

/** `{...value}` */
export function spreadInto(interpreter: Interpreter, object: ObjectValue, value: Value, at: Place): void {
  if (value instanceof ObjectValue || value instanceof ArrayValue) interpreter.budget.copied(value.weight);
  if (value instanceof ObjectValue) {
    for (const [key, property] of value.properties)
      object.properties.set(key, property.getter === undefined ? property : { value: interpreter.get(value, key, at) });
    object.open ??= value.open;
  } else if (value instanceof ArrayValue) {
    for (const [i, element] of value.elements.entries()) object.properties.set(String(i), { value: element });
  } else if (isUnknown(value)) {
    object.open = value;
  } else if (value instanceof UnionValue) {
    const objects = value.options.filter((o) => o instanceof ObjectValue);
    const keys = new Set(objects.flatMap((o) => [...o.properties.keys()]));
    for (const key of keys) {
      const values = value.options.map((o) =>
        o instanceof ObjectValue
          ? (o.properties.get(key)?.value ?? object.properties.get(key)?.value)
          : object.properties.get(key)?.value,
      );
      object.properties.set(key, { value: values.reduce(joinValues) });
    }
    const lost = value.options.find(isUnknown);
    if (lost !== undefined) object.open = lost;
  }
}
