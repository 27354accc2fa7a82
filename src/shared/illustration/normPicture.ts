/**
 * The picture of a norm: the tensor with one set lit, and beside it the statistics that it is averaged to at a smaller
 * scale. The page's first scene shows it, and a hover in the editor can.
 */
import { NORMS, type NormName } from '../playground/properties/shared';
import {
  type Block,
  type BlockCell,
  type BlockGeometry,
  blockCellAt,
  blockGeometry,
  blockShapes,
  prepareBlock,
  scaleFor,
} from './block';
import type { Drawing, Point, Shape, TextShape } from './drawing';
import type { Cell, Layer } from './layer';
import { type Axis, type Partition, partition } from './sets';
import { type TableGeometry, tableCellAt, tableShapes } from './table';

export interface PictureOptions {
  /** Room for the tensor; the statistics stand beside it. */
  readonly width: number;
  readonly height: number;
  /** The largest edge of a cell. */
  readonly most: number;
  /** The cell whose set is lit. */
  readonly cell: Cell;
  /** An axis, or the statistics, that words point at. */
  readonly points?: Axis | 'statistics' | undefined;
  /** A cell's number, shown where there is room. */
  readonly number?: ((cell: Cell) => string) | undefined;
}

export interface NormPicture {
  readonly drawing: Drawing;
  /** The cell at a point of the drawing; undefined beside the tensor. */
  cellAt(point: Point): Cell | undefined;
}

export function normPicture(norm: NormName, layer: Layer, options: PictureOptions): NormPicture {
  const sets = partition(norm, layer);
  return layer.data === 'features'
    ? tablePicture(norm, layer, sets, options)
    : blockPicture(norm, layer, sets, options);
}

/** The point of the picture in one sentence. */
export function pictureWords(norm: NormName, layer: Layer): string {
  const { sets, elements, centered } = partition(norm, layer);
  const what = centered
    ? sets === 1
      ? 'one mean'
      : `${sets} means`
    : `no mean, ${sets === 1 ? 'one root mean square' : `${sets} root mean squares`}`;
  return `${NORMS[norm]}: ${what}, each over ${elements} of ${layer.n * layer.c * layer.h * layer.w} elements.`;
}

const MARGIN = { left: 24, top: 8, bottom: 26, right: 10 };
const GAP = 44;
/** The statistics' scale beside the tensor's. */
const SMALLER = 0.62;

interface Blocks {
  readonly tensor: Block;
  readonly statistics: Block;
}

const toCell = ({ w }: Layer, { n, c, p }: BlockCell): Cell => ({ n, c, h: Math.floor(p / w), w: p % w });
const numberOf = ({ statistics }: Partition, { n, c, p }: BlockCell): number =>
  (n * statistics.c + c) * statistics.p + p;

/** The blocks of the last few pictures: a hover lights other sets of the same ones. */
const blocks = new Map<string, Blocks>();
const MOST_BLOCKS = 32;

function blocksOf(norm: NormName, layer: Layer, sets: Partition, { width, height, most }: PictureOptions): Blocks {
  const key = JSON.stringify([norm, layer, width, height, most]);
  const known = blocks.get(key);
  if (known !== undefined) return known;
  const size = { n: layer.n, c: layer.c, p: layer.h * layer.w };
  const scale = scaleFor(size, width, height, most);
  const tensor = blockGeometry(size, scale, { x: MARGIN.left, y: MARGIN.top });
  const smaller = { edge: scale.edge * SMALLER, rise: scale.rise * SMALLER };
  const { height: smallHeight } = blockGeometry(sets.statistics, smaller);
  const beside = { x: MARGIN.left + tensor.width + GAP, y: MARGIN.top + (tensor.height - smallHeight) / 2 };
  const made = {
    tensor: prepareBlock(tensor, (at) => sets.setOf(toCell(layer, at))),
    statistics: prepareBlock(blockGeometry(sets.statistics, smaller, beside), (at) => numberOf(sets, at)),
  };
  if (blocks.size >= MOST_BLOCKS) blocks.delete(blocks.keys().next().value ?? '');
  blocks.set(key, made);
  return made;
}

function blockPicture(norm: NormName, layer: Layer, sets: Partition, options: PictureOptions): NormPicture {
  const { cell, points } = options;
  const { tensor, statistics } = blocksOf(norm, layer, sets, options);
  const { geometry } = tensor;
  const chosen: BlockCell = { n: cell.n, c: cell.c, p: cell.h * layer.w + cell.w };
  const axis = points === undefined || points === 'statistics' ? undefined : points;
  return {
    drawing: {
      // Room for the largest statistics, so that the tensors of all norms are of one size.
      width: MARGIN.left + geometry.width * (1 + SMALLER) + GAP + MARGIN.right,
      height: MARGIN.top + geometry.height + MARGIN.bottom,
      words: pictureWords(norm, layer),
      shapes: [
        ...blockShapes(tensor, {
          lit: sets.setOf(cell),
          cell: chosen,
          picked: axis && alongAxis(chosen, axis),
        }),
        ...axisLabels(layer, geometry, { x: MARGIN.left, y: MARGIN.top }),
        ...arrow(MARGIN.left + geometry.width + 8, MARGIN.top + geometry.height / 2, sets),
        ...blockShapes(statistics, {
          lit: numberOf(sets, sets.statisticsOf(cell)),
          picked: points === 'statistics' ? () => true : undefined,
        }),
      ],
    },
    cellAt: (point) => {
      const at = blockCellAt(geometry, point);
      return at && toCell(layer, at);
    },
  };
}

