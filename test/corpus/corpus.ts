/** The packages that test/corpus/fetch.mjs has fetched, and which of their files people wrote. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export interface CorpusPackage {
  /** `ml5@1.4.0` */
  readonly name: string;
  /** What people wrote, or what a compiler made of it where the package ships nothing else. */
  readonly kind: 'source' | 'compiled';
  readonly files: readonly string[];
  /** Files left out, by why; twins are what a compiler made of files that are here. */
  readonly skipped: { readonly huge: number; readonly minified: number; readonly twins: number };
}

const code = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const notCode = /\.d\.[cm]?ts$|\.min\.[cm]?js$/;
const huge = 1_000_000;
/** Where compilers write to. */
const outputs = /^(?:dist|build|esm|es5|es6|es2017|cjs|umd|fesm|lib|types|tmp)\//;

/** @param names only packages whose name contains one of these; all for none */
export function corpus(root: string, names: readonly string[] = []): readonly CorpusPackage[] {
  if (!existsSync(root)) throw new Error(`no packages in ${root}: run \`node test/corpus/fetch.mjs\` first`);
  return readdirSync(root)
    .sort()
    .map((folder) => ({ folder, name: folder.replace('__', '/') }))
    .filter(({ name }) => names.length === 0 || names.some((wanted) => name.includes(wanted)))
    .map(({ folder, name }) => ({ name, ...sources(path.join(root, folder)) }));
}

/** A package's `src`, with what lies beside its outputs; sources out of the maps; else what the package ships. */
function sources(folder: string): Omit<CorpusPackage, 'name'> {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => code.test(name) && !notCode.test(name) && !name.includes('node_modules'))
    .filter((name) => statSync(path.join(folder, name)).isFile());
  const shipped = all.filter((name) => !name.startsWith('__sources/'));
  const hasSource = shipped.some((name) => name.startsWith('src/'));
  const written = hasSource
    ? shipped.filter((name) => !outputs.test(name))
    : all.filter((name) => name.startsWith('__sources/'));
  const chosen = written.length > 0 ? written : shipped;
  const skipped = { huge: 0, minified: 0, twins: shipped.filter((name) => !chosen.includes(name)).length };
  let compiled = 0;
  const files = chosen
    .map((name) => path.join(folder, name))
    .filter((file) => {
      const text = statSync(file).size > huge ? undefined : readFileSync(file, 'utf8');
      if (text === undefined) skipped.huge += 1;
      else if (isMinified(text)) skipped.minified += 1;
      else {
        if (isCompiled(text)) compiled += 1;
        return true;
      }
      return false;
    });
  return { kind: 2 * compiled > files.length ? 'compiled' : 'source', files: files.sort(), skipped };
}

/** What compilers leave behind: their helpers, or where the source is. */
function isCompiled(text: string): boolean {
  return /\b__(?:awaiter|generator|extends|importStar|assign|esModule|toESM|export)\b|^\/\/# sourceMappingURL=/m.test(
    text,
  );
}

/** Bundlers put thousands of characters on a line; people do not. */
function isMinified(text: string): boolean {
  const withoutMap = text.replace(/^\/\/# sourceMappingURL=.*$/m, '');
  return withoutMap.length > 5_000 && withoutMap.length / withoutMap.split('\n').length > 300;
}
