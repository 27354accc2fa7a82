/**
 * Expressions that await. The parts that come before the await are evaluated first and their values kept; the expression is
 * then evaluated with these in the place of its parts.
 */
import type { CallExpression, Expression, ObjectMember, SpreadElement } from '../../program/nodes';
import type { Place } from '../../trace/facts';
import { type Interpreter, Thrown } from '../interpreter';
import { Scope, type Task } from '../scope';
import { readTarget } from '../syntax/assignments';
import { evaluate } from '../syntax/expressions';
import { elementsOf, iterationOf, type Steps, stepsOfList } from '../values/elements';
import { Returning } from '../values/thrown';
import { ArrayValue, truth, UnknownValue, type Value } from '../values/values';
import { awaits } from './awaits';
import { GeneratorValue, type Given } from './generators';
import { directly } from './suspended';
import { suspend, type Then, whenAlone } from './tasks';

/** Where an expression's value goes, and what it throws. */
interface Ways {
  readonly task: Task;
  readonly take: Then<Value>;
  readonly fail: Then<Thrown>;
}

/** Evaluates an expression; the function may be left meanwhile. */
export function evaluateSuspended(interpreter: Interpreter, node: Expression, scope: Scope, ways: Ways): void {
  if (!awaits(node)) {
    directly(ways.fail, () => evaluate(interpreter, node, scope), ways.take);
    return;
  }
  interpreter.budget.step();
  const told: Ways =
    interpreter.observer === undefined
      ? ways
      : {
          ...ways,
          take: (value) => {
            interpreter.observer?.evaluated(interpreter, node, scope, value);
            ways.take(value);
          },
        };
  switch (node.kind) {
    case 'await':
      awaitValue(interpreter, node.value, scope, told);
      return;
    case 'yield':
      yieldValue(interpreter, node, scope, told);
      return;
    case 'conditional':
      evaluateSuspended(interpreter, node.test, scope, {
        ...told,
        take: (value) => {
          const test = truth(value);
          if (test !== undefined) evaluateSuspended(interpreter, test ? node.then : node.else, scope, told);
          else withValues(interpreter, { ...node, test: known(node.test, 0) }, [value], scope, told);
        },
      });
      return;
    case 'logical':
      evaluateSuspended(interpreter, node.left, scope, {
        ...told,
        take: (left) => {
          const takesRight = decides(node.operator, left);
          if (takesRight === true) evaluateSuspended(interpreter, node.right, scope, told);
          else if (takesRight === false) told.take(left);
          else withValues(interpreter, { ...node, left: known(node.left, 0) }, [left], scope, told);
        },
      });
      return;
    case 'assign':
      if (node.operator !== undefined) assignAfter(interpreter, node, node.operator, scope, told);
      else partsFirst(interpreter, node, scope, told);
      return;
    default:
      partsFirst(interpreter, node, scope, told);
  }
}

/** Whether a logical operator gives its right side; undefined where it depends. */
function decides(operator: '&&' | '||' | '??', left: Value): boolean | undefined {
  if (operator === '??') {
    if (left === undefined || left === null) return true;
    return typeof left !== 'object' || !(left instanceof UnknownValue || ('kind' in left && left.kind === 'union'))
      ? false
      : undefined;
  }
  const test = truth(left);
  return test === undefined ? undefined : operator === '&&' ? test : !test;
}

function awaitValue(interpreter: Interpreter, operand: Expression, scope: Scope, ways: Ways): void {
  const at = interpreter.place(operand, scope.frame);
  const take = (value: Value): void => suspend(interpreter, ways.task, value, at, ways.take, ways.fail);
  const isCalm = ways.task.resumed && interpreter.loop.jobs.length === 0;
  if (operand.kind !== 'call' || !isCalm) {
    evaluateSuspended(interpreter, operand, scope, { ...ways, take });
    return;
  }
  // Nothing runs between what is called here and what waits for it.
  inOrder(interpreter, operand, partsOf(operand) ?? [], scope, {
    ...ways,
    take: (whole, inner) => {
      interpreter.calm = true;
      directly(
        ways.fail,
        () => evaluate(interpreter, whole, inner),
        (value) => {
          interpreter.calm = false;
          take(value);
        },
      );
      interpreter.calm = false;
    },
  });
}

