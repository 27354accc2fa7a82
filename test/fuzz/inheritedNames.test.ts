import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../src/analyzer';

/** What every object of the analyzer's own language inherits, and no table of the analyzer has as a row. */
const names = [...Object.getOwnPropertyNames(Object.prototype)];

/** Values of every kind that the analyzer knows. */
const values = [
  'tf',
  'tf.layers',
  'tf.train',
  'tf.data',
  'tf.image',
  'tf.losses',
  'tf.util',
  'tf.initializers',
  'tf.serialization',
  'tf.zeros([2])',
  'tf.zeros([2]).shape',
  'tf.variable(tf.zeros([2]))',
  'tf.input({ shape: [2] })',
  'tf.sequential()',
  'tf.model({ inputs: x, outputs: y })',
  'tf.layers.dense({ units: 1, inputShape: [2] })',
  'tf.layers.dense({ units: 1, inputShape: [2] }).getWeights()',
  'tf.data.array([1])',
  'tf.train.sgd(1)',
  'tf.moments(tf.zeros([2]))',
  '[1, 2]',
  "'text'",
  '(3)',
  '(() => 1)',
  'class {}',
  'new Map()',
  'new Set()',
  'new Float32Array(2)',
  'Math',
  'JSON',
  'Object',
  'Number',
  'Promise.resolve(1)',
  'globalThis',
  'console',
];

const uses = (value: string, name: string): string => `import * as tf from '@tensorflow/tfjs';
const x = tf.input({ shape: [2] });
const y = tf.layers.dense({ units: 1 }).apply(x);
const read = (${value}).${name};
const called = (${value}).${name}('units');
const { ${name}: taken } = ${value};
const key = '${name}';
const owner = ${value};
owner[key] = 1;
const written = owner[key]?.({ units: 3, [key]: 1 });
const layer = tf.layers[key]?.({ units: 3 });
const cell = tf.layers.rnn({ cell: tf.layers[key] });
`;

describe('names that every object inherits', () => {
  test.each(values)('of %s are read, called and written without a crash', (value) => {
    for (const name of names) {
      const text = uses(value, name);
      const analyzer = createAnalyzer({ read: (path) => (path === '/a.js' ? text : undefined) });
      expect(() => analyzer.analyze('/a.js'), name).not.toThrow();
    }
  });
});
