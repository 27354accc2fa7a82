import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CheckReport, ShapesReport } from '../../../src/cli/contract';
import { temporaryFolder } from './temporaryFolder';

const { bundles, options } = createRequire(import.meta.url)('../../../esbuild.js') as {
  bundles: { cli: object };
  options(row: object): BuildOptions;
};
const CLI = 'test/output/cli/cli.js';

beforeAll(async () => {
  await build(options({ ...bundles.cli, out: CLI }));
}, 60_000);

function normlens(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const result = spawnSync(process.execPath, [resolve(CLI), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...inherited, ...env },
    maxBuffer: 1 << 26,
  });
  return { code: result.status, out: result.stdout, errors: result.stderr };
}

/** A program with one error: `tf.moments` gives no list. */
const BAD = "import * as tf from '@tensorflow/tfjs';\nconst [m, v] = tf.moments(tf.zeros([4, 2]), 0);\n";

describe('the command', () => {
  it('ends with 1 for an error, and tells it with its place', () => {
    const { code, out } = normlens(temporaryFolder({ 'src/bad.ts': BAD }), ['check', '.']);
    expect(code).toBe(1);
    expect(out).toContain('src/bad.ts:2:');
    expect(out).toContain('NL114 moments-destructured-as-array');
  });

  it('ends with 0 for right code', () => {
    const { code, out } = normlens(temporaryFolder({ 'a.ts': 'export const one = 1;\n' }), ['check', '.']);
    expect([code, out]).toEqual([0, 'No findings in 1 file\n']);
  });

  it.each([
    ['a path that is not there', ['check', 'gone.ts'], 'normlens: gone.ts cannot be read: no such file or directory\n'],
    [
      'a place that is none',
      ['explain', 'a.ts'],
      'normlens: a.ts is no place: expected FILE:LINE or FILE:LINE:COLUMN, counted from 1\n',
    ],
    ['a line beyond the file', ['explain', 'a.ts:99'], 'normlens: a.ts has 1 lines\n'],
    ['no path', ['check'], "error: missing required argument 'path'\n(normlens --help tells what there is)\n"],
  ])('ends with 2 and a sentence for %s', (_, args, errors) => {
    expect(normlens(temporaryFolder({ 'a.ts': 'x' }), args)).toEqual({ code: 2, out: '', errors });
  });

  it.each([
    ['an unknown format', ['check', '.', '--format', 'xml']],
    ['a limit that is no number', ['check', '.', '--max-warnings', 'few']],
    ['an unknown command', ['play']],
  ])('ends with 2 for %s', (_, args) => {
    const { code, errors } = normlens(temporaryFolder({}), args);
    expect(code).toBe(2);
    expect(errors).toMatch(/^error: .+\n/);
    expect(errors).not.toContain('    at ');
  });

  it.each([['--help'], ['--version'], ['check', '--help']])('ends with 0 for %s', (...args) => {
    expect(normlens(temporaryFolder({}), args).code).toBe(0);
  });

  it('has colours only where they are wanted', () => {
    const folder = temporaryFolder({ 'bad.ts': BAD });
    const code = '\u001b[';
    expect(normlens(folder, ['check', '.']).out).not.toContain(code);
    expect(normlens(folder, ['check', '.'], { CI: 'true' }).out).not.toContain(code);
    expect(normlens(folder, ['check', '.'], { FORCE_COLOR: '1' }).out).toContain(code);
    expect(normlens(folder, ['check', '.'], { FORCE_COLOR: '1', NO_COLOR: '1' }).out).not.toContain(code);
  });
});

describe('explain', () => {
  const program = [
    "import * as tf from '@tensorflow/tfjs';",
    "import { load } from './elsewhere';",
    'const input = tf.input({ shape: [4] });',
    'const output = tf.layers.dense({ units: 3 }).apply(input);',
    'const lost = load();',
  ].join('\n');

  it('tells the value of a name on a line, and the calls that lead to it with their places', () => {
    const { code, out } = normlens(temporaryFolder({ 'net.js': program }), ['explain', 'net.js:4']);
    expect(code).toBe(0);
    expect(out).toContain('symbolic tensor [null,3] float32');
    expect(out).toContain('net.js:3:15 input = tf.input “input1” [null, 4]');
    expect(out).toContain('net.js:4:16 output = tf.layers.dense “dense_Dense1” [null, 4] → [null, 3]');
  });

  it('tells the innermost expression at a column', () => {
    const { out } = normlens(temporaryFolder({ 'net.js': program }), ['explain', 'net.js:4:41']);
    expect(out).toMatch(/^net\.js:4:41\n.*\n.*~\n {2}3\n/);
  });

  it('tells where and why inference stopped', () => {
    const { out } = normlens(temporaryFolder({ 'net.js': program }), ['explain', 'net.js:5']);
    expect(out).toContain("net.js:2:1 inference stopped here: './elsewhere' is not in the workspace");
  });
});

