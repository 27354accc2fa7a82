import { html, nothing, type TemplateResult } from 'lit/html.js';
import {
  type Cell,
  cellOf,
  divisors,
  drawnLayer,
  isWhole,
  type Layer,
  layerOf,
  shapeOf,
} from '../../src/shared/illustration';
import { NORMS, type NormName, type PlaygroundState } from '../../src/shared/playground';
import { hatch } from '../picture';
import type { SceneContent, SceneContext, SceneView } from '../scene';
import { button } from '../toolkit';
import { normCard } from './card';
import { inside } from './inside';
import type { Pointer } from './words';

/** What the reader points at: not state, gone when the pointer is. */
export interface Pointing {
  readonly cell: Cell | undefined;
  readonly axis: Pointer | undefined;
}

/** What the parts of the scene need to draw themselves. */
export interface AxesFrame {
  readonly state: PlaygroundState;
  /** The whole layer, for the counts. */
  readonly whole: Layer;
  /** The part that is drawn and computed. */
  readonly layer: Layer;
  /** The chosen cell. */
  readonly cell: Cell;
  readonly pointing: Pointing;
  point(pointing: Partial<Pointing>): void;
  /** Chooses a cell, and with a norm looks inside it. */
  choose(cell: Cell, norm?: NormName): void;
  readonly context: SceneContext;
}

export class AxesView implements SceneView {
  #pointing: Pointing = { cell: undefined, axis: undefined };

  constructor(private readonly context: SceneContext) {}

  render(state: PlaygroundState): SceneContent {
    const frame = this.#frame(state);
    return {
      lead: html`A norm subtracts a mean μ and divides by a deviation σ.
      <strong>Which numbers share one μ and σ</strong> is all that tells one norm from another. Each block is a batch: N samples
      with C channels at H · W positions. Lit is what shares the statistics of the outlined cell; heavy lines divide the sets.
      Point at a cell, or at underlined words.`,
      controls: this.#controls(state, frame),
      stage: html`${hatch()}${this.#corner(frame)}${state.view === 'one' ? inside(frame) : together(frame)}`,
    };
  }

  #frame(state: PlaygroundState): AxesFrame {
    const whole = layerOf(state);
    const layer = drawnLayer(whole);
    const { context } = this;
    return {
      state,
      whole,
      layer,
      cell: cellOf(state, layer),
      pointing: this.#pointing,
      context,
      point: (pointing) => {
        this.#pointing = { ...this.#pointing, ...pointing };
        context.redraw();
      },
      choose: (cell, norm) => {
        this.#pointing = { cell: undefined, axis: undefined };
        const { n: cellSample, c: cellChannel, h: cellRow, w: cellColumn } = cell;
        const look = norm === undefined ? {} : { norm, view: 'one' as const };
        context.change({ cellSample, cellChannel, cellRow, cellColumn, ...look });
      },
    };
  }

  #corner({ whole, layer, state }: AxesFrame): TemplateResult | typeof nothing {
    if (isWhole(whole, layer)) return nothing;
    const shape = (of: Layer) => `[${shapeOf(of, state.layout).join(', ')}]`;
    return html`<p class="remark">
      Drawn and computed is a corner, <code>${shape(layer)}</code>, of the layer's <code>${shape(whole)}</code>; the counts
      are those of the whole layer.
    </p>`;
  }

  #controls(state: PlaygroundState, { layer, whole, cell }: AxesFrame): TemplateResult {
    const { context } = this;
    const upTo = (dim: number) => Array.from({ length: dim }, (_, i) => i);
    const index = (name: 'cellSample' | 'cellChannel' | 'cellRow' | 'cellColumn', value: number, dim: number) =>
      context.control(name, { value, stops: upTo(dim) });
    const { data } = state;
    return html`
      ${context.control('view')} ${state.view === 'one' ? context.control('norm') : nothing}
      ${context.control('data')} ${context.control('batch')}
      ${context.control('channels', data === 'images' ? {} : { label: 'Features C' })}
      ${data === 'images' ? context.control('height') : nothing}
      ${data === 'images' ? context.control('width') : nothing}
      ${data === 'sequences' ? context.control('height', { label: 'Steps T' }) : nothing}
      ${context.control('groups', { stops: divisors(whole.c), value: whole.groups })}
      ${
        usesSlices(state)
          ? context.control('ghostBatchSize', { stops: divisors(whole.n), value: whole.slice })
          : nothing
      }
      ${data === 'features' ? nothing : context.control('layout')}
      <h3>The outlined cell</h3>
      ${index('cellSample', cell.n, layer.n)}
      ${context.control('cellChannel', {
        value: cell.c,
        stops: upTo(layer.c),
        ...(data === 'images' ? {} : { label: 'Feature c' }),
      })}
      ${data === 'images' ? index('cellRow', cell.h, layer.h) : nothing}
      ${data === 'images' ? index('cellColumn', cell.w, layer.w) : nothing}
      ${
        data === 'sequences'
          ? context.control('cellRow', { value: cell.h, stops: upTo(layer.h), label: 'Step t' })
          : nothing
      }
      ${
        state.view === 'one'
          ? html`<h3>The numbers</h3>
            ${context.control('gamma')} ${context.control('beta')} ${context.control('epsilon')}
            ${context.control('seed')}`
          : context.control('norms')
      }
    `;
  }
}

const usesSlices = ({ view, norm, norms }: PlaygroundState): boolean =>
  view === 'one' ? norm === 'ghostBatch' : norms.includes('ghostBatch');

/** Norms whose sets are those of an earlier one where samples have no positions. */
const SAME_FOR_FEATURES: Partial<Record<NormName, NormName>> = { layerChannels: 'layer' };

function together(frame: AxesFrame): TemplateResult {
  const { norms, data } = frame.state;
  const shown = norms.filter((name) => {
    const same = SAME_FOR_FEATURES[name];
    return data === 'images' || data === 'sequences' || same === undefined || !norms.includes(same);
  });
  return html`<div class="cards">
    ${shown.map(
      (name) => html`<article class="card" aria-labelledby="card-${name}">
        <h3 id="card-${name}">${NORMS[name]}</h3>
        ${normCard(name, frame, { width: 160, height: 150, most: 22 })}
        ${button({
          label: 'Look inside',
          name: `Look inside ${NORMS[name].toLowerCase()}`,
          click: () => frame.choose(frame.cell, name),
        })}
      </article>`,
    )}
  </div>`;
}
