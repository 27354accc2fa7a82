// tidy, keep and dispose around what is computed; several results; nested; names.
import * as tf from '@tensorflow/tfjs';

export const standardized = tf.tidy(() => {
  const x = tf.randomNormal([32, 6]);
  const { mean, variance } = tf.moments(x, 0, true);
  return x.sub(mean).div(variance.add(1e-6).sqrt());
});
export const { inputs, labels } = tf.tidy('split', () => {
  const all = tf.keep(standardized.clone());
  return { inputs: all.slice([0, 0], [-1, 5]), labels: all.slice([0, 5], [-1, 1]) };
});
export const [low, high] = tf.tidy(() => {
  const sorted = tf.tidy(() => tf.topk(inputs, 2).values);
  return tf.split(sorted, 2, 1);
});
const scratch = tf.zeros([100]);
scratch.dispose();
tf.dispose([low]);
export const ratio = high.squeeze([1]).div(labels.reshape([-1]));
