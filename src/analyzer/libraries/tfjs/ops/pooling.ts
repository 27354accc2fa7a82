import type { Dim } from '../../../shapes/dim';
import { axis, type Shape, unknownOfRank } from '../../../shapes/shape';
import type { OpCall, OpResult, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import type { PlainTensor } from '../../plain';
import { checkRank } from './axes';
import { arranged, formatOf, splitBatch } from './images';
import { isAbsent, operand } from './operands';
import { METHOD, no, row } from './row';
import {
  checkEither,
  outputSizes,
  outputSizes3d,
  type Padding,
  paddingOf,
  type Rounding,
  roundingOf,
  stridesOf,
  type Triple,
  tupleOf,
} from './windows';

const ONES: Triple = [1, 1, 1];

function pooledShape(
  op: string,
  x: PlainTensor,
  size: Triple,
  strides: Triple,
  padding: Padding,
  rounding: Rounding,
): Shape {
  if (x.shape === null) return null;
  const { batch, rest } = splitBatch(x.shape, 4);
  const spatial = rest.slice(0, 2);
  const windows = [0, 1].map((i) => ({ size: size[i] ?? '?', stride: strides[i] ?? '?', dilation: 1 }));
  const sizes = outputSizes(
    op,
    spatial.map((a) => a.dim),
    windows,
    padding,
    rounding,
    [1, 2],
  );
  return arranged(batch, spatial, sizes, rest[2] ?? axis('?', 'channel'), true);
}

function pool2d(name: string): OpSpec {
  return row(
    name,
    'x filterSize strides pad dimRoundingMode',
    (call) => {
      const x = operand(call, name, 'x', { as: name === 'avgPool' ? 'float32' : 'numeric' });
      // Strides that are not there trip tfjs; dilations are always 1.
      const word = name === 'avgPool' ? 'x' : 'input';
      if (name === 'maxPool') checkRank(x, [3, 4], name, `Error in ${name}: ${word} must be rank 4 but got rank $.`);
      const strides = stridesOf(call, name);
      checkRank(x, [3, 4], name, `Error in ${name}: ${word} must be rank 4 but got rank $.`);
      const rounding = roundingOf(call, name);
      const size = tupleOf(call.get('filterSize'), name, 'filterSize');
      return tensor(pooledShape(name, x, size, strides, paddingOf(call.get('pad'), name), rounding), x.dtype);
    },
    METHOD,
  );
}

function pool3d(name: string): OpSpec {
  return row(name, 'x filterSize strides pad dimRoundingMode dataFormat', (call) => {
    const x = operand(call, name, 'x', { as: name === 'avgPool3d' ? 'float32' : 'numeric' });
    checkRank(x, [4, 5], name, `Error in ${name}: x must be rank 5 but got rank $.`);
    const format = formatOf(call, 'NDHWC');
    if (format !== undefined && format !== 'NDHWC')
      no(
        'option',
        `${name} works on NDHWC only, not ${format}`,
        `Error in ${name}: Only NDHWC is currently supported, but got dataFormat of ${format}`,
        'dataFormat',
      );
    const raw = call.get('strides');
    if (name === 'avgPool3d' && (raw === undefined || raw === null || (typeof raw === 'number' && raw <= 0)))
      no(
        'option',
        `${name} wants positive strides, not ${raw}`,
        `Error in ${name}: Stride must be > 0, but got '${raw}'`,
        'strides',
      );
    const rounding = roundingOf(call, name);
    const size =
      name === 'maxPool3d' && call.get('filterSize') === undefined
        ? ONES
        : tupleOf(call.get('filterSize'), name, 'filterSize');
    const strides = tupleOf(raw, name, 'strides');
    const padding = paddingOf(call.get('pad'), name);
    if (typeof padding === 'object' && 'pairs' in padding)
      no('option', `${name} takes its padding as same, valid or a number`, 'Unknown padding parameter:', 'pad');
    if (x.shape === null) return tensor(null, 'float32');
    const { batch, rest } = splitBatch(x.shape, 5);
    const spatial = rest.slice(0, 3);
    const windows = [0, 1, 2].map((i) => ({ size: size[i] ?? '?', stride: strides[i] ?? '?', dilation: 1 }));
    const sizes = outputSizes3d(
      spatial.map((a) => a.dim),
      windows,
      padding,
      rounding,
    );
    return tensor(arranged(batch, spatial, sizes, rest[3] ?? axis('?', 'channel'), true), 'float32');
  });
}

/** `tf.pool`: either kind, with dilations by way of spaceToBatchND. */
function pool(call: OpCall): OpResult {
  const x = operand(call, 'maxPool', 'input', { argument: 'x' });
  const strides = isAbsent(call.get('strides')) ? ONES : tupleOf(call.get('strides'), 'pool', 'strides');
  const dilations = isAbsent(call.get('dilations')) ? ONES : tupleOf(call.get('dilations'), 'pool', 'dilations');
  checkEither(strides, dilations, 'pool', 'Error in pool: Either strides or dilations must be 1.');
  const size = tupleOf(call.get('windowShape'), 'pool', 'windowShape');
  const raw = call.get('pad') === 0 ? 'valid' : call.get('pad');
  checkRank(x, [3, 4], 'pool', '', 'input');
  const padding = paddingOf(raw, 'pool', '');
  if (call.get('poolingType') === 'avg' && x.dtype !== undefined && x.dtype !== 'float32')
    no('dtype', `average pooling wants a float32 tensor, not ${x.dtype}`);
  const mode = call.get('dimRoundingMode');
  const plain = dilations.every((d) => d === 1);
  const holes = dilations.some((d) => typeof d === 'number' && d !== 1);
  if (typeof mode === 'string' && (holes || (plain && typeof padding === 'string')))
    no('option', 'pool takes a dimRoundingMode only with a number of padding and no dilation', undefined, 'pad');
  if (x.shape === null) return tensor(null, x.dtype);
  if (plain)
    return tensor(pooledShape('pool', x, size, strides, padding, isAbsent(mode) ? 'none' : undefined), x.dtype);
  if (!holes || padding === undefined) return tensor(unknownOfRank(x.shape.length), x.dtype);
  const { batch, rest } = splitBatch(x.shape, 4);
  const [h, w, c] = rest;
  const sizes = [h, w].map((a, i) => dilated(a?.dim ?? '?', size[i] ?? '?', dilations[i] ?? '?', padding === 'same'));
  return tensor(
    arranged(
      batch,
      [h, w].map((a) => a ?? axis('?')),
      sizes,
      c ?? axis('?'),
      true,
    ),
    x.dtype,
  );
}

/** Pad so that the dilation divides (a number of padding is left out here), pool each phase without holes, put together, crop what was added. */
function dilated(input: Dim, size: Dim, dilation: Dim, padded: boolean): Dim {
  if (typeof input !== 'number' || typeof size !== 'number' || typeof dilation !== 'number') return '?';
  const extra = padded ? size + (size - 1) * (dilation - 1) - 1 : 0;
  const more = (dilation - ((input + extra) % dilation)) % dilation;
  const phase = (input + extra + more) / dilation - size + 1;
  const result = phase * dilation - more;
  if (phase < 0 || result < -1)
    no(
      'window',
      `pool: a window of ${size} with dilation ${dilation} does not fit into a size of ${input}`,
      undefined,
      'windowShape',
    );
  // The crop is a slice, which takes a size of -1 for all that is there.
  return result === -1 ? phase * dilation : result;
}

function maxPoolWithArgmax(call: OpCall): OpResult {
  const name = 'maxPoolWithArgmax';
  const x = operand(call, name, 'x');
  const strides = stridesOf(call, name);
  const size = tupleOf(call.get('filterSize'), name, 'filterSize');
  const padding = paddingOf(call.get('pad'), name);
  const known = x.shape?.length === 4;
  if (x.shape !== null && x.shape.length < 4)
    no('rank', `${name} wants a tensor of rank 4, not ${x.shape.length}`, undefined, 'x');
  const s = known ? pooledShape(name, x, size, strides, padding, 'none') : null;
  return { kind: 'record', tensors: { result: tensor(s, x.dtype), indexes: tensor(s, 'int32') } };
}

export const poolingOps: readonly OpSpec[] = [
  pool2d('maxPool'),
  pool2d('avgPool'),
  pool3d('maxPool3d'),
  pool3d('avgPool3d'),
  row('pool', 'input windowShape poolingType pad dilations strides dimRoundingMode', pool, METHOD),
  row('maxPoolWithArgmax', 'x filterSize strides pad includeBatchInIndex', maxPoolWithArgmax),
];
