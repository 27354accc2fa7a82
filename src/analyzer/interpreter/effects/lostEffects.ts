/** What functions change whose calls are not followed: beyond a bound, or made by code out of view. */
import { symbol } from '../../shapes/dim';
import type { Interpreter } from '../interpreter';
import { namesIn, patternName } from '../syntax/patterns';
import { loseContents } from '../values/properties';
import { ArrayValue, type FunctionValue, isStructured, ObjectValue, UnknownValue, type Value } from '../values/values';
import { assignedIn } from './changeable';

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
  const { variables, fields, mentions, held, reads } = assignedIn(fn.node);
  for (const name of variables) {
    const variable = fn.scope.lookup(name);
    if (variable === undefined || variable.alias !== undefined) continue;
    interpreter.touch(variable);
    variable.value = new UnknownValue(lost.reason, name, symbol);
  }
  const own = new Set(fn.node.parameters.flatMap(({ pattern }) => namesIn(pattern)));
  for (const name of mentions.variables) {
    if (own.has(name)) continue;
    const value = variables.has(name) ? undefined : fn.scope.lookup(name)?.value;
    if (isFunction(value)) loseEffects(interpreter, value, lost, undefined, seen);
    else if (held.has(name)) {
      if (value !== undefined) loseContents(interpreter, value, lost);
    } else loseRead(interpreter, value, reads.get(name) ?? new Set(), lost);
  }
  const owner = fn.node.arrow ? fn.scope.frame.thisValue : self;
  if (!(owner instanceof ObjectValue)) return;
  loseFields(interpreter, owner, fields, mentions.fields, lost);
  for (const name of mentions.fields) {
    const method = methodOf(owner, name);
    if (method !== undefined) loseEffects(interpreter, method, lost, owner, seen);
  }
}

/** A method of its class. */
function methodOf(owner: ObjectValue, name: string): FunctionValue | undefined {
  for (let object: Value = owner.class?.prototype; object instanceof ObjectValue; object = object.proto) {
    const value = object.properties.get(name)?.value;
    if (value !== undefined) return isFunction(value) ? value : undefined;
  }
  return undefined;
}

/** What is in the properties that are read by name, where no more is done with an object. */
function loseRead(
  interpreter: Interpreter,
  value: Value,
  names: ReadonlySet<string>,
  lost: UnknownValue,
  depth = 0,
): void {
  if (value === undefined) return;
  if (!(value instanceof ObjectValue)) {
    loseContents(interpreter, value, lost);
    return;
  }
  for (const name of names) {
    const property = value.properties.get(name);
    if (property === undefined) continue;
    if (property.getter === undefined) {
      if (isStructured(property.value)) loseContents(interpreter, property.value, lost);
    } else if (!loseGot(interpreter, property.getter, lost, depth)) {
      loseContents(interpreter, value, lost);
      return;
    }
  }
}

/** Getters that lead to getters are followed so far. */
const MAX_GETTERS = 4;

/** What is in that which a getter gives; false where it may change more. */
function loseGot(interpreter: Interpreter, getter: Value, lost: UnknownValue, depth: number): boolean {
  if (!isFunction(getter) || depth >= MAX_GETTERS) return false;
  const { variables, fields, held, reads } = assignedIn(getter.node);
  if (variables.size > 0 || fields.size > 0 || held.size > 0) return false;
  for (const [name, names] of reads) loseRead(interpreter, getter.scope.lookup(name)?.value, names, lost, depth + 1);
  return true;
}

/** What is in the arguments that a function fills. */
export function loseGiven(
  interpreter: Interpreter,
  { node }: FunctionValue,
  args: readonly Value[] | undefined,
  lost: UnknownValue,
): void {
  const { filled, lists } = assignedIn(node);
  for (const [i, { pattern, rest }] of node.parameters.entries()) {
    const name = rest ? undefined : patternName(pattern);
    if (name !== undefined && (filled.has(name) || lists.has(name))) loseContents(interpreter, args?.[i], lost);
  }
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
