import type { LayerFact, OptionValue } from '../trace/facts';
import type { Trace } from '../trace/trace';
import { type Edit, replace } from './edits';
import type { Rule } from './rule';

/** The option that a lone number or list is most likely meant as. */
const FIRST: Readonly<Record<string, string>> = {
  batchNormalization: 'axis',
  layerNormalization: 'axis',
  dropout: 'rate',
  spatialDropout1d: 'rate',
  alphaDropout: 'rate',
  gaussianDropout: 'rate',
  gaussianNoise: 'stddev',
  dense: 'units',
  activation: 'activation',
  leakyReLU: 'alpha',
  elu: 'alpha',
  thresholdedReLU: 'theta',
  reshape: 'targetShape',
  permute: 'dims',
  repeatVector: 'n',
  maxPooling1d: 'poolSize',
  maxPooling2d: 'poolSize',
  averagePooling1d: 'poolSize',
  averagePooling2d: 'poolSize',
  upSampling2d: 'size',
  zeroPadding2d: 'padding',
  concatenate: 'axis',
  lstm: 'units',
  gru: 'units',
  simpleRNN: 'units',
};

const CONSEQUENCE: Readonly<Record<string, string>> = {
  batchNormalization: 'every default stands',
  layerNormalization: 'every default stands',
  dropout: 'the rate is undefined and nothing is ever dropped',
};

export const positionalOptionIgnored: Rule = {
  id: 'NL117',
  name: 'positional-option-ignored',
  severity: 'error',
  summary: 'A layer of TensorFlow.js is given a number or list where it takes an options object: it is ignored',
  check(trace, report) {
    for (const { layer } of trace.of('layerMade')) {
      const value = layer.type === 'custom' ? undefined : layer.positional.find(isPlain);
      if (value === undefined) continue;
      const key = FIRST[layer.type];
      const shown = JSON.stringify(value);
      const edit = key === undefined ? undefined : wrapped(trace, layer, key);
      report({
        at: layer.at,
        about: layer,
        message: `${layer.type} takes an options object: ${shown.length > 20 ? 'the list' : shown} is ignored${
          CONSEQUENCE[layer.type] === undefined ? '' : `, ${CONSEQUENCE[layer.type]}`
        }`,
        advice: `The layers of TensorFlow.js take one object of named options, unlike Keras in Python. A number or list in its place has none of the keys that are read. Write \`${layer.type}({ ${key ?? 'name'}: ${shown} })\`.`,
        facts: { argument: shown },
        fixes:
          edit === undefined ? [] : [{ title: `Write { ${key}: … } (it takes effect)`, safe: false, edits: [edit] }],
      });
    }
  },
};

function isPlain(value: OptionValue): boolean {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' || Array.isArray(value);
}

function wrapped(trace: Trace, layer: LayerFact, key: string): Edit | undefined {
  const call = /^([\w$.\s]+\(\s*)([^(){},]*[^(){},\s]|\[[^()[\]{}]*\])(\s*\))$/.exec(trace.text(layer.at));
  const [, head, argument] = call ?? [];
  if (head === undefined || argument === undefined) return undefined;
  const start = layer.at.start + head.length;
  return replace({ ...layer.at, start, end: start + argument.length }, `{ ${key}: ${argument.trim()} }`);
}
