/**
 * What functions that nobody in view calls may set. When such a function runs, another may have run before it: a number that
 * one of them sets is not the number that it was to begin with.
 */
import type { FunctionExpression, Statement } from '../program/nodes';
import { visit } from '../program/walk';
import { symbol } from '../shapes/dim';
import type { Place } from '../trace/facts';
import type { Interpreter } from './interpreter';
import { type FunctionValue, isStructured, type ObjectValue, UnknownValue, type Value } from './values';

interface Assigned {
  /** Names of variables. */
  readonly variables: ReadonlySet<string>;
  /** Names of members of `this`. */
  readonly fields: ReadonlySet<string>;
}

const KNOWN = new WeakMap<FunctionExpression | Statement, Assigned>();

/** What is assigned in a piece of code, in the functions within it too. */
function assignedIn(node: FunctionExpression | Statement): Assigned {
  let known = KNOWN.get(node);
  if (known === undefined) {
    const variables = new Set<string>();
    const fields = new Set<string>();
    visit(node, (inner) => {
      if (inner.kind !== 'assign' && inner.kind !== 'update') return;
      const { target } = inner;
      if (target.kind === 'identifier' || target.kind === 'identifierPattern') variables.add(target.name);
      const member = target.kind === 'targetPattern' ? target.target : target;
      if (member.kind === 'member' && member.object.kind === 'this') fields.add(member.property);
    });
    known = { variables, fields };
    KNOWN.set(node, known);
  }
  return known;
}

/** The members of `this` that a method assigns. */
export const fieldsSetBy = ({ node }: FunctionValue): ReadonlySet<string> => assignedIn(node).fields;

/** The variables of a module that its functions set which nobody called. */
export function doubtVariables(interpreter: Interpreter, path: string): void {
  const record = interpreter.modules.records.get(path);
  if (record === undefined) return;
  const candidates = new Set<string>();
  for (const [name, { value }] of record.scope.variables) if (isPrimitive(value)) candidates.add(name);
  if (candidates.size === 0) return;
  const assigned = record.program.body.some((statement) => meets(candidates, assignedIn(statement).variables));
  if (!assigned) return;
  for (const fn of interpreter.closures.of(path)) {
    if (interpreter.called.has(fn.node)) continue;
    for (const name of assignedIn(fn.node).variables) {
      const variable = candidates.has(name) ? record.scope.variables.get(name) : undefined;
      if (variable === undefined || fn.scope.lookup(name) !== variable) continue;
      interpreter.touch(variable);
      variable.value = changed(interpreter, name, interpreter.place(fn.node, fn.scope.frame));
      candidates.delete(name);
    }
  }
}

const meets = (some: ReadonlySet<string>, others: ReadonlySet<string>): boolean => {
  for (const one of others) if (some.has(one)) return true;
  return false;
};

/** The fields of an instance that its methods set which nobody called. */
export function doubtFields(
  interpreter: Interpreter,
  instance: ObjectValue,
  methods: readonly FunctionValue[],
  at: Place,
): void {
  for (const { node } of methods) {
    for (const name of assignedIn(node).fields) {
      const property = instance.properties.get(name);
      if (property === undefined || property.getter !== undefined || !isPrimitive(property.value)) continue;
      interpreter.touch(instance);
      instance.properties.set(name, { ...property, value: changed(interpreter, name, at) });
    }
  }
}

const isPrimitive = (value: Value): boolean => value !== undefined && value !== null && !isStructured(value);

function changed(interpreter: Interpreter, name: string, at: Place): UnknownValue {
  const reason = interpreter.reason('parameter', at, `${name} is set by what nobody in view calls`);
  return new UnknownValue(reason, name, symbol);
}
