import { certainlyDiffer } from '../../../shapes/bounds';
import { type Dim, showDim } from '../../../shapes/dim';
import { type Axis, axis, type Shape, showShape, sizeOf } from '../../../shapes/shape';
import type { OpSpec } from '../../opSpec';
import { tensor } from '../../opSpec';
import type { PlainTensor } from '../../plain';
import { broadcasted, checkRank, plainShape, rankOf } from './axes';
import { upcast } from './dtypes';
import { operand, truthy } from './operands';
import { METHOD, no, row } from './row';

/** The shape of a matrix product over the last two axes; leading ones broadcast. Throws for what tfjs refuses. */
export function matMulShape(
  a: PlainTensor,
  b: PlainTensor,
  transposeA: boolean | undefined,
  transposeB: boolean | undefined,
  op = 'matMul',
): Shape {
  const [ranksA, ranksB] = [rankOf(a), rankOf(b)];
  for (const [t, rank, param] of [
    [a, ranksA, 'a'],
    [b, ranksB, 'b'],
  ] as const) {
    if (rank !== undefined && rank < 2)
      no('rank', `${op} wants matrices, but ${param} has rank ${rank}: ${showShape(t.shape)}`, undefined, param);
  }
  if (a.shape === null || b.shape === null) return null;
  const outer = broadcastedFirst(op, a, b, transposeA, transposeB);
  const [rowsA, columnsA] = lastTwo(a.shape, transposeA);
  const [rowsB, columnsB] = lastTwo(b.shape, transposeB);
  if (columnsA !== undefined && rowsB !== undefined)
    checkInner(op, a, b, columnsA.dim, rowsB.dim, transposeA, transposeB);
  return outer === null ? null : [...outer, rowsA ?? axis('?'), columnsB ?? axis('?')];
}

/** tf.matMul broadcasts before it compares the inner sizes; the fused one compares first. */
function broadcastedFirst(
  op: string,
  a: PlainTensor,
  b: PlainTensor,
  transposeA: boolean | undefined,
  transposeB: boolean | undefined,
): Shape {
  if (a.shape === null || b.shape === null) return null;
  if (op !== 'matMul') {
    const [, inner] = lastTwo(a.shape, transposeA);
    const [other] = lastTwo(b.shape, transposeB);
    if (inner !== undefined && other !== undefined) checkInner(op, a, b, inner.dim, other.dim, transposeA, transposeB);
  }
  return broadcasted(a.shape.slice(0, -2), b.shape.slice(0, -2));
}

function checkInner(
  op: string,
  a: PlainTensor,
  b: PlainTensor,
  inner: Dim,
  other: Dim,
  transposeA: boolean | undefined,
  transposeB: boolean | undefined,
): void {
  if (!certainlyDiffer(inner, other)) return;
  const [x, y] = [plainShape(a.shape), plainShape(b.shape)];
  const start = `Error in ${op}: inner shapes (`;
  no(
    'inner-dims',
    `inner sizes differ: ${showDim(inner)} of ${showShape(a.shape)} against ${showDim(other)} of ${showShape(b.shape)}`,
    x === undefined || y === undefined || transposeA === undefined || transposeB === undefined
      ? start
      : `${start}${showDim(inner)}) and (${showDim(other)}) of Tensors with shapes ${x} and ${y}`,
  );
}

/** Rows and columns, as transposed; undefined where the flag is not known and the two may be either. */
function lastTwo(s: readonly Axis[], transposed: boolean | undefined): readonly [Axis | undefined, Axis | undefined] {
  const [rows, columns] = [s[s.length - 2], s[s.length - 1]];
  if (transposed === undefined) return rows?.dim === columns?.dim ? [rows, columns] : [undefined, undefined];
  return transposed ? [columns, rows] : [rows, columns];
}

