/** `Proxy`: reads, writes, calls and questions go to the handler's traps, else to the target. */
import type { Interpreter } from '../../interpreter/interpreter';
import { hasMember } from '../../interpreter/syntax/members';
import { setMember } from '../../interpreter/syntax/memberWrites';
import { deleteProperty, loseContents } from '../../interpreter/values/properties';
import {
  ArrayValue,
  type Call,
  HostObject,
  isCallable,
  NativeFunction,
  ObjectValue,
  SymbolValue,
  truth,
  type UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import type { Place } from '../../trace/facts';

const NOWHERE_KNOWN: Place = { file: '', start: 0, end: 0 };

export class ProxyValue extends HostObject {
  readonly type = 'Proxy';
  override readonly isFunction: boolean;
  override readonly overrides = true;
  readonly #target: Value;
  readonly #handler: Value;

  constructor(target: Value, handler: Value) {
    super();
    this.#target = target;
    this.#handler = handler;
    this.isFunction = isCallable(target);
  }

  #trap(interpreter: Interpreter, name: string, at: Place): Value {
    return interpreter.get(this.#handler, name, at);
  }

  get(name: string, interpreter: Interpreter, at: Place): Value {
    const trap = this.#trap(interpreter, 'get', at);
    if (trap === undefined) return interpreter.get(this.#target, name, at);
    return interpreter.call(trap, [this.#target, keyValue(name), this], at, this.#handler);
  }

  override set(name: string, value: Value, interpreter: Interpreter, at: Place): boolean {
    const trap = this.#trap(interpreter, 'set', at);
    if (trap === undefined) setMember(interpreter, this.#target, name, value, at);
    else interpreter.call(trap, [this.#target, keyValue(name), value, this], at, this.#handler);
    return true;
  }

  override has(name: string, interpreter: Interpreter): boolean | undefined {
    const trap = this.#trap(interpreter, 'has', NOWHERE_KNOWN);
    if (trap === undefined) return hasMember(interpreter, this.#target, name);
    return truth(interpreter.call(trap, [this.#target, keyValue(name)], NOWHERE_KNOWN, this.#handler));
  }

  override deleted(name: string, interpreter: Interpreter, at: Place): Value {
    const trap = this.#trap(interpreter, 'deleteProperty', at);
    if (trap === undefined) return deleteProperty(interpreter, this.#target, name);
    return interpreter.call(trap, [this.#target, keyValue(name)], at, this.#handler);
  }

  override forget(interpreter: Interpreter, lost: UnknownValue): void {
    loseContents(interpreter, this.#target, lost);
  }

  override call({ interpreter, args, at, self }: Call): Value {
    const trap = this.#trap(interpreter, 'apply', at);
    if (trap === undefined) return interpreter.call(this.#target, args, at, self);
    return interpreter.call(trap, [this.#target, self, new ArrayValue([...args])], at, this.#handler);
  }
}

const keyValue = (name: string): Value => (name.startsWith('@@') ? new SymbolValue(name.slice(2), undefined) : name);

export const proxyConstructor = new NativeFunction('Proxy', ({ interpreter, args: [target, handler], at }) =>
  handler instanceof ObjectValue && handler.open === undefined
    ? new ProxyValue(target, handler)
    : interpreter.unknown('unsupported', at, 'what a proxy does is not known'),
);
