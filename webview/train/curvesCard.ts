import { scaleLinear } from 'd3-scale';
import { html, svg, type TemplateResult } from 'lit/html.js';
import type { PlaygroundState } from '../../src/shared/playground';
import { measured, thousands } from '../format';
import { pathOf } from '../plot/path';
import { plot, xRange, yRange } from '../plot/plot';
import type { Plan } from './plan';
import type { RunRecord } from './record';
import { begunOf, type Records } from './results';
import { mark, seriesClass, seriesLegend } from './series';

const WIDTH = 440;
const HEIGHT = 260;
/** For the last tick's words. */
const ROOM = 14;
/** Losses above are cut: chance is ln 10 = 2.3. */
const MOST_LOSS = 3;

const curves = {
  loss: {
    label: 'loss of the batch',
    title: 'Loss',
    value: (run: RunRecord) => run.curve.map(({ samples, loss }) => [samples, loss] as const),
    words: (value: number) => measured(value, 2),
    domain: (highest: number): [number, number] => [0, Math.min(MOST_LOSS, Math.max(0.5, highest))],
  },
  accuracy: {
    label: 'accuracy on the batch',
    title: 'Accuracy',
    value: (run: RunRecord) => run.curve.map(({ samples, accuracy }) => [samples, accuracy] as const),
    words: (value: number) => `${Math.round(100 * value)} %`,
    domain: (): [number, number] => [0, 1],
  },
} as const;

/** Loss and accuracy as training goes, every norm at one batch size, every seed a line. */
export function curvesCard(
  plan: Plan,
  records: Records,
  size: number,
  { digits, epochs }: PlaygroundState,
  choose: unknown,
  filesOf: (id: string, name: string) => unknown,
): TemplateResult {
  const runs = plan.lines.map((line) => begunOf(plan, records, line, size));
  const total = epochs * digits;
  const [left, right] = xRange(WIDTH);
  return html`<section class="card wide" aria-labelledby="curves-title">
    <h3 id="curves-title">While it trains, at a batch of ${size}</h3>
    ${choose}
    <div class="plots">
      ${Object.entries(curves).map(([id, { label, title, value, words, domain }]) => {
        const series = runs.map((seeds) => seeds.map(value));
        const highest = Math.max(
          0,
          ...series
            .flat(2)
            .map(([, at]) => at)
            .filter(Number.isFinite),
        );
        const x = scaleLinear([0, total], [left, right - ROOM]);
        const y = scaleLinear(domain(highest), yRange(HEIGHT)).clamp(true);
        const last = plan.lines.flatMap((line, index) => {
          const at = runs[index]?.[0]?.curve.at(-1)?.[id as 'loss' | 'accuracy'];
          return at === undefined ? [] : [`${line.words} ${words(at)}`];
        });
        return html`<figure>
          <h4>${title} ${filesOf(`curve-${id}`, id)}</h4>
          ${plot(
            {
              width: WIDTH,
              height: HEIGHT,
              x: { scale: x, label: 'digits seen', ticks: x.ticks(4), words: thousands },
              y: { scale: y, label, words },
              name: last.length === 0 ? `${title}: nothing is trained yet.` : `${title} so far: ${last.join(', ')}.`,
              id: `curve-${id}`,
            },
            series.map((seeds, index) =>
              seeds.map(
                (points) =>
                  svg`<path class="${seriesClass(index)} thin" d=${pathOf(points.map(([a, b]) => [x(a), y(b)]))}></path>
                    ${points.slice(-1).map(([a, b]) => mark(index, x(a), y(b)))}`,
              ),
            ),
          )}
        </figure>`;
      })}
    </div>
    ${seriesLegend(plan.lines)}
  </section>`;
}
