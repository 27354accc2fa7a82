/**
 * State machines as TypeScript writes them of functions that await, read back as loops, conditions and tries:
 *
 *     return __generator(this, function (_a) {
 *       switch (_a.label) {
 *         case 0: if (!c) return [3, 2];       // jump
 *           return [4, f()];                   // await
 *         case 1: x = _a.sent(); _a.label = 2;
 *         case 2: return [2, x];               // return
 *       }
 *     });
 *
 * Each jump has to be of a form whose meaning is certain; else the whole is given up, and stays a call of `__generator`.
 */
import type { Expression, Statement } from '../../program/nodes';
import { type Context, rangeOf } from '../context';
import { convertExpression } from '../expressions';
import { convertStatements } from '../statements';
import { ts } from '../typescript';
import { bare, isHelperCall } from './names';

const K = ts.SyntaxKind;

export interface Machine {
  /** The parameter that holds the state: `_a`. */
  readonly name: string;
  /** What stands before it: declarations of its variables. */
  readonly before: readonly ts.Statement[];
  readonly steps: readonly ts.Statement[];
  /** Where in `steps` the case of each label begins. */
  readonly labels: ReadonlyMap<number, number>;
}

/** The machine that a function's body is. */
export function machineIn({ body }: ts.FunctionExpression): Machine | undefined {
  const last = body.statements.at(-1);
  if (last === undefined || !ts.isReturnStatement(last) || last.expression === undefined) return undefined;
  const call = bare(last.expression);
  if (!isHelperCall(call, '__generator')) return undefined;
  const run = call.arguments[1] && bare(call.arguments[1]);
  if (run === undefined || !ts.isFunctionExpression(run)) return undefined;
  const parameter = run.parameters[0]?.name;
  if (parameter === undefined || !ts.isIdentifier(parameter)) return undefined;
  const before = body.statements.slice(0, -1);
  const name = parameter.text;
  const steps = [...run.body.statements];
  const [only] = steps;
  if (
    steps.length !== 1 ||
    only === undefined ||
    !ts.isSwitchStatement(only) ||
    !isMember(only.expression, name, 'label')
  )
    return { name, before, steps, labels: new Map() };
  const flat: ts.Statement[] = [];
  const labels = new Map<number, number>();
  for (const clause of only.caseBlock.clauses) {
    if (!ts.isCaseClause(clause) || !ts.isNumericLiteral(clause.expression)) return undefined;
    labels.set(Number(clause.expression.text), flat.length);
    flat.push(...clause.statements);
  }
  return { name, before, steps: flat, labels };
}

function isMember(node: ts.Node, object: string, property: string): boolean {
  return (
    ts.isPropertyAccessExpression(node) &&
    node.name.text === property &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === object
  );
}

/** The variable that holds what the last await gave. No program can name it. */
export const sentOf = (name: string): string => `${name}.sent`;

/** `_a.sent()` */
export function isSent(node: ts.CallExpression, name: string): boolean {
  return node.arguments.length === 0 && isMember(node.expression, name, 'sent');
}

class Unreadable extends Error {}

/** The statements that the machine was made of; undefined where it cannot be read. */
export function convertMachine(context: Context, machine: Machine): Statement[] | undefined {
  try {
    const before = convertStatements(context, machine.before);
    return [...before, ...new Reader(context, machine).range(0, machine.steps.length, [])];
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return undefined;
  }
}

interface Loop {
  readonly label: string;
  /** Where a jump goes on with the loop, and where it leaves it. */
  readonly head: number;
  readonly after: number;
}

/** `return [code, value]` */
interface Instruction {
  readonly code: number;
  readonly value: ts.Expression | undefined;
}

const RETURN = 2;
const JUMP = 3;
const AWAIT = 4;
const END_FINALLY = 7;

function instructionOf(node: ts.Statement): Instruction | undefined {
  if (!ts.isReturnStatement(node) || node.expression === undefined) return undefined;
  const list = bare(node.expression);
  if (!ts.isArrayLiteralExpression(list)) return undefined;
  const [code, value, ...more] = list.elements;
  return code !== undefined && ts.isNumericLiteral(code) && more.length === 0
    ? { code: Number(code.text), value }
    : undefined;
}

