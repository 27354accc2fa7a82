/** Objects and lists. */
import type { LayerFact, ModelFact, OpFact, Place, ReasonFact } from '../../trace/facts';
import type { Mutable } from '../effects/journal';
import type { ClassValue } from './functions';
import type { HostObject } from './host';
import { joinAll, joinMaps, joinValues } from './join';
import { NOWHERE, UnknownValue } from './unknown';
import type { Value } from './values';

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
