import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/analyzer/rules/rule';
import { analyze } from './analyze';
import { asIs } from './idioms';

function findings(source: string, rule: string): readonly Finding[] {
  const [program] = asIs(source, 'a.js');
  return program === undefined ? [] : analyze(program).findings.filter((f) => f.ruleId === rule);
}

const said = (source: string, rule: string): string[] => findings(source, rule).map((f) => f.message);

const net = (options: string): string =>
  `const model = tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [4], useBias: false }), tf.layers.batchNormalization({ ${options} }), tf.layers.dense({ units: 1 })] });\nmodel.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });\n`;

describe('numbers', () => {
  it('tell how few samples are enough: the last batch of an epoch may hold one', () => {
    const source = `${net('')}export const train = (x, y) => model.fit(x, y, { epochs: 20, batchSize: 256 });`;
    // 299 steps are 15 an epoch, so 14 full batches and one sample.
    expect(said(source, 'NL203')).toEqual([
      'Running statistics at momentum 0.99 need 299 steps: at least 3585 training samples for 20 epochs',
    ]);
  });

  it('are those that the author would write, not what binary fractions leave', () => {
    expect(said(net('momentum: 1 - 0.9'), 'NL202')).toEqual([
      'momentum 0.1 forgets 90 % of the running statistics a step; PyTorch’s 0.1 is 0.9 here',
    ]);
  });

  it('come without a fix where no usual momentum forgets enough in so few steps', () => {
    const source = `${net('')}export const train = () => model.fit(tf.ones([64, 4]), tf.ones([64, 1]), { epochs: STEPS / 2 });`;
    const titles = (steps: string) =>
      findings(source.replace('STEPS', steps), 'NL203').flatMap((f) => f.fixes.map((fix) => fix.title));
    expect(titles('4')).toEqual([]);
    expect(titles('6')).toEqual(['Use momentum: 0.6 (running statistics change)']);
  });
});

describe('an ε', () => {
  it('is too small for float32 where the gradient of the kernel overflows', () => {
    const norm = (epsilon: string) => `tf.layers.layerNormalization({ epsilon: ${epsilon} });`;
    expect(said(norm('2e-26'), 'NL212')).toEqual([
      'epsilon 2e-26 is too small for float32: where a variance is 0, training gives NaN',
    ]);
    expect(said(norm('2.1e-26'), 'NL212')).toEqual([
      'epsilon 2.1e-26 is below 5.96e-8: in half-precision WebGL textures a variance of 0 stays 0',
    ]);
  });
});

describe('one and several', () => {
  it('are told apart', () => {
    const one = net('').replace('units: 8, inputShape: [4], useBias: false', 'units: 1, inputShape: [4]');
    expect(said(one, 'NL301')).toEqual(['The bias of this dense does nothing: the batch norm after it subtracts it']);
    const use = `${net('')}export const look = () => model.apply(tf.ones([8, 4]), { training: true });`;
    expect(said(use, 'NL205')).toEqual([
      '{training: true} outside a gradient: 1 batch norm uses this batch and overwrites its statistics',
    ]);
  });

  it('weights copied one by one count the norms of the whole copy', () => {
    const build =
      'const build = () => tf.sequential({ layers: [tf.layers.batchNormalization({ inputShape: [4] }), tf.layers.dense({ units: 4 }), tf.layers.batchNormalization()] });\nconst [from, to] = [build(), build()];\n';
    const copy = 'to.trainableWeights.forEach((weight, i) => weight.write(from.trainableWeights[i].read()));';
    expect(said(`${build}${copy}`, 'NL214')).toEqual([
      'Only trainable weights are copied: 2 batch norms of the copy keep mean 0 and variance 1',
    ]);
    expect(said(`${build}to.setWeights(from.getWeights());\n${copy}`, 'NL214')).toEqual([
      'Only trainable weights are copied: 2 batch norms of the copy keep old statistics',
    ]);
  });
});

