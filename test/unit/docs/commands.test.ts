import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type BuildOptions, build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { fencesOf } from '../../tools/markdown';

const { bundles, options } = createRequire(import.meta.url)('../../../esbuild.js') as {
  bundles: { cli: object };
  options(row: object): BuildOptions;
};

/** The command line of these sources, whatever stands in dist. */
const CLI = 'test/output/docs/cli.js';
const WRITTEN = 'node dist/cli.js ';

beforeAll(async () => {
  await build(options({ ...bundles.cli, out: CLI }));
}, 60_000);

function run(command: string): { readonly code: number | null; readonly out: string; readonly errors: string } {
  const args = command.slice(WRITTEN.length).split(' ');
  const { FORCE_COLOR: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', env });
  return { code: status, out: stdout, errors: stderr };
}

const fences = fencesOf(readFileSync('README.md', 'utf8'));
const lines = fences.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.trim().split('\n'));
const commands = lines.filter((line) => line.startsWith(WRITTEN));
const outputs = fences.filter(({ language, text }) => language === '' && text.startsWith('examples/'));

describe('the commands of the README', () => {
  it('are those of npm, which the suites run, and those below', () => {
    const others = lines.filter((line) => !line.startsWith(WRITTEN) && !/^npm (start|test|run)\b/.test(line));
    expect(others).toEqual([]);
    expect(commands.length).toBeGreaterThan(3);
  });

  it.each(commands)('%s', (command) => {
    const { code, out, errors } = run(command);
    expect(code, errors).toBe(0);
    expect(out.trim()).not.toBe('');
    if (command.includes('--format json')) expect(() => JSON.parse(out)).not.toThrow();
  });

  it('print what the README shows of them', () => {
    const { out } = run(`${WRITTEN}check examples --exit-zero`);
    expect(outputs).not.toEqual([]);
    for (const { text } of outputs) expect(out).toContain(text.trimEnd());
  });
});
