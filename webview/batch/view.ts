import { html, nothing, type TemplateResult } from 'lit/html.js';
import { divisors, drawnLayer, type Layer, layerOf } from '../../src/shared/illustration';
import type { NormName, PlaygroundState } from '../../src/shared/playground';
import type { SceneContent, SceneContext, SceneView } from '../scene';
import { Latest } from '../work/latest';
import type { Cloud, CloudInput } from './cloud';
import { cloudsCard } from './cloudsCard';
import type { Residual, ResidualInput } from './residual';
import { residualCard } from './residualCard';
import type { WarmUp, WarmUpInput } from './warmUp';
import { warmUpCard } from './warmUpCard';

const SIZES = [2, 4, 8, 16, 32, 64, 128];
/** Larger batches are computed with this many samples: the clouds and the warm-up would not look different. */
const MOST_SAMPLES = 256;

export class BatchView implements SceneView {
  readonly #clouds: Readonly<Record<'batch' | 'other', Latest<CloudInput, readonly Cloud[]>>>;
  readonly #warmUp: Latest<WarmUpInput, WarmUp>;
  readonly #residual: Latest<ResidualInput, Residual>;

  constructor(private readonly context: SceneContext) {
    const clouds = () =>
      new Latest<CloudInput, readonly Cloud[]>(context, (input) => context.work.run('batch.clouds', input));
    this.#clouds = { batch: clouds(), other: clouds() };
    this.#warmUp = new Latest(context, (input) => context.work.run('batch.warmUp', input));
    this.#residual = new Latest(context, (input) => context.work.run('batch.residual', input));
  }

  render(state: PlaygroundState): SceneContent {
    const layer = drawnLayer(layerOf(state));
    const other = state.compared;
    const cloudsOf = (norm: NormName): CloudInput => ({
      norm,
      layer,
      sizes: sizesWith(state.batch),
      draws: state.draws,
      mean: state.dataMean,
      deviation: state.dataDeviation,
      epsilon: state.epsilon,
      seed: state.seed,
    });
    const training = { batch: Math.min(state.batch, MOST_SAMPLES), positions: layer.h * layer.w };
    const { momentum, convention, epsilon, seed } = state;
    return {
      lead: html`Batch norm takes its statistics from whoever is in the batch. So in training a sample's output moves with its
      batch-mates, at inference remembered statistics stand in, and the batch that is left over at an epoch's end counts as much
      as a full one.`,
      controls: this.#controls(state, layerOf(state)),
      stage: html`<div class="stack">
        ${cloudsCard(
          [
            { norm: 'batch', answer: this.#clouds.batch.get(cloudsOf('batch')) },
            { norm: other, answer: this.#clouds.other.get(cloudsOf(other)) },
          ],
          state,
        )}
        ${warmUpCard(
          this.#warmUp.get({
            ...training,
            steps: state.trainSteps,
            mean: state.dataMean,
            deviation: state.dataDeviation,
            momentum,
            convention,
            epsilon,
            seed,
          }),
          state,
        )}
        ${residualCard(
          { ...training, batch: state.batch, samples: state.samples, momentum, convention, epsilon, seed },
          (input) => this.#residual.get(input),
        )}
      </div>`,
    };
  }

  #controls(state: PlaygroundState, { c, groups, data, n, slice }: Layer): TemplateResult {
    const { context } = this;
    return html`
      ${context.control('compared')} ${context.control('data')}
      ${context.control('batch')}
      ${data === 'images' ? html`${context.control('height')} ${context.control('width')}` : nothing}
      ${data === 'sequences' ? context.control('height', { label: 'Steps T' }) : nothing}
      ${context.control('channels', data === 'images' ? {} : { label: 'Features C' })}
      ${state.compared === 'group' ? context.control('groups', { stops: divisors(c), value: groups }) : nothing}
      ${state.compared === 'ghostBatch' ? context.control('ghostBatchSize', { stops: divisors(n), value: slice }) : nothing}
      ${context.control('draws')}
      <h3>Training</h3>
      ${context.control('trainSteps')} ${context.control('momentum')} ${context.control('convention')}
      ${context.control('dataMean')} ${context.control('dataDeviation')}
      <h3>An epoch</h3>
      ${context.control('samples')} ${context.control('epsilon')} ${context.control('seed')}
    `;
  }
}

function sizesWith(batch: number): readonly number[] {
  const own = Math.min(batch, MOST_SAMPLES);
  return own < 2 || SIZES.includes(own) ? SIZES : [...SIZES, own].sort((a, b) => a - b);
}
