// Optional `training` parameters: in functions, in methods, in layers of one's own.
import * as tf from '@tensorflow/tfjs';

class Noisy extends tf.layers.Layer {
  static className = 'Noisy';
  constructor({ scale = 0.1, ...config } = {}) {
    super(config);
    this.scale = scale;
  }
  build(inputShape) {
    this.gain = this.addWeight('gain', [inputShape[inputShape.length - 1]], 'float32', tf.initializers.ones());
    super.build(inputShape);
  }
  computeOutputShape(inputShape) {
    return inputShape;
  }
  call(inputs, { training = false } = {}) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const noisy = training ? x.add(tf.randomNormal(x.shape, 0, this.scale)) : x;
    return noisy.mul(this.gain.read());
  }
  getConfig() {
    return { ...super.getConfig(), scale: this.scale };
  }
}
tf.serialization.registerClass(Noisy);

const input = tf.input({ shape: [8] });
const h = new Noisy({ scale: 0.2, name: 'noisy' }).apply(tf.layers.dense({ units: 4 }).apply(input));
export const model = tf.model({ inputs: input, outputs: h });

function forward(x, { training = false } = {}) {
  const kwargs = training ? { training } : undefined;
  return model.apply(x, kwargs);
}
const x = tf.randomNormal([5, 8]);
export const trained = forward(x, { training: true });
export const used = forward(x);
const dropout = tf.layers.dropout({ rate: 0.5 });
const drop = (t, training) => dropout.apply(t, { training });
export const dropped = drop(x, true).sum(1);
