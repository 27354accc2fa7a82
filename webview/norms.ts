/** The runtime's norm behind each name, for the layer of the moment. */
import {
  batchNorm,
  filterResponseNorm,
  ghostBatchNorm,
  groupNorm,
  instanceNorm,
  type Layout,
  layerNorm,
  type Mode,
  type Norm,
  type Params,
  pixelNorm,
  rmsNorm,
  type State,
  type Statistics,
  type Tensor,
} from '../runtime';
import { type Layer, shapeOf } from '../src/shared/illustration';
import type { NormName } from '../src/shared/playground';

export interface NormSettings {
  readonly epsilon: number;
  readonly layout: Layout;
  readonly momentum?: number;
  readonly convention?: 'keras' | 'pytorch';
}

/** A norm's result with the statistics that it divided by. */
export interface Normed {
  readonly y: Tensor;
  /** Of each set, in the order of the sets; 0 for norms without a mean. */
  readonly mean: Statistics;
  /** 1/√(variance + ε), or 1/√(mean square + ε). */
  readonly rstd: Statistics;
  /** dy → dx. */
  backward(dy: Tensor): Tensor;
}

const spatialAndChannels = (rank: number): readonly number[] => Array.from({ length: rank - 1 }, (_, i) => i + 1);
const channelAxis = (layout: Layout): number => (layout === 'channelsLast' ? -1 : 1);

type Make = (layer: Layer, settings: NormSettings) => Norm;

const batchOptions = ({ epsilon, layout, momentum, convention = 'keras' }: NormSettings) => ({
  epsilon,
  layout,
  convention,
  ...(momentum === undefined ? {} : { momentum: convention === 'keras' ? momentum : 1 - momentum }),
});

const rows: Readonly<Record<NormName, Make>> = {
  batch: (_, settings) => batchNorm(batchOptions(settings)),
  layer: (layer, { epsilon, layout }) =>
    layerNorm({ epsilon, axis: spatialAndChannels(shapeOf(layer, layout).length) }),
  layerChannels: (_, { epsilon, layout }) => layerNorm({ epsilon, axis: channelAxis(layout) }),
  instance: (_, { epsilon, layout }) => instanceNorm({ epsilon, layout }),
  group: ({ groups }, { epsilon, layout }) => groupNorm({ epsilon, layout, groups }),
  rms: (_, { epsilon, layout }) => rmsNorm({ epsilon, axis: channelAxis(layout) }),
  ghostBatch: ({ slice }, settings) => ghostBatchNorm({ ...batchOptions(settings), size: slice }),
  filterResponse: (_, { epsilon, layout }) => filterResponseNorm({ epsilon, layout }),
  pixel: (_, { epsilon, layout }) => pixelNorm({ epsilon, layout }),
};

/** The runtime's norm for a layer. */
export const normFor = (name: NormName, layer: Layer, settings: NormSettings): Norm => rows[name](layer, settings);

/** Runs a norm over x, shaped as the layer in the settings' layout. */
export function applyNorm(
  norm: Norm,
  x: Tensor,
  params: Params = {},
  state: State | null = null,
  mode: Mode = 'train',
): Normed {
  const { y, saved } = norm.forward(x, params, state, mode);
  // Every norm of the table saves its statistics; which they are is not part of the common type.
  const { mean, rstd } = saved as typeof saved & { readonly mean: Statistics; readonly rstd: Statistics };
  return { y, mean, rstd, backward: (dy) => norm.backward(dy, saved).dx };
}
