import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as analysis from '../../../runtime/analysis/index';
import * as runtime from '../../../runtime/index';
import { sample } from './support/data';

describe('sharing', () => {
  const shapes = fc.record({
    n: fc.integer({ min: 1, max: 4 }),
    h: fc.integer({ min: 1, max: 3 }),
    c: fc.constantFrom(2, 4, 6),
    layout: fc.constantFrom<runtime.Layout>('channelsLast', 'channelsFirst'),
  });

  it('says of every norm exactly which elements a change of one element reaches', () => {
    // The oracle is the norm itself: y_i depends on x_j exactly where both share their statistics.
    fc.assert(
      fc.property(shapes, ({ n, h, c, layout }) => {
        const shape = layout === 'channelsLast' ? [n, h + 2, c] : [n, c, h + 2];
        const x = sample(shape, 'ordinary', n * 7 + h);
        const norms: [analysis.SharingKind, analysis.SharingOptions, runtime.Norm][] = [
          ['batch', {}, runtime.batchNorm({ layout })],
          ['instance', {}, runtime.instanceNorm({ layout })],
          ['group', { groups: 2 }, runtime.groupNorm({ layout, groups: 2 })],
          ['layer', {}, runtime.layerNorm({ axis: [1, 2] })],
          ['ghost', { size: 1 }, runtime.ghostBatchNorm({ layout, size: 1 })],
          ['layerChannels', {}, runtime.layerNorm({ axis: layout === 'channelsLast' ? 2 : 1 })],
        ];
        for (const [kind, options, norm] of norms) {
          const shared = analysis.sharing(kind, shape, { ...options, layout });
          if (shared.m < 3) continue;
          const { y } = norm.forward(x);
          const moved = { data: x.data.slice(), shape };
          moved.data[0] = (moved.data[0] as number) + 0.7;
          const after = norm.forward(moved).y;
          const reached = [...y.data.keys()].filter(
            (i) => Math.abs((y.data[i] as number) - (after.data[i] as number)) > 1e-6,
          );
          const set = shared.elementsOf(shared.setOf(0));
          expect(
            reached.every((i) => set.includes(i)),
            kind,
          ).toBe(true);
          // A value that lies where the set turns may stand still; nearly all move.
          expect(reached.length, kind).toBeGreaterThanOrEqual(set.length - 1);
          expect(set.length).toBe(shared.m);
          expect(shared.pairs * shared.m).toBe(x.data.length);
        }
      }),
    );
  });

  it('agrees with the views of the kernels', () => {
    const channels = runtime.channelsOf([4, 3, 3, 6], 'channelsLast', 'test');
    const view = runtime.groupView(channels, 3);
    const shared = analysis.sharing('group', [4, 3, 3, 6], { groups: 3 });
    expect([runtime.setsOf(view), runtime.elementsPerSet(view)]).toEqual([shared.pairs, shared.m]);
    for (let i = 0; i < 216; i++) expect(runtime.setOfElement(view, i)).toBe(shared.setOf(i));
    expect(runtime.elementsOfSet(view, 4)).toEqual(shared.elementsOf(4));
  });
});

describe('coupling between samples', () => {
  const x = sample([4, 5, 3], 'ordinary', 3);
  it('is dense for batch norm and exactly diagonal for norms of one sample', () => {
    const dense = analysis.couplingJacobian(runtime.batchNorm(), x);
    expect([...dense].every((v) => v > 0.01)).toBe(true);
    for (const norm of [runtime.layerNorm(), runtime.instanceNorm(), runtime.groupNorm({ groups: 1 })]) {
      const jacobian = analysis.couplingJacobian(norm, x);
      jacobian.forEach((v, i) => {
        expect(v > 0, norm.name).toBe(i % 5 === 0);
      });
    }
  });

  it('is gone from batch norm at inference', () => {
    const jacobian = analysis.couplingJacobian(runtime.batchNorm(), x, { mode: 'infer' });
    expect([...jacobian].every((v, i) => v > 0 === (i % 5 === 0))).toBe(true);
  });

  it('is estimated by random probes', () => {
    const exact = analysis.couplingJacobian(runtime.batchNorm(), x);
    const probed = analysis.couplingJacobian(runtime.batchNorm(), x, { probes: 400 });
    probed.forEach((v, i) => {
      expect(Math.abs(v / (exact[i] as number) - 1)).toBeLessThan(0.2);
    });
  });
});

describe('noise of statistics', () => {
  const fixed = sample([1, 4], 'ordinary', 1);
  const noise = (norm: runtime.Norm, batch: number) =>
    analysis.statisticsNoise(norm, fixed, (draw) => sample([batch - 1, 4], 'ordinary', 100 + draw), { draws: 200 });

  it('falls with the batch for batch norm, near the theory of independent values', () => {
    const [small, large] = [noise(runtime.batchNorm(), 8), noise(runtime.batchNorm(), 128)];
    expect(small / large).toBeGreaterThan(3);
    // dy = −dμ/σ − ½·ŷ·dσ²/σ²: both parts as the theory has them, for this sample's own values.
    const meanSquare = fixed.data.reduce((sum, v) => sum + v * v, 0) / 4;
    const theory = Math.sqrt(analysis.meanNoise(128) ** 2 + 0.25 * meanSquare * analysis.varianceNoise(128) ** 2);
    expect(large / theory).toBeGreaterThan(0.8);
    expect(large / theory).toBeLessThan(1.2);
  });

  it('is exactly 0 for layer norm', () => {
    expect(noise(runtime.layerNorm(), 8)).toBe(0);
  });
});

describe('warm-up', () => {
  it('takes 299 steps to 5 % and 459 to 1 % at momentum .99', () => {
    expect(analysis.stepsUntil(0.05, 0.99)).toBe(299);
    expect(analysis.stepsUntil(0.01, 0.99)).toBe(459);
  });

  it('moves the running statistics as the weights say', () => {
    const steps = analysis.warmUp({ momentum: 0.9, steps: 60, batch: 4096, mean: 5, deviation: 2 });
    for (const { weight, mean, variance } of steps) {
      expect(mean).toBeCloseTo(5 * (1 - weight), 0);
      expect(Math.abs(variance - (weight + 4 * (1 - weight)))).toBeLessThan(0.2);
    }
  });
});

describe('equivalences', () => {
  it.each(analysis.equivalences.map((e) => [e.name, e] as const))('%s', (_, e) => {
    const tried = [
      [1, 4, 4, 6],
      [4, 3, 5, 2],
      [2, 6, 3, 1],
    ].flatMap((shape) =>
      (['channelsLast', 'channelsFirst'] as const)
        .filter((layout) => e.when(shape, layout))
        .map((layout) => ({ shape, layout })),
    );
    expect(tried.length).toBeGreaterThan(0);
    for (const { shape, layout } of tried) {
      expect(analysis.difference(e, sample(shape, 'ordinary', 2), layout)).toBeLessThan(2e-6);
    }
  });
});
