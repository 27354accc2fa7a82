// Statistics of a batch that comes a piece at a time. Sums go on from piece to piece in the order in which the kernels for
// whole batches take them, so that they agree to the last bit.
import { layOut, sumA, sumB } from './columnLayout';
import { addShifted, begin, foldSums, settle } from './columnSums';
import * as sums from './sums';

/**
 * Channels last: the next `rows` rows, a multiple of 512 unless they are the last of `total`. The first piece comes with
 * twelve rows for a guess of the means: the first, the middle and the last four. The last one gives means and biased variances,
 * float64[columns] each, and returns 0 where they are good. scratch is kept in between: as in columnsForward.
 */
export function columnSums(
  x: usize, rows: i32, columns: i32, done: i32, total: i32, sample: usize, means: usize, variances: usize, scratch: usize,
): i32 {
  const fold = layOut(scratch, columns, rows);
  if (done == 0) begin(sample, 12, columns);
  addShifted(x, rows, columns, fold);
  if (done + rows < total) return 0;
  foldSums(columns);
  const worst = settle(columns, 1 / <f64>total, 1);
  memory.copy(means, sumA, <usize>columns << 3);
  memory.copy(variances, sumB, <usize>columns << 3);
  return worst;
}

/**
 * Channels first: the next n segments behind `done` ones of `total`, of which each of `period` channels has as many. A channel's
 * shift, float32[period], is made of its first segment. means and variances, float64[period], hold sums in between; the rest as
 * above.
 */
export function segmentSums(
  x: usize, n: i32, len: i32, done: i32, total: i32, period: i32, shifts: usize, means: usize, variances: usize,
): i32 {
  for (let i = done; i < done + n; i++) {
    const c = <usize>(i % period);
    const a = means + (c << 3), b = variances + (c << 3);
    if (i < period) {
      store<f32>(shifts + (c << 2), sums.shiftOf(x, len));
      store<f64>(a, 0);
      store<f64>(b, 0);
    }
    sums.sumsLess(x, len, load<f32>(shifts + (c << 2)));
    store<f64>(a, load<f64>(a) + sums.first);
    store<f64>(b, load<f64>(b) + sums.second);
    x += <usize>len << 2;
  }
  if (done + n < total) return 0;
  const share = 1 / (<f64>(total / period) * <f64>len);
  let worst = 0;
  for (let i = 0; i < period; i++) {
    const c = <usize>i;
    const a = means + (c << 3), b = variances + (c << 3);
    const shift = load<f32>(shifts + (c << 2));
    const d = load<f64>(a) * share;
    const variance = load<f64>(b) * share - d * d;
    if (!sums.isGood(d, variance, shift)) worst = 1;
    store<f64>(a, <f64>shift + d);
    store<f64>(b, variance);
  }
  return worst;
}
