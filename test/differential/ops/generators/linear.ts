import { type Arg, T } from '../arguments';
import type { Random } from '../random';
import { axes, type Generators, maybe, number, partner, tensorLike, trimmed } from './common';

export function matrices(r: Random) {
  const [m, k, n] = [r.int(1, 4), r.int(1, 4), r.int(1, 4)];
  const [ta, tb] = [r.chance(0.3), r.chance(0.3)];
  const batch = r.shape(r.int(0, 2));
  const inner = r.mostly(k, k + 1);
  const a = [...batch, ...(ta ? [k, m] : [m, k])];
  const b = [...(r.chance(0.5) ? partner(r, batch) : batch), ...(tb ? [n, inner] : [inner, n])];
  return { a: r.mostly(a, [k]), b: r.mostly(b, [inner]), ta, tb, out: [...batch, m, n] };
}

const batchNorm = (rank: number | undefined) => (r: Random) => {
  const shape = r.shape(rank === undefined ? r.int(0, 4) : r.mostly(rank, rank + 1));
  const channels = r.chance(0.7) ? shape.slice(-1) : shape;
  const param = (): Arg => T(r.chance(0.94) ? channels : r.shape(r.int(0, 2)));
  return trimmed(r, T(shape), param(), param(), maybe(r, param()), maybe(r, param()), maybe(r, 0.01));
};

export const linear: Generators = {
  moments: (r) => {
    const shape = r.shape(r.int(0, 4));
    return trimmed(r, tensorLike(r, shape), axes(r, shape.length), maybe(r, r.chance(0.5)));
  },
  batchNorm: batchNorm(undefined),
  batchNorm2d: batchNorm(2),
  batchNorm3d: batchNorm(3),
  batchNorm4d: batchNorm(4),
  localResponseNormalization: (r) =>
    trimmed(r, T(r.shape(r.mostly(r.int(3, 4), 2, 5))), r.mostly<Arg>(r.pick<Arg>(undefined, 2), 1.5), maybe(r, 1)),
  matMul: (r) => {
    const { a, b, ta, tb } = matrices(r);
    return trimmed(r, T(a, number(r)), T(b, number(r)), ta || undefined, tb || undefined);
  },
  dot: (r) => {
    const k = r.int(1, 4);
    const j = r.mostly(k, k + 1);
    return [
      T(r.mostly(r.pick([k], [3, k]), [2, 2, k], []), number(r)),
      T(r.mostly(r.pick([j], [j, 2]), [j, 2, 2]), number(r)),
    ];
  },
  outerProduct: (r) => [T(r.shape(r.mostly(1, 2, 0)), number(r)), T(r.shape(r.mostly(1, 2)), number(r))],
  diag: (r) => [T(r.shape(r.int(0, 3), 3), number(r))],
  'math.confusionMatrix': (r) => {
    const n = r.int(1, 5);
    return [
      T(r.mostly([n], [n, 1]), r.pick('int32', 'float32'), 3),
      T(r.mostly([n], [n + 1]), 'int32', 3),
      r.mostly<Arg>(r.int(2, 4), 1, 0, undefined),
    ];
  },
};
