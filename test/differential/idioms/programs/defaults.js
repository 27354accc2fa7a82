// Options with defaults, destructured, renamed, nested, and passed on.
import * as tf from '@tensorflow/tfjs';

const DEFAULTS = { units: 16, depth: 2, dropout: 0.1, norm: { epsilon: 1e-4, center: true }, activation: 'relu' };

function build({
  inputSize = 8,
  units = DEFAULTS.units,
  depth: layers = 2,
  norm: { epsilon = 1e-3 } = {},
  ...rest
} = {}) {
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [inputSize] }));
  for (let i = 0; i < layers; i += 1) {
    model.add(tf.layers.dense({ units: units >> i, activation: rest.activation ?? 'linear' }));
    if (rest.normalize !== false) model.add(tf.layers.layerNormalization({ epsilon }));
  }
  return model;
}

const merge = (options) => ({ ...DEFAULTS, ...options, norm: { ...DEFAULTS.norm, ...(options.norm || {}) } });
export const one = build();
export const two = build({ inputSize: 5, depth: 3, normalize: false });
export const three = build(merge({ units: 12, norm: { epsilon: 1e-5 } }));
export const four = build(Object.assign({}, DEFAULTS, { inputSize: 3, activation: undefined }));

function head(x, classes = 10, { bias = true, name } = {}) {
  const options = { units: classes, useBias: bias };
  if (name !== undefined) options.name = name;
  return tf.layers.dense(options).apply(x);
}
const input = tf.input({ shape: [4] });
const a = head(input);
const b = head(input, 3, { bias: false, name: 'scores' });
const c = head(input, undefined, {});
export const heads = tf.model({ inputs: input, outputs: [a, b, c] });
