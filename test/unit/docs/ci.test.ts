import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { parse } from 'jsonc-parser';
import type { Log } from 'sarif';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseStringPromise } from 'xml2js';
import { rules } from '../../../src/analyzer/rules';
import { reporters } from '../../../src/cli/reporters';
import { parseConfig } from '../../../src/config/parse';
import { temporaryFolder } from '../cli/temporaryFolder';

const { bundles, options } = createRequire(import.meta.url)('../../../esbuild.js') as {
  bundles: { cli: object };
  options(row: object): BuildOptions;
};
const CLI = 'test/output/ci/cli.js';
const page = readFileSync('docs/ci.md', 'utf8');

beforeAll(async () => {
  await build(options({ ...bundles.cli, out: CLI }));
}, 60_000);

/** The block of a page with these words after its fence. */
function block(words: string): string {
  const found = new RegExp(`\n\`\`\`${words}\n([\\s\\S]*?\n)\`\`\`\n`).exec(page);
  if (found?.[1] === undefined) throw new Error(`docs/ci.md has no block “${words}”`);
  return found[1];
}

/** The commands of a recipe that call Normlens; installing packages and actions of others are not run here. */
function commands(recipe: string): readonly string[] {
  const runs = [...recipe.matchAll(/^ *- (?:run: )?(npx .*)$/gm)].map(([, command = '']) => command);
  if (runs.length === 0) throw new Error('the recipe runs nothing');
  return runs;
}

const BAD = "import * as tf from '@tensorflow/tfjs';\nexport const [m, v] = tf.moments(tf.zeros([4, 2]), 0);\n";
const GOOD = 'export const one = 1;\n';

interface Project {
  readonly folder: string;
  sh(command: string): SpawnSyncReturns<string>;
}

/** A git repository with Normlens among its installed packages. */
function project(files: Readonly<Record<string, string>>): Project {
  const folder = temporaryFolder({ '.gitignore': 'node_modules\n', 'package.json': '{}', ...files });
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  const command = `#!/bin/sh\nexec "${process.execPath}" "${resolve(CLI)}" "$@"\n`;
  writeFileSync(join(folder, 'node_modules/.bin/normlens'), command, { mode: 0o755 });
  const env: NodeJS.ProcessEnv = { ...process.env, npm_config_offline: 'true' };
  for (const name of Object.keys(env)) if (name.startsWith('GIT_') || name === 'FORCE_COLOR') delete env[name];
  const sh = (command: string) => spawnSync('bash', ['-e', '-c', command], { cwd: folder, encoding: 'utf8', env });
  expect(sh('git init -q . && git config user.name Test && git config user.email test@example.org').status).toBe(0);
  return { folder, sh };
}

describe('the pre-commit hook of docs/ci.md', () => {
  const withHook = (files: Readonly<Record<string, string>>) => {
    const made = project(files);
    mkdirSync(join(made.folder, '.git/hooks'), { recursive: true });
    writeFileSync(join(made.folder, '.git/hooks/pre-commit'), block('sh pre-commit'), { mode: 0o755 });
    return made;
  };
  const commits = ({ sh }: Project) => Number(sh('git rev-list --all --count').stdout);

  it('lets right code in', () => {
    const made = withHook({ 'src/a b.ts': GOOD });
    const { status, stderr } = made.sh('git add -A && git commit -q -m first');
    expect(status).toBe(0);
    expect(stderr).toContain('No findings in 1 file');
    expect(commits(made)).toBe(1);
  });

  it('keeps an error out, and shows it', () => {
    const made = withHook({ 'src/bad file.ts': BAD, 'fine.js': GOOD });
    const { status, stdout, stderr } = made.sh('git add -A && git commit -q -m first');
    expect(status).toBe(1);
    expect(stdout + stderr).toContain('NL114 moments-destructured-as-array');
    expect(stdout + stderr).toContain('src/bad file.ts:2:');
    expect(commits(made)).toBe(0);
  });

  it('looks at the files of the commit only, and at none where there is none to check', () => {
    const made = withHook({ 'bad.ts': BAD, 'types.d.ts': 'export declare const one: 1;\n', 'notes.md': 'x\n' });
    expect(made.sh('git add notes.md && git commit -q -m notes').status).toBe(0);
    expect(made.sh('git add types.d.ts && git commit -q -m types').status).toBe(0);
    expect(commits(made)).toBe(2);
    expect(made.sh('git rm -q notes.md && git commit -q -m gone').status).toBe(0);
    expect(made.sh('git add bad.ts && git commit -q -m bad').status).not.toBe(0);
  });
});

describe('the recipes of docs/ci.md', () => {
  it('for annotations prints them and fails for an error only', () => {
    const [command = ''] = commands(block('yaml annotations'));
    const bad = project({ 'src/bad.ts': BAD }).sh(command);
    expect(bad.status).toBe(1);
    expect(bad.stdout).toMatch(/^::error file=src\/bad\.ts,line=2,/);
    expect(project({ 'src/good.ts': GOOD }).sh(command)).toMatchObject({ status: 0, stdout: '' });
  });

  it('for code scanning leaves a SARIF log, whether anything is found or not', () => {
    const [command = ''] = commands(block('yaml code-scanning'));
    for (const [text, status, results] of [
      [BAD, 1, 1],
      [GOOD, 0, 0],
    ] as const) {
      const made = project({ 'a.ts': text });
      expect(made.sh(command).status).toBe(status);
      const log = JSON.parse(readFileSync(join(made.folder, 'normlens.sarif'), 'utf8')) as Log;
      expect(log.runs[0]?.results).toHaveLength(results);
    }
  });

  it('for GitLab leaves a JUnit report', async () => {
    const [command = ''] = commands(block('yaml gitlab'));
    const made = project({ 'a.ts': BAD });
    expect(made.sh(command).status).toBe(1);
    const report: unknown = await parseStringPromise(readFileSync(join(made.folder, 'normlens.xml'), 'utf8'), {
      strict: true,
    });
    expect(report).toMatchObject({ testsuites: { $: { failures: '1' } } });
  });
});

describe('docs/ci.md', () => {
  it('names every format', () => {
    const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(Object.keys(reporters).sort());
  });
});

describe('docs/configuration.md', () => {
  const text = readFileSync('docs/configuration.md', 'utf8');

  it('has an example without a mistake, and a row for each of its settings', () => {
    const example = /```jsonc\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    expect(parseConfig('/w/normlens.config.json', example, rules).problems).toEqual([]);
    const rows = [...text.matchAll(/^\| `(\w+)/gm)].map(([, name]) => name);
    expect(new Set(rows)).toEqual(new Set(Object.keys(parse(example) as object)));
  });
});
