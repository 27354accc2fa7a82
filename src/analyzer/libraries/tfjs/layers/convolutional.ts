import { type Dim, mul } from '../../../shapes/dim';
import { type Axis, axis, resized, type Shape, showShape } from '../../../shapes/shape';
import type { WeightFact } from '../../../trace/facts';
import type { LayerSpec } from '../../layerSpec';
import type { Options } from '../../options';
import { refuse } from '../../refused';
import {
  dataFormats,
  maybeNumber,
  numberOrList,
  oneOf,
  paddings,
  positiveInteger,
  required,
  showPlain,
} from './checks';
import {
  type Format,
  formatOf,
  type Image,
  imageOf,
  imageShape,
  inFormat,
  needChannels,
  sameChannels,
} from './formats';
import { knownNames } from './registry';
import { row, weight } from './row';
import { refuseNegativeSize, sizeAt, unwindowedLength, windowedLength } from './window';

const biasNames: readonly string[] = [
  'activation',
  'biasInitializer',
  'biasConstraint',
  'biasRegularizer',
  'activityRegularizer',
];
const kernelNames: readonly string[] = ['kernelInitializer', 'kernelConstraint', 'kernelRegularizer'];
const separableNames: readonly string[] = [
  'depthwiseInitializer',
  'depthwiseRegularizer',
  'depthwiseConstraint',
  'pointwiseRegularizer',
  'pointwiseConstraint',
];
const windowKeys: readonly string[] = ['kernelSize', 'strides', 'padding', 'dataFormat', 'dilationRate', 'useBias'];

/** What the window of a convolution reads: a size for each spatial dim. */
interface Window {
  readonly kernel: readonly Dim[];
  readonly strides: readonly Dim[];
  readonly dilation: readonly Dim[];
  readonly padding: string | undefined;
}

const windowOf = (options: Options, dims: number): Window => ({
  kernel: options.perDim('kernelSize', dims, '?'),
  strides: options.perDim('strides', dims, 1),
  dilation: options.perDim('dilationRate', dims, 1),
  padding: options.string('padding', 'valid'),
});

/** The lengths after the window has passed. */
const lengths = (space: readonly Dim[], { kernel, strides, dilation, padding }: Window): readonly Dim[] =>
  space.map((d, i) => windowedLength(d, sizeAt(kernel, i), padding, sizeAt(strides, i), sizeAt(dilation, i)));

function constructWindow(type: string, options: Options, dims: number): void {
  required(type, options, 'kernelSize', dims === 1 ? 'a number' : `a number or a list of ${dims}`);
  const kernel = options.get('kernelSize');
  if (typeof kernel !== 'number' && !Array.isArray(kernel) && !maybeNumber(kernel))
    refuse('option', `${type}: kernelSize must be a number or a list but is ${showPlain(kernel)}`, {
      when: 'construct',
      argument: 'kernelSize',
      original: 'BaseConv expects config.kernelSize to be number or number[]',
    });
  for (const key of ['kernelSize', 'strides', 'dilationRate']) numberOrList(type, options, key, dims);
  oneOf(type, options, 'padding', paddings, 'PaddingMode');
  oneOf(type, options, 'dataFormat', dataFormats, 'DataFormat');
}

function positiveFilters(type: string, options: Options): void {
  const filters = options.number('filters');
  const small = filters === undefined || filters < 1;
  const original = "Convolution layer expected config.filters to be a 'number' > 0 but got";
  positiveInteger(type, options, 'filters', small ? original : undefined);
}

/** What the convolution ops refuse once tensors flow. */
function refuseWindow(type: string, options: Options, inputs: readonly Shape[], dims: number): void {
  const window = windowOf(options, dims);
  if (window.padding === 'causal')
    refuse('option', `${type}: tfjs has no causal padding yet`, {
      when: 'run',
      argument: 'padding',
      original: 'The support for CAUSAL padding mode in',
    });
  const notOne = (d: Dim): boolean => typeof d === 'number' && d !== 1;
  if (window.strides.some(notOne) && window.dilation.some(notOne))
    refuse('option', `${type}: strides or dilationRate must be 1`, {
      when: 'run',
      argument: 'dilationRate',
      original: 'Either stride',
    });
  const format = formatOf(options);
  // The op behind conv3d stops at 0.
  if (format === undefined || dims === 3) return;
  const space = imageOf(type, inputs, dims, format).space.map((a) => a.dim);
  refuseNegativeSize(type, inputs[0] ?? null, window.kernel, lengths(space, window));
}

/** The channels of the input in the format that is known; '?' where it is not. */
function channelsOf(type: string, options: Options, inputs: readonly Shape[], dims: number): Dim {
  const format = formatOf(options);
  return format === undefined ? '?' : imageOf(type, inputs, dims, format).channels.dim;
}

function acceptChannels(type: string, options: Options, inputs: readonly Shape[], dims: number): void {
  inFormat(options, (format) => {
    const { channels } = imageOf(type, inputs, dims, format);
    needChannels(type, inputs[0] ?? null, channels, 'The channel dimension of the input');
    return null;
  });
}

