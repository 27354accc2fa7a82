/** One norm, large: picture → the members of the set → the arithmetic of one cell. */

import { live } from 'lit/directives/live.js';
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { type Cell, cellAt, indexOf, type Layer } from '../../src/shared/illustration';
import { type Edits, NORMS, type NormName } from '../../src/shared/playground';
import { measured, plainNumber, thousands } from '../format';
import { remembered } from '../memo';
import { button } from '../toolkit';
import { arithmetic } from './arithmetic';
import { normCard } from './card';
import { type Arithmetic, type NormSettings, normResult } from './model';
import { numberLine } from './numberLine';
import { sampleValues } from './tensor';
import type { AxesFrame } from './view';

/** So many members are listed; more are counted. */
const MOST_ROWS = 16;
const MOST_COLUMNS = 16;

const valuesOf = remembered(sampleValues);
const resultOf = remembered((name: NormName, layer: Layer, seed: number, edits: Edits, settings: NormSettings) =>
  normResult(name, layer, valuesOf(layer, seed, edits), settings),
);

export function inside(frame: AxesFrame): TemplateResult {
  const { state, layer, cell } = frame;
  const name = state.norm;
  const { epsilon, layout, gamma, beta } = state;
  const values = valuesOf(layer, state.seed, state.edits);
  const result = resultOf(name, layer, state.seed, state.edits, { epsilon, layout, gamma, beta });
  const numbers = result.arithmetic(cell);
  const valueAt = (at: Cell) => values[indexOf(layer, at)] ?? 0;
  return html`
    <p class="crumbs">
      ${button({ label: '← All norms', click: () => frame.context.change({ view: 'together' }) })}
      <span>${NORMS[name]} › ${cellName(cell, layer)}</span>
    </p>
    <div class="inside">
      <section class="card large" aria-labelledby="inside-picture">
        <h3 id="inside-picture">1 · The set</h3>
        ${normCard(name, frame, { width: 300, height: 250, most: 36 }, (at) => measured(valueAt(at), 2))}
      </section>
      <section class="card" aria-labelledby="inside-members">
        <h3 id="inside-members">2 · Its members</h3>
        ${members(frame, numbers, values)}
      </section>
      <section class="card wide" aria-labelledby="inside-cell">
        <h3 id="inside-cell">3 · One cell, step by step</h3>
        ${arithmetic(numbers, state)}
      </section>
    </div>
  `;
}

/** “sample 0, channel 5, row 0, column 0”. */
export function cellName(cell: Cell, { data }: Layer): string {
  const place = { images: `, row ${cell.h}, column ${cell.w}`, sequences: `, step ${cell.h}`, features: '' };
  return `sample ${cell.n}, ${data === 'images' ? 'channel' : 'feature'} ${cell.c}${place[data]}`;
}

/** The members in rows and columns by the axes along which the set extends. */
function members(frame: AxesFrame, numbers: Arithmetic, values: Float32Array): TemplateResult {
  const { layer, cell } = frame;
  const along = axesOf(numbers, layer);
  const rowsBy = along.length > 1 ? along[0] : undefined;
  const columnsBy = along.filter((axis) => axis !== rowsBy);
  const { shown, total } = rowsOf(numbers, layer, rowsBy, columnsBy);
  const hidden = total - shown.reduce((sum, [, row]) => sum + row.length, 0);
  const valueAt = (at: Cell) => values[indexOf(layer, at)] ?? 0;
  const isChosen = (at: Cell) => indexOf(layer, at) === indexOf(layer, cell);
  const columnWords = columnsBy.map(({ title }) => `${title}s`).join(' and ');
  return html`
    <p class="remark">
      ${thousands(total)} numbers share one ${numbers.centered ? 'μ and σ' : 'root mean square r'}:
      ${rowsBy === undefined ? nothing : `a row for each ${rowsBy.title}, `}${columnWords === '' ? '' : `${columnWords} side by side`}.
      Choose one to follow it; change the chosen one below.
    </p>
    <div class="scroll" tabindex="0" role="region" aria-label="Members of the set">
      <table class="members" @keydown=${walk}>
        ${shown.map(
          ([row, of]) => html`<tr>
            ${rowsBy === undefined ? nothing : html`<th scope="row">${rowsBy.title[0]} ${row}</th>`}
            ${of.map(
              (at) => html`<td>
                  <button
                    type="button"
                    class="member"
                    aria-label="${cellName(at, layer)}: ${measured(valueAt(at), 2)}"
                    aria-pressed=${isChosen(at)}
                    tabindex=${isChosen(at) ? 0 : -1}
                    @click=${() => frame.choose(at)}
                  >
                    ${measured(valueAt(at), 2)}
                  </button>
                </td>`,
            )}
          </tr>`,
        )}
      </table>
    </div>
    ${hidden > 0 ? html`<p class="remark">… and ${thousands(hidden)} more.</p>` : nothing}
    ${editor(frame, valueAt(cell))} ${numberLine(numbers, values)}
  `;
}

