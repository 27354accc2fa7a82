/** NL221: what trains before a recurrent layer over one time step, or before an op that gives one part, in the real TensorFlow.js. */
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { runInTfjs } from '../../tools/runInTfjs';

const PATH = '/work/series.js';
const THROWN = /^(Argument tensors passed to stack must be|Pass at least one tensor to concat)/;

async function judge(text: string): Promise<{ throws: boolean; said: readonly string[] }> {
  const run = await runInTfjs(text, { path: PATH });
  const message = run.error?.message ?? '';
  expect(run.error === undefined || THROWN.test(message), `${message}\n${text}`).toBe(true);
  const { findings } = createAnalyzer({ read: (path) => (path === PATH ? text : undefined) }).analyze(PATH);
  const said = findings.flatMap(({ ruleId, severity }) => (ruleId === 'NL221' ? [severity] : []));
  expect(
    findings.filter((f) => f.severity === 'error' && f.ruleId !== 'NL221').map((f) => `${f.ruleId} ${f.message}`),
    text,
  ).toEqual([]);
  return { throws: run.error !== undefined, said };
}

async function agree(text: string): Promise<boolean> {
  const { throws, said } = await judge(text);
  expect(said, text).toEqual(throws ? ['error'] : []);
  return throws;
}

const HEAD = `import * as tf from '@tensorflow/tfjs';\n`;

/** Layers that go along time; `$` is where further options stand. */
const LAYERS = [
  'lstm({ units: 2$ })',
  'gru({ units: 2$ })',
  'simpleRNN({ units: 2$ })',
  'simpleRNN({ units: 2, unroll: true$ })',
  'lstm({ units: 2, returnSequences: true$ })',
  'gru({ units: 2, goBackwards: true$ })',
  'lstm({ units: 2, dropout: 0.3, recurrentDropout: 0.3$ })',
  'rnn({ cell: tf.layers.lstmCell({ units: 2 })$ })',
  'rnn({ cell: [tf.layers.gruCell({ units: 2 }), tf.layers.simpleRNNCell({ units: 3 })]$ })',
  'bidirectional({ layer: tf.layers.gru({ units: 2 }), mergeMode: "concat"$ })',
  'timeDistributed({ layer: tf.layers.dense({ units: 2 })$ })',
  'timeDistributed({ layer: tf.layers.flatten()$ })',
  'conv1d({ filters: 2, kernelSize: 1$ })',
  'layerNormalization({ epsilon: 1e-3$ })',
  'flatten({ name: "flat"$ })',
];

/** What stands before it, over $ time steps and 3 features. */
const BEFORE = [
  '',
  'dense({ units: 3, inputShape: [$, 3] })',
  'dense({ units: 3, inputShape: [$, 3], trainable: false })',
  'embedding({ inputDim: 9, outputDim: 3, inputLength: $ })',
  'activation({ activation: "relu", inputShape: [$, 3] })',
  'batchNormalization({ inputShape: [$, 3] })',
  'layerNormalization({ inputShape: [$, 3] })',
  'dropout({ rate: 0.3, inputShape: [$, 3] })',
  'lstm({ units: 3, returnSequences: true, inputShape: [$, 3] })',
  'prelu({ inputShape: [$, 3] })',
];

const fitted = (build: string, input = 'model.inputs[0].shape', after = ''): string => `${HEAD}${build}
const sizes = (shape) => shape.map((size) => size ?? 4);
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
${after}
export const done = model.fit(tf.ones(sizes(${input})), tf.ones(sizes(model.outputs[0].shape)), { epochs: 1 });
`;

describe.each([1, 2])('over %i time steps in fit', (steps) => {
  test.each(BEFORE)('behind %s: NL221 says what throws, for each layer along time', async (before) => {
    let thrown = 0;
    for (const layer of LAYERS) {
      const first = before === '';
      const own = layer.replace('$', first ? `, inputShape: [${steps}, 3]` : '');
      const lead = first ? '' : `model.add(tf.layers.${before.replace('$', String(steps))});\n`;
      const build = `const model = tf.sequential();\n${lead}model.add(tf.layers.${own});\nmodel.add(tf.layers.dense({ units: 2 }));`;
      if (await agree(fitted(build))) thrown += 1;
    }
    const weights = before !== '' && !/trainable: false|activation|dropout/.test(before);
    // All but conv1d, layer norm and flatten. Where the first layer is recurrent, its own input needs no gradient.
    expect(thrown).toBe(steps === 1 && weights ? LAYERS.length - 3 : 0);
  });
});

