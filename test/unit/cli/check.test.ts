import { describe, expect, it } from 'vitest';
import { type CheckOptions, check } from '../../../src/cli/check';
import type { CheckReport } from '../../../src/cli/contract';
import { fakeAnalyzer, type Planted } from './fakeAnalyzer';
import { temporaryFolder } from './temporaryFolder';
import { recordingTerminal } from './terminal';

const FILES = { 'src/bad.ts': 'const a = 1;\nbn({ axis: 1 });\n', 'src/good.ts': 'const b = 2;\n' };

function run(planted: readonly Planted[], options: Partial<CheckOptions> = {}, files: Record<string, string> = FILES) {
  const recorded = recordingTerminal(temporaryFolder(files));
  const code = check(['.'], { format: 'pretty', ...options }, recorded.terminal, fakeAnalyzer(planted));
  return { code, out: recorded.out(), errors: recorded.errors(), cwd: recorded.terminal.cwd };
}

const ERROR: Planted = { words: 'axis: 1', severity: 'error' };
const WARNING: Planted = { words: 'axis: 1', severity: 'warning' };

describe('the exit code', () => {
  it.each([
    ['0 without findings', [], {}, 0],
    ['1 for an error', [ERROR], {}, 1],
    ['0 for a warning', [WARNING], {}, 0],
    ['0 for as many warnings as allowed', [WARNING], { maxWarnings: 1 }, 0],
    ['1 for more warnings than allowed', [WARNING], { maxWarnings: 0 }, 1],
    ['0 for anything where that was asked', [ERROR], { exitZero: true }, 0],
    ['0 for a hint, however few warnings are allowed', [{ words: 'axis: 1', severity: 'hint' }], { maxWarnings: 0 }, 0],
  ] as const)('is %s', (_, planted, options, code) => {
    expect(run(planted, options).code).toBe(code);
  });
});

describe('where Normlens itself fails', () => {
  const FAILED = 'src/good.ts:1:7: Normlens failed here: TypeError: planted';

  function fail(options: Partial<CheckOptions>) {
    const recorded = recordingTerminal(temporaryFolder(FILES));
    const code = check(['.'], { format: 'pretty', ...options }, recorded.terminal, fakeAnalyzer([ERROR], 'b ='));
    return { code, out: recorded.out(), errors: recorded.errors() };
  }

  it('the rest is reported, the place is told with the way there, and the exit code is 2', () => {
    const { code, out, errors } = fail({});
    expect(code).toBe(2);
    expect(out).toContain('1 error in 2 files');
    expect(errors).toBe(
      `normlens: ${FAILED}\n    at nowhere\nnormlens: the rest was checked. Please report this: it is a defect of Normlens`,
    );
  });

  it('no option makes it 0', () => {
    expect(fail({ exitZero: true }).code).toBe(2);
  });

  it('SARIF says that the run was not successful, and where', () => {
    const { invocations } = JSON.parse(fail({ format: 'sarif' }).out).runs[0];
    expect(invocations).toMatchObject([
      { executionSuccessful: false, toolExecutionNotifications: [{ level: 'error', message: { text: FAILED } }] },
    ]);
  });
});

describe('the pretty report', () => {
  it('shows place, rule, message, source line, squiggle, reason, related places and fix', () => {
    expect(run([ERROR]).out).toBe(`src/bad.ts:2:6  error  NL101 bn-axis-not-last
  batchNormalization keeps axis 1 of rank 4: 26, not the 8 channels.
  2 │ bn({ axis: 1 });
    │      ~~~~~~~
  why     The axis option names the axis that keeps its own mean and variance.
  see     src/bad.ts:1:1 the input comes from here
  fix     Use axis -1

1 error in 2 files
`);
  });

  it('says so where there is nothing', () => {
    expect(run([]).out).toBe('No findings in 2 files\n');
  });

  it('names the files that were not checked, and why', () => {
    const { out, code } = run([], {}, { 'a.ts': '\0\0binary', 'b.ts': '' });
    expect(out).toBe('a.ts was not checked: not a text file\nNo findings in 1 file\n');
    expect(code).toBe(0);
  });

  it('has no escape codes without colours, and has them with', () => {
    const recorded = recordingTerminal(temporaryFolder(FILES), { colors: true });
    check(['.'], { format: 'pretty' }, recorded.terminal, fakeAnalyzer([ERROR]));
    expect(recorded.out()).toContain('\u001b[31m');
    expect(run([ERROR]).out).not.toContain('\u001b');
  });

  it('speaks up where a directory holds nothing to check', () => {
    const { errors, code } = run([], {}, { 'notes.txt': '' });
    expect(errors).toBe('normlens: no JavaScript or TypeScript files in . that git does not ignore');
    expect(code).toBe(0);
  });
});

describe('the JSON report', () => {
  it('is the contract: one-based lines and columns, exclusive ends, relative files', () => {
    const report = JSON.parse(run([ERROR], { format: 'json' }).out) as CheckReport;
    const range = { start: { line: 2, column: 6 }, end: { line: 2, column: 13 } };
    expect(report).toEqual({
      version: 1,
      findings: [
        {
          ruleId: 'NL101',
          ruleName: 'bn-axis-not-last',
          severity: 'error',
          file: 'src/bad.ts',
          range,
          message: 'batchNormalization keeps axis 1 of rank 4: 26, not the 8 channels.',
          advice: 'The axis option names the axis that keeps its own mean and variance.',
          facts: { axis: 1, rank: 4 },
          related: [
            {
              file: 'src/bad.ts',
              range: { start: { line: 1, column: 1 }, end: { line: 1, column: 2 } },
              message: 'the input comes from here',
            },
          ],
          fixes: [{ title: 'Use axis -1', safe: true, edits: [{ file: 'src/bad.ts', range, text: 'axis: -1' }] }],
        },
      ],
      summary: { files: 2, errors: 1, warnings: 0, information: 0, hints: 0, skipped: [] },
    });
  });
});

describe('the GitHub report', () => {
  it('is one annotation a finding, with what would end a property escaped', () => {
    expect(run([WARNING], { format: 'github' }).out).toBe(
      '::warning file=src/bad.ts,line=2,endLine=2,col=6,endColumn=12,title=NL101 bn-axis-not-last::' +
        'batchNormalization keeps axis 1 of rank 4: 26, not the 8 channels.%0A' +
        'The axis option names the axis that keeps its own mean and variance.\n',
    );
  });
});
