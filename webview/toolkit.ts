/**
 * The page's controls as lit templates, and the one file that knows @vscode/webview-ui-toolkit, which is no longer
 * maintained. Of it come the buttons. It has no slider; its checkbox tells of changes that nobody made but the page itself,
 * with the settings of before; its dropdown weighs as much as all pictures: these are the browser's own, in its colours.
 */
import { provideVSCodeDesignSystem, vsCodeButton } from '@vscode/webview-ui-toolkit';
import { live } from 'lit/directives/live.js';
import { html, nothing, type TemplateResult } from 'lit/html.js';

/** Defines the elements. Called once, after the theme's variables are there. */
export function defineElements(): void {
  provideVSCodeDesignSystem().register(vsCodeButton());
}

interface ButtonOptions {
  readonly label: unknown;
  readonly click: () => void;
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  /** What a screen reader says, where the label is a mark. */
  readonly name?: string;
  readonly title?: string;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
}

export const button = (options: ButtonOptions): TemplateResult => html`<vscode-button
  appearance=${options.appearance ?? 'secondary'}
  aria-label=${options.name ?? nothing}
  aria-pressed=${options.pressed === undefined ? nothing : String(options.pressed)}
  title=${options.title ?? nothing}
  ?disabled=${options.disabled ?? false}
  @click=${options.click}
>${options.label}</vscode-button>`;

interface CheckboxOptions {
  readonly label: unknown;
  readonly checked: boolean;
  readonly change: (checked: boolean) => void;
  readonly title?: string;
}

export const checkbox = ({ label, checked, change, title }: CheckboxOptions): TemplateResult => html`<label
  class="checkbox"
  title=${title ?? nothing}
>
  <input
    type="checkbox"
    .checked=${live(checked)}
    @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
  /><span>${label}</span>
</label>`;

interface SelectOptions {
  readonly id: string;
  readonly label: string;
  readonly title?: string;
  readonly value: string;
  readonly options: Readonly<Record<string, string>>;
  readonly change: (value: string) => void;
}

export const select = ({ id, label, title, value, options, change }: SelectOptions): TemplateResult => html`<div
  class="field"
  title=${title ?? nothing}
>
  <label class="field-label" for=${id}>${label}</label>
  <select
    id=${id}
    @change=${(event: Event) => {
      const chosen = (event.target as HTMLSelectElement).value;
      if (chosen !== value) change(chosen);
    }}
  >
    ${Object.entries(options).map(
      ([name, words]) => html`<option value=${name} .selected=${live(name === value)}>${words}</option>`,
    )}
  </select>
</div>`;

/** A few choices that are all seen at once. */
export const choices = ({ id, label, title, value, options, change }: SelectOptions): TemplateResult => html`<fieldset
  class="field choices"
  title=${title ?? nothing}
>
  <legend class="field-label">${label}</legend>
  <div class="segments">
    ${Object.entries(options).map(
      ([name, words]) => html`<label class="segment">
        <input
          type="radio"
          name=${id}
          value=${name}
          .checked=${live(name === value)}
          @change=${() => change(name)}
        /><span>${words}</span>
      </label>`,
    )}
  </div>
</fieldset>`;

interface RangeOptions {
  readonly id: string;
  readonly label: string;
  readonly title?: string;
  readonly value: number;
  /** The positions, ascending. A value between two of them gets a position of its own. */
  readonly stops: readonly number[];
  readonly words: (value: number) => string;
  readonly change: (value: number) => void;
  readonly disabled?: boolean;
}

export function range({ id, label, title, value, stops, words, change, disabled }: RangeOptions): TemplateResult {
  const positions = stops.includes(value) ? stops : [...stops, value].sort((a, b) => a - b);
  return html`<div class="field range" title=${title ?? nothing}>
    <label class="field-label" for=${id}>${label}</label>
    <output class="field-value" for=${id}>${words(value)}</output>
    <input
      id=${id}
      type="range"
      min="0"
      max=${positions.length - 1}
      step="1"
      .value=${live(String(positions.indexOf(value)))}
      aria-valuetext=${words(value)}
      ?disabled=${disabled ?? positions.length < 2}
      @input=${(event: Event) => {
        const chosen = positions[Number((event.target as HTMLInputElement).value)];
        if (chosen !== undefined && chosen !== value) change(chosen);
      }}
    />
  </div>`;
}
