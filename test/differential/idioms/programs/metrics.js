// What comes back: evaluate with and without metrics, history, layer and tensor properties, values read back.
import * as tf from '@tensorflow/tfjs';

const model = tf.sequential();
model.add(tf.layers.dense({ units: 4, inputShape: [3], name: 'first' }));
model.add(tf.layers.dense({ units: 2, activation: 'softmax' }));
model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
const x = tf.ones([8, 3]);
const y = tf.oneHot(tf.zeros([8], 'int32'), 2);
const [loss, accuracy] = model.evaluate(x, y);
export const both = tf.stack([loss, accuracy]);

const plain = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] });
plain.compile({ optimizer: tf.train.sgd(0.1), loss: tf.losses.meanSquaredError });
export const scalar = plain.evaluate(x, tf.zeros([8, 1])).expandDims();

export const copy = tf.zeros(model.getLayer('first').getWeights()[0].shape);
export const wide = tf.zeros([model.inputs[0].shape[1], model.layers[0].units ?? 1]);
export const same = tf.zeros(x.shape).add(tf.fill([x.rank], x.size).slice(0, 1));
const rows = x.arraySync();
export const back = tf.tensor2d(rows);
export const half = tf.tensor2d(rows.slice(0, rows.length / 2));
export const doubled = tf.tensor(rows.map((row) => row.concat(row)));
export const flat = tf.tensor1d(x.dataSync());
export const reshaped = tf.tensor(Array.from(x.dataSync()), [4, 6]);
async function main() {
  const values = await x.data();
  const list = await y.array();
  await plain.fit(x, tf.zeros([8, 1]), { epochs: 2, batchSize: 4 });
  return [tf.tensor(values, [2, 12]), tf.tensor2d(list)];
}
export const done = main();
