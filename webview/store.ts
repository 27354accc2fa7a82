/** What took long to compute, kept beyond the page's life: one text, in the browser or with the editor. */
import { readToPage, type ToExtension } from '../src/shared/playground';

export interface Store {
  /** What was kept last; undefined where there is nothing, or it cannot be reached. Never rejects. */
  load(): Promise<string | undefined>;
  /**
   * Keeps what `write` makes of what is there: another tab may have kept its own since. It gets undefined where nothing is
   * there, or where only this page writes. What cannot be kept is lost, as it was before there was a store. Never rejects.
   */
  save(write: (found: string | undefined) => string): Promise<void>;
}

const NAME = 'normlens-playground';
const TABLE = 'kept';
const KEY = 'training';

/** The browser's database: a page's local storage has room for settings, not for megabytes. */
export const browserStore = (): Store => ({
  load: () => inDatabase('readonly', keptIn).catch(() => undefined),
  save: (write) =>
    inDatabase('readwrite', async (table) => {
      await done(table.put(write(await keptIn(table)), KEY));
    }).catch(() => {}),
});

/** A transaction stays open while `act` waits for its requests, and for nothing else. */
async function inDatabase<T>(mode: IDBTransactionMode, act: (table: IDBObjectStore) => Promise<T>): Promise<T> {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
  const database = await done(opening);
  try {
    return await act(database.transaction(TABLE, mode).objectStore(TABLE));
  } finally {
    database.close();
  }
}

async function keptIn(table: IDBObjectStore): Promise<string | undefined> {
  const found: unknown = await done(table.get(KEY));
  return typeof found === 'string' ? found : undefined;
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
  save: async (write) => post({ type: 'keep', text: write(undefined) }),
});
