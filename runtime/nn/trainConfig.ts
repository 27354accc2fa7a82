import { ConfigError } from './configError';
import { type NoiseOptions, paperNoise } from './layers/noise';
import { type NormName, normNames } from './norms';

/** All that a run depends on besides the data: two runs of one config are the same, bit for bit. */
export interface TrainConfig {
  /**
   * mlp: depth × (dense, norm, relu), then dense. cnn: (conv 3 × 3, norm, relu, max pool), then depth − 1 times
   * (conv 3 × 3 with strides 2, norm, relu), then dense; a digit's side goes 14 → 7 → 4 → 2 → 1.
   */
  readonly model: 'mlp' | 'cnn';
  readonly norm: NormName;
  /** Hidden layers that a norm follows. */
  readonly depth: number;
  /** Units of a hidden dense layer, or filters of the first convolution (of the second twice, of the others four times as many). */
  readonly width: number;
  readonly batchSize: number;
  readonly optimizer: 'sgd' | 'adam';
  /** As used at batch size 32 when `scaleLearningRate`, else as it is. */
  readonly learningRate: number;
  /** Multiplies the rate by batchSize / 32 (Goyal et al. 2017; as Wu & He 2018, section 4.1, compare batch sizes). */
  readonly scaleLearningRate: boolean;
  /** 'cosine' falls from the learning rate to 0 over all epochs (Loshchilov & Hutter 2017, without restarts). */
  readonly schedule: 'constant' | 'cosine';
  /** Of SGD. */
  readonly momentum: number;
  readonly epochs: number;
  /** At most so many samples to train on; undefined takes all. */
  readonly trainSamples: number | undefined;
  readonly epsilon: number;
  /** How much a running statistic keeps of itself in a step: Keras's `momentum`. */
  readonly normMomentum: number;
  /** Of group norm. */
  readonly groups: number;
  /** Samples that share statistics in ghost batch norm. */
  readonly ghostBatchSize: number;
  /** Simulated replicas of sync batch norm, which share the batch evenly. */
  readonly replicas: number;
  /** Noise behind every norm (Santurkar et al. 2018), or none. */
  readonly noise: NoiseOptions | undefined;
  readonly seed: number;
}

export const defaultConfig: TrainConfig = {
  model: 'cnn',
  norm: 'batch',
  depth: 4,
  width: 8,
  batchSize: 32,
  optimizer: 'sgd',
  learningRate: 0.05,
  scaleLearningRate: true,
  schedule: 'cosine',
  momentum: 0.9,
  epochs: 3,
  trainSamples: undefined,
  epsilon: 1e-5,
  normMomentum: 0.9,
  groups: 4,
  ghostBatchSize: 8,
  replicas: 2,
  noise: undefined,
  seed: 1,
};

const whole = (low: number) => (value: unknown) => Number.isInteger(value) && (value as number) >= low;
const between = (low: number, high: number) => (value: unknown) =>
  typeof value === 'number' && value >= low && value <= high;

const oneOf =
  (...choices: readonly string[]) =>
  (value: unknown) =>
    choices.includes(value as string);

const isNoise = (value: unknown): boolean =>
  value === undefined ||
  Object.keys(paperNoise).every((key) => Number.isFinite((value as Record<string, unknown> | null)?.[key]));

/** What each property has to be: a config may come from a link or a saved state. */
const limits: readonly [keyof TrainConfig, (value: unknown) => boolean, string][] = [
  ['model', oneOf('mlp', 'cnn'), 'mlp or cnn'],
  ['norm', oneOf(...normNames), `one of ${normNames.join(', ')}`],
  ['optimizer', oneOf('sgd', 'adam'), 'sgd or adam'],
  ['schedule', oneOf('constant', 'cosine'), 'constant or cosine'],
  ['depth', whole(1), 'a whole number from 1'],
  ['width', whole(1), 'a whole number from 1'],
  ['batchSize', whole(1), 'a whole number from 1'],
  ['epochs', whole(1), 'a whole number from 1'],
  ['groups', whole(1), 'a whole number from 1'],
  ['ghostBatchSize', whole(1), 'a whole number from 1'],
  ['replicas', whole(1), 'a whole number from 1'],
  ['trainSamples', (value) => value === undefined || whole(1)(value), 'a whole number from 1, or nothing'],
  ['noise', isNoise, `nothing, or numbers ${Object.keys(paperNoise).join(', ')}`],
  ['learningRate', between(0, Number.MAX_VALUE), 'a number from 0'],
  ['momentum', between(0, 1), 'a number from 0 to 1'],
  ['normMomentum', between(0, 1), 'a number from 0 to 1'],
  ['epsilon', between(Number.MIN_VALUE, Number.MAX_VALUE), 'a number above 0'],
  ['seed', Number.isInteger, 'a whole number'],
];

/**
 * The defaults with some changes.
 *
 * @throws ConfigError for an unknown choice or a number that is out of range
 */
export function trainConfig(changes: Partial<TrainConfig> = {}): TrainConfig {
  const config = { ...defaultConfig, ...changes };
  for (const [property, holds, expected] of limits) {
    if (!holds(config[property])) throw new ConfigError(property, expected, config[property]);
  }
  return config;
}

/** The learning rate of one step (counted from 0). */
export function learningRateAt(config: TrainConfig, step: number, totalSteps: number): number {
  const peak = config.learningRate * (config.scaleLearningRate ? config.batchSize / 32 : 1);
  return config.schedule === 'constant' ? peak : (peak / 2) * (1 + Math.cos(Math.PI * Math.min(1, step / totalSteps)));
}
