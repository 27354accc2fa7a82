// Builds every bundle. `node esbuild.js [NAME…] [--watch] [--production] [--setup]`
//   NAME      only these rows of the table below
//   --setup   first installs the locked dependencies where they are missing or out of date (a fresh clone)
const path = require('node:path');
const { root, ensureDependencies } = require('./test/tools/setup.js');

const flags = new Set(process.argv.slice(2).filter((a) => a.startsWith('--')));
const names = process.argv.slice(2).filter((a) => !a.startsWith('--'));
const production = flags.has('--production');

/** What packages that are written as modules ask for has no counterpart in CommonJS. */
const moduleUrl = 'const importMetaUrl=require("node:url").pathToFileURL(__filename).href;';
const node = {
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  banner: { js: moduleUrl },
  define: { 'import.meta.url': 'importMetaUrl' },
};
const browser = { platform: 'browser', target: 'es2022' };

/** One row a bundle: name → entry (or entries, and a folder for them), output and what differs from the common options. */
const bundles = {
  extension: {
    in: 'src/extension/node/main.ts',
    out: 'dist/extension.js',
    ...node,
    external: ['vscode', './client.js'],
  },
  client: { in: 'src/extension/node/client.ts', out: 'dist/client.js', ...node, external: ['vscode'] },
  // One bundle for both servers, which is half of what the extension weighs: a script, and a module where there are modules.
  analyzer: {
    in: 'src/analyzer/index.ts',
    out: 'dist/analyzer.js',
    ...browser,
    format: 'iife',
    globalName: 'normlensAnalyzer',
    footer: { js: 'if(typeof module==="object")module.exports=normlensAnalyzer;' },
    // The compiler inside must not take Node for a system to work on: it has no files here.
    define: { process: 'undefined' },
  },
  server: { in: 'src/server/node/main.ts', out: 'dist/server.js', ...node, external: ['./analyzer.js'] },
  extensionWeb: {
    in: 'src/extension/browser/main.ts',
    out: 'dist/web/extension.js',
    ...browser,
    format: 'cjs',
    external: ['vscode'],
  },
  serverWeb: { in: 'src/server/browser/main.ts', out: 'dist/web/server.js', ...browser, format: 'iife' },
  cli: { in: 'src/cli/main.ts', out: 'dist/cli.js', ...node, banner: { js: `#!/usr/bin/env node\n${moduleUrl}` } },
  webview: {
    in: 'webview/main.ts',
    out: 'dist/webview/main.js',
    ...browser,
    format: 'esm',
    // Its scales are of numbers alone.
    alias: { 'd3-interpolate': path.join(root, 'webview/plot/interpolate.ts') },
  },
  webviewWorker: { in: 'webview/work/worker.ts', out: 'dist/webview/worker.js', ...browser, format: 'iife' },
  // A file of its own: it is read when the training scene opens.
  digits: { in: 'runtime/data/digits.bin', out: 'dist/webview/digits.bin', loader: { '.bin': 'copy' } },
  runtime: { in: 'runtime/index.ts', out: 'dist/runtime.mjs', ...browser, format: 'esm', platform: 'neutral' },
  hostTests: {
    in: ['test/host/index.ts', 'test/host/suite/*.test.ts'],
    out: 'dist/test/host',
    outbase: 'test/host',
    ...node,
    external: ['vscode', 'mocha'],
  },
};

/**
 * Of ts-morph only the parser of the compiler inside it is used (src/analyzer/frontend/typescript.ts says why): the rest
 * would be most of every bundle's size and of the time until it runs.
 */
const parserOfTsMorph = {
  name: 'parser-of-ts-morph',
  setup(build) {
    const { frontEnd, parserOnly } = require('./src/analyzer/frontend/parserOnly.js');
    const common = require.resolve('@ts-morph/common', { paths: [require.resolve('ts-morph')] });
    const compiler = path.join(path.dirname(common), 'typescript.js');
    build.onResolve({ filter: /^ts-morph$/ }, () => ({ path: compiler, namespace: 'compiler' }));
    build.onLoad({ filter: /./, namespace: 'compiler' }, () => ({
      contents: parserOnly(compiler),
      watchFiles: frontEnd(),
    }));
  },
};

/** How esbuild makes one row of the table; `shipped` as it is in the package. */
function options({ in: entry, out, define, ...rest }, shipped = production) {
  const { plugins } = require('./runtime/kernels/build.js');
  return {
    entryPoints: [entry].flat().map((file) => path.join(root, file)),
    [Array.isArray(entry) ? 'outdir' : 'outfile']: path.join(root, out),
    bundle: true,
    minify: shipped,
    sourcemap: shipped ? false : 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    // Its entry for Node asks for its own files while it runs, where a bundler cannot see them.
    alias: { 'jsonc-parser': require.resolve('jsonc-parser/lib/esm/main.js') },
    define: { ...define, 'process.env.NODE_ENV': shipped ? '"production"' : '"development"' },
    plugins: [...plugins, parserOfTsMorph],
    ...rest,
  };
}

async function main() {
  if (flags.has('--setup')) ensureDependencies();
  const unknown = names.filter((name) => !(name in bundles));
  if (unknown.length > 0) {
    throw new Error(`no such bundle: ${unknown.join(', ')}; there are ${Object.keys(bundles).join(', ')}`);
  }
  const esbuild = require('esbuild');
  const chosen = Object.entries(bundles).filter(([name]) => names.length === 0 || names.includes(name));
  if (flags.has('--watch')) {
    const contexts = await Promise.all(chosen.map(([, row]) => esbuild.context(options(row))));
    await Promise.all(contexts.map((context) => context.watch()));
    console.log(`normlens: watching ${chosen.length} bundles`);
    return;
  }
  await Promise.all(chosen.map(([, row]) => esbuild.build(options(row))));
}

module.exports = { bundles, options };

if (require.main === module) {
  main().catch((error) => {
    console.error(error.message ?? error);
    process.exitCode = 1;
  });
}
