// Rows: every set is one contiguous row of `width` elements, γ and β run along the row (layer norm, RMS norm).
import * as sums from './sums';

/** y = ((x − high)·rstd + offset)·γ + β along one row; γ or β 0 for none. */
function applyRow(x: usize, y: usize, n: i32, high: f32, rstd: f32, offset: f32, gamma: usize, beta: usize): void {
  const h = f32x4.splat(high);
  const s = f32x4.splat(rstd);
  const t = f32x4.splat(offset);
  const toY = y - x;
  const stop = x + (<usize>(n >> 2) << 4);
  const last = stop + (<usize>(n & 3) << 2);
  if (gamma && beta) {
    const g = gamma - x;
    const b = beta - x;
    const end = x + (<usize>(n >> 3) << 5);
    for (; x < end; x += 32) {
      const v0 = f32x4.add(f32x4.mul(f32x4.sub(v128.load(x), h), s), t);
      const v1 = f32x4.add(f32x4.mul(f32x4.sub(v128.load(x, 16), h), s), t);
      v128.store(x + toY, f32x4.add(f32x4.mul(v0, v128.load(x + g)), v128.load(x + b)));
      v128.store(x + toY, f32x4.add(f32x4.mul(v1, v128.load(x + g, 16)), v128.load(x + b, 16)), 16);
    }
    for (; x < stop; x += 16) {
      const v = f32x4.add(f32x4.mul(f32x4.sub(v128.load(x), h), s), t);
      v128.store(x + toY, f32x4.add(f32x4.mul(v, v128.load(x + g)), v128.load(x + b)));
    }
    for (; x < last; x += 4) store<f32>(x + toY, ((load<f32>(x) - high) * rstd + offset) * load<f32>(x + g) + load<f32>(x + b));
  } else if (gamma) {
    const g = gamma - x;
    for (; x < stop; x += 16) {
      const v = f32x4.add(f32x4.mul(f32x4.sub(v128.load(x), h), s), t);
      v128.store(x + toY, f32x4.mul(v, v128.load(x + g)));
    }
    for (; x < last; x += 4) store<f32>(x + toY, ((load<f32>(x) - high) * rstd + offset) * load<f32>(x + g));
  } else if (beta) {
    const b = beta - x;
    for (; x < stop; x += 16) {
      const v = f32x4.add(f32x4.mul(f32x4.sub(v128.load(x), h), s), t);
      v128.store(x + toY, f32x4.add(v, v128.load(x + b)));
    }
    for (; x < last; x += 4) store<f32>(x + toY, (load<f32>(x) - high) * rstd + offset + load<f32>(x + b));
  } else {
    for (; x < stop; x += 16) v128.store(x + toY, f32x4.add(f32x4.mul(f32x4.sub(v128.load(x), h), s), t));
    for (; x < last; x += 4) store<f32>(x + toY, (load<f32>(x) - high) * rstd + offset);
  }
}

/** Normalises rows · width elements; remembers mean and 1/√(variance + ε), float64[rows] each. */
export function rowsForward(
  x: usize, y: usize, rows: i32, width: i32, gamma: usize, beta: usize, epsilon: f64, centered: i32, means: usize, rstds: usize,
): void {
  const step = <usize>width << 2;
  for (let i = 0; i < rows; i++) {
    if (centered) sums.moments(x, width);
    else sums.meanSquare(x, width);
    const mean = sums.first;
    const rstd = 1 / sqrt(sums.second + epsilon);
    store<f64>(means, mean);
    store<f64>(rstds, rstd);
    const high = <f32>mean;
    applyRow(x, y, width, high, <f32>rstd, <f32>((<f64>high - mean) * rstd), gamma, beta);
    x += step;
    y += step;
    means += 8;
    rstds += 8;
  }
}

/** float32[n] onto float64[n], and zeros behind it. */
function flush(from: usize, to: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    store<f64>(to, load<f64>(to) + <f64>load<f32>(from));
    store<f32>(from, 0);
    from += 4;
    to += 8;
  }
}

const FLUSH: i32 = 64;

/**
 * dx, and dγ, dβ added onto float64[width] (0: not wanted). scratch: float32[2·width], zeroed here.
 * Along a row, with g = γ·dy: dx = rstd·(g − mean(g) − x̂·mean(g·x̂)).
 */
