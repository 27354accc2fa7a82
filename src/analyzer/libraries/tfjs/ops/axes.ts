/** Ranks, axis arguments and the shapes of reductions. */
import { isPoly, showDim } from '../../../shapes/dim';
import {
  type Axis,
  axis,
  broadcast,
  isMismatch,
  type Role,
  type Shape,
  sameShape,
  showShape,
  unknownOfRank,
} from '../../../shapes/shape';
import { isUnknown, type Plain, type PlainTensor } from '../../plain';
import { isAbsent, isList } from './operands';
import { no } from './row';

export function rankOf(t: PlainTensor): number | undefined {
  return t.shape?.length;
}

/** The shape as tfjs prints it in messages, or '' where it is not known in numbers (so that a prefix still holds). */
export function plainShape(shape: Shape): string | undefined {
  if (shape?.every((a) => typeof a.dim === 'number') !== true) return undefined;
  return shape.map((a) => a.dim).join(',');
}

/** Refuses ranks other than these. `original` is tfjs's sentence up to the rank. */
export function checkRank(t: PlainTensor, ranks: readonly number[], op: string, original: string, param = 'x'): void {
  const rank = rankOf(t);
  if (rank === undefined || ranks.includes(rank)) return;
  no(
    'rank',
    `${op} wants ${param} of rank ${ranks.join(' or ')}, not ${rank} (${showShape(t.shape)})`,
    original === '' ? undefined : original.replace('$', String(rank)),
    param,
  );
}

/** Both broadcast together, or refused. */
export function broadcasted(a: Shape, b: Shape): Shape {
  const result = broadcast(a, b);
  if (!isMismatch(result)) return result;
  const [x, y] = [plainShape(a), plainShape(b)];
  return no(
    'broadcast',
    `shapes ${showShape(a)} and ${showShape(b)} do not broadcast: ${sizeAt(a, result.axis)} against ${sizeAt(b, result.axis)} on axis ${result.axis}`,
    x === undefined || y === undefined
      ? 'Operands could not be broadcast together with shapes'
      : `Operands could not be broadcast together with shapes ${x} and ${y}.`,
  );
}

const sizeAt = (s: Shape, fromEnd: number): string => showDim(s?.at(fromEnd)?.dim ?? '?');

/** Refuses shapes that certainly differ; gives the better known of the two. */
export function matching(a: PlainTensor, b: PlainTensor, what: string, original: string): Shape {
  if (sameShape(a.shape, b.shape) === false)
    return no(
      'broadcast',
      `${what} must match: ${showShape(a.shape)} against ${showShape(b.shape)}`,
      original,
      undefined,
      'The two must have one shape: nothing is broadcast here. Reshape, squeeze or expandDims the odd one.',
    );
  return a.shape ?? b.shape;
}

/**
 * An axis argument as tfjs's `parseAxisParam` reads it: null means every axis. Undefined where the axes are not known;
 * an axis that is certainly out of range or fractional is refused.
 */
export function parseAxes(raw: Plain, rank: number | undefined, param = 'axis'): readonly number[] | undefined {
  if (isAbsent(raw)) return rank === undefined ? undefined : Array.from({ length: rank }, (_, i) => i);
  if (isUnknown(raw)) return undefined;
  const list = isList(raw) ? raw : [raw];
  if (rank === undefined) return undefined;
  const written = list.map(String).join(',');
  const known = list.every((a) => typeof a === 'number');
  for (const a of list) {
    if (typeof a === 'number' && !(a >= -rank && a < rank))
      no(
        'axis-range',
        rank === 0
          ? `a scalar has no axis ${a}`
          : `axis ${a} is outside a tensor of rank ${rank}: use ${-rank} to ${rank - 1}`,
        `All values in axis param must be in range [-${rank}, ${rank}) but got axis${known ? ` ${written}` : ''}`,
        param,
      );
  }
  const fractional = list.find((a) => typeof a === 'number' && a % 1 !== 0);
  // tfjs looks at all ranges before it asks for integers.
  if (fractional !== undefined && known)
    no(
      'axis-range',
      `axis ${fractional} is not an integer`,
      `All values in axis param must be integers but got axis ${written}`,
      param,
    );
  if (!known) return undefined;
  return (list as readonly number[]).map((a) => (a < 0 ? rank + a : a));
}

/** The shape after a reduction over these axes: the others keep their identity. */
export function reduced(s: Shape, axes: readonly number[] | undefined, keepDims: boolean | undefined): Shape {
  if (s === null) return null;
  if (axes === undefined) {
    return keepDims === true ? s.map((a) => (a.dim === 1 ? a : axis('?', a.role))) : null;
  }
  if (axes.length === 0) return s;
  // What tfjs makes of an axis given twice depends on the backend.
  if (new Set(axes).size !== axes.length || keepDims === undefined) return null;
  if (keepDims) return s.map((a, i) => (axes.includes(i) ? axis(1, a.role) : a));
  return s.filter((_, i) => !axes.includes(i));
}

/** The same by a call's own arguments: over every axis nothing is left, whatever the rank. */
export function reducedOver(x: PlainTensor, axes: Plain, keepDims: boolean | undefined): Shape {
  if (x.shape === null && isAbsent(axes) && keepDims === false) return [];
  return reduced(x.shape, parseAxes(axes, rankOf(x)), keepDims);
}

/** One axis given as a number; undefined where it is not known. */
export function oneAxis(raw: Plain, fallback: number): number | undefined {
  return raw === undefined ? fallback : typeof raw === 'number' ? raw : undefined;
}

/** The shape with each size unknown: for an op that changes some axis, we do not know which. */
export function someAxisChanged(s: Shape): Shape {
  return s === null ? null : unknownOfRank(s.length);
}

/** The axis with a role, where it has none yet; its identity stays. */
export function withRole(a: Axis, role: Role | undefined): Axis {
  return a.role !== undefined || role === undefined ? a : { ...a, role };
}

/** Whether the value is a number written as a symbol, or not known at all. */
export function mayBeAnyNumber(raw: Plain): boolean {
  return isUnknown(raw) || isPoly(raw);
}
