import { html, mathml, nothing, svg, type TemplateResult } from 'lit/html.js';
import type { Cell, Layer } from '../../src/shared/illustration';
import { type Edits, NORMS, type NormName, type PlaygroundState } from '../../src/shared/playground';
import { measured } from '../format';
import { remembered } from '../memo';
import type { Answer } from '../work/latest';
import { type Coupling, coupling } from './matrix';
import type { Others, OthersInput } from './tasks';
import type { Pair } from './view';

interface Frame {
  readonly state: PlaygroundState;
  readonly layer: Layer;
  readonly values: Float32Array;
  readonly cell: Cell;
  readonly pair: Pair;
  choose(pair: Pair): void;
  /** The other norms' matrices, from the worker. */
  others(input: OthersInput): Answer<Others>;
}

const chosenOf = remembered(
  (
    name: NormName,
    layer: Layer,
    _seed: number,
    _edits: Edits,
    cell: Cell,
    epsilon: number,
    values: () => Float32Array,
  ) => coupling(name, layer, values(), cell, epsilon),
);

export function matrixCard(frame: Frame): TemplateResult {
  const { state, layer, values, cell, pair } = frame;
  const chosen = chosenOf(state.norm, layer, state.seed, state.edits, cell, state.epsilon, () => values);
  const others = frame.others({
    names: state.norms.filter((name) => name !== state.norm),
    layer,
    seed: state.seed,
    edits: state.edits,
    cell,
    epsilon: state.epsilon,
  });
  return html`<section class="card" aria-labelledby="matrix-title">
    <h3 id="matrix-title">1 · Sample by sample: |∂yᵢ/∂xⱼ|</h3>
    <p>
      Row i is the output of one cell in sample i, column j the whole input of sample j; the number is the length of the gradient,
      from the runtime's backward pass.
    </p>
    <div class="plots">
      <figure>
        <h4>${NORMS[state.norm]}: ${verdict(chosen)}</h4>
        ${bigMatrix(chosen, frame)}
      </figure>
      <div>
        <h4>One entry, in numbers</h4>
        ${entryWords(chosen, state.norm, pair)}
      </div>
    </div>
    <h4>
      The other norms, on the same
      numbers${others.pending ? html` <span class="pending">computing…</span>` : nothing}
    </h4>
    ${others.problem === undefined ? nothing : html`<p class="warning">${others.problem}</p>`}
    <ul class="small-matrices">
      ${(others.value ?? []).map(({ name, found }) => {
        return html`<li data-norm=${name}>
          ${smallMatrix(found, NORMS[name])}
          <span><strong>${NORMS[name]}</strong><br />${verdict(found)}</span>
        </li>`;
      })}
    </ul>
  </section>`;
}

/** What a matrix says in a word. */
function verdict({ norms, largestBeside }: Coupling): string {
  if (norms.length === 1) return 'one sample alone';
  const touched = norms.flatMap((row, i) => row.filter((value, j) => i !== j && value > 0)).length;
  const pairs = norms.length * (norms.length - 1);
  if (largestBeside === 0) return 'samples apart, beside the diagonal exactly 0';
  return touched === pairs ? 'every pair of samples is coupled' : `${touched} of ${pairs} pairs are coupled`;
}

const largest = ({ norms }: Coupling): number => Math.max(1e-12, ...norms.flat());