/** `yield value`, `yield* values`: a generator is left here. */
function yieldValue(
  interpreter: Interpreter,
  node: Extract<Expression, { kind: 'yield' }>,
  scope: Scope,
  ways: Ways,
): void {
  const { generator } = ways.task;
  if (generator === undefined) {
    withValues(interpreter, node, [], scope, ways);
    return;
  }
  const back = (mode: 'next' | 'throw' | 'return', value: Value, next: Then<Value>): void => {
    if (mode === 'next') next(value);
    else ways.fail(mode === 'throw' ? new Thrown(value) : new Returning(value));
  };
  const give = (value: Value): void => {
    if (!node.delegate) {
      generator.leave(interpreter, value, (mode, sent) => back(mode, sent, ways.take));
      return;
    }
    const at = interpreter.place(node, scope.frame);
    const inner = value instanceof GeneratorValue ? value : undefined;
    const steps = inner === undefined ? iterationOrList(interpreter, value, at) : undefined;
    const on = (mode: 'next' | 'throw' | 'return', sent: Value): void =>
      directly(
        ways.fail,
        (): Given => {
          if (inner !== undefined) return inner.go(interpreter, mode, sent);
          if (mode !== 'next') steps?.close?.(true);
          if (mode === 'throw') throw new Thrown(sent);
          if (mode === 'return') throw new Returning(sent);
          const { go, element } = steps?.next() ?? { go: undefined, element: undefined };
          return { value: go === false ? undefined : element, done: go === undefined ? undefined : !go };
        },
        (given) => {
          if (given.done === true) {
            if (mode === 'return') ways.fail(new Returning(given.value));
            else ways.take(given.value);
          } else {
            if (given.done === undefined) generator.maybe(given.value);
            if (given.done === undefined)
              ways.take(new UnknownValue(interpreter.reason('loop', at, 'what is yielded')));
            else generator.leave(interpreter, given.value, on);
          }
        },
      );
    on('next', undefined);
  };
  if (node.value === undefined) give(undefined);
  else evaluateSuspended(interpreter, node.value, scope, { ...ways, take: give });
}

/** Iteration over anything, step by step. */
function iterationOrList(interpreter: Interpreter, value: Value, at: Place): Steps {
  const steps = iterationOf(interpreter, value, at);
  if (steps !== undefined) return steps;
  const { elements, rest } = elementsOf(interpreter, value, at, 'iteration');
  return stepsOfList(value instanceof ArrayValue ? value : new ArrayValue([...elements], rest));
}

/** `n += await f()`: the target is read first. */
function assignAfter(
  interpreter: Interpreter,
  node: Extract<Expression, { kind: 'assign' }>,
  operator: NonNullable<Extract<Expression, { kind: 'assign' }>['operator']>,
  scope: Scope,
  ways: Ways,
): void {
  const { start, end, target } = node;
  const left: Expression = { kind: 'identifier', name: nameOf(0), start: target.start, end: target.end };
  const value: Expression =
    operator === '&&' || operator === '||' || operator === '??'
      ? { kind: 'logical', operator, left, right: node.value, start, end }
      : { kind: 'binary', operator, left, right: node.value, start, end };
  directly(
    ways.fail,
    () => readTarget(interpreter, target, scope),
    (read) => {
      const inner = scopeOf([read], scope);
      evaluateSuspended(interpreter, { ...node, operator: undefined, value }, inner, ways);
    },
  );
}

// ---------------------------------------------------------------- parts

/** No name of a program: that of the value of a part. */
const nameOf = (i: number): string => `%${i}`;

/** In the place of a part whose value is known. */
const known = ({ start, end }: Expression, i: number): Expression => ({
  kind: 'identifier',
  name: nameOf(i),
  start,
  end,
});

function scopeOf(values: readonly Value[], scope: Scope): Scope {
  const inner = new Scope(scope, scope.frame);
  for (const [i, value] of values.entries()) inner.declare(nameOf(i), value);
  return inner;
}

/** Evaluates an expression some parts of which are known. What awaits in it yet cannot be left. */
function withValues(
  interpreter: Interpreter,
  node: Expression,
  values: readonly Value[],
  scope: Scope,
  ways: Ways,
): void {
  const make = (): Value => evaluate(interpreter, node, scopeOf(values, scope));
  if (awaits(node))
    whenAlone(interpreter, ways.task, (asOfThen) => directly(ways.fail, () => asOfThen(make), ways.take));
  else directly(ways.fail, make, ways.take);
}

function partsFirst(interpreter: Interpreter, node: Expression, scope: Scope, ways: Ways): void {
  const parts = partsOf(node);
  if (parts === undefined) {
    withValues(interpreter, node, [], scope, ways);
    return;
  }
  const last = parts.findLastIndex(awaits);
  inOrder(interpreter, node, parts.slice(0, last + 1), scope, {
    ...ways,
    take: (whole, inner) => directly(ways.fail, () => evaluate(interpreter, whole, inner), ways.take),
  });
}

