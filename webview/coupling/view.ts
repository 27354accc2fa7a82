import { html, nothing, type TemplateResult } from 'lit/html.js';
import { cellOf, divisors, drawnLayer, type Layer, layerOf } from '../../src/shared/illustration';
import type { PlaygroundState } from '../../src/shared/playground';
import { sampleValues } from '../axes/tensor';
import { remembered } from '../memo';
import type { SceneContent, SceneContext, SceneView } from '../scene';
import { Latest } from '../work/latest';
import { matrixCard } from './matrixCard';
import { penaltyCard } from './penaltyCard';
import type { Others, OthersInput } from './tasks';

const valuesOf = remembered(sampleValues);

/** A pair of samples: whose output, whose input. */
export interface Pair {
  readonly output: number;
  readonly input: number;
}

export class CouplingView implements SceneView {
  #pair: Pair | undefined;

  readonly #others: Latest<OthersInput, Others>;

  constructor(private readonly context: SceneContext) {
    this.#others = new Latest(context, (input) => context.work.run('coupling.others', input));
  }

  render(state: PlaygroundState): SceneContent {
    const layer = drawnLayer(layerOf(state));
    const values = valuesOf(layer, state.seed, state.edits);
    const pair = this.#pair ?? { output: 0, input: Math.min(1, layer.n - 1) };
    return {
      lead: html`Move one number of sample j a little: does the output of sample i move? With statistics over the batch it
      does, for every pair. With statistics inside a sample it does not.`,
      controls: this.#controls(state, layer),
      stage: html`<div class="stack">
        ${matrixCard({
          state,
          layer,
          values,
          cell: cellOf(state, layer),
          pair: { output: Math.min(pair.output, layer.n - 1), input: Math.min(pair.input, layer.n - 1) },
          others: (input) => this.#others.get(input),
          choose: (chosen) => {
            this.#pair = chosen;
            this.context.redraw();
          },
        })}
        ${penaltyCard(state, layer)}
      </div>`,
    };
  }

  #controls(state: PlaygroundState, { n, c, groups, data }: Layer): TemplateResult {
    const { context } = this;
    const whole = layerOf(state);
    const upTo = (dim: number) => Array.from({ length: dim }, (_, i) => i);
    return html`
      ${context.control('norm')} ${context.control('data')} ${context.control('batch')}
      ${context.control('channels', data === 'images' ? {} : { label: 'Features C' })}
      ${data === 'images' ? html`${context.control('height')} ${context.control('width')}` : nothing}
      ${data === 'sequences' ? context.control('height', { label: 'Steps T' }) : nothing}
      ${
        state.norm === 'group'
          ? context.control('groups', { stops: divisors(whole.c), value: whole.groups === whole.c ? whole.c : groups })
          : nothing
      }
      ${
        state.norm === 'ghostBatch'
          ? context.control('ghostBatchSize', { stops: divisors(whole.n), value: whole.slice })
          : nothing
      }
      ${context.control('cellChannel', {
        label: data === 'images' ? 'Channel of the cell' : 'Feature of the cell',
        stops: upTo(c),
        value: Math.min(state.cellChannel, c - 1),
      })}
      ${n < whole.n ? html`<p class="remark">Drawn are ${n} samples of ${whole.n}.</p>` : nothing}
      <h3>The critic</h3>
      ${context.control('head')} ${context.control('hidden')} ${context.control('penaltyWeight')}
      <h3>The numbers</h3>
      ${context.control('epsilon')} ${context.control('seed')}
    `;
  }
}