/** The kernels, then the bias where there is one; undefined where that is not known. */
function withBias(options: Options, kernels: readonly WeightFact[], filters: Dim): readonly WeightFact[] | undefined {
  const bias = options.boolean('useBias', true);
  if (bias === undefined) return undefined;
  return bias ? [...kernels, weight(options, 'bias', [filters])] : kernels;
}

const convolution = (type: string, className: string, dims: number): LayerSpec =>
  row({
    type,
    className,
    needsOptions: true,
    options: ['filters', ...windowKeys, ...kernelNames, ...biasNames],
    construct(options) {
      constructWindow(type, options, dims);
      positiveFilters(type, options);
      knownNames(type, options, [...kernelNames, ...biasNames]);
    },
    accept: (options, inputs) => acceptChannels(type, options, inputs, dims),
    build(options, inputs) {
      const filters = options.size('filters');
      const { kernel } = windowOf(options, dims);
      const shape = [...kernel, channelsOf(type, options, inputs, dims), filters];
      return withBias(options, [weight(options, 'kernel', shape)], filters);
    },
    output: (options, inputs, symbolic) =>
      inFormat(options, (format) => {
        const image = imageOf(type, inputs, dims, format);
        const after = lengths(
          image.space.map((a) => a.dim),
          windowOf(options, dims),
        );
        const real = dims === 3 && !symbolic ? after.map((d) => (typeof d === 'number' ? Math.max(d, 0) : d)) : after;
        const space = image.space.map((a, i) => resized(a, sizeAt(real, i)));
        const channels = axis(options.size('filters'), 'channel');
        // tfjs's conv1d never turns its result back to channelsFirst, though its symbolic shape says so.
        const shown: Format = dims === 1 && !symbolic ? 'channelsLast' : format;
        return imageShape({ batch: image.batch, space, channels }, shown);
      }),
    run: (options, inputs) => refuseWindow(type, options, inputs, dims),
    refit: (options, first, inputs) => sameChannels(type, options, dims, first, inputs),
  });

const transposed = (type: string, className: string, dims: number): LayerSpec =>
  row({
    type,
    className,
    needsOptions: true,
    options: ['filters', ...windowKeys, ...kernelNames, ...biasNames],
    construct(options) {
      constructWindow(type, options, dims);
      positiveFilters(type, options);
      knownNames(type, options, [...kernelNames, ...biasNames]);
      oneOf(type, options, 'padding', ['same', 'valid'], 'PaddingMode', 'currently supports only padding modes');
    },
    accept: (options, inputs) => acceptChannels(type, options, inputs, dims),
    build(options, inputs) {
      const filters = options.size('filters');
      const { kernel } = windowOf(options, dims);
      const shape = [...kernel, filters, channelsOf(type, options, inputs, dims)];
      return withBias(options, [weight(options, 'kernel', shape)], filters);
    },
    output: (options, inputs) =>
      inFormat(options, (format) => {
        const image = imageOf(type, inputs, dims, format);
        const { kernel, strides, padding } = windowOf(options, dims);
        const space = image.space.map((a, i) =>
          resized(a, unwindowedLength(a.dim, sizeAt(kernel, i), padding, sizeAt(strides, i))),
        );
        return imageShape({ batch: image.batch, space, channels: axis(options.size('filters'), 'channel') }, format);
      }),
    refit: (options, first, inputs) => sameChannels(type, options, dims, first, inputs),
  });

/** The picture after the depthwise and the pointwise kernel have passed. */
const separated = (options: Options, inputs: readonly Shape[], format: Format): Image => {
  const image = imageOf('separableConv2d', inputs, 2, format);
  const sizes = image.space.map((a) => a.dim);
  const after = lengths(sizes, windowOf(options, 2));
  const space = image.space.map((a, i) => resized(a, sizeAt(after, i)));
  return { batch: image.batch, space, channels: axis(options.size('filters'), 'channel') };
};

