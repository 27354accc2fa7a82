import { choice, flag, integer, real, setOf } from '../property';

/** The norms of the trainer, by its own names; which a test holds against the trainer's table. */
export const TRAINER_NORMS = {
  none: 'None',
  batch: 'Batch norm',
  layer: 'Layer norm',
  layerChannels: 'Layer norm over channels',
  instance: 'Instance norm',
  group: 'Group norm',
  rms: 'RMS norm',
  batchRenorm: 'Batch renorm',
  ghostBatch: 'Ghost batch norm',
  syncBatch: 'Sync batch norm',
  filterResponse: 'Filter response norm',
  pixel: 'Pixel norm',
  localResponse: 'Local response norm',
  switchable: 'Switchable norm',
  dynamicTanh: 'Dynamic tanh',
  weightNorm: 'Weight norm',
  weightStandardization: 'Weight standardization with group norm',
  spectral: 'Spectral norm of the weights',
} as const;

export type TrainerNorm = keyof typeof TRAINER_NORMS;

/** Batch sizes to train at. */
export const TRAIN_SIZES = { '2': '2', '4': '4', '8': '8', '16': '16', '32': '32', '64': '64', '128': '128' } as const;

/** What the fourth scene has of its own: one row for each setting of a run that a link has to bring back. */
export const train = {
  experiment: choice({
    label: 'Experiment',
    options: { sizes: 'Batch size', noise: 'Noise test' },
    help: 'The error against the batch size, or the test whether batch norm works by keeping distributions still.',
    default: 'sizes',
    scenes: ['train'],
  }),
  trainNorms: setOf({
    label: 'Norms',
    options: TRAINER_NORMS,
    default: ['none', 'batch', 'group'],
    scenes: ['train'],
  }),
  trainSizes: setOf({
    label: 'Batch sizes',
    options: TRAIN_SIZES,
    default: ['2', '4', '8', '16', '32'],
    scenes: ['train'],
  }),
  noiseSize: choice({
    label: 'Batch size',
    options: TRAIN_SIZES,
    default: '32',
    scenes: ['train'],
  }),
  network: choice({
    label: 'Network',
    options: { mlp: 'Dense', cnn: 'Convolutions' },
    help: 'Dense: each norm sees one number a unit and sample. Convolutions: also every place of a picture.',
    default: 'mlp',
    scenes: ['train'],
  }),
  depth: integer({
    label: 'Hidden layers',
    help: 'Each is followed by the norm.',
    default: 2,
    min: 1,
    max: 6,
    scenes: ['train'],
  }),
  networkWidth: integer({
    label: 'Width',
    help: 'Units of a hidden layer, or filters of the first convolution.',
    default: 32,
    min: 4,
    max: 128,
    stops: [4, 8, 16, 32, 64, 128],
    scenes: ['train'],
  }),
  learningRate: real({
    label: 'Learning rate',
    help: 'At a batch of 32.',
    default: 0.05,
    min: 1e-5,
    max: 5,
    stops: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
    scenes: ['train'],
  }),
  scaleRate: flag({
    label: 'Rate grows with the batch',
    help: 'Multiplied by B/32, as Goyal et al. 2017 do, so that each epoch moves the weights about as far.',
    default: true,
    scenes: ['train'],
  }),
  optimizer: choice({
    label: 'Optimizer',
    options: { sgd: 'SGD, momentum 0.9', adam: 'Adam' },
    default: 'sgd',
    scenes: ['train'],
  }),
  schedule: choice({
    label: 'Schedule',
    options: { cosine: 'Cosine to 0', constant: 'Constant' },
    default: 'cosine',
    scenes: ['train'],
  }),
  epochs: integer({
    label: 'Epochs',
    help: 'How often each digit is seen.',
    default: 1,
    min: 1,
    max: 20,
    stops: [1, 2, 3, 5, 10, 20],
    scenes: ['train'],
  }),
  digits: integer({
    label: 'Digits to train on',
    default: 4000,
    min: 256,
    max: 8004,
    stops: [256, 500, 1000, 2000, 4000, 8004],
    scenes: ['train'],
  }),
  runs: integer({
    label: 'Seeds',
    help: 'How often each run is repeated with other random numbers: the spread is drawn.',
    default: 3,
    min: 1,
    max: 10,
    scenes: ['train'],
  }),
  runningMomentum: real({
    label: 'Momentum of the norm',
    help: 'How much batch norm’s running statistics keep of themselves in a step. 0.99 would be too slow for a short run.',
    default: 0.9,
    min: 0,
    max: 1,
    stops: [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999],
    scenes: ['train'],
  }),
};
