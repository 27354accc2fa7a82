import { certainlyDiffer } from '../../../shapes/bounds';
import { isDefinite, mul, showDim } from '../../../shapes/dim';
import { axis, resized, showShape, unknownOfRank } from '../../../shapes/shape';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import { isUnknown } from '../../plain';
import { checkRank, rankOf, withRole } from './axes';
import { arranged, checkChannels, convolvedShape, dilationsOf, formatOf, splitBatch } from './images';
import { operand, sizesOf } from './operands';
import { METHOD, no, row } from './row';
import {
  checkEither,
  checkPositive,
  checkRounding,
  outputSizes,
  outputSizes3d,
  paddingOf,
  roundingOf,
  stridesOf,
  type Triple,
  tupleOf,
} from './windows';

const ONES: Triple = [1, 1, 1];

function conv2d(call: OpCall) {
  const op = 'conv2d';
  const x = operand(call, op, 'x', { as: 'float32' });
  const filter = operand(call, op, 'filter', { as: 'float32' });
  checkRank(x, [3, 4], op, 'Error in conv2d: input must be rank 4, but got rank $.');
  checkRank(filter, [4], op, 'Error in conv2d: filter must be rank 4, but got rank $.', 'filter');
  const rounding = roundingOf(call, op);
  const format = formatOf(call, 'NHWC');
  checkChannels(
    op,
    x,
    filter,
    2,
    format === undefined || format === 'NHWC' ? format : 'NCHW',
    4,
    'Error in conv2d: depth of input ($) must match',
  );
  const [strides, dilations] = [tupleOf(call.get('strides'), op, 'strides'), dilationsOf(call, op)];
  checkWindow('conv2D', op, strides, dilations);
  checkFormat(op, format);
  const s = convolvedShape(call, op, { x, filter, strides, dilations, rounding, format }, (_, f) =>
    axis(f[3]?.dim ?? '?', 'channel'),
  );
  return tensor(s, 'float32');
}

/** What conv2d and conv3d ask of strides and dilations; `named` is how tfjs writes the op in its messages. */
function checkWindow(named: string, op: string, strides: Triple, dilations: Triple): void {
  checkEither(strides, dilations, op, `Error in ${named}: Either stride`);
  checkPositive(dilations, op, `Error in ${named}: Dilated rates should be larger than 0.`, 'dilations');
  checkPositive(strides, op, `Error in ${named}: Stride`, 'strides');
}

function checkFormat(op: string, format: string | undefined): void {
  if (format !== undefined && format !== 'NHWC' && format !== 'NCHW')
    no('option', `${op} knows no data format ${format}`, `Unknown dataFormat ${format}`, 'dataFormat');
}

function conv1d(call: OpCall) {
  const op = 'conv1d';
  const x = operand(call, op, 'x');
  const filter = operand(call, op, 'filter');
  checkRank(x, [2, 3], op, 'Error in conv1d: input must be rank 3, but got rank $.');
  checkRank(filter, [3], op, 'Error in conv1d: filter must be rank 3, but got rank $.', 'filter');
  const rounding = roundingOf(call, op);
  checkChannels(op, x, filter, 1, 'NWC', 3, 'Error in conv1d: depth of input ($) must match input depth for filter');
  const [strides, dilations] = [tupleOf(call.get('stride'), op, 'stride'), dilationsOf(call, op, 'dilation')];
  checkWindow('conv1D', op, strides, dilations);
  const format = formatOf(call, 'NWC');
  if (format !== undefined && format !== 'NWC')
    no(
      'option',
      `conv1d works on NWC only, not ${format}`,
      `Error in conv1d: got dataFormat of ${format} but only NWC is currently`,
      'dataFormat',
    );
  for (const t of [x, filter]) {
    if (t.dtype !== undefined && t.dtype !== 'float32')
      no(
        'dtype',
        `conv1d wants float32 tensors, not ${t.dtype}`,
        `Argument '${t === x ? 'x' : 'filter'}' passed to 'conv2d' must be float32`,
      );
  }
  const padding = paddingOf(call.get('pad'), op);
  if (x.shape === null || filter.shape === null)
    return tensor(x.shape === null ? null : unknownOfRank(x.shape.length), 'float32');
  const { batch, rest } = splitBatch(x.shape, 3);
  // tfjs makes an image of height 1 of it. With a number of padding, the window of the height (1) serves for both.
  const one = { size: 1, stride: 1, dilation: 1 };
  const own = { size: filter.shape[0]?.dim ?? '?', stride: strides[0], dilation: dilations[0] };
  const sizes = outputSizes(op, [1, rest[0]?.dim ?? '?'], [one, own], padding, rounding, [1, 2]);
  const channels = axis(filter.shape[2]?.dim ?? '?', 'channel');
  // One number of padding also makes the height grow, which no reshape takes back.
  const height = sizes[0];
  if (isDefinite(height) && height !== 1)
    no(
      'reshape-size',
      'conv1d takes its padding as same or valid: a number pads a height of 1 as well',
      undefined,
      'pad',
    );
  const out = rest[0] === undefined ? axis('?') : resized(rest[0], sizes[1] ?? '?');
  return tensor(batch === undefined ? [out, channels] : [withRole(batch, 'batch'), out, channels], 'float32');
}

