/** What is set: assignments, counting up and down, `delete`. */

import type { AssignExpression, Expression, Range, UpdateExpression } from '../../program/nodes';
import { forkValues } from '../effects/paths';
import type { Interpreter } from '../interpreter';
import type { Scope } from '../scope';
import { setGlobal } from '../values/patches';
import { deleteProperty, loseContents } from '../values/properties';
import { HostObject, isUnknown, optionsOf, type Value } from '../values/values';
import { isOptional } from './callExpressions';
import { combine, logical } from './combine';
import { evaluate, named, readVariable } from './expressions';
import { unknownHere } from './lost';
import { getMember, indexMember, isGlobalObject as isGlobal, keyOf } from './members';
import { assignTo } from './memberWrites';
import { placesOf } from './operands';
import { binary } from './operators';
import { bindPattern } from './patterns';
import { superMember } from './super';

export function assignment(interpreter: Interpreter, node: AssignExpression, scope: Scope): Value {
  const { target, operator } = node;
  if (operator === undefined) {
    if (target.kind === 'targetPattern' && target.target.kind !== 'error' && !interpreter.annotated) {
      const reference = referenceTo(interpreter, target.target, scope);
      const value = evaluate(interpreter, node.value, scope);
      reference?.set(value);
      return value;
    }
    const name = target.kind === 'identifierPattern' ? target.name : undefined;
    const value = named(interpreter, node.value, scope, name);
    bindPattern(interpreter, target, value, scope, undefined);
    return value;
  }
  const at = interpreter.place(node, scope.frame);
  const reference =
    target.kind === 'identifierPattern'
      ? variableReference(interpreter, target, scope)
      : target.kind === 'targetPattern'
        ? referenceTo(interpreter, target.target, scope)
        : undefined;
  if (reference === undefined) return unknownHere(interpreter, node, scope, 'not a variable or member');
  const read = reference.get();
  if (operator === '&&' || operator === '||' || operator === '??') {
    let isSet = false;
    const value = logical(
      interpreter,
      operator,
      read,
      () => {
        const right = evaluate(interpreter, node.value, scope);
        reference.set(right);
        isSet = true;
        return right;
      },
      at,
    );
    // Where it may have been set, what is known of both is.
    if (isSet && target.kind === 'identifierPattern') reference.set(value);
    return value;
  }
  const by = evaluate(interpreter, node.value, scope);
  const operandsAt = placesOf(interpreter, [target, node.value], scope, read, by);
  const value = combine(interpreter, operator, read, by, at, operandsAt, true);
  reference.set(value);
  return value;
}

export function updateExpression(interpreter: Interpreter, node: UpdateExpression, scope: Scope): Value {
  const target = referenceTo(interpreter, node.target, scope);
  if (target === undefined) return unknownHere(interpreter, node, scope, 'not a variable or member');
  const before = asNumeric(target.get());
  const after =
    binary(node.operator === '++' ? '+' : '-', before, 1) ??
    interpreter.because(before) ??
    unknownHere(interpreter, node, scope, 'not a number');
  target.set(after);
  return node.prefix ? after : before;
}

/** A text that is counted up is a number first. */
const asNumeric = (value: Value): Value =>
  typeof value === 'string' || value === null || value === undefined || typeof value === 'boolean'
    ? Number(value)
    : value;

export function readTarget(interpreter: Interpreter, target: AssignExpression['target'], scope: Scope): Value {
  if (target.kind === 'identifierPattern')
    return readVariable(interpreter, target.name, interpreter.place(target, scope.frame), scope);
  if (target.kind === 'targetPattern') return evaluate(interpreter, target.target, scope);
  return undefined;
}

/** A variable or member whose object and key are evaluated once, to be read and set. */
interface Reference {
  get(): Value;
  set(value: Value): void;
}

function variableReference(
  interpreter: Interpreter,
  { name, start, end }: { readonly name: string } & Range,
  scope: Scope,
): Reference {
  const at = interpreter.place({ start, end }, scope.frame);
  return {
    get: () => readVariable(interpreter, name, at, scope),
    set: (value) => bindPattern(interpreter, { kind: 'identifierPattern', name, start, end }, value, scope, undefined),
  };
}

function referenceTo(interpreter: Interpreter, target: Expression, scope: Scope): Reference | undefined {
  if (target.kind === 'identifier') return variableReference(interpreter, target, scope);
  if (target.kind !== 'member' && target.kind !== 'index') return undefined;
  const at = interpreter.place(target, scope.frame);
  const isSuper = target.object.kind === 'super';
  const object = isSuper ? scope.frame.thisValue : evaluate(interpreter, target.object, scope);
  const key = target.kind === 'member' ? target.property : evaluate(interpreter, target.index, scope);
  return {
    get: () =>
      target.kind === 'member'
        ? isSuper
          ? superMember(interpreter, target.property, at, scope)
          : getMember(interpreter, object, target.property, at)
        : indexMember(interpreter, object, key, at),
    set: (value) => assignTo(interpreter, target, object, key, value, at),
  };
}

/** `delete object.key`: gone, or not allowed to go. */
export function deleted(interpreter: Interpreter, operand: Expression, scope: Scope): Value {
  if (operand.kind !== 'member' && operand.kind !== 'index') {
    evaluate(interpreter, operand, scope);
    return true;
  }
  const object = evaluate(interpreter, operand.object, scope);
  if ((object === undefined || object === null) && isOptional(operand)) return true;
  const at = interpreter.place(operand, scope.frame);
  const index = operand.kind === 'member' ? operand.property : evaluate(interpreter, operand.index, scope);
  const keys = optionsOf(index).map((option) => keyOf(interpreter, option, at));
  const paths = optionsOf(object).flatMap((one) =>
    keys.map((key) => (): Value => {
      if (key === undefined) {
        loseContents(
          interpreter,
          one,
          interpreter.because(index) ?? unknownHere(interpreter, operand, scope, 'a key is deleted that is not known'),
        );
        return true;
      }
      if (one instanceof HostObject) return one.deleted(key, interpreter, at);
      if (isUnknown(one) && isGlobal(one)) setGlobal(interpreter, key, undefined);
      return deleteProperty(interpreter, one, key);
    }),
  );
  return forkValues(interpreter, paths, at);
}
