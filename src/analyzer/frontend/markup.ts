/** Scripts in markup: HTML, Vue and Svelte files. */

export interface Script {
  /** As long as the file, so that every offset is the file's own. */
  readonly text: string;
  /** The extension of a script in this language: js, jsx, ts, tsx, … */
  readonly language: string;
}

const markup = new Set(['html', 'htm', 'vue', 'svelte']);

/** `type` attributes of scripts that are code; a script without one is code, any other value is data. */
const codeTypes = /^(?:module|(?:text|application)\/(?:x-)?(?:java|ecma|type)script|text\/(?:babel|jsx|tsx))$/i;

const languages: Readonly<Record<string, string>> = {
  ts: 'ts',
  typescript: 'ts',
  'text/typescript': 'ts',
  'application/typescript': 'ts',
  tsx: 'tsx',
  'text/tsx': 'tsx',
};

/** The code of a file and its language: the file itself, or its script blocks with spaces for all around them. */
export function scriptOf(path: string, text: string): Script {
  const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return markup.has(extension) ? scriptsInMarkup(text) : { text, language: extension };
}

const attribute = /([^\s=/"'>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g;

/**
 * The script blocks of `text`, one after the other, each closing tag replaced by `separator`.
 */
export function scriptsInMarkup(text: string): Script {
  let language = 'js';
  let result = '';
  for (const { attributes, start, end } of scriptBlocks(text)) {
    const values = readAttributes(attributes);
    const type = values.get('type') ?? '';
    if (type !== '' && !codeTypes.test(type)) continue;
    const code = text.slice(start, end);
    if (values.has('src') && code.trim() === '') continue;
    language = languages[values.get('lang') ?? ''] ?? languages[type] ?? language;
    result += blank(text.slice(result.length, start)) + code;
    if (end < text.length) result += separator;
  }
  return { text: result + blank(text.slice(result.length)), language };
}

interface ScriptBlock {
  readonly attributes: string;
  /** Where the code starts and ends, between the tags. A block that is not closed goes to the end of the file. */
  readonly start: number;
  readonly end: number;
}

/**
 * Keeps the last statement of a block and the first of the next apart: the line break ends a comment, and the number, a
 * statement that does nothing, ends the one before it without being part of it, as a semicolon would be. It is shorter
 * than the closing tag in whose place it stands.
 */
const separator = '\n0;';

/** A comment's start, or a tag's with its name. */
const opening = /<!--|<(\/?[a-z][^\s/>]*)/gi;
const closing = /<\/script(?=[\s/>])/gi;

/** One pass over the markup; every search goes on where the one before has ended. */
function* scriptBlocks(text: string): Generator<ScriptBlock> {
  let at = 0;
  for (;;) {
    const open = firstMatch(opening, text, at);
    if (!open) return;
    const afterName = open.index + open[0].length;
    const end = open[1] === undefined ? after(text, '-->', afterName) : tagEnd(text, afterName);
    if (end === undefined) return;
    at = end;
    if (open[1]?.toLowerCase() !== 'script') continue;
    const close = firstMatch(closing, text, at)?.index ?? text.length;
    yield { attributes: text.slice(afterName, at - 1), start: at, end: close };
    at = close;
  }
}

function firstMatch(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

function after(text: string, word: string, from: number): number | undefined {
  const at = text.indexOf(word, from);
  return at < 0 ? undefined : at + word.length;
}

/** Behind the `>` that ends a tag; one in a quoted value does not. */
function tagEnd(text: string, from: number): number | undefined {
  const end = /=\s*(?:"[^"]*"|'[^']*')|>/g;
  for (let match = firstMatch(end, text, from); match; match = firstMatch(end, text, match.index + match[0].length)) {
    if (match[0] === '>') return match.index + 1;
  }
  return undefined;
}

function readAttributes(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [, name = '', double, single, bare] of text.matchAll(attribute)) {
    values.set(name.toLowerCase(), (double ?? single ?? bare ?? '').toLowerCase());
  }
  return values;
}

/** Spaces for everything but line ends. */
function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
