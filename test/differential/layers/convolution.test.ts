import type { Draws } from './compare';
import type { Random } from './random';
import { describeRows } from './rows';
import { activation, dataFormat, initializer, numberOrList, padding, picture } from './shapes';

const sizes: readonly number[] = [0, 9, 7, 4];

const window = (r: Random, dims: number): Record<string, unknown> => ({
  kernelSize: r.mostly(numberOrList(r, dims, 1, dims === 3 ? 3 : 4), [undefined, '3', null], 0.02),
  ...r.some({
    strides: () => numberOrList(r, dims, 1, 3),
    padding: () => padding(r),
    dataFormat: () => dataFormat(r),
    useBias: () => r.chance(0.5),
    activation: () => activation(r),
    biasInitializer: () => initializer(r),
    trainable: () => r.chance(0.5),
  }),
  ...(r.chance(0.15) ? { dilationRate: numberOrList(r, dims, 1, 3) } : {}),
});

const filters = (r: Random): Record<string, unknown> => ({
  filters: r.mostly(r.int(1, 5), [0, -1, 2.5, '3', undefined, null], 0.06),
});

const convolution =
  (dims: number, extra: (r: Random) => Record<string, unknown> = () => ({})): Draws =>
  (r) => ({
    options: { ...filters(r), ...window(r, dims), ...extra(r) },
    inputs: r.chance(0.02) ? [picture(r, dims, 5), picture(r, dims, 5)] : [picture(r, dims, sizes[dims] ?? 4)],
  });

const kernels = (r: Random): Record<string, unknown> => r.some({ kernelInitializer: () => initializer(r) }, 0.1);

const depthwise = (r: Random): Record<string, unknown> =>
  r.some({ depthMultiplier: () => r.int(1, 3), depthwiseInitializer: () => initializer(r) }, 0.3);

describeRows('convolutions', {
  conv1d: convolution(1, kernels),
  conv2d: convolution(2, kernels),
  conv3d: convolution(3, kernels),
  conv2dTranspose: convolution(2, kernels),
  conv3dTranspose: convolution(3, kernels),
  separableConv2d: convolution(2, (r) => ({ ...depthwise(r), ...(r.chance(0.04) ? kernels(r) : {}) })),
  depthwiseConv2d: (r) => ({ options: { ...window(r, 2), ...depthwise(r) }, inputs: [picture(r, 2, 9)] }),
});
