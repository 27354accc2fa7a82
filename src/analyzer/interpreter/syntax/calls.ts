import type { FunctionExpression, Pattern } from '../../program/nodes';
import { isPoly, symbol } from '../../shapes/dim';
import type { ActivationFact, Place } from '../../trace/facts';
import { assumedValue } from '../assumptions';
import { LIMITS } from '../budget';
import { assignedIn } from '../effects/changeable';
import { loseEffects, loseGiven } from '../effects/lostEffects';
import { mayThrow, waitForHandler } from '../effects/paths';
import { type Completion, type Interpreter, Thrown } from '../interpreter';
import { type Frame, Scope, type Task } from '../scope';
import { takeSteps } from '../values/elements';
import { joinValues } from '../values/join';
import { loseContents } from '../values/properties';
import {
  ArrayValue,
  ClassValue,
  FunctionValue,
  isStructured,
  isUnknown,
  NativeFunction,
  ObjectValue,
  OpenArguments,
  optionsOf,
  PromiseValue,
  UnknownValue,
  type Value,
} from '../values/values';
import { GeneratorValue } from '../waiting/generators';
import { attempt, reject, resolve } from '../waiting/promises';
import { runBody } from '../waiting/suspended';
import { instantiate } from './classes';
import { evaluate } from './expressions';
import { prototypeOfFunction } from './members';
import { bindPattern, patternName } from './patterns';
import { executeBody, takeThrown } from './statements';
import { asTyped, valueOfType } from './types';

/**
 * Calls a user's function. `args` undefined stands for a call whose arguments are not known.
 * Recursion that nothing known ends, or that goes too deep, gives the unknown.
 */
export function callFunction(
  interpreter: Interpreter,
  fn: FunctionValue,
  args: readonly Value[] | undefined,
  self: Value,
  at: Place,
  calm = false,
): Value {
  const { node } = fn;
  let nested = 0;
  for (const active of interpreter.active) if (active === node) nested += 1;
  if (nested >= (interpreter.context.speculative ? 1 : LIMITS.recursion) || interpreter.active.length >= LIMITS.depth) {
    const lost = interpreter.unknown('budget', at, `recursion of ${fn.name ?? 'a function'} is followed no deeper`);
    loseEffects(interpreter, fn, lost, self);
    loseGiven(interpreter, fn, args, lost);
    return lost;
  }
  const fruitless = interpreter.fruitless.get(node) ?? 0;
  if (fruitless >= LIMITS.fruitless && args?.some(isUnknown) === true) {
    const lost = interpreter.unknown(
      'budget',
      at,
      `${fn.name ?? 'a function'} gave nothing known ${fruitless} times in a row`,
    );
    loseEffects(interpreter, fn, lost, self);
    loseGiven(interpreter, fn, args, lost);
    return lost;
  }
  const isLazy = node.generator && !node.async;
  if (args !== undefined && interpreter.muted === 0 && !isLazy) interpreter.called.add(node);
  const outer = fn.scope.frame;
  const activation = activationOf(fn);
  const frame: Frame = {
    file: outer.file,
    thisValue: node.arrow ? outer.thisValue : self,
    home: node.arrow ? outer.home : fn.home,
    activation,
    yields: node.generator ? [] : undefined,
    task: node.async !== node.generator ? { resumed: calm, start: interpreter.pending.length } : undefined,
  };
  const scope = new Scope(fn.scope, frame, true);
  if (node.name !== undefined && !node.arrow && fn.scope.lookup(node.name) === undefined) scope.declare(node.name, fn);
  interpreter.active.push(node);
  const seen = interpreter.facts.length;
  try {
    const ended = (value: Value): Value => {
      const declared = asDeclared(interpreter, fn, value, scope);
      // A constructor gives its object.
      const isNothing = isUnknown(declared) || (declared === undefined && fn.home?.constructorFunction !== fn);
      const fruitful = interpreter.facts.length > seen || !isNothing;
      interpreter.fruitless.set(node, fruitful ? 0 : fruitless + 1);
      return declared;
    };
    return interpreter.within({ activation }, () => {
      if (isLazy && frame.task !== undefined) {
        bindParameters(interpreter, node, args, scope);
        const { task } = frame;
        const generator = new GeneratorValue(node, scope, task, (end) => joinExits(interpreter, task.start, end));
        // What nobody calls is looked at all the same.
        if (args === undefined) takeSteps(generator.steps(interpreter), LIMITS.yields);
        return generator;
      }
      if (frame.task !== undefined) return runAsync(interpreter, node, args, scope, frame.task, ended);
      bindParameters(interpreter, node, args, scope);
      const value = ended(run(interpreter, node, scope));
      return frame.yields === undefined ? value : generated(frame.yields);
    });
  } finally {
    interpreter.active.pop();
  }
}