const separableConv2d = row({
  type: 'separableConv2d',
  className: 'SeparableConv2D',
  needsOptions: true,
  options: ['filters', ...windowKeys, 'depthMultiplier', 'pointwiseInitializer', ...separableNames, ...biasNames],
  construct(options) {
    constructWindow('separableConv2d', options, 2);
    positiveFilters('separableConv2d', options);
    knownNames('separableConv2d', options, [...separableNames, ...biasNames]);
    for (const key of kernelNames)
      if (options.has(key))
        refuse('option', `separableConv2d has no ${key}: it takes depthwise… and pointwise… options`, {
          when: 'construct',
          argument: key,
          original: 'Fields kernelInitializer, kernelRegularizer and kernelConstraint are invalid for SeparableConv2D.',
        });
    oneOf('separableConv2d', options, 'padding', ['same', 'valid'], 'PaddingMode', 'supports only padding modes');
  },
  accept: (options, inputs) => acceptChannels('separableConv2d', options, inputs, 2),
  build(options, inputs) {
    const channels = channelsOf('separableConv2d', options, inputs, 2);
    const multiplier = options.size('depthMultiplier', 1);
    const filters = options.size('filters');
    const { kernel } = windowOf(options, 2);
    const kernels = [
      weight(options, 'depthwise_kernel', [...kernel, channels, multiplier]),
      weight(options, 'pointwise_kernel', [1, 1, mul(channels, multiplier), filters]),
    ];
    return withBias(options, kernels, filters);
  },
  output: (options, inputs, symbolic) =>
    inFormat(options, (format) => {
      const image = separated(options, inputs, format);
      const [height, width] = image.space as readonly [Axis, Axis];
      // See `run`: the misplaced bias widens a height of 1.
      const stretched = !symbolic && format === 'channelsFirst' && options.boolean('useBias', true) && height.dim === 1;
      return imageShape(stretched ? { ...image, space: [resized(height, image.channels.dim), width] } : image, format);
    }),
  run(options, inputs) {
    refuseWindow('separableConv2d', options, inputs, 2);
    if (formatOf(options) !== 'channelsFirst' || options.boolean('useBias', true) !== true) return;
    // tfjs adds the bias before it turns the result back to channelsFirst, so that it meets the height.
    const height = separated(options, inputs, 'channelsFirst').space[0]?.dim;
    const filters = options.size('filters');
    if (
      typeof height === 'number' &&
      typeof filters === 'number' &&
      height !== 1 &&
      filters !== 1 &&
      height !== filters
    )
      refuse('broadcast', `separableConv2d with channelsFirst adds its ${filters} biases to the height ${height}`, {
        when: 'run',
        argument: 'dataFormat',
        original: 'Operands could not be broadcast together with shapes',
      });
  },
  refit: (options, first, inputs) => sameChannels('separableConv2d', options, 2, first, inputs),
});

/** tfjs passes no dilation on to the depthwise op. */
const depthwiseWindow = (options: Options): Window => ({ ...windowOf(options, 2), dilation: [1, 1] });

/** An input of a rank above 4 goes through symbolically, by its first four axes. */
const firstFour = (inputs: readonly Shape[]): readonly Shape[] =>
  inputs.map((s) => (s !== null && s.length > 4 ? s.slice(0, 4) : s));

const depthwiseConv2d = row({
  type: 'depthwiseConv2d',
  className: 'DepthwiseConv2D',
  needsOptions: true,
  options: [...windowKeys, 'depthMultiplier', ...separableNames.slice(0, 3), ...biasNames],
  construct(options) {
    constructWindow('depthwiseConv2d', options, 2);
    knownNames('depthwiseConv2d', options, [...separableNames.slice(0, 3), ...biasNames]);
  },
  accept: (options, inputs) => acceptChannels('depthwiseConv2d', options, firstFour(inputs), 2),
  build(options, inputs) {
    const channels = channelsOf('depthwiseConv2d', options, firstFour(inputs), 2);
    const multiplier = options.size('depthMultiplier', 1);
    const { kernel } = windowOf(options, 2);
    const shape = [sizeAt(kernel, 0), sizeAt(kernel, 1), channels, multiplier];
    return withBias(options, [weight(options, 'depthwise_kernel', shape)], mul(channels, multiplier));
  },
  output: (options, inputs) =>
    inFormat(options, (format) => {
      const image = imageOf('depthwiseConv2d', firstFour(inputs), 2, format);
      const sizes = image.space.map((a) => a.dim);
      const after = lengths(sizes, depthwiseWindow(options));
      const space = image.space.map((a, i) => resized(a, sizeAt(after, i)));
      // tfjs multiplies null as 0, which only a later call can come to.
      const channels = mul(image.channels.dim ?? 0, options.size('depthMultiplier', 1));
      return imageShape({ batch: image.batch, space, channels: resized(image.channels, channels) }, format);
    }),
  run(options, inputs) {
    const format = formatOf(options);
    const image = imageOf('depthwiseConv2d', inputs, 2, format ?? 'channelsLast');
    if (format === undefined) return;
    const sizes = image.space.map((a) => a.dim);
    const window = depthwiseWindow(options);
    refuseNegativeSize('depthwiseConv2d', inputs[0] ?? null, window.kernel, lengths(sizes, window));
  },
  refit(options, first, inputs) {
    const input = inputs[0] ?? null;
    // Once built, this layer checks nothing; the op does.
    if (input !== null && input.length !== 4)
      refuse('rank', `depthwiseConv2d needs a rank-4 input but got ${showShape(input)}`, { when: 'run' });
    sameChannels('depthwiseConv2d', options, 2, first, inputs, 'run');
  },
});

export const convolutional: readonly LayerSpec[] = [
  convolution('conv1d', 'Conv1D', 1),
  convolution('conv2d', 'Conv2D', 2),
  convolution('conv3d', 'Conv3D', 3),
  transposed('conv2dTranspose', 'Conv2DTranspose', 2),
  transposed('conv3dTranspose', 'Conv3DTranspose', 3),
  separableConv2d,
  depthwiseConv2d,
];
