/** The two heavy operations of training, behind one interface: plain TypeScript in float32 and float64, SIMD in float32. */
import type { Floats } from '../tensor';

/** out [rows, columns] = A [rows, inner] · B [inner, columns]; row major. */
export interface MatmulOptions {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** A is stored as [inner, rows]. */
  readonly transposeA?: boolean;
  /** B is stored as [columns, inner]. */
  readonly transposeB?: boolean;
}

/** A convolution over pictures [batch, height, width, channels] with weights [kernel, kernel, channels, filters]. */
export interface ConvGeometry {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  /** Rows (columns) of zeros above (left of) the picture; what is missing below and right of it is zero too. */
  readonly padTop: number;
  readonly padLeft: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly filters: number;
}

export interface Kernels {
  readonly name: 'plain' | 'simd';

  matmul(out: Floats, a: Floats, b: Floats, options: MatmulOptions): void;

  /** y [batch, outHeight, outWidth, filters] = x ∗ w. */
  convolve(y: Floats, x: Floats, w: Floats, geometry: ConvGeometry): void;

  /** The gradients of x and w for that of y; without `dx` only w's, which is all that a first layer needs. */
  convolveBackward(dx: Floats | undefined, dw: Floats, x: Floats, w: Floats, dy: Floats, geometry: ConvGeometry): void;
}
