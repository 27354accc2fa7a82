/** Lines and areas of a plot as SVG paths. */

/** In the plot's own pixels. */
export type Place = readonly [x: number, y: number];

/** A line through points; a gap where a number is missing. */
export function pathOf(points: readonly Place[]): string {
  let pen = false;
  let d = '';
  for (const [x, y] of points) {
    if (Number.isFinite(x) && Number.isFinite(y)) {
      d += `${pen ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
      pen = true;
    } else pen = false;
  }
  return d;
}

/** An area between two lines of the same places. */
export function areaOf(upper: readonly Place[], lower: readonly Place[]): string {
  return upper.length === 0 ? '' : `${pathOf(upper)}L${pathOf([...lower].reverse()).slice(1)}Z`;
}
