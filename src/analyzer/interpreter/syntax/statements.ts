import type {
  Expression,
  ExpressionStatement,
  IfStatement,
  JumpStatement,
  Statement,
  SwitchStatement,
  TryStatement,
  VariableStatement,
} from '../../program/nodes';
import { visit } from '../../program/walk';
import { symbol } from '../../shapes/dim';
import { forkCompletions } from '../effects/paths';
import { type Completion, type Context, type Interpreter, type PendingExit, Thrown } from '../interpreter';
import { Scope } from '../scope';
import { joinValues } from '../values/join';
import { FunctionValue, HostObject, ObjectValue, optionsOf, truth, UnknownValue, type Value } from '../values/values';
import { defineClass } from './classes';
import { closure, evaluate, named } from './expressions';
import { asksForKind } from './kinds';
import { runFor, runForEach, runWhile, settle } from './loops';
import { binary } from './operators';
import { bindPattern, namesIn, patternName } from './patterns';
import { declareTypes } from './types';

type Executors = {
  readonly [K in Statement['kind']]: (
    interpreter: Interpreter,
    node: Extract<Statement, { kind: K }>,
    scope: Scope,
  ) => Completion;
};

/** Runs a function's or module's statements in their own scope. */
export function executeBody(interpreter: Interpreter, body: readonly Statement[], scope: Scope): Completion {
  hoist(interpreter, body, scope);
  return executeAll(interpreter, body, scope);
}

/** Runs statements whose functions are there already. */
export function executeAll(interpreter: Interpreter, body: readonly Statement[], scope: Scope): Completion {
  for (const statement of body) {
    const completion = execute(interpreter, statement, scope);
    if (completion !== undefined) return completion;
  }
  return undefined;
}

export function execute(interpreter: Interpreter, node: Statement, scope: Scope): Completion {
  interpreter.budget.step();
  return executors[node.kind](interpreter, node as never, scope);
}

/** Functions are there before the first statement runs; types as well. */
export function hoist(interpreter: Interpreter, body: readonly Statement[], scope: Scope): void {
  declareTypes(body, scope);
  if (scope.isFunction)
    for (const name of varsWithin(body)) if (!scope.variables.has(name)) scope.declare(name, undefined, false);
  for (const statement of body) {
    if (statement.kind === 'functionDeclaration') declareFunction(interpreter, statement, scope);
    if (statement.kind === 'variables' && statement.mode === 'var') declareVars(statement, scope);
    if (
      statement.kind === 'exportDefault' &&
      statement.value.kind === 'function' &&
      statement.value.name !== undefined
    ) {
      scope.declare(statement.value.name, closure(interpreter, statement.value, scope, statement.value.name));
    }
  }
}

const VARS = new WeakMap<readonly Statement[], readonly string[]>();

/** The names that `var` declares in the blocks and loops of a body. */
function varsWithin(body: readonly Statement[]): readonly string[] {
  let names = VARS.get(body);
  if (names === undefined) {
    const found = new Set<string>();
    const inner = body.filter(({ kind }) => HOLD_STATEMENTS.has(kind));
    visit(inner, (node) => {
      if (node.kind === 'variables' && node.mode === 'var')
        for (const { pattern } of node.declarations) for (const name of namesIn(pattern)) found.add(name);
      else if ((node.kind === 'forOf' || node.kind === 'forIn') && node.mode === 'var')
        for (const name of namesIn(node.pattern)) found.add(name);
      return node.kind !== 'function' && node.kind !== 'class';
    });
    names = [...found];
    VARS.set(body, names);
  }
  return names;
}

const HOLD_STATEMENTS: ReadonlySet<Statement['kind']> = new Set([
  'if',
  'for',
  'forOf',
  'forIn',
  'while',
  'doWhile',
  'switch',
  'try',
  'labeled',
  'block',
]);

/** `var` is there from the start, undefined. */
function declareVars(node: VariableStatement, scope: Scope): void {
  const own = scope.functionScope();
  for (const { pattern, value } of node.declarations) {
    const name = patternName(pattern);
    if (name !== undefined && !own.variables.has(name)) own.declare(name, undefined, value === undefined);
  }
}