/** A function without a name (a callback of tidy, of forEach) is a part of the one that it is written in. */
function activationOf({ name, home, node, scope: { frame } }: FunctionValue): ActivationFact {
  const own = name ?? node.name;
  if (own === undefined && frame.activation !== undefined) return frame.activation;
  return {
    name: own,
    at: { file: frame.file, start: node.start, end: node.end },
    owner: home?.name,
    role: name === 'call' && home !== undefined && derives(home) ? 'call' : 'other',
  };
}

/** Whether a class goes back to one that is not written in view: of a layer's own, the library runs `call`. */
function derives({ superclass }: ClassValue): boolean {
  return superclass instanceof ClassValue ? derives(superclass) : superclass !== undefined;
}

/** A result that is not known is what its declared type says. */
function asDeclared(interpreter: Interpreter, { node, name }: FunctionValue, value: Value, scope: Scope): Value {
  const lost = value instanceof PromiseValue ? value.value : value;
  if (node.returns === undefined || node.generator || lost === undefined) return value;
  const at = interpreter.place(node, scope.frame);
  const label = name === undefined || (isUnknown(lost) && lost.name !== undefined) ? undefined : `${name}()`;
  const told = asTyped(interpreter, lost, node.returns, label, at, scope);
  return told === lost ? value : told;
}

/** Runs the body and joins every way out of it. */
function run(interpreter: Interpreter, node: FunctionExpression, scope: Scope): Value {
  const { pending } = interpreter;
  const start = pending.length;
  let completion: Completion;
  try {
    completion = executeBody(interpreter, node.body, scope);
  } catch (error) {
    if (!(error instanceof Thrown)) {
      pending.length = start;
      throw error;
    }
    const isLeft = pending.some((exit, i) => i >= start && exit.completion.kind === 'return');
    if (!isLeft) {
      keepThrown(interpreter, start);
      throw error;
    }
    // It may have returned before.
    mayThrow(interpreter, error.value);
    const exits = pending.filter((exit, i) => i >= start && exit.completion.kind === 'return');
    completion = {
      kind: 'return',
      value: exits.map((exit) => (exit.completion as { value: Value }).value).reduce(joinValues),
    };
  }
  return joinExits(interpreter, start, completion);
}

/** Of the ways out that wait since `start`, only those stay that lead to a handler further out. */
function keepThrown(interpreter: Interpreter, start: number): void {
  for (const exit of interpreter.pending.splice(start))
    if (exit.completion.kind === 'throw' && interpreter.context.handled) waitForHandler(interpreter, exit);
}

/** What a function gives: what it ended with, or one of the ways out that wait since `start`. */
function joinExits(interpreter: Interpreter, start: number, completion: Completion): Value {
  let value = completion?.kind === 'return' ? completion.value : undefined;
  for (const exit of interpreter.pending.splice(start)) {
    // Who handles it is further out.
    if (exit.completion.kind === 'throw' && interpreter.context.handled) waitForHandler(interpreter, exit);
    if (exit.completion.kind !== 'return') continue;
    value = joinValues(value, exit.completion.value);
    interpreter.journal.rejoin(exit);
  }
  return value;
}

