import { spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import type { Finding } from '../../../src/analyzer/rules/rule';
import { type CheckOptions, check } from '../../../src/cli/check';
import type { CheckReport } from '../../../src/cli/contract';
import type { CreateAnalyzer } from '../../../src/cli/workspace';
import { writeText } from '../../../src/disk/writeText';
import { temporaryFolder } from './temporaryFolder';
import { recordingTerminal } from './terminal';

function run(
  cwd: string,
  options: Partial<CheckOptions>,
  paths: readonly string[] = ['.'],
  create: CreateAnalyzer = createAnalyzer,
) {
  const recorded = recordingTerminal(cwd);
  const code = check(paths, { format: 'json', ...options }, recorded.terminal, create);
  return { code, out: recorded.out(), errors: recorded.errors() };
}

const rulesIn = (out: string) => (JSON.parse(out) as CheckReport).findings.map(({ ruleId }) => ruleId);
const read = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8');

/** Three findings with safe fixes; the tab, the blanks and the comments are to stay. */
const BAD = [
  "import * as tf from '@tensorflow/tfjs';",
  'export function norm(x: tf.Tensor4D) {',
  '\tconst [mean, variance] =  tf.moments(x, [0, 1, 2]); // by channel',
  '  return x.sub(mean).div(tf.sqrt(variance.add(1e-5)));',
  '}',
  'export const one = tf.layers.batchNormalization({ /* like the paper */ affine: true, momentum: 0.9 });',
  'export const two = 1; // normlens-disable-line NL101 -- gone long ago',
  '',
].join('\n');

const GOOD = BAD.replace('[mean, variance]', '{ mean, variance }')
  .replace(' affine: true,', '')
  .replace(' // normlens-disable-line NL101 -- gone long ago', '');

describe('check --fix', () => {
  it('writes every safe fix, keeps all else, and reports the rest', () => {
    const folder = temporaryFolder({ 'a.ts': BAD });
    expect(rulesIn(run(folder, {}).out)).toEqual(['NL114', 'NL116', 'NL901']);
    const { code, out, errors } = run(folder, { fix: true });
    expect(read(folder, 'a.ts')).toBe(GOOD);
    expect([code, rulesIn(out), errors]).toEqual([0, [], 'normlens: applied 3 fixes in 1 file']);
    expect(readdirSync(folder)).toEqual(['a.ts']);
  });

  it('leaves alone what it fixed before', () => {
    const folder = temporaryFolder({ 'a.ts': GOOD });
    const before = statSync(join(folder, 'a.ts')).mtimeMs;
    expect(run(folder, { fix: true }).errors).toBe('normlens: applied 0 fixes in 0 files');
    expect(statSync(join(folder, 'a.ts')).mtimeMs).toBe(before);
  });

  it('leaves fixes that change results to the reader', () => {
    const text =
      "import * as tf from '@tensorflow/tfjs';\nexport const n = tf.layers.batchNormalization({ momentum: 0.1 });\n";
    const folder = temporaryFolder({ 'a.ts': text });
    expect(rulesIn(run(folder, { fix: true }).out)).toEqual(['NL202']);
    expect(read(folder, 'a.ts')).toBe(text);
  });

  it('changes no file but those that are checked', () => {
    const folder = temporaryFolder({ 'a.ts': "export * from './b';\n", 'b.ts': BAD });
    run(folder, { fix: true }, ['a.ts']);
    expect(read(folder, 'b.ts')).toBe(BAD);
  });

  it('keeps line ends, byte order mark, encoding and permissions; a link stays a link', () => {
    const windows = BAD.replaceAll('\n', '\r\n');
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(BAD, 'utf16le')]);
    const folder = temporaryFolder({
      'windows.ts': windows,
      'marked.ts': `\ufeff${BAD}`,
      'wide.ts': utf16,
      'src/mode.ts': BAD,
    });
    chmodSync(join(folder, 'src/mode.ts'), 0o755);
    symlinkSync(join(folder, 'src/mode.ts'), join(folder, 'link.ts'));
    run(folder, { fix: true }, ['windows.ts', 'marked.ts', 'wide.ts', 'link.ts']);
    expect(read(folder, 'windows.ts')).toBe(GOOD.replaceAll('\n', '\r\n'));
    expect(read(folder, 'marked.ts')).toBe(`\ufeff${GOOD}`);
    expect(readFileSync(join(folder, 'wide.ts')).toString('utf16le')).toBe(`\ufeff${GOOD}`);
    expect(read(folder, 'src/mode.ts')).toBe(GOOD);
    expect(statSync(join(folder, 'src/mode.ts')).mode & 0o777).toBe(0o755);
    expect(lstatSync(join(folder, 'link.ts')).isSymbolicLink()).toBe(true);
  });

  it('ends with 2 where a file cannot be written, and says why', () => {
    const bytes = Buffer.concat([Buffer.from(BAD), Buffer.from([0x2f, 0x2f, 0xff, 0x0a])]);
    const folder = temporaryFolder({ 'a.ts': bytes });
    const { code, errors } = run(folder, { fix: true });
    expect(code).toBe(2);
    expect(errors).toContain('a.ts was not fixed: it is another now than was read, or no valid text');
    expect(readFileSync(join(folder, 'a.ts')).equals(bytes)).toBe(true);
  });
});