function declareFunction(
  interpreter: Interpreter,
  node: Extract<Statement, { kind: 'functionDeclaration' }>,
  scope: Scope,
): void {
  const { name } = node.function;
  if (name === undefined) return;
  const before = scope.variables.get(name)?.value;
  // In a cycle of modules it is there before the module runs.
  if (before instanceof FunctionValue && before.node === node.function && before.scope === scope) return;
  scope.declare(name, closure(interpreter, node.function, scope, name));
}

/** Functions of a module are there before what it imports runs. */
export function hoistFunctions(interpreter: Interpreter, body: readonly Statement[], scope: Scope): void {
  for (const statement of body)
    if (statement.kind === 'functionDeclaration') declareFunction(interpreter, statement, scope);
}

/** The value of an expression that stands alone. */
export function discard(
  interpreter: Interpreter,
  { expression }: ExpressionStatement,
  value: Value,
  scope: Scope,
): void {
  if (expression.kind === 'call' && value instanceof HostObject)
    value.discarded(interpreter, interpreter.place(expression, scope.frame));
}

/** Where the condition of an `if` is not known. */
export function eitherBranch(interpreter: Interpreter, node: IfStatement, scope: Scope): Completion {
  const otherwise = node.else;
  const waiting = interpreter.pending.length;
  const kind = asksForKind(node.test);
  const either = (): Completion =>
    forkCompletions(interpreter, [
      () => execute(interpreter, node.then, scope),
      () => (otherwise === undefined ? undefined : execute(interpreter, otherwise, scope)),
    ]);
  const completion = interpreter.within({ certain: interpreter.context.certain && !kind }, () =>
    kind ? interpreter.journal.apart(either) : either(),
  );
  if (interpreter.pending.length > waiting && kind) interpreter.context = { ...interpreter.context, certain: false };
  return completion;
}

const jump = (_interpreter: Interpreter, node: JumpStatement): Completion => ({ kind: node.kind, label: node.label });

const nothing = (): undefined => undefined;

const executors: Executors = {
  variables: (interpreter, node, scope) => {
    for (const { pattern, value } of node.declarations) {
      const name = patternName(pattern);
      if (value !== undefined)
        bindPattern(interpreter, pattern, named(interpreter, value, scope, name), scope, node.mode);
      else if (node.mode !== 'var' || (name !== undefined && !scope.functionScope().variables.has(name)))
        bindPattern(interpreter, pattern, undefined, scope, node.mode);
    }
    return undefined;
  },
  functionDeclaration: nothing,
  classDeclaration: (interpreter, node, scope) => {
    const cls = defineClass(interpreter, node.class, scope);
    if (node.class.name !== undefined) scope.declare(node.class.name, cls);
    return undefined;
  },
  enum: (interpreter, node, scope) => {
    const object = new ObjectValue();
    let next: Value = 0;
    const inner = new Scope(scope, scope.frame);
    for (const { name, value } of node.members) {
      const member: Value = value === undefined ? next : evaluate(interpreter, value, inner);
      object.properties.set(name, { value: member });
      inner.declare(name, member);
      if (typeof member === 'number') {
        object.properties.set(String(member), { value: name });
        next = member + 1;
      }
    }
    scope.declare(node.name, object);
    return undefined;
  },
  namespace: (interpreter, node, scope) => {
    const existing = scope.variables.get(node.name)?.value;
    const object = existing instanceof ObjectValue ? existing : new ObjectValue();
    scope.declare(node.name, object);
    const inner = new Scope(scope, scope.frame, true);
    executeBody(interpreter, node.body, inner);
    for (const [name, variable] of inner.variables) object.properties.set(name, { value: variable.value });
    return undefined;
  },
  type: nothing,
  expression: (interpreter, node, scope) => {
    discard(interpreter, node, evaluate(interpreter, node.expression, scope), scope);
    return undefined;
  },
  if: (interpreter, node, scope) => {
    const test = truth(evaluate(interpreter, node.test, scope));
    const otherwise = node.else;
    if (test === true) return execute(interpreter, node.then, scope);
    if (test === false) return otherwise === undefined ? undefined : execute(interpreter, otherwise, scope);
    return eitherBranch(interpreter, node, scope);
  },
  for: runFor,
  forOf: runForEach,
  forIn: runForEach,
  while: runWhile,
  doWhile: runWhile,
  switch: runSwitch,
  try: runTry,
  throw: (interpreter, node, scope) => {
    throw new Thrown(evaluate(interpreter, node.value, scope));
  },
  return: (interpreter, node, scope) => ({
    kind: 'return',
    value: node.value === undefined ? undefined : evaluate(interpreter, node.value, scope),
  }),
  break: jump,
  continue: jump,
  labeled: (interpreter, node, scope) => {
    const isLoop = /^(?:for|while|doWhile)/.test(node.body.kind);
    if (isLoop) interpreter.label = node.label;
    const start = interpreter.pending.length;
    const completion = execute(interpreter, node.body, scope);
    if (!isLoop) settle(interpreter, start, 'break', node.label, true);
    return completion?.kind === 'break' && completion.label === node.label ? undefined : completion;
  },
  block: (interpreter, node, scope) => executeBody(interpreter, node.body, new Scope(scope, scope.frame)),
  importDeclaration: nothing,
  exportNames: nothing,
  exportAll: nothing,
  exportDefault: (interpreter, node, scope) => {
    const { value } = node;
    const name = value.kind === 'class' || value.kind === 'function' ? value.name : undefined;
    const exported = name === undefined ? undefined : scope.variables.get(name)?.value;
    const result = exported ?? named(interpreter, value, scope, name ?? 'default');
    if (name !== undefined && exported === undefined) scope.declare(name, result);
    scope.declare('*default*', result);
    return undefined;
  },
};

