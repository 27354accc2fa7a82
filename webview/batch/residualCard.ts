import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import { count, measured, percent, thousands } from '../format';
import type { Answer } from '../work/latest';
import { epochOf, type Residual, type ResidualInput, runningVarianceTheory, varianceNoise } from './residual';

export function residualCard(input: ResidualInput, ask: (input: ResidualInput) => Answer<Residual>): TemplateResult {
  const { samples, batch, positions } = input;
  const { full, rest } = epochOf(samples, batch);
  const m = { full: batch * positions, rest: rest * positions };
  return html`<section class="card" aria-labelledby="residual-title">
    <h3 id="residual-title">3 · The batch that is left over</h3>
    <p>
      ${count(samples, 'sample')} in batches of ${thousands(batch)}:
      <strong id="full-batches">${count(full, 'full batch', 'full batches')}</strong>${
        rest === 0
          ? ', and nothing is left over.'
          : html`, and a last one of <strong id="residual-samples">${count(rest, 'sample')}</strong>.`
      }
    </p>
    ${epochPicture(full, rest, batch)} ${rest === 0 ? nothing : noise(m, rest)}
    ${rest === 0 || full === 0 ? nothing : runningVariance(input, ask(input))}
    <p class="source">
      Relative noise of a variance from m independent values: √(2/(m − 1)). Neighbouring positions of a picture are alike, so
      there samples count for more than positions do.
    </p>
  </section>`;
}

function noise(m: { readonly full: number; readonly rest: number }, rest: number): TemplateResult {
  if (m.rest === 1) {
    return html`<p class="warning">
      In the last batch every channel has one number, which is its own mean: the output is β for whatever comes in, nothing is
      learned from that step, and its variance 0 goes into the running variance.
    </p>`;
  }
  return html`<p>
    Its statistics come from <strong>${count(m.rest, 'number')}</strong> a channel instead of ${thousands(m.full)}:
    its variance is off by <strong id="noise-rest">${percent(varianceNoise(m.rest))}</strong> as a rule, a full batch's by
    <span id="noise-full">${percent(varianceNoise(m.full))}</span>${rest === 1 ? ', and all of it comes from one sample' : ''}.
  </p>`;
}

function runningVariance(input: ResidualInput, { value, pending, problem }: Answer<Residual>): TemplateResult {
  if (problem !== undefined) return html`<p class="warning">${problem}</p>`;
  return html`<p>
    The last batch is the freshest memory. Evaluated after an epoch, the running variance is
    <strong id="variance-measured">${value === undefined ? '…' : measured(value.measured)}</strong> of the data's (theory
    <span id="variance-theory">${measured(runningVarianceTheory(input))}</span>)${
      pending ? html` <span class="pending">computing…</span>` : nothing
    }.
  </p>`;
}

/** Wider epochs are cut in the middle. */
const MOST_BARS = 14;
const BAR = { width: 34, gap: 6, height: 64 };

function epochPicture(full: number, rest: number, batch: number): TemplateResult {
  const bars = Math.min(full, MOST_BARS);
  const width = (bars + 2) * (BAR.width + BAR.gap) + 20;
  const restHeight = Math.max(3, (BAR.height * rest) / batch);
  const at = (i: number) => i * (BAR.width + BAR.gap);
  const last = bars < full ? bars + 0.8 : bars;
  const words = `${count(full, 'full batch', 'full batches')} of ${count(batch, 'sample')}${rest > 0 ? `, and one of ${rest}` : ''}.`;
  return html`<svg class="plot" viewBox="0 0 ${width} ${BAR.height + 24}" width=${width} height=${BAR.height + 24} role="img" aria-label=${words}>
    ${Array.from(
      { length: bars },
      (_, i) => svg`<rect class="bar" x=${at(i)} y="0" width=${BAR.width} height=${BAR.height}></rect>
        <text class="tick" x=${at(i) + BAR.width / 2} y=${BAR.height + 16} text-anchor="middle">${batch}</text>`,
    )}
    ${bars < full ? svg`<text class="tick" x=${at(bars) + 12} y=${BAR.height / 2} text-anchor="middle">…</text>` : nothing}
    ${
      rest > 0
        ? svg`<rect class="bar last" x=${at(last)} y=${BAR.height - restHeight} width=${BAR.width} height=${restHeight}></rect>
          <text class="tick strong" x=${at(last) + BAR.width / 2} y=${BAR.height + 16} text-anchor="middle">${rest}</text>`
        : nothing
    }
  </svg>`;
}
