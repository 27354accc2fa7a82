import { html, nothing, type TemplateResult } from 'lit/html.js';
import { measured, thousands } from '../format';
import { button } from '../toolkit';
import type { Plan } from './plan';
import { begunOf, cellOf, type Records, shiftOf } from './results';

/**
 * Is it internal covariate shift? The test of the later literature, with its three networks.
 * @param preset sets what shows it; undefined where that is set
 */
export function noiseCard(
  plan: Plan,
  records: Records,
  preset: (() => void) | undefined,
  files: unknown,
): TemplateResult {
  const [size = 32] = plan.sizes;
  const rows = plan.lines.map((line) => ({
    line,
    cell: cellOf(plan, records, line, size),
    shift: shiftOf(begunOf(plan, records, line, size)),
  }));
  const [none, batch, noisy] = rows;
  return html`<section class="card wide" aria-labelledby="noise-title">
    <h3 id="noise-title">Does batch norm work by keeping distributions still?</h3>
    <p>
      That was the idea it came with: less “internal covariate shift”
      (<a href="https://arxiv.org/abs/1502.03167">Ioffe &amp; Szegedy 2015</a>). So put the shift back: behind each batch norm,
      scale and move every unit by noise whose own mean and deviation jump at each step. If stillness were the reason, the gain
      would be gone.
    </p>
    <div class="preset" id="noise-preset">
      ${button({
        label: 'Settings that show it',
        title: 'Four layers, a learning rate of 0.2, two epochs, five seeds',
        disabled: preset === undefined,
        click: () => preset?.(),
      })}
      <p>
        Look for the noisy network to learn nearly as well as the one with batch norm alone, although its means move more than
        with no norm at all (<a href="https://arxiv.org/abs/1805.11604">Santurkar et al. 2018, figure 2</a>).
      </p>
    </div>
    ${none && batch && noisy ? verdict(none, batch, noisy) : nothing}
    <div class="scroll" tabindex="0" role="region" aria-label="The noise test's numbers">
      <table class="numbers" id="noise">
        <thead>
          <tr>
            <th scope="col">Network, batch of ${size}</th>
            <th scope="col">Test error</th>
            <th scope="col">Shift of a unit’s mean, in deviations a step</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ line, cell, shift }) => html`<tr data-norm=${line.id}>
              <th scope="row">${line.words}</th>
              <td>${errorWords(cell)}</td>
              <td>${shift === undefined ? '…' : measured(shift)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="source">
      The test is <a href="https://arxiv.org/abs/1805.11604">Santurkar et al. 2018</a>, section 2.1, with the noise of its
      appendix A. They find another reason: the loss becomes smoother. The shift here is our own plain measure, not theirs of
      section 2.2.
    </p>
    ${files}
  </section>`;
}

const errorWords = ({ errors, mean, deviation }: Row['cell']): string => {
  if (errors.length === 0) return '…';
  return `${measured(100 * mean, 1)}${errors.length > 1 ? ` ± ${measured(100 * deviation, 1)}` : ''} %`;
};

interface Row {
  readonly cell: ReturnType<typeof cellOf>;
  readonly shift: number | undefined;
}

/** What the runs of this page say, whichever it is. */
function verdict(none: Row, batch: Row, noisy: Row): unknown {
  const done = [none, batch, noisy].every(({ cell, shift }) => cell.errors.length > 0 && shift !== undefined);
  if (!done) return nothing;
  const times = (noisy.shift ?? 0) / (batch.shift || 1);
  const more = (noisy.shift ?? 0) > (none.shift ?? 0) ? ', and larger than with no norm at all' : '';
  const gain = none.cell.mean - batch.cell.mean;
  const kept = none.cell.mean - noisy.cell.mean;
  const words =
    gain <= 0
      ? 'But with these settings batch norm is no better than none, so there is no gain to explain. Take a higher learning rate or more layers.'
      : kept <= 0
        ? 'And the gain is gone: with these settings the noise costs more than batch norm brings.'
        : `And yet ${kept >= gain ? 'all' : `${Math.round((100 * kept) / gain)} %`} of batch norm’s gain in error is still there: stillness is not what it rests on.`;
  return html`<p id="noise-verdict">
    <strong>Here the noise makes the shift ${times < 10 ? measured(times, 1) : thousands(Math.round(times))} times as large as with batch norm alone${more}. ${words}</strong>
  </p>`;
}