function runSwitch(interpreter: Interpreter, node: SwitchStatement, scope: Scope): Completion {
  const inner = new Scope(scope, scope.frame);
  const entries = entriesOf(interpreter, node, evaluate(interpreter, node.value, scope), inner);
  const [only] = entries;
  return entries.length === 1
    ? fromCase(interpreter, node, only, inner)
    : fromEither(interpreter, node, entries, inner);
}

/** The cases at which a value may enter a switch, by number; undefined stands for none of them. */
export function entriesOf(
  interpreter: Interpreter,
  node: SwitchStatement,
  value: Value,
  scope: Scope,
): readonly (number | undefined)[] {
  const fallback = node.cases.findIndex((c) => c.test === undefined);
  const possible: number[] = [];
  for (const [i, { test }] of node.cases.entries()) {
    if (test === undefined) continue;
    const equal = caseMatches(interpreter, value, test, scope);
    if (equal !== false) possible.push(i);
    if (equal === true) return possible;
  }
  return [...possible, fallback < 0 ? undefined : fallback];
}

function fromCase(
  interpreter: Interpreter,
  node: SwitchStatement,
  start: number | undefined,
  scope: Scope,
): Completion {
  if (start === undefined) return undefined;
  for (const { body } of node.cases.slice(start)) {
    const completion = executeBody(interpreter, body, scope);
    if (completion?.kind === 'break' && completion.label === undefined) return undefined;
    if (completion !== undefined) return completion;
  }
  return undefined;
}

export function fromEither(
  interpreter: Interpreter,
  node: SwitchStatement,
  entries: readonly (number | undefined)[],
  scope: Scope,
): Completion {
  const paths = entries.map((entry) => () => fromCase(interpreter, node, entry, scope));
  const start = interpreter.pending.length;
  const outside = interpreter.context.certain;
  const completion = interpreter.within({ certain: outside && !asksForKind(node.value) }, () =>
    forkCompletions(interpreter, paths),
  );
  // A `break` that waits belongs to this switch.
  const waiting = interpreter.pending.splice(start);
  for (const exit of waiting) {
    if (exit.completion.kind === 'break' && exit.completion.label === undefined) interpreter.journal.rejoin(exit);
    else interpreter.pending.push(exit);
  }
  return completion;
}

function caseMatches(interpreter: Interpreter, value: Value, test: Expression, scope: Scope): boolean | undefined {
  const against = evaluate(interpreter, test, scope);
  const results = optionsOf(value).map((option) => binary('===', option, against));
  if (results.every((r) => r === true)) return true;
  return results.every((r) => r === false) ? false : undefined;
}

