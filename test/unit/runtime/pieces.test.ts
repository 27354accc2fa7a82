import { describe, expect, it } from 'vitest';
import * as runtime from '../../../runtime/index';
import { compileSync } from '../../../runtime/kernels/load';
import { cases } from './support/cases';
import { sample } from './support/data';

const { Engine } = runtime;
const modules = { relaxed: compileSync('relaxed'), simd: compileSync('simd'), plain: undefined };
const SEED = 9;

/** Large enough for several pieces (runtime/engine.ts), the last one smaller than the others. */
const SHAPES = [
  [7, 29, 31, 24],
  [5, 24, 29, 31],
];

describe.each(['relaxed', 'simd', 'plain'] as const)('with the %s engine', (kind) => {
  const engine = new Engine(kind, modules[kind]);

  it.each(cases.map((c) => [c.name, c] as const))(
    '%s makes of a large typed array what it makes of a tensor that lives in the engine',
    (_, c) => {
      for (const layout of c.layouts) {
        const shape = c.fit?.(SHAPES[layout === 'channelsLast' ? 0 : 1] ?? [], layout) ?? SHAPES[0] ?? [];
        const norm = c.make({ layout, engine }, shape, SEED);
        const params = c.params(shape, layout, SEED);
        const x = sample(shape, 'ordinary', SEED);
        for (const mode of c.modes) {
          const called = norm.forward(x, params, norm.state(shape), mode);
          expect(called.y.data.buffer).not.toBe(engine.buffer);
          engine.scope(() => {
            const resident = norm.forward(engine.from(x), params, norm.state(shape), mode);
            expect(worst(called.y.data, resident.y.data), `${layout} ${mode}`).toBe(0);
            for (const name of ['mean', 'rstd'] as const) {
              const [ours, theirs] = [called.saved, resident.saved].map(
                (saved) => (saved as Partial<runtime.RowsSaved>)[name]?.data,
              );
              if (ours !== undefined && theirs !== undefined)
                expect(worst(ours, theirs), `${layout} ${mode} ${name}`).toBe(0);
            }
          });
          expect(engine.used).toBe(0);
        }
      }
    },
  );
});

/** Batches that are read twice instead of copied (runtime/norms/pieces.ts); 31 columns are four rows a row to the kernels. */
const BATCHES: readonly (readonly [runtime.Layout, readonly number[]])[] = [
  ['channelsLast', [7, 61, 53, 24]],
  ['channelsLast', [7, 61, 53, 31]],
  ['channelsFirst', [7, 24, 61, 53]],
];

/** Values whose mean is where it is looked for, and values that lead every guess of it astray. */
const DATA = {
  ordinary: (size: number) => sample([size], 'ordinary', SEED).data,
  'mean 1e4': (size: number) => sample([size], 'mean 1e4', SEED).data,
  'a few large values': (size: number) => sample([size], 'ordinary', SEED).data.map((v, i) => (i < 3000 ? v + 1e4 : v)),
  'an infinite value': (size: number) => sample([size], 'ordinary', SEED).data.map((v, i) => (i === 7 ? 1 / 0 : v)),
};

describe.each(['relaxed', 'simd', 'plain'] as const)('batch norm with the %s engine', (kind) => {
  const engine = new Engine(kind, modules[kind]);
  it.each(Object.entries(DATA))('makes the same of a large typed array and of a resident tensor: %s', (_, dataOf) => {
    for (const [layout, shape] of BATCHES) {
      const norm = runtime.batchNorm({ layout, engine });
      const x = { data: dataOf(runtime.sizeOf(shape)), shape };
      const { gamma, beta } = norm.parameters(shape);
      gamma.data.forEach((_, i) => {
        gamma.data[i] = 0.5 + i / 16;
        beta.data[i] = 1 - i / 8;
      });
      const [ours, theirs] = [norm.state(shape), norm.state(shape)];
      const called = norm.forward(x, { gamma, beta }, ours);
      expect(engine.used).toBe(0);
      engine.scope(() => {
        const resident = norm.forward(engine.from(x), { gamma, beta }, theirs);
        expect(differences(called.y.data, resident.y.data), `${layout} ${shape} y`).toBe(0);
        for (const name of ['mean', 'rstd'] as const)
          expect(differences(called.saved[name].data, resident.saved[name].data), name).toBe(0);
      });
      expect(ours).toEqual(theirs);
      const inferred = norm.forward(x, { gamma, beta }, ours, 'infer').y.data;
      engine.scope(() => {
        const resident = norm.forward(engine.from(x), { gamma, beta }, ours, 'infer').y.data;
        expect(differences(inferred, resident), `${layout} ${shape} infer`).toBe(0);
      });
    }
  });
});

it.each(['relaxed', 'simd'] as const)('a large batch takes no room for itself in the %s engine', (kind) => {
  for (const [layout, shape] of BATCHES) {
    const engine = new Engine(kind, modules[kind]);
    const { capacity } = engine;
    runtime.batchNorm({ layout, engine }).forward(sample(shape, 'ordinary', SEED));
    expect(engine.capacity).toBe(capacity);
  }
});

/** How many values differ; NaN is NaN. */
function differences(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let count = Math.abs(a.length - b.length);
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) count++;
  return count;
}

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)));
  return most;
}
