import { type Dim, showDim } from '../shapes/dim';
import type { Rule } from './rule';

export const shapeCommentContradicted: Rule = {
  id: 'NL123',
  name: 'shape-comment-contradicted',
  severity: 'warning',
  summary: 'An `@shape` comment says another shape than the value has',
  check(trace, report) {
    for (const { at, tensor, said, inferred, certain } of trace.of('shapeContradicted')) {
      if (!certain) continue;
      const [comment, value] = [show(said), show(inferred)];
      report({
        at,
        message: `this comment says ${comment}, but the value is ${value}`,
        advice:
          'An `@shape` comment tells Normlens and its readers what only its author knows. Where the shape follows from the code, the code is right: correct the comment, or take it out.',
        facts: { said: comment, inferred: value },
        related: tensor.producer === undefined ? [] : [{ at: tensor.producer.at, message: `${value} is made here` }],
      });
    }
  },
};

function show(dims: readonly Dim[]): string {
  return `[${dims.map(showDim).join(',')}]`;
}
