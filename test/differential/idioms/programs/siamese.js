// Shared layers, siamese branches, several inputs and outputs, models as layers, named outputs.
import * as tf from '@tensorflow/tfjs';

function tower(shape) {
  const input = tf.input({ shape });
  const h = tf.layers.dense({ units: 16, activation: 'relu' }).apply(tf.layers.flatten().apply(input));
  return tf.model({ inputs: input, outputs: tf.layers.dense({ units: 6 }).apply(h), name: 'tower' });
}
const shared = tower([8, 8, 1]);
const [left, right] = [0, 1].map((i) => tf.input({ shape: [8, 8, 1], name: `image${i}` }));
const codes = [left, right].map((x) => shared.apply(x));
const dot = tf.layers.dot({ axes: 1, normalize: true }).apply(codes);
export const siamese = tf.model({ inputs: [left, right], outputs: dot });

const embed = tf.layers.embedding({ inputDim: 50, outputDim: 4 });
const encoder = tf.layers.lstm({ units: 5, returnState: true });
const question = tf.input({ shape: [7] });
const answer = tf.input({ shape: [9] });
const [q, state] = encoder.apply(embed.apply(question));
const a = tf.layers.gru({ units: 5 }).apply(embed.apply(answer));
const score = tf.layers.dense({ units: 1, name: 'score' }).apply(tf.layers.concatenate().apply([q, a]));
export const matcher = tf.model({ inputs: [question, answer], outputs: [score, state] });

const outputs = siamese.predict([tf.zeros([3, 8, 8, 1]), tf.ones([3, 8, 8, 1])]);
export const mean = outputs.mean(0);
export const [scores, states] = matcher.predict([tf.zeros([2, 7]), tf.zeros([2, 9])]);
export const sums = scores.add(states.sum(1, true));
