import { certainlyDiffer } from '../../../shapes/bounds';
import { type Dim, isDefinite, mul, same, showDim } from '../../../shapes/dim';
import { type Axis, axis, resized, type Shape, showShape, sizeOf } from '../../../shapes/shape';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import { isTensor, isUnknown, type PlainTensor } from '../../plain';
import { checkRank, parseAxes, plainShape, rankOf, someAxisChanged } from './axes';
import { DTYPES, type Dtype } from './dtypes';
import { checkSizes, dtypeArgument, isAbsent, isList, operand, sizesOf } from './operands';
import { flattened, reshaped } from './reshaping';
import { METHOD, METHOD_ONLY, no, row } from './row';

/** A scalar stays a known number where it only changes its shape. */
const moved = (x: PlainTensor, s: Shape) => tensor(s, x.dtype, s?.length === 0 ? x.scalar : undefined);

function reshape(call: OpCall) {
  const x = operand(call, 'reshape', 'x', { as: 'string_or_numeric' });
  const raw = call.get('shape');
  if (isAbsent(raw)) return no('option', 'reshape needs a shape', undefined, 'shape');
  const sizes = sizesOf(raw);
  if (sizes === undefined) {
    if (typeof raw === 'number') return no('option', `reshape takes its sizes as a list: [${raw}]`, undefined, 'shape');
    return moved(x, null);
  }
  return moved(x, reshaped(x.shape, sizes));
}

/** `x.as2D(rows, columns)` and its kin. */
function asRank(rank: number): OpSpec {
  const names = ['rows', 'columns', 'depth', 'depth2', 'depth3'].slice(0, rank);
  return row(
    `as${rank}D`,
    ['x', ...names].join(' '),
    (call) => {
      const x = operand(call, 'reshape', 'x', { as: 'string_or_numeric' });
      return moved(
        x,
        reshaped(
          x.shape,
          names.map((n) => call.size(n)),
        ),
      );
    },
    METHOD_ONLY,
  );
}

function expandDims(call: OpCall) {
  const x = operand(call, 'expandDims', 'x', { as: 'string_or_numeric' });
  const raw = call.get('axis');
  const rank = rankOf(x);
  if (rank === undefined) return moved(x, null);
  const at = raw === undefined ? 0 : raw;
  if (typeof at !== 'number')
    return moved(x, isUnknown(at) || x.shape === null ? someAxisChanged([...(x.shape ?? []), axis(1)]) : null);
  if (at > rank || at < -(rank + 1))
    no(
      'axis-range',
      `expandDims on axis ${at} of a tensor of rank ${rank}: use ${-rank - 1} to ${rank}`,
      at > rank ? 'Axis must be <= rank of the tensor' : `Axis must be in the interval [${-(rank + 1)}, ${rank}]`,
      'axis',
    );
  return moved(x, insertAxis(x.shape ?? [], at < 0 ? rank + at + 1 : at, axis(1)));
}

export function insertAxis(s: readonly Axis[], at: number, a: Axis): readonly Axis[] {
  return [...s.slice(0, at), a, ...s.slice(at)];
}

function squeeze(call: OpCall) {
  const x = operand(call, 'squeeze', 'x', { as: 'string_or_numeric' });
  const raw = call.get('axis');
  if (x.shape === null) return moved(x, null);
  const all = isAbsent(raw) || (isList(raw) && raw.length === 0);
  const axes = all ? undefined : parseAxes(raw, x.shape.length);
  if (!all && axes === undefined) return moved(x, isList(raw) && x.shape.length === 0 ? [] : null);
  if (axes === undefined) {
    // Any size that is not known may be 1.
    if (x.shape.some((a) => !isDefinite(a.dim) || (a.dim !== 1 && same(a.dim, 1) === undefined))) return moved(x, null);
    return moved(
      x,
      x.shape.filter((a) => a.dim !== 1),
    );
  }
  for (const i of axes) {
    const a = x.shape[i];
    if (a !== undefined && certainlyDiffer(a.dim, 1))
      no(
        'axis-range',
        `squeeze drops axes of size 1, but axis ${i} of ${showShape(x.shape)} has ${showDim(a.dim)}`,
        typeof a.dim === 'number' && axes.length === 1
          ? `Can't squeeze axis ${i} since its dim '${a.dim}' is not 1`
          : "Can't squeeze axis ",
        'axis',
        'Only axes of size 1 can be dropped. To take one index of a longer axis use slice or gather, to merge axes reshape.',
      );
  }
  return moved(x, new Set(axes).size === axes.length ? x.shape.filter((_, i) => !axes.includes(i)) : null);
}

