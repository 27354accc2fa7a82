/** Operators between values, and conditions. */

import type {
  BinaryExpression,
  ConditionalExpression,
  Expression,
  LogicalExpression,
  UnaryExpression,
} from '../../program/nodes';
import type { Place } from '../../trace/facts';
import { forkValues } from '../effects/paths';
import type { Interpreter } from '../interpreter';
import type { Scope } from '../scope';
import { joinValues } from '../values/join';
import { toPrimitive } from '../values/primitives';
import { findProperty } from '../values/properties';
import { ArrayValue, ObjectValue, optionsOf, truth, UnknownValue, type Value } from '../values/values';
import { deleted } from './assignments';
import { combine, logical } from './combine';
import { evaluate } from './expressions';
import { asksForKind } from './kinds';
import { lost, unknownHere } from './lost';
import { isHosted, placesOf, tellOperands } from './operands';
import { typeOf, unary } from './operators';

export function unaryExpression(interpreter: Interpreter, node: UnaryExpression, scope: Scope): Value {
  if (
    node.operator === 'typeof' &&
    node.operand.kind === 'identifier' &&
    scope.lookup(node.operand.name) === undefined
  ) {
    const value = interpreter.library.global(node.operand.name);
    return value === undefined
      ? lost(interpreter, node, scope, `${node.operand.name} is not in view`)
      : (typeOf(value) ?? lost(interpreter, node, scope, 'typeof'));
  }
  if (node.operator === 'delete') return deleted(interpreter, node.operand, scope);
  const value = evaluate(interpreter, node.operand, scope);
  if (node.operator === 'typeof')
    return typeOf(value) ?? interpreter.because(value) ?? unknownHere(interpreter, node, scope, 'its type depends');
  if (node.operator === 'void') return undefined;
  if (node.operator === '!') {
    const t = truth(value);
    return t === undefined
      ? (interpreter.because(value) ?? unknownHere(interpreter, node, scope, 'a condition that depends'))
      : !t;
  }
  const at = interpreter.place(node, scope.frame);
  if (isHosted(value)) {
    const operandsAt = placesOf(interpreter, [node.operand], scope, value);
    const told = tellOperands(interpreter, node.operator, [value], at, operandsAt);
    if (told !== undefined) return told;
  }
  const operand = (v: Value): Value =>
    v instanceof ObjectValue || v instanceof ArrayValue ? primitiveOf(interpreter, v, at) : v;
  return mapOptions(interpreter, value, (v) => unary(node.operator as '-', operand(v)), node, scope);
}

function mapOptions(
  interpreter: Interpreter,
  value: Value,
  f: (v: Value) => Value | undefined,
  node: Expression,
  scope: Scope,
): Value {
  const results = optionsOf(value).map(f);
  if (results.some((r) => r === undefined))
    return interpreter.because(value) ?? unknownHere(interpreter, node, scope, 'not a number');
  return results.reduce(joinValues);
}

/** What arithmetic makes of an object or list: its primitive, or the unknown. */
function primitiveOf(interpreter: Interpreter, value: Value, at: Place): Value {
  const primitive = toPrimitive(interpreter, value, 'number', at);
  return primitive === undefined
    ? new UnknownValue(interpreter.reason('unsupported', at, 'the number that an object stands for'))
    : primitive.value;
}

export function binaryExpression(interpreter: Interpreter, node: BinaryExpression, scope: Scope): Value {
  if (node.operator === 'in' && node.left.kind === 'literal' && String(node.left.value).startsWith('#'))
    return hasPrivate(interpreter, node, String(node.left.value), scope);
  const left = evaluate(interpreter, node.left, scope);
  const right = evaluate(interpreter, node.right, scope);
  const operandsAt = placesOf(interpreter, [node.left, node.right], scope, left, right);
  return combine(interpreter, node.operator, left, right, interpreter.place(node, scope.frame), operandsAt);
}

function hasPrivate(interpreter: Interpreter, node: BinaryExpression, name: string, scope: Scope): Value {
  const object = evaluate(interpreter, node.right, scope);
  if (!(object instanceof ObjectValue) || object.open !== undefined)
    return interpreter.because(object) ?? unknownHere(interpreter, node, scope, 'whether it has the field');
  return findProperty(object, name) !== undefined;
}

export function logicalExpression(interpreter: Interpreter, node: LogicalExpression, scope: Scope): Value {
  const left = evaluate(interpreter, node.left, scope);
  const { certain } = interpreter.context;
  const right = (): Value =>
    interpreter.within({ certain: certain && !asksForKind(node.left) }, () => evaluate(interpreter, node.right, scope));
  if (node.operator === '||') recordFalsyDefault(interpreter, node, scope);
  return logical(interpreter, node.operator, left, right, interpreter.place(node, scope.frame));
}

/** `options.axis || -1`, also as the last of several: `options && options.axis || -1`. */
function recordFalsyDefault(interpreter: Interpreter, node: LogicalExpression, scope: Scope): void {
  const { right } = node;
  if (right.kind !== 'literal' && right.kind !== 'unary' && right.kind !== 'array') return;
  let left: Expression = node.left;
  while (left.kind === 'logical') left = left.right;
  const name = left.kind === 'member' ? left.property : left.kind === 'identifier' ? left.name : '';
  if (!/axis|axes|eps|momentum|decay|rate|dim/i.test(name)) return;
  const fallback = evaluate(interpreter, right, scope);
  if (typeof fallback !== 'number' && !(fallback instanceof ArrayValue)) return;
  interpreter.record({
    kind: 'falsyDefault',
    at: interpreter.place(node, scope.frame),
    operator: '||',
    left: name,
    fallback: typeof fallback === 'number' ? fallback : [],
    operatorAt: interpreter.place({ start: node.left.end, end: right.start }, scope.frame),
  });
}

export function conditionalExpression(interpreter: Interpreter, node: ConditionalExpression, scope: Scope): Value {
  const test = truth(evaluate(interpreter, node.test, scope));
  if (test !== undefined) return evaluate(interpreter, test ? node.then : node.else, scope);
  const { certain } = interpreter.context;
  return interpreter.within({ certain: certain && !asksForKind(node.test) }, () =>
    forkValues(
      interpreter,
      [() => evaluate(interpreter, node.then, scope), () => evaluate(interpreter, node.else, scope)],
      interpreter.place(node, scope.frame),
    ),
  );
}