/** Runs an async function up to its first await; the rest runs when the event loop comes to it. */
function runAsync(
  interpreter: Interpreter,
  node: FunctionExpression,
  args: readonly Value[] | undefined,
  scope: Scope,
  task: Task,
  ended: (value: Value) => Value,
): PromiseValue {
  const promise = new PromiseValue(undefined, 'pending');
  const keepThrown = (): void => {
    promise.thrown = [...promise.thrown, ...takeThrown(interpreter, task.start)];
  };
  const fail = (error: Thrown): void => {
    keepThrown();
    interpreter.pending.length = task.start;
    reject(interpreter, promise, error.value);
  };
  const next = (completion: Completion): void => {
    keepThrown();
    const value = joinExits(interpreter, task.start, completion);
    resolve(interpreter, promise, ended(value));
  };
  interpreter.journal.apart(() =>
    attempt(() => {
      bindParameters(interpreter, node, args, scope);
      runBody(interpreter, node.body, scope, { task, next, fail });
    }, fail),
  );
  return promise;
}

function generated(yields: readonly Value[]): ArrayValue {
  if (yields.length < LIMITS.yields) return new ArrayValue([...yields]);
  return new ArrayValue([], yields.reduce(joinValues));
}

function bindParameters(
  interpreter: Interpreter,
  node: FunctionExpression,
  args: readonly Value[] | undefined,
  scope: Scope,
): void {
  if (!node.arrow)
    scope.declare(
      'arguments',
      args === undefined
        ? new ArrayValue([], unknownParameter(interpreter, node, 'arguments', scope))
        : args instanceof OpenArguments
          ? new ArrayValue([...args].slice(0, args.certain), args.rest)
          : new ArrayValue([...args]),
    );
  for (const [i, parameter] of node.parameters.entries()) {
    const at = interpreter.place(parameter, scope.frame);
    let value: Value;
    if (args === undefined) {
      value =
        assumedValue(interpreter, patternName(parameter.pattern), scope.frame) ??
        symbolicArgument(interpreter, node, parameter.pattern, parameter.type, at, scope);
      assumeProperties(interpreter, parameter.pattern, value, scope);
      if (parameter.rest) value = new ArrayValue([], value instanceof ArrayValue ? value.rest : value);
    } else if (parameter.rest) {
      value =
        args instanceof OpenArguments
          ? new ArrayValue([...args].slice(i, Math.max(i, args.certain)), args.rest)
          : new ArrayValue(args.slice(i));
    } else {
      value = args instanceof OpenArguments && i >= args.certain ? joinValues(args.rest, undefined) : args[i];
      if (parameter.type !== undefined)
        value = asTyped(interpreter, value, parameter.type, patternName(parameter.pattern), at, scope);
      if (isUnknown(value) && value.name === undefined) {
        value = new UnknownValue(value.reason, patternName(parameter.pattern), symbol);
      }
    }
    if (assignedIn(node).setsArguments) value = unknownParameter(interpreter, node, undefined, scope);
    bindPattern(interpreter, parameter.pattern, value, scope, 'let');
    if (parameter.field && scope.frame.thisValue instanceof ObjectValue) {
      const name = patternName(parameter.pattern);
      if (name !== undefined) {
        interpreter.touch(scope.frame.thisValue);
        scope.frame.thisValue.properties.set(name, { value: scope.lookup(name)?.value });
      }
    }
  }
}

/** What can be said of a parameter that nobody gives: its default, its type, else its name. */
function symbolicArgument(
  interpreter: Interpreter,
  node: FunctionExpression,
  pattern: Pattern,
  type: FunctionExpression['parameters'][number]['type'],
  at: Place,
  scope: Scope,
): Value {
  const declared = type ?? ('type' in pattern ? pattern.type : undefined);
  const typed =
    declared === undefined ? undefined : valueOfType(interpreter, declared, patternName(pattern), at, scope);
  if (pattern.kind === 'defaultPattern') {
    const fallback = evaluate(interpreter, pattern.value, scope);
    // `{ a = 1 } = {}`: the properties are not known, but their own defaults are facts.
    if (fallback instanceof ObjectValue && fallback.properties.size === 0) {
      const open = new ObjectValue(new Map(), at);
      if (pattern.target.kind !== 'objectPattern')
        open.open = unknownParameter(interpreter, node, patternName(pattern) ?? 'options', scope);
      return open;
    }
    return fallback;
  }
  if (typed !== undefined) return typed;
  // A destructured parameter: properties with a default take it, the others are known by name.
  if (pattern.kind === 'objectPattern') {
    const given = new ObjectValue(new Map(), at);
    for (const { key, value } of pattern.properties) {
      if (key.kind === 'name' && value.kind !== 'defaultPattern') {
        given.properties.set(key.name, {
          value: unknownParameter(interpreter, node, patternName(value) ?? key.name, scope),
        });
      }
    }
    return given;
  }
  return unknownParameter(interpreter, node, patternName(pattern), scope);
}