const alongAxis =
  (chosen: BlockCell, axis: Axis) =>
  (at: BlockCell): boolean =>
    (['n', 'c', 'p'] as const).every((other) => other === axis || at[other] === chosen[other]);

/** What the positions are called: rows × columns of a picture, steps of a sequence. */
export const positionsLabel = ({ data, h, w }: Layer): string =>
  data === 'images' ? `H·W = ${h * w}` : data === 'sequences' ? `T = ${h}` : '';

function axisLabels(layer: Layer, { size, width, height, stepC, stepN, origin, stepP }: BlockGeometry, from: Point) {
  const bottom = origin.y + size.p * stepP.y;
  const text = (role: string, x: number, y: number, angle: number, words: string): TextShape => ({
    kind: 'text',
    role: `label ${role}`,
    x,
    y,
    anchor: 'middle',
    angle,
    words,
  });
  return [
    text('c', from.x + (size.c * stepC.x) / 2 - 6, bottom + (size.c * stepC.y) / 2 + 12, 30, `C = ${size.c}`),
    text(
      'n',
      from.x + width - (size.n * stepN.x) / 2 + 6,
      from.y + height + (size.n * stepN.y) / 2 + 12,
      -30,
      `N = ${size.n}`,
    ),
    text('p', from.x - 9, (origin.y + bottom) / 2, -90, positionsLabel(layer)),
  ];
}

function arrow(x: number, y: number, { centered }: Partition): readonly Shape[] {
  return [
    {
      kind: 'path',
      role: 'arrow',
      d: `M${x} ${y}L${x + 24} ${y}M${x + 18} ${y - 5}L${x + 24} ${y}L${x + 18} ${y + 5}`,
    },
    { kind: 'text', role: 'label', x: x + 11, y: y - 12, anchor: 'middle', words: centered ? 'μ, σ' : 'r' },
  ];
}

function tablePicture(norm: NormName, layer: Layer, sets: Partition, options: PictureOptions): NormPicture {
  const { n: rows, c: columns } = layer;
  const { cell, points, number } = options;
  const at = { x: MARGIN.left, y: MARGIN.top + 16 };
  const width = Math.min(options.most * 1.8, options.width / columns);
  const height = Math.min(options.most * 1.2, options.height / (rows + 2));
  const geometry: TableGeometry = { rows, columns, width, height, at };
  const cellOf = (row: number, column: number): Cell => ({ n: row, c: column, h: 0, w: 0 });
  const litSet = sets.setOf(cell);
  const picked = (row: number, column: number) =>
    points === 'n' ? column === cell.c : points === 'c' ? row === cell.n : false;
  const table = tableShapes(geometry, {
    lit: (row, column) => sets.setOf(cellOf(row, column)) === litSet,
    setOf: (row, column) => sets.setOf(cellOf(row, column)),
    cell: { row: cell.n, column: cell.c },
    picked: points === 'n' || points === 'c' ? picked : undefined,
    words: number && ((row, column) => number(cellOf(row, column))),
  });
  // Below the columns where samples were averaged away, else beside the rows.
  const below = sets.statistics.n < rows || rows === 1;
  const { n, c } = sets.statistics;
  const lit = sets.statisticsOf(cell);
  const edge: TableGeometry = below
    ? {
        rows: n,
        columns: c,
        width: (width * columns) / c,
        height: height * 0.8,
        at: { x: at.x, y: at.y + rows * height + 26 },
      }
    : { rows: n, columns: c, width: Math.min(width, 40), height, at: { x: at.x + columns * width + 34, y: at.y } };
  const label = sets.centered ? 'μ, σ' : 'r';
  const statistics = tableShapes(edge, {
    lit: (row, column) => row === lit.n && column === lit.c,
    setOf: (row, column) => row * c + column,
    picked: points === 'statistics' ? () => true : undefined,
  });
  const text = (role: string, x: number, y: number, words: string, angle = 0): TextShape => ({
    kind: 'text',
    role: `label ${role}`,
    x,
    y,
    anchor: 'middle',
    words,
    ...(angle === 0 ? {} : { angle }),
  });
  const middle = at.x + (columns * width) / 2;
  return {
    drawing: {
      width: (below ? at.x + columns * width : edge.at.x + c * edge.width) + MARGIN.right + (below ? 0 : 4),
      height: (below ? edge.at.y + n * edge.height : at.y + rows * height) + 10,
      words: pictureWords(norm, layer),
      shapes: [
        text('c', middle, at.y - 10, `C = ${columns}`),
        text('n', at.x - 9, at.y + (rows * height) / 2, `N = ${rows}`, -90),
        ...table,
        below
          ? text('', middle, edge.at.y - 12, `↓ ${label}`)
          : text('', edge.at.x + (c * edge.width) / 2, at.y - 10, `→ ${label}`),
        ...statistics,
      ],
    },
    cellAt: (point) => {
      const found = tableCellAt(geometry, point);
      return found && cellOf(found.row, found.column);
    },
  };
}
