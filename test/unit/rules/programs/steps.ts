/** Programs with two networks, one of which a training step is to leave alone. */
import { asIs, type Program } from '../idioms';
import type { Cases } from './cases';

const NETS = `const dense = (units, size, activation) => tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [size], activation })] });
const generator = dense(8, 4, 'tanh');
const discriminator = dense(1, 8);
const real = tf.randomNormal([16, 8]);
const noise = () => tf.randomNormal([16, 4]);
const bce = (label, logits) => tf.losses.sigmoidCrossEntropy(tf.fill([16, 1], label), logits);
`;
const OPTIMIZERS = 'const dOptimizer = tf.train.adam(2e-4);\nconst gOptimizer = tf.train.adam(2e-4);\n';

const JUDGE = 'bce(1, discriminator.apply(real)).add(bce(0, discriminator.apply(FAKE)))';
const FOOL = 'bce(1, discriminator.apply(generator.apply(noise())))';
const LIST = (model: string): string => `, true, ${model}.trainableWeights.map((w) => w.read())`;

interface Gan {
  /** What the discriminator's step is given behind its loss. */
  readonly judgeList?: string;
  readonly foolList?: string;
  /** The generated samples of the discriminator's step. */
  readonly fake?: string;
  readonly marked?: 'judge' | 'fool';
}

/** The two steps of a GAN, in the ways in which people write them. */
function gan({ judgeList = '', foolList = '', fake = 'fake', marked }: Gan): readonly Program[] {
  const mark = (step: string): string => (marked === step ? '<!>' : '');
  const judge = (optimizer: string): string =>
    `${mark('judge')}${optimizer}.minimize(() => ${JUDGE.replace('FAKE', fake)}${judgeList});`;
  const fool = (optimizer: string): string => `${mark('fool')}${optimizer}.minimize(() => ${FOOL}${foolList});`;
  const made = fake === 'fake' ? 'const fake = generator.predict(noise());\n' : '';
  return [
    ...asIs(
      `${NETS}${OPTIMIZERS}for (let i = 0; i < 3; i++) {\n${made}${judge('dOptimizer')}\n${fool('gOptimizer')}\n}`,
      'loop.js',
    ),
    ...asIs(
      `const tf = require('@tensorflow/tfjs');\n${NETS}${OPTIMIZERS}async function trainStep() {\n${made}${judge('dOptimizer')}\n${fool('gOptimizer')}\nawait tf.nextFrame();\n}\ntrainStep();`,
      'step.js',
    ),
    ...asIs(
      `${NETS}class Gan {\n  constructor() {\n    this.d = tf.train.adam(1e-3);\n    this.g = tf.train.adam(1e-3);\n  }\n  trainDiscriminator() {\n${made}${judge('this.d')}\n  }\n  trainGenerator() {\n${fool('this.g')}\n  }\n}\nconst gan = new Gan();\nfor (let i = 0; i < 3; i++) {\n  gan.trainDiscriminator();\n  gan.trainGenerator();\n}`,
      'class.js',
    ),
  ];
}

interface Target {
  readonly loss: string;
  readonly before?: string;
  readonly list?: string;
  readonly copy?: string;
  readonly marked?: boolean;
}

/** A network that learns from an older copy of itself. */
function target({
  loss,
  before = '',
  list = '',
  copy = 'target.setWeights(online.getWeights());',
  marked = false,
}: Target) {
  const nets = `const build = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [4] })] });
const online = build();
const target = build();
const states = tf.randomNormal([8, 4]);
const next = tf.randomNormal([8, 4]);
`;
  const mark = marked ? '<!>' : '';
  const step = `${before}${mark}optimizer.minimize(() => ${loss}${list});`;
  return [
    ...asIs(
      `${nets}const optimizer = tf.train.adam(1e-3);\nfor (let i = 0; i < 3; i++) {\n${step}\n${copy}\n}`,
      'loop.js',
    ),
    ...asIs(
      `${nets}const optimizer = tf.train.sgd(0.1);\nfunction learn() {\n${step}\n}\nfunction sync() {\n${copy}\n}\nlearn();\nsync();`,
      'functions.js',
    ),
  ];
}

const TD = 'tf.losses.meanSquaredError(target.predict(next).max(-1).mul(0.9).add(1), online.apply(states).max(-1))';

