/** Convolution and pooling windows as tfjs's `conv_util` computes them. */
import { certainlyLess } from '../../../shapes/bounds';
import { add, ceil, type Dim, div, floor, isDefinite, isPoly, mul, same, showDim, sub } from '../../../shapes/dim';
import type { OpCall } from '../../opSpec';
import { isUnknown, type Plain } from '../../plain';
import { isAbsent, isList, sizeIn } from './operands';
import { pairsOf } from './padding';
import { no } from './row';

export type Triple = readonly [Dim, Dim, Dim];

const UNKNOWN_TRIPLE: Triple = ['?', '?', '?'];

/** A number, two or three numbers, as `parseTupleParam`: two leave the third at 1. Absent ones trip tfjs. */
export function tupleOf(raw: Plain, op: string, param: string): Triple {
  if (isAbsent(raw)) return no('option', `${op} needs ${param}`, undefined, param);
  if (typeof raw === 'number' || isPoly(raw)) return [raw, raw, raw];
  if (!isList(raw)) return UNKNOWN_TRIPLE;
  const [a = '?', b = '?', c = 1] = raw.map(sizeIn);
  return raw.length === 2 || raw.length === 3 ? [a, b, c] : UNKNOWN_TRIPLE;
}

/** Strides that tfjs does not look at: one of 0 gives an endless size, and it runs out of memory or time. */
export function stridesOf(call: OpCall, op: string): Triple {
  const strides = tupleOf(call.get('strides'), op, 'strides');
  checkPositive(strides, op, undefined, 'strides');
  return strides;
}

const notOne = (t: Triple): boolean => t.some((d) => isDefinite(d) && same(d, 1) === false);

/** Strides and dilations cannot both differ from 1. */
export function checkEither(strides: Triple, dilations: Triple, op: string, original: string): void {
  if (notOne(strides) && notOne(dilations))
    no(
      'option',
      `${op} takes strides or dilations other than 1, not both: ${show(strides)} and ${show(dilations)}`,
      original,
      'strides',
    );
}

export function checkPositive(values: Triple, op: string, original: string | undefined, param: string): void {
  const bad = values.find((d) => typeof d === 'number' && d <= 0);
  if (bad !== undefined) no('option', `${op} wants positive ${param}, not ${showDim(bad)}`, original, param);
}

const show = (t: readonly Dim[]): string => t.slice(0, 2).map(showDim).join(',');

/** A mode that tfjs does not know is noticed only as it rounds. */
export type Rounding = 'floor' | 'ceil' | 'round' | 'none' | { readonly unknown: string } | undefined;

/** tfjs's `checkPadOnDimRoundingMode`: a rounding mode wants a whole number of padding. */
export function roundingOf(call: OpCall, op: string, described = op): Rounding {
  const mode = call.get('dimRoundingMode');
  const pad = call.get('pad');
  if (isAbsent(mode)) return 'none';
  if (!isUnknown(mode)) {
    if (typeof pad === 'string' || (typeof pad === 'number' && pad % 1 !== 0))
      no(
        'option',
        `${op} takes a dimRoundingMode only with a whole number of padding, not ${pad}`,
        `Error in ${described}: pad must be an integer when using dimRoundingMode ${String(mode)} but got pad ${pad}.`,
        'pad',
      );
    if (pad === undefined)
      no('option', `${op} needs a padding`, `Error in ${described}: Unknown padding parameter`, 'pad');
  }
  if (mode === 'floor' || mode === 'ceil' || mode === 'round') return mode;
  if (typeof mode !== 'string') return undefined;
  return mode === '' ? 'none' : { unknown: mode };
}

/** Refuses a rounding mode that is none, where a number of padding makes tfjs round. */
export function checkRounding(rounding: Rounding, padding: Padding): void {
  if (typeof rounding !== 'object' || typeof padding !== 'object') return;
  no(
    'option',
    `there is no rounding mode ${rounding.unknown}`,
    `Unknown roundingMode ${rounding.unknown}`,
    'dimRoundingMode',
  );
}

/** `'same'`, `'valid'`, a number for all sides, or a pair for each axis of the input. */
export type Padding =
  | 'same'
  | 'valid'
  | undefined
  | { readonly all: Dim }
  | { readonly pairs: readonly (readonly [Dim, Dim])[] };

