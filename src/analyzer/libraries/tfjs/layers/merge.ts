import { add, type Dim, isDefinite, same } from '../../../shapes/dim';
import { type Axis, axis, axisIndex, type Shape, showShape } from '../../../shapes/shape';
import type { LayerSpec } from '../../layerSpec';
import { refuse } from '../../refused';
import { dot } from './dot';
import { at, row } from './row';

const showAll = (inputs: readonly Shape[]): string => inputs.map(showShape).join(' and ');

function atLeastTwo(type: string, inputs: readonly Shape[], original: string, when: 'call' | 'run' = 'call'): void {
  if (inputs.length < 2)
    refuse('argument-count', `${type} takes a list of two or more tensors but got ${inputs.length}`, {
      when,
      original,
    });
}

const batchesOf = (inputs: readonly Shape[]): readonly Axis[] =>
  inputs.map((s) => s?.[0]).filter((a) => a !== undefined && a.dim !== null) as readonly Axis[];

/** Whether two of these sizes surely differ. */
const clash = (axes: readonly Axis[]): boolean => axes.some((a) => axes.some((b) => same(a.dim, b.dim) === false));

/** The one batch size that all name: null counts for nothing, and two that differ leave it open. */
function mergedBatch(inputs: readonly Shape[]): Axis | undefined {
  const named = batchesOf(inputs);
  if (clash(named)) return axis(null, 'batch');
  return named.find((a) => isDefinite(a.dim)) ?? named[0] ?? inputs.find((s) => s?.[0] !== undefined)?.[0];
}

/** One axis of an elementwise merge, by tfjs's rule: null wins, 1 gives way. Undefined where the sizes clash. */
function met(x: Axis, y: Axis): Axis | undefined {
  const open = (d: Dim): boolean => d === null || (typeof d === 'number' && d < 0);
  if (open(x.dim) || open(y.dim)) return x.dim === null ? x : y.dim === null ? y : axis(null, x.role);
  if (x.dim === 1) return y;
  if (y.dim === 1) return x;
  const equal = same(x.dim, y.dim);
  if (equal === true) return x;
  if (equal === false && same(x.dim, 1) === false && same(y.dim, 1) === false) return undefined;
  // A definite size may still be 1, and then the number is what remains; '?' may be null.
  if (isDefinite(x.dim) && isDefinite(y.dim)) {
    if (typeof x.dim === 'number') return x;
    if (typeof y.dim === 'number') return y;
  }
  return axis('?', x.role === y.role ? x.role : undefined);
}

/** The axes after the batch, aligned from the end. */
function merged(type: string, a: readonly Axis[], b: readonly Axis[], inputs: readonly Shape[]): readonly Axis[] {
  const [long, short] = a.length < b.length ? [b, a] : [a, b];
  const lead = long.length - short.length;
  return long.map((x, i) => {
    if (i < lead) return x;
    const axis = met(x, at(short, i - lead));
    if (axis === undefined)
      refuse('merge', `${type} of shapes that do not fit: ${showAll(inputs)}`, {
        original: 'Operands could not be broadcast together with shapes',
      });
    return axis;
  });
}

const elementwise = (type: string, className: string): LayerSpec =>
  row({
    type,
    className,
    options: [],
    many: true,
    accept(_, inputs) {
      atLeastTwo(type, inputs, 'A merge layer should be called on an Array of at least 2 inputs.');
      if (clash(batchesOf(inputs)))
        refuse('merge', `${type} cannot merge batches of different sizes: ${showAll(inputs)}`, {
          original: 'Can not merge tensors with different batch sizes.',
        });
    },
    output(_, inputs) {
      // Once built, only the arithmetic itself trips over a lone tensor.
      atLeastTwo(type, inputs, 'is not a function', 'run');
      const batch = mergedBatch(inputs);
      let rest: readonly Axis[] | undefined = inputs[0]?.slice(1);
      for (const input of inputs.slice(1)) {
        rest = rest === undefined || input === null ? undefined : merged(type, rest, input.slice(1), inputs);
      }
      return rest === undefined || batch === undefined ? null : [batch, ...rest];
    },
  });

