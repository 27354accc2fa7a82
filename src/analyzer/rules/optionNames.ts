/**
 * The options that tfjs-layers 4.22 reads, by layer: the members of the `…LayerArgs` interfaces, and what constructors take
 * beside them. What else an object holds is ignored without a word.
 */
const COMMON = ['inputShape', 'batchInputShape', 'batchSize', 'dtype', 'name', 'trainable', 'weights', 'inputDType'];
const KERNEL = ['kernelInitializer', 'kernelRegularizer', 'kernelConstraint'];
const BIAS = ['useBias', 'biasInitializer', 'biasRegularizer', 'biasConstraint'];
const DENSE = ['activation', 'activityRegularizer', ...KERNEL, ...BIAS];
const WINDOWS = ['kernelSize', 'strides', 'padding', 'dataFormat', 'dilationRate'];
const CONV = ['filters', ...WINDOWS, ...DENSE];
const DEPTHWISE = ['depthMultiplier', 'depthwiseInitializer', 'depthwiseRegularizer', 'depthwiseConstraint'];
const POINTWISE = ['pointwiseInitializer', 'pointwiseRegularizer', 'pointwiseConstraint'];
const POOL_1D = ['poolSize', 'strides', 'padding'];
const POOL = [...POOL_1D, 'dataFormat'];
const RECURRENT = ['recurrentInitializer', 'recurrentRegularizer', 'recurrentConstraint'];
const CELL = ['units', 'activation', ...KERNEL, ...BIAS, ...RECURRENT, 'dropout', 'recurrentDropout', 'dropoutFunc'];
const GATED = [...CELL, 'recurrentActivation', 'implementation'];
const SEQUENCE = [
  'returnSequences',
  'returnState',
  'goBackwards',
  'stateful',
  'unroll',
  'inputDim',
  'inputLength',
  'cell',
];
const LSTM = [...GATED, 'unitForgetBias'];
const GRU = [...GATED, 'resetAfter'];
const NORM = [
  'axis',
  'epsilon',
  'center',
  'scale',
  'betaInitializer',
  'gammaInitializer',
  'betaRegularizer',
  'gammaRegularizer',
];
const MOVING = ['momentum', 'movingMeanInitializer', 'movingVarianceInitializer', 'betaConstraint', 'gammaConstraint'];

const without = (names: readonly string[], ...some: readonly string[]): readonly string[] =>
  names.filter((name) => !some.includes(name));

const NAMES: Readonly<Record<string, readonly string[]>> = {
  activation: ['activation'],
  add: [],
  alphaDropout: ['rate', 'noiseShape'],
  average: [],
  averagePooling1d: POOL_1D,
  averagePooling2d: POOL,
  averagePooling3d: POOL,
  batchNormalization: [...NORM, ...MOVING],
  bidirectional: ['layer', 'mergeMode'],
  categoryEncoding: ['numTokens', 'outputMode'],
  centerCrop: ['height', 'width'],
  concatenate: ['axis'],
  conv1d: CONV,
  conv2d: CONV,
  conv2dTranspose: CONV,
  conv3d: CONV,
  conv3dTranspose: CONV,
  convLstm2d: [...without([...LSTM, ...SEQUENCE], 'units', 'cell'), 'filters', ...WINDOWS],
  convLstm2dCell: [...without(LSTM, 'units'), 'filters', ...WINDOWS],
  cropping2D: ['cropping', 'dataFormat'],
  dense: ['units', 'inputDim', ...DENSE],
  depthwiseConv2d: [...WINDOWS, ...DENSE, ...DEPTHWISE],
  dot: ['axes', 'normalize'],
  dropout: ['rate', 'noiseShape', 'seed'],
  elu: ['alpha'],
  embedding: [
    'inputDim',
    'outputDim',
    'inputLength',
    'maskZero',
    'embeddingsInitializer',
    'embeddingsRegularizer',
    'embeddingsConstraint',
    'activityRegularizer',
  ],
  flatten: ['dataFormat'],
  gaussianDropout: ['rate'],
  gaussianNoise: ['stddev'],
  globalAveragePooling1d: [],
  globalAveragePooling2d: ['dataFormat'],
  globalMaxPooling1d: [],
  globalMaxPooling2d: ['dataFormat'],
  gru: [...GRU, ...SEQUENCE],
  gruCell: GRU,
  layerNormalization: NORM,
  leakyReLU: ['alpha'],
  lstm: [...LSTM, ...SEQUENCE],
  lstmCell: LSTM,
  masking: ['maskValue'],
  maxPooling1d: POOL_1D,
  maxPooling2d: POOL,
  maxPooling3d: POOL,
  maximum: [],
  minimum: [],
  multiply: [],
  permute: ['dims'],
  prelu: ['alphaInitializer', 'alphaRegularizer', 'alphaConstraint', 'sharedAxes'],
  randomWidth: ['factor', 'interpolation', 'seed', 'autoVectorize'],
  reLU: ['maxValue'],
  repeatVector: ['n'],
  rescaling: ['scale', 'offset'],
  reshape: ['targetShape'],
  resizing: ['height', 'width', 'interpolation', 'cropToAspectRatio'],
  rnn: SEQUENCE,
  separableConv2d: [...CONV, ...DEPTHWISE, ...POINTWISE],
  simpleRNN: [...CELL, ...SEQUENCE],
  simpleRNNCell: CELL,
  softmax: ['axis'],
  spatialDropout1d: ['rate', 'noiseShape', 'seed'],
  stackedRNNCells: ['cells'],
  thresholdedReLU: ['theta'],
  timeDistributed: ['layer'],
  upSampling2d: ['size', 'dataFormat', 'interpolation'],
  zeroPadding2d: ['padding', 'dataFormat'],
};

/** The options of each layer by its factory's name; layers without an entry are not judged. */
export const optionNames: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(NAMES).map(([type, names]) => [type, new Set([...COMMON, ...names])]),
);
