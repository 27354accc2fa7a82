import { type Arg, T } from '../arguments';
import type { Random } from '../random';
import {
  anyShape,
  axis,
  dtype,
  type Generators,
  maybe,
  nested,
  number,
  partner,
  product,
  tensorLike,
  trimmed,
} from './common';

/** Sizes for a reshape of this many elements: often right, with -1 now and then. */
function sizes(r: Random, total: number): number[] {
  const out: number[] = [];
  let left = total;
  while (left > 1 && out.length < 4) {
    const divisors = Array.from({ length: left }, (_, i) => i + 1).filter((d) => left % d === 0);
    const d = r.pick(...divisors);
    out.push(d);
    left /= d;
  }
  if (left > 1 || out.length === 0) out.push(left);
  if (r.chance(0.4)) out[r.int(0, out.length - 1)] = -1;
  if (r.chance(0.12)) out[r.int(0, out.length - 1)] = r.pick(-1, -2, 5, 0);
  return out;
}

const reshape = (r: Random): readonly Arg[] => {
  const shape = r.chance(0.05) ? [0, 3] : anyShape(r, 6);
  if (r.chance(0.3)) return [T(shape, dtype(r)), [...shape.slice(0, 1), -1]];
  return [T(shape, dtype(r)), r.mostly<Arg>(sizes(r, product(shape)), sizes(r, product(shape)), undefined, 4)];
};

const asRank = (rank: number) => (r: Random) => {
  const target = r.shape(rank);
  const shape = r.chance(0.85) ? r.pick([product(target)], target, [1, ...target]) : r.shape(2);
  return [T(shape, number(r)), ...target.map((d) => (r.chance(0.1) ? -1 : d))];
};

const reverseOf = (rank: number | undefined) => (r: Random) => {
  const shape = r.shape(rank === undefined ? r.int(0, 4) : r.mostly(rank, rank + 1, rank - 1));
  return trimmed(r, T(shape, number(r)), r.pick<Arg>(undefined, axis(r, shape.length), [axis(r, shape.length)]));
};

const slice = (rank: number | undefined) => (r: Random) => {
  const shape = r.shape(rank === undefined ? r.mostly(r.int(1, 4), 0) : r.mostly(rank, rank + 1), 5);
  const begin = shape.map((d) => r.mostly(r.int(0, d - 1), 0, d, -1));
  const size = shape.map((d, i) => r.mostly(r.pick(-1, r.int(0, d - (begin[i] ?? 0)), -1), d, 1, -2, d + 1));
  if (rank === 1) return [T(shape, number(r)), begin[0] ?? 0, size[0] ?? 1];
  const cut = r.chance(0.3) ? r.int(1, shape.length) : shape.length;
  const b: Arg = r.mostly<Arg>(begin.slice(0, cut), begin[0] ?? 0, [...begin, 0], undefined);
  return trimmed(r, T(shape, dtype(r)), b, r.pick<Arg>(size.slice(0, cut), size, size[0], undefined));
};

function list(r: Random, at: number, shape: readonly number[], equal: boolean): Arg[] {
  const type = number(r);
  return Array.from({ length: r.mostly(r.int(1, 4), 0) }, () => {
    const own = shape.map((d, i) => (!equal && i === at ? r.int(1, 4) : d));
    const bad = r.chance(0.05);
    return bad ? T(partner(r, own), r.pick(type, 'int32')) : r.chance(0.95) ? T(own, type) : nested(own, 1);
  });
}

const concat = (rank: number | undefined) => (r: Random) => {
  const shape = r.shape(rank ?? r.int(1, 4));
  const at = rank === 1 ? 0 : r.int(0, shape.length - 1);
  const all = list(r, at, shape, false);
  if (rank === 1) return [all];
  const raw = r.mostly<Arg>(r.pick(at, at, at - shape.length), axis(r, shape.length), undefined);
  return trimmed(r, r.mostly<Arg>(all, all, all, undefined), raw);
};

