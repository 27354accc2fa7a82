/** Gather, scatter, segments, and what picks elements by value: their results have sizes that only the data know. */
import { certainlyDiffer, certainlyLess } from '../../../shapes/bounds';
import { type Dim, showDim } from '../../../shapes/dim';
import { type Axis, axis, resized, type Shape, shape, showShape, sizeOf, unknownOfRank } from '../../../shapes/shape';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import type { PlainTensor } from '../../plain';
import { broadcasted, checkRank, parseAxes, rankOf, someAxisChanged } from './axes';
import { isAbsent, operand, shapeArgument, sizesOf } from './operands';
import { METHOD, no, row } from './row';
import { insertAxis } from './transformation';

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

const ragged: readonly OpSpec[] = [
  // Row splits are data: of ragged results only the ranks are known.
  row('raggedGather', 'paramsNestedSplits paramsDenseValues indices outputRaggedRank', () => ({
    kind: 'value',
    value: { kind: 'record', entries: new Map(), open: true },
  })),
  row('raggedRange', 'starts limits deltas', (call) => {
    const op = 'raggedRange';
    const starts = operand(call, op, 'starts');
    const as =
      starts.dtype === 'int32' || starts.dtype === 'bool'
        ? starts.dtype
        : starts.dtype === 'float32'
          ? 'float32'
          : 'numeric';
    const all = [starts, operand(call, op, 'limits', { as }), operand(call, op, 'deltas', { as })];
    const names = ['starts', 'limits', 'deltas'];
    for (const [i, t] of all.entries()) {
      const rank = rankOf(t);
      if (rank !== undefined && rank > 1)
        no(
          'rank',
          `${op} wants ${names[i]} of rank 0 or 1, not ${rank}`,
          `${names[i]} must be a scalar or vector`,
          names[i],
        );
    }
    const vectors = all.filter((t) => rankOf(t) === 1);
    const [first] = vectors;
    if (vectors.some((t) => certainlyDiffer(sizeOf(t.shape), sizeOf(first?.shape ?? null))))
      no(
        'broadcast',
        `${op} wants starts, limits and deltas of one length`,
        'starts, limits, and deltas must have the same shape',
      );
    return {
      kind: 'record',
      tensors: { rtNestedSplits: tensor([axis('?')], 'int32'), rtDenseValues: tensor([axis('?')], starts.dtype) },
    };
  }),
  row('raggedTensorToTensor', 'shape values defaultValue rowPartitionTensors rowPartitionTypes', (call) => {
    const values = operand(call, 'raggedTensorToTensor', 'values');
    const sizes = sizesOf(call.get('shape'));
    return tensor(
      sizes === undefined ? null : shape(sizes.map((d) => (typeof d === 'number' && d >= 0 ? d : '?'))),
      values.dtype,
    );
  }),
];

export const gatheringOps: readonly OpSpec[] = [
  row('gather', 'x indices axis batchDims', gather, METHOD),
  row('gatherND', 'x indices', gatherND),
  row('scatterND', 'indices updates shape', scatterND),
  row('tensorScatterUpdate', 'tensor indices updates', tensorScatterUpdate),
  row('sparseToDense', 'sparseIndices sparseValues outputShape defaultValue', sparseToDense),
  row('unsortedSegmentSum', 'x segmentIds numSegments', unsortedSegmentSum, METHOD),
  row('topk', 'x k sorted', topk, METHOD),
  row('unique', 'x axis', unique, METHOD),
  row('bincount', 'x weights size', bincount('bincount')),
  row('denseBincount', 'x weights size binaryOutput', bincount('denseBincount')),
  row('searchSorted', 'sortedSequence values side', searchSorted('searchSorted')),
  row('lowerBound', 'sortedSequence values', searchSorted('lowerBound')),
  row('upperBound', 'sortedSequence values', searchSorted('upperBound')),
  row('booleanMaskAsync', 'tensor mask axis', booleanMask, { async: true }),
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
  ...ragged,
];
