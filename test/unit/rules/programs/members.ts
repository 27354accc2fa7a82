/** Programs for the rules that look at how the library is reached. */
import { asIs, stackPrograms, stepPrograms } from '../idioms';
import type { Cases } from './cases';

/** Bodies of call(inputs) that take the list for a tensor, and where they do. */
const CALLS: readonly (readonly [string, string])[] = [
  ['{ return inputs.square(); }', 'inputs.square'],
  ['{ return inputs.mul(tf.scalar(2)); }', 'inputs.mul'],
  ['{ const rank = inputs.rank; return tf.relu(inputs); }', 'inputs.rank'],
  ['{ const [batch] = inputs.shape; return tf.relu(inputs); }', 'inputs.shape'],
  ['{ return tf.tidy(() => inputs.add(1)); }', 'inputs.add'],
  ['{ const m = inputs.mean(-1, true); return m; }', 'inputs.mean'],
  ['{ const y = inputs.relu(); return y; }', 'inputs.relu'],
  ['{ if (inputs.rank === 2) return tf.relu(inputs); return inputs; }', 'inputs.rank'],
];

const layerModel = (body: string): string => `class Custom extends tf.layers.Layer {
  static className = 'Custom';
  call(inputs) ${body}
  computeOutputShape(shape) {
    return shape;
  }
}
const input = tf.input({ shape: [8] });
const model = tf.model({ inputs: input, outputs: new Custom().apply(input) });
model.predict(tf.randomNormal([4, 8]));`;

/** What computeOutputShape says, and bodies of call that give another shape for [batch, 6, 8]. */
const OTHER_SHAPES: readonly (readonly [string, string])[] = [
  ['(shape) { return shape; }', 'return x.mean(-1);'],
  ['(shape) { return shape; }', 'return x.mean(-1, true);'],
  ['(shape) { return [shape[0], shape[1]]; }', 'return x.mean(-1, true);'],
  ['([batch, time]) { return [batch, time, 4]; }', 'return tf.split(x, 4, -1)[0];'],
  ['(shape) { return [shape[0], shape[2] * 6 + 1]; }', 'return x.reshape([-1, 48]);'],
  ['(shape) { return [shape[0], shape[2], shape[1]]; }', 'return x;'],
];

/** The same where they agree. */
const SAME_SHAPES: readonly (readonly [string, string])[] = [
  ['(shape) { return shape.slice(0, -1); }', 'return x.mean(-1);'],
  ['(shape) { return [...shape.slice(0, -1), 1]; }', 'return x.mean(-1, true);'],
  ['([batch, time]) { return [batch, time, 2]; }', 'return tf.split(x, 4, -1)[0];'],
  ['(shape) { return [shape[0], shape[2] * 6]; }', 'return x.reshape([-1, 48]);'],
  ['(shape) { return [shape[0], shape[2], shape[1]]; }', 'return x.transpose([0, 2, 1]);'],
  ['(shape) { return [null, 6, 8]; }', 'return x.relu();'],
];

const reshaping = (name: string, method: string, body: string): string => `class Custom extends tf.layers.Layer {
  static className = 'Custom';
  call(inputs) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    ${body}
  }
  ${name}${method}
}
const model = tf.sequential({ layers: [tf.layers.reLU({ inputShape: [6, 8] }), new Custom()] });
model.predict(tf.randomNormal([4, 6, 8]));`;

/** Values, a comment that holds of them, and one that does not. */
const COMMENTED: readonly (readonly [string, string, string])[] = [
  ['tf.ones([4, 3])', '[B, 3]', '[4, 2]'],
  ['tf.ones([4, 3])', '[4, c]', '[4]'],
  ['tf.randomNormal([2, 8, 8, 1]).mean([1, 2])', '[2, 1]', '[2, 8, 8, 1]'],
  ['tf.tensor2d([[1, 2], [3, 4]])', '[?, 2]', '[2, 3]'],
  ['tf.eye(5).expandDims(0)', '[1, n, n]', '[5, 5, 1]'],
];

