/** What users run: the bundles, minified as in the package. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';

const { bundles, options } = createRequire(path.resolve('package.json'))('./esbuild.js') as {
  readonly bundles: Readonly<Record<string, { readonly out: string }>>;
  options(row: object, shipped: boolean): BuildOptions;
};

/** Builds some bundles; the folder that they are in. */
export async function buildAsShipped(names: readonly string[]): Promise<string> {
  const folder = path.join('test', 'output', 'bench');
  await Promise.all(
    names.map((name) => {
      const row = bundles[name];
      if (row === undefined) throw new Error(`no such bundle: ${name}`);
      const outfile = path.join(folder, path.basename(row.out));
      return build(options({ ...row, out: outfile }, true));
    }),
  );
  return path.resolve(folder);
}
