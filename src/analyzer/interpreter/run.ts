import { type OnFailure, startOfFile } from '../failures';
import type { Statement, TypeNode } from '../program/nodes';
import { visit } from '../program/walk';
import { symbol } from '../shapes/dim';
import type { Place } from '../trace/facts';
import type { Assumptions } from './assumptions';
import { Budget, Exhausted } from './budget';
import {
  doubtFields,
  doubtVariables,
  emptyFields,
  emptyVariables,
  fieldsSetBy,
  isFieldEmpty,
  isNothing,
} from './effects/changeable';
import { changedOften } from './effects/often';
import { Interpreter, type Made, Thrown } from './interpreter';
import type { Library } from './library';
import { Modules, type ProgramSource } from './modules';
import type { Observer } from './observer';
import type { Variable } from './scope';
import { tolerating } from './syntax/alternatives';
import { declaredFields, instantiate, methodsOf } from './syntax/classes';
import { fieldOfType } from './syntax/types';
import { type ClassValue, type FunctionValue, isUnknown, ObjectValue, UnknownValue, type Value } from './values/values';
import { drain } from './waiting/turns';

export interface RunOptions {
  /** Steps and milliseconds for each entry file. */
  readonly steps?: number | undefined;
  readonly milliseconds?: number | undefined;
  readonly assumptions?: Assumptions | undefined;
  /** Called before each entry file: a program of its own begins. */
  onEntry?(interpreter: Interpreter, path: string): void;
  /** Called after each entry file's top level ran. */
  onLoaded?(interpreter: Interpreter, path: string): void;
  /** Called before a function of the file is visited that nobody called: as if it were called right after the top level. */
  onVisit?(interpreter: Interpreter, path: string): void;
  /** Called when the entry files ran, and again when what they mention was visited: what waits for a caller in vain. */
  onSettle?(interpreter: Interpreter): void;
  /** Looks on at every evaluation. */
  readonly observer?: Observer | undefined;
  /** Takes errors of the analyzer's own, each of which ends a visit or the run of one file; without it they are thrown. */
  readonly onFailure?: OnFailure | undefined;
}

/**
 * Evaluates entry files with all that they import, then what nobody called: functions with arguments of which only names,
 * types and defaults are known, methods on an instance made the same way.
 */
export function run(
  source: ProgramSource,
  library: Library,
  entries: readonly string[],
  options: RunOptions = {},
): Interpreter {
  const interpreter = new Interpreter(library, new Modules(source), budgetOf(options));
  interpreter.observer = options.observer;
  interpreter.onFailure = options.onFailure;
  interpreter.assumptions = options.assumptions ?? {};
  for (const path of entries) {
    bounded(interpreter, options, path, () => {
      options.onEntry?.(interpreter, path);
      interpreter.modules.load(interpreter, path);
      drain(interpreter);
      options.onLoaded?.(interpreter, path);
    });
  }
  const settle = (): void => {
    bounded(interpreter, options, entries[0] ?? '', () => options.onSettle?.(interpreter));
  };
  settle();
  interpreter.late = true;
  for (const path of interpreter.modules.records.keys())
    bounded(interpreter, options, path, () => doubtVariables(interpreter, path));
  for (const mentioned of [mentionedIn(interpreter), new Set<string>()]) {
    for (const path of entries) {
      bounded(interpreter, options, path, () =>
        visitUncalled(interpreter, path, mentioned, () => options.onVisit?.(interpreter, path)),
      );
    }
    settle();
  }
  return interpreter;
}

function budgetOf({ steps, milliseconds }: RunOptions): Budget {
  return new Budget(steps, milliseconds);
}

/** Runs with a budget of its own; what it saw until then stays. */
function bounded(interpreter: Interpreter, options: RunOptions, path: string, body: () => void): void {
  interpreter.budget = budgetOf(options);
  try {
    body();
  } catch (error) {
    const at = startOfFile(path);
    if (error instanceof Exhausted) interpreter.unknown('budget', at, `evaluation stopped here: ${error.message}`);
    else if (error instanceof Thrown) interpreter.unknown('error', at, 'the program throws here');
    else if (error instanceof RangeError) interpreter.unknown('budget', at, 'evaluation stopped here: nested too deep');
    else interpreter.fail(error, at);
    interpreter.recover();
  }
}

/** Functions are worth a visit until no new one turns up: a visited function may make others. */
const MAX_ROUNDS = 8;

