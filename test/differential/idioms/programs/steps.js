// Hand-written training: minimize, variableGrads, a model's losses, metrics over batches, an exponential average.
import * as tf from '@tensorflow/tfjs';

const model = tf.sequential();
model.add(tf.layers.dense({ units: 8, activation: 'relu', inputShape: [6] }));
model.add(tf.layers.batchNormalization());
model.add(tf.layers.dense({ units: 3 }));
const optimizer = tf.train.adam(1e-3);
const data = { x: tf.randomNormal([20, 6]), y: tf.oneHot(tf.range(0, 20, 1, 'int32').mod(tf.scalar(3, 'int32')), 3) };

const BATCH = 5;
const lossOf = (x, y) => tf.losses.softmaxCrossEntropy(y, model.apply(x, { training: true })).mean();
for (let start = 0; start < 20; start += BATCH) {
  const x = data.x.slice([start, 0], [BATCH, 6]);
  const y = data.y.slice([start, 0], [BATCH, 3]);
  optimizer.minimize(() => lossOf(x, y));
}
const { value, grads } = tf.variableGrads(() => lossOf(data.x, data.y));
optimizer.applyGradients(grads);
value.dispose();
const gradient = tf.grad((t) => model.apply(t, { training: true }).sum());
export const norms = gradient(data.x).square().sum(1).sqrt();
export const accuracy = tf.tidy(() => {
  const predicted = model.predict(data.x).argMax(-1);
  return predicted.equal(data.y.argMax(-1)).mean();
});
const average = model.trainableWeights.map((w) => tf.variable(w.read().clone(), false));
average.forEach((v, i) => {
  v.assign(v.mul(0.9).add(model.trainableWeights[i].read().mul(0.1)));
});
export const confusion = tf.math.confusionMatrix(data.y.argMax(-1), model.predict(data.x).argMax(-1), 3);
