/** A batch of feature vectors as a flat table: a row a sample, a column a feature; the statistics stand at its edges. */
import { type Point, path, polygon, type Shape, type TextShape } from './drawing';

export interface TableGeometry {
  readonly rows: number;
  readonly columns: number;
  /** Pixels of a cell. */
  readonly width: number;
  readonly height: number;
  readonly at: Point;
}

export interface TableMarks {
  readonly lit: (row: number, column: number) => boolean;
  /** Whether two cells share a set: between others a border is drawn. */
  readonly setOf: (row: number, column: number) => number;
  readonly cell?: { readonly row: number; readonly column: number } | undefined;
  readonly picked?: ((row: number, column: number) => boolean) | undefined;
  /** What a cell says, where it has room. */
  readonly words?: ((row: number, column: number) => string) | undefined;
}

const box = ({ at, width, height }: TableGeometry, row: number, column: number): string => {
  const [x, y] = [at.x + column * width, at.y + row * height];
  return polygon([
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ]);
};

/** Narrower cells have no room for words. */
const ROOM_FOR_WORDS = 30;

export function tableShapes(geometry: TableGeometry, marks: TableMarks): readonly Shape[] {
  const { rows, columns, width, height, at } = geometry;
  const cells = Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns] as const);
  const where = (test: (row: number, column: number) => boolean) =>
    cells.filter(([row, column]) => test(row, column)).map(([row, column]) => box(geometry, row, column));
  const lit = where(marks.lit).join('');
  const borders = cells.flatMap(([row, column]) => {
    const set = marks.setOf(row, column);
    const [x, y] = [at.x + column * width, at.y + row * height];
    return [
      ...(column > 0 && marks.setOf(row, column - 1) !== set ? [`M${x} ${y}L${x} ${y + height}`] : []),
      ...(row > 0 && marks.setOf(row - 1, column) !== set ? [`M${x} ${y}L${x + width} ${y}`] : []),
    ];
  });
  const { words } = marks;
  const texts: readonly TextShape[] =
    words === undefined || width < ROOM_FOR_WORDS
      ? []
      : cells.map(([row, column]) => ({
          kind: 'text',
          role: 'number',
          x: at.x + (column + 0.5) * width,
          y: at.y + (row + 0.5) * height,
          anchor: 'middle',
          words: words(row, column),
        }));
  const outline = box({ ...geometry, width: width * columns, height: height * rows }, 0, 0);
  return [
    ...path('face left', outline),
    ...path('lit left', lit),
    ...path('hatch', lit),
    ...path('grid', where(() => true).join('')),
    ...path('border', borders.join('')),
    ...path('lit-edge', lit),
    ...path('outline', outline),
    ...(marks.picked === undefined ? [] : path('picked', where(marks.picked).join(''))),
    ...path('cell', where((row, column) => row === marks.cell?.row && column === marks.cell.column).join('')),
    ...texts,
  ];
}

/** The cell at a point, or undefined beside the table. */
export function tableCellAt(
  { at, width, height, rows, columns }: TableGeometry,
  { x, y }: Point,
): { readonly row: number; readonly column: number } | undefined {
  const row = Math.floor((y - at.y) / height);
  const column = Math.floor((x - at.x) / width);
  return row >= 0 && column >= 0 && row < rows && column < columns ? { row, column } : undefined;
}
