// A GAN in a class: two models, a combined one with frozen parts, label smoothing, noise of any size.
import * as tf from '@tensorflow/tfjs';

const LATENT = 16;
class Gan {
  constructor({ side = 8, channels = 1 } = {}) {
    this.shape = [side, side, channels];
    this.discriminator = this.buildDiscriminator();
    this.discriminator.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
    this.generator = this.buildGenerator();
    this.combined = this.combine();
  }
  buildGenerator() {
    const [side, , channels] = this.shape;
    const base = side / 4;
    const g = tf.sequential({ name: 'generator' });
    g.add(tf.layers.dense({ units: base * base * 12, inputShape: [LATENT] }));
    g.add(tf.layers.batchNormalization());
    g.add(tf.layers.leakyReLU({ alpha: 0.2 }));
    g.add(tf.layers.reshape({ targetShape: [base, base, 12] }));
    for (const filters of [8, channels]) {
      g.add(tf.layers.conv2dTranspose({ filters, kernelSize: 5, strides: 2, padding: 'same' }));
      if (filters !== channels) g.add(tf.layers.batchNormalization());
    }
    g.add(tf.layers.activation({ activation: 'tanh' }));
    return g;
  }
  buildDiscriminator() {
    const input = tf.input({ shape: this.shape });
    const trunk = [8, 16].reduce(
      (h, filters) =>
        tf.layers.leakyReLU().apply(tf.layers.conv2d({ filters, kernelSize: 3, strides: 2, padding: 'same' }).apply(h)),
      input,
    );
    const score = tf.layers.dense({ units: 1, activation: 'sigmoid' }).apply(tf.layers.flatten().apply(trunk));
    return tf.model({ inputs: input, outputs: score });
  }
  combine() {
    const noise = tf.input({ shape: [LATENT] });
    this.discriminator.trainable = false;
    const model = tf.model({ inputs: noise, outputs: this.discriminator.apply(this.generator.apply(noise)) });
    model.compile({ optimizer: tf.train.adam(2e-4, 0.5), loss: 'binaryCrossentropy' });
    return model;
  }
  sample(n) {
    return tf.tidy(() =>
      this.generator
        .predict(tf.randomNormal([n, LATENT]))
        .add(1)
        .div(2),
    );
  }
  async step(real) {
    const n = real.shape[0];
    const fake = this.generator.predict(tf.randomNormal([n, LATENT]));
    const x = tf.concat([real, fake]);
    const y = tf.tidy(() => tf.concat([tf.fill([n, 1], 0.9), tf.zeros([n, 1])]));
    this.discriminator.trainable = true;
    await this.discriminator.trainOnBatch(x, y);
    this.discriminator.trainable = false;
    return this.combined.trainOnBatch(tf.randomNormal([n * 2, LATENT]), tf.ones([n * 2, 1]));
  }
}
const gan = new Gan({ side: 8 });
export const samples = gan.sample(3);
export const done = gan.step(tf.ones([4, 8, 8, 1]));
