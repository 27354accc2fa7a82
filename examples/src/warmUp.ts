// Fine on paper: a regression that converges within one pass over the data. Then evaluate() says something else.
import * as tf from '@tensorflow/tfjs';

const SAMPLES = 96;
const BATCH = 32;

function createModel(): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.dense({ inputShape: [13], units: 50, useBias: false, kernelInitializer: 'leCunNormal' }));
  // Planted misuse (NL203): three steps move the running statistics by 3 %, so inference still uses their initial values.
  model.add(tf.layers.batchNormalization());
  model.add(tf.layers.activation({ activation: 'elu' }));
  model.add(tf.layers.dense({ units: 1 }));
  model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
  return model;
}

export async function main() {
  const x = tf.randomNormal([SAMPLES, 13], 5, 3);
  const y = x.sum(1, true);
  const model = createModel();
  const history = await model.fit(x, y, { batchSize: BATCH, epochs: 1 });
  const loss = model.evaluate(x, y) as tf.Scalar;
  return { training: history.history.loss, evaluation: loss.dataSync()[0] };
}
