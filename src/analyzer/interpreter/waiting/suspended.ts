/**
 * Statements that await. What follows a statement is handed to it as a function, so that the statement can be left at an
 * await and be taken up again. Where a condition is not known, its paths run to their end at once, and then are joined.
 */
import type {
  ForEachStatement,
  ForStatement,
  Statement,
  SwitchStatement,
  TryStatement,
  WhileStatement,
} from '../../program/nodes';
import { LIMITS } from '../budget';
import { type Completion, type Context, type Interpreter, type PendingExit, Thrown } from '../interpreter';
import { Scope, type Task } from '../scope';
import { evaluate, waitFor } from '../syntax/expressions';
import { copyOf, type Iteration, iterate, iterated, leave, runsModels, settle, takeLabel } from '../syntax/loops';
import { bindPattern } from '../syntax/patterns';
import {
  discard,
  eitherBranch,
  entriesOf,
  execute,
  executeAll,
  fromEither,
  handling,
  hoist,
  metByHandler,
  orHandled,
  scopeOfHandler,
  takeThrown,
} from '../syntax/statements';
import { Returning } from '../values/thrown';
import { truth, type Value } from '../values/values';
import { awaits } from './awaits';
import { evaluateSuspended } from './suspendedExpressions';
import { maybeLater, suspend, type Then, whenAlone } from './tasks';

/** Where code goes on: after it ended, and where it throws. */
interface Ways {
  readonly task: Task;
  readonly next: Then<Completion>;
  readonly fail: Then<Thrown>;
}

type Runners = {
  readonly [K in Statement['kind']]?: (
    interpreter: Interpreter,
    node: Extract<Statement, { kind: K }>,
    scope: Scope,
    ways: Ways,
  ) => void;
};

/** Runs the statements of a function, module or block in their scope. */
export function runBody(interpreter: Interpreter, body: readonly Statement[], scope: Scope, ways: Ways): void {
  hoist(interpreter, body, scope);
  runFrom(interpreter, body, 0, scope, ways);
}

function runFrom(interpreter: Interpreter, body: readonly Statement[], start: number, scope: Scope, ways: Ways): void {
  const i = body.findIndex((statement, at) => at >= start && awaits(statement));
  directly(
    ways.fail,
    () => executeAll(interpreter, body.slice(start, i < 0 ? body.length : i), scope),
    (completion) => {
      const statement = body[i];
      if (completion !== undefined || statement === undefined) ways.next(completion);
      else
        run(interpreter, statement, scope, {
          ...ways,
          next: (ended) => {
            if (ended !== undefined) ways.next(ended);
            else runFrom(interpreter, body, i + 1, scope, ways);
          },
        });
    },
  );
}

/** Does what cannot be left, then goes on; what it throws goes its own way, unlike what is thrown later on. */
export function directly<T>(fail: Then<Thrown>, make: () => T, then: Then<T>): void {
  let made: T;
  try {
    made = make();
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    fail(error);
    return;
  }
  then(made);
}

/** Runs a statement. */
function run(interpreter: Interpreter, node: Statement, scope: Scope, ways: Ways): void {
  const runner = awaits(node) ? runners[node.kind] : undefined;
  if (runner !== undefined) {
    interpreter.budget.step();
    runner(interpreter, node as never, scope, ways);
  } else if (awaits(node)) alone(interpreter, ways, () => execute(interpreter, node, scope));
  else directly(ways.fail, () => execute(interpreter, node, scope), ways.next);
}

/** What cannot be left although it awaits: it runs where nothing waits for it to come back. */
function alone(interpreter: Interpreter, { task, next, fail }: Ways, make: () => Completion): void {
  whenAlone(interpreter, task, (asOfThen) => directly(fail, () => asOfThen(make), next));
}

