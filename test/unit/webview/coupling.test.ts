import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batch as batchFormula,
  group as groupFormula,
  layer as layerFormula,
} from '../../../runtime/reference/formulas';
import { differentiate, type Value, value } from '../../../runtime/reference/tape';
import { cellAt, indexOf } from '../../../src/shared/illustration';
import { NORMS, type NormName } from '../../../src/shared/playground';
import { sampleValues } from '../../../webview/axes/tensor';
import { coupling } from '../../../webview/coupling/matrix';
import { type CriticInput, type CriticNorm, LEAK, makeCritic, penalty } from '../../../webview/coupling/penalty';
import { layers } from './support/layers';
import { inFloat64, reference } from './support/reference';

const norms = Object.keys(NORMS) as NormName[];

describe.each(norms)('the coupling matrix of %s', (name) => {
  it('is the derivative of the float64 formula', () => {
    fc.assert(
      fc.property(layers(4), fc.nat(), fc.integer({ min: 0, max: 20 }), (layer, pick, seed) => {
        const values = sampleValues(layer, seed);
        const cell = cellAt(layer, pick % values.length);
        const epsilon = 0.01;
        const found = coupling(name, layer, values, cell, epsilon);
        const each = layer.c * layer.h * layer.w;
        for (let i = 0; i < layer.n; i++) {
          const x = inFloat64(layer, values);
          const y = reference(name, layer, x, epsilon);
          const seedOf = new Float64Array(values.length);
          seedOf[indexOf(layer, { ...cell, n: i })] = 1;
          differentiate(y, seedOf);
          for (let j = 0; j < layer.n; j++) {
            const length = Math.hypot(...x.gradient.slice(j * each, (j + 1) * each));
            const entry = x.gradient[indexOf(layer, { ...cell, n: j })] ?? 0;
            expect(Math.abs((found.norms[i]?.[j] ?? 0) - length)).toBeLessThan(1e-4 * Math.max(1, length));
            expect(Math.abs((found.entries[i]?.[j] ?? 0) - entry)).toBeLessThan(1e-4 * Math.max(1, Math.abs(entry)));
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it(name === 'batch' || name === 'ghostBatch' ? 'couples samples' : 'keeps samples apart, exactly', () => {
    const layer = { data: 'images', n: 4, c: 6, h: 2, w: 2, groups: 2, slice: 2 } as const;
    const { largestBeside } = coupling(name, layer, sampleValues(layer, 1), cellAt(layer, 5), 1e-3);
    if (name === 'batch' || name === 'ghostBatch') expect(largestBeside).toBeGreaterThan(0.01);
    else expect(largestBeside).toBe(0);
  });
});

describe('the formula of one entry', () => {
  it('is (δ − 1/m − x̂ᵢx̂ⱼ/m)/σ for batch norm', () => {
    const layer = { data: 'images', n: 4, c: 6, h: 2, w: 2, groups: 2, slice: 2 } as const;
    const found = coupling('batch', layer, sampleValues(layer, 1), cellAt(layer, 5), 1e-3);
    const m = found.elements;
    found.entries.forEach((row, i) => {
      row.forEach((entry, j) => {
        const [a = 0, b = 0, scale = 0] = [found.normalized[i], found.normalized[j], found.rstd[i]];
        expect(entry).toBeCloseTo(scale * ((i === j ? 1 : 0) - 1 / m - (a * b) / m), 5);
      });
    });
  });
});

describe('the gradient penalty', () => {
  const input: CriticInput = { samples: 5, inputs: 6, hidden: 8, head: 'relu', weight: 10, epsilon: 1e-3, seed: 3 };

  /** The critic in float64, as a function of x. */
  function scores(name: CriticNorm, given: CriticInput, x: Float64Array): number[] {
    const { samples, inputs, hidden, epsilon, head } = given;
    const { first, last } = makeCritic(given);
    const features = Float64Array.from({ length: samples * hidden }, (_, at) => {
      const [i, k] = [Math.floor(at / hidden), at % hidden];
      let sum = 0;
      for (let d = 0; d < inputs; d++) sum += (x[i * inputs + d] ?? 0) * (first[d * hidden + k] ?? 0);
      return sum;
    });
    const h: Value = value(features, [samples, hidden]);
    const p = {
      gamma: value(new Float64Array(hidden).fill(1), [hidden]),
      beta: value(new Float64Array(hidden), [hidden]),
    };
    const normed = {
      none: () => h,
      batch: () => batchFormula(h, p, 'last', epsilon),
      layer: () => layerFormula(h, p, [1], epsilon),
      group: () => groupFormula(h, p, 2, 'last', epsilon),
    }[name]();
    return Array.from({ length: samples }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < hidden; k++) {
        const y = normed.data[i * hidden + k] ?? 0;
        sum += (last[k] ?? 0) * (head === 'relu' && y < 0 ? LEAK * y : y);
      }
      return sum;
    });
  }

  /** By central differences: of each sample's own score, and of the sum. */
  function lengths(name: CriticNorm, given: CriticInput): { own: number[]; summed: number[] } {
    const { samples, inputs } = given;
    const x = Float64Array.from(makeCritic(given).x);
    const step = 1e-6;
    const moved = (at: number, by: number) =>
      scores(
        name,
        given,
        x.map((v, i) => (i === at ? v + by : v)),
      );
    const own: number[] = [];
    const summed: number[] = [];
    for (let i = 0; i < samples; i++) {
      const slopes = Array.from({ length: inputs }, (_, d) => {
        const [up, down] = [moved(i * inputs + d, step), moved(i * inputs + d, -step)];
        const differences = up.map((score, j) => (score - (down[j] ?? 0)) / (2 * step));
        return { own: differences[i] ?? 0, summed: differences.reduce((sum, v) => sum + v, 0) };
      });
      own.push(Math.hypot(...slopes.map((slope) => slope.own)));
      summed.push(Math.hypot(...slopes.map((slope) => slope.summed)));
    }
    return { own, summed };
  }

  it.each(['none', 'batch', 'layer', 'group'] as const)(
    'of a critic with norm %s is that of central differences',
    (name) => {
      for (const head of ['relu', 'linear'] as const) {
        const given = { ...input, head };
        const expected = lengths(name, given);
        const found = penalty(name, given);
        for (let i = 0; i < input.samples; i++) {
          expect(found.own[i]).toBeCloseTo(expected.own[i] ?? 0, 4);
          expect(found.summed[i]).toBeCloseTo(expected.summed[i] ?? 0, 4);
        }
        const mean = (values: readonly number[]) =>
          (10 * values.reduce((sum, v) => sum + (v - 1) ** 2, 0)) / values.length;
        expect(found.ownPenalty).toBeCloseTo(mean(expected.own), 3);
        expect(found.summedPenalty).toBeCloseTo(mean(expected.summed), 3);
      }
    },
  );

  it('of a critic that is linear behind batch norm is the constant λ', () => {
    const found = penalty('batch', { ...input, head: 'linear' });
    expect(found.summedPenalty).toBeCloseTo(10, 4);
    expect(Math.max(...found.summed)).toBeLessThan(1e-5);
    expect(found.ownPenalty).not.toBeCloseTo(10, 1);
  });

  it('is the same by both readings where samples do not meet', () => {
    for (const name of ['none', 'layer', 'group'] as const) {
      const { own, summed } = penalty(name, input);
      expect(summed).toEqual(own);
    }
  });
});