export const stepCases: readonly Cases[] = [
  {
    rule: 'NL226',
    incorrect: [
      gan({ marked: 'fool' }),
      gan({ marked: 'judge', fake: 'generator.apply(noise())' }),
      gan({ marked: 'fool', judgeList: LIST('discriminator') }),
      target({ loss: TD, marked: true }),
      target({ loss: 'online.apply(states).sub(target.apply(next)).square().mean()', marked: true }),
      asIs(
        `${NETS}${OPTIMIZERS}function step() {\n  dOptimizer.minimize(() => bce(1, discriminator.apply(real)).add(bce(0, discriminator.apply(generator.predict(noise())))), true, discriminator.getWeights());\n  const { grads } = <!>tf.variableGrads(() => ${FOOL});\n  gOptimizer.applyGradients(grads);\n}\nstep();`,
        'a.js',
      ),
      asIs(
        `const build = (units: number, size: number) => tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [size] })] });\nconst actor = build(2, 4);\nconst critic = build(1, 2);\nconst [actorOptimizer, criticOptimizer] = [tf.train.adam(1e-4), tf.train.adam(1e-3)];\nexport function learn(states: tf.Tensor2D, actions: tf.Tensor2D, returns: tf.Tensor2D) {\n  criticOptimizer.minimize(() => tf.losses.meanSquaredError(returns, critic.apply(actions) as tf.Tensor) as tf.Scalar);\n  <!>actorOptimizer.minimize(() => (critic.apply(actor.apply(states)) as tf.Tensor).mean().neg() as tf.Scalar);\n}\nlearn(tf.ones([8, 4]), tf.ones([8, 2]), tf.ones([8, 1]));`,
        'a.ts',
      ),
      asIs(
        `${NETS}discriminator.compile({ optimizer: 'adam', loss: 'meanSquaredError' });\nconst optimizer = tf.train.adam(1e-3);\nasync function main() {\n  for (let i = 0; i < 3; i++) {\n    await discriminator.trainOnBatch(real, tf.ones([16, 1]));\n    <!>optimizer.minimize(() => ${FOOL});\n  }\n}\nmain();`,
        'a.js',
      ),
    ],
    correct: [
      gan({ judgeList: LIST('discriminator'), foolList: LIST('generator') }),
      target({ loss: TD, list: LIST('online') }),
      target({
        before: 'const goal = target.predict(next).max(-1);\n',
        loss: 'tf.losses.meanSquaredError(goal, online.apply(states).max(-1))',
      }),
      // No gradient comes through the choice of an action.
      target({
        before: 'const values = target.predict(next);\n',
        loss: 'online.apply(states).mul(tf.oneHot(target.apply(next).argMax(-1), 2)).sub(values).square().mean()',
      }),
      target({ loss: TD, copy: '' }),
      asIs(
        `${NETS}${OPTIMIZERS}discriminator.trainable = false;\nfor (let i = 0; i < 3; i++) gOptimizer.minimize(() => ${FOOL});`,
        'frozen.js',
      ),
      // Two tasks on one encoder, and an autoencoder: all of it is to train.
      asIs(
        `${NETS}${OPTIMIZERS}const optimizer = tf.train.adam(1e-3);\nconst [a, b, decoder] = [dense(1, 8), dense(2, 8), dense(4, 8)];\nfor (let i = 0; i < 3; i++) {\n  const x = noise();\n  dOptimizer.minimize(() => tf.losses.meanSquaredError(tf.ones([16, 1]), a.apply(generator.apply(x))));\n  gOptimizer.minimize(() => tf.losses.meanSquaredError(tf.ones([16, 2]), b.apply(generator.apply(x))));\n  optimizer.minimize(() => tf.losses.meanSquaredError(x, decoder.apply(generator.apply(x))));\n}`,
        'tasks.js',
      ),
      // The decoder is pretrained, then all is tuned.
      asIs(
        `${NETS}${OPTIMIZERS}const decoder = dense(4, 8);\nfor (let i = 0; i < 3; i++) dOptimizer.minimize(() => decoder.apply(real).square().mean());\nfor (let i = 0; i < 3; i++) {\n  gOptimizer.minimize(() => decoder.apply(generator.apply(noise())).square().mean());\n}`,
        'tuned.js',
      ),
      asIs(
        `${NETS}${OPTIMIZERS}const decoder = dense(4, 8);\nfor (let i = 0; i < 3; i++) dOptimizer.minimize(() => decoder.apply(real).square().mean());\nfor (let i = 0; i < 3; i++) gOptimizer.minimize(() => decoder.apply(generator.apply(noise())).square().mean());`,
        'tunedInLines.js',
      ),
      // Only some of the gradients are applied.
      asIs(
        `${NETS}${OPTIMIZERS}function step() {\n  dOptimizer.minimize(() => bce(1, discriminator.apply(real)), true, discriminator.getWeights());\n  const { grads } = tf.variableGrads(() => ${FOOL});\n  for (const name of Object.keys(grads).slice(2)) delete grads[name];\n  gOptimizer.applyGradients(grads);\n}\nstep();`,
        'picked.js',
      ),
      asIs(
        `${NETS}const optimizer = tf.train.adam(1e-3);\nconst student = dense(8, 4);\nstudent.setWeights(generator.getWeights());\nconst soft = generator.predict(real.slice([0, 0], [16, 4]));\noptimizer.minimize(() => tf.losses.meanSquaredError(soft, student.apply(noise())));`,
        'student.js',
      ),
    ],
  },
];