const withSelf = (stack: boolean) => (r: Random) => {
  const shape = r.shape(r.int(1, 3));
  const at = r.int(0, shape.length - 1);
  const [self = T(shape), ...others] = list(r, stack ? -1 : at, shape, stack);
  const first = self instanceof Object && 'dtype' in (self as object) ? self : T(shape);
  return trimmed(
    r,
    first,
    r.chance(0.5) ? (others[0] ?? T(shape)) : others,
    r.mostly<Arg>(at, axis(r, shape.length), undefined),
  );
};

const paddings = (r: Random, shape: readonly number[]): number[][] =>
  shape.map((d) => [r.mostly(r.int(0, d - 1), d + 1), r.mostly(r.int(0, d - 1), d)]);

export const shapes: Generators = {
  reshape,
  '.reshapeAs': (r) => {
    const shape = anyShape(r);
    return [T(shape, number(r)), T(r.mostly([product(shape)], [...shape].reverse(), r.shape(2)))];
  },
  '.flatten': (r) => [T(anyShape(r), dtype(r))],
  '.as1D': (r) => [T(anyShape(r), dtype(r))],
  '.as2D': asRank(2),
  '.as3D': asRank(3),
  '.as4D': asRank(4),
  '.as5D': asRank(5),
  '.asScalar': (r) => [T(r.mostly([1, 1], [], [2], [1]))],
  expandDims: (r) => {
    const shape = anyShape(r);
    return trimmed(
      r,
      tensorLike(r, shape),
      r.pick<Arg>(undefined, axis(r, shape.length), r.int(-shape.length - 1, shape.length)),
    );
  },
  squeeze: (r) => {
    const shape = Array.from({ length: r.int(0, 5) }, () => r.pick(1, 1, 2, 3));
    const ones = shape.map((d, i) => (d === 1 ? i : -1)).filter((i) => i >= 0);
    const some = ones.filter(() => r.chance(0.6)).map((i) => (r.chance(0.3) ? i - shape.length : i));
    return trimmed(
      r,
      T(shape, dtype(r)),
      r.mostly<Arg>(r.pick<Arg>(undefined, some, some[0]), [axis(r, shape.length)], axis(r, shape.length)),
    );
  },
  transpose: (r) => {
    const shape = anyShape(r);
    const perm = shape.map((_, i) => i);
    for (let i = perm.length - 1; i > 0; i -= 1) {
      const k = r.int(0, i);
      [perm[i], perm[k]] = [perm[k] ?? 0, perm[i] ?? 0];
    }
    return trimmed(
      r,
      T(shape, dtype(r)),
      r.mostly<Arg>(r.pick<Arg>(perm, perm, undefined), perm.slice(1), [...perm.slice(1), shape.length], null),
    );
  },
  cast: (r) => [
    T(anyShape(r), dtype(r)),
    r.mostly<Arg>(r.pick('float32', 'int32', 'bool'), 'string', 'float64', undefined),
  ],
  '.asType': (r) => [T(anyShape(r), dtype(r)), r.mostly<Arg>(r.pick('float32', 'int32', 'bool'), 'string', 'double')],
  '.toBool': (r) => [T(anyShape(r), number(r))],
  '.toInt': (r) => [T(anyShape(r), dtype(r))],
  '.toFloat': (r) => [T(anyShape(r), dtype(r))],
  broadcastTo: (r) => {
    const shape = anyShape(r);
    const from = partner(r, shape);
    return [
      T(from, r.mostly('float32', 'int32', 'bool', 'string')),
      r.mostly<Arg>(shape, [...shape, 2], [...r.shape(1), ...shape], [-1], undefined),
    ];
  },
  ensureShape: (r) => {
    const shape = anyShape(r);
    return [T(shape, dtype(r)), r.mostly<Arg>(shape, [...shape, 1], partner(r, shape), undefined)];
  },
  tile: (r) => {
    const shape = anyShape(r);
    const reps = shape.map(() => r.int(1, 3));
    return [
      T(shape, r.mostly('float32', 'int32', 'bool')),
      r.mostly<Arg>(reps, [...reps, 1], reps.slice(1), 2, undefined),
    ];
  },
  reverse: reverseOf(undefined),
  reverse1d: reverseOf(1),
  reverse2d: reverseOf(2),
  reverse3d: reverseOf(3),
  reverse4d: reverseOf(4),
  oneHot: (r) =>
    trimmed(
      r,
      tensorLike(r, anyShape(r), r.mostly('int32', 'float32')),
      r.mostly<Arg>(r.int(2, 6), 1, 0, undefined),
      maybe(r, 2),
      maybe(r, -1),
      r.pick<Arg>(undefined, undefined, 'float32', 'bool'),
    ),
  '.oneHot': (r) =>
    trimmed(r, T(anyShape(r), r.mostly('int32', 'float32')), r.mostly<Arg>(r.int(2, 6), 1), maybe(r, 2)),
  slice: slice(undefined),
  slice1d: slice(1),
  slice2d: slice(2),
  slice3d: slice(3),
  slice4d: slice(4),
  concat: concat(undefined),
  concat1d: concat(1),
  concat2d: concat(2),
  concat3d: concat(3),
  concat4d: concat(4),
  '.concat': withSelf(false),
  stack: (r) => {
    const shape = r.shape(r.int(0, 3));
    return trimmed(
      r,
      list(r, -1, shape, true),
      r.mostly<Arg>(r.int(-shape.length - 1, shape.length), axis(r, shape.length + 1), undefined),
    );
  },
  '.stack': withSelf(true),
  unstack: (r) => {
    const shape = r.shape(r.mostly(r.int(1, 4), 0));
    // A fractional axis, which tfjs does not notice, makes as many copies of something as the first axis is long.
    return trimmed(r, T(shape, dtype(r)), r.pick<Arg>(undefined, Math.trunc(axis(r, shape.length))));
  },
  split: (r) => {
    const shape = r.shape(r.int(1, 4), 6);
    const at = r.int(0, shape.length - 1);
    const size = shape[at] ?? 1;
    const cut = r.int(0, size);
    const parts = r.mostly<Arg>(
      [cut, size - cut],
      [cut, -1],
      [-1, size - cut],
      [cut, size],
      [-1, -1],
      [],
      [size + 1, -1],
    );
    const number_ = r.mostly<Arg>(r.pick(...[1, 2, 3, size].filter((n) => size % n === 0)), 2, 5, undefined);
    return trimmed(
      r,
      T(shape, number(r)),
      r.chance(0.5) ? parts : number_,
      at === 0 && r.chance(0.5) ? undefined : r.mostly(at, at - shape.length, axis(r, shape.length)),
    );
  },
  pad: (r) => {
    const shape = r.shape(r.mostly(r.int(1, 4), 0));
    return trimmed(
      r,
      T(shape, number(r)),
      r.mostly<Arg>(paddings(r, shape), [...paddings(r, shape), [1, 1]], undefined),
      maybe(r, 1),
    );
  },
  ...Object.fromEntries(
    [1, 2, 3, 4].map((rank) => [
      `pad${rank}d`,
      (r: Random) => {
        const shape = r.shape(rank);
        const pairs = paddings(r, shape);
        return [
          T(shape, number(r)),
          rank === 1
            ? r.mostly<Arg>(pairs[0] ?? [], [1], [1, 2, 3])
            : r.mostly<Arg>(
                pairs,
                [...pairs, [1, 1]],
                pairs.slice(1),
                pairs.map(() => [1]),
              ),
        ];
      },
    ]),
  ),
  mirrorPad: (r) => {
    const shape = r.shape(r.mostly(r.int(1, 4), 0));
    return [
      T(shape, number(r)),
      r.mostly<Arg>(paddings(r, shape), [...paddings(r, shape), [1, 1]]),
      r.mostly<Arg>(r.pick('reflect', 'symmetric'), 'edge', undefined),
    ];
  },
};
