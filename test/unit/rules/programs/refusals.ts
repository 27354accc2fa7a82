/** More programs that TensorFlow.js refuses: the kinds that are less common than a wrong rank. */
import { asIs, opPrograms, stackPrograms } from '../idioms';
import { type Cases, COMPILE } from './cases';

const dense = 'tf.layers.dense({ units: 4 })';
const merged = (type: string, one: string, two: string): string =>
  `const a = tf.input({ shape: ${one} });\nconst b = tf.input({ shape: ${two} });\nexport const y = <!>tf.layers.${type}.apply([a, b]);`;
const clean = (text: string): string => text.replaceAll('<!>', '');
const both = (type: string, one: string, two: string) => asIs(merged(type, one, two), 'a.js');
const fits = (type: string, one: string, two: string) => asIs(clean(merged(type, one, two)), 'a.js');
/** Two inputs of a model, and what it is made of. */
const graph = (model: string): string =>
  `const a = tf.input({ shape: [4] });\nconst b = tf.input({ shape: [4] });\nconst layer = tf.layers.dense({ units: 2 });\nconst y = layer.apply(a);\nexport const model = <!>${model};`;
const set = (weights: string): string =>
  `const layer = tf.layers.dense({ units: 3, inputShape: [4] });\nconst model = tf.sequential({ layers: [layer] });\n<!>layer.setWeights(${weights});`;

