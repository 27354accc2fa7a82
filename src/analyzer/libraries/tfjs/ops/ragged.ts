/** Ragged tensors as row splits and values. */
import { certainlyDiffer } from '../../../shapes/bounds';
import { axis, shape, sizeOf } from '../../../shapes/shape';
import type { OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import { rankOf } from './axes';
import { operand, sizesOf } from './operands';
import { no, row } from './row';
export const raggedOps: readonly OpSpec[] = [
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
