/** What functions change whose calls are not followed: beyond a bound, or made by code out of view. */
import { symbol } from '../shapes/dim';
import { assignedIn } from './changeable';
import type { Interpreter } from './interpreter';
import { loseContents } from './properties';
import { ArrayValue, type FunctionValue, isStructured, ObjectValue, UnknownValue, type Value } from './values';

/** Functions whose text is looked at for one call: what they mention may be called. */
const REACH = 16;

/** What a function, and those that it mentions, assign and mention is not known from here on. */
export function loseEffects(
  interpreter: Interpreter,
  fn: FunctionValue,
  lost: UnknownValue,
  self?: Value,
  seen = new Set<object>(),
): void {
  if (seen.has(fn.node) || seen.size >= REACH) return;
  seen.add(fn.node);
  const { variables, fields, mentions } = assignedIn(fn.node);
  for (const name of variables) {
    const variable = fn.scope.lookup(name);
    if (variable === undefined || variable.alias !== undefined) continue;
    interpreter.touch(variable);
    variable.value = new UnknownValue(lost.reason, name, symbol);
  }
  for (const name of mentions.variables) {
    const value = variables.has(name) ? undefined : fn.scope.lookup(name)?.value;
    if (isFunction(value)) loseEffects(interpreter, value, lost, undefined, seen);
    else if (value !== undefined) loseContents(interpreter, value, lost);
  }
  const owner = fn.node.arrow ? fn.scope.frame.thisValue : self;
  if (owner instanceof ObjectValue) loseFields(interpreter, owner, fields, mentions.fields, lost);
}

/** Of `this`: what is assigned, and what is in the lists that are mentioned. */
function loseFields(
  interpreter: Interpreter,
  owner: ObjectValue,
  assigned: ReadonlySet<string>,
  mentioned: ReadonlySet<string>,
  lost: UnknownValue,
): void {
  for (const name of assigned) {
    if (owner.properties.get(name)?.getter !== undefined) continue;
    interpreter.touch(owner);
    owner.properties.set(name, { value: lost.member(name), maybe: true });
  }
  for (const name of mentioned) {
    const value = owner.properties.get(name)?.value;
    if (value instanceof ArrayValue) loseContents(interpreter, value, lost);
  }
}

/** The flags, counters and lists that functions in an object change, which code out of view was given. */
export function loseFlags(interpreter: Interpreter, value: Value, lost: UnknownValue, depth = 2): void {
  if (isFunction(value)) {
    for (const name of assignedIn(value.node).variables) {
      const variable = value.scope.lookup(name);
      if (variable === undefined || variable.alias !== undefined || !isFlag(variable.value)) continue;
      interpreter.touch(variable);
      variable.value = new UnknownValue(lost.reason, name, symbol);
    }
    for (const name of assignedIn(value.node).lists) {
      const list = value.scope.lookup(name)?.value;
      if (list instanceof ArrayValue) loseContents(interpreter, list, lost);
    }
    return;
  }
  if (depth === 0) return;
  if (value instanceof ObjectValue && value.class === undefined)
    for (const property of value.properties.values()) loseFlags(interpreter, property.value, lost, depth - 1);
  else if (value instanceof ArrayValue) for (const one of value.elements) loseFlags(interpreter, one, lost, depth - 1);
}

const isFunction = (value: Value): value is FunctionValue =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'function';

/** What is nothing yet stays so: whoever sets it gives what is met later. */
const isFlag = (value: Value): boolean => value !== undefined && value !== null && !isStructured(value);
