/** Axes and frame of a plot; d3's scales and lines, drawn with lit. */
import { html, nothing, svg, type TemplateResult } from 'lit/html.js';

/** What the plots need of one of d3's continuous scales. */
export interface PlotScale {
  (value: number): number;
  ticks(count?: number): number[];
  range(): number[];
}

export interface Axis {
  readonly scale: PlotScale;
  readonly label: string;
  /** Values to mark; d3's ticks where absent. */
  readonly ticks?: readonly number[];
  readonly words?: (value: number) => string;
}

export interface PlotOptions {
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  /** The plot's point, for who does not see it. */
  readonly name: string;
  readonly id?: string;
}

/** Pixels around the plotted area. */
export const MARGIN = { left: 52, right: 14, top: 12, bottom: 42 };

export const xRange = (width: number): [number, number] => [MARGIN.left, width - MARGIN.right];
export const yRange = (height: number): [number, number] => [height - MARGIN.bottom, MARGIN.top];

export function plot({ width, height, x, y, name, id }: PlotOptions, content: unknown): TemplateResult {
  const [left, right] = xRange(width);
  const [bottom, top] = yRange(height);
  const wordsOf = (axis: Axis, value: number) => axis.words?.(value) ?? String(value).replace('-', '−');
  return html`<svg
    class="plot"
    id=${id ?? nothing}
    viewBox="0 0 ${width} ${height}"
    width=${width}
    height=${height}
    role="img"
    aria-label=${name}
  >
    ${(y.ticks ?? y.scale.ticks(5)).map(
      (value) => svg`<line class="rule" x1=${left} x2=${right} y1=${y.scale(value)} y2=${y.scale(value)}></line>
        <text class="tick" x=${left - 6} y=${y.scale(value)} text-anchor="end" dominant-baseline="central">${wordsOf(y, value)}</text>`,
    )}
    ${(x.ticks ?? x.scale.ticks(6)).map(
      (value) => svg`<line class="notch" x1=${x.scale(value)} x2=${x.scale(value)} y1=${bottom} y2=${bottom + 4}></line>
        <text class="tick" x=${x.scale(value)} y=${bottom + 15} text-anchor="middle">${wordsOf(x, value)}</text>`,
    )}
    <line class="axis" x1=${left} x2=${right} y1=${bottom} y2=${bottom}></line>
    <text class="axis-label" x=${(left + right) / 2} y=${height - 6} text-anchor="middle">${x.label}</text>
    <text
      class="axis-label"
      x="11"
      y=${(top + bottom) / 2}
      text-anchor="middle"
      transform="rotate(-90 11 ${(top + bottom) / 2})"
    >${y.label}</text>
    ${content}
  </svg>`;
}

export interface LegendEntry {
  /** The class of the mark. */
  readonly mark: string;
  readonly shape: 'dot' | 'line' | 'ring' | 'bar';
  readonly words: unknown;
}

const SHAPES = {
  dot: (mark: string) => svg`<circle class=${mark} cx="10" cy="6" r="3"></circle>`,
  ring: (mark: string) => svg`<circle class=${mark} cx="10" cy="6" r="4"></circle>`,
  line: (mark: string) => svg`<line class=${mark} x1="1" x2="19" y1="6" y2="6"></line>`,
  bar: (mark: string) => svg`<rect class=${mark} x="2" y="1" width="16" height="10"></rect>`,
};

export const legend = (entries: readonly LegendEntry[]): TemplateResult => html`<ul class="legend">
  ${entries.map(
    ({ mark, shape, words }) => html`<li>
      <svg width="20" height="12" aria-hidden="true">${SHAPES[shape](mark)}</svg>
      <span>${words}</span>
    </li>`,
  )}
</ul>`;
