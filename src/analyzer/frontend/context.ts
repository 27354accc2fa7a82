import type { ErrorExpression, Range, TypeNode } from '../program/nodes';
import { syntaxErrors, tokenStart, type ts } from './typescript';

/** What the converters of one file share. */
export interface Context {
  readonly source: ts.SourceFile;
  /** Whether the parser had to guess. */
  readonly broken: boolean;
  /** Module specifiers seen so far, in order of appearance. */
  readonly imports: Set<string>;
  /** JSDoc that stands at a declaration but speaks of the function that is its value. */
  readonly docs: Map<ts.Node, readonly ts.JSDoc[]>;
  /** The start of the node converted last: parents come before children, so no child begins before it. */
  floor: number;
  /** Full start of the node whose start is `floor`: nested nodes often begin at the same place. */
  floorPosition: number;
  /** In a class that was compiled for ES5: the name of what it extends. */
  superclass: string | undefined;
  /** In an async function that was compiled: what its awaits became. */
  awaits: Awaits | undefined;
}

/** `yield x` of a generator, or the states of a machine, whose parameter has the name. */
export type Awaits = { readonly kind: 'yields' } | { readonly kind: 'states'; readonly name: string };

export function createContext(source: ts.SourceFile): Context {
  return {
    source,
    broken: syntaxErrors(source).length > 0,
    imports: new Set(),
    docs: new Map(),
    floor: 0,
    floorPosition: -1,
    superclass: undefined,
    awaits: undefined,
  };
}

/**
 * Where `node` starts in the file, after its leading comments and spaces. To be called on a parent before its children.
 * A node that the parser made up for missing code has no text: it starts where it was missed, inside its parent.
 */
export function startOf(context: Context, node: ts.Node): number {
  if (node.pos === node.end) return Math.max(node.pos, context.floor);
  if (node.pos !== context.floorPosition) {
    context.floor = tokenStart(node, context.source);
    context.floorPosition = node.pos;
  }
  return context.floor;
}

export function rangeOf(context: Context, node: ts.Node): Range {
  const start = startOf(context, node);
  return { start, end: Math.max(start, node.end) };
}

export function textOf(context: Context, node: ts.Node): string {
  const { start, end } = rangeOf(context, node);
  return context.source.text.slice(start, end);
}

export function errorNode(context: Context, node: ts.Node): ErrorExpression {
  const { start, end } = rangeOf(context, node);
  return { kind: 'error', start, end, text: context.source.text.slice(start, end) };
}

/** An optional property: present only where there is a type. */
export function typed(type: TypeNode | undefined): { readonly type?: TypeNode } {
  return type === undefined ? {} : { type };
}
