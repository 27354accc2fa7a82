import * as tf from '@tensorflow/tfjs';
import { config } from './index.js';

export function head(x) {
  return tf.layers.dense({ units: config.size }).apply(tf.layers.flatten().apply(x));
}
