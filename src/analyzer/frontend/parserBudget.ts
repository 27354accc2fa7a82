/**
 * A bound on the parser's work. Where code is ambiguous (`a < (b = …`, `(async (…`) TypeScript's parser reads it in more
 * than one way, and nested such places cost 2ⁿ: twenty of them are minutes. The parser cannot be interrupted, but it
 * asks an allocator for every node; ours counts them.
 */
import type { ts } from './typescript';

/** The text made the parser try too many readings. */
export class ParserBudgetError extends Error {}

/** Of the compiler, as are its instances. */
export type NodeConstructor = new (kind: ts.SyntaxKind, pos: number, end: number) => ts.Node;

const getters = ['getNodeConstructor', 'getTokenConstructor', 'getIdentifierConstructor'] as const;

/** The compiler's node allocator, which is not among its public types. */
export type Allocator = Record<(typeof getters)[number], () => NodeConstructor>;

/** Nodes that a text may take. Measured: up to 0.55 a character in real code, minified too, and 2.3 in `a<b;a<b;…`. */
export function nodeBudget(text: string): number {
  return 50_000 + 5 * text.length;
}

let budget = Number.POSITIVE_INFINITY;

/** Runs `parse`, which throws a ParserBudgetError once it has made more than `limit` nodes. */
export function withBudget<T>(allocator: Allocator, limit: number, parse: () => T): T {
  const saved = getters.map((getter) => [getter, allocator[getter]] as const);
  for (const [getter, get] of saved) {
    const Counted = counted(get());
    allocator[getter] = () => Counted;
  }
  budget = limit;
  try {
    return parse();
  } finally {
    for (const [getter, get] of saved) allocator[getter] = get;
  }
}

const countedConstructors = new Map<NodeConstructor, NodeConstructor>();

function counted(Base: NodeConstructor): NodeConstructor {
  const known = countedConstructors.get(Base);
  if (known) return known;
  class Counted extends Base {
    constructor(kind: ts.SyntaxKind, pos: number, end: number) {
      super(kind, pos, end);
      if (--budget < 0) throw new ParserBudgetError();
    }
  }
  countedConstructors.set(Base, Counted);
  return Counted;
}
