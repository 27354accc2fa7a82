import type { OnFailure } from '../failures';
import type { FunctionExpression, Range } from '../program/nodes';
import { symbol } from '../shapes/dim';
import type { ActivationFact, Fact, GradientFact, Place, ReasonCode, ReasonFact } from '../trace/facts';
import type { AssumedParameter, Assumptions } from './assumptions';
import { type Budget, LIMITS } from './budget';
import { type Departure, Journal, type Mutable } from './effects/journal';
import { loseEffects, loseFlags } from './effects/lostEffects';
import { changedOften } from './effects/often';
import { forkValues, mayThrow, tryPath, unknownError } from './effects/paths';
import type { Library } from './library';
import type { Modules } from './modules';
import type { Observer } from './observer';
import { Rehearsed } from './rehearsal';
import type { Frame } from './scope';
import { callFunction, callNative, construct } from './syntax/calls';
import { getMember } from './syntax/members';
import type { Patches, PrototypeValue } from './values/patches';
import { Thrown } from './values/thrown';
import {
  ArrayValue,
  type Callable,
  ClassValue,
  FunctionValue,
  HostObject,
  isUnknown,
  NativeFunction,
  ObjectValue,
  UnionValue,
  UnknownValue,
  type Value,
} from './values/values';
import { EventLoop } from './waiting/eventLoop';

export { Thrown };

/** A statement that did not end normally. */
export type Abrupt =
  | { readonly kind: 'return'; readonly value: Value }
  /** Waits only: what throws for certain is thrown. */
  | { readonly kind: 'throw'; readonly value: Value }
  | { readonly kind: 'break' | 'continue'; readonly label: string | undefined };
export type Completion = Abrupt | undefined;

/** A way out of a branch that may have been taken, waiting for the function or loop that it leaves. */
export interface PendingExit extends Departure {
  readonly completion: Abrupt;
}

/** What every fact carries of the place in the run where it was seen. */
export interface Context {
  /** False under a condition that is not known and asks what kind of thing a value is: it may rule out the shapes at hand. */
  readonly certain: boolean;
  /** True on a path that may not be taken at all. */
  readonly speculative: boolean;
  readonly looped: boolean;
  /** Inside a try whose handler does something else instead. */
  readonly guarded: boolean;
  /** Inside a block, of the running function or of one that called it, whose errors somebody handles. */
  readonly handled: boolean;
  readonly gradient: GradientFact | undefined;
  readonly activation: ActivationFact | undefined;
}

/** Written out field by field: this happens at every call, and spreading two objects takes several times as long. */
function changed(context: Context, change: Partial<Context>): Context {
  return {
    certain: change.certain ?? context.certain,
    speculative: change.speculative ?? context.speculative,
    looped: change.looped ?? context.looped,
    guarded: change.guarded ?? context.guarded,
    handled: change.handled ?? context.handled,
    gradient: 'gradient' in change ? change.gradient : context.gradient,
    activation: 'activation' in change ? change.activation : context.activation,
  };
}

/** What runs together, of which nobody knows what comes first. */
export interface Group {
  readonly size: number;
  /** Which of them runs now. */
  current: number;
  /** What waits for all of them. */
  readonly after: (() => void)[];
  readonly around: Group | undefined;
  /** The others may have run meanwhile. */
  interleave(): void;
  /** The one that runs settled something for which others are waited as well: who waits may go on before the rest of it. */
  noteSettled(): void;
}

type Recorded = Omit<Context, 'speculative' | 'guarded' | 'handled'>;
type Bare<F> = F extends Fact ? Omit<F, keyof Recorded> : never;

/** A method that nobody calls is looked at on so many instances of its class, at most. */
const MAX_INSTANCES = 2;

export interface Made {
  readonly instance: ObjectValue;
  /** Whether its constructor was given something: another instance may have been given something else. */
  readonly given: boolean;
}

/** What was made in each file, by its source: the first of each. */
export class ByFile<T> {
  readonly #files = new Map<string, Map<object, T>>();

  add(file: string, node: object, made: T): void {
    let known = this.#files.get(file);
    if (known === undefined) {
      known = new Map();
      this.#files.set(file, known);
    }
    if (!known.has(node)) known.set(node, made);
  }