/** `function build({ units })`: what is assumed of `units`. */
function assumeProperties(interpreter: Interpreter, pattern: Pattern, value: Value, scope: Scope): void {
  const target = pattern.kind === 'defaultPattern' ? pattern.target : pattern;
  if (target.kind !== 'objectPattern' || !(value instanceof ObjectValue)) return;
  for (const { key } of target.properties) {
    if (key.kind !== 'name') continue;
    const assumed = assumedValue(interpreter, key.name, scope.frame);
    if (assumed !== undefined) value.properties.set(key.name, { value: assumed });
  }
}

function unknownParameter(
  interpreter: Interpreter,
  node: FunctionExpression,
  name: string | undefined,
  scope: Scope,
): UnknownValue {
  const at = interpreter.place(node, scope.frame);
  const reason = interpreter.reason(
    'parameter',
    at,
    `${name ?? 'a parameter'} of ${node.name ?? 'a function'} is given by nobody in view`,
  );
  return new UnknownValue(reason, name, symbol);
}

export function callNative(
  interpreter: Interpreter,
  fn: NativeFunction,
  args: readonly Value[],
  argsAt: readonly Place[],
  self: Value,
  at: Place,
  isNew: boolean,
): Value {
  if (args instanceof OpenArguments && !fn.takesAny) {
    interpreter.visitCallbacks(args, at);
    if (self instanceof ArrayValue) loseContents(interpreter, self, lostArguments(interpreter, at));
    return lostArguments(interpreter, at);
  }
  const result = fn.call({ interpreter, args, argsAt, self, at, isNew });
  if (result instanceof ArrayValue) interpreter.budget.copied(result.weight);
  return result;
}

const lostArguments = (interpreter: Interpreter, at: Place): UnknownValue =>
  new UnknownValue(
    interpreter.reason('runtime-data', at, 'how many arguments there are is not known'),
    undefined,
    symbol,
  );

/** `new callee(…)` */
export function construct(
  interpreter: Interpreter,
  callee: Value,
  args: readonly Value[],
  argsAt: readonly Place[],
  at: Place,
): Value {
  if (callee instanceof ClassValue) return instantiate(interpreter, callee, args, at);
  if (callee instanceof NativeFunction) return callNative(interpreter, callee, args, argsAt, undefined, at, true);
  if (callee instanceof FunctionValue) {
    const instance = new ObjectValue(new Map(), at);
    interpreter.journal.born(instance);
    instance.proto = prototypeOfFunction(callee);
    const value = callFunction(interpreter, callee, args, instance, at);
    if (isUnknown(value) && value.reason.code === 'budget') instance.open ??= value;
    return orInstance(value, instance);
  }
  interpreter.visitCallbacks(args, at);
  if (isUnknown(callee))
    return new UnknownValue(callee.reason, callee.name === undefined ? undefined : `new ${callee.name}`, symbol);
  return interpreter.unknown('unsupported', at, 'what is constructed here is not a class');
}

/** Whether a constructor that returns this gives it; what was not followed to its end returns nothing else. */
const isObject = (value: Value): boolean =>
  isStructured(value) && !isPoly(value) && !(isUnknown(value) && value.reason.code === 'budget');

/** What `new` gives: the object that the constructor returns, if it returns one. */
export function orInstance(value: Value, instance: ObjectValue): Value {
  const options = optionsOf(value).map((one): Value => (isObject(one) ? one : instance));
  return options.reduce(joinValues);
}