interface Along {
  readonly title: string;
  readonly of: (at: Cell) => number;
}

/** The axes along which a set extends: of samples, channels and positions. */
function axesOf({ members }: Arithmetic, layer: Layer): readonly Along[] {
  const { data, w } = layer;
  const axes: readonly Along[] = [
    { title: 'sample', of: (at) => at.n },
    { title: data === 'images' ? 'channel' : 'feature', of: (at) => at.c },
    { title: data === 'images' ? 'position' : 'step', of: (at) => at.h * w + at.w },
  ];
  // Sets are boxes: where the first and the last member agree, all do.
  const [first, last] = [cellAt(layer, members[0] ?? 0), cellAt(layer, members.at(-1) ?? 0)];
  return axes.filter(({ of }) => of(first) !== of(last));
}

type Row = readonly [number, readonly Cell[]];

/** The members that are shown, row by row, and how many there are. */
function rowsOf(
  { members }: Arithmetic,
  layer: Layer,
  rowsBy: Along | undefined,
  columnsBy: readonly Along[],
): { readonly shown: readonly Row[]; readonly total: number } {
  const rows = new Map<number, Cell[]>();
  for (const index of members) {
    const at = cellAt(layer, index);
    const row = rowsBy?.of(at) ?? 0;
    const of = rows.get(row);
    if (of !== undefined) of.push(at);
    else rows.set(row, [at]);
  }
  const order = (a: Cell, b: Cell) =>
    columnsBy.reduce((difference, { of }) => (difference === 0 ? of(a) - of(b) : difference), 0);
  const shown = [...rows].slice(0, MOST_ROWS).map(([row, of]): Row => [row, of.sort(order).slice(0, MOST_COLUMNS)]);
  return { shown, total: members.length };
}

/** Arrow keys go from member to member, as in a grid. */
function walk(event: KeyboardEvent): void {
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
  };
  const step = steps[event.key];
  const at = (event.target as Element).closest('td');
  const row = at?.closest('tr');
  if (step === undefined || !at || !row) return;
  event.preventDefault();
  const rows = [...(row.parentElement?.querySelectorAll('tr') ?? [])];
  const next = rows[rows.indexOf(row) + step[0]]?.querySelectorAll('td');
  const column = [...row.querySelectorAll('td')].indexOf(at) + step[1];
  next?.[column]?.querySelector('button')?.focus();
}

function editor({ state, layer, cell, context }: AxesFrame, value: number): TemplateResult {
  const index = indexOf(layer, cell);
  const edit = (event: Event) => {
    const typed = (event.target as HTMLInputElement).valueAsNumber;
    if (Number.isFinite(typed) && Math.abs(typed) <= 1e6) {
      context.change({ edits: { ...state.edits, [index]: typed } });
    }
  };
  const changes = Object.keys(state.edits).length;
  return html`<div class="edit">
    <label>
      x of ${cellName(cell, layer)}
      <input
        id="cell-value"
        type="number"
        step="0.1"
        min="-1000000"
        max="1000000"
        .value=${live(String(Math.round(value * 1e4) / 1e4))}
        @change=${edit}
        @input=${edit}
      />
    </label>
    ${
      changes === 0
        ? nothing
        : button({ label: `Undo ${plainNumber(changes)} changed`, click: () => context.change({ edits: {} }) })
    }
  </div>`;
}
