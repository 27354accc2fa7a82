/** The members of a set on a line, before and after: moved so that their mean is 0, squeezed so that their deviation is 1. */
import { scaleLinear } from 'd3-scale';
import { html, svg, type TemplateResult } from 'lit/html.js';
import { measured } from '../format';
import type { Arithmetic } from './model';

const WIDTH = 430;
const ROW = 66;
const LEFT = 34;
const RIGHT = 12;
const MOST_DOTS = 400;

interface Row {
  readonly label: string;
  readonly values: readonly number[];
  readonly center: number;
  readonly deviation: number;
  readonly chosen: number;
}

export function numberLine(numbers: Arithmetic, values: Float32Array): TemplateResult {
  const { mean, deviation, x, normalized, centered } = numbers;
  // Evenly picked where there are more than the line has room for.
  const every = Math.ceil(numbers.members.length / MOST_DOTS);
  const before = numbers.members.filter((_, i) => i % every === 0).map((index) => values[index] ?? 0);
  // Where the line of the chosen cell goes, all of its set go.
  const after = before.map((value) => (value - mean) / deviation);
  const rows: readonly Row[] = [
    { label: 'x', values: before, center: mean, deviation, chosen: x },
    { label: 'x̂', values: after, center: 0, deviation: 1, chosen: normalized },
  ];
  const all = [...before, ...after, x, normalized, mean - deviation, mean + deviation, -1, 1];
  const scale = scaleLinear([Math.min(...all), Math.max(...all)], [LEFT + 6, WIDTH - RIGHT - 6]).nice(6);
  const height = rows.length * ROW + 22;
  const bottom = rows.length * ROW;
  const words = centered
    ? `The members have mean ${measured(mean)} and deviation ${measured(deviation)}; after the norm, mean 0 and deviation 1.`
    : `The members have size ${measured(deviation)}; after the norm, 1.`;
  return html`<svg class="plot number-line" viewBox="0 0 ${WIDTH} ${height}" width=${WIDTH} height=${height} role="img" aria-label=${words}>
    ${rows.map((row, i) => rowShapes(row, i * ROW + ROW / 2 + 4, scale, centered))}
    <line class="axis" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${bottom} y2=${bottom}></line>
    ${scale.ticks(7).map(
      (tick) => svg`<line class="notch" x1=${scale(tick)} x2=${scale(tick)} y1=${bottom} y2=${bottom + 4}></line>
        <text class="tick" x=${scale(tick)} y=${bottom + 15} text-anchor="middle">${String(tick).replace('-', '−')}</text>`,
    )}
  </svg>`;
}

function rowShapes(
  { label, values, center, deviation, chosen }: Row,
  y: number,
  scale: (value: number) => number,
  centered: boolean,
) {
  const dots = values
    .map((value, i) => `M${scale(value).toFixed(1)} ${(y + (((i * 0.618034) % 1) - 0.5) * 16).toFixed(1)}h0`)
    .join('');
  const [low, high] = [scale(center - deviation), scale(center + deviation)];
  return svg`<text class="tick strong" x="4" y=${y} dominant-baseline="central">${label}</text>
    <rect class="band" x=${low} y=${y - 14} width=${high - low} height="28"></rect>
    <line class="center" x1=${scale(center)} x2=${scale(center)} y1=${y - 18} y2=${y + 18}></line>
    <text class="tick" x=${scale(center)} y=${y - 25} text-anchor="middle">${centered ? 'μ' : '0'} ± ${centered ? 'σ' : 'r'}</text>
    <path class="dots strong" d=${dots}></path>
    <circle class="ring" cx=${scale(chosen)} cy=${y} r="6"></circle>`;
}
