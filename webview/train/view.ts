import { html, nothing, type TemplateResult } from 'lit/html.js';
import { divisors } from '../../src/shared/illustration';
import { changed, type PlaygroundState, stateQuery, TRAINER_NORMS } from '../../src/shared/playground';
import { asset } from '../assets';
import { pngOf, saveFile, svgText } from '../export';
import { count } from '../format';
import type { SceneContent, SceneContext, SceneView } from '../scene';
import { button, select } from '../toolkit';
import { curvesCard } from './curvesCard';
import { distributionsCard } from './distributionsCard';
import { errorCard } from './errorCard';
import { noiseCard } from './noiseCard';
import { NOISE_TEST, type Plan, planOf, progressOf } from './plan';
import { csvOf } from './results';
import { Session } from './session';

const GROUPED = new Set(['group', 'weightStandardization']);

export class TrainView implements SceneView {
  readonly #session: Session;
  /** The batch size whose curves are shown; the one under way where the reader has chosen none. */
  #chosen: number | undefined;

  constructor(private readonly context: SceneContext) {
    this.#session = new Session(context, () => asset('digits.bin'), context.host.store);
  }

  show(): void {
    this.#session.show();
  }

  hide(): void {
    this.#session.hide();
  }

  render(state: PlaygroundState): SceneContent {
    const plan = planOf(state);
    const session = this.#session;
    session.follow(plan);
    const { records } = session;
    const size = this.#sizeOf(plan);
    const noise = state.experiment === 'noise';
    return {
      lead: noise
        ? html`Batch norm was explained by still distributions. Three networks, trained here and now on real digits, can tell.`
        : html`Statistics over a batch get rough as the batch gets small; statistics inside a sample do not care. Networks that
          differ in nothing else are trained here and now, on real digits.`,
      controls: this.#controls(state),
      stage: html`<div class="stack" id="train">
        ${this.#player(plan)}
        ${
          noise
            ? noiseCard(plan, records, this.#preset(state), this.#csv(plan))
            : errorCard(
                plan,
                records,
                state,
                html`<div class="buttons">${this.#pictures('error-plot', 'error-by-batch-size', state)} ${this.#csv(plan)}</div>`,
              )
        }
        ${curvesCard(
          plan,
          records,
          size,
          state,
          plan.sizes.length > 1 ? this.#choose(plan, size) : nothing,
          (id, name) => this.#pictures(id, name, state),
        )}
        ${distributionsCard(plan, records, size, state.depth)}
      </div>`,
    };
  }

  #sizeOf({ sizes }: Plan): number {
    const chosen = this.#chosen ?? this.#session.group?.[0]?.size;
    return chosen !== undefined && sizes.includes(chosen) ? chosen : (sizes.at(-1) ?? 32);
  }

  #player(plan: Plan): TemplateResult {
    const session = this.#session;
    const { status, group, problem } = session;
    const { share, runs, runsOver, left } = progressOf(plan, session.records);
    const running = status === 'running';
    const where = group?.[0] === undefined ? '' : ` Now: batch of ${group[0].size}, seed ${group[0].seed}.`;
    const rest = left === undefined || status === 'over' ? '' : `, about ${duration(left)} left`;
    return html`<section class="card wide player" aria-label="Training">
      <div class="buttons">
        ${button({
          label: running ? 'Pause' : status === 'paused' ? 'Go on' : 'Train',
          appearance: 'primary',
          disabled: status === 'over',
          click: () => (running ? session.pause() : session.play()),
        })}
        ${button({ label: 'Step', title: 'One step of each norm', disabled: running || status === 'over', click: () => session.step() })}
        ${button({ label: 'Reset', name: 'Reset training', title: 'Forgets these runs', disabled: status === 'idle', click: () => session.reset() })}
      </div>
      <progress max="1" value=${share} aria-label="Progress of training"></progress>
      <p id="train-status" data-status=${status}>
        ${
          status === 'idle'
            ? `${count(runs, 'run')} to train: ${count(plan.lines.length, 'network')} × ${count(plan.sizes.length, 'batch size')} × ${count(plan.groups.length / plan.sizes.length, 'seed')}.`
            : status === 'over'
              ? `All ${count(runs, 'run')} are done.`
              : `${runsOver} of ${count(runs, 'run')}, ${Math.floor(100 * share)} %${rest}.${where}`
        }
      </p>
      ${problem === undefined ? nothing : html`<p class="warning">Training stopped: ${problem}</p>`}
    </section>`;
  }

  #preset(state: PlaygroundState): (() => void) | undefined {
    const missing = stateQuery(changed(state, NOISE_TEST)) !== stateQuery(state);
    return missing ? () => this.context.change(NOISE_TEST) : undefined;
  }

  #choose(plan: Plan, size: number): TemplateResult {
    return select({
      id: 'watched-size',
      label: 'Watch the batch size',
      value: this.#chosen === undefined ? 'auto' : String(size),
      options: {
        auto: 'the one under way',
        ...Object.fromEntries(plan.sizes.map((one) => [String(one), String(one)])),
      },
      change: (value) => {
        this.#chosen = value === 'auto' ? undefined : Number(value);
        this.context.redraw();
      },
    });
  }

  #pictures(id: string, name: string, state: PlaygroundState): TemplateResult {
    const save = (kind: 'svg' | 'png') => void this.#save(id, name, kind, state);
    return html`<span class="files">
      ${button({ label: 'PNG', name: `Save ${name} as PNG`, click: () => save('png') })}
      ${button({ label: 'SVG', name: `Save ${name} as SVG`, click: () => save('svg') })}
    </span>`;
  }

  #csv(plan: Plan): TemplateResult {
    return html`<span class="files">
      ${button({
        label: 'CSV',
        name: 'Save all numbers as CSV',
        title: 'Every point of every curve, and the test errors',
        click: () => void saveFile(this.context.host, 'training.csv', csvOf(plan, this.#session.records)),
      })}
    </span>`;
  }

  async #save(id: string, name: string, kind: 'svg' | 'png', state: PlaygroundState): Promise<void> {
    const picture = document.getElementById(id);
    if (!(picture instanceof SVGSVGElement)) return;
    const words = {
      title: picture.getAttribute('aria-label') ?? name,
      description: this.context.host.link(state),
      legend: picture.closest('.card')?.querySelector('.legend'),
    };
    const svg = svgText(picture, words);
    await saveFile(this.context.host, `${name}.${kind}`, kind === 'svg' ? svg : await pngOf(svg));
  }

  #controls(state: PlaygroundState): TemplateResult {
    const { context } = this;
    const noise = state.experiment === 'noise';
    const has = (test: (norm: string) => boolean) => !noise && state.trainNorms.some(test);
    return html`
      ${context.control('experiment')}
      ${
        noise
          ? context.control('noiseSize')
          : html`<details class="field">
              <summary>Norms: ${state.trainNorms.map((norm) => TRAINER_NORMS[norm]).join(', ')}</summary>
              ${context.control('trainNorms')}
            </details>
            <div class="in-a-row">${context.control('trainSizes')}</div>`
      }
      ${context.control('runs')}
      <h3>The network</h3>
      ${context.control('network')} ${context.control('depth')}
      ${context.control('networkWidth', state.network === 'cnn' ? { label: 'First filters' } : {})}
      ${
        has((norm) => GROUPED.has(norm))
          ? context.control('groups', { stops: divisors(state.networkWidth), value: planGroups(state) })
          : nothing
      }
      ${has((norm) => norm === 'ghostBatch') ? context.control('ghostBatchSize') : nothing}
      <h3>Training</h3>
      ${context.control('learningRate')} ${context.control('scaleRate')} ${context.control('optimizer')}
      ${context.control('schedule')} ${context.control('epochs')} ${context.control('digits')}
      <h3>The numbers</h3>
      ${context.control('runningMomentum')} ${context.control('epsilon')} ${context.control('seed', { label: 'First seed' })}
    `;
  }
}

const planGroups = ({ networkWidth, groups }: PlaygroundState): number =>
  divisors(networkWidth).findLast((divisor) => divisor <= groups) ?? 1;

/** 45 s, 3 min. */
function duration(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  return seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
