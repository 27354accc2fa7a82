import type { ClassExpression, ClassMember, TypeNode } from '../../program/nodes';
import type { Place } from '../../trace/facts';
import type { Interpreter } from '../interpreter';
import { type Frame, Scope } from '../scope';
import { ERROR_PROTOTYPES } from '../values/errors';
import { ClassValue, FunctionValue, isUnknown, NativeFunction, ObjectValue, type Value } from '../values/values';
import { callFunction, orInstance } from './calls';
import { evaluate, named } from './expressions';
import { prototypeOfFunction } from './members';
import { keyName, patternName } from './patterns';
import { executeBody } from './statements';
import { forwardSuper } from './super';

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
  if (superclass instanceof FunctionValue) cls.prototype.proto = prototypeOfFunction(superclass);
  if (superclass instanceof NativeFunction && ERROR_PROTOTYPES.has(superclass.name))
    cls.prototype.proto = ERROR_PROTOTYPES.get(superclass.name);
  const staticFrame: Frame = { ...scope.frame, thisValue: cls, home: cls };
  // Methods are there before static fields and blocks run.
  for (const member of [...node.members.filter(isMethod), ...node.members.filter((member) => !isMethod(member))]) {
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
      if (key === undefined) {
        const keeper = member.static ? cls.statics : cls.prototype;
        keeper.open ??= interpreter.unknown(
          'unsupported',
          interpreter.place(member, scope.frame),
          'a computed key is not known',
        );
        continue;
      }
      const fn = new FunctionValue(member.value, inner, key, cls);
      const members = member.static ? cls.statics.properties : cls.methods;
      const before = members.get(key);
      members.set(
        key,
        member.kind === 'method'
          ? { value: fn, hidden: true }
          : { ...before, value: undefined, [member.kind]: fn, hidden: true },
      );
    }
  }
  return cls;
}

const isMethod = ({ kind }: ClassMember): boolean => kind === 'method' || kind === 'getter' || kind === 'setter';

/** `new cls(…)`; without `args` nothing is known of them. */
export function instantiate(
  interpreter: Interpreter,
  cls: ClassValue,
  args: readonly Value[] | undefined,
  at: Place,
): Value {
  if (!interpreter.foreseeing) interpreter.constructed.add(cls);
  const instance = new ObjectValue(new Map(), at, cls);
  interpreter.journal.born(instance);
  const given = runConstructor(interpreter, cls, args, [], at, instance);
  // A constructor that was not followed may have set anything.
  if (isUnknown(given) && given.reason.code === 'budget') instance.open ??= given;
  const made = orInstance(given, instance);
  if (made !== instance) return made;
  if (args !== undefined) interpreter.made(cls, { instance, given: args.length > 0 });
  return instance;
}

/** Runs the constructor of one class of a line; the fields of a class are there once the one above it is done. */
export function runConstructor(
  interpreter: Interpreter,
  cls: ClassValue,
  args: readonly Value[] | undefined,
  places: readonly Place[],
  at: Place,
  instance: ObjectValue,
): Value {
  const { constructorFunction, superclass } = cls;
  const isBase = superclass === undefined || superclass === null;
  if (isBase) initialiseFields(interpreter, cls, instance);
  if (constructorFunction === undefined) {
    const given = forwardSuper(interpreter, cls, args, places, at, instance);
    if (!isBase) initialiseFields(interpreter, cls, instance);
    return given;
  }
  return callFunction(interpreter, constructorFunction, args, instance, at);
}

export function initialiseFields(interpreter: Interpreter, cls: ClassValue, instance: ObjectValue): void {
  const frame: Frame = { ...cls.scope.frame, thisValue: instance, home: cls };
  for (const member of cls.node.members) {
    if (member.kind !== 'field' || member.static) continue;
    const scope = new Scope(cls.scope, frame);
    const key = keyName(interpreter, member.key, scope);
    const value = member.value === undefined ? undefined : named(interpreter, member.value, scope, key);
    interpreter.touch(instance);
    if (key === undefined) {
      instance.open ??= interpreter.unknown(
        'unsupported',
        interpreter.place(member, scope.frame),
        'a computed key is not known',
      );
      continue;
    }
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
