import type { Shape } from '../../../shapes/shape';
import type { OpCall, OpResult, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import type { PlainTensor } from '../../plain';
import { broadcasted, matching, parseAxes, plainShape, rankOf, reduced } from './axes';
import { type Dtype, sumType, upcast } from './dtypes';
import { operand, optional } from './operands';
import { no, row } from './row';

/** tf.Reduction: NONE, MEAN, SUM, SUM_BY_NONZERO_WEIGHTS (the default). */
const REDUCTIONS = 4;

interface Losses {
  readonly shape: Shape;
  readonly dtype: Dtype;
}

/** The last step of every loss: weigh, then reduce to one number, or not at all. */
function weighted(call: OpCall, losses: Losses, weights: PlainTensor | undefined): OpResult {
  const raw = call.get('reduction');
  const reduction = raw === undefined ? 3 : raw;
  const all = weights === undefined ? losses.shape : broadcasted(losses.shape, weights.shape);
  const dtype = weights === undefined ? losses.dtype : upcast(losses.dtype, weights.dtype);
  if (reduction === 0) return tensor(all, dtype);
  if (reduction === 2) return tensor([], sumType(dtype));
  if (reduction === 1) return tensor([], weights === undefined ? 'float32' : undefined);
  if (reduction === 3) return tensor([], 'float32');
  if (typeof reduction !== 'number' && typeof reduction !== 'string' && reduction !== null)
    return tensor(null, undefined);
  return no(
    'option',
    `there are ${REDUCTIONS} reductions, tf.Reduction.NONE to .SUM_BY_NONZERO_WEIGHTS`,
    `Unknown reduction: ${reduction}`,
    'reduction',
  );
}

interface Pair {
  readonly labels: PlainTensor;
  readonly predictions: PlainTensor;
  readonly weights: PlainTensor | undefined;
  readonly shape: Shape;
}

/** Labels, predictions and weights as every loss reads them: the first two of one shape. */
function pair(call: OpCall, name: string, first: string, second: string): Pair {
  const labels = operand(call, name, first);
  const predictions = operand(call, name, second);
  const weights = optional(call, name, 'weights');
  const [a, b] = [plainShape(labels.shape), plainShape(predictions.shape)];
  const original = `Error in ${name}: ${a === undefined || b === undefined ? '' : ` Shapes ${a} and ${b} must match`}`;
  return {
    labels,
    predictions,
    weights,
    shape: matching(labels, predictions, `${name}: ${first} and ${second}`, original),
  };
}

/** An elementwise loss whose terms have this dtype. */
function loss(name: string, params: string, dtype: (a: Dtype, b: Dtype, call: OpCall) => Dtype): OpSpec {
  const [first = 'labels', second = 'predictions'] = params.split(' ');
  return row(`losses.${name}`, params, (call) => {
    const { labels, predictions, weights, shape } = pair(call, name, first, second);
    return weighted(call, { shape, dtype: dtype(labels.dtype, predictions.dtype, call) }, weights);
  });
}

const withFloat = (a: Dtype, b: Dtype): Dtype => upcast('float32', upcast(a, b));

function cosineDistance(call: OpCall): OpResult {
  const { labels, predictions, weights, shape } = pair(call, 'cosineDistance', 'labels', 'predictions');
  const axes = parseAxes(call.get('axis') ?? null, shape === null ? undefined : shape.length);
  const dtype = upcast('float32', upcast(labels.dtype, predictions.dtype));
  return weighted(call, { shape: reduced(shape, axes, true), dtype }, weights);
}

function softmaxCrossEntropy(call: OpCall): OpResult {
  const name = 'softmaxCrossEntropy';
  const { labels, predictions, weights, shape } = pair(call, name, 'onehotLabels', 'logits');
  const smoothing = call.get('labelSmoothing');
  const rank = rankOf(predictions) ?? rankOf(labels);
  if (rank === 0) no('rank', `${name} wants logits of rank 1 or more`, undefined, 'logits');
  if (typeof smoothing === 'number' && smoothing > 0 && rank === 1)
    no('rank', `${name} smooths labels of rank 2 or more`, undefined, 'labelSmoothing');
  const dtype = withFloat(labels.dtype, predictions.dtype);
  return weighted(call, { shape: shape === null ? null : shape.slice(0, -1), dtype }, weights);
}

function movingAverage(call: OpCall): OpResult {
  const op = 'movingAverage';
  const v = operand(call, op, 'v');
  const x = operand(call, op, 'x');
  const decay = operand(call, op, 'decay');
  if (v.dtype !== undefined && x.dtype !== undefined && v.dtype !== x.dtype)
    no(
      'dtype',
      `${op} wants one dtype, not ${v.dtype} and ${x.dtype}`,
      `The dtypes of the first(${v.dtype}) and second(${x.dtype}) input must match`,
    );
  const s = matching(v, x, 'v and x', 'Shape mismatch in v and x');
  const raw = call.get('zeroDebias');
  const step = call.get('step');
  if ((raw === undefined || raw === true) && (step === undefined || step === null))
    no('option', `${op} with zeroDebias needs the step`, 'When using zeroDebias: true, step is required.', 'step');
  const update = broadcasted(s, decay.shape);
  const known = raw === undefined || typeof raw === 'boolean';
  if (!known) return tensor(null, undefined);
  const debiased =
    raw === false ? update : broadcasted(update, broadcasted(decay.shape, operand(call, op, 'step').shape));
  return tensor(broadcasted(s, debiased), upcast('float32', v.dtype));
}

export const lossOps: readonly OpSpec[] = [
  loss('absoluteDifference', 'labels predictions weights reduction', upcast),
  loss('meanSquaredError', 'labels predictions weights reduction', upcast),
  loss('hingeLoss', 'labels predictions weights reduction', withFloat),
  loss('huberLoss', 'labels predictions weights delta reduction', withFloat),
  loss('logLoss', 'labels predictions weights epsilon reduction', withFloat),
  loss('sigmoidCrossEntropy', 'multiClassLabels logits weights labelSmoothing reduction', (a, b) => {
    return upcast(a, b) === 'float32' ? 'float32' : undefined;
  }),
  row('losses.computeWeightedLoss', 'losses weights reduction', (call) => {
    const losses = operand(call, 'computeWeightedLoss', 'losses');
    return weighted(call, losses, optional(call, 'computeWeightedLoss', 'weights'));
  }),
  row('losses.cosineDistance', 'labels predictions axis weights reduction', cosineDistance),
  row('losses.softmaxCrossEntropy', 'onehotLabels logits weights labelSmoothing reduction', softmaxCrossEntropy),
  row('movingAverage', 'v x decay step zeroDebias', movingAverage),
];
