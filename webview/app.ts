/** The shell around the scenes: tabs, notices, the state and its ways in and out. */
import { html, nothing, render, type TemplateResult } from 'lit/html.js';
import { type Change, changed, defaultState, type PlaygroundState, type SceneName } from '../src/shared/playground';
import { control } from './control';
import type { Host } from './host';
import { Motion } from './motion';
import type { Scene, SceneContext, SceneView } from './scene';
import { tabId, tabs } from './tabs';
import { button } from './toolkit';
import type { Work } from './work/client';

/** Saving waits until the reader's hand rests. */
const SAVE_AFTER = 150;
/** Stands on the page's root until its settings are saved. */
const UNSAVED = 'data-unsaved';
const MOST_NOTICES = 4;

export class App {
  #state: PlaygroundState;
  #notices: readonly string[] = [];
  #said = '';
  #frame = 0;
  #saving: ReturnType<typeof setTimeout> | undefined;
  #shown: SceneName | undefined;
  readonly #views = new Map<SceneName, SceneView>();
  readonly #scenes: ReadonlyMap<SceneName, Scene>;
  readonly #motion: Motion;

  constructor(
    private readonly root: HTMLElement,
    scenes: readonly Scene[],
    private readonly host: Host,
    private readonly work: Work,
    reducedMotion: boolean,
  ) {
    this.#scenes = new Map(scenes.map((scene) => [scene.name, scene]));
    const { change, refused } = host.load();
    this.#state = changed(defaultState, change);
    this.#refuse(refused);
    this.#motion = new Motion(reducedMotion, () => this.redraw());
    host.listen((message) => {
      if (message.type === 'motion') this.#motion.editor = message.reduced;
      if (message.type === 'open') {
        this.#refuse(message.refused);
        this.change(message.change);
      }
      for (const view of this.#views.values()) view.receive?.(message);
    });
    document.addEventListener('visibilitychange', () => {
      const view = this.#shown && this.#views.get(this.#shown);
      if (document.hidden) {
        this.#save();
        view?.hide?.();
      } else view?.show?.();
    });
    // Some pictures are narrower where there is less room.
    window.addEventListener('resize', () => this.redraw());
    this.draw();
    host.post({ type: 'ready' });
  }

  change(change: Change): void {
    this.#state = changed(this.#state, change);
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.#save(), SAVE_AFTER);
    this.root.toggleAttribute(UNSAVED, true);
    this.redraw();
  }

  /** Draws in the next frame, once however often it is asked. */
  redraw(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.draw());
  }

  draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    render(this.#page(), this.root);
  }

  #save(): void {
    clearTimeout(this.#saving);
    this.host.save(this.#state);
    this.root.toggleAttribute(UNSAVED, false);
  }

  #refuse(refused: readonly string[]): void {
    for (const words of refused) this.#notify(`${words} The default is used instead.`);
  }

  #notify(words: string): void {
    this.#notices = [...this.#notices.filter((notice) => notice !== words), words].slice(-MOST_NOTICES);
  }

  #page(): TemplateResult {
    const scene = this.#scenes.get(this.#state.scene) ?? [...this.#scenes.values()][0];
    if (scene === undefined) return html``;
    const view = this.#show(scene);
    const { lead, controls, stage } = view.render(this.#state);
    return html`
      <header class="top">
        <h1>Normlens <span>playground</span></h1>
        ${tabs([...this.#scenes.keys()], scene.name, (name) => this.change({ scene: name }))}
        <div class="actions">
          ${button({ label: 'Copy link', title: 'Copies a link to these settings', click: () => this.#copyLink() })}
          ${button({ label: 'Reset', title: 'Back to the settings of the beginning', click: () => this.#reset() })}
        </div>
      </header>
      <main>
        ${this.#state.layer === '' ? nothing : this.#origin()}
        <div class="notices" role="status">
          ${this.#notices.map(
            (words) => html`<p class="notice">
              <span>${words}</span>
              ${button({ label: '✕', name: 'Dismiss', appearance: 'icon', click: () => this.#dismiss(words) })}
            </p>`,
          )}
        </div>
        <div id="scene" class="scene" role="tabpanel" aria-labelledby=${tabId(scene.name)} data-scene=${scene.name}>
          <div class="question">
            <h2>${scene.question}</h2>
            <p class="lead">${lead}</p>
          </div>
          <div class="stage">${stage}</div>
          <form class="controls" aria-label="Settings" @submit=${(event: Event) => event.preventDefault()}>
            ${controls}
          </form>
        </div>
      </main>
      <p class="unseen" aria-live="polite">${this.#said}</p>
    `;
  }

  #origin(): TemplateResult {
    return html`<p class="origin">From your code: <strong>${this.#state.layer}</strong></p>`;
  }

  #show(scene: Scene): SceneView {
    let view = this.#views.get(scene.name);
    if (view === undefined) {
      view = scene.open(this.#contextOf());
      this.#views.set(scene.name, view);
    }
    if (this.#shown !== scene.name) {
      if (this.#shown !== undefined) this.#views.get(this.#shown)?.hide?.();
      this.#shown = scene.name;
      view.show?.();
    }
    return view;
  }

  #contextOf(): SceneContext {
    const app = this;
    return {
      get state() {
        return app.#state;
      },
      get reducedMotion() {
        return app.#motion.reduced;
      },
      work: this.work,
      host: this.host,
      change: (change) => this.change(change),
      redraw: () => this.redraw(),
      control: (name, options) => control(this.#state, name, (change) => this.change(change), options),
      say: (words) => {
        this.#said = words;
        this.redraw();
      },
      notify: (words) => {
        this.#notify(words);
        this.redraw();
      },
    };
  }

  #dismiss(words: string): void {
    this.#notices = this.#notices.filter((notice) => notice !== words);
    this.redraw();
  }

  #copyLink(): void {
    this.#save();
    this.host.post({ type: 'copy', text: this.host.link(this.#state), what: 'link' });
    this.#said = 'The link was copied.';
    this.#notify('A link to these settings was copied.');
    this.redraw();
  }

  #reset(): void {
    this.#notices = [];
    this.change({ ...defaultState, scene: this.#state.scene });
  }
}
