/** How images, filters and data formats fit together: shared by convolution, pooling and image ops. */
import { certainlyDiffer } from '../../../shapes/bounds';
import { type Dim, showDim } from '../../../shapes/dim';
import { type Axis, axis, type Role, resized, type Shape, showShape, unknownOfRank } from '../../../shapes/shape';
import type { OpCall } from '../../opSpec';
import type { PlainTensor } from '../../plain';
import { withRole } from './axes';
import { no } from './row';
import { outputSizes, paddingOf, type Rounding, type Triple, tupleOf } from './windows';

const ONES: Triple = [1, 1, 1];

/** `NHWC` or `NCHW`; undefined where not known. */
export function formatOf(call: OpCall, fallback: string): string | undefined {
  const raw = call.get('dataFormat');
  return raw === undefined ? fallback : typeof raw === 'string' ? raw : undefined;
}

export function dilationsOf(call: OpCall, op: string, param = 'dilations'): Triple {
  return call.get(param) === undefined ? ONES : tupleOf(call.get(param), op, param);
}

/** The input with a batch axis; unbatched images have one axis less. */
export function splitBatch(
  s: readonly Axis[],
  full: number,
): { readonly batch: Axis | undefined; readonly rest: readonly Axis[] } {
  return s.length === full ? { batch: s[0], rest: s.slice(1) } : { batch: undefined, rest: s };
}

const roles = (n: number): readonly Role[] =>
  n === 1 ? ['width'] : n === 2 ? ['height', 'width'] : ['depth', 'height', 'width'];

/** Puts batch, spatial axes and channels together in the order of the data format. */
export function arranged(
  batch: Axis | undefined,
  spatial: readonly Axis[],
  sizes: readonly Dim[],
  channels: Axis,
  channelsLast: boolean,
): readonly Axis[] {
  const names = roles(sizes.length);
  const moved = sizes.map((d, i) => {
    const from = spatial[i];
    return from === undefined ? axis(d, names[i]) : withRole(resized(from, d), names[i]);
  });
  const image = channelsLast ? [...moved, channels] : [channels, ...moved];
  return batch === undefined ? image : [withRole(batch, 'batch'), ...image];
}

export interface Convolved {
  readonly x: PlainTensor;
  readonly filter: PlainTensor;
  readonly strides: Triple;
  readonly dilations: Triple;
  readonly rounding: Rounding;
  readonly format: string | undefined;
}

/** The shape of a 2-D convolution: channels given, spatial sizes by the window. */
export function convolvedShape(
  call: OpCall,
  op: string,
  c: Convolved,
  channels: (x: Axis | undefined, f: readonly Axis[]) => Axis,
): Shape {
  const padding = paddingOf(call.get('pad'), op);
  if (c.x.shape === null || c.filter.shape === null || c.format === undefined)
    return c.x.shape === null ? null : unknownOfRank(c.x.shape.length);
  const last = c.format === 'NHWC';
  const { batch, rest } = splitBatch(c.x.shape, 4);
  const spatial = last ? rest.slice(0, 2) : rest.slice(1);
  const filter = c.filter.shape;
  const windows = [0, 1].map((i) => ({
    size: filter[i]?.dim ?? '?',
    stride: c.strides[i] ?? '?',
    dilation: c.dilations[i] ?? '?',
  }));
  const sizes = outputSizes(
    op,
    spatial.map((a) => a.dim),
    windows,
    padding,
    c.rounding,
    last ? [1, 2] : [2, 3],
  );
  return arranged(batch, spatial, sizes, channels(last ? rest[2] : rest[0], filter), last);
}

/** The input's channels must be those that the filter was made for. */
export function checkChannels(
  op: string,
  x: PlainTensor,
  filter: PlainTensor,
  at: number,
  format: string | undefined,
  full: number,
  original: string,
): void {
  if (x.shape === null || filter.shape === null || format === undefined) return;
  const { rest } = splitBatch(x.shape, full);
  const own = format.endsWith('C') ? rest[rest.length - 1]?.dim : rest[0]?.dim;
  const wanted = filter.shape[at]?.dim;
  if (own === undefined || wanted === undefined || !certainlyDiffer(own, wanted)) return;
  no(
    'channels',
    `${op}: the input ${showShape(x.shape)} has ${showDim(own)} channels, the filter is for ${showDim(wanted)}`,
    typeof own === 'number' ? original.replace('$', String(own)) : original.slice(0, original.indexOf('$')),
    'filter',
  );
}
