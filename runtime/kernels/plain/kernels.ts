import type { Kernels } from '../interface';
import { columnKernels } from './columns';
import type { Memory } from './memory';
import { rowKernels } from './rows';
import { segmentKernels } from './segments';

/** The kernels in plain TypeScript, with float64 arithmetic: the fallback where WebAssembly SIMD is missing. */
export function plainKernels(memory: Memory): Kernels {
  const columns = columnKernels(memory);
  return { ...rowKernels(memory), ...segmentKernels(memory, columns), ...columns };
}
