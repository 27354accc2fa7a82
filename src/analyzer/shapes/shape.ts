import { certainlyDiffer } from './bounds';
import { atLeast, type Dim, isDefinite, isPoly, joinDim, larger, same, showDim, total } from './dim';

export type Role = 'batch' | 'time' | 'depth' | 'height' | 'width' | 'channel';

/**
 * One axis of a tensor. Its identity (`id`) is kept by whatever keeps the axis: elementwise ops, transposes, reductions
 * of other axes. So two axes of one size can still be told apart.
 */
export interface Axis {
  readonly id: number;
  readonly dim: Dim;
  readonly role?: Role;
}

/** The axes, outermost first; null where even the rank is unknown. */
export type Shape = readonly Axis[] | null;

let ids = 0;

/** A new axis, distinct from all others. */
export function axis(dim: Dim, role?: Role): Axis {
  ids += 1;
  return role === undefined ? { id: ids, dim } : { id: ids, dim, role };
}

/** The axis at its new size: role kept, identity new where the size changed. */
export function resized(from: Axis, dim: Dim): Axis {
  return same(from.dim, dim) === true ? from : axis(dim, from.role);
}

/** The same axis, read in this role from now on. */
export function inRole(from: Axis, role: Role): Axis {
  return from.role === role ? from : { id: from.id, dim: from.dim, role };
}

/** New axes of these sizes. */
export function shape(dims: readonly Dim[], roles: readonly (Role | undefined)[] = []): readonly Axis[] {
  return dims.map((dim, i) => axis(dim, roles[i]));
}

export function dimsOf(s: Shape): readonly Dim[] | null {
  return s === null ? null : s.map((a) => a.dim);
}

/** A shape of known rank whose sizes are not. */
export function unknownOfRank(rank: number): readonly Axis[] {
  return shape(new Array<Dim>(rank).fill('?'));
}

/** The number of elements; '?' where the rank is unknown. */
export function sizeOf(s: Shape): Dim {
  return s === null ? '?' : total(s.map((a) => a.dim));
}

/** `[null,28,28,1]`, or `[…]` where the rank is unknown. */
export function showShape(s: Shape): string {
  return s === null ? '[…]' : `[${s.map((a) => showDim(a.dim)).join(',')}]`;
}

/** Whether every dim is an integer or null, as tfjs itself would print it. */
export function isExact(s: Shape): boolean {
  return s?.every((a) => a.dim === null || typeof a.dim === 'number') ?? false;
}

/** Whether the shapes are equal: true or false only where it holds for every input. */
export function sameShape(a: Shape, b: Shape): boolean | undefined {
  if (a === null || b === null) return undefined;
  if (a.length !== b.length) return false;
  let all: boolean | undefined = true;
  for (const [i, x] of a.entries()) {
    const equal = same(x.dim, b[i]?.dim ?? '?');
    if (equal === false) return false;
    if (equal === undefined) all = undefined;
  }
  return all;
}

/** An axis index as tfjs reads it (negative counts from the end); undefined where it is out of range. */
export function axisIndex(index: number, rank: number): number | undefined {
  const at = index < 0 ? index + rank : index;
  return Number.isInteger(at) && at >= 0 && at < rank ? at : undefined;
}

export interface BroadcastMismatch {
  readonly mismatch: true;
  /** Counted from the end, as broadcasting aligns: -1 is the last axis. */
  readonly axis: number;
}

/** NumPy's broadcasting; a mismatch is reported only where it is certain. */
export function broadcast(a: Shape, b: Shape): Shape | BroadcastMismatch {
  if (a === null || b === null) return null;
  const rank = Math.max(a.length, b.length);
  const out: Axis[] = [];
  for (let i = 1; i <= rank; i += 1) {
    const x = a[a.length - i];
    const y = b[b.length - i];
    const met = x === undefined ? y : y === undefined ? x : meet(x, y);
    if (met === undefined) return { mismatch: true, axis: -i };
    out.unshift(met);
  }
  return out;
}

function meet(x: Axis, y: Axis): Axis | undefined {
  if (x.dim === 1) return y.dim === 1 && y.role === undefined ? x : y;
  if (y.dim === 1) return x;
  if (same(x.dim, y.dim) === true) return x.role === undefined && y.role !== undefined ? y : x;
  // Either of them may turn out to be 1, and then the result is the other.
  const xMayStretch = mayBeOne(x.dim);
  const yMayStretch = mayBeOne(y.dim);
  if (!xMayStretch && !yMayStretch) {
    if (certainlyDiffer(x.dim, y.dim)) return undefined;
    return isDefinite(x.dim) ? x : y;
  }
  if (!xMayStretch) return x;
  if (!yMayStretch) return y;
  if (x.dim === null || y.dim === null) return x.dim === null ? x : y;
  // Of two sizes that fit each other, one is 1 or both are equal: the larger is the result.
  if (isDefinite(x.dim) && isDefinite(y.dim)) return axis(larger(x.dim, y.dim), x.role ?? y.role);
  return x.dim === '?' ? x : y;
}

function mayBeOne(dim: Dim): boolean {
  return typeof dim === 'number' ? dim === 1 : atLeast(dim) <= 1;
}

export function isMismatch(result: Shape | BroadcastMismatch): result is BroadcastMismatch {
  return result !== null && 'mismatch' in result;
}

/** Whether both are printed alike. Unlike `sameShape` this tells nothing of their values: `?` reads as `?`. */
export function printAlike(a: Shape, b: Shape): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((x, i) => dimsPrintAlike(x.dim, b[i]?.dim ?? null));
}

function dimsPrintAlike(a: Dim, b: Dim): boolean {
  return a === b || (isPoly(a) && isPoly(b) && showDim(a) === showDim(b));
}

/** What reads alike in both: a size has its name in each visit of a function, though it may be another each time. */
export function joinAsPrinted(a: Shape, b: Shape): Shape {
  if (a === null || b === null || a.length !== b.length) return null;
  const joined = joinShape(a, b);
  return a.map((x, i) => (dimsPrintAlike(x.dim, b[i]?.dim ?? null) ? x : (joined?.[i] ?? x)));
}

/** What holds of both: equal ranks keep the dims in which they agree. */
export function joinShape(a: Shape, b: Shape): Shape {
  if (a === null || b === null || a.length !== b.length) return null;
  return a.map((x, i) => {
    const y = b[i] as Axis;
    if (x.id === y.id) return x;
    const role = x.role === y.role ? x.role : undefined;
    return axis(joinDim(x.dim, y.dim), role);
  });
}
