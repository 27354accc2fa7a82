import { html, svg, type TemplateResult } from 'lit/html.js';
import type { Layer } from '../../src/shared/illustration';
import type { PlaygroundState } from '../../src/shared/playground';
import { measured, plainNumber } from '../format';
import { remembered } from '../memo';
import { legend } from '../plot/plot';
import { CRITIC_NORMS, type CriticInput, type CriticNorm, type Penalty, penalty } from './penalty';

const ROW = { height: 15, gap: 9 };
const WIDTH = 300;

const penaltyOf: Readonly<Record<CriticNorm, typeof penalty>> = {
  none: remembered(penalty),
  batch: remembered(penalty),
  layer: remembered(penalty),
  group: remembered(penalty),
};

export function penaltyCard(state: PlaygroundState, { n, c }: Layer): TemplateResult {
  const input: CriticInput = {
    samples: n,
    inputs: Math.max(2, c),
    hidden: state.hidden,
    head: state.head,
    weight: state.penaltyWeight,
    epsilon: state.epsilon,
    seed: state.seed,
  };
  const rows = (Object.keys(CRITIC_NORMS) as CriticNorm[]).map((name) => ({
    name,
    found: penaltyOf[name](name, input),
  }));
  const batch = rows.find(({ name }) => name === 'batch')?.found;
  const most = Math.max(1.2, ...rows.flatMap(({ found }) => [...found.own, ...found.summed]));
  return html`<section class="card" aria-labelledby="penalty-title">
    <h3 id="penalty-title">2 · What that does to a gradient penalty</h3>
    <p>
      WGAN-GP wants the gradient of <em>each sample's own score</em> to have length 1. What code computes is the gradient of the
      <em>sum</em> of the scores. Without coupling that is the same. The critic here: linear, norm,
      ${state.head === 'relu' ? 'leaky ReLU, linear' : 'linear'}; ${n} samples of ${input.inputs} numbers.
    </p>
    <div class="plots">
      ${rows
        .filter(({ name }) => name === 'batch' || name === 'layer')
        .map(
          ({ name, found }) => html`<figure>
          <h4>${CRITIC_NORMS[name]}</h4>
          ${bars(name, found, most)}
        </figure>`,
        )}
    </div>
    ${legend([
      { mark: 'bar', shape: 'bar', words: 'what the paper means: own score' },
      { mark: 'bar last', shape: 'bar', words: 'what the code computes: sum of scores' },
      { mark: 'target', shape: 'line', words: 'length 1' },
    ])}
    <div class="scroll" tabindex="0" role="region" aria-label="Penalties">
      <table class="numbers" id="penalties">
        <thead>
          <tr>
            <th scope="col">Penalty, λ = ${plainNumber(state.penaltyWeight)}</th>
            <th scope="col">own scores</th>
            <th scope="col">sum of scores</th>
            <th scope="col">difference</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ name, found: { ownPenalty, summedPenalty } }) => html`<tr data-norm=${name}>
              <th scope="row">${CRITIC_NORMS[name]}</th>
              <td>${measured(ownPenalty)}</td>
              <td>${measured(summedPenalty)}</td>
              <td>${ownPenalty === summedPenalty ? 'none' : measured(summedPenalty - ownPenalty)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p>${conclusion(state, batch)}</p>
    <p class="source">
      <a href="https://arxiv.org/abs/1704.00028">Gulrajani et al. 2017</a>, “No critic batch normalization”: with it the
      objective “is no longer valid in this setting”; they recommend layer norm.
    </p>
  </section>`;
}

function conclusion({ head, penaltyWeight }: PlaygroundState, batch: Penalty | undefined): unknown {
  if (head === 'linear') {
    return html`<strong>Here batch norm ends in a constant.</strong> Over a batch its outputs add up to β for each feature, so the
      sum of all scores is the same whatever goes in: its gradient is 0 (here at most
      ${measured(Math.max(0, ...(batch?.summed ?? [])), 6)}), and the penalty is the constant λ = ${plainNumber(penaltyWeight)}. It
      trains nothing.`;
  }
  return html`<strong>With batch norm the penalty constrains something else.</strong> The gradient that reaches sample i is mixed
    with what the other scores owe to it, so a critic may satisfy the penalty while its own slopes are far from 1, and the other
    way round. In layer and group norm, samples do not meet.`;
}

function bars(name: CriticNorm, { own, summed }: Penalty, most: number): TemplateResult {
  const height = own.length * (2 * ROW.height + ROW.gap) + 4;
  const left = 22;
  const x = (length: number) => (length / most) * (WIDTH - left - 46);
  const bar = (mark: string, length: number, y: number) => svg`<rect
      class=${mark}
      x=${left}
      y=${y}
      width=${x(length)}
      height=${ROW.height - 2}
    ></rect>
    <text class="value" x=${left + x(length) + 5} y=${y + ROW.height / 2} dominant-baseline="central">${measured(length)}</text>`;
  const worst = Math.max(...own.map((length, i) => Math.abs(length - (summed[i] ?? 0))));
  const words = `${CRITIC_NORMS[name]}: lengths of own and summed gradients differ by up to ${measured(worst)}.`;
  return html`<svg class="plot" id="gradients-${name}" viewBox="0 0 ${WIDTH} ${height}" width=${WIDTH} height=${height} role="img" aria-label=${words}>
    <line class="target" x1=${left + x(1)} x2=${left + x(1)} y1="0" y2=${height}></line>
    ${own.map((length, i) => {
      const y = i * (2 * ROW.height + ROW.gap);
      return svg`<text class="tick" x="0" y=${y + ROW.height} dominant-baseline="central">x${i}</text>
        ${bar('bar', length, y)} ${bar('bar last', summed[i] ?? 0, y + ROW.height)}`;
    })}
  </svg>`;
}
