import { type Axis, axis, resized, type Shape } from '../../../shapes/shape';
import { no } from './row';

interface Part {
  /** The axis of the input, or a new one. */
  readonly of: number | 'new';
  readonly begin: number;
  readonly end: number;
  readonly stride: number;
  readonly beginMasked: boolean;
  readonly endMasked: boolean;
  readonly shrink: boolean;
}

/**
 * The shape of `tf.stridedSlice`, after tfjs's `sliceInfo`: an ellipsis stands for as many whole axes as are left, a new
 * axis for a size of 1, a shrunk axis is picked at one index and vanishes. Masks are bit sets over the given positions.
 */
export function sliceInfo(
  x: readonly Axis[],
  begin: readonly number[],
  end: readonly number[],
  strides: readonly number[],
  masks: readonly number[],
): Shape {
  const [beginMask = 0, endMask = 0, ellipsisMask = 0, newAxisMask = 0, shrinkAxisMask = 0] = masks;
  if ((ellipsisMask & (ellipsisMask - 1)) !== 0)
    no('option', 'stridedSlice takes one ellipsis', 'Multiple ellipses in slice is not allowed.', 'ellipsisMask');
  const given = strides.length;
  const ellipsis = ellipsisMask === 0 ? given : Math.log2(ellipsisMask);
  const total = ellipsis >= given ? given + 1 : given;
  const added = Array.from({ length: given }, (_, i) => i).filter((i) => i > ellipsis && bit(newAxisMask, i)).length;
  const parts: Part[] = [];
  let full = 0;
  for (let i = 0; i < total; i += 1) {
    if (i === ellipsis || (i === given && ellipsis >= given)) {
      const next = Math.min(x.length - (total - i) + 1 + added, x.length);
      for (; full < next; full += 1) parts.push(whole(full));
    } else if (bit(newAxisMask, i)) {
      parts.push({ ...whole(0), of: 'new' });
    } else {
      if (full >= x.length)
        no(
          'slice-range',
          `stridedSlice was given more positions than the ${x.length} axes`,
          `Index out of range using input dim ${full}; input has only ${x.length} dims`,
          'begin',
        );
      parts.push({
        of: full,
        begin: begin[i] ?? Number.NaN,
        end: end[i] ?? Number.NaN,
        stride: strides[i] ?? 1,
        beginMasked: bit(beginMask, i),
        endMasked: bit(endMask, i),
        shrink: bit(shrinkAxisMask, i),
      });
      full += 1;
    }
  }
  const result = parts.map((part) => sizeOfPart(x, part)).filter((a) => a !== undefined);
  checkDense(x, parts, result);
  return result;
}

/**
 * Where all strides are 1, or only the first axis is cut, tfjs makes a plain slice of it: that one refuses to end before
 * it begins, but takes a size of -1 for the rest, which then does not fit.
 */
function checkDense(x: readonly Axis[], parts: readonly Part[], result: readonly Axis[]): void {
  const dense = parts
    .filter((p) => p.of !== 'new')
    .map((p) => ({ ...p, size: x[Number(p.of)]?.dim, at: Number(p.of) }));
  if (dense.some((p) => typeof p.size !== 'number')) return;
  const cuts = dense.map((p) => {
    const size = Number(p.size);
    const from = p.shrink ? (p.begin < 0 ? size + p.begin : p.begin) : bound(p, size, true);
    return { ...p, total: size, from, to: p.shrink ? from + 1 : bound(p, size, false) };
  });
  const whole = cuts.map((c) => c.stride === 1 && c.from === 0 && c.to === c.total);
  const simple = cuts.every((c) => c.stride === 1);
  const firstOnly = cuts.every((c, i) => (i === 0 && c.stride === 1) || whole[i]);
  if (whole.every(Boolean) || (!simple && !firstOnly)) return;
  const sizes = cuts.map((c) => Math.ceil((c.to - c.from) / c.stride));
  const negative = cuts.findIndex((_, i) => (sizes[i] ?? 0) < -1);
  if (negative >= 0)
    no(
      'slice-range',
      `stridedSlice of axis ${negative} ends at ${cuts[negative]?.to}, before it begins at ${cuts[negative]?.from}`,
      `Negative size values should be exactly -1 but got ${sizes[negative]} for the slice() size at index ${negative}.`,
      'end',
    );
  const taken = cuts.reduce((n, c, i) => n * (sizes[i] === -1 ? c.total - c.from : (sizes[i] ?? 0)), 1);
  const stated = result.reduce((n, a) => n * Number(a.dim), 1);
  if (taken !== stated)
    no(
      'slice-range',
      'stridedSlice ends just before it begins, which tfjs takes for the rest of the axis',
      `Size(${taken}) must match`,
      'end',
    );
}

const bit = (mask: number, i: number): boolean => (mask & (1 << i)) !== 0;

const whole = (of: number): Part => ({
  of,
  begin: 0,
  end: 0,
  stride: 1,
  beginMasked: true,
  endMasked: true,
  shrink: false,
});

function sizeOfPart(x: readonly Axis[], part: Part): Axis | undefined {
  if (part.of === 'new') return axis(1);
  const a = x[part.of];
  if (part.stride === 0) no('option', 'a stride of 0 goes nowhere', `strides[${part.of}] must be non-zero`, 'strides');
  if (part.shrink && part.stride < 0)
    no(
      'option',
      'an axis that vanishes takes a stride of 1',
      'only stride 1 allowed on non-range indexing.',
      'strides',
    );
  if (a === undefined || typeof a.dim !== 'number') return part.shrink ? undefined : wholeOrUnknown(a, part);
  if (part.shrink) {
    const at = part.begin < 0 ? a.dim + part.begin : part.begin;
    if (at < 0 || at >= a.dim)
      no(
        'slice-range',
        `index ${part.begin} is outside axis ${part.of} of size ${a.dim}`,
        `slice index ${at} of dimension ${part.of} out of bounds.`,
        'begin',
      );
    return undefined;
  }
  const [from, to] = [bound(part, a.dim, true), bound(part, a.dim, false)];
  const length = to - from;
  const size = length === 0 || length < 0 !== part.stride < 0 ? 0 : Math.ceil(length / part.stride);
  return Number.isNaN(size) ? axis('?', a.role) : resized(a, size);
}

function wholeOrUnknown(a: Axis | undefined, part: Part): Axis {
  return a !== undefined && part.beginMasked && part.endMasked && part.stride === 1 ? a : axis('?', a?.role);
}

/** Begin or end within the axis; masked ones take the end that the stride comes from or goes to. */
function bound(part: Part, size: number, isBegin: boolean): number {
  const forward = part.stride > 0;
  const [low, high] = [forward ? 0 : -1, forward ? size : size - 1];
  if (isBegin ? part.beginMasked : part.endMasked) return forward === isBegin ? low : high;
  const value = isBegin ? part.begin : part.end;
  const at = value < 0 ? size + value : value;
  return Math.min(Math.max(at, low), high);
}
