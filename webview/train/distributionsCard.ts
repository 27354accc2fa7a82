import { scaleLinear } from 'd3-scale';
import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import { measured, thousands } from '../format';
import { areaOf, pathOf } from '../plot/path';
import { plot, xRange, yRange } from '../plot/plot';
import type { Plan } from './plan';
import type { RunRecord, Snapshot } from './record';
import { begunOf, cellOf, type Records, shiftOf } from './results';

const WIDTH = 330;
const HEIGHT = 170;
const LEAST = 2;
const MOST = 8;

/** What each layer hands to its activation function, from step to step: the quantiles of all its values. */
export function distributionsCard(plan: Plan, records: Records, size: number, depth: number): TemplateResult {
  const runs = plan.lines.map((line) => begunOf(plan, records, line, size));
  const cannotBe = plan.lines.map((line) => cellOf(plan, records, line, size).problem !== undefined);
  const shown = runs.map((seeds) => seeds.find(({ snapshots }) => snapshots.length > 0));
  const widest = Math.max(
    LEAST,
    ...shown
      .flatMap((run) => run?.snapshots ?? [])
      .flatMap(({ layers }) => layers.flatMap(({ quantiles }) => quantiles.map(Math.abs)))
      .filter(Number.isFinite),
  );
  const limit = Math.min(MOST, Math.ceil(widest));
  return html`<section class="card wide" aria-labelledby="distributions-title">
    <h3 id="distributions-title">What the layers hand on, over time, at a batch of ${size}</h3>
    <p>
      The values that go into each activation function, at ${shown.find((run) => run !== undefined)?.snapshots.length ?? 0}
      moments of the first seed’s run. Dark: the middle half. Light: 90 of 100. Line: the median. Dashes: the mean of one
      unit, the first, which the noise of the noise test throws about.
    </p>
    ${plan.lines.map((line, index) =>
      cannotBe[index] === true
        ? nothing
        : html`<h4>${line.words} ${shiftWords(shiftOf(runs[index] ?? []))}</h4>
        <div class="plots distributions">
          ${Array.from({ length: depth }, (_, layer) => html`<figure>${fan(line.words, layer, shown[index], limit)}</figure>`)}
        </div>`,
    )}
  </section>`;
}

const shiftWords = (shift: number | undefined): unknown =>
  shift === undefined
    ? nothing
    : html`<span class="remark">a unit’s mean moves by ${measured(shift)} deviations from one step to the next</span>`;

function fan(words: string, layer: number, run: RunRecord | undefined, limit: number): TemplateResult {
  const snapshots = run?.snapshots ?? [];
  const total = run === undefined ? 1 : run.totalSteps * run.config.batchSize;
  const [left, right] = xRange(WIDTH);
  const x = scaleLinear([0, total], [left, right - 14]);
  const y = scaleLinear([-limit, limit], yRange(HEIGHT)).clamp(true);
  const at = (snapshot: Snapshot, quantile: number): readonly [number, number] => [
    x(snapshot.samples),
    y(snapshot.layers[layer]?.quantiles[quantile] ?? Number.NaN),
  ];
  const through = (quantile: number) => snapshots.map((snapshot) => at(snapshot, quantile));
  const last = snapshots.at(-1)?.layers[layer];
  const name =
    last === undefined
      ? `${words}, layer ${layer + 1}: nothing is trained yet.`
      : `${words}, layer ${layer + 1}: at the end half of the values lie between ${measured(last.quantiles[1] ?? 0, 2)} and ${measured(last.quantiles[3] ?? 0, 2)}, their deviation is ${measured(last.deviation, 2)}.`;
  return plot(
    {
      width: WIDTH,
      height: HEIGHT,
      x: { scale: x, label: `layer ${layer + 1}`, ticks: [0, total], words: thousands },
      y: { scale: y, label: 'value', ticks: [-limit, -limit / 2, 0, limit / 2, limit] },
      name,
    },
    svg`<path class="fan outer" d=${areaOf(through(4), through(0))}></path>
      <path class="fan inner" d=${areaOf(through(3), through(1))}></path>
      <path class="fan median" d=${pathOf(through(2))}></path>
      <path class="fan unit" d=${pathOf(snapshots.map(({ samples, layers }) => [x(samples), y(layers[layer]?.unit ?? Number.NaN)]))}></path>`,
  );
}
