import { sameShape, showShape } from '../../../shapes/shape';
import type { OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import { isRecord, isUnknown, type PlainTensor } from '../../plain';
import { broadcasted, plainShape } from './axes';
import { type Dtype, upcast } from './dtypes';
import { isList, operand, operands } from './operands';
import { METHOD, no, row } from './row';

type Two = (a: number, b: number) => number;

/** The value of an op on two known numbers. */
function scalarOfTwo(a: PlainTensor, b: PlainTensor, dtype: Dtype, f?: Two): number | undefined {
  if (f === undefined || a.scalar === undefined || b.scalar === undefined) return undefined;
  if (a.shape?.length !== 0 || b.shape?.length !== 0) return undefined;
  const y = f(a.scalar, b.scalar);
  return dtype === 'float32' || (dtype === 'int32' && Number.isInteger(y)) ? y : undefined;
}

/** An elementwise op on two operands that broadcast and are cast to the wider dtype. */
function binary(name: string, params: string, f?: Two, result: (dtype: Dtype) => Dtype = (d) => d, op = name): OpSpec {
  const [first = 'a', second = 'b'] = params.split(' ');
  return row(
    name,
    params,
    (call) => {
      const a = operand(call, op, first);
      const b = operand(call, op, second);
      const dtype = result(upcast(a.dtype, b.dtype));
      return tensor(broadcasted(a.shape, b.shape), dtype, scalarOfTwo(a, b, dtype, f));
    },
    METHOD,
  );
}

const boolAsInt = (dtype: Dtype): Dtype => (dtype === 'bool' ? 'int32' : dtype);

/** Two int32 operands are divided without a remainder; so are, on some backends, those of an unknown dtype. */
const divide = (a: PlainTensor, b: PlainTensor): Two | undefined =>
  upcast(a.dtype, b.dtype) === 'float32' ? (x, y) => x / y : undefined;

export const arithmeticOps: readonly OpSpec[] = [
  binary('add', 'a b', (a, b) => a + b),
  binary('sub', 'a b', (a, b) => a - b),
  binary('mul', 'a b', (a, b) => a * b),
  row(
    'div',
    'a b',
    (call) => {
      const a = operand(call, 'div', 'a');
      const b = operand(call, 'div', 'b');
      const dtype = upcast(a.dtype, b.dtype);
      return tensor(broadcasted(a.shape, b.shape), dtype, scalarOfTwo(a, b, dtype, divide(a, b)));
    },
    METHOD,
  ),
  binary('divNoNan', 'a b', undefined, (d) => d, 'div'),
  binary(
    'floorDiv',
    'a b',
    (a, b) => Math.floor(a / b),
    () => 'int32',
  ),
  binary('pow', 'base exp', (a, b) => a ** b),
  binary('mod', 'a b'),
  binary('maximum', 'a b', Math.max, boolAsInt),
  binary('minimum', 'a b', Math.min, boolAsInt),
  binary('squaredDifference', 'a b', (a, b) => (a - b) ** 2),
  binary('atan2', 'a b', Math.atan2),
  row('addN', 'tensors', (call) => {
    const raw = call.get('tensors');
    if (!isList(raw) && !isUnknown(raw) && !(isRecord(raw) && raw.open))
      no(
        'argument-count',
        'addN takes a list of tensors',
        'The argument passed to tf.addN() must be a list of tensors',
      );
    const list = operands(call, 'addN', 'tensors');
    if (list === undefined) return tensor(null);
    const [first, ...rest] = list;
    if (first === undefined)
      return no(
        'argument-count',
        'addN needs at least one tensor',
        'Must pass at least one tensor to tf.addN(), but got 0',
      );
    if (rest.some((t) => t.dtype !== undefined && first.dtype !== undefined && t.dtype !== first.dtype))
      no('dtype', 'addN needs tensors of one dtype', 'All tensors passed to tf.addN() must have the same dtype');
    const other = rest.find((t) => sameShape(t.shape, first.shape) === false);
    if (other !== undefined)
      no(
        'broadcast',
        `addN does not broadcast: ${showShape(first.shape)} and ${showShape(other.shape)}`,
        'All tensors passed to tf.addN() must have the same shape',
      );
    const best = list.find((t) => t.shape !== null) ?? first;
    return tensor(best.shape, list.find((t) => t.dtype !== undefined)?.dtype);
  }),
  row('bitwiseAnd', 'x y', (call) => {
    const x = operand(call, 'bitwiseAnd', 'x');
    const y = operand(call, 'bitwiseAnd', 'y');
    if (sameShape(x.shape, y.shape) === false)
      no(
        'broadcast',
        `bitwiseAnd does not broadcast: ${showShape(x.shape)} and ${showShape(y.shape)}`,
        `BitwiseAnd: Tensors must have the same shape. x: ${plainShape(x.shape) ?? ''}`,
      );
    const wrong = [x, y].find((t) => t.dtype !== undefined && t.dtype !== 'int32');
    if (wrong !== undefined)
      no(
        'dtype',
        `bitwiseAnd wants int32 tensors, not ${wrong.dtype}`,
        "BitwiseAnd: Only supports 'int32' values in tensor",
      );
    return tensor(x.shape ?? y.shape, 'int32');
  }),
];
