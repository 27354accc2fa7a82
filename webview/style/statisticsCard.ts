import { scaleLog, scalePoint } from 'd3-scale';
import { html, svg, type TemplateResult } from 'lit/html.js';
import type { PlaygroundState } from '../../src/shared/playground';
import { measured, plainNumber } from '../format';
import { legend, plot, xRange, yRange } from '../plot/plot';
import { type Channel, COLOURS, channelsOf } from './channels';
import type { StyleOutput } from './tasks';

const WIDTH = 300;
const HEIGHT = 230;

/** σ of every channel before and after, a plot for each colour; and all of it as numbers. */
export function statisticsCard(output: StyleOutput, state: PlaygroundState, files: unknown): TemplateResult {
  const channels = channelsOf(state.colourSpace, output.scales);
  const { content, style, result } = output.statistics;
  const all = [content, style, result].flatMap(({ deviation }) => deviation);
  const [low, high] = [Math.max(0.01, Math.min(...all)), Math.max(...all)];
  return html`<section class="card wide" aria-labelledby="statistics-title">
    <h3 id="statistics-title">Every channel’s deviation σ, before and after</h3>
    <p>${pointOf(state, output)}</p>
    <div class="plots">
      ${COLOURS[state.colourSpace].map((colour) => {
        const own = channels.filter((channel) => channel.colour === colour);
        return html`<figure>
          <h4>${colour}</h4>
          ${deviationPlot(colour, own, output, [low / 1.5, high * 1.5])}
        </figure>`;
      })}
    </div>
    ${legend([
      { mark: 'ring', shape: 'ring', words: 'content' },
      { mark: 'whisker theory', shape: 'line', words: 'style' },
      { mark: 'dot', shape: 'dot', words: 'result' },
    ])}
    ${table(channels, output)}
    <div class="buttons">${files}</div>
  </section>`;
}

const pointOf = ({ styleNorm, strength }: PlaygroundState, { statistics }: StyleOutput): string => {
  const count = statistics.content.mean.length;
  if (styleNorm === 'instance') {
    return `Instance norm gives all ${count} channels the mean 0 and the deviation 1: what the picture had of its own is gone, whatever it was.`;
  }
  if (strength === 1)
    return `AdaIN gives each of ${count} channels the style’s μ and σ: y = σ(style)·(x − μ)/σ + μ(style).`;
  return `Each of ${count} channels stands ${Math.round(100 * strength)} % of the way from the content to the style’s μ and σ.`;
};

function deviationPlot(
  colour: string,
  channels: readonly Channel[],
  { statistics: { content, style, result } }: StyleOutput,
  domain: readonly [number, number],
): TemplateResult {
  const place = scalePoint<number>()
    .domain(channels.map(({ index }) => index))
    .range(xRange(WIDTH))
    .padding(0.8);
  const y = scaleLog(domain, yRange(HEIGHT)).clamp(true);
  const at = (channel: Channel) => place(channel.index) ?? 0;
  const scale = Object.assign((index: number) => place(index) ?? 0, { ticks: () => [], range: () => xRange(WIDTH) });
  // One name for the three directions of a scale.
  const named = channels.filter(({ band }) => band.endsWith('down') || band === 'the rest');
  const far = channels.reduce(
    (sum, { index }) => sum + Math.abs(Math.log((result.deviation[index] ?? 1) / (style.deviation[index] ?? 1))),
    0,
  );
  return plot(
    {
      width: WIDTH,
      height: HEIGHT,
      x: {
        scale,
        label: 'pixels apart: across, down, diagonal',
        ticks: named.map(({ index }) => index),
        words: (index) => {
          const { apart } = channels.find((channel) => channel.index === index) ?? {};
          return apart === undefined ? 'rest' : String(apart);
        },
      },
      y: {
        scale: y,
        label: 'σ, of 255',
        ticks: [0.1, 1, 10, 100].filter((v) => v >= domain[0] && v <= domain[1]),
        words: plainNumber,
      },
      name: `${colour}: the result’s deviations are off the style’s by a factor of ${measured(Math.exp(far / channels.length), 2)} on average, over ${channels.length} channels.`,
    },
    channels.map((channel) => {
      const x = at(channel);
      const of = (deviation: readonly number[]) => y(deviation[channel.index] ?? 1);
      return svg`<line class="whisker theory" x1=${x - 6} x2=${x + 6} y1=${of(style.deviation)} y2=${of(style.deviation)}></line>
        <circle class="ring" cx=${x} cy=${of(content.deviation)} r="4"></circle>
        <circle class="dot" cx=${x} cy=${of(result.deviation)} r="2.6"></circle>`;
    }),
  );
}

function table(channels: readonly Channel[], { statistics: { content, style, result } }: StyleOutput): TemplateResult {
  // Rounding leaves means of 10⁻⁹ where 0 is meant.
  const show = (value = Number.NaN) => html`<td>${measured(Math.abs(value) < 0.005 ? 0 : value, 2)}</td>`;
  // The rest of each colour first: that is what a reader sees at once.
  const order = [...channels].sort((a, b) => Number(a.apart !== undefined) - Number(b.apart !== undefined));
  return html`<div class="scroll short" tabindex="0" role="region" aria-label="Mean and deviation of every channel">
    <table class="numbers" id="channels">
      <thead>
        <tr>
          <th scope="col">Channel</th>
          ${['content', 'style', 'result'].map((of) => html`<th scope="col">μ ${of}</th><th scope="col">σ ${of}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${order.map(
          ({ index, colour, band }) => html`<tr data-channel=${index}>
            <th scope="row">${colour}, ${band}</th>
            ${[content, style, result].map(({ mean, deviation }) => html`${show(mean[index])}${show(deviation[index])}`)}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
