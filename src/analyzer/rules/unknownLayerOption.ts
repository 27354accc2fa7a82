import type { LayerFact, OptionFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { isNorm, optionPlace } from './layers';
import { type Foreign, mendKey, nearest } from './optionKeys';
import { optionNames } from './optionNames';
import type { Rule, RuleFinding } from './rule';

/** Names of other libraries; a key holds where the layer knows it. */
const FOREIGN: Readonly<Record<string, readonly Foreign[]>> = {
  batch_first: [{ note: 'PyTorch’s; the batch is always the first axis' }],
  batchFirst: [{ note: 'PyTorch’s; the batch is always the first axis' }],
  bias: [{ key: 'useBias', note: 'PyTorch’s name' }],
  dilation: [{ key: 'dilationRate', note: 'PyTorch’s name' }],
  dropoutRate: [{ key: 'rate', note: 'the rate of a dropout layer' }],
  groups: [{ note: 'TensorFlow.js has no grouped convolutions: split the channels, or use depthwiseConv2d' }],
  hiddenSize: [{ key: 'units', note: 'PyTorch’s name' }],
  hidden_size: [{ key: 'units', note: 'PyTorch’s name' }],
  inChannels: [{ note: 'PyTorch’s; the input says it' }],
  in_channels: [{ note: 'PyTorch’s; the input says it' }],
  inFeatures: [{ note: 'PyTorch’s; the input says it' }],
  in_features: [{ note: 'PyTorch’s; the input says it' }],
  kernel: [{ key: 'kernelSize', note: 'the size of the window' }],
  negativeSlope: [{ key: 'alpha', note: 'PyTorch’s name' }],
  negative_slope: [{ key: 'alpha', note: 'PyTorch’s name' }],
  outChannels: [{ key: 'filters', note: 'PyTorch’s name' }],
  out_channels: [{ key: 'filters', note: 'PyTorch’s name' }],
  outFeatures: [{ key: 'units', note: 'PyTorch’s name' }],
  out_features: [{ key: 'units', note: 'PyTorch’s name' }],
  p: [{ key: 'rate', note: 'PyTorch’s name' }],
  pad: [{ key: 'padding', note: 'the name of the op' }],
  probability: [{ key: 'rate', note: 'the share that is dropped' }],
  shape: [
    { key: 'targetShape', note: 'the name of tf.reshape' },
    { key: 'inputShape', note: 'the name of tf.input' },
  ],
  size: [
    { key: 'poolSize', note: 'the size of the window' },
    { key: 'kernelSize', note: 'the size of the window' },
  ],
  stride: [{ key: 'strides', note: 'PyTorch’s name' }],
};

export const unknownLayerOption: Rule = {
  id: 'NL127',
  name: 'unknown-layer-option',
  severity: 'warning',
  summary: 'A layer gets an option that TensorFlow.js ignores: a slip of the keyboard, or another library’s name',
  check(trace, report) {
    for (const { layer } of trace.of('layerMade')) {
      const known = isNorm(layer) ? undefined : optionNames.get(layer.type);
      if (known === undefined) continue;
      for (const [key, option] of layer.options) {
        if (known.has(key) || option.value === undefined || option.at === undefined) continue;
        report(unknownKey(trace, layer, key, option, known));
      }
    }
  },
};

function unknownKey(
  trace: Trace,
  layer: LayerFact,
  key: string,
  option: OptionFact,
  known: ReadonlySet<string>,
): RuleFinding {
  const all = Object.hasOwn(FOREIGN, key) ? (FOREIGN[key] ?? []) : [];
  const foreign = all.find((one) => one.key === undefined || known.has(one.key));
  const meant = foreign === undefined ? nearest(key, known) : foreign.key;
  const hint = meant === undefined ? (foreign?.note ?? 'it has no such option') : `did you mean ${meant}?`;
  return {
    at: optionPlace(layer, key),
    about: layer,
    ...(meant === undefined && foreign === undefined ? { severity: 'information' } : {}),
    message: `${layer.type} ignores ${key}: ${hint}`,
    advice: `TensorFlow.js reads the keys that a layer knows and ignores all others without a word${
      meant === undefined ? '.' : `, so \`${meant}\` keeps its default, or is missing.`
    }${foreign === undefined ? '' : ` \`${key}\`: ${foreign.note}.`}`,
    facts: { option: key, ...(meant === undefined ? {} : { meant }) },
    fixes: mendKey(trace, layer, key, option, meant),
  };
}
