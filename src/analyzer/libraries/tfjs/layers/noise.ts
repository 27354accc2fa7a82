import type { LayerSpec } from '../../layerSpec';
import { unchanged } from './identity';
import { ranked, row } from './row';

const noisy = (type: string, className: string, options: readonly string[]): LayerSpec =>
  unchanged({ type, className, options, needsOptions: true, trainingMode: true });

const spatialDropout1d = row({
  type: 'spatialDropout1d',
  className: 'SpatialDropout1D',
  options: ['rate', 'noiseShape', 'seed'],
  needsOptions: true,
  trainingMode: true,
  output: (_, inputs) => ranked('spatialDropout1d', inputs, 3, '[batch, time, channels]'),
});

export const noise: readonly LayerSpec[] = [
  noisy('dropout', 'Dropout', ['rate', 'noiseShape', 'seed']),
  spatialDropout1d,
  noisy('gaussianNoise', 'GaussianNoise', ['stddev']),
  noisy('gaussianDropout', 'GaussianDropout', ['rate']),
  noisy('alphaDropout', 'AlphaDropout', ['rate', 'noiseShape']),
];
