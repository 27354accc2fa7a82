/**
 * What the extension and the page say to each other. Each side reads what it gets with the function here, which gives
 * undefined for anything else: a message is data of unknown origin.
 */
import { type Change, readChange } from './state';

/** Extension → page. */
export type ToPage =
  /** Show these settings, from a diagnostic, a lens or a link. */
  | { readonly type: 'open'; readonly change: Change; readonly refused: readonly string[] }
  /** The editor's reduce-motion setting. */
  | { readonly type: 'motion'; readonly reduced: boolean }
  /** The models of the active editor, for the scene Your code, which reads the payload itself. */
  | { readonly type: 'code'; readonly payload: unknown }
  /** The answer to `recall`: the text that was kept last, if any. The page reads what is in it. */
  | { readonly type: 'kept'; readonly text: string | undefined };

/** Page → extension. */
export type ToExtension =
  | { readonly type: 'ready' }
  | { readonly type: 'copy'; readonly text: string; readonly what: string }
  | { readonly type: 'insert'; readonly text: string }
  | { readonly type: 'save'; readonly name: string; readonly base64: string }
  | { readonly type: 'reveal'; readonly uri: string; readonly line: number; readonly column: number }
  /** The scene Your code is shown (or no more): send `code` messages (or stop). */
  | { readonly type: 'follow'; readonly follow: boolean }
  /** Keep this text, instead of the one before, until `recall`: training results, which a reload would lose. */
  | { readonly type: 'keep'; readonly text: string }
  | { readonly type: 'recall' };

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, most: number): value is string => typeof value === 'string' && value.length <= most;
const isWhole = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

const MEGABYTE = 1 << 20;
/** The page keeps half as much. */
const MOST_KEPT = 16 * MEGABYTE;

const toPage: { readonly [T in ToPage['type']]: (fields: Fields) => ToPage | undefined } = {
  open: ({ change: given, refused: before }) => {
    const { change, refused } = readChange(given);
    const said = Array.isArray(before) ? before.filter((words) => isText(words, 200)).slice(0, 20) : [];
    return { type: 'open', change, refused: [...said, ...refused] };
  },
  motion: ({ reduced }) => (typeof reduced === 'boolean' ? { type: 'motion', reduced } : undefined),
  code: ({ payload }) => ({ type: 'code', payload }),
  kept: ({ text }) => (text === undefined || isText(text, MOST_KEPT) ? { type: 'kept', text } : undefined),
};

const toExtension: { readonly [T in ToExtension['type']]: (fields: Fields) => ToExtension | undefined } = {
  ready: () => ({ type: 'ready' }),
  copy: ({ text, what }) => (isText(text, MEGABYTE) && isText(what, 60) ? { type: 'copy', text, what } : undefined),
  insert: ({ text }) => (isText(text, 100_000) ? { type: 'insert', text } : undefined),
  save: ({ name, base64 }) =>
    isText(name, 80) && /^[\w.-]+\.(png|svg|csv)$/.test(name) && isText(base64, 32 * MEGABYTE)
      ? { type: 'save', name, base64 }
      : undefined,
  reveal: ({ uri, line, column }) =>
    isText(uri, 4000) && isWhole(line) && isWhole(column) ? { type: 'reveal', uri, line, column } : undefined,
  follow: ({ follow }) => (typeof follow === 'boolean' ? { type: 'follow', follow } : undefined),
  keep: ({ text }) => (isText(text, MOST_KEPT) ? { type: 'keep', text } : undefined),
  recall: () => ({ type: 'recall' }),
};

function read<T>(table: Readonly<Record<string, (fields: Fields) => T | undefined>>, message: unknown): T | undefined {
  if (!isFields(message) || typeof message.type !== 'string' || !Object.hasOwn(table, message.type)) return undefined;
  return table[message.type]?.(message);
}

export const readToPage = (message: unknown): ToPage | undefined => read<ToPage>(toPage, message);
export const readToExtension = (message: unknown): ToExtension | undefined => read<ToExtension>(toExtension, message);
