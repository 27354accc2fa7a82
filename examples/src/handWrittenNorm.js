// Norms that tfjs lacks, written from tf.moments as custom layers: an instance norm for pictures and a norm for
// sequences. Both have learnable scale and shift.
import * as tf from '@tensorflow/tfjs';

class InstanceNormalization extends tf.layers.Layer {
  constructor(config = {}) {
    super(config);
    this.epsilon = config.epsilon ?? 1e-5;
  }

  build(inputShape) {
    const channels = inputShape[inputShape.length - 1];
    this.gamma = this.addWeight('gamma', [channels], 'float32', tf.initializers.ones());
    this.beta = this.addWeight('beta', [channels], 'float32', tf.initializers.zeros());
    super.build(inputShape);
  }

  call(inputs) {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const { mean, variance } = tf.moments(x, [1, 2], true);
      const normalized = x.sub(mean).div(variance.add(this.epsilon).sqrt());
      return normalized.mul(this.gamma.read()).add(this.beta.read());
    });
  }

  computeOutputShape(inputShape) {
    return inputShape;
  }

  getConfig() {
    return { ...super.getConfig(), epsilon: this.epsilon };
  }

  static get className() {
    return 'InstanceNormalization';
  }
}
tf.serialization.registerClass(InstanceNormalization);

class FeatureNormalization extends tf.layers.Layer {
  build(inputShape) {
    this.gain = this.addWeight('gain', [inputShape[2]], 'float32', tf.initializers.ones());
    super.build(inputShape);
  }

  call(inputs) {
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0] : inputs;
      const { mean, variance } = tf.moments(x, -1);
      const deviation = variance.add(1e-5).sqrt();
      // Planted misuse (NL111): without keepDims the time axis of the mean lands on the features: equal sizes hide it.
      const centred = x.sub(mean);
      return centred.div(deviation.expandDims(-1)).mul(this.gain.read());
    });
  }

  computeOutputShape(inputShape) {
    return inputShape;
  }

  static get className() {
    return 'FeatureNormalization';
  }
}
tf.serialization.registerClass(FeatureNormalization);

/** A picture becomes a picture, in another style. */
export function buildStylizer() {
  const image = tf.input({ shape: [32, 32, 3] });
  const layers = [
    tf.layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same' }),
    new InstanceNormalization(),
    tf.layers.reLU(),
    tf.layers.conv2d({ filters: 16, kernelSize: 3, strides: 2, padding: 'same' }),
    new InstanceNormalization({ epsilon: 1e-4 }),
    tf.layers.reLU(),
    tf.layers.upSampling2d({ size: [2, 2] }),
    tf.layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'sigmoid' }),
  ];
  return tf.model({ inputs: image, outputs: layers.reduce((x, layer) => layer.apply(x), image) });
}

/** Sixteen steps of sixteen features: the two sizes that hide the mistake above. */
export function buildSequenceModel({ steps = 16, features = 16 } = {}) {
  const model = tf.sequential();
  model.add(tf.layers.conv1d({ inputShape: [steps, 4], filters: features, kernelSize: 3, padding: 'same' }));
  model.add(new FeatureNormalization());
  model.add(tf.layers.globalMaxPooling1d());
  model.add(tf.layers.dense({ units: 1 }));
  return model;
}

export async function main() {
  const styled = buildStylizer().predict(tf.randomUniform([2, 32, 32, 3]));
  const scores = buildSequenceModel().predict(tf.randomNormal([16, 16, 4]));
  return { styled, scores };
}
