/** What writes or sums elements by index. */
import { certainlyDiffer } from '../../../shapes/bounds';
import { showDim } from '../../../shapes/dim';
import { type Axis, axis, type Shape, showShape, sizeOf } from '../../../shapes/shape';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import type { PlainTensor } from '../../plain';
import { broadcasted, rankOf } from './axes';
import { operand, shapeArgument } from './operands';
import { METHOD, no, row } from './row';
import { insertAxis } from './transformation';

/** tfjs's `validateUpdateShape`. */
function checkUpdates(target: Shape, indices: PlainTensor, updates: PlainTensor): void {
  if (rankOf(indices) === 0)
    no('rank', 'indices must have rank 1 or more', 'tf.scatterND() expects the indices to be rank 1', 'indices');
  if (rankOf(updates) === 0)
    no('rank', 'updates must have rank 1 or more', 'tf.scatterND() expects the updates to be rank 1', 'updates');
  if (target !== null && target.length < 1)
    no('rank', 'a scalar takes no updates', 'Output rank must be greater or equal to 1', 'shape');
  if (target === null || indices.shape === null || updates.shape === null) return;
  const rank = indices.shape.length;
  const depth = rank > 1 ? indices.shape[rank - 1]?.dim : 1;
  const batch = rank > 1 ? rank - 1 : 1;
  if (typeof depth !== 'number') return;
  const wanted = [...indices.shape.slice(0, batch), ...target.slice(depth)];
  const fits = updates.shape.length === batch + target.length - depth;
  const wrong = fits && updates.shape.some((a, i) => certainlyDiffer(a.dim, wanted[i]?.dim ?? '?'));
  if (fits && !wrong) return;
  no(
    'broadcast',
    `updates must be ${depth <= target.length ? showShape(wanted) : 'of another rank'}, not ${showShape(updates.shape)}`,
    'Must have updates.shape = indices.shape[:batchDim] + shape[sliceDim:], got updates.shape: ',
    'updates',
  );
}

function scatterND(call: OpCall) {
  const s = shapeArgument(call, 'scatterND');
  const indices = operand(call, 'scatterND', 'indices', { as: 'int32' });
  const updates = operand(call, 'scatterND', 'updates');
  checkUpdates(s, indices, updates);
  return tensor(s, updates.dtype);
}

function tensorScatterUpdate(call: OpCall) {
  const op = 'tensorScatterupdate';
  const x = operand(call, op, 'tensor');
  const indices = operand(call, op, 'indices', { as: 'int32' });
  const updates = operand(call, op, 'updates');
  checkUpdates(x.shape, indices, updates);
  if (x.dtype !== undefined && updates.dtype !== undefined && x.dtype !== updates.dtype)
    no(
      'dtype',
      `the tensor is ${x.dtype}, the updates are ${updates.dtype}`,
      'tensor and updates must have the same dtype',
      'updates',
    );
  return tensor(x.shape, x.dtype ?? updates.dtype);
}

function sparseToDense(call: OpCall) {
  const op = 'sparseToDense';
  const s = shapeArgument(call, op, 'outputShape');
  const indices = operand(call, op, 'sparseIndices', { as: 'int32' });
  const values = operand(call, op, 'sparseValues', { as: 'string_or_numeric' });
  const own = values.dtype;
  const fallback = call.get('defaultValue');
  if (fallback !== undefined && (own === 'float32' || own === 'int32' || own === 'bool'))
    operand(call, op, 'defaultValue', { as: own });
  const rank = rankOf(indices);
  if (rank !== undefined && rank > 2)
    no(
      'rank',
      `sparseToDense wants indices of rank 2 at most, not ${rank}`,
      'sparseIndices should be a scalar, vector, or matrix',
      'sparseIndices',
    );
  const count = rank === 0 ? 1 : indices.shape?.[0]?.dim;
  const dims = rank === undefined ? undefined : rank > 1 ? indices.shape?.[1]?.dim : 1;
  if (s !== null && dims !== undefined && certainlyDiffer(s.length, dims))
    no(
      'option',
      `the indices are for rank ${showDim(dims)}, the shape is ${showShape(s)}`,
      'outputShape has incorrect number of elements:',
      'outputShape',
    );
  const valueRank = rankOf(values);
  const wrong = valueRank !== undefined && valueRank > 1;
  const other = valueRank === 1 && count !== undefined && certainlyDiffer(sizeOf(values.shape), count);
  if (wrong || other)
    no(
      'broadcast',
      `sparseToDense wants one value, or one an index, not ${showShape(values.shape)}`,
      'sparseValues has incorrect shape ',
      'sparseValues',
    );
  return tensor(s, own);
}

function unsortedSegmentSum(call: OpCall) {
  const op = 'unsortedSegmentSum';
  const x = operand(call, op, 'x');
  const ids = operand(call, op, 'segmentIds', { as: 'int32' });
  const count = call.get('numSegments');
  if (count === undefined || (typeof count === 'number' && count % 1 !== 0))
    no('option', `${op} needs a whole number of segments`, 'numSegments must be of dtype int', 'numSegments');
  if (typeof count === 'number' && count <= 0)
    no('option', `${op} needs at least one segment`, undefined, 'numSegments');
  if (x.shape === null || ids.shape === null) return tensor(null, 'float32');
  // The ids are laid over the leading axes of x: expanded behind the first, then broadcast.
  let laid: readonly Axis[] = ids.shape;
  for (let i = 0; i < x.shape.length - ids.shape.length; i += 1) laid = insertAxis(laid, i + 1, axis(1));
  const all = broadcasted(laid, x.shape);
  if (all !== null && all.length === 0) no('rank', `${op} wants x of rank 1 or more`, undefined, 'x');
  return tensor(all === null ? null : [axis(call.size('numSegments')), ...all.slice(1)], 'float32');
}
export const scatteringOps: readonly OpSpec[] = [
  row('scatterND', 'indices updates shape', scatterND),
  row('tensorScatterUpdate', 'tensor indices updates', tensorScatterUpdate),
  row('sparseToDense', 'sparseIndices sparseValues outputShape defaultValue', sparseToDense),
  row('unsortedSegmentSum', 'x segmentIds numSegments', unsortedSegmentSum, METHOD),
];
