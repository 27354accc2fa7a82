import { describe, expect, it } from 'vitest';
import { CheckpointError } from '../../../runtime/nn/checkpoint';
import { ConfigError } from '../../../runtime/nn/configError';
import { paperNoise } from '../../../runtime/nn/layers';
import { ShapeError } from '../../../runtime/nn/tensor';
import { learningRateAt, type TrainConfig, trainConfig } from '../../../runtime/nn/trainConfig';
import { resume, Trainer } from '../../../runtime/nn/trainer';
import { readDigits } from './support';

const digits = readDigits();
const small = { trainSamples: 640, batchSize: 16, width: 8 } as const;
const run = (trainer: Trainer, steps: number) => Array.from({ length: steps }, () => trainer.step().loss);

const variants: readonly Partial<TrainConfig>[] = [
  { model: 'mlp', norm: 'none' },
  { model: 'mlp', norm: 'batch', noise: paperNoise },
  { model: 'cnn', norm: 'batch', optimizer: 'adam', learningRate: 0.003 },
  { model: 'cnn', norm: 'group' },
];

describe('Trainer', () => {
  it.each(variants.map((variant) => [`${variant.model} ${variant.norm}`, variant] as const))(
    'repeats a run bit for bit from its config: %s',
    (_, variant) => {
      const config = trainConfig({ ...small, ...variant });
      const first = new Trainer(config, digits);
      const second = new Trainer(structuredClone(config), digits);
      expect(run(first, 50)).toEqual(run(second, 50));
      expect(first.evaluate()).toEqual(second.evaluate());
      expect(first.checkpoint()).toEqual(second.checkpoint());
    },
  );

  it.each(variants.map((variant) => [`${variant.model} ${variant.norm}`, variant] as const))(
    'goes on from a checkpoint that went through JSON as if it had not stopped: %s',
    (_, variant) => {
      const whole = new Trainer(trainConfig({ ...small, ...variant }), digits);
      run(whole, 55); // stops in the middle of the second epoch of 40 batches
      const stopped = resume(JSON.parse(JSON.stringify(whole.checkpoint())), digits);
      expect(stopped.stepsTaken).toBe(55);
      expect(run(stopped, 40)).toEqual(run(whole, 40));
      expect(stopped.checkpoint()).toEqual(whole.checkpoint());
      expect(stopped.evaluate()).toEqual(whole.evaluate());
    },
  );

  it('takes another course for another seed', () => {
    const losses = [1, 2].map((seed) => run(new Trainer(trainConfig({ ...small, norm: 'none', seed }), digits), 3));
    expect(losses[0]).not.toEqual(losses[1]);
  });

  it('starts every norm from the same weights', () => {
    const first = (norm: TrainConfig['norm']) =>
      new Trainer(trainConfig({ ...small, norm }), digits).network.parameters.find(
        ({ name }) => name === 'conv2/kernel',
      );
    expect(first('batch')?.value).toEqual(first('none')?.value);
    expect(first('group')?.value).toEqual(first('none')?.value);
  });

  it('is not changed by an evaluation or an observation', () => {
    const [watched, alone] = [0, 1].map(() => new Trainer(trainConfig({ ...small, norm: 'batch' }), digits));
    const losses = Array.from({ length: 10 }, () => {
      watched?.evaluate('test', 50);
      watched?.evaluate('train', 50);
      return watched?.step({ bins: 5, low: -1, high: 1 }).loss;
    });
    expect(losses).toEqual(alone && run(alone, 10));
  });

  it("reports each layer's activations when asked, and every value in one bin", () => {
    const trainer = new Trainer(trainConfig({ ...small, norm: 'none' }), digits);
    expect(trainer.step().activations).toBeUndefined();
    const { activations = [] } = trainer.step({ bins: 7, low: -3, high: 3 });
    const names = ['conv1', 'relu1', 'pool', 'conv2', 'relu2', 'conv3', 'relu3', 'conv4', 'relu4', 'logits'];
    expect(activations.map(({ layer }) => layer)).toEqual(names);
    const counts = activations.map(({ histogram }) => histogram.reduce((sum, count) => sum + count, 0));
    const sizes = [14 * 14 * 8, 14 * 14 * 8, 7 * 7 * 8, 4 * 4 * 16, 4 * 4 * 16, 2 * 2 * 32, 2 * 2 * 32, 32, 32, 10];
    expect(counts).toEqual(sizes.map((size) => size * 16));
    expect(activations.find(({ layer }) => layer === 'relu1')?.histogram.slice(0, 3)).toEqual([0, 0, 0]);
  });

  it('counts steps and epochs, and knows when it has finished', () => {
    const trainer = new Trainer(trainConfig({ ...small, model: 'mlp', norm: 'none', epochs: 2 }), digits);
    expect(trainer.totalSteps).toBe(80);
    const epochs = Array.from({ length: 80 }, () => trainer.step().epoch);
    expect(epochs).toEqual([...Array(40).fill(1), ...Array(40).fill(2)]);
    expect(trainer.finished).toBe(true);
  });

  it('evaluates the share of the first samples that the logits get right', () => {
    const trainer = new Trainer(trainConfig({ ...small, model: 'mlp', norm: 'none' }), digits);
    run(trainer, 40);
    const { samples, accuracy, error } = trainer.evaluate('test', 300);
    const x = { shape: [300, 14, 14, 1], data: digits.test.pixels.subarray(0, 300 * 196) };
    const logits = trainer.network.forward(x, 'infer').data;
    const right = Array.from({ length: 300 }, (_, n) => {
      const row = Array.from(logits.subarray(n * 10, n * 10 + 10));
      return row.indexOf(Math.max(...row)) === digits.test.labels[n];
    });
    expect(samples).toBe(300);
    expect(accuracy).toBe(right.filter(Boolean).length / 300);
    expect(error).toBe(1 - accuracy);
  });

  it('refuses a checkpoint of another network, or a damaged one', () => {
    const checkpoint = new Trainer(trainConfig({ ...small, norm: 'none' }), digits).checkpoint();
    const wider = { ...checkpoint, config: { ...checkpoint.config, width: 9 } };
    const cut = { ...checkpoint, parameters: {} };
    const garbled = { ...checkpoint, parameters: { ...checkpoint.parameters, 'conv1/kernel': '*' } };
    expect(() => resume(garbled, digits)).toThrow(/conv1\/kernel: expected base64/);
    expect(() => resume(wider, digits)).toThrow(CheckpointError);
    expect(() => resume(cut, digits)).toThrow(/has no conv1\/kernel/);
    expect(() => new Trainer(checkpoint.config, digits, { precision: 'float64', from: checkpoint })).toThrow(
      CheckpointError,
    );
  });

  it('refuses what cannot be trained, and says what was expected', () => {
    expect(() => trainConfig({ batchSize: 0 })).toThrow(new ConfigError('batchSize', 'a whole number from 1', 0));
    expect(() => trainConfig({ learningRate: Number.NaN })).toThrow(/learningRate: expected a number from 0, got NaN/);
    expect(() => trainConfig({ epsilon: 0 })).toThrow(ConfigError);
    expect(() => trainConfig({ noise: { ...paperNoise, meanSpread: Number.NaN } })).toThrow(
      /noise: expected nothing, or/,
    );
    const link = JSON.parse('{"norm":"constructor"}');
    expect(() => trainConfig(link)).toThrow(/norm: expected one of none, batch, .*, got constructor/);
    expect(() => new Trainer(trainConfig({ trainSamples: 8, batchSize: 9 }), digits)).toThrow(/at most the 8 samples/);
    const flat = { ...digits, shape: [196] };
    expect(() => new Trainer(trainConfig({ model: 'cnn', norm: 'none' }), flat)).toThrow(ShapeError);
  });

  it('scales the learning rate with the batch and lets it fall along half a cosine', () => {
    const config = trainConfig({ learningRate: 0.1, batchSize: 64 });
    expect(learningRateAt(config, 0, 100)).toBeCloseTo(0.2, 12);
    expect(learningRateAt(config, 50, 100)).toBeCloseTo(0.1, 12);
    expect(learningRateAt(config, 100, 100)).toBeCloseTo(0, 12);
    expect(learningRateAt({ ...config, schedule: 'constant', scaleLearningRate: false }, 70, 100)).toBe(0.1);
  });
});
