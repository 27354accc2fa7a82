/** Programs that are near misses, or whose form once misled a rule or its fix. */
import { asIs } from '../idioms';
import type { Cases } from './cases';

const lazy = (make: string): string =>
  `class Lazy extends tf.layers.Layer {\n  static className = 'Lazy';\n  constructor() {\n    super({});\n  }\n  call(inputs) {\n    const x = Array.isArray(inputs) ? inputs[0] : inputs;\n    ${make}\n    return this.norm.apply(x);\n  }\n}\nnew Lazy().apply(tf.randomNormal([4, 8]));`;

const groups = (before: string): string =>
  `class GroupNorm extends tf.layers.Layer {\n  static className = 'GroupNorm';\n  constructor(config) {\n    super(config);\n    this.groups = config.groups;\n  }\n  build(shape) {\n    ${before}\n    super.build(shape);\n  }\n  call(inputs) {\n    const x = Array.isArray(inputs) ? inputs[0] : inputs;\n    const [b, h, w, c] = x.shape;\n    const g = x.reshape([b, h, w, this.groups, c / this.groups]);\n    const { mean, variance } = tf.moments(g, [1, 2, 4], true);\n    return g.sub(mean).div(variance.add(1e-5).sqrt()).reshape([b, h, w, c]);\n  }\n}\nconst norm = new GroupNorm({ groups: 32 });\nnorm.apply(tf.randomNormal([2, 8, 8, 24]));`;

const regrouped = (name: string, moved: string, back: string): string =>
  `class ${name} extends tf.layers.Layer {\n  static className = '${name}';\n  call(inputs) {\n    const x = Array.isArray(inputs) ? inputs[0] : inputs;\n    const [b, h, w, c] = x.shape;\n    const g = ${moved};\n    const { mean, variance } = tf.moments(g, [1], true);\n    return g.sub(mean).div(variance.add(1e-5).sqrt())${back};\n  }\n}\nnew ${name}().apply(tf.randomNormal([2, 4, 4, 8]));`;

const NET =
  'const model = tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [4], useBias: false }), tf.layers.batchNormalization(), tf.layers.dense({ units: 1 })] });\nconst [x, y] = [tf.ones([16, 4]), tf.ones([16, 1])];\n';

const FITS = "model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });\n";
const UNAWAITED = '<!>model.fit(x, y, { epochs: 1 });\n  model.evaluate(x, y);';

const PENALTY = (flag: string): string =>
  `${NET}const optimizer = tf.train.adam(1e-4);\nconst penalty = (v) => tf.grad((z) => model.apply(z${flag}).sum())(v).square().sum(1).add(1e-9).sqrt().sub(1).square().mean();\n`;

