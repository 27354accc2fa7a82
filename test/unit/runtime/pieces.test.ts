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

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)));
  return most;
}
