import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, type Dim, mul, type Poly, same, substitute, symbol } from '../../../src/analyzer/shapes/dim';
import {
  axis,
  axisIndex,
  broadcast,
  dimsOf,
  inRole,
  isExact,
  isMismatch,
  joinAsPrinted,
  joinShape,
  resized,
  sameShape,
  shape,
  showShape,
  sizeOf,
  unknownOfRank,
} from '../../../src/analyzer/shapes/shape';

const dims = fc.array(fc.constantFrom(1, 1, 2, 3), { maxLength: 4 });

/** The broadcast shape by tfjs; undefined where it throws. */
function realBroadcast(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  try {
    return tf.broadcast_util.assertAndGetBroadcastShape([...a], [...b]);
  } catch {
    return undefined;
  }
}

const [c, d] = [symbol('c'), symbol('d')];

describe('broadcasting', () => {
  it('gives the shape that tfjs gives, and a mismatch exactly where tfjs throws', () => {
    fc.assert(
      fc.property(dims, dims, (a, b) => {
        const ours = broadcast(shape(a), shape(b));
        expect(isMismatch(ours) ? undefined : dimsOf(ours)).toEqual(realBroadcast(a, b));
      }),
      { numRuns: 1000, seed: 4220 },
    );
  });

  it('is right for every value of symbols and of unknown sizes', () => {
    const hidden = fc.array(fc.constantFrom<Dim>(1, 2, 3, c, d, add(c, 1), mul(2, c), '?'), { maxLength: 3 });
    fc.assert(
      fc.property(
        hidden,
        hidden,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(2),
        (a, b, m, n, k) => {
          const values = new Map<string, Dim>([
            [c.key, m],
            [d.key, n],
          ]);
          const fill = (x: Dim): number => (x === '?' ? k + 1 : (substitute(x, values) as number));
          const real = realBroadcast(a.map(fill), b.map(fill));
          const ours = broadcast(shape(a), shape(b));
          if (isMismatch(ours)) {
            expect(real).toBeUndefined();
            return;
          }
          if (real === undefined) return;
          const claimed = dimsOf(ours) ?? [];
          expect(claimed.length).toBe(real.length);
          for (const [i, x] of claimed.entries()) if (x !== '?') expect(substitute(x, values)).toBe(real[i]);
        },
      ),
      { numRuns: 2000, seed: 4220 },
    );
  });

  it('of two sizes by name is the larger, whatever the order and however often', () => {
    const meet = (...all: readonly Dim[]): Dim | undefined => {
      const met = all.map((dim) => shape([dim])).reduce((a, b) => broadcast(a, b) as ReturnType<typeof shape>);
      return dimsOf(met)?.[0];
    };
    const expected = meet(c, d) ?? '?';
    expect(showShape(shape([expected]))).toMatch(/^\[max\([cd], [cd]\)\]$/);
    for (const dim of [meet(d, c), meet(c, d, c), meet(d, c, d, 1)]) expect(same(dim ?? '?', expected)).toBe(true);
    expect(meet(c, add(c, 1))).not.toBe('?');
  });

  it('keeps the axis that is wider, and knows nothing of unknown ranks', () => {
    const [wide, one] = [axis(5, 'width'), axis(1)];
    expect(broadcast([wide], [one])).toEqual([wide]);
    expect(broadcast([one], [wide])).toEqual([wide]);
    expect(broadcast(null, [wide])).toBe(null);
    expect(broadcast([axis(2), axis(3)], [axis(4)])).toEqual({ mismatch: true, axis: -1 });
  });
});

describe('axes', () => {
  it('keep their identity while their size stays, and their role when it changes', () => {
    const height = axis(28, 'height');
    expect(resized(height, 28)).toBe(height);
    expect(resized(height, 14)).toMatchObject({ dim: 14, role: 'height' });
    expect(resized(height, 14).id).not.toBe(height.id);
    expect(inRole(height, 'width')).toEqual({ id: height.id, dim: 28, role: 'width' });
  });

  it('are counted from either end, and not beyond', () => {
    expect([0, -1, 2, 3, -4, 1.5].map((i) => axisIndex(i, 3))).toEqual([0, 2, 2, undefined, undefined, undefined]);
  });
});

describe('shapes', () => {
  it('are compared only as far as they are known', () => {
    expect(sameShape(shape([1, c]), shape([1, c]))).toBe(true);
    expect(sameShape(shape([1, c]), shape([2, c]))).toBe(false);
    expect(sameShape(shape([1, c]), shape([1, d]))).toBeUndefined();
    expect(sameShape(shape([1]), shape([1, 1]))).toBe(false);
    expect(sameShape(null, shape([1]))).toBeUndefined();
  });

  it('join to the sizes in which they agree', () => {
    expect(dimsOf(joinShape(shape([null, 3, 4]), shape([null, 3, 5])))).toEqual([null, 3, '?']);
    expect(joinShape(shape([1]), shape([1, 2]))).toBe(null);
    // Two sizes of one name are two sizes; in print they are one.
    const [a, b] = [shape([symbol('n'), 3, 4]), shape([symbol('n'), 3, 5])];
    expect(dimsOf(joinShape(a, b))).toEqual(['?', 3, '?']);
    expect(dimsOf(joinAsPrinted(a, b))).toEqual([a?.[0]?.dim, 3, '?']);
    expect(joinAsPrinted(shape([1]), shape([1, 2]))).toBe(null);
    const batch = axis(null, 'batch');
    expect(joinShape([batch], [batch])?.[0]).toBe(batch);
  });

  it('say their size, whether they are exact, and how they read', () => {
    const size = sizeOf(shape([2, c as Poly, 3]));
    expect(same(size, mul(6, c))).toBe(true);
    expect(sizeOf(null)).toBe('?');
    expect(isExact(shape([null, 2]))).toBe(true);
    expect(isExact(shape([c]))).toBe(false);
    expect(showShape(shape([null, 2, c, '?']))).toBe('[null,2,c,?]');
    expect(showShape(null)).toBe('[…]');
    expect(dimsOf(unknownOfRank(2))).toEqual(['?', '?']);
  });
});
