import type { Statement, TypeNode } from '../../program/nodes';
import { symbol } from '../../shapes/dim';
import type { Place } from '../../trace/facts';
import type { Interpreter } from '../interpreter';
import type { Scope } from '../scope';
import {
  ArrayValue,
  ClassValue,
  HostObject,
  isUnknown,
  NativeFunction,
  ObjectValue,
  PromiseValue,
  UnionValue,
  UnknownValue,
  type Value,
} from '../values/values';
import { declaredFields } from './classes';
import { isGlobalObject } from './members';

/** Makes the interfaces and type aliases of a scope known by name. */
export function declareTypes(body: readonly Statement[], scope: Scope): void {
  for (const statement of body) {
    if (statement.kind !== 'type') continue;
    scope.types ??= new Map();
    scope.types.set(statement.name, statement.type);
  }
}

/** A type by name, and the scope in which the names it mentions are to be looked up. */
export interface FoundType {
  readonly type: TypeNode;
  readonly scope: Scope;
}

function lookupType(interpreter: Interpreter, name: string, scope: Scope): FoundType | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const type = at.types?.get(name);
    if (type !== undefined) return { type, scope: at };
  }
  return interpreter.modules.importedType(interpreter, name, scope.frame.file);
}

/** How deep types are read into each other, and how many values one type makes at most. */
const MAX_DEPTH = 4;
const MAX_VALUES = 256;

interface Reading {
  readonly depth: number;
  readonly made: { count: number };
}

/**
 * A value, given also the type that its author declares: what is not known is what the type says, and a tensor whose rank is
 * not known has the type's.
 */
export function asTyped(
  interpreter: Interpreter,
  value: Value,
  type: TypeNode,
  name: string | undefined,
  at: Place,
  scope: Scope,
): Value {
  // `(window as { tf?: Lib }).tf` is still the window's.
  if (isUnknown(value) && isGlobalObject(value)) return value;
  if (isUnknown(value)) {
    const typed = valueOfType(interpreter, type, name ?? value.name, at, scope);
    if (typed instanceof HostObject && value.reason.code !== 'parameter') typed.lostFor(value.reason);
    return typed ?? value;
  }
  if (!(value instanceof HostObject) || interpreter.library.narrow === undefined) return value;
  const [settled] = type.kind === 'name' && type.name === 'Promise' ? type.args : [type];
  const resolved = settled?.kind === 'name' ? (lookupType(interpreter, settled.name, scope)?.type ?? settled) : settled;
  return resolved?.kind === 'name'
    ? (interpreter.library.narrow(value, resolved, name, interpreter, at) ?? value)
    : value;
}

/** What a type alone says of a value: a literal, the rank of a tensor, the members of an interface. Undefined: nothing. */
export function valueOfType(
  interpreter: Interpreter,
  type: TypeNode,
  name: string | undefined,
  at: Place,
  scope: Scope,
  { depth, made }: Reading = { depth: 0, made: { count: 0 } },
): Value | undefined {
  made.count += 1;
  if (depth > MAX_DEPTH || made.count > MAX_VALUES) return undefined;
  const deeper = { depth: depth + 1, made };
  const inner = (t: TypeNode, n: string | undefined): Value =>
    valueOfType(interpreter, t, n, at, scope, deeper) ?? untyped(interpreter, n, at);
  switch (type.kind) {
    case 'literal':
      return type.value === undefined ? undefined : type.value;
    case 'tuple':
      return new ArrayValue(type.elements.map((t, i) => inner(t, name === undefined ? undefined : `${name}[${i}]`)));
    case 'array':
      return new ArrayValue([], inner(type.element, name === undefined ? undefined : `${name}[]`));
    case 'union':
      return unionOfTypes(type.options, (t) => valueOfType(interpreter, t, name, at, scope, deeper));
    case 'object': {
      const object = new ObjectValue();
      for (const base of type.bases ?? []) {
        const inherited = valueOfType(interpreter, base, name, at, scope, { depth, made });
        if (inherited instanceof ObjectValue)
          for (const [key, property] of inherited.properties) object.properties.set(key, property);
      }
      for (const member of type.members) {
        const label = name === undefined ? member.name : `${name}.${member.name}`;
        const value = inner(member.type, label);
        object.properties.set(member.name, {
          value: member.optional && !(value instanceof UnknownValue) ? untyped(interpreter, label, at) : value,
        });
      }
      object.open = untyped(interpreter, name, at);
      return object;
    }
    case 'name': {
      if (type.name.startsWith('typeof ')) return namespaceOfType(interpreter, type.name, scope);
      const alias = lookupType(interpreter, type.name, scope);
      if (alias !== undefined) return valueOfType(interpreter, alias.type, name, at, alias.scope, { depth, made });
      const [arg] = type.args;
      if (type.name === 'number') return name === undefined ? undefined : symbol(name);
      if (type.name === 'Promise' && arg !== undefined) return new PromiseValue(inner(arg, name));
      if ((type.name === 'Array' || type.name === 'ReadonlyArray') && arg !== undefined)
        return new ArrayValue([], inner(arg, name));
      if (type.name === 'Readonly' && arg !== undefined) return inner(arg, name);
      const cls = interpreter.late ? classNamed(interpreter, type.name, scope) : undefined;
      if (cls !== undefined && !cls.extended) return instanceOfType(interpreter, cls, name, at, deeper);
      return interpreter.library.ofType(type, name, interpreter, at);
    }
    case 'function': {
      const { returns } = type;
      if (returns === undefined) return undefined;
      return new NativeFunction(name ?? 'function', (call) => {
        call.interpreter.visitCallbacks(call.args, call.at);
        return inner(returns, name === undefined ? undefined : `${name}()`);
      });
    }
    default:
      return undefined;
  }
}

