import type { Interpreter } from '../interpreter/interpreter';
import type { Observer } from '../interpreter/observer';
import type { Scope, Variable } from '../interpreter/scope';
import type { Value } from '../interpreter/values/values';
import type { Expression, Pattern, ProgramFile } from '../program/nodes';
import { children, type ProgramNode } from '../program/walk';
import type { Place } from '../trace/facts';

type Named = Extract<Pattern, { kind: 'identifierPattern' }>;
/** What has a value to tell: an expression, or a name that is declared or assigned. */
export type Watched = Expression | Named;

const EXPRESSIONS: ReadonlySet<string> = new Set<Expression['kind']>([
  'literal',
  'template',
  'identifier',
  'this',
  'array',
  'object',
  'class',
  'unary',
  'update',
  'binary',
  'logical',
  'assign',
  'conditional',
  'call',
  'new',
  'member',
  'index',
  'sequence',
  'await',
  'yield',
  'import',
  'typed',
]);

function isWatched(node: ProgramNode): node is Watched {
  return node.kind === 'identifierPattern' || EXPRESSIONS.has(node.kind);
}

/** What covers an offset, innermost first: within the innermost function, since what is around it is another matter. */
export function watchedAt(program: ProgramFile, offset: number): readonly Watched[] {
  const at = inWord(program.text, offset);
  const found: Watched[] = [];
  let below: readonly ProgramNode[] = program.body;
  for (let node = cover(below, at); node !== undefined; node = cover(below, at)) {
    if (node.kind === 'function') found.length = 0;
    if (isWatched(node)) found.unshift(node);
    below = children(node);
  }
  return found;
}

/** The last of several that cover the offset: `{ a }` binds and reads at one place. */
function cover(nodes: readonly ProgramNode[], at: number): ProgramNode | undefined {
  return nodes.findLast((node) => node.start <= at && at < node.end);
}

/** Right behind a word is still that word, as in editors. */
function inWord(text: string, offset: number): number {
  const word = /[\p{L}\p{N}_$]/u;
  return offset > 0 && !word.test(text[offset] ?? '') && word.test(text[offset - 1] ?? '') ? offset - 1 : offset;
}

/** Names that are bound between two offsets, and the outermost expressions there whose value no name takes. */
export function watchedBetween(program: ProgramFile, start: number, end: number): readonly Watched[] {
  const found: Watched[] = [];
  const look = (node: ProgramNode): void => {
    if (node.end <= start || node.start >= end) return;
    if (node.start >= start && isWatched(node) && node.kind !== 'literal') {
      found.push(node);
      if (node.kind !== 'assign' || node.target.kind !== 'identifierPattern') return;
      found.pop();
    }
    const named = node.kind === 'declaration' || node.kind === 'assign';
    const { pattern, value } =
      node.kind === 'declaration' ? node : named ? { pattern: node.target, value: node.value } : NO_BINDING;
    for (const child of children(node)) {
      // The value of `const x = value` is told at x, but for what stands on further lines or in functions.
      if (child === value && pattern !== undefined && pattern.start >= start && pattern.kind === 'identifierPattern') {
        continue;
      }
      look(child);
    }
  };
  for (const statement of program.body) look(statement);
  return found;
}

const NO_BINDING = { pattern: undefined, value: undefined };

/** One evaluation of what is watched. */
export type Seen = (interpreter: Interpreter, node: Watched, value: Value, boundAt: Place | undefined) => void;

/** Hands on what happens at the watched nodes, and remembers where names were bound. */
export class Watch implements Observer {
  readonly #nodes: ReadonlySet<object>;
  readonly #seen: Seen;
  readonly #bound = new Map<Variable, Place>();

  constructor(nodes: readonly Watched[], seen: Seen) {
    this.#nodes = new Set(nodes);
    this.#seen = seen;
  }

  evaluated(interpreter: Interpreter, node: Expression, scope: Scope, value: Value): void {
    if (!this.#nodes.has(node)) return;
    const variable = node.kind === 'identifier' ? scope.lookup(node.name) : undefined;
    this.#seen(interpreter, node as Watched, value, variable === undefined ? undefined : this.#bound.get(variable));
  }

  bound(interpreter: Interpreter, pattern: Named, scope: Scope, value: Value): void {
    const variable = scope.lookup(pattern.name);
    if (variable !== undefined)
      this.#bound.set(variable, { file: scope.frame.file, start: pattern.start, end: pattern.end });
    if (this.#nodes.has(pattern)) this.#seen(interpreter, pattern, value, undefined);
  }
}
