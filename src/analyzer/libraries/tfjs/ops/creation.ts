import { certainlyDiffer } from '../../../shapes/bounds';
import { apply, ceil, type Dim, div, isDefinite, showDim, sub, total } from '../../../shapes/dim';
import { axis, sizeOf as elements, type Shape, shape, showShape, unknownOfRank } from '../../../shapes/shape';
import { asTensor } from '../../opCall';
import type { OpCall, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import { isMaybe, isRecord, isTensor, isUnknown, type Plain, type PlainList, PlainNumbers, UNKNOWN } from '../../plain';
import { checkRank, matching, plainShape } from './axes';
import { DTYPES, type Dtype } from './dtypes';
import { checkSizes, dtypeArgument, isAbsent, isList, operand, shapeArgument, sizeIn, sizesOf } from './operands';
import { METHOD, METHOD_ONLY, no, row } from './row';

// ---------------------------------------------------------------- from values

const WORDS = ['', '', 'two', 'three', 'four', 'five', 'six'];

/** The shape that nested lists have, and the dtype of their first number. */
function inferred(values: Plain, many?: PlainList): { readonly shape: Shape; readonly dtype: Dtype } {
  const each = many?.certain === true ? asTensor(many.each) : undefined;
  if (many !== undefined && each !== undefined && each.shape !== null)
    return { shape: [...shape([many.length]), ...each.shape], dtype: each.dtype };
  if (isUnknown(values) || isRecord(values) || isTensor(values)) return { shape: null, dtype: undefined };
  const t = asTensor(values);
  return { shape: t?.shape ?? null, dtype: t?.dtype };
}

/** `tf.tensor(values, shape, dtype)`, and tensor1d to tensor6d, which fix the rank. */
function fromValues(name: string, rank?: number): OpSpec {
  const params = rank === 1 ? 'values dtype' : 'values shape dtype';
  return row(name, params, (call) => {
    const values = call.get('values');
    if (rank === undefined) checkDtype(name, dtypeArgument(call, undefined));
    if (isAbsent(values))
      no(
        'data-length',
        `${name} needs values`,
        rank === undefined
          ? 'values passed to tensor(values) must be a number/boolean/string or an array'
          : 'The input to the tensor constructor must be a non-null value.',
        'values',
      );
    const rawShape = rank === 1 ? undefined : call.get('shape');
    const sizes = sizesOf(rawShape);
    if (rank !== undefined && rank > 1) checkLength(name, rank, sizes);
    if (values instanceof PlainNumbers && values.dtype === undefined)
      refuseTyped(name, rank, values, isAbsent(rawShape));
    const many = call.many('values');
    const own = inferred(values, many);
    if (rank !== undefined) checkInferred(name, rank, own.shape, isAbsent(rawShape));
    const dtype = checkDtype(name, dtypeArgument(call, own.dtype));
    if (isAbsent(rawShape))
      return tensor(
        own.shape ?? (rank === undefined ? null : sizesOfLists(many, rank)),
        dtype,
        knownNumber(values, dtype),
      );
    if (sizes === undefined) {
      if (typeof rawShape === 'number')
        no('option', `${name} takes its shape as a list: [${rawShape}]`, undefined, 'shape');
      return tensor(rank === undefined ? null : unknownOfRank(rank), dtype);
    }
    checkSizes(sizes, name);
    checkFills(own.shape, sizes);
    return tensor(shape(sizes), dtype, sizes.length === 0 ? knownNumber(values, dtype) : undefined);
  });
}

/** Of the typed arrays tfjs takes those of float32, int32 and bytes. */
function refuseTyped(name: string, rank: number | undefined, { kind }: PlainNumbers, noShape: boolean): never {
  const original =
    rank === undefined
      ? 'values passed to tensor(values) must be a number/boolean/string or an array'
      : rank === 1
        ? 'tensor1d() requires values to be a flat/TypedArray'
        : noShape
          ? `${name}() requires shape to be provided when \`values\` are a flat`
          : `${name}() requires values to be number${'[]'.repeat(rank)}`;
  return no('dtype', `${name} takes no ${kind}: make it a Float32Array or an Int32Array`, original, 'values');
}

/** Lists in lists of lengths that are known by name at most. */
function sizesOfLists(list: PlainList | undefined, rank: number): Shape {
  const dims: Dim[] = [];
  for (let at = list; at !== undefined && dims.length < rank; ) {
    dims.push(at.length);
    const { each }: PlainList = at;
    at = isMaybe(each)
      ? each.list?.()
      : isList(each)
        ? { length: each.length, each: each[0], certain: true }
        : undefined;
  }
  return dims.length < rank ? [...shape(dims), ...unknownOfRank(rank - dims.length)] : shape(dims);
}

function knownNumber(values: Plain, dtype: Dtype): number | undefined {
  return typeof values === 'number' && (dtype === 'float32' || dtype === 'int32') ? values : undefined;
}

function checkLength(name: string, rank: number, sizes: readonly Dim[] | undefined): void {
  if (sizes === undefined || sizes.length === rank) return;
  no(
    'option',
    `${name} wants a shape of ${rank} sizes, not ${sizes.length}`,
    `${name}() requires shape to have ${WORDS[rank]} numbers`,
    'shape',
  );
}

function checkInferred(name: string, rank: number, s: Shape, noShape: boolean): void {
  if (s === null) return;
  if (rank === 1 ? s.length !== 1 : s.length !== rank && s.length !== 1)
    no(
      'data-length',
      `${name} wants ${rank === 1 ? 'a flat list' : `lists nested ${rank} deep, or a flat one`}, not ${showShape(s)}`,
      rank === 1
        ? 'tensor1d() requires values to be a flat/TypedArray'
        : `${name}() requires values to be number${'[]'.repeat(rank)}`,
      'values',
    );
  if (rank > 1 && s.length === 1 && noShape)
    no(
      'data-length',
      `${name} needs a shape for a flat list`,
      `${name}() requires shape to be provided when \`values\` are a flat`,
      'shape',
    );
}

function checkDtype(name: string, dtype: Dtype): Dtype {
  if (dtype === 'complex64')
    no('dtype', `${name} makes no complex64: use tf.complex`, 'Cannot construct a complex64 tensor directly.', 'dtype');
  if (dtype !== undefined && !DTYPES.includes(dtype)) no('dtype', `there is no dtype ${dtype}`, undefined, 'dtype');
  return dtype;
}

function checkFills(own: Shape, sizes: readonly Dim[]): void {
  if (own === null) return;
  const [wanted, got] = [total(sizes), elements(own)];
  if (certainlyDiffer(wanted, got)) {
    const exact = typeof got === 'number' && sizes.every((d) => typeof d === 'number');
    no(
      'data-length',
      `[${sizes.map(showDim).join(',')}] takes ${showDim(wanted)} values, ${showDim(got)} are given`,
      `Based on the provided shape, [${exact ? sizes.join(',') : ''}`,
      'values',
    );
  }
  // Nested lists must agree with the shape, level by level, up to the last one, which may hold all that is left.
  for (const [i, a] of own.entries()) {
    const last = i === own.length - 1;
    const flat = last && !certainlyDiffer(a.dim, total(sizes.slice(i)));
    if (certainlyDiffer(a.dim, sizes[i] ?? '?') && !flat)
      no(
        'data-length',
        `the values are nested as ${showShape(own)}, the shape is [${sizes.map(showDim).join(',')}]`,
        'Error creating a new Tensor. Inferred shape (',
        'shape',
      );
  }
}

// ---------------------------------------------------------------- from a shape

/** An op that fills a shape: zeros, ones and the random ones. */
function filledWith(name: string, params: string, dtypeOf: (call: OpCall) => Dtype): OpSpec {
  return row(name, params, (call) => {
    const s = shapeArgument(call, name);
    return tensor(s, dtypeOf(call));
  });
}

function numeric(call: OpCall, fallback: Dtype, allowed: readonly string[], code = 'Unknown data type'): Dtype {
  const raw = call.get('dtype');
  const dtype = raw === null ? fallback : dtypeArgument(call, fallback);
  if (dtype !== undefined && !allowed.includes(dtype))
    no('dtype', `${dtype} is no dtype that this op can make`, code, 'dtype');
  return dtype;
}

const NUMBERS = ['float32', 'int32', 'bool'];

function like(name: string): OpSpec {
  return row(
    name,
    'x',
    (call) => {
      const x = operand(call, name, 'x');
      return tensor(x.shape, x.dtype);
    },
    METHOD,
  );
}

function fill(call: OpCall) {
  const s = shapeArgument(call, 'fill');
  const value = call.get('value');
  const fallback = isUnknown(value) ? undefined : inferred(value).dtype;
  const dtype = numeric(call, fallback, DTYPES);
  if (dtype === 'complex64') no('dtype', 'fill makes no complex64', 'Unknown data type complex64', 'dtype');
  return tensor(s, dtype, s?.length === 0 && typeof value === 'number' && dtype === 'float32' ? value : undefined);
}

function eye(call: OpCall) {
  const rows = call.size('numRows', '?');
  const columns = isAbsent(call.get('numColumns')) ? rows : call.size('numColumns');
  checkSizes([rows, columns], 'eye', 'numRows');
  if (isAbsent(call.get('numRows')))
    no('option', 'eye needs the number of rows', 'Tensor must have a shape comprised of positive integers', 'numRows');
  const batch = call.get('batchShape');
  const dtype = numeric(call, 'float32', NUMBERS, '');
  const matrix = [axis(rows), axis(columns)];
  if (isAbsent(batch)) return tensor(matrix, dtype);
  const sizes = sizesOf(batch);
  if (sizes === undefined) return tensor(null, dtype);
  if (sizes.length < 1 || sizes.length > 3)
    no(
      'option',
      `eye takes one to three batch sizes, not ${sizes.length}`,
      `eye() currently supports only 1D and 2D batchShapes, but received ${sizes.length}D.`,
      'batchShape',
    );
  checkSizes(sizes, 'eye', 'batchShape');
  return tensor([...shape(sizes), ...matrix], dtype);
}

function linspace(call: OpCall) {
  const num = call.get('num');
  if (typeof num === 'number' && num <= 0)
    no(
      'option',
      `linspace needs a positive number of values, not ${num}`,
      'The number of values should be positive.',
      'num',
    );
  return tensor([axis(typeof num === 'number' ? Math.trunc(num) : call.size('num'))], 'float32');
}

/** `tf.range` counts towards stop; a step of 1 is turned round where stop lies below start. */
function range(call: OpCall) {
  const rawStep = call.get('step');
  if (rawStep === 0) no('option', 'range cannot go on by steps of 0', 'Cannot have a step of zero', 'step');
  const dtype = numeric(call, 'float32', NUMBERS);
  const [start, stop] = [sizeIn(call.get('start')), sizeIn(call.get('stop'))];
  const step = rawStep === undefined ? 1 : sizeIn(rawStep);
  return tensor([axis(countOf(start, stop, step))], dtype);
}

function countOf(start: Dim, stop: Dim, step: Dim): Dim {
  if (typeof start === 'number' && typeof stop === 'number' && typeof step === 'number') {
    const empty = start === stop || (start < stop && step < 0) || (stop < start && step > 1);
    return empty ? 0 : Math.abs(Math.ceil((stop - start) / step));
  }
  // From 0 up to a symbol, which stands for a positive size.
  return start === 0 && isDefinite(stop) && typeof step === 'number' && step > 0
    ? ceil(div(sub(stop, start), step))
    : '?';
}

function meshgrid(call: OpCall) {
  const options = call.get('options');
  const indexing = isRecord(options) ? options.entries.get('indexing') : isAbsent(options) ? 'xy' : undefined;
  const order = indexing === undefined && isRecord(options) && !options.open ? 'xy' : indexing;
  if (typeof order === 'string' && order !== 'xy' && order !== 'ij')
    no(
      'option',
      `meshgrid indexes by xy or ij, not ${order}`,
      `${order} is not a valid third argument to meshgrid`,
      'options',
    );
  if (call.get('x') === undefined) return { kind: 'list' as const, tensors: [] };
  const [rawX, rawY] = [call.get('x'), call.get('y')];
  const parsed = (raw: Plain) => (isTensor(raw) || isUnknown(raw) ? ('numeric' as const) : ('float32' as const));
  // One that is not known may be absent, and then there is one result, or none.
  if (isUnknown(rawX) || isUnknown(rawY)) return { kind: 'list' as const, tensors: [], each: tensor(null) };
  const x = operand(call, 'meshgrid', 'x', { as: parsed(rawX) });
  if (call.get('y') === undefined) return { kind: 'list' as const, tensors: [tensor(x.shape, x.dtype)] };
  const y = operand(call, 'meshgrid', 'y', { as: parsed(rawY) });
  const [w, h] = [axis(elements(x.shape)), axis(elements(y.shape))];
  const s = order === 'xy' ? [h, w] : order === 'ij' ? [w, h] : unknownOfRank(2);
  return { kind: 'list' as const, tensors: [tensor(s, x.dtype), tensor(s, y.dtype)] };
}

function complex(call: OpCall) {
  const real = operand(call, 'complex', 'real');
  const imag = operand(call, 'complex', 'imag');
  const [a, b] = [plainShape(real.shape), plainShape(imag.shape)];
  const original =
    a === undefined || b === undefined ? 'real and imag shapes, ' : `real and imag shapes, ${a} and ${b}, must match`;
  return tensor(matching(real, imag, 'real and imag', original), 'complex64');
}

function variable(call: OpCall, param: string) {
  const raw = call.get(param);
  if (isTensor(raw)) {
    const asked = dtypeArgument(call, undefined);
    const dtype = isAbsent(call.get('dtype')) ? raw.dtype : asked;
    if (dtype !== undefined && raw.dtype !== undefined && dtype !== raw.dtype && !DTYPES.includes(dtype))
      no('dtype', `there is no dtype ${dtype}`, 'Failed to cast to unknown dtype', 'dtype');
    return tensor(raw.shape, dtype);
  }
  if (isAbsent(raw)) no('argument-count', 'a variable needs a tensor to begin with', undefined, param);
  return tensor(null);
}

export const creationOps: readonly OpSpec[] = [
  fromValues('tensor'),
  ...[1, 2, 3, 4, 5, 6].map((rank) => fromValues(`tensor${rank}d`, rank)),
  row('scalar', 'value dtype', (call) => {
    const value = call.get('value');
    checkDtype('scalar', dtypeArgument(call, undefined));
    if (isList(value))
      no(
        'data-length',
        'a scalar is one value, not a list',
        'Error creating a new Scalar: value must be a primitive',
        'value',
      );
    if (isAbsent(value) || isTensor(value))
      no(
        'data-length',
        'a scalar needs a number',
        'values passed to tensor(values) must be a number/boolean/string',
        'value',
      );
    const dtype = checkDtype('scalar', dtypeArgument(call, isUnknown(value) ? undefined : inferred(value).dtype));
    return tensor([], dtype, knownNumber(value, dtype));
  }),
  filledWith('zeros', 'shape dtype', (call) => numeric(call, 'float32', [...NUMBERS, 'complex64'])),
  filledWith('ones', 'shape dtype', (call) => numeric(call, 'float32', [...NUMBERS, 'complex64'])),
  row('fill', 'shape value dtype', fill),
  like('zerosLike'),
  like('onesLike'),
  row('eye', 'numRows numColumns batchShape dtype', eye),
  row('linspace', 'start stop num', linspace),
  row('range', 'start stop step dtype', range),
  row('meshgrid', 'x y options', meshgrid),
  row('complex', 'real imag', complex),
  ...['real', 'imag'].map((name) =>
    row(name, 'input', (call) => {
      const input = operand(call, name, 'input');
      if (input.dtype !== undefined && input.dtype !== 'complex64')
        no('dtype', `${name} wants a complex64 tensor, not ${input.dtype}`, undefined, 'input');
      return tensor(input.shape, 'float32');
    }),
  ),
  row('variable', 'initialValue trainable name dtype', (call) => variable(call, 'initialValue')),
  row('variable', 'x trainable name dtype', (call) => variable(call, 'x'), METHOD_ONLY),
  row('buffer', 'shape dtype values', (call) => {
    const s = shapeArgument(call, 'buffer');
    if (call.get('dtype') === 'complex64')
      no('dtype', 'a buffer holds no complex64', 'complex64 dtype TensorBuffers are not supported.', 'dtype');
    const sizes = s?.map(({ dim }): Plain => (dim === '?' ? UNKNOWN : dim)) ?? UNKNOWN;
    const entries = new Map<string, Plain>([
      ['dtype', dtypeArgument(call, 'float32')],
      ['shape', sizes],
    ]);
    return { kind: 'value', value: { kind: 'record', entries, open: true } };
  }),
  row('print', 'x verbose', () => ({ kind: 'value', value: undefined })),
  row('broadcastArgs', 's0 s1', (call) => {
    const s0 = operand(call, 'broadcastArgs', 's0', { as: 'int32' });
    const s1 = operand(call, 'broadcastArgs', 's1', { as: 'int32' });
    checkRank(s0, [1], 'broadcastArgs', 'broadcastArgs(): first input must be a vector (rank=1). Has rank $', 's0');
    checkRank(s1, [1], 'broadcastArgs', 'broadcastArgs(): second input must be a vector (rank=1). Has rank $', 's1');
    const [a, b] = [s0.shape?.[0]?.dim ?? '?', s1.shape?.[0]?.dim ?? '?'];
    return tensor([axis(apply('max', [a, b], Math.max))], 'int32');
  }),
];
