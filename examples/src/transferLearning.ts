// A backbone that is kept as it was, and a new head on top: models made of models.
import * as tf from '@tensorflow/tfjs';

const SIZE = 32;

/** Stands in for a pretrained network: its weights would be loaded here. */
function buildBackbone(): tf.LayersModel {
  const image = tf.input({ shape: [SIZE, SIZE, 3], name: 'image' });
  let x: tf.SymbolicTensor = image;
  for (const filters of [8, 16, 32]) {
    x = tf.layers
      .separableConv2d({ filters, kernelSize: 3, strides: 2, padding: 'same', useBias: false })
      .apply(x) as tf.SymbolicTensor;
    x = tf.layers.batchNormalization({ momentum: 0.9 }).apply(x) as tf.SymbolicTensor;
    x = tf.layers.reLU({ maxValue: 6 }).apply(x) as tf.SymbolicTensor;
  }
  return tf.model({ inputs: image, outputs: x, name: 'backbone' });
}

function buildHead(features: tf.Shape, classes: number): tf.Sequential {
  return tf.sequential({
    name: 'head',
    layers: [
      tf.layers.globalAveragePooling2d({ inputShape: features.slice(1) }),
      tf.layers.dense({ units: 64, activation: 'relu' }),
      tf.layers.dense({ units: classes, activation: 'softmax' }),
    ],
  });
}

export function buildTransferModel(classes = 5): tf.LayersModel {
  const backbone = buildBackbone();
  // Planted misuse (NL206): this keeps the weights, but fit still overwrites the norms' running statistics.
  backbone.trainable = false;

  const features = backbone.outputs[0]!.shape;
  const head = buildHead(features, classes);
  const image = tf.input({ shape: [SIZE, SIZE, 3] });
  const output = head.apply(backbone.apply(image)) as tf.SymbolicTensor;
  return tf.model({ inputs: image, outputs: output, name: 'transfer' });
}

export async function main({ epochs = 10 } = {}) {
  const model = buildTransferModel();
  model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const images = tf.randomUniform([128, SIZE, SIZE, 3]);
  const labels = tf.oneHot(tf.tensor1d(Array.from({ length: 128 }, (_, i) => i % 5), 'int32'), 5);
  await model.fit(images, labels, { batchSize: 32, epochs });
  return model.predict(images.slice([0], [2])) as tf.Tensor2D;
}
