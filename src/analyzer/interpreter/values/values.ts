import type { ClassExpression, FunctionExpression } from '../../program/nodes';
import { isPoly, type Poly } from '../../shapes/dim';
import type { LayerFact, ModelFact, OpFact, Place, ReasonFact } from '../../trace/facts';
import type { Mutable } from '../effects/journal';
import type { Interpreter, PendingExit } from '../interpreter';
import type { Scope } from '../scope';
import type { Steps } from './elements';
import { joinAll, joinMaps, joinValues } from './join';

/** What an expression may evaluate to. JavaScript's primitives stand for themselves; a `Poly` is a number known by name. */
export type Value =
  | string
  | number
  | boolean
  | bigint
  | null
  | undefined
  | Poly
  | ObjectValue
  | ArrayValue
  | FunctionValue
  | NativeFunction
  | ClassValue
  | PromiseValue
  | HostObject
  | UnknownValue
  | UnionValue;

/** The place of what stands nowhere in the program. */
export const NOWHERE: Place = { file: '', start: 0, end: 0 };

const BY_BRANCH: ReasonFact = { code: 'branch', at: NOWHERE, text: 'what it inherits depends' };

/** A property's value, and the source of `key: value` where it was written out. */
export interface Property {
  readonly value: Value;
  readonly at?: Place | undefined;
  readonly getter?: Value;
  readonly setter?: Value;
  /** Not listed among the keys. */
  readonly hidden?: true;
  /** Cannot be assigned. */
  readonly fixed?: true;
  /** It may not be there: one of two paths made it or took it away. */
  readonly maybe?: true;
}

/** What `Object.preventExtensions`, `seal` and `freeze` forbid; `maybe`: one of two paths did. */
export type Lock = 'fixed' | 'sealed' | 'frozen' | 'maybe';

interface ObjectState {
  readonly properties: Map<string, Property>;
  readonly open: UnknownValue | undefined;
  readonly slot: HostObject | undefined;
  readonly proto: ObjectValue | null | undefined;
  readonly lock: Lock | undefined;
}

/** An object with known properties. `open` says why there may be more. */
export class ObjectValue implements Mutable {
  readonly kind = 'object';
  properties: Map<string, Property>;
  open: UnknownValue | undefined;
  readonly class: ClassValue | undefined;
  /** What a library's base class keeps in an instance of a user's subclass. */
  slot: HostObject | undefined;
  /** What it inherits from besides its class; null: nothing, not even what all objects have. */
  proto: ObjectValue | null | undefined;
  lock: Lock | undefined;
  /** A part of the language or of a library, which all runs share: what a run sets there is kept apart. */
  shared = false;
  /** The call that made it, where its parts have names of their own: the mean and variance of moments. */
  origin: { readonly owner: string; readonly op: OpFact } | undefined;
  /** The object literal, where it was written out. */
  readonly at: Place | undefined;

  constructor(properties = new Map<string, Property>(), at?: Place, cls?: ClassValue) {
    this.properties = properties;
    this.at = at;
    this.class = cls;
  }

  static of(entries: Readonly<Record<string, Value>>): ObjectValue {
    return new ObjectValue(new Map(Object.entries(entries).map(([key, value]) => [key, { value }])));
  }

  get weight(): number {
    return this.properties.size;
  }

  /** It belongs to all runs. */
  asShared(): this {
    this.shared = true;
    return this;
  }

  snapshot(): ObjectState {
    const { open, slot, proto, lock } = this;
    return { properties: new Map(this.properties), open, slot, proto, lock };
  }

  restore(state: ObjectState): void {
    this.properties = new Map(state.properties);
    this.open = state.open;
    this.slot = state.slot;
    this.proto = state.proto;
    this.lock = state.lock;
  }

  isAs(state: ObjectState): boolean {
    const { properties, open, slot, proto, lock } = this;
    if (open !== state.open || slot !== state.slot || proto !== state.proto || lock !== state.lock) return false;
    if (properties.size !== state.properties.size) return false;
    // Their order counts as well.
    const others = state.properties.entries();
    for (const [key, property] of properties) {
      const other = others.next().value;
      if (other === undefined || other[0] !== key || other[1] !== property) return false;
    }
    return true;
  }