export const memberCases: readonly Cases[] = [
  {
    rule: 'NL313',
    incorrect: [
      stackPrograms({ input: '[8, 8, 6]', layers: ['<!>tf.layers.groupNormalization({ groups: 2 })'] }),
      asIs('const l = <!>tf.layers.instanceNormalization();\nexport default l;'),
      asIs('const { layers } = tf;\nexport const make = () => <!>layers.rmsNormalization({ epsilon: 1e-6 });'),
      asIs('export const bn = <!>tf.layers.batchNorm({ axis: -1 });'),
      asIs("import { layers } from '@tensorflow/tfjs';\nexport const f = <!>layers.layerNorm();"),
      ...['multiHeadAttention', 'lambda', 'gelu', 'relu', 'leakyRelu', 'focalModulation'].map((name) =>
        asIs(`export const l = <!>tf.layers.${name}({});`),
      ),
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
      asIs(
        "class Own extends tf.layers.Layer {\n  static className = 'Own';\n}\ntf.layers.attention = (options) => new Own(options);\nexport const l = tf.layers.attention({});",
      ),
      asIs('export const l = [tf.layers.leakyReLU(), tf.layers.prelu(), tf.layers.maxPool2d({ poolSize: 2 })];'),
    ],
  },
  {
    rule: 'NL120',
    incorrect: [
      ...['axis', 'epsilon', 'momentum'].flatMap((key) => [
        asIs(
          `export class Norm {\n  constructor(options) {\n    this.${key} = <!>options.${key} || 0.5;\n  }\n}`,
          'a.js',
        ),
        asIs(`export const read = (o: Record<string, number | undefined>): number => <!>o.${key} || -1;`),
        asIs(
          `export function make(${key}) {\n  return tf.layers.batchNormalization({ ${key}: <!>${key} || 0.25 });\n}`,
          'a.js',
        ),
      ]),

      asIs(
        'export function norm(options: { axis?: number }) {\n  const axis = <!>options.axis || -1;\n  return tf.layers.batchNormalization({ axis });\n}',
      ),
      asIs(
        'class Norm extends tf.layers.Layer {\n  static className = "Norm";\n  constructor(config) {\n    super(config);\n    this.epsilon = <!>config.epsilon || 1e-3;\n  }\n}\nexport default Norm;',
        'a.js',
      ),
      asIs(
        'export const build = ({ momentum, axis }) => tf.layers.batchNormalization({ axis, momentum: <!>momentum || 0.99 });',
        'a.js',
      ),
      asIs('export const drop = (cfg) => tf.layers.dropout({ rate: <!>cfg.dropRate || 0.5 });', 'a.js'),
    ],
    correct: [
      ...['axis', 'epsilon', 'momentum'].flatMap((key) => [
        asIs(`export class Norm {\n  constructor(options) {\n    this.${key} = options.${key} ?? 0.5;\n  }\n}`, 'a.js'),
        asIs(
          `export const read = (o: Record<string, number | undefined>): number => o.${key} === undefined ? -1 : o.${key};`,
        ),
        asIs(
          `export function make(size, ${key}) {\n  return tf.layers.dense({ units: size || 32, name: ${key} ? 'a' : 'b' });\n}`,
          'a.js',
        ),
      ]),

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
      stepPrograms({
        before: 'const x = tf.randomNormal([4, 8]);\n',
        loss: 'const h = <!>tf.layers.dense({ units: 8 }).apply(x);\nreturn h.square().mean();',
      }),
      stepPrograms({
        before: 'const x = tf.randomNormal([4, 8]);\n',
        loss: 'const norm = <!>tf.layers.batchNormalization();\nreturn norm.apply(x, { training: true }).square().mean();',
      }),

      asIs(
        'class Block extends tf.layers.Layer {\n  static className = "Block";\n  call(inputs) {\n    const x = Array.isArray(inputs) ? inputs[0] : inputs;\n    return <!>tf.layers.batchNormalization().apply(x);\n  }\n}\nnew Block().apply(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      asIs(
        'class Block extends tf.layers.Layer {\n  static className = "Block";\n  call(inputs) {\n    const x = inputs[0];\n    const dense = <!>tf.layers.dense({ units: 8 });\n    return dense.apply(x);\n  }\n}\nconst input = tf.input({ shape: [8] });\nexport const model = tf.model({ inputs: input, outputs: new Block().apply(input) });',
        'a.js',
      ),
      asIs(
        'const optimizer = tf.train.adam();\nconst x = tf.randomNormal([4, 8]);\nfor (let i = 0; i < 10; i++) {\n  optimizer.minimize(() => {\n    const h = <!>tf.layers.dense({ units: 8 }).apply(x);\n    return h.square().mean();\n  });\n}',
        'a.js',
      ),
    ],
    correct: [
      stepPrograms({
        before:
          'const x = tf.randomNormal([4, 8]);\nconst dense = tf.layers.dense({ units: 8 });\ndense.build([null, 8]);\n',
        loss: 'return dense.apply(x).square().mean();',
      }),
      stepPrograms({
        before: 'const x = tf.variable(tf.randomNormal([4, 8]));\n',
        loss: 'return tf.layers.reLU().apply(x).square().mean();',
      }),

      asIs(
        'class Block extends tf.layers.Layer {\n  static className = "Block";\n  build(shape) {\n    this.bn = tf.layers.batchNormalization();\n    super.build(shape);\n  }\n  call(inputs) {\n    const x = Array.isArray(inputs) ? inputs[0] : inputs;\n    return this.bn.apply(x);\n  }\n}\nnew Block().apply(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      asIs(
        'class Block extends tf.layers.Layer {\n  static className = "Block";\n  constructor() {\n    super({});\n    this.dense = tf.layers.dense({ units: 8 });\n  }\n  call(inputs) {\n    const x = Array.isArray(inputs) ? inputs[0] : inputs;\n    return this.dense.apply(x);\n  }\n}\nnew Block().apply(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      asIs(
        'class Block extends tf.layers.Layer {\n  static className = "Block";\n  call(inputs) {\n    const x = Array.isArray(inputs) ? inputs[0] : inputs;\n    return tf.layers.reLU().apply(x);\n  }\n}\nnew Block().apply(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      // A class of its own kind, whose `call` is no layer's, may draw a graph.
      asIs(
        'class Block {\n  call(x) {\n    return tf.layers.batchNormalization().apply(x);\n  }\n}\nconst input = tf.input({ shape: [8] });\nexport const model = tf.model({ inputs: input, outputs: new Block().call(input) });',
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
      ...CALLS.map(([body, mark]) => asIs(layerModel(body.replace(mark, `<!>${mark}`)), 'a.js')),

      asIs(
        'class Double extends tf.layers.Layer {\n  static className = "Double";\n  call(inputs) {\n    return <!>inputs.mul(2);\n  }\n}\nconst input = tf.input({ shape: [8] });\nconst model = tf.model({ inputs: input, outputs: new Double().apply(input) });\nmodel.predict(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      asIs(
        'class Norm extends tf.layers.Layer {\n  static className = "Norm";\n  call(inputs: any) {\n    const rank = <!>inputs.shape.length;\n    return tf.sum(inputs, rank - 1);\n  }\n}\nconst model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [8] }), new Norm()] });\nmodel.predict(tf.randomNormal([4, 8]));',
      ),
    ],
    correct: [
      ...CALLS.map(([body]) =>
        asIs(
          layerModel(
            body.replaceAll('inputs', 'x').replace('{', '{ const x = Array.isArray(inputs) ? inputs[0] : inputs;'),
          ),
          'a.js',
        ),
      ),

      asIs(
        'class Double extends tf.layers.Layer {\n  static className = "Double";\n  call(inputs) {\n    const x = Array.isArray(inputs) ? inputs[0] : inputs;\n    return x.mul(2);\n  }\n}\nconst input = tf.input({ shape: [8] });\nconst model = tf.model({ inputs: input, outputs: new Double().apply(input) });\nmodel.predict(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      asIs(
        'class Double extends tf.layers.Layer {\n  static className = "Double";\n  call(inputs) {\n    return inputs[0].mul(2);\n  }\n}\nconst input = tf.input({ shape: [8] });\nconst model = tf.model({ inputs: input, outputs: new Double().apply(input) });\nmodel.predict(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      asIs(
        'class Double extends tf.layers.Layer {\n  static className = "Double";\n  call(inputs) {\n    return inputs.mul(2);\n  }\n}\nexport const y = new Double().apply(tf.randomNormal([4, 8]));',
        'a.js',
      ),
      // Within the call of another layer there is data alone, and it is handed on as it is.
      asIs(
        'class Double extends tf.layers.Layer {\n  static className = "Double";\n  call(inputs) {\n    return inputs.mul(2);\n  }\n}\nexport class Block extends tf.layers.Layer {\n  static className = "Block";\n  build(shape) {\n    this.conv = tf.layers.conv2d({ filters: 8, kernelSize: 1 });\n    this.double = new Double();\n  }\n  call(inputs) {\n    const [x, skip] = inputs;\n    return this.double.apply(this.conv.apply(x)).add(skip);\n  }\n}',
        'a.js',
      ),
      asIs(
        'class Base extends tf.layers.Layer {\n  apply(inputs, kwargs) {\n    return super.apply(inputs, kwargs);\n  }\n}\nclass Double extends Base {\n  static className = "Double";\n  call(inputs) {\n    return inputs.mul(2);\n  }\n}\nexport class Chain extends Base {\n  static className = "Chain";\n  constructor(config) {\n    super(config);\n    this.layers = [new Double(), new Double()];\n  }\n  call(inputs) {\n    let [x] = inputs;\n    for (const layer of this.layers) x = layer.apply(x);\n    return x;\n  }\n}',
        'a.js',
      ),
    ],
  },
  {
    rule: 'NL122',
    incorrect: [
      ...OTHER_SHAPES.flatMap(([method, body]) => [
        asIs(reshaping('<!>computeOutputShape', method, body), 'a.js'),
        asIs(reshaping('<!>computeOutputShape', method, body).replace(/model\.predict.*/, ''), 'a.js'),
      ]),
      ...OTHER_SHAPES.slice(0, 5).map(([, body]) => asIs(reshaping('', '', body).replace('call(', '<!>call('), 'a.js')),
      asIs(
        'class Pair extends tf.layers.Layer {\n  static className = "Pair";\n  <!>computeOutputShape(shapes) {\n    return shapes[0];\n  }\n  call(inputs) {\n    return tf.concat(inputs, -1);\n  }\n}\nconst a = tf.input({ shape: [4] });\nconst b = tf.input({ shape: [3] });\nconst model = tf.model({ inputs: [a, b], outputs: new Pair().apply([a, b]) });\nmodel.predict([tf.ones([2, 4]), tf.ones([2, 3])]);',
        'a.js',
      ),
    ],
    correct: [
      ...SAME_SHAPES.map(([method, body]) => asIs(reshaping('computeOutputShape', method, body), 'a.js')),
      asIs(
        reshaping('computeOutputShape', '(shape) { return shape; }', 'return (globalThis.gone ?? ((t) => t))(x);'),
        'a.js',
      ),
      asIs(
        reshaping(
          'computeOutputShape',
          '(shape) { return (globalThis.gone ?? ((s) => s))(shape); }',
          'return x.mean(-1);',
        ),
        'a.js',
      ),
      asIs(reshaping('', '', 'return x.relu();'), 'a.js'),
      asIs(reshaping('', '', 'return globalThis.flag ? x.mean(-1) : x;'), 'a.js'),
    ],
  },
  {
    rule: 'NL123',
    incorrect: COMMENTED.flatMap(([value, , wrong]) => [
      asIs(`const x = ${value}; <!>// @shape ${wrong}\nx.print();`),
      asIs(`<!>// @shape ${wrong}\nconst x = ${value};\nx.print();`),
      asIs(`let x;\nx = ${value}; <!>/* @shape x ${wrong} */\nx.print();`, 'a.js'),
    ]),
    correct: COMMENTED.flatMap(([value, right]) => [
      asIs(`const x = ${value}; // @shape ${right}\nx.print();`),
      asIs(`// @shape x ${right}\nconst x = ${value};\nx.print();`),
    ]),
  },
];
