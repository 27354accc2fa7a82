// Async set-up: await in sequence, Promise.all, then-chains, async methods and lazy initialisation.
import * as tf from '@tensorflow/tfjs';

class Service {
  model = null;
  async init(units) {
    await tf.ready();
    const [model, scale] = await Promise.all([this.load(units), this.scale()]);
    this.model = model;
    this.factor = scale;
    return this;
  }
  async load(units) {
    return tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [5] })] });
  }
  scale() {
    return Promise.resolve(tf.scalar(2));
  }
  async run(x) {
    if (!this.model) await this.init(3);
    return this.model.predict(x).mul(this.factor);
  }
}
async function main() {
  const service = await new Service().init(3);
  const y = await service.run(tf.ones([6, 5]));
  const lazy = await new Service().run(tf.ones([6, 5]));
  return tf.concat([y.sum(1), lazy.sum(1)]);
}
export const done = main();
export const chained = Promise.resolve(tf.ones([4, 4]))
  .then((t) => t.slice([0, 0], [2, 4]))
  .then(async (t) => t.transpose())
  .finally(() => {});
(async () => {
  const t = await chained;
  t.mean(0);
})();