const FUNCTIONAL: readonly (readonly [string, string])[] = [
  [
    'a repeated vector',
    'const a = tf.input({ shape: [3] });\nconst h = tf.layers.repeatVector({ n: 1 }).apply(tf.layers.dense({ units: 3 }).apply(a));\nconst model = tf.model({ inputs: a, outputs: tf.layers.lstm({ units: 2 }).apply(h) });',
  ],
  [
    'a state that trains, and an input that does not',
    'const a = tf.input({ shape: [1, 3] });\nconst h = tf.layers.dense({ units: 2 }).apply(tf.layers.flatten().apply(a));\nconst model = tf.model({ inputs: a, outputs: tf.layers.gru({ units: 2 }).apply(a, { initialState: [h] }) });',
  ],
  [
    'a branch beside it that trains',
    'const a = tf.input({ shape: [1, 3] });\nconst b = tf.layers.dense({ units: 2 }).apply(tf.layers.flatten().apply(a));\nconst model = tf.model({ inputs: a, outputs: tf.layers.add().apply([b, tf.layers.gru({ units: 2 }).apply(a)]) });',
  ],
  [
    'a sum of what trains and what does not',
    'const a = tf.input({ shape: [1, 3] });\nconst b = tf.layers.add().apply([a, tf.layers.dense({ units: 3 }).apply(a)]);\nconst model = tf.model({ inputs: a, outputs: tf.layers.gru({ units: 2 }).apply(b) });',
  ],
  [
    'a model inside, with the recurrent layer first in it',
    'const inner = tf.sequential({ layers: [tf.layers.lstm({ units: 2, inputShape: [1, 3] })] });\nconst model = tf.sequential();\nmodel.add(tf.layers.dense({ units: 3, inputShape: [1, 3] }));\nmodel.add(inner);',
  ],
  [
    'a model inside that trains, before it',
    'const inner = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [1, 3] })] });\nconst model = tf.sequential();\nmodel.add(inner);\nmodel.add(tf.layers.simpleRNN({ units: 2 }));',
  ],
  [
    'a layer frozen after it was added',
    'const model = tf.sequential();\nmodel.add(tf.layers.dense({ units: 3, inputShape: [1, 3] }));\nmodel.add(tf.layers.lstm({ units: 2 }));\nmodel.layers[0].trainable = false;',
  ],
  [
    'a frozen recurrent layer behind what trains',
    'const model = tf.sequential();\nmodel.add(tf.layers.dense({ units: 3, inputShape: [1, 3] }));\nmodel.add(tf.layers.lstm({ units: 2, trainable: false }));',
  ],
  [
    'convLstm2d',
    'const model = tf.sequential();\nmodel.add(tf.layers.dense({ units: 2, inputShape: [1, 5, 5, 3] }));\nmodel.add(tf.layers.convLstm2d({ filters: 2, kernelSize: 2 }));',
  ],
  [
    'masked steps',
    'const model = tf.sequential();\nmodel.add(tf.layers.embedding({ inputDim: 5, outputDim: 3, inputLength: 1, maskZero: true }));\nmodel.add(tf.layers.gru({ units: 2 }));',
  ],
];

describe('in graphs', () => {
  test('a model inside that is frozen: tfjs thaws it as it builds the outer one and throws; NL221 takes it at its word', async () => {
    const { throws, said } = await judge(
      fitted(
        'const inner = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [1, 3] })] });\ninner.trainable = false;\nconst model = tf.sequential();\nmodel.add(inner);\nmodel.add(tf.layers.simpleRNN({ units: 2 }));',
      ),
    );
    expect([throws, said]).toEqual([true, []]);
  });

  test.each(FUNCTIONAL)('%s: NL221 says what throws', async (_, build) => {
    await agree(fitted(build));
  });

  test.each([
    ['trainOnBatch', 'model.trainOnBatch(tf.ones([4, 1, 3]), tf.ones([4, 2]))', true],
    [
      'fitDataset',
      'model.fitDataset(tf.data.array([{ xs: [[1, 2, 3]], ys: [1, 2] }, { xs: [[1, 2, 3]], ys: [1, 2] }]).batch(2), { epochs: 1 })',
      true,
    ],
    ['predict', 'model.predict(tf.ones([4, 1, 3]))', false],
    ['evaluate', 'model.evaluate(tf.ones([4, 1, 3]), tf.ones([4, 2]))', false],
  ])('%s', async (_, run, throws) => {
    const text = `${HEAD}const model = tf.sequential();
model.add(tf.layers.dense({ units: 3, inputShape: [1, 3] }));
model.add(tf.layers.lstm({ units: 2 }));
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
export const done = ${run};
`;
    expect(await agree(text)).toBe(throws);
  });
});

