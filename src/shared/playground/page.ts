/** The page's HTML, for the panel in an editor and for the server on localhost. */

export interface PageOptions {
  readonly script: string;
  readonly style: string;
  readonly worker: string;
  /** Unguessable, new for each page. */
  readonly nonce: string;
  /** Where the page's own files come from, as a source of a content security policy. */
  readonly source: string;
  /** A query with the settings to begin with. */
  readonly open?: string;
  /** The editor's reduce-motion setting, where there is an editor. */
  readonly reducedMotion?: boolean;
}

/** The toolkit puts empty style elements into the page and fills them by rules: this is the hash of the empty text. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/** Nothing but the page's own script, style, worker and pictures; no other address can be reached. */
export function contentSecurityPolicy(nonce: string, source: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    `style-src ${source} ${EMPTY_STYLE}`,
    'worker-src blob:',
    `connect-src ${source}`,
    `img-src ${source} blob: data:`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

export function playgroundPage(options: PageOptions): string {
  const { nonce, source, open = '', reducedMotion = false } = options;
  const attributes = { worker: options.worker, open, motion: reducedMotion ? 'reduced' : '' };
  const data = Object.entries(attributes).map(([name, value]) => `data-${name}="${escaped(value)}"`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(contentSecurityPolicy(nonce, source))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Normlens playground</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${escaped(options.style)}">
</head>
<body>
<div id="playground" ${data.join(' ')}></div>
<script type="module" nonce="${nonce}" src="${escaped(options.script)}"></script>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (words: string): string => words.replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark);