  merge(a: ObjectState, b: ObjectState): ObjectState {
    const sameProto = a.proto === b.proto;
    const lost = sameProto ? undefined : new UnknownValue(BY_BRANCH);
    return {
      properties: joinMaps(a.properties, b.properties),
      open: a.open ?? b.open ?? lost,
      slot: a.slot ?? b.slot,
      proto: sameProto ? a.proto : undefined,
      lock: a.lock === b.lock ? a.lock : 'maybe',
    };
  }
}

/** A list. With `rest`, its length is not known and further elements are like `rest`. */
export class ArrayValue implements Mutable {
  readonly kind = 'list';
  elements: Value[];
  rest: Value | undefined;
  /** Whose weights these are, where the list came from a layer or model. */
  source: { readonly of: LayerFact | ModelFact; readonly which: 'all' | 'trainable' } | undefined;
  /** The object whose shape it is. */
  shapeOf: HostObject | undefined;
  /** The list literal, where it was written out. */
  at: Place | undefined;
  /** Written as `[]` during the visit with this number. */
  since: number | undefined;
  /** True for the list of inputs that a library hands to a user's layer. */
  isInputs = false;
  /** A typed array, of fixed length. */
  readonly isTyped: boolean = false;
  /** A length known by name, until the list is changed. */
  namedLength: Value;

  constructor(elements: Value[] = [], rest?: Value) {
    this.elements = elements;
    this.rest = rest;
  }

  get weight(): number {
    return this.elements.length;
  }

  /** Its length was set, to what is not followed. */
  lengthChanged(): void {
    this.namedLength = undefined;
  }

  /** Sets an element or the length; false where it does so as any list. */
  assign(_key: string | undefined, _value: Value): boolean {
    return false;
  }

  /** Copies keep holes, which are holes of the list of elements itself. */
  snapshot(): { elements: Value[]; rest: Value | undefined } {
    return { elements: this.elements.slice(), rest: this.rest };
  }

  restore(state: ReturnType<ArrayValue['snapshot']>): void {
    this.elements = state.elements.slice();
    this.rest = state.rest;
  }

  isAs({ elements, rest }: ReturnType<ArrayValue['snapshot']>): boolean {
    if (this.rest !== rest || this.elements.length !== elements.length) return false;
    for (let i = 0; i < elements.length; i += 1)
      if (!Object.is(this.elements[i], elements[i]) || i in this.elements !== i in elements) return false;
    return true;
  }

  merge(
    a: ReturnType<ArrayValue['snapshot']>,
    b: ReturnType<ArrayValue['snapshot']>,
  ): ReturnType<ArrayValue['snapshot']> {
    const shared = Math.min(a.elements.length, b.elements.length);
    const elements = a.elements.slice(0, shared).map((x, i) => joinValues(x, b.elements[i]));
    const further = [...a.elements.slice(shared), ...b.elements.slice(shared), a.rest, b.rest].filter(
      (v) => v !== undefined,
    );
    return { elements, rest: further.length === 0 ? undefined : joinAll(further) };
  }
}

/** A closure. */
export class FunctionValue {
  readonly kind = 'function';
  readonly node: FunctionExpression;
  readonly scope: Scope;
  /** The class whose method it is, for `super`. */
  readonly home: ClassValue | undefined;
  name: string | undefined;
  /** The object literal in which it is written, a method of it. */
  owner: ObjectValue | undefined;
  /** Properties that were set on the function itself. */
  readonly properties = new ObjectValue();

  constructor(node: FunctionExpression, scope: Scope, name: string | undefined, home?: ClassValue) {
    this.node = node;
    this.scope = scope;
    this.name = name;
    this.home = home;
  }
}

/** Arguments of which the number is not known: from `certain` on each may be any of those that follow, or none. */
export class OpenArguments extends Array<Value> {
  certain = 0;

  /** What any argument from `certain` on may be. */
  get rest(): Value {
    return joinAll([...this].slice(this.certain));
  }
}

/** One call of a native function. */
export interface Call {
  readonly interpreter: Interpreter;
  readonly args: readonly Value[];
  /** Where each argument stands; a spread argument's place for each of its elements. */
  readonly argsAt: readonly Place[];
  readonly self: Value;
  /** The whole call expression. */
  readonly at: Place;
  readonly isNew: boolean;
}

/** A function that the analyzer knows from a table. */
export class NativeFunction {
  readonly kind = 'native';
  readonly name: string;
  readonly call: (call: Call) => Value;
  readonly members: ReadonlyMap<string, Value> | undefined;
  /** For a base class that users extend: makes the slot of an instance. */
  readonly construct: ((call: Call, instance: ObjectValue) => HostObject | undefined) | undefined;
  /** Whether it makes sense of arguments of which the number is not known. */
  takesAny = false;

