import type { Expression, FunctionExpression, ObjectMember, Range, SpreadElement } from '../program/nodes';
import { visit } from '../program/walk';
import { symbol } from '../shapes/dim';
import type { Place } from '../trace/facts';
import { tolerating } from './alternatives';
import { defineClass } from './classes';
import { combine, logical } from './combine';
import { awaited } from './convert';
import { elementsOf } from './elements';
import { errorOf } from './errors';
import type { Interpreter } from './interpreter';
import { joinValues } from './join';
import { asksForKind } from './kinds';
import { assignTo, getMember, indexMember, isGlobalObject as isGlobal, keyOf, ofOneKind } from './members';
import { isHosted, tellOperands } from './operands';
import { binary, typeOf, unary } from './operators';
import { bindPattern, keyName } from './patterns';
import { textOf, toPrimitive } from './primitives';
import { throwing } from './promises';
import { deleteProperty, findProperty, loseContents } from './properties';
import type { Scope } from './scope';
import { appendSpread, push, spreadInto } from './spread';
import { superCall, superMember } from './super';
import { settled } from './turns';
import { asTyped } from './types';
import {
  ArrayValue,
  FunctionValue,
  HostObject,
  isStructured,
  isUnknown,
  ObjectValue,
  OpenArguments,
  optionsOf,
  PromiseValue,
  truth,
  UnionValue,
  UnknownValue,
  type Value,
} from './values';

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
  literal: (interpreter, node, scope) => {
    const { value } = node;
    if (typeof value === 'object' && value !== null)
      return (
        interpreter.library.regExp?.(value.pattern, value.flags) ?? lost(interpreter, node, scope, 'an expression')
      );
    return value;
  },
  template: (interpreter, node, scope) => {
    if (node.tag !== undefined) return taggedTemplate(interpreter, node, node.tag, scope);
    const values = node.values.map((v) => evaluate(interpreter, v, scope));
    let text = node.texts[0] ?? '';
    for (const [i, value] of values.entries()) {
      const shown = textOf(interpreter, value, interpreter.place(node, scope.frame));
      if (shown === undefined)
        return (
          interpreter.because(value) ??
          new UnknownValue(
            interpreter.reason(
              'unsupported',
              interpreter.place(node, scope.frame),
              'text of a value that is not known',
            ),
          )
        );
      text += shown + (node.texts[i + 1] ?? '');
    }
    return text;
  },
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
  array: (interpreter, node, scope) => {
    const list = new ArrayValue();
    if (node.elements.length === 0) {
      interpreter.journal.born(list);
      list.since = interpreter.visits;
    }
    list.at = interpreter.place(node, scope.frame);
    for (const element of node.elements) {
      if (element === null) list.elements.length += 1;
      else if (element.kind === 'spread') appendSpread(interpreter, list, element, scope);
      else push(list, evaluate(interpreter, element, scope));
    }
    return list;
  },
  object: (interpreter, node, scope) => {
    const object = new ObjectValue(new Map(), interpreter.place(node, scope.frame));
    if (node.members.length === 0) interpreter.journal.born(object);
    for (const member of node.members) {
      if (member.kind === 'spread') {
        spreadInto(
          interpreter,
          object,
          evaluate(interpreter, member.value, scope),
          interpreter.place(member, scope.frame),
        );
        continue;
      }
      const name = keyName(interpreter, member.key, scope);
      const value =
        member.kind === 'property'
          ? named(interpreter, member.value, scope, name)
          : closure(interpreter, member.value, scope, name);
      if (isPrototype(member)) {
        if (value === null || value instanceof ObjectValue) object.proto = value;
        else if (isStructured(value))
          object.open =
            interpreter.because(value) ?? lost(interpreter, node, scope, 'what it inherits from is not followed');
        continue;
      }
      if (name === undefined) {
        loseContents(interpreter, object, lost(interpreter, node, scope, 'a computed key is not known'));
        object.open = interpreter.unknown(
          'unsupported',
          interpreter.place(member, scope.frame),
          'a computed key is not known',
        );
      } else if (member.kind === 'property') {
        object.properties.set(name, { value, at: interpreter.place(member, scope.frame) });
        if (member.value.kind === 'function' || member.value.kind === 'object') own(object, name, value);
      } else {
        const before = object.properties.get(name);
        object.properties.set(name, { ...before, value: undefined, [member.kind]: value });
      }
    }
    return object;
  },
  function: (interpreter, node, scope) => closure(interpreter, node, scope, node.name),
  class: (interpreter, node, scope) => defineClass(interpreter, node, scope),
  unary: (interpreter, node, scope) => {
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
  },
  update: (interpreter, node, scope) => {
    const target = referenceTo(interpreter, node.target, scope);
    if (target === undefined) return unknownHere(interpreter, node, scope, 'not a variable or member');
    const before = asNumeric(target.get());
    const after =
      binary(node.operator === '++' ? '+' : '-', before, 1) ??
      interpreter.because(before) ??
      unknownHere(interpreter, node, scope, 'not a number');
    target.set(after);
    return node.prefix ? after : before;
  },
  binary: (interpreter, node, scope) => {
    if (node.operator === 'in' && node.left.kind === 'literal' && String(node.left.value).startsWith('#'))
      return hasPrivate(interpreter, node, String(node.left.value), scope);
    const left = evaluate(interpreter, node.left, scope);
    const right = evaluate(interpreter, node.right, scope);
    const operandsAt = placesOf(interpreter, [node.left, node.right], scope, left, right);
    return combine(interpreter, node.operator, left, right, interpreter.place(node, scope.frame), operandsAt);
  },
  logical: (interpreter, node, scope) => {
    const left = evaluate(interpreter, node.left, scope);
    const { certain } = interpreter.context;
    const right = (): Value =>
      interpreter.within({ certain: certain && !asksForKind(node.left) }, () =>
        evaluate(interpreter, node.right, scope),
      );
    if (
      node.operator === '||' &&
      (node.left.kind === 'member' || node.left.kind === 'identifier') &&
      node.right.kind !== 'logical'
    ) {
      recordFalsyDefault(interpreter, node.left, node.right, node, scope);
    }
    return logical(interpreter, node.operator, left, right, interpreter.place(node, scope.frame));
  },
  assign: (interpreter, node, scope) => {
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
  },
  conditional: (interpreter, node, scope) => {
    const test = truth(evaluate(interpreter, node.test, scope));
    if (test !== undefined) return evaluate(interpreter, test ? node.then : node.else, scope);
    const { certain } = interpreter.context;
    return interpreter.within({ certain: certain && !asksForKind(node.test) }, () =>
      interpreter.forkValues(
        [() => evaluate(interpreter, node.then, scope), () => evaluate(interpreter, node.else, scope)],
        interpreter.place(node, scope.frame),
      ),
    );
  },
  call: (interpreter, node, scope) => {
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
      interpreter.mayThrow(errorOf(interpreter, 'TypeError'));
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
  },
  new: (interpreter, node, scope) => {
    const callee = evaluate(interpreter, node.callee, scope);
    const { values, places } = evaluateArguments(interpreter, node.args, scope);
    return interpreter.construct(callee, values, interpreter.place(node, scope.frame), places);
  },
  member: (interpreter, node, scope) => {
    const at = interpreter.place(node, scope.frame);
    if (node.object.kind === 'super') return superMember(interpreter, node.property, at, scope);
    const object = evaluate(interpreter, node.object, scope);
    if ((object === undefined || object === null) && isOptional(node)) return undefined;
    return getMember(interpreter, object, node.property, at);
  },
  index: (interpreter, node, scope) => {
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
  },
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