/** Whether a handler does something else instead, rather than tell of the error: then failing is one way to go on. */
function isFallback({ body }: Handler): boolean {
  let found = false;
  visit([body], (node) => {
    if ((node.kind === 'return' && node.value !== undefined) || node.kind === 'assign') found = true;
    return node.kind !== 'function';
  });
  return found;
}

type Handler = NonNullable<TryStatement['handler']>;

export function scopeOfHandler(interpreter: Interpreter, { parameter }: Handler, error: Value, scope: Scope): Scope {
  const inner = new Scope(scope, scope.frame);
  if (parameter !== undefined) bindPattern(interpreter, parameter, error, inner, 'let');
  return inner;
}

function handle(interpreter: Interpreter, handler: Handler, error: Value, scope: Scope): Completion {
  return execute(interpreter, handler.body, scopeOfHandler(interpreter, handler, error, scope));
}

/** A block that has a handler ended as it did, or threw what nobody foresees. */
export function orHandled(
  interpreter: Interpreter,
  { handler }: TryStatement,
  ended: Completion,
  scope: Scope,
  thrown: readonly PendingExit[] = [],
): Completion {
  if (handler === undefined) return ended;
  const at = interpreter.place(handler.body, scope.frame);
  const reason = interpreter.reason('runtime-data', at, 'an error that may be caught');
  const error = new UnknownValue(reason, 'error', symbol);
  return forkCompletions(interpreter, [
    () => ended,
    () =>
      interpreter.within({ certain: false }, () => {
        for (const exit of thrown) interpreter.journal.rejoin(exit);
        return handle(interpreter, handler, error, scope);
      }),
  ]);
}

/** Takes the ways out that wait since `start` and lead to a handler. */
export function takeThrown(interpreter: Interpreter, start: number): readonly PendingExit[] {
  const thrown: PendingExit[] = [];
  for (const exit of interpreter.pending.splice(start)) {
    if (exit.completion.kind === 'throw') thrown.push(exit);
    else interpreter.pending.push(exit);
  }
  return thrown;
}

function runHandled(interpreter: Interpreter, node: TryStatement, scope: Scope): Completion {
  const { handler } = node;
  if (handler === undefined) return execute(interpreter, node.block, scope);
  const start = interpreter.pending.length;
  let completion: Completion;
  let caught: Thrown | undefined;
  try {
    completion = interpreter.within(handling(interpreter, handler), () =>
      interpreter.journal.apart(() => execute(interpreter, node.block, scope)),
    );
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    caught = error;
  }
  const thrown = takeThrown(interpreter, start);
  if (caught === undefined) return orHandled(interpreter, node, completion, scope, thrown);
  return handle(interpreter, handler, metByHandler(interpreter, caught, thrown), scope);
}

/** What an error meets within a block that has a handler. */
export function handling({ context }: Interpreter, handler: Handler): Partial<Context> {
  return { guarded: context.guarded || isFallback(handler), handled: true };
}

/** The error that a handler meets, in the state in which it does: the block may have thrown before. */
export function metByHandler(interpreter: Interpreter, { value }: Thrown, thrown: readonly PendingExit[]): Value {
  for (const exit of thrown) interpreter.journal.rejoin(exit);
  return thrown.map((exit) => (exit.completion as { value: Value }).value).reduce((a, b) => joinValues(a, b), value);
}

function runTry(interpreter: Interpreter, node: TryStatement, scope: Scope): Completion {
  const { finalizer } = node;
  if (finalizer === undefined) return runHandled(interpreter, node, scope);
  const start = interpreter.pending.length;
  let completion: Completion;
  let uncaught: Thrown | undefined;
  try {
    completion = interpreter.journal.apart(() => runHandled(interpreter, node, scope));
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    uncaught = error;
  }
  // Whatever way leads out of here leads through the finalizer.
  const exits = interpreter.pending.splice(start);
  for (const exit of exits) interpreter.journal.rejoin(exit);
  const last = execute(interpreter, finalizer, scope);
  if (last !== undefined) return last;
  for (const exit of exits)
    interpreter.pending.push({ completion: exit.completion, delta: new Map(), since: new Map() });
  if (uncaught !== undefined) throw uncaught;
  return completion;
}
