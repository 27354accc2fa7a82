import { describe, expect, it } from 'vitest';
import { heNormal } from '../../../runtime/nn/initializers';
import { Conv2d, Dense, Flatten, type Layer, Noise, Pool2d, paperNoise, Relu } from '../../../runtime/nn/layers';
import { SoftmaxCrossEntropy } from '../../../runtime/nn/losses';
import { Random } from '../../../runtime/nn/random';
import type { Shape } from '../../../runtime/nn/tensor';
import { centralDifferences, float64, gradientErrors, normalTensor, relativeError } from './support';

const TOLERANCE = 1e-6;
const weights = new Random(5);
const conv = (kernelSize: number, strides: number, padding: 'same' | 'valid', inputShape: Shape): Layer => {
  const sizes = { inputShape, filters: 3, kernelSize, strides, padding };
  return new Conv2d({ name: 'conv', ...sizes, useBias: true, initializer: heNormal }, float64, weights);
};
const dense = new Dense({ name: 'dense', inputs: 7, units: 5, useBias: true, initializer: heNormal }, float64, weights);
const pool = (type: 'max' | 'average', size: number, inputShape: Shape) =>
  new Pool2d({ name: 'pool', type, size, inputShape }, float64);

const cases: readonly [title: string, layer: Layer, input: Shape][] = [
  ['dense', dense, [4, 7]],
  ['conv 3 × 3, same', conv(3, 1, 'same', [5, 6, 2]), [2, 5, 6, 2]],
  ['conv 3 × 3, valid', conv(3, 1, 'valid', [5, 6, 2]), [2, 5, 6, 2]],
  ['conv 3 × 3, strides 2, same, even size', conv(3, 2, 'same', [6, 6, 2]), [2, 6, 6, 2]],
  ['conv 2 × 2, strides 2, valid, with a rest', conv(2, 2, 'valid', [5, 7, 4]), [3, 5, 7, 4]],
  ['conv 5 × 5 over a smaller picture, same', conv(5, 1, 'same', [3, 2, 1]), [2, 3, 2, 1]],
  ['conv 1 × 1', conv(1, 1, 'same', [3, 3, 5]), [2, 3, 3, 5]],
  ['relu', new Relu('relu', [9], float64), [4, 9]],
  ['max pool', pool('max', 2, [4, 6, 3]), [2, 4, 6, 3]],
  ['max pool with a rest', pool('max', 3, [7, 5, 2]), [2, 7, 5, 2]],
  ['average pool', pool('average', 2, [5, 4, 3]), [2, 5, 4, 3]],
  ['flatten', new Flatten('flatten', [2, 3, 2]), [3, 2, 3, 2]],
];

describe('Backward passes against central differences in float64', () => {
  it.each(cases)('%s', (_, layer, input) => {
    const errors = gradientErrors(layer, normalTensor(input, new Random(11)));
    expect(Object.keys(errors)).toHaveLength(1 + layer.parameters.length);
    for (const [what, error] of Object.entries(errors)) expect(error, what).toBeLessThanOrEqual(TOLERANCE);
  });

  it('noise, which draws the same numbers again', () => {
    const random = new Random(4);
    const start = random.state;
    const noise = new Noise('noise', [3, 3, 2], paperNoise, float64, random);
    const errors = gradientErrors(noise, normalTensor([4, 3, 3, 2], new Random(11)), () => {
      random.state = start;
    });
    expect(errors.input).toBeLessThanOrEqual(TOLERANCE);
  });

  it('softmax cross-entropy, logits of hundreds too', () => {
    for (const scale of [1, 300]) {
      const logits = normalTensor([6, 10], new Random(2));
      logits.data.forEach((value, i) => {
        logits.data[i] = value * scale;
      });
      const labels = [0, 9, 3, 3, 5, 1];
      const loss = new SoftmaxCrossEntropy(float64);
      const gradient = loss.measure(logits, labels).gradient.data.slice();
      const expected = centralDifferences(logits.data, () => loss.measure(logits, labels).loss);
      expect(relativeError(gradient, expected)).toBeLessThanOrEqual(TOLERANCE);
    }
  });
});
