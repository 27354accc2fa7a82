import { certainlyDiffer, certainlyLess } from '../../../shapes/bounds';
import { add, type Dim, div, isDefinite, isPoly, mod, mul, showDim, sub } from '../../../shapes/dim';
import {
  type Axis,
  axis,
  axisIndex,
  resized,
  type Shape,
  sameShape,
  showShape,
  unknownOfRank,
} from '../../../shapes/shape';
import type { OpCall, OpResult, OpSpec } from '../../opSpec';
import { type OpTensor, tensor } from '../../opSpec';
import { isTensor, isUnknown, type Plain, type PlainTensor } from '../../plain';
import { checkRank, parseAxes, plainShape, rankOf, someAxisChanged } from './axes';
import { convert, isAbsent, isList, operand, operands, type ParseAs, sizeIn, sizesOf } from './operands';
import { METHOD, METHOD_ONLY, no, row } from './row';
import { insertAxis } from './transformation';

// ---------------------------------------------------------------- slice

/** A begin or size argument filled up to the rank; undefined where its length is not known. */
function filled(raw: Plain, rank: number, fill: number): readonly Dim[] | undefined {
  const rest = (n: number) => new Array<Dim>(Math.max(0, n)).fill(fill);
  if (isList(raw)) {
    const list = raw.map(sizeIn);
    return [...list, ...rest(rank - list.length)];
  }
  if (typeof raw === 'number' || isPoly(raw)) return [raw, ...rest(rank - 1)];
  return undefined;
}

/** The shape of `slice`; `-1` as a size takes the rest. */
export function sliced(x: PlainTensor, begin: Plain, size: Plain): Shape {
  const rank = rankOf(x);
  if (rank === 0) return no('rank', 'a scalar has nothing to slice', 'Slicing scalar is not possible', 'x');
  if (isAbsent(begin)) return no('option', 'slice needs a place to begin', undefined, 'begin');
  if (rank === undefined || x.shape === null) return null;
  const from = filled(begin, rank, 0) ?? unknownSizes(rank);
  const sizes = isAbsent(size) ? new Array<Dim>(rank).fill(-1) : (filled(size, rank, -1) ?? unknownSizes(rank));
  if (from.includes(-1))
    no(
      'slice-range',
      'slice cannot begin at -1: count from the start',
      'slice() does not support negative begin indexing.',
      'begin',
    );
  for (const [i, n] of sizes.entries()) {
    if (typeof n === 'number' && n < 0 && n !== -1)
      no(
        'slice-range',
        `slice cannot take ${n} elements`,
        `Negative size values should be exactly -1 but got ${n} for the slice() size at index ${i}.`,
        'size',
      );
  }
  checkLengths(rank, from, sizes);
  return x.shape.map((a, i) => sliceAxis(x, a, i, from[i] ?? '?', sizes[i] ?? '?'));
}

const unknownSizes = (rank: number): readonly Dim[] => new Array<Dim>(rank).fill('?');

function checkLengths(rank: number, begin: readonly Dim[], size: readonly Dim[]): void {
  for (const [what, list] of [
    ['begin', begin],
    ['size', size],
  ] as const) {
    if (list.length !== rank)
      no(
        'slice-range',
        `slice of a tensor of rank ${rank} was given ${list.length} values for ${what}`,
        `Error in slice${rank}D: Length of ${what} `,
        what,
      );
  }
}

function sliceAxis(x: PlainTensor, a: Axis, i: number, begin: Dim, size: Dim): Axis {
  const wanted = size === -1 ? sub(a.dim, begin) : size;
  const end = add(begin, wanted);
  const tooFar = isDefinite(end) && isDefinite(a.dim) && certainlyLess(a.dim, end);
  const negative = typeof wanted === 'number' && wanted < 0;
  if (tooFar || negative) {
    const rank = rankOf(x);
    no(
      'slice-range',
      `slice from ${showDim(begin)} of ${showDim(wanted)} elements overruns axis ${i} of ${showShape(x.shape)}`,
      tooFar ? `Error in slice${rank}D: begin[${i}] + size[${i}] (${showDim(end)}) would overflow` : undefined,
      'size',
    );
  }
  if (typeof begin === 'number' && begin < 0) return axis('?', a.role);
  return begin === 0 && size === -1 ? a : resized(a, wanted ?? '?');
}

function sliceOfRank(rank: number): OpSpec {
  const name = `slice${rank}d`;
  return row(name, 'x begin size', (call) => {
    const x = operand(call, name, 'x');
    checkRank(x, [rank], name, `${name} expects a rank-${rank} tensor, but got a rank-$ tensor`);
    const [begin, size] = [call.get('begin'), call.get('size')];
    // slice1d wraps both in lists, undefined too.
    if (rank === 1 && (isAbsent(size) || isAbsent(begin))) return tensor(unknownOfRank(1), x.dtype);
    return tensor(rank === 1 ? sliced(x, [begin], [size]) : sliced(x, begin, size), x.dtype);
  });
}

