/** What a program sets on parts of the language or of a library, on lists, and on prototypes that are not its own. */
import { isPoly } from '../../shapes/dim';
import type { Interpreter } from '../interpreter';
import {
  ArrayValue,
  HostObject,
  isCallable,
  type Lock,
  MISSING,
  NativeFunction,
  ObjectValue,
  type Property,
  UnknownValue,
  type Value,
} from './values';

/** Of one run; there are none in most. */
export class Patches {
  readonly #own = new Map<object, ObjectValue>();
  readonly #prototypes = new Map<string, ObjectValue>();

  /** The properties that were set on something. */
  of(object: object): ObjectValue {
    let own = this.#own.get(object);
    if (own === undefined) {
      own = new ObjectValue();
      this.#own.set(object, own);
    }
    return own;
  }

  peek(object: object): ObjectValue | undefined {
    return this.#own.get(object);
  }

  lockOf(list: ArrayValue): Lock | undefined {
    return this.#own.get(list)?.lock;
  }

  prototype(kind: string): ObjectValue {
    let own = this.#prototypes.get(kind);
    if (own === undefined) {
      own = new ObjectValue();
      this.#prototypes.set(kind, own);
    }
    return own;
  }

  /** What was set under a name on the value itself, or on what all of its kind inherit from. */
  find(interpreter: Interpreter, value: Value, name: string): Property | undefined {
    if (typeof value === 'object' && value !== null) {
      const own = this.#own.get(value)?.properties.get(name);
      if (own !== undefined) return own;
    }
    if (this.#prototypes.size === 0 || value instanceof ObjectValue) return undefined;
    for (const [kind, prototype] of this.#prototypes) {
      const property = prototype.properties.get(name);
      if (property !== undefined && isOf(interpreter, value, kind)) return property;
    }
    return undefined;
  }
}

function isOf(interpreter: Interpreter, value: Value, kind: string): boolean {
  switch (kind) {
    case 'Array':
      return value instanceof ArrayValue;
    case 'String':
      return typeof value === 'string';
    case 'Number':
      return typeof value === 'number' || isPoly(value);
    case 'Function':
      return isCallable(value);
    case 'Object':
      return typeof value === 'object' && value !== null;
    default:
      return (
        value instanceof HostObject &&
        interpreter.library.isInstance?.(value, new NativeFunction(kind, () => undefined)) !== false
      );
  }
}

/** `Array.prototype`, `tf.Tensor.prototype`: what is set there all of the kind have. */
export class PrototypeValue extends HostObject {
  readonly type = 'prototype';
  readonly of: string;

  constructor(of: string) {
    super();
    this.of = of;
  }

  get(name: string, interpreter: Interpreter): Value | typeof MISSING {
    const set = interpreter.patches?.prototype(this.of).properties.get(name);
    if (set !== undefined) return set.value;
    if (this.of === 'Object') return MISSING;
    const method =
      this.of === 'Array' && name !== 'length' ? interpreter.library.members.list(new ArrayValue(), name) : undefined;
    if (method !== undefined) return method;
    return new UnknownValue(
      interpreter.reason('unsupported', { file: '', start: 0, end: 0 }, `${this.of}.prototype.${name} is not followed`),
    );
  }

  override set(name: string, value: Value, interpreter: Interpreter): boolean {
    const prototype = patchesHere(interpreter).prototype(this.of);
    interpreter.touch(prototype);
    prototype.properties.set(name, { value });
    return true;
  }
}

/** What the program sets, from the first time on. */
export function patchesHere(interpreter: Interpreter): Patches {
  interpreter.patches ??= new Patches();
  return interpreter.patches;
}

/** The object that keeps what the program sets on something that is not its own, or on a list. */
export function patchOf(interpreter: Interpreter, object: object): ObjectValue {
  return patchesHere(interpreter).of(object);
}

export function patch(interpreter: Interpreter, object: object, name: string, property: Property): void {
  const own = patchOf(interpreter, object);
  interpreter.touch(own);
  own.properties.set(name, property);
}

/** `Array.prototype`, `tf.Tensor.prototype` */
export function prototypeOf(interpreter: Interpreter, name: string): PrototypeValue {
  let prototype = interpreter.prototypes.get(name);
  if (prototype === undefined) {
    prototype = new PrototypeValue(name);
    interpreter.prototypes.set(name, prototype);
  }
  return prototype;
}

/** Stands for the global object. */
const GLOBALS = {};

/** `globalThis.name = value` */
export function setGlobal(interpreter: Interpreter, name: string, value: Value): void {
  patch(interpreter, GLOBALS, name, { value });
}

/** What the program made a global. */
export function globalSet(interpreter: Interpreter, name: string): Property | undefined {
  return interpreter.patches?.peek(GLOBALS)?.properties.get(name);
}