const runners: Runners = {
  block: (interpreter, node, scope, ways) => runBody(interpreter, node.body, new Scope(scope, scope.frame), ways),
  variables: (interpreter, node, scope, ways) => {
    const declare = (i: number): void => {
      const declaration = node.declarations[i];
      if (declaration === undefined) {
        ways.next(undefined);
        return;
      }
      const { pattern, value } = declaration;
      if (value === undefined || !awaits(value)) {
        const one = { ...node, declarations: [declaration] };
        run(interpreter, one, scope, { ...ways, next: () => declare(i + 1) });
        return;
      }
      evaluateSuspended(interpreter, value, scope, {
        ...ways,
        take: (bound) =>
          directly(
            ways.fail,
            () => bindPattern(interpreter, pattern, bound, scope, node.mode),
            () => declare(i + 1),
          ),
      });
    };
    declare(0);
  },
  expression: (interpreter, node, scope, ways) =>
    evaluateSuspended(interpreter, node.expression, scope, {
      ...ways,
      take: (value) => {
        discard(interpreter, node, value, scope);
        ways.next(undefined);
      },
    }),
  return: (interpreter, node, scope, ways) => {
    if (node.value === undefined) ways.next({ kind: 'return', value: undefined });
    else
      evaluateSuspended(interpreter, node.value, scope, {
        ...ways,
        take: (value) => ways.next({ kind: 'return', value }),
      });
  },
  throw: (interpreter, node, scope, ways) =>
    evaluateSuspended(interpreter, node.value, scope, { ...ways, take: (value) => ways.fail(new Thrown(value)) }),
  if: (interpreter, node, scope, ways) =>
    evaluateSuspended(interpreter, node.test, scope, {
      ...ways,
      take: (value) => {
        const test = truth(value);
        const branch = test === true ? node.then : node.else;
        if (test === undefined && !awaits(node.then) && (node.else === undefined || !awaits(node.else)))
          directly(ways.fail, () => eitherBranch(interpreter, node, scope), ways.next);
        else if (test === undefined) alone(interpreter, ways, () => eitherBranch(interpreter, node, scope));
        else if (branch === undefined) ways.next(undefined);
        else run(interpreter, branch, scope, ways);
      },
    }),
  labeled: (interpreter, node, scope, ways) => {
    if (/^(?:for|while|doWhile)/.test(node.body.kind)) interpreter.label = node.label;
    run(interpreter, node.body, scope, {
      ...ways,
      next: (completion) =>
        ways.next(completion?.kind === 'break' && completion.label === node.label ? undefined : completion),
    });
  },
  switch: runSwitch,
  try: runTry,
  for: runFor,
  forOf: runForEach,
  forIn: runForEach,
  while: runWhile,
  doWhile: runWhile,
};

function runSwitch(interpreter: Interpreter, node: SwitchStatement, scope: Scope, ways: Ways): void {
  evaluateSuspended(interpreter, node.value, scope, {
    ...ways,
    take: (value) => {
      const inner = new Scope(scope, scope.frame);
      directly(
        ways.fail,
        () => entriesOf(interpreter, node, value, inner),
        (entries) => {
          const [entry] = entries;
          if (entries.length > 1) alone(interpreter, ways, () => fromEither(interpreter, node, entries, inner));
          else if (entry === undefined) ways.next(undefined);
          else {
            const bodies = node.cases.slice(entry).flatMap(({ body }) => body);
            runBody(interpreter, bodies, inner, {
              ...ways,
              next: (completion) =>
                ways.next(completion?.kind === 'break' && completion.label === undefined ? undefined : completion),
            });
          }
        },
      );
    },
  });
}

// ---------------------------------------------------------------- context

/** What holds within a statement: of where it stands, the rest may have changed since. */
function enter(interpreter: Interpreter, change: Partial<Context>): void {
  interpreter.context = { ...interpreter.context, ...change };
}

/** Puts the context back in force that was around a statement. */
function backTo(interpreter: Interpreter, around: Context): void {
  interpreter.context = { ...around, speculative: around.speculative || interpreter.context.speculative };
}

function runTry(interpreter: Interpreter, node: TryStatement, scope: Scope, ways: Ways): void {
  const { context: around } = interpreter;
  const { handler, finalizer } = node;
  /** Ends as it did, once the finalizer has run, unless that ends in another way. */
  const finish = (end: () => void): void => {
    backTo(interpreter, around);
    if (finalizer === undefined) end();
    else
      run(interpreter, finalizer, scope, {
        ...ways,
        next: (last) => {
          if (last === undefined) end();
          else ways.next(last);
        },
      });
  };
  const finally_: Ways = {
    ...ways,
    next: (completion) => finish(() => ways.next(completion)),
    fail: (error) => finish(() => ways.fail(error)),
  };
  if (handler === undefined) {
    run(interpreter, node.block, scope, finally_);
    return;
  }
  const start = interpreter.pending.length - ways.task.start;
  const thrownSoFar = (): readonly PendingExit[] => takeThrown(interpreter, ways.task.start + start);
  enter(interpreter, handling(interpreter, handler));
  const block: Ways = {
    ...ways,
    next: (ended) => {
      backTo(interpreter, around);
      const orNot = (thrown: readonly PendingExit[]): Completion => orHandled(interpreter, node, ended, scope, thrown);
      if (!awaits(handler.body)) directly(finally_.fail, () => orNot(thrownSoFar()), finally_.next);
      else if (ways.task.resumed) alone(interpreter, finally_, () => orNot(thrownSoFar()));
      else {
        // The block ended without being left: that it might have thrown is another matter.
        maybeLater(interpreter, ways.task, thrownSoFar(), (thrown) =>
          directly(
            () => {},
            () => orNot(thrown),
            () => {},
          ),
        );
        finally_.next(ended);
      }
    },
    fail: (error) => {
      backTo(interpreter, around);
      const thrown = thrownSoFar();
      if (error instanceof Returning) finally_.fail(error);
      else
        directly(
          finally_.fail,
          () => scopeOfHandler(interpreter, handler, metByHandler(interpreter, error, thrown), scope),
          (inner) => run(interpreter, handler.body, inner, finally_),
        );
    },
  };
  interpreter.journal.apart(() => run(interpreter, node.block, scope, block));
}