// ---------------------------------------------------------------- joining

/** The shape of `concat` along the axis. */
function joined(list: readonly PlainTensor[], raw: Plain): Shape {
  const [first] = list;
  if (first === undefined)
    return no('concat', 'concat needs at least one tensor', 'Pass at least one tensor to concat', 'tensors');
  if (list.length === 1) return first.shape;
  const rank = rankOf(first);
  if (rank === undefined) return unknownRankOf(list);
  const axes = parseAxes(raw === undefined ? 0 : raw, rank);
  checkRanks(list, rank);
  const at = axes?.[0];
  if (axes !== undefined && at === undefined) return null;
  checkAcross(list, at, rank);
  if (at === undefined) return someAxisChanged(first.shape);
  return (first.shape ?? []).map((a, i) => (i === at ? along(list, a, i) : across(list, a, i)));
}

function unknownRankOf(list: readonly PlainTensor[]): Shape {
  const known = list.find((t) => t.shape !== null);
  return known === undefined ? null : someAxisChanged(known.shape);
}

function checkRanks(list: readonly PlainTensor[], rank: number): void {
  const other = list.findIndex((t) => t.shape !== null && t.shape.length !== rank);
  if (other < 0) return;
  no(
    'concat',
    `concat wants tensors of one rank: ${showShape(list[0]?.shape ?? null)} and ${showShape(list[other]?.shape ?? null)}`,
    `Error in concat${rank}D: rank of tensors[${other}] must be the same as the rank of the rest (${rank})`,
    'tensors',
  );
}

function along(list: readonly PlainTensor[], a: Axis, i: number): Axis {
  const sum = list.map((t) => t.shape?.[i]?.dim ?? '?').reduce<Dim>(add, 0);
  return resized(a, sum);
}

/** Off the axis, every tensor has the sizes of the first. */
function checkAcross(list: readonly PlainTensor[], at: number | undefined, rank: number): void {
  const first = list[0]?.shape ?? null;
  if (at === undefined) return;
  for (const [k, t] of list.entries()) {
    const i = t.shape?.findIndex((a, n) => n !== at && certainlyDiffer(a.dim, first?.[n]?.dim ?? '?')) ?? -1;
    if (i < 0) continue;
    const own = plainShape(t.shape);
    no(
      'concat',
      `axis ${i} must match: ${showShape(first)} and ${showShape(t.shape)}`,
      `Error in concat${rank}D: Shape of tensors[${own === undefined ? '' : `${k}] (${own}) does not match`}`,
      'tensors',
    );
  }
}

/** The best known of the sizes of an axis, which are all one. */
function across(list: readonly PlainTensor[], a: Axis, i: number): Axis {
  const known = list.map((t) => t.shape?.[i]).filter((b) => b !== undefined && isDefinite(b.dim));
  const [best] = known;
  if (known.some((b) => b !== undefined && best !== undefined && certainlyDiffer(b.dim, best.dim)))
    no(
      'concat',
      `axis ${i} must match: ${list.map((t) => showShape(t.shape)).join(' and ')}`,
      'Error in concat',
      'tensors',
    );
  return isDefinite(a.dim) || best === undefined ? a : axis(best.dim, a.role ?? best.role);
}

function concat(call: OpCall, tensors: Plain, raw: Plain): OpResult {
  if (isAbsent(tensors)) return no('argument-count', 'concat takes a list of tensors', undefined, 'tensors');
  if (isTensor(tensors))
    return no(
      'argument-count',
      'concat takes a list of tensors, not one tensor',
      'Pass at least one tensor to concat',
      'tensors',
    );
  const list = listOf(call, 'concat', tensors);
  return list === undefined ? joinedMany(manyOf(call, tensors), raw) : tensor(joined(list, raw), list[0]?.dtype);
}

/** What each of the tensors of a list is like of which not even the length is known as a number. */
function manyOf(call: OpCall, raw: Plain): { readonly length: Dim; readonly each: PlainTensor } | undefined {
  const many = raw === call.get('tensors') ? call.many('tensors') : undefined;
  return many !== undefined && isTensor(many.each) ? { length: many.length, each: many.each } : undefined;
}

function joinedMany(many: ReturnType<typeof manyOf>, raw: Plain): OpResult {
  const s = many?.each.shape;
  if (many === undefined || s === undefined || s === null) return tensor(null, many?.each.dtype);
  const at = raw === undefined ? 0 : typeof raw === 'number' ? axisIndex(raw, s.length) : undefined;
  if (at === undefined) return tensor(unknownOfRank(s.length), many.each.dtype);
  return tensor(
    s.map((a, i) => (i === at ? resized(a, mul(many.length, a.dim)) : a)),
    many.each.dtype,
  );
}

