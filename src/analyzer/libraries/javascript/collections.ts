import { elementsOf } from '../../interpreter/elements';
import type { Interpreter } from '../../interpreter/interpreter';
import { joinValues } from '../../interpreter/join';
import type { Mutable } from '../../interpreter/journal';
import {
  ArrayValue,
  type Call,
  HostObject,
  isUnknown,
  MISSING,
  NativeFunction,
  type Value,
} from '../../interpreter/values';
import { isPoly } from '../../shapes/dim';
import { row } from '../../table';
import type { Place } from '../../trace/facts';

type Entry = readonly [key: Value, value: Value];
type Entries = { readonly entries: ReadonlyMap<unknown, Entry>; readonly open: boolean };

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
    const entries = new Map(a.entries);
    for (const [index, [key, value]] of b.entries) {
      const other = entries.get(index);
      entries.set(index, [key, other === undefined ? value : joinValues(other[1], value)]);
    }
    return { entries, open: a.open || b.open || a.entries.size !== b.entries.size };
  }

  put(interpreter: Interpreter, key: Value, value: Value): void {
    interpreter.touch(this);
    if (isUnknown(key)) this.open = true;
    const index = indexOf(key);
    this.entries.set(index, [this.entries.get(index)?.[0] ?? key, value]);
  }

  override iterate(): readonly Value[] | null {
    if (this.open) return null;
    const entries = [...this.entries.values()];
    return this.type === 'Set' ? entries.map(([k]) => k) : entries.map(([k, v]) => new ArrayValue([k, v]));
  }

  get(name: string, _interpreter: Interpreter, _at: Place): Value | typeof MISSING {
    if (name === 'size') return this.open ? undefined : this.entries.size;
    const method = row(METHODS, name);
    return method === undefined ? MISSING : new NativeFunction(name, (call) => method(this, call));
  }
}

const METHODS: Readonly<Record<string, (self: CollectionValue, call: Call) => Value>> = {
  get: (self, { interpreter, args: [key], at }) => {
    const entry = self.entries.get(indexOf(key));
    if (entry !== undefined) return entry[1];
    if (self.open || isUnknown(key))
      return interpreter.because(key) ?? interpreter.unknown('runtime-data', at, 'the entries are not all known');
    return undefined;
  },
  has: (self, { interpreter, args: [key], at }) => {
    if (self.entries.has(indexOf(key))) return true;
    return self.open || isUnknown(key)
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
  delete: (self, { interpreter, args: [key] }) => {
    interpreter.touch(self);
    self.entries.delete(indexOf(key));
    return true;
  },
  clear: (self, { interpreter }) => {
    interpreter.touch(self);
    self.entries.clear();
    return undefined;
  },
  forEach: (self, { interpreter, args: [callback], at }) => {
    for (const [key, value] of [...self.entries.values()]) interpreter.call(callback, [value, key, self], at);
    return undefined;
  },
  keys: (self) => listOf(self, ([key]) => key),
  values: (self) => listOf(self, ([, value]) => value),
  entries: (self) => listOf(self, ([key, value]) => new ArrayValue([key, value])),
};

function listOf(self: CollectionValue, entry: (entry: Entry) => Value): ArrayValue {
  const elements = [...self.entries.values()].map(entry);
  return self.open && elements.length > 0 ? new ArrayValue([], elements.reduce(joinValues)) : new ArrayValue(elements);
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
