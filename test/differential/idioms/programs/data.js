// Datasets of every kind: array, zip, iterators, for await, csv-like rows, shuffles and prefetches, toArray.
import * as tf from '@tensorflow/tfjs';

const rows = [
  { height: 1, width: 2, label: 0 },
  { height: 3, width: 4, label: 1 },
  { height: 5, width: 6, label: 1 },
];
const FEATURES = ['height', 'width'];
const xs = tf.tensor2d(rows.map((row) => FEATURES.map((name) => row[name])));
const ys = tf.tensor1d(rows.map(({ label }) => label)).expandDims(1);
export const normalized = xs.sub(xs.min(0)).div(xs.max(0).sub(xs.min(0)));

const features = tf.data.array(rows).map((row) => tf.tensor1d(FEATURES.map((name) => row[name])));
const labels = tf.data.array(rows).map(({ label }) => tf.scalar(label));
const dataset = tf.data.zip({ xs: features, ys: labels }).shuffle(3).repeat(2).take(4).prefetch(1).batch(2);

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [FEATURES.length] })] });
model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });
async function main() {
  await model.fitDataset(dataset, { epochs: 1, verbose: 0 });
  const iterator = await dataset.iterator();
  const { value } = await iterator.next();
  const first = value.xs.mul(2);
  const list = await features.toArray();
  const stacked = tf.stack(list);
  await tf.data.array([xs, xs]).forEachAsync((t) => {
    t.sum(0);
  });
  return [first, stacked, ys.sub(model.predict(xs))];
}
export const done = main();
