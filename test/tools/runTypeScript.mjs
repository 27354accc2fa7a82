// Bundles a TypeScript module and calls the `run(arguments)` that it exports: `node test/tools/runTypeScript.mjs FILE …`.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const require = createRequire(import.meta.url);

export async function runTypeScript(file, args) {
  const esbuild = require('esbuild');
  const { plugins } = require('../../runtime/kernels/build.js');
  // Inside the project, so that packages left out of the bundle are found.
  const name = path.relative(root, path.resolve(root, file)).replaceAll(path.sep, '-').replace(/\.ts$/, '.mjs');
  const outfile = path.join(root, 'test', 'output', 'bundles', name);
  mkdirSync(path.dirname(outfile), { recursive: true });
  await esbuild.build({
    entryPoints: [path.resolve(root, file)],
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
  await run(args);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [file, ...args] = argv.slice(2);
  await runTypeScript(file, args);
}
