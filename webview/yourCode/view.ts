import { html, nothing, type TemplateResult } from 'lit/html.js';
import { divisors } from '../../src/shared/illustration';
import {
  type CodeLayer,
  type CodeModels,
  NORMS,
  type PlaygroundState,
  readCodeModels,
  SCENES,
  type SceneName,
  type ToPage,
} from '../../src/shared/playground';
import { properties } from '../../src/shared/playground/properties';
import type { SceneContent, SceneContext, SceneView } from '../scene';
import { button } from '../toolkit';
import { codeOf } from './codeOf';
import { EXAMPLE, EXAMPLE_SOURCE } from './example';
import { findingLine, type LedgerEvents, ledger } from './ledger';
import { axesOf, sampleShape, settingsOf } from './settings';

/** Where a loaded layer can be looked at. */
const ONWARD: readonly SceneName[] = ['axes', 'batch', 'coupling', 'train'];

export class YourCodeView implements SceneView {
  /** Undefined where no file is open, or none was named. */
  #models: CodeModels | undefined;
  #loaded: CodeLayer | undefined;

  constructor(private readonly context: SceneContext) {}

  show(): void {
    this.context.host.post({ type: 'follow', follow: true });
  }

  hide(): void {
    this.context.host.post({ type: 'follow', follow: false });
  }

  receive(message: ToPage): void {
    if (message.type !== 'code') return;
    this.#models = readCodeModels(message.payload);
    this.context.redraw();
  }

  render(state: PlaygroundState): SceneContent {
    const models = this.#models ?? EXAMPLE;
    const events: LedgerEvents = {
      loaded: state.layer,
      load: (layer) => this.#load(layer),
      reveal:
        this.context.host.inEditor && this.#models !== undefined
          ? (place) => this.context.host.post({ type: 'reveal', ...place })
          : undefined,
    };
    return {
      lead: html`Every layer as it is in the code, read without running it. A layer’s name loads its shape, axis, batch size,
        momentum and epsilon into the other scenes; what is set there stands here as code.`,
      controls: this.#controls(state),
      stage: html`<div class="stack" id="your-code">
        ${this.#heading(models)} ${models.models.map((model, i) => ledger(model, i, events))}
        ${
          models.findings.length === 0
            ? nothing
            : html`<section class="card wide" aria-labelledby="elsewhere-title">
                <h3 id="elsewhere-title">Beside the layers</h3>
                <ul class="findings">
                  ${models.findings.map((finding) => html`<li>${findingLine(finding, events)}</li>`)}
                </ul>
              </section>`
        }
        ${this.#loaded === undefined ? nothing : this.#onward(this.#loaded)} ${this.#code(state)}
      </div>`,
    };
  }

  #heading(models: CodeModels): TemplateResult {
    if (this.#models === undefined) {
      const where = this.context.host.inEditor
        ? html`No JavaScript or TypeScript file is open beside this panel.`
        : html`No file was named: <code>normlens playground FILE</code> shows the models of a file and follows its changes; in
            the editor this scene follows the file that is open.`;
      return html`<section class="card wide" aria-labelledby="file-title" id="file" data-example="true">
        <h3 id="file-title">An example</h3>
        <p>${where} Below stands what it shows of this little program:</p>
        <pre class="code" tabindex="0" role="region" aria-label="The example’s code"><code>${EXAMPLE_SOURCE}</code></pre>
      </section>`;
    }
    const { length } = models.models;
    return html`<section class="card wide" aria-labelledby="file-title" id="file">
      <h3 id="file-title">${models.name}</h3>
      <p>
        ${
          length === 0
            ? 'No model of TensorFlow.js is built in this file, or none that could be followed.'
            : `${length === 1 ? 'One model' : `${length} models`}. It follows the file as it changes.`
        }
      </p>
    </section>`;
  }

  #load(layer: CodeLayer): void {
    const { change } = layer;
    if (change === undefined) return;
    this.#loaded = layer;
    const { scene: _, ...settings } = change;
    const momentum = settings.momentum === undefined ? {} : { runningMomentum: settings.momentum };
    this.context.change({ ...settings, ...momentum });
    this.context.say(`${layer.name} is loaded.`);
  }

  #onward({ name }: CodeLayer): TemplateResult {
    return html`<section class="card wide" aria-label="Loaded layer" id="onward">
      <p><strong>${name}</strong> is loaded. See it in</p>
      <div class="buttons">
        ${ONWARD.map((scene) => button({ label: SCENES[scene], click: () => this.context.change({ scene }) }))}
      </div>
    </section>`;
  }

  #code(state: PlaygroundState): TemplateResult {
    const settings = settingsOf(state);
    const text = codeOf(state.framework, settings);
    const name = frameworkName(state.framework);
    const { host } = this.context;
    const { names } = axesOf(settings.data, settings.layout);
    return html`<section class="card wide" aria-labelledby="code-title">
      <h3 id="code-title">${NORMS[state.norm]} in ${name}</h3>
      <p>For the settings of the moment: ${names} = [${[settings.n, ...sampleShape(settings, settings.layout)].join(', ')}].</p>
      <pre class="code" tabindex="0" role="region" aria-label="The code"><code id="code">${text}</code></pre>
      <div class="buttons">
        ${button({
          label: 'Copy',
          name: 'Copy the code',
          appearance: 'primary',
          click: () => {
            host.post({ type: 'copy', text, what: 'code' });
            this.context.say('The code was copied.');
          },
        })}
        ${
          host.inEditor
            ? button({
                label: 'Insert at the cursor',
                click: () => host.post({ type: 'insert', text }),
              })
            : nothing
        }
      </div>
    </section>`;
  }

  #controls(state: PlaygroundState): TemplateResult {
    const { context } = this;
    const settings = settingsOf(state);
    const { data, norm, c, n, groups, slice } = settings;
    return html`
      ${context.control('framework')} ${context.control('norm')} ${context.control('data')} ${context.control('batch')}
      ${context.control('channels', data === 'images' ? {} : { label: 'Features C' })}
      ${data === 'images' ? html`${context.control('height')} ${context.control('width')}` : nothing}
      ${data === 'sequences' ? context.control('height', { label: 'Steps T' }) : nothing}
      ${norm === 'group' ? context.control('groups', { stops: divisors(c), value: groups }) : nothing}
      ${norm === 'ghostBatch' ? context.control('ghostBatchSize', { stops: divisors(n), value: slice }) : nothing}
      ${data === 'features' ? nothing : context.control('layout')} ${context.control('epsilon')}
      ${norm === 'batch' || norm === 'ghostBatch' ? context.control('momentum') : nothing}
    `;
  }
}

const frameworkName = (framework: PlaygroundState['framework']): string => properties.framework.options[framework];