function listOf(call: OpCall, op: string, raw: Plain, as: ParseAs = 'string_or_numeric') {
  if (raw === call.get('tensors')) return operands(call, op, 'tensors', as);
  return isList(raw) ? raw.map((v, i) => convert(v, op, `tensors[${i}]`, as)) : undefined;
}

/** `x.concat(y)` and `x.concat([y, z])`; undefined where the list is not known. */
function withSelf(call: OpCall): Plain | undefined {
  const other = call.get('tensors');
  if (isUnknown(other)) return undefined;
  return [call.get('x'), ...(isList(other) ? other : [other])];
}

function stack(call: OpCall, tensors: Plain, raw: Plain): OpResult {
  const list = listOf(call, 'stack', tensors);
  if (list === undefined) {
    const many = manyOf(call, tensors);
    const each = many?.each.shape;
    const to = raw === undefined ? 0 : typeof raw === 'number' && each ? axisIndex(raw, each.length + 1) : undefined;
    if (many === undefined || !each) return tensor(null, many?.each.dtype);
    if (to === undefined) return tensor(unknownOfRank(each.length + 1), many.each.dtype);
    return tensor(insertAxis(each, to, axis(many.length)), many.each.dtype);
  }
  const [first] = list;
  if (first === undefined)
    return no('concat', 'stack needs at least one tensor', 'Pass at least one tensor to tf.stack', 'tensors');
  const rank = rankOf(first);
  const at = raw === undefined ? 0 : typeof raw === 'number' ? raw : undefined;
  if (rank !== undefined && at !== undefined && at > rank)
    no('axis-range', `stack on axis ${at} of tensors of rank ${rank}`, 'Axis must be <= rank of the tensor', 'axis');
  for (const t of list) {
    if (sameShape(first.shape, t.shape) === false)
      no(
        'concat',
        `stack wants equal shapes: ${showShape(first.shape)} and ${showShape(t.shape)}`,
        'All tensors passed to stack must have matching shapes',
        'tensors',
      );
    if (t.dtype !== undefined && first.dtype !== undefined && t.dtype !== first.dtype)
      no(
        'dtype',
        'stack wants tensors of one dtype',
        'All tensors passed to stack must have matching dtypes',
        'tensors',
      );
  }
  if (rank !== undefined && at !== undefined && at < -(rank + 1))
    no('axis-range', `stack on axis ${at} of tensors of rank ${rank}`, 'Axis must be in the interval [', 'axis');
  if (list.length > 1 && at !== undefined && !Number.isInteger(at))
    no(
      'axis-range',
      `stack on axis ${at}, which is no integer`,
      `All values in axis param must be integers but got axis ${at}`,
      'axis',
    );
  const s = bestShape(list);
  if (s === null) return tensor(null, first.dtype);
  if (at === undefined) return tensor(unknownOfRank(s.length + 1), first.dtype);
  return tensor(insertAxis(s, at < 0 ? s.length + 1 + at : at, axis(list.length)), first.dtype);
}

/** The shape that equal tensors have, from those of which more is known. */
function bestShape(list: readonly PlainTensor[]): Shape {
  const known = list.map((t) => t.shape).filter((s) => s !== null);
  return known[0]?.map((a, i) => known.map((s) => s[i]).find((b) => b !== undefined && isDefinite(b.dim)) ?? a) ?? null;
}

// ---------------------------------------------------------------- taking apart

function unstack(call: OpCall): OpResult {
  const x = operand(call, 'unstack', 'x', { as: 'string_or_numeric' });
  const raw = call.get('axis');
  const rank = rankOf(x);
  const at = raw === undefined ? 0 : typeof raw === 'number' ? raw : undefined;
  if (rank !== undefined && at !== undefined && !(at >= -rank && at < rank))
    no(
      'axis-range',
      `unstack along axis ${at} of a tensor of rank ${rank}`,
      `Axis = ${at} is not in [-${rank}, ${rank})`,
      'axis',
    );
  if (rank === 0) no('rank', 'a scalar has nothing to unstack', 'Axis = ', 'x');
  if (x.shape === null || at === undefined || !Number.isInteger(at)) {
    const each = tensor(x.shape === null || at !== undefined ? null : unknownOfRank(x.shape.length - 1), x.dtype);
    return { kind: 'list', tensors: [], each };
  }
  const i = at < 0 ? at + x.shape.length : at;
  const each = tensor(
    x.shape.filter((_, k) => k !== i),
    x.dtype,
  );
  return repeated(each, x.shape[i]?.dim);
}

