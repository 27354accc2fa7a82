import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { expect, it } from 'vitest';

const { bundles, options } = createRequire(import.meta.url)('../../../esbuild.js') as {
  bundles: { extension: object };
  options(row: object): BuildOptions;
};
const FOLDER = 'test/output/activation';

/** What activation touches of the editor, doing nothing: only the extension's own time is measured. */
const EDITOR = `
const nothing = () => ({ dispose() {}, info() {}, error() {} });
const editor = {
  window: {
    createOutputChannel: nothing,
    onDidChangeActiveTextEditor: nothing,
    registerWebviewPanelSerializer: nothing,
    registerUriHandler: nothing,
  },
  workspace: { onDidCloseTextDocument: nothing },
  languages: { createLanguageStatusItem: nothing },
  commands: { registerCommand: nothing },
  LanguageStatusSeverity: {},
};
const Module = require('node:module');
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? editor : load(name, ...rest));
const start = performance.now();
const { activate } = require('./extension.js');
activate({ subscriptions: [], asAbsolutePath: String });
console.log(performance.now() - start);
process.exit(0);
`;

it('loading and activating the extension takes at most 20 ms', async () => {
  await build({ ...options({ ...bundles.extension, out: `${FOLDER}/extension.js` }), minify: true });
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/measure.js`, EDITOR);
  const measure = () => Number(execFileSync(process.execPath, [resolve(FOLDER, 'measure.js')], { encoding: 'utf8' }));
  // The best of fifteen: what else the machine does at the time says nothing about the extension.
  const best = Math.min(...Array.from({ length: 15 }, measure));
  console.log(`activation: ${best.toFixed(1)} ms`);
  expect(best).toBeLessThanOrEqual(20);
}, 60_000);
