import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ConvGeometry, plainKernels, simdKernels } from '../../../runtime/nn/kernels';
import { Random } from '../../../runtime/nn/random';

/** A float32 sum of n products is off by at most about n ulp of the sum of their magnitudes (Higham 2002, 3.1). */
const ULP = 2 ** -23;
const simd = simdKernels();
const random = new Random(1);
const draw = (length: number) => Float32Array.from({ length }, () => random.normal());
const largest = (values: ArrayLike<number>) =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: number): void {
  expect(actual.length).toBe(expected.length);
  const worst = largest(Array.from(expected, (value, i) => (actual[i] as number) - value));
  expect(worst).toBeLessThanOrEqual(bound);
}

const size = fc.integer({ min: 1, max: 21 });
const flag = fc.boolean();
const geometry = fc
  .record({
    batch: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    channels: fc.integer({ min: 1, max: 6 }),
    kernel: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 3 }),
    padTop: fc.integer({ min: 0, max: 3 }),
    padLeft: fc.integer({ min: 0, max: 3 }),
    outHeight: fc.integer({ min: 1, max: 5 }),
    outWidth: fc.integer({ min: 1, max: 5 }),
    filters: fc.integer({ min: 1, max: 11 }),
  })
  .filter((g): g is ConvGeometry => true);

/** The definition, in float64: every output is a sum over the patch under it. */
function convolutionByDefinition(x: ArrayLike<number>, w: ArrayLike<number>, g: ConvGeometry): Float64Array {
  const y = new Float64Array(g.batch * g.outHeight * g.outWidth * g.filters);
  y.forEach((_, at) => {
    const f = at % g.filters;
    const column = Math.floor(at / g.filters) % g.outWidth;
    const row = Math.floor(at / g.filters / g.outWidth) % g.outHeight;
    const n = Math.floor(at / g.filters / g.outWidth / g.outHeight);
    for (let i = 0; i < g.kernel; i++) {
      for (let j = 0; j < g.kernel; j++) {
        const [v, h] = [row * g.stride + i - g.padTop, column * g.stride + j - g.padLeft];
        if (v < 0 || v >= g.height || h < 0 || h >= g.width) continue;
        for (let c = 0; c < g.channels; c++) {
          const pixel = x[((n * g.height + v) * g.width + h) * g.channels + c] as number;
          y[at] = (y[at] as number) + pixel * (w[((i * g.kernel + j) * g.channels + c) * g.filters + f] as number);
        }
      }
    }
  });
  return y;
}

const implementations = [
  ['plain', plainKernels],
  ['relaxed', simd],
  ['simd', simdKernels(false)],
] as const;

describe.each(implementations)('%s kernels in float32', (_, kernels) => {
  if (!kernels) throw new Error('This machine has no WebAssembly SIMD, which Node 20 always has.');

  it('multiply matrices of any size, transposed or not', () => {
    fc.assert(
      fc.property(size, size, size, flag, flag, (rows, inner, columns, transposeA, transposeB) => {
        const [a, b, out] = [draw(rows * inner), draw(inner * columns), draw(rows * columns)];
        kernels.matmul(out, a, b, { rows, inner, columns, transposeA, transposeB });
        const at = (i: number, k: number) => a[transposeA ? k * rows + i : i * inner + k] as number;
        const bt = (k: number, j: number) => b[transposeB ? j * inner + k : k * columns + j] as number;
        const expected = Float64Array.from(out, (_value, index) => {
          const [i, j] = [Math.floor(index / columns), index % columns];
          return Array.from({ length: inner }, (_k, k) => at(i, k) * bt(k, j)).reduce((sum, term) => sum + term, 0);
        });
        expectClose(out, expected, inner * inner * ULP * largest(a) * largest(b));
      }),
      { numRuns: 150 },
    );
  });

  it('convolve as the definition says, forward', () => {
    fc.assert(
      fc.property(geometry, (g) => {
        const patch = g.kernel ** 2 * g.channels;
        const [x, w] = [draw(g.batch * g.height * g.width * g.channels), draw(patch * g.filters)];
        const y = draw(g.batch * g.outHeight * g.outWidth * g.filters);
        kernels.convolve(y, x, w, g);
        expectClose(y, convolutionByDefinition(x, w, g), patch * patch * ULP * largest(x) * largest(w));
      }),
      { numRuns: 150 },
    );
  });

  it('give gradients adjoint to the definition: ⟨dy, conv(u, w)⟩ = ⟨dx, u⟩ and ⟨dy, conv(x, v)⟩ = ⟨dw, v⟩', () => {
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      Array.from(a).reduce((sum, value, i) => sum + value * (b[i] as number), 0);
    fc.assert(
      fc.property(geometry, (g) => {
        const patch = g.kernel ** 2 * g.channels;
        const [x, w] = [draw(g.batch * g.height * g.width * g.channels), draw(patch * g.filters)];
        const [u, v] = [draw(x.length), draw(w.length)];
        const dy = draw(g.batch * g.outHeight * g.outWidth * g.filters);
        const [dx, dw] = [draw(x.length), draw(w.length)];
        kernels.convolveBackward(dx, dw, x, w, dy, g);
        const terms = dy.length * patch;
        const bound =
          20 * Math.sqrt(terms) * 50 * ULP * largest(dy) * largest(w) * Math.max(largest(u), largest(v)) + 1e-6;
        expect(Math.abs(dot(dy, convolutionByDefinition(u, w, g)) - dot(dx, u))).toBeLessThanOrEqual(bound);
        expect(Math.abs(dot(dy, convolutionByDefinition(x, v, g)) - dot(dw, v))).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 150 },
    );
  });
});
