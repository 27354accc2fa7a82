// Architectures in strings, tuples swapped, computed names, destructuring of every kind, numbers worked out.
import * as tf from '@tensorflow/tfjs';

const widths = '32-16-8'.split('-').map(Number);
const model = tf.sequential();
widths.forEach((units, i, { length }) => {
  const name = `${i === length - 1 ? 'last' : 'hidden'}_${String(i).padStart(2, '0')}`;
  model.add(tf.layers.dense({ units, name, ...(i === 0 ? { inputShape: [7] } : null) }));
});
let [a, b] = [3, 5];
[a, b] = [b, a];
export const swapped = tf.ones([a, b]);
const key = ['un', 'its'].join('');
const options = { [key]: a + b, ['use' + 'Bias']: false };
options.activation = options.units > 4 ? 'relu' : 'tanh';
model.add(tf.layers.dense(options));
const side = Math.floor(Math.sqrt(50));
const shape = [2, side, Math.ceil(7 / 2), parseInt('3', 10)];
export const x = tf.zeros(shape);
export const size = tf.ones([tf.util.sizeFromShape(shape.slice(1)), shape.reduce((p, c) => p * c, 1) / 4]);
export const [batch, ...inner] = x.shape;
export const flat = x.reshape([batch, inner.reduce((p, n) => p * n)]);
const pattern = /^conv(\d+)x(\d+)$/.exec('conv3x8');
const [, kernel, filters] = pattern.map(Number);
const conv = tf.sequential({ layers: [tf.layers.conv2d({ kernelSize: kernel, filters, inputShape: [9, 9, 1] })] });
export const out = conv.predict(tf.zeros([1, 9, 9, 1]));
const table = 'dense:4|dense:2'.split('|').map((cell) => Object.fromEntries([cell.split(':')]));
for (const { dense } of table) model.add(tf.layers.dense({ units: +dense }));
const MB = 1e6 / 2 ** 18;
export const rounded = tf.zeros([Math.round(MB), Math.trunc(-MB) * -1, Math.abs(-2), Number('4')]);
export { model };
