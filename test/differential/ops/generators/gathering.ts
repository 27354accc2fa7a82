import { type Arg, T } from '../arguments';
import type { Random } from '../random';
import { anyShape, axis, dtype, type Generators, maybe, nested, number, partner, trimmed } from './common';

const ints = (r: Random): string => r.mostly('int32', 'int32', 'int32', 'float32');

/** Indices [.., depth] and updates that fit a shape. */
function scatter(r: Random) {
  const shape = r.shape(r.int(1, 3));
  const depth = r.int(1, shape.length);
  const count = r.int(1, 3);
  const flat = depth === 1 && r.chance(0.5);
  const indices = flat ? [count] : [count, r.mostly(depth, depth + 1)];
  const updates = [count, ...shape.slice(depth)];
  return {
    shape,
    indices: T(r.mostly(indices, []), ints(r), 1),
    updates: r.mostly(updates, [...updates, 2], partner(r, updates), []),
  };
}

const bins = (r: Random): readonly Arg[] => {
  const shape = r.shape(r.mostly(r.int(1, 2), 3, 0));
  return trimmed(
    r,
    T(shape, r.mostly('int32', 'float32'), 5),
    r.mostly(T(r.mostly(shape, partner(r, shape)), number(r)), T([0])),
    r.mostly<Arg>(r.int(1, 6), 0, -1, undefined),
    maybe(r, true),
  );
};

const search = (r: Random): readonly Arg[] => {
  const batch = r.shape(r.int(0, 2));
  return trimmed(
    r,
    T(r.mostly([...batch, 4], [])),
    T(r.mostly([...batch, 3], [...r.shape(1), 3])),
    r.pick<Arg>(undefined, 'left', 'right'),
  );
};

