/** Programs for the rules that look at layers and their options. */
import { asIs, stackPrograms } from '../idioms';
import { type Cases, COMPILE, fitted } from './cases';

const image = { input: '[28, 28, 8]' };
const head = ['tf.layers.flatten()', 'tf.layers.dense({ units: 1 })'];
const fitImage = fitted('28, 28, 8', '1');
const fitRow = fitted('16', '1');
const bn = (options = ''): string => `<!>tf.layers.batchNormalization(${options})`;
const ln = (options = ''): string => `<!>tf.layers.layerNormalization(${options})`;
const conv = (options = ''): string => `tf.layers.conv2d({ filters: 8, kernelSize: 3${options} })`;

export const layerCases: readonly Cases[] = [
  {
    // What tf.model lets pass: two negative sizes make a positive number of elements.
    rule: 'NL008',
    incorrect: [
      asIs(
        'const x = tf.input({ shape: [4, 4, 1] });\nexport const y = <!>tf.layers.conv2d({ filters: 8, kernelSize: 6 }).apply(x);',
        'a.js',
      ),
      asIs(
        "const x = tf.input({ shape: [5, 5, 1] });\nconst h = <!>tf.layers.conv2d({ filters: 8, kernelSize: [7, 7], padding: 'valid' }).apply(x);\nexport const model = tf.model({ inputs: x, outputs: tf.layers.reLU().apply(h) });",
        'a.js',
      ),
      asIs(
        'let x: tf.SymbolicTensor = tf.input({ shape: [3, 3, 1] });\nfor (const kernelSize of [6]) x = <!>tf.layers.conv2d({ filters: 8, kernelSize }).apply(x) as tf.SymbolicTensor;',
      ),
    ],
    correct: [],
  },
  {
    rule: 'NL101',
    incorrect: [
      stackPrograms({ ...image, layers: [conv(), bn('{ axis: 1 }'), ...head], after: fitImage }),
      stackPrograms({ ...image, layers: [conv(), bn('{ axis: -2, momentum: 0.9 }'), ...head] }),
      stackPrograms({ input: '[20, 6]', layers: [bn('{ axis: 1 }'), ...head], after: fitted('20, 6', '1') }),
      stackPrograms({
        ...image,
        layers: [conv(), bn('{ axis: 1 }')],
        after: 'model.predict(tf.zeros([1, 28, 28, 8]));',
      }),
    ],
    correct: [
      stackPrograms({ ...image, layers: [conv(), bn('{ axis: 3 }'), ...head], after: fitImage }),
      stackPrograms({ ...image, layers: [conv(), bn(), ...head], after: fitImage }),
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.dense({ units: 4 })', bn('{ axis: 1 }'), 'tf.layers.dense({ units: 1 })'],
        after: fitRow,
      }),
      stackPrograms({ ...image, layers: [conv(), ln('{ axis: [1, 2, 3] }'), ...head], after: fitImage }),
    ],
  },
  {
    rule: 'NL102',
    incorrect: [
      stackPrograms({ input: '[8, 28, 28]', layers: [conv(", dataFormat: 'channelsFirst'"), bn(), ...head] }),
      stackPrograms({
        input: '[3, 32, 32]',
        layers: [
          conv(", dataFormat: 'channelsFirst'"),
          "tf.layers.activation({ activation: 'relu' })",
          bn('{ momentum: 0.9 }'),
          ...head,
        ],
      }),
      stackPrograms({
        input: '[3, 32, 32]',
        layers: [conv(", dataFormat: 'channelsFirst', padding: 'same'"), ln(), ...head],
      }),
    ],
    correct: [
      stackPrograms({ ...image, layers: [conv(), bn(), ...head] }),
      stackPrograms({
        input: '[8, 28, 28]',
        layers: [conv(", dataFormat: 'channelsFirst'"), 'tf.layers.permute({ dims: [2, 3, 1] })', bn(), ...head],
      }),
      stackPrograms({
        input: '[8, 28, 28]',
        layers: [conv(", dataFormat: 'channelsFirst'"), ...head.slice(0, 1), bn(), 'tf.layers.dense({ units: 1 })'],
      }),
    ],
  },
  {
    rule: 'NL103',
    incorrect: [
      stackPrograms({ input: '[16]', layers: [bn('{ axis: 0 }'), 'tf.layers.dense({ units: 1 })'] }),
      stackPrograms({ ...image, layers: [conv(), bn('{ axis: -4 }'), ...head] }),
      stackPrograms({ input: '[12, 6]', layers: [ln('{ axis: [0, 2] }'), ...head] }),
      stackPrograms({ input: '[null, 6]', layers: [ln('{ axis: [1, 2] }'), 'tf.layers.dense({ units: 1 })'] }),
    ],
    correct: [
      stackPrograms({ input: '[16]', layers: [bn('{ axis: 1 }'), 'tf.layers.dense({ units: 1 })'] }),
      stackPrograms({ input: '[12, 6]', layers: [ln('{ axis: [1, 2] }'), ...head] }),
      stackPrograms({ input: '[null, 6]', layers: [ln(), 'tf.layers.dense({ units: 1 })'] }),
      asIs(
        'const tokens = tf.ones([12, 6]);\nexport const y = tf.layers.layerNormalization({ axis: 0 }).apply(tokens);',
      ),
    ],
  },
  {
    rule: 'NL104',
    incorrect: [
      stackPrograms({ ...image, layers: [conv(), bn('{ scale: false }'), ...head], after: fitImage }),
      stackPrograms({
        input: '[16]',
        layers: [
          'tf.layers.dense({ units: 4 })',
          bn('{ center: false, momentum: 0.9 }'),
          'tf.layers.dense({ units: 1 })',
        ],
        after: fitRow,
      }),
      stackPrograms({
        input: '[16]',
        layers: [ln('{ axis: -1, scale: false }'), 'tf.layers.dense({ units: 1 })'],
        after: `${COMPILE}\nawait model.trainOnBatch(tf.ones([8, 16]), tf.ones([8, 1]));`,
      }),
    ],
    correct: [
      stackPrograms({ ...image, layers: [conv(), bn('{ scale: true, center: true }'), ...head], after: fitImage }),
      stackPrograms({ ...image, layers: [conv(), bn(), ...head], after: fitImage }),
    ],
  },
  {
    rule: 'NL105',
    incorrect: [
      stackPrograms({
        input: '[4, 8, 8, 3]',
        layers: ['tf.layers.conv3d({ filters: 4, kernelSize: 1 })', bn(), ...head],
      }),
      stackPrograms({ input: '[4, 8, 8, 3]', layers: [ln(), ...head], after: fitted('4, 8, 8, 3', '1') }),
    ],
    correct: [
      stackPrograms({
        input: '[4, 8, 8, 3]',
        layers: ['tf.layers.reshape({ targetShape: [32, 8, 3] })', bn(), ...head],
      }),
      stackPrograms({ ...image, layers: [bn(), ...head] }),
      stackPrograms({ input: '[4, 8]', layers: [ln(), ...head] }),
    ],
  },
  {
    rule: 'NL116',
    incorrect: [
      stackPrograms({ input: '[16]', layers: [bn('{ eps: 1e-5 }')] }),
      stackPrograms({ input: '[16]', layers: [bn('{ num_features: 64, momentum: 0.9 }')] }),
      stackPrograms({ input: '[16]', layers: [bn('{ momentum: 1.5 }')] }),
      stackPrograms({ input: '[16]', layers: [ln('{ elementwiseAffine: false }')] }),
      stackPrograms({ input: '[16]', layers: [ln('{ epsilon: -1e-3 }')] }),
      stackPrograms({ input: '[16]', layers: [bn('{ gamma_initializer: "zeros" }')] }),
    ],
    correct: [
      stackPrograms({
        input: '[16]',
        layers: [
          bn(
            "{ axis: -1, momentum: 0.9, epsilon: 1e-5, center: true, scale: true, name: 'norm', trainable: true, gammaInitializer: 'ones' }",
          ),
        ],
      }),
      stackPrograms({ input: '[16]', layers: [ln("{ axis: [1], epsilon: 1e-6, betaInitializer: 'zeros' }")] }),
    ],
  },
  {
    rule: 'NL127',
    incorrect: [
      stackPrograms({ input: '[16]', layers: ["<!>tf.layers.dense({ units: 8, activataion: 'relu' })"] }),
      stackPrograms({
        input: '[8, 8, 4]',
        layers: ['<!>tf.layers.conv2d({ filters: 4, kernelSize: 3, groups: 2 })'],
      }),
      stackPrograms({ input: '[8, 8, 4]', layers: ['<!>tf.layers.maxPooling2d({ poolSize: 2, stride: 1 })'] }),
      stackPrograms({ input: '[16]', layers: ["<!>tf.layers.dense({ units: 8, kernel_initializer: 'zeros' })"] }),
    ],
    correct: [
      stackPrograms({
        input: '[8, 8, 4]',
        layers: [
          "tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 1, padding: 'same', activation: 'relu', useBias: true, name: 'c', trainable: false, dilationRate: 1, kernelInitializer: 'zeros' })",
          'tf.layers.flatten()',
          'tf.layers.dense({ ...options })',
        ],
        before: "const options = { units: 3, activation: 'relu' };",
      }),
      stackPrograms({
        input: '[6, 4]',
        layers: [
          "tf.layers.lstm({ units: 8, returnSequences: true, recurrentActivation: 'sigmoid', unitForgetBias: true, dropout: 0.1 })",
          "tf.layers.averagePooling1d({ poolSize: 2, strides: 2, padding: 'valid' })",
          'tf.layers.reshape({ targetShape: [24] })',
        ],
      }),
    ],
  },
  {
    rule: 'NL117',
    incorrect: [
      stackPrograms({ input: '[16]', layers: ['tf.layers.dense({ units: 8 })', bn('-1')] }),
      stackPrograms({ input: '[16]', layers: ['<!>tf.layers.dropout(0.2)'] }),
      stackPrograms({ input: '[16, 4]', layers: [ln('[1, 2]')] }),
    ],
    correct: [
      stackPrograms({ input: '[16]', layers: ['tf.layers.dropout({ rate: 0.2 })', bn('{}'), ln()] }),
      stackPrograms({ input: '[16]', layers: ['tf.layers.dense(options)'], before: 'const options = { units: 3 };' }),
    ],
  },
  {
    rule: 'NL202',
    incorrect: [
      stackPrograms({ input: '[16]', layers: [bn('{ momentum: 0.1 }')] }),
      stackPrograms({
        ...image,
        layers: [conv(), bn('{ axis: -1, momentum: BN_MOMENTUM }')],
        before: 'const BN_MOMENTUM = 0.03;',
      }),
      stackPrograms({ input: '[16]', layers: [bn('{ momentum: 0.5 }')] }),
    ],
    correct: [
      stackPrograms({ input: '[16]', layers: [bn('{ momentum: 0.9 }'), 'tf.layers.dense({ units: 2 })', bn()] }),
      stackPrograms({ input: '[16]', layers: [bn('{ momentum: 1 - TORCH }')], before: 'const TORCH = 0.1;' }),
    ],
  },
  {
    rule: 'NL207',
    incorrect: [
      stackPrograms({
        input: '[16]',
        layers: [
          "tf.layers.dense({ units: 8, activation: 'relu' })",
          'tf.layers.dropout({ rate: 0.5 })',
          '<!>tf.layers.batchNormalization()',
        ],
      }),
      stackPrograms({
        input: '[16]',
        layers: [
          'tf.layers.dropout({ rate: 0.4 })',
          'tf.layers.dense({ units: 8 })',
          '<!>tf.layers.batchNormalization()',
          'tf.layers.dense({ units: 1 })',
        ],
      }),
    ],
    correct: [
      stackPrograms({
        input: '[16]',
        layers: [
          'tf.layers.dense({ units: 8, useBias: false })',
          'tf.layers.batchNormalization()',
          'tf.layers.dropout({ rate: 0.5 })',
          'tf.layers.dense({ units: 1 })',
        ],
      }),
      stackPrograms({
        input: '[16]',
        layers: [
          'tf.layers.dropout({ rate: 0.5 })',
          "tf.layers.dense({ units: 8, activation: 'relu' })",
          'tf.layers.batchNormalization()',
        ],
      }),
      stackPrograms({ input: '[16]', layers: ['tf.layers.dropout({ rate: 0.5 })', 'tf.layers.layerNormalization()'] }),
    ],
  },
  {
    rule: 'NL210',
    incorrect: [
      stackPrograms({ input: '[16]', layers: ['tf.layers.dense({ units: 1 })', ln()] }),
      stackPrograms({ input: '[10, 2]', layers: [ln('{ axis: -1 }'), ...head] }),
    ],
    correct: [
      stackPrograms({ input: '[16]', layers: ['tf.layers.dense({ units: 4 })', ln()] }),
      stackPrograms({ input: '[10, 1]', layers: [ln('{ axis: [1, 2] }'), ...head] }),
    ],
  },
  {
    rule: 'NL212',
    incorrect: [
      stackPrograms({ input: '[16]', layers: [ln('{ epsilon: 1e-12 }')] }),
      stackPrograms({
        input: '[16]',
        layers: [bn('{ epsilon: EPS }')],
        before: "const EPS = 1e-8;\ntf.setBackend('webgl');",
      }),
    ],
    correct: [
      stackPrograms({ input: '[16]', layers: [ln('{ epsilon: 1e-5 }'), 'tf.layers.dense({ units: 1 })', bn()] }),
      stackPrograms({ input: '[16]', layers: [ln('{ epsilon: 1e-12 }')], before: "tf.setBackend('wasm');" }),
    ],
  },
  {
    rule: 'NL213',
    incorrect: [
      stackPrograms({
        input: '[10, 6]',
        layers: ['<!>tf.layers.timeDistributed({ layer: tf.layers.batchNormalization() })'],
      }),
      stackPrograms({
        input: '[10, 6]',
        layers: ['<!>tf.layers.timeDistributed({ layer: inner })'],
        before:
          'const inner = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [6] }), tf.layers.batchNormalization()] });',
      }),
    ],
    correct: [
      stackPrograms({
        input: '[10, 6]',
        layers: [
          'tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 4 }) })',
          'tf.layers.batchNormalization()',
        ],
      }),
      stackPrograms({
        input: '[10, 6]',
        layers: ['tf.layers.timeDistributed({ layer: tf.layers.layerNormalization() })'],
      }),
    ],
  },
  {
    rule: 'NL215',
    incorrect: [
      stackPrograms({
        input: '[20]',
        layers: [
          'tf.layers.embedding({ inputDim: 50, outputDim: 8, maskZero: true })',
          bn(),
          'tf.layers.lstm({ units: 4 })',
        ],
      }),
      stackPrograms({
        input: '[20, 6]',
        layers: [
          'tf.layers.masking({ maskValue: 0 })',
          'tf.layers.lstm({ units: 4, returnSequences: true })',
          ln('{ axis: [1, 2] }'),
        ],
      }),
    ],
    correct: [
      stackPrograms({
        input: '[20]',
        layers: [
          'tf.layers.embedding({ inputDim: 50, outputDim: 8, maskZero: true })',
          ln(),
          'tf.layers.lstm({ units: 4 })',
        ],
      }),
      stackPrograms({
        input: '[20]',
        layers: ['tf.layers.embedding({ inputDim: 50, outputDim: 8 })', bn(), 'tf.layers.lstm({ units: 4 })'],
      }),
      stackPrograms({
        input: '[20, 6]',
        layers: ['tf.layers.masking({ maskValue: 0 })', 'tf.layers.lstm({ units: 4 })', bn()],
      }),
    ],
  },
  {
    rule: 'NL216',
    incorrect: [
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.dense({ units: 8 })', 'tf.layers.batchNormalization()', bn()],
      }),
      stackPrograms({
        input: '[12, 16]',
        layers: [
          'tf.layers.layerNormalization()',
          "tf.layers.activation({ activation: 'linear' })",
          ln('{ epsilon: 1e-5 }'),
        ],
      }),
    ],
    correct: [
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.batchNormalization()', 'tf.layers.reLU()', 'tf.layers.batchNormalization()'],
      }),
      stackPrograms({ input: '[16]', layers: ['tf.layers.batchNormalization()', 'tf.layers.layerNormalization()'] }),
      stackPrograms({
        input: '[12, 16]',
        layers: ['tf.layers.layerNormalization({ axis: 1 })', 'tf.layers.layerNormalization({ axis: 2 })'],
      }),
    ],
  },
  {
    rule: 'NL219',
    incorrect: [
      stackPrograms({ ...image, layers: ['tf.layers.zeroPadding2d({ padding: 3 })', bn(), conv()] }),
      stackPrograms({
        ...image,
        layers: ['tf.layers.zeroPadding2d({ padding: [[1, 1], [2, 2]] })', ln('{ axis: [1, 2, 3] }'), conv()],
      }),
    ],
    correct: [
      stackPrograms({
        ...image,
        layers: ['tf.layers.batchNormalization()', 'tf.layers.zeroPadding2d({ padding: 3 })', conv()],
      }),
      stackPrograms({
        ...image,
        layers: ['tf.layers.zeroPadding2d({ padding: 3 })', conv(', useBias: false'), 'tf.layers.batchNormalization()'],
      }),
      stackPrograms({
        ...image,
        layers: ['tf.layers.zeroPadding2d({ padding: 3 })', 'tf.layers.layerNormalization()', conv()],
      }),
    ],
  },
  {
    rule: 'NL301',
    incorrect: [
      stackPrograms({ ...image, layers: [`<!>${conv()}`, 'tf.layers.batchNormalization()', ...head] }),
      stackPrograms({
        input: '[16]',
        layers: [
          '<!>tf.layers.dense({ units: 8, useBias: true })',
          'tf.layers.batchNormalization()',
          'tf.layers.dense({ units: 1 })',
        ],
      }),
    ],
    correct: [
      stackPrograms({ ...image, layers: [conv(', useBias: false'), 'tf.layers.batchNormalization()', ...head] }),
      stackPrograms({ ...image, layers: [conv(", activation: 'relu'"), 'tf.layers.batchNormalization()', ...head] }),
      stackPrograms({ ...image, layers: [conv(), 'tf.layers.layerNormalization()', ...head] }),
      asIs(`const input = tf.input({ shape: [16] });
const h = tf.layers.dense({ units: 16 }).apply(input) as tf.SymbolicTensor;
const n = tf.layers.batchNormalization().apply(h) as tf.SymbolicTensor;
export const model = tf.model({ inputs: input, outputs: tf.layers.add().apply([h, n]) as tf.SymbolicTensor });`),
    ],
  },
  {
    rule: 'NL302',
    incorrect: [
      stackPrograms({ input: '[16]', layers: ['tf.layers.dense({ units: 4 })', bn()], after: COMPILE }),
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.dense({ units: 4 })', bn(), 'tf.layers.softmax()'],
        after: COMPILE,
      }),
    ],
    correct: [
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.batchNormalization()', 'tf.layers.dense({ units: 4 })'],
        after: COMPILE,
      }),
      stackPrograms({ input: '[16]', layers: ['tf.layers.dense({ units: 4 })', 'tf.layers.layerNormalization()'] }),
    ],
  },
  {
    rule: 'NL303',
    incorrect: [
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.dense({ units: 4, useBias: false })', bn()],
        before: '// Ported from PyTorch: nn.BatchNorm1d',
      }),
      stackPrograms({ input: '[16]', layers: [ln('{ axis: -1 }')], before: '// weights come from state_dict()' }),
    ],
    correct: [
      stackPrograms({ input: '[16]', layers: [bn('{ epsilon: 1e-5 }')], before: '// Ported from PyTorch' }),
      stackPrograms({ input: '[16]', layers: [bn()], before: '// Keras example' }),
    ],
  },
  {
    rule: 'NL304',
    incorrect: [
      stackPrograms({ input: '[16]', layers: [bn("{ gammaRegularizer: 'l1l2' }")] }),
      stackPrograms({ input: '[16]', layers: [ln('{ betaRegularizer: tf.regularizers.l2({ l2: 1e-4 }) }')] }),
    ],
    correct: [
      stackPrograms({
        input: '[16]',
        layers: ["tf.layers.dense({ units: 3, kernelRegularizer: 'l1l2', useBias: false })", bn()],
      }),
      stackPrograms({ input: '[16]', layers: [bn('{ gammaRegularizer: null }')] }),
    ],
  },
  {
    rule: 'NL305',
    incorrect: [
      stackPrograms({ ...image, layers: [conv(", activation: 'relu'"), bn(), 'tf.layers.reLU()', ...head] }),
      stackPrograms({
        input: '[16]',
        layers: ['tf.layers.leakyReLU()', bn(), "tf.layers.activation({ activation: 'tanh' })"],
      }),
    ],
    correct: [
      stackPrograms({
        ...image,
        layers: [conv(', useBias: false'), 'tf.layers.batchNormalization()', 'tf.layers.reLU()', ...head],
      }),
      stackPrograms({ ...image, layers: [conv(", activation: 'relu'"), 'tf.layers.batchNormalization()', ...head] }),
    ],
  },
];
