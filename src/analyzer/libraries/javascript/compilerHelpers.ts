/**
 * What compilers call in the code that they make for older engines: TypeScript's helpers, which stand in each file or come
 * from `tslib` (its README says what each does). Classes and awaits are read as such by the front end; this is the rest.
 */

import type { Interpreter } from '../../interpreter/interpreter';
import { ModuleNamespace } from '../../interpreter/modules';
import { appendAll, spreadInto } from '../../interpreter/syntax/spread';
import { elementsOf } from '../../interpreter/values/elements';
import {
  ArrayValue,
  type Call,
  HostObject,
  isUnknown,
  NativeFunction,
  ObjectValue,
  UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import type { Place } from '../../trace/facts';

type Native = (call: Call) => Value;

/** `__exportStar(module, exports)`: every export but the default is passed on, and read when it is read. */
function exportStar({ interpreter, args: [from, to], at }: Call): Value {
  if (!(to instanceof ObjectValue)) return undefined;
  interpreter.touch(to);
  for (const name of namesOf(from)) {
    if (name === 'default' || name === '__esModule' || to.properties.has(name)) continue;
    to.properties.set(name, {
      value: undefined,
      getter: new NativeFunction(name, () => interpreter.get(from, name, at)),
    });
  }
  if (from instanceof HostObject && !(from instanceof ModuleNamespace)) to.slot ??= from;
  const open = from instanceof ObjectValue ? from.open : isUnknown(from) ? from : undefined;
  to.open ??= open;
  return undefined;
}

function namesOf(module: Value): readonly string[] {
  if (module instanceof ObjectValue) return [...module.properties.keys()];
  return module instanceof ModuleNamespace ? module.names() : [];
}

function createBinding({ interpreter, args: [to, from, name, as], at }: Call): Value {
  if (!(to instanceof ObjectValue) || typeof name !== 'string') return undefined;
  interpreter.touch(to);
  to.properties.set(typeof as === 'string' ? as : name, {
    value: undefined,
    getter: new NativeFunction(name, () => interpreter.get(from, name, at)),
  });
  return undefined;
}

/** A module of another kind has itself as its default. */
function isModule(interpreter: Interpreter, module: Value, at: Place): boolean {
  if (module instanceof ModuleNamespace || isUnknown(module)) return true;
  return module instanceof ObjectValue && interpreter.get(module, '__esModule', at) === true;
}

const importDefault: Native = ({ interpreter, args: [module], at }) =>
  isModule(interpreter, module, at) ? module : ObjectValue.of({ default: module });

/** The members of a module, with the module as its default. */
function importStar({ interpreter, args: [module], at }: Call): Value {
  if (isModule(interpreter, module, at) || !(module instanceof ObjectValue)) return module;
  const all = new ObjectValue(new Map(module.properties));
  all.open = module.open;
  all.properties.set('default', { value: module });
  return all;
}

function assign({ interpreter, args: [target, ...sources], at }: Call): Value {
  if (!(target instanceof ObjectValue)) return target;
  interpreter.touch(target);
  for (const source of sources) spreadInto(interpreter, target, source, at);
  return target;
}

/** `__rest(object, keys)`: the properties of other names. */
function rest({ interpreter, args: [object, keys], at }: Call): Value {
  const others = new ObjectValue();
  spreadInto(interpreter, others, object, at);
  const left = keys instanceof ArrayValue ? keys.elements : [];
  for (const key of left) if (typeof key === 'string') others.properties.delete(key);
  return others;
}

/** Lists one after the other: `__spreadArray(to, from)`, `__spread(…)`, `__spreadArrays(…)`. */
function concatenated(interpreter: Interpreter, lists: readonly Value[], at: Place): ArrayValue {
  const all = new ArrayValue();
  for (const list of lists) appendAll(interpreter, all, list, at);
  return all;
}

const read: Native = ({ interpreter, args: [list, count], at }) => {
  const all = concatenated(interpreter, [list], at);
  return typeof count === 'number' ? new ArrayValue(all.elements.slice(0, count), all.rest) : all;
};

/** `__values(list)`: an iterator, which a loop asks for one element after the other. */
function values({ interpreter, args: [list], at }: Call): Value {
  const { elements, rest } = elementsOf(interpreter, list, at, 'iteration');
  const iterator = ObjectValue.of({ index: 0 });
  const next: Native = (call) => {
    const index = iterator.properties.get('index')?.value;
    if (typeof index !== 'number') return new UnknownValue(call.interpreter.reason('loop', call.at, 'how far it is'));
    interpreter.touch(iterator);
    iterator.properties.set('index', { value: index + 1 });
    if (index < elements.length) return ObjectValue.of({ value: elements[index], done: false });
    if (rest === undefined) return ObjectValue.of({ value: undefined, done: true });
    return ObjectValue.of({
      value: rest,
      done: new UnknownValue(call.interpreter.reason('loop', call.at, 'how many elements there are is not known')),
    });
  };
  iterator.properties.set('next', { value: new NativeFunction('next', next) });
  return iterator;
}

/** What an iterator gives, one step after the other: the front end reads loops over `__values` as loops over these. */
function steps({ interpreter, args: [list], at }: Call): Value {
  const { elements, rest } = elementsOf(interpreter, list, at, 'iteration');
  const step = (value: Value): Value => ObjectValue.of({ value, done: false });
  return new ArrayValue(elements.map(step), rest === undefined ? undefined : step(rest));
}

/** Decorators are not followed: what they decorate stays as it is. */
const decorate: Native = ({ args: [, target, , descriptor], args }) => (args.length < 3 ? target : descriptor);

const HELPERS: Readonly<Record<string, Native>> = {
  __exportStar: exportStar,
  __createBinding: createBinding,
  __importDefault: importDefault,
  __importStar: importStar,
  __assign: assign,
  __rest: rest,
  __spreadArray: ({ interpreter, args: [to, from], at }) => concatenated(interpreter, [to, from], at),
  __spread: ({ interpreter, args, at }) => concatenated(interpreter, args, at),
  __spreadArrays: ({ interpreter, args, at }) => concatenated(interpreter, args, at),
  __read: read,
  __values: values,
  __steps: steps,
  __decorate: decorate,
  __makeTemplateObject: ({ args: [cooked] }) => cooked,
};

/** By name, as files name them; those that are not here are read by the front end or not at all. */
export const compilerHelpers: ReadonlyMap<string, Value> = new Map(
  Object.entries(HELPERS).map(([name, call]) => [name, new NativeFunction(name, call)]),
);

/** `tslib` */
export const tslib = ObjectValue.of(Object.fromEntries(compilerHelpers));
