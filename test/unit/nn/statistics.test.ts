import { describe, expect, it } from 'vitest';
import { activationStatistics } from '../../../runtime/nn/statistics';

const relu = { name: 'relu1', kind: 'relu' } as const;

describe('Activation statistics', () => {
  it('give mean and deviation over all values and by channel', () => {
    // Channels (1, 3, 5) and (10, 10, 40): means 3 and 20, variances 8/3 and 200.
    const output = { shape: [3, 2], data: Float64Array.of(1, 10, 3, 10, 5, 40) };
    const found = activationStatistics(relu, output, { bins: 4, low: 0, high: 40 });
    expect(found.channelMeans[0]).toBeCloseTo(3, 12);
    expect(found.channelMeans[1]).toBeCloseTo(20, 12);
    expect(found.channelDeviations[0]).toBeCloseTo(Math.sqrt(8 / 3), 12);
    expect(found.channelDeviations[1]).toBeCloseTo(Math.sqrt(200), 12);
    expect(found.mean).toBeCloseTo(11.5, 12);
    // E[x²] − mean² = (1 + 9 + 25 + 100 + 100 + 1600) / 6 − 132.25
    expect(found.deviation).toBeCloseTo(Math.sqrt(1835 / 6 - 132.25), 12);
  });

  it('count what lies below and above the range in the first and last bin', () => {
    const output = { shape: [7, 1], data: Float32Array.of(-9, 0, 0.99, 1, 1.5, 2, 9) };
    const { histogram } = activationStatistics(relu, output, { bins: 2, low: 0, high: 2 });
    expect(histogram).toEqual([3, 4]);
  });

  it('count what is not finite apart', () => {
    const output = { shape: [4], data: Float32Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, 1) };
    const found = activationStatistics(relu, output, { bins: 1, low: 0, high: 2 });
    expect(found).toMatchObject({ histogram: [2], nonFinite: 2, layer: 'relu1', kind: 'relu' });
  });
});
