/**
 * A tensor of samples, channels and positions as an isometric block, as in Wu & He 2018 (arXiv 1803.08494, figure 2), with
 * the borders of its sets and one set lit. Three faces are seen: the first sample (left), the last channel (right) and the
 * first position (top). Cells are merged into runs, so that a face of thousands is a few paths.
 */
import { line, type Point, path, polygon, type Shape } from './drawing';

export interface BlockSize {
  readonly n: number;
  readonly c: number;
  /** Positions: rows × columns. */
  readonly p: number;
}

/** A cell by sample, channel and position. */
export interface BlockCell {
  readonly n: number;
  readonly c: number;
  readonly p: number;
}

export interface BlockGeometry {
  readonly size: BlockSize;
  readonly width: number;
  readonly height: number;
  /** A step along c (right and down), along n (right and up) and along p (down), in pixels. */
  readonly stepC: Point;
  readonly stepN: Point;
  readonly stepP: Point;
  /** The left corner of the top: sample 0, channel 0, position 0. */
  readonly origin: Point;
}

export const COS = Math.cos(Math.PI / 6);
const SIN = 0.5;

export interface Scale {
  /** Pixels of a cell's edge along c and n. */
  readonly edge: number;
  /** Pixels of a cell's height. */
  readonly rise: number;
}

/** The largest scale at which a block fits into a box. */
export function scaleFor({ n, c, p }: BlockSize, width: number, height: number, most: number): Scale {
  const edge = Math.min(most, width / ((n + c) * COS), (height * 0.62) / ((n + c) * SIN));
  return { edge, rise: Math.min(edge, (height - (n + c) * SIN * edge) / p) };
}

/** @param at where the block's upper left corner is in its picture */
export function blockGeometry(size: BlockSize, { edge, rise }: Scale, at: Point = { x: 0, y: 0 }): BlockGeometry {
  const { n, c, p } = size;
  return {
    size,
    width: (n + c) * COS * edge,
    height: (n + c) * SIN * edge + p * rise,
    stepC: { x: COS * edge, y: SIN * edge },
    stepN: { x: COS * edge, y: -SIN * edge },
    stepP: { x: 0, y: rise },
    origin: { x: at.x, y: at.y + n * SIN * edge },
  };
}

interface Face {
  readonly name: 'left' | 'right' | 'top';
  readonly at: Point;
  readonly u: Point;
  readonly v: Point;
  readonly countU: number;
  readonly countV: number;
  readonly cell: (u: number, v: number) => BlockCell;
}

/** The three faces that are seen. */
export function facesOf({ size: { n, c, p }, origin, stepC, stepN, stepP }: BlockGeometry): readonly Face[] {
  const corner = { x: origin.x + c * stepC.x, y: origin.y + c * stepC.y };
  return [
    { name: 'top', at: origin, u: stepC, v: stepN, countU: c, countV: n, cell: (u, v) => ({ n: v, c: u, p: 0 }) },
    { name: 'left', at: origin, u: stepC, v: stepP, countU: c, countV: p, cell: (u, v) => ({ n: 0, c: u, p: v }) },
    {
      name: 'right',
      at: corner,
      u: stepN,
      v: stepP,
      countU: n,
      countV: p,
      cell: (u, v) => ({ n: u, c: c - 1, p: v }),
    },
  ];
}

const pointOn = ({ at, u, v }: Face, a: number, b: number): Point => ({
  x: at.x + a * u.x + b * v.x,
  y: at.y + a * u.y + b * v.y,
});

const quad = (face: Face, u0: number, v0: number, u1: number, v1: number): string =>
  polygon([pointOn(face, u0, v0), pointOn(face, u1, v0), pointOn(face, u1, v1), pointOn(face, u0, v1)]);

/** The cells of a face that a test picks, merged into runs along u and equal rows along v. */
function pickedPath(face: Face, picks: (u: number, v: number) => boolean): string {
  let d = '';
  let open: { runs: string; from: number; spans: readonly (readonly [number, number])[] } | undefined;
  const close = (at: number) => {
    for (const [u0, u1] of open?.spans ?? []) d += quad(face, u0, open?.from ?? 0, u1, at);
  };
  for (let v = 0; v <= face.countV; v++) {
    const spans: [number, number][] = [];
    if (v < face.countV) {
      for (let u = 0; u < face.countU; u++) {
        if (!picks(u, v)) continue;
        const last = spans.at(-1);
        if (last !== undefined && last[1] === u) last[1] = u + 1;
        else spans.push([u, u + 1]);
      }
    }
    const runs = spans.join();
    if (open?.runs === runs) continue;
    close(v);
    open = { runs, from: v, spans };
  }
  return d;
}

