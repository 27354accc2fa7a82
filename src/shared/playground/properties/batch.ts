import { choice, integer, real } from '../property';
import { NORMS } from './shared';

const { batch: _, ...NORMS_BESIDE_BATCH } = NORMS;

/** What the second scene has of its own. */
export const batch = {
  compared: choice({
    label: 'Compare batch norm with',
    options: NORMS_BESIDE_BATCH,
    default: 'layer',
    scenes: ['batch'],
  }),
  draws: integer({
    label: 'Draws',
    help: 'How often the fixed sample meets new batch-mates.',
    default: 200,
    min: 20,
    max: 1000,
    stops: [20, 50, 100, 200, 500, 1000],
    scenes: ['batch'],
  }),
  dataMean: real({
    label: 'Mean of the data',
    help: 'Running statistics begin at mean 0 and variance 1; this is where they have to go.',
    default: 3,
    min: -10,
    max: 10,
    scenes: ['batch'],
  }),
  dataDeviation: real({
    label: 'Deviation of the data',
    default: 2,
    min: 0.1,
    max: 10,
    stops: [0.1, 0.2, 0.5, 1, 1.5, 2, 3, 5, 10],
    scenes: ['batch'],
  }),
  trainSteps: integer({
    label: 'Training steps',
    help: 'Optimizer steps before the model is used for inference: epochs × batches an epoch.',
    default: 100,
    min: 1,
    max: 5000,
    stops: [1, 2, 3, 5, 10, 20, 50, 100, 200, 300, 500, 1000, 2000, 5000],
    scenes: ['batch'],
  }),
  samples: integer({
    label: 'Samples in the data set',
    help: 'The last batch of an epoch holds what is left over.',
    default: 1001,
    min: 2,
    max: 1_000_000,
    stops: [10, 33, 65, 100, 129, 257, 500, 1000, 1001, 5000, 10_000, 60_000],
    scenes: ['batch'],
  }),
  convention: choice({
    label: 'Running variance',
    help: 'Keras and TensorFlow.js keep the biased variance, PyTorch the unbiased one.',
    options: { keras: 'Biased (Keras)', pytorch: 'Unbiased (PyTorch)' },
    default: 'keras',
    scenes: ['batch'],
  }),
};
