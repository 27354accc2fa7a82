import { describe, expect, it } from 'vitest';
import * as runtime from '../../../runtime/index';
import { errorOf, sample } from './support/data';

const { Engine, NormError } = runtime;
const kinds = ['relaxed', 'simd', 'plain'] as const;
const MIB = 2 ** 20;

describe.each(kinds)('the arena of the %s engine', (kind) => {
  it('frees what a scope made, except what it returns', () => {
    const engine = new Engine(kind);
    const kept = engine.scope(() => {
      engine.tensor([1000]);
      const result = engine.from(sample([8], 'ordinary', 1));
      engine.tensor([1000]);
      return result;
    });
    expect([...kept.data]).toEqual([...sample([8], 'ordinary', 1).data]);
    expect(engine.used).toBeLessThanOrEqual(64);
  });

  it('keeps a record of tensors and leaves the rest of it alone', () => {
    const engine = new Engine(kind);
    const { a, b, note } = engine.scope(() => {
      engine.tensor([100]);
      return {
        a: engine.from(runtime.tensor([1, 2], [2])),
        note: 'as it was',
        b: engine.from(runtime.tensor([3], [1])),
      };
    });
    expect([...a.data, ...b.data, note]).toEqual([1, 2, 3, 'as it was']);
  });

  it('frees when a scope throws', () => {
    const engine = new Engine(kind);
    expect(() =>
      engine.scope(() => {
        engine.tensor([100]);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(engine.used).toBe(0);
  });

  it('refuses a tensor whose scope has ended', () => {
    const engine = new Engine(kind);
    let stale = engine.tensor([4]);
    engine.scope(() => {
      stale = engine.tensor([4]);
    });
    expect(() => stale.data).toThrow(NormError);
    expect(() => runtime.layerNorm().forward(stale)).toThrow('a tensor whose scope has not ended');
  });

  it('refuses a backward pass whose forward pass was in a scope that has ended', () => {
    const engine = new Engine(kind);
    const x = engine.from(sample([4, 8], 'ordinary', 1));
    for (const norm of [runtime.layerNorm(), runtime.batchNorm(), runtime.adaptiveInstanceNorm()]) {
      const { y, saved } = engine.scope(() => norm.forward(x, { style: x }));
      expect(y.data.buffer).toBe(engine.buffer);
      expect(() => norm.backward(y, saved as never)).toThrow('a tensor whose scope has not ended');
    }
  });

  it('gives resident results for resident input, in place, and plain ones for plain input', () => {
    const engine = new Engine(kind);
    const x = sample([4, 6], 'ordinary', 2);
    engine.scope(() => {
      const { y } = runtime.batchNorm({ engine }).forward(engine.from(x));
      expect(y.data.buffer).toBe(engine.buffer);
      const outside = runtime.batchNorm({ engine }).forward(x).y;
      expect(outside.data.buffer).not.toBe(engine.buffer);
      expect([...outside.data]).toEqual([...y.data]);
    });
  });

  it('reads a view at any alignment of four bytes', () => {
    const engine = new Engine(kind);
    const x = sample([5, 7], 'ordinary', 3);
    const expected = runtime.layerNorm({ engine }).forward(x).y.data;
    for (const skip of [1, 2, 3]) {
      engine.scope(() => {
        const room = engine.tensor([64]);
        const view = { data: room.data.subarray(skip, skip + 35), shape: x.shape };
        view.data.set(x.data);
        expect([...runtime.layerNorm({ engine }).forward(view).y.data]).toEqual([...expected]);
      });
    }
  });

  it('grows under living tensors, which keep their values', () => {
    const engine = new Engine(kind);
    const early = engine.from(sample([16], 'ordinary', 4));
    const { data } = early;
    const capacity = engine.capacity;
    engine.tensor([4 * MIB]);
    expect(engine.capacity).toBeGreaterThan(capacity);
    expect([...early.data]).toEqual([...sample([16], 'ordinary', 4).data]);
    expect(kind === 'plain' || data.length === 0).toBe(true);
  });

  it('gives memory back when the last scopes needed far less', () => {
    const engine = new Engine(kind);
    engine.scope(() => engine.tensor([16 * MIB]).size);
    expect(engine.capacity).toBeGreaterThan(60 * MIB);
    for (let i = 0; i < 40; i++) engine.scope(() => engine.tensor([1000]).size);
    expect(engine.capacity).toBeLessThan(8 * MIB);
    const x = sample([4, 6], 'ordinary', 2);
    const after = runtime.layerNorm({ engine }).forward(x).y.data;
    expect(errorOf(after, runtime.layerNorm().forward(x).y.data)).toBeLessThan(1e-6);
  });

  it('says clearly what does not fit', () => {
    const engine = new Engine(kind);
    expect(() => engine.allocate(2 ** 33)).toThrow(/expected at most \d+ MiB of tensors at once, got 8193 MiB/);
    expect(engine.used).toBe(0);
  });
});

it('a million calls leak nothing', () => {
  const engine = runtime.engine();
  const norm = runtime.batchNorm({ engine });
  const x = engine.from(sample([4, 6], 'ordinary', 5));
  const params = { gamma: engine.from(runtime.filled([6], 1)), beta: engine.from(runtime.filled([6], 0)) };
  const [used, capacity] = [engine.used, engine.capacity];
  for (let i = 0; i < 1_000_000; i++) engine.scope(() => norm.forward(x, params).y.shape.length);
  expect(engine.used).toBe(used);
  expect(engine.capacity).toBe(capacity);
});
