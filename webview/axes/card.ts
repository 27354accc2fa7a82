/** A norm's picture with its sentence and its counts. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { type Cell, cellOf, type Layer, normPicture, partition, pictureWords } from '../../src/shared/illustration';
import { NORMS, type NormName } from '../../src/shared/playground';
import { count, thousands } from '../format';
import { picture } from '../picture';
import { costsOf, statisticsShape } from './model';
import type { AxesFrame } from './view';
import { NORM_WORDS, type Segment, warningOf } from './words';

interface Room {
  readonly width: number;
  readonly height: number;
  readonly most: number;
}

export function normCard(
  name: NormName,
  frame: AxesFrame,
  room: Room,
  numbers?: (cell: Cell) => string,
): TemplateResult {
  const { layer, whole, pointing } = frame;
  const { drawing, cellAt } = normPicture(name, layer, {
    ...room,
    cell: pointing.cell ?? frame.cell,
    points: pointing.axis,
    number: numbers,
  });
  const hover = (at: Cell | undefined) => {
    const before = pointing.cell;
    const same = before === at || (before && at && sameCell(before, at));
    if (!same) frame.point({ cell: at });
  };
  return html`
    ${picture(drawing, `${pictureWords(name, layer)} Arrow keys move the outlined cell, Enter looks inside.`, {
      hover: (point) => hover(point && cellAt(point)),
      click: (point) => {
        const cell = cellAt(point);
        if (cell !== undefined) frame.choose(cell, name);
      },
      key: (event) => press(event, name, frame),
    })}
    <p class="sentence">${NORM_WORDS[name].sentence(whole).map((segment) => word(segment, frame))}</p>
    ${facts(name, frame)}
  `;
}

const sameCell = (a: Cell, b: Cell): boolean => a.n === b.n && a.c === b.c && a.h === b.h && a.w === b.w;

/** A word that lights what it means, while pointed at or focused. */
function word(segment: Segment, frame: AxesFrame): TemplateResult {
  if (typeof segment === 'string') return html`${segment}`;
  const light = () => frame.point({ axis: segment.points });
  const dim = () => frame.point({ axis: undefined });
  return html`<button
    type="button"
    class="word"
    data-points=${segment.points}
    @pointerenter=${light}
    @pointerleave=${dim}
    @focus=${light}
    @blur=${dim}
  >
    ${segment.words}</button
  >`;
}

function facts(name: NormName, { whole, state }: AxesFrame): TemplateResult {
  const { sets, elements, centered, learned, remembered } = costsOf(name, whole, state.layout);
  const size = (shape: readonly number[]) => shape.reduce((product, dim) => product * dim, 1);
  const total = learned.reduce((sum, { shape }) => sum + size(shape), 0);
  const warning = warningOf(elements, centered);
  return html`
    <p class="counts" data-norm=${name}>
      <strong class="sets">${centered ? count(sets, 'mean') : count(sets, 'root mean square')}</strong>, each over
      <strong class="elements">${count(elements, 'number')}</strong>
    </p>
    ${factors(name, whole)}
    ${warning === undefined ? nothing : html`<p class="warning">${warning}</p>`}
    <dl class="facts">
      <div>
        <dt>${centered ? 'μ and σ' : 'r'}</dt>
        <dd><code>[${statisticsShape(name, whole, state.layout).join(', ')}]</code></dd>
      </div>
      <div>
        <dt>learned</dt>
        <dd>
          ${
            learned.length === 0
              ? 'nothing'
              : html`${thousands(total)}: ${learned.map((p) => p.name).join(', ')}
                <code>[${learned[0]?.shape.join(', ')}]</code>`
          }
        </dd>
      </div>
      <div>
        <dt>remembered</dt>
        <dd>${remembered === 0 ? 'nothing' : `${thousands(remembered)}: running mean and variance`}</dd>
      </div>
    </dl>
    <p class="source"><a href=${NORM_WORDS[name].source.href}>${NORM_WORDS[name].source.words}</a></p>
  `;
}

/** “4 samples × 4 positions”: what the numbers behind one mean are, as the sentence above names them. */
function factors(name: NormName, layer: Layer): TemplateResult | typeof nothing {
  const { statistics, elements } = partition(name, layer);
  const images = layer.data === 'images';
  const along: readonly (readonly [number, string])[] = [
    [layer.n / statistics.n, 'sample'],
    [layer.c / statistics.c, images ? 'channel' : 'feature'],
    [(layer.h * layer.w) / statistics.p, images ? 'position' : 'step'],
  ];
  const several = along.filter(([size]) => size > 1).map(([size, word]) => count(size, word));
  if (several.length === 0) return nothing;
  const sum = several.length === 1 ? '' : `${thousands(elements)} = `;
  return html`<p class="factors">${sum}${several.join(' × ')}</p>`;
}

/** Where each key moves the cell. Positions go on from row to row. */
const MOVES: Readonly<Record<string, (cell: Cell, layer: Layer) => Cell>> = {
  ArrowLeft: (cell) => ({ ...cell, c: cell.c - 1 }),
  ArrowRight: (cell) => ({ ...cell, c: cell.c + 1 }),
  PageUp: (cell) => ({ ...cell, n: cell.n + 1 }),
  PageDown: (cell) => ({ ...cell, n: cell.n - 1 }),
  ArrowUp: (cell, layer) => vertically(cell, layer, -1),
  ArrowDown: (cell, layer) => vertically(cell, layer, 1),
};

function vertically(cell: Cell, layer: Layer, by: number): Cell {
  if (layer.data === 'features') return { ...cell, n: cell.n + by };
  const position = cell.h * layer.w + cell.w + by;
  return { ...cell, h: Math.floor(position / layer.w), w: ((position % layer.w) + layer.w) % layer.w };
}

function press(event: KeyboardEvent, name: NormName, frame: AxesFrame): void {
  const { layer } = frame;
  // Keys may come faster than frames: each moves on from where the one before it led.
  const cell = cellOf(frame.context.state, layer);
  if (event.key === 'Enter') {
    event.preventDefault();
    frame.choose(cell, name);
    return;
  }
  const next = MOVES[event.key]?.(cell, layer);
  if (next === undefined) return;
  event.preventDefault();
  const inside = (['n', 'c', 'h', 'w'] as const).every((axis) => next[axis] >= 0 && next[axis] < layer[axis]);
  if (!inside) return;
  frame.choose(next);
  const { elements } = costsOf(name, layer, 'channelsLast');
  const place = `sample ${next.n}, channel ${next.c}${layer.data === 'features' ? '' : `, row ${next.h}, column ${next.w}`}`;
  frame.context.say(`${NORMS[name]}, ${place}: shares its statistics with ${elements - 1} others.`);
}
