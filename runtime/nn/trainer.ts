import { Batches, type Dataset, gather, type Samples } from './batches';
import { type Checkpoint, CheckpointError, decodeFloats, encodeFloats } from './checkpoint';
import { ConfigError } from './configError';
import { kernelsFor } from './kernels';
import type { Environment } from './layers/layer';
import { SoftmaxCrossEntropy } from './losses';
import { buildNetwork } from './models';
import type { Network } from './network';
import { Adam, type Optimizer, Sgd } from './optimizers';
import { Random } from './random';
import { type ActivationStatistics, activationStatistics, type HistogramOptions } from './statistics';
import type { Precision } from './tensor';
import { learningRateAt, type TrainConfig, trainConfig } from './trainConfig';

export interface StepResult {
  /** Steps taken, this one included. */
  readonly step: number;
  /** Epochs begun, this one included. */
  readonly epoch: number;
  /** Of this step's batch, before its update. */
  readonly loss: number;
  readonly accuracy: number;
  readonly learningRate: number;
  /** One entry a layer, when asked for. */
  readonly activations?: readonly ActivationStatistics[];
}

export interface Evaluation {
  readonly samples: number;
  readonly loss: number;
  readonly accuracy: number;
  /** 1 − accuracy */
  readonly error: number;
}

export interface TrainerOptions {
  /** float32, if not set; float64 only without a norm, since the runtime's norms are float32. */
  readonly precision?: Precision;
  /** A run to go on with. */
  readonly from?: Checkpoint;
}

const EVALUATION_BATCH = 128;

/**
 * One training run, a step at a time, so that its owner decides when to draw, pause, look or stop.
 *
 * @throws ConfigError for a batch larger than the data, or a norm that the model has no axes for
 * @throws CheckpointError when `from` belongs to another network or is damaged
 */
export class Trainer {
  readonly network: Network;
  readonly totalSteps: number;
  private readonly loss: SoftmaxCrossEntropy;
  private readonly optimizer: Optimizer;
  private readonly batches: Batches;
  private readonly samples: Samples;
  private readonly noise: Random;
  private readonly precision: Precision;
  private taken = 0;

  constructor(
    readonly config: TrainConfig,
    private readonly dataset: Dataset,
    { precision = 'float32', from }: TrainerOptions = {},
  ) {
    const seeds = new Random(config.seed);
    const weights = new Random(seeds.uint32());
    const order = seeds.uint32();
    this.noise = new Random(seeds.uint32());
    this.precision = precision;
    const count = Math.min(dataset.train.count, config.trainSamples ?? dataset.train.count);
    if (config.batchSize > count) throw new ConfigError('batchSize', `at most the ${count} samples`, config.batchSize);
    this.samples = { ...dataset.train, count };
    this.batches = new Batches(this.samples, config.batchSize, from?.batches ?? order);
    this.totalSteps = config.epochs * this.batches.perEpoch;
    const environment: Environment = { precision, kernels: kernelsFor(precision) };
    const streams = { weights, noise: this.noise };
    this.network = buildNetwork(config, dataset.shape, dataset.classes, environment, streams);
    this.loss = new SoftmaxCrossEntropy(environment);
    const { parameters } = this.network;
    this.optimizer = config.optimizer === 'adam' ? new Adam(parameters) : new Sgd(parameters, config.momentum);
    if (from) this.restore(from);
  }

  get stepsTaken(): number {
    return this.taken;
  }

  /** All epochs are done. Going on is allowed; after a cosine schedule the rate stays 0. */
  get finished(): boolean {
    return this.taken >= this.totalSteps;
  }

  /** Draws a batch, runs it forward and backward, and updates the parameters. */
  step(observe?: HistogramOptions): StepResult {
    const { config, dataset, network } = this;
    const { x, labels } = gather(this.samples, dataset.shape, this.batches.next(), this.precision);
    const activations: ActivationStatistics[] = [];
    const logits = network.forward(x, 'train', (layer, output) => {
      if (observe && layer.kind !== 'flatten') activations.push(activationStatistics(layer, output, observe));
    });
    const { loss, correct, gradient } = this.loss.measure(logits, labels);
    network.backward(gradient);
    const learningRate = learningRateAt(config, this.taken, this.totalSteps);
    this.optimizer.apply(learningRate);
    this.taken++;
    const { epoch } = this.batches.position;
    const result = { step: this.taken, epoch: epoch + 1, loss, accuracy: correct / labels.length, learningRate };
    return observe ? { ...result, activations } : result;
  }

  /**
   * Loss and accuracy in inference mode.
   *
   * @param limit at most so many samples (a prefix, which holds the classes evenly)
   */
  evaluate(part: 'test' | 'train' = 'test', limit = Number.POSITIVE_INFINITY): Evaluation {
    const samples = part === 'test' ? this.dataset.test : this.samples;
    const count = Math.min(samples.count, limit);
    let lossSum = 0;
    let correctSum = 0;
    for (let from = 0; from < count; from += EVALUATION_BATCH) {
      const indices = Uint32Array.from({ length: Math.min(EVALUATION_BATCH, count - from) }, (_, i) => from + i);
      const { x, labels } = gather(samples, this.dataset.shape, indices, this.precision);
      const { loss, correct } = this.loss.measure(this.network.forward(x, 'infer'), labels);
      lossSum += loss * labels.length;
      correctSum += correct;
    }
    const accuracy = correctSum / count;
    return { samples: count, loss: lossSum / count, accuracy, error: 1 - accuracy };
  }

  /** All that another trainer needs to go on with this run, bit for bit. */
  checkpoint(): Checkpoint {
    const encode = (entries: readonly { name: string; value: Float32Array | Float64Array }[]) =>
      Object.fromEntries(entries.map(({ name, value }) => [name, encodeFloats(value)]));
    return {
      version: 1,
      precision: this.precision,
      config: this.config,
      step: this.taken,
      batches: this.batches.position,
      noise: this.noise.state,
      parameters: encode(this.network.parameters),
      slots: this.optimizer.slots.map((arrays) => arrays.map(encodeFloats)),
      buffers: encode(this.network.buffers),
    };
  }

  private restore(from: Checkpoint): void {
    if (from.version !== 1 || from.precision !== this.precision) {
      throw new CheckpointError(`Expected version 1 in ${this.precision}, got ${from.version} in ${from.precision}.`);
    }
    for (const { name, value } of this.network.parameters) decodeFloats(value, from.parameters[name], name);
    for (const { name, value } of this.network.buffers) decodeFloats(value, from.buffers[name], name);
    this.optimizer.slots.forEach((arrays, k) => {
      arrays.forEach((array, i) => {
        decodeFloats(array, from.slots[k]?.[i], `slot ${i} of parameter ${k}`);
      });
    });
    this.optimizer.steps = from.step;
    this.noise.state = from.noise;
    this.taken = from.step;
  }
}

/**
 * Goes on with a stopped run.
 *
 * @throws CheckpointError, ConfigError when it is damaged or of another version
 */
export function resume(checkpoint: Checkpoint, dataset: Dataset): Trainer {
  return new Trainer(trainConfig(checkpoint.config), dataset, { precision: checkpoint.precision, from: checkpoint });
}
