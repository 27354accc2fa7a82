import type { BinaryExpression } from '../program/nodes';
import { isPoly } from '../shapes/dim';
import type { Place } from '../trace/facts';
import type { Interpreter } from './interpreter';
import { hasMember, propertyKeyOf } from './members';
import { binary } from './operators';
import {
  ArrayValue,
  ClassValue,
  isStructured,
  isUnknown,
  NativeFunction,
  ObjectValue,
  optionsOf,
  truth,
  UnionValue,
  UnknownValue,
  type Value,
} from './values';

/** `left operator right` for the operators on values. */
export function combine(
  interpreter: Interpreter,
  operator: BinaryExpression['operator'],
  left: Value,
  right: Value,
  at: Place,
): Value {
  if (operator === 'in') {
    const key = propertyKeyOf(left);
    const has = key === undefined ? undefined : hasMember(right, key);
    return has ?? new UnknownValue(interpreter.reason('unsupported', at, 'whether the key is there is not known'));
  }
  if (operator === 'instanceof')
    return (
      instanceOf(interpreter, left, right) ??
      new UnknownValue(interpreter.reason('unsupported', at, 'its class is not known'))
    );
  const value = binary(operator, left, right);
  return (
    value ??
    interpreter.because(left) ??
    interpreter.because(right) ??
    new UnknownValue(interpreter.reason('unsupported', at, `the result of ${operator} is not known`))
  );
}

function instanceOf(interpreter: Interpreter, value: Value, cls: Value): boolean | undefined {
  if (isUnknown(value) || value instanceof UnionValue || isUnknown(cls)) return undefined;
  if (!isStructured(value) || isPoly(value)) return false;
  if (cls instanceof ClassValue) {
    if (!(value instanceof ObjectValue)) return false;
    for (let at: Value = value.class; at instanceof ClassValue; at = at.superclass) if (at === cls) return true;
    return false;
  }
  if (cls instanceof NativeFunction) {
    if (cls.name === 'Array') return value instanceof ArrayValue;
    return interpreter.library.isInstance?.(
      value instanceof ObjectValue && value.slot !== undefined ? value.slot : value,
      cls,
    );
  }
  return undefined;
}

/** `left operator right()`, where the right side is evaluated only if it counts. */
export function logical(
  interpreter: Interpreter,
  operator: '&&' | '||' | '??',
  left: Value,
  right: () => Value,
  at: Place,
): Value {
  const takesRight = (v: Value): boolean | undefined => {
    if (operator === '??') return isUnknown(v) ? undefined : v === undefined || v === null;
    const t = truth(v);
    return t === undefined ? undefined : operator === '&&' ? t : !t;
  };
  const options = optionsOf(left);
  const decisions = options.map(takesRight);
  if (decisions.every((d) => d === false)) return left;
  if (decisions.every((d) => d === true)) return right();
  const kept = options.filter((_, i) => decisions[i] !== true);
  return interpreter.forkValues([() => (kept.length === 1 ? kept[0] : new UnionValue(kept)), right], at);
}