class Reader {
  readonly #context: Context;
  readonly #machine: Machine;

  constructor(context: Context, machine: Machine) {
    this.#context = context;
    this.#machine = machine;
  }

  /** The steps [from, to). A jump to `to` as the last of them falls through. */
  range(from: number, to: number, loops: readonly Loop[], noLoopAt = -1): Statement[] {
    const { steps } = this.#machine;
    const out: Statement[] = [];
    for (let i = from; i < to; ) {
      const step = steps[i] as ts.Statement;
      const back = i === noLoopAt ? undefined : this.#lastJumpBack(i, to);
      if (back !== undefined) {
        out.push(this.#loop(i, back, loops));
        i = back + 1;
        continue;
      }
      const region = this.#tryAt(step);
      if (region !== undefined) {
        out.push(this.#try(i, region, to, loops));
        i = region.end;
        continue;
      }
      const skip = this.#skipAt(step);
      if (skip !== undefined && skip.to > i && skip.to <= to && !isLoopEnd(skip.to, loops)) {
        const [statement, next] = this.#condition(i, skip, to, loops);
        out.push(statement);
        i = next;
        continue;
      }
      const target = this.#jumpOf(step);
      if (target !== undefined) {
        // What follows a jump is reached by jumps alone, and each of those is looked at where it stands.
        if (target === to && i === to - 1) return out;
        out.push(this.#leave(step, target, loops));
      } else out.push(...this.#plain(step, i, loops));
      i += 1;
    }
    return out;
  }

  #indexOf(label: number): number {
    const index = this.#machine.labels.get(label);
    if (index === undefined) throw new Unreadable();
    return index;
  }

  /** Where `return [3, label]` goes. */
  #jumpOf(step: ts.Statement): number | undefined {
    const instruction = instructionOf(step);
    if (instruction?.code !== JUMP) return undefined;
    const { value } = instruction;
    if (value === undefined || !ts.isNumericLiteral(value)) throw new Unreadable();
    return this.#indexOf(Number(value.text));
  }

  /** `if (test) return [3, label]` */
  #skipAt(step: ts.Statement): { readonly test: ts.Expression; readonly to: number } | undefined {
    if (!ts.isIfStatement(step) || step.elseStatement !== undefined) return undefined;
    const to = this.#jumpOf(step.thenStatement);
    return to === undefined ? undefined : { test: step.expression, to };
  }

  /** The last step before `to` that jumps back to `head`, at the top level or behind a condition of its own. */
  #lastJumpBack(head: number, to: number): number | undefined {
    const { steps } = this.#machine;
    for (let i = to - 1; i >= head; i -= 1) {
      const step = steps[i] as ts.Statement;
      if ((this.#jumpOf(step) ?? this.#skipAt(step)?.to) === head) return i;
    }
    return undefined;
  }

  #loop(head: number, back: number, loops: readonly Loop[]): Statement {
    const { steps } = this.#machine;
    const first = steps[head] as ts.Statement;
    const last = steps[back] as ts.Statement;
    const { start } = rangeOf(this.#context, first);
    const { end } = rangeOf(this.#context, last);
    const loop: Loop = { label: `${this.#machine.name}.loop${head}`, head, after: back + 1 };
    const inner = [...loops, loop];
    const place = { start, end };
    const whole = (body: Statement): Statement => ({ kind: 'labeled', ...place, label: loop.label, body });
    const exit = this.#skipAt(first);
    if (exit !== undefined && exit.to === back + 1 && this.#jumpOf(last) === head) {
      const test = this.#not(exit.test);
      const body: Statement = { kind: 'block', ...place, body: this.range(head + 1, back, inner) };
      return whole({ kind: 'while', ...place, test, body });
    }
    const again = this.#skipAt(last);
    // From elsewhere in the body the head could be reached past the test only: then it is no loop that can be written so.
    const around = again === undefined ? inner : [...loops, { ...loop, head: -1 }];
    const body: Statement = { kind: 'block', ...place, body: this.range(head, back, around, head) };
    const test: Expression =
      again === undefined
        ? { kind: 'literal', start, end: start, value: true }
        : convertExpression(this.#context, again.test);
    return whole({ kind: 'doWhile', ...place, test, body });
  }

  #not(test: ts.Expression): Expression {
    const inner = bare(test);
    if (ts.isPrefixUnaryExpression(inner) && inner.operator === K.ExclamationToken)
      return convertExpression(this.#context, inner.operand);
    const operand = convertExpression(this.#context, inner);
    return { kind: 'unary', start: operand.start, end: operand.end, operator: '!', operand };
  }

  /** `if`, with an `else` where the last step of the first branch jumps past the second. */
  #condition(
    at: number,
    skip: { readonly test: ts.Expression; readonly to: number },
    to: number,
    loops: readonly Loop[],
  ): readonly [Statement, number] {
    const { steps } = this.#machine;
    const { start } = rangeOf(this.#context, steps[at] as ts.Statement);
    const last = skip.to - 1 > at ? this.#jumpOf(steps[skip.to - 1] as ts.Statement) : undefined;
    const otherwise = last !== undefined && last > skip.to && last <= to && !isLoopEnd(last, loops) ? last : undefined;
    const test = this.#not(skip.test);
    const block = (from: number, until: number, end: number): Statement => ({
      kind: 'block',
      start,
      end,
      body: this.range(from, until, loops),
    });
    const { end } = rangeOf(this.#context, steps[(otherwise ?? skip.to) - 1] as ts.Statement);
    const then = block(at + 1, otherwise === undefined ? skip.to : skip.to - 1, end);
    const alternative = otherwise === undefined ? undefined : block(skip.to, otherwise, end);
    return [{ kind: 'if', start, end, test, then, else: alternative }, otherwise ?? skip.to];
  }

  /** A jump that a loop around understands. */
  #leave(node: ts.Node, target: number, loops: readonly Loop[]): Statement {
    const { start, end } = rangeOf(this.#context, node);
    const onward = loops.find((loop) => loop.head === target);
    if (onward !== undefined) return { kind: 'continue', start, end, label: onward.label };
    const left = loops.find((loop) => loop.after === target);
    if (left !== undefined) return { kind: 'break', start, end, label: left.label };
    throw new Unreadable();
  }

  // ------------------------------------------------------------ tries

  /** `_a.trys.push([begin, handler, finalizer, end])` */
  #tryAt(
    step: ts.Statement,
  ): { readonly handler?: number; readonly finalizer?: number; readonly end: number } | undefined {
    if (!ts.isExpressionStatement(step) || !ts.isCallExpression(step.expression)) return undefined;
    const { expression: callee, arguments: args } = step.expression;
    if (!ts.isPropertyAccessExpression(callee) || !isMember(callee.expression, this.#machine.name, 'trys'))
      return undefined;
    const [list] = args;
    if (list === undefined || !ts.isArrayLiteralExpression(list)) throw new Unreadable();
    const [, handler, finalizer, end] = list.elements.map((e) =>
      ts.isNumericLiteral(e) ? this.#indexOf(Number(e.text)) : undefined,
    );
    if (end === undefined) throw new Unreadable();
    return { end, ...(handler !== undefined && { handler }), ...(finalizer !== undefined && { finalizer }) };
  }

  #try(
    at: number,
    region: { readonly handler?: number; readonly finalizer?: number; readonly end: number },
    to: number,
    loops: readonly Loop[],
  ): Statement {
    const { handler, finalizer, end } = region;
    if (end > to) throw new Unreadable();
    const { steps } = this.#machine;
    const from = rangeOf(this.#context, steps[at] as ts.Statement).start;
    const place = { start: from, end: rangeOf(this.#context, steps[end - 1] as ts.Statement).end };
    const part = (first: number, until: number) => {
      // Both parts end with a jump to the end of the whole.
      const last = this.#jumpOf(steps[until - 1] as ts.Statement);
      const body = this.range(first, last === end ? until - 1 : until, loops);
      return { kind: 'block', ...place, body } as const;
    };
    const block = part(at + 1, handler ?? finalizer ?? end);
    const caught = handler === undefined ? undefined : part(handler, finalizer ?? end);
    const last = finalizer === undefined ? undefined : part(finalizer, end);
    const error = { kind: 'identifierPattern', start: from, end: from, name: sentOf(this.#machine.name) } as const;
    return {
      kind: 'try',
      ...place,
      block,
      handler: caught && { parameter: error, body: caught },
      finalizer: last,
    };
  }

  // ------------------------------------------------------------ single steps

  #plain(step: ts.Statement, at: number, loops: readonly Loop[]): readonly Statement[] {
    const { start, end } = rangeOf(this.#context, step);
    const instruction = instructionOf(step);
    if (instruction?.code === AWAIT) return [this.#await(instruction, start, end)];
    if (instruction?.code === RETURN) {
      const value = instruction.value && convertExpression(this.#context, instruction.value);
      return [{ kind: 'return', start, end, value }];
    }
    if (instruction?.code === END_FINALLY) return [];
    if (instruction !== undefined) throw new Unreadable();
    const next = this.#labelSet(step);
    if (next !== undefined) {
      if (next !== at + 1) throw new Unreadable();
      return [];
    }
    return this.#nested(step, loops);
  }

  /** `_a.label = n` */
  #labelSet(step: ts.Statement): number | undefined {
    if (!ts.isExpressionStatement(step) || !ts.isBinaryExpression(step.expression)) return undefined;
    const { left, right } = step.expression;
    if (!isMember(left, this.#machine.name, 'label')) return undefined;
    if (!ts.isNumericLiteral(right)) throw new Unreadable();
    return this.#indexOf(Number(right.text));
  }

  #await({ value }: Instruction, start: number, end: number): Statement {
    const awaited: Expression = {
      kind: 'await',
      start,
      end,
      value:
        value === undefined
          ? { kind: 'literal', start, end: start, value: undefined }
          : convertExpression(this.#context, value),
    };
    const name = sentOf(this.#machine.name);
    const pattern = { kind: 'identifierPattern', start, end: start, name } as const;
    const declaration = { kind: 'declaration', start, end, pattern, value: awaited } as const;
    return { kind: 'variables', start, end, mode: 'var', declarations: [declaration], exported: false };
  }

  /** Statements that hold no await: only their returns and their jumps out of loops are instructions. */
  #nested(step: ts.Statement, loops: readonly Loop[]): readonly Statement[] {
    const { start, end } = rangeOf(this.#context, step);
    if (ts.isIfStatement(step)) {
      const test = convertExpression(this.#context, step.expression);
      const then = this.#block(step.thenStatement, loops);
      const otherwise = step.elseStatement && this.#block(step.elseStatement, loops);
      return [{ kind: 'if', start, end, test, then, else: otherwise }];
    }
    if (ts.isBlock(step)) return [this.#block(step, loops)];
    if (ts.isReturnStatement(step)) {
      const target = this.#jumpOf(step);
      if (target !== undefined) return [this.#leave(step, target, loops)];
      const instruction = instructionOf(step);
      if (instruction?.code !== RETURN) throw new Unreadable();
      const value = instruction.value && convertExpression(this.#context, instruction.value);
      return [{ kind: 'return', start, end, value }];
    }
    if (returnsWithin(step)) throw new Unreadable();
    return convertStatements(this.#context, [step]);
  }

  #block(node: ts.Statement, loops: readonly Loop[]): Statement {
    const { start, end } = rangeOf(this.#context, node);
    const statements = ts.isBlock(node) ? node.statements : [node];
    return { kind: 'block', start, end, body: statements.flatMap((step) => this.#nested(step, loops)) };
  }
}

/** A jump to there means a loop around, whatever stands in between. */
const isLoopEnd = (target: number, loops: readonly Loop[]): boolean => loops.some((loop) => loop.after === target);

/** Whether a return of this function stands in the statement: one of a loop, a switch, a try without awaits. */
function returnsWithin(node: ts.Node): boolean {
  if (ts.isReturnStatement(node)) return true;
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) return false;
  return ts.forEachChild(node, (child) => returnsWithin(child) || undefined) === true;
}
