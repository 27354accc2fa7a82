// Residual batches: where they are known, callbacks meet them; where they may be anywhere, nothing false is said.
import * as tf from '@tensorflow/tfjs';

const numbers = tf.data.array([1, 2, 3, 4, 5, 6, 7]);
const rows = tf.data.array([
  { x: tf.zeros([3]), y: 1 },
  { x: tf.ones([3]), y: 2 },
  { x: tf.ones([3]), y: 3 },
]);

async function main() {
  const sums = [];
  await numbers.batch(3).forEachAsync((t) => sums.push(t.square()));
  await numbers
    .map((n) => tf.fill([2, 2], n))
    .batch(2)
    .map((t) => t.reshape([t.shape[0], 4]))
    .forEachAsync((t) => sums.push(t.mean(0)));
  await numbers.batch(3, false).forEachAsync((t) => sums.push(t.abs()));
  await numbers.batch(10).forEachAsync((t) => sums.push(t.neg()));
  await numbers
    .batch(3)
    .take(2)
    .forEachAsync((t) => sums.push(t.exp()));
  await numbers
    .batch(3)
    .repeat(2)
    .forEachAsync((t) => sums.push(t.sin()));
  await rows.batch(2).forEachAsync(({ x, y }) => sums.push(x.sum(1).add(y)));
  await tf.data
    .zip({ a: numbers.batch(2), b: tf.data.array([1, 2, 3, 4, 5, 6, 7]).batch(2) })
    .forEachAsync(({ a, b }) => sums.push(a.mul(b)));
  for (const t of await numbers.batch(3).toArray()) sums.push(t.cos());
  const [first] = await numbers.batch(4).toArray();
  sums.push(tf.log(first));
  return sums;
}
export const done = main();
