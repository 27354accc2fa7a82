import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { check } from '../../../src/cli/check';
import { shapes } from '../../../src/cli/shapes';
import { withThreads } from '../../../src/cli/threads';
import { temporaryFolder } from './temporaryFolder';
import { recordingTerminal } from './terminal';

const { bundles, options } = createRequire(import.meta.url)('../../../esbuild.js') as {
  bundles: { cli: object };
  options(row: object): BuildOptions;
};
const CLI = 'test/output/cli/threads/cli.js';

beforeAll(async () => {
  await build(options({ ...bundles.cli, out: CLI }));
}, 60_000);

const examples = resolve('examples/src');
const programs = readdirSync(examples)
  .filter((name) => /\.[jt]s$/.test(name))
  .map((name) => readFileSync(join(examples, name), 'utf8'));

/** Examples, and files that import one another. */
function workspace(extra: Readonly<Record<string, string>> = {}): string {
  const copies = Array.from({ length: 30 }, (_, i) => [`src/file${i}.ts`, programs[i % programs.length] ?? '']);
  return temporaryFolder({
    ...Object.fromEntries(copies),
    'src/norm.ts':
      "import * as tf from '@tensorflow/tfjs';\nexport const norm = (axis: number) => tf.layers.batchNormalization({ axis });\n",
    'src/use.ts':
      "import * as tf from '@tensorflow/tfjs';\nimport { norm } from './norm';\nnorm(1).apply(tf.input({ shape: [8, 8, 4] }));\n",
    ...extra,
  });
}

/** What both commands print, and with which code `check` ends. */
function outputs(cwd: string, threads: number | undefined): readonly unknown[] {
  const analyzeFiles = threads === undefined ? undefined : withThreads(resolve(CLI), { threads, share: 1_000 });
  const { terminal, out, errors } = recordingTerminal(cwd);
  const code = check(['src'], { format: 'json' }, terminal, createAnalyzer, analyzeFiles);
  shapes(['src'], { format: 'json' }, terminal, createAnalyzer, analyzeFiles);
  return [code, out(), errors()];
}

describe('several threads', () => {
  test('print what one prints, byte by byte', () => {
    const cwd = workspace();
    const alone = outputs(cwd, undefined);
    expect(alone[1]).toContain('"NL101"');
    expect(outputs(cwd, 2)).toEqual(alone);
    expect(outputs(cwd, 4)).toEqual(alone);
  }, 120_000);

  test('print what one prints where only evaluation finds an import', () => {
    const cwd = workspace({
      'src/late.js':
        "const tf = require('@tensorflow/tfjs');\nconst name = 'made';\nrequire('./' + name).make(tf.input({ shape: [8, 8, 4] }));\n",
      'src/made.js':
        "const tf = require('@tensorflow/tfjs');\nexports.make = (x) => tf.layers.batchNormalization({ axis: 1 }).apply(x);\n",
    });
    const alone = outputs(cwd, undefined);
    expect(alone[1]).toContain('made.js');
    expect(outputs(cwd, 3)).toEqual(alone);
  }, 120_000);

  test('that cannot start leave the work to the one that is there', () => {
    const cwd = workspace();
    const { terminal, out } = recordingTerminal(cwd);
    check(
      ['src'],
      { format: 'json' },
      terminal,
      createAnalyzer,
      withThreads(join(cwd, 'gone.js'), { threads: 2, share: 1_000, patience: 500 }),
    );
    expect(out()).toBe((outputs(cwd, undefined)[1] as string).slice(0, out().length));
  }, 120_000);
});