function dot(t1: PlainTensor, t2: PlainTensor): Shape {
  const [r1, r2] = [rankOf(t1), rankOf(t2)];
  for (const [t, param] of [
    [t1, 't1'],
    [t2, 't2'],
  ] as const)
    checkRank(t, [1, 2], 'dot', 'Error in dot: inputs must all be rank 1 or 2, but got ranks', param);
  if (t1.shape === null || t2.shape === null) return null;
  const inner = t1.shape[t1.shape.length - 1];
  const other = t2.shape[0];
  if (inner !== undefined && other !== undefined && certainlyDiffer(inner.dim, other.dim))
    no(
      'inner-dims',
      `inner sizes differ: ${showShape(t1.shape)} against ${showShape(t2.shape)}`,
      'Error in dot: inner dimensions of inputs must match, but got',
    );
  return [...(r1 === 2 ? t1.shape.slice(0, 1) : []), ...(r2 === 2 ? t2.shape.slice(1) : [])];
}

export const matrixOps: readonly OpSpec[] = [
  row(
    'matMul',
    'a b transposeA transposeB',
    (call) => {
      const a = operand(call, 'matMul', 'a');
      const b = operand(call, 'matMul', 'b');
      const dtype = upcast(a.dtype, b.dtype);
      return tensor(matMulShape(a, b, truthy(call, 'transposeA'), truthy(call, 'transposeB')), dtype);
    },
    METHOD,
  ),
  row(
    'dot',
    't1 t2',
    (call) => {
      const t1 = operand(call, 'dot', 't1');
      const t2 = operand(call, 'dot', 't2');
      const result = dot(t1, t2);
      return tensor(result, upcast(t1.dtype, t2.dtype));
    },
    METHOD,
  ),
  row('outerProduct', 'v1 v2', (call) => {
    const v1 = operand(call, 'outerProduct', 'v1');
    const v2 = operand(call, 'outerProduct', 'v2');
    for (const [t, param] of [
      [v1, 'v1'],
      [v2, 'v2'],
    ] as const)
      checkRank(t, [1], 'outerProduct', 'Error in outerProduct: inputs must be rank 1, but got ranks', param);
    const dtype = upcast(v1.dtype, v2.dtype);
    return tensor([v1.shape?.[0] ?? axis('?'), v2.shape?.[0] ?? axis('?')], dtype);
  }),
  row('diag', 'x', (call) => {
    const x = operand(call, 'diag', 'x');
    return tensor(x.shape === null ? null : [...x.shape, ...x.shape.map((a) => axis(a.dim))], x.dtype);
  }),
  row('math.confusionMatrix', 'labels predictions numClasses', (call) => {
    const labels = operand(call, 'confusionMatrix', 'labels');
    const predictions = operand(call, 'confusionMatrix', 'predictions');
    const classes = call.get('numClasses');
    const bad = classes === undefined || (typeof classes === 'number' && !(classes > 0 && Number.isInteger(classes)));
    if (typeof classes === 'number' && bad)
      no(
        'option',
        `confusionMatrix needs a positive number of classes, not ${classes}`,
        `If provided, numClasses must be a positive integer, but got ${classes}`,
        'numClasses',
      );
    checkRank(labels, [1], 'confusionMatrix', 'Expected the rank of labels to be 1, but got $', 'labels');
    checkRank(
      predictions,
      [1],
      'confusionMatrix',
      'Expected the rank of predictions to be 1, but got $',
      'predictions',
    );
    const [a, b] = [sizeOf(labels.shape), sizeOf(predictions.shape)];
    if (certainlyDiffer(a, b))
      no(
        'broadcast',
        `confusionMatrix compares ${showDim(a)} labels with ${showDim(b)} predictions`,
        `Mismatch in the number of examples: ${showDim(a)} vs. ${showDim(b)}.`,
      );
    if (bad || classes === null)
      no('option', 'confusionMatrix needs the number of classes', 'numClasses is required to be a positive integer');
    if (classes === 1) no('option', 'confusionMatrix needs two classes or more', 'Error in oneHot: depth must be >=2');
    const n = call.size('numClasses');
    return tensor([axis(n), axis(n)], 'int32');
  }),
];
