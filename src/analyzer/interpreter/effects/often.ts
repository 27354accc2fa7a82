/** What calls change of which nobody in view says how many there are. */
import { symbol } from '../../shapes/dim';
import type { Place, ReasonCode } from '../../trace/facts';
import type { Interpreter } from '../interpreter';
import { Variable } from '../scope';
import { joinAll } from '../values/join';
import { ArrayValue, ObjectValue, UnknownValue, type Value } from '../values/values';
import type { Delta } from './journal';

/** Why nobody can say what something is. */
interface Why {
  readonly code: ReasonCode;
  readonly text: (name: string) => string;
}

const BY_CALLS: Why = {
  code: 'parameter',
  text: (name) => `${name} changes with each call and is given by nobody in view`,
};

/** By code that waits, and may have run by now or not. */
export const MEANWHILE: Why = { code: 'runtime-data', text: (name) => `what waits may have changed ${name}` };

/**
 * Puts what a call changed in force: what it set for the first time stays as it set it; a list that it made longer or
 * shorter is of any length, and a number that it changed is any number.
 */
export function changedOften(interpreter: Interpreter, delta: Delta, at: Place, why = BY_CALLS): void {
  const often = (name: string, before: Value, after: Value): Value => {
    if (before instanceof ArrayValue && after instanceof ArrayValue && before !== after)
      return ofAnyLength(before, after);
    if (typeof before === 'string' && typeof after === 'string' && before !== after)
      return new UnknownValue(interpreter.reason(why.code, at, why.text(name)));
    if (typeof before !== 'number' || typeof after !== 'number' || before === after) return after;
    return new UnknownValue(interpreter.reason(why.code, at, why.text(name)), name, symbol);
  };
  for (const [mutable, state] of delta) {
    const before = mutable.snapshot();
    interpreter.touch(mutable);
    mutable.restore(state as never);
    if (mutable instanceof ArrayValue) {
      const widened = ofAnyLength(listOf(before as ListState), mutable);
      mutable.elements = widened.elements;
      mutable.rest = widened.rest;
    } else if (mutable instanceof Variable) {
      mutable.value = often(mutable.name, (before as { value: Value }).value, mutable.value);
    } else if (mutable instanceof ObjectValue) {
      for (const [name, property] of (before as { properties: ObjectValue['properties'] }).properties) {
        const now = mutable.properties.get(name);
        if (now === undefined || now.getter !== undefined || now.value === property.value) continue;
        mutable.properties.set(name, { ...now, value: often(name, property.value, now.value) });
      }
    }
  }
}

interface ListState {
  readonly elements: Value[];
  readonly rest: Value;
}

const listOf = ({ elements, rest }: ListState): ArrayValue => new ArrayValue(elements, rest);

/** What both have at the same place, and further elements like those that only one has. */
function ofAnyLength(before: ArrayValue, after: ArrayValue): ArrayValue {
  if (before.elements.length === after.elements.length && before.rest === after.rest) return after;
  const shared = Math.min(before.elements.length, after.elements.length);
  const further = [
    ...before.elements.slice(shared),
    ...after.elements.slice(shared),
    ...[before.rest, after.rest].filter((rest) => rest !== undefined),
  ];
  return new ArrayValue(after.elements.slice(0, shared), further.length === 0 ? undefined : joinAll(further));
}
