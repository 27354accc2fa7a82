// A convolutional network for digits, trained in the page from batches of a dataset.
import * as tf from '@tensorflow/tfjs';

const IMAGE_SIZE = 28;
const NUM_CLASSES = 10;
const BATCH_SIZE = 32;

class DigitModel {
  constructor({ dropout = 0.4 } = {}) {
    this.filters = [8, 16];
    this.dropout = dropout;
    this.model = this.buildModel();
  }

  buildModel() {
    const model = tf.sequential();
    const [first, second] = this.filters;
    model.add(
      tf.layers.conv2d({
        inputShape: [IMAGE_SIZE, IMAGE_SIZE, 1],
        filters: first,
        kernelSize: 5,
        activation: 'relu',
      }),
    );
    model.add(tf.layers.maxPooling2d({ poolSize: [2, 2], strides: [2, 2] }));
    model.add(tf.layers.conv2d({ filters: second, kernelSize: 5, activation: 'relu' }));
    model.add(tf.layers.maxPooling2d({ poolSize: [2, 2], strides: [2, 2] }));
    model.add(tf.layers.dropout({ rate: this.dropout }));
    // Planted misuse (NL207): dropout widens the variance in training only, so these running statistics are too wide.
    model.add(tf.layers.batchNormalization({ momentum: 0.9 }));
    model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ units: NUM_CLASSES, activation: 'softmax' }));
    model.compile({ optimizer: 'adam', loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
    return model;
  }

  async train(images, labels, epochs) {
    return this.model.fit(images, labels, { batchSize: BATCH_SIZE, epochs, validationSplit: 0.2 });
  }

  classify(image) {
    return tf.tidy(() => {
      const batch = image.expandDims(0).div(255);
      return this.model.predict(batch).argMax(-1);
    });
  }
}

export async function main({ samples = 320, epochs = 6 } = {}) {
  const images = tf.randomUniform([samples, IMAGE_SIZE, IMAGE_SIZE, 1]);
  const labels = tf.oneHot(tf.range(0, samples, 1, 'int32').mod(tf.scalar(NUM_CLASSES, 'int32')), NUM_CLASSES);
  const digits = new DigitModel();
  await digits.train(images, labels, epochs);
  return digits.classify(tf.zeros([IMAGE_SIZE, IMAGE_SIZE, 1]));
}