/** The matrix as a table, so that a screen reader reads it as one; a cell's shade is a mark behind its number. */
function bigMatrix(found: Coupling, { pair, choose }: Frame): TemplateResult {
  const most = largest(found);
  const press = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const within = (at: number) => Math.max(0, Math.min(found.norms.length - 1, at));
    // Keys may come faster than frames: each moves on from where the focus is.
    const [, output = pair.output, input = pair.input] = (
      /^entry-(\d+)-(\d+)$/.exec((event.target as Element).id) ?? []
    ).map(Number);
    const next = { output: within(output + step[0]), input: within(input + step[1]) };
    choose(next);
    document.getElementById(`entry-${next.output}-${next.input}`)?.focus();
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Coupling matrix">
    <table class="matrix" id="coupling" @keydown=${press}>
      <thead>
        <tr>
          <td></td>
          ${found.norms.map((_, j) => html`<th scope="col">x<sub>${j}</sub></th>`)}
        </tr>
      </thead>
      <tbody>
        ${found.norms.map(
          (row, i) => html`<tr>
            <th scope="row">y<sub>${i}</sub></th>
            ${row.map((value, j) => {
              const isChosen = i === pair.output && j === pair.input;
              return html`<td>
                <button
                  type="button"
                  id="entry-${i}-${j}"
                  class="entry"
                  aria-pressed=${isChosen}
                  aria-label="output ${i}, input ${j}: ${value === 0 ? '0 exactly' : measured(value)}"
                  tabindex=${isChosen ? 0 : -1}
                  @pointerenter=${() => choose({ output: i, input: j })}
                  @click=${() => choose({ output: i, input: j })}
                >
                  <svg class="shade" viewBox="0 0 10 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect width="10" height="10" fill-opacity=${shade(value, most)}></rect>
                  </svg>
                  <span>${value === 0 ? '0' : measured(value)}</span>
                </button>
              </td>`;
            })}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Small entries are still seen: the shade grows with the square root, and stays light enough for the number on it. */
const shade = (value: number, most: number): number => (value === 0 ? 0 : 0.1 + 0.4 * Math.sqrt(value / most));

function smallMatrix(found: Coupling, name: string): TemplateResult {
  const n = found.norms.length;
  const most = largest(found);
  return html`<svg class="plot small" viewBox="0 0 ${n} ${n}" width="72" height="72" role="img" aria-label="${name}: ${verdict(found)}">
    ${found.norms.map((row, i) =>
      row.map(
        (value, j) =>
          svg`<rect class="shade-cell" x=${j} y=${i} width="1" height="1" fill-opacity=${value === 0 ? 0 : 0.25 + 0.75 * Math.sqrt(value / most)}></rect>`,
      ),
    )}
  </svg>`;
}

/** The formula behind one entry: the same cell in both samples. */
function entryWords(found: Coupling, norm: NormName, { output, input }: Pair): TemplateResult {
  const entry = found.entries[output]?.[input] ?? 0;
  const value = mathml`<mn class="result" id="entry-value">${entry === 0 ? '0' : measured(entry, 4)}</mn>`;
  const derivative = html`<math displaystyle="true"
    ><mfrac
      ><mrow><mo>∂</mo><msub><mi>y</mi><mn>${output}</mn></msub></mrow
      ><mrow><mo>∂</mo><msub><mi>x</mi><mn>${input}</mn></msub></mrow></mfrac
    ><mo>=</mo>${output === input || found.largestBeside > 0 ? formula(found, norm, output, input) : nothing}${value}</math
  >`;
  const words =
    output === input
      ? 'A sample’s own input always counts. Two terms are taken away: the part that the mean follows, and the part that the deviation follows.'
      : found.largestBeside === 0
        ? 'The two samples have no statistics in common: nothing that happens in one reaches the other.'
        : entry === 0
          ? 'These two samples have no statistics in common.'
          : 'Sample j moves the mean and the deviation, and these move sample i.';
  return html`<p>Output of sample ${output}, input of sample ${input}, the same cell:</p>
    <p class="formula">${derivative}</p>
    <p>${words}</p>`;
}

const CENTERED: readonly NormName[] = ['batch', 'layer', 'layerChannels', 'instance', 'group', 'ghostBatch'];

/** 1/σ · (δ − 1/m − x̂ᵢx̂ⱼ/m), with numbers. */
function formula({ normalized, rstd, elements, entries }: Coupling, norm: NormName, i: number, j: number): unknown {
  if (entries[i]?.[j] === 0) return nothing;
  const signed = (value: number) =>
    value < 0
      ? mathml`<mrow><mo>(</mo><mn>${measured(value)}</mn><mo>)</mo></mrow>`
      : mathml`<mn>${measured(value)}</mn>`;
  const mean = CENTERED.includes(norm) ? mathml`<mo>−</mo><mfrac><mn>1</mn><mn>${elements}</mn></mfrac>` : nothing;
  return mathml`<mn>${measured(rstd[i] ?? 0)}</mn><mo>·</mo><mrow
      ><mo>(</mo><mn>${i === j ? 1 : 0}</mn>${mean}<mo>−</mo
      ><mfrac
        ><mrow>${signed(normalized[i] ?? 0)}<mo>·</mo>${signed(normalized[j] ?? 0)}</mrow
        ><mn>${elements}</mn></mfrac
      ><mo>)</mo></mrow
    ><mo>=</mo>`;
}