describe('check --fix-dry-run', () => {
  it('prints the diff and writes nothing; git can apply it', () => {
    const folder = temporaryFolder({ 'src/a.ts': BAD, 'src/b.ts': 'export const fine = 1;\n' });
    const { out, errors, code } = run(folder, { fixDryRun: true });
    expect(read(folder, 'src/a.ts')).toBe(BAD);
    expect(errors).toBe('normlens: would apply 3 fixes in 1 file; 0 errors and 0 warnings remain');
    expect(code).toBe(0);
    writeFileSync(join(folder, 'all.diff'), out);
    expect(spawnSync('git', ['apply', 'all.diff'], { cwd: folder }).status).toBe(0);
    expect(read(folder, 'src/a.ts')).toBe(GOOD);
  });

  it('prints nothing where there is nothing to fix', () => {
    expect(run(temporaryFolder({ 'a.ts': GOOD }), { fixDryRun: true }).out).toBe('');
  });
});

describe('fixing again and again', () => {
  /** An analyzer that finds each match of a pattern, and mends it; `(((` is a syntax error. */
  const replacing =
    (pattern: RegExp, mend: (match: string) => string): CreateAnalyzer =>
    (files) => {
      const texts = new Map<string, string>();
      const analyze = (path: string) => {
        const text = texts.get(path) ?? files.read(path) ?? '';
        texts.set(path, text);
        const findings = [...text.matchAll(pattern)].map(({ 0: match, index }): Finding => {
          const at = { file: path, start: index, end: index + match.length };
          return {
            ruleId: 'NL101',
            ruleName: 'bn-axis-not-last',
            severity: 'warning',
            at,
            message: 'bad',
            advice: 'mend',
            facts: {},
            related: [],
            fixes: [{ title: 'Mend', safe: true, edits: [{ at, text: mend(match) }] }],
          };
        });
        const broken = [...text.matchAll(/\(\(\(/g)].map(({ index }) => ({
          at: { file: path, start: index, end: index + 3 },
          message: 'unexpected (',
        }));
        return { path, findings, suppressed: [], models: [], calls: [], reasons: [], problems: broken };
      };
      return {
        change: (path) => texts.delete(path),
        analyze,
        analyzeAll: (paths) => paths.map(analyze),
        explain: () => undefined,
        explainBetween: () => [],
        suppression: () => ({ title: '', safe: true, edits: [] }),
      };
    };

  it('goes on while a fix brings another finding to light', () => {
    const folder = temporaryFolder({ 'a.ts': 'x5;\n' });
    const countDown = replacing(/x[1-9]/g, (match) => `x${Number(match.slice(1)) - 1}`);
    expect(run(folder, { fix: true }, ['.'], countDown).errors).toBe('normlens: applied 5 fixes in 1 file');
    expect(read(folder, 'a.ts')).toBe('x0;\n');
  });

  it('ends after ten rounds where a fix never ends', () => {
    const folder = temporaryFolder({ 'a.ts': 'x;\n' });
    run(
      folder,
      { fix: true },
      ['.'],
      replacing(/x/g, () => 'yx'),
    );
    expect(read(folder, 'a.ts')).toBe(`${'y'.repeat(10)}x;\n`);
  });

  it('lets a fix that touches another wait for the next round', () => {
    const folder = temporaryFolder({ 'a.ts': 'xx;\n' });
    expect(
      run(
        folder,
        { fix: true },
        ['.'],
        replacing(/x/g, () => 'y'),
      ).errors,
    ).toBe('normlens: applied 2 fixes in 1 file');
    expect(read(folder, 'a.ts')).toBe('yy;\n');
  });

  it('takes back what breaks the syntax, and says so', () => {
    const folder = temporaryFolder({ 'a.ts': 'x;\n', 'b.ts': 'const b = 1;\n' });
    const { errors, out } = run(
      folder,
      { fix: true },
      ['.'],
      replacing(/x/g, () => '((('),
    );
    expect(errors).toContain('normlens: a.ts was not fixed: its syntax would break');
    expect(read(folder, 'a.ts')).toBe('x;\n');
    expect(rulesIn(out)).toEqual(['NL101']);
  });
});

describe('writing a text', () => {
  it('leaves alone a file that is another by now', () => {
    const path = join(temporaryFolder({ 'a.ts': 'new\n' }), 'a.ts');
    expect(writeText(path, 'old\n', 'fixed\n')).toBe('it is another now than was read, or no valid text');
    expect(readFileSync(path, 'utf8')).toBe('new\n');
  });

  it('says what the system says', () => {
    expect(writeText(join(temporaryFolder({}), 'gone.ts'), '', 'x')).toBe('no such file or directory');
  });
});
