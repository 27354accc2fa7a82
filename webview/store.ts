/** What took long to compute, kept beyond the page's life: one text, in the browser or with the editor. */
import { readToPage, type ToExtension } from '../src/shared/playground';

export interface Store {
  /** What was kept last; undefined where there is nothing, or it cannot be reached. Never rejects. */
  load(): Promise<string | undefined>;
  /** Keeps this instead. What cannot be kept is lost, as it was before there was a store. Never rejects. */
  save(text: string): Promise<void>;
}

const NAME = 'normlens-playground';
const TABLE = 'kept';
const KEY = 'training';

/** The browser's database: a page's local storage has room for settings, not for megabytes. */
export const browserStore = (): Store => ({
  load: () =>
    inDatabase('readonly', (table) => table.get(KEY)).then(
      (found) => (typeof found === 'string' ? found : undefined),
      () => undefined,
    ),
  save: (text) =>
    inDatabase('readwrite', (table) => table.put(text, KEY)).then(
      () => {},
      () => {},
    ),
});

async function inDatabase<T>(mode: IDBTransactionMode, act: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
  const database = await done(opening);
  try {
    return await done(act(database.transaction(TABLE, mode).objectStore(TABLE)));
  } finally {
    database.close();
  }
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** While a window loads, its extensions have much to do; one that has not answered by then has nothing. */
const ANSWER_WITHIN = 60_000;

/** The extension's, for a panel: a file of the workspace's own folder at the editor. */
export const editorStore = (post: (message: ToExtension) => void): Store => ({
  load: () =>
    new Promise((resolve) => {
      const end = (text?: string) => {
        window.removeEventListener('message', receive);
        clearTimeout(late);
        resolve(text);
      };
      const receive = ({ data }: MessageEvent<unknown>) => {
        const message = readToPage(data);
        if (message?.type === 'kept') end(message.text);
      };
      const late = setTimeout(end, ANSWER_WITHIN);
      window.addEventListener('message', receive);
      post({ type: 'recall' });
    }),
  save: async (text) => post({ type: 'keep', text }),
});
