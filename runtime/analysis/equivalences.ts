import { batchNorm } from '../norms/batch';
import { ghostBatchNorm } from '../norms/ghostBatch';
import { groupNorm } from '../norms/group';
import { instanceNorm } from '../norms/instance';
import { layerNorm } from '../norms/layer';
import type { Norm } from '../norms/norm';
import { syncBatchNorm } from '../norms/syncBatch';
import type { Tensor } from '../tensor';
import { channelsOf, type Layout } from '../view';

/** Two norms that are the same under a condition. */
export interface Equivalence {
  readonly name: string;
  readonly when: (shape: readonly number[], layout: Layout) => boolean;
  readonly pair: (shape: readonly number[], layout: Layout) => readonly [Norm, Norm];
}

const epsilon = 1e-5;
const positionsAndChannels = (shape: readonly number[]): number[] => shape.map((_, i) => i).slice(1);
const sizes = (shape: readonly number[], layout: Layout) => channelsOf(shape, layout, 'equivalences');

export const equivalences: readonly Equivalence[] = [
  {
    name: 'group norm with G = 1 is layer norm over channels and positions',
    when: () => true,
    pair: (shape, layout) => [
      groupNorm({ groups: 1, layout, epsilon }),
      layerNorm({ axis: positionsAndChannels(shape), epsilon }),
    ],
  },
  {
    name: 'group norm with G = C is instance norm',
    when: () => true,
    pair: (shape, layout) => [
      groupNorm({ groups: sizes(shape, layout).c, layout, epsilon }),
      instanceNorm({ layout, epsilon }),
    ],
  },
  {
    name: 'batch norm of one sample is instance norm',
    when: (shape) => shape[0] === 1,
    pair: (_, layout) => [batchNorm({ layout, epsilon }), instanceNorm({ layout, epsilon })],
  },
  {
    name: 'ghost batch norm of slices of one sample is instance norm',
    when: () => true,
    pair: (_, layout) => [ghostBatchNorm({ size: 1, layout, epsilon }), instanceNorm({ layout, epsilon })],
  },
  {
    name: 'synchronised batch norm is batch norm of all replicas together',
    when: (shape) => (shape[0] ?? 1) % 2 === 0,
    pair: (_, layout) => [syncBatchNorm({ replicas: 2, layout, epsilon }), batchNorm({ layout, epsilon })],
  },
  {
    name: 'instance norm with one channel is layer norm',
    when: (shape, layout) => sizes(shape, layout).c === 1,
    pair: (shape, layout) => [
      instanceNorm({ layout, epsilon }),
      layerNorm({ axis: positionsAndChannels(shape), epsilon }),
    ],
  },
];

/** The largest difference between both norms' outputs on x (no γ, no β). */
export function difference({ pair }: Equivalence, x: Tensor, layout: Layout): number {
  const [a, b] = pair(x.shape, layout).map((norm) => norm.forward(x, {}, norm.state(x.shape), 'train').y.data);
  if (!a || !b) return Number.NaN;
  return a.reduce((worst, v, i) => Math.max(worst, Math.abs(v - (b[i] as number))), 0);
}
