import { showShape } from '../shapes/shape';
import type { OpFact, TensorFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { setArgument } from './edits';
import { flatReductionOf, isBinary, pair } from './provenance';
import type { Fix, Rule } from './rule';
import { apiOf } from './words';

export const momentsBroadcast: Rule = {
  id: 'NL111',
  name: 'moments-broadcast',
  severity: 'error',
  summary: 'A mean or variance without keepDims meets its source so that an axis lands on another one',
  check(trace, report) {
    for (const op of trace.of('op')) {
      if (!isBinary(op)) continue;
      const both = pair(op);
      if (both === undefined) continue;
      const [a, b] = both;
      const meeting = meetingOf(a, b) ?? meetingOf(b, a);
      if (meeting === undefined) continue;
      const { axis, reduction } = meeting;
      const [big, small] = [showShape(meeting.source.shape), showShape(meeting.reduced.shape)];
      report({
        at: op.at,
        about: op,
        message: `${small} from ${apiOf(reduction)} lands on the wrong axes of ${big}: axis ${axis.of} meets axis ${axis.on}`,
        advice: `Broadcasting aligns shapes at the last axis, so a reduction that drops axes no longer lies over the axes it came from: axis ${axis.of} of the source is combined with axis ${axis.on}. Where the sizes happen to agree nothing fails and the numbers are wrong; else TensorFlow.js throws. Keep the reduced axes at size 1: \`keepDims\` = \`true\`.`,
        facts: { source: big, reduced: small, axis: axis.of, meets: axis.on },
        related: [{ at: reduction.at, message: 'reduced here without keepDims' }],
        fixes: keepDims(trace, reduction),
      });
    }
  },
};

interface Meeting {
  readonly source: TensorFact;
  readonly reduced: TensorFact;
  readonly reduction: OpFact;
  readonly axis: Misplaced;
}

/** A reduction without keepDims that meets a source so that an axis lands on another one. */
function meetingOf(source: TensorFact, reduced: TensorFact): Meeting | undefined {
  const axis = misplaced(source, reduced);
  const reduction = axis === undefined ? undefined : flatReductionOf(reduced);
  return axis === undefined || reduction === undefined ? undefined : { source, reduced, reduction, axis };
}

interface Misplaced {
  readonly of: number;
  readonly on: number;
}

/** An axis of the reduced tensor that broadcasting puts on another axis of the source, while the source has that very axis. */
function misplaced(source: TensorFact, reduced: TensorFact): Misplaced | undefined {
  const [big, small] = [source.shape, reduced.shape];
  if (big === null || small === null || small.length === 0 || small.length >= big.length) return undefined;
  for (const [i, axis] of small.entries()) {
    const on = big.length - small.length + i;
    const met = big[on];
    if (met === undefined || met.id === axis.id || axis.dim === 1 || met.dim === 1) continue;
    const of = big.findIndex((other) => other.id === axis.id);
    if (of >= 0) return { of, on };
  }
  return undefined;
}

const KEEP_DIMS_POSITION = new Map([
  ['moments', 2],
  ['norm', 3],
  ['euclideanNorm', 2],
]);

function keepDims(trace: Trace, reduction: OpFact): readonly Fix[] {
  const position = KEEP_DIMS_POSITION.get(reduction.name) ?? 2;
  const edit = setArgument(trace, reduction, 'keepDims', 'true', position);
  if (edit === undefined) return [];
  return [{ title: 'Keep the reduced axes: keepDims = true (the result changes)', safe: false, edits: [edit] }];
}
