/** What picks elements by index or by value: of the latter, only the data know how many. */
import { certainlyDiffer, certainlyLess } from '../../../shapes/bounds';
import { type Dim, showDim } from '../../../shapes/dim';
import { axis, resized, type Shape, showShape, sizeOf, unknownOfRank } from '../../../shapes/shape';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import { parseAxes, rankOf, someAxisChanged } from './axes';
import { isAbsent, operand } from './operands';
import { METHOD, no, row } from './row';

function gather(call: OpCall) {
  const x = operand(call, 'gather', 'x');
  const indices = operand(call, 'gather', 'indices', { as: 'int32' });
  const raw = call.get('axis');
  const axes = parseAxes(raw === undefined ? 0 : raw, rankOf(x));
  const batchDims = call.get('batchDims');
  return tensor(gatheredShape(x.shape, indices.shape, axes?.[0], isAbsent(batchDims) ? 0 : batchDims), x.dtype);
}

function gatheredShape(x: Shape, indices: Shape, at: number | undefined, batchDims: unknown): Shape {
  if (x === null || indices === null || typeof batchDims !== 'number') return null;
  const rank = indices.length;
  if (batchDims !== 0 && (batchDims < -rank || batchDims > rank))
    no(
      'axis-range',
      `gather: batchDims ${batchDims} for indices of rank ${rank}`,
      `Expect batchDims in the range of [-${rank}, ${rank}], but got ${batchDims}`,
      'batchDims',
    );
  const batch = batchDims < 0 ? batchDims + rank : batchDims;
  if (batch > x.length)
    no(
      'axis-range',
      `gather: batchDims ${batch} of a tensor of rank ${x.length}`,
      `batchDims (${batch}) must be less than rank(x)`,
      'batchDims',
    );
  if (at === undefined && x.length === 0)
    no(
      'axis-range',
      'gather has no axis to pick from in a scalar',
      'All values in axis param must be in range [-0, 0)',
      'axis',
    );
  if (at === undefined) return unknownOfRank(x.length - 1 + rank - batch);
  if (at < batch)
    no(
      'axis-range',
      `gather along axis ${at} with ${batch} batch axes`,
      `batchDims (${batch}) must be less than or equal to axis (${at}).`,
      'axis',
    );
  for (let i = 0; i < batch; i += 1) {
    if (certainlyDiffer(x[i]?.dim ?? '?', indices[i]?.dim ?? '?'))
      no(
        'broadcast',
        `gather: batch axis ${i} of ${showShape(x)} and ${showShape(indices)} differ`,
        `x.shape[${i}]: `,
        'indices',
      );
  }
  return [...x.slice(0, at), ...indices.slice(batch), ...x.slice(at + 1)];
}

function gatherND(call: OpCall) {
  const indices = operand(call, 'gatherND', 'indices', { as: 'int32' });
  const x = operand(call, 'gatherND', 'x', { as: 'string_or_numeric' });
  if (rankOf(x) === 0)
    no('rank', 'gatherND has nothing to pick from in a scalar', 'tf.gatherND() expects the input to be rank 1', 'x');
  if (rankOf(indices) === 0)
    no('rank', 'gatherND wants indices of rank 1 or more', 'tf.gatherND() expects the indices to be rank 1', 'indices');
  const depth = indices.shape?.[indices.shape.length - 1]?.dim;
  if (x.shape === null || indices.shape === null || depth === undefined) return tensor(null, x.dtype);
  if (certainlyLess(x.shape.length, depth))
    no(
      'slice-range',
      `gatherND: ${showDim(depth)} indices a pick from ${showShape(x.shape)}`,
      'index innermost dimension length must be <= tensor rank; saw: ',
      'indices',
    );
  if (sizeOf(x.shape) === 0)
    no(
      'slice-range',
      'gatherND has nothing to pick from in an empty tensor',
      'Requested more than 0 entries, but',
      'x',
    );
  return tensor(typeof depth === 'number' ? [...indices.shape.slice(0, -1), ...x.shape.slice(depth)] : null, x.dtype);
}
function topk(call: OpCall) {
  const x = operand(call, 'topk', 'x');
  if (rankOf(x) === 0)
    no('rank', 'topk wants a tensor of rank 1 or more', 'topk() expects the input to be of rank 1 or higher', 'x');
  const raw = call.get('k');
  const k: Dim = raw === undefined ? 1 : call.size('k');
  const last = x.shape?.[x.shape.length - 1];
  if (typeof k === 'number' && k < 0)
    no('option', `topk of ${k} values`, `'k' passed to topk() must be >= 0 but got ${k}`, 'k');
  if (last !== undefined && certainlyLess(last.dim, k))
    no(
      'slice-range',
      `topk of ${showDim(k)} out of ${showDim(last.dim)} values`,
      "'k' passed to topk() must be <= the last dimension (",
      'k',
    );
  const s = x.shape === null || last === undefined ? null : [...x.shape.slice(0, -1), resized(last, k)];
  return { kind: 'record' as const, tensors: { values: tensor(s, x.dtype), indices: tensor(s, 'int32') } };
}

function unique(call: OpCall) {
  const x = operand(call, 'unique', 'x', { as: 'string_or_numeric' });
  if (rankOf(x) === 0)
    no('rank', 'unique wants a tensor of rank 1 or more', 'The input tensor must be at least 1D', 'x');
  const raw = call.get('axis');
  const axes = parseAxes(raw === undefined ? 0 : raw, rankOf(x));
  const at = axes?.[0];
  const values =
    at === undefined ? someAxisChanged(x.shape) : (x.shape?.map((a, i) => (i === at ? axis('?', a.role) : a)) ?? null);
  const count = at === undefined ? '?' : (x.shape?.[at]?.dim ?? '?');
  return {
    kind: 'record' as const,
    tensors: { values: tensor(values, x.dtype), indices: tensor([axis(count)], 'int32') },
  };
}
function booleanMask(call: OpCall) {
  const x = operand(call, 'boolMask', 'tensor');
  const mask = operand(call, 'boolMask', 'mask', { as: 'bool' });
  const raw = call.get('axis');
  const at = isAbsent(raw) ? 0 : raw;
  const depth = rankOf(mask);
  if (depth === 0) no('rank', 'booleanMask wants a mask of rank 1 or more', 'mask cannot be scalar', 'mask');
  if (x.shape === null || mask.shape === null || depth === undefined || typeof at !== 'number')
    return tensor(null, x.dtype);
  const over = x.shape.slice(at, at + depth);
  const differs = over.length !== depth || over.some((a, i) => certainlyDiffer(a.dim, mask.shape?.[i]?.dim ?? '?'));
  if (differs)
    no(
      'broadcast',
      `the mask ${showShape(mask.shape)} does not cover ${showShape(over)}`,
      "mask's shape must match the first K dimensions of tensor's shape,",
      'mask',
    );
  if (at < 0) return tensor(null, x.dtype);
  return tensor([...x.shape.slice(0, at), axis('?'), ...x.shape.slice(at + depth)], x.dtype);
}
export const gatheringOps: readonly OpSpec[] = [
  row('gather', 'x indices axis batchDims', gather, METHOD),
  row('gatherND', 'x indices', gatherND),
  row('topk', 'x k sorted', topk, METHOD),
  row('unique', 'x axis', unique, METHOD),
  row('booleanMaskAsync', 'tensor mask axis', booleanMask, { async: true }),
];
