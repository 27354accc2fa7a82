/**
 * What functions that nobody in view calls may set. When such a function runs, another may have run before it: a number that
 * one of them sets is not the number that it was to begin with.
 */
import type { Expression, FunctionExpression, Pattern, Statement } from '../../program/nodes';
import { visit } from '../../program/walk';
import { symbol } from '../../shapes/dim';
import type { Place } from '../../trace/facts';
import type { Interpreter } from '../interpreter';
import type { Variable } from '../scope';
import { type FunctionValue, isStructured, type ObjectValue, UnknownValue, type Value } from '../values/values';

interface Assigned {
  /** Names of variables. */
  readonly variables: ReadonlySet<string>;
  /** Names of members of `this`. */
  readonly fields: ReadonlySet<string>;
  /** Names of variables whose lists it makes longer, shorter or other. */
  readonly lists: ReadonlySet<string>;
  /** Whether it assigns elements of `arguments`, which in sloppy code are its parameters. */
  readonly setsArguments: boolean;
  /** Names of variables and of members of `this` that it mentions, to read or to assign them. */
  readonly mentions: { readonly variables: ReadonlySet<string>; readonly fields: ReadonlySet<string> };
  /** Names of variables of whose values it sets or deletes members. */
  readonly filled: ReadonlySet<string>;
  /** Names of variables whose values it may change or hand on: it does more than read properties of them by name. */
  readonly held: ReadonlySet<string>;
  /** The properties that it reads by name, of each variable. */
  readonly reads: ReadonlyMap<string, ReadonlySet<string>>;
}

const KNOWN = new WeakMap<FunctionExpression | Statement, Assigned>();

const CHANGES_LISTS: ReadonlySet<string> = new Set([
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'fill',
  'sort',
  'reverse',
]);

/** What is assigned in a piece of code, in the functions within it too. */
export function assignedIn(node: FunctionExpression | Statement): Assigned {
  let known = KNOWN.get(node);
  if (known === undefined) {
    const variables = new Set<string>();
    const fields = new Set<string>();
    const lists = new Set<string>();
    const sets = new Set<object>();
    const mentions = { variables: new Set<string>(), fields: new Set<string>() };
    const filled = new Set<string>();
    const held = new Set<string>();
    const reads = new Map<string, Set<string>>();
    const readOf = new Set<object>();
    const fill = (target: Expression | Pattern): void => {
      if ((target.kind !== 'member' && target.kind !== 'index') || target.object.kind !== 'identifier') return;
      filled.add(target.object.name);
      held.add(target.object.name);
    };
    visit(node, (inner) => {
      if (inner.kind === 'identifier') {
        mentions.variables.add(inner.name);
        if (!readOf.has(inner)) held.add(inner.name);
      }
      if (inner.kind === 'member' && inner.object.kind === 'identifier') {
        const { name } = inner.object;
        readOf.add(inner.object);
        reads.set(name, (reads.get(name) ?? new Set()).add(inner.property));
      }
      const callee = inner.kind === 'call' ? inner.callee : inner.kind === 'template' ? inner.tag : undefined;
      if (callee?.kind === 'member' && callee.object.kind === 'identifier') held.add(callee.object.name);
      if (inner.kind === 'unary' && inner.operator === 'delete') fill(inner.operand);
      if (inner.kind === 'targetPattern' || inner.kind === 'assign' || inner.kind === 'update') fill(inner.target);
      if (inner.kind === 'member' && inner.object.kind === 'this') mentions.fields.add(inner.property);
      if (inner.kind === 'call' && inner.callee.kind === 'member' && CHANGES_LISTS.has(inner.callee.property)) {
        const { object } = inner.callee;
        if (object.kind === 'identifier') lists.add(object.name);
      }
      if (inner.kind !== 'assign' && inner.kind !== 'update') return;
      const { target } = inner;
      if (target.kind === 'identifier' || target.kind === 'identifierPattern') variables.add(target.name);
      const member = target.kind === 'targetPattern' ? target.target : target;
      if (member.kind === 'member' && member.object.kind === 'this') fields.add(member.property);
      if (member.kind === 'index' && member.object.kind === 'identifier' && member.object.name === 'arguments')
        sets.add(member);
    });
    known = { variables, fields, lists, mentions, filled, held, reads, setsArguments: sets.size > 0 };
    KNOWN.set(node, known);
  }
  return known;
}

/** The members of `this` that a method assigns. */
export const fieldsSetBy = ({ node }: FunctionValue): ReadonlySet<string> => assignedIn(node).fields;

/** Members of `this` that a method mentions and that hold nothing yet. */
export const emptyFields = (instance: ObjectValue, { node }: FunctionValue): readonly string[] =>
  [...assignedIn(node).mentions.fields].filter((name) => isFieldEmpty(instance, name));

export function isFieldEmpty(instance: ObjectValue, name: string): boolean {
  const property = instance.properties.get(name);
  return property === undefined || (property.getter === undefined && isNothing(property.value));
}

/** Variables of its module that a function mentions and that hold nothing yet. */
export function emptyVariables(interpreter: Interpreter, path: string, fn: FunctionValue): readonly Variable[] {
  const variables = interpreter.modules.records.get(path)?.scope.variables;
  if (variables === undefined || fn.node.kind !== 'function') return [];
  const empty: Variable[] = [];
  for (const [name, variable] of variables)
    if (isNothing(variable.value) && variable.alias === undefined && assignedIn(fn.node).mentions.variables.has(name))
      empty.push(variable);
  return empty;
}

export const isNothing = (value: Value): boolean => value === undefined || value === null;

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

const isPrimitive = (value: Value): boolean => !isNothing(value) && !isStructured(value);

function changed(interpreter: Interpreter, name: string, at: Place): UnknownValue {
  const reason = interpreter.reason('parameter', at, `${name} is set by what nobody in view calls`);
  return new UnknownValue(reason, name, symbol);
}
