/** Programs for the rules that look at how models are trained. */
import { asIs, stackPrograms, stepPrograms } from '../idioms';
import { type Cases, COMPILE, fitted } from './cases';

const mlp = [
  'tf.layers.dense({ units: 8, useBias: false })',
  '<!>tf.layers.batchNormalization()',
  'tf.layers.dense({ units: 1 })',
];
const plain = mlp.map((layer) => layer.replace('<!>', ''));
const BN = `const model = tf.sequential({
  layers: [tf.layers.dense({ units: 8, inputShape: [16], useBias: false }), tf.layers.batchNormalization(), tf.layers.dense({ units: 1 })],
});
const optimizer = tf.train.adam(1e-3);
const x = tf.randomNormal([32, 16]);
const y = tf.randomNormal([32, 1]);
`;
const GAN = `const critic = tf.sequential();
critic.add(tf.layers.dense({ units: 8, inputShape: [16], useBias: false }));
critic.add(<!>tf.layers.batchNormalization());
critic.add(tf.layers.dense({ units: 1 }));
const optimizer = tf.train.adam(1e-4);
const real = tf.randomNormal([32, 16]);
const fake = tf.randomNormal([32, 16]);
`;

const NET_EXPRESSION =
  'tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [16], useBias: false }), tf.layers.batchNormalization(), tf.layers.dense({ units: 1 })] })';
const NET = `const model = ${NET_EXPRESSION};\nconst x = tf.randomNormal([32, 16]);\nconst y = tf.randomNormal([32, 1]);\n`;
const CRITIC = GAN.replace(/const optimizer.*\n/, '');
const PAIR = ['tf.layers.dense({ units: 4 })', 'tf.layers.batchNormalization()', 'tf.layers.dense({ units: 4 })'];

