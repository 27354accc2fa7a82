import { type Arg, T, type TensorArg } from '../arguments';
import type { Random } from '../random';

export type Generators = Readonly<Record<string, (r: Random) => readonly Arg[]>>;

export const anyShape = (r: Random, most = 4): number[] => r.shape(r.int(0, 4), most);

/** Mostly float32; sometimes what an op must cast or refuse. */
export const dtype = (r: Random): string => r.mostly('float32', 'int32', 'bool', 'int32', 'bool', 'string');

export const number = (r: Random): string => r.mostly('float32', 'int32', 'bool');

/** A tensor, now and then a plain number or nested list, as people pass them. */
export function tensorLike(r: Random, shape: readonly number[], type = dtype(r)): Arg {
  if (r.chance(0.85)) return T(shape, type);
  return nested(shape, r.chance(0.9) ? 1.5 : r.pick<Arg>(true, 'w'));
}

export function nested(shape: readonly number[], leaf: Arg): Arg {
  const [first, ...rest] = shape;
  return first === undefined ? leaf : Array.from({ length: first }, () => nested(rest, leaf));
}

/** A shape that broadcasts with this one, or sometimes one that does not. */
export function partner(r: Random, shape: readonly number[]): number[] {
  const cut = shape.slice(r.int(0, shape.length)).map((d) => (r.chance(0.25) ? 1 : d));
  if (r.chance(0.15)) return cut.map((d) => (r.chance(0.5) ? d + 1 : d));
  return r.chance(0.2) ? [...r.shape(1), ...cut] : cut;
}

/** An axis in range, or sometimes out of it. */
export function axis(r: Random, rank: number): number {
  return r.mostly(r.int(-rank, Math.max(0, rank - 1)), rank, -rank - 1, rank + 1, 0.5);
}

/** An axis, several of them, null or nothing. */
export function axes(r: Random, rank: number): Arg {
  if (r.chance(0.2)) return r.pick(undefined, null);
  if (r.chance(0.6)) return axis(r, rank);
  const all = Array.from({ length: rank }, (_, i) => i).filter(() => r.chance(0.5));
  return r.mostly(all, [...all].reverse(), [axis(r, rank)]).map((a) => (r.chance(0.2) ? a - rank : a));
}

/** The arguments without trailing undefined ones, half of the time. */
export function trimmed(r: Random, ...args: readonly Arg[]): readonly Arg[] {
  let end = args.length;
  if (r.chance(0.5)) while (end > 0 && args[end - 1] === undefined) end -= 1;
  return args.slice(0, end);
}

/** Nothing, or this. */
export const maybe = <A extends Arg>(r: Random, value: A, p = 0.5): A | undefined => (r.chance(p) ? value : undefined);

export const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

export type { TensorArg };
