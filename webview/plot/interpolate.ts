/**
 * Stands in for d3-interpolate in the page's bundle: d3-scale asks it for colours, dates and transforms, too, which are 16 KB;
 * every scale of the page goes from numbers to numbers.
 */
export const interpolateNumber =
  (a: number, b: number) =>
  (t: number): number =>
    a * (1 - t) + b * t;

export const interpolate = interpolateNumber;

export const interpolateRound =
  (a: number, b: number) =>
  (t: number): number =>
    Math.round(a * (1 - t) + b * t);

/** Of diverging scales, which the page has none of. */
export function piecewise(): never {
  throw new Error('There are no diverging scales here.');
}
