import { LIMITS } from '../../interpreter/budget';
import type { Mutable } from '../../interpreter/effects/journal';
import { tryPath } from '../../interpreter/effects/paths';
import type { Interpreter } from '../../interpreter/interpreter';
import { orLost } from '../../interpreter/syntax/loops';
import { elementsOf, type Steps } from '../../interpreter/values/elements';
import { joinValues } from '../../interpreter/values/join';
import {
  ArrayValue,
  type Call,
  HostObject,
  ITERATOR,
  isUnknown,
  MISSING,
  NativeFunction,
  NOWHERE,
  UnionValue,
  UnknownNumber,
  UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import { isPoly } from '../../shapes/dim';
import { row } from '../../table';
import type { Place, ReasonFact } from '../../trace/facts';
import { IteratorValue } from './iterators';

/** `maybe`: it may have been deleted, or never been there. */
type Entry = readonly [key: Value, value: Value, maybe?: true];
type Entries = { readonly entries: ReadonlyMap<unknown, Entry>; readonly open: boolean };

const withValue = ([key, , maybe]: Entry, value: Value): Entry => (maybe ? [key, value, true] : [key, value]);

/** The same for identical keys alone: sums and products of dims have a form of their own. */
const indexOf = (key: Value): unknown => (isPoly(key) ? Symbol.for(key.key) : key);

/** A Map or a Set (whose values are its keys). Keys that are not known make it open. */
export class CollectionValue extends HostObject implements Mutable {
  readonly type: 'Map' | 'Set';
  entries = new Map<unknown, Entry>();
  open = false;

  constructor(type: 'Map' | 'Set') {
    super();
    this.type = type;
  }

  get weight(): number {
    return this.entries.size;
  }

  snapshot(): Entries {
    return { entries: new Map(this.entries), open: this.open };
  }

  restore(state: Entries): void {
    this.entries = new Map(state.entries);
    this.open = state.open;
  }

  merge(a: Entries, b: Entries): Entries {
    const entries = new Map<unknown, Entry>();
    const keys = [...a.entries.keys()];
    const others = [...b.entries.keys()];
    for (const index of new Set([...keys, ...others])) {
      const x = a.entries.get(index);
      const y = b.entries.get(index);
      const one = (x ?? y) as Entry;
      if (x === undefined || y === undefined) entries.set(index, [one[0], one[1], true]);
      else entries.set(index, [x[0], joinValues(x[1], y[1]), ...((x[2] ?? y[2]) ? ([true] as const) : [])] as Entry);
    }
    const alike = keys.length === others.length && keys.every((key, i) => Object.is(key, others[i]));
    return { entries, open: a.open || b.open || !alike };
  }

  /** A loop changes it once more. */
  widen(before: Entries, after: Entries, reason: ReasonFact): void {
    for (const [index, entry] of this.entries) {
      const was = before.entries.get(index);
      const is = after.entries.get(index);
      if (was !== undefined && is !== undefined)
        this.entries.set(index, withValue(entry, orLost(was[1], is[1], reason)));
    }
  }

  put(interpreter: Interpreter, key: Value, value: Value): void {
    interpreter.touch(this);
    if (isVague(key)) {
      this.open = true;
      for (const [index, [known, before, maybe]] of this.entries)
        this.entries.set(index, [known, joinValues(before, value), ...(maybe ? ([true] as const) : [])] as Entry);
    } else if (isPoly(key) && this.entries.size > 0) this.open = true;
    const index = indexOf(key);
    const before = this.entries.get(index);
    this.entries.set(index, [
      before === undefined ? key : before[0],
      value,
      ...(isVague(key) ? ([true] as const) : []),
    ] as Entry);
  }

  override steps(_interpreter: Interpreter, _at: Place): Steps | undefined {
    return this.stepsOf(this.type === 'Set' ? ([key]) => key : ([key, value]) => new ArrayValue([key, value]));
  }

  /** The entries as they come, those too that are added meanwhile. */
  stepsOf(take: (entry: Entry) => Value): Steps {
    const seen = new Set<unknown>();
    return {
      next: () => {
        if (this.open) return { go: undefined, element: this.any(take) };
        for (const [index, entry] of this.entries) {
          if (seen.has(index)) continue;
          seen.add(index);
          return { go: true, element: take(entry) };
        }
        return { go: false, element: undefined };
      },
    };
  }

  override forget(interpreter: Interpreter, lost: UnknownValue): void {
    interpreter.touch(this);
    this.open = true;
    for (const [index, [key]] of this.entries) this.entries.set(index, [key, lost, true]);
  }

  any(take: (entry: Entry) => Value): Value {
    const all = [...this.entries.values()].map(take);
    return all.length === 0
      ? new UnknownValue({ code: 'runtime-data', at: NOWHERE, text: 'an entry that is not known' })
      : all.reduce(joinValues);
  }

  override iterate(): readonly Value[] | null {
    if (this.open) return null;
    const entries = [...this.entries.values()];
    return this.type === 'Set' ? entries.map(([k]) => k) : entries.map(([k, v]) => new ArrayValue([k, v]));
  }

  get(name: string, _interpreter: Interpreter, _at: Place): Value | typeof MISSING {
    if (name === 'size')
      return this.open
        ? new UnknownNumber({ code: 'runtime-data', at: NOWHERE, text: 'the entries are not all known' })
        : this.entries.size;
    if (name === ITERATOR)
      return new NativeFunction(name, () =>
        iterator(this, this.type === 'Set' ? ([key]) => key : ([key, value]) => new ArrayValue([key, value])),
      );
    const method = row(METHODS, name);
    return method === undefined ? MISSING : new NativeFunction(name, (call) => method(this, call));
  }
}

/** Whether a key may be one of those that are there. */
const isVague = (key: Value): boolean => isUnknown(key) || key instanceof UnionValue;

const METHODS: Readonly<Record<string, (self: CollectionValue, call: Call) => Value>> = {
  get: (self, { interpreter, args: [key], at }) => {
    const entry = isVague(key) ? undefined : self.entries.get(indexOf(key));
    if (entry !== undefined) return entry[2] === true ? joinValues(entry[1], undefined) : entry[1];
    if (self.open || isVague(key) || (isPoly(key) && self.entries.size > 0))
      return interpreter.because(key) ?? interpreter.unknown('runtime-data', at, 'the entries are not all known');
    return undefined;
  },
  has: (self, { interpreter, args: [key], at }) => {
    const entry = isVague(key) ? undefined : self.entries.get(indexOf(key));
    if (entry !== undefined && entry[2] !== true) return true;
    return entry !== undefined || self.open || isVague(key) || (isPoly(key) && self.entries.size > 0)
      ? interpreter.unknown('runtime-data', at, 'the entries are not all known')
      : false;
  },
  set: (self, { interpreter, args: [key, value] }) => {
    self.put(interpreter, key, value);
    return self;
  },
  add: (self, { interpreter, args: [key] }) => {
    self.put(interpreter, key, key);
    return self;
  },
  delete: (self, { interpreter, args: [key], at }) => {
    interpreter.touch(self);
    if (isVague(key)) {
      self.open = true;
      for (const [index, [known, value]] of self.entries) self.entries.set(index, [known, value, true]);
      return interpreter.unknown('runtime-data', at, 'which entry is deleted is not known');
    }
    const entry = self.entries.get(indexOf(key));
    self.entries.delete(indexOf(key));
    if (entry?.[2] === true || (entry === undefined && self.open))
      return interpreter.unknown('runtime-data', at, 'the entries are not all known');
    return entry !== undefined;
  },
  clear: (self, { interpreter }) => {
    interpreter.touch(self);
    self.entries.clear();
    self.open = false;
    return undefined;
  },
  forEach: (self, { interpreter, args: [callback, thisArg], at }) => {
    const steps = self.stepsOf(([key, value]) => new ArrayValue([value, key, self]));
    for (let i = 0; i < LIMITS.unroll; i += 1) {
      const { go, element } = steps.next();
      if (go === true && element instanceof ArrayValue) interpreter.call(callback, element.elements, at, thisArg);
      else if (go === undefined && element instanceof ArrayValue) {
        const { elements } = element;
        tryPath(interpreter, () =>
          interpreter.anyTimes(() => void interpreter.call(callback, elements, at, thisArg), at),
        );
        return undefined;
      } else if (go === undefined) {
        interpreter.visitCallbacks([callback], at);
        return undefined;
      } else return undefined;
    }
    interpreter.visitCallbacks([callback], at);
    return undefined;
  },
  keys: (self) => iterator(self, ([key]) => key),
  values: (self) => iterator(self, ([, value]) => value),
  entries: (self) => iterator(self, ([key, value]) => new ArrayValue([key, value])),
};

/** The entries at positions, as they are by now: what is added stands at the end. */
function iterator(self: CollectionValue, take: (entry: Entry) => Value): IteratorValue {
  const order: unknown[] = [];
  return new IteratorValue((position) => {
    if (self.open) return { go: undefined, element: self.any(take) };
    const known = order[position];
    if (position < order.length && self.entries.has(known))
      return { go: true, element: take(self.entries.get(known) as Entry) };
    for (const [index, entry] of self.entries) {
      if (order.slice(0, position).includes(index)) continue;
      order[position] = index;
      return { go: true, element: take(entry) };
    }
    return { go: false, element: undefined };
  });
}

/** `new Map(entries)`, `new Set(values)` */
export function collection(type: 'Map' | 'Set'): NativeFunction {
  return new NativeFunction(type, ({ interpreter, args: [from], at }) => {
    const made = new CollectionValue(type);
    if (from === undefined || from === null) return made;
    const { elements, rest } = elementsOf(interpreter, from, at, 'iteration');
    if (rest !== undefined) made.open = true;
    for (const element of elements) {
      if (type === 'Set') made.put(interpreter, element, element);
      else made.put(interpreter, interpreter.get(element, '0', at), interpreter.get(element, '1', at));
    }
    return made;
  });
}
