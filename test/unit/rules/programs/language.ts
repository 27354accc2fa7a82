/** Programs for the rules that look at what JavaScript makes of tensors, promises and options. */
import { asIs, opPrograms, stackPrograms } from '../idioms';
import { type Cases, COMPILE } from './cases';

const X = { x: '[8, 4]' };
const XY = { x: '[8, 4]', y: '[8, 4]' };

/** Statements that use an operator of the language on tensors, and those that use the op. */
const OPERATORS: readonly (readonly [string, string])[] = [
  ['const scaled = 0.1 * x;', 'const scaled = x.mul(0.1);'],
  ['const sum = x + y;', 'const sum = x.add(y);'],
  ['let total = x;\ntotal -= y;', 'let total = x;\ntotal = total.sub(y);'],
  ['const inverted = 1 - x;', 'const inverted = tf.sub(1, x);'],
  ['const opposite = -x;', 'const opposite = x.neg();'],
  ['const root = Math.sqrt(x);', 'const root = tf.sqrt(x.abs());'],
  ['const isLarge = x > 0.5;', 'const isLarge = x.greater(0.5);'],
  ['if (x.equal(y)) throw new Error("equal");', 'if (x.equal(y).all().dataSync()[0]) throw new Error("equal");'],
  ['const same = x.argMax(1) === y.argMax(1);', 'const same = x.argMax(1).equal(y.argMax(1));'],
  [
    'if (x.shape !== y.shape) console.log("other");',
    'if (x.shape.some((n, i) => n !== y.shape[i])) console.log("other");',
  ],
];

/** Code that means the object, the text, or numbers that were read. */
const MEANT = [
  // The condition is whether the mask is wanted.
  'const wanted: number = Math.random();\nexport const z = x.mul(wanted && x.greater(0) || 1);',
  'console.log("x is " + x);',
  'const same = x === y;',
  'const isThere = x !== undefined && x != null;',
  'const half = x.dataSync()[0] / 2;',
  'const elements = x.size * 2 + x.rank - x.shape[0];',
  'const first = x || y;',
  'if (x) x.print();',
  'const own = x.shape === x.shape;',
  'const text = `${x} and ${y}`;',
  'const product = (value: number | tf.Tensor) => (typeof value === "number" ? value * 2 : value.mul(2));\nproduct(x);',
];

/** Statements that read a tensor like a list, and those that do not. */
const LISTS: readonly (readonly [string, string])[] = [
  ['const first = x[0];', 'const first = x.gather([0]);'],
  ['const last = x.length - 1;', 'const last = x.shape[0] - 1;'],
  ['try {\n  x.forEach((row) => row);\n} catch {}', 'for (const row of x.unstack()) row.print();'],
  ['try {\n  const numbers = [...x];\n} catch {}', 'const numbers = [...x.dataSync()];'],
  ['try {\n  for (const row of x) row;\n} catch {}', 'for (const row of x.arraySync()) row;'],
  ['try {\n  const [a, b] = x;\n} catch {}', 'const [a, b] = x.split(2);'],
  ['for (let i = 0; i < x.length; i++) console.log(i);', 'for (let i = 0; i < x.shape[0]; i++) i;'],
  ['const list = Array.from(x);', 'const list = Array.from(x.dataSync());'],
];

/** Each optimizer given an object. */
const OPTIMIZERS: readonly (readonly [string, string])[] = [
  ['adam({ learningRate: 0.001 })', 'adam(0.001)'],
  ['sgd({ learningRate: 0.1 })', 'sgd(0.1)'],
  ['adamax({ learningRate: 0.1, beta1: 0.8 })', 'adamax(0.1, 0.8)'],
  ['adadelta({ learningRate: 0.1, rho: 0.9 })', 'adadelta(0.1, 0.9)'],
  ['adagrad({ learningRate: 0.1 })', 'adagrad(0.1)'],
  ['rmsprop({ learningRate: 0.1, decay: 0.9 })', 'rmsprop(0.1, 0.9)'],
  ['momentum({ learningRate: 0.1, momentum: 0.9 })', 'momentum(0.1, 0.9)'],
  ['adam({ lr: 0.001, beta2: 0.99 })', 'adam(0.001, undefined, 0.99)'],
  ['sgd()', "sgd(Number('0.1'))"],
  ['rmsprop()', 'adam()'],
];

const NET = 'const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });';
const DATA = 'const x = tf.ones([8, 4]);\nconst y = tf.ones([8, 1]);';

/** What stands after `model.compile` in an async function. */
const fitting = (body: string): ReturnType<typeof asIs> =>
  asIs(`${NET}\n${DATA}\n${COMPILE}\nasync function main() {\n${body.replace(/^/gm, '  ')}\n}\nmain();`);

