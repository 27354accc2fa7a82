/** Where the page runs: a panel of the editor, or a browser's tab. */
import {
  defaultState,
  differences,
  editorLink,
  type PlaygroundState,
  type Reading,
  readChange,
  readQuery,
  readToPage,
  stateQuery,
  type ToExtension,
  type ToPage,
} from '../src/shared/playground';
import { browserStore, editorStore, type Store } from './store';

export interface Host {
  /** Whether an editor is around: then code can be inserted and lines revealed. */
  readonly inEditor: boolean;
  /** The settings to begin with: those saved, else those the page was opened with. */
  load(): Reading;
  save(state: PlaygroundState): void;
  /** For results, which a link does not bring back. */
  readonly store: Store;
  link(state: PlaygroundState): string;
  post(message: ToExtension): void;
  listen(receive: (message: ToPage) => void): void;
}

interface EditorApi {
  postMessage(message: ToExtension): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare const acquireVsCodeApi: (() => EditorApi) | undefined;

export function findHost(open: string): Host {
  return typeof acquireVsCodeApi === 'function' ? editorHost(acquireVsCodeApi(), open) : browserHost(open);
}

function editorHost(api: EditorApi, open: string): Host {
  return {
    inEditor: true,
    load: () => {
      const saved = api.getState();
      return saved === undefined || saved === null ? readQuery(open) : readChange(saved);
    },
    save: (state) => api.setState(differences(state)),
    store: editorStore((message) => api.postMessage(message)),
    link: (state) => editorLink(state),
    post: (message) => api.postMessage(message),
    listen: (receive) => listenTo(receive, () => true),
  };
}

function browserHost(open: string): Host {
  let own = window.location.hash;
  const query = () => (window.location.hash.length > 1 ? window.location.hash : open);
  return {
    inEditor: false,
    load: () => readQuery(query()),
    save: (state) => {
      own = `#${stateQuery(state)}`;
      window.history.replaceState(null, '', own);
    },
    store: browserStore(),
    link: (state) => `${window.location.href.replace(/#.*/, '')}#${stateQuery(state)}`,
    post: (message) => {
      if (message.type === 'follow') follow(message.follow);
      else void answer(message);
    },
    listen: (receive) => {
      listenTo(receive, (event) => event.source === window);
      // Another link pasted over this one's address: its settings, whole.
      window.addEventListener('hashchange', () => {
        if (window.location.hash === own) return;
        const { change, refused } = readQuery(window.location.hash);
        receive({ type: 'open', change: { ...defaultState, ...change }, refused });
      });
    },
  };
}

function listenTo(receive: (message: ToPage) => void, trusted: (event: MessageEvent) => boolean): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = trusted(event) ? readToPage(event.data) : undefined;
    if (message !== undefined) receive(message);
  });
}

/** How often the server is asked what has become of the file that it was started with. */
const ASK_EVERY = 2_000;
let asking: ReturnType<typeof setInterval> | undefined;

/** The models of the file that the server was started with, while they are asked for; null where it knows of none. */
function follow(on: boolean): void {
  clearInterval(asking);
  asking = undefined;
  if (!on) return;
  let last: string | undefined;
  const ask = async () => {
    const text = await fetch('models.json')
      .then((response) => (response.ok ? response.text() : 'null'))
      .catch(() => undefined);
    if (text === undefined || text === last) return;
    last = text;
    window.postMessage({ type: 'code', payload: JSON.parse(text) } satisfies ToPage, window.location.origin);
    // Without a file there is nothing to follow.
    if (text === 'null') follow(false);
  };
  void ask();
  asking = setInterval(() => void ask(), ASK_EVERY);
}

/** What the editor would do, as far as a browser can. */
async function answer(message: ToExtension): Promise<void> {
  if (message.type === 'copy') await navigator.clipboard.writeText(message.text);
  if (message.type === 'save') {
    const bytes = Uint8Array.from(atob(message.base64), (char) => char.charCodeAt(0));
    const anchor = document.createElement('a');
    anchor.href = URL.createObjectURL(new Blob([bytes]));
    anchor.download = message.name;
    anchor.click();
    URL.revokeObjectURL(anchor.href);
  }
}
