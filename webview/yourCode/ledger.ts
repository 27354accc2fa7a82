import { html, nothing, type TemplateResult } from 'lit/html.js';
import { layerOf, partition } from '../../src/shared/illustration';
import {
  type CodeFinding,
  type CodeLayer,
  type CodeModel,
  type CodePlace,
  changed,
  defaultState,
} from '../../src/shared/playground';
import { count, thousands } from '../format';

export interface LedgerEvents {
  /** The layer whose settings are loaded, by its words in the state. */
  readonly loaded: string;
  load(layer: CodeLayer): void;
  /** Undefined where no editor can jump to a line. */
  readonly reveal: ((place: CodePlace) => void) | undefined;
}

const SEVERITY_WORDS: Readonly<Record<CodeFinding['severity'], string>> = {
  error: '✕ error',
  warning: '▲ warning',
  information: 'ℹ information',
  hint: '… hint',
};

/** A model, layer by layer: shapes, parameters, what a norm shares, and what is wrong. */
export function ledger(model: CodeModel, index: number, events: LedgerEvents): TemplateResult {
  const title = `model-${index}`;
  const shown = (n: number | null) => (n === null ? '?' : thousands(n));
  return html`<section class="card wide" aria-labelledby=${title}>
    <h3 id=${title}>${model.name} <span class="kind">${model.kind}, ${line(model.at, events)}</span></h3>
    <p>
      ${model.inputs} → ${model.outputs}, ${shown(model.total)} parameters, ${shown(model.trainable)} of them
      trained${model.batch === undefined ? nothing : html`, batches of ${model.batch}`}.
    </p>
    <div class="scroll ledger" tabindex="0" role="region" aria-label="Layers of ${model.name}">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">Layer</th>
            <th scope="col">Type</th>
            <th scope="col">Output</th>
            <th scope="col">Parameters</th>
            <th scope="col">What it shares</th>
          </tr>
        </thead>
        <tbody>
          ${model.layers.map((layer) => row(layer, events))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row(layer: CodeLayer, events: LedgerEvents): TemplateResult {
  const { name, type, output, params, change, at, findings } = layer;
  const loaded = change?.layer !== undefined && change.layer === events.loaded;
  return html`<tr data-layer=${name} class=${loaded ? 'loaded' : ''}>
      <td>${lineLink(at, events, String(at.line + 1))}</td>
      <th scope="row">
        ${
          change === undefined
            ? html`<span title="Its shape is not known enough to be shown">${name}</span>`
            : html`<button
              type="button"
              class="load"
              aria-pressed=${loaded}
              title="Loads this layer’s shape and settings into the other scenes"
              @click=${() => events.load(layer)}
            >${name}</button>`
        }
      </th>
      <td>${type}</td>
      <td>${output}</td>
      <td>${typeof params === 'number' ? thousands(params) : (params ?? '?')}</td>
      <td>${setsOf(layer) ?? nothing}</td>
    </tr>
    ${findings.map((finding) => html`<tr class="finding"><td colspan="6">${findingLine(finding, events)}</td></tr>`)}`;
}

/** How many means a norm has and over how many numbers: from the sets that all pictures are drawn from. */
export function setsOf({ change }: CodeLayer): string | undefined {
  if (change?.norm === undefined) return undefined;
  const layer = layerOf(changed(defaultState, change));
  const { sets, elements, centered } = partition(change.norm, layer);
  return `${count(sets, centered ? 'mean' : 'root mean square')}, each over ${thousands(elements)} (B = ${layer.n})`;
}

export function findingLine(finding: CodeFinding, events: Pick<LedgerEvents, 'reveal'>): TemplateResult {
  const { rule, severity, message, page, at } = finding;
  return html`<span class="finding-line" data-severity=${severity}
    ><strong>${SEVERITY_WORDS[severity]}</strong> ${message}
    ${page === '' ? rule : html`<a href=${page}>${rule}</a>`}, ${line(at, events)}</span
  >`;
}

const line = (place: CodePlace, events: Pick<LedgerEvents, 'reveal'>): unknown =>
  lineLink(place, events, `line ${place.line + 1}`);

function lineLink(place: CodePlace, { reveal }: Pick<LedgerEvents, 'reveal'>, words: string): unknown {
  if (reveal === undefined) return words;
  return html`<button
    type="button"
    class="load"
    aria-label="Line ${place.line + 1}, in the editor"
    title="Shows the line in the editor"
    @click=${() => reveal(place)}
  >${words}</button>`;
}
