/** What several scenes share: the layer that all of them look at. */
import { choice, everyStop, integer, real, type SceneName, setOf, wholeStops } from '../property';

/** Every scene, in the order of the tabs. */
export const SCENES: Readonly<Record<SceneName, string>> = {
  axes: 'Axes',
  batch: 'Batch',
  coupling: 'Coupling',
  train: 'Train',
  style: 'Style',
  code: 'Your code',
};

/** The norms whose sets can be drawn. The names are those of the trainer. */
export const NORMS = {
  batch: 'Batch norm',
  layer: 'Layer norm',
  layerChannels: 'Layer norm over channels',
  instance: 'Instance norm',
  group: 'Group norm',
  rms: 'RMS norm',
  ghostBatch: 'Ghost batch norm',
  filterResponse: 'Filter response norm',
  pixel: 'Pixel norm',
} as const;

export type NormName = keyof typeof NORMS;

/** Slider positions near 1, where momentum lives. */
const MOMENTA = [0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999];
const EPSILONS = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1];

/** Small sizes one by one, larger ones by halves. */
const dims = (max: number): readonly number[] => [...everyStop(1, 16), ...wholeStops(24, max)];

export const shared = {
  scene: choice({ label: 'Scene', options: SCENES, default: 'axes', scenes: ['code'] }),
  data: choice({
    label: 'Input',
    help: 'What a sample is: a picture with channels, a sequence of vectors, or one vector of features.',
    options: { images: 'Images', sequences: 'Sequences', features: 'Features' },
    default: 'images',
    scenes: ['axes', 'batch', 'coupling', 'code'],
  }),
  batch: integer({
    label: 'Batch N',
    help: 'How many samples go through the layer together.',
    default: 4,
    min: 1,
    max: 4096,
    stops: dims(512),
    scenes: ['axes', 'batch', 'coupling'],
  }),
  channels: integer({
    label: 'Channels C',
    help: 'Feature maps of a picture, or features of a vector.',
    default: 6,
    min: 1,
    max: 8192,
    stops: dims(1024),
    scenes: ['axes', 'batch', 'coupling', 'code'],
  }),
  height: integer({
    label: 'Height H',
    help: 'Rows of a picture; steps of a sequence.',
    default: 2,
    min: 1,
    max: 4096,
    stops: dims(512),
    scenes: ['axes', 'batch', 'coupling', 'code'],
  }),
  width: integer({
    label: 'Width W',
    default: 2,
    min: 1,
    max: 4096,
    stops: dims(512),
    scenes: ['axes', 'batch', 'coupling', 'code'],
  }),
  groups: integer({
    label: 'Groups G',
    help: 'Group norm splits the channels into so many groups; it has to divide C.',
    default: 2,
    min: 1,
    max: 8192,
    stops: dims(256),
    scenes: ['axes', 'batch', 'coupling', 'train', 'code'],
  }),
  ghostBatchSize: integer({
    label: 'Ghost batch size',
    help: 'Ghost batch norm takes statistics over slices of so many samples; it has to divide N.',
    default: 2,
    min: 1,
    max: 4096,
    stops: dims(512),
    scenes: ['axes', 'batch', 'train', 'code'],
  }),
  norm: choice({ label: 'Norm', options: NORMS, default: 'batch', scenes: ['axes', 'coupling', 'code'] }),
  norms: setOf({
    label: 'Norms',
    options: NORMS,
    default: ['batch', 'layer', 'layerChannels', 'instance', 'group', 'rms'],
    scenes: ['axes'],
  }),
  layout: choice({
    label: 'Memory layout',
    help: 'TensorFlow.js and Keras keep channels last, PyTorch keeps them first. The sets are the same.',
    options: { channelsLast: 'Channels last', channelsFirst: 'Channels first' },
    default: 'channelsLast',
    scenes: ['axes', 'code'],
  }),
  epsilon: real({
    label: 'Epsilon ε',
    help: 'Added to the variance inside the root, so that nothing is divided by 0.',
    default: 1e-3,
    min: 1e-12,
    max: 1,
    stops: EPSILONS,
    scenes: ['axes', 'batch', 'coupling', 'train', 'style', 'code'],
  }),
  momentum: real({
    label: 'Momentum',
    help: 'How much a running statistic keeps of itself in a step, as Keras and TensorFlow.js mean it; PyTorch writes 1 − this.',
    default: 0.99,
    min: 0,
    max: 1,
    stops: MOMENTA,
    scenes: ['batch', 'code'],
  }),
  seed: integer({
    label: 'Seed',
    help: 'Which random numbers are drawn: the same seed gives the same numbers everywhere.',
    default: 1,
    min: 0,
    max: 999_999,
    stops: everyStop(0, 50),
    scenes: ['axes', 'batch', 'coupling', 'train'],
  }),
};
