import type { OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import type { PlainTensor } from '../../plain';
import { broadcasted } from './axes';
import type { Dtype } from './dtypes';
import { operand, type ParseAs } from './operands';
import { METHOD, no, row } from './row';

type Result = 'same' | 'float32' | 'bool';

/** What is known of `f(x)` for a known number x. */
export function scalarOf(x: PlainTensor, dtype: Dtype, f?: (x: number) => number): number | undefined {
  if (f === undefined || x.scalar === undefined || x.shape?.length !== 0) return undefined;
  const y = f(x.scalar);
  return dtype === 'float32' || (dtype === 'int32' && Number.isInteger(y)) ? y : undefined;
}

function unary(name: string, as: ParseAs, result: Result, f?: (x: number) => number): OpSpec {
  return row(
    name,
    'x',
    (call) => {
      const x = operand(call, name, 'x', { as });
      const dtype = result === 'same' ? x.dtype : result;
      return tensor(x.shape, dtype, scalarOf(x, dtype, f));
    },
    METHOD,
  );
}

const elementwise: readonly OpSpec[] = [
  unary('acos', 'numeric', 'same', Math.acos),
  unary('acosh', 'numeric', 'same', Math.acosh),
  unary('asin', 'numeric', 'same', Math.asin),
  unary('asinh', 'numeric', 'same', Math.asinh),
  unary('atan', 'numeric', 'same', Math.atan),
  unary('atanh', 'numeric', 'same', Math.atanh),
  unary('ceil', 'float32', 'same', Math.ceil),
  unary('cos', 'float32', 'same', Math.cos),
  unary('cosh', 'float32', 'same', Math.cosh),
  unary('elu', 'float32', 'same', (x) => (x >= 0 ? x : Math.expm1(x))),
  unary('exp', 'numeric', 'float32', Math.exp),
  unary('expm1', 'numeric', 'same', Math.expm1),
  unary('floor', 'float32', 'same', Math.floor),
  unary('isFinite', 'numeric', 'bool'),
  unary('isInf', 'numeric', 'bool'),
  unary('isNaN', 'numeric', 'bool'),
  unary('log', 'float32', 'same', Math.log),
  unary('log1p', 'numeric', 'same', Math.log1p),
  unary('logSigmoid', 'numeric', 'same'),
  unary('neg', 'numeric', 'same', (x) => -x),
  unary('reciprocal', 'numeric', 'same', (x) => 1 / x),
  unary('relu', 'numeric', 'same', (x) => Math.max(0, x)),
  unary('relu6', 'numeric', 'same', (x) => Math.min(Math.max(0, x), 6)),
  unary('round', 'numeric', 'same'),
  unary('rsqrt', 'float32', 'same', (x) => 1 / Math.sqrt(x)),
  unary('selu', 'numeric', 'same'),
  unary('sigmoid', 'float32', 'same', (x) => 1 / (1 + Math.exp(-x))),
  unary('sign', 'numeric', 'same', Math.sign),
  unary('sin', 'float32', 'same', Math.sin),
  unary('sinh', 'numeric', 'same', Math.sinh),
  unary('softplus', 'numeric', 'same'),
  unary('sqrt', 'float32', 'same', Math.sqrt),
  unary('square', 'numeric', 'same', (x) => x * x),
  unary('tan', 'float32', 'same', Math.tan),
  unary('tanh', 'float32', 'same', Math.tanh),
];

/** Softmax families only work along the last axis. */
function lastAxisOnly(name: string, param: string, original: string, as: ParseAs): OpSpec {
  const axisParam = name === 'softmax' ? 'dim' : 'axis';
  return row(
    name,
    `${param} ${axisParam}`,
    (call) => {
      const x = operand(call, name, param, { as });
      const raw = call.get(axisParam);
      const rank = x.shape?.length;
      if (rank !== undefined) {
        const at = raw === undefined || raw === -1 ? rank - 1 : raw;
        if (at === null || (typeof at === 'number' && at !== rank - 1))
          no(
            'axis-range',
            `${name} works along the last axis only: ${at} of a tensor of rank ${rank}`,
            `${original} along a non-last dimension is not yet supported. Logits was rank ${rank} and ${axisParam} was ${at}`,
            axisParam,
          );
        // A scalar's last axis is -1, which no axis range holds.
        if (rank === 0)
          no(
            'rank',
            `${name} wants a tensor of rank 1 or more, not a scalar`,
            'All values in axis param must be in range [-0, 0) but got axis -1',
            param,
          );
      }
      return tensor(x.shape, 'float32');
    },
    METHOD,
  );
}

const others: readonly OpSpec[] = [
  row(
    'abs',
    'x',
    (call) => {
      const x = operand(call, 'abs', 'x');
      const dtype = x.dtype === 'complex64' ? 'float32' : x.dtype;
      return tensor(x.shape, dtype, scalarOf(x, dtype, Math.abs));
    },
    METHOD,
  ),
  row(
    'erf',
    'x',
    (call) => {
      const x = operand(call, 'erf', 'x');
      if (x.dtype !== undefined && x.dtype !== 'int32' && x.dtype !== 'float32')
        no(
          'dtype',
          `erf wants an int32 or float32 tensor, not ${x.dtype}`,
          'Input dtype must be `int32` or `float32`.',
          'x',
        );
      return tensor(x.shape, 'float32');
    },
    METHOD,
  ),
  row('leakyRelu', 'x alpha', (call) => tensor(operand(call, 'leakyRelu', 'x').shape, 'float32'), METHOD),
  row(
    'step',
    'x alpha',
    (call) => {
      const x = operand(call, 'step', 'x');
      return tensor(x.shape, x.dtype);
    },
    METHOD,
  ),
  row(
    'prelu',
    'x alpha',
    (call) => {
      const x = operand(call, 'prelu', 'x');
      const alpha = operand(call, 'prelu', 'alpha');
      return tensor(broadcasted(x.shape, alpha.shape), 'float32');
    },
    METHOD,
  ),
  row(
    'clipByValue',
    'x clipValueMin clipValueMax',
    (call) => {
      const x = operand(call, 'clipByValue', 'x');
      const [low, high] = [call.get('clipValueMin'), call.get('clipValueMax')];
      const certain = [low, high].every((v) => v === undefined || typeof v === 'number');
      if (certain && !((low as number) <= (high as number)))
        no(
          'option',
          `clipByValue from ${low} to ${high} leaves nothing between`,
          `Error in clip: min (${low}) must be less than or equal to max (${high}).`,
          'clipValueMin',
        );
      if (low === undefined || high === undefined)
        if (!certain) no('option', 'clipByValue needs a minimum and a maximum', 'Error in clip: min (', 'clipValueMin');
      return tensor(x.shape, x.dtype);
    },
    METHOD,
  ),
  lastAxisOnly('softmax', 'logits', 'Softmax', 'float32'),
  lastAxisOnly('logSoftmax', 'logits', 'Log Softmax', 'numeric'),
];

export const basicMathOps: readonly OpSpec[] = [...elementwise, ...others];