/** As many results as the size says, or a list of unknown length. */
function repeated(each: OpTensor, count: Dim | undefined): OpResult {
  if (typeof count !== 'number' || count > MOST) return { kind: 'list', tensors: [], each };
  return { kind: 'list', tensors: new Array<OpTensor>(count).fill(each) };
}

/** Lists longer than this are kept as a list of unknown length. */
const MOST = 1024;

function split(call: OpCall): OpResult {
  const x = operand(call, 'split', 'x');
  const raw = call.get('numOrSizeSplits');
  const rank = rankOf(x);
  const rawAxis = call.get('axis');
  const axes = parseAxes(rawAxis === undefined ? 0 : rawAxis, rank);
  const at = axes?.[0];
  if (isAbsent(raw))
    return no('option', 'split needs the number of parts or their sizes', undefined, 'numOrSizeSplits');
  const whole = at === undefined ? undefined : x.shape?.[at];
  const part = (size: Dim): OpTensor =>
    tensor(
      whole === undefined || x.shape === null
        ? someAxisChanged(x.shape)
        : x.shape.map((a) => (a === whole ? resized(a, size) : a)),
      x.dtype,
    );
  if (isList(raw)) return splitBySizes(raw, whole?.dim ?? '?', part);
  if (typeof raw !== 'number') {
    return { kind: 'list', tensors: [], each: part(isPoly(raw) && whole !== undefined ? div(whole.dim, raw) : '?') };
  }
  const size = whole?.dim ?? '?';
  if (typeof size === 'number' && size % raw !== 0)
    no(
      'split-size',
      `${raw} parts do not divide a size of ${size}`,
      'Number of splits must evenly divide the axis.',
      'numOrSizeSplits',
    );
  if (raw < 0 || !Number.isInteger(raw))
    no('split-size', `split cannot make ${raw} parts`, undefined, 'numOrSizeSplits');
  return repeated(
    part(mod(size, raw) === 0 ? div(size, raw) : isPoly(size) ? div(size, raw) : size === null ? null : '?'),
    raw,
  );
}

function splitBySizes(raw: readonly Plain[], whole: Dim, part: (size: Dim) => OpTensor): OpResult {
  const sizes = sizesOf(raw) ?? [];
  const open = sizes.filter((s) => s === -1).length;
  if (open > 1)
    no(
      'split-size',
      'split can work out one size only',
      'There should be only one negative value in split array.',
      'numOrSizeSplits',
    );
  const given = sizes.filter((s) => s !== -1).reduce<Dim>(add, 0);
  if (open === 0 && (certainlyDiffer(given, whole) || sizes.length === 0)) {
    if (sizes.length === 0) return no('split-size', 'split needs at least one size', undefined, 'numOrSizeSplits');
    no(
      'split-size',
      `the sizes add up to ${showDim(given)}, the axis has ${showDim(whole)}`,
      'The sum of sizes must match the size of the axis dimension.',
      'numOrSizeSplits',
    );
  }
  if (sizes[0] === -1)
    no(
      'split-size',
      'split works out a -1 only after the first place: it counts the first size as it stands',
      'The sum of sizes must match the size of the axis dimension.',
      'numOrSizeSplits',
    );
  const left = sub(whole, given);
  if (open === 1 && typeof left === 'number' && left < 0)
    no(
      'split-size',
      `the sizes add up to ${showDim(given)}, more than the axis has: ${showDim(whole)}`,
      undefined,
      'numOrSizeSplits',
    );
  return { kind: 'list', tensors: sizes.map((s) => part(s === -1 ? left : s)) };
}

export const slicingOps: readonly OpSpec[] = [
  row(
    'slice',
    'x begin size',
    (call) => {
      const x = operand(call, 'slice', 'x', { as: 'string_or_numeric' });
      return tensor(sliced(x, call.get('begin'), call.get('size')), x.dtype);
    },
    METHOD,
  ),
  ...[1, 2, 3, 4].map(sliceOfRank),
  ...['concat', 'concat2d', 'concat3d', 'concat4d'].map((name) =>
    row(name, 'tensors axis', (call) => concat(call, call.get('tensors'), call.get('axis'))),
  ),
  row('concat1d', 'tensors', (call) => concat(call, call.get('tensors'), 0)),
  row(
    'concat',
    'x tensors axis',
    (call) => {
      const all = withSelf(call);
      return all === undefined ? tensor(null) : concat(call, all, call.get('axis'));
    },
    METHOD_ONLY,
  ),
  row('stack', 'tensors axis', (call) => stack(call, call.get('tensors'), call.get('axis'))),
  row(
    'stack',
    'x tensors axis',
    (call) => {
      const all = withSelf(call);
      return all === undefined ? tensor(null) : stack(call, all, call.get('axis'));
    },
    METHOD_ONLY,
  ),
  row('unstack', 'x axis', unstack, METHOD),
  row('split', 'x numOrSizeSplits axis', split, METHOD),
];
