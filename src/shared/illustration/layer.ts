/** The layer that the pictures show: sizes by axis, read from the playground's state, and the part of it that is drawn. */
import type { PlaygroundState } from '../playground/state';

/** Sizes by axis. A sequence has its steps as `h`, a vector of features has neither `h` nor `w`. */
export interface Dims {
  readonly n: number;
  readonly c: number;
  readonly h: number;
  readonly w: number;
}

export interface Layer extends Dims {
  readonly data: PlaygroundState['data'];
  /** G; divides c. */
  readonly groups: number;
  /** Samples of a ghost batch; divides n. */
  readonly slice: number;
}

/** A cell's place, counted from 0. */
export interface Cell {
  readonly n: number;
  readonly c: number;
  readonly h: number;
  readonly w: number;
}

/** Cells of an axis that a picture has room for. */
const DRAWN: Dims = { n: 8, c: 16, h: 16, w: 16 };

/** All divisors, ascending. */
export const divisors = (of: number): readonly number[] => {
  const low: number[] = [];
  for (let d = 1; d * d <= of; d++) if (of % d === 0) low.push(d);
  return [...new Set([...low, ...low.map((d) => of / d).reverse()])];
};

/** The largest divisor up to a number: what a setting becomes that does not divide. */
export const divisorUpTo = (of: number, most: number): number => divisors(of).findLast((d) => d <= most) ?? 1;

type Settings = Pick<PlaygroundState, 'data' | 'batch' | 'channels' | 'height' | 'width' | 'groups' | 'ghostBatchSize'>;

/** The layer that a state means. Groups and slices that do not divide are the next smaller that do. */
export function layerOf(state: Settings): Layer {
  const { data, batch: n, channels: c } = state;
  return {
    data,
    n,
    c,
    h: data === 'features' ? 1 : state.height,
    w: data === 'images' ? state.width : 1,
    groups: divisorUpTo(c, state.groups),
    slice: divisorUpTo(n, state.ghostBatchSize),
  };
}

/** The corner of a layer that is drawn and computed cell by cell: whole groups of it, where they fit. */
export function drawnLayer(layer: Layer): Layer {
  const each = layer.c / layer.groups;
  const n = Math.min(layer.n, DRAWN.n);
  const h = Math.min(layer.h, layer.w === 1 ? 2 * DRAWN.h : DRAWN.h);
  const base = { ...layer, n, h, w: Math.min(layer.w, DRAWN.w), slice: divisorUpTo(n, layer.slice) };
  if (layer.c <= DRAWN.c) return base;
  if (each === 1) return { ...base, c: DRAWN.c, groups: DRAWN.c };
  // At least two groups are seen, and none is cut.
  const shown = Math.min(each, DRAWN.c / 2);
  const groups = Math.min(layer.groups, Math.floor(DRAWN.c / shown));
  return { ...base, c: groups === 1 ? DRAWN.c : groups * shown, groups };
}

export const isWhole = (layer: Layer, drawn: Layer): boolean =>
  layer.n === drawn.n && layer.c === drawn.c && layer.h === drawn.h && layer.w === drawn.w;

/** A layer's shape as a tensor has it. */
export function shapeOf({ data, n, c, h, w }: Layer, layout: PlaygroundState['layout']): readonly number[] {
  const spatial = data === 'images' ? [h, w] : data === 'sequences' ? [h] : [];
  return layout === 'channelsLast' ? [n, ...spatial, c] : [n, c, ...spatial];
}

/** A cell's flat index, channels last: how cells are numbered whatever the layout. */
export const indexOf = ({ c, h, w }: Dims, cell: Cell): number => ((cell.n * h + cell.h) * w + cell.w) * c + cell.c;

export function cellAt({ c, h, w }: Dims, index: number): Cell {
  const position = Math.floor(index / c);
  return {
    n: Math.floor(position / (h * w)),
    c: index % c,
    h: Math.floor(position / w) % h,
    w: position % w,
  };
}

type Chosen = Pick<PlaygroundState, 'cellSample' | 'cellChannel' | 'cellRow' | 'cellColumn'>;

/** The chosen cell, moved into the layer. */
export const cellOf = (state: Chosen, { n, c, h, w }: Dims): Cell => ({
  n: Math.min(state.cellSample, n - 1),
  c: Math.min(state.cellChannel, c - 1),
  h: Math.min(state.cellRow, h - 1),
  w: Math.min(state.cellColumn, w - 1),
});
