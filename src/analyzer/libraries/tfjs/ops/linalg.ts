import { certainlyDiffer, certainlyLess } from '../../../shapes/bounds';
import { type Dim, div, mod, showDim } from '../../../shapes/dim';
import { type Axis, axis, resized, type Shape, showShape } from '../../../shapes/shape';
import type { OpCall, OpResult, OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import { isTensor, isUnknown, type PlainTensor, UNKNOWN } from '../../plain';
import { broadcasted, rankOf } from './axes';
import { matMulShape } from './matrix';
import { convert, isList, operand, truthy } from './operands';
import { no, row } from './row';

function bandPart(call: OpCall): OpResult {
  const a = operand(call, 'bandPart', 'a');
  const rank = rankOf(a);
  if (rank !== undefined && rank < 2)
    no('rank', `bandPart wants rank 2 or more, not ${rank}`, `bandPart(): Rank must be at least 2, got ${rank}.`, 'a');
  for (const [param, back, what] of [
    ['numLower', 2, 'rows'],
    ['numUpper', 1, 'columns'],
  ] as const) {
    const n = call.get(param);
    const size: Dim = a.shape?.[a.shape.length - back]?.dim ?? '?';
    if (typeof n === 'number' && n % 1 !== 0)
      no(
        'option',
        `bandPart: ${param} must be an integer, not ${n}`,
        `bandPart(): ${param} must be an integer, got ${n}.`,
        param,
      );
    if (typeof n === 'number' && certainlyLess(size, n))
      no(
        'slice-range',
        `bandPart: ${param} ${n} of ${showDim(size)} ${what}`,
        `bandPart(): ${param} (${n}) must not be greater than the number of ${what}`,
        param,
      );
  }
  return tensor(a.shape, a.dtype);
}

function gramSchmidt(call: OpCall): OpResult {
  const raw = call.get('xs');
  if (isTensor(raw)) return gramSchmidtMatrix(raw);
  if (!isList(raw)) return { kind: 'value', value: UNKNOWN };
  if (raw.length === 0)
    no(
      'concat',
      'gramSchmidt needs at least one vector',
      'Gram-Schmidt process: input must not be null, undefined, or empty',
      'xs',
    );
  const list = raw.map((v, i) => convert(v, 'gramSchmidt', `xs[${i}]`, 'numeric'));
  const size = list[0]?.shape?.[0]?.dim ?? '?';
  const other = list.find((t) => certainlyDiffer(t.shape?.[0]?.dim ?? '?', size));
  if (other !== undefined)
    no(
      'concat',
      `gramSchmidt wants vectors of one length: ${showDim(size)} and ${showShape(other.shape)}`,
      'Gram-Schmidt: Non-unique lengths found in the input vectors',
      'xs',
    );
  checkCount(list.length, size);
  return { kind: 'list', tensors: list.map((t) => tensor(t.shape, t.dtype === 'float32' ? 'float32' : undefined)) };
}

function gramSchmidtMatrix(xs: PlainTensor): OpResult {
  if (xs.shape === null) return tensor(null);
  if (rankOf(xs) === 0) return no('rank', 'gramSchmidt wants a matrix, not a scalar', undefined, 'xs');
  checkCount(xs.shape[0]?.dim ?? '?', xs.shape[1]?.dim ?? '?');
  return tensor(xs.shape.length === 2 ? xs.shape : null, xs.dtype === 'float32' ? 'float32' : undefined);
}

function checkCount(count: Dim, size: Dim): void {
  if (!certainlyLess(size, count)) return;
  no(
    'concat',
    `${showDim(count)} vectors of ${showDim(size)} dimensions cannot all be orthogonal`,
    `Gram-Schmidt: Number of vectors (`,
    'xs',
  );
}

function qr(call: OpCall): OpResult {
  const x = call.get('x');
  if (!isTensor(x) || x.shape === null) return { kind: 'list', tensors: [tensor(null), tensor(null)] };
  const rank = x.shape.length;
  if (rank < 2)
    no(
      'rank',
      `qr wants rank 2 or more, not ${rank}`,
      `qr() requires input tensor to have a rank >= 2, but got rank ${rank}`,
      'x',
    );
  const full = truthy(call, 'fullMatrices');
  const [m, n] = [x.shape[rank - 2], x.shape[rank - 1]];
  if (m === undefined || n === undefined) return { kind: 'list', tensors: [tensor(null), tensor(null)] };
  const [rows, columns] = [m.dim, n.dim];
  // Stacks of matrices are put back into the shape of x, which only square ones fit.
  if (rank > 2) {
    const fits = !certainlyDiffer(rows, columns);
    if (!fits && full !== undefined)
      no(
        'reshape-size',
        `qr of a stack wants square matrices, not ${showDim(rows)}×${showDim(columns)}`,
        undefined,
        'x',
      );
    return { kind: 'list', tensors: [tensor(x.shape, 'float32'), tensor(x.shape, 'float32')] };
  }
  const tall = certainlyLess(columns, rows);
  const known = typeof rows === 'number' && typeof columns === 'number' && full !== undefined;
  const inner: Dim = known ? (full === false && tall ? columns : rows) : '?';
  return { kind: 'list', tensors: [tensor([m, axis(inner)], 'float32'), tensor([axis(inner), n], 'float32')] };
}

/** `tf.einsum`: letters name axes, equal letters are equal sizes, letters that the output lacks are summed. */
function einsum(call: OpCall): OpResult {
  const equation = call.get('equation');
  const raw = call.get('tensors');
  if (!isList(raw)) return tensor(null);
  const list = raw.map((v, i) => convert(v, 'einsum', `tensors${i}`, 'numeric'));
  if (typeof equation !== 'string') {
    if (!isUnknown(equation)) no('option', 'einsum needs an equation', undefined, 'equation');
    return tensor(null);
  }
  const text = equation.replace(/\s/g, '');
  const [input = '', output, ...more] = text.split('->');
  if (output === undefined)
    no('option', 'einsum needs an arrow in its equation', 'Equations without an arrow are not supported.', 'equation');
  if (more.length > 0) no('option', 'einsum takes one arrow', 'Equation must contain exactly one arrow', 'equation');
  if (input.includes('...'))
    no('option', 'einsum in tfjs knows no ellipsis', 'The ellipsis notation ("...") is not supported yet.', 'equation');
  const terms = input.split(',');
  if (terms.length !== list.length)
    no(
      'argument-count',
      `einsum of ${terms.length} terms was given ${list.length} tensors`,
      `Expected ${terms.length} input tensors, received ${list.length}`,
      'tensors',
    );
  if (terms.length > 2)
    no(
      'argument-count',
      'einsum in tfjs takes two tensors at most',
      'Support for more than 2 input tensors',
      'tensors',
    );
  return tensor(contracted(terms, output ?? '', list), contractedType(terms, output ?? '', list));
}

function contracted(terms: readonly string[], output: string, list: readonly PlainTensor[]): Shape {
  const strange = [...output].find((letter) => !terms.some((t) => t.includes(letter)));
  if (strange !== undefined)
    no(
      'option',
      `einsum: no input has the letter ${strange}`,
      `Output subscripts contain the label ${strange} not present`,
      'equation',
    );
  const twice = terms.find((t) => new Set(t).size !== t.length);
  if (twice !== undefined)
    no(
      'option',
      `einsum in tfjs takes a letter once a term: ${twice}`,
      `Found duplicate axes in input component ${twice}.`,
      'equation',
    );
  const axes = new Map<string, Axis>();
  for (const [i, term] of terms.entries()) {
    const own = list[i]?.shape ?? null;
    if (own !== null && own.length !== term.length) return null;
    for (const [j, letter] of [...term].entries()) meet(axes, letter, own?.[j], own);
  }
  return [...output].map((letter) => axes.get(letter) ?? axis('?'));
}

function meet(axes: Map<string, Axis>, letter: string, a: Axis | undefined, own: Shape): void {
  const before = axes.get(letter);
  if (a === undefined) return;
  if (before === undefined || !Number.isFinite(before.dim))
    axes.set(letter, before !== undefined && before.dim !== '?' && before.dim !== null ? before : a);
  if (before !== undefined && certainlyDiffer(before.dim, a.dim))
    no(
      'inner-dims',
      `einsum: ${letter} is ${showDim(before.dim)} before and ${showDim(a.dim)} in ${showShape(own)}`,
      `Expected dimension ${showDim(before.dim)} at axis `,
      'tensors',
    );
}

/** Sums count bool in int32; products of two tensors take the wider dtype, as far as tfjs casts at all. */
function contractedType(terms: readonly string[], output: string, list: readonly PlainTensor[]) {
  const types = new Set(list.map((t) => t.dtype));
  return types.size === 1 && types.has('float32') && terms.length > 0 && output !== undefined ? 'float32' : undefined;
}

function basicLSTMCell(call: OpCall): OpResult {
  const op = 'basicLSTMCell';
  const [forgetBias, kernel, bias, data, c, h] = ['forgetBias', 'lstmKernel', 'lstmBias', 'data', 'c', 'h'].map((p) =>
    operand(call, op, p),
  );
  if (!forgetBias || !kernel || !bias || !data || !c || !h) return tensor(null);
  const unknown: OpResult = { kind: 'list', tensors: [tensor(null), tensor(null)] };
  if (data.shape === null || h.shape === null || kernel.shape === null || bias.shape === null || c.shape === null)
    return unknown;
  if (data.shape.length !== 2 || h.shape.length !== 2) return unknown;
  const [batch, features] = data.shape;
  const [rows, units] = h.shape;
  if (batch === undefined || features === undefined || rows === undefined || units === undefined) return unknown;
  if (certainlyDiffer(batch.dim, rows.dim))
    no(
      'concat',
      `${op}: data ${showShape(data.shape)} and h ${showShape(h.shape)} of other batches`,
      'Error in concat2D: Shape of tensors[1] (',
      'h',
    );
  if (typeof features.dim !== 'number' || typeof units.dim !== 'number') return unknown;
  const combined: PlainTensor = { ...data, shape: [batch, axis(features.dim + units.dim)] };
  const product = broadcasted(matMulShape(combined, kernel, false, false), bias.shape);
  const gates = product?.[1];
  if (product === null || product.length !== 2 || gates === undefined) return unknown;
  if (mod(gates.dim, 4) !== 0) {
    if (typeof gates.dim === 'number')
      no('split-size', `${op}: ${gates.dim} columns are no multiple of 4 gates`, undefined, 'lstmKernel');
    return unknown;
  }
  const gate: Shape = [product[0] ?? axis('?'), resized(gates, div(gates.dim, 4))];
  const state = broadcasted(broadcasted(gate, forgetBias.shape), c.shape);
  const dtype = [forgetBias, kernel, bias, data, c, h].every((t) => t.dtype === 'float32') ? 'float32' : undefined;
  return { kind: 'list', tensors: [tensor(state, dtype), tensor(broadcasted(state, gate), dtype)] };
}

export const linalgOps: readonly OpSpec[] = [
  row('linalg.bandPart', 'a numLower numUpper', bandPart),
  row('linalg.gramSchmidt', 'xs', gramSchmidt),
  row('linalg.qr', 'x fullMatrices', qr),
  row('einsum', 'equation ...tensors', einsum),
  row('basicLSTMCell', 'forgetBias lstmKernel lstmBias data c h', basicLSTMCell),
  // The cells are functions of the caller's: their results are not known here.
  row('multiRNNCell', 'lstmCells data c h', () => ({ kind: 'value', value: UNKNOWN })),
];
