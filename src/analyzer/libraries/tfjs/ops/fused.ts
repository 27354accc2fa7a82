/** `tf.fused.*`: an op, a bias and an activation in one, with one object for all arguments. */
import { certainlyDiffer } from '../../../shapes/bounds';
import { mul, showDim, total } from '../../../shapes/dim';
import { axis, type Shape, sameShape, showShape, sizeOf } from '../../../shapes/shape';
import type { OpCall, OpResult, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import type { PlainTensor } from '../../plain';
import { broadcasted, checkRank, rankOf } from './axes';
import { upcast } from './dtypes';
import { checkChannels, convolvedShape, dilationsOf, formatOf } from './images';
import { matMulShape } from './matrix';
import { isAbsent, operand, optional, truthy } from './operands';
import { no, row } from './row';
import { checkEither, roundingOf, stridesOf } from './windows';

const ACTIVATIONS = ['linear', 'relu', 'relu6', 'elu', 'prelu', 'leakyrelu', 'sigmoid'];

const OBJECT = { fromObject: true };

/** Bias and activation on top: the bias must broadcast into the result. */
function finished(
  call: OpCall,
  op: string,
  s: Shape,
  dtype: string | undefined,
  bias: PlainTensor | undefined,
): OpResult {
  const raw = call.get('activation');
  const activation = isAbsent(raw) ? 'linear' : raw;
  if (typeof activation === 'string' && activation !== '' && !ACTIVATIONS.includes(activation))
    no('option', `${op} knows no activation ${activation}`, undefined, 'activation');
  if (activation === 'prelu' && isAbsent(call.get('preluActivationWeights')))
    no('option', `${op} with prelu needs preluActivationWeights`, undefined, 'preluActivationWeights');
  const biased = bias === undefined ? s : broadcasted(s, bias.shape);
  const weights = activation === 'prelu' ? optional(call, op, 'preluActivationWeights') : undefined;
  const result = weights === undefined ? biased : broadcasted(biased, weights.shape);
  const floats = activation === 'prelu' || activation === 'leakyrelu';
  return tensor(result, floats ? 'float32' : typeof activation === 'string' ? dtype : undefined);
}

function biasOf(call: OpCall, op: string, x: PlainTensor): PlainTensor | undefined {
  const bias = optional(call, op, 'bias');
  if (bias !== undefined) upcast(bias.dtype, x.dtype);
  return bias;
}

function fusedMatMul(call: OpCall): OpResult {
  const op = 'fused matMul';
  const a = operand(call, op, 'a');
  const b = operand(call, op, 'b');
  const dtype = upcast(a.dtype, b.dtype);
  const s = matMulShape(a, b, truthy(call, 'transposeA'), truthy(call, 'transposeB'), op);
  const bias = biasOf(call, op, { ...a, dtype });
  checkStacks(a, b, s);
  if (bias !== undefined && !fitsBias(a, b, s, bias)) return tensor(null, undefined);
  return finished(call, op, s, dtype === 'float32' ? 'float32' : undefined, bias);
}

/**
 * The bias is added to the product folded to rank 3, and the sum put back into the shape of the product: it must not grow.
 * False where that is not known.
 */
function fitsBias(a: PlainTensor, b: PlainTensor, s: Shape, bias: PlainTensor): boolean {
  const whole = broadcasted(s, bias.shape);
  if (a.shape === null || b.shape === null || s === null || bias.shape === null || whole === null) return false;
  const stacks = [a.shape, b.shape].map((t) => total(t.slice(0, -2).map((d) => d.dim)));
  const [x, y] = stacks;
  if (typeof x !== 'number' || typeof y !== 'number') return s.length === 2 && sameShape(whole, s) === true;
  const folded = [axis(Math.max(x, y)), ...s.slice(-2)];
  const sum = broadcasted(folded, bias.shape);
  if (certainlyDiffer(sizeOf(sum), sizeOf(s)))
    no(
      'reshape-size',
      `fused matMul: a bias of ${showShape(bias.shape)} makes the result ${showShape(s)} grow`,
      undefined,
      'bias',
    );
  return sameShape(sum, folded) === true;
}

/** The fused op folds all leading axes into one before it multiplies: only one side may be broadcast, and as a whole. */
function checkStacks(a: PlainTensor, b: PlainTensor, s: Shape): void {
  if (a.shape === null || b.shape === null || s === null) return;
  const [x, y, whole] = [a.shape, b.shape, s].map((t) => total(t.slice(0, -2).map((d) => d.dim)));
  if (typeof x !== 'number' || typeof y !== 'number' || typeof whole !== 'number') return;
  if (x !== y && x !== 1 && y !== 1)
    no(
      'broadcast',
      `fused matMul: stacks of ${x} and ${y} matrices do not broadcast`,
      `Operands could not be broadcast together with shapes ${x} and ${y}.`,
    );
  if (Math.max(x, y) !== whole)
    no('broadcast', `fused matMul: stacks ${showShape(a.shape)} and ${showShape(b.shape)} do not broadcast as a whole`);
}

function fusedConv2d(call: OpCall): OpResult {
  const op = 'fused conv2d';
  const x = operand(call, 'conv2d', 'x', { as: 'float32' });
  const filter = operand(call, 'conv2d', 'filter', { as: 'float32' });
  checkRank(x, [3, 4], op, 'Error in fused conv2d: input must be rank 4, but got rank $.');
  checkRank(filter, [4], op, 'Error in fused conv2d: filter must be rank 4, but got rank $.', 'filter');
  const rounding = roundingOf(call, op);
  const format = formatOf(call, 'NHWC');
  const known = format === undefined || format === 'NHWC' ? format : 'NCHW';
  checkChannels(op, x, filter, 2, known, 4, 'Error in conv2d: depth of input ($) must match');
  const [strides, dilations] = [stridesOf(call, op), dilationsOf(call, op)];
  checkEither(strides, dilations, op, 'Error in conv2D: Either strides or dilations must be 1.');
  // Its check of the bias reads channels-first shapes as channels-last ones.
  if (format !== 'NHWC') return tensor(null, 'float32');
  const s = convolvedShape(call, op, { x, filter, strides, dilations, rounding, format }, (_, f) =>
    axis(f[3]?.dim ?? '?', 'channel'),
  );
  return withChannelBias(call, op, s, x, filter);
}

function fusedDepthwise(call: OpCall): OpResult {
  const op = 'fused depthwiseConv2d';
  const x = operand(call, 'depthwiseConv2d', 'x', { as: 'float32' });
  const filter = operand(call, 'depthwiseConv2d', 'filter', { as: 'float32' });
  checkRank(x, [3, 4], op, 'Error in fused depthwiseConv2d: input must be rank 4, but got rank $.');
  checkRank(filter, [4], op, 'Error in fused depthwiseConv2d: filter must be rank 4, but got rank $.', 'filter');
  checkChannels(op, x, filter, 2, 'NHWC', 4, 'Error in fused depthwiseConv2d: number of input channels ($) must match');
  const [strides, dilations] = [
    stridesOf(call, op),
    isAbsent(call.get('dilations')) ? ([1, 1, 1] as const) : dilationsOf(call, op),
  ];
  checkEither(strides, dilations, op, 'Error in fused depthwiseConv2d: Either strides or dilations must be 1.');
  const rounding = roundingOf(call, op);
  const s = convolvedShape(call, op, { x, filter, strides, dilations, rounding, format: 'NHWC' }, (own, f) =>
    axis(mul(own?.dim ?? '?', f[3]?.dim ?? '?'), 'channel'),
  );
  return withChannelBias(call, op, s, x, filter);
}

function withChannelBias(call: OpCall, op: string, s: Shape, x: PlainTensor, filter: PlainTensor): OpResult {
  const bias = biasOf(call, 'fused conv2d', x);
  // The bias is compared with the batched result, also where the image came without a batch.
  const unbatched = s?.length === 3;
  const batched = unbatched ? [axis(1), ...(s ?? [])] : s;
  const all = bias === undefined ? batched : broadcasted(batched, bias.shape);
  const whole = unbatched && all?.length === 4 ? all.slice(1) : all;
  // A bias larger than the result makes it grow, and tfjs then puts it back into the smaller shape, or fails.
  const grown = s && whole?.some((a, i) => whole.length !== s.length || certainlyDiffer(a.dim, s[i]?.dim ?? '?'));
  if (grown || (bias !== undefined && (rankOf(bias) ?? 4) > 1)) return tensor(null, 'float32');
  const alpha = optional(call, op, 'preluActivationWeights');
  const rank = alpha === undefined ? undefined : rankOf(alpha);
  if (op === 'fused conv2d' && rank !== undefined && rank > 1 && rank !== 3)
    no(
      'rank',
      `${op} wants prelu weights of rank 0, 1 or 3, not ${rank}`,
      'Error in fused conv2d: only supports scalar, 1-D Tensor or 3-D Tensor PReLU',
      'preluActivationWeights',
    );
  const channels = filter.shape?.[3]?.dim ?? '?';
  const size = alpha?.shape?.[0]?.dim ?? '?';
  if (op === 'fused conv2d' && rank === 1 && certainlyDiffer(size, channels) && certainlyDiffer(size, 1))
    no(
      'channels',
      `${op}: ${showDim(size)} prelu weights ${showShape(alpha?.shape ?? null)} for ${showDim(channels)} channels`,
      'Error in fused conv2d: PReLU activation weights (',
      'preluActivationWeights',
    );
  if (alpha !== undefined && rank !== 0 && rank !== 1) return tensor(null, 'float32');
  return finished(call, op, s, 'float32', bias);
}

const CONV =
  'x filter strides pad dataFormat dilations dimRoundingMode bias activation preluActivationWeights leakyreluAlpha';

export const fusedOps: readonly OpSpec[] = [
  row(
    'fused.matMul',
    'a b transposeA transposeB bias activation preluActivationWeights leakyreluAlpha',
    fusedMatMul,
    OBJECT,
  ),
  row('fused.conv2d', CONV, fusedConv2d, OBJECT),
  row('fused.depthwiseConv2d', CONV, fusedDepthwise, OBJECT),
];
