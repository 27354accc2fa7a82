import type { Precision } from '../tensor';
import type { Kernels } from './kernels';
import { plainKernels } from './plain';
import { simdKernels } from './simd';

export type { ConvGeometry, Kernels, MatmulOptions } from './kernels';
export { plainKernels, simdKernels };

/** The fastest kernels for numbers of this precision on this machine. */
export function kernelsFor(precision: Precision): Kernels {
  return (precision === 'float32' ? simdKernels() : undefined) ?? plainKernels;
}
