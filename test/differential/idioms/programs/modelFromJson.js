// A model copied through its JSON, and one built from JSON written out.
import * as tf from '@tensorflow/tfjs';

const source = tf.sequential({ name: 'source' });
source.add(tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [10, 10, 1] }));
source.add(tf.layers.batchNormalization());
source.add(tf.layers.flatten());
source.add(tf.layers.dense({ units: 2 }));

const TOPOLOGY = {
  class_name: 'Sequential',
  config: {
    name: 'written',
    layers: [
      { class_name: 'Dense', config: { units: 6, batch_input_shape: [null, 4], name: 'a', use_bias: false } },
      { class_name: 'LayerNormalization', config: { name: 'b', axis: -1 } },
    ],
  },
};
async function main() {
  const copy = await tf.models.modelFromJSON(source.toJSON(null, false));
  copy.setWeights(source.getWeights());
  const written = await tf.models.modelFromJSON(TOPOLOGY);
  const y = written.predict(tf.ones([3, 4]));
  return copy
    .predict(tf.ones([2, 10, 10, 1]))
    .sum(1)
    .concat(y.mean(1));
}
export const done = main();
