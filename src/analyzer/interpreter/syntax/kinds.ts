import type { Expression } from '../../program/nodes';
import { visit } from '../../program/walk';

/** Names that speak of what kind of thing a value is: `x.rank`, `this.isMultiOutput`. */
const KINDS = /^(?:rank|shape|length|dtype|size|(?:is|has)[A-Z].*)$/;

/**
 * Whether a condition asks what kind of thing a value is (`isMatrix(y)`, `x.rank === 2`): where it left early, what follows
 * holds for the other kinds only, while `if (!model) return` says nothing of shapes.
 */
export function asksForKind(test: Expression): boolean {
  let asks = false;
  visit(test, (node) => {
    asks ||=
      node.kind === 'call' ||
      (node.kind === 'binary' && node.operator === 'instanceof') ||
      (node.kind === 'unary' && node.operator === 'typeof');
    asks ||= node.kind === 'member' && KINDS.test(node.property);
    asks ||= node.kind === 'identifier' && KINDS.test(node.name);
    return node.kind !== 'function';
  });
  return asks;
}
