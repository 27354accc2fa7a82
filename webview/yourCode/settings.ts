/** What of the state a layer's code depends on, and how the axes are numbered. */
import { type Layer, layerOf } from '../../src/shared/illustration';
import type { NormName, PlaygroundState } from '../../src/shared/playground';

export interface CodeSettings extends Layer {
  readonly norm: NormName;
  readonly layout: PlaygroundState['layout'];
  readonly epsilon: number;
  /** As Keras means it: what a running statistic keeps of itself. */
  readonly momentum: number;
}

export const settingsOf = (state: PlaygroundState): CodeSettings => ({
  ...layerOf(state),
  norm: state.norm,
  layout: state.layout,
  epsilon: state.epsilon,
  momentum: state.momentum,
});

export interface Axes {
  readonly rank: number;
  /** The channels' axis, counted from 0. */
  readonly channel: number;
  /** Of positions: rows and columns of a picture, steps of a sequence; none of a vector. */
  readonly positions: readonly number[];
  /** Names of all axes: `[N, H, W, C]`. */
  readonly names: string;
}

const POSITIONS = { images: ['H', 'W'], sequences: ['T'], features: [] } as const;

export function axesOf(data: CodeSettings['data'], layout: CodeSettings['layout']): Axes {
  const spatial = POSITIONS[data];
  const rank = spatial.length + 2;
  const first = layout === 'channelsFirst';
  return {
    rank,
    channel: first ? 1 : rank - 1,
    positions: spatial.map((_, i) => i + (first ? 2 : 1)),
    names: `[N, ${(first ? ['C', ...spatial] : [...spatial, 'C']).join(', ')}]`,
  };
}

/** Sizes without the batch, in a layout. */
export function sampleShape({ data, c, h, w }: CodeSettings, layout: CodeSettings['layout']): readonly number[] {
  const spatial = data === 'images' ? [h, w] : data === 'sequences' ? [h] : [];
  return layout === 'channelsFirst' ? [c, ...spatial] : [...spatial, c];
}

/** A vector of features has one number a channel and sample: nothing to take a mean over. */
export const isAlone = ({ data, norm }: CodeSettings): boolean =>
  data === 'features' && (norm === 'instance' || norm === 'filterResponse');

/** What Keras calls momentum, as PyTorch does: the share of the new. */
export const share = (momentum: number): number => Number((1 - momentum).toPrecision(12));
