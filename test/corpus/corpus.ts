/** The packages that test/corpus/fetch.mjs has fetched, and which of their files people wrote. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export interface CorpusPackage {
  /** `ml5@1.4.0` */
  readonly name: string;
  readonly files: readonly string[];
  /** Files left out, by why. */
  readonly skipped: { readonly huge: number; readonly minified: number };
}

const code = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const notCode = /\.d\.[cm]?ts$|\.min\.[cm]?js$/;
const huge = 1_000_000;

/** @param names only packages whose name contains one of these; all for none */
export function corpus(root: string, names: readonly string[] = []): readonly CorpusPackage[] {
  if (!existsSync(root)) throw new Error(`no packages in ${root}: run \`node test/corpus/fetch.mjs\` first`);
  return readdirSync(root)
    .sort()
    .map((folder) => ({ folder, name: folder.replace('__', '/') }))
    .filter(({ name }) => names.length === 0 || names.some((wanted) => name.includes(wanted)))
    .map(({ folder, name }) => ({ name, ...sources(path.join(root, folder)) }));
}

/** Sources out of the maps where there are any, else what the package ships. */
function sources(folder: string): Omit<CorpusPackage, 'name'> {
  const own = path.join(folder, '__sources');
  const root = existsSync(own) ? own : folder;
  const skipped = { huge: 0, minified: 0 };
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => code.test(name) && !notCode.test(name) && !name.includes('node_modules'))
    .map((name) => path.join(root, name))
    .filter((file) => statSync(file).isFile())
    .filter((file) => {
      if (statSync(file).size > huge) skipped.huge += 1;
      else if (isMinified(readFileSync(file, 'utf8'))) skipped.minified += 1;
      else return true;
      return false;
    });
  return { files: files.sort(), skipped };
}

/** Bundlers put thousands of characters on a line; people do not. */
function isMinified(text: string): boolean {
  const withoutMap = text.replace(/^\/\/# sourceMappingURL=.*$/m, '');
  return withoutMap.length > 5_000 && withoutMap.length / withoutMap.split('\n').length > 300;
}