const concatenate = row({
  type: 'concatenate',
  className: 'Concatenate',
  options: ['axis'],
  many: true,
  accept(options, inputs) {
    atLeastTwo('concatenate', inputs, 'A `Concatenate` layer should be called on a list of at least 2 inputs');
    const index = options.number('axis', -1);
    const known = inputs.filter((s) => s !== null);
    const [first] = known;
    if (first === undefined) return;
    const odd = known.find((s) => s.length !== first.length || (index !== undefined && !fits(first, s, index)));
    if (odd !== undefined)
      refuse('concat', `concatenate along axis ${index ?? '?'}: the other sizes differ, ${showAll([first, odd])}`, {
        argument: 'axis',
        original: 'A `Concatenate` layer requires inputs with matching shapes except for the concat axis.',
      });
  },
  output(options, inputs, symbolic) {
    atLeastTwo('concatenate', inputs, 'A `Concatenate` layer should be called on a list of inputs.');
    const written = options.number('axis', -1);
    const known = inputs.filter((s) => s !== null);
    const [first] = known;
    if (first === undefined || known.some((s) => s.length !== first.length)) return null;
    // Real tensors are joined along the last axis for every negative one.
    const index =
      written === undefined
        ? oddIndex(known)
        : axisIndex(symbolic ? written : realAxis(written, first.length), first.length);
    if (index === undefined) return null;
    return first.map((a, i) => {
      if (i !== index) return agreed(a, known, i);
      if (known.length < inputs.length) return axis('?', a.role);
      return axis(joined(known.map((s) => at(s, i).dim)), a.role);
    });
  },
  run(options, inputs) {
    const written = options.number('axis', -1);
    const known = inputs.filter((s) => s !== null);
    const [first] = known;
    if (first === undefined || written === undefined) return;
    const index = realAxis(written, first.length);
    if (index > first.length)
      refuse('axis-range', `concatenate has no axis ${written} in ${showShape(first)}`, {
        when: 'run',
        argument: 'axis',
      });
    const odd = known.find(
      (s) => s.length !== first.length || !first.every((a, i) => i === index || same(a.dim, at(s, i).dim) !== false),
    );
    if (odd !== undefined)
      refuse('concat', `concatenate: tfjs takes axis ${written} for the last, where ${showAll([first, odd])} differ`, {
        when: 'run',
        argument: 'axis',
        original: 'Error in concat',
      });
  },
});

/** The one axis along which shapes surely differ, which must be that of the concatenation. */
const oddIndex = (shapes: readonly (readonly Axis[])[]): number | undefined => {
  const index = shapes[0]?.findIndex((a, i) => shapes.some((s) => same(a.dim, at(s, i).dim) === false)) ?? -1;
  return index < 0 ? undefined : index;
};

/** Where real tensors are joined: every negative axis, and the rank itself, mean the last. */
const realAxis = (axis: number, rank: number): number => (axis < 0 || axis === rank ? rank - 1 : axis);

/** Whether all sizes but that at `index` may be equal; null is unlike any number. */
function fits(a: readonly Axis[], b: readonly Axis[], index: number): boolean {
  const skipped = index < 0 ? Math.max(index + a.length, 0) : index;
  return a.every((x, i) => {
    const y = at(b, i).dim;
    return (
      i === skipped ||
      !((x.dim === null && isDefinite(y)) || (y === null && isDefinite(x.dim)) || same(x.dim, y) === false)
    );
  });
}

/** The first of the axes at `index` whose size is known. */
const agreed = (a: Axis, shapes: readonly (readonly Axis[])[], index: number): Axis =>
  a.dim !== '?' ? a : (shapes.map((s) => at(s, index)).find((b) => b.dim !== '?') ?? a);

const joined = (dims: readonly Dim[]): Dim => (dims.includes(null) ? null : dims.reduce<Dim>(add, 0));

export const merge: readonly LayerSpec[] = [
  elementwise('add', 'Add'),
  elementwise('multiply', 'Multiply'),
  elementwise('average', 'Average'),
  elementwise('maximum', 'Maximum'),
  elementwise('minimum', 'Minimum'),
  concatenate,
  dot,
];
