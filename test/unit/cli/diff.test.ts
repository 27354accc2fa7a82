import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unifiedDiff } from '../../../src/cli/diff';
import { processorTime } from '../../tools/processorTime';
import { temporaryFolder } from './temporaryFolder';

/** What git makes of a text with a difference. */
function applied(before: string, diff: string, name = 'a.ts'): string {
  const folder = temporaryFolder({ [name]: before, 'change.diff': diff });
  const { status, stderr } = spawnSync('git', ['apply', '--whitespace=nowarn', 'change.diff'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return readFileSync(join(folder, name), 'utf8');
}

/** The lines that differ, as `diff` counts them: an oracle for the shortest difference. */
function changedLines(before: string, after: string): number {
  const folder = temporaryFolder({ 'a.ts': before, 'b.ts': after });
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--minimal', '--numstat', 'a.ts', 'b.ts'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const [added, deleted] = stdout.split('\t');
  return Number(added ?? 0) + Number(deleted ?? 0);
}

const line = fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', '  d\n');
const text = fc
  .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('', 'no end', '}'))
  .map(([lines, end]) => lines.join('') + end);

describe('a unified diff', () => {
  it('has the changed lines with three around them, and no others', () => {
    const before = Array.from({ length: 20 }, (_, i) => `line ${i + 1}\n`).join('');
    const after = before.replace('line 5\n', 'new 5\n').replace('line 16\n', '');
    expect(unifiedDiff('src/a.ts', before, after)).toBe(
      [
        '--- a/src/a.ts',
        '+++ b/src/a.ts',
        '@@ -2,7 +2,7 @@',
        ' line 2',
        ' line 3',
        ' line 4',
        '-line 5',
        '+new 5',
        ' line 6',
        ' line 7',
        ' line 8',
        '@@ -13,7 +13,6 @@',
        ' line 13',
        ' line 14',
        ' line 15',
        '-line 16',
        ' line 17',
        ' line 18',
        ' line 19',
        '',
      ].join('\n'),
    );
  });

  it('is empty where nothing differs', () => {
    expect(unifiedDiff('a.ts', 'x\n', 'x\n')).toBe('');
  });

  it('is applied by git to a file with a blank in its name', () => {
    expect(applied('x\n', unifiedDiff('a b.ts', 'x\n', 'y\n'), 'a b.ts')).toBe('y\n');
  });

  it('makes the one text of the other in git’s hands, line ends and all, in no more lines than git’s own', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = unifiedDiff('a.ts', before, after);
        if (before === after) return;
        // Git takes a diff to or from nothing for a file that comes or goes.
        if (before !== '' && after !== '') expect(applied(before, diff)).toBe(after);
        const changed = diff.split('\n').filter((one) => /^[-+](?!--|\+\+)/.test(one)).length;
        expect(changed).toBeLessThanOrEqual(changedLines(before, after));
      }),
      { numRuns: 60 },
    );
  });

  it('of a long file with few changes takes no time', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`);
    const changed = lines.map((one, i) => (i % 2000 === 0 ? 'new\n' : one));
    const { result, time } = processorTime(() => unifiedDiff('a.ts', lines.join(''), changed.join('')));
    expect(result).toContain('@@ -1,4 +1,4 @@');
    expect(time).toBeLessThan(2000);
  });
});
