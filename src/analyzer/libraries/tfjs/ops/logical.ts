import { axis, shape } from '../../../shapes/shape';
import type { OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import type { PlainTensor } from '../../plain';
import { broadcasted } from './axes';
import { upcast } from './dtypes';
import { convert, operand } from './operands';
import { METHOD, METHOD_ONLY, row } from './row';

/** Comparisons take any dtype, cast both to the wider, and give bool. */
function comparison(name: string): OpSpec {
  return row(
    name,
    'a b',
    (call) => {
      const a = operand(call, name, 'a', { as: 'string_or_numeric' });
      const b = operand(call, name, 'b', { as: 'string_or_numeric' });
      upcast(a.dtype, b.dtype);
      return tensor(broadcasted(a.shape, b.shape), 'bool');
    },
    METHOD,
  );
}

/** Logical ops refuse everything but bool tensors. */
function logical(name: string): OpSpec {
  return row(
    name,
    'a b',
    (call) => {
      const a = operand(call, name, 'a', { as: 'bool' });
      const b = operand(call, name, 'b', { as: 'bool' });
      return tensor(broadcasted(a.shape, b.shape), 'bool');
    },
    METHOD,
  );
}

function choose(condition: PlainTensor, a: PlainTensor, b: PlainTensor) {
  const all = broadcasted(broadcasted(condition.shape, a.shape), b.shape);
  return tensor(all, upcast(a.dtype, b.dtype));
}

export const logicalOps: readonly OpSpec[] = [
  ...['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual'].map(comparison),
  ...['logicalAnd', 'logicalOr', 'logicalXor'].map(logical),
  row('logicalNot', 'x', (call) => tensor(operand(call, 'logicalNot', 'x', { as: 'bool' }).shape, 'bool'), METHOD),
  row('where', 'condition a b', (call) => {
    const a = operand(call, 'where', 'a');
    const b = operand(call, 'where', 'b');
    return choose(operand(call, 'where', 'condition', { as: 'bool' }), a, b);
  }),
  row(
    'where',
    'a condition b',
    (call) => {
      const a = operand(call, 'where', 'a');
      const b = operand(call, 'where', 'b');
      return choose(operand(call, 'where', 'condition', { as: 'bool' }), a, b);
    },
    METHOD_ONLY,
  ),
  row(
    'whereAsync',
    'condition',
    (call) => {
      const condition = convert(call.get('condition'), 'whereAsync', 'condition', 'bool');
      const rank = condition.shape?.length;
      return tensor([axis('?'), ...shape([rank ?? '?'])], 'int32');
    },
    { async: true },
  ),
];
