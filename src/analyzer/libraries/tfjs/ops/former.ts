/**
 * Ops of TensorFlow.js before 4, which published packages still call: their shapes, as the sources of the versions that had
 * them say (tfjs-core 0.15.4, 1.7.4, 2.8.6). Which version a program runs on is not known, so they refuse nothing.
 */
import { isDefinite } from '../../../shapes/dim';
import { type Shape, sameShape, unknownOfRank } from '../../../shapes/shape';
import { type OpCall, type OpResult, type OpSpec, tensor } from '../../opSpec';
import { Refused } from '../../refused';
import { type Dtype, upcast } from './dtypes';
import { imageOps } from './image';
import { operand } from './operands';
import { METHOD, row } from './row';

/** Both operands are of one shape: what is not known of one is known of the other. */
function oneShape(a: Shape, b: Shape): Shape {
  if (a === null || b === null) return a ?? b;
  if (sameShape(a, b) === false) return null;
  return a.map((axis, i) => {
    const other = b[i] ?? axis;
    return typeof axis.dim === 'number' || (isDefinite(axis.dim) && typeof other.dim !== 'number') ? axis : other;
  });
}

function strict(name: string, params: string, result: (a: Dtype, b: Dtype) => Dtype): OpSpec {
  const [first = 'a', second = 'b'] = params.split(' ');
  return silent(name, params, METHOD, (call) => {
    const a = operand(call, name, first, { as: 'string_or_numeric' });
    const b = operand(call, name, second, { as: 'string_or_numeric' });
    return tensor(oneShape(a.shape, b.shape), result(a.dtype, b.dtype));
  });
}

/** `batchNormalization(x, mean, variance, varianceEpsilon, scale, offset)`: the shape is that of x. */
function batchNormalization(suffix: string, rank?: number): OpSpec {
  return silent(`batchNormalization${suffix}`, 'x mean variance varianceEpsilon scale offset', {}, (call) => {
    const x = operand(call, 'batchNorm', 'x');
    return tensor(x.shape ?? (rank === undefined ? null : unknownOfRank(rank)), x.dtype);
  });
}

function silent(name: string, params: string, flags: Partial<OpSpec>, run: (call: OpCall) => OpResult): OpSpec {
  const safe = (call: OpCall): OpResult => {
    try {
      return run(call);
    } catch (error) {
      if (error instanceof Refused) return tensor(null);
      throw error;
    }
  };
  return row(name, params, safe, flags);
}

/** Under another name the same function. */
function renamed(name: string, now: OpSpec | undefined): readonly OpSpec[] {
  return now === undefined ? [] : [silent(name, now.params.join(' '), {}, now.run)];
}

const bool = (): Dtype => 'bool';
const boolAsInt = (a: Dtype, b: Dtype): Dtype => (upcast(a, b) === 'bool' ? 'int32' : upcast(a, b));

export const formerOps: readonly OpSpec[] = [
  ...['add', 'sub', 'mul', 'div', 'mod', 'squaredDifference'].map((name) => strict(`${name}Strict`, 'a b', upcast)),
  strict('powStrict', 'base exp', upcast),
  ...['maximum', 'minimum'].map((name) => strict(`${name}Strict`, 'a b', boolAsInt)),
  ...['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'].map((name) =>
    strict(`${name}Strict`, 'a b', bool),
  ),
  batchNormalization(''),
  batchNormalization('2d', 2),
  batchNormalization('3d', 3),
  batchNormalization('4d', 4),
  ...renamed(
    'fromPixels',
    imageOps.find(({ name }) => name === 'browser.fromPixels'),
  ),
];
