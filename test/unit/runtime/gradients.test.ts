// The formulas' gradients against central differences of the formulas, both in float64: what makes them an oracle for the
// kernels' backward passes (values.test.ts).
import { afterAll, describe, expect, it } from 'vitest';
import { Engine, type Mode, type Tensor } from '../../../runtime/index';
import { differentiate, type Value, value } from '../../../runtime/reference/tape';
import { type Case, cases, settle } from './support/cases';
import { sample } from './support/data';

const engine = new Engine('plain');
const seen: Record<string, string> = {};
afterAll(() => console.table(seen));

const shapes: Record<number, readonly number[]> = {
  1: [9],
  2: [4, 6],
  3: [4, 3, 6],
  4: [2, 3, 3, 4],
  5: [2, 2, 3, 2, 4],
};

/** The largest relative difference between both gradients, over all inputs. */
function worst(c: Case, shape: readonly number[], layout: 'channelsLast' | 'channelsFirst', mode: Mode, seed: number) {
  const norm = c.make({ layout, engine }, shape, seed);
  const inputs: Record<string, Tensor> = { x: sample(shape, 'ordinary', seed), ...c.params(shape, layout, seed) };
  const state = norm.state(shape);
  settle(state, 0, seed);
  const before = state && Object.fromEntries(Object.entries(state).map(([key, v]) => [key, v.slice()]));
  const { saved } = norm.forward(inputs.x as Tensor, inputs, state, mode);
  const context = { shape, layout, mode, state: before, saved, seed };
  const dy = Float64Array.from(sample(shape, 'ordinary', seed + 1).data);
  const build = (name: string, at: number, step: number) => {
    const values: Record<string, Value> = {};
    for (const [key, t] of Object.entries(inputs)) values[key] = value(t.data, t.shape);
    const changed = values[name]?.data;
    if (changed) changed[at] = (changed[at] ?? 0) + step;
    return { values, y: c.formula(values, context) };
  };
  const loss = (y: Value) => y.data.reduce((sum, v, i) => sum + v * (dy[i] as number), 0);
  const { values, y } = build('x', 0, 0);
  differentiate(y, dy);
  const result: Record<string, number> = {};
  for (const name of Object.keys(values).filter((key) => !c.constants?.includes(key))) {
    const { gradient } = values[name] as Value;
    const scale = Math.max(...gradient.map(Math.abs), 1e-3);
    const h = 1e-4;
    gradient.forEach((g, i) => {
      const at = (k: number) => loss(build(name, i, k * h).y);
      // Fourth order, so that the truncation error is far below the limit.
      const difference = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * h);
      result[name] = Math.max(result[name] ?? 0, Math.abs(difference - g) / scale);
    });
  }
  return result;
}

/** Corrections that depend on the input but take no gradient in the paper: differences would see them move. */
const constantsOfTheInput: Record<string, string> = { batchRenorm: 'r and d' };

describe.each(cases.map((c) => [c.name, c] as const))('the formula of %s', (_, c) => {
  const modes = c.name in constantsOfTheInput ? c.modes.filter((mode) => mode === 'infer') : c.modes;
  const rows = c.ranks.flatMap((rank) => c.layouts.flatMap((layout) => modes.map((mode) => ({ rank, layout, mode }))));
  it.each(rows)(
    'has the gradients of its central differences: rank $rank, $layout, $mode',
    ({ rank, layout, mode }) => {
      for (const [name, error] of Object.entries(worst(c, shapes[rank] ?? [], layout, mode, 3 + rank))) {
        const key = `${c.name} d${name}`;
        seen[key] = Math.max(Number(seen[key] ?? 0), error).toExponential(1);
        expect(error, `d${name}`).toBeLessThanOrEqual(1e-6);
      }
    },
  );
});

describe('the formula of batchRenorm in train mode', () => {
  it('has the gradients of central differences taken with r and d held still', () => {
    // The same formula with the corrections written into γ and β: batch norm, whose differences are exact.
    const c = cases.find(({ name }) => name === 'batchRenorm') as Case;
    const batch = cases.find(({ name }) => name === 'batchNorm') as Case;
    const [shape, layout, seed] = [[4, 3, 6], 'channelsLast', 3] as const;
    const x = sample(shape, 'ordinary', seed);
    const params = c.params(shape, layout, seed);
    const state = { mean: new Float32Array(6).fill(0.2), deviation: new Float32Array(6).fill(0.7) };
    const norm = c.make({ layout, engine }, shape, seed);
    const before = { mean: state.mean.slice(), deviation: state.deviation.slice() };
    const { saved } = norm.forward(x, params, state, 'train');
    const { r, d } = saved as unknown as { r: Float64Array; d: Float64Array };
    const context = { shape, layout, mode: 'train', state: before, saved, seed } as const;
    const dy = sample(shape, 'ordinary', seed + 1).data;
    const values = {
      x: value(x.data, shape),
      gamma: value((params.gamma as Tensor).data, [6]),
      beta: value((params.beta as Tensor).data, [6]),
    };
    differentiate(c.formula(values, context), dy);
    const gamma = values.gamma.data;
    const held = {
      x: value(x.data, shape),
      gamma: value(
        Float64Array.from(r, (v, i) => v * (gamma[i] ?? 0)),
        [6],
      ),
      beta: value(
        Float64Array.from(d, (v, i) => v * (gamma[i] ?? 0) + (values.beta.data[i] ?? 0)),
        [6],
      ),
    };
    differentiate(batch.formula(held, { ...context, state: null }), dy);
    expect(
      [...values.x.gradient].map((g, i) => Math.abs(g - (held.x.gradient[i] ?? 0))).reduce((a, b) => Math.max(a, b)),
    ).toBeLessThan(1e-6);
    values.gamma.gradient.forEach((g, i) => {
      const expected = (r[i] ?? 0) * (held.gamma.gradient[i] ?? 0) + (d[i] ?? 0) * (held.beta.gradient[i] ?? 0);
      expect(Math.abs(g - expected)).toBeLessThan(1e-6);
    });
  });
});
