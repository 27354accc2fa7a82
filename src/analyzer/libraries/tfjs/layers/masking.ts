import type { LayerSpec } from '../../layerSpec';
import { unchanged } from './identity';

export const maskingLayers: readonly LayerSpec[] = [
  unchanged({ type: 'masking', className: 'Masking', options: ['maskValue'] }),
];
