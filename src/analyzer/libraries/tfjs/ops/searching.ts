/** Counting, searching and comparing values. */
import { certainlyDiffer, certainlyLess } from '../../../shapes/bounds';
import { type Dim, showDim } from '../../../shapes/dim';
import { axis, showShape, sizeOf } from '../../../shapes/shape';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import type { PlainTensor } from '../../plain';
import { checkRank, rankOf } from './axes';
import { operand } from './operands';
import { no, row } from './row';

function bincount(name: string) {
  return (call: OpCall) => {
    const x = operand(call, name, 'x');
    const weights = operand(call, name, 'weights');
    if (x.dtype !== undefined && x.dtype !== 'int32')
      no(
        'dtype',
        `${name} counts int32 values, not ${x.dtype}`,
        `Error in ${name}: input dtype must be int32, but got ${x.dtype}`,
        'x',
      );
    const rank = rankOf(x);
    if (name === 'denseBincount' && rank !== undefined && rank > 2)
      no(
        'rank',
        `denseBincount wants rank 2 at most, not ${rank}`,
        `Error in denseBincount: input must be at most rank 2, but got rank ${rank}.`,
        'x',
      );
    const size = call.get('size');
    if (size === undefined || (typeof size === 'number' && size < 0))
      no('option', `${name} needs a size of 0 or more`, 'size must be non-negative, but got', 'size');
    const [a, b] = [sizeOf(x.shape), sizeOf(weights.shape)];
    if (certainlyDiffer(a, b) && certainlyDiffer(b, 0))
      no(
        'broadcast',
        `${showDim(a)} values, but ${showDim(b)} weights`,
        `Error in ${name}: weights must have the same`,
        'weights',
      );
    if (name === 'denseBincount' && rank === 0) no('rank', 'denseBincount wants a vector or a matrix', undefined, 'x');
    const counts = axis(call.size('size'));
    if (name === 'bincount') return tensor([counts], weights.dtype);
    return tensor(x.shape === null ? null : [...x.shape.slice(0, -1), counts], weights.dtype);
  };
}

function searchSorted(name: string) {
  return (call: OpCall) => {
    const op = 'searchSorted';
    const sequence = operand(call, op, 'sortedSequence');
    const values = operand(call, op, 'values');
    for (const [t, param] of [
      [sequence, 'sortedSequence'],
      [values, 'values'],
    ] as const) {
      if (rankOf(t) === 0) no('rank', `${name} wants ${param} of rank 1 or more`, undefined, param);
    }
    const rows = (t: PlainTensor): Dim => sizeOf(t.shape === null ? null : t.shape.slice(0, -1));
    const [a, b] = [rows(sequence), rows(values)];
    if (certainlyDiffer(a, b))
      no(
        'broadcast',
        `${name}: ${showDim(a)} sorted rows for ${showDim(b)} rows of values`,
        "Leading dimension of 'sortedSequence' and 'values' must match.",
        'values',
      );
    const last = values.shape?.[values.shape.length - 1];
    return tensor([axis(values.shape === null ? '?' : b), last ?? axis('?')], 'int32');
  };
}
export const searchingOps: readonly OpSpec[] = [
  row('bincount', 'x weights size', bincount('bincount')),
  row('denseBincount', 'x weights size binaryOutput', bincount('denseBincount')),
  row('searchSorted', 'sortedSequence values side', searchSorted('searchSorted')),
  row('lowerBound', 'sortedSequence values', searchSorted('lowerBound')),
  row('upperBound', 'sortedSequence values', searchSorted('upperBound')),
  row(
    'setdiff1dAsync',
    'x y',
    (call) => {
      const x = operand(call, 'setdiff1d', 'x');
      const y = operand(call, 'setdiff1d', 'y');
      if (x.dtype !== undefined && y.dtype !== undefined && x.dtype !== y.dtype)
        no(
          'dtype',
          `setdiff1d wants one dtype, not ${x.dtype} and ${y.dtype}`,
          `x and y should have the same dtype, but got x (${x.dtype}) and y (${y.dtype}).`,
        );
      checkRank(x, [1], 'setdiff1d', 'x should be 1D tensor, but got x (');
      checkRank(y, [1], 'setdiff1d', 'y should be 1D tensor, but got y (', 'y');
      return { kind: 'list', tensors: [tensor([axis('?')], x.dtype), tensor([axis('?')], 'int32')] };
    },
    { async: true },
  ),
  row(
    'inTopKAsync',
    'predictions targets k',
    (call) => {
      const predictions = operand(call, 'inTopK', 'predictions');
      const targets = operand(call, 'inTopK', 'targets');
      const [a, b] = [rankOf(predictions), rankOf(targets)];
      if (a !== undefined && a <= 1)
        no(
          'rank',
          `inTopK wants predictions of rank 2 or more, not ${a}`,
          'inTopK() expects the predictions to be of rank 2',
          'predictions',
        );
      if (a !== undefined && b !== undefined && a - 1 !== b)
        no(
          'rank',
          `inTopK wants targets of rank ${a - 1}, not ${b}`,
          'predictions rank should be 1 larger than targets rank',
          'targets',
        );
      const rows = predictions.shape?.slice(0, -1);
      if (rows?.some((r, i) => certainlyDiffer(r.dim, targets.shape?.[i]?.dim ?? '?')))
        no(
          'broadcast',
          `targets ${showShape(targets.shape)} for predictions ${showShape(predictions.shape)}`,
          "predictions's shape should be align with the targets' shape",
          'targets',
        );
      const k = call.get('k');
      const classes = predictions.shape?.[predictions.shape.length - 1]?.dim;
      if (typeof k === 'number' && (k <= 0 || (classes !== undefined && certainlyLess(classes, k))))
        no(
          'slice-range',
          `inTopK of ${k} out of ${showDim(classes ?? '?')} classes`,
          "'k' passed to inTopK() must be > 0 && <= the predictions last dimension",
          'k',
        );
      return tensor(targets.shape ?? rows ?? null, 'bool');
    },
    { async: true },
  ),
];
