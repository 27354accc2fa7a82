import { describe, expect, it } from 'vitest';
import { Batches, gather, type Samples } from '../../../runtime/nn/batches';

const samples = (count: number): Samples => ({
  count,
  pixels: Float32Array.from({ length: count * 2 }, (_, i) => i),
  labels: Uint8Array.from({ length: count }, (_, i) => i),
});

describe('Batches', () => {
  it('show every sample at most once an epoch and leave out only what would not fill a batch', () => {
    const batches = new Batches(samples(23), 5, 1);
    expect(batches.perEpoch).toBe(4);
    const leftOut = new Set<number>();
    for (let epoch = 0; epoch < 40; epoch++) {
      const seen = Array.from({ length: 4 }, () => [...batches.next()]).flat();
      expect(batches.position.epoch).toBe(epoch);
      expect(new Set(seen).size).toBe(20);
      for (let i = 0; i < 23; i++) if (!seen.includes(i)) leftOut.add(i);
    }
    expect(leftOut.size).toBe(23);
  });

  it('come in another order in every epoch and for every seed', () => {
    const epochs = (seed: number) => {
      const batches = new Batches(samples(50), 50, seed);
      return [batches.next().join(), batches.next().join()];
    };
    expect(new Set([...epochs(1), ...epochs(2)]).size).toBe(4);
    expect(epochs(1)).toEqual(epochs(1));
  });

  it('go on from a position, within an epoch and at its end', () => {
    for (const drawn of [0, 1, 3, 4, 5, 8]) {
      const batches = new Batches(samples(23), 5, 6);
      for (let i = 0; i < drawn; i++) batches.next();
      const other = new Batches(samples(23), 5, structuredClone(batches.position));
      const draw = (from: Batches) => Array.from({ length: 9 }, () => from.next().join());
      expect(draw(other)).toEqual(draw(batches));
    }
  });

  it('are gathered with their pixels and labels', () => {
    const { x, labels } = gather(samples(4), [2, 1], [3, 0], 'float64');
    expect(x).toEqual({ shape: [2, 2, 1], data: Float64Array.of(6, 7, 0, 1) });
    expect([...labels]).toEqual([3, 0]);
  });
});
