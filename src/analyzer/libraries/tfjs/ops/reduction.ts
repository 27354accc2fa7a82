import { type Axis, axis, type Shape } from '../../../shapes/shape';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import { isUnknown, type Plain, type PlainTensor } from '../../plain';
import { parseAxes, rankOf, reduced, reducedOver } from './axes';
import { type Dtype, sumType } from './dtypes';
import { isList, operand, type ParseAs, truthy } from './operands';
import { METHOD, no, row } from './row';

/** A reduction over `axis`, all axes by default. */
function reduction(name: string, result: (dtype: Dtype) => Dtype, as: ParseAs = 'numeric'): OpSpec {
  return row(
    name,
    'x axis keepDims',
    (call) => {
      const x = operand(call, name, 'x', { as });
      return tensor(reducedBy(call, x), result(x.dtype));
    },
    METHOD,
  );
}

/** The operand's shape after the call's own `axis` and `keepDims`. */
export function reducedBy(call: OpCall, x: PlainTensor): Shape {
  return reducedOver(x, call.get('axis'), truthy(call, 'keepDims'));
}

const same = (dtype: Dtype): Dtype => dtype;

/** argMax and argMin: exactly one axis, 0 by default. */
function argument(name: string): OpSpec {
  return row(
    name,
    'x axis',
    (call) => {
      const x = operand(call, name, 'x');
      const raw = call.get('axis');
      const rank = rankOf(x);
      const axes = parseAxes(raw === undefined ? 0 : raw, rank);
      if (axes !== undefined && axes.length !== 1)
        no(
          'axis-range',
          `${name} works along one axis, not ${axes.length}`,
          `${name} supports only inner-most axes for now.`,
          'axis',
        );
      return tensor(reduced(x.shape, axes, false) ?? oneAxisLess(x.shape), 'int32');
    },
    METHOD,
  );
}

function oneAxisLess(s: Shape): Shape {
  return s === null || s.length === 0 ? null : s.slice(1).map((a) => axis('?', a.role));
}

/** cumsum and cumprod keep the shape; their axis is not normalised, so it must be 0 … rank - 1 (or -1 … as permuted). */
function cumulative(name: string): OpSpec {
  return row(
    name,
    'x axis exclusive reverse',
    (call) => {
      const x = operand(call, name, 'x');
      return tensor(x.shape, sumType(x.dtype));
    },
    METHOD,
  );
}

/** `tf.norm`: of a vector, of the flattened tensor where no axis is given, or of matrices over two axes. */
function norm(name: string, params: string): OpSpec {
  return row(
    name,
    params,
    (call) => {
      const x = operand(call, 'norm', 'x');
      const raw = call.get('axis');
      const axis_ = raw === undefined ? null : raw;
      const ord = name === 'euclideanNorm' ? 'euclidean' : orderOf(call.get('ord'));
      const keepDims = truthy(call, 'keepDims');
      if (x.shape === null || isUnknown(axis_))
        return tensor(axis_ === null && keepDims === false ? [] : null, x.dtype === 'float32' ? 'float32' : undefined);
      const rank = x.shape.length;
      if (rank === 0) return tensor(keepDims === true ? reduced([], parseAxes(axis_, 0), true) : [], x.dtype);
      const matrix = rank !== 1 && isList(axis_) && axis_.length !== 1;
      if (matrix && axis_.length !== 2)
        no('axis-range', `norm takes one axis or two, not ${axis_.length}`, 'Error in norm: invalid axis: ', 'axis');
      checkOrder(ord, matrix);
      const inTurn = matrix && ord !== 'euclidean' && ord !== 'fro';
      const s = inTurn ? oneByOne(x.shape, axis_, ord, keepDims) : reduced(x.shape, parseAxes(axis_, rank), keepDims);
      return tensor(s, orderType(x.dtype, ord));
    },
    METHOD,
  );
}

type Order = number | string | undefined;

/** 'euclidean' by default; undefined where not known. */
function orderOf(raw: Plain): Order {
  if (raw === undefined) return 'euclidean';
  return typeof raw === 'number' || typeof raw === 'string' ? raw : undefined;
}

function checkOrder(ord: Order, matrix: boolean): void {
  const known = [1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 'euclidean', matrix ? 'fro' : 2];
  if (ord !== undefined && !known.includes(ord))
    no(
      'option',
      `norm knows no order ${ord}${matrix ? ' of matrices' : ''}`,
      `Error in norm: invalid ord value: ${ord}`,
      'ord',
    );
}

/** The other norms of matrices reduce one axis after the other, and number the second as the first leaves them. */
function oneByOne(s: readonly Axis[], axes: readonly Plain[], ord: Order, keepDims: boolean | undefined): Shape {
  const [a, b] = axes;
  if (typeof a !== 'number' || typeof b !== 'number' || typeof ord !== 'number') return null;
  const [first, second] = ord === 1 ? [a, b - 1] : [b, a];
  const once = reduced(s, parseAxes(first, s.length), false);
  const result = once === null ? null : reduced(once, parseAxes(second, once.length), false);
  const both = parseAxes(axes, s.length);
  if (keepDims === false || result === null || both === undefined || keepDims === undefined)
    return keepDims === false ? result : null;
  // What is left is put around the axes that were named.
  const rest = [...result];
  return s.map((own, i) => (both.includes(i) ? axis(1, own.role) : (rest.shift() ?? axis('?'))));
}

/** The root of squares wants floats; tfjs casts nothing for it. */
function orderType(dtype: Dtype, ord: Order): Dtype {
  if (ord === undefined) return undefined;
  if (ord === 1) return sumType(dtype);
  if (typeof ord === 'number' && ord !== 2) return dtype;
  if (dtype === 'int32' || dtype === 'bool')
    no(
      'dtype',
      `norm wants a float32 tensor, not ${dtype}`,
      "Argument 'x' passed to 'sqrt' must be float32 tensor",
      'x',
    );
  return 'float32';
}

export const reductionOps: readonly OpSpec[] = [
  reduction('sum', sumType),
  reduction('mean', () => 'float32'),
  reduction('prod', sumType),
  reduction('max', same),
  reduction('min', same),
  reduction('all', () => 'bool', 'bool'),
  reduction('any', () => 'bool', 'bool'),
  row(
    'logSumExp',
    'x axis keepDims',
    (call) => {
      const x = operand(call, 'logSumExp', 'x');
      return tensor(reducedBy(call, x), x.dtype === 'float32' ? 'float32' : undefined);
    },
    METHOD,
  ),
  argument('argMax'),
  argument('argMin'),
  cumulative('cumsum'),
  cumulative('cumprod'),
  norm('norm', 'x ord axis keepDims'),
  norm('euclideanNorm', 'x axis keepDims'),
];
