/** Files whose whole text is JavaScript or TypeScript, by extension. */
export const SCRIPT_EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'] as const;

/** Files that hold JavaScript or TypeScript in `<script>` elements. */
export const MARKUP_EXTENSIONS = ['.html', '.vue', '.svelte'] as const;

/** The editor's language ids that Normlens reads, each with the extension that says how to parse it. */
export const LANGUAGES: Readonly<Record<string, string>> = {
  javascript: '.js',
  javascriptreact: '.jsx',
  typescript: '.ts',
  typescriptreact: '.tsx',
};

const DECLARATIONS = /\.d\.([^./\\]+\.)?[cm]?ts$/;

/** `.ts` of `/a/b.ts`, in lower case; empty without one. */
export function extensionOf(path: string): string {
  return /\.[^./\\]+$/.exec(path)?.[0].toLowerCase() ?? '';
}

/** Whether Normlens reads files of this name: scripts, and pages that hold scripts, but no type declarations. */
export function isSource(path: string): boolean {
  const extension = extensionOf(path);
  const known: readonly string[] = [...SCRIPT_EXTENSIONS, ...MARKUP_EXTENSIONS];
  return known.includes(extension) && !DECLARATIONS.test(path);
}
