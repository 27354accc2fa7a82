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

/** A comment, or a script block: attributes, code, closing tag (absent in a half-typed file). */
const block = /<!--[\s\S]*?(?:-->|$)|<script\b((?:[^>"']|"[^"]*"|'[^']*')*)>([\s\S]*?)(<\/script\s*>|$)/gi;

const attribute = /([^\s=/"'>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?/g;

/**
 * The script blocks of `text`, one after the other. A closing tag becomes a semicolon, so that the last statement of a
 * block and the first of the next do not run together.
 */
export function scriptsInMarkup(text: string): Script {
  let language = 'js';
  let result = '';
  for (const match of text.matchAll(block)) {
    const [whole, attributes, code, close] = match;
    if (attributes === undefined || code === undefined) continue;
    const values = readAttributes(attributes);
    const type = values.get('type') ?? '';
    if (type !== '' && !codeTypes.test(type)) continue;
    if (values.has('src') && code.trim() === '') continue;
    language = languages[values.get('lang') ?? ''] ?? languages[type] ?? language;
    const codeEnd = match.index + whole.length - (close?.length ?? 0);
    result += blank(text.slice(result.length, codeEnd - code.length)) + code;
    if (close) result += ';';
  }
  return { text: result + blank(text.slice(result.length)), language };
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
