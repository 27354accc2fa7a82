// setWeights, getWeights, variables with assign, copies between models, weights given at construction.
import * as tf from '@tensorflow/tfjs';

const make = () =>
  tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] }), tf.layers.batchNormalization()] });
export const online = make();
export const target = make();
target.setWeights(online.getWeights());
const tau = 0.01;
target.setWeights(online.getWeights().map((w, i) => w.mul(tau).add(target.getWeights()[i].mul(1 - tau))));
const [kernel, bias] = online.layers[0].getWeights();
export const product = tf.ones([2, 4]).matMul(kernel).add(bias);

const w = tf.variable(tf.zeros([4, 2]), true, 'w');
w.assign(w.add(tf.ones([4, 2])));
export const y = tf.ones([3, 4]).matMul(w);
const moving = tf.variable(tf.scalar(0));
moving.assign(moving.mul(0.9).add(y.mean().mul(0.1)));
export const given = tf.sequential({
  layers: [tf.layers.dense({ units: 2, inputShape: [4], weights: [tf.ones([4, 2]), tf.zeros([2])] })],
});
export const flat = tf.concat(online.getWeights().map((t) => t.flatten()));
export const count = tf.zeros([online.countParams()]);