/** `typeof import('@tensorflow/tfjs')`, `typeof tf`: the namespace of a library. */
function namespaceOfType(interpreter: Interpreter, name: string, scope: Scope): Value | undefined {
  const queried = name.slice('typeof '.length);
  const specifier = /^import\((".*")\)$/.exec(queried)?.[1];
  if (specifier !== undefined) return interpreter.library.module(JSON.parse(specifier));
  const alias = lookupType(interpreter, queried, scope)?.type;
  if (alias?.kind === 'name' && alias.name.startsWith('typeof import('))
    return namespaceOfType(interpreter, alias.name, scope);
  const value = scope.lookup(queried)?.value;
  return value instanceof HostObject && value === interpreter.library.global(queried) ? value : undefined;
}

/** The class of the workspace that a type names. */
function classNamed(interpreter: Interpreter, name: string, scope: Scope): ClassValue | undefined {
  const variable = scope.lookup(name);
  if (variable?.value instanceof ClassValue) return variable.value;
  return interpreter.modules.importedClass(interpreter, name, scope.frame.file);
}

/**
 * An instance of which only the class is known: its methods, and the types of its fields. Whoever extends the class may have
 * other methods, so it is to be one that nobody in view extends.
 */
function instanceOfType(
  interpreter: Interpreter,
  cls: ClassValue,
  name: string | undefined,
  at: Place,
  reading: Reading,
): ObjectValue | undefined {
  let top: Value = cls;
  while (top instanceof ClassValue) top = top.superclass;
  if (top !== undefined) return undefined;
  const instance = new ObjectValue(new Map(), at, cls);
  interpreter.journal.born(instance);
  for (const [key, type] of declaredFields(cls)) {
    if (instance.properties.has(key)) continue;
    instance.properties.set(key, {
      value: fieldOfType(interpreter, type, name === undefined ? key : `${name}.${key}`, cls, at, reading),
    });
  }
  instance.open = untyped(interpreter, name, at);
  return instance;
}

/** What is known of a field that code out of view has set: its type. */
export function fieldOfType(
  interpreter: Interpreter,
  type: TypeNode | undefined,
  name: string,
  cls: ClassValue,
  at: Place,
  reading?: Reading,
): Value {
  const value = type && valueOfType(interpreter, type, name, at, cls.scope, reading);
  return value ?? untyped(interpreter, name, at);
}

/** A union is known where all its options are, and few. */
function unionOfTypes(options: readonly TypeNode[], read: (type: TypeNode) => Value | undefined): Value | undefined {
  const values: Value[] = [];
  for (const option of options) {
    const nothing = nothingOf(option);
    const value = nothing === undefined ? read(option) : nothing.value;
    if (value === undefined && nothing === undefined) return undefined;
    if (!values.includes(value)) values.push(value);
  }
  const present = values.filter((value) => value !== undefined && value !== null);
  if (present.length === 0 || present.length > 4) return undefined;
  return values.length === 1 ? values[0] : new UnionValue(values);
}

/** The value of `null` and `undefined` as types. */
function nothingOf(type: TypeNode): { readonly value: null | undefined } | undefined {
  if (type.kind === 'literal')
    return type.value === null || type.value === undefined ? { value: type.value } : undefined;
  if (type.kind !== 'name') return undefined;
  return type.name === 'null' ? { value: null } : type.name === 'undefined' ? { value: undefined } : undefined;
}

function untyped(interpreter: Interpreter, name: string | undefined, at: Place): UnknownValue {
  return new UnknownValue(
    interpreter.reason('parameter', at, `${name ?? 'a value'} is known by its type only`),
    name,
    symbol,
  );
}