describe('files of every kind', () => {
  const layers = 'model.add(tf.layers.dense({ units: 4, inputShape: [4] }));\n'.repeat(18_000);

  it('give a word or nothing, and never a crash', () => {
    const folder = temporaryFolder({
      'broken.ts': 'const a = tf.layers; const b = {{{ ( model.add( \n class {',
      'empty.js': '',
      'huge.ts': `import * as tf from '@tensorflow/tfjs';\nconst model = tf.sequential();\n${layers}`,
      'binary.js': Uint8Array.of(1, 0, 2, 0, 255),
      'circle/a.ts': "import { b } from './b';\nexport const a = b;\n",
      'circle/b.ts': "import { a } from './a';\nexport const b = a;\n",
      'circle/self.ts': "export * from './self';\n",
      'deep.js': `${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
    });
    const { code, out, errors } = normlens(folder, ['check', '.']);
    expect([code, errors]).toEqual([0, '']);
    expect(out).toContain('binary.js was not checked: not a text file');
    expect(out).toMatch(/broken\.ts:\d+:\d+ {2}\S/);
    expect(out).toContain('No findings in 7 files');
  }, 60_000);
});

describe('the JSON', () => {
  it('of check is the contract, with the place in the user’s words', () => {
    const folder = temporaryFolder({ 'bad.ts': BAD });
    const { findings, summary } = JSON.parse(
      normlens(folder, ['check', 'bad.ts', '--format', 'json']).out,
    ) as CheckReport;
    expect(findings.map(({ ruleId, file, range }) => [ruleId, file, range.start.line])).toEqual([
      ['NL114', 'bad.ts', 2],
    ]);
    expect(summary).toEqual({ files: 1, errors: 1, warnings: 0, information: 0, hints: 0, skipped: [] });
  });

  it('of shapes has models, layers and calls', () => {
    const program = [
      "import * as tf from '@tensorflow/tfjs';",
      'const model = tf.sequential();',
      'model.add(tf.layers.dense({ units: 3, inputShape: [5] }));',
      'const { mean, variance } = tf.moments(tf.zeros([2, 3]), 0);',
    ];
    const folder = temporaryFolder({ 'net.js': program.join('\n') });
    const report = JSON.parse(normlens(folder, ['shapes', 'net.js', '--format', 'json']).out) as ShapesReport;
    expect(report.version).toBe(1);
    expect(report.coverage).toMatchObject({ known: report.calls.length, partly: 0, unknown: 0, reasons: [] });
    // What model.summary() of TensorFlow.js 4.22 prints for this model.
    expect(report.models).toMatchObject([
      {
        kind: 'sequential',
        file: 'net.js',
        inputs: [[null, 5]],
        outputs: [[null, 3]],
        layers: [{ name: 'dense_Dense1', type: 'dense', line: 3, column: 11, outputShape: [null, 3], params: 18 }],
        params: { total: 18, trainable: 18, nonTrainable: 0 },
      },
    ]);
    const moments = report.calls.find(({ api }) => api === 'tf.moments');
    expect(moments).toMatchObject({ file: 'net.js', line: 4, inputShapes: [[2, 3]], outputShape: [3] });
    expect(moments?.outputShapes).toEqual([[3], [3]]);
  });

  it('names files outside the working directory by their whole path', () => {
    const folder = temporaryFolder({ 'bad.ts': BAD });
    const elsewhere = temporaryFolder({});
    const path = join(folder, 'bad.ts');
    const { findings } = JSON.parse(normlens(elsewhere, ['check', path, '--format', 'json']).out) as CheckReport;
    expect(findings[0]?.file).toBe(path);
  });
});
