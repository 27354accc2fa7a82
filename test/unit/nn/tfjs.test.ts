import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Batches, gather } from '../../../runtime/nn/batches';
import { kernelsFor } from '../../../runtime/nn/kernels';
import { SoftmaxCrossEntropy } from '../../../runtime/nn/losses';
import { buildNetwork } from '../../../runtime/nn/models';
import type { NormName } from '../../../runtime/nn/norms';
import { Adam, Sgd } from '../../../runtime/nn/optimizers';
import { Random } from '../../../runtime/nn/random';
import type { Precision } from '../../../runtime/nn/tensor';
import { type TrainConfig, trainConfig } from '../../../runtime/nn/trainConfig';
import { readDigits, relativeError } from './support';

/**
 * Relative to the largest weight. Ten steps in float32 drift from float64 by up to 1e-6; with Adam by more, since tfjs
 * keeps β₂ᵗ in float32 and 1 − β₂ᵗ is then off by up to 6e-5 in the first steps, which the update halves.
 */
const TOLERANCE = { sgd: 5e-6, adam: 2e-5 };
/** Norms divide by small deviations, which enlarges what float32 drifts. */
const NORM_TOLERANCE = 2e-5;
const STEPS = 10;
const digits = readDigits();

beforeAll(async () => {
  await tf.setBackend('cpu');
});

interface Run {
  readonly losses: readonly number[];
  readonly weights: Readonly<Record<string, Float32Array | Float64Array>>;
}

function ours(config: TrainConfig, precision: Precision): Run & { initial: Run['weights'] } {
  const environment = { precision, kernels: kernelsFor(precision) };
  const streams = { weights: new Random(config.seed), noise: new Random(0) };
  const network = buildNetwork(config, digits.shape, digits.classes, environment, streams);
  const snapshot = () =>
    Object.fromEntries([...network.parameters, ...network.buffers].map(({ name, value }) => [name, value.slice()]));
  const initial = snapshot();
  const { parameters } = network;
  const optimizer = config.optimizer === 'adam' ? new Adam(parameters) : new Sgd(parameters, config.momentum);
  const loss = new SoftmaxCrossEntropy(environment);
  const batches = new Batches(digits.train, config.batchSize, 3);
  const losses = Array.from({ length: STEPS }, () => {
    const { x, labels } = gather(digits.train, digits.shape, batches.next(), precision);
    const result = loss.measure(network.forward(x, 'train'), labels);
    network.backward(result.gradient);
    optimizer.apply(config.learningRate);
    return result.loss;
  });
  return { losses, weights: snapshot(), initial };
}

/** tfjs's norm of the same name; both of its norms keep their variables under other names than ours. */
const norms: Partial<Record<NormName, (config: TrainConfig, name: string) => tf.layers.Layer>> = {
  batch: ({ epsilon, normMomentum: momentum }, name) => tf.layers.batchNormalization({ name, epsilon, momentum }),
  layerChannels: ({ epsilon }, name) => tf.layers.layerNormalization({ name, epsilon }),
};
const ourName = (name: string): string => name.replace('moving_', '');

/** The same network from tfjs's own layers. */
function peer(config: TrainConfig): tf.Sequential {
  const model = tf.sequential();
  const norm = norms[config.norm];
  const useBias = norm === undefined;
  model.add(tf.layers.inputLayer({ inputShape: [...digits.shape] }));
  if (config.model === 'mlp') model.add(tf.layers.flatten());
  for (let index = 1; index <= config.depth; index++) {
    if (config.model === 'mlp') model.add(tf.layers.dense({ name: `dense${index}`, units: config.width, useBias }));
    else {
      const filters = config.width * Math.min(4, 2 ** (index - 1));
      const options = { filters, kernelSize: 3, strides: index === 1 ? 1 : 2, padding: 'same', useBias } as const;
      model.add(tf.layers.conv2d({ name: `conv${index}`, ...options }));
    }
    if (norm) model.add(norm(config, `norm${index}`));
    model.add(tf.layers.reLU());
    if (config.model === 'cnn' && index === 1) model.add(tf.layers.maxPooling2d({ poolSize: 2, strides: 2 }));
  }
  if (config.model === 'cnn') model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ name: 'logits', units: digits.classes }));
  return model;
}

function theirs(config: TrainConfig, initial: Run['weights']): Run {
  const model = peer(config);
  for (const weight of model.weights) {
    const values = initial[ourName(weight.originalName)];
    if (!values) throw new Error(`No ${weight.originalName} among ${Object.keys(initial).join(', ')}.`);
    weight.write(tf.tensor(Float32Array.from(values), weight.shape as number[]));
  }
  const { learningRate, momentum } = config;
  const optimizer =
    config.optimizer === 'adam'
      ? tf.train.adam(learningRate, 0.9, 0.999, 1e-7)
      : tf.train.momentum(learningRate, momentum);
  const batches = new Batches(digits.train, config.batchSize, 3);
  const losses = Array.from({ length: STEPS }, () => {
    const { x, labels } = gather(digits.train, digits.shape, batches.next(), 'float32');
    const cost = optimizer.minimize(() => {
      const logits = model.apply(tf.tensor(x.data as Float32Array, [...x.shape]), { training: true }) as tf.Tensor;
      return tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d(labels, 'int32'), digits.classes), logits).asScalar();
    }, true);
    return cost?.dataSync()[0] as number;
  });
  const weights = Object.fromEntries(
    model.weights.map((weight) => [ourName(weight.originalName), Float32Array.from(weight.read().dataSync())]),
  );
  return { losses, weights };
}

const runs: readonly Partial<TrainConfig>[] = [
  { model: 'mlp', width: 24, optimizer: 'sgd', learningRate: 0.1, momentum: 0.9 },
  { model: 'mlp', width: 24, optimizer: 'sgd', learningRate: 0.1, momentum: 0 },
  { model: 'mlp', width: 24, optimizer: 'adam', learningRate: 0.003 },
  { model: 'cnn', width: 4, optimizer: 'sgd', learningRate: 0.05, momentum: 0.9 },
  { model: 'cnn', width: 4, depth: 3, optimizer: 'adam', learningRate: 0.003 },
  { model: 'mlp', width: 24, norm: 'batch', learningRate: 0.05 },
  { model: 'cnn', width: 4, norm: 'batch', learningRate: 0.05 },
  { model: 'cnn', width: 4, norm: 'layerChannels', learningRate: 0.05 },
];

describe.each(runs.map((run) => [Object.values(run).join(' '), run] as const))(
  '%s, as tfjs from the same weights',
  (_, run) => {
    const config = trainConfig({ norm: 'none', depth: 2, batchSize: 16, ...run });
    const tolerance = config.norm === 'none' ? TOLERANCE[config.optimizer] : NORM_TOLERANCE;
    const precisions: readonly Precision[] = config.norm === 'none' ? ['float32', 'float64'] : ['float32'];
    it.each(precisions)(`loses and learns the same over ${STEPS} batches in %s`, (precision) => {
      const { initial, ...mine } = ours(config, precision);
      const other = theirs(config, initial);
      expect(relativeError(mine.losses, other.losses)).toBeLessThanOrEqual(tolerance);
      expect(mine.losses.at(-1)).not.toBeCloseTo(mine.losses[0] as number, 2);
      expect(Object.keys(mine.weights).sort()).toEqual(Object.keys(other.weights).sort());
      for (const [name, values] of Object.entries(mine.weights)) {
        expect(relativeError(values, other.weights[name] ?? []), name).toBeLessThanOrEqual(tolerance);
      }
    });
  },
);
