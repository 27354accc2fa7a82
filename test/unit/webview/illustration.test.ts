import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Cell,
  cellAt,
  DARK,
  divisors,
  divisorUpTo,
  drawingSvg,
  drawnLayer,
  indexOf,
  type Layer,
  layerOf,
  normPicture,
  partition,
} from '../../../src/shared/illustration';
import { blockCellAt, blockGeometry, blockShapes, facesOf, prepareBlock } from '../../../src/shared/illustration/block';
import { defaultState, NORMS, type NormName } from '../../../src/shared/playground';
import { layers } from './support/layers';

const norms = Object.keys(NORMS) as NormName[];

const cellsOf = (layer: Layer): readonly Cell[] =>
  Array.from({ length: layer.n * layer.c * layer.h * layer.w }, (_, i) => cellAt(layer, i));

/** The papers' definitions: when two cells are averaged together. */
const together: Readonly<Record<NormName, (a: Cell, b: Cell, layer: Layer) => boolean>> = {
  batch: (a, b) => a.c === b.c,
  layer: (a, b) => a.n === b.n,
  layerChannels: (a, b) => a.n === b.n && a.h === b.h && a.w === b.w,
  instance: (a, b) => a.n === b.n && a.c === b.c,
  group: (a, b, { c, groups }) => a.n === b.n && Math.floor((a.c * groups) / c) === Math.floor((b.c * groups) / c),
  rms: (a, b) => a.n === b.n && a.h === b.h && a.w === b.w,
  ghostBatch: (a, b, { slice }) => a.c === b.c && Math.floor(a.n / slice) === Math.floor(b.n / slice),
  filterResponse: (a, b) => a.n === b.n && a.c === b.c,
  pixel: (a, b) => a.n === b.n && a.h === b.h && a.w === b.w,
};