export const refusalCases: readonly Cases[] = [
  {
    rule: 'NL006',
    incorrect: [
      both('concatenate()', '[8, 8, 3]', '[9, 8, 3]'),
      both('concatenate({ axis: 1 })', '[4, 3]', '[4, 5]'),
      opPrograms({ tensors: { a: '[2, 4, 3]', b: '[2, 5, 3]' }, body: 'globalThis.y = <!>a.concat(b, 2);' }),
    ],
    correct: [
      both('concatenate()', '[8, 8, 3]', '[8, 8, 5]'),
      fits('concatenate({ axis: 2 })', '[4, 3]', '[4, 5]'),
      opPrograms({ tensors: { a: '[2, 4, 3]', b: '[2, 5, 3]' }, body: 'globalThis.y = a.concat(b, 1);' }),
    ],
  },
  {
    rule: 'NL007',
    incorrect: [
      both('add()', '[8]', '[9]'),
      both('multiply()', '[8, 8, 3]', '[8, 8, 4]'),
      both('average()', '[8, 4]', '[7, 4]'),
      both('maximum()', '[8, 8, 3]', '[4, 4, 3]'),
      both('minimum()', '[5]', '[6]'),
      both("add({ name: 'sum' })", '[6, 2]', '[6, 3]'),
      asIs(
        'const block = (x, filters) => {\n  const y = tf.layers.conv2d({ filters, kernelSize: 3, padding: "same" }).apply(x);\n  return <!>tf.layers.add().apply([x, y]);\n};\nexport const y = block(tf.input({ shape: [8, 8, 3] }), 8);',
        'a.js',
      ),
      asIs(
        'const x = tf.input({ shape: [8, 8, 4] });\nconst y = tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same" }).apply(x);\nconst sum = tf.layers.add();\nexport const z = <!>sum.apply([y, x]);',
        'a.js',
      ),
      asIs(
        'class Residual {\n  build(x: tf.SymbolicTensor) {\n    const y = tf.layers.dense({ units: 6 }).apply(x) as tf.SymbolicTensor;\n    return <!>tf.layers.add().apply([y, x]);\n  }\n}\nnew Residual().build(tf.input({ shape: [5] }));',
      ),
    ],
    correct: [
      fits('add()', '[8]', '[8]'),
      fits('multiply()', '[8, 8, 3]', '[8, 8, 3]'),
      fits('average()', '[8, 4]', '[8, 4]'),
      fits('maximum()', '[8, 8, 3]', '[8, 8, 3]'),
      fits('minimum()', '[5]', '[1]'),
      fits('add()', '[6, 2]', '[6, 1]'),
      asIs(
        'const block = (x, filters) => {\n  const y = tf.layers.conv2d({ filters, kernelSize: 3, padding: "same" }).apply(x);\n  return tf.layers.add().apply([x, y]);\n};\nexport const y = block(tf.input({ shape: [8, 8, 8] }), 8);',
        'a.js',
      ),
      asIs(
        'const x = tf.input({ shape: [8, 8, 4] });\nconst short = tf.layers.conv2d({ filters: 8, kernelSize: 1, strides: 2 }).apply(x);\nconst y = tf.layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, padding: "same" }).apply(x);\nexport const z = tf.layers.add().apply([y, short]);',
        'a.js',
      ),
      fits('concatenate()', '[8]', '[9]'),
    ],
  },
  {
    rule: 'NL008',
    incorrect: [
      opPrograms({
        tensors: { x: '[1, 4, 5, 2]', w: '[7, 2, 2, 3]' },
        body: "globalThis.y = <!>tf.conv2d(x, w, 1, 'valid');",
      }),
      asIs(
        'const model = tf.sequential();\nmodel.add(tf.layers.inputLayer({ inputShape: [4, 4, 1] }));\n<!>model.add(tf.layers.conv2d({ filters: 8, kernelSize: 7 }));',
        'a.js',
      ),
      asIs(
        'export const model = tf.sequential({ layers: [\n  tf.layers.maxPooling2d({ poolSize: 2, inputShape: [6, 6, 1] }),\n  <!>tf.layers.conv2d({ filters: 8, kernelSize: 5 }),\n] });',
        'a.js',
      ),
      asIs(
        'const net = tf.sequential();\nnet.add(tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [6, 6, 1] }));\n<!>net.add(tf.layers.conv2d({ filters: 4, kernelSize: [6, 7] }));',
        'a.js',
      ),
      asIs(
        'const build = (kernelSize) => {\n  const net = tf.sequential();\n  net.add(tf.layers.inputLayer({ inputShape: [5, 5, 2] }));\n  <!>net.add(tf.layers.conv2d({ filters: 4, kernelSize }));\n  return net;\n};\nexport const net = build(9);',
        'a.js',
      ),
    ],
    correct: [
      stackPrograms({
        input: '[5, 5, 1]',
        layers: ["tf.layers.conv2d({ filters: 8, kernelSize: 7, padding: 'same' })"],
      }),
      opPrograms({
        tensors: { x: '[1, 8, 5, 2]', w: '[7, 2, 2, 3]' },
        body: "globalThis.y = tf.conv2d(x, w, 1, 'valid');",
      }),
    ],
  },
  {
    rule: 'NL009',
    incorrect: [
      opPrograms({
        tensors: { x: '[1, 8, 8, 3]', w: '[3, 3, 4, 6]' },
        body: "globalThis.y = <!>tf.conv2d(x, w, 1, 'same');",
      }),
      opPrograms({
        tensors: { x: '[1, 12, 3]', w: '[3, 2, 6]' },
        body: "globalThis.y = <!>tf.conv1d(x, w, 1, 'same');",
      }),
    ],
    correct: [
      opPrograms({
        tensors: { x: '[1, 8, 8, 3]', w: '[3, 3, 3, 6]' },
        body: "globalThis.y = tf.conv2d(x, w, 1, 'same');",
      }),
      opPrograms({
        tensors: { x: '[1, 8, 8, 3]', w: '[3, 3, 3, 2]' },
        body: "globalThis.y = tf.depthwiseConv2d(x, w, 1, 'same');",
      }),
    ],
  },
  {
    rule: 'NL010',
    incorrect: [
      opPrograms({ tensors: { x: '[4, 6]' }, body: 'globalThis.y = <!>x.slice([2, 0], [3, 6]);' }),
      opPrograms({
        tensors: { x: '[4, 6]' },
        body: 'const start = 5;\nglobalThis.y = <!>tf.slice(x, [start, 0], [1, 1]);',
      }),
    ],
    correct: [
      opPrograms({ tensors: { x: '[4, 6]' }, body: 'globalThis.y = x.slice([2, 0], [2, 6]);' }),
      opPrograms({ tensors: { x: '[4, 6]' }, body: 'globalThis.y = [x.slice(1), tf.slice(x, [0, 3], [-1, -1])];' }),
    ],
  },
  {
    rule: 'NL011',
    incorrect: [
      opPrograms({ tensors: { x: '[7, 4]' }, body: 'globalThis.y = <!>tf.split(x, 2);' }),
      opPrograms({ tensors: { x: '[7, 4]' }, body: 'globalThis.y = <!>x.split([3, 3]);' }),
    ],
    correct: [
      opPrograms({ tensors: { x: '[8, 4]' }, body: 'globalThis.y = [tf.split(x, 2), tf.split(x, 2, 1)];' }),
      opPrograms({ tensors: { x: '[7, 4]' }, body: 'globalThis.y = [x.split([3, 4]), x.split([3, -1])];' }),
    ],
  },
  {
    rule: 'NL012',
    incorrect: [
      opPrograms({ tensors: {}, body: 'globalThis.y = <!>tf.tensor3d([1, 2, 3, 4], [1, 2, 3]);' }),
      opPrograms({
        tensors: {},
        body: 'const rows = 2;\nglobalThis.y = <!>tf.tensor2d(new Float32Array(5), [rows, 3]);',
      }),
    ],
    correct: [
      opPrograms({ tensors: {}, body: 'globalThis.y = tf.tensor3d([1, 2, 3, 4], [1, 2, 2]);' }),
      opPrograms({ tensors: {}, body: 'const rows = 2;\nglobalThis.y = tf.tensor2d(new Float32Array(6), [rows, 3]);' }),
    ],
  },
  {
    rule: 'NL013',
    incorrect: [
      ...['flatten()', 'conv2d({ filters: 2, kernelSize: 3 })', 'reLU()', 'lstm({ units: 4 })'].flatMap((first) => [
        asIs(`const net = tf.sequential();\n<!>net.add(tf.layers.${first});`, 'a.js'),
        asIs(
          `function build() {\n  return <!>tf.sequential({ layers: [tf.layers.${first}] });\n}\nexport const net = build();`,
        ),
      ]),
    ],
    correct: [
      ...['dense({ units: 3', 'conv2d({ filters: 2, kernelSize: 3', 'lstm({ units: 4', 'reLU({ maxValue: 6'].flatMap(
        (first, i) => {
          const shape = ['[4]', '[8, 8, 1]', '[5, 2]', '[3]'][i] ?? '[4]';
          return [
            asIs(`const net = tf.sequential();\nnet.add(tf.layers.${first}, inputShape: ${shape} }));`, 'a.js'),
            asIs(
              `const net = tf.sequential();\nnet.add(tf.layers.inputLayer({ inputShape: ${shape} }));\nnet.add(tf.layers.${first} }));`,
            ),
          ];
        },
      ),
      stackPrograms({ input: '[4]', layers: [dense] }),
    ],
  },
  {
    rule: 'NL014',
    incorrect: [stackPrograms({ input: '[null, 3]', layers: ['<!>tf.layers.flatten()', dense] })],
    correct: [stackPrograms({ input: '[null, 3]', layers: ['tf.layers.lstm({ units: 2 })', dense] })],
  },
  {
    rule: 'NL015',
    incorrect: [
      ...[
        'tf.model({ inputs: b, outputs: y })',
        'tf.model({ inputs: [b], outputs: [y] })',
        'tf.model({ inputs: b, outputs: [y] })',
        "tf.model({ inputs: [b], outputs: y, name: 'net' })",
        'tf.model({ inputs: tf.input({ shape: [4] }), outputs: y })',
        'tf.model({ inputs: b, outputs: tf.layers.reLU().apply(y) })',
        'tf.model({ inputs: [b, b], outputs: y })',
        'tf.model({ inputs: b, outputs: tf.layers.add().apply([a, b]) })',
      ].map((model) => asIs(graph(model), 'a.js')),
      asIs(
        "const x = tf.input({ shape: [4] });\nconst h = tf.layers.dense({ units: 4, name: 'same' }).apply(x);\nconst y = tf.layers.dense({ units: 4, name: 'same' }).apply(h);\nexport const model = <!>tf.model({ inputs: x, outputs: y });",
        'a.js',
      ),
      asIs(
        "const block = (x) => tf.layers.dense({ units: 4, name: 'block' }).apply(x);\nconst x = tf.input({ shape: [4] });\nexport const model = <!>tf.model({ inputs: x, outputs: block(block(x)) });",
        'a.js',
      ),
    ],
    correct: [
      ...[
        'tf.model({ inputs: a, outputs: y })',
        'tf.model({ inputs: [a], outputs: [y] })',
        'tf.model({ inputs: a, outputs: [y, layer.apply(a)] })',
        "tf.model({ inputs: [a], outputs: y, name: 'net' })",
        'tf.model({ inputs: b, outputs: layer.apply(b) })',
        'tf.model({ inputs: a, outputs: tf.layers.reLU().apply(y) })',
        'tf.model({ inputs: [a, b], outputs: tf.layers.add().apply([a, b]) })',
        'tf.model({ inputs: [b, a], outputs: tf.layers.concatenate().apply([y, b]) })',
      ].map((model) => asIs(clean(graph(model)), 'a.js')),
      stackPrograms({ input: '[4]', layers: [dense, dense] }),
    ],
  },
  {
    rule: 'NL016',
    incorrect: [
      stackPrograms({ input: '[4]', layers: ["<!>tf.layers.dense({ units: 4, activation: 'leakyrelu' })"] }),
      stackPrograms({ input: '[4]', layers: ["<!>tf.layers.dense({ units: 4, kernelInitializer: 'he_normal' })"] }),
      stackPrograms({
        input: '[8, 8, 3]',
        layers: ["<!>tf.layers.conv2d({ filters: 4, kernelSize: 3, padding: 'SAME' })"],
      }),
    ],
    correct: [
      stackPrograms({ input: '[4]', layers: ["tf.layers.dense({ units: 4, activation: 'relu6' })"] }),
      stackPrograms({
        input: '[8, 8, 3]',
        layers: ["tf.layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', kernelInitializer: 'heNormal' })"],
      }),
    ],
  },
  {
    rule: 'NL017',
    incorrect: ['add', 'multiply', 'average', 'concatenate', 'maximum'].flatMap((type) => [
      asIs(`const a = tf.input({ shape: [4] });\nexport const y = <!>tf.layers.${type}().apply([a]);`, 'a.js'),
      asIs(
        `const x = tf.input({ shape: [8, 4] });\nconst join = tf.layers.${type}();\nexport const y = <!>join.apply(x);`,
      ),
      asIs(
        `const tokens = tf.input({ shape: [6] });\nconst embed = () => tf.layers.embedding({ inputDim: 9, outputDim: 4 });\nconst positions = embed().apply(tf.range(0, 6, 1));\nexport const y = <!>tf.layers.${type}().apply([embed().apply(tokens), positions]);`,
        'a.js',
      ),
    ]),
    correct: ['add', 'multiply', 'average', 'concatenate', 'maximum'].flatMap((type) => [
      fits(`${type}()`, '[4]', '[4]'),
      asIs(
        `const inputs = [1, 2, 3].map(() => tf.input({ shape: [8, 4] }));\nexport const y = tf.layers.${type}().apply(inputs);`,
        'a.js',
      ),
      // A cast says nothing: what is declared to have values is symbolic here.
      asIs(
        `function join(x: tf.Tensor, skip: tf.SymbolicTensor) {\n  const y = tf.layers.dense({ units: 4 }).apply(x) as tf.Tensor;\n  return tf.layers.${type}().apply([y, skip] as tf.SymbolicTensor[]);\n}\nconst input = tf.input({ shape: [8, 4] });\nexport const y = join(input as unknown as tf.Tensor, input);`,
      ),
    ]),
  },
  {
    rule: 'NL018',
    incorrect: [],
    correct: [
      stackPrograms({
        input: '[8, 2]',
        layers: ['tf.layers.flatten()', 'tf.layers.dense({ units: 3 })'],
        after: `${COMPILE}\nawait model.fit(tf.ones([4, 8, 2]), tf.ones([4, 3]));\nmodel.evaluate(tf.ones([2, 8, 2]), tf.ones([2, 3]));`,
      }),
    ],
  },
  {
    rule: 'NL019',
    incorrect: [
      opPrograms({ tensors: { x: '[4, 3]' }, body: 'globalThis.y = <!>tf.logicalAnd(x, x);' }),
      opPrograms({ tensors: { x: '[4, 3]' }, body: 'globalThis.y = <!>tf.where(x, x, x);' }),
    ],
    correct: [
      opPrograms({ tensors: { x: '[4, 3]' }, body: 'globalThis.y = tf.logicalAnd(x.greater(0), x.less(1));' }),
      opPrograms({ tensors: { x: '[4, 3]' }, body: "globalThis.y = tf.gather(x, tf.tensor1d([0, 2], 'int32'));" }),
    ],
  },
  {
    rule: 'NL020',
    incorrect: [
      ...[
        '[tf.ones([3, 4]), tf.zeros([3])]',
        '[tf.ones([4, 3])]',
        '[tf.ones([4, 3]), tf.zeros([4])]',
        '[tf.ones([4, 3]), tf.zeros([3]), tf.zeros([3])]',
        '[tf.zeros([3]), tf.ones([4, 3])]',
        '[tf.ones([4, 3, 1]), tf.zeros([3])]',
        '[tf.variable(tf.ones([5, 3])), tf.zeros([3])]',
        '[tf.ones([4, 3]), tf.scalar(0)]',
        '[tf.ones([3, 4]).flatten(), tf.zeros([3])]',
      ].map((weights) => asIs(set(weights), 'a.js')),
      asIs(
        'const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });\n<!>model.setWeights([tf.ones([4, 3])]);',
      ),
    ],
    correct: [
      ...[
        '[tf.ones([4, 3]), tf.zeros([3])]',
        '[tf.ones([3, 4]).transpose(), tf.zeros([3])]',
        '[tf.variable(tf.ones([4, 3])), tf.zeros([3])]',
        '[tf.ones([12]).reshape([4, 3]), tf.zeros([3])]',
        '[...[tf.ones([4, 3])], tf.zeros([3])]',
        'layer.getWeights()',
        'layer.getWeights().map((w) => w.mul(0.5))',
        'layer.getWeights().map((w) => tf.zeros(w.shape))',
      ].map((weights) => asIs(clean(set(weights)), 'a.js')),
      asIs(
        'const bn = tf.layers.batchNormalization({ inputShape: [4] });\nconst model = tf.sequential({ layers: [bn] });\nbn.setWeights([tf.ones([4]), tf.zeros([4]), tf.zeros([4]), tf.ones([4])]);',
      ),
      asIs(
        'const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });\nmodel.setWeights([tf.ones([4, 3]), tf.zeros([3])]);',
      ),
    ],
  },
];
