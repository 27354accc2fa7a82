import { ghostView } from '../view';
import { BatchFamilyNorm, type BatchNormOptions } from './batch';
import { checkOptions } from './options';

export interface GhostBatchNormOptions extends BatchNormOptions {
  /** Samples a slice; it divides the batch. */
  readonly size: number;
}

/**
 * Ghost batch normalization (Hoffer, Hubara, Soudry, arXiv 1705.08741, algorithm 1): batch norm over consecutive slices
 * of `size` samples, whose statistics move the running ones slice by slice.
 * x: [N, …, C] or [N, C, …]; γ, β: [C]; state as in batch norm.
 */
export function ghostBatchNorm(options: GhostBatchNormOptions): BatchFamilyNorm {
  checkOptions('ghostBatchNorm', options);
  const view = (channels: Parameters<typeof ghostView>[0]) => ghostView(channels, options.size, 'ghostBatchNorm');
  return new BatchFamilyNorm({ name: 'ghostBatchNorm', view }, options);
}
