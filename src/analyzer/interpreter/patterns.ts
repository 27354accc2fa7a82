import type { Pattern, PropertyKey, VariableStatement } from '../program/nodes';
import { elementsOf } from './elements';
import { evaluate } from './expressions';
import type { Interpreter } from './interpreter';
import { assignMember } from './members';
import { withSaidShape } from './said';
import { type Scope, Variable } from './scope';
import { asTyped } from './types';
import { ArrayValue, HostObject, isUnknown, ObjectValue, UnionValue, type Value } from './values';

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
      const taken = new Set<string>();
      for (const { key, value: target } of pattern.properties) {
        const name = keyName(interpreter, key, scope);
        if (name !== undefined) taken.add(name);
        const at = interpreter.place(target, scope.frame);
        const member =
          name === undefined
            ? interpreter.unknown('unsupported', at, 'the property name is not known')
            : interpreter.get(value, name, at);
        bindPattern(interpreter, target, member, scope, mode);
      }
      if (pattern.rest !== undefined) bindPattern(interpreter, pattern.rest, remaining(value, taken), scope, mode);
      return;
    }
    case 'arrayPattern': {
      const at = interpreter.place(pattern, scope.frame);
      const list = elementsOf(interpreter, value, at, 'iteration');
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
  const rest = value.options.filter((o) => o !== undefined);
  const fallback = evaluate(interpreter, pattern.value, scope);
  return new UnionValue([...rest, fallback]);
}

function bindName(interpreter: Interpreter, name: string, value: Value, scope: Scope, mode: Mode): void {
  if (mode === undefined || mode === 'var') {
    // A `var` is the function's own, whatever has its name outside.
    let variable = mode === 'var' ? scope.functionScope().variables.get(name) : scope.lookup(name);
    if (variable === undefined || variable.alias !== undefined) {
      variable = new Variable(undefined);
      (mode === 'var' ? scope.functionScope() : rootOf(scope)).variables.set(name, variable);
    }
    interpreter.touch(variable);
    variable.value = value;
    variable.ready = true;
    return;
  }
  const existing = scope.variables.get(name);
  if (existing === undefined) {
    scope.declare(name, value);
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
  const value = evaluate(interpreter, key.expression, scope);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function remaining(value: Value, taken: ReadonlySet<string>): Value {
  if (!(value instanceof ObjectValue)) return value;
  const rest = new ObjectValue(new Map([...value.properties].filter(([key]) => !taken.has(key))));
  rest.open = value.open;
  return rest;
}

/** The variable that a pattern declares, where it is a plain one. */
export function patternName(pattern: Pattern): string | undefined {
  if (pattern.kind === 'identifierPattern') return pattern.name;
  return pattern.kind === 'defaultPattern' ? patternName(pattern.target) : undefined;
}
