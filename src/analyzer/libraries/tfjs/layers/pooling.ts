import type { Dim } from '../../../shapes/dim';
import { resized, type Shape } from '../../../shapes/shape';
import type { LayerSpec } from '../../layerSpec';
import type { Options } from '../../options';
import type { Plain } from '../../plain';
import { refuse } from '../../refused';
import { dataFormats, maybeNumber, oneOf, paddings, positiveInteger, showPlain } from './checks';
import { formatOf, imageOf, imageShape, inFormat } from './formats';
import { ranked, row } from './row';
import { refuseNegativeLength, sizeAt, windowedLength } from './window';

const poolOf = (options: Options, dims: number): { pool: readonly Dim[]; strides: readonly Dim[] } => {
  const pool = options.perDim('poolSize', dims, 2);
  return { pool, strides: options.perDim('strides', dims, pool) };
};

function lengths(options: Options, space: readonly Dim[]): readonly Dim[] {
  const { pool, strides } = poolOf(options, space.length);
  const padding = options.string('padding', 'valid');
  return space.map((d, i) => windowedLength(d, sizeAt(pool, i), padding, sizeAt(strides, i)));
}

/** A list of the wrong length: tfjs checks `strides`, and for 1d also `poolSize`. */
function listLength(type: string, options: Options, key: string, dims: number): void {
  const value = options.get(key);
  const refused = (): never =>
    refuse('option', `${type}: ${key} must be a number or a list of ${dims} but is ${showPlain(value)}`, {
      when: 'construct',
      argument: key,
      original:
        dims === 1 ? `${key} for 1D convolutional layer must be a number or an` : 'it is expected to have a length of',
    });
  if (Array.isArray(value)) {
    const list = value as readonly Plain[];
    if (list.length !== dims) refused();
    if (dims === 1 && list.some((v) => typeof v !== 'number' && !maybeNumber(v))) refused();
  } else if (typeof value === 'string' || typeof value === 'boolean') refused();
}

const pooling = (type: string, aliases: readonly string[], className: string, dims: number): LayerSpec =>
  row({
    type,
    aliases,
    className,
    needsOptions: true,
    options: ['poolSize', 'strides', 'padding', ...(dims === 1 ? [] : ['dataFormat'])],
    construct(options) {
      if (dims === 1) listLength(type, options, 'poolSize', 1);
      listLength(type, options, 'strides', dims);
      for (const key of ['poolSize', 'strides'])
        if (options.has(key)) positiveInteger(type, options, key, 'to be a positive integer, but got');
      oneOf(type, options, 'padding', paddings, 'PaddingMode');
      if (dims > 1) oneOf(type, options, 'dataFormat', dataFormats, 'DataFormat');
    },
    output: (options, inputs, symbolic) =>
      format(options, dims, (f) => {
        const image = imageOf(type, inputs, dims, f);
        const after = lengths(
          options,
          image.space.map((a) => a.dim),
        );
        // The op behind pooling in 3d stops at 0.
        const real = dims === 3 && !symbolic ? after.map((d) => (typeof d === 'number' ? Math.max(d, 0) : d)) : after;
        const space = image.space.map((a, i) => resized(a, sizeAt(real, i)));
        return imageShape({ ...image, space }, f);
      }),
    run(options, inputs) {
      const pool = options.get('poolSize');
      // The constructor does not look at the length of this list.
      if (dims === 2 && Array.isArray(pool) && pool.length < dims)
        refuse('option', `${type}: poolSize must be a number or a list of ${dims} but is ${showPlain(pool)}`, {
          when: 'run',
          argument: 'poolSize',
          original: 'Tensor must have a shape comprised of positive integers but got shape',
        });
      const known = dims === 1 ? 'channelsLast' : formatOf(options);
      if (known === undefined || dims === 3) return;
      const space = imageOf(type, inputs, dims, known).space.map((a) => a.dim);
      refuseNegativeLength(type, inputs[0] ?? null, poolOf(options, dims).pool, lengths(options, space));
    },
  });

/** Pooling over time has no dataFormat. */
const format = (options: Options, dims: number, of: Parameters<typeof inFormat>[1]): Shape =>
  dims === 1 ? of('channelsLast') : inFormat(options, of);

const global1d = (type: string, aliases: readonly string[], className: string): LayerSpec =>
  row({
    type,
    aliases,
    className,
    options: [],
    output(_, inputs) {
      const { batch, channels } = imageOf(type, inputs, 1, 'channelsLast');
      return [batch, channels];
    },
  });

const global2d = (type: string, aliases: readonly string[], className: string): LayerSpec =>
  row({
    type,
    aliases,
    className,
    needsOptions: true,
    options: ['dataFormat'],
    construct: (options) => oneOf(type, options, 'dataFormat', dataFormats, 'DataFormat'),
    accept: (_, inputs) => void ranked(type, inputs, 4, '[batch, height, width, channels]'),
    output: (options, inputs) =>
      inFormat(options, (f) => {
        const { batch, channels } = imageOf(type, inputs, 2, f);
        return [batch, channels];
      }),
  });

export const poolingLayers: readonly LayerSpec[] = [
  pooling('maxPooling1d', ['maxPool1d'], 'MaxPooling1D', 1),
  pooling('maxPooling2d', ['maxPool2d'], 'MaxPooling2D', 2),
  pooling('maxPooling3d', [], 'MaxPooling3D', 3),
  pooling('averagePooling1d', ['avgPool1d', 'avgPooling1d'], 'AveragePooling1D', 1),
  pooling('averagePooling2d', ['avgPool2d', 'avgPooling2d'], 'AveragePooling2D', 2),
  pooling('averagePooling3d', ['avgPool3d', 'avgPooling3d'], 'AveragePooling3D', 3),
  global1d('globalAveragePooling1d', [], 'GlobalAveragePooling1D'),
  global1d('globalMaxPooling1d', ['globalMaxPool1d'], 'GlobalMaxPooling1D'),
  global2d('globalAveragePooling2d', [], 'GlobalAveragePooling2D'),
  global2d('globalMaxPooling2d', ['globalMaxPool2d'], 'GlobalMaxPooling2D'),
];
