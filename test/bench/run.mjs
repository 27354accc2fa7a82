// `npm run bench -- NAME [ARGUMENTS]`: bundles test/bench/NAME.ts and calls the `run(arguments)` that it exports.
import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = path.dirname(fileURLToPath(import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map((file) => file.slice(0, -'.ts'.length));
const [name, ...rest] = process.argv.slice(2);

if (name === undefined || !names.includes(name)) {
  console.error(`usage: npm run bench -- NAME [ARGUMENTS], with NAME one of ${names.sort().join(', ')}`);
  process.exitCode = 2;
} else {
  const require = createRequire(import.meta.url);
  const esbuild = require('esbuild');
  const { plugins } = require('../../runtime/kernels/build.js');
  // Inside the project, so that packages left out of the bundle are found.
  const outfile = path.join(folder, '..', 'output', 'bench', `${name}.mjs`);
  mkdirSync(path.dirname(outfile), { recursive: true });
  await esbuild.build({
    entryPoints: [path.join(folder, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    plugins,
  });
  const { run } = await import(pathToFileURL(outfile).href);
  await run(rest);
}
