/** How a line of the plots is told from the others: by colour, dashes, and a mark. */
import { html, svg, type TemplateResult } from 'lit/html.js';
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

/** Which mark, colour and dashes stand for which line. */
export const seriesLegend = (lines: readonly Line[]): TemplateResult => html`<ul class="legend">
  ${lines.map(
    ({ words }, index) => html`<li>
      <svg class="plot" width="30" height="12" aria-hidden="true">
        <path class=${seriesClass(index)} d="M1 6H29"></path>
        ${mark(index, 15, 6)}
      </svg>
      <span>${words}</span>
    </li>`,
  )}
</ul>`;
