import { describe, expect, it } from 'vitest';
import * as runtime from '../../../runtime/index';
import { compileSync } from '../../../runtime/kernels/load';
import { cases } from './support/cases';
import { sample } from './support/data';

const { Engine } = runtime;
const kinds = ['relaxed', 'simd', 'plain'] as const;
const modules = { relaxed: compileSync('relaxed'), simd: compileSync('simd'), plain: undefined };
const shape = [2, 2, 2, 8];
const SEED = 5;

/** Everything that a forward and a backward pass give in an engine with `gap` bytes left before it must grow. */
function results(c: (typeof cases)[number], kind: runtime.EngineKind, layout: runtime.Layout, gap: number): number[] {
  const engine = new Engine(kind, modules[kind]);
  const fitted = c.fit?.(shape, layout) ?? shape;
  return c.modes.flatMap((mode) =>
    engine.scope(() => {
      const norm = c.make({ layout, engine }, fitted, SEED);
      const params = c.params(fitted, layout, SEED);
      const x = engine.from(sample(fitted, 'ordinary', SEED));
      const dy = engine.from(sample(fitted, 'ordinary', SEED + 1));
      const state = norm.state(fitted);
      const fill = (free: number) => engine.allocate(Math.max(0, engine.capacity - engine.top - free));
      if (gap < engine.capacity / 2) fill(gap);
      const { y, saved } = norm.forward(x, params, state, mode);
      if (gap < engine.capacity / 2) fill(gap);
      const gradients = Object.values(
        norm.backward(dy, saved) as unknown as Record<string, runtime.Tensor | undefined>,
      );
      const moved = Object.values(state ?? {}).flatMap((v) => [...v]);
      return [...y.data, ...moved, ...gradients.flatMap((t) => [...(t?.data ?? [])])];
    }),
  );
}

describe.each(kinds)('with the %s engine', (kind) => {
  it.each(cases.map((c) => [c.name, c] as const))('%s gives the same wherever the memory has to grow', (_, c) => {
    for (const layout of c.layouts) {
      const expected = results(c, kind, layout, Number.POSITIVE_INFINITY);
      for (let gap = 0; gap < 6144; gap += 192) expect(results(c, kind, layout, gap), `gap ${gap}`).toEqual(expected);
    }
  });
});
