// Builders with return this, chained; a fluent class over a sequential and one over symbolic tensors.
import * as tf from '@tensorflow/tfjs';

class Builder {
  constructor() {
    this.layers = [];
  }
  input(...shape) {
    this.inputShape = shape;
    return this;
  }
  add(layer) {
    this.layers.push(layer);
    return this;
  }
  conv(filters, kernelSize = 3) {
    return this.add(tf.layers.conv2d({ filters, kernelSize, ...this.#first() })).add(tf.layers.reLU());
  }
  pool(size = 2) {
    return this.add(tf.layers.maxPooling2d({ poolSize: size }));
  }
  repeat(times, f) {
    for (let i = 0; i < times; i += 1) f(this, i);
    return this;
  }
  when(condition, f) {
    return condition ? f(this) : this;
  }
  #first() {
    return this.layers.length === 0 ? { inputShape: this.inputShape } : {};
  }
  build() {
    const model = tf.sequential();
    this.layers.forEach((layer) => {
      model.add(layer);
    });
    return model;
  }
}

export const model = new Builder()
  .input(28, 28, 1)
  .conv(8)
  .repeat(2, (b, i) => b.conv(8 + 4 * i).pool())
  .when(true, (b) => b.add(tf.layers.flatten()))
  .when(false, (b) => b.add(tf.layers.dense({ units: 99 })))
  .add(tf.layers.dense({ units: 10 }))
  .build();

const graph = (tensor) => ({
  tensor,
  dense: (units) => graph(tf.layers.dense({ units }).apply(tensor)),
  norm: () => graph(tf.layers.batchNormalization().apply(tensor)),
  model: (inputs) => tf.model({ inputs, outputs: tensor }),
});
const start = tf.input({ shape: [9] });
export const chained = graph(start).dense(5).norm().dense(2).model(start);