  of(file: string): readonly T[] {
    return [...(this.#files.get(file)?.values() ?? [])];
  }
}

/** One run: the state that evaluation shares, and the services that the language's tables and the libraries use. */
export class Interpreter {
  readonly pending: PendingExit[] = [];
  readonly journal = new Journal(this.pending, (parts) => this.budget.copied(parts));
  readonly facts: Fact[] = [];
  budget: Budget;
  readonly library: Library;
  readonly modules: Modules;
  /** Every closure that was made, by its source: those that nobody calls are evaluated last. */
  readonly closures = new ByFile<FunctionValue>();
  readonly classes = new ByFile<ClassValue>();
  /** Functions and classes that were looked at though nobody called them. */
  readonly visited = new Rehearsed<object, true>();
  readonly called = new Set<FunctionExpression>();
  readonly constructed = new Set<ClassValue>();
  /** The instances that the program made by itself: of each class those made last. */
  readonly instances = new Map<ClassValue, Made[]>();
  /** How often in a row a function gave nothing known. */
  readonly fruitless = new Rehearsed<FunctionExpression, number>();
  readonly active: FunctionExpression[] = [];
  context: Context = {
    certain: true,
    speculative: false,
    guarded: false,
    handled: false,
    looped: false,
    gradient: undefined,
    activation: undefined,
  };
  /** What waits until the running code has ended. */
  readonly loop = new EventLoop();
  /** While something runs together with others. */
  group: Group | undefined;
  /** Whether this is a look at what something will change: it runs for real later. */
  foreseeing = false;
  /** How many paths wait in the midst of something while what they wait for runs. */
  waits = 0;
  /** Whether the next call is awaited, and so is every call around it: nothing runs between it and what waits. */
  calm = false;
  /** The label in front of the loop that begins next. */
  label: string | undefined;
  /** The calls that a second look at a loop body saw. */
  looked: Fact[] | undefined;
  /** While positive, facts are not recorded: a second look at a loop body. */
  muted = 0;
  /** Whether the entry files ran: what is not declared by now, no run in view declares. */
  late = false;
  /** How many functions and methods were looked at that nobody calls. */
  visits = 0;
  /** What the program sets on what is not its own. */
  patches: Patches | undefined;
  /** `Array.prototype`, `tf.Tensor.prototype`, where the program names them. */
  readonly prototypes = new Map<string, PrototypeValue>();
  /** Whether some comment says the shape of a value. */
  annotated = false;
  /** What is taken for true where the code in view does not say. */
  assumptions: Assumptions = {};
  /** Assumptions that some parameter took. */
  readonly taken = new Set<AssumedParameter>();
  /** Looks on: for `explain`. */
  observer: Observer | undefined;
  /** Takes errors of the interpreter's own. */
  onFailure: OnFailure | undefined;
  /** How often a function was handed to code that is not known. */
  readonly #callbacks = new Rehearsed<FunctionExpression, number>();
  /** How often a function was handed to what calls it later. */
  readonly #turns = new Rehearsed<FunctionExpression, number>();
  readonly #stops = new Map<string, Set<number>>();
  readonly #stores = new Map<unknown, unknown>();

  constructor(library: Library, modules: Modules, budget: Budget) {
    this.library = library;
    this.modules = modules;
    this.budget = budget;
  }

  /** A library's own state in this run. */
  store<T>(key: unknown, make: () => T): T {
    if (!this.#stores.has(key)) this.#stores.set(key, make());
    return this.#stores.get(key) as T;
  }

  place(node: Range, frame: Frame): Place {
    return { file: frame.file, start: node.start, end: node.end };
  }

  /** The program made an instance by itself. */
  made(cls: ClassValue, one: Made): void {
    if (this.foreseeing) return;
    const known = this.instances.get(cls);
    if (known === undefined) this.instances.set(cls, [one]);
    else if (known.push(one) > MAX_INSTANCES) known.shift();
  }

  /** An error of the interpreter's own ended what was looked at. Throws it where nobody takes it. */
  fail(error: unknown, at: Place): void {
    if (this.onFailure === undefined) throw error;
    this.onFailure(error, at);
    this.unknown('internal', at, 'evaluation stopped here: an error of Normlens itself');
  }

  /** After a run was cut short: nothing is under way. */
  recover(): void {
    this.active.length = 0;
    this.pending.length = 0;
    this.muted = 0;
    this.looked = undefined;
    this.foreseeing = false;
    this.group = undefined;
    this.calm = false;
    this.waits = 0;
    this.loop.restore(new EventLoop().snapshot());
    this.context = {
      certain: true,
      speculative: false,
      guarded: false,
      handled: false,
      looped: false,
      gradient: undefined,
      activation: undefined,
    };
  }

  // -------------------------------------------------------------- facts

  /** Adds a fact to the trace, with the context in which it was seen. */
  record<F extends Fact>(fact: Bare<F>): F {
    const { certain, looped, gradient, activation } = this.context;
    const whole = { ...fact, certain, looped, gradient, activation } as unknown as F;
    const caught = this.context.guarded && fact.kind === 'refusal';
    if (this.context.handled && fact.kind === 'refusal') mayThrow(this, unknownError(this, fact.at));
    if (fact.kind !== 'stop' && fact.kind !== 'member') this.budget.bearFruit();
    if (this.muted === 0 && !caught) this.facts.push(whole);
    else if (this.looked !== undefined && this.muted === 1 && (fact.kind === 'op' || fact.kind === 'layerCall'))
      this.looked.push(whole);
    return whole;
  }

  within<T>(change: Partial<Context>, run: () => T): T {
    const before = this.context;
    this.context = changed(before, change);
    try {
      return run();
    } finally {
      this.context = before;
    }
  }

  /** Runs what will run once more for real, to see what it changes. */
  unseen<T>(run: () => T): T {
    const { muted, foreseeing, context, label, group, waits } = this;
    const calls = [...this.active];
    const exits = [...this.pending];
    const known = [this.#callbacks, this.#turns, this.fruitless, this.visited].map((map) => map.rehearse());
    this.muted += 1;
    this.foreseeing = true;
    this.group = undefined;
    try {
      return run();
    } finally {
      Object.assign(this, { muted, foreseeing, context, label, group, waits });
      this.active.splice(0, this.active.length, ...calls);
      this.pending.splice(0, this.pending.length, ...exits);
      for (const forget of known) forget();
    }
  }

  // -------------------------------------------------------------- the unknown

  reason(code: ReasonCode, at: Place, text: string): ReasonFact {
    return { code, at, text };
  }

  /** A value that is lost here, and the record of why. */
  unknown(code: ReasonCode, at: Place, text: string, name?: string): UnknownValue {
    const reason = this.reason(code, at, text);
    this.stop(reason);
    return new UnknownValue(reason, name, symbol);
  }

  /** Records where and why inference stopped: once for a place. */
  stop(reason: ReasonFact): void {
    if (this.muted > 0) return;
    const { at } = reason;
    let told = this.#stops.get(at.file);
    if (told === undefined) {
      told = new Set();
      this.#stops.set(at.file, told);
    }
    if (told.has(at.start)) return;
    told.add(at.start);
    this.record({ kind: 'stop', at, reason });
  }

  /** The unknown that follows from another: no new stop. */
  because(value: Value, name?: string): UnknownValue | undefined {
    if (isUnknown(value)) return name === undefined ? value : new UnknownValue(value.reason, name, symbol);
    if (value instanceof UnionValue) {
      const lost = value.options.find(isUnknown);
      return lost === undefined ? undefined : this.because(lost, name);
    }
    return undefined;
  }

  // -------------------------------------------------------------- calls and members

  get(object: Value, name: string, at: Place): Value {
    return getMember(this, object, name, at);
  }

  call(
    callee: Value,
    args: readonly Value[],
    at: Place,
    self: Value = undefined,
    argsAt: readonly Place[] = [],
  ): Value {
    this.budget.step();
    const { calm } = this;
    this.calm = false;
    if (callee instanceof FunctionValue) return callFunction(this, callee, args, self, at, calm);
    if (callee instanceof NativeFunction) return callNative(this, callee, args, argsAt, self, at, false);
    if (callee instanceof UnionValue)
      return forkValues(
        this,
        callee.options.filter(isCalled).map((c) => () => this.call(c, args, at, self, argsAt)),
        at,
      );
    if (callee instanceof ClassValue) {
      mayThrow(this, unknownError(this, at));
      return construct(this, callee, args, argsAt, at);
    }
    if (callee instanceof HostObject) {
      const given = callee.call({ interpreter: this, args, argsAt, self, at, isNew: false });
      if (given !== undefined) return given;
    }
    this.visitCallbacks(args, at, callee);
    if (isUnknown(callee)) {
      mayThrow(this, unknownError(this, at));
      const name = callee.name === undefined ? undefined : `${callee.name}()`;
      return new UnknownValue(callee.reason, name, symbol);
    }
    mayThrow(this, unknownError(this, at));
    return this.unknown('unsupported', at, 'what is called here is not a function');
  }

  construct(callee: Value, args: readonly Value[], at: Place, argsAt: readonly Place[] = []): Value {
    this.budget.step();
    if (callee instanceof UnionValue)
      return forkValues(
        this,
        callee.options.filter(isCalled).map((c) => () => this.construct(c, args, at, argsAt)),
        at,
      );
    return construct(this, callee, args, argsAt, at);
  }

  /**
   * Functions handed to code that is not known may be called: their bodies are looked at with unknown arguments. Another
   * closure of one that was looked at before shows nothing new, but it changes other variables.
   */
  visitCallbacks(args: readonly Value[], at: Place, callee?: Value): void {
    const expectsErrors = isUnknown(callee) && EXPECTS_ERRORS.test(callee.name ?? '');
    const lost = (): UnknownValue =>
      new UnknownValue(this.reason('external', at, 'code that is not in view was given what changes it'));
    for (const arg of args) {
      if (!(arg instanceof FunctionValue)) {
        if (arg instanceof ObjectValue || arg instanceof ArrayValue) loseFlags(this, arg, lost());
        continue;
      }
      const times = this.#callbacks.get(arg.node) ?? 0;
      if (times >= LIMITS.callbacks) {
        loseEffects(this, arg, lost());
        continue;
      }
      this.#callbacks.set(arg.node, times + 1);
      const known = this.called.has(arg.node) || this.visited.has(arg.node);
      const quiet = known || expectsErrors;
      this.visited.set(arg.node, true);
      if (quiet) this.muted += 1;
      tryPath(this, () => this.anyTimes(() => void this.callSymbolically(arg, undefined, at), at));
      if (quiet) this.muted -= 1;
    }
  }

  /** Runs what may run again and again: what it changes bit by bit is not known afterwards. */
  anyTimes(run: () => void, at: Place): void {
    const { delta } = this.journal.speculate(run);
    changedOften(this, delta, at);
  }

  /** Calls a function whose arguments are not known: their types, defaults and names are all there is. */
  callSymbolically(fn: FunctionValue, self: Value, at: Place): Value {
    return callFunction(this, fn, undefined, self, at);
  }

  /** How often a function waited for its turn before; it does once more. */
  turnsOf(node: FunctionExpression): number {
    const times = this.#turns.get(node) ?? 0;
    this.#turns.set(node, times + 1);
    return times;
  }

  /** Runs something later as if it were called from here, though nothing that is under way now is so then. */
  detached(): (run: () => void) => void {
    const { context } = this;
    const calls = [...this.active];
    return (run) => {
      const around = this.context;
      const callers = this.active.splice(0, this.active.length, ...calls);
      this.context = { ...context, guarded: false, speculative: context.speculative || around.speculative };
      try {
        run();
      } finally {
        this.context = around;
        this.active.splice(0, this.active.length, ...callers);
      }
    };
  }

  touch(mutable: Mutable): void {
    this.journal.touch(mutable);
  }
}

/** Tests hand these what is to throw. */
const EXPECTS_ERRORS = /^(?:expect|(?:\w+\.)?(?:throws|rejects|throwsError))$/;

function isCalled(value: Value): value is Callable | UnknownValue | HostObject {
  return (
    value instanceof FunctionValue ||
    value instanceof NativeFunction ||
    value instanceof ClassValue ||
    isUnknown(value) ||
    (value instanceof HostObject && value.isFunction)
  );
}