// ---------------------------------------------------------------- loops

/** One way through a loop: the state of an iteration is handed on, since what waits may be taken up several times. */
interface Loop {
  readonly interpreter: Interpreter;
  readonly task: Task;
  readonly label: string | undefined;
  /** Where the loop's ways out begin, of those of the function. */
  readonly start: number;
  /** Facts on record when it began. */
  readonly seen: number;
  readonly ways: Ways;
}

function beginLoop(interpreter: Interpreter, ways: Ways): Loop {
  const { context: around } = interpreter;
  const label = takeLabel(interpreter);
  const start = interpreter.pending.length - ways.task.start;
  enter(interpreter, { looped: true });
  const end = (): void => {
    settle(interpreter, ways.task.start + start, 'break', label);
    backTo(interpreter, around);
  };
  return {
    interpreter,
    task: ways.task,
    label,
    start,
    seen: interpreter.facts.length,
    ways: {
      ...ways,
      next: (completion) => {
        end();
        ways.next(completion);
      },
      fail: (error) => {
        end();
        ways.fail(error);
      },
    },
  };
}

/** After the body of iteration `i`: out of the loop, or on. */
function afterBody(loop: Loop, completion: Completion, on: () => void): void {
  const { interpreter, label, ways } = loop;
  const left = leave(completion, label);
  if (left !== undefined) {
    ways.next(left.completion);
    return;
  }
  settle(interpreter, ways.task.start + loop.start, 'continue', label);
  on();
}

/** How many iterations are unrolled: fewer of a loop that trains or runs a model, or that may have been left in each. */
function limitOf({ interpreter, seen, start, task }: Loop, i: number, limit: number): number {
  if (interpreter.pending.length - task.start - start >= LIMITS.unrollWaiting) return Math.min(limit, i);
  return i === 0 && runsModels(interpreter.facts.slice(seen)) ? LIMITS.unrollTraining : limit;
}

/** From here on the number of iterations is not known. */
function generalise(
  loop: Loop,
  at: { readonly start: number; readonly end: number },
  scope: Scope,
  limit: number,
  ready: Iteration,
  next: () => Iteration,
): void {
  const { interpreter, label, ways } = loop;
  alone(interpreter, ways, () =>
    iterate(interpreter, interpreter.place(at, scope.frame), label, next, { ...ready, limit }),
  );
}

function runFor(interpreter: Interpreter, node: ForStatement, scope: Scope, ways: Ways): void {
  const loop = beginLoop(interpreter, ways);
  const { test, update, init } = node;
  const fresh = init?.kind === 'variables' && init.mode === 'let';
  const first = new Scope(scope, scope.frame);
  const ask = (inner: Scope): boolean | undefined =>
    test === undefined ? true : truth(evaluate(interpreter, test, inner));
  const advance = (inner: Scope): Scope => {
    const own = fresh ? copyOf(inner, scope) : inner;
    if (update !== undefined) evaluate(interpreter, update, own);
    return own;
  };
  const iteration = (i: number, inner: Scope, limit: number): void => {
    const decide = (go: boolean | undefined): void => {
      const body = (): Completion => execute(interpreter, node.body, inner);
      if (go === false) loop.ways.next(undefined);
      else if (go === undefined || i >= limit) {
        let now = inner;
        generalise(loop, node, scope, limit, { go, run: body }, () => {
          const own = advance(now);
          now = own;
          return { go: ask(own), run: () => execute(interpreter, node.body, own) };
        });
      } else
        run(interpreter, node.body, inner, {
          ...loop.ways,
          next: (completion) =>
            afterBody(loop, completion, () => {
              const further = limitOf(loop, i, limit);
              directly(
                loop.ways.fail,
                () => advance(inner),
                (own) => iteration(i + 1, own, further),
              );
            }),
        });
    };
    if (test !== undefined && awaits(test))
      evaluateSuspended(interpreter, test, inner, { ...loop.ways, take: (value) => decide(truth(value)) });
    else directly(loop.ways.fail, () => ask(inner), decide);
  };
  const begin = (): void => iteration(0, first, LIMITS.unroll);
  if (init === undefined) begin();
  else if (init.kind === 'variables') run(interpreter, init, first, { ...loop.ways, next: begin });
  else evaluateSuspended(interpreter, init, first, { ...loop.ways, take: begin });
}

