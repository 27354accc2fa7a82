// Recursion with a known bound: a U-Net, a tree of branches, a factorial of sizes.
import * as tf from '@tensorflow/tfjs';

function unet(x, filters, depth) {
  const conv = (h, n) => tf.layers.conv2d({ filters: n, kernelSize: 3, padding: 'same', activation: 'relu' }).apply(h);
  if (depth === 0) return conv(x, filters);
  const skip = conv(x, filters);
  const down = tf.layers.maxPooling2d({ poolSize: 2 }).apply(skip);
  const inner = unet(down, filters * 2, depth - 1);
  const up = tf.layers.upSampling2d({ size: [2, 2] }).apply(inner);
  return conv(tf.layers.concatenate().apply([up, skip]), filters);
}
const image = tf.input({ shape: [64, 64, 1] });
export const model = tf.model({ inputs: image, outputs: unet(image, 4, 3) });

const widths = (n) => (n <= 2 ? [n] : [n, ...widths(Math.floor(n / 2))]);
const stack = tf.sequential();
widths(40).forEach((units, i) => {
  stack.add(tf.layers.dense({ units, ...(i ? {} : { inputShape: [2] }) }));
});

export { stack };

const tree = (x, depth) =>
  depth === 0
    ? [tf.layers.dense({ units: 2 }).apply(x)]
    : [0, 1].flatMap(() => tree(tf.layers.dense({ units: 4 * depth }).apply(x), depth - 1));
const root = tf.input({ shape: [6] });
export const leaves = tf.model({ inputs: root, outputs: tf.layers.concatenate().apply(tree(root, 2)) });

const power = (x, n) => (n === 0 ? tf.onesLike(x) : x.mul(power(x, n - 1)));
export const cubes = power(tf.range(0, 5), 3);