/** Where Vue keeps the methods of a component: `this` is the component. */
const PARTS_OF_COMPONENTS = new Set(['methods', 'computed', 'watch', 'actions']);

/** A function written in an object literal has that object as its `this`, unless it is called as another's. */
function own(object: ObjectValue, key: string, value: Value): void {
  if (value instanceof FunctionValue) value.owner = object;
  if (!(value instanceof ObjectValue) || !PARTS_OF_COMPONENTS.has(key)) return;
  for (const part of value.properties.values()) own(object, '', part.value);
}

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

// ---------------------------------------------------------------- variables

export function readVariable(interpreter: Interpreter, name: string, at: Place, scope: Scope): Value {
  const variable = scope.lookup(name);
  if (variable?.alias !== undefined) return variable.alias();
  if (variable !== undefined && !variable.ready && interpreter.late)
    return interpreter.unknown('runtime-data', at, `${name} is given its value where this run did not come`, name);
  if (variable !== undefined) return variable.value;
  if (name === 'undefined') return undefined;
  if (name === 'NaN') return Number.NaN;
  if (name === 'Infinity') return Number.POSITIVE_INFINITY;
  const set = interpreter.patches === undefined ? undefined : interpreter.globalSet(name);
  if (set !== undefined) return set.value;
  const global = interpreter.library.global(name);
  if (global !== undefined) return global;
  interpreter.mayThrow(errorOf(interpreter, 'ReferenceError'));
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

export function readTarget(
  interpreter: Interpreter,
  target: Extract<Expression, { kind: 'assign' }>['target'],
  scope: Scope,
): Value {
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

// ---------------------------------------------------------------- rare operators

/** `delete object.key`: gone, or not allowed to go. */
function deleted(interpreter: Interpreter, operand: Expression, scope: Scope): Value {
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
      if (isUnknown(one) && isGlobal(one)) interpreter.setGlobal(key, undefined);
      return deleteProperty(interpreter, one, key);
    }),
  );
  return interpreter.forkValues(paths, at);
}