function conv3d(call: OpCall) {
  const op = 'conv3d';
  const x = operand(call, op, 'x');
  const filter = operand(call, op, 'filter');
  checkRank(x, [4, 5], op, 'Error in conv3d: input must be rank 5, but got rank $.');
  checkRank(filter, [5], op, 'Error in conv3d: filter must be rank 5, but got rank $.', 'filter');
  checkChannels(op, x, filter, 3, 'NDHWC', 5, 'Error in conv3d: depth of input ($) must match input depth for filter');
  const [strides, dilations] = [tupleOf(call.get('strides'), op, 'strides'), dilationsOf(call, op)];
  checkEither(strides, dilations, op, 'Error in conv3D: Either stride');
  const format = formatOf(call, 'NDHWC');
  if (format !== undefined && format !== 'NDHWC')
    no(
      'option',
      `conv3d works on NDHWC only, not ${format}`,
      `Error in conv3d: got dataFormat of ${format} but only NDHWC`,
      'dataFormat',
    );
  checkWindow('conv3D', op, strides, dilations);
  const padding = paddingOf(call.get('pad'), op);
  if (typeof padding === 'object' && 'pairs' in padding)
    no('option', 'conv3d takes its padding as same, valid or a number', 'Unknown padding parameter:', 'pad');
  if (x.shape === null || filter.shape === null)
    return tensor(x.shape === null ? null : unknownOfRank(x.shape.length), x.dtype);
  const { batch, rest } = splitBatch(x.shape, 5);
  const spatial = rest.slice(0, 3);
  const s = filter.shape;
  const windows = [0, 1, 2].map((i) => ({
    size: s[i]?.dim ?? '?',
    stride: strides[i] ?? '?',
    dilation: dilations[i] ?? '?',
  }));
  const sizes = outputSizes3d(
    spatial.map((a) => a.dim),
    windows,
    padding,
    'none',
  );
  return tensor(arranged(batch, spatial, sizes, axis(s[4]?.dim ?? '?', 'channel'), true), x.dtype);
}

