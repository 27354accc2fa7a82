/** Blocks that move between space and batch or channels, and slices with strides. */
import { add, atLeast, type Dim, div, divides, isPoly, mul, showDim, sub, total } from '../../../shapes/dim';
import { axis, resized, type Shape, showShape, unknownOfRank } from '../../../shapes/shape';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import { rankOf } from './axes';
import { isAbsent, operand, sizesOf } from './operands';
import { pairsOf } from './padding';
import { METHOD, no, row } from './row';
import { sliceInfo } from './stridedSlice';

function blocks(call: OpCall, op: string) {
  const raw = call.get('blockShape');
  if (isAbsent(raw) || typeof raw === 'number')
    no('option', `${op} takes its blocks as a list`, undefined, 'blockShape');
  return sizesOf(raw);
}

function batchToSpace(call: OpCall) {
  const op = 'batchToSpaceND';
  const x = operand(call, op, 'x');
  const block = blocks(call, op);
  if (isAbsent(call.get('crops'))) no('option', `${op} needs crops`, undefined, 'crops');
  const crops = pairsOf(call.get('crops'));
  const rank = rankOf(x);
  if (block === undefined || crops === undefined)
    return tensor(rank === undefined ? null : unknownOfRank(rank), x.dtype);
  if (rank !== undefined && rank < 1 + block.length)
    no(
      'rank',
      `${op} of ${block.length} blocks wants rank ${1 + block.length} or more, not ${rank}`,
      `input rank is ${rank} but should be > than blockShape.length ${block.length}`,
      'x',
    );
  if (crops.length !== block.length)
    no(
      'option',
      `${op}: ${crops.length} crops for ${block.length} blocks`,
      `crops.length is ${crops.length} but should be equal to blockShape.length  ${block.length}`,
      'crops',
    );
  if (x.shape === null) return tensor(null, x.dtype);
  const product = total(block);
  const batch = x.shape[0];
  if (batch === undefined) return tensor(null, x.dtype);
  if (typeof product === 'number' && divides(product, batch.dim) === false)
    no('split-size', `a batch of ${showDim(batch.dim)} is no multiple of ${product}`, 'input tensor batch is ', 'x');
  const rest = x.shape.slice(1).map((a, i) => {
    const [b, c] = [block[i], crops[i]];
    if (b === undefined) return a;
    const uncropped = mul(a.dim, b);
    const size = sub(sub(uncropped, c?.[0] ?? '?'), c?.[1] ?? '?');
    if (typeof size === 'number' && size < -1)
      no('slice-range', `${op}: the crops of axis ${i + 1} leave ${size}`, undefined, 'crops');
    // The crop is a slice, which takes a size of -1 for all that is there.
    if (size === -1) return resized(a, sub(uncropped, c?.[0] ?? '?'));
    if (isPoly(size) && atLeast(size) < 0) return axis('?', a.role);
    return resized(a, size);
  });
  return tensor([resized(batch, div(batch.dim, product)), ...rest], x.dtype);
}

function spaceToBatch(call: OpCall) {
  const op = 'spaceToBatchND';
  const x = operand(call, op, 'x');
  const block = blocks(call, op);
  if (isAbsent(call.get('paddings'))) no('option', `${op} needs paddings`, undefined, 'paddings');
  const paddings = pairsOf(call.get('paddings'));
  const rank = rankOf(x);
  if (block === undefined || paddings === undefined)
    return tensor(rank === undefined ? null : unknownOfRank(rank), x.dtype);
  if (rank !== undefined && rank < 1 + block.length)
    no(
      'rank',
      `${op} of ${block.length} blocks wants rank ${1 + block.length} or more, not ${rank}`,
      `input rank ${rank} should be > than [blockShape] ${block.length}`,
      'x',
    );
  if (paddings.length !== block.length)
    no(
      'option',
      `${op}: ${paddings.length} paddings for ${block.length} blocks`,
      `paddings.shape[0] ${paddings.length} must be equal to [blockShape] ${block.length}`,
      'paddings',
    );
  if (x.shape === null || x.shape[0] === undefined) return tensor(null, x.dtype);
  const rest = x.shape.slice(1).map((a, i) => {
    const [b, p] = [block[i], paddings[i]];
    if (b === undefined) return a;
    const padded = add(a.dim, add(p?.[0] ?? '?', p?.[1] ?? '?'));
    if (typeof b === 'number' && divides(b, padded) === false)
      no(
        'split-size',
        `axis ${i + 1} of ${showShape(x.shape)} with its padding is no multiple of ${b}`,
        'input spatial dimensions ',
        'blockShape',
      );
    return resized(a, div(padded, b));
  });
  return tensor([resized(x.shape[0], mul(x.shape[0].dim, total(block))), ...rest], x.dtype);
}

