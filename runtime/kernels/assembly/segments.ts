// Channels first: sets made of contiguous segments, each segment with one γ and one β.
//
// The tensor is (o, r1, k, sub, len): set (o, k) holds r1 · sub segments of len elements. Segment number
// i = ((o·R1 + r1)·K + k)·sub + j takes γ[i mod period]: period C for a parameter a channel, N·C for one a sample and channel.
import * as sums from './sums';
import { madd } from './madd';
import { isNear } from './near';

/** y = (x − high)·scale + offset over n contiguous elements. */
function applySegment(x: usize, y: usize, n: i32, high: f32, scale: f32, offset: f32): void {
  const h = f32x4.splat(high);
  const s = f32x4.splat(scale);
  const t = f32x4.splat(offset);
  const end = x + (<usize>(n >> 4) << 6);
  for (; x < end; x += 64, y += 64) {
    const d0 = f32x4.sub(v128.load(x), h);
    const d1 = f32x4.sub(v128.load(x, 16), h);
    const d2 = f32x4.sub(v128.load(x, 32), h);
    const d3 = f32x4.sub(v128.load(x, 48), h);
    v128.store(y, madd(d0, s, t));
    v128.store(y, madd(d1, s, t), 16);
    v128.store(y, madd(d2, s, t), 32);
    v128.store(y, madd(d3, s, t), 48);
  }
  const stop = x + (<usize>((n & 15) >> 2) << 4);
  for (; x < stop; x += 16, y += 16) v128.store(y, madd(f32x4.sub(v128.load(x), h), s, t));
  const last = x + (<usize>(n & 3) << 2);
  for (; x < last; x += 4, y += 4) store<f32>(y, (load<f32>(x) - high) * scale + offset);
}

/** dx = dy·a + (x − high)·b + c over n contiguous elements. */
export function combineSegment(x: usize, dy: usize, dx: usize, n: i32, high: f32, a: f32, b: f32, c: f32): void {
  const h = f32x4.splat(high);
  const va = f32x4.splat(a);
  const vb = f32x4.splat(b);
  const vc = f32x4.splat(c);
  const fromDy = dy - x;
  const toDx = dx - x;
  const end = x + (<usize>(n >> 4) << 6);
  for (; x < end; x += 64) {
    const d0 = madd(f32x4.sub(v128.load(x), h), vb, vc);
    const d1 = madd(f32x4.sub(v128.load(x, 16), h), vb, vc);
    const d2 = madd(f32x4.sub(v128.load(x, 32), h), vb, vc);
    const d3 = madd(f32x4.sub(v128.load(x, 48), h), vb, vc);
    v128.store(x + toDx, madd(v128.load(x + fromDy), va, d0));
    v128.store(x + toDx, madd(v128.load(x + fromDy, 16), va, d1), 16);
    v128.store(x + toDx, madd(v128.load(x + fromDy, 32), va, d2), 32);
    v128.store(x + toDx, madd(v128.load(x + fromDy, 48), va, d3), 48);
  }
  const stop = x + (<usize>((n & 15) >> 2) << 4);
  for (; x < stop; x += 16) {
    const d = madd(f32x4.sub(v128.load(x), h), vb, vc);
    v128.store(x + toDx, madd(v128.load(x + fromDy), va, d));
  }
  const last = x + (<usize>(n & 3) << 2);
  for (; x < last; x += 4) store<f32>(x + toDx, load<f32>(x + fromDy) * a + ((load<f32>(x) - high) * b + c));
}

/**
 * Normalises every set and remembers mean, variance and 1/√(variance + ε), each float64[o·k].
 * gamma and beta: float32[period], or 0 for none; variance may be 0 (not wanted).
 */
export function segmentsForward(
  x: usize, y: usize, o: i32, r1: i32, k: i32, sub: i32, len: i32,
  gamma: usize, beta: usize, period: i32, epsilon: f64, centered: i32,
  means: usize, rstds: usize, variances: usize,
): void {
  const sets = o * k;
  if (r1 == 1 && sub == 1) return singleSegments(x, y, sets, len, gamma, beta, period, epsilon, centered, means, rstds, variances);
  const size = sub * len;
  const share = 1 / (<f64>r1 * <f64>size);
  // A set is written while the sums of a later one are taken; small ones further ahead, to hide the latency of a root and a quotient.
  const ahead = r1 * size <= SMALL ? 2 : 1;
  for (let i = 0; i < sets + ahead; i++) {
    const summed = i < sets ? x + startOf(i, r1, k, size) : 0;
    const shift: f32 = summed && centered ? sums.shiftOf(summed, size) : 0;
    if (i < ahead) sumSet(summed, r1, k, sub, len, shift);
    else writeSet(x, y, i - ahead, summed, shift, r1, k, sub, len, gamma, beta, period, means, rstds, epsilon);
    if (!summed) continue;
    const mean = centered ? sums.first * share : 0;
    settle(summed, <usize>k * <usize>size << 2, r1, size, share, centered, shift, mean, sums.second * share - mean * mean);
    const at = <usize>i << 3;
    store<f64>(means + at, sums.first);
    store<f64>(rstds + at, 1 / sqrt(sums.second + epsilon));
    if (variances) store<f64>(variances + at, sums.second);
  }
}

