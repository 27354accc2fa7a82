/** How a line of the plots is told from the others: by colour, dashes, a mark and its name at the end. */
import { svg } from 'lit';
import type { Line } from './plan';

const COLOURS = 6;

/** Classes of a line by its place in the list. */
export const seriesClass = (index: number): string => `series c${index % COLOURS} d${Math.floor(index / COLOURS) % 3}`;

const MARKS = [
  'M0 -4.5L4.2 3.4H-4.2Z',
  'M-3.7 -3.7H3.7V3.7H-3.7Z',
  'M0 -4.6L4.6 0L0 4.6L-4.6 0Z',
  'M0 4.5L4.2 -3.4H-4.2Z',
];
const CIRCLE = 'M-4 0A4 4 0 1 1 4 0A4 4 0 1 1 -4 0Z';

/** The mark of a line, centred. */
export const mark = (index: number, x: number, y: number) => {
  const shape = [CIRCLE, ...MARKS][index % (MARKS.length + 1)] ?? CIRCLE;
  return svg`<path class="mark c${index % COLOURS}" d=${shape} transform="translate(${x.toFixed(1)} ${y.toFixed(1)})"></path>`;
};

/** A line through points; a gap where a number is missing. */
export function pathOf(points: readonly (readonly [number, number])[]): string {
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
export function areaOf(
  upper: readonly (readonly [number, number])[],
  lower: readonly (readonly [number, number])[],
): string {
  return upper.length === 0 ? '' : `${pathOf(upper)}L${pathOf([...lower].reverse()).slice(1)}Z`;
}

export interface EndLabel {
  readonly line: Line;
  readonly index: number;
  readonly y: number;
}

/** Names at the lines' ends, moved apart where they would touch. */
export function endLabels(labels: readonly EndLabel[], x: number, [bottom, top]: readonly [number, number], gap = 13) {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  const places: number[] = [];
  for (const [i, { y }] of sorted.entries()) places.push(Math.max(y, i === 0 ? top : (places[i - 1] ?? top) + gap));
  for (let i = places.length - 1, most = bottom; i >= 0; i--, most -= gap) {
    places[i] = Math.min(places[i] ?? most, most);
  }
  return sorted.map(
    ({ line, index }, i) =>
      svg`${mark(index, x + 8, places[i] ?? 0)}<text class="end-label" x=${x + 17} y=${places[i] ?? 0} dominant-baseline="central">${line.words}</text>`,
  );
}
