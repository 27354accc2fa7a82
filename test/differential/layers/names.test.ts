import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { Options } from '../../../src/analyzer/libraries/options';
import type { Plain } from '../../../src/analyzer/libraries/plain';
import { declaredInputShape, layersByName, Names } from '../../../src/analyzer/libraries/tfjs/layers/index';
import { Random } from './random';

/** Ways to make a layer, by factory. tfjs's counters start with this file's own copy of tfjs. */
const made: Readonly<Record<string, () => tf.layers.Layer>> = {
  dense: () => tf.layers.dense({ units: 1 }),
  conv2d: () => tf.layers.conv2d({ filters: 1, kernelSize: 1 }),
  conv2dTranspose: () => tf.layers.conv2dTranspose({ filters: 1, kernelSize: 1 }),
  batchNormalization: () => tf.layers.batchNormalization(),
  lstm: () => tf.layers.lstm({ units: 1 }),
  lstmCell: () => tf.layers.lstmCell({ units: 1 }),
  gru: () => tf.layers.gru({ units: 1 }),
  simpleRNN: () => tf.layers.simpleRNN({ units: 1 }),
  simpleRNNCell: () => tf.layers.simpleRNNCell({ units: 1 }),
  convLstm2d: () => tf.layers.convLstm2d({ filters: 1, kernelSize: 1 }),
  convLstm2dCell: () => tf.layers.convLstm2dCell({ filters: 1, kernelSize: 1 }),
  reLU: () => tf.layers.reLU(),
  leakyReLU: () => tf.layers.leakyReLU(),
  prelu: () => tf.layers.prelu(),
  elu: () => tf.layers.elu(),
  globalAveragePooling2d: () => tf.layers.globalAveragePooling2d({}),
  maxPool2d: () => tf.layers.maxPool2d({}),
  add: () => tf.layers.add(),
};

describe('names', () => {
  it('are those that tfjs gives, in any order of making', () => {
    const random = new Random(5);
    const names = new Names();
    for (let i = 0; i < 300; i += 1) {
      const which = random.int(0, 9);
      if (which === 0) {
        expect(names.input()).toBe(tf.input({ shape: [1] }).name);
      } else if (which === 1) {
        expect(names.sequential()).toBe(tf.sequential().name);
      } else if (which === 2) {
        const x = tf.input({ shape: [1], name: `x${i}` });
        expect(names.model()).toBe(tf.model({ inputs: x, outputs: x }).name);
      } else if (which === 3) {
        const inner = names.layer('LSTM');
        const wrapper = names.layer('Bidirectional');
        const layer = tf.layers.lstm({ units: 1 });
        expect([inner, wrapper]).toEqual([layer.name, tf.layers.bidirectional({ layer: layer as tf.RNN }).name]);
      } else {
        const type = random.pick(Object.keys(made));
        expect(names.layer(layersByName.get(type)?.className ?? '')).toBe(made[type]?.().name);
      }
    }
  });

  it('of an input layer count with those of tf.input', () => {
    const first = Number(tf.input({ shape: [1] }).name.slice('input'.length));
    expect(tf.layers.inputLayer({ inputShape: [1] }).name).toBe(`input${first + 1}`);
  });
});

describe('the input shape that options declare', () => {
  const cases: readonly [string, Readonly<Record<string, unknown>>][] = [
    ['dense', { units: 1, inputShape: [3] }],
    ['dense', { units: 1, inputShape: 3 }],
    ['dense', { units: 1, inputDim: 4 }],
    ['dense', { units: 1, inputDim: 4, batchSize: 2 }],
    ['dense', { units: 1, inputDim: 4, inputShape: [5] }],
    ['dense', { units: 1, batchInputShape: [2, 5], inputShape: [7] }],
    ['dense', { units: 1, batchInputShape: [null, 5], batchSize: 3 }],
    ['dense', { units: 1, inputShape: [3, null], batchSize: 8 }],
    ['dense', { units: 1, inputShape: null }],
    ['dense', { units: 1, inputShape: [] }],
    ['dense', { units: 1 }],
    ['flatten', { inputShape: [28, 28] }],
    ['flatten', { inputDim: 4 }],
    ['embedding', { inputDim: 5, outputDim: 2 }],
    ['embedding', { inputDim: 5, outputDim: 2, inputLength: 7 }],
    ['embedding', { inputDim: 5, outputDim: 2, inputLength: [7, 3], batchSize: 2 }],
    ['embedding', { inputDim: 5, outputDim: 2, inputShape: [4] }],
    ['lstm', { units: 2, inputShape: [10, 3] }],
  ];

  it.each(cases)('of %s with %j is that of tfjs', (type, options) => {
    const layer = (tf.layers as unknown as Readonly<Record<string, (o: object) => tf.layers.Layer>>)[type]?.({
      ...options,
    });
    const declared = declaredInputShape(type, Options.of(options as Readonly<Record<string, Plain>>).record);
    expect(declared).toEqual((layer as unknown as { batchInputShape?: unknown }).batchInputShape ?? null);
  });
});
