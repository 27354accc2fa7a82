import { type Arg, T } from '../arguments';
import type { Random } from '../random';
import { type Generators, maybe, trimmed } from './common';

const pad = (r: Random, pairs = 4): Arg =>
  r.mostly<Arg>(
    r.pick<Arg>('same', 'valid', 'same', 'valid', 1, 0),
    Array.from({ length: pairs }, (_, i) => (i === 0 || i === pairs - 1 ? [0, 0] : [r.int(0, 2), 1])),
    'full',
    undefined,
    0.5,
  );

const per = (r: Random, n: number, most = 3): Arg =>
  r.chance(0.5) ? r.int(1, most) : Array.from({ length: n }, () => r.int(1, most));

/** Where tfjs does not look at the strides, 0 makes it run for ever: that is drawn for the checked ones only. */
const strides = (r: Random, n: number, zero?: number): Arg => r.mostly<Arg>(r.pick<Arg>(1, per(r, n)), zero, undefined);

const dilation = (r: Random, n: number): Arg => r.mostly<Arg>(r.pick<Arg>(undefined, 1, undefined), per(r, n), 2, 0);

const rounding = (r: Random): Arg => r.mostly<Arg>(undefined, 'floor', 'ceil', 'round', 'up');

const image = (r: Random, spatial: number, channels: number, first = false): number[] => {
  const size = Array.from({ length: spatial }, () => r.int(2, 7));
  const body = first ? [channels, ...size] : [...size, channels];
  return r.mostly([r.int(1, 2), ...body], body, body.slice(1));
};

const type = (r: Random): string => (r.chance(0.95) ? 'float32' : 'int32');

const kernel = (r: Random, n: number): number[] => Array.from({ length: n }, () => r.mostly(r.int(1, 3), 5));

const conv = (n: number, formats: readonly string[], rounds: boolean | 'depthwise') => (r: Random) => {
  const c = r.int(1, 3);
  const format = r.mostly<Arg>(r.pick<Arg>(undefined, ...formats), 'NHCW');
  const x = T(image(r, n, c, typeof format === 'string' && format[1] === 'C'), type(r));
  const filter = T(r.mostly([...kernel(r, n), r.mostly(c, c + 1), r.int(1, 3)], [3, c, 2]), type(r));
  const all = [
    x,
    filter,
    strides(r, n, rounds === 'depthwise' ? undefined : 0),
    rounds === 'depthwise' && format === 'NCHW' ? 'same' : pad(r, n + 2),
    format,
    dilation(r, n),
  ];
  return trimmed(r, ...all, ...(rounds ? [rounding(r)] : []));
};

const transposed = (n: number) => (r: Random) => {
  const [a, b] = [r.int(1, 3), r.int(1, 3)];
  const x = image(r, n, b);
  const out = x.map((d, i) => (i === x.length - 1 ? r.mostly(a, a + 1) : x.length === n + 2 && i === 0 ? d : d * 2));
  const filter = [...kernel(r, n), a, r.mostly(b, b + 1)];
  const all = [
    T(x),
    T(r.mostly(filter, filter.slice(1))),
    r.mostly<Arg>(out, out.slice(1), undefined),
    strides(r, n),
    r.mostly<Arg>(r.pick('same', 'valid'), 'full', 1),
  ];
  return trimmed(r, ...all, ...(n === 2 ? [rounding(r)] : []));
};

const pool = (n: number) => (r: Random) => {
  const x = T(image(r, n, r.int(1, 3)), type(r));
  const size = r.mostly<Arg>(per(r, n), 5, undefined);
  const format = n === 3 ? [r.mostly<Arg>(undefined, 'NDHWC', 'NCDHW')] : [];
  return trimmed(r, x, size, strides(r, n), pad(r, n + 2), rounding(r), ...format);
};

export const windows: Generators = {
  conv1d: (r) => {
    const c = r.int(1, 3);
    const x = r.mostly([2, r.int(2, 8), c], [r.int(2, 8), c], [2, 2, 8, c]);
    const filter = r.mostly([r.int(1, 4), r.mostly(c, c + 1), 2], [c, 2]);
    return trimmed(
      r,
      T(x, type(r)),
      T(filter, type(r)),
      r.mostly<Arg>(r.int(1, 3), 0, undefined),
      r.mostly<Arg>(r.pick('same', 'valid'), 0, 1, 'full'),
      r.mostly<Arg>(undefined, 'NWC', 'NCW'),
      r.mostly<Arg>(undefined, 2, 1),
      rounding(r),
    );
  },
  conv2d: conv(2, ['NHWC', 'NCHW'], true),
  conv3d: conv(3, ['NDHWC'], false),
  conv2dTranspose: transposed(2),
  conv3dTranspose: transposed(3),
  depthwiseConv2d: conv(2, ['NHWC', 'NHWC', 'NCHW'], 'depthwise'),
  separableConv2d: (r) => {
    const [c, m] = [r.int(1, 3), r.int(1, 2)];
    const x = T(image(r, 2, c), type(r));
    const depthwise = T(r.mostly([...kernel(r, 2), r.mostly(c, c + 1), m], [3, c, m]), type(r));
    const pointwise = T(
      r.mostly([1, 1, c * m, r.int(1, 3)], [1, 1, c * m + 1, 2], [2, 1, c * m, 2], [1, 2, c * m, 2], [c, 2]),
      type(r),
    );
    return trimmed(
      r,
      x,
      depthwise,
      pointwise,
      strides(r, 2),
      pad(r),
      dilation(r, 2),
      r.mostly<Arg>(undefined, 'NHWC', 'NCHW'),
    );
  },
  dilation2d: (r) => {
    const c = r.int(1, 3);
    const filter = r.mostly([...kernel(r, 2), r.mostly(c, c + 1)], [3, 3, c, 1]);
    return trimmed(
      r,
      T(image(r, 2, c), type(r)),
      T(filter),
      r.mostly<Arg>(per(r, 2), undefined),
      r.mostly<Arg>(r.pick('same', 'valid'), 'full', 1),
      r.mostly<Arg>(r.pick<Arg>(undefined, per(r, 2)), 1),
      r.mostly<Arg>(undefined, 'NCHW'),
    );
  },
  maxPool: pool(2),
  avgPool: pool(2),
  maxPool3d: pool(3),
  avgPool3d: pool(3),
  pool: (r) =>
    trimmed(
      r,
      T(image(r, 2, r.int(1, 3))),
      per(r, 2),
      r.pick('max', 'avg'),
      r.mostly<Arg>(r.pick<Arg>('same', 'valid', 0), 1, 'full'),
      r.pick<Arg>(undefined, 1, per(r, 2)),
      r.pick<Arg>(undefined, 1, per(r, 2)),
      maybe<Arg>(r, 'floor', 0.1),
    ),
  maxPoolWithArgmax: (r) =>
    trimmed(
      r,
      T(r.mostly([r.int(1, 2), r.int(2, 7), r.int(2, 7), r.int(1, 3)], [5, 5, 2])),
      r.mostly<Arg>(per(r, 2), undefined),
      strides(r, 2),
      r.mostly<Arg>(r.pick<Arg>('same', 'valid', 1), 'full'),
      maybe(r, true),
    ),
};