const SETUP = `const w = tf.variable(tf.ones([1, 3]));
const fixed = tf.ones([1, 3]);
const x = tf.ones([4, 1, 3]);
const dense = tf.layers.dense({ units: 3 });
const lstm = tf.layers.lstm({ units: 2 });
const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [1, 3] }), tf.layers.gru({ units: 2 })] });
const plain = tf.sequential({ layers: [tf.layers.gru({ units: 2, inputShape: [1, 3] })] });
const optimizer = tf.train.sgd(0.1);
lstm.apply(dense.apply(x));
`;

const REGIONS: readonly (readonly [string, boolean])[] = [
  ['tf.variableGrads(() => tf.unstack(w)[0].sum())', true],
  ['tf.variableGrads(() => w.unstack()[0].sum())', true],
  ['tf.variableGrads(() => w.mul(2).unstack(0)[0].sum())', true],
  ['tf.variableGrads(() => tf.unstack(w, 1)[0].sum())', false],
  ['tf.variableGrads(() => tf.unstack(fixed)[0].mul(w).sum())', false],
  ['tf.variableGrads(() => { tf.unstack(w); return w.sum(); })', false],
  ['tf.variableGrads(() => tf.split(w, 1)[0].sum())', true],
  ['tf.variableGrads(() => tf.split(w, [3], 1)[0].sum())', true],
  ['tf.variableGrads(() => tf.split(w, 3, 1)[0].sum())', false],
  ['tf.variableGrads(() => tf.split(w, [1, 2], 1)[1].sum())', false],
  ['tf.variableGrads(() => w.squeeze([0]).sum())', false],
  ['tf.variableGrads(() => tf.stack([w]).sum())', false],
  ['tf.variableGrads(() => tf.concat([w]).sum())', false],
  ['optimizer.minimize(() => tf.tidy(() => w.unstack()[0].square().mean()))', true],
  ['for (let i = 0; i < 2; i += 1) optimizer.minimize(() => w.unstack()[0].square().mean())', true],
  ['tf.grad((v) => tf.unstack(v)[0].sum())(fixed)', true],
  ['tf.grad((v) => tf.unstack(fixed)[0].mul(v).sum())(tf.ones([3]))', false],
  ['tf.grads((a, b) => tf.unstack(b)[0].mul(a).sum())([fixed, w])', true],
  ['tf.valueAndGrad((v) => v.unstack()[0].sum())(fixed)', true],
  ['tf.grad((v) => tf.unstack(v.reshape([3]))[0].sum())(fixed)', false],
  ['tf.variableGrads(() => model.apply(x).sum())', true],
  ['optimizer.minimize(() => model.apply(x, { training: true }).sum())', true],
  ['tf.variableGrads(() => model.predict(x).sum())', true],
  ['tf.variableGrads(() => plain.apply(x).sum())', false],
  ['tf.variableGrads(() => plain.apply(x.mul(w)).sum())', true],
  ['tf.grad((v) => plain.apply(v).sum())(x)', true],
  ['tf.variableGrads(() => lstm.apply(x).sum())', false],
  ['const fresh = tf.layers.dense({ units: 3 }); tf.variableGrads(() => lstm.apply(fresh.apply(x)).sum())', false],
  ['tf.variableGrads(() => lstm.apply(dense.apply(x)).sum())', true],
  ['const before = dense.apply(x); tf.variableGrads(() => lstm.apply(before).sum())', false],
];

describe('in gradients by hand', () => {
  test.each(REGIONS)('%s', async (code, throws) => {
    expect(await agree(`${HEAD}${SETUP}${code};\n`)).toBe(throws);
  });
});
