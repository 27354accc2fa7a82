import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { type CheckOptions, check } from '../../../src/cli/check';
import type { CheckReport } from '../../../src/cli/contract';
import { shapes } from '../../../src/cli/shapes';
import { temporaryFolder } from './temporaryFolder';
import { recordingTerminal } from './terminal';

const HEAD = "import * as tf from '@tensorflow/tfjs';\n";
const BAD = `${HEAD}export const [m, v] = tf.moments(tf.zeros([4, 2]), 0);\n`;

function run(cwd: string, paths: readonly string[] = ['.'], options: Partial<CheckOptions> = {}) {
  const recorded = recordingTerminal(cwd);
  const code = check(paths, { format: 'json', ...options }, recorded.terminal, createAnalyzer);
  const out = recorded.out();
  const { findings, summary } = (out === '' ? { findings: [] } : JSON.parse(out)) as Partial<CheckReport>;
  return {
    code,
    found: (findings ?? []).map(({ file, ruleId, severity }) => `${file} ${ruleId} ${severity}`),
    summary,
    errors: recorded.errors(),
  };
}

describe('normlens.config.json', () => {
  it('sets severities for its folder and below; the nearest counts', () => {
    const folder = temporaryFolder({
      'normlens.config.json': '{ "rules": { "NL114": "warning" } }',
      'a.ts': BAD,
      'deep/er/b.ts': BAD,
      'other/normlens.config.json': '{ "rules": { "moments-destructured-as-array": "off", "NL001": "off" } }',
      'other/c.ts': BAD,
    });
    expect(run(folder)).toMatchObject({ code: 0, found: ['a.ts NL114 warning', 'deep/er/b.ts NL114 warning'] });
  });

  it('holds for files below it wherever the command is run in the repository, and not outside', () => {
    const folder = temporaryFolder({
      'normlens.config.json': '{ "rules": { "NL114": "hint" } }',
      'repository/src/a.ts': BAD,
    });
    const inner = join(folder, 'repository/src');
    expect(run(folder).found).toEqual(['repository/src/a.ts NL114 hint']);
    expect(run(inner).found).toEqual(['a.ts NL114 error']);
    mkdirSync(join(folder, '.git'));
    expect(run(inner).found).toEqual(['a.ts NL114 hint']);
    mkdirSync(join(folder, 'repository/.git'));
    expect(run(inner).found).toEqual(['a.ts NL114 error']);
  });

  it('leaves files out; one that was named says so', () => {
    const folder = temporaryFolder({
      'normlens.config.json': '{ "include": ["src"], "exclude": ["**/*.gen.ts"] }',
      'src/a.ts': BAD,
      'src/b.gen.ts': BAD,
      'lib/c.ts': BAD,
    });
    expect(run(folder)).toMatchObject({ found: ['src/a.ts NL114 error'], summary: { files: 1, skipped: [] } });
    expect(run(folder, ['src/b.gen.ts', 'src/a.ts'])).toMatchObject({
      found: ['src/a.ts NL114 error'],
      summary: { files: 1, skipped: [{ file: 'src/b.gen.ts', reason: 'left out by normlens.config.json' }] },
    });
  });

  it('may assume what parameters are', () => {
    const folder = temporaryFolder({
      'normlens.config.json': '{ "assume": { "src/net.ts#build(size)": 64 } }',
      'src/net.ts': `${HEAD}export function build(size: number) { return tf.zeros([size, 2]); }\n`,
    });
    const recorded = recordingTerminal(folder);
    shapes(['src'], { format: 'table' }, recorded.terminal, createAnalyzer);
    expect(recorded.out()).toContain('[64, 2]');
  });

  it('tells of an assumption that nothing takes', () => {
    const net = 'export function build(size: number) { return tf.zeros([size, 2]); }\nexport const made = f(3);\n';
    const folder = temporaryFolder({
      'normlens.config.json': `{ "assume": {
  "src/net.ts#build(size)": 64,
  "src/net.ts#build(sise)": 64,
  "src/net.ts#f(n)": 64,
  "src/gone.ts#build(size)": 64 } }`,
      'src/net.ts': `${HEAD}${net}function f(n) { return tf.zeros([n]); }\n`,
      'src/other.ts': HEAD,
    });
    const idle = 'is assumed without effect: there is no such';
    const gone = `normlens: normlens.config.json:5:3: src/gone.ts#build(size) ${idle} file`;
    expect(run(folder, ['src']).errors.split('\n')).toEqual([
      `normlens: normlens.config.json:3:3: src/net.ts#build(sise) ${idle} parameter of a function that nobody in view calls`,
      `normlens: normlens.config.json:4:3: src/net.ts#f(n) ${idle} parameter of a function that nobody in view calls`,
      gone,
    ]);
    expect(run(folder, ['src/other.ts']).errors).toBe(gone);
  });

  it('files of one setting are one workspace, wherever their configurations stand', () => {
    const folder = temporaryFolder({
      'a/normlens.config.json': '{ "rules": { "NL301": "off" } }',
      'b/normlens.config.json': '{ "rules": { "bias-before-bn": "off" } }',
      'a/net.ts': `${HEAD}export function norm(x) { return tf.zeros([x, 2]).reshape([3, 5]); }\n`,
      'b/main.ts': "import { norm } from '../a/net';\nnorm(4);\n",
    });
    // Only the call says that x is 4: 8 elements are no 15.
    expect(run(folder).found).toEqual(['a/net.ts NL004 error']);
  });

  it('with mistakes is told of with its place; what is right of it holds', () => {
    const folder = temporaryFolder({
      'src/normlens.config.json': '{\n  "rules": { "NL114": "hint", "NL999": "off" },\n}',
      'src/a.ts': BAD,
    });
    const told = 'normlens: src/normlens.config.json:2:31: there is no rule “NL999”';
    expect(run(folder)).toMatchObject({ code: 0, found: ['src/a.ts NL114 hint'], errors: told });
    expect(run(folder, ['.'], { strictConfig: true })).toMatchObject({ code: 2, found: [], errors: told });
  });

  it('that is no JSON leaves the defaults', () => {
    const folder = temporaryFolder({ 'normlens.config.json': '{ "rules": { "NL114": "off" ', 'a.ts': BAD });
    expect(run(folder)).toMatchObject({
      code: 1,
      found: ['a.ts NL114 error'],
      errors: 'normlens: normlens.config.json:1:29: this is no JSON: a closing } is due here',
    });
  });

  it('without mistakes passes a strict run', () => {
    const folder = temporaryFolder({ 'normlens.config.json': '{}', 'a.ts': BAD });
    expect(run(folder, ['.'], { strictConfig: true })).toMatchObject({ code: 1, errors: '' });
  });
});
