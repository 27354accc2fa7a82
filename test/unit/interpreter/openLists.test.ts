import { describe, expect, test } from 'vitest';
import { evaluate } from './evaluate';

/** The shape of `seen` in a function that nobody calls. */
function seen(body: string, parameters = 'n: number, xs'): unknown {
  const program = `import * as tf from '@tensorflow/tfjs'; let seen; function f(${parameters}) { ${body} }`;
  return evaluate(program).get('seen');
}

describe('lists whose length is known by name', () => {
  test('give tensors of that length', () => {
    expect(seen('seen = tf.tensor1d(xs);')).toBe('[xs.length]');
    expect(seen('seen = tf.tensor2d(xs);')).toBe('[xs.length,xs[0].length]');
    expect(seen('seen = tf.tensor1d(new Float32Array(2 * n));')).toBe('[2*n]');
    expect(seen('seen = tf.tensor1d(Array.from({ length: n }, () => 1));')).toBe('[n]');
    expect(seen('seen = tf.tensor1d(new Array(n).fill(0).map((_, i) => i * 2));')).toBe('[n]');
    expect(seen('seen = tf.tensor(Array.from({ length: n }, () => [1, 2, 3]));')).toBe('[n,3]');
  });

  test('stand for their length where tensors are joined', () => {
    expect(seen('seen = tf.stack(Array.from({ length: n }, () => tf.ones([4, 5])), 1);')).toBe('[4,n,5]');
    expect(seen('seen = tf.concat(Array.from({ length: n }, () => tf.ones([4, 5])));')).toBe('[4*n,5]');
    expect(seen('seen = tf.concat(Array.from({ length: n }, () => tf.ones([4, 5])), -1);')).toBe('[4,5*n]');
  });

  test('made of holes alone may be read at an index that is not known: code out of view may have filled them', () => {
    const read = 'const a = new Array(3); const units = a[n]; seen = tf.ones([units === undefined ? 2 : 5]);';
    expect(seen(read)).toBe('[?]');
    expect(seen('const a = [, ,]; seen = tf.ones([a[n] === undefined ? 2 : 5]);')).toBe('[?]');
  });

  test('have another length once they are pushed to', () => {
    expect(seen('const a = Array.from({ length: n }, () => 1); a.push(2); seen = tf.tensor1d(a);')).toBe('[length]');
  });

  test('have a length that is not the length of an element', () => {
    expect(seen('const a = [...xs]; seen = tf.zeros([a.length, a[n].length]);')).toBe('[xs.length,xs[].length]');
  });
});
