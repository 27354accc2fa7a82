// What norms of weights share: a kernel tensor is one sample with its output units as channels.
import { sizeOf } from '../tensor';
import { type Channels, checkDims, checkName } from '../view';

/** Where a weight tensor keeps its output units: last as tfjs's kernels do ([kh, kw, in, out]), or first as PyTorch's. */
export type UnitAxis = 'last' | 'first';

/** @throws NormError for a rank other than 2 to 5, and for another name of an axis */
export function unitsOf(shape: readonly number[], units: UnitAxis = 'last', where: string): Channels {
  checkDims(shape, where, 2);
  checkName(units, ['last', 'first'], where);
  const c = (units === 'last' ? shape.at(-1) : shape[0]) ?? 1;
  return { n: 1, c, s: sizeOf(shape) / c, layout: units === 'last' ? 'channelsLast' : 'channelsFirst' };
}
