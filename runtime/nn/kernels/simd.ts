/** The kernels in WebAssembly SIMD (assembly/index.ts), float32 only. */
import wasm from 'normlens:matrix';
import { withoutRelaxed } from '../../kernels/relaxed';
import type { Floats } from '../tensor';
import type { ConvGeometry, Kernels, MatmulOptions } from './kernels';

interface MatrixExports {
  matmul(
    c: number,
    a: number,
    b: number,
    rows: number,
    inner: number,
    columns: number,
    rowStep: number,
    innerStep: number,
    add: boolean,
  ): void;
  transpose(out: number, a: number, rows: number, columns: number): void;
  patches(
    matrix: number,
    x: number,
    height: number,
    width: number,
    channels: number,
    kernel: number,
    stride: number,
    padTop: number,
    padLeft: number,
    outHeight: number,
    outWidth: number,
    add: boolean,
  ): void;
}

const PAGE = 65_536;
const BYTES = 4;

/**
 * Operands are copied in and results out: next to the arithmetic that costs a few per cent, and the trainer's tensors
 * stay ordinary arrays that outlive any growth of the module's memory.
 */
class SimdKernels implements Kernels {
  readonly name = 'simd';
  private readonly memory = new WebAssembly.Memory({ initial: 1 });
  private readonly module: MatrixExports;
  private heap = new Float32Array(this.memory.buffer);

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: this.memory } });
    this.module = exports as unknown as MatrixExports;
  }

  /** Byte addresses for arrays of these lengths, one after the other; everything placed before is given up. */
  private place(...lengths: number[]): number[] {
    let end = 0;
    const addresses = lengths.map((length) => {
      const address = end;
      end += Math.ceil((length * BYTES) / 16) * 16;
      return address;
    });
    if (end > this.memory.buffer.byteLength) {
      this.memory.grow(Math.ceil((end - this.memory.buffer.byteLength) / PAGE));
      this.heap = new Float32Array(this.memory.buffer);
    }
    return addresses;
  }

  private write(address: number, values: Floats): void {
    this.heap.set(values, address / BYTES);
  }

  private read(address: number, values: Floats): void {
    values.set(this.heap.subarray(address / BYTES, address / BYTES + values.length));
  }

  matmul(out: Floats, a: Floats, b: Floats, options: MatmulOptions): void {
    const { rows, inner, columns, transposeA = false, transposeB = false } = options;
    const [c = 0, left = 0, right = 0, stored = 0] = this.place(
      out.length,
      a.length,
      b.length,
      transposeB ? b.length : 0,
    );
    this.write(left, a);
    this.write(transposeB ? stored : right, b);
    if (transposeB) this.module.transpose(right, stored, columns, inner);
    const [rowStep, innerStep] = transposeA ? [1, rows] : [inner, 1];
    this.module.matmul(c, left, right, rows, inner, columns, rowStep, innerStep, false);
    this.read(c, out);
  }

  private patches(matrix: number, picture: number, g: ConvGeometry, add: boolean): void {
    const { height, width, channels, kernel, stride, padTop, padLeft, outHeight, outWidth } = g;
    this.module.patches(
      matrix,
      picture,
      height,
      width,
      channels,
      kernel,
      stride,
      padTop,
      padLeft,
      outHeight,
      outWidth,
      add,
    );
  }

  convolve(y: Floats, x: Floats, w: Floats, g: ConvGeometry): void {
    const places = g.outHeight * g.outWidth;
    const patch = g.kernel * g.kernel * g.channels;
    const picture = g.height * g.width * g.channels * BYTES;
    const [out = 0, pictures = 0, weights = 0, matrix = 0] = this.place(y.length, x.length, w.length, places * patch);
    this.write(pictures, x);
    this.write(weights, w);
    for (let n = 0; n < g.batch; n++) {
      this.patches(matrix, pictures + n * picture, g, false);
      const to = out + n * places * g.filters * BYTES;
      this.module.matmul(to, matrix, weights, places, patch, g.filters, patch, 1, false);
    }
    this.read(out, y);
  }

  convolveBackward(dx: Floats | undefined, dw: Floats, x: Floats, w: Floats, dy: Floats, g: ConvGeometry): void {
    const places = g.outHeight * g.outWidth;
    const patch = g.kernel * g.kernel * g.channels;
    const picture = g.height * g.width * g.channels * BYTES;
    const [dOut = 0, pictures = 0, weights = 0, turned = 0, dWeights = 0, matrix = 0, dPictures = 0] = this.place(
      ...[dy.length, x.length, w.length, w.length, dw.length, places * patch, dx ? dx.length : 0],
    );
    this.write(dOut, dy);
    this.write(pictures, x);
    this.write(weights, w);
    this.module.transpose(turned, weights, patch, g.filters);
    this.heap.fill(0, dWeights / BYTES, dWeights / BYTES + dw.length);
    if (dx) this.heap.fill(0, dPictures / BYTES, dPictures / BYTES + dx.length);
    for (let n = 0; n < g.batch; n++) {
      const from = dOut + n * places * g.filters * BYTES;
      this.patches(matrix, pictures + n * picture, g, false);
      this.module.matmul(dWeights, matrix, from, patch, places, g.filters, 1, patch, true);
      if (!dx) continue;
      this.module.matmul(matrix, from, turned, places, g.filters, patch, g.filters, 1, false);
      this.patches(matrix, dPictures + n * picture, g, true);
    }
    this.read(dWeights, dw);
    if (dx) this.read(dPictures, dx);
  }
}

const loaded = new Map<boolean, Kernels>();

/**
 * The SIMD kernels, or undefined where this machine's WebAssembly has no SIMD. Relaxed ones round a product and a sum once,
 * where the machine can; `false` asks for those that it has in any case.
 */
export function simdKernels(relaxed = true): Kernels | undefined {
  const known = loaded.get(relaxed);
  if (known) return known;
  const bytes = Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0));
  const candidates = relaxed ? [bytes, withoutRelaxed(bytes)] : [withoutRelaxed(bytes)];
  const module = candidates.find((candidate) => WebAssembly.validate(candidate));
  if (!module) return undefined;
  const kernels = new SimdKernels(module);
  loaded.set(relaxed, kernels);
  return kernels;
}
