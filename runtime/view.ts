// The one idea: every normalization is one reduction over one view of a contiguous tensor. With indices (o, r1, k, r2),
// sets are indexed by (o, k) and statistics run over (r1, r2).
import { format, NormError } from './errors';
import { sizeOf } from './tensor';

/** Where the channels are: [N, spatial…, C] or [N, C, spatial…]. */
export type Layout = 'channelsLast' | 'channelsFirst';

/** Whether channels are last. */
export const isLast = (layout: Layout): boolean => layout === 'channelsLast';

/** A tensor seen as (o, r1, k, r2); set (o, k) shares one mean and one variance over its m = r1 · r2 elements. */
export interface View {
  readonly o: number;
  readonly r1: number;
  readonly k: number;
  readonly r2: number;
}

/** N samples of S positions (the product of the spatial dims) and C channels. */
export interface Channels {
  readonly n: number;
  readonly c: number;
  readonly s: number;
  readonly layout: Layout;
}

/**
 * Reads a shape of rank 2 to 5 as samples, positions and channels.
 * @throws NormError for another rank, a dim that is no positive integer, and an unknown layout
 */
export function channelsOf(shape: readonly number[], layout: Layout, where: string): Channels {
  checkDims(shape, where, 2);
  checkLayout(layout, where);
  const n = shape[0] ?? 1;
  const c = (isLast(layout) ? shape[shape.length - 1] : shape[1]) ?? 1;
  const s = sizeOf(shape) / (n * c);
  // With one position both layouts are the same memory, and rows of channels are the faster reading.
  return { n, c, s, layout: s === 1 ? 'channelsLast' : layout };
}

/** @throws NormError for other names, such as Keras's, which would else be read as one of ours */
export function checkLayout(layout: Layout, where: string): void {
  checkName(layout, ['channelsLast', 'channelsFirst'], where);
}

/** @throws NormError for what is none of the names */
export function checkName(name: string, names: readonly string[], where: string): void {
  if (!names.includes(name)) throw new NormError('option', where, names.join(' or '), name);
}

/** Whether a number is a positive integer. */
export const isCount = (n: number): boolean => Number.isInteger(n) && n > 0;

/** @throws NormError for a rank below `lowest` or over 5, and where a dim is no positive integer */
export function checkDims(shape: readonly number[], where: string, lowest = 1): void {
  const rank = shape.length;
  if (rank < lowest || rank > 5) {
    throw new NormError('rank', where, `a tensor of rank ${lowest} to 5`, `rank ${rank} ${format(shape)}`);
  }
  if (!shape.every(isCount)) {
    throw new NormError('shape', where, 'positive integer dims', format(shape));
  }
}

/** Batch norm: one set a channel, over all samples and positions. */
export function batchView({ n, c, s, layout }: Channels): View {
  return isLast(layout) ? { o: 1, r1: n * s, k: c, r2: 1 } : { o: 1, r1: n, k: c, r2: s };
}

/** Ghost batch norm: batch norm over consecutive slices of `size` samples. */
export function ghostView({ n, c, s, layout }: Channels, size: number, where = 'ghostView'): View {
  if (!isCount(size) || n % size !== 0) {
    throw new NormError('groups', where, `a slice size that divides the batch of ${n}`, `${size}`);
  }
  const o = n / size;
  return isLast(layout) ? { o, r1: size * s, k: c, r2: 1 } : { o, r1: size, k: c, r2: s };
}

/** Instance norm: one set a sample and channel. */
export function instanceView({ n, c, s, layout }: Channels): View {
  return isLast(layout) ? { o: n, r1: s, k: c, r2: 1 } : { o: 1, r1: 1, k: n * c, r2: s };
}

/**
 * Group norm: one set a sample and group of C/G consecutive channels.
 * @throws NormError where G does not divide C
 */
export function groupView({ n, c, s, layout }: Channels, groups: number, where = 'groupView'): View {
  if (!isCount(groups) || c % groups !== 0) {
    throw new NormError('groups', where, `a number of groups that divides ${c} channels`, `${groups}`);
  }
  const each = c / groups;
  return isLast(layout) ? { o: n, r1: s, k: groups, r2: each } : { o: 1, r1: 1, k: n * groups, r2: each * s };
}

/** Layer norm over the last axes, `width` elements together. */
export function rowsView(size: number, width: number): View {
  return { o: 1, r1: 1, k: size / width, r2: width };
}

/** How many sets, that is (μ, σ) pairs, a view has. */
export const setsOf = (view: View): number => view.o * view.k;

/** m: how many elements share one (μ, σ). */
export const elementsPerSet = (view: View): number => view.r1 * view.r2;

/** The set of the element at a flat index. */
export function setOfElement({ r1, k, r2 }: View, index: number): number {
  const ik = Math.floor(index / r2) % k;
  return Math.floor(index / (r2 * k * r1)) * k + ik;
}

/** Calls back with every flat index, its channel and its position, which are counted through all samples where channels are last. */
export function forEachElement(
  { n, c, s, layout }: Channels,
  body: (i: number, channel: number, position: number) => void,
): void {
  const size = n * c * s;
  if (isLast(layout)) for (let i = 0; i < size; i++) body(i, i % c, Math.floor(i / c));
  else for (let i = 0; i < size; i++) body(i, Math.floor(i / s) % c, i % s);
}

/** Flat indices of all elements of a set, in ascending order. */
export function elementsOfSet({ r1, k, r2 }: View, set: number): number[] {
  const io = Math.floor(set / k);
  const ik = set % k;
  const elements: number[] = [];
  for (let i = 0; i < r1; i++) {
    const start = ((io * r1 + i) * k + ik) * r2;
    for (let j = 0; j < r2; j++) elements.push(start + j);
  }
  return elements;
}