function hasPrivate(
  interpreter: Interpreter,
  node: Extract<Expression, { kind: 'binary' }>,
  name: string,
  scope: Scope,
): Value {
  const object = evaluate(interpreter, node.right, scope);
  if (!(object instanceof ObjectValue) || object.open !== undefined)
    return interpreter.because(object) ?? unknownHere(interpreter, node, scope, 'whether it has the field');
  return findProperty(object, name) !== undefined;
}

/** What arithmetic makes of an object or list: its primitive, or the unknown. */
function primitiveOf(interpreter: Interpreter, value: Value, at: Place): Value {
  const primitive = toPrimitive(interpreter, value, 'number', at);
  return primitive === undefined
    ? new UnknownValue(interpreter.reason('unsupported', at, 'the number that an object stands for'))
    : primitive.value;
}

/** A text that is counted up is a number first. */
const asNumeric = (value: Value): Value =>
  typeof value === 'string' || value === null || value === undefined || typeof value === 'boolean'
    ? Number(value)
    : value;

function taggedTemplate(
  interpreter: Interpreter,
  node: Extract<Expression, { kind: 'template' }>,
  tag: Expression,
  scope: Scope,
): Value {
  const at = interpreter.place(node, scope.frame);
  const self = tag.kind === 'member' || tag.kind === 'index' ? evaluate(interpreter, tag.object, scope) : undefined;
  const fn =
    tag.kind === 'member'
      ? getMember(interpreter, self, tag.property, at)
      : tag.kind === 'index'
        ? indexMember(interpreter, self, evaluate(interpreter, tag.index, scope), at)
        : evaluate(interpreter, tag, scope);
  const texts = new ArrayValue([...node.texts]);
  const values = node.values.map((v) => evaluate(interpreter, v, scope));
  const source = interpreter.modules.records.get(at.file)?.program.text.slice(node.start, node.end);
  if (source !== undefined && !source.includes('\\'))
    interpreter.patch(texts, 'raw', { value: new ArrayValue([...node.texts]) });
  else interpreter.patch(texts, 'raw', { value: lost(interpreter, node, scope, 'a template as it is written') });
  return interpreter.call(fn, [texts, ...values], at, self);
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
  return interpreter.forkValues([...live.map((option) => () => take(option)), () => undefined], at);
}

function callOn(
  interpreter: Interpreter,
  node: Extract<Expression, { kind: 'call' }>,
  callee: Extract<Expression, { kind: 'member' | 'index' }>,
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

/** `__proto__: value` in an object that is written out. */
const isPrototype = (member: ObjectMember): boolean =>
  member.kind === 'property' && !member.shorthand && member.key.kind === 'name' && member.key.name === '__proto__';

// ---------------------------------------------------------------- calls

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

/** A method of one of several objects: each alternative is called on its own; null and undefined would throw and drop out. */
function callOnOptions(
  interpreter: Interpreter,
  self: UnionValue,
  callee: Extract<Expression, { kind: 'member' | 'index' }>,
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
  return tolerating(interpreter, paths, (each) => interpreter.forkValues(each, at));
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

function recordFalsyDefault(
  interpreter: Interpreter,
  left: Expression,
  right: Expression,
  node: Expression,
  scope: Scope,
): void {
  if (right.kind !== 'literal' && right.kind !== 'unary' && right.kind !== 'array') return;
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
    operatorAt: interpreter.place({ start: left.end, end: right.start }, scope.frame),
  });
}

// ---------------------------------------------------------------- helpers

/** Where operands stand, for those who are told of them. */
function placesOf(
  interpreter: Interpreter,
  nodes: readonly { readonly start: number; readonly end: number }[],
  scope: Scope,
  ...values: readonly Value[]
): Place[] | undefined {
  return values.some(isHosted) ? nodes.map((node) => interpreter.place(node, scope.frame)) : undefined;
}

function lost(interpreter: Interpreter, node: Expression, scope: Scope, text: string): UnknownValue {
  return interpreter.unknown('unsupported', interpreter.place(node, scope.frame), text);
}

function unknownHere(interpreter: Interpreter, node: Expression, scope: Scope, text: string): UnknownValue {
  return new UnknownValue(
    interpreter.reason('unsupported', interpreter.place(node, scope.frame), text),
    undefined,
    symbol,
  );
}
