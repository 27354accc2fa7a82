// A U-Net for segmentation, ported from PyTorch by hand.
import * as tf from '@tensorflow/tfjs';

const SIZE = 32;
const DEPTH = 3;
const BASE_FILTERS = 8;

/** Convolution, norm, relu: twice. */
function doubleConvolution(x, filters) {
  for (let i = 0; i < 2; i++) {
    x = tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same', useBias: false }).apply(x);
    // Planted misuse (NL101): in PyTorch channels are axis 1, here they are the last: this normalizes image rows.
    x = tf.layers.batchNormalization({ axis: 1, momentum: 0.9, epsilon: 1e-5 }).apply(x);
    x = tf.layers.activation({ activation: 'relu' }).apply(x);
  }
  return x;
}

const down = (x) => tf.layers.maxPooling2d({ poolSize: 2 }).apply(x);

function up(x, skip, filters) {
  const larger = tf.layers.conv2dTranspose({ filters, kernelSize: 2, strides: 2, padding: 'same' }).apply(x);
  return tf.layers.concatenate().apply([skip, larger]);
}

export function buildUNet({ size = SIZE, depth = DEPTH, filters = BASE_FILTERS, classes = 1 } = {}) {
  const image = tf.input({ shape: [size, size, 3] });
  const skips = [];
  let x = image;
  for (let level = 0; level < depth; level++) {
    x = doubleConvolution(x, filters * 2 ** level);
    skips.push(x);
    x = down(x);
  }
  x = doubleConvolution(x, filters * 2 ** depth);
  for (let level = depth - 1; level >= 0; level--) {
    x = up(x, skips[level], filters * 2 ** level);
    x = doubleConvolution(x, filters * 2 ** level);
  }
  const mask = tf.layers.conv2d({ filters: classes, kernelSize: 1, activation: 'sigmoid', name: 'mask' }).apply(x);
  return tf.model({ inputs: image, outputs: mask, name: 'unet' });
}

export async function main({ epochs = 20 } = {}) {
  const model = buildUNet();
  model.compile({ optimizer: 'adam', loss: 'binaryCrossentropy' });
  const images = tf.randomUniform([64, SIZE, SIZE, 3]);
  const masks = images.mean(-1, true).greater(0.5).toFloat();
  await model.fit(images, masks, { batchSize: 16, epochs });
  return model.predict(images.slice(0, 4));
}
