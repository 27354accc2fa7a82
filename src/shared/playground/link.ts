/** State as a link's query, and back: `scene=batch&batch=32&channels=64`. */
import {
  type Change,
  differences,
  type PlaygroundState,
  type PropertyName,
  type Reading,
  readChange,
  written,
} from './state';

/** The link's part before the query, in an editor. */
export const URI_AUTHORITY = 'normlens.normlens';
export const URI_PATH = '/playground';

/** A query for a change, without a `?`. Properties come in the order of the change. */
export function queryOf(change: Change): string {
  return (Object.keys(change) as PropertyName[])
    .filter((name) => change[name] !== undefined)
    .map((name) => `${name}=${encodeURIComponent(writtenOf(name, change))}`)
    .join('&');
}

function writtenOf<K extends PropertyName>(name: K, change: Change): string {
  return written(name, change[name] as PlaygroundState[K]);
}

/** The query of everything that differs from the defaults. */
export const stateQuery = (state: PlaygroundState): string => queryOf(differences(state));

/** A link that opens this state in an editor: `vscode://…`, or the scheme of another build. */
export const editorLink = (state: PlaygroundState, scheme = 'vscode'): string =>
  `${scheme}://${URI_AUTHORITY}${URI_PATH}?${stateQuery(state)}`;

/** Reads a query with or without its `?` or `#`. Whatever comes, nothing throws; the first of two equal names counts. */
export function readQuery(query: string): Reading {
  const pairs: Record<string, string> = {};
  for (const pair of query.slice(0, 10_000).replace(/^[?#]/, '').split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (!Object.hasOwn(pairs, name)) {
      Object.defineProperty(pairs, name, { value: decode(equals < 0 ? '' : pair.slice(equals + 1)), enumerable: true });
    }
  }
  return readChange(pairs);
}

function decode(words: string): string {
  try {
    return decodeURIComponent(words.replaceAll('+', ' '));
  } catch {
    return words;
  }
}
