/** How many numbers a mean is taken over, in the last normalised layer of a network: from the runtime's views. */
import {
  batchView,
  type Channels,
  channelsOf,
  elementsPerSet,
  ghostView,
  groupView,
  instanceView,
  type View,
} from '../../runtime';
import { divisorUpTo } from '../../src/shared/illustration';
import type { PlaygroundState, TrainerNorm } from '../../src/shared/playground';
import { sides } from './plan';

type Settings = Pick<PlaygroundState, 'network' | 'depth' | 'networkWidth' | 'groups' | 'ghostBatchSize'>;

const VIEWS: { readonly [N in TrainerNorm]?: (channels: Channels, state: Settings) => View } = {
  batch: batchView,
  batchRenorm: batchView,
  syncBatch: batchView,
  instance: instanceView,
  filterResponse: instanceView,
  group: (channels, { groups }) => groupView(channels, divisorUpTo(channels.c, groups)),
  weightStandardization: (channels, { groups }) => groupView(channels, divisorUpTo(channels.c, groups)),
  ghostBatch: (channels, { ghostBatchSize }) => ghostView(channels, divisorUpTo(channels.n, ghostBatchSize)),
  layer: (channels) => groupView(channels, 1),
};

/** The last layer's shape at a batch size, [B, H, W, C] or [B, C]. */
export function lastShape(state: Settings, size: number): readonly number[] {
  const side = sides(state.network, state.depth).at(-1) ?? 1;
  const filters = state.networkWidth * Math.min(4, 2 ** (state.depth - 1));
  return state.network === 'mlp' ? [size, state.networkWidth] : [size, side, side, filters];
}

/** Undefined for norms without sets of the kind (no norm, norms of weights, over channels alone). */
export function perMean(norm: TrainerNorm, state: Settings, size: number): number | undefined {
  const view = VIEWS[norm]?.(channelsOf(lastShape(state, size), 'channelsLast', norm), state);
  return view && elementsPerSet(view);
}