function transpose(call: OpCall) {
  const x = operand(call, 'transpose', 'x');
  const raw = call.get('perm');
  const rank = rankOf(x);
  if (isAbsent(raw)) return tensor(x.shape === null ? null : [...x.shape].reverse(), x.dtype);
  if (!isList(raw)) return tensor(someAxisChanged(x.shape), x.dtype);
  if (rank === undefined)
    return tensor(
      raw.map(() => axis('?')),
      x.dtype,
    );
  if (raw.length !== rank)
    no(
      'axis-range',
      `transpose of a tensor of rank ${rank} takes ${rank} axes, not ${raw.length}`,
      `Error in transpose: rank of input ${rank} must match length of perm`,
      'perm',
    );
  const bad = raw.find((a) => typeof a === 'number' && !(a >= 0 && a < rank));
  if (bad !== undefined)
    no(
      'axis-range',
      `transpose knows axes 0 to ${rank - 1}, not ${String(bad)}`,
      `All entries in 'perm' must be between 0 and ${rank - 1} but got`,
      'perm',
    );
  // tfjs does not notice an axis given twice: what comes out depends on the backend.
  const twice = new Set(raw).size !== raw.length;
  return tensor(
    raw.map((a) => (typeof a === 'number' && !twice ? (x.shape?.[a] ?? axis('?')) : axis('?'))),
    x.dtype,
  );
}

function cast(call: OpCall, param = 'dtype', fixed?: string) {
  const x = operand(call, 'cast', 'x', { as: 'numeric' });
  const raw = fixed ?? call.get(param);
  const dtype: Dtype = typeof raw === 'string' ? raw : undefined;
  if (isAbsent(raw) || (dtype !== undefined && !DTYPES.includes(dtype)))
    no('dtype', `cast knows no dtype ${String(raw)}`, `Failed to cast to unknown dtype ${String(raw)}`, param);
  if (dtype !== undefined && x.dtype !== undefined && (dtype === 'string') !== (x.dtype === 'string'))
    no('dtype', `${x.dtype} cannot be cast to ${dtype}`, 'Only strings can be casted to strings', param);
  const whole = dtype === 'int32' && x.scalar !== undefined ? Math.trunc(x.scalar) : x.scalar;
  return tensor(x.shape, dtype, dtype === 'float32' || dtype === 'int32' ? whole : undefined);
}

function broadcastTo(call: OpCall) {
  const x = operand(call, 'x', 'x', { argument: 'broadcastTo' });
  const raw = call.get('shape');
  if (isAbsent(raw) || typeof raw === 'number')
    return no('option', 'broadcastTo takes a list of sizes', undefined, 'shape');
  const sizes = sizesOf(raw);
  if (sizes === undefined) return tensor(null, x.dtype);
  checkSizes(sizes, 'broadcastTo');
  if (x.shape === null)
    return tensor(
      sizes.map((d) => axis(d)),
      x.dtype,
    );
  const rank = x.shape.length;
  if (sizes.length < rank)
    no(
      'broadcast',
      `${showShape(x.shape)} has more axes than [${sizes.map(showDim).join(',')}]`,
      `broadcastTo(): shape.length=${sizes.length} < input.rank=${rank}.`,
      'shape',
    );
  const own = x.shape;
  const result = sizes.map((d, i): Axis => {
    const a = own[i - (sizes.length - rank)];
    if (a === undefined || a.dim === 1) return a !== undefined && d === 1 ? a : axis(d, a?.role);
    if (same(a.dim, d) === true) return a;
    if (certainlyDiffer(a.dim, d) && certainlyDiffer(a.dim, 1))
      no(
        'broadcast',
        `${showShape(own)} does not broadcast to [${sizes.map(showDim).join(',')}]`,
        plainShape(own) === undefined
          ? 'broadcastTo(): ['
          : `broadcastTo(): [${plainShape(own)}] cannot be broadcast to`,
        'shape',
      );
    return isDefinite(d) ? axis(d, a.role) : typeof a.dim === 'number' ? a : axis('?', a.role);
  });
  return tensor(result, x.dtype);
}

function ensureShape(call: OpCall) {
  const x = operand(call, 'ensureShape', 'x', { as: 'string_or_numeric' });
  const raw = call.get('shape');
  const sizes = sizesOf(raw);
  if (sizes === undefined) {
    if (isAbsent(raw)) no('option', 'ensureShape needs a shape', 'EnsureShape: Shape of tensor', 'shape');
    return moved(x, x.shape);
  }
  const differs =
    x.shape !== null &&
    (x.shape.length !== sizes.length || x.shape.some((a, i) => certainlyDiffer(a.dim, sizes[i] ?? '?')));
  if (differs)
    no(
      'reshape-size',
      `the tensor is ${showShape(x.shape)}, not [${sizes.map(showDim).join(',')}]`,
      'EnsureShape: Shape of tensor',
      'shape',
    );
  if (x.shape === null)
    return moved(
      x,
      sizes.map((d) => axis(d ?? '?')),
    );
  return moved(
    x,
    x.shape.map((a, i) => (isDefinite(a.dim) ? a : isDefinite(sizes[i]) ? axis(sizes[i] as Dim, a.role) : a)),
  );
}

