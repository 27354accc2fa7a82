import { add, apply, ceilDiv, type Dim, floorDiv, isPoly, mul, same, showDim, sub, total } from '../../../shapes/dim';
import { type Shape, showShape } from '../../../shapes/shape';
import { refuse } from '../../refused';

/** The size at `i`, null kept; '?' where a list is too short. */
export function sizeAt(list: readonly Dim[], i: number): Dim {
  const size = list[i];
  return size === undefined ? '?' : size;
}

/**
 * The length that a sliding window leaves: `convOutputLength` of tfjs.
 * @param padding undefined where it is not known
 */
export function windowedLength(
  length: Dim,
  kernel: Dim,
  padding: string | undefined,
  stride: Dim,
  dilation: Dim = 1,
): Dim {
  if (length === null) return null;
  if (padding === undefined)
    return agreed(windowedLength(length, kernel, 'same', stride, dilation), () =>
      windowedLength(length, kernel, 'valid', stride, dilation),
    );
  const span = add(mul(sub(kernel, 1), dilation), 1);
  const room = padding === 'same' ? length : add(sub(length, span), 1);
  if (typeof room === 'number' && typeof stride === 'number') return Math.floor((room + stride - 1) / stride);
  if (!isWholeStride(stride)) return '?';
  return padding === 'same' ? ceilDiv(length, stride) : add(floorDiv(sub(length, span), stride), 1);
}

/** The length that a transposed window gives: `deconvLength` of tfjs. */
export function unwindowedLength(length: Dim, kernel: Dim, padding: string | undefined, stride: Dim): Dim {
  if (length === null) return null;
  if (padding === undefined)
    return agreed(unwindowedLength(length, kernel, 'same', stride), () =>
      unwindowedLength(length, kernel, 'valid', stride),
    );
  const spread = mul(length, stride);
  return padding === 'same' ? spread : add(spread, apply('max', [sub(kernel, stride), 0], Math.max));
}

const isWholeStride = (stride: Dim): boolean =>
  isPoly(stride) || (typeof stride === 'number' && Number.isInteger(stride) && stride > 0);

const agreed = (a: Dim, b: () => Dim): Dim => (same(a, b()) === true ? a : '?');

/** Refuses lengths whose product is surely negative: no tensor of that size can be made. */
export function refuseNegativeSize(type: string, input: Shape, kernel: readonly Dim[], lengths: readonly Dim[]): void {
  if (!lengths.every((d) => typeof d === 'number') || (total(lengths) as number) >= 0) return;
  refuseTooLarge(type, input, kernel);
}

/** Refuses any length that is surely negative. */
export function refuseNegativeLength(
  type: string,
  input: Shape,
  kernel: readonly Dim[],
  lengths: readonly Dim[],
): void {
  if (lengths.some((d) => typeof d === 'number' && d < 0)) refuseTooLarge(type, input, kernel);
}

function refuseTooLarge(type: string, input: Shape, kernel: readonly Dim[]): never {
  refuse('window', `${type}'s window [${kernel.map(showDim).join(',')}] is larger than its input ${showShape(input)}`, {
    when: 'run',
    original: 'Tensor must have a shape comprised of positive integers but got shape',
  });
}
