// Layers of one's own: attention with several weights, a block of layers, a layer of two inputs, static className getters.
import * as tf from '@tensorflow/tfjs';

class Attention extends tf.layers.Layer {
  constructor(config) {
    super(config);
    this.heads = config.heads;
    this.size = config.size;
  }
  static get className() {
    return 'Attention';
  }
  build(shape) {
    const channels = shape[shape.length - 1];
    const width = this.heads * this.size;
    for (const name of ['query', 'key', 'value'])
      this[name] = this.addWeight(name, [channels, width], 'float32', tf.initializers.glorotUniform());
    this.out = this.addWeight('out', [width, channels], 'float32', tf.initializers.glorotUniform());
    this.built = true;
  }
  computeOutputShape(shape) {
    return shape;
  }
  split(x, weight) {
    const [batch, time] = x.shape;
    const projected = tf.matMul(x.reshape([-1, x.shape[2]]), weight.read());
    return projected.reshape([batch, time, this.heads, this.size]).transpose([0, 2, 1, 3]);
  }
  call(inputs) {
    return tf.tidy(() => {
      const x = inputs[0] ?? inputs;
      const [q, k, v] = [this.query, this.key, this.value].map((w) => this.split(x, w));
      const weights = tf.softmax(tf.matMul(q, k, false, true).div(Math.sqrt(this.size)));
      const joined = tf
        .matMul(weights, v)
        .transpose([0, 2, 1, 3])
        .reshape([-1, this.heads * this.size]);
      return tf.matMul(joined, this.out.read()).reshape(x.shape);
    });
  }
}
class Gate extends tf.layers.Layer {
  static className = 'Gate';
  computeOutputShape(shapes) {
    return shapes[0];
  }
  call([x, gate]) {
    return x.mul(tf.sigmoid(gate));
  }
}
const input = tf.input({ shape: [10, 8] });
const attended = new Attention({ heads: 2, size: 3 }).apply(input);
const gated = new Gate().apply([attended, tf.layers.dense({ units: 8 }).apply(input)]);
const output = tf.layers.dense({ units: 1 }).apply(tf.layers.flatten().apply(gated));
export const model = tf.model({ inputs: input, outputs: output });
export const y = model.predict(tf.randomNormal([4, 10, 8])).squeeze([1]);
