/** Calls, `new`, and members, each with the chains that end early. */

import type {
  CallExpression,
  Expression,
  IndexExpression,
  MemberExpression,
  NewExpression,
  SpreadElement,
} from '../../program/nodes';
import { visit } from '../../program/walk';
import type { Place } from '../../trace/facts';
import { forkValues, mayThrow } from '../effects/paths';
import type { Interpreter } from '../interpreter';
import type { Scope } from '../scope';
import { elementsOf } from '../values/elements';
import { errorOf } from '../values/errors';
import { isUnknown, OpenArguments, optionsOf, UnionValue, type Value } from '../values/values';
import { tolerating } from './alternatives';
import { evaluate } from './expressions';
import { lost } from './lost';
import { getMember, indexMember, keyOf, ofOneKind } from './members';
import { superCall, superMember } from './super';

export function callExpression(interpreter: Interpreter, node: CallExpression, scope: Scope): Value {
  const { callee } = node;
  const at = interpreter.place(node, scope.frame);
  if (callee.kind === 'super') return superCall(interpreter, node.args, at, scope);
  let self: Value;
  let fn: Value;
  if (callee.kind === 'member' || callee.kind === 'index') {
    if (callee.object.kind === 'super') {
      self = scope.frame.thisValue;
      fn = callee.kind === 'member' ? superMember(interpreter, callee.property, at, scope) : undefined;
    } else {
      self = evaluate(interpreter, callee.object, scope);
      if ((self === undefined || self === null) && isOptional(callee)) return undefined;
      if (callee.optional && mayBeNothing(self) && hasEffects(node))
        return maybePresent(interpreter, self, at, (present) => callOn(interpreter, node, callee, present, scope));
      fn =
        callee.kind === 'member'
          ? getMember(interpreter, self, callee.property, interpreter.place(callee, scope.frame))
          : indexMember(
              interpreter,
              self,
              evaluate(interpreter, callee.index, scope),
              interpreter.place(callee, scope.frame),
            );
    }
  } else {
    fn = evaluate(interpreter, callee, scope);
  }
  if ((fn === undefined || fn === null) && (node.optional || isOptional(callee))) return undefined;
  const { values, places } = evaluateArguments(interpreter, node.args, scope);
  if (fn === undefined || fn === null) {
    mayThrow(interpreter, errorOf(interpreter, 'TypeError'));
    interpreter.visitCallbacks(values, at);
    return interpreter.unknown(
      'unsupported',
      interpreter.place(callee, scope.frame),
      'what is called here is not defined in view',
    );
  }
  if (self instanceof UnionValue && (callee.kind === 'member' || callee.kind === 'index'))
    return callOnOptions(interpreter, self, callee, values, places, at, scope);
  return interpreter.call(fn, values, at, self, places);
}

function callOn(
  interpreter: Interpreter,
  node: CallExpression,
  callee: MemberExpression | IndexExpression,
  self: Value,
  scope: Scope,
): Value {
  const at = interpreter.place(callee, scope.frame);
  const fn =
    callee.kind === 'member'
      ? getMember(interpreter, self, callee.property, at)
      : indexMember(interpreter, self, evaluate(interpreter, callee.index, scope), at);
  if ((fn === undefined || fn === null) && node.optional) return undefined;
  const { values, places } = evaluateArguments(interpreter, node.args, scope);
  return interpreter.call(fn, values, interpreter.place(node, scope.frame), self, places);
}

/** A method of one of several objects: each alternative is called on its own; null and undefined would throw and drop out. */
function callOnOptions(
  interpreter: Interpreter,
  self: UnionValue,
  callee: MemberExpression | IndexExpression,
  values: readonly Value[],
  places: readonly Place[],
  at: Place,
  scope: Scope,
): Value {
  const calleeAt = interpreter.place(callee, scope.frame);
  const live = self.options.filter((o) => o !== undefined && o !== null);
  const certain = interpreter.context.certain && ofOneKind(live);
  const paths = live.map((option) => () => {
    const fn = interpreter.within({ certain }, () =>
      callee.kind === 'member'
        ? getMember(interpreter, option, callee.property, calleeAt)
        : indexMember(interpreter, option, evaluate(interpreter, callee.index, scope), calleeAt),
    );
    return interpreter.call(fn, values, at, option, places);
  });
  return tolerating(interpreter, paths, (each) => forkValues(interpreter, each, at));
}

