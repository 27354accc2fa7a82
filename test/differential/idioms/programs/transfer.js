// Transfer learning: getLayer, layers[i], model.inputs and outputs, slices, frozen layers, a head on a base.
import * as tf from '@tensorflow/tfjs';

function makeBase() {
  const model = tf.sequential({ name: 'base' });
  model.add(tf.layers.conv2d({ filters: 8, kernelSize: 3, inputShape: [32, 32, 3], name: 'conv_1' }));
  model.add(tf.layers.batchNormalization({ name: 'bn_1' }));
  model.add(tf.layers.maxPooling2d({ poolSize: 2, name: 'pool_1' }));
  model.add(tf.layers.conv2d({ filters: 16, kernelSize: 3, name: 'conv_2' }));
  model.add(tf.layers.globalAveragePooling2d({ name: 'gap' }));
  model.add(tf.layers.dense({ units: 1000, activation: 'softmax', name: 'predictions' }));
  return model;
}
const base = makeBase();
const cut = base.getLayer('pool_1');
export const truncated = tf.model({ inputs: base.inputs, outputs: cut.output });
for (const layer of truncated.layers) layer.trainable = false;

export const head = tf.sequential({
  layers: [
    tf.layers.flatten({ inputShape: truncated.outputs[0].shape.slice(1) }),
    tf.layers.dense({ units: 4, activation: 'softmax' }),
  ],
});
export const joined = tf.sequential({ layers: [truncated, head] });

const gap = base.layers[base.layers.length - 2].output;
export const features = tf.model({ inputs: base.input, outputs: gap });
const index = base.layers.findIndex((layer) => layer.name === 'conv_2');
export const middle = tf.model({ inputs: base.inputs, outputs: base.layers[index].output });
export const several = tf.model({
  inputs: base.input,
  outputs: ['pool_1', 'conv_2', 'gap'].map((name) => base.getLayer(name).output),
});
export const byIndex = tf.model({ inputs: base.layers[0].input, outputs: base.getLayer(null, 1).output });

const input = tf.input({ shape: [32, 32, 3] });
const activation = tf.layers.dense({ units: 3 }).apply(features.apply(input));
export const finetuned = tf.model({ inputs: input, outputs: activation });
base.layers.slice(0, 3).forEach((layer) => {
  layer.trainable = false;
});
export const embedding = features.predict(tf.zeros([2, 32, 32, 3]));
export const [early, late] = several.predict(tf.zeros([2, 32, 32, 3]));
