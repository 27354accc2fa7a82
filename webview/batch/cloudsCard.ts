import { scaleLinear, scaleLog } from 'd3-scale';
import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import { NORMS, type NormName, type PlaygroundState } from '../../src/shared/playground';
import { measured } from '../format';
import { legend, plot, xRange, yRange } from '../plot/plot';
import type { Answer } from '../work/latest';
import { ABOVE, type Cloud, isOfBatch } from './cloud';

interface Column {
  readonly norm: NormName;
  readonly answer: Answer<readonly Cloud[]>;
}

const WIDTH = 400;
const HEIGHT = 270;
const LOW = -1;
const HIGH = 3;
/** Kernels that take several rows at once may round a row by its neighbours' size: that is float32, not the norm. */
const LAST_BIT = 1e-6;

export function cloudsCard(columns: readonly Column[], { draws }: PlaygroundState): TemplateResult {
  return html`<section class="card" aria-labelledby="clouds-title">
    <h3 id="clouds-title">1 · The same sample, ${draws} times, each time with other batch-mates</h3>
    <p>
      Each dot is the output of one and the same number, ${ABOVE} deviation above the mean of the data. Only the rest of the
      batch was drawn anew.
    </p>
    <div class="plots">
      ${columns.map(({ norm, answer }) => html`<figure>${cloudPlot(norm, answer)}</figure>`)}
    </div>
    ${legend([
      { mark: 'dot', shape: 'dot', words: 'an output' },
      { mark: 'whisker', shape: 'line', words: 'measured: average ± one standard deviation' },
      { mark: 'whisker theory', shape: 'line', words: 'theory, to first order' },
    ])}
    ${spreadTable(columns)}
    <p class="source">
      Theory: the spread of a mean and of a variance of m values, √(1/m) and √(2/m), put through (x − μ)/σ by the
      <a href="https://en.wikipedia.org/wiki/Delta_method">delta method</a>. Few values make it rough.
    </p>
  </section>`;
}

function cloudPlot(norm: NormName, { value, pending, problem }: Answer<readonly Cloud[]>): TemplateResult {
  const found = value ?? [];
  const sizes = found.length > 0 ? found.map(({ size }) => size) : [2, 128];
  const x = scaleLog([Math.min(...sizes) / 1.4, Math.max(...sizes) * 1.4], xRange(WIDTH)).base(2);
  const y = scaleLinear([LOW, HIGH], yRange(HEIGHT)).clamp(true);
  const widest = found.reduce((most, { spread }) => Math.max(most, spread), 0);
  const name = isOfBatch(norm)
    ? `${NORMS[norm]}: the output moves by ${measured(found[0]?.spread ?? 0)} at a batch of ${found[0]?.size ?? 2}, by ${measured(found.at(-1)?.spread ?? 0)} at ${found.at(-1)?.size ?? 128}.`
    : `${NORMS[norm]}: the output moves by ${measured(widest)} at every batch size.`;
  return html`<h4>${NORMS[norm]}${pending ? html` <span class="pending">computing…</span>` : nothing}</h4>
    ${problem === undefined ? nothing : html`<p class="warning">${problem}</p>`}
    ${plot(
      {
        width: WIDTH,
        height: HEIGHT,
        x: { scale: x, label: 'batch size', ticks: sizes, words: String },
        y: { scale: y, label: 'output', ticks: [-1, 0, 1, 2, 3] },
        name,
        id: `cloud-${norm}`,
      },
      found.map((cloud) => cloudShapes(cloud, x(cloud.size), y)),
    )}`;
}

function cloudShapes({ outputs, average, spread, theory }: Cloud, at: number, y: (value: number) => number) {
  // A dot is a line of no length with round ends: one path for all. The golden ratio spreads them evenly.
  const dots = outputs
    .map((output, i) => `M${(at + (((i * 0.618034) % 1) - 0.5) * 16).toFixed(1)} ${y(output).toFixed(1)}h0`)
    .join('');
  return svg`<path class="dots" d=${dots}></path>
    ${whisker('whisker', at - 13, y(average - spread), y(average + spread))}
    ${whisker('whisker theory', at + 13, y(average - theory), y(average + theory))}`;
}

const whisker = (mark: string, x: number, low: number, high: number) =>
  svg`<path class=${mark} d="M${x - 3} ${low}h6M${x} ${low}V${high}M${x - 3} ${high}h6"></path>`;

function spreadTable(columns: readonly Column[]): TemplateResult {
  const sizes = columns[0]?.answer.value?.map(({ size }) => size) ?? [];
  const find = (column: Column, size: number) => column.answer.value?.find((cloud) => cloud.size === size);
  const exact = (column: Column, spread: number) =>
    isOfBatch(column.norm) || spread > LAST_BIT
      ? measured(spread)
      : spread === 0
        ? '0, exactly'
        : '0, but for the last bit';
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Spread of the output by batch size">
    <table class="numbers" id="spreads">
      <thead>
        <tr>
          <th scope="col">Spread at batch size</th>
          ${sizes.map((size) => html`<th scope="col">${size}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${columns.map(
          (column) => html`<tr data-norm=${column.norm}>
              <th scope="row">${NORMS[column.norm]}, measured</th>
              ${sizes.map((size) => html`<td>${exact(column, find(column, size)?.spread ?? 0)}</td>`)}
            </tr>
            ${
              isOfBatch(column.norm)
                ? html`<tr data-theory=${column.norm}>
                  <th scope="row">theory</th>
                  ${sizes.map((size) => html`<td>${measured(find(column, size)?.theory ?? 0)}</td>`)}
                </tr>`
                : nothing
            }`,
        )}
      </tbody>
    </table>
  </div>`;
}