/** The same where every set is one segment, which are many and short in instance norm: without loops over segments. */
function singleSegments(
  x: usize, y: usize, sets: i32, len: i32, gamma: usize, beta: usize, period: i32, epsilon: f64, centered: i32,
  means: usize, rstds: usize, variances: usize,
): void {
  const bytes = <usize>len << 2;
  const share = 1 / <f64>len;
  let channel: usize = 0;
  for (let i = 0; i < sets + 2; i++) {
    const last = i >= sets;
    const at = <usize>i << 3;
    const shift: f32 = !last && centered ? sums.shiftOf(x, len) : 0;
    if (i < 2) {
      if (!last) sums.sumsLess(x, len, shift);
    } else {
      const mean = load<f64>(means + at - 16), rstd = load<f64>(rstds + at - 16);
      const fold = isNear(mean, rstd, epsilon);
      const high: f32 = fold ? 0 : <f32>mean;
      const scale = gamma ? rstd * <f64>load<f32>(gamma + channel) : rstd;
      const offset = (beta ? <f64>load<f32>(beta + channel) : 0) - (mean - <f64>high) * scale;
      const from = x - 2 * bytes;
      if (last) applySegment(from, y, len, high, <f32>scale, <f32>offset);
      else if (fold && shift == 0) sums.rawSumsWhile(x, len, from, y, <f32>scale, <f32>offset);
      else sums.shiftedSumsWhile(x, len, shift, from, y, high, <f32>scale, <f32>offset);
      y += bytes;
      channel += 4;
      if (channel == <usize>period << 2) channel = 0;
    }
    // The set before: its root and quotient wait for nothing any more.
    if (i > 0 && i <= sets) store<f64>(rstds + at - 8, 1 / sqrt(load<f64>(rstds + at - 8) + epsilon));
    if (!last) {
      const mean = centered ? sums.first * share : 0;
      settle(x, 0, 1, len, share, centered, shift, mean, sums.second * share - mean * mean);
      store<f64>(means + at, sums.first);
      store<f64>(rstds + at, sums.second);
      if (variances) store<f64>(variances + at, sums.second);
    }
    x += bytes;
  }
}

/** Mean and variance of a set from those of d = x − shift, or anew. */
// @ts-ignore: decorator
@inline
function settle(x: usize, step: usize, r1: i32, size: i32, share: f64, centered: i32, shift: f32, mean: f64, variance: f64): void {
  sums.setSums(<f64>shift + mean, variance);
  if (!sums.isGood(mean, variance, shift)) again(x, step, r1, size, share, centered);
}

/** Elements of a set whose statistics would keep the next one waiting. */
const SMALL: i32 = 4096;

/** The byte offset of a set's first element. */
// @ts-ignore: decorator
@inline
function startOf(set: i32, r1: i32, k: i32, size: i32): usize {
  // Whole quotients take longer than all else here, and instance norm has many small sets.
  const io = r1 == 1 ? 0 : set / k;
  return (<usize>io * <usize>r1 * <usize>k + <usize>(set - io * k)) * <usize>size << 2;
}

/** Σd and Σd² of the set at p. */
// @ts-ignore: decorator
@inline
function sumSet(p: usize, r1: i32, k: i32, sub: i32, len: i32, shift: f32): void {
  const gap = <usize>(k - 1) * <usize>sub * <usize>len << 2;
  let sum: f64 = 0;
  let square: f64 = 0;
  for (let ir = 0; ir < r1; ir++) {
    // Segment by segment, as writeSet does it: sums are then the same in either.
    for (let j = 0; j < sub; j++) {
      sums.sumsLess(p, len, shift);
      sum += sums.first;
      square += sums.second;
      p += <usize>len << 2;
    }
    p += gap;
  }
  sums.setSums(sum, square);
}

