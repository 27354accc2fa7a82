import fc from 'fast-check';
import { divisors, type Layer } from '../../../../src/shared/illustration';

/** Any layer of at most so many cells an axis. */
export const layers = (most = 6): fc.Arbitrary<Layer> =>
  fc
    .record({
      data: fc.constantFrom('images', 'sequences', 'features'),
      n: fc.integer({ min: 1, max: most }),
      c: fc.integer({ min: 1, max: most }),
      h: fc.integer({ min: 1, max: 4 }),
      w: fc.integer({ min: 1, max: 4 }),
      group: fc.nat(),
      slice: fc.nat(),
    })
    .map(({ data, n, c, h, w, group, slice }) => {
      const pick = (of: number, which: number) => divisors(of)[which % divisors(of).length] ?? 1;
      return {
        data: data as Layer['data'],
        n,
        c,
        h: data === 'features' ? 1 : h,
        w: data === 'images' ? w : 1,
        groups: pick(c, group),
        slice: pick(n, slice),
      };
    });
