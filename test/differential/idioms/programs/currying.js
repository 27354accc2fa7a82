// Functions that make functions: currying, composition, partial application, pipes.
import * as tf from '@tensorflow/tfjs';

const conv =
  (kernelSize) =>
  (filters, options = {}) =>
  (x) =>
    tf.layers.conv2d({ kernelSize, filters, padding: 'same', ...options }).apply(x);
const norm = (momentum) => (x) => tf.layers.batchNormalization({ momentum }).apply(x);
const activate = (activation) => (x) => tf.layers.activation({ activation }).apply(x);
const pipe =
  (...steps) =>
  (x) =>
    steps.reduce((h, step) => step(h), x);
const repeat = (times, step) => (x) => {
  let h = x;
  for (let i = 0; i < times; i += 1) h = step(i)(h);
  return h;
};
const residual = (body) => (x) => tf.layers.add().apply([x, body(x)]);
const compose = (f, g) => (x) => f(g(x));

const conv3 = conv(3);
const block = (filters) => pipe(conv3(filters), norm(0.9), activate('relu'));
const input = tf.input({ shape: [24, 24, 3] });
const output = pipe(
  block(8),
  repeat(2, (i) => block(8 * (i + 1))),
  residual(pipe(conv3(16), norm(0.9))),
  conv(5)(4, { strides: 2 }),
  compose(
    (x) => tf.layers.dense({ units: 10 }).apply(x),
    (x) => tf.layers.flatten().apply(x),
  ),
)(input);
const dense = tf.layers.dense;
const half = dense.bind(null, { units: 5 });
export const model = tf.model({ inputs: input, outputs: half().apply(output) });
