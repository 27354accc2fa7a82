import { isDefinite, same } from '../../../shapes/dim';
import { type Axis, axis, axisIndex, broadcast, isMismatch, type Shape, showShape } from '../../../shapes/shape';
import type { Options } from '../../options';
import { refuse } from '../../refused';
import { at, row } from './row';

type Pair = readonly [readonly Axis[], readonly Axis[]];

const showPair = (pair: Pair): string => pair.map(showShape).join(' and ');

/** Both inputs, undefined where a rank is not known; refuses any other number of them, and ranks above 3. */
function pairOf(inputs: readonly Shape[]): Pair | undefined {
  if (inputs.length !== 2)
    refuse('argument-count', `dot takes a list of exactly 2 tensors but got ${inputs.length}`, {
      original: 'A `Dot` layer should be called on a list of exactly 2 inputs.',
    });
  const deep = inputs.find((s) => s !== null && s.length > 3);
  if (deep !== undefined)
    refuse('rank', `dot takes tensors of rank 2 or 3 but got ${showShape(deep)}`, {
      original: 'Dot layer does not support tensors of 4D or higher rank yet.',
    });
  const [x, y] = inputs;
  return x == null || y == null ? undefined : [x, y];
}

/**
 * The axis of each input that is summed over; undefined where not known.
 * @param counted whether a list, too, is counted from the end: with real tensors it is, symbolically it is not
 */
function axesOf(options: Options, [x, y]: Pair, counted: boolean): readonly [number, number] | undefined {
  const one = options.number('axes');
  const [a, b] = one === undefined ? (options.sizes('axes') ?? []) : [one, one];
  if (typeof a !== 'number' || typeof b !== 'number' || x.length === 0 || y.length === 0) return undefined;
  const fromEnd = (i: number, rank: number): number =>
    i < 0 && (one !== undefined || counted) ? ((i % rank) + rank) % rank : i;
  return [fromEnd(a, x.length), fromEnd(b, y.length)];
}

function refuseInner(axes: readonly number[], pair: Pair, when: 'call' | 'run'): never {
  refuse('inner-dims', `dot along axes ${axes.join(' and ')} of ${showPair(pair)}: the sizes differ`, {
    when,
    argument: 'axes',
    original: when === 'call' ? 'Dimension incompatibility:' : 'must match',
  });
}

/** The shape of tfjs's `batchDot` on real tensors; refuses what its ops refuse. Null where it is not known. */
function batchDot(pair: Pair, axes: readonly [number, number]): Shape {
  const short = pair.find((s) => s.length < 2);
  if (short !== undefined)
    refuse('rank', `dot takes tensors of rank 2 or 3 but got ${showShape(short)}`, {
      when: 'run',
      original: 'batchDot requires the rank of',
    });
  const [a, b] = axes;
  const [x, y] = pair;
  const rank = Math.max(x.length, y.length);
  const padded = (s: readonly Axis[]): readonly Axis[] => [
    ...s,
    ...Array.from({ length: rank - s.length }, () => axis(1)),
  ];
  const [left, right] = [padded(x), padded(y)];
  if (rank === 2) return columnDot(a === b ? left : left.toReversed(), right, a === b ? a : b, pair);
  const [rows, inner] = a === rank - 1 ? [at(left, 1), at(left, 2)] : [at(left, 2), at(left, 1)];
  const [columns, other] = b === rank - 1 ? [at(right, 1), at(right, 2)] : [at(right, 2), at(right, 1)];
  if (same(inner.dim, other.dim) === false) refuseInner(axes, pair, 'run');
  const batch = broadcast(left.slice(0, 1), right.slice(0, 1));
  if (isMismatch(batch)) return refuseBroadcast(pair);
  if (batch === null) return null;
  // The axes of 1 that made the ranks equal go again, by tfjs's own count.
  const product = [...batch, rows, columns];
  const missing = rank - Math.min(x.length, y.length);
  const gone = x.length > y.length ? x.length + y.length - 3 : x.length - 1;
  return column(missing > 0 ? squeezed(product, gone, missing, pair) : product);
}

/** The sum over one axis of the product of two matrices. */
function columnDot(x: readonly Axis[], y: readonly Axis[], over: number, pair: Pair): Shape {
  if (axisIndex(over, 2) === undefined)
    refuse('axis-range', `dot has no axis ${over} in ${showPair(pair)}`, {
      when: 'run',
      argument: 'axes',
      original: 'All values in axis param must be in range',
    });
  const product = broadcast(x, y);
  if (isMismatch(product)) return refuseBroadcast(pair);
  return product === null ? null : column(product.filter((_, i) => i !== over));
}

const column = (axes: readonly Axis[]): readonly Axis[] => (axes.length === 1 ? [...axes, axis(1)] : axes);

function squeezed(axes: readonly Axis[], from: number, count: number, pair: Pair): readonly Axis[] {
  const wide = axes.slice(from, from + count).find((a) => same(a.dim, 1) === false);
  if (wide !== undefined) refuseBroadcast(pair);
  return axes.toSpliced(from, count);
}

function refuseBroadcast(pair: Pair): never {
  refuse('broadcast', `dot cannot multiply ${showPair(pair)} along these axes`, { when: 'run', argument: 'axes' });
}

export const dot = row({
  type: 'dot',
  className: 'Dot',
  needsOptions: true,
  options: ['axes', 'normalize'],
  many: true,
  accept(options, inputs) {
    const pair = pairOf(inputs);
    const axes = pair && axesOf(options, pair, false);
    if (pair === undefined || axes === undefined) return;
    const [a, b] = [pair[0][axes[0]]?.dim, pair[1][axes[1]]?.dim];
    const clash =
      a === undefined || b === undefined
        ? a !== b
        : (a === null && isDefinite(b)) || (b === null && isDefinite(a)) || same(a, b) === false;
    if (clash) refuseInner(axes, pair, 'call');
  },
  output(options, inputs, symbolic) {
    const pair = pairOf(inputs);
    const axes = pair && axesOf(options, pair, !symbolic);
    if (pair === undefined || axes === undefined) return null;
    if (!symbolic) return batchDot(pair, axes);
    const [x, y] = pair;
    return column([...x.toSpliced(axes[0], 1), ...y.toSpliced(axes[1], 1).slice(1)]);
  },
  run(options, inputs) {
    const pair = pairOf(inputs);
    const axes = pair && axesOf(options, pair, true);
    if (pair !== undefined && axes !== undefined) batchDot(pair, axes);
  },
});
