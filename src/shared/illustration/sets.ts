/** Which elements share statistics, norm by norm: one row each, on the runtime's own views. */
import {
  batchView,
  type Channels,
  elementsPerSet,
  ghostView,
  groupView,
  instanceView,
  rowsView,
  setOfElement,
  setsOf,
  type View,
} from '../../../runtime/view';
import type { NormName } from '../playground/properties/shared';
import { type Cell, type Dims, indexOf, type Layer } from './layer';

/** The axes of a picture; positions are (h, w) together. */
export type Axis = 'n' | 'c' | 'p';

interface SetsRow {
  readonly view: (channels: Channels, layer: Layer) => View;
  /** The shape of the statistics over (n, c, p): an axis is whole, averaged to 1, or in parts. */
  readonly statistics: (layer: Layer) => { readonly n: number; readonly c: number; readonly p: number };
  /** Where a cell's statistics are in that. */
  readonly statisticsOf: (layer: Layer, cell: Cell) => { readonly n: number; readonly c: number; readonly p: number };
  /** Whether there is a mean, or only a root mean square to divide by. */
  readonly centered: boolean;
}

const position = ({ w }: Dims, cell: Cell): number => cell.h * w + cell.w;
const perPosition = (centered: boolean): SetsRow => ({
  view: ({ n, c, s }) => rowsView(n * c * s, c),
  statistics: ({ n, h, w }) => ({ n, c: 1, p: h * w }),
  statisticsOf: (layer, cell) => ({ n: cell.n, c: 0, p: position(layer, cell) }),
  centered,
});
const perInstance = (centered: boolean): SetsRow => ({
  view: instanceView,
  statistics: ({ n, c }) => ({ n, c, p: 1 }),
  statisticsOf: (_, { n, c }) => ({ n, c, p: 0 }),
  centered,
});

const rows: Readonly<Record<NormName, SetsRow>> = {
  batch: {
    view: batchView,
    statistics: ({ c }) => ({ n: 1, c, p: 1 }),
    statisticsOf: (_, { c }) => ({ n: 0, c, p: 0 }),
    centered: true,
  },
  layer: {
    view: ({ n, c, s }) => rowsView(n * c * s, c * s),
    statistics: ({ n }) => ({ n, c: 1, p: 1 }),
    statisticsOf: (_, { n }) => ({ n, c: 0, p: 0 }),
    centered: true,
  },
  layerChannels: perPosition(true),
  instance: perInstance(true),
  group: {
    view: (channels, { groups }) => groupView(channels, groups, 'groupNorm'),
    statistics: ({ n, groups }) => ({ n, c: groups, p: 1 }),
    statisticsOf: ({ c, groups }, cell) => ({ n: cell.n, c: Math.floor(cell.c / (c / groups)), p: 0 }),
    centered: true,
  },
  rms: perPosition(false),
  ghostBatch: {
    view: (channels, { slice }) => ghostView(channels, slice, 'ghostBatchNorm'),
    statistics: ({ n, c, slice }) => ({ n: n / slice, c, p: 1 }),
    statisticsOf: ({ slice }, cell) => ({ n: Math.floor(cell.n / slice), c: cell.c, p: 0 }),
    centered: true,
  },
  filterResponse: perInstance(false),
  pixel: perPosition(false),
};

/** A layer's elements in sets that share statistics. */
export interface Partition {
  readonly view: View;
  /** How many sets there are. */
  readonly sets: number;
  /** m: elements of a set. */
  readonly elements: number;
  readonly centered: boolean;
  readonly statistics: { readonly n: number; readonly c: number; readonly p: number };
  setOf(cell: Cell): number;
  statisticsOf(cell: Cell): { readonly n: number; readonly c: number; readonly p: number };
}

/** The partition that a norm makes of a layer (training's, for the batch family). */
export function partition(norm: NormName, layer: Layer): Partition {
  const row = rows[norm];
  const view = row.view({ n: layer.n, c: layer.c, s: layer.h * layer.w, layout: 'channelsLast' }, layer);
  return {
    view,
    sets: setsOf(view),
    elements: elementsPerSet(view),
    centered: row.centered,
    statistics: row.statistics(layer),
    setOf: (cell) => setOfElement(view, indexOf(layer, cell)),
    statisticsOf: (cell) => row.statisticsOf(layer, cell),
  };
}