/** The output of a transposed convolution is what the caller says it is. */
function transposed(call: OpCall, rank: number) {
  const op = `conv${rank - 2}dTranspose`;
  const named = `conv${rank - 2}dDerInput`;
  const x = operand(call, op, 'x');
  const filter = operand(call, op, 'filter');
  const raw = call.get('outputShape');
  const sizes = sizesOf(raw);
  if (sizes === undefined && !isUnknown(raw))
    no('option', `${op} needs the shape of its output`, undefined, 'outputShape');
  const own = rankOf(x);
  if (sizes !== undefined && own !== undefined && sizes.length !== own)
    no(
      'rank',
      `${op}: an output of ${sizes.length} sizes for an input of rank ${own}`,
      `Length of inShape (${sizes.length}) and rank of dy (${own}) must match`,
      'outputShape',
    );
  const length = own ?? sizes?.length;
  if (length !== undefined && length !== rank && length !== rank - 1)
    no(
      'rank',
      `${op} wants an input of rank ${rank}, not ${length}`,
      `Error in ${named}: inShape must be length ${rank}, but got length ${length}.`,
    );
  checkRank(filter, [rank], op, `Error in ${named}: filter must be rank ${rank}, but got rank $`, 'filter');
  const inDepth = sizes?.[sizes.length - 1];
  const outDepth = x.shape?.[x.shape.length - 1]?.dim;
  for (const [depth, at, what] of [
    [inDepth, rank - 2, 'input'],
    [outDepth, rank - 1, 'output'],
  ] as const) {
    const wanted = filter.shape?.[at]?.dim;
    if (depth !== undefined && wanted !== undefined && certainlyDiffer(depth, wanted))
      no(
        'channels',
        `${op}: the ${what} has ${showDim(depth)} channels, the filter is for ${showDim(wanted)}`,
        `Error in ${named}: depth of ${what} (`,
        'filter',
      );
  }
  const rounding = rank === 4 ? roundingOf(call, op, 'conv2dDerInput') : 'none';
  stridesOf(call, op);
  checkRounding(rounding, paddingOf(call.get('pad'), op));
  if (sizes === undefined) return tensor(length === undefined ? null : unknownOfRank(length), 'float32');
  const batched = sizes.length === rank;
  const spatial = sizes.slice(batched ? 1 : 0, -1);
  const from = x.shape?.[0];
  const batch = batched ? (from !== undefined ? resized(from, sizes[0] ?? '?') : axis(sizes[0] ?? '?')) : undefined;
  return tensor(arranged(batch, [], spatial, axis(sizes[sizes.length - 1] ?? '?', 'channel'), true), 'float32');
}

function depthwiseConv2d(call: OpCall) {
  const op = 'depthwiseConv2d';
  const x = operand(call, op, 'x', { as: 'float32' });
  const filter = operand(call, op, 'filter', { as: 'float32' });
  checkRank(x, [3, 4], op, 'Error in depthwiseConv2d: input must be rank 4, but got rank $.');
  checkRank(filter, [4], op, 'Error in depthwiseConv2d: filter must be rank 4, but got rank $.', 'filter');
  const format = formatOf(call, 'NHWC');
  checkChannels(
    op,
    x,
    filter,
    2,
    format === undefined || format === 'NHWC' ? format : 'NCHW',
    4,
    'Error in depthwiseConv2d: number of input channels ($) must match',
  );
  const rounding = roundingOf(call, op);
  const strides = stridesOf(call, op);
  const dilations = call.get('dilations') === null ? ONES : dilationsOf(call, op);
  checkEither(strides, dilations, op, 'Error in depthwiseConv2d: Either strides or dilations must be 1.');
  checkRounding(rounding, paddingOf(call.get('pad'), op));
  // With channels first, what comes out depends on the backend.
  if (format !== 'NHWC') return tensor(x.shape === null ? null : unknownOfRank(x.shape.length), 'float32');
  const s = convolvedShape(call, op, { x, filter, strides, dilations, rounding, format }, (own, f) =>
    axis(mul(own?.dim ?? '?', f[3]?.dim ?? '?'), 'channel'),
  );
  return tensor(s, 'float32');
}

