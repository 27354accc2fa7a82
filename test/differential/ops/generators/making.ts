import { type Arg, FunctionArg, T } from '../arguments';
import type { Random } from '../random';
import { anyShape, type Generators, maybe, nested, number, partner, product, tensorLike, trimmed } from './common';

const badShape = (r: Random): Arg => r.mostly<Arg>(anyShape(r), [2, -1], [1.5], 3, undefined);

const type = (r: Random): Arg => r.mostly<Arg>(r.pick(undefined, 'float32', 'int32', 'bool'), 'float32', undefined);

const ofRank = (rank: number | undefined) => (r: Random) => {
  const shape = r.shape(rank ?? r.int(0, 4), 3);
  const flat = nested([product(shape)], r.pick<Arg>(1, 0.5, true));
  const deep = nested(shape, r.pick<Arg>(1, 2.5, true));
  const dtype_ = r.mostly<Arg>(r.pick(undefined, 'float32', 'int32'), 'complex64');
  if (rank === 1) return trimmed(r, r.mostly<Arg>(deep, nested([2, 2], 1), 3, undefined), dtype_);
  const given = r.mostly<Arg>(shape, r.shape(rank ?? 2), r.shape((rank ?? 2) + 1), [-1, 2]);
  if (r.chance(0.4)) return trimmed(r, flat, r.mostly<Arg>(given, undefined), dtype_);
  return trimmed(r, r.mostly<Arg>(deep, nested(r.shape(2), 1), undefined), r.pick<Arg>(undefined, given), dtype_);
};

export const making: Generators = {
  tensor: ofRank(undefined),
  ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((rank) => [`tensor${rank}d`, ofRank(rank)])),
  scalar: (r) =>
    trimmed(
      r,
      r.mostly<Arg>(r.pick<Arg>(1, 0.5, true, 'w'), [1], undefined),
      r.mostly<Arg>(undefined, undefined, 'complex64'),
    ),
  zeros: (r) => trimmed(r, badShape(r), r.mostly<Arg>(type(r), 'complex64', 'string', 'float64')),
  ones: (r) => trimmed(r, badShape(r), r.mostly<Arg>(type(r), 'complex64', 'string', 'float64')),
  fill: (r) =>
    trimmed(r, badShape(r), r.pick<Arg>(1, 0.5, true, 'w'), r.pick<Arg>(undefined, undefined, 'int32', 'float32')),
  eye: (r) =>
    trimmed(
      r,
      r.mostly<Arg>(r.int(1, 4), -1, 1.5, undefined),
      r.pick<Arg>(undefined, r.int(1, 4)),
      r.mostly<Arg>(r.pick<Arg>(undefined, r.shape(1), r.shape(2), r.shape(3)), [], r.shape(4)),
      maybe(r, 'int32'),
    ),
  linspace: (r) => [r.int(-2, 2), r.int(3, 6), r.mostly<Arg>(r.int(1, 9), 0, -1)],
  range: (r) =>
    trimmed(
      r,
      r.int(-4, 4),
      r.int(-4, 12),
      r.mostly<Arg>(r.pick<Arg>(undefined, 1, 2, -1, 0.5), 0),
      maybe<Arg>(r, r.pick('int32', 'float32')),
    ),
  meshgrid: (r) =>
    trimmed(
      r,
      r.mostly<Arg>(tensorLike(r, r.shape(1), number(r)), undefined),
      r.mostly<Arg>(tensorLike(r, r.shape(r.int(1, 2)), number(r)), undefined),
      r.mostly<Arg>(r.pick<Arg>(undefined, { indexing: 'ij' }, { indexing: 'xy' }), { indexing: 'yx' }, {}),
    ),
  complex: (r) => {
    const shape = anyShape(r);
    return [T(shape), T(r.mostly(shape, partner(r, shape)))];
  },
  real: (r) => [T(r.shape(r.int(1, 3)), r.mostly('complex64', 'float32', 'int32'))],
  imag: (r) => [T(r.shape(r.int(1, 3)), r.mostly('complex64', 'float32'))],
  variable: (r) =>
    trimmed(
      r,
      r.mostly<Arg>(T(anyShape(r), number(r)), undefined),
      maybe(r, false),
      undefined,
      maybe<Arg>(r, r.pick('int32', 'float32')),
    ),
  '.variable': (r) =>
    trimmed(r, T(anyShape(r), number(r)), maybe(r, false), undefined, maybe<Arg>(r, r.pick('int32', 'float32'))),
  buffer: (r) => trimmed(r, badShape(r), r.mostly<Arg>(type(r), 'complex64')),
  broadcastArgs: (r) => [
    T(r.mostly([r.int(1, 4)], [], [2, 2]), r.mostly('int32', 'float32'), [1, 1, 1, 1]),
    T(r.mostly([r.int(1, 4)], []), 'int32', [1, 1, 1, 1]),
  ],
  dropout: (r) => {
    const shape = anyShape(r);
    return trimmed(
      r,
      T(shape, r.mostly('float32', 'int32')),
      r.mostly<Arg>(r.pick(0, 0.5), 1, -0.1, undefined),
      r.mostly<Arg>(r.pick<Arg>(undefined, shape, partner(r, shape)), undefined),
      maybe(r, 3),
    );
  },
  randomNormal: (r) =>
    trimmed(
      r,
      badShape(r),
      maybe(r, 0),
      maybe(r, 1),
      r.mostly<Arg>(r.pick<Arg>(undefined, 'float32', 'int32'), 'bool'),
      maybe(r, 3),
    ),
  truncatedNormal: (r) =>
    trimmed(
      r,
      badShape(r),
      maybe(r, 0),
      maybe(r, 1),
      r.mostly<Arg>(r.pick<Arg>(undefined, 'float32', 'int32'), 'bool'),
      maybe(r, 3),
    ),
  randomStandardNormal: (r) =>
    trimmed(r, badShape(r), r.mostly<Arg>(r.pick<Arg>(undefined, 'float32', 'int32'), 'bool'), maybe(r, 3)),
  randomUniform: (r) =>
    trimmed(
      r,
      badShape(r),
      maybe(r, 0),
      maybe(r, 5),
      r.mostly<Arg>(r.pick<Arg>(undefined, 'float32', 'int32', 'bool'), 'complex64', 'float64'),
      maybe(r, 3),
    ),
  randomUniformInt: (r) => trimmed(r, badShape(r), 0, 5, maybe(r, 3)),
  randomGamma: (r) =>
    trimmed(
      r,
      badShape(r),
      1.5,
      maybe(r, 2),
      r.mostly<Arg>(r.pick<Arg>(undefined, 'float32', 'int32'), 'bool'),
      maybe(r, 3),
    ),
  rand: (r) =>
    trimmed(
      r,
      badShape(r),
      new FunctionArg(() => 1),
      r.mostly<Arg>(r.pick<Arg>(undefined, 'float32', 'int32', 'bool'), 'string'),
    ),
  multinomial: (r) => trimmed(r, T(r.shape(r.mostly(r.int(1, 2), 3, 0))), r.int(1, 5), 3, maybe(r, true)),
};
