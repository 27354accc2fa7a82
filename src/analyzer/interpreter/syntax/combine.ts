import type { BinaryExpression } from '../../program/nodes';
import { isPoly } from '../../shapes/dim';
import type { Place } from '../../trace/facts';
import { forkValues } from '../effects/paths';
import type { Interpreter } from '../interpreter';
import { ERROR_PROTOTYPES } from '../values/errors';
import { toPrimitive } from '../values/primitives';
import { findProperty, lineOf, openingOf } from '../values/properties';
import {
  ArrayValue,
  ClassValue,
  FunctionValue,
  HAS_INSTANCE,
  HostObject,
  isCallable,
  isStructured,
  isUnknown,
  NativeFunction,
  ObjectValue,
  optionsOf,
  PromiseValue,
  truth,
  UnionValue,
  UnknownValue,
  type Value,
} from '../values/values';
import { getMember, hasMember, keyOf, prototypeOfFunction } from './members';
import { isHosted, tellOperands } from './operands';
import { binary } from './operators';

/** `left operator right` for the operators on values; `assigned`: the result goes to what is on the left. */
export function combine(
  interpreter: Interpreter,
  operator: BinaryExpression['operator'],
  left: Value,
  right: Value,
  at: Place,
  operandsAt?: readonly Place[],
  assigned = false,
): Value {
  if (operator === 'in') {
    const key = keyOf(interpreter, left, at);
    const has = key === undefined || right instanceof UnionValue ? undefined : hasMember(interpreter, right, key);
    return has ?? new UnknownValue(interpreter.reason('unsupported', at, 'whether the key is there is not known'));
  }
  if (operator === 'instanceof')
    return (
      instanceOf(interpreter, left, right, at) ??
      new UnknownValue(interpreter.reason('unsupported', at, 'its class is not known'))
    );
  const told =
    isHosted(left) || isHosted(right)
      ? tellOperands(interpreter, operator, [left, right], at, operandsAt, assigned)
      : undefined;
  const isEquality = operator === '==' || operator === '!=' || operator === '===' || operator === '!==';
  const isLoose = operator === '==' || operator === '!=';
  const convert = isEquality
    ? isLoose && isStructured(left) !== isStructured(right) && left != null && right != null
    : true;
  const a = convert ? primitive(interpreter, left, operator, at) : left;
  const b = convert ? primitive(interpreter, right, operator, at) : right;
  const value = binary(operator, a, b);
  return (
    value ??
    told ??
    interpreter.because(left) ??
    interpreter.because(right) ??
    new UnknownValue(interpreter.reason('unsupported', at, `the result of ${operator} is not known`))
  );
}

/** What an operator makes of an object or list. */
function primitive(interpreter: Interpreter, value: Value, operator: BinaryExpression['operator'], at: Place): Value {
  if (!(value instanceof ObjectValue || value instanceof ArrayValue)) return value;
  const isOpen = operator === '+' || operator === '==' || operator === '!=';
  const result = toPrimitive(interpreter, value, isOpen ? 'default' : 'number', at);
  return result === undefined ? value : result.value;
}

function instanceOf(interpreter: Interpreter, value: Value, cls: Value, at: Place): boolean | undefined {
  if (cls instanceof ClassValue || cls instanceof ObjectValue) {
    const own =
      cls instanceof ClassValue
        ? getMember(interpreter, cls, HAS_INSTANCE, at)
        : findProperty(cls, HAS_INSTANCE)?.value;
    if (isCallable(own)) return truth(interpreter.call(own, [value], at, cls));
  }
  if (isUnknown(value) || value instanceof UnionValue || isUnknown(cls)) return undefined;
  if (!isStructured(value) || isPoly(value)) return false;
  const prototype =
    cls instanceof ClassValue
      ? cls.prototype
      : cls instanceof FunctionValue
        ? prototypeOfFunction(cls)
        : cls instanceof NativeFunction
          ? ERROR_PROTOTYPES.get(cls.name)
          : undefined;
  if (prototype !== undefined) {
    if (!(value instanceof ObjectValue)) return value instanceof HostObject ? undefined : false;
    for (const level of lineOf(value)) if (level === prototype) return true;
    return openingOf(value) === undefined ? false : undefined;
  }
  if (cls instanceof NativeFunction) {
    if (cls.name === 'Array')
      return value instanceof ObjectValue || value instanceof UnknownValue
        ? inheritsNative(value)
        : value instanceof ArrayValue && !value.isTyped;
    if (cls.name === 'Object') return value instanceof ObjectValue && value.proto !== undefined ? undefined : true;
    if (cls.name === 'Function') return isCallable(value) ? true : undefined;
    if (cls.name === 'Promise') return value instanceof PromiseValue;
    if (cls.name === 'Map' || cls.name === 'Set')
      return value instanceof HostObject && value.type === cls.name ? true : undefined;
    return interpreter.library.isInstance?.(
      value instanceof ObjectValue && value.slot !== undefined ? value.slot : value,
      cls,
    );
  }
  return undefined;
}

/** Whether an object may be a list all the same: an instance of a class that extends one. */
const inheritsNative = (value: Value): boolean | undefined =>
  value instanceof ObjectValue && openingOf(value) === undefined && value.class === undefined ? false : undefined;

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
  return forkValues(interpreter, [() => (kept.length === 1 ? kept[0] : new UnionValue(kept)), right], at);
}
