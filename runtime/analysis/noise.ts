import type { Norm } from '../norms/norm';
import { sizeOf, type Tensor } from '../tensor';

/** Expected relative standard deviation of a variance estimated from m independent normal values: √(2/(m − 1)). */
export const varianceNoise = (m: number): number => Math.sqrt(2 / (m - 1));

/** Expected standard deviation of a mean estimated from m independent values, in units of σ: 1/√m. */
export const meanNoise = (m: number): number => 1 / Math.sqrt(m);

export interface NoiseOptions {
  /** How often the mates are drawn again. Default 64. */
  readonly draws?: number;
}

/**
 * How far one sample's output moves when its batch-mates are drawn again and again: the root mean square, over its
 * elements, of their standard deviation over the draws. 0 for norms of one sample.
 * @param sample the fixed sample, [1, …]
 * @param mates the other samples of draw i, [B − 1, …]
 */
export function statisticsNoise(
  norm: Norm,
  sample: Tensor,
  mates: (draw: number) => Tensor,
  options: NoiseOptions = {},
): number {
  const { draws = 64 } = options;
  const size = sizeOf(sample.shape);
  const sum = new Float64Array(size);
  const first = new Float64Array(size);
  const square = new Float64Array(size);
  for (let draw = 0; draw < draws; draw++) {
    const others = mates(draw);
    const shape = [1 + (others.shape[0] ?? 0), ...sample.shape.slice(1)];
    const data = new Float32Array(sizeOf(shape));
    data.set(sample.data);
    data.set(others.data, size);
    const y = norm.forward({ data, shape }, norm.parameters(shape), null, 'train').y.data;
    for (let i = 0; i < size; i++) {
      const v = y[i] as number;
      if (draw === 0) first[i] = v;
      // Differences from the first draw, so that a constant output gives exactly 0.
      const d = v - (first[i] as number);
      sum[i] = (sum[i] as number) + d;
      square[i] = (square[i] as number) + d * d;
    }
  }
  let total = 0;
  for (let i = 0; i < size; i++) {
    const mean = (sum[i] as number) / draws;
    total += Math.max(0, (square[i] as number) / draws - mean * mean);
  }
  return Math.sqrt(((total / size) * draws) / Math.max(1, draws - 1));
}
