import type { LayerFact, OptionFact } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { deleteProperty, replace } from './edits';
import { isBatchNorm, isNorm, numberOption, optionPlace } from './layers';
import type { Fix, Rule, RuleFinding } from './rule';
import { within } from './words';

const COMMON = ['inputShape', 'batchInputShape', 'batchSize', 'dtype', 'name', 'trainable', 'weights', 'inputDType'];
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
const BATCH = ['momentum', 'movingMeanInitializer', 'movingVarianceInitializer', 'betaConstraint', 'gammaConstraint'];
const LAYER_KEYS = new Set([...COMMON, ...NORM, 'betaConstraint', 'gammaConstraint']);
const BATCH_KEYS = new Set([...COMMON, ...NORM, ...BATCH]);

/** What people write who come from elsewhere: the key that is meant, or why there is none. */
const FOREIGN: Readonly<Record<string, { readonly key?: string; readonly note: string }>> = {
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
  const known = isBatchNorm(layer) ? BATCH_KEYS : LAYER_KEYS;
  if (known.has(key) || option.value === undefined) return undefined;
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
    fixes: fixesFor(trace, layer, key, option, meant),
  };
}

const DEFAULTS: Readonly<Record<string, string>> = { epsilon: '0.001', momentum: '0.99', axis: '-1', center: 'true' };

function fixesFor(
  trace: Trace,
  layer: LayerFact,
  key: string,
  option: OptionFact,
  meant: string | undefined,
): readonly Fix[] {
  const { at } = option;
  if (at === undefined || !within(at, layer.at)) return [];
  if (meant === undefined) {
    return [{ title: `Delete ${key} (it has no effect)`, safe: true, edits: [deleteProperty(trace, at)] }];
  }
  if (layer.options.has(meant)) return [];
  const text = trace.text(at);
  const renamed = text === key ? `${meant}: ${key}` : text.replace(/^(['"]?)[\w$]+\1/, meant);
  return [{ title: `Rename to ${meant} (it takes effect)`, safe: false, edits: [replace(at, renamed)] }];
}

function* outOfRange(layer: LayerFact): Generator<RuleFinding> {
  const momentum = isBatchNorm(layer) ? numberOption(layer, 'momentum', 0.99) : undefined;
  if (momentum !== undefined && !(momentum >= 0 && momentum <= 1)) {
    yield {
      at: optionPlace(layer, 'momentum'),
      about: layer,
      message: `momentum ${momentum} is outside [0, 1]: the running statistics ${momentum > 1 ? 'diverge' : 'oscillate'}`,
      advice: `Running statistics are updated as v = momentum·v + (1 − momentum)·batch; with ${momentum} the weights are ${momentum} and ${Number((1 - momentum).toPrecision(6))}, and the running variance can turn negative, which gives NaN in predict. Usual values are 0.9 to 0.99.`,
      facts: { momentum },
    };
  }
  const epsilon = numberOption(layer, 'epsilon', 1e-3);
  if (epsilon !== undefined && epsilon <= 0) {
    yield {
      at: optionPlace(layer, 'epsilon'),
      about: layer,
      severity: epsilon < 0 ? 'error' : 'warning',
      message: `epsilon ${epsilon} ${epsilon < 0 ? 'is negative: a small variance gives √ of a negative number, NaN' : 'guards nothing: a variance of 0 gives NaN'}`,
      advice:
        'ε is added to the variance so that a constant feature does not divide by zero. TensorFlow.js accepts any number without a check; its default is 0.001, PyTorch’s 1e-5.',
      facts: { epsilon },
    };
  }
}

/** The known key at an edit distance of at most two: a slip of the keyboard, or snake_case. */
function nearest(key: string, known: ReadonlySet<string>): string | undefined {
  const camel = key.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());
  if (known.has(camel)) return camel;
  return [...known].find(
    (candidate) => candidate.length > 4 && distance(camel.toLowerCase(), candidate.toLowerCase()) <= 2,
  );
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
