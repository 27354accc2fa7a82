import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as runtime from '../../../runtime/index';
import { errorOf, random, sample, uniform } from './support/data';

const { filled, tensor } = runtime;
const layouts = ['channelsLast', 'channelsFirst'] as const;
const dim = fc.integer({ min: 1, max: 9 });
const image = fc.record({
  n: dim,
  h: dim,
  w: dim,
  c: fc.constantFrom(1, 2, 3, 4, 6, 8, 12),
  layout: fc.constantFrom(...layouts),
  seed: fc.integer({ min: 0, max: 1e6 }),
});
type Image = typeof image extends fc.Arbitrary<infer T> ? T : never;
const shapeOf = ({ n, h, w, c, layout }: Image) => (layout === 'channelsLast' ? [n, h, w, c] : [n, c, h, w]);
const CLOSE = 1e-6;

const forward = (norm: runtime.Norm, x: runtime.Tensor, params = {}) =>
  norm.forward(x, params, norm.state(x.shape)).y.data;

describe('equivalences', () => {
  it('group norm with one group is layer norm over channels and positions', () => {
    fc.assert(
      fc.property(image, (i) => {
        const x = sample(shapeOf(i), 'ordinary', i.seed);
        const group = forward(runtime.groupNorm({ groups: 1, layout: i.layout, epsilon: 1e-3 }), x);
        const layer = forward(runtime.layerNorm({ axis: [1, 2, 3], epsilon: 1e-3 }), x);
        expect(errorOf(group, layer)).toBeLessThan(CLOSE);
      }),
    );
  });

  it('group norm with as many groups as channels is instance norm', () => {
    fc.assert(
      fc.property(image, (i) => {
        const x = sample(shapeOf(i), 'ordinary', i.seed);
        const group = forward(runtime.groupNorm({ groups: i.c, layout: i.layout }), x);
        expect(errorOf(group, forward(runtime.instanceNorm({ layout: i.layout }), x))).toBeLessThan(CLOSE);
      }),
    );
  });

  it('batch norm of a single sample is instance norm', () => {
    fc.assert(
      fc.property(image, (i) => {
        const x = sample(shapeOf({ ...i, n: 1 }), 'ordinary', i.seed);
        const batch = forward(runtime.batchNorm({ layout: i.layout, epsilon: 1e-5 }), x);
        expect(errorOf(batch, forward(runtime.instanceNorm({ layout: i.layout }), x))).toBeLessThan(CLOSE);
      }),
    );
  });

  it('both layouts of the same image agree after a transpose', () => {
    fc.assert(
      fc.property(image, ({ n, h, w, c, seed }) => {
        const last = sample([n, h, w, c], 'ordinary', seed);
        const first = toFirst(last);
        for (const make of [runtime.batchNorm, runtime.instanceNorm, runtime.pixelNorm, runtime.switchableNorm]) {
          const a = toFirst({ data: forward(make({ layout: 'channelsLast' }), last), shape: last.shape });
          expect(errorOf(a.data, forward(make({ layout: 'channelsFirst' }), first))).toBeLessThan(CLOSE);
        }
      }),
    );
  });

  it('ghost batch norm over the whole batch is batch norm, and over one sample instance norm', () => {
    fc.assert(
      fc.property(image, (i) => {
        const x = sample(shapeOf(i), 'ordinary', i.seed);
        const { layout } = i;
        const whole = forward(runtime.ghostBatchNorm({ layout, size: i.n }), x);
        expect(errorOf(whole, forward(runtime.batchNorm({ layout }), x))).toBeLessThan(CLOSE);
        const single = forward(runtime.ghostBatchNorm({ layout, size: 1, epsilon: 1e-5 }), x);
        expect(errorOf(single, forward(runtime.instanceNorm({ layout }), x))).toBeLessThan(CLOSE);
      }),
    );
  });

  it('replicas of any sizes, merged, equal the whole batch', () => {
    fc.assert(
      fc.property(image, fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }), (i, replicas) => {
        const n = replicas.reduce((a, b) => a + b, 0);
        const x = sample(shapeOf({ ...i, n }), 'mean 1e4', i.seed);
        const sync = runtime.syncBatchNorm({ layout: i.layout, replicas });
        const batch = runtime.batchNorm({ layout: i.layout });
        const [a, b] = [sync.state(x.shape), batch.state(x.shape)];
        expect(errorOf(sync.forward(x, {}, a).y.data, batch.forward(x, {}, b).y.data)).toBeLessThan(2 * CLOSE);
        expect(errorOf(a.mean, b.mean)).toBeLessThan(CLOSE);
        expect(errorOf(a.variance, b.variance)).toBeLessThan(CLOSE);
      }),
    );
  });

  it('RMS norm of centred rows is layer norm', () => {
    const centred = tensor([1, -1, 2, -2, 0.5, -0.5, 3, -3], [2, 4]);
    const layer = forward(runtime.layerNorm({ epsilon: 1e-6 }), centred);
    expect(errorOf(forward(runtime.rmsNorm(), centred), layer)).toBeLessThan(CLOSE);
  });

  it('batch renorm whose moving averages are the batch is batch norm', () => {
    const x = sample([6, 5, 4], 'ordinary', 8);
    const moments = runtime.batchNorm({ momentum: 0 });
    const state = moments.state(x.shape);
    const y = moments.forward(x, {}, state).y.data;
    const moving = { mean: state.mean, deviation: state.variance.map((v) => Math.sqrt(v + 1e-3)) };
    expect(errorOf(runtime.batchRenorm().forward(x, {}, moving).y.data, y)).toBeLessThan(CLOSE);
  });

  it('AdaIN in the style of the content changes nothing', () => {
    const x = sample([2, 5, 5, 3], 'ordinary', 4);
    const { y } = runtime.adaptiveInstanceNorm().forward(x, { style: x });
    expect(errorOf(y.data, x.data)).toBeLessThan(CLOSE);
  });

  it('switchable norm with all weight on one reading is that norm', () => {
    const x = sample([3, 4, 4, 5], 'ordinary', 11);
    const norms = [runtime.instanceNorm(), runtime.groupNorm({ groups: 1 }), runtime.batchNorm({ epsilon: 1e-5 })];
    norms.forEach((norm, k) => {
      const weights = tensor(
        [0, 1, 2].map((i) => (i === k ? 60 : 0)),
        [3],
      );
      const { y } = runtime.switchableNorm().forward(x, { meanWeights: weights, varianceWeights: weights });
      expect(errorOf(y.data, forward(norm, x)), norm.name).toBeLessThan(CLOSE);
    });
  });

  it('spectral norm leaves a matrix whose largest singular value is 1', () => {
    // Singular values of [[3, 0], [4, 5]] are √45 and √5.
    const norm = runtime.spectralNorm({ units: 'first', iterations: 60 });
    const { y, saved } = norm.forward(tensor([3, 0, 4, 5], [2, 2]), {}, norm.state([2, 2]));
    expect(saved.sigma).toBeCloseTo(Math.sqrt(45), 10);
    expect(
      errorOf(
        y.data,
        [3, 0, 4, 5].map((v) => v / Math.sqrt(45)),
      ),
    ).toBeLessThan(CLOSE);
  });
});

