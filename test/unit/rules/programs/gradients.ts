/** Programs for the rules that look at what gradients cannot go through. */
import { asIs, stackPrograms, stepPrograms } from '../idioms';
import { type Cases, COMPILE } from './cases';

const FIT = `${COMPILE}\nawait model.fit(tf.ones([8, 1, 3]), tf.ones([8, 2]), { epochs: 2 });`;
const VARIABLE = 'const w = tf.variable(tf.ones([1, 4]));\nconst x = tf.ones([1, 4]);\n';

export const gradientCases: readonly Cases[] = [
  {
    rule: 'NL221',
    incorrect: [
      stackPrograms({
        input: '[1, 3]',
        layers: ['tf.layers.dense({ units: 3 })', '<!>tf.layers.lstm({ units: 2 })'],
        after: FIT,
      }),
      stackPrograms({
        input: '[1, 3]',
        layers: [
          'tf.layers.batchNormalization()',
          "<!>tf.layers.bidirectional({ layer: tf.layers.gru({ units: 2 }), mergeMode: 'sum' })",
        ],
        after: `${COMPILE}\nfor (let i = 0; i < 3; i++) await model.trainOnBatch(tf.ones([8, 1, 3]), tf.ones([8, 2]));`,
      }),
      stepPrograms({
        before: VARIABLE,
        loss: 'const [row] = <!>tf.unstack(w.mul(x));\nreturn row.square().mean();',
      }),
    ],
    correct: [
      stackPrograms({
        input: '[2, 3]',
        layers: ['tf.layers.dense({ units: 3 })', 'tf.layers.lstm({ units: 2 })'],
        after: FIT.replace('8, 1, 3', '8, 2, 3'),
      }),
      stackPrograms({
        input: '[1, 3]',
        layers: ['tf.layers.lstm({ units: 4 })', 'tf.layers.dense({ units: 2 })'],
        after: FIT,
      }),
      stackPrograms({
        input: '[1, 3]',
        layers: ['tf.layers.dense({ units: 3 })', 'tf.layers.lstm({ units: 2 })'],
        after: 'model.predict(tf.ones([8, 1, 3]));',
      }),
      stackPrograms({
        input: '[1, 3]',
        layers: ['tf.layers.dense({ units: 3, trainable: false })', 'tf.layers.lstm({ units: 2 })'],
        after: FIT,
      }),
      stepPrograms({
        before: VARIABLE,
        loss: 'const row = w.mul(x).squeeze([0]);\nconst [fixed] = tf.unstack(x);\nreturn row.sub(fixed).square().mean();',
      }),
      asIs(
        `const critic = tf.customGrad((v) => ({ value: v.unstack()[0].square().sum(), gradFunc: (dy) => dy.mul(tf.ones([1, 4])) }));\nconst w = tf.variable(tf.ones([1, 4]));\ntf.variableGrads(() => critic(w));`,
        'a.js',
      ),
    ],
  },
];