/**
 * Visits what nobody called yet. Those that some code in view mentions as callee or callback wait until the others were
 * visited, since those will call them with better arguments.
 */
function visitUncalled(
  interpreter: Interpreter,
  path: string,
  mentioned: ReadonlySet<string>,
  enter: () => void,
): void {
  const visited = interpreter.visited;
  /** What of a module was empty when a function was visited that mentions it. */
  const early: { readonly visit: () => void; readonly empty: readonly Variable[] }[] = [];
  const again = (): void => {
    for (const { visit, empty } of early) if (empty.some(({ value }) => !isNothing(value))) visit();
  };
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const before = visited.size;
    for (const cls of interpreter.classes.of(path)) {
      if (visited.has(cls.node) || mentioned.has(cls.name)) continue;
      visited.set(cls.node, true);
      enter();
      attempt(interpreter, placeOf(path, cls.node), () => visitClass(interpreter, cls));
    }
    for (const fn of settingUpFirst(interpreter.closures.of(path), ({ name }) => name ?? '')) {
      const { node } = fn;
      if (visited.has(node) || interpreter.called.has(node) || mentioned.has(fn.name ?? '')) continue;
      visited.set(node, true);
      enter();
      const at = placeOf(path, node);
      const visit = (): void =>
        anyTimes(interpreter, at, () => void interpreter.callSymbolically(fn, ownerOf(interpreter, fn, at), at));
      const empty = emptyVariables(interpreter, path, fn);
      if (empty.length > 0) early.push({ visit, empty });
      visit();
    }
    if (visited.size === before) break;
  }
  again();
}

/** The object whose method it is, which code out of view may have filled. */
function ownerOf(interpreter: Interpreter, { owner, node }: FunctionValue, at: Place): ObjectValue | undefined {
  if (owner === undefined || node.arrow) return undefined;
  const reason = interpreter.reason('external', at, '`this` may have been filled from outside');
  owner.open ??= new UnknownValue(reason, 'this', symbol);
  return owner;
}

/** The names of what is called, constructed, or handed on as an argument anywhere in the modules of the run. */
function mentionedIn(interpreter: Interpreter): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { program } of interpreter.modules.records.values())
    for (const statement of program.body) for (const name of calledNames(statement)) names.add(name);
  return names;
}

const CALLED = new WeakMap<Statement, ReadonlySet<string>>();

function calledNames(statement: Statement): ReadonlySet<string> {
  let names = CALLED.get(statement);
  if (names === undefined) {
    const found = new Set<string>();
    visit(statement, (node) => {
      if (node.kind !== 'call' && node.kind !== 'new') return;
      const { callee, args } = node;
      if (callee.kind === 'member') found.add(callee.property);
      if (callee.kind === 'identifier') found.add(callee.name);
      for (const arg of args) if (arg.kind === 'identifier') found.add(arg.name);
    });
    names = found;
    CALLED.set(statement, names);
  }
  return names;
}

/** A visit of what callers out of view may call never or often: what it changes bit by bit is not known afterwards. */
function anyTimes(interpreter: Interpreter, at: Place, run: () => void): void {
  const { delta } = interpreter.journal.speculate(() => attempt(interpreter, at, run));
  changedOften(interpreter, delta, at);
}

/** A function that throws on what is not known is left; the run goes on. */
function attempt(interpreter: Interpreter, at: Place, body: () => void): void {
  interpreter.visits += 1;
  interpreter.budget.beginVisit();
  try {
    body();
    drain(interpreter);
  } catch (error) {
    if (error instanceof Exhausted && error.visitOnly) {
      interpreter.recover();
      interpreter.unknown('budget', at, `evaluation stopped here: ${error.message}`);
    } else if (error instanceof Thrown) interpreter.recover();
    else if (error instanceof Exhausted || error instanceof RangeError) throw error;
    else {
      interpreter.fail(error, at);
      interpreter.recover();
    }
  }
}

/** Setting up comes first, so that what it sets is known to the others. */
const SETS_UP = /^(build|init|initialize|setup|create|make|compile|load)/i;

function settingUpFirst<T>(all: readonly T[], nameOf: (one: T) => string): readonly T[] {
  const setsUp = (one: T): boolean => SETS_UP.test(nameOf(one));
  return [...all.filter(setsUp), ...all.filter((one) => !setsUp(one))];
}