/** Writes one set from its remembered statistics, and meanwhile takes the sums of the one at p (0: none). */
// @ts-ignore: decorator
@inline
function writeSet(
  x: usize, y: usize, set: i32, p: usize, shift: f32, r1: i32, k: i32, sub: i32, len: i32,
  gamma: usize, beta: usize, period: i32, means: usize, rstds: usize, epsilon: f64,
): void {
  const mean = load<f64>(means + (<usize>set << 3));
  const rstd = load<f64>(rstds + (<usize>set << 3));
  const fold = isNear(mean, rstd, epsilon);
  const high: f32 = fold ? 0 : <f32>mean;
  const low = mean - <f64>high;
  const raw = fold && shift == 0;
  const bytes = <usize>len << 2;
  const gap = <usize>(k - 1) * <usize>sub * bytes;
  const io = r1 == 1 ? 0 : set / k;
  let row = io * r1 * k + set - io * k;
  let place = <usize>row * <usize>sub * bytes;
  let sum: f64 = 0;
  let square: f64 = 0;
  for (let ir = 0; ir < r1; ir++) {
    let channel = row * sub % period;
    for (let j = 0; j < sub; j++) {
      const scale = gamma ? rstd * <f64>load<f32>(gamma + (<usize>channel << 2)) : rstd;
      const offset = (beta ? <f64>load<f32>(beta + (<usize>channel << 2)) : 0) - low * scale;
      if (p) {
        if (raw) sums.rawSumsWhile(p, len, x + place, y + place, <f32>scale, <f32>offset);
        else sums.shiftedSumsWhile(p, len, shift, x + place, y + place, high, <f32>scale, <f32>offset);
        sum += sums.first;
        square += sums.second;
        p += bytes;
      } else applySegment(x + place, y + place, len, high, <f32>scale, <f32>offset);
      place += bytes;
      if (++channel == period) channel = 0;
    }
    row += k;
    place += gap;
    if (p) p += gap;
  }
  sums.setSums(sum, square);
}

/** Mean and variance of r1 pieces of n elements, `step` bytes apart, whose first sums, in `sums`, were no good. */
function again(x: usize, step: usize, r1: i32, n: i32, share: f64, centered: i32): void {
  for (let attempt = 0; attempt < 2; attempt++) {
    if (!centered || !sums.isFinite64(sums.second)) break;
    // The mean as it is known by now, which after raw sums may itself be far off: hence two attempts.
    const shift = <f32>sums.first;
    let sum: f64 = 0;
    let square: f64 = 0;
    for (let i = 0; i < r1; i++) {
      sums.sumsLess(x + <usize>i * step, n, shift);
      sum += sums.first;
      square += sums.second;
    }
    const mean = sum * share;
    const variance = square * share - mean * mean;
    sums.setSums(<f64>shift + mean, max<f64>(variance, 0));
    if (mean * mean <= 2 * variance) return;
  }
  if (!sums.isFinite64(sums.second)) wide(x, step, r1, n, centered);
}

/** The same, piece by piece merged by Chan's formula (Chan, Golub, LeVeque 1983), for values out of float32's range. */
function wide(x: usize, step: usize, r1: i32, n: i32, centered: i32): void {
  let mean: f64 = 0;
  let m2: f64 = 0;
  const share = 1 / <f64>n;
  for (let i = 0; i < r1; i++) {
    if (centered) sums.moments(x + <usize>i * step, n, share);
    else sums.meanSquare(x + <usize>i * step, n, share);
    const delta = sums.first - mean;
    const weight = 1 / <f64>(i + 1);
    mean += delta * weight;
    m2 += (sums.second - m2) * weight + delta * delta * weight * (1 - weight);
  }
  sums.first = mean;
  sums.second = m2;
}

/**
 * dx, and dγ, dβ added onto float64[period] (0: not wanted).
 * dx = rstd·(γ·dy − mean(γ·dy) − x̂·mean(γ·dy·x̂)); without centering the middle term is absent.
 */
