import { scaleLinear, scaleLog } from 'd3-scale';
import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import type { PlaygroundState } from '../../src/shared/playground';
import { count, measured, thousands } from '../format';
import { pathOf } from '../plot/path';
import { plot, xRange, yRange } from '../plot/plot';
import { perMean } from './elements';
import { fewestElements, type Line, type Plan } from './plan';
import { cellOf, ends, type Records } from './results';
import { mark, seriesClass, seriesLegend } from './series';

/** A picture of the page's width, and of a narrow panel's: shrunk, its words could not be read. */
const WIDE = { width: 880, height: 360 };
const NARROW = { width: 420, height: 280 };
/** Where the page has one column, in pixels. */
const ONE_COLUMN = 832;
/** Pixels between lines at one batch size, so that their whiskers do not hide each other. */
const APART = 7;

const percent = (share: number): string => `${measured(100 * share, 1)} %`;

/** Error against batch size, as in figure 1 of the Group Norm paper. */
export function errorCard(plan: Plan, records: Records, state: PlaygroundState, files: unknown): TemplateResult {
  const { lines, sizes } = plan;
  const { width, height } = window.innerWidth <= ONE_COLUMN ? NARROW : WIDE;
  const cells = lines.map((line) => sizes.map((size) => cellOf(plan, records, line, size)));
  const highest = Math.max(0.1, ...cells.flat().flatMap(({ errors }) => errors));
  const x = scaleLog([Math.max(...sizes) * 1.35, Math.min(...sizes) / 1.35], xRange(width)).base(2);
  const y = scaleLinear([0, Math.min(1, highest * 1.1)], yRange(height));
  const shapes = lines.map((_, index) => {
    const offset = (index - (lines.length - 1) / 2) * Math.min(APART, 30 / lines.length);
    const points = sizes.map((size, i): readonly [number, number] => [
      x(size) + offset,
      y(cells[index]?.[i]?.mean ?? Number.NaN),
    ]);
    return svg`<path class=${seriesClass(index)} d=${pathOf(points)}></path>
      ${sizes.map((size, i) => {
        const cell = cells[index]?.[i];
        if (cell === undefined || cell.errors.length === 0) return nothing;
        const at = x(size) + offset;
        return svg`<path class="spread c${index % 6}" d="M${at} ${y(cell.mean - cell.deviation)}V${y(cell.mean + cell.deviation)}M${at - 3} ${y(cell.mean - cell.deviation)}h6M${at - 3} ${y(cell.mean + cell.deviation)}h6"></path>
          ${mark(index, at, y(cell.mean))}`;
      })}`;
  });
  const sentences = lines.flatMap((line) => sentenceOf(plan, records, line));
  return html`<section class="card wide" aria-labelledby="error-title">
    <h3 id="error-title">Error against batch size</h3>
    <p id="error-words">
      ${
        sentences.length > 0
          ? sentences.join(' ')
          : html`Each network sees the same ${thousands(state.digits)} digits, ${count(state.epochs, 'time')};
            only how many at once differs. Nothing is trained yet.`
      }
    </p>
    ${plot(
      {
        width,
        height,
        x: {
          scale: x,
          label: `batch size: fewer${width === WIDE.width ? ' and fewer' : ''} digits at once →`,
          ticks: sizes,
          words: String,
        },
        y: { scale: y, label: 'test error', words: (value) => `${Math.round(100 * value)} %` },
        name: `Test error against batch size. ${sentences.join(' ') || 'Nothing is trained yet.'}`,
        id: 'error-plot',
      },
      shapes,
    )}
    ${seriesLegend(lines)} ${table(plan, cells, state)} ${remarks(plan, state)}
    <p class="source">
      Mean and standard deviation over the seeds; error on the 1,996 digits that are never trained on. After figure 1 of
      <a href="https://arxiv.org/abs/1803.08494">Wu &amp; He 2018</a>, who trained ResNet-50 on ImageNet.
    </p>
    ${files}
  </section>`;
}

function sentenceOf(plan: Plan, records: Records, line: Line): readonly string[] {
  const found = ends(plan, records, line);
  if (found === undefined) return [];
  const { smallest, largest } = found;
  return [
    `${line.words}: ${percent(largest.cell.mean)} at a batch of ${largest.size}, ${percent(smallest.cell.mean)} at ${smallest.size}.`,
  ];
}

function table(
  plan: Plan,
  cells: readonly (readonly ReturnType<typeof cellOf>[])[],
  state: PlaygroundState,
): TemplateResult {
  const sizes = [...plan.sizes].reverse();
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Test error by norm and batch size">
    <table class="numbers" id="errors">
      <thead>
        <tr>
          <th scope="col">Test error at batch size</th>
          ${sizes.map((size) => html`<th scope="col">${size}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${plan.lines.map((line, index) => {
          const elements = sizes.map((size) => perMean(line.norm, state, size));
          return html`<tr data-norm=${line.id}>
              <th scope="row">${line.words}</th>
              ${[...(cells[index] ?? [])].reverse().map((cell) => html`<td>${cellWords(cell)}</td>`)}
            </tr>
            ${
              elements.every((m) => m === undefined)
                ? nothing
                : html`<tr class="soft" data-elements=${line.id}>
                  <th scope="row">numbers behind a mean in its last layer</th>
                  ${elements.map((m) => html`<td>${m === undefined ? '–' : thousands(m)}</td>`)}
                </tr>`
            }`;
        })}
      </tbody>
    </table>
  </div>`;
}

function cellWords({ errors, mean, deviation, problem, diverged }: ReturnType<typeof cellOf>): unknown {
  if (errors.length === 0) return problem === undefined ? '…' : html`<span title=${problem}>cannot be</span>`;
  const plain =
    errors.length > 1 ? `${percent(mean).replace(' %', '')} ± ${measured(100 * deviation, 1)} %` : percent(mean);
  return diverged > 0 ? html`${plain} (${diverged} diverged)` : plain;
}

/** What else than the batch size a reader should know of a small one. */
function remarks(plan: Plan, state: PlaygroundState): unknown {
  const smallest = Math.min(...plan.sizes);
  const m = fewestElements(state, smallest);
  const ofBatch = plan.lines.some(({ norm }) => norm === 'batch' || norm === 'syncBatch');
  if (!ofBatch || m > 4) return nothing;
  const why =
    state.network === 'cnn' && state.depth >= 4
      ? `The last of ${state.depth} convolutions leaves maps of 1 × 1, so at a batch of ${smallest} its batch norm has`
      : `At a batch of ${smallest}, batch norm’s last layer has`;
  return html`<p class="warning" id="few-elements">
    ${why} ${m} numbers for each mean${
      m === 2
        ? html`: (x − μ)/σ is then +1 for one and −1 for the other, whatever they are. All that a unit can still say is which of
          the two digits excites it more.`
        : '.'
    }
    ${state.network === 'cnn' ? 'Fewer layers leave larger maps, and the error rises less.' : 'Convolutions would add their places to that number.'}
  </p>`;
}
