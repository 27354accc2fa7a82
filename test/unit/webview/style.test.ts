import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../runtime/nn';
import { PICTURES, type PictureName } from '../../../src/shared/playground';
import { channelsOf, csvOf } from '../../../webview/style/channels';
import { madePicture, type Pixels, SIDE } from '../../../webview/style/pictures';
import { type ChannelStatistics, type StyleInput, transfer } from '../../../webview/style/tasks';
import {
  BASES,
  type Basis,
  bandsOf,
  covariance,
  mostScales,
  pixelsOf,
  principalAxes,
  putTogether,
  takeApart,
} from '../../../webview/style/transform';
import type { TaskContext } from '../../../webview/work/task';

const context: TaskContext = { progress: () => {}, breathe: async () => {}, told: () => [] };

function randomPixels(width: number, height: number, seed: number): Pixels {
  const random = new Random(seed);
  const rgba = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : random.below(256),
  );
  return { width, height, rgba };
}

const input = (changes: Partial<StyleInput> = {}): StyleInput => ({
  content: { id: 'harbour' },
  style: { id: 'mosaic' },
  scales: 4,
  colourSpace: 'opponent',
  norm: 'adain',
  strength: 1,
  epsilon: 1e-3,
  ...changes,
});

/** μ and √(σ² + ε) of every plane, in float64. */
function float64(planes: Float32Array, count: number, epsilon: number): ChannelStatistics {
  const area = planes.length / count;
  const pairs = Array.from({ length: count }, (_, c) => {
    const plane = planes.subarray(c * area, (c + 1) * area);
    const mean = plane.reduce((sum, x) => sum + x, 0) / area;
    return [mean, Math.sqrt(plane.reduce((sum, x) => sum + (x - mean) ** 2, 0) / area + epsilon)] as const;
  });
  return { mean: pairs.map(([mean]) => mean), deviation: pairs.map(([, deviation]) => deviation) };
}

function expectClose(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) {
    expect(Math.abs((found[i] ?? Number.NaN) - value), `channel ${i}`).toBeLessThan(tolerance);
  }
}

describe('the transform', () => {
  it('gives any picture back, whatever the colours, the size and the number of scales', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom('rgb', 'opponent', 'principal'),
        fc.nat(),
        (width, height, scales, space, seed) => {
          const picture = randomPixels(width, height, seed);
          const basis: Basis = space === 'principal' ? principalAxes(covariance([picture])) : BASES[space as 'rgb'];
          const planes = putTogether(takeApart(picture, basis, scales), basis);
          expect(pixelsOf(planes, width, height)).toEqual(picture);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has orthonormal colour axes, which is why their inverse is their transpose', () => {
    const principal = principalAxes(covariance([madePicture('hills'), madePicture('embers')]));
    for (const basis of [BASES.rgb, BASES.opponent, principal]) {
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) {
          const product = [0, 1, 2].reduce((sum, k) => sum + (basis[i]?.[k] ?? 0) * (basis[j]?.[k] ?? 0), 0);
          expect(product).toBeCloseTo(i === j ? 1 : 0, 12);
        }
      }
    }
  });

  it('pulls the colours apart: principal components of pictures do not correlate, red and green do', () => {
    const pictures = [madePicture('hills'), madePicture('embers')];
    const matrix = covariance(pictures);
    const principal = principalAxes(matrix);
    const products = (basis: Basis, i: number, j: number) =>
      [0, 1, 2].reduce(
        (sum, k) =>
          sum + [0, 1, 2].reduce((s, l) => s + (basis[i]?.[k] ?? 0) * (matrix[k]?.[l] ?? 0) * (basis[j]?.[l] ?? 0), 0),
        0,
      );
    const correlation = (basis: Basis, i: number, j: number) =>
      products(basis, i, j) / Math.sqrt(products(basis, i, i) * products(basis, j, j));
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const)
      expect(Math.abs(correlation(principal, i, j))).toBeLessThan(1e-9);
    expect(correlation(BASES.rgb, 0, 1)).toBeGreaterThan(0.5);
    expect(products(principal, 0, 0)).toBeGreaterThan(products(principal, 1, 1));
  });

  it('sees stripes in the direction and at the scale where they are', () => {
    const width = 64;
    const stripes = (across: boolean): Pixels => {
      const rgba = new Uint8ClampedArray(4 * width * width);
      for (let y = 0; y < width; y++) {
        for (let x = 0; x < width; x++) {
          const grey = ((across ? x : y) >> 2) % 2 === 0 ? 200 : 50;
          rgba.set([grey, grey, grey, 255], 4 * (y * width + x));
        }
      }
      return { width, height: width, rgba };
    };
    for (const across of [true, false]) {
      const { data } = takeApart(stripes(across), BASES.opponent, 3);
      const { deviation } = float64(data, 3 * bandsOf(3), 0);
      const [first, other] = across ? [0, 1] : [1, 0];
      for (let scale = 0; scale < 3; scale++) {
        expect(deviation[3 * scale + first] ?? 0).toBeGreaterThan(10);
        expect(deviation[3 * scale + other] ?? 1).toBeLessThan(1e-4);
      }
      // Periods of 8 pixels: 4 pixels away the other colour stands.
      expect(deviation[6 + first] ?? 0).toBeGreaterThan(deviation[first] ?? 0);
      // Grey has no colour: only brightness has anything.
      for (let c = bandsOf(3); c < 3 * bandsOf(3); c++) expect(deviation[c] ?? 1).toBeLessThan(1e-3);
    }
  });
});

