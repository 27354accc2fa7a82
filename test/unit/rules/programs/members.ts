/** Programs for the rules that look at how the library is reached. */
import { asIs, stackPrograms } from '../idioms';
import type { Cases } from './cases';

export const memberCases: readonly Cases[] = [
  {
    rule: 'NL313',
    incorrect: [
      stackPrograms({ input: '[8, 8, 6]', layers: ['<!>tf.layers.groupNormalization({ groups: 2 })'] }),
      asIs('const l = <!>tf.layers.instanceNormalization();\nexport default l;'),
      asIs('const { layers } = tf;\nexport const make = () => <!>layers.rmsNormalization({ epsilon: 1e-6 });'),
      asIs('export const bn = <!>tf.layers.batchNorm({ axis: -1 });'),
      asIs("import { layers } from '@tensorflow/tfjs';\nexport const f = <!>layers.layerNorm();"),
    ],
    correct: [
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.batchNormalization()', 'tf.layers.reLU()', 'tf.layers.layerNormalization()'],
      }),
      asIs(
        'const layers = { groupNormalization: () => tf.layers.reLU() };\nexport const l = layers.groupNormalization();',
      ),
      asIs('if ("groupNormalization" in tf.layers) console.log("new");'),
    ],
  },
  {
    rule: 'NL120',
    incorrect: [
      asIs(
        'export function norm(options: { axis?: number }) {\n  const axis = <!>options.axis || -1;\n  return tf.layers.batchNormalization({ axis });\n}',
      ),
      asIs(
        'class Norm extends tf.layers.Layer {\n  constructor(config) {\n    super(config);\n    this.epsilon = <!>config.epsilon || 1e-3;\n  }\n}\nexport default Norm;',
        'a.js',
      ),
      asIs(
        'export const build = ({ momentum, axis }) => tf.layers.batchNormalization({ axis, momentum: <!>momentum || 0.99 });',
        'a.js',
      ),
      asIs('export const drop = (cfg) => tf.layers.dropout({ rate: <!>cfg.dropRate || 0.5 });', 'a.js'),
    ],
    correct: [
      asIs(
        'export function norm(options: { axis?: number }) {\n  const axis = options.axis ?? -1;\n  return tf.layers.batchNormalization({ axis });\n}',
      ),
      asIs('export const build = ({ units }) => tf.layers.dense({ units: units || 64 });', 'a.js'),
      asIs('export const build = ({ axis }) => tf.layers.batchNormalization({ axis: axis || 0 });', 'a.js'),
      asIs('export const named = ({ name }) => tf.layers.batchNormalization({ name: name || "norm" });', 'a.js'),
    ],
  },
  {
    rule: 'NL119',
    incorrect: [
      asIs(
        'class Block extends tf.layers.Layer {\n  call(inputs) {\n    const x = Array.isArray(inputs) ? inputs[0] : inputs;\n    return <!>tf.layers.batchNormalization().apply(x);\n  }\n}\nnew Block().apply(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      asIs(
        'class Block extends tf.layers.Layer {\n  call(inputs) {\n    const x = inputs[0];\n    const dense = <!>tf.layers.dense({ units: 8 });\n    return dense.apply(x);\n  }\n}\nconst input = tf.input({ shape: [8] });\nexport const model = tf.model({ inputs: input, outputs: new Block().apply(input) });',
        'a.js',
      ),
      asIs(
        'const optimizer = tf.train.adam();\nconst x = tf.randomNormal([4, 8]);\nfor (let i = 0; i < 10; i++) {\n  optimizer.minimize(() => {\n    const h = <!>tf.layers.dense({ units: 8 }).apply(x);\n    return h.square().mean();\n  });\n}',
        'a.js',
      ),
    ],
    correct: [
      asIs(
        'class Block extends tf.layers.Layer {\n  build(shape) {\n    this.bn = tf.layers.batchNormalization();\n    super.build(shape);\n  }\n  call(inputs) {\n    const x = Array.isArray(inputs) ? inputs[0] : inputs;\n    return this.bn.apply(x);\n  }\n}\nnew Block().apply(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      asIs(
        'class Block extends tf.layers.Layer {\n  constructor() {\n    super({});\n    this.dense = tf.layers.dense({ units: 8 });\n  }\n  call(inputs) {\n    const x = Array.isArray(inputs) ? inputs[0] : inputs;\n    return this.dense.apply(x);\n  }\n}\nnew Block().apply(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      asIs(
        'class Block extends tf.layers.Layer {\n  call(inputs) {\n    const x = Array.isArray(inputs) ? inputs[0] : inputs;\n    return tf.layers.reLU().apply(x);\n  }\n}\nnew Block().apply(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      asIs(
        'function block(x: tf.SymbolicTensor) {\n  return tf.layers.batchNormalization().apply(tf.layers.dense({ units: 8 }).apply(x)) as tf.SymbolicTensor;\n}\nconst input = tf.input({ shape: [8] });\nexport const model = tf.model({ inputs: input, outputs: block(input) });',
      ),
    ],
  },
  {
    rule: 'NL121',
    incorrect: [
      asIs(
        'class Double extends tf.layers.Layer {\n  call(inputs) {\n    return <!>inputs.mul(2);\n  }\n}\nconst input = tf.input({ shape: [8] });\nconst model = tf.model({ inputs: input, outputs: new Double().apply(input) });\nmodel.predict(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      asIs(
        'class Norm extends tf.layers.Layer {\n  call(inputs: any) {\n    const rank = <!>inputs.shape.length;\n    return tf.sum(inputs, rank - 1);\n  }\n}\nconst model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [8] }), new Norm()] });\nmodel.predict(tf.randomNormal([4, 8]));',
      ),
    ],
    correct: [
      asIs(
        'class Double extends tf.layers.Layer {\n  call(inputs) {\n    const x = Array.isArray(inputs) ? inputs[0] : inputs;\n    return x.mul(2);\n  }\n}\nconst input = tf.input({ shape: [8] });\nconst model = tf.model({ inputs: input, outputs: new Double().apply(input) });\nmodel.predict(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      asIs(
        'class Double extends tf.layers.Layer {\n  call(inputs) {\n    return inputs[0].mul(2);\n  }\n}\nconst input = tf.input({ shape: [8] });\nconst model = tf.model({ inputs: input, outputs: new Double().apply(input) });\nmodel.predict(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      asIs(
        'class Double extends tf.layers.Layer {\n  call(inputs) {\n    return inputs.mul(2);\n  }\n}\nexport const y = new Double().apply(tf.randomNormal([4, 8]));',
        'a.js',
      ),
    ],
  },
];