describe('one fault', () => {
  it('is told once: the flag outside training, not the batch of one that it meets', () => {
    const source = `${net('')}export const look = () => model.apply(tf.ones([1, 4]), { training: true });`;
    expect(said(source, 'NL205')).toHaveLength(1);
    expect(said(source, 'NL201')).toEqual([]);
  });

  it('is told once: the softmax over one value, not the loss that applies another', () => {
    const source =
      "const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4], activation: 'softmax' })] });\nmodel.compile({ optimizer: 'sgd', loss: tf.losses.softmaxCrossEntropy });";
    expect(said(source, 'NL223')).toHaveLength(1);
    expect(said(source, 'NL225')).toEqual([]);
  });
});

describe('advice', () => {
  it.each([
    ['tf.concat(tf.ones([2]));', 'NL017', /An op takes tensors/],
    ['tf.layers.add().apply([tf.ones([2, 2])]);', 'NL017', /Merge layers take a list/],
    ['tf.layers.add().apply([tf.input({ shape: [2] }), tf.ones([2, 2])]);', 'NL017', /A model is built of tf\.input/],
    [
      'tf.concat([tf.ones([2, 3]), tf.ones([2, 2])], 0);',
      'NL006',
      /but the one that is concatenated must agree; tensors/,
    ],
    ['tf.matMul(tf.ones([2, 3]), tf.ones([2, 3]));', 'NL003', /left operand/],
    ['tf.losses.meanSquaredError(tf.ones([2, 1]), tf.ones([2]));', 'NL002', /must have one shape/],
    ['tf.ones([2, 3]).squeeze([0]);', 'NL005', /^Only axes of size 1/],
    [
      'const layer = tf.layers.dense({ units: 2 });\nlayer.apply(tf.input({ shape: [3] }));\nlayer.apply(tf.input({ shape: [4] }));',
      'NL003',
      /keeps the weights/,
    ],
  ])('on %j is about what stands there (%s)', (source, rule, advice) => {
    expect(findings(source, rule).map((f) => f.advice)[0]).toMatch(advice);
  });

  it('of a dropout before a batch norm says for which inputs its number holds', () => {
    const source = (activation: string) =>
      `tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [4], activation: '${activation}' }), tf.layers.dropout({ rate: 0.5 }), tf.layers.batchNormalization()] });`;
    expect(findings(source('relu'), 'NL207')[0]?.advice).toContain('0.405 behind a relu of N(0, 1)');
    expect(findings(source('linear'), 'NL207')[0]?.advice).toContain('0.5 at a = 0 and less for any other mean');
  });
});

describe('the inputs of a layer of one’s own', () => {
  const layer = (call: string): string =>
    `class Own extends tf.layers.Layer {\n  static className = 'Own';\n  ${call}\n}\nconst model = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [8] }), new Own()] });\nmodel.predict(tf.ones([2, 8]));`;

  it('are named as in the code', () => {
    expect(said(layer('call(x) {\n    return x.mul(2);\n  }'), 'NL121')).toEqual([
      'call(inputs) gets a list of tensors from fit and predict: x.mul is undefined',
    ]);
    expect(said(layer('call(x) {\n    return tf.relu(x);\n  }'), 'NL121')).toEqual([
      'call(inputs) gets a list of tensors from fit and predict: tf.relu takes one tensor',
    ]);
  });
});

describe('slips in the names of options', () => {
  it.each([
    ['tf.layers.concatenate({ axes: 1 })', 'concatenate ignores axes: did you mean axis?'],
    ['tf.layers.dense({ unit: 4, units: 4 })', 'dense ignores unit: did you mean units?'],
    ['tf.layers.softmax({ ax: 1 })', 'softmax ignores ax: it has no such option'],
  ])('%s', (source, message) => {
    expect(said(source, 'NL127')).toEqual([message]);
  });
});
