import { layers } from '@tensorflow/tfjs';

export const conv = (x, filters) => layers.conv2d({ filters, kernelSize: 3 }).apply(x);
export function norm(x) {
  return layers.batchNormalization().apply(x);
}
