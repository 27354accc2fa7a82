// Pixels to predictions: resize, normalise, expand, batch, crop, softmax, topk, masks.
import * as tf from '@tensorflow/tfjs';

const SIZE = 24;
const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];
const pixels = tf.randomUniform([37, 51, 3], 0, 255, 'int32');

function preprocess(image) {
  return tf.tidy(() => {
    const [h, w] = image.shape;
    const side = Math.min(h, w);
    const top = Math.floor((h - side) / 2);
    const left = Math.floor((w - side) / 2);
    const square = image.slice([top, left, 0], [side, side, 3]);
    const resized = tf.image.resizeBilinear(square, [SIZE, SIZE]).toFloat().div(255);
    return resized.sub(tf.tensor1d(MEAN)).div(STD).expandDims(0);
  });
}
const model = tf.sequential({
  layers: [
    tf.layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, inputShape: [SIZE, SIZE, 3], activation: 'relu' }),
    tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }),
    tf.layers.dense({ units: 7, activation: 'softmax' }),
  ],
});
const batch = tf.concat([
  preprocess(pixels),
  preprocess(tf.image.flipLeftRight(pixels.expandDims(0).toFloat()).squeeze([0])),
]);
const logits = model.predict(batch);
export const { values, indices } = tf.topk(logits, 3);
export const rows = tf.unstack(logits).map((row) => row.argMax());
export const best = tf.stack(rows);
const mask = logits.greater(0.1).cast('float32');
export const kept = tf.where(mask.cast('bool'), logits, tf.zerosLike(logits)).sum(1, true).tile([1, 2]);
export const boxes = tf.image.cropAndResize(batch, [[0, 0, 1, 1]], [0], [8, 8]).mean([1, 2]);
