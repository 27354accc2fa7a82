/** NL220: what a gradient penalty can go through, tried layer by layer and op by op in the real TensorFlow.js. */
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { runInTfjs } from '../../tools/runInTfjs';

const PATH = '/work/critic.js';
const IMAGE = [4, 4, 2];
const SERIES = [6, 2];
const VOLUME = [4, 4, 4, 1];
const VECTOR = [5];

const over = (shape: readonly number[], calls: readonly string[]): readonly (readonly [string, readonly number[]])[] =>
  calls.map((call) => [`tf.layers.${call}`, shape]);

/** Every kind of layer that a critic may hold, with options that decide. */
const LAYERS = [
  ...over(IMAGE, [
    'leakyReLU()',
    'prelu()',
    'thresholdedReLU()',
    'elu()',
    'reLU()',
    'reLU({ maxValue: 6 })',
    'maxPooling2d({ poolSize: 2 })',
    'averagePooling2d({ poolSize: 2 })',
    'globalMaxPooling2d({})',
    'globalAveragePooling2d({})',
    'upSampling2d({})',
    "upSampling2d({ interpolation: 'bilinear' })",
    'zeroPadding2d({})',
    'conv2d({ filters: 2, kernelSize: 3 })',
    "conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same', activation: 'elu' })",
    'conv2dTranspose({ filters: 2, kernelSize: 3 })',
    'depthwiseConv2d({ kernelSize: 3 })',
    'separableConv2d({ filters: 2, kernelSize: 3 })',
    'batchNormalization()',
    'layerNormalization()',
    'dropout({ rate: 0.3 })',
    'gaussianNoise({ stddev: 0.1 })',
    'permute({ dims: [2, 1, 3] })',
    'cropping2D({ cropping: 1 })',
  ]),
  ...over(SERIES, [
    'maxPooling1d({ poolSize: 2 })',
    'averagePooling1d({ poolSize: 2 })',
    'globalMaxPooling1d({})',
    'conv1d({ filters: 2, kernelSize: 2 })',
    'lstm({ units: 2 })',
    "lstm({ units: 2, recurrentActivation: 'sigmoid' })",
    'gru({ units: 2 })',
    "gru({ units: 2, recurrentActivation: 'sigmoid' })",
    'simpleRNN({ units: 2 })',
  ]),
  ...over(VOLUME, [
    'maxPooling3d({ poolSize: 2 })',
    'averagePooling3d({ poolSize: 2 })',
    'conv3d({ filters: 1, kernelSize: 2 })',
    'conv3dTranspose({ filters: 1, kernelSize: 2 })',
  ]),
  ...over(
    VECTOR,
    [
      'elu',
      'hardSigmoid',
      'linear',
      'relu',
      'relu6',
      'selu',
      'sigmoid',
      'softmax',
      'softplus',
      'softsign',
      'tanh',
      'swish',
      'mish',
      'gelu',
    ].flatMap((name) => [`dense({ units: 3, activation: '${name}' })`, `activation({ activation: '${name}' })`]),
  ),
];

const OPS = [
  'tf.leakyRelu(y)',
  'tf.elu(y)',
  'tf.selu(y)',
  'tf.relu6(y)',
  'tf.prelu(y, tf.scalar(0.1))',
  'tf.clipByValue(y, -1, 1)',
  "tf.maxPool(y, 2, 1, 'same')",
  "tf.avgPool(y, 2, 1, 'same')",
  "tf.depthwiseConv2d(y, tf.ones([2, 2, 2, 1]), 1, 'same')",
  "tf.separableConv2d(y, tf.ones([2, 2, 2, 1]), tf.ones([1, 1, 2, 1]), 1, 'same')",
  'tf.localResponseNormalization(y)',
  'tf.relu(y)',
  'tf.softplus(y)',
  'y.tanh()',
  'y.sub(y.mean()).square()',
  "tf.conv2d(y, tf.ones([2, 2, 2, 1]), 1, 'same')",
];

async function judge(text: string): Promise<{ real: string | undefined; said: readonly string[] }> {
  const run = await runInTfjs(text, { path: PATH });
  const { findings } = createAnalyzer({ read: (path) => (path === PATH ? text : undefined) }).analyze(PATH);
  const said = findings.flatMap(({ ruleId, facts }) => (ruleId === 'NL220' ? [String(facts.kernel)] : []));
  const missing = /gradient function not found for (\w+)\./.exec(run.error?.message ?? '');
  expect(run.error === undefined || missing !== null, run.error?.message).toBe(true);
  return { real: missing?.[1], said };
}

const PENALTY = `const gradient = tf.grad((v) => critic(v).sum())(x);
  return gradient.square().sum().sqrt().sub(1).square();`;

describe('a gradient penalty in TensorFlow.js', () => {
  test.each(LAYERS)(
    'through %s with weights before and behind it: NL220 names the kernel that fails, or is silent',
    async (call, shape) => {
      const first = shape === IMAGE ? 'conv2d({ filters: 2, kernelSize: 1, ' : `dense({ units: ${shape.at(-1)}, `;
      const program = `import * as tf from '@tensorflow/tfjs';
const model = tf.sequential();
model.add(tf.layers.${first}inputShape: ${JSON.stringify(shape)} }));
model.add(${call});
if (model.outputs[0].shape.length > 2) model.add(tf.layers.flatten());
model.add(tf.layers.dense({ units: 1 }));
const x = tf.randomNormal(${JSON.stringify([3, ...shape])});
const critic = (v) => model.apply(v, { training: true });
tf.variableGrads(() => {
  ${PENALTY}
});
`;
      const { real, said } = await judge(program);
      expect(said).toEqual(real === undefined ? [] : [real]);
    },
  );

  test.each(['leakyReLU()', 'elu()', 'averagePooling1d({ poolSize: 2 })', 'reLU()'])(
    'through %s before all weights: only what sees the gradient from behind fails',
    async (call) => {
      const program = `import * as tf from '@tensorflow/tfjs';
const model = tf.sequential();
model.add(tf.layers.${call.replace(/\{? ?\}?\)$/, (end) => (end === ')' ? '{ inputShape: [6, 2] })' : end === ' })' ? ', inputShape: [6, 2] })' : end))});
model.add(tf.layers.flatten());
model.add(tf.layers.dense({ units: 1 }));
const x = tf.randomNormal([3, 6, 2]);
const critic = (v) => model.apply(v);
tf.variableGrads(() => {
  ${PENALTY}
});
`;
      const { real, said } = await judge(program);
      expect(said).toEqual(real === undefined ? [] : [real]);
    },
  );

  test.each(OPS)('through %s behind a variable', async (op) => {
    const program = `import * as tf from '@tensorflow/tfjs';
const w = tf.variable(tf.ones([1, 4, 4, 2]));
const x = tf.randomNormal([1, 4, 4, 2]);
const critic = (v) => {
  const y = v.mul(w);
  return ${op}.square();
};
tf.variableGrads(() => {
  ${PENALTY}
});
`;
    const { real, said } = await judge(program);
    expect(said).toEqual(real === undefined ? [] : [real]);
  });

  test('a gradient that nothing derives again may go through anything', async () => {
    const { real, said } = await judge(`import * as tf from '@tensorflow/tfjs';
const x = tf.randomNormal([2, 3]);
export const saliency = tf.grad((v) => tf.leakyRelu(v.mul(2)).sum())(x);
`);
    expect([real, said]).toEqual([undefined, []]);
  });
});