export const variantCases: readonly Cases[] = [
  {
    rule: 'NL103',
    incorrect: [
      asIs(
        'const model = tf.sequential();\nmodel.add(tf.layers.dense({ units: 8, batchInputShape: [16, 4], useBias: false }));\nmodel.add(tf.layers.batchNormalization({ <!>axis: 0 }));\nmodel.predict(tf.ones([16, 4])).print();',
        'a.js',
      ),
    ],
    correct: [],
  },
  {
    rule: 'NL110',
    incorrect: [asIs(groups('this.built = true;').replace('const g = x.reshape', 'const g = <!>x.reshape'), 'a.js')],
    correct: [
      asIs(groups('while (shape[shape.length - 1] % this.groups !== 0) this.groups--;'), 'a.js'),
      asIs(groups('this.groups = Math.min(this.groups, shape[shape.length - 1]);'), 'a.js'),
    ],
  },
  {
    rule: 'NL112',
    incorrect: [],
    correct: [
      asIs(
        regrouped(
          'GroupNorm',
          'x.reshape([b, h * w, 4, c / 4]).transpose([0, 2, 1, 3]).reshape([b * 4, -1])',
          '.reshape([b, 4, h * w, c / 4]).transpose([0, 2, 1, 3]).reshape(x.shape)',
        ),
        'a.js',
      ),
      asIs(
        regrouped(
          'InstanceNorm',
          'x.transpose([0, 3, 1, 2]).reshape([b * c, h * w])',
          '.reshape([b, c, h, w]).transpose([0, 2, 3, 1])',
        ),
        'a.js',
      ),
    ],
  },
  {
    rule: 'NL114',
    incorrect: [
      asIs(
        'const x = tf.ones([4, 4]);\nlet mean, variance;\n<!>[mean, variance] = tf.moments(x, 0);\nmean.add(variance).print();',
        'a.js',
      ),
      asIs(
        'const stats = {};\n<!>[stats.mean, stats.variance] = tf.moments(tf.ones([4, 4]), 0);\nstats.mean.print();',
        'a.js',
      ),
      asIs(
        'let m, v;\nconst measure = (x) => <!>[m, v] = tf.moments(x, 0);\nmeasure(tf.ones([4, 4]));\nm.add(v).print();',
        'a.js',
      ),
    ],
    correct: [],
  },
  {
    rule: 'NL119',
    incorrect: [asIs(lazy('this.norm = <!>tf.layers.batchNormalization();'), 'a.js')],
    correct: [
      asIs(lazy('if (!this.norm) this.norm = tf.layers.batchNormalization();'), 'a.js'),
      asIs(lazy('if (this.norm === undefined) {\n      this.norm = tf.layers.batchNormalization();\n    }'), 'a.js'),
      asIs(lazy('this.norm ??= tf.layers.batchNormalization();'), 'a.js'),
      asIs(lazy('this.norm = this.norm || tf.layers.batchNormalization();'), 'a.js'),
    ],
  },
  {
    rule: 'NL120',
    incorrect: [
      asIs('export const sum = (x, options) => x.sum(<!>options && options.axis || -1);', 'a.js'),
      asIs('export const sum = (x, options, config) => x.sum(<!>options.axis || config.axis || -1);', 'a.js'),
      asIs('export const sum = (x, options) => x.sum(<!>(options || {}).axis || -1);', 'a.js'),
      asIs('export const sum = (x, options) => x.sum(options.wanted ? <!>options.axis || -1 : 0);', 'a.js'),
    ],
    correct: [asIs('export const sum = (x, options) => x.sum((options && options.axis) ?? -1);', 'a.js')],
  },
  {
    rule: 'NL126',
    incorrect: [],
    correct: [
      asIs(`${NET}const [first] = model.call(x, {});\nfirst.square().print();`, 'a.js'),
      asIs(`${NET}model.call([x], { training: true })[0].square().print();`, 'a.js'),
    ],
  },
  {
    rule: 'NL203',
    incorrect: [
      asIs(
        `${NET}${FITS}async function main() {\n  await model.fit(x, y, { epochs: 3 });\n}\nmain();`.replace(
          'tf.layers.batch',
          '<!>tf.layers.batch',
        ),
        'a.js',
      ),
    ],
    correct: [],
  },
  {
    rule: 'NL204',
    incorrect: [
      asIs(`${NET}tf.train.sgd(0.1).minimize(() => tf.losses.meanSquaredError(y, <!>model.apply(x, {})));`, 'a.js'),
      asIs(`${NET}tf.train.sgd(0.1).minimize(() => tf.losses.meanSquaredError(y, <!>model.call([x], {})[0]));`, 'a.js'),
      asIs(
        `${NET}tf.train.sgd(0.1).minimize(() => tf.losses.meanSquaredError(y, <!>model.predict(x, { batchSize: 8 })));`,
        'a.js',
      ),
    ],
    correct: [],
  },
  {
    rule: 'NL208',
    incorrect: [
      asIs(
        `${PENALTY('')}optimizer.minimize(() => penalty(x).add(model.apply(x, { training: true }).mean()));`.replace(
          'tf.layers.batch',
          '<!>tf.layers.batch',
        ),
        'a.js',
      ),
    ],
    correct: [asIs(`${PENALTY('')}optimizer.minimize(() => penalty(x).mul(10));`, 'a.js')],
  },
  {
    rule: 'NL222',
    incorrect: [
      asIs(
        `import * as tf from '@tensorflow/tfjs';\nexport async function load() {}\n${NET}${FITS}export function train() {\n  ${UNAWAITED}\n}\n`,
        'a.js',
      ),
      asIs(
        `import * as tf from '@tensorflow/tfjs';\n${NET}${FITS}class Trainer {\n  async run() {\n  ${UNAWAITED}\n  }\n}\nexport const trainer = new Trainer();`,
        'a.js',
      ),
    ],
    correct: [],
  },
  {
    rule: 'NL223',
    incorrect: [
      asIs(
        "const model = tf.sequential();\nmodel.add(<!>tf.layers.dense({ units: 1, inputShape: [4], activation: 'softmax' }));\nmodel.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });",
        'a.js',
      ),
      asIs(
        "const head = (units) => <!>tf.layers.dense({ units, activation: 'softmax', inputShape: [4] });\nexport const models = [1, 10].map((units) => tf.sequential({ layers: [head(units)] }));",
        'a.js',
      ),
    ],
    correct: [],
  },
  {
    rule: 'NL301',
    incorrect: [
      asIs(
        'const input = tf.input({ shape: [4] });\nconst dense = () => <!>tf.layers.dense({ units: 8 });\nlet x = tf.layers.batchNormalization().apply(dense().apply(input));\nconst skip = dense().apply(x);\nx = tf.layers.add().apply([tf.layers.batchNormalization().apply(skip), skip]);\nexport const model = tf.model({ inputs: input, outputs: x });',
        'a.js',
      ),
    ],
    correct: [],
  },
  {
    rule: 'NL305',
    incorrect: [],
    correct: [
      asIs(
        "export const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4], activation: 'relu' }), tf.layers.batchNormalization(), tf.layers.softmax()] });",
        'a.js',
      ),
    ],
  },
  {
    rule: 'NL313',
    incorrect: [
      asIs(
        'const model = tf.sequential();\nmodel.add(tf.layers.conv2d({ filters: 6, kernelSize: 3, inputShape: [8, 8, 3] }));\nmodel.add(<!>tf.layers.groupNorm({ num_groups: 3, eps: 1e-5 }));\nmodel.predict(tf.ones([1, 8, 8, 3])).print();',
        'a.js',
      ),
      asIs(
        'const model = tf.sequential();\nmodel.add(<!>tf.layers.Dense({ units: 2, inputShape: [3] }));\nmodel.predict(tf.ones([1, 3])).print();',
        'a.js',
      ),
      asIs('export const norm = <!>tf.layers.groupNorm(4, 16);', 'a.js'),
    ],
    correct: [],
  },
];