function tile(call: OpCall) {
  const x = operand(call, 'tile', 'x', { as: 'string_or_numeric' });
  const raw = call.get('reps');
  if (isAbsent(raw)) return no('option', 'tile needs a list of repetitions', undefined, 'reps');
  const reps = sizesOf(raw);
  const rank = rankOf(x);
  if (reps === undefined) {
    if (typeof raw === 'number' && rank !== undefined)
      return no('option', `tile takes a list: [${raw}]`, 'Error in transpose: rank of input', 'reps');
    return tensor(someAxisChanged(x.shape), x.dtype);
  }
  if (rank !== undefined && reps.length !== rank)
    no(
      'axis-range',
      `tile of a tensor of rank ${rank} takes ${rank} repetitions, not ${reps.length}`,
      `Error in transpose: rank of input ${rank} must match length of reps`,
      'reps',
    );
  if (x.shape === null)
    return tensor(
      reps.map(() => axis('?')),
      x.dtype,
    );
  return tensor(
    x.shape.map((a, i) => resized(a, mul(a.dim, reps[i] ?? '?'))),
    x.dtype,
  );
}

function reverse(name: string, rank?: number): OpSpec {
  return row(
    name,
    'x axis',
    (call) => {
      const x = operand(call, 'reverse', 'x');
      const original = `Error in reverse${rank}D: x must be rank ${rank} but got rank $.`;
      if (rank !== undefined) checkRank(x, [rank], name, original);
      parseAxes(rank === 1 ? 0 : call.get('axis'), rankOf(x));
      return moved(x, x.shape);
    },
    rank === undefined ? METHOD : {},
  );
}

function oneHot(call: OpCall, method: boolean) {
  const depth = call.get('depth');
  if (typeof depth === 'number' && depth < 2)
    no(
      'option',
      `oneHot needs a depth of 2 or more, not ${depth}`,
      `Error in oneHot: depth must be >=2, but it is ${depth}`,
      'depth',
    );
  const indices = operand(call, 'oneHot', 'indices', { as: 'int32' });
  if (depth === undefined) return no('option', 'oneHot needs a depth', undefined, 'depth');
  const size = call.size('depth');
  const dtype = method ? 'int32' : dtypeArgument(call, 'int32');
  return tensor(indices.shape === null ? null : [...indices.shape, axis(size)], dtype);
}

export const transformationOps: readonly OpSpec[] = [
  row('reshape', 'x shape', reshape, METHOD),
  row(
    'reshapeAs',
    'x other',
    (call) => {
      const x = operand(call, 'reshape', 'x', { as: 'string_or_numeric' });
      const other = call.get('other');
      if (!isTensor(other) || other.shape === null) return moved(x, null);
      return moved(
        x,
        reshaped(
          x.shape,
          other.shape.map((a) => a.dim),
        ),
      );
    },
    METHOD_ONLY,
  ),
  row(
    'flatten',
    'x',
    (call) => {
      const x = operand(call, 'reshape', 'x', { as: 'string_or_numeric' });
      return moved(x, flattened(x.shape));
    },
    METHOD_ONLY,
  ),
  row(
    'as1D',
    'x',
    (call) => {
      const x = operand(call, 'reshape', 'x', { as: 'string_or_numeric' });
      return moved(x, flattened(x.shape));
    },
    METHOD_ONLY,
  ),
  ...[2, 3, 4, 5].map(asRank),
  row(
    'asScalar',
    'x',
    (call) => {
      const x = operand(call, 'reshape', 'x', { as: 'string_or_numeric' });
      const size = sizeOf(x.shape);
      if (certainlyDiffer(size, 1))
        no(
          'reshape-size',
          `asScalar wants one element, not ${showDim(size)}`,
          'The array must have only 1 element.',
          'x',
        );
      return moved(x, []);
    },
    METHOD_ONLY,
  ),
  row('expandDims', 'x axis', expandDims, METHOD),
  row('squeeze', 'x axis', squeeze, METHOD),
  row('transpose', 'x perm conjugate', transpose, METHOD),
  row('cast', 'x dtype', (call) => cast(call), METHOD),
  row('asType', 'x dtype', (call) => cast(call), METHOD_ONLY),
  row('toBool', 'x', (call) => cast(call, 'dtype', 'bool'), METHOD_ONLY),
  row('toInt', 'x', (call) => cast(call, 'dtype', 'int32'), METHOD_ONLY),
  row('toFloat', 'x', (call) => cast(call, 'dtype', 'float32'), METHOD_ONLY),
  row('broadcastTo', 'x shape', broadcastTo, METHOD),
  row('ensureShape', 'x shape', ensureShape),
  row('tile', 'x reps', tile, METHOD),
  reverse('reverse'),
  reverse('reverse1d', 1),
  reverse('reverse2d', 2),
  reverse('reverse3d', 3),
  reverse('reverse4d', 4),
  row('oneHot', 'indices depth onValue offValue dtype', (call) => oneHot(call, false)),
  row('oneHot', 'indices depth onValue offValue', (call) => oneHot(call, true), METHOD_ONLY),
  row(
    'clone',
    'x',
    (call) => {
      const x = operand(call, 'clone', 'x', { as: 'string_or_numeric' });
      return tensor(x.shape, x.dtype, x.scalar);
    },
    METHOD,
  ),
];
