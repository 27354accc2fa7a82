import { choice, integer, real } from '../property';

/** What the third scene has of its own. */
export const coupling = {
  head: choice({
    label: 'Behind the norm',
    help: 'What the critic of the gradient penalty does with the normalised features.',
    options: { relu: 'Leaky ReLU, then linear', linear: 'Linear at once' },
    default: 'relu',
    scenes: ['coupling'],
  }),
  hidden: integer({
    label: 'Hidden units',
    help: 'Features that the critic normalises.',
    default: 16,
    min: 2,
    max: 64,
    stops: [2, 4, 8, 16, 32, 64],
    scenes: ['coupling'],
  }),
  penaltyWeight: real({
    label: 'Penalty weight λ',
    help: 'WGAN-GP uses 10.',
    default: 10,
    min: 0,
    max: 100,
    stops: [0, 0.1, 1, 5, 10, 20, 50, 100],
    scenes: ['coupling'],
  }),
};
