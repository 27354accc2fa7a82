import type { Pattern, PropertyKey, VariableStatement } from '../../program/nodes';
import type { Place } from '../../trace/facts';
import { forkValues, mayThrow } from '../effects/paths';
import { type Interpreter, Thrown } from '../interpreter';
import { withSaidShape } from '../said';
import { type Scope, Variable } from '../scope';
import { elementsOf, iterationOf, takeSteps } from '../values/elements';
import { errorOf } from '../values/errors';
import { loseContents } from '../values/properties';
import { ArrayValue, HostObject, isUnknown, ObjectValue, UnionValue, UnknownValue, type Value } from '../values/values';
import { evaluate } from './expressions';
import { keyOf } from './members';
import { assignMember } from './memberWrites';
import { spreadInto } from './spread';
import { asTyped } from './types';

type Mode = VariableStatement['mode'] | undefined;

/** Declares (or, with no mode, assigns) what a pattern names. */
export function bindPattern(interpreter: Interpreter, pattern: Pattern, value: Value, scope: Scope, mode: Mode): void {
  switch (pattern.kind) {
    case 'identifierPattern': {
      let bound =
        pattern.type === undefined
          ? value
          : asTyped(interpreter, value, pattern.type, pattern.name, interpreter.place(pattern, scope.frame), scope);
      if (interpreter.annotated) bound = withSaidShape(interpreter, pattern, bound);
      if (bound instanceof HostObject) bound.named(pattern.name);
      else if (isUnknown(bound)) bound = interpreter.modules.meant(interpreter, bound, pattern.name, scope.frame.file);
      bindName(interpreter, pattern.name, bound, scope, mode);
      interpreter.observer?.bound(interpreter, pattern, scope, bound);
      return;
    }
    case 'defaultPattern': {
      const given = value === undefined ? evaluate(interpreter, pattern.value, scope) : value;
      const settled =
        given instanceof UnionValue && given.options.includes(undefined)
          ? orDefault(interpreter, given, pattern, scope)
          : given;
      bindPattern(interpreter, pattern.target, settled, scope, mode);
      return;
    }
    case 'objectPattern': {
      if (value === undefined || value === null) mayThrow(interpreter, errorOf(interpreter, 'TypeError'));
      const taken = new Set<string>();
      let isOpen = false;
      for (const { key, value: target } of pattern.properties) {
        const name = keyName(interpreter, key, scope);
        if (name !== undefined) taken.add(name);
        else isOpen = true;
        const at = interpreter.place(target, scope.frame);
        const member =
          name === undefined
            ? interpreter.unknown('unsupported', at, 'the property name is not known')
            : interpreter.get(value, name, at);
        bindPattern(interpreter, target, member, scope, mode);
      }
      if (pattern.rest !== undefined) {
        const rest = remaining(interpreter, value, taken, interpreter.place(pattern, scope.frame));
        if (isOpen)
          loseContents(
            interpreter,
            rest,
            new UnknownValue(
              interpreter.reason(
                'unsupported',
                interpreter.place(pattern, scope.frame),
                'a property name is not known',
              ),
            ),
          );
        bindPattern(interpreter, pattern.rest, rest, scope, mode);
      }
      return;
    }
    case 'arrayPattern': {
      const at = interpreter.place(pattern, scope.frame);
      const steps = value instanceof ArrayValue ? undefined : iterationOf(interpreter, value, at);
      const list =
        steps === undefined
          ? elementsOf(interpreter, value, at, 'iteration')
          : takeSteps(steps, pattern.rest === undefined ? pattern.elements.length : undefined);
      for (const [i, target] of pattern.elements.entries()) {
        if (target === null) continue;
        const element = i < list.elements.length ? list.elements[i] : list.rest;
        bindPattern(interpreter, target, element, scope, mode);
      }
      if (pattern.rest !== undefined) {
        bindPattern(
          interpreter,
          pattern.rest,
          new ArrayValue(list.elements.slice(pattern.elements.length), list.rest),
          scope,
          mode,
        );
      }
      return;
    }
    case 'targetPattern': {
      const { target } = pattern;
      if (target.kind === 'error') return;
      const assigned = interpreter.annotated ? withSaidShape(interpreter, pattern, value) : value;
      assignMember(interpreter, target, assigned, scope);
      return;
    }
  }
}

function orDefault(
  interpreter: Interpreter,
  value: UnionValue,
  pattern: Extract<Pattern, { kind: 'defaultPattern' }>,
  scope: Scope,
): Value {
  const given = value.options.filter((o) => o !== undefined);
  const paths = [
    () => (given.length === 1 ? given[0] : new UnionValue(given)),
    () => evaluate(interpreter, pattern.value, scope),
  ];
  return forkValues(interpreter, paths, interpreter.place(pattern, scope.frame));
}

function bindName(interpreter: Interpreter, name: string, value: Value, scope: Scope, mode: Mode): void {
  if (mode === undefined || mode === 'var') {
    // A `var` is the function's own, whatever has its name outside.
    let variable = mode === 'var' ? scope.functionScope().variables.get(name) : scope.lookup(name);
    if (variable === undefined || variable.alias !== undefined) {
      variable = new Variable(name, undefined);
      (mode === 'var' ? scope.functionScope() : rootOf(scope)).variables.set(name, variable);
    }
    if (variable.constant && variable.ready && interpreter.context.handled)
      throw new Thrown(errorOf(interpreter, 'TypeError'));
    interpreter.touch(variable);
    variable.value = value;
    variable.ready = true;
    return;
  }
  const existing = scope.variables.get(name);
  if (existing === undefined) {
    scope.declare(name, value).constant = mode === 'const';
    return;
  }
  interpreter.touch(existing);
  existing.value = value;
  existing.ready = true;
}

function rootOf(scope: Scope): Scope {
  let root = scope;
  while (root.parent !== undefined) root = root.parent;
  return root;
}

export function keyName(interpreter: Interpreter, key: PropertyKey, scope: Scope): string | undefined {
  if (key.kind === 'name') return key.name;
  return keyOf(
    interpreter,
    evaluate(interpreter, key.expression, scope),
    interpreter.place(key.expression, scope.frame),
  );
}

function remaining(interpreter: Interpreter, value: Value, taken: ReadonlySet<string>, at: Place): Value {
  // Parts of a library are taken whole: what was taken out is not asked of the rest.
  if (isUnknown(value) || (value instanceof HostObject && !value.overrides)) return value;
  const rest = new ObjectValue();
  spreadInto(interpreter, rest, value, at);
  for (const key of taken) rest.properties.delete(key);
  return rest;
}

/** All names that a pattern declares. */
export function namesIn(pattern: Pattern): string[] {
  switch (pattern.kind) {
    case 'identifierPattern':
      return [pattern.name];
    case 'defaultPattern':
      return namesIn(pattern.target);
    case 'objectPattern':
      return [
        ...pattern.properties.flatMap((p) => namesIn(p.value)),
        ...(pattern.rest === undefined ? [] : namesIn(pattern.rest)),
      ];
    case 'arrayPattern':
      return [...pattern.elements, pattern.rest ?? null].flatMap((p) => (p === null ? [] : namesIn(p)));
    case 'targetPattern':
      return [];
  }
}

/** The variable that a pattern declares, where it is a plain one. */
export function patternName(pattern: Pattern): string | undefined {
  if (pattern.kind === 'identifierPattern') return pattern.name;
  return pattern.kind === 'defaultPattern' ? patternName(pattern.target) : undefined;
}
