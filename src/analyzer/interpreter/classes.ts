import type { ClassExpression, TypeNode } from '../program/nodes';
import type { Place } from '../trace/facts';
import { callFunction } from './calls';
import { evaluate, named } from './expressions';
import type { Interpreter } from './interpreter';
import { keyName, patternName } from './patterns';
import { type Frame, Scope } from './scope';
import { executeBody } from './statements';
import { forwardSuper } from './super';
import { ClassValue, FunctionValue, isUnknown, ObjectValue, type Value } from './values';

/** Evaluates a class definition: its prototype's members and its static side. */
export function defineClass(
  interpreter: Interpreter,
  node: ClassExpression,
  scope: Scope,
  name = node.name,
): ClassValue {
  const superclass = node.superclass === undefined ? undefined : evaluate(interpreter, node.superclass, scope);
  if (superclass instanceof ClassValue) superclass.extended = true;
  const inner = new Scope(scope, scope.frame);
  const cls = new ClassValue(node, inner, name ?? 'class', superclass);
  if (node.name !== undefined) inner.declare(node.name, cls);
  if (!interpreter.foreseeing) interpreter.classes.add(scope.frame.file, node, cls);
  const staticFrame: Frame = { ...scope.frame, thisValue: cls, home: cls };
  for (const member of node.members) {
    if (member.kind === 'constructor') {
      cls.constructorFunction = new FunctionValue(member.value, inner, 'constructor', cls);
    } else if (member.kind === 'staticBlock') {
      executeBody(interpreter, member.body, new Scope(inner, staticFrame, true));
    } else if (member.kind === 'field') {
      if (!member.static) continue;
      const key = keyName(interpreter, member.key, inner);
      const value =
        member.value === undefined ? undefined : named(interpreter, member.value, new Scope(inner, staticFrame), key);
      if (key !== undefined) cls.statics.properties.set(key, { value, at: interpreter.place(member, scope.frame) });
    } else {
      const key = keyName(interpreter, member.key, inner);
      if (key === undefined) continue;
      const fn = new FunctionValue(member.value, inner, key, cls);
      const members = member.static ? cls.statics.properties : cls.methods;
      const before = members.get(key);
      members.set(key, member.kind === 'method' ? { value: fn } : { ...before, value: undefined, [member.kind]: fn });
    }
  }
  return cls;
}

/** `new cls(…)`; without `args` nothing is known of them. */
export function instantiate(
  interpreter: Interpreter,
  cls: ClassValue,
  args: readonly Value[] | undefined,
  at: Place,
): ObjectValue {
  if (!interpreter.foreseeing) interpreter.constructed.add(cls);
  const instance = new ObjectValue(new Map(), at, cls);
  interpreter.journal.born(instance);
  const chain: ClassValue[] = [];
  let base: Value = cls;
  for (; base instanceof ClassValue; base = base.superclass) chain.unshift(base);
  // A field's initialiser runs after the constructors above it; none of what it reads is set later, so the order of the
  // chain is enough.
  for (const level of chain) initialiseFields(interpreter, level, instance);
  if (cls.constructorFunction !== undefined) {
    const given = callFunction(interpreter, cls.constructorFunction, args, instance, at);
    // A constructor that was not followed may have set anything.
    if (isUnknown(given) && given.reason.code === 'budget') instance.open ??= given;
  } else forwardSuper(interpreter, cls, args, [], at, instance);
  if (args !== undefined) interpreter.made(cls, { instance, given: args.length > 0 });
  return instance;
}

function initialiseFields(interpreter: Interpreter, cls: ClassValue, instance: ObjectValue): void {
  const frame: Frame = { ...cls.scope.frame, thisValue: instance, home: cls };
  for (const member of cls.node.members) {
    if (member.kind !== 'field' || member.static) continue;
    const scope = new Scope(cls.scope, frame);
    const key = keyName(interpreter, member.key, scope);
    if (key === undefined) continue;
    const value = member.value === undefined ? undefined : named(interpreter, member.value, scope, key);
    interpreter.touch(instance);
    instance.properties.set(key, { value });
  }
}

/** The fields that a class and those above it declare, with their types where they have one. */
export function* declaredFields(cls: ClassValue): Iterable<readonly [string, TypeNode | undefined]> {
  for (let at: Value = cls; at instanceof ClassValue; at = at.superclass) {
    for (const member of at.node.members) {
      if (member.kind === 'field' && !member.static && member.key.kind === 'name') yield [member.key.name, member.type];
      if (member.kind !== 'constructor') continue;
      for (const { field, pattern, type } of member.value.parameters) {
        const name = field ? patternName(pattern) : undefined;
        if (name !== undefined) yield [name, type];
      }
    }
    yield* at.node.declaredFields ?? [];
  }
}

/** The methods of a class and of those above it that the workspace defines, nearest first, each name once. */
export function methodsOf(cls: ClassValue): Map<string, FunctionValue> {
  const methods = new Map<string, FunctionValue>();
  for (let at: Value = cls; at instanceof ClassValue; at = at.superclass) {
    for (const [name, { value, getter }] of at.methods) {
      const fn = value ?? getter;
      if (fn instanceof FunctionValue && !methods.has(name)) methods.set(name, fn);
    }
  }
  return methods;
}
