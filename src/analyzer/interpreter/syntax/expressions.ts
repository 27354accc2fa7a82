import type { Expression, FunctionExpression } from '../../program/nodes';
import { symbol } from '../../shapes/dim';
import type { Place } from '../../trace/facts';
import { mayThrow } from '../effects/paths';
import type { Interpreter } from '../interpreter';
import type { Scope } from '../scope';
import { awaited } from '../values/convert';
import { elementsOf } from '../values/elements';
import { errorOf } from '../values/errors';
import { globalSet } from '../values/patches';
import { FunctionValue, optionsOf, PromiseValue, UnknownValue, type Value } from '../values/values';
import { throwing } from '../waiting/promises';
import { settled } from '../waiting/turns';
import { assignment, updateExpression } from './assignments';
import { callExpression, indexExpression, memberExpression, newExpression } from './callExpressions';
import { defineClass } from './classes';
import { arrayLiteral, literal, objectLiteral, template } from './literals';
import { lost, unknownHere } from './lost';
import { binaryExpression, conditionalExpression, logicalExpression, unaryExpression } from './operations';
import { asTyped } from './types';

type Evaluators = {
  readonly [K in Expression['kind']]: (
    interpreter: Interpreter,
    node: Extract<Expression, { kind: K }>,
    scope: Scope,
  ) => Value;
};

/** The value of an expression. */
export function evaluate(interpreter: Interpreter, node: Expression, scope: Scope): Value {
  interpreter.budget.step();
  const value = evaluators[node.kind](interpreter, node as never, scope);
  if (interpreter.observer !== undefined) interpreter.observer.evaluated(interpreter, node, scope, value);
  return value;
}

const evaluators: Evaluators = {
  literal,
  template,
  identifier: (interpreter, node, scope) =>
    readVariable(interpreter, node.name, interpreter.place(node, scope.frame), scope),
  this: (interpreter, node, scope) =>
    scope.frame.thisValue ??
    new UnknownValue(
      interpreter.reason('external', interpreter.place(node, scope.frame), '`this` is given from outside'),
      'this',
      symbol,
    ),
  super: (interpreter, node, scope) => lost(interpreter, node, scope, '`super` alone'),
  array: arrayLiteral,
  object: objectLiteral,
  function: (interpreter, node, scope) => closure(interpreter, node, scope, node.name),
  class: (interpreter, node, scope) => defineClass(interpreter, node, scope),
  unary: unaryExpression,
  update: updateExpression,
  binary: binaryExpression,
  logical: logicalExpression,
  assign: assignment,
  conditional: conditionalExpression,
  call: callExpression,
  new: newExpression,
  member: memberExpression,
  index: indexExpression,
  sequence: (interpreter, node, scope) => {
    let value: Value;
    for (const expression of node.expressions) value = evaluate(interpreter, expression, scope);
    return value;
  },
  await: (interpreter, node, scope) => {
    const value = evaluate(interpreter, node.value, scope);
    return waitFor(interpreter, value, interpreter.place(node, scope.frame), scope);
  },
  yield: (interpreter, node, scope) => {
    const value = node.value === undefined ? undefined : evaluate(interpreter, node.value, scope);
    const { yields, task } = scope.frame;
    const given = node.delegate
      ? elementsOf(interpreter, value, interpreter.place(node, scope.frame), 'iteration')
      : { elements: [value], rest: undefined };
    const all = given.rest === undefined ? given.elements : [...given.elements, given.rest];
    if (task?.generator !== undefined) for (const one of all) task.generator.maybe(one);
    else yields?.push(...all);
    return unknownHere(interpreter, node, scope, 'what a generator is given');
  },
  import: (interpreter, node, scope) => {
    const source = evaluate(interpreter, node.source, scope);
    const at = interpreter.place(node, scope.frame);
    if (typeof source !== 'string')
      return new PromiseValue(interpreter.unknown('runtime-data', at, 'the module to import is not known'));
    return new PromiseValue(interpreter.modules.namespace(interpreter, source, at));
  },
  typed: (interpreter, node, scope) => {
    const value = evaluate(interpreter, node.value, scope);
    if (node.type === undefined) return value;
    return asTyped(interpreter, value, node.type, undefined, interpreter.place(node, scope.frame), scope);
  },
  element: (interpreter, node, scope) => {
    for (const expression of node.expressions) {
      const value = evaluate(interpreter, expression, scope);
      interpreter.visitCallbacks([value], interpreter.place(expression, scope.frame));
    }
    return unknownHere(interpreter, node, scope, 'an element of JSX');
  },
  error: (interpreter, node, scope) =>
    interpreter.unknown('syntax', interpreter.place(node, scope.frame), 'this code could not be read'),
};

/**
 * What a value settles to where the function cannot be left: on a path that others exclude. What waits meanwhile runs first,
 * if nothing is under way around it.
 */
export function waitFor(interpreter: Interpreter, value: Value, at: Place, scope: Scope): Value {
  const isDue = optionsOf(value).some((option) => option instanceof PromiseValue && option.state === 'pending');
  const throws = throwing(interpreter, value, at);
  throws();
  const given = isDue || scope.frame.task?.resumed === true ? settled(interpreter, value) : awaited(value);
  throws();
  return given;
}

export function readVariable(interpreter: Interpreter, name: string, at: Place, scope: Scope): Value {
  const variable = scope.lookup(name);
  if (variable?.alias !== undefined) return variable.alias();
  if (variable !== undefined && !variable.ready && interpreter.late)
    return interpreter.unknown('runtime-data', at, `${name} is given its value where this run did not come`, name);
  if (variable !== undefined) return variable.value;
  if (name === 'undefined') return undefined;
  if (name === 'NaN') return Number.NaN;
  if (name === 'Infinity') return Number.POSITIVE_INFINITY;
  const set = interpreter.patches === undefined ? undefined : globalSet(interpreter, name);
  if (set !== undefined) return set.value;
  const global = interpreter.library.global(name);
  if (global !== undefined) return global;
  mayThrow(interpreter, errorOf(interpreter, 'ReferenceError'));
  const reason = interpreter.reason('external', at, `${name} is defined nowhere in view`);
  interpreter.stop(reason);
  const unknown = new UnknownValue(reason, name, symbol);
  // The same global is the same unknown in the whole run.
  let root = scope;
  while (root.parent !== undefined) root = root.parent;
  root.declare(name, unknown);
  return unknown;
}

export function closure(
  interpreter: Interpreter,
  node: FunctionExpression,
  scope: Scope,
  name: string | undefined,
): FunctionValue {
  const fn = new FunctionValue(node, scope, name ?? node.name);
  if (!interpreter.foreseeing) interpreter.closures.add(scope.frame.file, node, fn);
  return fn;
}

/** Evaluates what is bound to a name, so that functions and classes without one take it. */
export function named(interpreter: Interpreter, node: Expression, scope: Scope, name: string | undefined): Value {
  if (node.kind === 'function') return closure(interpreter, node, scope, node.name ?? name);
  if (node.kind === 'class') return defineClass(interpreter, node, scope, node.name ?? name);
  return evaluate(interpreter, node, scope);
}
