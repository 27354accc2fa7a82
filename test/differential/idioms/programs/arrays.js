// Lists of layers: Array.from, map with indices, flatMap, reduce, filter, concat, fill, slices, sort, entries.
import * as tf from '@tensorflow/tfjs';

const sizes = Array.from({ length: 4 }, (_, i) => 2 ** (6 - i));
const layers = sizes.map((units, i) => tf.layers.dense({ units, ...(i === 0 && { inputShape: [10] }) }));
const first = tf.sequential({ layers });

const input = tf.input({ shape: [16, 16, 3] });
const blocks = [4, 8].flatMap((filters) => [
  tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same' }),
  tf.layers.batchNormalization(),
  tf.layers.reLU(),
]);
const features = blocks.reduce((h, layer) => layer.apply(h), input);
const second = tf.model({ inputs: input, outputs: features });

const widths = new Array(3).fill(5).map((n, i) => n + i);
const branches = widths
  .filter((n) => n !== 6)
  .concat([9])
  .map((units) => tf.layers.dense({ units }).apply(tf.layers.flatten().apply(features)));
const third = tf.model({ inputs: input, outputs: tf.layers.concatenate().apply(branches) });

const fourth = tf.sequential();
for (const [i, units] of [...sizes].reverse().slice(1).entries()) {
  fourth.add(tf.layers.dense(i === 0 ? { units, inputShape: [3] } : { units }));
}
for (let i = sizes.length - 1; i >= 0; i--) fourth.add(tf.layers.dense({ units: sizes[i] }));
let n = 3;
while (n > 0) fourth.add(tf.layers.dense({ units: n-- }));
do fourth.add(tf.layers.dense({ units: 7 }));
while (n > 0);

const range = [...Array(3).keys()];
const grid = range.map((i) => range.map((j) => i * 3 + j));
const tensor = tf.tensor2d(grid);
export const product = tensor.matMul(tensor.transpose());
export const result = [first, second, third, fourth].length;