export function newExpression(interpreter: Interpreter, node: NewExpression, scope: Scope): Value {
  const callee = evaluate(interpreter, node.callee, scope);
  const { values, places } = evaluateArguments(interpreter, node.args, scope);
  return interpreter.construct(callee, values, interpreter.place(node, scope.frame), places);
}

export function evaluateArguments(
  interpreter: Interpreter,
  args: readonly (Expression | SpreadElement)[],
  scope: Scope,
): { values: Value[]; places: Place[] } {
  let values: Value[] = [];
  const places: Place[] = [];
  let open: Value | undefined;
  for (const arg of args) {
    const at = interpreter.place(arg, scope.frame);
    if (arg.kind !== 'spread') {
      values.push(evaluate(interpreter, arg, scope));
      places.push(at);
      continue;
    }
    const list = elementsOf(interpreter, evaluate(interpreter, arg.value, scope), at, 'iteration');
    for (const element of list.rest === undefined ? list.elements : [...list.elements, list.rest]) {
      values.push(element);
      places.push(at);
    }
    if (list.rest !== undefined && open === undefined) {
      values = OpenArguments.from(values) as OpenArguments;
      (values as OpenArguments).certain = values.length - 1;
      open = list.rest;
    }
  }
  return { values, places };
}

export function memberExpression(interpreter: Interpreter, node: MemberExpression, scope: Scope): Value {
  const at = interpreter.place(node, scope.frame);
  if (node.object.kind === 'super') return superMember(interpreter, node.property, at, scope);
  const object = evaluate(interpreter, node.object, scope);
  if ((object === undefined || object === null) && isOptional(node)) return undefined;
  return getMember(interpreter, object, node.property, at);
}

export function indexExpression(interpreter: Interpreter, node: IndexExpression, scope: Scope): Value {
  const at = interpreter.place(node, scope.frame);
  if (node.object.kind === 'super') {
    const key = keyOf(interpreter, evaluate(interpreter, node.index, scope), at);
    return key === undefined
      ? lost(interpreter, node, scope, 'a member of super')
      : superMember(interpreter, key, at, scope);
  }
  const object = evaluate(interpreter, node.object, scope);
  if ((object === undefined || object === null) && isOptional(node)) return undefined;
  const take = (from: Value): Value => indexMember(interpreter, from, evaluate(interpreter, node.index, scope), at);
  return node.optional && mayBeNothing(object) && hasEffects(node.index)
    ? maybePresent(interpreter, object, at, take)
    : take(object);
}

/** Whether a short circuit stands anywhere in the chain. */
export function isOptional(node: Expression): boolean {
  for (let at: Expression = node; ; ) {
    if (at.kind === 'member' || at.kind === 'index') {
      if (at.optional) return true;
      at = at.object;
    } else if (at.kind === 'call') {
      if (at.optional) return true;
      at = at.callee;
    } else return false;
  }
}

/** Whether an optional chain may end here. */
const mayBeNothing = (value: Value): boolean =>
  isUnknown(value) ||
  (value instanceof UnionValue && value.options.some((option) => option === undefined || option === null));

/** Whether code that may not run changes something. */
function hasEffects(node: Expression): boolean {
  let found = false;
  visit(node, (inner) => {
    found ||= inner.kind === 'assign' || inner.kind === 'update' || (inner.kind === 'call' && inner !== node);
    return !found && inner.kind !== 'function';
  });
  return found;
}

function maybePresent(interpreter: Interpreter, value: Value, at: Place, take: (present: Value) => Value): Value {
  const live = optionsOf(value).filter((option) => option !== undefined && option !== null);
  return forkValues(interpreter, [...live.map((option) => () => take(option)), () => undefined], at);
}
