import type { Draws } from './compare';
import type { Random } from './random';
import { describeRows } from './rows';
import { dataFormat, numberOrList, ofRank, padding, picture } from './shapes';

const pool =
  (dims: number): Draws =>
  (r) => ({
    options: r.some(
      {
        poolSize: () => r.mostly(numberOrList(r, dims, 1, 4), [0, -1, 1.5, '2'], 0.06),
        strides: () => r.mostly(numberOrList(r, dims, 1, 3), [0, 1.5, '2'], 0.06),
        padding: () => padding(r),
        dataFormat: () => dataFormat(r),
      },
      0.5,
    ),
    inputs: r.chance(0.02) ? [picture(r, dims, 4), picture(r, dims, 4)] : [picture(r, dims, 8)],
  });

const overTime: Draws = (r) => ({ options: {}, inputs: [ofRank(r, 3)] });

const overSpace: Draws = (r) => ({
  options: r.some({ dataFormat: () => dataFormat(r) }, 0.6),
  inputs: [picture(r, 2, 5)],
});

const pair = (r: Random, high: number): unknown =>
  r.pick([r.int(0, high), r.ints(2, 0, high), [r.ints(2, 0, high), r.ints(2, 0, high)]]);

describeRows('pooling and borders', {
  maxPooling1d: pool(1),
  maxPooling2d: pool(2),
  maxPooling3d: pool(3),
  averagePooling1d: pool(1),
  averagePooling2d: pool(2),
  averagePooling3d: pool(3),
  globalAveragePooling1d: overTime,
  globalMaxPooling1d: overTime,
  globalAveragePooling2d: overSpace,
  globalMaxPooling2d: overSpace,
  zeroPadding2d: (r) => ({
    options: r.some(
      {
        padding: () => r.mostly(pair(r, 3), [[1], [1, 2, 3], [[1, 2], [3]], [[1], [1, 1]]], 0.08),
        dataFormat: () => r.pick(['channelsLast', 'channelsFirst']),
      },
      0.7,
    ),
    inputs: [picture(r, 2, 6)],
  }),
  cropping2D: (r) => ({
    options: {
      cropping: r.mostly(pair(r, 2), [undefined, null], 0.03),
      ...r.some({ dataFormat: () => r.pick(['channelsLast', 'channelsFirst']) }),
    },
    inputs: [picture(r, 2, 7)],
  }),
  upSampling2d: (r) => ({
    options: r.some(
      {
        size: () => r.mostly(r.ints(2, 1, 3), [2, [2]], 0.1),
        dataFormat: () => dataFormat(r),
        interpolation: () => r.mostly(r.pick(['nearest', 'bilinear']), ['cubic'], 0.1),
      },
      0.6,
    ),
    inputs: [picture(r, 2, 4)],
  }),
});
