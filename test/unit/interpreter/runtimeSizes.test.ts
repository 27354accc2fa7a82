import { describe, expect, test } from 'vitest';
import { evaluate } from './evaluate';

/** The value of `seen` in a function that nobody calls. */
function seen(body: string, parameters = 'n: number'): unknown {
  return evaluate(`import * as tf from '@tensorflow/tfjs'; let seen; function f(${parameters}) { ${body} }`).get(
    'seen',
  );
}

describe('buffers', () => {
  test('become tensors of their shape', () => {
    expect(seen('const b = tf.buffer([n, 3]); b.set(1, 0, 0); seen = b.toTensor();')).toBe('[n,3]');
    expect(seen('const b = tf.ones([2, 3]).bufferSync(); seen = [b.toTensor(), b.shape, b.rank, b.size];')).toEqual([
      '[2,3]',
      [2, 3],
      2,
      6,
    ]);
    expect(seen('const b = await tf.ones([n]).buffer(); seen = tf.tensor1d(b.values);')).toBe('[n]');
  });

  test('hold numbers that are known only when the program runs', () => {
    expect(seen('seen = tf.buffer([2]).get(0);')).toEqual({ unknown: 'runtime-data' });
  });
});

describe('tensors that are read back as lists', () => {
  test('keep their sizes', () => {
    expect(seen('seen = tf.tensor(tf.ones([n, 4]).arraySync());')).toBe('[n,4]');
    expect(seen('seen = tf.tensor([await tf.ones([100, 200]).array()]);')).toBe('[1,100,200]');
    expect(seen('seen = tf.tensor1d(tf.ones([n, 4]).dataSync());')).toBe('[4*n]');
  });
});

describe('pictures', () => {
  test('have their height and width by name', () => {
    expect(seen('seen = tf.browser.fromPixels(video);', 'video')).toBe('[video.height,video.width,3]');
    expect(seen('seen = tf.browser.fromPixels({ data, width: 8, height: 6 }, 1);', 'data')).toBe('[6,8,1]');
    expect(seen('seen = tf.image.resizeBilinear(tf.browser.fromPixels(video), [32, 24]);', 'video')).toBe('[32,24,3]');
  });

  test('of one element need not be of one size', () => {
    expect(seen('seen = tf.browser.fromPixels(v).shape[0] === tf.browser.fromPixels(v).shape[0];', 'v')).not.toBe(true);
  });
});

describe('batches that are given at run time', () => {
  test('are of a size by the name of the input', () => {
    const model = 'const m = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });';
    expect(seen(`${model} seen = m.predict(xs);`, 'xs')).toBe('[xs.shape[0],3]');
  });
});

describe('objects whose keys are not known', () => {
  test('have sizes by their name, which an assignment to an unknown key makes others', () => {
    const fill = 'const made = {}; for (const key in config) made[names[key]] = config[key]; const names = {};';
    expect(seen(`${fill} seen = tf.zeros([made.width, 2]);`, 'config')).toBe('[made.width,2]');
    expect(seen(`${fill} seen = made.width === made.width;`, 'config')).toBe(true);
    expect(
      seen(`${fill} const before = made.width; made[config.key] = 3; seen = before === made.width;`, 'config'),
    ).not.toBe(true);
  });
});
