/** Sparse tensors as indices and values, and strings: what depends on the data has an unknown size. */
import { certainlyDiffer } from '../../../shapes/bounds';
import type { Dim } from '../../../shapes/dim';
import { axis, resized, type Shape, shape, showShape, sizeOf } from '../../../shapes/shape';
import type { OpCall, OpResult, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import type { PlainTensor } from '../../plain';
import { rankOf } from './axes';
import { operand, type ParseAs } from './operands';
import { no, row } from './row';

/** Refuses a rank other than this one. */
function ofRank(t: PlainTensor, rank: number, param: string, original: string): void {
  const own = rankOf(t);
  if (own !== undefined && own !== rank)
    no('rank', `${param} must have rank ${rank}, not ${showShape(t.shape)}`, original, param);
}

function sparseFillEmptyRows(call: OpCall): OpResult {
  const op = 'sparseFillEmptyRows';
  const indices = operand(call, op, 'indices', { as: 'int32' });
  const values = operand(call, op, 'values');
  const dense = operand(call, op, 'denseShape', { as: 'int32' });
  const as = (['float32', 'int32', 'bool'].includes(values.dtype ?? '') ? values.dtype : 'numeric') as ParseAs;
  const fallback = operand(call, op, 'defaultValue', { as });
  ofRank(indices, 2, 'indices', 'Indices should be Tensor2D but received shape');
  ofRank(values, 1, 'values', 'Values should be Tensor1D but received shape');
  ofRank(dense, 1, 'denseShape', 'Dense shape should be Tensor1D but received shape');
  ofRank(fallback, 0, 'defaultValue', 'Default value should be a scalar but received shape');
  const columns = indices.shape?.[1] ?? axis('?');
  return {
    kind: 'record',
    tensors: {
      outputIndices: tensor([axis('?'), columns], 'int32'),
      outputValues: tensor([axis('?')], values.dtype),
      emptyRowIndicator: tensor([axis('?')], 'bool'),
      reverseIndexMap: tensor([indices.shape?.[0] ?? axis('?')], 'int32'),
    },
  };
}

function sparseReshape(call: OpCall): OpResult {
  const op = 'sparseReshape';
  const indices = operand(call, op, 'inputIndices', { as: 'int32' });
  const before = operand(call, op, 'inputShape', { as: 'int32' });
  const after = operand(call, op, 'newShape', { as: 'int32' });
  ofRank(indices, 2, 'inputIndices', 'Input indices should be Tensor2D but received shape');
  ofRank(before, 1, 'inputShape', 'Input shape should be Tensor1D but received shape');
  ofRank(after, 1, 'newShape', 'New shape should be Tensor1D but received shape');
  const rank: Dim = sizeOf(after.shape);
  return {
    kind: 'record',
    tensors: {
      outputIndices: tensor([indices.shape?.[0] ?? axis('?'), axis(rank)], 'int32'),
      outputShape: tensor([axis(rank)], 'int32'),
    },
  };
}

function segments(name: string): OpSpec {
  return row(`sparse.${name}`, 'data indices segmentIds', (call) => {
    const data = operand(call, name, 'data');
    const indices = operand(call, name, 'indices', { as: 'int32' });
    const ids = operand(call, name, 'segmentIds', { as: 'int32' });
    if (rankOf(data) === 0)
      no(
        'rank',
        `${name} wants data of rank 1 or more`,
        'Data should be at least 1 dimensional but received scalar',
        'data',
      );
    ofRank(indices, 1, 'indices', 'Indices should be Tensor1D but received shape');
    ofRank(ids, 1, 'segmentIds', 'Segment ids should be Tensor1D but received shape');
    if (certainlyDiffer(sizeOf(indices.shape), sizeOf(ids.shape)))
      no(
        'broadcast',
        `${name}: ${showShape(indices.shape)} indices for ${showShape(ids.shape)} segment ids`,
        'segmentIds and indices should have same size.',
        'segmentIds',
      );
    const s: Shape = data.shape === null ? null : data.shape.map((a, i) => (i === 0 ? resized(a, '?') : a));
    return tensor(s, data.dtype);
  });
}

function stringNGrams(call: OpCall): OpResult {
  const op = 'stringNGrams';
  const data = operand(call, op, 'data', { as: 'string' });
  ofRank(data, 1, 'data', 'Data must be a vector, saw: ');
  const splits = operand(call, op, 'dataSplits');
  if (splits.dtype !== undefined && splits.dtype !== 'int32')
    no('dtype', `the splits must be int32, not ${splits.dtype}`, 'Data splits must be of datatype int32', 'dataSplits');
  return {
    kind: 'record',
    tensors: { nGrams: tensor([axis('?')], 'string'), nGramsSplits: tensor(splits.shape, 'int32') },
  };
}

function stringSplit(call: OpCall): OpResult {
  const op = 'stringSplit';
  const input = operand(call, op, 'input', { as: 'string' });
  const delimiter = operand(call, op, 'delimiter', { as: 'string' });
  ofRank(input, 1, 'input', 'Input should be Tensor1D but received shape ');
  ofRank(delimiter, 0, 'delimiter', 'Delimiter should be a scalar but received shape ');
  return {
    kind: 'record',
    tensors: {
      indices: tensor(shape(['?', 2]), 'int32'),
      values: tensor([axis('?')], 'string'),
      shape: tensor(shape([2]), 'int32'),
    },
  };
}

export const sparseOps: readonly OpSpec[] = [
  row('sparse.sparseFillEmptyRows', 'indices values denseShape defaultValue', sparseFillEmptyRows),
  row('sparse.sparseReshape', 'inputIndices inputShape newShape', sparseReshape),
  segments('sparseSegmentMean'),
  segments('sparseSegmentSum'),
];

export const stringOps: readonly OpSpec[] = [
  row(
    'string.stringNGrams',
    'data dataSplits separator nGramWidths leftPad rightPad padWidth preserveShortSequences',
    stringNGrams,
  ),
  row('string.stringSplit', 'input delimiter skipEmpty', stringSplit),
  row('string.stringToHashBucketFast', 'input numBuckets', (call) => {
    const input = operand(call, 'stringToHashBucketFast', 'input', { as: 'string' });
    const buckets = call.get('numBuckets');
    if (typeof buckets === 'number' && buckets <= 0)
      no(
        'option',
        `there must be at least one bucket, not ${buckets}`,
        'Number of buckets must be at least 1',
        'numBuckets',
      );
    return tensor(input.shape, 'int32');
  }),
  row('string.staticRegexReplace', 'input pattern rewrite replaceGlobal', (call) =>
    tensor(operand(call, 'staticRegexReplace', 'input', { as: 'string' }).shape, 'string'),
  ),
];
