/** Which normalization stands behind each hidden layer, or on its weights: one row a choice. */
import { batchNorm } from '../norms/batch';
import { batchRenorm } from '../norms/batchRenorm';
import { dynamicTanh } from '../norms/dynamicTanh';
import { filterResponseNorm } from '../norms/filterResponse';
import { ghostBatchNorm } from '../norms/ghostBatch';
import { groupNorm } from '../norms/group';
import { instanceNorm } from '../norms/instance';
import { layerNorm, rmsNorm } from '../norms/layer';
import { localResponseNorm } from '../norms/localResponse';
import type { Norm } from '../norms/norm';
import { pixelNorm } from '../norms/pixel';
import { spectralNorm } from '../norms/spectral';
import { switchableNorm } from '../norms/switchable';
import { syncBatchNorm } from '../norms/syncBatch';
import { weightNorm } from '../norms/weightNorm';
import { weightStandardization } from '../norms/weightStandardization';
import {
  batchView,
  type Channels,
  channelsOf,
  elementsPerSet,
  ghostView,
  groupView,
  instanceView,
  type View,
} from '../view';
import { ConfigError } from './configError';
import { NormLayer } from './layers/norm';
import type { Shape } from './tensor';
import type { TrainConfig } from './trainConfig';

interface NormChoice {
  readonly label: string;
  /** Of activations [batch, ..., channels]. */
  readonly norm?: (config: TrainConfig, shape: Shape) => Norm;
  /** In inference, where a batch may have any size. */
  readonly inference?: (config: TrainConfig) => Norm;
  /** Of a kernel [..., units]. */
  readonly weights?: () => Norm;
  /** Who shares statistics, for norms that can be left with one element a set. */
  readonly view?: (channels: Channels, config: TrainConfig) => View;
  /** It ends in an activation of its own; no relu follows. */
  readonly activates?: true;
}

const batch = ({ epsilon, normMomentum }: TrainConfig): Norm => batchNorm({ epsilon, momentum: normMomentum });
/** A batch smaller than a ghost batch is one. */
const ghostSize = ({ ghostBatchSize, batchSize }: TrainConfig): number => Math.min(ghostBatchSize, batchSize);
const everyAxis = (shape: Shape): number[] => shape.map((_, axis) => axis + 1);

const choices = {
  none: { label: 'None' },
  batch: { label: 'Batch norm', norm: batch, view: batchView },
  layer: { label: 'Layer norm', norm: ({ epsilon }, shape) => layerNorm({ epsilon, axis: everyAxis(shape) }) },
  layerChannels: { label: 'Layer norm over channels', norm: ({ epsilon }) => layerNorm({ epsilon }) },
  instance: { label: 'Instance norm', norm: ({ epsilon }) => instanceNorm({ epsilon }), view: instanceView },
  group: {
    label: 'Group norm',
    norm: ({ epsilon, groups }) => groupNorm({ epsilon, groups }),
    view: (channels, { groups }) => groupView(channels, groups, 'groupNorm'),
  },
  rms: { label: 'RMS norm', norm: ({ epsilon }) => rmsNorm({ epsilon }) },
  batchRenorm: {
    label: 'Batch renorm',
    norm: ({ epsilon, normMomentum }) => batchRenorm({ epsilon, rate: 1 - normMomentum }),
    view: batchView,
  },
  ghostBatch: {
    label: 'Ghost batch norm',
    norm: (config) =>
      ghostBatchNorm({ epsilon: config.epsilon, momentum: config.normMomentum, size: ghostSize(config) }),
    inference: batch,
    view: (channels, config) => ghostView(channels, ghostSize(config), 'ghostBatchNorm'),
  },
  syncBatch: {
    label: 'Sync batch norm',
    norm: ({ epsilon, normMomentum, replicas, batchSize }) =>
      syncBatchNorm({ epsilon, momentum: normMomentum, replicas: Math.min(replicas, batchSize) }),
    inference: batch,
    view: batchView,
  },
  filterResponse: {
    label: 'Filter response norm',
    norm: ({ epsilon }) => filterResponseNorm({ epsilon }),
    view: instanceView,
    activates: true,
  },
  pixel: { label: 'Pixel norm', norm: ({ epsilon }) => pixelNorm({ epsilon }) },
  localResponse: { label: 'Local response norm', norm: () => localResponseNorm() },
  switchable: {
    label: 'Switchable norm',
    norm: ({ epsilon, normMomentum }) => switchableNorm({ epsilon, momentum: normMomentum }),
  },
  dynamicTanh: { label: 'Dynamic tanh', norm: () => dynamicTanh() },
  weightNorm: { label: 'Weight norm', weights: () => weightNorm() },
  weightStandardization: {
    label: 'Weight standardization with group norm',
    norm: ({ epsilon, groups }) => groupNorm({ epsilon, groups }),
    view: (channels, { groups }) => groupView(channels, groups, 'groupNorm'),
    weights: () => weightStandardization(),
  },
  spectral: { label: 'Spectral norm of the weights', weights: () => spectralNorm() },
} as const satisfies Record<string, NormChoice>;

export type NormName = keyof typeof choices;

const rows: Readonly<Record<NormName, NormChoice>> = choices;

/** All names, in the order in which to offer them. */
export const normNames = Object.keys(choices) as readonly NormName[];

export const normLabel = (name: NormName): string => rows[name].label;

/** Whether a relu follows the norm. */
export const needsRelu = (name: NormName): boolean => !rows[name].activates;

/**
 * The norm's layer for activations [batchSize, ...shape]; undefined where the choice has none.
 *
 * @throws ConfigError where each set would hold one element, which makes every output β
 * @throws NormError where the groups or slices do not divide the channels or the batch
 */
export function normLayer(name: string, shape: Shape, config: TrainConfig): NormLayer | undefined {
  const { norm, inference, view } = rows[config.norm];
  if (!norm) return undefined;
  if (view && elementsPerSet(view(channelsOf([config.batchSize, ...shape], 'channelsLast', name), config)) === 1) {
    const where = `${name} [${[config.batchSize, ...shape].join(', ')}]`;
    throw new ConfigError('norm', `one with more than one element a set at ${where}`, config.norm);
  }
  const { batchSize } = config;
  return new NormLayer({ name, shape, batchSize, norm: norm(config, shape), inference: inference?.(config) });
}

/** The norm of a hidden layer's kernel of this shape; undefined where the choice has none. */
export function kernelNorm(name: string, kernel: Shape, config: TrainConfig): NormLayer | undefined {
  const { weights } = rows[config.norm];
  const [first = 1, ...shape] = kernel;
  return weights && new NormLayer({ name, shape, batchSize: first, norm: weights() });
}
