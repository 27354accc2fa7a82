import { type Arg, T } from '../arguments';
import type { Random } from '../random';
import { anyShape, axes, axis, dtype, type Generators, maybe, number, partner, tensorLike, trimmed } from './common';

const one = (r: Random): readonly Arg[] => [tensorLike(r, anyShape(r))];

function two(r: Random): readonly Arg[] {
  const shape = anyShape(r);
  const [a, b] = [tensorLike(r, shape), tensorLike(r, partner(r, shape))];
  return r.chance(0.5) ? [a, b] : [b, a];
}

function bools(r: Random): readonly Arg[] {
  const type = () => r.mostly('bool', 'float32', 'int32');
  const shape = anyShape(r);
  return [T(shape, type()), r.chance(0.9) ? T(partner(r, shape), type()) : true];
}

const reduce = (type: (r: Random) => string) => (r: Random) => {
  const shape = anyShape(r);
  return trimmed(
    r,
    tensorLike(r, shape, type(r)),
    axes(r, shape.length),
    maybe<Arg>(r, r.pick<Arg>(true, false, 1, null)),
  );
};

const onFloats = (r: Random): string => r.mostly('float32', 'int32', 'bool', 'string');

const softmax = (r: Random) => {
  const shape = r.shape(r.mostly(r.int(1, 4), 0));
  const last = shape.length - 1;
  return trimmed(r, T(shape, dtype(r)), r.pick<Arg>(undefined, -1, last, undefined, axis(r, shape.length)));
};

const cumulate = (r: Random) => {
  const shape = r.shape(r.int(1, 4));
  return trimmed(
    r,
    T(shape, dtype(r)),
    r.pick<Arg>(undefined, r.int(0, shape.length - 1)),
    maybe(r, true),
    maybe(r, true),
  );
};

const argument = (r: Random) => {
  const shape = r.shape(r.mostly(r.int(1, 4), 0));
  return trimmed(r, T(shape, dtype(r)), r.pick<Arg>(undefined, axis(r, shape.length), axes(r, shape.length)));
};

const unaryNames =
  'abs acos acosh asin asinh atan atanh ceil cos cosh elu exp expm1 floor isFinite isInf isNaN log log1p logSigmoid neg reciprocal relu relu6 round rsqrt selu sigmoid sign sin sinh softplus sqrt square tan tanh erf clone zerosLike onesLike';
const binaryNames =
  'add sub mul div divNoNan floorDiv pow mod maximum minimum squaredDifference atan2 equal notEqual greater greaterEqual less lessEqual prelu';

export const elementwise: Generators = {
  ...Object.fromEntries(unaryNames.split(' ').map((name) => [name, one])),
  ...Object.fromEntries(binaryNames.split(' ').map((name) => [name, two])),
  logicalAnd: bools,
  logicalOr: bools,
  logicalXor: bools,
  logicalNot: (r) => [r.mostly<Arg>(T(anyShape(r), r.mostly('bool', 'float32')), true, [true, false])],
  leakyRelu: (r) => trimmed(r, ...one(r), maybe(r, 0.3)),
  step: (r) => trimmed(r, ...one(r), maybe(r, 0.3)),
  clipByValue: (r) => [T(anyShape(r), number(r)), r.mostly<Arg>(0, 2, undefined), r.mostly<Arg>(1, 0, undefined)],
  where: (r) => {
    const shape = anyShape(r);
    return [T(partner(r, shape), r.mostly('bool', 'int32')), T(shape, number(r)), T(partner(r, shape), number(r))];
  },
  '.where': (r) => {
    const shape = anyShape(r);
    return [T(shape, number(r)), T(partner(r, shape), r.mostly('bool', 'int32')), T(partner(r, shape), number(r))];
  },
  whereAsync: (r) => [T(r.shape(r.int(0, 4)), r.mostly('bool', 'float32'))],
  addN: (r) => {
    const shape = anyShape(r);
    const type = number(r);
    const list = Array.from({ length: r.mostly(r.int(1, 4), 0) }, () =>
      r.chance(0.92) ? T(shape, type) : T(r.chance(0.5) ? partner(r, shape) : shape, number(r)),
    );
    return [r.mostly<Arg>(list, T(shape), undefined, 3)];
  },
  bitwiseAnd: (r) => {
    const shape = anyShape(r);
    return [
      T(shape, r.mostly('int32', 'float32')),
      T(r.chance(0.85) ? shape : partner(r, shape), r.mostly('int32', 'bool')),
    ];
  },
  softmax,
  logSoftmax: softmax,
  sum: reduce(dtype),
  mean: reduce(dtype),
  prod: reduce(dtype),
  max: reduce(onFloats),
  min: reduce(onFloats),
  all: reduce((r) => r.mostly('bool', 'float32')),
  any: reduce((r) => r.mostly('bool', 'int32')),
  logSumExp: reduce(onFloats),
  argMax: argument,
  argMin: argument,
  cumsum: cumulate,
  cumprod: cumulate,
  norm: (r) => {
    const shape = anyShape(r);
    const ord = r.pick<Arg>(undefined, 'euclidean', 1, 2, 'fro', Number.POSITIVE_INFINITY, 3);
    return trimmed(r, T(shape, r.mostly('float32', 'int32')), ord, axes(r, shape.length), maybe(r, true));
  },
  euclideanNorm: (r) => {
    const shape = anyShape(r);
    return trimmed(r, T(shape, r.mostly('float32', 'int32')), axes(r, shape.length), maybe(r, true));
  },
};
