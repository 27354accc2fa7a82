import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellAt, indexOf, shapeOf } from '../../../src/shared/illustration';
import { NORMS, type NormName } from '../../../src/shared/playground';
import { costsOf, normResult, statisticsShape } from '../../../webview/axes/model';
import { arranged, memoryIndex, sampleValues } from '../../../webview/axes/tensor';
import { normFor } from '../../../webview/norms';
import { layers } from './support/layers';
import { inFloat64, reference } from './support/reference';

const norms = Object.keys(NORMS) as NormName[];
const layouts = ['channelsLast', 'channelsFirst'] as const;

describe.each(norms)('the arithmetic of %s', (name) => {
  it('is the float64 formula in both layouts, for any cell, γ, β and ε', () => {
    fc.assert(
      fc.property(
        layers(5),
        fc.constantFrom(...layouts),
        fc.nat(),
        fc.integer({ min: 0, max: 50 }),
        fc.constantFrom(1e-5, 1e-3, 0.1),
        fc.constantFrom(1, -2, 0.5),
        fc.constantFrom(0, 1.5),
        (layer, layout, pick, seed, epsilon, gamma, beta) => {
          const values = sampleValues(layer, seed);
          const cell = cellAt(layer, pick % values.length);
          const numbers = normResult(name, layer, values, { epsilon, layout, gamma, beta }).arithmetic(cell);
          const index = indexOf(layer, cell);
          const members = numbers.members.map((i) => values[i] ?? Number.NaN);
          const mean = members.reduce((sum, x) => sum + x, 0) / members.length;
          const squares = members.reduce((sum, x) => sum + x * x, 0) / members.length;
          const variance = numbers.centered
            ? members.reduce((sum, x) => sum + (x - mean) ** 2, 0) / members.length
            : squares;
          expect(numbers.members).toContain(index);
          expect(numbers.x).toBe(values[index]);
          expect(numbers.mean).toBeCloseTo(numbers.centered ? mean : 0, 6);
          expect(numbers.variance).toBeCloseTo(variance, 5);
          const plain = reference(name, layer, inFloat64(layer, values), epsilon).data[index] ?? 0;
          const y = reference(name, layer, inFloat64(layer, values), epsilon, gamma, beta).data[index] ?? 0;
          expect(Math.abs(numbers.normalized - plain)).toBeLessThan(2e-5 * Math.max(1, Math.abs(plain)));
          expect(Math.abs(numbers.y - y)).toBeLessThan(4e-5 * Math.max(1, Math.abs(y)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('counts the parameters and the memory that the runtime allocates', () => {
    fc.assert(
      fc.property(layers(6), fc.constantFrom(...layouts), (layer, layout) => {
        const norm = normFor(name, layer, { epsilon: 1e-3, layout });
        const shape = shapeOf(layer, layout);
        const { learned, remembered } = costsOf(name, layer, layout);
        const allocated = Object.values(norm.parameters(shape)).map((t) => [...(t?.shape ?? [])]);
        expect(learned.map((p) => [...p.shape])).toEqual(allocated);
        const state = Object.values(norm.state(shape) ?? {}).reduce((sum, { length }) => sum + length, 0);
        expect(remembered).toBe(state);
      }),
      { numRuns: 30 },
    );
  });

  it('names a shape of the statistics that has as many numbers as there are sets', () => {
    fc.assert(
      fc.property(layers(6), fc.constantFrom(...layouts), (layer, layout) => {
        const size = statisticsShape(name, layer, layout).reduce((product, dim) => product * dim, 1);
        expect(size).toBe(costsOf(name, layer, layout).sets);
      }),
    );
  });
});

describe('the tensor of the first scene', () => {
  it('is the same for the same seed, another for another, and takes edits by cell', () => {
    const dims = { n: 4, c: 6, h: 2, w: 2 };
    expect(sampleValues(dims, 1)).toEqual(sampleValues(dims, 1));
    expect(sampleValues(dims, 2)).not.toEqual(sampleValues(dims, 1));
    const edited = sampleValues(dims, 1, { 5: 7.5, 99999: 1 });
    expect(edited[5]).toBe(7.5);
    expect(edited.filter((x, i) => x !== sampleValues(dims, 1)[i])).toHaveLength(1);
  });

  it('is arranged in memory without loss', () => {
    fc.assert(
      fc.property(layers(5), (layer) => {
        const values = sampleValues(layer, 3);
        const first = arranged(values, layer, 'channelsFirst');
        values.forEach((x, i) => {
          expect(first[memoryIndex(layer, i, 'channelsFirst')]).toBe(x);
        });
      }),
    );
  });
});
