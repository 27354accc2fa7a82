import { groupView } from '../view';
import { LocalNorm, type LocalOptions } from './local';
import { checkOptions } from './options';

export interface GroupNormOptions extends LocalOptions {
  /** G; it divides the channels. Default 32, as in the paper. */
  readonly groups?: number;
}

/**
 * Group normalization (Wu & He, arXiv 1803.08494, equation 7): one set a sample and group of C/G consecutive channels.
 * x: [N, …, C] or [N, C, …], rank 2 to 5; γ, β: [C]; ε 1e-5.
 */
export function groupNorm(options: GroupNormOptions = {}): LocalNorm {
  checkOptions('groupNorm', options);
  const view = (channels: Parameters<typeof groupView>[0]) => groupView(channels, options.groups ?? 32, 'groupNorm');
  return new LocalNorm({ name: 'groupNorm', view }, 1e-5, options);
}