function separableConv2d(call: OpCall) {
  const op = 'separableConv2d';
  const x = operand(call, op, 'x');
  const depthwise = operand(call, op, 'depthwiseFilter');
  const pointwise = operand(call, op, 'pointwiseFilter');
  const format = formatOf(call, 'NHWC');
  if (format === 'NCHW')
    no(
      'option',
      'separableConv2d works on NHWC only',
      'separableConv2d currently does not support dataFormat NCHW',
      'dataFormat',
    );
  checkRank(x, [3, 4], op, 'Error in separableConv2d: input must be rank 4, but got rank $.');
  checkRank(
    depthwise,
    [4],
    op,
    'Error in separableConv2d: depthwise filter must be rank 4, but got rank $.',
    'depthwiseFilter',
  );
  checkRank(
    pointwise,
    [4],
    op,
    'Error in separableConv2d: pointwise filter must be rank 4, but got',
    'pointwiseFilter',
  );
  for (const i of [0, 1]) {
    const size = pointwise.shape?.[i]?.dim ?? '?';
    if (certainlyDiffer(size, 1))
      no(
        'channels',
        `the pointwise filter must be 1×1, not ${showShape(pointwise.shape)}`,
        `Error in separableConv2d: the ${i === 0 ? 'first' : 'second'} dimension of pointwise filter`,
        'pointwiseFilter',
      );
  }
  const made = mul(depthwise.shape?.[2]?.dim ?? '?', depthwise.shape?.[3]?.dim ?? '?');
  const taken = pointwise.shape?.[2]?.dim ?? '?';
  if (certainlyDiffer(made, taken))
    no(
      'channels',
      `the depthwise filter makes ${showDim(made)} channels, the pointwise one is for ${showDim(taken)}`,
      'Error in separableConv2d: the third dimension of pointwise filter must be',
      'pointwiseFilter',
    );
  for (const [t, argument] of [
    [x, 'x'],
    [depthwise, 'filter'],
  ] as const) {
    if (t.dtype !== undefined && t.dtype !== 'float32')
      no(
        'dtype',
        `separableConv2d wants float32 tensors, not ${t.dtype}`,
        `Argument '${argument}' passed to 'depthwiseConv2d' must be float32`,
      );
  }
  checkChannels(
    'separableConv2d',
    x,
    depthwise,
    2,
    format,
    4,
    'Error in depthwiseConv2d: number of input channels ($) must match',
  );
  const strides = stridesOf(call, op);
  const dilations = dilationsOf(call, op, 'dilation');
  checkEither(strides, dilations, op, 'Error in depthwiseConv2d: Either strides or dilations must be 1.');
  const s = convolvedShape(call, op, { x, filter: depthwise, strides, dilations, rounding: 'none', format }, () =>
    axis(pointwise.shape?.[3]?.dim ?? '?', 'channel'),
  );
  if (pointwise.dtype !== undefined && pointwise.dtype !== 'float32')
    no(
      'dtype',
      `separableConv2d wants float32 tensors, not ${pointwise.dtype}`,
      "Argument 'filter' passed to 'conv2d' must be float32",
    );
  return tensor(s, 'float32');
}

function dilation2d(call: OpCall) {
  const op = 'dilation2d';
  const x = operand(call, op, 'x');
  const filter = operand(call, op, 'filter');
  checkRank(x, [3, 4], op, 'Error in dilation2d: input must be rank 3 or 4, but got rank $.');
  checkRank(filter, [3], op, 'Error in dilation2d: filter must be rank 3, but got rank $.', 'filter');
  const format = formatOf(call, 'NHWC');
  if (format !== undefined && format !== 'NHWC')
    no(
      'option',
      `dilation2d works on NHWC only, not ${format}`,
      `Error in dilation2d: Only NHWC is currently supported, but got dataFormat of ${format}`,
      'dataFormat',
    );
  checkChannels(op, x, filter, 2, 'NHWC', 4, 'Error in dilation2d:  input and filter must have the same depth: $ vs');
  const strides = stridesOf(call, op);
  const dilations = dilationsOf(call, op);
  const s = convolvedShape(call, op, { x, filter, strides, dilations, rounding: 'none', format: 'NHWC' }, (own, f) =>
    axis(own?.dim ?? f[2]?.dim ?? '?', 'channel'),
  );
  return tensor(s, x.dtype);
}

export const convolutionOps: readonly OpSpec[] = [
  row('conv1d', 'x filter stride pad dataFormat dilation dimRoundingMode', conv1d, METHOD),
  row('conv2d', 'x filter strides pad dataFormat dilations dimRoundingMode', conv2d, METHOD),
  row('conv3d', 'x filter strides pad dataFormat dilations', conv3d),
  row('conv2dTranspose', 'x filter outputShape strides pad dimRoundingMode', (call) => transposed(call, 4), METHOD),
  row('conv3dTranspose', 'x filter outputShape strides pad', (call) => transposed(call, 5)),
  row('depthwiseConv2d', 'x filter strides pad dataFormat dilations dimRoundingMode', depthwiseConv2d, METHOD),
  row('separableConv2d', 'x depthwiseFilter pointwiseFilter strides pad dilation dataFormat', separableConv2d, METHOD),
  row('dilation2d', 'x filter strides pad dilations dataFormat', dilation2d, METHOD),
];
