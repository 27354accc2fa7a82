import { NormError } from '../errors';
import { type Channels, channelsOf, type Layout } from '../view';

/** Norms by the elements that share one (μ, σ); `layer` in both readings: over channels and positions, and over channels. */
export type SharingKind = 'batch' | 'ghost' | 'instance' | 'group' | 'layer' | 'layerChannels';

export interface SharingOptions {
  readonly layout?: Layout;
  /** For group: G, a divisor of the channels. Default 1. */
  readonly groups?: number;
  /** For ghost: samples a slice, a divisor of the batch. Default the whole batch. */
  readonly size?: number;
}

/** A partition of a tensor's elements into sets that share their statistics. */
export interface Sharing {
  /** How many (μ, σ) pairs there are. */
  readonly pairs: number;
  /** m: elements a set. */
  readonly m: number;
  /** The set of the element at a flat index. */
  setOf(index: number): number;
  /** The flat indices of a set, ascending. */
  elementsOf(set: number): number[];
}

interface Place {
  readonly sample: number;
  readonly channel: number;
  readonly position: number;
}

interface Rule {
  readonly pairs: (c: Channels, o: Required<SharingOptions>) => number;
  readonly set: (p: Place, c: Channels, o: Required<SharingOptions>) => number;
}

/** One row a norm: what numbers its sets. */
const rules: Readonly<Record<SharingKind, Rule>> = {
  batch: { pairs: ({ c }) => c, set: ({ channel }) => channel },
  ghost: {
    pairs: ({ n, c }, { size }) => (n / size) * c,
    set: ({ sample, channel }, { c }, { size }) => Math.floor(sample / size) * c + channel,
  },
  instance: { pairs: ({ n, c }) => n * c, set: ({ sample, channel }, { c }) => sample * c + channel },
  group: {
    pairs: ({ n }, { groups }) => n * groups,
    set: ({ sample, channel }, { c }, { groups }) => sample * groups + Math.floor((channel * groups) / c),
  },
  layer: { pairs: ({ n }) => n, set: ({ sample }) => sample },
  layerChannels: { pairs: ({ n, s }) => n * s, set: ({ sample, position }, { s }) => sample * s + position },
};

/**
 * Which elements of a tensor [N, …, C] or [N, C, …] share a (μ, σ) in training.
 * @throws NormError for a rank other than 2 to 5, and for groups or sizes that do not divide
 */
export function sharing(kind: SharingKind, shape: readonly number[], options: SharingOptions = {}): Sharing {
  const layout = options.layout ?? 'channelsLast';
  const channels = channelsOf(shape, layout, 'sharing');
  const { n, c, s } = channels;
  const full = { layout, groups: options.groups ?? 1, size: options.size ?? n };
  if (c % full.groups !== 0) throw new NormError('groups', 'sharing', `a divisor of ${c} channels`, `${full.groups}`);
  if (n % full.size !== 0) throw new NormError('groups', 'sharing', `a divisor of ${n} samples`, `${full.size}`);
  const rule = rules[kind];
  const last = channels.layout === 'channelsLast';
  const setOf = (index: number): number => {
    const inSample = index % (c * s);
    const channel = last ? inSample % c : Math.floor(inSample / s);
    const position = last ? Math.floor(inSample / c) : inSample % s;
    return rule.set({ sample: Math.floor(index / (c * s)), channel, position }, channels, full);
  };
  const pairs = rule.pairs(channels, full);
  return {
    pairs,
    m: (n * c * s) / pairs,
    setOf,
    elementsOf: (set) => Array.from({ length: n * c * s }, (_, i) => i).filter((i) => setOf(i) === set),
  };
}