describe.each(norms)('the sets of %s', (name) => {
  it('are those of its definition, in number and in size', () => {
    fc.assert(
      fc.property(layers(4), fc.nat(), (layer, pick) => {
        const cells = cellsOf(layer);
        const sets = partition(name, layer);
        const cell = cells[pick % cells.length] as Cell;
        const mates = cells.filter((other) => together[name](cell, other, layer));
        expect(cells.filter((other) => sets.setOf(other) === sets.setOf(cell))).toEqual(mates);
        expect(sets.elements).toBe(mates.length);
        expect(sets.sets).toBe(new Set(cells.map(sets.setOf)).size);
      }),
      { numRuns: 60 },
    );
  });

  it('have a place each in the picture of the statistics', () => {
    fc.assert(
      fc.property(layers(4), (layer) => {
        const sets = partition(name, layer);
        const { n, c, p } = sets.statistics;
        const places = new Map(
          cellsOf(layer).map((cell) => [sets.setOf(cell), JSON.stringify(sets.statisticsOf(cell))]),
        );
        expect(places.size).toBe(n * c * p);
        expect(new Set(places.values()).size).toBe(places.size);
      }),
      { numRuns: 40 },
    );
  });

  it('light a part of the picture for every cell', () => {
    fc.assert(
      fc.property(layers(5), fc.nat(), (layer, pick) => {
        const cells = cellsOf(layer);
        const cell = cells[pick % cells.length] as Cell;
        const { drawing } = normPicture(name, layer, { width: 160, height: 150, most: 22, cell });
        expect(drawing.shapes.some(({ role }) => role.startsWith('lit '))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the block', () => {
  it('finds the cell under a point, for the middle of every cell that is seen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 9 }),
        (n, c, p) => {
          const geometry = blockGeometry({ n, c, p }, { edge: 20, rise: 14 });
          for (const face of facesOf(geometry)) {
            for (let u = 0; u < face.countU; u++) {
              for (let v = 0; v < face.countV; v++) {
                const x = face.at.x + (u + 0.5) * face.u.x + (v + 0.5) * face.v.x;
                const y = face.at.y + (u + 0.5) * face.u.y + (v + 0.5) * face.v.y;
                expect(blockCellAt(geometry, { x, y })).toEqual(face.cell(u, v));
              }
            }
          }
          expect(blockCellAt(geometry, { x: -1, y: -1 })).toBeUndefined();
          expect(blockCellAt(geometry, { x: geometry.width + 1, y: geometry.height })).toBeUndefined();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('lights an area as large as the cells of the set that are seen', () => {
    fc.assert(
      fc.property(layers(5), fc.constantFrom(...norms), fc.nat(), (layer, name, pick) => {
        const sets = partition(name, layer);
        const chosen = pick % sets.sets;
        const toCell = (at: { n: number; c: number; p: number }): Cell => ({
          n: at.n,
          c: at.c,
          h: Math.floor(at.p / layer.w),
          w: at.p % layer.w,
        });
        const geometry = blockGeometry({ n: layer.n, c: layer.c, p: layer.h * layer.w }, { edge: 20, rise: 14 });
        const setOf = (at: { n: number; c: number; p: number }) => sets.setOf(toCell(at));
        const shapes = blockShapes(prepareBlock(geometry, setOf), { lit: chosen });
        for (const face of facesOf(geometry)) {
          let seen = 0;
          for (let u = 0; u < face.countU; u++) {
            for (let v = 0; v < face.countV; v++) if (setOf(face.cell(u, v)) === chosen) seen++;
          }
          const area = Math.abs(face.u.x * face.v.y - face.u.y * face.v.x);
          const shape = shapes.find(({ role }) => role === `lit ${face.name}`);
          // A path is written to a hundredth of a pixel, so its area is known to about one part in ten thousand.
          const lit = shape?.kind === 'path' ? areaOf(shape.d) : 0;
          expect(Math.abs(lit - seen * area)).toBeLessThanOrEqual(0.5 + 1e-4 * seen * area);
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** The area of a path of closed polygons (the shoelace formula). */
function areaOf(d: string): number {
  return d
    .split('Z')
    .filter((part) => part !== '')
    .map((part) => {
      const points = [...part.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
      const twice = points.reduce((sum, [x, y], i) => {
        const [nextX, nextY] = points[(i + 1) % points.length] as readonly [number, number];
        return sum + x * nextY - nextX * y;
      }, 0);
      return Math.abs(twice) / 2;
    })
    .reduce((sum, area) => sum + area, 0);
}

describe('the layer that is drawn', () => {
  const whole = fc.record({
    data: fc.constantFrom('images' as const, 'sequences' as const, 'features' as const),
    batch: fc.integer({ min: 1, max: 4096 }),
    channels: fc.integer({ min: 1, max: 8192 }),
    height: fc.integer({ min: 1, max: 4096 }),
    width: fc.integer({ min: 1, max: 4096 }),
    groups: fc.integer({ min: 1, max: 8192 }),
    ghostBatchSize: fc.integer({ min: 1, max: 4096 }),
  });

  it('has groups and slices that divide, whatever was asked for, and is no larger than the layer', () => {
    fc.assert(
      fc.property(whole, (settings) => {
        for (const layer of [layerOf(settings), drawnLayer(layerOf(settings))]) {
          expect(layer.c % layer.groups).toBe(0);
          expect(layer.n % layer.slice).toBe(0);
        }
        const [all, drawn] = [layerOf(settings), drawnLayer(layerOf(settings))];
        for (const axis of ['n', 'c', 'h', 'w'] as const) expect(drawn[axis]).toBeLessThanOrEqual(all[axis]);
        expect(drawn.n * drawn.c * drawn.h * drawn.w).toBeLessThanOrEqual(8 * 16 * 16 * 16);
      }),
    );
  });

  it('keeps whole groups where they fit, and shows two at least', () => {
    const drawn = (channels: number, groups: number) => drawnLayer(layerOf({ ...defaultState, channels, groups }));
    expect(drawn(64, 32)).toMatchObject({ c: 16, groups: 8 });
    expect(drawn(64, 64)).toMatchObject({ c: 16, groups: 16 });
    expect(drawn(64, 4)).toMatchObject({ c: 16, groups: 2 });
    expect(drawn(64, 1)).toMatchObject({ c: 16, groups: 1 });
    expect(drawn(12, 4)).toMatchObject({ c: 12, groups: 4 });
  });

  it('numbers cells without gaps', () => {
    fc.assert(
      fc.property(layers(5), (layer) => {
        cellsOf(layer).forEach((cell, i) => {
          expect(indexOf(layer, cell)).toBe(i);
        });
      }),
    );
  });

  it('rounds a divisor down', () => {
    expect(divisors(12)).toEqual([1, 2, 3, 4, 6, 12]);
    expect(divisorUpTo(12, 5)).toBe(4);
    expect(divisorUpTo(7, 6)).toBe(1);
  });
});

describe('a picture as text', () => {
  it('is well-formed, says its point, and holds no style sheet', () => {
    for (const data of ['images', 'sequences', 'features'] as const) {
      for (const name of norms) {
        const layer = drawnLayer(layerOf({ ...defaultState, data }));
        const cell = { n: 0, c: layer.c - 1, h: 0, w: 0 };
        const svg = drawingSvg(normPicture(name, layer, { width: 160, height: 150, most: 22, cell }).drawing, DARK);
        expect(svg).toMatch(/^<svg [^>]*role="img"[^>]*><title>[^<]+<\/title>/);
        expect(svg).not.toMatch(/NaN|undefined|style=|class=|<script/);
        const opened = [...svg.matchAll(/<(\w+)[^>]*?(\/?)>/g)].filter(([, , closed]) => closed === '').length;
        expect([...svg.matchAll(/<\/\w+>/g)]).toHaveLength(opened);
      }
    }
  });
});
