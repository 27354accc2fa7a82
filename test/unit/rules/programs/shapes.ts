/** Programs that TensorFlow.js refuses for their shapes, one kind of refusal a rule. */
import { asIs, opPrograms, stackPrograms } from '../idioms';
import { type Cases, COMPILE } from './cases';
import { refusalCases } from './refusals';

const conv = 'tf.layers.conv2d({ filters: 4, kernelSize: 3 })';

export const shapeCases: readonly Cases[] = [
  {
    rule: 'NL001',
    incorrect: [
      stackPrograms({ input: '[28, 28]', layers: [`<!>${conv}`] }),
      stackPrograms({ input: '[16]', layers: ['<!>tf.layers.lstm({ units: 4 })'] }),
      opPrograms({
        tensors: { x: '[8, 8, 3]', w: '[3, 3, 3, 4]' },
        body: 'globalThis.y = <!>tf.batchNorm4d(x, w, w);',
      }),
    ],
    correct: [
      stackPrograms({ input: '[28, 28, 1]', layers: [conv] }),
      stackPrograms({ input: '[10, 16]', layers: ['tf.layers.lstm({ units: 4 })'] }),
    ],
  },
  {
    rule: 'NL002',
    incorrect: [
      opPrograms({ tensors: { a: '[2, 4, 6]', b: '[2, 4]' }, body: 'globalThis.y = <!>a.add(b);' }),
      opPrograms({ tensors: { a: '[8, 3]', b: '[8, 2]' }, body: 'globalThis.y = <!>tf.mul(a, b);' }),
    ],
    correct: [
      opPrograms({
        tensors: { a: '[2, 4, 6]', b: '[4, 1]' },
        body: 'globalThis.y = a.add(b).mul(2).sub(tf.ones([6]));',
      }),
      opPrograms({ tensors: { a: '[8, 1]', b: '[5]' }, body: 'globalThis.y = tf.mul(a, b);' }),
    ],
  },
  {
    rule: 'NL003',
    incorrect: [
      opPrograms({ tensors: { a: '[8, 3]', b: '[4, 5]' }, body: 'globalThis.y = <!>tf.matMul(a, b);' }),
      opPrograms({ tensors: { a: '[8, 3]', b: '[8, 3]' }, body: 'globalThis.y = <!>a.matMul(b);' }),
    ],
    correct: [
      opPrograms({ tensors: { a: '[8, 3]', b: '[3, 5]' }, body: 'globalThis.y = tf.matMul(a, b);' }),
      opPrograms({ tensors: { a: '[8, 3]', b: '[8, 3]' }, body: 'globalThis.y = a.matMul(b, true);' }),
    ],
  },
  {
    rule: 'NL004',
    incorrect: [
      stackPrograms({
        input: '[28, 28]',
        layers: ['tf.layers.reshape({ targetShape: [28, 27] })'],
        after: '<!>model.predict(tf.ones([2, 28, 28]));',
      }),
      opPrograms({ tensors: { a: '[8, 3]' }, body: 'globalThis.y = <!>a.reshape([5, 5]);' }),
    ],
    correct: [
      stackPrograms({ input: '[28, 28]', layers: ['tf.layers.reshape({ targetShape: [14, 56] })'] }),
      opPrograms({ tensors: { a: '[8, 3]' }, body: 'globalThis.y = a.reshape([-1, 6]);' }),
    ],
  },
  {
    rule: 'NL005',
    incorrect: [
      opPrograms({ tensors: { x: '[8, 3]' }, body: 'globalThis.y = <!>tf.moments(x, 2).mean;' }),
      opPrograms({ tensors: { x: '[8, 3]' }, body: 'globalThis.y = <!>x.sum(-3);' }),
      stackPrograms({ input: '[16, 4]', layers: ['<!>tf.layers.layerNormalization({ axis: 5 })'] }),
    ],
    correct: [
      opPrograms({ tensors: { x: '[8, 3]' }, body: 'globalThis.y = [tf.moments(x, [-1, 0]).mean, x.sum(-2)];' }),
      stackPrograms({ input: '[16, 4]', layers: ['tf.layers.layerNormalization({ axis: [1, 2] })'] }),
    ],
  },
  {
    rule: 'NL006',
    incorrect: [
      opPrograms({ tensors: { a: '[8, 3]', b: '[7, 3]' }, body: 'globalThis.y = <!>tf.concat([a, b], 1);' }),
      asIs(
        'const a = tf.input({ shape: [4, 3] });\nconst b = tf.input({ shape: [5, 3] });\nexport const y = <!>tf.layers.concatenate().apply([a, b]);',
      ),
    ],
    correct: [
      opPrograms({ tensors: { a: '[8, 3]', b: '[7, 3]' }, body: 'globalThis.y = tf.concat([a, b]);' }),
      asIs(
        'const a = tf.input({ shape: [4, 3] });\nconst b = tf.input({ shape: [5, 3] });\nexport const y = tf.layers.concatenate({ axis: 1 }).apply([a, b]);',
      ),
    ],
  },
  {
    rule: 'NL007',
    incorrect: [
      asIs(
        'const x = tf.input({ shape: [8, 8, 3] });\nconst y = tf.layers.conv2d({ filters: 4, kernelSize: 3 }).apply(x);\nexport const sum = <!>tf.layers.add().apply([x, y]);',
        'a.js',
      ),
    ],
    correct: [
      asIs(
        "const x = tf.input({ shape: [8, 8, 3] });\nconst y = tf.layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same' }).apply(x);\nexport const sum = tf.layers.add().apply([x, y]);",
        'a.js',
      ),
    ],
  },
  {
    rule: 'NL012',
    incorrect: [
      asIs('export const t = <!>tf.tensor([1, 2, 3, 4, 5], [2, 3]);'),
      asIs('const data = [1, 2, 3];\nexport const t = <!>tf.tensor2d(data, [2, 2]);'),
    ],
    correct: [asIs('export const t = tf.tensor([1, 2, 3, 4, 5, 6], [2, 3]);')],
  },
  {
    rule: 'NL013',
    incorrect: [
      asIs('const model = tf.sequential();\n<!>model.add(tf.layers.dense({ units: 4 }));'),
      asIs('export const model = <!>tf.sequential({ layers: [tf.layers.dense({ units: 4 })] });', 'a.js'),
    ],
    correct: [
      asIs(
        'const model = tf.sequential();\nmodel.add(tf.layers.dense({ units: 4, inputShape: [3] }));\nmodel.add(tf.layers.dense({ units: 4 }));',
      ),
    ],
  },
  {
    rule: 'NL014',
    incorrect: [
      stackPrograms({
        input: '[null, null, 3]',
        layers: [conv, '<!>tf.layers.flatten()', 'tf.layers.dense({ units: 2 })'],
      }),
    ],
    correct: [
      stackPrograms({
        input: '[null, null, 3]',
        layers: [conv, 'tf.layers.globalAveragePooling2d({})', 'tf.layers.dense({ units: 2 })'],
      }),
    ],
  },
  {
    rule: 'NL018',
    incorrect: [
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.dense({ units: 1 })'],
        after: '<!>model.predict(tf.ones([4, 15]));',
      }),
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.dense({ units: 1 })'],
        after: `${COMPILE}\nawait <!>model.fit(tf.ones([4, 16]), tf.ones([4, 2]));`,
      }),
    ],
    correct: [
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.dense({ units: 1 })'],
        after: `${COMPILE}\nmodel.predict(tf.ones([4, 16]));\nawait model.fit(tf.ones([4, 16]), tf.ones([4, 1]));`,
      }),
    ],
  },
  ...refusalCases,
];
