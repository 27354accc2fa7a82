/** The scenes' tabs, as the ARIA authoring practices have them: one stop for Tab, arrows, Home and End move. */
import { html, type TemplateResult } from 'lit/html.js';
import { SCENES, type SceneName } from '../src/shared/playground';

const MOVES: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

export const tabId = (name: SceneName): string => `tab-${name}`;

export function tabs(
  names: readonly SceneName[],
  chosen: SceneName,
  choose: (name: SceneName) => void,
): TemplateResult {
  const press = (event: KeyboardEvent) => {
    const next = names[MOVES[event.key]?.(names.indexOf(chosen), names.length) ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    choose(next);
    document.getElementById(tabId(next))?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label="Scenes" @keydown=${press}>
    ${names.map(
      (name) => html`<button
        id=${tabId(name)}
        class="tab"
        role="tab"
        type="button"
        aria-selected=${name === chosen}
        aria-controls="scene"
        tabindex=${name === chosen ? 0 : -1}
        @click=${() => choose(name)}
      >
        ${SCENES[name]}
      </button>`,
    )}
  </div>`;
}