export function rowsBackward(
  x: usize, dy: usize, dx: usize, rows: i32, width: i32, gamma: usize, centered: i32,
  means: usize, rstds: usize, dgamma: usize, dbeta: usize, scratch: usize,
): void {
  const step = <usize>width << 2;
  const shortGamma = scratch;
  const shortBeta = scratch + step;
  memory.fill(scratch, 0, step << 1);
  const count = <f64>width;
  for (let i = 0; i < rows; i++) {
    const mean = load<f64>(means);
    // The output of a centered row of one element is β whatever the input: its gradient is 0, without rounding.
    const rstd = centered && width == 1 ? 0 : load<f64>(rstds);
    const high = <f32>mean;
    const scale = <f32>rstd;
    const offset = <f32>((<f64>high - mean) * rstd);
    rowSums(x, dy, width, gamma, high, scale, offset, shortGamma, shortBeta);
    const a = centered ? <f32>(-sums.first / count) : 0;
    const b = <f32>(-sums.second / count);
    combineRow(x, dy, dx, width, gamma, high, scale, offset, a, b);
    x += step;
    dy += step;
    dx += step;
    means += 8;
    rstds += 8;
    if ((i & (FLUSH - 1)) == FLUSH - 1 || i == rows - 1) {
      if (dgamma) flush(shortGamma, dgamma, width);
      if (dbeta) flush(shortBeta, dbeta, width);
    }
  }
}

/** Σg and Σg·x̂ of one row; dy·x̂ and dy are added onto float32[n]. */
function rowSums(x: usize, dy: usize, n: i32, gamma: usize, high: f32, scale: f32, offset: f32, toGamma: usize, toBeta: usize): void {
  const h = f32x4.splat(high);
  const s = f32x4.splat(scale);
  const t = f32x4.splat(offset);
  const one = f32x4.splat(1);
  let sum = f64x2.splat(0);
  let product = f64x2.splat(0);
  const stop = <usize>(n >> 2) << 4;
  let i: usize = 0;
  while (i < stop) {
    let s0 = f32x4.splat(0);
    let q0 = f32x4.splat(0);
    const end = min(stop, i + 1024);
    for (; i < end; i += 16) {
      const v = v128.load(dy + i);
      const hat = f32x4.add(f32x4.mul(f32x4.sub(v128.load(x + i), h), s), t);
      const vHat = f32x4.mul(v, hat);
      const g = gamma ? v128.load(gamma + i) : one;
      v128.store(toGamma + i, f32x4.add(v128.load(toGamma + i), vHat));
      v128.store(toBeta + i, f32x4.add(v128.load(toBeta + i), v));
      s0 = f32x4.add(s0, f32x4.mul(v, g));
      q0 = f32x4.add(q0, f32x4.mul(vHat, g));
    }
    sum = f64x2.add(sum, sums.widen(s0));
    product = f64x2.add(product, sums.widen(q0));
  }
  let a = sums.total(sum);
  let b = sums.total(product);
  const last = stop + (<usize>(n & 3) << 2);
  for (; i < last; i += 4) {
    const v = load<f32>(dy + i);
    const vHat = v * ((load<f32>(x + i) - high) * scale + offset);
    const g = gamma ? load<f32>(gamma + i) : 1;
    store<f32>(toGamma + i, load<f32>(toGamma + i) + vHat);
    store<f32>(toBeta + i, load<f32>(toBeta + i) + v);
    a += <f64>(v * g);
    b += <f64>(vHat * g);
  }
  sums.first = a;
  sums.second = b;
}

/** dx = scale·(γ·dy + a + x̂·b) along one row. */
function combineRow(x: usize, dy: usize, dx: usize, n: i32, gamma: usize, high: f32, scale: f32, offset: f32, a: f32, b: f32): void {
  const h = f32x4.splat(high);
  const s = f32x4.splat(scale);
  const t = f32x4.splat(offset);
  const va = f32x4.splat(a);
  const vb = f32x4.splat(b);
  const one = f32x4.splat(1);
  const stop = <usize>(n >> 2) << 4;
  let i: usize = 0;
  for (; i < stop; i += 16) {
    const hat = f32x4.add(f32x4.mul(f32x4.sub(v128.load(x + i), h), s), t);
    const g = f32x4.mul(v128.load(dy + i), gamma ? v128.load(gamma + i) : one);
    v128.store(dx + i, f32x4.mul(f32x4.add(f32x4.add(g, va), f32x4.mul(hat, vb)), s));
  }
  const last = stop + (<usize>(n & 3) << 2);
  for (; i < last; i += 4) {
    const hat = (load<f32>(x + i) - high) * scale + offset;
    const g = load<f32>(dy + i) * (gamma ? load<f32>(gamma + i) : 1);
    store<f32>(dx + i, (g + a + hat * b) * scale);
  }
}
