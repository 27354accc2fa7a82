import { html, nothing, type TemplateResult } from 'lit/html.js';
import { PICTURES, type PictureName, type PlaygroundState } from '../../src/shared/playground';
import { pngOfCanvas, saveFile } from '../export';
import { measured, percent } from '../format';
import type { SceneContent, SceneContext, SceneView } from '../scene';
import { button } from '../toolkit';
import { Latest } from '../work/latest';
import { Picture, pixelsOfFile } from './canvas';
import { channelsOf, csvOf } from './channels';
import type { Pixels } from './pictures';
import { statisticsCard } from './statisticsCard';
import type { Source, StyleInput, StyleOutput } from './tasks';

/** What is asked of the worker, without the pixels: those go along by their name. */
type Question = Omit<StyleInput, 'content' | 'style'> & { readonly content: string; readonly style: string };

interface Own {
  readonly id: string;
  readonly name: string;
  readonly pixels: Pixels;
}

type Role = 'content' | 'style';

const LABELS: Readonly<Record<Role, string>> = { content: 'Content', style: 'Style' };

export class StyleView implements SceneView {
  readonly #answer: Latest<Question, StyleOutput>;
  readonly #pictures = {
    content: new Picture('picture-content'),
    style: new Picture('picture-style'),
    result: new Picture('picture-result'),
  };
  /** Pictures of the reader's, in place of the chosen ones. They are never kept and go nowhere. */
  #own: { readonly [R in Role]?: Own | undefined } = {};
  #count = 0;
  /** The pictures that were chosen when the scene was last drawn: choosing another puts one's own aside. */
  #chosen: Readonly<Record<Role, PictureName>> | undefined;

  constructor(private readonly context: SceneContext) {
    const source = (id: string): Source => ({
      id,
      own: [this.#own.content, this.#own.style].find((own) => own?.id === id)?.pixels,
    });
    this.#answer = new Latest(context, (question) =>
      context.work.run('style.transfer', {
        ...question,
        content: source(question.content),
        style: source(question.style),
      }),
    );
  }

  render(state: PlaygroundState): SceneContent {
    const { scales, colourSpace, styleNorm, strength, epsilon } = state;
    this.#putAside({ content: state.content, style: state.stylePicture });
    const answer = this.#answer.get({
      content: this.#own.content?.id ?? state.content,
      style: this.#own.style?.id ?? state.stylePicture,
      ...{ scales, colourSpace, norm: styleNorm, strength, epsilon },
    });
    const output = answer.value;
    return {
      lead: html`Instance norm takes each channel’s mean and deviation away from a picture; adaptive instance norm (AdaIN) then
        gives it those of another. Nothing is learned here: all that passes over from the style are two numbers a channel.`,
      controls: this.#controls(state),
      stage: html`<div class="stack" id="style">
        ${answer.problem === undefined ? nothing : html`<p class="warning">${answer.problem}</p>`}
        <div class="triptych">
          ${this.#figure('content', state, output)} ${this.#figure('style', state, output)} ${this.#resultFigure(state, output, answer.pending)}
        </div>
        ${output === undefined ? nothing : html`${this.#transformCard(output)}${statisticsCard(output, state, this.#csv(state, output))}`}
      </div>`,
    };
  }

  #putAside(chosen: Readonly<Record<Role, PictureName>>): void {
    for (const role of ['content', 'style'] as const) {
      if (this.#chosen !== undefined && this.#chosen[role] !== chosen[role])
        this.#own = { ...this.#own, [role]: undefined };
    }
    this.#chosen = chosen;
  }

  #nameOf(role: Role, state: PlaygroundState): string {
    return this.#own[role]?.name ?? PICTURES[role === 'content' ? state.content : state.stylePicture];
  }

  #figure(role: Role, state: PlaygroundState, output: StyleOutput | undefined): TemplateResult {
    const name = this.#nameOf(role, state);
    return html`<figure class="card">
      <h3>${LABELS[role]}</h3>
      ${this.#pictures[role].template(output?.[role], `${LABELS[role]}: ${name}`)}
      <figcaption>${name}</figcaption>
    </figure>`;
  }

  #resultFigure(state: PlaygroundState, output: StyleOutput | undefined, pending: boolean): TemplateResult {
    const instance = state.styleNorm === 'instance';
    const [content, style] = [this.#nameOf('content', state), this.#nameOf('style', state)];
    const name = instance
      ? `${content} after instance norm alone`
      : `${content} with the means and deviations of ${style}, strength ${state.strength}`;
    return html`<figure class="card">
      <h3>Result ${pending ? html`<span class="pending">computing…</span>` : nothing}</h3>
      ${this.#pictures.result.template(output?.result, name)}
      <figcaption>${name}</figcaption>
      ${
        output === undefined
          ? nothing
          : instance
            ? html`<p class="source">Its numbers lie around 0: shown are 128 + ${measured(output.gain, 1)} · y.</p>`
            : html`<p class="source"><span id="cut">${percent(output.cut)}</span> of its numbers lay outside 0 … 255 and were cut.</p>`
      }
      ${button({ label: 'PNG', name: 'Save the result as PNG', click: () => void this.#save() })}
    </figure>`;
  }

  #transformCard({ scales, roundTrip, basis, statistics }: StyleOutput): TemplateResult {
    return html`<section class="card wide" aria-labelledby="transform-title">
      <h3 id="transform-title">What a channel is here</h3>
      <p>
        ${statistics.content.mean.length} channels: 3 colours × (${scales} scales × 3 directions + what is left). Each scale is the change
        against neighbours 1, 2, 4 … pixels away. Taken apart and put together again, the content differs by at most
        <strong id="round-trip">${measured(roundTrip, 6)}</strong> of 255: the change in the picture comes from μ and σ alone. Where
        AdaIN is used in earnest, the channels are those of a trained network, which also know brush strokes; these fixed ones know
        colour, and contrast by scale and direction.
      </p>
      <details>
        <summary>The colour channels as mixtures of red, green and blue</summary>
        <table class="numbers">
          <tbody>
            ${basis.map((row, i) => html`<tr><th scope="row">colour ${i + 1}</th>${row.map((value) => html`<td>${measured(value)}</td>`)}</tr>`)}
          </tbody>
        </table>
      </details>
      <p class="source">
        AdaIN: <a href="https://arxiv.org/abs/1703.06868">Huang &amp; Belongie 2017</a>, equation 8. Instance norm as what removes
        contrast: <a href="https://arxiv.org/abs/1607.08022">Ulyanov et al. 2016</a>. Opponent colours against correlated channels:
        <a href="https://doi.org/10.1109/38.946629">Reinhard et al. 2001</a>.
      </p>
    </section>`;
  }

  #csv(state: PlaygroundState, output: StyleOutput): TemplateResult {
    const channels = channelsOf(state.colourSpace, output.scales);
    return button({
      label: 'CSV',
      name: 'Save the statistics as CSV',
      click: () => void saveFile(this.context.host, 'channels.csv', csvOf(channels, output)),
    });
  }

  async #save(): Promise<void> {
    const canvas = this.#pictures.result.element;
    if (canvas !== undefined) await saveFile(this.context.host, 'style.png', await pngOfCanvas(canvas));
  }

  #controls(state: PlaygroundState): TemplateResult {
    const { context } = this;
    return html`
      ${context.control('content')} ${this.#ownControl('content')} ${context.control('stylePicture')} ${this.#ownControl('style')}
      ${button({ label: 'Swap', title: 'The content becomes the style, and the style the content', click: () => this.#swap() })}
      ${context.control('styleNorm')}
      ${context.control('strength', {
        words: (value) => `${Math.round(100 * value)} %`,
        disabled: state.styleNorm === 'instance',
      })}
      ${context.control('scales')} ${context.control('colourSpace')} ${context.control('epsilon')}
    `;
  }

  #ownControl(role: Role): TemplateResult {
    const own = this.#own[role];
    return html`<div class="field">
      <label class="file"
        >or a picture of yours
        <input
          type="file"
          accept="image/*"
          id="own-${role}"
          aria-label="${LABELS[role]}: a picture of yours. It stays on this machine."
          @change=${(event: Event) => void this.#take(role, event.target as HTMLInputElement)}
        />
      </label>
      ${
        own === undefined
          ? nothing
          : html`<span class="own">${own.name}</span> ${button({
              label: '✕',
              name: `Back to the page’s own ${role} picture`,
              appearance: 'icon',
              click: () => this.#put(role, undefined),
            })}`
      }
    </div>`;
  }

  async #take(role: Role, input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (file === undefined) return;
    try {
      const pixels = await pixelsOfFile(file);
      this.#put(role, { id: `own:${++this.#count}`, name: file.name, pixels });
      this.context.say(`${LABELS[role]}: ${file.name}`);
    } catch {
      this.context.notify(`${file.name} could not be read as a picture.`);
    }
    // The same file can be chosen again.
    input.value = '';
  }

  #put(role: Role, own: Own | undefined): void {
    this.#own = { ...this.#own, [role]: own };
    this.context.redraw();
  }

  #swap(): void {
    const { content, style } = this.#own;
    const { state } = this.context;
    this.#own = { content: style, style: content };
    this.#chosen = { content: state.stylePicture, style: state.content };
    this.context.change({ content: state.stylePicture, stylePicture: state.content });
  }
}
