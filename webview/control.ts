/** A control for a row of the property table. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { type Change, type PlaygroundState, type PropertyName, property } from '../src/shared/playground';
import { plainNumber } from './format';
import type { ControlOptions } from './scene';
import { checkbox, choices, range, select } from './toolkit';

/** More options than these go into a list that opens. */
const SEEN_AT_ONCE = 3;

export function control(
  state: PlaygroundState,
  name: PropertyName,
  apply: (change: Change) => void,
  options: ControlOptions = {},
): TemplateResult {
  const row = property(name);
  const label = options.label ?? row.label;
  const title = options.help ?? row.help;
  const change = (value: unknown) => apply({ [name]: value } as Change);
  const common = { id: `control-${name}`, label, ...(title === undefined ? {} : { title }), change };
  switch (row.kind) {
    case 'number':
      return range({
        ...common,
        value: options.value ?? (state[name] as number),
        stops: options.stops ?? row.stops,
        words: options.words ?? plainNumber,
        ...(options.disabled === undefined ? {} : { disabled: options.disabled }),
      });
    case 'choice': {
      const few = Object.keys(row.options).length <= SEEN_AT_ONCE;
      return (few ? choices : select)({ ...common, value: state[name] as string, options: row.options });
    }
    case 'set': {
      const chosen = state[name] as readonly string[];
      return html`<fieldset class="field" title=${title ?? nothing}>
        <legend class="field-label">${label}</legend>
        <div class="checks">
          ${Object.entries(row.options).map(([option, words]) =>
            checkbox({
              label: words,
              checked: chosen.includes(option),
              change: (on) => {
                const next = Object.keys(row.options).filter((o) => (o === option ? on : chosen.includes(o)));
                // The last one stays: a picture of nothing teaches nothing.
                change(next.length > 0 ? next : chosen);
              },
            }),
          )}
        </div>
      </fieldset>`;
    }
    case 'flag':
      return checkbox({
        label,
        checked: state[name] === (true as unknown),
        change,
        ...(title === undefined ? {} : { title }),
      });
    case 'text':
    case 'edits':
      // Set by hand-over and in the pictures themselves.
      return html``;
  }
}
