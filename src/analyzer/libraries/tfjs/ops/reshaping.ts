/** `reshape`, and what is made of it: the missing size, the check of the sizes, and which axes stay the same axes. */
import { certainlyDiffer } from '../../../shapes/bounds';
import { type Dim, div, isDefinite, mul, same, showDim, total } from '../../../shapes/dim';
import { type Axis, axis, type Shape, showShape, sizeOf } from '../../../shapes/shape';
import { no } from './row';

/**
 * The shape of `x` with these sizes, of which one may be -1. Leading and trailing axes of equal size stay the axes they
 * were. A null (a batch of unknown size) in first place is taken for x's own, if x begins with one.
 * @throws Refused where the number of elements certainly differs, or the list is one that tfjs rejects
 */
export function reshaped(x: Shape, sizes: readonly Dim[]): readonly Axis[] {
  const missing = sizes.indexOf(-1);
  checkSigns(sizes, missing);
  if (x === null) return sizes.map((d) => axis(d === -1 ? '?' : d));
  if (missing < 0) {
    checkTotal(x, sizes);
    return keepAxes(
      x,
      sizes.map((dim) => ({ dim })),
    );
  }
  const rest = leftOver(x, sizes);
  checkDivides(x, sizes);
  const dim = rest.axes.length === 1 && rest.by === 1 ? (rest.axes[0]?.dim ?? '?') : quotient(rest);
  const from = rest.axes.length === 1 && rest.by === 1 ? rest.axes[0] : undefined;
  return keepAxes(
    x,
    sizes.map((d, i) => (i === missing ? { dim, from } : { dim: d })),
  );
}

interface Target {
  readonly dim: Dim;
  /** The axis whose size this is, for certain. */
  readonly from?: Axis | undefined;
}

function checkSigns(sizes: readonly Dim[], missing: number): void {
  for (const [i, d] of sizes.entries()) {
    if (d === -1 && i !== missing)
      no(
        'reshape-size',
        `reshape can work out one size only, but [${sizes.map(showDim).join(',')}] leaves two open`,
        `Shapes can only have 1 implicit size. Found -1 at dim ${missing} and dim ${i}`,
        'shape',
      );
    if (typeof d === 'number' && d < 0 && d !== -1)
      no('reshape-size', `a size cannot be ${d}`, `Shapes can not be < 0. Found ${d} at dim ${i}`, 'shape');
  }
}

function checkTotal(x: readonly Axis[], sizes: readonly Dim[]): void {
  const [before, after] = [sizeOf(x), total(sizes)];
  if (!certainlyDiffer(before, after)) return;
  const exact = typeof before === 'number' && sizes.every((d) => typeof d === 'number');
  no(
    'reshape-size',
    `${showShape(x)} has ${counted(before)}, [${sizes.map(showDim).join(',')}] has ${showDim(after)}`,
    exact
      ? before > 0
        ? `Size(${before}) must match the product of shape ${sizes.join(',')}`
        : 'The new shape ('
      : undefined,
    'shape',
  );
}

function checkDivides(x: readonly Axis[], sizes: readonly Dim[]): void {
  const by = total(sizes.filter((d) => d !== -1));
  const size = sizeOf(x);
  if (by === 0)
    no('reshape-size', 'reshape cannot work out a size next to a 0', 'Cannot infer the missing size in [', 'shape');
  if (typeof by === 'number' && typeof size === 'number' && size % by !== 0)
    no(
      'reshape-size',
      `${showShape(x)} has ${counted(size)}, which ${by} does not divide`,
      `The implicit shape can't be a fractional number. Got ${size} / ${by}`,
      'shape',
    );
}

const counted = (size: Dim): string => `${showDim(size)} element${size === 1 ? '' : 's'}`;

interface LeftOver {
  readonly axes: readonly Axis[];
  readonly by: Dim;
}

/** What remains of x and of the given sizes once equal sizes are struck out on both sides. */
function leftOver(x: readonly Axis[], sizes: readonly Dim[]): LeftOver {
  const axes = [...x];
  const left: Dim[] = [];
  for (const [i, d] of sizes.entries()) {
    if (d === -1) continue;
    const at = axes.findIndex((a) => same(a.dim, d) === true || (i === 0 && isBatchOf(x, a, d)));
    if (at >= 0) axes.splice(at, 1);
    else left.push(d);
  }
  return { axes: axes.filter((a) => a.dim !== 1), by: total(left) };
}

function quotient({ axes, by }: LeftOver): Dim {
  const size = total(axes.map((a) => a.dim));
  if (size === null) return by === null || by === '?' ? '?' : null;
  return by === null || by === 0 ? '?' : div(size, by);
}

function isBatchOf(x: readonly Axis[], a: Axis, d: Dim): boolean {
  return d === null && a === x[0] && a.dim === null;
}

/** Reuses x's axes from both ends for as long as the sizes are provably theirs. */
function keepAxes(x: readonly Axis[], targets: readonly Target[]): readonly Axis[] {
  const out = targets.map((t) => (t.from === undefined || isDefinite(t.dim) ? axis(t.dim) : axis(t.dim, t.from.role)));
  let first = 0;
  while (first < x.length && first < out.length) {
    const [a, t] = [x[first], targets[first]];
    if (a === undefined || t === undefined || !isAxis(x, a, t, first)) break;
    out[first] = a;
    first += 1;
  }
  for (let back = 1; back <= Math.min(x.length, out.length) - first; back += 1) {
    const [a, t] = [x[x.length - back], targets[targets.length - back]];
    if (a === undefined || t === undefined || !isAxis(x, a, t, -1)) break;
    out[out.length - back] = a;
  }
  return out;
}

function isAxis(x: readonly Axis[], a: Axis, t: Target, at: number): boolean {
  return t.from === a || same(a.dim, t.dim) === true || (at === 0 && isBatchOf(x, a, t.dim));
}

/** The size of the flattened tensor, and the axis itself where x has only one. */
export function flattened(x: Shape): readonly Axis[] {
  if (x === null) return [axis('?')];
  const [only] = x;
  return x.length === 1 && only !== undefined ? [only] : [axis(x.map((a) => a.dim).reduce<Dim>(mul, 1))];
}