export const gathering: Generators = {
  gather: (r) => {
    const shape = r.shape(r.mostly(r.int(1, 4), 0));
    const at = r.int(0, Math.max(0, shape.length - 1));
    const batch = r.chance(0.3) ? r.int(0, at) : 0;
    const indices = [...shape.slice(0, r.mostly(batch, batch + 1)), ...r.shape(r.int(0, 2))];
    const raw = r.mostly<Arg>(r.pick(at, at - shape.length), axis(r, shape.length), at === 0 ? undefined : at);
    return trimmed(
      r,
      T(shape, dtype(r)),
      T(indices, ints(r), 1),
      raw,
      batch === 0 ? undefined : r.mostly(batch, 4, -1),
    );
  },
  gatherND: (r) => {
    const shape = r.shape(r.mostly(r.int(1, 4), 0));
    const depth = r.mostly(r.int(0, shape.length), shape.length + 1);
    return [T(shape, number(r)), T(r.mostly([...r.shape(r.int(0, 2)), depth], []), ints(r), 1)];
  },
  scatterND: (r) => {
    const { shape, indices, updates } = scatter(r);
    return [indices, T(updates, r.mostly('float32', 'int32', 'bool')), r.mostly<Arg>(shape, [], [-1, 2], undefined)];
  },
  tensorScatterUpdate: (r) => {
    const { shape, indices, updates } = scatter(r);
    return [T(r.mostly(shape, [])), indices, T(updates, r.mostly('float32', 'int32'))];
  },
  sparseToDense: (r) => {
    const depth = r.int(1, 3);
    const count = r.int(1, 3);
    const shape = r.shape(r.mostly(depth, depth + 1));
    const indices = r.mostly(depth === 1 && r.chance(0.5) ? r.pick([count], []) : [count, depth], [1, count, depth]);
    const type = number(r);
    const values = r.mostly(r.pick([indices.length === 0 ? 1 : count], []), [count + 1], [count, 1]);
    return trimmed(
      r,
      T(indices, ints(r), 1),
      T(values, type),
      r.mostly<Arg>(shape, [-1], undefined),
      r.mostly<Arg>(r.pick<Arg>(undefined, 1), T([], r.pick('int32', 'float32'))),
    );
  },
  unsortedSegmentSum: (r) => {
    const shape = r.shape(r.int(1, 3));
    return [
      T(shape, number(r)),
      T(r.mostly(shape.slice(0, 1), partner(r, shape), []), ints(r)),
      r.mostly<Arg>(r.int(1, 4), 1.5, undefined, 0),
    ];
  },
  topk: (r) => {
    const shape = r.shape(r.mostly(r.int(1, 4), 0));
    return trimmed(
      r,
      T(shape, number(r)),
      r.mostly<Arg>(r.pick<Arg>(undefined, r.int(1, shape[shape.length - 1] ?? 1)), 9, -1, 0),
      maybe(r, false),
    );
  },
  unique: (r) => {
    const shape = r.shape(r.mostly(r.int(1, 3), 0));
    return trimmed(r, T(shape, number(r)), r.pick<Arg>(undefined, axis(r, shape.length)));
  },
  bincount: (r) => bins(r).slice(0, 3),
  denseBincount: bins,
  searchSorted: search,
  lowerBound: (r) => search(r).slice(0, 2),
  upperBound: (r) => search(r).slice(0, 2),
  booleanMaskAsync: (r) => {
    const shape = r.shape(r.int(1, 4));
    const at = r.int(0, shape.length - 1);
    const mask = shape.slice(at, r.int(at + 1, shape.length));
    return trimmed(
      r,
      T(shape, r.mostly('float32', 'int32')),
      T(r.mostly(mask, partner(r, mask), []), r.mostly('bool', 'int32')),
      at === 0 && r.chance(0.5) ? undefined : at,
    );
  },
  setdiff1dAsync: (r) => {
    const type = r.pick('float32', 'int32');
    return [T(r.shape(r.mostly(1, 2, 0)), type), T(r.shape(r.mostly(1, 2)), r.mostly(type, 'bool'))];
  },
  inTopKAsync: (r) => {
    const shape = r.shape(r.mostly(r.int(2, 3), 1));
    return trimmed(
      r,
      T(shape),
      T(r.mostly(shape.slice(0, -1), partner(r, shape.slice(0, -1)), shape), 'int32'),
      r.mostly<Arg>(r.pick<Arg>(undefined, 1), 0, 9),
    );
  },
  raggedRange: (r) => {
    const n = r.int(1, 3);
    const part = (v: number): Arg =>
      r.mostly<Arg>(
        r.pick<Arg>(T([n], 'int32', new Array(n).fill(v)), T([], 'int32', [v])),
        T([n + 1], 'int32', new Array(n + 1).fill(v)),
        T([n, 1], 'int32', new Array(n).fill(v)),
        v,
      );
    return [part(0), part(5), part(2)];
  },
  raggedGather: (r) => [
    [T([4], 'int32', [0, 1, 3, 4])],
    T(r.pick([4], [4, 2])),
    T(r.shape(r.int(0, 2)), 'int32', 2),
    r.int(1, 2),
  ],
  raggedTensorToTensor: (r) => [
    r.pick<Arg>([4, 4], [4, 2], [-1, -1]),
    T([9]),
    r.pick<Arg>(0, 1.5),
    [T([], 'int32', [4]), T([9], 'int32', [0, 0, 0, 2, 2, 2, 2, 3, 3])],
    ['FIRST_DIM_SIZE', 'VALUE_ROWIDS'],
  ],
  batchToSpaceND: (r) => {
    const block = r.shape(r.int(1, 2), 3);
    const product = block.reduce((a, b) => a * b, 1);
    const x = [
      r.mostly(product * r.int(1, 2), product + 1),
      ...r.shape(r.mostly(block.length, block.length + 1, block.length - 1)),
    ];
    const crops = block.map(() => [r.int(0, 1), r.mostly(0, 1, 5)]);
    return [T(x, number(r)), r.mostly<Arg>(block, 2), r.mostly<Arg>(crops, [...crops, [0, 0]], undefined)];
  },
  spaceToBatchND: (r) => {
    const block = r.shape(r.int(1, 2), 3);
    const pads = block.map(() => [r.int(0, 1), r.int(0, 1)]);
    const x = [
      r.int(1, 2),
      ...block.map((b, i) => Math.max(1, b * r.int(1, 3) - (pads[i]?.[0] ?? 0) - (pads[i]?.[1] ?? 0)) + r.mostly(0, 1)),
      ...r.shape(r.int(0, 1)),
    ];
    return [
      T(r.mostly(x, x.slice(0, -2)), number(r)),
      r.mostly<Arg>(block, 2),
      r.mostly<Arg>(pads, [...pads, [0, 0]], undefined),
    ];
  },
  depthToSpace: (r) => {
    const block = r.int(2, 3);
    const c = r.mostly(block * block * r.int(1, 2), block * block + 1);
    return trimmed(
      r,
      T(r.mostly([r.int(1, 2), r.int(1, 3), r.int(1, 3), c], [2, 2, c]), r.mostly('float32', 'int32')),
      r.mostly<Arg>(block, 1, undefined),
      r.pick<Arg>(undefined, 'NHWC'),
    );
  },
  stridedSlice: (r) => {
    const shape = r.shape(r.int(1, 4), 5);
    const n = r.mostly(r.int(1, shape.length), shape.length + 1);
    const each = (f: () => number): number[] => Array.from({ length: n }, f);
    const strides = each(() => r.mostly(r.pick(1, 1, 2, -1), 0));
    const mask = (): Arg => r.mostly<Arg>(undefined, r.int(0, 2 ** n - 1));
    const ellipsis = r.mostly<Arg>(undefined, 2 ** r.int(0, n - 1), 3);
    const begin = each(() => r.int(-3, 4));
    return trimmed(
      r,
      T(shape, dtype(r)),
      begin,
      each(() => r.int(-3, 5)),
      r.chance(0.8) ? strides : undefined,
      mask(),
      mask(),
      ellipsis,
      mask(),
      mask(),
    );
  },
  einsum: (r) => {
    const [i, j, k, b] = [r.int(1, 4), r.int(1, 4), r.int(1, 4), r.int(1, 3)];
    const wrong = r.chance(0.1) ? 1 : 0;
    return r.mostly<readonly Arg[]>(
      r.pick<readonly Arg[]>(
        ['ij,jk->ik', T([i, j]), T([j + wrong, k])],
        ['bij,bjk->bik', T([b, i, j]), T([b, j + wrong, k])],
        ['ij->ji', T([i, j])],
        ['ij->i', T([i, j])],
        ['i,j->ij', T([i]), T([j])],
        ['ij,ij->', T([i, j]), T([i + wrong, j])],
        ['bqhd,bkhd->bhqk', T([b, i, 2, 3]), T([b, j, 2, 3 + wrong])],
      ),
      ['ij,jk', T([i, j]), T([j, k])],
      ['ij,jk->iz', T([i, j]), T([j, k])],
      ['ii->i', T([i, i])],
      ['ij,jk->ik', T([i, j])],
      ['...j->j', T([i, j])],
      ['i,i,i->i', T([i]), T([i]), T([i])],
    );
  },
  basicLSTMCell: (r) => {
    const [b, f, u] = [r.int(1, 3), r.int(1, 3), r.int(1, 3)];
    return [
      T([], 'float32'),
      T([r.mostly(f + u, f + u + 1), r.mostly(4 * u, 4 * u + 1)]),
      T([4 * u]),
      T([b, f]),
      T([b, u]),
      T([r.mostly(b, b + 1), u]),
    ];
  },
  'linalg.bandPart': (r) => {
    const shape = r.shape(r.mostly(r.int(2, 4), 1));
    return [T(shape, number(r)), r.mostly(r.int(-1, 1), 9, 0.5), r.mostly(r.int(-1, 1), 9, 1.5)];
  },
  'linalg.gramSchmidt': (r) => {
    const [n, d] = [r.int(1, 3), r.int(3, 4)];
    const list = Array.from({ length: r.mostly(n, 0, 5) }, () => T([r.mostly(d, d + 1)]));
    return [r.pick<Arg>(T(r.mostly([n, d], [d + 1, d])), list)];
  },
  'linalg.qr': (r) => {
    const [m, n] = [r.int(1, 4), r.int(1, 4)];
    return trimmed(r, T(r.mostly(r.pick([m, n], [2, m, m]), [3], [2, m, n])), r.pick<Arg>(undefined, true, false));
  },
  'sparse.sparseFillEmptyRows': (r) => [
    T(r.mostly([3, 2], [3]), ints(r), [0, 0, 1, 0, 3, 1]),
    T(r.mostly([3], [3, 1]), number(r)),
    T(r.mostly([2], [1, 2]), 'int32', [5, 6]),
    r.mostly<Arg>(0, T([1])),
  ],
  'sparse.sparseReshape': (r) => [
    T(r.mostly([2, 3], [6]), ints(r), 1),
    T(r.mostly([3], [1, 3]), 'int32', [2, 3, 4]),
    T(r.mostly([2], [2, 1]), 'int32', r.pick([4, 6], [24, 1], [-1, 8])),
  ],
  ...Object.fromEntries(
    ['sparse.sparseSegmentMean', 'sparse.sparseSegmentSum'].map((name) => [
      name,
      (r: Random) => {
        const n = r.int(1, 3);
        const ids = Array.from({ length: n }, (_, i) => i);
        return [
          T(r.mostly([4, ...r.shape(r.int(0, 2))], [])),
          T(r.mostly([n], [n, 1], [n + 1]), ints(r), 2),
          T(r.mostly([n], []), 'int32', ids),
        ];
      },
    ]),
  ),
  'string.stringNGrams': (r) => [
    r.mostly<Arg>(T([4], 'string'), T([2, 2], 'string'), T([4])),
    T([3], r.mostly('int32', 'float32'), [0, 2, 4]),
    '|',
    [1, 2],
    'L',
    'R',
    r.int(-1, 1),
    r.chance(0.5),
  ],
  'string.stringSplit': (r) =>
    trimmed(
      r,
      r.mostly<Arg>(T(r.shape(1), 'string'), T([2, 2], 'string'), T([2]), ['a b', 'c']),
      r.mostly<Arg>(' ', [' '], 3),
      maybe(r, false),
    ),
  'string.stringToHashBucketFast': (r) => [
    r.mostly<Arg>(T(anyShape(r), 'string'), T([2]), 'w'),
    r.mostly(r.int(1, 9), 0, -1),
  ],
  'string.staticRegexReplace': (r) =>
    trimmed(r, r.mostly<Arg>(T(anyShape(r), 'string'), T([2]), nested([2], 'w')), 'w', 'v', maybe(r, false)),
};