/** Lines between neighbours of different sets, merged where they go on. */
function bordersPath({ face, setAt }: PreparedFace): string {
  let d = '';
  const scan = (lines: number, along: number, differs: (i: number, j: number) => boolean, at: typeof pointOn) => {
    for (let i = 1; i < lines; i++) {
      let from = -1;
      for (let j = 0; j <= along; j++) {
        const here = j < along && differs(i, j);
        if (here && from < 0) from = j;
        if (!here && from >= 0) {
          d += line(at(face, i, from), at(face, i, j));
          from = -1;
        }
      }
    }
  };
  scan(face.countU, face.countV, (u, v) => setAt(u - 1, v) !== setAt(u, v), pointOn);
  scan(
    face.countV,
    face.countU,
    (v, u) => setAt(u, v - 1) !== setAt(u, v),
    (f, v, u) => pointOn(f, u, v),
  );
  return d;
}

function gridPath(face: Face): string {
  let d = '';
  for (let u = 1; u < face.countU; u++) d += line(pointOn(face, u, 0), pointOn(face, u, face.countV));
  for (let v = 1; v < face.countV; v++) d += line(pointOn(face, 0, v), pointOn(face, face.countU, v));
  return d;
}

/** Lines closer than this are one grey. */
const CLOSEST_LINES = 2.5;
const lengthOf = ({ x, y }: Point): number => Math.hypot(x, y);

interface PreparedFace {
  readonly face: Face;
  readonly setAt: (u: number, v: number) => number;
  /** The whole face. */
  readonly area: string;
}

/** What of a block does not depend on what is lit: made once, drawn often. */
export interface Block {
  readonly geometry: BlockGeometry;
  readonly faces: readonly PreparedFace[];
  readonly under: readonly Shape[];
  readonly over: readonly Shape[];
}

export function prepareBlock(geometry: BlockGeometry, setOf: (cell: BlockCell) => number): Block {
  const faces = facesOf(geometry).map((face) => {
    const { countU, countV } = face;
    const sets = Int32Array.from({ length: countU * countV }, (_, i) =>
      setOf(face.cell(i % countU, Math.floor(i / countU))),
    );
    const setAt = (u: number, v: number) => sets[v * countU + u] ?? -1;
    return { face, setAt, area: quad(face, 0, 0, countU, countV) };
  });
  const roomy = faces.filter(({ face }) => Math.min(lengthOf(face.u), lengthOf(face.v)) >= CLOSEST_LINES);
  return {
    geometry,
    faces,
    under: faces.flatMap(({ face, area }) => path(`face ${face.name}`, area)),
    over: [
      ...path('grid', roomy.map(({ face }) => gridPath(face)).join('')),
      ...path('border', faces.map(bordersPath).join('')),
    ],
  };
}

export interface BlockMarks {
  /** The set whose cells are lit. */
  readonly lit: number;
  /** The chosen cell, outlined where it is seen. */
  readonly cell?: BlockCell | undefined;
  /** Cells picked out besides, such as a run along an axis. */
  readonly picked?: ((cell: BlockCell) => boolean) | undefined;
}

/** The block's shapes, from back to front. */
export function blockShapes({ faces, under, over }: Block, { lit, cell, picked }: BlockMarks): readonly Shape[] {
  const litPaths = faces.map(({ face, setAt }) => ({
    name: face.name,
    d: pickedPath(face, (u, v) => setAt(u, v) === lit),
  }));
  const allLit = litPaths.map(({ d }) => d).join('');
  const pickedAll = picked && faces.map(({ face }) => pickedPath(face, (u, v) => picked(face.cell(u, v)))).join('');
  return [
    ...under,
    ...litPaths.flatMap(({ name, d }) => path(`lit ${name}`, d)),
    ...path('hatch', allLit),
    ...over,
    ...path('lit-edge', allLit),
    ...path('outline', faces.map(({ area }) => area).join('')),
    ...path('picked', pickedAll ?? ''),
    ...path('cell', cell === undefined ? '' : faces.map(({ face }) => cellPath(face, cell)).join('')),
  ];
}

/** A cell's outline on a face; nothing where it lies behind it. */
function cellPath(face: Face, { n, c, p }: BlockCell): string {
  const [u, v] = { top: [c, n], left: [c, p], right: [n, p] }[face.name] as [number, number];
  const at = face.cell(u, v);
  return at.n === n && at.c === c && at.p === p ? quad(face, u, v, u + 1, v + 1) : '';
}

/** The cell at a point of the picture, or undefined beside the block. */
export function blockCellAt(geometry: BlockGeometry, { x, y }: Point): BlockCell | undefined {
  for (const face of facesOf(geometry)) {
    const determinant = face.u.x * face.v.y - face.u.y * face.v.x;
    const [dx, dy] = [x - face.at.x, y - face.at.y];
    const u = (dx * face.v.y - dy * face.v.x) / determinant;
    const v = (dy * face.u.x - dx * face.u.y) / determinant;
    if (u >= 0 && v >= 0 && u < face.countU && v < face.countV) return face.cell(Math.floor(u), Math.floor(v));
  }
  return undefined;
}