  constructor(
    name: string,
    call: (call: Call) => Value,
    more: { members?: ReadonlyMap<string, Value>; construct?: NativeFunction['construct'] } = {},
  ) {
    this.name = name;
    this.call = call;
    this.members = more.members;
    this.construct = more.construct;
  }
}

export interface ClassField {
  readonly name: string;
  readonly value: FunctionExpression | undefined;
}

/** A class: the members of its prototype and its static side. */
export class ClassValue {
  readonly kind = 'class';
  readonly node: ClassExpression;
  readonly scope: Scope;
  readonly name: string;
  readonly superclass: Value;
  readonly prototype = new ObjectValue();
  readonly statics = new ObjectValue();
  constructorFunction: FunctionValue | undefined;
  /** Whether some class in view extends it. */
  extended = false;

  constructor(node: ClassExpression, scope: Scope, name: string, superclass: Value) {
    this.node = node;
    this.scope = scope;
    this.name = name;
    this.superclass = superclass;
    this.prototype.properties.set('constructor', { value: this, hidden: true });
    if (superclass instanceof ClassValue) this.prototype.proto = superclass.prototype;
  }

  get methods(): Map<string, Property> {
    return this.prototype.properties;
  }
}

/** What goes on once a promise settled. */
export interface Reaction {
  readonly fulfilled: (value: Value) => void;
  readonly rejected: (error: Value) => void;
  /** Registered on a path that may not have been taken. */
  readonly maybe?: true;
}

interface PromiseState {
  readonly state: PromiseValue['state'];
  readonly value: Value;
  readonly reactions: readonly Reaction[];
}

/**
 * `later`: it settles in a turn of the event loop to come, when something outside of the program is done; `pending`: code in
 * view settles it. `value` is what it settles to, or the error that it is rejected with.
 */
export class PromiseValue implements Mutable {
  readonly kind = 'promise';
  value: Value;
  state: 'pending' | 'later' | 'fulfilled' | 'rejected';
  reactions: readonly Reaction[] = [];
  /** Functions that code in view may never call settle it. */
  readonly byHand: boolean;
  /** Of an async function that code with a handler calls: the states in which it may have thrown. */
  thrown: readonly PendingExit[] = [];

  constructor(value: Value, state: PromiseValue['state'] = 'later', byHand = false) {
    this.value = value;
    this.state = state;
    this.byHand = byHand;
  }

  snapshot(): PromiseState {
    return { state: this.state, value: this.value, reactions: this.reactions };
  }

  restore({ state, value, reactions }: PromiseState): void {
    this.state = state;
    this.value = value;
    this.reactions = reactions;
  }

  isAs({ state, value, reactions }: PromiseState): boolean {
    return this.state === state && Object.is(this.value, value) && this.reactions === reactions;
  }

  merge(a: PromiseState, b: PromiseState): PromiseState {
    const reactions = reactionsOfEither(a, b);
    if (a.state === b.state) return { state: a.state, value: joinValues(a.value, b.value), reactions };
    const [first, second] = SETTLES.indexOf(a.state) < SETTLES.indexOf(b.state) ? [a, b] : [b, a];
    if (first.state === 'rejected') return { ...second, reactions };
    // Where it is not settled on each path, nobody knows when it will be.
    const state = second.state === 'rejected' ? first.state : 'later';
    const value = first.state === 'fulfilled' && second.state === 'later' ? joinValues(a.value, b.value) : first.value;
    return { state, value, reactions };
  }
}

export const isSettled = ({ state }: Pick<PromiseValue, 'state'>): boolean =>
  state === 'fulfilled' || state === 'rejected';

/** Of two states that meet, the value of the one that is named first. */
const SETTLES: readonly PromiseValue['state'][] = ['fulfilled', 'later', 'rejected', 'pending'];

/** What waited on one path and went on upon the other is under way there: the queue knows of it. */
function reactionsOfEither(a: PromiseState, b: PromiseState): readonly Reaction[] {
  if (a.reactions === b.reactions) return a.reactions;
  if (isSettled(a) || isSettled(b)) return [];
  const isIn = ({ fulfilled }: Reaction, list: readonly Reaction[]): boolean =>
    list.some((reaction) => reaction.fulfilled === fulfilled);
  const orNot = (reaction: Reaction): Reaction => ({ ...reaction, maybe: true });
  return [
    ...a.reactions.map((reaction) => (isIn(reaction, b.reactions) ? reaction : orNot(reaction))),
    ...b.reactions.filter((reaction) => !isIn(reaction, a.reactions)).map(orNot),
  ];
}

