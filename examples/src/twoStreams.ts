// Two views of one recording, joined: the spectrogram goes through convolutions, the envelope through a recurrent layer.
import * as tf from '@tensorflow/tfjs';

const FRAMES = 40;
const BANDS = 32;

function spectrogramStream(): { input: tf.SymbolicTensor; output: tf.SymbolicTensor } {
  const input = tf.input({ shape: [FRAMES, BANDS, 1], name: 'spectrogram' });
  const convolved = tf.layers.conv2d({ filters: 8, kernelSize: [5, 3], activation: 'relu' }).apply(input);
  const pooled = tf.layers.maxPooling2d({ poolSize: [2, 2] }).apply(convolved) as tf.SymbolicTensor;
  const [, frames, bands, channels] = pooled.shape as number[];
  const output = tf.layers.reshape({ targetShape: [frames!, bands! * channels!] }).apply(pooled);
  return { input, output: output as tf.SymbolicTensor };
}

function envelopeStream(): { input: tf.SymbolicTensor; output: tf.SymbolicTensor } {
  const input = tf.input({ shape: [FRAMES, 1], name: 'envelope' });
  const output = tf.layers.gru({ units: 16, returnSequences: true }).apply(input);
  return { input, output: output as tf.SymbolicTensor };
}

export function buildModel(): tf.LayersModel {
  const streams = [spectrogramStream(), envelopeStream()];
  // Planted misuse (NL006): 18 frames are left of one stream and 40 of the other; tfjs throws when this runs.
  const joined = tf.layers.concatenate({ axis: -1 }).apply(streams.map((stream) => stream.output));
  const summary = tf.layers.lstm({ units: 24 }).apply(joined);
  const score = tf.layers.dense({ units: 1, activation: 'sigmoid' }).apply(summary) as tf.SymbolicTensor;
  return tf.model({ inputs: streams.map((stream) => stream.input), outputs: score });
}

export async function main() {
  buildModel().summary();
}