export function paddingOf(raw: Plain, op: string, original = 'Unknown padding parameter: '): Padding {
  if (raw === 'same' || raw === 'valid') return raw;
  if (raw === null) return no('option', `${op} needs a padding`, undefined, 'pad');
  if (raw === undefined || typeof raw === 'string' || typeof raw === 'boolean')
    return no(
      'option',
      raw === undefined
        ? `${op} needs a padding: 'same', 'valid' or a number`
        : `${op} pads with 'same', 'valid' or a number, not ${raw}`,
      original === '' ? undefined : `${original}${raw}`,
      'pad',
    );
  if (typeof raw === 'number' || isPoly(raw)) return { all: raw };
  const pairs = pairsOf(raw);
  return pairs === undefined ? undefined : { pairs };
}

export interface Window {
  readonly size: Dim;
  readonly stride: Dim;
  readonly dilation: Dim;
}

/** The size of a kernel with its holes: k + (k - 1)·(dilation - 1). */
export function effective(size: Dim, dilation: Dim): Dim {
  if (typeof dilation === 'number' && dilation <= 1) return size;
  return add(size, mul(sub(size, 1), sub(dilation, 1)));
}

function rounded(value: Dim, mode: Rounding): Dim {
  if (mode === undefined || typeof mode === 'object') return isDefinite(value) && Number.isInteger(value) ? value : '?';
  if (mode === 'ceil') return ceil(value);
  if (typeof value === 'number')
    return mode === 'none' ? Math.trunc(value) : mode === 'round' ? Math.round(value) : Math.floor(value);
  return mode === 'round' ? '?' : floor(value);
}

/**
 * The sizes of the output along the spatial axes of a 2-D window.
 * With one number of padding tfjs takes the window and stride of the first axis for both: so do we.
 * @param at the positions of the spatial axes in the input, for paddings given as pairs
 */
export function outputSizes(
  op: string,
  inputs: readonly Dim[],
  windows: readonly Window[],
  padding: Padding,
  rounding: Rounding,
  at: readonly number[],
): readonly Dim[] {
  checkRounding(rounding, padding);
  const [first] = windows;
  return inputs.map((input, i) => {
    const own = windows[i] ?? first;
    if (own === undefined || padding === undefined) return '?';
    const window = typeof padding === 'object' && 'all' in padding ? (first ?? own) : own;
    const size = outputSize(input, window, padding, rounding, at[i] ?? 0);
    checkFits(op, input, window, size);
    return size;
  });
}

function outputSize(input: Dim, window: Window, padding: NonNullable<Padding>, rounding: Rounding, at: number): Dim {
  const kernel = effective(window.size, window.dilation);
  if (padding === 'same') return ceil(div(input, window.stride));
  if (padding === 'valid') return ceil(div(add(sub(input, kernel), 1), window.stride));
  const sides = 'all' in padding ? mul(2, padding.all) : add(...(padding.pairs[at] ?? (['?', '?'] as const)));
  return rounded(add(div(add(sub(input, kernel), sides), window.stride), 1), rounding);
}

/** A window that leaves less than nothing. (One that leaves 0 makes an empty tensor, which tfjs accepts.) */
function checkFits(op: string, input: Dim, window: Window, size: Dim): void {
  if (!certainlyLess(size, 0)) return;
  no(
    'window',
    `${op}: a window of ${showDim(effective(window.size, window.dilation))} does not fit into a size of ${showDim(input)}`,
    undefined,
    'filter',
  );
}

/** The same for 3-D windows: 'valid' is a padding of 0, and a window that does not fit gives 0. */
export function outputSizes3d(
  inputs: readonly Dim[],
  windows: readonly Window[],
  padding: Padding,
  rounding: Rounding,
): readonly Dim[] {
  if (padding === 'valid') checkRounding(rounding, { all: 0 });
  else checkRounding(rounding, padding);
  return inputs.map((input, i) => {
    const window = windows[i];
    if (window === undefined || padding === undefined) return '?';
    const kernel = effective(window.size, window.dilation);
    if (padding === 'same') return ceil(div(input, window.stride));
    const sides = padding === 'valid' ? 0 : 'all' in padding ? mul(2, padding.all) : '?';
    const room = add(sub(input, kernel), sides);
    if (typeof room === 'number' && room < 0) return 0;
    return rounded(add(div(room, window.stride), 1), padding === 'valid' || 'all' in padding ? rounding : undefined);
  });
}
