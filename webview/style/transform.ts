/**
 * Takes a picture apart into channels of colour, scale and direction, and puts it together again: an orthogonal change of
 * colour axes, then an undecimated wavelet transform with the linear spline (1, 2, 1)/4 whose inverse is the sum of its bands
 * (Starck, Fadili & Murtagh 2007, IEEE Trans. Image Processing 16(2)). Both have an inverse for any values, so that what is
 * done to the channels is all that happens to the picture.
 */
import { type Tensor, tensor } from '../../runtime';
import type { Pixels } from './pictures';

/** Three orthonormal rows: each a colour channel, as a mixture of red, green and blue. */
export type Basis = readonly [Row, Row, Row];
type Row = readonly [number, number, number];

export const BASES: Readonly<Record<'rgb' | 'opponent', Basis>> = {
  rgb: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  // Brightness, red against green, yellow against blue (Ohta, Kanade, Sakai 1980, made orthonormal).
  opponent: [
    [1 / Math.sqrt(3), 1 / Math.sqrt(3), 1 / Math.sqrt(3)],
    [1 / Math.SQRT2, -1 / Math.SQRT2, 0],
    [1 / Math.sqrt(6), 1 / Math.sqrt(6), -2 / Math.sqrt(6)],
  ],
};

/** Mean products of the colours of pictures around their common mean, 3 × 3. */
export function covariance(pictures: readonly Pixels[]): number[][] {
  const sums = [0, 0, 0];
  const products = [
    [0, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ];
  let count = 0;
  for (const { rgba } of pictures) {
    for (let at = 0; at < rgba.length; at += 4) {
      for (let i = 0; i < 3; i++) {
        const a = rgba[at + i] ?? 0;
        sums[i] = (sums[i] ?? 0) + a;
        for (let j = 0; j <= i; j++) {
          const row = products[i];
          if (row) row[j] = (row[j] ?? 0) + a * (rgba[at + j] ?? 0);
        }
      }
    }
    count += rgba.length / 4;
  }
  const mean = sums.map((sum) => sum / count);
  return [0, 1, 2].map((i) =>
    [0, 1, 2].map((j) => (products[Math.max(i, j)]?.[Math.min(i, j)] ?? 0) / count - (mean[i] ?? 0) * (mean[j] ?? 0)),
  );
}

/** Eigenvectors of a symmetric 3 × 3 matrix, the largest value first (Jacobi's rotations). */
export function principalAxes(matrix: readonly (readonly number[])[]): Basis {
  const a = matrix.map((row) => [...row]);
  const v = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  const get = (m: number[][], i: number, j: number) => m[i]?.[j] ?? 0;
  const rotate = (m: number[][], i: number, j: number, k: number, l: number, sine: number, cosine: number) => {
    const [x, y] = [get(m, i, j), get(m, k, l)];
    const [first, second] = [m[i], m[k]];
    if (first) first[j] = cosine * x - sine * y;
    if (second) second[l] = sine * x + cosine * y;
  };
  for (let sweep = 0; sweep < 30; sweep++) {
    for (const [p, q] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      if (Math.abs(get(a, p, q)) < 1e-14) continue;
      const angle = 0.5 * Math.atan2(2 * get(a, p, q), get(a, q, q) - get(a, p, p));
      const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
      for (let k = 0; k < 3; k++) rotate(a, k, p, k, q, sine, cosine);
      for (let k = 0; k < 3; k++) rotate(a, p, k, q, k, sine, cosine);
      for (let k = 0; k < 3; k++) rotate(v, k, p, k, q, sine, cosine);
    }
  }
  const axes = [0, 1, 2]
    .map((column) => ({ value: get(a, column, column), row: v.map((row) => row[column] ?? 0) }))
    .sort((one, other) => other.value - one.value)
    // An axis has two directions: the one that points to brighter is taken.
    .map(({ row }): Row => {
      const sign = row.reduce((sum, x) => sum + x, 0) < 0 ? -1 : 1;
      return [sign * (row[0] ?? 0), sign * (row[1] ?? 0), sign * (row[2] ?? 0)];
    });
  return [axes[0] ?? [1, 0, 0], axes[1] ?? [0, 1, 0], axes[2] ?? [0, 0, 1]];
}

/** What a channel holds: a scale's change across, down and on the diagonal, or at last the rest. */
export const DIRECTIONS = ['across', 'down', 'diagonal'] as const;

/** Channels of one colour: three directions a scale, finest first, and the rest. */
export const bandsOf = (scales: number): number => 3 * scales + 1;

/** Pictures smaller than this have no room for a scale: a step of half the side. */
export const mostScales = ({ width, height }: Pick<Pixels, 'width' | 'height'>): number =>
  Math.max(0, Math.floor(Math.log2(Math.min(width, height))) - 1);

/** A picture's channels, [1, 3 · bands, H, W]: of each colour its bands. Values are those of 0 to 255. */
export function takeApart({ width, height, rgba }: Pixels, basis: Basis, scales: number): Tensor {
  const area = width * height;
  const bands = bandsOf(scales);
  const data = new Float32Array(3 * bands * area);
  for (const [colour, [red, green, blue]] of basis.entries()) {
    const from = colour * bands * area;
    let rest = new Float32Array(area);
    for (let i = 0; i < area; i++) {
      rest[i] = red * (rgba[4 * i] ?? 0) + green * (rgba[4 * i + 1] ?? 0) + blue * (rgba[4 * i + 2] ?? 0);
    }
    for (let scale = 0; scale < scales; scale++) {
      const at = from + 3 * scale * area;
      rest = split(rest, width, height, 2 ** scale, data.subarray(at, at + 3 * area));
    }
    data.set(rest, from + (bands - 1) * area);
  }
  return tensor(data, [1, 3 * bands, height, width]);
}

/** Writes the three changes of a scale and returns what is left: the mean of each pixel's neighbourhood. */
function split(
  x: Float32Array,
  width: number,
  height: number,
  apart: number,
  details: Float32Array,
): Float32Array<ArrayBuffer> {
  const area = width * height;
  const smooth = new Float32Array(area);
  const change = new Float32Array(area);
  for (let row = 0; row < height; row++) {
    const from = row * width;
    for (let column = 0; column < width; column++) {
      const value = x[from + column] ?? 0;
      const left = x[from + Math.max(0, column - apart)] ?? 0;
      const right = x[from + Math.min(width - 1, column + apart)] ?? 0;
      const mean = (left + 2 * value + right) / 4;
      smooth[from + column] = mean;
      change[from + column] = value - mean;
    }
  }
  const rest = new Float32Array(area);
  for (let row = 0, at = 0; row < height; row++) {
    const above = Math.max(0, row - apart) * width;
    const below = Math.min(height - 1, row + apart) * width;
    for (let column = 0; column < width; column++, at++) {
      const means = ((smooth[above + column] ?? 0) + 2 * (smooth[at] ?? 0) + (smooth[below + column] ?? 0)) / 4;
      const changes = ((change[above + column] ?? 0) + 2 * (change[at] ?? 0) + (change[below + column] ?? 0)) / 4;
      // The four add up to x: the inverse is their sum.
      rest[at] = means;
      details[at] = changes;
      details[area + at] = (smooth[at] ?? 0) - means;
      details[2 * area + at] = (change[at] ?? 0) - changes;
    }
  }
  return rest;
}

/** The inverse of `takeApart`, before rounding: 3 planes of red, green and blue, [3, H, W]. */
export function putTogether({ data, shape }: Tensor, basis: Basis): Float32Array {
  const [, channels = 0, height = 0, width = 0] = shape;
  const area = width * height;
  const bands = channels / 3;
  const planes = new Float32Array(3 * area);
  for (const [colour, mixture] of basis.entries()) {
    const from = colour * bands * area;
    for (let i = 0; i < area; i++) {
      let sum = 0;
      for (let band = bands - 1; band >= 0; band--) sum += data[from + band * area + i] ?? 0;
      for (let k = 0; k < 3; k++) planes[k * area + i] = (planes[k * area + i] ?? 0) + (mixture[k] ?? 0) * sum;
    }
  }
  return planes;
}

/** Planes as pixels, cut to 0 … 255. */
export function pixelsOf(planes: Float32Array, width: number, height: number): Pixels {
  const area = width * height;
  const rgba = new Uint8ClampedArray(4 * area);
  for (let i = 0; i < area; i++) {
    for (let k = 0; k < 3; k++) rgba[4 * i + k] = planes[k * area + i] ?? 0;
    rgba[4 * i + 3] = 255;
  }
  return { width, height, rgba };
}
