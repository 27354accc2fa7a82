import { beforeAll, describe, expect, it } from 'vitest';
import {
  dropoutVarianceRatio,
  initialShare,
  normalizedPair,
  RELU_MOMENTS,
  residualBatch,
  runningMeanNoise,
  runningVarianceScale,
  stepsToForget,
  trainingSamples,
  trainingSteps,
  varianceNoise,
} from '../../../src/analyzer/rules/formulas';
import { batchNorm, mean, randomFrom, tf, useCpu, variance } from './oracle';

beforeAll(useCpu);

describe('what TensorFlow.js does, and the formulas that say it', () => {
  it('gives β for every input and no gradient where one value shares a mean', () => {
    const { layer, train } = batchNorm([1, 3], { betaInitializer: tf.initializers.constant({ value: 0.7 }) });
    for (const x of [
      [1, 2, 3],
      [-50, 0, 1e4],
    ]) {
      expect(Array.from(train(tf.tensor2d([x])).dataSync())).toEqual([0.7, 0.7, 0.7].map(Math.fround));
    }
    const gradient = tf.grad((x) => (layer.apply(x, { training: true }) as tf.Tensor).square().sum())(
      tf.tensor2d([[1, 2, 3]]),
    );
    expect(Array.from(gradient.dataSync()).map(Math.abs)).toEqual([0, 0, 0]);
  });

  it.each([0.01, 0.3, 1, 40])('leaves only the sign of two values that lie %d apart', (distance) => {
    const { train } = batchNorm([2, 1], { epsilon: 1e-3 });
    const [low, high] = train(tf.tensor2d([[5], [5 + distance]])).dataSync();
    expect(high).toBeCloseTo(normalizedPair(distance, 1e-3), 3);
    expect(low).toBeCloseTo(-normalizedPair(distance, 1e-3), 3);
  });

  it.each([2, 4, 8, 16, 32, 128])('estimates a variance from m = %d values with a deviation of √(2/(m−1))', (m) => {
    const random = randomFrom(m);
    // One channel is one experiment: the unbiased estimate is m/(m−1) of what tf.moments gives.
    const channels = Math.min(20000, Math.floor(5e5 / m));
    const x = tf.tensor2d(random.normals(m * channels), [m, channels]);
    const estimates = Array.from(tf.moments(x, 0).variance.dataSync(), (v) => (v * m) / (m - 1));
    const measured = Math.sqrt(variance(estimates)) / mean(estimates);
    expect(measured / varianceNoise(m)).toBeGreaterThan(0.95);
    expect(measured / varianceNoise(m)).toBeLessThan(1.05);
  });

  it.each([
    [0.99, 3],
    [0.99, 100],
    [0.9, 12],
  ])('keeps momentum^k of the initial statistics: %d after %d steps', (momentum, steps) => {
    const { train, weight } = batchNorm([4, 1], { momentum });
    const x = tf.tensor2d([[10], [12], [8], [10]]);
    for (let i = 0; i < steps; i += 1) train(x).dispose();
    // running = share · initial + (1 − share) · batch, from mean 0 and variance 1 to mean 10 and variance 2.
    expect(1 - (weight('moving_mean')[0] ?? 0) / 10).toBeCloseTo(initialShare(momentum, steps), 4);
    expect(2 - (weight('moving_variance')[0] ?? 0)).toBeCloseTo(initialShare(momentum, steps), 4);
  });

  it('names the first step count that forgets the initial statistics', () => {
    for (const [share, steps] of [
      [0.05, 299],
      [0.01, 459],
    ] as const) {
      expect(stepsToForget(0.99, share)).toBe(steps);
      expect(initialShare(0.99, steps)).toBeLessThanOrEqual(share);
      expect(initialShare(0.99, steps - 1)).toBeGreaterThan(share);
    }
  });

  it('evaluates far from what it trained after three steps', async () => {
    const random = randomFrom(7);
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 8, inputShape: [4], kernelInitializer: tf.initializers.glorotUniform({ seed: 3 }) }),
        tf.layers.batchNormalization(),
        tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 4 }) }),
      ],
    });
    model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
    const x = tf.tensor2d(
      random.normals(96 * 4).map((v) => 50 * v + 100),
      [96, 4],
    );
    const y = tf.tensor2d(random.normals(96), [96, 1]);
    const { history } = await model.fit(x, y, { epochs: 1, batchSize: 32, verbose: 0 });
    const evaluated = (model.evaluate(x, y, { verbose: 0 }) as tf.Scalar).dataSync()[0] ?? 0;
    expect(evaluated / Number(history.loss?.[0])).toBeGreaterThan(50);
  });

  it.each([0.1, 0.99])('makes a running mean as noisy as √((1−μ)/(1+μ))/√m at momentum %d', (momentum) => {
    const random = randomFrom(11);
    const channels = 1500;
    const m = 4;
    const { train, weight } = batchNorm([m, channels], { momentum });
    const steps = momentum > 0.9 ? 350 : 20;
    for (let i = 0; i < steps; i += 1)
      tf.tidy(() => void train(tf.tensor2d(random.normals(m * channels), [m, channels])));
    const measured = Math.sqrt(variance(weight('moving_mean')));
    expect(measured / runningMeanNoise(momentum, m)).toBeGreaterThan(0.95);
    expect(measured / runningMeanNoise(momentum, m)).toBeLessThan(1.05);
  });

  it('makes PyTorch’s 0.1 about 12.8 times noisier than 0.99', () => {
    expect(runningMeanNoise(0.1, 1) / runningMeanNoise(0.99, 1)).toBeCloseTo(12.8, 1);
  });

  it.each([
    [2, 0.9, 3],
    [4, 0.6, 2],
    [8, 0.95, 1],
  ])(
    'scales a running variance by the formula: batches of %d, momentum %d, %d full ones and a last of one',
    (batch, momentum, q) => {
      const random = randomFrom(13);
      const channels = 1500;
      const { train, weight } = batchNorm([batch, channels], { momentum });
      const epochs = Math.ceil(6 / ((1 - momentum) * (q + 1)));
      const step = (rows: number) =>
        tf.tidy(() => void train(tf.tensor2d(random.normals(rows * channels), [rows, channels])));
      for (let epoch = 0; epoch < epochs; epoch += 1) {
        for (let i = 0; i < q; i += 1) step(batch);
        step(1);
      }
      expect(mean(weight('moving_variance')) / runningVarianceScale(batch, momentum, q)).toBeCloseTo(1, 1);
    },
  );

  it.each([0.2, 0.5])('shifts the variance behind a dropout of %d by s²/((s² + a²)/p − a²)', (rate) => {
    const random = randomFrom(17);
    const x = tf.tensor1d(random.normals(200_000)).relu();
    const dropped = tf.layers.dropout({ rate, seed: 5 }).apply(x, { training: true }) as tf.Tensor;
    const measured = variance(x.dataSync()) / variance(dropped.dataSync());
    expect(measured / dropoutVarianceRatio(1 - rate, RELU_MOMENTS.mean, RELU_MOMENTS.variance)).toBeCloseTo(1, 1);
  });

  it('puts relu of a normal number at mean 1/√(2π) and variance 1/2 − 1/(2π)', () => {
    const values = tf.tensor1d(randomFrom(19).normals(400_000)).relu().dataSync();
    expect(mean(values)).toBeCloseTo(RELU_MOMENTS.mean, 2);
    expect(variance(values)).toBeCloseTo(RELU_MOMENTS.variance, 2);
  });

  it.each([
    [97, 32, 0, 2],
    [100, 32, 0.2, 3],
    [10, 32, 0, 1],
    [65, 16, 0.1, 2],
  ])(
    'counts the steps and the last batch of fit: %d samples, batch %d, validation split %d, %d epochs',
    async (samples, batchSize, validationSplit, epochs) => {
      const sizes: number[] = [];
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      const onBatchEnd = async (_: number, logs?: tf.Logs): Promise<void> => void sizes.push(Number(logs?.size));
      await model.fit(tf.zeros([samples, 1]), tf.zeros([samples, 1]), {
        batchSize,
        epochs,
        validationSplit,
        verbose: 0,
        callbacks: { onBatchEnd },
      });
      const used = trainingSamples(samples, validationSplit);
      expect(sizes).toHaveLength(trainingSteps(used, batchSize, epochs));
      expect(sizes.at(-1)).toBe(residualBatch(used, batchSize) || batchSize);
    },
  );
});