function depthToSpace(call: OpCall) {
  const op = 'depthToSpace';
  const x = operand(call, op, 'x', { as: 'float32' });
  const format = call.get('dataFormat');
  const last = format === undefined || format === 'NHWC';
  const block = call.get('blockSize');
  if (block === undefined || (typeof block === 'number' && block <= 1))
    no(
      'option',
      `depthToSpace wants blocks of 2 or more, not ${block}`,
      `blockSize should be > 1 for depthToSpace, but was: ${block}`,
      'blockSize',
    );
  const rank = rankOf(x);
  if (rank !== undefined && rank < 4 && last) no('rank', `depthToSpace wants rank 4, not ${rank}`, undefined, 'x');
  if (x.shape === null || rank !== 4 || (!last && format !== 'NCHW')) return tensor(null, 'float32');
  const [b, p, q, r] = x.shape;
  if (b === undefined || p === undefined || q === undefined || r === undefined) return tensor(null, 'float32');
  const [h, w, c] = last ? [p, q, r] : [q, r, p];
  const size: Dim = call.size('blockSize');
  const square = mul(size, size);
  if (typeof square === 'number' && divides(square, c.dim) === false)
    no(
      'split-size',
      `${showDim(c.dim)} channels are no multiple of ${square}`,
      `Dimension size must be evenly divisible by ${square} but is `,
      'blockSize',
    );
  const [height, width, depth] = [
    resized(h, mul(h.dim, size)),
    resized(w, mul(w.dim, size)),
    resized(c, div(c.dim, square)),
  ];
  return tensor(last ? [b, height, width, depth] : [b, depth, height, width], 'float32');
}

function stridedSlice(call: OpCall) {
  const x = operand(call, 'stridedSlice', 'x', { as: 'string_or_numeric' });
  if (isAbsent(call.get('begin')) || isAbsent(call.get('end')))
    no('option', 'stridedSlice needs begin and end', undefined, 'begin');
  if (rankOf(x) === undefined || x.shape === null) return tensor(null, x.dtype);
  const numbers = (param: string) => {
    const sizes = sizesOf(call.get(param));
    return sizes?.every((d) => typeof d === 'number') ? (sizes as readonly number[]) : undefined;
  };
  const [begin, end] = [numbers('begin'), numbers('end')];
  const strides = isAbsent(call.get('strides')) ? begin?.map(() => 1) : numbers('strides');
  const masks = ['beginMask', 'endMask', 'ellipsisMask', 'newAxisMask', 'shrinkAxisMask'].map((m) => {
    const raw = call.get(m);
    return raw === undefined ? 0 : typeof raw === 'number' ? raw : undefined;
  });
  if (begin === undefined || end === undefined || strides === undefined || masks.some((m) => m === undefined))
    return tensor(null, x.dtype);
  const s: Shape = sliceInfo(x.shape, begin, end, strides, masks as readonly number[]);
  return tensor(s, x.dtype);
}

export const spaceOps: readonly OpSpec[] = [
  row('batchToSpaceND', 'x blockShape crops', batchToSpace, METHOD),
  row('spaceToBatchND', 'x blockShape paddings', spaceToBatch, METHOD),
  row('depthToSpace', 'x blockSize dataFormat', depthToSpace, METHOD),
  row(
    'stridedSlice',
    'x begin end strides beginMask endMask ellipsisMask newAxisMask shrinkAxisMask',
    stridedSlice,
    METHOD,
  ),
];
