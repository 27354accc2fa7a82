// Two hundred and fifty-seven samples in batches of sixty-four: one is left over, in every epoch.
import * as tf from '@tensorflow/tfjs';

const settings = {
  samples: 257,
  batchSize: 64,
  epochs: 8,
  learningRate: 1e-3,
};

function denseBlock(units, options) {
  return [
    tf.layers.dense({ units, useBias: false, ...options }),
    // Planted misuse (NL201): the last batch holds one sample: its variance is 0 and its output is beta, whatever it was.
    tf.layers.batchNormalization({ momentum: 0.9 }),
    tf.layers.reLU(),
  ];
}

export function createAutoencoder(features = 30, code = 6) {
  return tf.sequential({
    layers: [
      ...denseBlock(code, { inputShape: [features] }),
      tf.layers.dense({ units: features, activation: 'sigmoid' }),
    ],
  });
}

export async function main() {
  const { samples, batchSize, epochs, learningRate } = settings;
  const model = createAutoencoder();
  model.compile({ optimizer: tf.train.adam(learningRate), loss: 'meanSquaredError' });
  const data = tf.randomUniform([samples, 30]);
  await model.fit(data, data, { batchSize, epochs, shuffle: true });
  return model;
}