function runWhile(interpreter: Interpreter, node: WhileStatement, scope: Scope, ways: Ways): void {
  const loop = beginLoop(interpreter, ways);
  const ask = (): boolean | undefined => truth(evaluate(interpreter, node.test, scope));
  const iteration = (i: number, limit: number): void => {
    const decide = (go: boolean | undefined): void => {
      const body = (): Completion => execute(interpreter, node.body, scope);
      if (go === false) loop.ways.next(undefined);
      else if (go === undefined || i >= limit)
        generalise(loop, node, scope, limit, { go, run: body }, () => ({ go: ask(), run: body }));
      else
        run(interpreter, node.body, scope, {
          ...loop.ways,
          next: (completion) => afterBody(loop, completion, () => iteration(i + 1, limitOf(loop, i, limit))),
        });
    };
    if (i === 0 && node.kind === 'doWhile') decide(true);
    else if (awaits(node.test))
      evaluateSuspended(interpreter, node.test, scope, { ...loop.ways, take: (value) => decide(truth(value)) });
    else directly(loop.ways.fail, ask, decide);
  };
  iteration(0, LIMITS.unroll);
}

function runForEach(interpreter: Interpreter, node: ForEachStatement, scope: Scope, ways: Ways): void {
  const loop = beginLoop(interpreter, ways);
  const at = interpreter.place(node.iterable, scope.frame);
  const through = (list: Value): void =>
    directly(
      loop.ways.fail,
      () => iterated(interpreter, node, list, at),
      ({ elements, rest }) => {
        const bind = (value: Value): Scope => {
          const inner = new Scope(scope, scope.frame);
          bindPattern(interpreter, node.pattern, value, node.mode === undefined ? scope : inner, node.mode);
          return inner;
        };
        const element = (i: number): Value => (i < elements.length ? elements[i] : rest);
        const goes = (i: number): boolean | undefined =>
          i < elements.length ? true : rest === undefined ? false : undefined;
        const body = (i: number) => (): Completion => {
          const one = element(i);
          return execute(
            interpreter,
            node.body,
            bind(node.awaits === true ? waitFor(interpreter, one, at, scope) : one),
          );
        };
        const iteration = (i: number, limit: number): void => {
          const go = goes(i);
          const into = (value: Value): void =>
            directly(
              loop.ways.fail,
              () => bind(value),
              (inner) =>
                run(interpreter, node.body, inner, {
                  ...loop.ways,
                  next: (completion) => afterBody(loop, completion, () => iteration(i + 1, limitOf(loop, i, limit))),
                }),
            );
          // The language waits for the element, and for what its iterator says of it; at the end as well.
          const twice = (value: Value, then: (value: Value) => void): void =>
            suspend(
              interpreter,
              loop.task,
              value,
              at,
              (settled) => suspend(interpreter, loop.task, undefined, at, () => then(settled), loop.ways.fail),
              loop.ways.fail,
            );
          const end = (): void => loop.ways.next(undefined);
          if (go === false) {
            if (node.awaits === true) twice(undefined, end);
            else end();
          } else if (go === undefined || i >= limit) {
            let now = i;
            generalise(loop, node, scope, limit, { go, run: body(i) }, () => {
              now += 1;
              return { go: goes(now), run: body(now) };
            });
          } else if (node.awaits === true) twice(element(i), into);
          else into(element(i));
        };
        iteration(0, LIMITS.unroll);
      },
    );
  evaluateSuspended(interpreter, node.iterable, scope, { ...loop.ways, take: through });
}