/** An operator of the language on values, or a function of `Math`. */
export interface Operation {
  /** `*`, `===`, `-`, `Math.sqrt` */
  readonly operator: string;
  readonly operands: readonly Value[];
  /** Where the operands stand, as far as that is known. */
  readonly operandsAt: readonly (Place | undefined)[];
  /** The whole expression. */
  readonly at: Place;
  /** `x += y`: the result is assigned to the first operand. */
  readonly assigned: boolean;
}

/** Answer of `HostObject.get` where the object has no such member. */
export const MISSING = Symbol('missing');

/** An object of a library or of the language itself whose behaviour a table gives: a tensor, a layer, a Map. */
export abstract class HostObject {
  readonly kind = 'host';
  /** For messages: `tensor`, `layer`, `Map`. */
  abstract readonly type: string;
  /** `typeof` says so. */
  readonly isFunction: boolean = false;
  abstract get(name: string, interpreter: Interpreter, at: Place): Value | typeof MISSING;
  /** Assignment to a member: whether it is more than a value that is kept under the name. */
  set(_name: string, _value: Value, _interpreter: Interpreter, _at: Place): boolean {
    return false;
  }
  /** What is done to it is not followed: all that it holds is forgotten. */
  forget(_interpreter: Interpreter, _lost: UnknownValue): void {}
  /** `delete object.name` */
  deleted(_name: string, _interpreter: Interpreter, _at: Place): Value {
    return true;
  }
  /** `name in object`; undefined where that is not known. */
  has(_name: string, _interpreter: Interpreter): boolean | undefined {
    return undefined;
  }
  /** The elements, for iteration; undefined where it cannot be iterated; null where they are not known. */
  iterate(): readonly Value[] | null | undefined {
    return undefined;
  }
  /** Whether what is spread of it may have the names of what was there before. */
  readonly overrides: boolean = false;
  /** Its properties, where what lists them is followed. */
  ownEntries?(interpreter: Interpreter, at: Place): readonly (readonly [string, Value])[] | undefined;
  /** Called as a function; undefined where it is none. */
  call(_call: Call): Value | undefined {
    return undefined;
  }
  /** Iteration that follows what changes meanwhile; undefined where `iterate` tells. */
  steps(_interpreter: Interpreter, _at: Place): Steps | undefined {
    return undefined;
  }
  /** A type alone tells of it, since the value was lost for a reason. */
  lostFor(_reason: ReasonFact): void {}
  /** It was bound to a name for the first time. */
  named(_name: string): void {}
  /** It is the value of a call whose result nobody takes. */
  discarded(_interpreter: Interpreter, _at: Place): void {}
  /** An operator of the language, or a function of `Math`, met it. */
  operated(_use: Operation, _interpreter: Interpreter): void {}
  /** One object that stands for both, where nothing that follows can tell them apart; undefined where they are kept apart. */
  merged(_other: HostObject): HostObject | undefined {
    return undefined;
  }
  /** What holds of both, where two hosts of one type meet at a join and there are too many alternatives to keep. */
  joined(_other: HostObject, _reason?: ReasonFact): HostObject | undefined {
    return undefined;
  }
  /** Whether all that holds of this one holds of the other, too. */
  covers(other: HostObject): boolean {
    return this === other;
  }
}

/** A symbol: a key that no text is. */
export class SymbolValue extends HostObject {
  readonly type = 'symbol';
  readonly key: string;
  readonly description: string | undefined;

  constructor(key: string, description: string | undefined) {
    super();
    this.key = `@@${key}`;
    this.description = description;
  }

  get(name: string): Value | typeof MISSING {
    if (name === 'description') return this.description;
    return MISSING;
  }
}

/** The keys of the symbols that the language itself looks for. */
export const ITERATOR = '@@iterator';
export const TO_PRIMITIVE = '@@toPrimitive';
export const HAS_INSTANCE = '@@hasInstance';