describe('the pictures', () => {
  it('are all different, of one size, and the same each time', () => {
    const all = (Object.keys(PICTURES) as PictureName[]).map(madePicture);
    expect(new Set(all.map(({ rgba }) => Buffer.from(rgba).toString('latin1'))).size).toBe(all.length);
    for (const [i, name] of (Object.keys(PICTURES) as PictureName[]).entries()) {
      expect(all[i]?.rgba).toHaveLength(4 * SIDE * SIDE);
      // As bytes: to compare arrays element by element takes seconds.
      expect(Buffer.from(madePicture(name).rgba).equals(Buffer.from(all[i]?.rgba ?? []))).toBe(true);
      // None is flat: there is something to see, and no variance is 0.
      const { deviation } = float64(takeApart(all[i] as Pixels, BASES.rgb, 0).data, 3, 0);
      for (const value of deviation) expect(value, name).toBeGreaterThan(10);
    }
  });
});

describe('AdaIN on channels', () => {
  it('gives the result the style’s mean and deviation in every channel', async () => {
    const { statistics } = await transfer(input(), context);
    expectClose(statistics.result.mean, statistics.style.mean, 1e-3);
    // The content’s own variance gets ε, too: σ(result)² = σ(style)²·v/(v + ε) + ε.
    expectClose(statistics.result.deviation, statistics.style.deviation, 2e-2);
    const furthest = Math.max(
      ...statistics.content.deviation.map((d, i) => Math.abs(d - (statistics.style.deviation[i] ?? 0))),
    );
    expect(furthest).toBeGreaterThan(10);
  });

  it('shows statistics that are those of the float64 formula', async () => {
    const { statistics, basis, scales } = await transfer(input({ epsilon: 0.5 }), context);
    const channels = 3 * bandsOf(scales);
    for (const [name, found] of [
      ['harbour', statistics.content],
      ['mosaic', statistics.style],
    ] as const) {
      const expected = float64(takeApart(madePicture(name), basis, scales).data, channels, 0.5);
      expectClose(found.mean, expected.mean, 1e-3);
      expectClose(found.deviation, expected.deviation, 1e-3);
    }
  });

  it('leaves the content as it is at strength 0', async () => {
    const { result, cut } = await transfer(input({ strength: 0 }), context);
    expect(result).toEqual(madePicture('harbour'));
    expect(cut).toBe(0);
  });

  it('leaves a picture as it is that takes its own style', async () => {
    const { result } = await transfer(input({ style: { id: 'harbour' } }), context);
    const own = madePicture('harbour');
    const off = result.rgba.reduce((most, value, i) => Math.max(most, Math.abs(value - (own.rgba[i] ?? 0))), 0);
    expect(off).toBeLessThanOrEqual(1);
  });

  it('stands half way in mean and deviation at half strength', async () => {
    const { statistics } = await transfer(input({ strength: 0.5, epsilon: 1e-6 }), context);
    const half = (of: 'mean' | 'deviation') =>
      statistics.content[of].map((value, i) => (value + (statistics.style[of][i] ?? 0)) / 2);
    expectClose(statistics.result.mean, half('mean'), 2e-3);
    expectClose(statistics.result.deviation, half('deviation'), 2e-3);
  });

  it('without a style, instance norm leaves mean 0 and deviation 1 everywhere', async () => {
    const { statistics, gain } = await transfer(input({ norm: 'instance', epsilon: 1e-6 }), context);
    expectClose(
      statistics.result.mean,
      statistics.result.mean.map(() => 0),
      1e-4,
    );
    expectClose(
      statistics.result.deviation,
      statistics.result.deviation.map(() => 1),
      1e-3,
    );
    expect(gain).toBeGreaterThan(1);
  });

  it('takes pictures of other sizes, and no more scales than they have room for', async () => {
    const own = randomPixels(30, 9, 3);
    expect(mostScales(own)).toBe(2);
    const { result, scales, roundTrip } = await transfer(input({ content: { id: 'own:1', own }, scales: 6 }), context);
    expect([result.width, result.height, scales]).toEqual([30, 9, 2]);
    expect(roundTrip).toBeLessThan(1e-3);
  });

  it('names every channel, in the file too', async () => {
    const output = await transfer(input({ scales: 2 }), context);
    const channels = channelsOf('opponent', output.scales);
    expect(channels).toHaveLength(output.statistics.content.mean.length);
    const rows = csvOf(channels, output).trimEnd().split('\r\n');
    expect(rows).toHaveLength(1 + channels.length);
    expect(rows[1]).toMatch(/^brightness,1 px across,/);
    expect(rows[7]).toMatch(/^brightness,the rest,/);
    expect(Number(rows[7]?.split(',')[2])).toBe(output.statistics.content.mean[6]);
  });
});
