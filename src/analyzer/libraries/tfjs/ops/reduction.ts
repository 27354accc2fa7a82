import { axis, type Shape } from '../../../shapes/shape';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import { isUnknown, type PlainTensor } from '../../plain';
import { parseAxes, rankOf, reduced } from './axes';
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
  return reduced(x.shape, parseAxes(call.get('axis'), rankOf(x)), truthy(call, 'keepDims'));
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

function norm(name: string, params: string): OpSpec {
  return row(
    name,
    params,
    (call) => {
      const x = operand(call, 'norm', 'x');
      const raw = call.get('axis');
      const ord = name === 'euclideanNorm' ? 'euclidean' : call.get('ord');
      const rank = rankOf(x);
      if (rank === undefined || isUnknown(raw)) return tensor(rank === 0 ? [] : null, normType(x.dtype, ord));
      if (rank === 0) return tensor(reduced(x.shape, parseAxes(raw, 0), truthy(call, 'keepDims')), x.dtype);
      checkOrd(ord, isList(raw) ? raw.length : 1);
      const matrix = rank !== 1 && isList(raw) && raw.length !== 1;
      if (matrix && raw.length !== 2)
        no('axis-range', `norm takes one axis or two, not ${raw.length}`, 'Error in norm: invalid axis: ', 'axis');
      const axes = parseAxes(raw, rank);
      // With two axes, each norm but the Frobenius one reduces them one after the other, by numbers that may not fit.
      const simple = !matrix || ord === undefined || ord === 'euclidean' || ord === 'fro';
      return tensor(simple ? reduced(x.shape, axes, truthy(call, 'keepDims')) : null, normType(x.dtype, ord));
    },
    METHOD,
  );
}

function normType(dtype: Dtype, ord: unknown): Dtype {
  if (dtype === 'float32') return 'float32';
  return dtype === undefined || ord === undefined ? undefined : undefined;
}

function checkOrd(ord: unknown, axes: number): void {
  if (typeof ord !== 'number' && typeof ord !== 'string') return;
  const known = [1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 'euclidean', axes === 2 ? 'fro' : 2];
  if (!known.includes(ord))
    no('option', `norm knows no order ${ord}`, `Error in norm: invalid ord value: ${ord}`, 'ord');
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
