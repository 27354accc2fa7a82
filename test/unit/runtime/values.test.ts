import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { Engine, type Mode, type Tensor } from '../../../runtime/index';
import { differentiate, type Value, value } from '../../../runtime/reference/tape';
import { type Case, cases, settle } from './support/cases';
import { errorOf, type Kind, sample, scaledError } from './support/data';

const engines = { relaxed: new Engine('relaxed'), simd: new Engine('simd'), plain: new Engine('plain') };
type EngineName = keyof typeof engines;

/** The largest errors seen, by norm and kind of data. */
const seen = new Map<string, Record<string, number>>();
function note(norm: string, column: string, error: number): number {
  const row = seen.get(norm) ?? {};
  row[column] = Math.max(row[column] ?? 0, error);
  seen.set(norm, row);
  return error;
}

afterAll(() => {
  const table = [...seen].map(([norm, row]) => {
    const cells = Object.entries(row).map(([column, error]) => [column, error.toExponential(1)]);
    return { norm, ...Object.fromEntries(cells) };
  });
  console.table(table);
});

/** Sizes around the kernels' boundaries: tails of 1 to 3, one vector, and a few blocks. */
const dim = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 7 }) }, fc.integer({ min: 8, max: 19 }));
const shapeOf = (ranks: readonly number[]) =>
  fc.constantFrom(...ranks).chain((rank) => fc.array(dim, { minLength: rank, maxLength: rank }));

interface Run {
  readonly shape: readonly number[];
  readonly seed: number;
  readonly layout: 'channelsLast' | 'channelsFirst';
  readonly mode: Mode;
  readonly engine: EngineName;
  readonly resident: boolean;
}

const runOf = (c: Case): fc.Arbitrary<Run> =>
  fc.record({
    shape: shapeOf(c.ranks),
    seed: fc.integer({ min: 0, max: 1e6 }),
    layout: fc.constantFrom(...c.layouts),
    mode: fc.constantFrom(...c.modes),
    engine: fc.constantFrom<EngineName>('relaxed', 'simd', 'plain'),
    resident: fc.boolean(),
  });

const meanOf: Record<Kind, number> = {
  ordinary: 0,
  'mean 1e2': 1e2,
  'mean 1e4': 1e4,
  'mean 1e6': 1e6,
  'one outlier of 1e4': 0,
  constant: 3.7,
};

/**
 * What rounding is judged against: dx is a difference of terms γ·dy/σ (dy, its mean and its projection on x̂), which cancel
 * in small sets. The largest 1/σ, at least 1, times 4, about the largest γ·dy of these tests.
 */
function steepest(saved: object): number {
  interface Known {
    rstd?: Float64Array | { data: Float64Array };
    variance?: Float64Array;
    content?: object;
    batch?: object;
  }
  const { rstd, variance, content, batch } = saved as Known;
  const inner = content ?? batch;
  if (inner) return steepest(inner);
  const direct = rstd === undefined ? [] : 'data' in rstd ? rstd.data : rstd;
  const values = rstd === undefined ? Array.from(variance ?? [], (v) => 1 / Math.sqrt(v + 1e-3)) : direct;
  return 4 * Math.max(1, ...values);
}

/** Runs a norm and its formula on the same float32 values. */
function compare(c: Case, { shape, seed, layout, mode, engine: name, resident }: Run, kind: Kind) {
  const engine = engines[name];
  return engine.scope(() => {
    const norm = c.make({ layout, engine }, shape, seed);
    const x = sample(shape, kind, seed);
    const params = c.params(shape, layout, seed);
    const state = norm.state(shape);
    settle(state, meanOf[kind], seed);
    const before = state && Object.fromEntries(Object.entries(state).map(([key, v]) => [key, v.slice()]));
    const place = (t: Tensor) => (resident ? engine.from(t) : t);
    const { y, saved } = norm.forward(place(x), params, state, mode);
    const dy = sample(shape, 'ordinary', seed + 1000);
    const gradients = norm.backward(place(dy), saved) as unknown as Record<string, Tensor>;
    const values: Record<string, Value> = { x: value(x.data, shape) };
    for (const [key, t] of Object.entries(params)) values[key] = value(t.data, t.shape);
    const expected = c.formula(values, { shape, layout, mode, state: before, saved, seed });
    differentiate(expected, dy.data);
    const names = Object.keys(values).filter((key) => !c.constants?.includes(key));
    const scale = steepest(saved);
    const gradientErrors = names.map((key) => {
      const wanted = values[key] as Value;
      const got = gradients[`d${key}`];
      return { key, error: got ? scaledError(got.data, wanted.gradient, scale) : Number.POSITIVE_INFINITY };
    });
    return { y: y.data.slice(), expected: expected.data, gradientErrors };
  });
}

const limits: Record<Exclude<Kind, 'constant'>, number> = {
  ordinary: 5e-7,
  'mean 1e2': 1e-6,
  'mean 1e4': 1e-6,
  'mean 1e6': 1e-6,
  'one outlier of 1e4': 1e-6,
};

describe.each(cases.map((c) => [c.name, c] as const))('%s', (_, c) => {
  it.each(Object.entries(limits))('agrees with its formula in float64 on data of kind: %s', (kind, limit) => {
    fc.assert(
      fc.property(runOf(c), (run) => {
        const { y, expected } = compare(c, run, kind as Kind);
        expect(note(c.name, kind, errorOf(y, expected))).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 90 },
    );
  });

  it('has the gradients of its formula with respect to every input', () => {
    fc.assert(
      fc.property(runOf(c), (run) => {
        for (const { key, error } of compare(c, run, 'ordinary').gradientErrors) {
          expect(note(c.name, 'gradients', error), `d${key}`).toBeLessThanOrEqual(2e-6);
        }
      }),
      { numRuns: 90 },
    );
  });
});
