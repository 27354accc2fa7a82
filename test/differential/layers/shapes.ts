import type { InputShape } from './oracle';
import type { Random } from './random';

/** A batch: open, or now and then fixed. */
export const batch = (r: Random): number | null => (r.chance(0.7) ? null : r.int(1, 4));

/** A size that is open now and then. */
export const openSize = (r: Random, low: number, high: number, p = 0.1): number | null =>
  r.chance(p) ? null : r.int(low, high);

/** An input of this rank, or now and then of another. */
export function ofRank(r: Random, rank: number, high = 5, wrong = 0.05): InputShape {
  const actual = r.chance(wrong) ? Math.max(1, rank + r.pick([-2, -1, 1])) : rank;
  return [batch(r), ...Array.from({ length: actual - 1 }, () => openSize(r, 1, high, 0.06))];
}

/** A picture of `dims` spatial axes; sizes open now and then. */
export function picture(r: Random, dims: number, high: number): InputShape {
  return ofRank(r, dims + 2, high);
}

export const numberOrList = (r: Random, dims: number, low: number, high: number): unknown =>
  r.mostly(
    r.chance(0.5) ? r.int(low, high) : r.ints(dims, low, high),
    [r.ints(dims + 1, low, high), r.ints(Math.max(dims - 1, 1), low, high), [1.5, ...r.ints(dims - 1, low, high)]],
    0.03,
  );

export const activation = (r: Random): unknown =>
  r.mostly(
    r.pick(['relu', 'tanh', 'softmax', 'linear', 'selu', 'gelu', 'hardSigmoid', 'swish', 'elu', 'mish', 'gelu_new']),
    ['leakyrelu', 'hard_sigmoid', 'lrelu'],
    0.04,
  );

export const initializer = (r: Random): unknown =>
  r.mostly(r.pick(['zeros', 'heNormal', 'glorotUniform', 'HeNormal', 'ones']), ['he_normal', 'xavier'], 0.08);

export const padding = (r: Random): unknown => r.mostly(r.pick(['same', 'valid']), ['causal', 'full', 'SAME'], 0.08);

export const dataFormat = (r: Random): unknown =>
  r.mostly(r.pick(['channelsLast', 'channelsFirst']), ['channels_first', 'NHWC'], 0.04);
