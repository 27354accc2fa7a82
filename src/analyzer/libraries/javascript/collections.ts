import { elementsOf } from '../../interpreter/elements';
import type { Interpreter } from '../../interpreter/interpreter';
import { identical, joinValues } from '../../interpreter/join';
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
import { row } from '../../table';
import type { Place } from '../../trace/facts';

type Entries = { readonly entries: [Value, Value][]; readonly open: boolean };

/** A Map or a Set (whose values are its keys). Keys that are not known make it open. */
export class CollectionValue extends HostObject implements Mutable {
  readonly type: 'Map' | 'Set';
  entries: [Value, Value][] = [];
  open = false;

  constructor(type: 'Map' | 'Set') {
    super();
    this.type = type;
  }

  snapshot(): Entries {
    return { entries: this.entries.map(([k, v]) => [k, v]), open: this.open };
  }

  restore(state: Entries): void {
    this.entries = state.entries.map(([k, v]) => [k, v]);
    this.open = state.open;
  }

  merge(a: Entries, b: Entries): Entries {
    const entries: [Value, Value][] = a.entries.map(([k, v]) => {
      const other = b.entries.find(([key]) => identical(key, k));
      return [k, other === undefined ? v : joinValues(v, other[1])];
    });
    entries.push(...b.entries.filter(([k]) => !a.entries.some(([key]) => identical(key, k))));
    return { entries, open: a.open || b.open || a.entries.length !== b.entries.length };
  }

  put(interpreter: Interpreter, key: Value, value: Value): void {
    interpreter.touch(this);
    if (isUnknown(key)) this.open = true;
    const entry = this.entries.find(([k]) => identical(k, key));
    if (entry === undefined) this.entries.push([key, value]);
    else entry[1] = value;
  }

  override iterate(): readonly Value[] | null {
    if (this.open) return null;
    return this.type === 'Set' ? this.entries.map(([k]) => k) : this.entries.map(([k, v]) => new ArrayValue([k, v]));
  }

  get(name: string, _interpreter: Interpreter, _at: Place): Value | typeof MISSING {
    if (name === 'size') return this.open ? undefined : this.entries.length;
    const method = row(METHODS, name);
    return method === undefined ? MISSING : new NativeFunction(name, (call) => method(this, call));
  }
}

const METHODS: Readonly<Record<string, (self: CollectionValue, call: Call) => Value>> = {
  get: (self, { interpreter, args: [key], at }) => {
    const entry = self.entries.find(([k]) => identical(k, key));
    if (entry !== undefined) return entry[1];
    if (self.open || isUnknown(key))
      return interpreter.because(key) ?? interpreter.unknown('runtime-data', at, 'the entries are not all known');
    return undefined;
  },
  has: (self, { interpreter, args: [key], at }) => {
    if (self.entries.some(([k]) => identical(k, key))) return true;
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
    self.entries = self.entries.filter(([k]) => !identical(k, key));
    return true;
  },
  clear: (self, { interpreter }) => {
    interpreter.touch(self);
    self.entries = [];
    return undefined;
  },
  forEach: (self, { interpreter, args: [callback], at }) => {
    for (const [key, value] of self.entries) interpreter.call(callback, [value, key, self], at);
    return undefined;
  },
  keys: (self) => listOf(self, ([key]) => key),
  values: (self) => listOf(self, ([, value]) => value),
  entries: (self) => listOf(self, ([key, value]) => new ArrayValue([key, value])),
};

function listOf(self: CollectionValue, entry: (entry: [Value, Value]) => Value): ArrayValue {
  const elements = self.entries.map(entry);
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