/** Evaluates parts one after the other; hands on the expression with names in their place, and the scope of these. */
function inOrder(
  interpreter: Interpreter,
  node: Expression,
  parts: readonly Expression[],
  scope: Scope,
  ways: Omit<Ways, 'take'> & { readonly take: (whole: Expression, scope: Scope) => void },
): void {
  const from = (i: number, values: readonly (readonly [Expression, Value])[]): void => {
    const part = parts[i];
    if (part === undefined) {
      const places = new Map(values.map(([of], at) => [of, known(of, at)] as const));
      const inner = scopeOf(
        values.map(([, value]) => value),
        scope,
      );
      ways.take(
        replaced(node, (of) => places.get(of) ?? of),
        inner,
      );
    } else if (part.kind === 'literal' || (part.kind === 'function' && !awaits(part))) from(i + 1, values);
    else
      evaluateSuspended(interpreter, part, scope, {
        task: ways.task,
        fail: ways.fail,
        take: (value) => from(i + 1, [...values, [part, value]]),
      });
  };
  from(0, []);
}

type Part = Expression | SpreadElement | null;

const partOf = (part: Part): readonly Expression[] =>
  part === null ? [] : part.kind === 'spread' ? [part.value] : [part];

/** What is evaluated of a callee in front of the arguments. */
function partsOfCallee({ callee }: CallExpression): readonly Expression[] {
  if (callee.kind !== 'member' && callee.kind !== 'index') return callee.kind === 'super' ? [] : [callee];
  const object = callee.object.kind === 'super' ? [] : [callee.object];
  return callee.kind === 'index' ? [...object, callee.index] : object;
}

const partsOfMember = (member: ObjectMember): readonly Expression[] => [
  ...(member.kind !== 'spread' && member.key.kind === 'computed' ? [member.key.expression] : []),
  ...(member.kind === 'getter' || member.kind === 'setter' ? [] : [member.value]),
];

/** The parts of an expression in the order in which they are evaluated; undefined where not all always are. */
function partsOf(node: Expression): readonly Expression[] | undefined {
  switch (node.kind) {
    case 'call':
      return isShort(node) ? undefined : [...partsOfCallee(node), ...node.args.flatMap(partOf)];
    case 'new':
      return [node.callee, ...node.args.flatMap(partOf)];
    case 'member':
      return node.object.kind === 'super' ? [] : [node.object];
    case 'index':
      return [node.object, node.index];
    case 'array':
      return node.elements.flatMap(partOf);
    case 'object':
      return node.members.flatMap(partsOfMember);
    case 'template':
      return node.tag === undefined ? node.values : undefined;
    case 'binary':
      return [node.left, node.right];
    case 'unary':
      return [node.operand];
    case 'assign':
      return awaits(node.target) ? undefined : [node.value];
    case 'sequence':
      return node.expressions;
    case 'typed':
      return [node.value];
    case 'import':
      return [node.source];
    default:
      return undefined;
  }
}

/** `a?.b(await c)`: what stands behind the question mark may not be evaluated. */
function isShort({ callee, optional }: CallExpression): boolean {
  return optional || ((callee.kind === 'member' || callee.kind === 'index') && callee.optional);
}

/** The expression with others in the place of its parts. */
function replaced(node: Expression, by: (part: Expression) => Expression): Expression {
  const inList = (part: Expression | SpreadElement): Expression | SpreadElement =>
    part.kind === 'spread' ? { ...part, value: by(part.value) } : by(part);
  switch (node.kind) {
    case 'call': {
      const { callee } = node;
      const args = node.args.map(inList);
      if (callee.kind === 'member') return { ...node, args, callee: { ...callee, object: by(callee.object) } };
      if (callee.kind === 'index')
        return { ...node, args, callee: { ...callee, object: by(callee.object), index: by(callee.index) } };
      return { ...node, args, callee: by(callee) };
    }
    case 'new':
      return { ...node, callee: by(node.callee), args: node.args.map(inList) };
    case 'member':
      return { ...node, object: by(node.object) };
    case 'index':
      return { ...node, object: by(node.object), index: by(node.index) };
    case 'array':
      return { ...node, elements: node.elements.map((element) => (element === null ? null : inList(element))) };
    case 'object':
      return { ...node, members: node.members.map((member) => replacedMember(member, by)) };
    case 'template':
      return { ...node, values: node.values.map(by) };
    case 'binary':
      return { ...node, left: by(node.left), right: by(node.right) };
    case 'unary':
      return { ...node, operand: by(node.operand) };
    case 'assign':
    case 'typed':
      return { ...node, value: by(node.value) };
    case 'sequence':
      return { ...node, expressions: node.expressions.map(by) };
    case 'import':
      return { ...node, source: by(node.source) };
    default:
      return node;
  }
}

function replacedMember(member: ObjectMember, by: (part: Expression) => Expression): ObjectMember {
  if (member.kind === 'spread') return { ...member, value: by(member.value) };
  const key = member.key.kind === 'computed' ? { ...member.key, expression: by(member.key.expression) } : member.key;
  return member.kind === 'property' ? { ...member, key, value: by(member.value) } : { ...member, key };
}
