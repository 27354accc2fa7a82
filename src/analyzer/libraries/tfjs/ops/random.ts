import { certainlyLess } from '../../../shapes/bounds';
import { axis, shape, showShape, sizeOf } from '../../../shapes/shape';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import { broadcasted, rankOf } from './axes';
import type { Dtype } from './dtypes';
import { dtypeArgument, isAbsent, isList, operand, shapeArgument, sizeIn } from './operands';
import { no, row } from './row';

/** The dtype of a random op; `refused` lists what it says no to before it makes anything. */
function dtypeOf(
  call: OpCall,
  name: string,
  allowed: readonly string[],
  original: (dtype: Dtype) => string | undefined,
): Dtype {
  const dtype = dtypeArgument(call, 'float32');
  if (dtype !== undefined && !allowed.includes(dtype))
    no('dtype', `${name} makes no ${dtype}`, original(dtype), 'dtype');
  return dtype;
}

const REAL = ['float32', 'int32'];

/** Draws from a distribution. `shapeFirst` says whether tfjs looks at the shape before the dtype. */
function draws(
  name: string,
  params: string,
  allowed: readonly string[],
  words: (dtype: Dtype) => string | undefined,
  shapeFirst = true,
): OpSpec {
  return row(name, params, (call) => {
    if (!shapeFirst) dtypeOf(call, name, allowed, words);
    const s = shapeArgument(call, name);
    return tensor(s, dtypeOf(call, name, allowed, words));
  });
}

const unsupported = (dtype: Dtype): string | undefined =>
  dtype === 'bool' ? `Unsupported data type ${dtype}` : undefined;

function dropout(call: OpCall) {
  const x = operand(call, 'dropout', 'x');
  if (x.dtype !== undefined && x.dtype !== 'float32')
    no(
      'dtype',
      `dropout wants a float32 tensor, not ${x.dtype}`,
      "x has to be a floating point tensor since it's going to be scaled",
      'x',
    );
  const rate = call.get('rate');
  if (rate === undefined || (typeof rate === 'number' && !(rate >= 0 && rate < 1)))
    no(
      'option',
      `dropout's rate must be at least 0 and below 1, not ${rate}`,
      `rate must be a float in the range [0, 1), but got ${rate}.`,
      'rate',
    );
  const noise = call.get('noiseShape');
  if (rate === 0 || isAbsent(noise)) return tensor(x.shape, 'float32');
  if (!isList(noise) || x.shape === null || typeof rate !== 'number') return tensor(null, 'float32');
  // A null in the noise shape takes the size of the tensor.
  const own = x.shape;
  const sizes = noise.map((v, i) => (v === null && noise.length === own.length ? (own[i]?.dim ?? '?') : sizeIn(v)));
  return tensor(broadcasted(own, shape(sizes)), 'float32');
}

function multinomial(call: OpCall) {
  const logits = operand(call, 'multinomial', 'logits');
  const rank = rankOf(logits);
  const size = sizeOf(logits.shape);
  if (certainlyLess(size, 2))
    no(
      'data-length',
      `multinomial needs two outcomes or more, not ${showShape(logits.shape)}`,
      'Error in multinomial: you need at least 2 outcomes, but got',
      'logits',
    );
  if (rank !== undefined && rank > 2)
    no(
      'rank',
      `multinomial wants rank 1 or 2, not ${rank}`,
      `Rank of probabilities must be 1 or 2, but is ${rank}`,
      'logits',
    );
  const samples = axis(call.size('numSamples'));
  if (rank === undefined) return tensor(null, 'int32');
  return tensor(rank === 1 ? [samples] : [...(logits.shape?.slice(0, 1) ?? []), samples], 'int32');
}

export const randomOps: readonly OpSpec[] = [
  draws('randomNormal', 'shape mean stdDev dtype seed', REAL, unsupported),
  draws('truncatedNormal', 'shape mean stdDev dtype seed', REAL, (d) =>
    d === 'bool' ? 'Unsupported data type' : undefined,
  ),
  draws('randomStandardNormal', 'shape dtype seed', REAL, unsupported, false),
  draws('randomUniform', 'shape minval maxval dtype seed', ['float32', 'int32', 'bool'], () => undefined),
  row('randomUniformInt', 'shape minval maxval seed', (call) =>
    tensor(shapeArgument(call, 'randomUniformInt'), 'int32'),
  ),
  draws('randomGamma', 'shape alpha beta dtype seed', REAL, (d) => `Unsupported data type ${d}`),
  draws('rand', 'shape randFunction dtype', ['float32', 'int32', 'bool'], (d) => `Unknown data type ${d}`),
  row('multinomial', 'logits numSamples seed normalized', multinomial),
  row('dropout', 'x rate noiseShape seed', dropout),
];