/** What a new instance keeps by key is empty so far; calls out of view may have filled it, here and in objects of its own. */
function openDictionaries(interpreter: Interpreter, instance: ObjectValue, at: Place, depth = 2): void {
  for (const { value } of instance.properties.values()) {
    if (!(value instanceof ObjectValue) || value.slot !== undefined) continue;
    if (value.properties.size === 0 && value.class === undefined)
      value.open ??= new UnknownValue(
        interpreter.reason('parameter', at, 'what it holds by then is given by nobody in view'),
        undefined,
        symbol,
      );
    else if (value.class !== undefined && depth > 1) openDictionaries(interpreter, value, at, depth - 1);
  }
}

/** A field that is declared and has no value by now gets it from code that nobody in view calls in time. */
function fillFields(
  interpreter: Interpreter,
  instance: ObjectValue,
  fields: readonly (readonly [string, TypeNode | undefined])[],
  cls: ClassValue,
  at: Place,
): void {
  for (const [name, type] of fields) {
    if (instance.properties.get(name)?.value !== undefined) continue;
    interpreter.touch(instance);
    const value = fieldOfType(interpreter, type, name, cls, at);
    const meant = isUnknown(value) ? interpreter.modules.meant(interpreter, value, name, at.file) : value;
    instance.properties.set(name, { value: meant });
  }
}

const visited = (instance: Value): readonly Made[] =>
  instance instanceof ObjectValue ? [{ instance, given: false }] : [];

function visitClass(interpreter: Interpreter, cls: ClassValue): void {
  const all = methodsOf(cls);
  const methods = settingUpFirst([...all], ([name]) => name).filter(([, fn]) => !interpreter.called.has(fn.node));
  if (interpreter.constructed.has(cls) && methods.length === 0) return;
  const at = placeOf(cls.scope.frame.file, cls.node);
  const made = interpreter.instances.get(cls) ?? visited(instantiate(interpreter, cls, undefined, at));
  const uncalled = methods.map(([, fn]) => fn);
  for (const { instance } of made) {
    openDictionaries(interpreter, instance, at);
    doubtFields(interpreter, instance, uncalled, at);
  }
  const fields = [...declaredFields(cls)].filter(([name]) => !all.has(name));
  const setLater = new Set(methods.flatMap(([name, fn]) => (SETS_UP.test(name) ? [...fieldsSetBy(fn)] : [])));
  const given = fields.filter(([name]) => !setLater.has(name));
  /** Methods that were visited when a field of theirs was empty: another, or a call before, may have set it. */
  const early: {
    readonly fn: FunctionValue;
    readonly empty: readonly (readonly [ObjectValue, readonly string[]])[];
  }[] = [];
  for (const [name, fn] of methods) {
    if (interpreter.called.has(fn.node)) continue;
    const filled = SETS_UP.test(name) ? given : fields;
    for (const { instance } of made) fillFields(interpreter, instance, filled, cls, at);
    early.push({ fn, empty: made.map(({ instance }) => [instance, emptyFields(instance, fn)] as const) });
    visitMethod(interpreter, fn, made, at);
  }
  for (const { fn, empty } of early) {
    const isSet = empty.some(([instance, names]) => names.some((name) => !isFieldEmpty(instance, name)));
    if (isSet) visitMethod(interpreter, fn, made, at);
  }
  for (const { value, getter } of cls.statics.properties.values()) {
    const fn = value ?? getter;
    if (
      fn !== null &&
      typeof fn === 'object' &&
      'kind' in fn &&
      fn.kind === 'function' &&
      !interpreter.called.has(fn.node)
    ) {
      interpreter.visited.set(fn.node, true);
      anyTimes(interpreter, at, () => void interpreter.callSymbolically(fn, cls, at));
    }
  }
}

/**
 * Looks at a method on instances that the program made, though it does not call it on them. It may be called on any of them,
 * so what one of them refuses is no error; and on others that were given something else, so what all refuse is not certain.
 */
function visitMethod(interpreter: Interpreter, fn: FunctionValue, made: readonly Made[], at: Place): void {
  const paths = made.map(({ instance, given }) => () => {
    const certain = interpreter.context.certain && !given;
    const visit = (): void => void interpreter.callSymbolically(fn, instance, at);
    anyTimes(interpreter, at, () => interpreter.within({ certain }, visit));
  });
  tolerating(interpreter, paths, (all) => {
    for (const path of all) path();
  });
}

function placeOf(file: string, node: { readonly start: number; readonly end: number }): Place {
  return { file, start: node.start, end: node.end };
}
