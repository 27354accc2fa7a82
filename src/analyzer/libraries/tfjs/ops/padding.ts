import { certainlyLess } from '../../../shapes/bounds';
import { add, type Dim, showDim, sub } from '../../../shapes/dim';
import { resized, type Shape, showShape } from '../../../shapes/shape';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import type { Plain, PlainTensor } from '../../plain';
import { rankOf, someAxisChanged } from './axes';
import { isAbsent, isList, operand, sizeIn } from './operands';
import { METHOD, no, row } from './row';

type Pair = readonly [before: Dim, after: Dim];

/** Paddings as pairs; undefined where they are not known. */
export function pairsOf(raw: Plain): readonly Pair[] | undefined {
  if (!isList(raw)) return undefined;
  return raw.map((p): Pair => (isList(p) ? [sizeIn(p[0]), sizeIn(p[1])] : ['?', '?']));
}

function padded(x: PlainTensor, pairs: readonly Pair[] | undefined): Shape {
  if (pairs === undefined) return someAxisChanged(x.shape);
  if (x.shape === null) return null;
  const result = x.shape.map((a, i) => {
    const [before, after] = pairs[i] ?? ['?', '?'];
    return resized(a, add(a.dim, add(before, after)));
  });
  const bad = result.find((a) => typeof a.dim === 'number' && a.dim < 0);
  if (bad !== undefined) no('slice-range', `padding leaves a size of ${showDim(bad.dim)}`, undefined, 'paddings');
  return result;
}

function pad(call: OpCall) {
  const x = operand(call, 'pad', 'x');
  const rank = rankOf(x);
  if (rank === 0) no('rank', 'a scalar cannot be padded', 'pad(scalar) is not defined. Pass non-scalar to pad', 'x');
  const raw = call.get('paddings');
  if (isAbsent(raw) || typeof raw === 'number')
    no('option', 'pad takes a list of pairs, one an axis', undefined, 'paddings');
  const pairs = pairsOf(raw);
  if (rank !== undefined && pairs !== undefined && pairs.length > rank)
    no('option', `pad of a tensor of rank ${rank} was given ${pairs.length} pairs`, undefined, 'paddings');
  // With fewer pairs than axes the cpu backend drops axes, others fail.
  if (rank !== undefined && pairs !== undefined && pairs.length < rank) return tensor(null, x.dtype);
  return tensor(padded(x, pairs), x.dtype);
}

/** pad1d takes one pair, pad2d to pad4d a pair for each axis. */
function padOfRank(rank: number): OpSpec {
  const name = `pad${rank}d`;
  const original = `Invalid number of paddings. Must be length of 2${rank === 1 ? '.' : ' each.'}`;
  return row(name, 'x paddings constantValue', (call) => {
    const raw = call.get('paddings');
    if (isAbsent(raw)) no('option', `${name} needs paddings`, undefined, 'paddings');
    const wrong =
      isList(raw) &&
      (raw.length !== (rank === 1 ? 2 : rank) || (rank > 1 && raw.some((p) => isList(p) && p.length !== 2)));
    if (wrong) no('option', `${name} takes ${rank === 1 ? 'one pair' : `${rank} pairs`}`, original, 'paddings');
    const x = operand(call, 'pad', 'x');
    const own = rankOf(x);
    if (own === 0) no('rank', 'a scalar cannot be padded', 'pad(scalar) is not defined. Pass non-scalar to pad', 'x');
    if (own !== undefined && own < rank && isList(raw))
      no('rank', `${name} wants a tensor of rank ${rank}, not ${own}`, undefined, 'x');
    if (own !== rank) return tensor(null, x.dtype);
    return tensor(padded(x, pairsOf(rank === 1 ? [raw] : raw)), x.dtype);
  });
}

function mirrorPad(call: OpCall) {
  const mode = call.get('mode');
  if (mode === undefined || (typeof mode === 'string' && mode !== 'reflect' && mode !== 'symmetric'))
    no(
      'option',
      `mirrorPad's mode is reflect or symmetric, not ${mode}`,
      `Invalid mode. Mode must be either reflect or symmetric. Got ${mode}.`,
      'mode',
    );
  const x = operand(call, 'mirrorPad', 'x');
  const rank = rankOf(x);
  if (rank === 0)
    no('rank', 'a scalar cannot be padded', 'mirrorPad(scalar) is not defined. Pass non-scalar to mirrorPad', 'x');
  const raw = call.get('paddings');
  if (isAbsent(raw)) no('option', 'mirrorPad needs paddings', undefined, 'paddings');
  const pairs = pairsOf(raw);
  if (rank !== undefined && pairs !== undefined && pairs.length !== rank)
    no(
      'option',
      `mirrorPad of a tensor of rank ${rank} takes ${rank} pairs, not ${pairs.length}`,
      `Padding doesn't match input. Must be ${rank}. Got ${pairs.length}.`,
      'paddings',
    );
  const offset = mode === 'reflect' ? 1 : mode === 'symmetric' ? 0 : undefined;
  for (const [i, a] of (x.shape ?? []).entries()) {
    const most = offset === undefined ? a.dim : sub(a.dim, offset);
    const bad = (pairs?.[i] ?? []).find((p) => certainlyLess(most, p) || (typeof p === 'number' && p < 0));
    if (bad !== undefined)
      no(
        'slice-range',
        `mirrorPad by ${showDim(bad)} on axis ${i} of ${showShape(x.shape)}: at most ${showDim(most)}`,
        `Padding in dimension ${i} cannot be greater than or equal to`,
        'paddings',
      );
  }
  return tensor(padded(x, pairs), x.dtype);
}

export const paddingOps: readonly OpSpec[] = [
  row('pad', 'x paddings constantValue', pad, METHOD),
  ...[1, 2, 3, 4].map(padOfRank),
  row('mirrorPad', 'x paddings mode', mirrorPad, METHOD),
];
