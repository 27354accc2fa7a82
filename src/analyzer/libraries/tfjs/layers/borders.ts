import { add, type Dim, mul, sub } from '../../../shapes/dim';
import { type Axis, resized, showShape } from '../../../shapes/shape';
import type { LayerSpec } from '../../layerSpec';
import type { Options } from '../../options';
import { sizeList, sizeOf } from '../../options';
import type { Plain } from '../../plain';
import { refuse } from '../../refused';
import { dataFormats, maybeNumber, oneOf, required, showPlain } from './checks';
import { formatOf, imageOf, imageShape, inFormat } from './formats';
import { row } from './row';

/** What is added to or taken from both ends of height and width. */
type Borders = readonly (readonly [Dim, Dim])[];

const listOf = (value: Plain): readonly Plain[] | undefined =>
  Array.isArray(value) ? (value as readonly Plain[]) : undefined;

const same4 = (d: Dim): Borders => [
  [d, d],
  [d, d],
];

/** A number, `[height, width]` or `[[top, bottom], [left, right]]`; '?' where not known. */
function borders(options: Options, key: string): Borders {
  const value = options.get(key);
  const list = listOf(value);
  if (list === undefined) return same4(sizeOf(value) ?? '?');
  return [0, 1].map((i) => {
    const pair = sizeList(list[i]);
    const both = pair === undefined ? (sizeOf(list[i]) ?? '?') : undefined;
    return both === undefined ? [pair?.[0] ?? '?', pair?.[1] ?? '?'] : [both, both];
  });
}

const zeroPadding2d = row({
  type: 'zeroPadding2d',
  className: 'ZeroPadding2D',
  options: ['padding', 'dataFormat'],
  construct(options) {
    const list = listOf(options.get('padding'));
    if (list === undefined) return;
    const refused = (): never =>
      refuse('option', `zeroPadding2d: padding must be a number or two pairs but is ${showPlain(list)}`, {
        when: 'construct',
        argument: 'padding',
        original: 'to be a length-2 array',
      });
    if (list.length !== 2) refused();
    if (typeof list[0] === 'number' || maybeNumber(list[0])) return;
    for (const pair of list) if (listOf(pair) !== undefined && listOf(pair)?.length !== 2) refused();
  },
  output: (options, inputs) =>
    inFormat(options, (format) => {
      const image = imageOf('zeroPadding2d', inputs, 2, format);
      const ends = options.has('padding') === false ? same4(1) : borders(options, 'padding');
      const wider = (a: Axis, i: number): Axis => {
        if (a.dim === null || (typeof a.dim === 'number' && a.dim < 0)) return resized(a, null);
        const [before, after] = ends[i] ?? ['?', '?'];
        return resized(a, add(a.dim, add(before, after)));
      };
      return imageShape({ ...image, space: image.space.map(wider) }, format);
    }),
});

const cropping2D = row({
  type: 'cropping2D',
  className: 'Cropping2D',
  needsOptions: true,
  options: ['cropping', 'dataFormat'],
  construct: (options) => required('cropping2D', options, 'cropping', 'a number, a pair or two pairs'),
  output: (options, inputs, symbolic) =>
    inFormat(options, (format) => {
      const image = imageOf('cropping2D', inputs, 2, format);
      const ends = borders(options, 'cropping');
      const narrower = (a: Axis, i: number): Axis => {
        const [before, after] = ends[i] ?? ['?', '?'];
        // tfjs subtracts from null as from 0.
        const left = sub(a.dim === null ? 0 : a.dim, add(before, after));
        // The slice op reads a size of -1 as all that is left.
        return resized(a, !symbolic && left === -1 ? sub(a.dim, before) : left);
      };
      return imageShape({ ...image, space: image.space.map(narrower) }, format);
    }),
  run(options, inputs) {
    const format = formatOf(options);
    if (format === undefined) return;
    const ends = borders(options, 'cropping');
    for (const [i, { dim }] of imageOf('cropping2D', inputs, 2, format).space.entries()) {
      const [before, after] = ends[i] ?? ['?', '?'];
      const left = dim === null ? '?' : sub(dim, add(before, after));
      const rest = left === -1 ? sub(dim, before) : 0;
      if ((typeof left === 'number' && left < -1) || (typeof rest === 'number' && rest < 0))
        refuse('slice-range', `cropping2D takes more than there is of ${showShape(inputs[0] ?? null)}`, {
          when: 'run',
          argument: 'cropping',
          original: 'Negative size values should be exactly -1 but got',
        });
    }
  },
});

const upSampling2d = row({
  type: 'upSampling2d',
  className: 'UpSampling2D',
  needsOptions: true,
  options: ['size', 'dataFormat', 'interpolation'],
  construct(options) {
    oneOf('upSampling2d', options, 'dataFormat', dataFormats, 'DataFormat');
    oneOf('upSampling2d', options, 'interpolation', ['nearest', 'bilinear'], 'InterpolationFormat');
  },
  output: (options, inputs) =>
    inFormat(options, (format) => {
      const image = imageOf('upSampling2d', inputs, 2, format);
      const factors = options.has('size') === false ? [2, 2] : options.sizes('size');
      const taller = (a: Axis, i: number): Axis => resized(a, a.dim === null ? null : mul(a.dim, factors?.[i] ?? '?'));
      return imageShape({ ...image, space: image.space.map(taller) }, format);
    }),
});

export const borderLayers: readonly LayerSpec[] = [zeroPadding2d, cropping2D, upSampling2d];
