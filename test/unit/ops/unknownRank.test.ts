/** What an op gives whatever the rank of its operand is: tfjs is asked with operands of several ranks. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';

const REDUCTIONS = ['sum', 'mean', 'max', 'min', 'prod', 'logSumExp', 'norm'] as const;

function shapeOf(call: string): unknown {
  const text = `import * as tf from '@tensorflow/tfjs';\nexport function f(x: tf.Tensor, keep: boolean) { return ${call}; }`;
  const { calls, findings } = createAnalyzer({ read: (path) => (path === '/main.ts' ? text : undefined) }).analyze(
    '/main.ts',
  );
  expect(findings).toEqual([]);
  return calls[0]?.outputShapes ?? calls[0]?.outputShape;
}

test.each(REDUCTIONS)('%s over every axis is a scalar', (name) => {
  const real = [tf.ones([3]), tf.ones([2, 3]), tf.ones([2, 3, 4])].map((x) => tf[name](x).shape);
  expect(real).toEqual([[], [], []]);
  expect(shapeOf(`tf.${name}(x)`)).toEqual([]);
});

test('so are both statistics of moments', () => {
  for (const x of [tf.ones([3]), tf.ones([2, 3, 4])]) {
    const { mean, variance } = tf.moments(x);
    expect([mean.shape, variance.shape]).toEqual([[], []]);
  }
  expect(shapeOf('tf.moments(x)')).toEqual([[], []]);
});

test('with an axis, or axes that are kept or may be, the rank is not known', () => {
  for (const call of ['tf.sum(x, 0)', 'tf.sum(x, null, true)', 'tf.sum(x, undefined, keep)', 'tf.norm(x, 2, 0)'])
    expect(shapeOf(call), call).toBeNull();
});
