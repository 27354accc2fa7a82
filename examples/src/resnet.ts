// A small ResNet: a table says what the stages look like, a loop builds them.
import * as tf from '@tensorflow/tfjs';

interface Stage {
  filters: number;
  blocks: number;
  strides: number;
}

const stages: readonly Stage[] = [
  { filters: 8, blocks: 2, strides: 1 },
  { filters: 16, blocks: 2, strides: 2 },
  { filters: 32, blocks: 2, strides: 2 },
];

const IMAGE = [32, 32, 3] as const;
const CLASSES = 10;

function norm(name: string) {
  // Planted misuse (NL202): 0.1 is PyTorch's momentum. Here the running statistics become those of the last batch.
  return tf.layers.batchNormalization({ momentum: 0.1, epsilon: 1e-5, name });
}

function convolution(filters: number, strides: number, name: string, kernelSize = 3) {
  return tf.layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false, name });
}

/** Two convolutions around a shortcut; the shortcut is a 1×1 convolution where the shape changes. */
function residualBlock(x: tf.SymbolicTensor, filters: number, strides: number, name: string): tf.SymbolicTensor {
  let shortcut = x;
  if (strides !== 1 || x.shape[3] !== filters) {
    shortcut = convolution(filters, strides, `${name}_shortcut`, 1).apply(x) as tf.SymbolicTensor;
    shortcut = norm(`${name}_shortcut_bn`).apply(shortcut) as tf.SymbolicTensor;
  }
  let y = convolution(filters, strides, `${name}_conv1`).apply(x) as tf.SymbolicTensor;
  y = norm(`${name}_bn1`).apply(y) as tf.SymbolicTensor;
  y = tf.layers.reLU({ name: `${name}_relu1` }).apply(y) as tf.SymbolicTensor;
  y = convolution(filters, 1, `${name}_conv2`).apply(y) as tf.SymbolicTensor;
  y = norm(`${name}_bn2`).apply(y) as tf.SymbolicTensor;
  y = tf.layers.add({ name: `${name}_add` }).apply([y, shortcut]) as tf.SymbolicTensor;
  return tf.layers.reLU({ name: `${name}_relu2` }).apply(y) as tf.SymbolicTensor;
}

export function buildResNet(): tf.LayersModel {
  const image = tf.input({ shape: [...IMAGE], name: 'image' });
  let x = convolution(stages[0]!.filters, 1, 'stem').apply(image) as tf.SymbolicTensor;
  x = norm('stem_bn').apply(x) as tf.SymbolicTensor;
  x = tf.layers.reLU().apply(x) as tf.SymbolicTensor;
  for (const [s, { filters, blocks, strides }] of stages.entries()) {
    for (let b = 0; b < blocks; b += 1) {
      x = residualBlock(x, filters, b === 0 ? strides : 1, `stage${s + 1}_block${b + 1}`);
    }
  }
  x = tf.layers.globalAveragePooling2d({}).apply(x) as tf.SymbolicTensor;
  const logits = tf.layers.dense({ units: CLASSES, activation: 'softmax', name: 'classes' }).apply(x);
  return tf.model({ inputs: image, outputs: logits as tf.SymbolicTensor, name: 'resnet' });
}

export async function main({ epochs = 10, samples = 1024 } = {}) {
  const model = buildResNet();
  model.compile({ optimizer: tf.train.momentum(0.05, 0.9), loss: 'categoricalCrossentropy' });
  const images = tf.randomUniform([samples, ...IMAGE]);
  const labels = tf.oneHot(tf.randomUniform([samples], 0, CLASSES, 'int32'), CLASSES);
  await model.fit(images, labels, { batchSize: 64, epochs });
  return model;
}
