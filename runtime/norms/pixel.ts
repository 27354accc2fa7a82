import { checkLayout, type Layout } from '../view';
import { RowsNorm } from './layer';
import type { CommonOptions } from './norm';
import { checkOptions } from './options';

export interface PixelNormOptions extends CommonOptions {
  readonly layout?: Layout;
}

/**
 * Pixelwise feature vector normalization (Karras et al., arXiv 1710.10196, section 4.2): y = x/√(mean of x² over the
 * channels of a position + ε). No parameters. x: [N, …, C] or [N, C, …], rank 2 to 5; ε 1e-8.
 */
export function pixelNorm(options: PixelNormOptions = {}): RowsNorm<never> {
  checkOptions('pixelNorm', options);
  const { layout = 'channelsLast', ...rest } = options;
  checkLayout(layout, 'pixelNorm');
  const family = { name: 'pixelNorm', epsilon: 1e-8, centered: false, affine: false };
  return new RowsNorm(family, { ...rest, axis: layout === 'channelsFirst' ? 1 : -1 });
}