export const trainingCases: readonly Cases[] = [
  {
    rule: 'NL201',
    incorrect: [
      stackPrograms({
        input: '[16]',
        layers: mlp,
        after: `${COMPILE}\nawait model.fit(tf.randomNormal([640, 16]), tf.randomNormal([640, 1]), { epochs: 5, batchSize: 1 });`,
      }),
      stackPrograms({
        input: '[16]',
        layers: mlp,
        after: `${COMPILE}\nawait model.fit(tf.randomNormal([97, 16]), tf.randomNormal([97, 1]), { epochs: 200, batchSize: 32 });`,
      }),
      stackPrograms({
        input: '[16]',
        layers: mlp,
        after: `${COMPILE}\nawait model.trainOnBatch(tf.randomNormal([1, 16]), tf.randomNormal([1, 1]));`,
      }),
      stackPrograms({
        input: '[8, 8, 3]',
        layers: ['tf.layers.globalAveragePooling2d({})', ...mlp],
        after: `${COMPILE}\nfor (let i = 0; i < 3; i++) await model.trainOnBatch(tf.randomNormal([1, 8, 8, 3]), tf.randomNormal([1, 1]));`,
      }),
      stackPrograms({
        input: '[16]',
        layers: mlp,
        after: `${COMPILE}\nawait model.fit(tf.randomNormal([1, 16]), tf.randomNormal([1, 1]), { epochs: 400 });`,
      }),
    ],
    correct: [
      stackPrograms({ input: '[16]', layers: mlp, after: fitted('16', '1') }),
      stackPrograms({
        input: '[8, 8, 3]',
        layers: [
          'tf.layers.conv2d({ filters: 4, kernelSize: 3, useBias: false })',
          'tf.layers.batchNormalization()',
          'tf.layers.flatten()',
          'tf.layers.dense({ units: 1 })',
        ],
        after: `${COMPILE}\nawait model.fit(tf.randomNormal([640, 8, 8, 3]), tf.randomNormal([640, 1]), { epochs: 5, batchSize: 1 });`,
      }),
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.layerNormalization()', 'tf.layers.dense({ units: 1 })'],
        after: fitted('16', '1', 'batchSize: 1, epochs: 3'),
      }),
      stackPrograms({ input: '[16]', layers: mlp, after: `${COMPILE}\nmodel.predict(tf.randomNormal([1, 16]));` }),
      stackPrograms({
        input: '[16]',
        layers: mlp,
        after: `${COMPILE}\nawait model.fit(tf.randomNormal([96, 16]), tf.randomNormal([96, 1]), { epochs: 200, batchSize: 32 });`,
      }),
    ],
  },
  {
    rule: 'NL203',
    incorrect: [
      stackPrograms({ input: '[16]', layers: mlp, after: fitted('16', '1', 'batchSize: 32, epochs: 3', 96) }),
      stackPrograms({
        input: '[16]',
        layers: mlp.map((l) => l.replace('Normalization()', 'Normalization({ momentum: 0.999 })')),
        after: fitted('16', '1', 'epochs: 10'),
      }),
    ],
    correct: [
      stackPrograms({ input: '[16]', layers: mlp, after: fitted('16', '1') }),
      stackPrograms({
        input: '[16]',
        layers: mlp.map((l) => l.replace('Normalization()', 'Normalization({ momentum: 0.6 })')),
        after: fitted('16', '1', 'batchSize: 32, epochs: 3', 96),
      }),
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.layerNormalization()', 'tf.layers.dense({ units: 1 })'],
        after: fitted('16', '1', 'batchSize: 32, epochs: 1', 96),
      }),
    ],
  },
  {
    rule: 'NL217',
    incorrect: [
      stackPrograms({
        input: '[16]',
        layers: mlp,
        after: `${COMPILE}\nawait model.fit(tf.randomNormal([640, 16]), tf.randomNormal([640, 1]), { epochs: 5, batchSize: 2 });`,
      }),
      stackPrograms({
        input: '[16]',
        layers: mlp,
        after: `${COMPILE}\nawait model.trainOnBatch(tf.randomNormal([4, 16]), tf.randomNormal([4, 1]));`,
      }),
    ],
    correct: [
      stackPrograms({ input: '[16]', layers: mlp, after: fitted('16', '1', 'batchSize: 16, epochs: 50') }),
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.layerNormalization()', 'tf.layers.dense({ units: 1 })'],
        after: fitted('16', '1', 'batchSize: 2, epochs: 3'),
      }),
    ],
  },
  {
    rule: 'NL204',
    incorrect: [
      stepPrograms({ before: NET, loss: 'return <!>model.apply(x).sub(y).square().mean();' }),
      stepPrograms({
        before: NET,
        loss: 'const out = <!>model.predict(x);\nreturn tf.losses.meanSquaredError(y, out);',
      }),
      stepPrograms({
        before: NET.replace('batchNormalization()', 'dropout({ rate: 0.5 })'),
        loss: 'return <!>model.apply(x).sub(y).square().mean();',
      }),

      asIs(
        `${BN}optimizer.minimize(() => {\n  const out = <!>model.apply(x) as tf.Tensor;\n  return tf.losses.meanSquaredError(y, out);\n});`,
      ),
      asIs(`${BN}optimizer.minimize(() => tf.losses.meanSquaredError(y, <!>model.predict(x) as tf.Tensor));`),
      asIs(
        `${BN}const { grads } = tf.variableGrads(() => <!>model.apply(x).sub(y).square().mean());\noptimizer.applyGradients(grads);`,
        'a.js',
      ),
      asIs(
        `${BN}function trainStep(xs, ys) {\n  return optimizer.minimize(() => {\n    const out = <!>model.predict(xs);\n    return out.sub(ys).square().mean();\n  }, true);\n}\nfor (let i = 0; i < 10; i++) trainStep(x, y);`,
        'a.js',
      ),
      asIs(
        `${BN}optimizer.minimize(() => {\n  const out = <!>model.apply(x, { training: false }) as tf.Tensor;\n  return tf.losses.meanSquaredError(y, out);\n});`,
      ),
      asIs(
        `class Trainer {\n  constructor() {\n    this.model = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [16] }), tf.layers.dropout({ rate: 0.5 }), tf.layers.dense({ units: 1 })] });\n    this.optimizer = tf.train.sgd(0.1);\n  }\n  step(x) {\n    this.optimizer.minimize(() => <!>this.model.apply(x).mean());\n  }\n}\nnew Trainer().step(tf.randomNormal([8, 16]));`,
        'a.js',
      ),
      // Data of which nothing is known are data all the same where gradients are taken.
      asIs(`${BN}export const step = (batch) => optimizer.minimize(() => <!>model.apply(batch.xs).mean());`, 'a.js'),
    ],
    correct: [
      asIs(
        `${BN}export const step = (batch) => optimizer.minimize(() => model.apply(batch.xs, { training: true }).mean());`,
        'a.js',
      ),
      asIs(`${BN}export const wire = (tensor) => tf.model({ inputs: tensor, outputs: model.apply(tensor) });`, 'a.js'),
      stepPrograms({ before: NET, loss: 'return model.apply(x, { training: true }).sub(y).square().mean();' }),
      stepPrograms({
        before: NET.replace('batchNormalization()', 'reLU()'),
        loss: 'return model.apply(x).sub(y).square().mean();',
      }),
      stepPrograms({
        before: `${NET}const target = ${NET_EXPRESSION};\ntarget.setWeights(model.getWeights());\n`,
        loss: 'return model.apply(x, { training: true }).sub(target.predict(x)).square().mean();',
      }),

      asIs(
        `${BN}optimizer.minimize(() => {\n  const out = model.apply(x, { training: true }) as tf.Tensor;\n  return tf.losses.meanSquaredError(y, out);\n});`,
      ),
      asIs(`${BN}const out = model.predict(x) as tf.Tensor;\nout.print();`),
      asIs(`${BN}const saliency = tf.grad((v) => model.apply(v).sum());\nsaliency(x).print();`, 'a.js'),
      asIs(
        `${BN.replace('tf.layers.batchNormalization(), ', '')}optimizer.minimize(() => tf.losses.meanSquaredError(y, model.apply(x) as tf.Tensor));`,
      ),
      asIs(
        `${BN}const target = tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [16], useBias: false }), tf.layers.batchNormalization(), tf.layers.dense({ units: 1 })] });\ntarget.setWeights(model.getWeights());\noptimizer.minimize(() => {\n  const q = model.apply(x, { training: true });\n  const goal = target.predict(x);\n  return tf.losses.meanSquaredError(goal, q);\n});`,
        'a.js',
      ),
    ],
  },
  {
    rule: 'NL205',
    incorrect: [
      stackPrograms({
        input: '[16]',
        layers: plain,
        after: 'globalThis.y = <!>model.apply(tf.randomNormal([8, 16]), { training: true });',
      }),
      stackPrograms({
        input: '[16]',
        layers: plain,
        after: 'const result = <!>model.apply(tf.ones([1, 16]), { training: true });\nresult.print();',
      }),

      asIs(
        `${BN}export function classify(input: tf.Tensor) {\n  return <!>model.apply(input, { training: true });\n}\nclassify(x);`,
      ),
      asIs(`${BN}const out = <!>model.apply(x, { training: true });\nout.print();`, 'a.js'),
    ],
    correct: [
      stackPrograms({ input: '[16]', layers: plain, after: 'globalThis.y = model.predict(tf.randomNormal([8, 16]));' }),
      stepPrograms({ before: NET, loss: 'return model.apply(x, { training: true }).sub(y).square().mean();' }),

      asIs(`${BN}optimizer.minimize(() => model.apply(x, { training: true }).sub(y).square().mean());`, 'a.js'),
      asIs(`${BN}const out = model.apply(x);\nout.print();`, 'a.js'),
      asIs(
        `${BN}function trainStep() {\n  const h = model.apply(x, { training: true });\n  return optimizer.minimize(() => model.apply(x, { training: true }).sub(h).square().mean());\n}\ntrainStep();`,
        'a.js',
      ),
      asIs(
        `const mc = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [16] }), tf.layers.dropout({ rate: 0.5 })] });\nexport const sample = mc.apply(tf.randomNormal([8, 16]), { training: true });`,
      ),
    ],
  },
  {
    rule: 'NL206',
    incorrect: [
      stackPrograms({
        input: '[16]',
        layers: plain,
        after: `for (const layer of model.layers) <!>layer.trainable = false;\nmodel.layers[model.layers.length - 1].trainable = true;\n${fitted('16', '1')}`,
      }),
      stackPrograms({
        input: '[16]',
        layers: [
          'tf.layers.dense({ units: 8, useBias: false })',
          'tf.layers.batchNormalization({ <!>trainable: false })',
          'tf.layers.dense({ units: 1 })',
        ],
        after: fitted('16', '1'),
      }),
      asIs(
        `const base = tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [16] }), tf.layers.batchNormalization()] });\n<!>base.trainable = false;\nconst model = tf.sequential({ layers: [base, tf.layers.dense({ units: 1 })] });\n${fitted('16', '1')}`,
      ),
    ],
    correct: [
      stackPrograms({ input: '[16]', layers: plain, after: fitted('16', '1') }),
      stackPrograms({
        input: '[16]',
        layers: plain,
        after: `model.layers[1].trainable = false;\nmodel.predict(tf.randomNormal([4, 16]));`,
      }),
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.layerNormalization({ trainable: false })', 'tf.layers.dense({ units: 1 })'],
        after: fitted('16', '1'),
      }),
    ],
  },
  {
    rule: 'NL220',
    incorrect: [
      stepPrograms({
        before: CRITIC.replace('batchNormalization()', 'leakyReLU({ alpha: 0.2 })'),
        loss: 'const g = tf.grad((v) => critic.apply(v, { training: true }).sum())(real);\nreturn g.square().sum(1).sqrt().sub(1).square().mean();',
      }),
      stepPrograms({
        before: CRITIC.replace('batchNormalization()', "dense({ units: 4, activation: 'elu' })"),
        loss: 'const score = (v) => tf.sum(critic.predict(v));\nconst { grads: [g] } = tf.valueAndGrads(score)([real]);\nreturn critic.apply(fake, { training: true }).mean().add(g.square().mean().mul(10));',
      }),
      stepPrograms({
        before: CRITIC.replace('<!>tf.layers.batchNormalization()', 'tf.layers.reLU()'),
        loss: 'const g = tf.grad((v) => <!>tf.leakyRelu(critic.predict(v), 0.1).sum())(real);\nreturn g.square().mean();',
      }),
    ],
    correct: [
      stepPrograms({
        before: CRITIC.replace('<!>', '').replace('batchNormalization()', "activation({ activation: 'tanh' })"),
        loss: 'const g = tf.grad((v) => critic.apply(v, { training: true }).sum())(real);\nreturn g.square().sum(1).sqrt().sub(1).square().mean();',
      }),
      stepPrograms({
        before: CRITIC.replace('<!>', '').replace('batchNormalization()', 'leakyReLU()'),
        loss: 'return critic.apply(fake, { training: true }).mean().sub(critic.apply(real, { training: true }).mean());',
      }),
      asIs(
        `${GAN.replace('<!>', '').replace('batchNormalization()', 'reLU()')}const leaky = (v) => v.relu().sub(v.neg().relu().mul(0.2));\noptimizer.minimize(() => tf.grad((v) => leaky(critic.predict(v)).sum())(real).square().mean());`,
        'a.js',
      ),
      asIs(
        `${GAN.replace('<!>', '').replace('batchNormalization()', 'leakyReLU()')}const saliency = tf.grad((v) => critic.predict(v).sum())(real);`,
        'a.js',
      ),
    ],
  },
  {
    rule: 'NL208',
    incorrect: [
      stepPrograms({
        before: CRITIC,
        loss: 'const g = tf.grad((v) => critic.apply(v, { training: true }).sum())(real);\nreturn g.square().sum(1).sqrt().sub(1).square().mean();',
      }),
      stepPrograms({
        before: CRITIC,
        loss: 'const score = (v) => tf.sum(critic.predict(v));\nconst { grads: [g] } = tf.valueAndGrads(score)([real]);\nreturn critic.apply(fake, { training: true }).mean().add(g.square().mean().mul(10));',
      }),

      asIs(
        `${GAN}optimizer.minimize(() => {\n  const gradient = tf.grad((v) => critic.apply(v, { training: true }).sum())(real);\n  const penalty = gradient.square().sum(1).sqrt().sub(1).square().mean();\n  return critic.apply(fake, { training: true }).mean().sub(critic.apply(real, { training: true }).mean()).add(penalty.mul(10));\n});`,
        'a.js',
      ),
      asIs(
        `${GAN}function gradientPenalty(model, a, b) {\n  const alpha = tf.randomUniform([32, 1]);\n  const mixed = a.mul(alpha).add(b.mul(tf.scalar(1).sub(alpha)));\n  const grads = tf.grad((v) => model.apply(v, { training: true }).sum())(mixed);\n  return grads.norm('euclidean', 1).sub(1).square().mean();\n}\noptimizer.minimize(() => gradientPenalty(critic, real, fake));`,
        'a.js',
      ),
      asIs(
        `${GAN}const gp = () => tf.tidy(() => tf.grads((v) => critic.apply(v, { training: true }).sum())([real])[0].square().mean());\ntf.variableGrads(() => gp());`,
        'a.js',
      ),
    ],
    correct: [
      stepPrograms({
        before: CRITIC.replace('<!>', ''),
        loss: 'return critic.apply(fake, { training: true }).mean().sub(critic.apply(real, { training: true }).mean());',
      }),
      stepPrograms({
        before: CRITIC.replace('<!>', '').replace('batch', 'layer'),
        loss: 'const g = tf.grad((v) => critic.apply(v).sum())(real);\nreturn g.square().mean();',
      }),

      asIs(
        `${GAN.replace('batchNormalization', 'layerNormalization')}optimizer.minimize(() => {\n  const gradient = tf.grad((v) => critic.apply(v, { training: true }).sum())(real);\n  return gradient.square().sum(1).sqrt().sub(1).square().mean();\n});`,
        'a.js',
      ),
      asIs(`${GAN}optimizer.minimize(() => critic.apply(fake, { training: true }).mean());`, 'a.js'),
      asIs(`${GAN}const saliency = tf.grad((v) => critic.apply(v).sum())(real);\nsaliency.print();`, 'a.js'),
      asIs(
        `${GAN.replace('critic.add(<!>', '// normlens-disable-next-line NL208 -- kept knowingly\ncritic.add(')}optimizer.minimize(() => tf.grad((v) => critic.apply(v, { training: true }).sum())(real).square().mean());`,
        'a.js',
      ),
    ],
  },
  {
    rule: 'NL115',
    incorrect: [
      stackPrograms({
        input: '[4]',
        layers: PAIR,
        after: `const copy = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [4] }), tf.layers.batchNormalization(), tf.layers.dense({ units: 4 })] });\nconst first = model.layers[model.layers.length - 3];\nfirst.trainable = false;\n<!>copy.setWeights(model.getWeights());`,
      }),
      stackPrograms({
        input: '[4]',
        layers: PAIR,
        after: `const copy = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [4], trainable: false }), tf.layers.batchNormalization(), tf.layers.dense({ units: 4 })] });\n<!>model.setWeights(copy.getWeights());`,
      }),

      asIs(
        `const make = () => tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [4] }), tf.layers.batchNormalization(), tf.layers.dense({ units: 4 })] });\nconst a = make();\nconst b = make();\na.layers[0].trainable = false;\n<!>b.setWeights(a.getWeights());`,
        'a.js',
      ),
      asIs(
        `function make(frozen) {\n  return tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [4], trainable: !frozen }), tf.layers.batchNormalization()] });\n}\nconst a = make(true);\nconst b = make(false);\n<!>b.setWeights(a.getWeights());`,
        'a.js',
      ),
    ],
    correct: [
      stackPrograms({
        input: '[4]',
        layers: PAIR,
        after: `const copy = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [4] }), tf.layers.batchNormalization(), tf.layers.dense({ units: 4 })] });\ncopy.setWeights(model.getWeights());`,
      }),
      stackPrograms({
        input: '[4]',
        layers: PAIR.map((l) => l.replace('batchNormalization', 'reLU')),
        after: `const copy = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [4], trainable: false }), tf.layers.reLU(), tf.layers.dense({ units: 4 })] });\ncopy.setWeights(model.getWeights());`,
      }),

      asIs(
        `const make = () => tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [4] }), tf.layers.batchNormalization()] });\nconst a = make();\nconst b = make();\nb.setWeights(a.getWeights());\na.layers[0].trainable = false;`,
        'a.js',
      ),
      asIs(
        `const make = () => tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [4] }), tf.layers.batchNormalization()] });\nconst a = make();\nconst b = make();\na.layers[0].trainable = false;\nb.layers[0].trainable = false;\nb.setWeights(a.getWeights());`,
        'a.js',
      ),
    ],
  },
  {
    rule: 'NL218',
    incorrect: [
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.dense({ units: 1 })'],
        after: `${COMPILE}\nmodel.trainable = false;\nawait <!>model.fit(tf.randomNormal([64, 16]), tf.randomNormal([64, 1]));`,
      }),

      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.dense({ units: 8, trainable: false })', 'tf.layers.dense({ units: 1 })'],
        after: `${COMPILE}\n<!>model.layers[model.layers.length - 2].trainable = true;\nawait model.fit(tf.randomNormal([64, 16]), tf.randomNormal([64, 1]));`,
      }),
      asIs(
        `const disc = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [16] })] });\ndisc.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });\ndisc.trainable = false;\nawait <!>disc.trainOnBatch(tf.randomNormal([8, 16]), tf.ones([8, 1]));`,
        'a.mjs',
      ),
    ],
    correct: [
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.dense({ units: 8, trainable: false })', 'tf.layers.dense({ units: 1 })'],
        after: `model.layers[model.layers.length - 2].trainable = true;\n${fitted('16', '1')}`,
      }),
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.dense({ units: 8 })', 'tf.layers.dense({ units: 1 })'],
        after: `${COMPILE}\nmodel.layers[model.layers.length - 2].trainable = false;\nawait model.fit(tf.randomNormal([64, 16]), tf.randomNormal([64, 1]));`,
      }),
    ],
  },
  {
    rule: 'NL314',
    incorrect: [
      stackPrograms({
        input: '[16]',
        layers: ['<!>tf.layers.batchNormalization()', 'tf.layers.dense({ units: 1 })'],
        after: fitted('16', '1', 'batchSize: 64, epochs: 2'),
      }),

      stackPrograms({
        input: '[16]',
        layers: ['<!>tf.layers.batchNormalization()', 'tf.layers.dense({ units: 1 })'],
        after: fitted('16', '1', 'batchSize: 16, epochs: 50'),
      }),
    ],
    correct: [
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.batchNormalization()', 'tf.layers.dense({ units: 1 })'],
        after: fitted('16', '1', 'batchSize: 64, epochs: 50'),
      }),
      stackPrograms({ input: '[16]', layers: ['tf.layers.batchNormalization()', 'tf.layers.dense({ units: 1 })'] }),
    ],
  },
  {
    rule: 'NL209',
    incorrect: [
      stepPrograms({
        before: CRITIC.replace('<!>', ''),
        loss: 'const a = critic.apply(real, { training: true });\nconst b = <!>critic.apply(fake, { training: true });\nreturn b.mean().sub(a.mean());',
      }),
      stepPrograms({
        before: CRITIC.replace('<!>', ''),
        loss: 'const both = tf.concat([real, fake], 0);\nreturn <!>critic.apply(both, { training: true }).mean();',
      }),

      asIs(
        `${GAN.replace('<!>', '')}optimizer.minimize(() => {\n  const d = critic.apply(real, { training: true }).mean();\n  return <!>critic.apply(fake, { training: true }).mean().sub(d);\n});`,
        'a.js',
      ),
      asIs(
        `${GAN.replace('<!>', '')}optimizer.minimize(() => <!>critic.apply(tf.concat([real, fake]), { training: true }).mean());`,
        'a.js',
      ),
      asIs(
        `const shared = <!>tf.layers.batchNormalization();\nconst a = tf.input({ shape: [16] });\nconst b = tf.input({ shape: [16] });\nconst both = tf.layers.concatenate().apply([shared.apply(a), shared.apply(b)]);\nconst model = tf.model({ inputs: [a, b], outputs: tf.layers.dense({ units: 1 }).apply(both) });\n${COMPILE}\nawait model.fit([tf.randomNormal([64, 16]), tf.randomNormal([64, 16])], tf.randomNormal([64, 1]), { epochs: 200 });`,
        'a.mjs',
      ),
    ],
    correct: [
      stepPrograms({
        before: CRITIC.replace('<!>', ''),
        loss: 'return critic.apply(real, { training: true }).mean();',
      }),
      stepPrograms({
        before: CRITIC.replace('<!>', '').replace('batch', 'layer'),
        loss: 'return critic.apply(fake, { training: true }).mean().sub(critic.apply(real, { training: true }).mean());',
      }),

      asIs(`${GAN.replace('<!>', '')}optimizer.minimize(() => critic.apply(fake, { training: true }).mean());`, 'a.js'),
      asIs(
        `const a = tf.input({ shape: [16] });\nconst b = tf.input({ shape: [16] });\nconst norm = () => tf.layers.batchNormalization();\nconst both = tf.layers.concatenate().apply([norm().apply(a), norm().apply(b)]);\nconst model = tf.model({ inputs: [a, b], outputs: tf.layers.dense({ units: 1 }).apply(both) });\n${COMPILE}\nawait model.fit([tf.randomNormal([64, 16]), tf.randomNormal([64, 16])], tf.randomNormal([64, 1]), { epochs: 200 });`,
        'a.mjs',
      ),
      asIs(
        `${GAN.replace('<!>', '').replace('batch', 'layer')}optimizer.minimize(() => critic.apply(tf.concat([real, fake]), { training: true }).mean());`,
        'a.js',
      ),
    ],
  },
  {
    rule: 'NL211',
    incorrect: [
      ...[4, 8].flatMap((parts) => [
        asIs(
          `${BN}const sums = [];\nfor (let i = 0; i < ${parts}; i++) {\n  const { grads } = <!>tf.variableGrads(() => model.apply(x, { training: true }).mean());\n  sums.push(grads);\n}\noptimizer.applyGradients(average(sums));`,
          'a.js',
        ),
        asIs(
          `${BN}export function accumulate() {\n  let total = null;\n  for (const part of tf.split(x, ${parts})) {\n    const { grads } = <!>tf.variableGrads(() => model.apply(part, { training: true }).mean());\n    total = total === null ? grads : merge(total, grads);\n  }\n  optimizer.applyGradients(total);\n}\naccumulate();`,
          'a.js',
        ),
        asIs(
          `${BN}class Accumulator {\n  step(micro) {\n    const all = [];\n    for (let k = 0; k < micro; k++) all.push(<!>optimizer.computeGradients(() => model.apply(x, { training: true }).mean()).grads);\n    optimizer.applyGradients(sum(all));\n  }\n}\nnew Accumulator().step(${parts});`,
          'a.js',
        ),
        asIs(
          `${BN}const run = async () => {\n  let kept = {};\n  for (let i = 0; i < ${parts}; i++) {\n    tf.tidy(() => {\n      const { grads } = <!>tf.variableGrads(() => model.apply(x, { training: true }).mean());\n      kept = tf.keep(grads);\n    });\n  }\n  optimizer.applyGradients(kept);\n};\nawait run();`,
          'a.mjs',
        ),
      ]),

      asIs(
        `${BN}let sums = {};\nfor (let i = 0; i < 4; i++) {\n  const { grads } = <!>tf.variableGrads(() => model.apply(x.slice([i * 8, 0], [8, 16]), { training: true }).mean());\n  for (const name of Object.keys(grads)) sums[name] = sums[name] ? sums[name].add(grads[name]) : grads[name];\n}\noptimizer.applyGradients(sums);`,
        'a.js',
      ),
    ],
    correct: [
      stepPrograms({ before: NET, loss: 'return model.apply(x, { training: true }).sub(y).square().mean();' }),
      ...[4, 8].flatMap((parts) => [
        asIs(
          `${BN.replace('batch', 'layer')}const sums = [];\nfor (let i = 0; i < ${parts}; i++) {\n  const { grads } = tf.variableGrads(() => model.apply(x, { training: true }).mean());\n  sums.push(grads);\n}\noptimizer.applyGradients(average(sums));`,
          'a.js',
        ),
        asIs(
          `${BN}for (let epoch = 0; epoch < ${parts}; epoch++) {\n  const { grads } = tf.variableGrads(() => model.apply(x, { training: true }).mean());\n  optimizer.applyGradients(grads);\n  tf.dispose(grads);\n}`,
          'a.js',
        ),
        asIs(
          `${BN}for (let epoch = 0; epoch < 3; epoch++) {\n  for (const part of tf.split(x, ${parts})) {\n    optimizer.minimize(() => model.apply(part, { training: true }).mean());\n  }\n}`,
          'a.js',
        ),
      ]),

      asIs(
        `${BN}for (let i = 0; i < 4; i++) {\n  const { grads } = tf.variableGrads(() => model.apply(x, { training: true }).mean());\n  optimizer.applyGradients(grads);\n}`,
        'a.js',
      ),
    ],
  },
];
