// Batches from generators and datasets, fitDataset, element shapes through map callbacks.
import * as tf from '@tensorflow/tfjs';

const SIZE = 12;
function* samples() {
  for (let i = 0; i < 10; i += 1) yield { xs: tf.ones([SIZE]), ys: tf.tensor1d([i % 2]) };
}
function* batches(count, batchSize) {
  for (let i = 0; i < count; i++) yield [tf.randomNormal([batchSize, SIZE]), tf.zeros([batchSize, 1])];
}
export const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [SIZE] })] });
model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });

async function main() {
  const dataset = tf.data
    .generator(samples)
    .map(({ xs, ys }) => ({ xs: xs.mul(2), ys }))
    .batch(4);
  await model.fitDataset(dataset, { epochs: 1, verbose: 0 });
  for (const [x, y] of batches(2, 6)) {
    const error = model.predict(x).sub(y);
    error.square().mean();
    await model.trainOnBatch(x, y);
  }
  const array = tf.data
    .array([1, 2, 3, 4, 5])
    .map((n) => tf.fill([3], n))
    .batch(2);
  const sums = [];
  await array.forEachAsync((t) => {
    sums.push(t.sum(1));
  });
  return sums;
}
export const done = main();
