import { describe, expect, it } from 'vitest';
import { layerOf } from '../../../src/shared/illustration';
import { defaultState } from '../../../src/shared/playground';
import { ABOVE, clouds, spreadTheory } from '../../../webview/batch/cloud';
import { epochOf, residual, runningVarianceTheory, varianceNoise } from '../../../webview/batch/residual';
import { stepsUntil, warmUp, weightLeft } from '../../../webview/batch/warmUp';
import type { TaskContext } from '../../../webview/work/task';

const context: TaskContext = { progress: () => {}, breathe: () => Promise.resolve(), told: () => [] };
const layer = layerOf(defaultState);
const cloud = { layer, draws: 1000, mean: 3, deviation: 2, epsilon: 1e-5, seed: 7 };

describe('the cloud of one sample', () => {
  it('moves under batch norm as much as theory says, where batches are not tiny', async () => {
    for (const found of await clouds({ ...cloud, norm: 'batch', sizes: [16, 64] }, context)) {
      expect(found.spread / found.theory).toBeGreaterThan(0.9);
      expect(found.spread / found.theory).toBeLessThan(1.1);
      expect(found.average).toBeCloseTo(ABOVE, 1);
    }
  });

  it('moves not at all under norms that look at one sample', async () => {
    for (const norm of ['layer', 'layerChannels', 'instance', 'group', 'rms', 'pixel', 'filterResponse'] as const) {
      for (const found of await clouds({ ...cloud, draws: 20, norm, sizes: [2, 16] }, context)) {
        // A last bit of float32 may follow the neighbours, where a kernel takes several rows at once.
        expect(found.spread).toBeLessThan(1e-6);
        expect(Math.max(...found.outputs) - Math.min(...found.outputs)).toBeLessThan(1e-6);
      }
    }
  });

  it('moves under ghost batch norm as in a batch of a slice', async () => {
    const [small] = await clouds(
      { ...cloud, layer: { ...layer, slice: 16 }, norm: 'ghostBatch', sizes: [64] },
      context,
    );
    const [batch] = await clouds({ ...cloud, norm: 'batch', sizes: [16] }, context);
    expect((small?.spread ?? 0) / (batch?.spread ?? 1)).toBeCloseTo(1, 0);
    expect(small?.theory).toBe(batch?.theory);
  });

  it('has a theory that falls with the square root of the batch', () => {
    expect(spreadTheory(4096, 1, 1) / spreadTheory(1024, 1, 1)).toBeCloseTo(0.5, 2);
    expect(spreadTheory(4, 4, 1)).toBe(0);
  });

  it('tells what it has after every size', async () => {
    const told: unknown[] = [];
    await clouds(
      { ...cloud, draws: 20, norm: 'batch', sizes: [2, 4, 8] },
      { ...context, progress: (p) => told.push(p) },
    );
    expect(told.map((found) => (found as unknown[]).length)).toEqual([1, 2, 3]);
  });
});

describe('the warm-up', () => {
  const input = { batch: 32, positions: 1, mean: 3, deviation: 2, epsilon: 1e-3, seed: 1 };

  it.each([
    ['keras', 0.99, 100],
    ['keras', 0.9, 20],
    ['pytorch', 0.99, 300],
  ] as const)('leaves momentum^k of the beginning (%s, %d, %d steps)', async (convention, momentum, steps) => {
    const { left } = await warmUp({ ...input, convention, momentum, steps }, context);
    expect(left).toBeCloseTo(momentum ** steps, 5);
    expect(weightLeft(momentum, steps)).toBe(momentum ** steps);
  });

  it('arrives at the statistics of the data', async () => {
    const { points, inference } = await warmUp({ ...input, convention: 'keras', momentum: 0.9, steps: 500 }, context);
    const end = points.at(-1);
    // The noise of a running mean: σ/√m · √((1 − μ)/(1 + μ)); of the variance, σ²·√(2/m) times the same root.
    const remembered = Math.sqrt(0.1 / 1.9);
    const noise = { mean: (2 / Math.sqrt(32)) * remembered, variance: 4 * Math.sqrt(2 / 32) * remembered };
    expect(points[0]).toEqual({ step: 0, mean: 0, variance: 1 });
    expect(end?.step).toBe(500);
    expect(Math.abs((end?.mean ?? 0) - 3)).toBeLessThan(4 * noise.mean);
    expect(Math.abs((end?.variance ?? 0) - 4 * (1 - 1 / 32))).toBeLessThan(4 * noise.variance);
    expect(Math.abs(inference - 1)).toBeLessThan(0.2);
  });

  it('takes 299 steps of momentum 0.99 to leave 5 %, and 459 to leave 1 %', () => {
    expect(stepsUntil(0.99, 0.05)).toBe(299);
    expect(stepsUntil(0.99, 0.01)).toBe(459);
    expect(stepsUntil(1, 0.05)).toBe(Number.POSITIVE_INFINITY);
    expect(stepsUntil(0, 0.05)).toBe(1);
  });
});

describe('the residual batch', () => {
  const input = {
    samples: 33,
    batch: 8,
    positions: 1,
    momentum: 0.9,
    convention: 'keras',
    epsilon: 1e-3,
    seed: 1,
  } as const;

  it('is what is left over', () => {
    expect(epochOf(1001, 4)).toEqual({ full: 250, rest: 1 });
    expect(epochOf(64, 32)).toEqual({ full: 2, rest: 0 });
    expect(epochOf(3, 4)).toEqual({ full: 0, rest: 3 });
  });

  it('of one sample scales the running variance as the closed form says', () => {
    // (1 − 1/B)·μ(1 − μ^q)/(1 − μ^(q+1)), for a last batch of one.
    const [mu, q] = [0.9, 4];
    const expected = ((1 - 1 / 8) * mu * (1 - mu ** q)) / (1 - mu ** (q + 1));
    expect(runningVarianceTheory(input)).toBeCloseTo(expected, 12);
  });

  it.each([
    input,
    { ...input, samples: 35 },
    { ...input, samples: 64 },
    { ...input, samples: 35, convention: 'pytorch' as const },
    { ...input, samples: 20, positions: 4, momentum: 0.7 },
  ])('is measured as theory says: %o', async (given) => {
    const { measured, error } = await residual(given, context);
    expect(Math.abs(measured - runningVarianceTheory(given))).toBeLessThan(4 * error);
    expect(error).toBeLessThan(0.03);
  });

  it('has noisy statistics: √(2/(m − 1)), measured as .81, .37 and .13 at 4, 16 and 128', () => {
    expect([4, 16, 128].map((m) => Number(varianceNoise(m).toFixed(2)))).toEqual([0.82, 0.37, 0.13]);
  });
});