/** A value that the interpreter lost, with the reason. Where it may be a number, it is one by name (`symbol`). */
export class UnknownValue {
  readonly kind = 'unknown';
  readonly reason: ReasonFact;
  /** Objects and lists one of which it may be, where that is known: what is set on it is set on one of them. */
  among: ReadonlySet<Value> | undefined;
  /** The name under which it was met: `config.units`. */
  readonly name: string | undefined;
  #symbol: Poly | undefined;
  #members: Map<string, UnknownValue> | undefined;
  readonly #symbolOf: ((name: string) => Poly) | undefined;

  constructor(reason: ReasonFact, name?: string, symbolOf?: (name: string) => Poly) {
    this.reason = reason;
    this.name = name;
    this.#symbolOf = symbolOf;
  }

  /** The number it stands for, if it is one: the same symbol each time. */
  get symbol(): Poly | undefined {
    if (this.#symbol === undefined && this.name !== undefined) this.#symbol = this.#symbolOf?.(this.name);
    return this.#symbol;
  }

  /** A member of the unknown: the same unknown each time, so that equal stays equal. */
  member(name: string): UnknownValue {
    this.#members ??= new Map();
    let member = this.#members.get(name);
    if (member === undefined) {
      const label = this.name === undefined ? undefined : this.name === 'this' ? name : this.name + accessOf(name);
      // A size of a shape, of whatever: a number.
      const isSize = /^\d+$/.test(name) && this.name?.endsWith('.shape') === true;
      member = isSize
        ? new UnknownNumber(this.reason, label, this.#symbolOf)
        : new UnknownValue(this.reason, label, this.#symbolOf);
      this.#members.set(name, member);
    }
    return member;
  }
}

/** As the program would write it: `.units`, `[0]`, `[]` for any element. */
const accessOf = (name: string): string => (/^\d+$/.test(name) ? `[${name}]` : /^\[/.test(name) ? name : `.${name}`);

/**
 * A number that is not known: no list, no tensor. What code does with it is a number again, or a truth. Without a name it may
 * be any number; with one it is taken for a size, as other unknowns are.
 */
export class UnknownNumber extends UnknownValue {
  /** What is left of an unknown once it is made a number: the same size, where it has a name. */
  static of(value: UnknownValue): UnknownNumber {
    const { symbol } = value;
    return symbol === undefined
      ? new UnknownNumber(value.reason)
      : new UnknownNumber(value.reason, value.name, () => symbol);
  }
}

/** One of a few alternatives. Never nested, never a single one. */
export class UnionValue {
  readonly kind = 'union';
  readonly options: readonly Value[];
  constructor(options: readonly Value[]) {
    this.options = options;
  }
}

export type Callable = FunctionValue | NativeFunction | ClassValue;

type Structured = Exclude<Value, string | number | boolean | bigint | null | undefined>;

export function isStructured(value: Value): value is Structured {
  return typeof value === 'object' && value !== null;
}

export function isUnknown(value: Value): value is UnknownValue {
  return value instanceof UnknownValue;
}

export function isCallable(value: Value): value is Callable {
  return value instanceof FunctionValue || value instanceof NativeFunction || value instanceof ClassValue;
}

/** The alternatives of a value: one for most. */
export function optionsOf(value: Value): readonly Value[] {
  return value instanceof UnionValue ? value.options : [value];
}

/** JavaScript's truth; undefined where it depends. A named number may be 0. */
export function truth(value: Value): boolean | undefined {
  if (!isStructured(value)) return Boolean(value);
  if (value instanceof UnknownValue || isPoly(value)) return undefined;
  if (value instanceof UnionValue) {
    const [first, ...rest] = value.options.map(truth);
    return rest.every((t) => t === first) ? first : undefined;
  }
  return true;
}

/** The number that a value is, by name if need be; undefined where it is none. */
export function asNumber(value: Value): number | Poly | undefined {
  if (typeof value === 'number' || isPoly(value)) return value;
  if (value instanceof UnknownValue) return value.symbol;
  if (typeof value === 'boolean') return Number(value);
  return undefined;
}

/** Properties in the order in which the language lists them: whole numbers first, by size, then the rest as they came. */
export function inKeyOrder<T>(entries: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  const isIndex = ([key]: readonly [string, T]): boolean =>
    /^(?:0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
  const indices = entries.filter(isIndex).sort(([a], [b]) => Number(a) - Number(b));
  return indices.length === 0 ? entries : [...indices, ...entries.filter((entry) => !isIndex(entry))];
}