export function segmentsBackward(
  x: usize, dy: usize, dx: usize, o: i32, r1: i32, k: i32, sub: i32, len: i32,
  gamma: usize, period: i32, centered: i32, means: usize, rstds: usize, dgamma: usize, dbeta: usize,
): void {
  const size = sub * len;
  const step = <usize>k * <usize>size << 2;
  const bytes = <usize>len << 2;
  const count = <f64>r1 * <f64>size;
  for (let io = 0; io < o; io++) {
    for (let ik = 0; ik < k; ik++) {
      const start = (<usize>io * <usize>r1 * <usize>k + <usize>ik) * <usize>size << 2;
      const set = <usize>(io * k + ik) << 3;
      const mean = load<f64>(means + set);
      // The output of a centered set of one element is β whatever the input: its gradient is 0, without rounding.
      const rstd = centered && count == 1 ? 0 : load<f64>(rstds + set);
      const high = <f32>mean;
      const low = mean - <f64>high;
      let sum: f64 = 0;
      let product: f64 = 0;
      for (let ir = 0; ir < r1; ir++) {
        let place = start + <usize>ir * step;
        let channel = ((io * r1 + ir) * k + ik) * sub % period;
        for (let j = 0; j < sub; j++) {
          sums.pairSums(x + place, dy + place, len, high);
          const g = gamma ? <f64>load<f32>(gamma + (<usize>channel << 2)) : 1;
          const withX = (sums.second - low * sums.first) * rstd;
          sum += g * sums.first;
          product += g * withX;
          const at = <usize>channel << 3;
          if (dgamma) store<f64>(dgamma + at, load<f64>(dgamma + at) + withX);
          if (dbeta) store<f64>(dbeta + at, load<f64>(dbeta + at) + sums.first);
          place += bytes;
          if (++channel == period) channel = 0;
        }
      }
      const b = -rstd * rstd * (product / count);
      const c = (centered ? -rstd * (sum / count) : 0) - low * b;
      for (let ir = 0; ir < r1; ir++) {
        let place = start + <usize>ir * step;
        let channel = ((io * r1 + ir) * k + ik) * sub % period;
        for (let j = 0; j < sub; j++) {
          const g = gamma ? <f64>load<f32>(gamma + (<usize>channel << 2)) : 1;
          combineSegment(x + place, dy + place, dx + place, len, high, <f32>(g * rstd), <f32>b, <f32>c);
          place += bytes;
          if (++channel == period) channel = 0;
        }
      }
    }
  }
}

/** Mean and variance (or mean square) of n segments of len elements: float64[n] each. */
export function segmentMoments(x: usize, n: i32, len: i32, centered: i32, means: usize, variances: usize): void {
  const share = 1 / <f64>len;
  for (let i = 0; i < n; i++) {
    if (centered) sums.moments(x, len, share);
    else sums.meanSquare(x, len, share);
    store<f64>(means + (<usize>i << 3), sums.first);
    store<f64>(variances + (<usize>i << 3), sums.second);
    x += <usize>len << 2;
  }
}

/** y = (x − high[i])·scale[i] + offset[i] for segment i mod period; float32[period] each. */
export function segmentApply(x: usize, y: usize, n: i32, len: i32, high: usize, scale: usize, offset: usize, period: i32): void {
  let c: usize = 0;
  for (let i = 0; i < n; i++) {
    applySegment(x, y, len, load<f32>(high + c), load<f32>(scale + c), load<f32>(offset + c));
    x += <usize>len << 2;
    y += <usize>len << 2;
    c += 4;
    if (c == <usize>period << 2) c = 0;
  }
}

/** Σdy and Σdy·(x − high[i mod period]) for each of n segments, float64[n] each; and dx = dy·scale[i mod period] (dx 0: not wanted). */
export function segmentPairSums(
  x: usize, dy: usize, n: i32, len: i32, high: usize, period: i32, sum: usize, product: usize, dx: usize, scale: usize,
): void {
  const bytes = <usize>len << 2;
  let c: usize = 0;
  for (let i = 0; i < n; i++) {
    sums.pairSums(x, dy, len, load<f32>(high + c));
    store<f64>(sum + (<usize>i << 3), sums.first);
    store<f64>(product + (<usize>i << 3), sums.second);
    if (dx) {
      applySegment(dy, dx, len, 0, load<f32>(scale + c), 0);
      dx += bytes;
    }
    x += bytes;
    dy += bytes;
    c += 4;
    if (c == <usize>period << 2) c = 0;
  }
}

/** dx = dy·a[i] + (x − high[i])·b[i] + c[i] for segment i mod period. */
export function segmentCombine(
  x: usize, dy: usize, dx: usize, n: i32, len: i32, high: usize, a: usize, b: usize, c: usize, period: i32,
): void {
  let at: usize = 0;
  for (let i = 0; i < n; i++) {
    combineSegment(x, dy, dx, len, load<f32>(high + at), load<f32>(a + at), load<f32>(b + at), load<f32>(c + at));
    x += <usize>len << 2;
    dy += <usize>len << 2;
    dx += <usize>len << 2;
    at += 4;
    if (at == <usize>period << 2) at = 0;
  }
}