/** [N, H, W, C] to [N, C, H, W]. */
function toFirst({ data, shape }: runtime.Tensor): runtime.Tensor {
  const [n = 1, h = 1, w = 1, c = 1] = shape;
  const s = h * w;
  const moved = new Float32Array(data.length);
  data.forEach((v, i) => {
    const [sampleAt, rest] = [Math.floor(i / (s * c)), i % (s * c)];
    moved[sampleAt * s * c + (rest % c) * s + Math.floor(rest / c)] = v;
  });
  return { data: moved, shape: [n, c, h, w] };
}

describe('invariances', () => {
  const makes = {
    batchNorm: (layout: runtime.Layout) => runtime.batchNorm({ layout, epsilon: 1e-9 }),
    instanceNorm: (layout: runtime.Layout) => runtime.instanceNorm({ layout, epsilon: 1e-9 }),
    groupNorm: (layout: runtime.Layout) => runtime.groupNorm({ layout, groups: 1, epsilon: 1e-9 }),
    layerNorm: () => runtime.layerNorm({ axis: [1, 2, 3], epsilon: 1e-9 }),
  };
  it.each(Object.entries(makes))('%s does not see a shift or a power-of-two scale of its input', (_, make) => {
    fc.assert(
      fc.property(image, (i) => {
        // Multiples of 1/8, so that the shifted and scaled values are exact in float32.
        const values = sample(shapeOf({ ...i, h: i.h + 2, w: i.w + 2 }), 'ordinary', i.seed);
        const x = { data: values.data.map((v) => Math.round(v * 8) / 8), shape: values.shape };
        const y = forward(make(i.layout), x);
        const moved = { data: x.data.map((v) => 4 * v + 1024), shape: x.shape };
        expect(errorOf(forward(make(i.layout), moved), y)).toBeLessThan(2 * CLOSE);
      }),
    );
  });

  it('permuting the batch permutes the output, for every norm of the batch and of the sample', () => {
    fc.assert(
      fc.property(image, (i) => {
        const x = sample(shapeOf(i), 'ordinary', i.seed);
        const size = x.data.length / i.n;
        const next = random(i.seed);
        const order = Array.from({ length: i.n }, (_, k) => ({ k, by: next() }))
          .sort((a, b) => a.by - b.by)
          .map(({ k }) => k);
        const permute = (data: Float32Array) => {
          const result = new Float32Array(data.length);
          order.forEach((from, to) => {
            result.set(data.subarray(from * size, (from + 1) * size), to * size);
          });
          return result;
        };
        const { layout } = i;
        const norms = [
          runtime.batchNorm({ layout }),
          runtime.instanceNorm({ layout }),
          runtime.groupNorm({ layout, groups: 1 }),
          runtime.switchableNorm({ layout }),
          runtime.filterResponseNorm({ layout }),
        ];
        for (const norm of norms) {
          const y = permute(forward(norm, x));
          const moved = forward(norm, { data: permute(x.data), shape: x.shape });
          expect(errorOf(moved, y), norm.name).toBeLessThan(CLOSE);
        }
      }),
    );
  });

  it('y and dx of a row of layer norm and RMS norm are the same to the last bit whatever rows are beside it', () => {
    const engines = (['relaxed', 'simd', 'plain'] as const).map((kind) => new runtime.Engine(kind));
    // Means around and beyond the bound up to which sums are raw, values out of float32's squares, and what is no number.
    const means = fc.constantFrom(0, 0.9, 1, 1.1, 3, 1e4, 1e25, Number.NaN);
    const rows = fc.array(means, { minLength: 1, maxLength: 14 });
    const widths = fc.constantFrom(1, 3, 4, 7, 8, 15, 16, 33, 48, 64, 100, 132, 320, 336, 340);
    fc.assert(
      fc.property(
        rows,
        widths,
        fc.nat(1e6),
        fc.nat(2),
        fc.boolean(),
        fc.boolean(),
        (of, width, seed, at, bare, rms) => {
          const engine = engines[at] as runtime.Engine;
          const x = sample([of.length, width], 'ordinary', seed);
          x.data.forEach((v, i) => {
            x.data[i] = v + (of[Math.floor(i / width)] as number);
          });
          const gamma = uniform([width], 0.5, 1.5, seed + 1);
          const norm = rms ? runtime.rmsNorm({ engine }) : runtime.layerNorm({ engine });
          const params = bare ? {} : rms ? { gamma } : { gamma, beta: uniform([width], -1, 1, seed + 2) };
          const dy = sample(x.shape, 'ordinary', seed + 3);
          const both = (x: runtime.Tensor, dy: runtime.Tensor) => {
            const { y, saved } = norm.forward(x, params);
            return [y.data, norm.backward(dy, saved).dx.data] as const;
          };
          const together = both(x, dy);
          of.forEach((_, r) => {
            const row = (data: Float32Array) => data.slice(r * width, (r + 1) * width);
            const alone = (t: runtime.Tensor) => ({ data: row(t.data), shape: [1, width] });
            expect(both(alone(x), alone(dy))).toEqual(together.map(row));
          });
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('constant input', () => {
  const engines = (['relaxed', 'simd', 'plain'] as const).map((kind) => new runtime.Engine(kind));
  it('gives exactly β, whatever the value and the sizes', () => {
    const values = fc.oneof(
      fc.constantFrom(0, 3.7, 1e4 + 0.1, -1e6, 0.1, 16777216),
      fc.float({ noNaN: true, min: -1e6, max: 1e6 }),
    );
    fc.assert(
      fc.property(image, values, fc.constantFrom(0, 1, 2), (i, v, at) => {
        const engine = engines[at] as runtime.Engine;
        const x = filled(shapeOf(i), v);
        const { layout } = i;
        const beta = uniform([i.c], -1, 1, i.seed);
        const norms = [
          runtime.batchNorm({ layout, engine }),
          runtime.instanceNorm({ layout, engine }),
          runtime.groupNorm({ layout, engine, groups: 1 }),
          runtime.ghostBatchNorm({ layout, engine, size: 1 }),
          runtime.syncBatchNorm({ layout, engine, replicas: i.n }),
          runtime.switchableNorm({ layout, engine }),
        ];
        for (const norm of norms) {
          const y = norm.forward(x, { beta }, null).y.data;
          const s = i.h * i.w;
          y.forEach((out, k) => {
            const channel = layout === 'channelsLast' ? k % i.c : Math.floor(k / s) % i.c;
            if (out !== beta.data[channel]) expect.fail(`${norm.name}: ${out} is not β ${beta.data[channel]}`);
          });
        }
      }),
      // Small beside the root of ε: a mean that was folded into the offset gave β only to its last bit.
      { examples: [[{ n: 1, h: 1, w: 2, c: 8, layout: 'channelsFirst', seed: 0 }, 0.0000068598706093325745, 0]] },
    );
  });

  it('takes no gradient where a set has one element', () => {
    const x = sample([1, 1, 1, 5], 'ordinary', 1);
    for (const engine of engines) {
      for (const norm of [
        runtime.batchNorm({ engine }),
        runtime.instanceNorm({ engine }),
        runtime.layerNorm({ engine, axis: 1 }),
      ]) {
        const { saved } = norm.forward(x, norm.parameters(x.shape), null);
        expect([...norm.backward(sample(x.shape, 'ordinary', 2), saved as never).dx.data].every((v) => v === 0)).toBe(
          true,
        );
      }
    }
  });
});

describe('running statistics', () => {
  const x = sample([4, 3, 3, 2], 'ordinary', 9);
  const column = (c: number) => [...x.data].filter((_, i) => i % 2 === c);
  const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  const biased = (v: number[]) => mean(v.map((a) => (a - mean(v)) ** 2));

  it("follow Keras: momentum is the old value's weight, the variance is biased", () => {
    const norm = runtime.batchNorm({ momentum: 0.9 });
    const state = norm.state(x.shape);
    norm.forward(x, {}, state);
    for (const c of [0, 1]) {
      expect(state.mean[c]).toBeCloseTo(0.1 * mean(column(c)), 6);
      expect(state.variance[c]).toBeCloseTo(0.9 + 0.1 * biased(column(c)), 6);
    }
  });

  it("follow PyTorch: momentum is the new value's weight, the variance is unbiased", () => {
    const norm = runtime.batchNorm({ convention: 'pytorch' });
    const state = norm.state(x.shape);
    norm.forward(x, {}, state);
    for (const c of [0, 1]) {
      expect(state.mean[c]).toBeCloseTo(0.1 * mean(column(c)), 6);
      expect(state.variance[c]).toBeCloseTo(0.9 + (0.1 * biased(column(c)) * 36) / 35, 6);
    }
  });

  it('move once a ghost slice, in order', () => {
    const norm = runtime.ghostBatchNorm({ size: 2, momentum: 0.5 });
    const state = norm.state(x.shape);
    norm.forward(x, {}, state);
    const halves = [column(0).slice(0, 18), column(0).slice(18)] as const;
    expect(state.mean[0]).toBeCloseTo(0.5 * (0.5 * mean(halves[0])) + 0.5 * mean(halves[1]), 6);
  });

  it('leave inference alone and are left alone by it', () => {
    const norm = runtime.batchNorm();
    const state = norm.state(x.shape);
    norm.forward(x, {}, state, 'infer');
    expect([...state.mean, ...state.variance]).toEqual([0, 0, 1, 1]);
  });

  it('take NaN as IEEE says, unless they are guarded', () => {
    const broken = { data: x.data.slice(), shape: x.shape };
    broken.data[0] = Number.NaN;
    const run = (guard: boolean) => {
      const norm = runtime.batchNorm({ guard });
      const state = norm.state(x.shape);
      const { y } = norm.forward(broken, {}, state);
      return { state, y: y.data };
    };
    const open = run(false);
    expect(open.y[0]).toBeNaN();
    expect(open.y[2]).toBeNaN();
    expect(open.y[1]).not.toBeNaN();
    expect(open.state.mean[0]).toBeNaN();
    const guarded = run(true);
    expect(guarded.state.mean[0]).toBe(0);
    expect(guarded.state.mean[1]).not.toBe(0);
  });

  it('infinity makes its set NaN and no other', () => {
    for (const kind of ['relaxed', 'simd', 'plain'] as const) {
      const engine = new runtime.Engine(kind);
      const broken = sample([4, 40], 'ordinary', 3);
      broken.data[5] = Number.POSITIVE_INFINITY;
      const y = forward(runtime.layerNorm({ engine }), broken);
      expect(y.subarray(0, 40).every(Number.isNaN)).toBe(true);
      expect(y.subarray(40).some(Number.isNaN)).toBe(false);
    }
  });

  it('values whose squares leave float32 are still normalised', () => {
    const huge = { data: sample([3, 50], 'ordinary', 3).data.map((v) => v * 1e25), shape: [3, 50] };
    const plain = { data: huge.data.map((v) => v / 1e25), shape: [3, 50] };
    for (const make of [runtime.layerNorm, runtime.batchNorm, runtime.rmsNorm]) {
      const a = forward(make({ epsilon: 1e-12 }), huge);
      expect(errorOf(a, forward(make({ epsilon: 1e-12 }), plain))).toBeLessThan(2 * CLOSE);
    }
  });
});
