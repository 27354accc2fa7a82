import type { LayerFact, OptionFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { isBatchNorm, isNorm, numberOption, optionPlace } from './layers';
import { type Foreign, mendKey, nearest } from './optionKeys';
import { optionNames } from './optionNames';
import type { Rule, RuleFinding } from './rule';
import { plain } from './words';

/** What people write who come from elsewhere: the key that is meant, or why there is none. */
const FOREIGN: Readonly<Record<string, Foreign>> = {
  eps: { key: 'epsilon', note: 'PyTorch’s name' },
  variance_epsilon: { key: 'epsilon', note: 'TensorFlow 1’s name' },
  varianceEpsilon: { key: 'epsilon', note: 'the name of tf.batchNorm' },
  decay: { key: 'momentum', note: 'TensorFlow 1’s name' },
  alpha: { note: 'no such parameter; a slope belongs to leakyReLU' },
  affine: { note: 'PyTorch’s; here `center` and `scale`' },
  elementwise_affine: { note: 'PyTorch’s; here `center` and `scale`' },
  elementwiseAffine: { note: 'PyTorch’s; here `center` and `scale`' },
  bias: { key: 'center', note: 'PyTorch’s name' },
  num_features: { note: 'PyTorch’s; sizes come from the input' },
  numFeatures: { note: 'PyTorch’s; sizes come from the input' },
  normalized_shape: { note: 'PyTorch’s; here `axis` says what is normalised' },
  normalizedShape: { note: 'PyTorch’s; here `axis` says what is normalised' },
  track_running_stats: { note: 'PyTorch’s; running statistics are always kept' },
  trackRunningStats: { note: 'PyTorch’s; running statistics are always kept' },
  data_format: { note: 'there is none; `axis` says which axis is kept' },
  dataFormat: { note: 'there is none; `axis` says which axis is kept' },
  renorm: { note: 'TensorFlow.js has no batch renormalization' },
  fused: { note: 'the kernel is always fused' },
  virtual_batch_size: { note: 'TensorFlow.js has no ghost batches' },
  training: { note: 'pass it to `apply`' },
};

export const unknownNormOption: Rule = {
  id: 'NL116',
  name: 'unknown-norm-option',
  severity: 'error',
  summary: 'A normalization layer gets an option that TensorFlow.js ignores, or a value outside its range',
  check(trace, report) {
    for (const { layer } of trace.of('layerMade')) {
      if (!isNorm(layer)) continue;
      for (const [key, option] of layer.options) {
        const finding = unknownKey(trace, layer, key, option);
        if (finding !== undefined) report(finding);
      }
      for (const finding of outOfRange(layer)) report(finding);
    }
  },
};

function unknownKey(trace: Trace, layer: LayerFact, key: string, option: OptionFact): RuleFinding | undefined {
  const known = optionNames.get(layer.type);
  if (known === undefined || known.has(key) || option.value === undefined) return undefined;
  const foreign = Object.hasOwn(FOREIGN, key) ? FOREIGN[key] : undefined;
  const meant = foreign === undefined ? nearest(key, known) : known.has(foreign.key ?? '') ? foreign.key : undefined;
  const hint = meant !== undefined ? `did you mean ${meant}?` : (foreign?.note ?? 'there is no such option');
  return {
    at: optionPlace(layer, key),
    about: layer,
    severity: meant !== undefined || foreign !== undefined ? 'error' : 'warning',
    message: `${layer.type} ignores ${key}: ${hint}`,
    advice: `TensorFlow.js reads the keys it knows and ignores all others without a word, so the layer keeps its default${
      meant === undefined ? '' : ` for \`${meant}\`${DEFAULTS[meant] === undefined ? '' : ` (${DEFAULTS[meant]})`}`
    }.${foreign === undefined ? '' : ` \`${key}\`: ${foreign.note}.`}${
      meant === 'momentum' ? ' Mind the convention: momentum is the weight of the old statistics.' : ''
    }`,
    facts: { option: key, ...(meant === undefined ? {} : { meant }) },
    fixes: mendKey(trace, layer, key, option, meant),
  };
}

const DEFAULTS: Readonly<Record<string, string>> = { epsilon: '0.001', momentum: '0.99', axis: '-1', center: 'true' };

function* outOfRange(layer: LayerFact): Generator<RuleFinding> {
  const momentum = isBatchNorm(layer) ? numberOption(layer, 'momentum', 0.99) : undefined;
  if (momentum !== undefined && !(momentum >= 0 && momentum <= 1)) {
    yield {
      at: optionPlace(layer, 'momentum'),
      about: layer,
      message: `momentum ${plain(momentum)} is outside [0, 1]: the running statistics ${momentum > 1 ? 'diverge' : 'oscillate'}`,
      advice: `Running statistics are updated as v = momentum·v + (1 − momentum)·batch; with ${plain(momentum)} the weights are ${plain(momentum)} and ${plain(1 - momentum)}, and the running variance can turn negative, which gives NaN in predict. Usual values are 0.9 to 0.99.`,
      facts: { momentum },
    };
  }
  const epsilon = numberOption(layer, 'epsilon', 1e-3);
  if (epsilon !== undefined && epsilon <= 0) {
    yield {
      at: optionPlace(layer, 'epsilon'),
      about: layer,
      severity: epsilon < 0 ? 'error' : 'warning',
      message: `epsilon ${plain(epsilon)} ${epsilon < 0 ? 'is negative: a small variance gives √ of a negative number, NaN' : 'guards nothing: a variance of 0 gives NaN'}`,
      advice:
        'ε is added to the variance so that a constant feature does not divide by zero. TensorFlow.js accepts any number without a check; its default is 0.001, PyTorch’s 1e-5.',
      facts: { epsilon },
    };
  }
}
