import { describe, expect, it } from 'vitest';
import * as runtime from '../../../runtime/index';
import { compileSync } from '../../../runtime/kernels/load';
import { type Case, cases, settle } from './support/cases';
import { sample } from './support/data';

const { Engine, NormError } = runtime;
const modules = { relaxed: compileSync('relaxed'), simd: compileSync('simd'), plain: undefined };
const kinds = ['relaxed', 'simd', 'plain'] as const;
const SEED = 4;

/** A small one, and one of several pieces (runtime/engine.ts). */
const SHAPES = [
  [3, 5, 4, 6],
  [5, 24, 29, 24],
];

/** Every layout, mode and shape of a norm. */
function* runs(c: Case, engine: runtime.Engine) {
  for (const layout of c.layouts) {
    for (const mode of c.modes) {
      for (const wanted of SHAPES) {
        const shape = c.fit?.(wanted, layout) ?? wanted;
        const norm = c.make({ layout, engine }, shape, SEED);
        const state = () => {
          const fresh = norm.state(shape);
          settle(fresh, 0, SEED);
          return fresh;
        };
        const params = c.params(shape, layout, SEED);
        yield {
          norm,
          mode,
          shape,
          params,
          state,
          x: sample(shape, 'ordinary', SEED),
          dy: sample(shape, 'ordinary', 8),
        };
      }
    }
  }
}

/** A tensor of other values, for results. */
const used = (shape: readonly number[]): runtime.Tensor => runtime.filled(shape, 77);
const bytes = ({ data }: runtime.Tensor): Uint8Array => new Uint8Array(data.slice().buffer);
const copyOf = ({ data, shape }: runtime.Tensor): runtime.Tensor => ({ data: data.slice(), shape });

/** Fails unless both have the same bits. */
function same(actual: runtime.Tensor, expected: runtime.Tensor): void {
  expect(Buffer.compare(bytes(actual), bytes(expected))).toBe(0);
}

describe.each(kinds)('results written to a tensor of the caller, with the %s engine', (kind) => {
  const engine = new Engine(kind, modules[kind]);
  const named = cases.map((c) => [c.name, c] as const);

  it.each(named)('%s: y and dx are what they are without, ordinary or resident', (_, c) => {
    for (const { norm, mode, shape, params, state, x, dy } of runs(c, engine)) {
      const plain = norm.forward(x, params, state(), mode);
      const { dx } = norm.backward(dy, plain.saved);
      engine.scope(() => {
        const [place, there] = [engine.from(used(shape)), engine.from(x)];
        const before = engine.used;
        for (const [from, out] of [x, there].flatMap((t) => [used(shape), place].map((o) => [t, o] as const))) {
          engine.scope(() => {
            const { y, saved } = norm.forward(from, params, state(), mode, { out });
            expect(y).toBe(out);
            same(y, plain.y);
            const result = norm.backward(from === x ? dy : engine.from(dy), saved, { out });
            expect(result.dx).toBe(out);
            same(out, dx);
          });
        }
        expect(engine.used).toBe(before);
      });
    }
    expect(engine.used).toBe(0);
  });

  it.each(named)('%s: y may be written over x, and dx over dy', (_, c) => {
    for (const { norm, mode, params, state, x, dy } of runs(c, engine)) {
      const plain = norm.forward(x, params, state(), mode);
      const { dx } = norm.backward(dy, plain.saved);
      const out = copyOf(x);
      const { saved } = norm.forward(out, params, state(), mode, { out });
      same(out, plain.y);
      expect(() => norm.backward(dy, saved)).toThrow('expected the input of the forward pass');
      const gradient = copyOf(dy);
      norm.backward(gradient, plain.saved, { out: gradient });
      same(gradient, dx);
      engine.scope(() => {
        const inside = engine.from(x);
        const first = norm.forward(engine.from(x), params, state(), mode);
        norm.forward(inside, params, state(), mode, { out: inside });
        same(inside, plain.y);
        const gradient = engine.from(dy);
        norm.backward(gradient, first.saved, { out: gradient });
        same(gradient, dx);
      });
    }
  });

  it.each(named)('%s: y may be written over a part of x', (_, c) => {
    for (const { norm, mode, shape, params, state, x } of runs(c, engine)) {
      const { y } = norm.forward(x, params, state(), mode);
      const size = x.data.length;
      for (const [from, to] of [
        [0, 40],
        [40, 0],
      ] as const) {
        engine.scope(() => {
          const inside = engine.tensor([size + 40]);
          // So that the memory does not grow meanwhile, and views of it stay.
          engine.scope(() => engine.tensor([8 * size]).size);
          for (const room of [new Float32Array(size + 40), inside.data]) {
            const input = { data: room.subarray(from, from + size), shape };
            input.data.set(x.data);
            const out = { data: room.subarray(to, to + size), shape };
            norm.forward(input, params, state(), mode, { out });
            same(out, y);
          }
        });
      }
    }
  });

  it.each(named)('%s: a tensor that does not fit is refused before anything is changed', (_, c) => {
    for (const { norm, mode, shape, params, state, x, dy } of runs(c, engine)) {
      const [fresh, before] = [state(), state()];
      const size = runtime.sizeOf(shape);
      const wrong = [
        { out: { data: new Float32Array(size - 1), shape }, code: 'size' },
        { out: runtime.filled([size]), code: shape.length > 1 ? 'parameter' : undefined },
        { out: { data: new Float64Array(size) as unknown as Float32Array, shape }, code: 'dtype' },
      ] as const;
      for (const { out, code } of wrong) {
        if (code === undefined) continue;
        expect(refusal(() => norm.forward(x, params, fresh, mode, { out }))).toBe(code);
        expect(fresh).toEqual(before);
        const { saved } = norm.forward(x, params, state(), mode);
        expect(refusal(() => norm.backward(dy, saved, { out }))).toBe(code);
      }
    }
    expect(engine.used).toBe(0);
  });

  it('a tensor whose scope has ended is refused', () => {
    const norm = runtime.layerNorm({ engine });
    const x = sample([4, 8], 'ordinary', SEED);
    let stale: runtime.Tensor = x;
    engine.scope(() => {
      stale = engine.tensor([4, 8]);
    });
    expect(refusal(() => norm.forward(x, {}, null, 'infer', { out: stale }))).toBe('scope');
  });
});

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof NormError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
}
