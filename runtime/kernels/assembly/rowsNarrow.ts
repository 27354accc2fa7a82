// Rows of a few elements: four rows at a time, a row a lane, so that no sum has to be reduced across lanes.
import { upper } from './lanes';
import { madd } from './madd';

/** One element of each of four rows. */
// @ts-ignore: decorator
@inline
function column(x: usize, x1: usize, x2: usize, x3: usize): v128 {
  return v128.load_lane<f32>(x3, v128.load_lane<f32>(x2, v128.load_lane<f32>(x1, v128.load32_splat(x), 1), 2), 3);
}

/** Two float64 pairs as the lanes of one float32 vector. */
// @ts-ignore: decorator
@inline
function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** mean(d²) − mean(d)² as 1/√(variance + ε). */
// @ts-ignore: decorator
@inline
function rstdOf(square: v128, share: v128, mean: v128, epsilon: v128): v128 {
  const variance = f64x2.sub(f64x2.mul(square, share), f64x2.mul(mean, mean));
  return f64x2.div(f64x2.splat(1), f64x2.sqrt(f64x2.add(variance, epsilon)));
}

/**
 * Normalises rows of any width; arguments as in rowsForward. Sums are float64, of differences from a row's first element, so
 * that no mean is too large for them.
 */
export function narrowRows(
  x: usize, y: usize, rows: i32, width: i32, gamma: usize, beta: usize, epsilon: f64, centered: i32, means: usize, rstds: usize,
): void {
  const step = <usize>width << 2;
  const share = f64x2.splat(1 / <f64>width);
  const e = f64x2.splat(epsilon);
  const zero = f64x2.splat(0);
  const few = rows < 4;
  // Fewer than four rows are taken for four; their statistics go by way of the first 64 bytes, which are the kernels' own.
  const toX1 = rows > 1 ? step : 0, toX2 = toX1 + (rows > 2 ? step : 0), toX3 = toX2 + (rows > 3 ? step : 0);
  for (let i = 0; i < rows; i += 4) {
    // The last four may hold rows that are done: they become the same again.
    const r = max(0, min(i, rows - 4));
    const from = x + <usize>r * step, to = y + <usize>r * step;
    const first = centered ? column(from, from + toX1, from + toX2, from + toX3) : zero;
    const firstLow = f64x2.promote_low_f32x4(first), firstHigh = upper(first);
    let sumLow = zero, sumHigh = zero, squareLow = zero, squareHigh = zero;
    for (let p = from; p < from + step; p += 4) {
      const v = column(p, p + toX1, p + toX2, p + toX3);
      const low = f64x2.sub(f64x2.promote_low_f32x4(v), firstLow), high = f64x2.sub(upper(v), firstHigh);
      squareLow = f64x2.add(squareLow, f64x2.mul(low, low));
      squareHigh = f64x2.add(squareHigh, f64x2.mul(high, high));
      if (centered) {
        sumLow = f64x2.add(sumLow, low);
        sumHigh = f64x2.add(sumHigh, high);
      }
    }
    sumLow = f64x2.mul(sumLow, share);
    sumHigh = f64x2.mul(sumHigh, share);
    const rstdLow = rstdOf(squareLow, share, sumLow, e), rstdHigh = rstdOf(squareHigh, share, sumHigh, e);
    const meanLow = f64x2.add(firstLow, sumLow), meanHigh = f64x2.add(firstHigh, sumHigh);
    const at = <usize>r << 3;
    const toMeans: usize = few ? 0 : means + at, toRstds: usize = few ? 32 : rstds + at;
    v128.store(toMeans, meanLow);
    v128.store(toMeans, meanHigh, 16);
    v128.store(toRstds, rstdLow);
    v128.store(toRstds, rstdHigh, 16);
    const h = narrow(meanLow, meanHigh), s = narrow(rstdLow, rstdHigh);
    const offLow = f64x2.sub(f64x2.promote_low_f32x4(h), meanLow), offHigh = f64x2.sub(upper(h), meanHigh);
    const t = narrow(f64x2.mul(offLow, rstdLow), f64x2.mul(offHigh, rstdHigh));
    for (let j: usize = 0; j < step; j += 4) {
      const p = from + j, q = to + j;
      const hat = madd(f32x4.sub(column(p, p + toX1, p + toX2, p + toX3), h), s, t);
      const v = madd(hat, v128.load32_splat(gamma + j), centered ? v128.load32_splat(beta + j) : zero);
      v128.store_lane<f32>(q, v, 0);
      v128.store_lane<f32>(q + toX1, v, 1);
      v128.store_lane<f32>(q + toX2, v, 2);
      v128.store_lane<f32>(q + toX3, v, 3);
    }
  }
  if (few) {
    memory.copy(means, 0, <usize>rows << 3);
    memory.copy(rstds, 32, <usize>rows << 3);
  }
}
