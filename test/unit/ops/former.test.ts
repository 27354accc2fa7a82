/** Ops of earlier versions, under the names that they had: their shapes are those of what became of them. */
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';

function analyze(program: string) {
  const text = `import * as tf from '@tensorflow/tfjs';\n${program}`;
  return createAnalyzer({ read: (path) => (path === '/main.ts' ? text : undefined) }).analyze('/main.ts');
}

const STRICT = [
  ...['add', 'sub', 'mul', 'div', 'mod', 'pow', 'maximum', 'minimum', 'squaredDifference'],
  ...['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'],
] as const;

describe('ops on operands of one shape', () => {
  test.each(STRICT)('%sStrict gives the shape of both', (name) => {
    const real = tf[name](tf.ones([2, 3]), tf.ones([2, 3])).shape;
    const { calls, findings } = analyze(`const x = tf.ones([2, 3]);
      tf.${name}Strict(x, x); x.${name}Strict(x); tf.${name}Strict(outside(), x);`);
    expect(calls.filter(({ api }) => api === `tf.${name}Strict`).map(({ outputShape }) => outputShape)).toEqual([
      real,
      real,
      real,
    ]);
    expect(findings).toEqual([]);
  });

  test('say nothing where the operands differ: which version runs is not known', () => {
    const { calls, findings } = analyze('tf.addStrict(tf.ones([2, 3]), tf.ones([3, 2]));');
    expect(calls.find(({ api }) => api === 'tf.addStrict')?.outputShape).toBeNull();
    expect(findings).toEqual([]);
  });
});

test('batchNormalization, with the epsilon before scale and offset, gives the shape of its input', () => {
  const real = tf.batchNorm(
    tf.ones([4, 8, 8, 3]),
    tf.zeros([3]),
    tf.ones([3]),
    tf.zeros([3]),
    tf.ones([3]),
    1e-3,
  ).shape;
  const { calls, findings } = analyze(
    `const x = tf.ones([4, 8, 8, 3]); const one = tf.ones([3]);
     export const y = tf.batchNormalization(x, one, one, 1e-3, one, one);
     export const z = tf.batchNormalization4d(x, one, one, 1e-3, one, one);`,
  );
  const found = calls.filter(({ api }) => api.startsWith('tf.batchNormalization'));
  expect(found.map(({ outputShape }) => outputShape)).toEqual([real, real]);
  expect(findings).toEqual([]);
});

test('fromPixels gives height, width and 3 channels unless it is told another number', () => {
  const real = tf.browser.fromPixels({ data: new Uint8Array(4 * 6), width: 2, height: 3 }).shape;
  const { calls } = analyze(
    'const p = { data: new Uint8Array(24), width: 2, height: 3 }; tf.fromPixels(p); tf.fromPixels(p, 1);',
  );
  const found = calls.filter(({ api }) => api === 'tf.fromPixels').map(({ outputShape }) => outputShape);
  expect(found).toEqual([real, [3, 2, 1]]);
});