const NEXT = [
  'model.predict(x).print();',
  'model.evaluate(x, y).print();',
  'const prediction = model.predict(x);\nprediction.print();',
  'console.log("trained");\nmodel.predictOnBatch(x);',
  'if (model.predict(x).dataSync()[0] > 1) console.log("one");',
];

const softmax = (layer: string): string => layer.replace('ACTIVATION', "'softmax'");

export const languageCases: readonly Cases[] = [
  {
    rule: 'NL124',
    incorrect: [
      ...OPERATORS.map(([wrong]) => opPrograms({ tensors: XY, body: wrong })),
      asIs(
        'export class Agent {\n  constructor(options) {\n    this.options = options;\n  }\n  logits(policy, states) {\n    const probabilities = tf.softmax(policy.predict(states));\n    return tf.log(<!>probabilities + 1e-8);\n  }\n}',
        'a.js',
      ),
    ],
    correct: [
      ...OPERATORS.map(([, right]) => opPrograms({ tensors: XY, body: right })),
      ...MEANT.map((body) => asIs(`const x = tf.randomNormal([8, 4]);\nconst y = tf.randomNormal([8, 4]);\n${body}`)),
    ],
  },
  {
    rule: 'NL125',
    incorrect: [
      ...OPTIMIZERS.map(([wrong]) => asIs(`export const optimizer = <!>tf.train.${wrong};`)),
      asIs(
        `const { train } = tf;\nconst options = { learningRate: 0.1 };\nexport const make = () => <!>train.adam(options);`,
      ),
    ],
    correct: [
      ...OPTIMIZERS.map(([, right]) => asIs(`export const optimizer = tf.train.${right};`)),
      asIs('export const make = (rate) => tf.train.adam(rate);', 'a.js'),
      asIs('const options = { learningRate: 0.1 };\nexport const optimizer = tf.train.adam(options.learningRate);'),
    ],
  },
  {
    rule: 'NL126',
    incorrect: [
      ...LISTS.map(([wrong]) => opPrograms({ tensors: X, body: wrong })),
      stackPrograms({
        input: '[4]',
        layers: ['tf.layers.dense({ units: 2 })'],
        after: 'const first = <!>model.predict(tf.ones([1, 4]))[0];',
      }),
    ],
    correct: [
      ...LISTS.map(([, right]) => opPrograms({ tensors: X, body: right })),
      ...[
        'if (x.length === undefined) x.print();',
        'const many = Array.isArray(x) ? x : [x];',
        'const n = x.length ? x.length : 1;',
        'const all = (list: tf.Tensor | tf.Tensor[]) => (Array.isArray(list) ? list.map((t) => t.rank) : list.rank);\nall(x);',
      ].map((body) => asIs(`const x = tf.randomNormal([8, 4]);\n${body}`)),
    ],
  },
  {
    rule: 'NL222',
    incorrect: [
      ...NEXT.flatMap((next) => [
        fitting(`<!>model.fit(x, y, { epochs: 2 });\n${next}`),
        fitting(`const epochs = 2;\n<!>model.fit(x, y, { epochs })\n${next}`),
      ]),
      asIs(`${NET}\n${DATA}\n${COMPILE}\n<!>model.fit(x, y);\nmodel.predict(x).print();`),
    ],
    correct: [
      ...NEXT.flatMap((next) => [
        fitting(`await model.fit(x, y, { epochs: 2 });\n${next}`),
        fitting(`model.fit(x, y, { epochs: 2 }).then(() => {\n${next}\n});`),
      ]),
      fitting('const training = model.fit(x, y);\nmodel.predict(x).print();\nawait training;'),
      fitting('model.fit(x, y);'),
      fitting('model.fit(x, y);\nawait new Promise((done) => setTimeout(done, 1000));\nmodel.predict(x).print();'),
      fitting('model.predict(x).print();\nreturn model.fit(x, y);'),
    ],
  },
  {
    rule: 'NL223',
    incorrect: [
      stackPrograms({
        input: '[4]',
        layers: ['tf.layers.dense({ units: 8 })', softmax('<!>tf.layers.dense({ units: 1, activation: ACTIVATION })')],
      }),
      stackPrograms({
        input: '[6, 4]',
        layers: ['tf.layers.dense({ units: 1 })', '<!>tf.layers.softmax({ axis: -1 })'],
      }),
      stackPrograms({
        input: '[6, 6, 3]',
        layers: [softmax('<!>tf.layers.conv2d({ filters: 1, kernelSize: 1, activation: ACTIVATION })')],
      }),
      stackPrograms({
        input: '[6, 4]',
        layers: ['tf.layers.dense({ units: 1 })', softmax('<!>tf.layers.activation({ activation: ACTIVATION })')],
      }),
      asIs(
        `${NET}\nmodel.compile({ optimizer: 'sgd', <!>loss: 'categoricalCrossentropy' });\nmodel.fit(tf.ones([8, 4]), tf.ones([8, 1])).catch(() => {});`,
      ),
    ],
    correct: [
      stackPrograms({ input: '[4]', layers: ["tf.layers.dense({ units: 2, activation: 'softmax' })"] }),
      stackPrograms({ input: '[4]', layers: ["tf.layers.dense({ units: 1, activation: 'sigmoid' })"] }),
      stackPrograms({
        input: '[6, 4]',
        layers: ['tf.layers.dense({ units: 1 })', 'tf.layers.softmax()'],
      }),
      asIs(
        `const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, activation: 'softmax', inputShape: [4] })] });\nmodel.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });`,
      ),
    ],
  },
  {
    rule: 'NL224',
    incorrect: [
      stackPrograms({
        input: '[4]',
        layers: ['tf.layers.dense({ units: 1 })'],
        after: "model.compile({ optimizer: 'adam', <!>loss: 'binaryCrossentropy' });",
      }),
      stackPrograms({
        input: '[4]',
        layers: ["tf.layers.dense({ units: 3, activation: 'relu' })"],
        after: "model.compile({\n  optimizer: 'adam',\n  <!>loss: 'categoricalCrossentropy',\n});",
      }),
    ],
    correct: [
      stackPrograms({
        input: '[4]',
        layers: ["tf.layers.dense({ units: 1, activation: 'sigmoid' })"],
        after: "model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });",
      }),
      stackPrograms({
        input: '[4]',
        layers: ['tf.layers.dense({ units: 3 })', 'tf.layers.softmax()'],
        after: "model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });",
      }),
      stackPrograms({
        input: '[4]',
        layers: ['tf.layers.dense({ units: 1 })'],
        after: "model.compile({ optimizer: 'adam', loss: tf.losses.sigmoidCrossEntropy });",
      }),
      asIs(
        `${NET}\nmodel.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });\nconst whole = tf.sequential({ layers: [model, tf.layers.activation({ activation: 'sigmoid' })] });\nwhole.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });\nwhole.fit(tf.ones([8, 4]), tf.ones([8, 1]));`,
      ),
    ],
  },
  {
    rule: 'NL225',
    incorrect: [
      stackPrograms({
        input: '[4]',
        layers: ["tf.layers.dense({ units: 3, activation: 'softmax' })"],
        after: "model.compile({ optimizer: 'adam', <!>loss: tf.losses.softmaxCrossEntropy });",
      }),
      stackPrograms({
        input: '[4]',
        layers: ['tf.layers.dense({ units: 1 })', "tf.layers.activation({ activation: 'sigmoid' })"],
        after: "model.compile({ optimizer: 'adam', <!>loss: tf.losses.sigmoidCrossEntropy });",
      }),
      asIs(
        `const net = tf.sequential({ layers: [tf.layers.dense({ units: 3, activation: 'softmax', inputShape: [4] })] });\nconst y = tf.oneHot(tf.tensor1d([0, 1], 'int32'), 3);\nconst loss = () => <!>tf.losses.softmaxCrossEntropy(y, net.apply(tf.ones([2, 4])));\ntf.variableGrads(loss);`,
      ),
      asIs(
        `const logits = tf.ones([2, 3]);\nconst y = tf.ones([2, 3]);\nconst loss = <!>tf.losses.softmaxCrossEntropy(y, tf.softmax(logits));\nloss.print();`,
      ),
      asIs(
        `const logits = tf.ones([2, 1]);\nconst y = tf.ones([2]);\nconst p = logits.sigmoid().squeeze([1]);\nconst loss = <!>tf.losses.sigmoidCrossEntropy(y, p);\nloss.print();`,
      ),
    ],
    correct: [
      stackPrograms({
        input: '[4]',
        layers: ['tf.layers.dense({ units: 3 })'],
        after: "model.compile({ optimizer: 'adam', loss: tf.losses.softmaxCrossEntropy });",
      }),
      stackPrograms({
        input: '[4]',
        layers: ["tf.layers.dense({ units: 3, activation: 'softmax' })"],
        after: "model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy' });",
      }),
      asIs(
        `const logits = tf.ones([2, 3]);\nconst y = tf.softmax(tf.ones([2, 3]));\nconst loss = tf.losses.softmaxCrossEntropy(y, logits);\nloss.print();`,
      ),
      asIs(
        `const p = tf.softmax(tf.ones([2, 3]));\nconst loss = tf.losses.softmaxCrossEntropy(tf.ones([2, 3]), p.log());\nloss.print();`,
      ),
    ],
  },
];
