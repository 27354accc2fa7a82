import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv from 'ajv';
import type { Log, Result } from 'sarif';
import { describe, expect, it } from 'vitest';
import { parseStringPromise } from 'xml2js';
import { createAnalyzer } from '../../../src/analyzer';
import { rules } from '../../../src/analyzer/rules';
import { check } from '../../../src/cli/check';
import type { ReporterName } from '../../../src/cli/reporters';
import { fakeAnalyzer, type Planted } from './fakeAnalyzer';
import { temporaryFolder } from './temporaryFolder';
import { recordingTerminal } from './terminal';

const HEAD = "import * as tf from '@tensorflow/tfjs';\n";
const BAD = 'export const [m, v] = tf.moments(tf.zeros([4, 2]), 0);\n';
const SILENT = `// normlens-disable-next-line NL114 -- kept for the <test> & "more"\n${BAD.replace('m, v', 'n, w')}`;

function report(format: ReporterName, files: Readonly<Record<string, string>>, planted?: readonly Planted[]): string {
  const recorded = recordingTerminal(temporaryFolder(files));
  check(['.'], { format }, recorded.terminal, planted === undefined ? createAnalyzer : fakeAnalyzer(planted));
  return recorded.out();
}

const sarifOf = (files: Readonly<Record<string, string>>, planted?: readonly Planted[]) =>
  JSON.parse(report('sarif', files, planted)) as Log;
const resultsOf = (log: Log): readonly Result[] => log.runs[0]?.results ?? [];

/** The official schema, of draft 4: what differs from draft 7 is only how it names itself. */
function sarifSchema(): object {
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const { id: _, $schema, ...schema } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  expect($schema).toBe('http://json-schema.org/draft-04/schema#');
  return schema;
}

describe('the SARIF report', () => {
  const isUri = (text: string) => URL.canParse(text);
  const isReference = (text: string) => URL.canParse(text, 'file:///base/');
  const isTime = (text: string) => !Number.isNaN(Date.parse(text));
  const ajv = new Ajv({
    strict: false,
    unicodeRegExp: false,
    formats: { uri: isUri, 'uri-reference': isReference, 'date-time': isTime },
  });
  const validate = ajv.compile(sarifSchema());

  const everything = {
    'src/a b.ts': HEAD + BAD + SILENT,
    'src/fix.ts': `${HEAD}export const one = tf.layers.batchNormalization({ affine: true, momentum: 0.1 });\n`,
    'binary.js': '\0\0',
    'ä.ts': 'export const one = 1;\n',
  };

  it.each([
    ['findings, fixes, suppressions and files that cannot be read', everything],
    ['clean code', { 'a.ts': 'export const one = 1;\n' }],
    ['nothing', { 'notes.txt': '' }],
  ])('is valid by the official schema, with %s', (_, files) => {
    validate(sarifOf(files));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('would not be valid without its results’ messages: the schema is really asked', () => {
    const log = sarifOf(everything);
    for (const result of resultsOf(log)) Reflect.deleteProperty(result, 'message');
    expect(validate(log)).toBe(false);
  });

  it('declares every rule with its page, also where nothing is found', () => {
    const log = sarifOf({ 'a.ts': 'export const one = 1;\n' });
    const declared = log.runs[0]?.tool.driver.rules ?? [];
    expect(declared.map(({ id, name }) => ({ id, name }))).toEqual(rules.map(({ id, name }) => ({ id, name })));
    for (const { helpUri, name } of declared)
      expect(helpUri).toMatch(new RegExp(`^https://.*/docs/rules/${name}\\.md$`));
    expect(log.runs).toHaveLength(1);
    expect(resultsOf(log)).toEqual([]);
  });

  it('points from each result to its rule, its place and its fix', () => {
    const log = sarifOf({ 'src/a b.ts': HEAD + BAD });
    const [result] = resultsOf(log);
    expect(result).toMatchObject({ ruleId: 'NL114', level: 'error' });
    expect(log.runs[0]?.tool.driver.rules?.[result?.ruleIndex ?? -1]?.id).toBe('NL114');
    const location = result?.locations?.[0]?.physicalLocation;
    expect(location?.artifactLocation).toEqual({ uri: 'src/a%20b.ts', uriBaseId: 'SRCROOT' });
    expect(location?.region).toMatchObject({ startLine: 2 });
    const replacement = result?.fixes?.[0]?.artifactChanges[0]?.replacements[0];
    expect(replacement?.insertedContent?.text).toContain('mean');
  });

  it('keeps what a comment silences, with its reason, and says of every result whether it is', () => {
    const results = resultsOf(sarifOf({ 'a.ts': HEAD + BAD + SILENT }));
    expect(results.map(({ suppressions }) => suppressions)).toEqual([
      [],
      [{ kind: 'inSource', justification: 'kept for the <test> & "more"' }],
    ]);
  });

  describe('has fingerprints that', () => {
    const prints = (text: string, name = 'a.ts') =>
      resultsOf(sarifOf({ [name]: text })).map(({ partialFingerprints }) => partialFingerprints?.['normlens/v1']);
    const two = HEAD + BAD + BAD.replace('m, v', 'p, q');

    it('stay when lines are added above and the line is indented', () => {
      expect(prints(`// one\n// two\n${HEAD}\n\n${BAD.replace('export', '    export')}`)).toEqual(prints(HEAD + BAD));
    });

    it('stay when another finding is silenced', () => {
      const silenced = two.replace('export const [m', '// normlens-disable-next-line\nexport const [m');
      expect(new Set(prints(silenced))).toEqual(new Set(prints(two)));
    });

    it('tell two findings of one text apart, and two files', () => {
      const same = `${HEAD}export function a(x: tf.Tensor2D) {\n  const [m, v] = tf.moments(x, 0);\n  return [m, v];\n}\nexport function b(x: tf.Tensor2D) {\n  const [m, v] = tf.moments(x, 0);\n  return [m, v];\n}\n`;
      expect(new Set(prints(same)).size).toBe(2);
      expect(prints(HEAD + BAD, 'b.ts')).not.toEqual(prints(HEAD + BAD));
    });
  });
});

/** What each kind of finding looks like, with characters that XML must not see. */
const PLANTED: readonly Planted[] = [
  { words: 'error <&">', severity: 'error' },
  { words: 'warning', severity: 'warning' },
  { words: 'hint', severity: 'hint' },
];
const FILES = { 'src/"bad".ts': '// error <&">\n  // warning\n// hint\n', 'good.ts': '// fine\n' };

interface Node {
  readonly $: Readonly<Record<string, string>>;
  readonly _?: string;
  readonly [child: string]: readonly Node[] | unknown;
}
const parsed = async (text: string): Promise<Record<string, Node>> =>
  (await parseStringPromise(text, { strict: true })) as Record<string, Node>;
const list = (node: Node | undefined, name: string) => (node?.[name] ?? []) as readonly Node[];

describe('the Checkstyle report', () => {
  it('has every file, and its findings with place, severity and rule', async () => {
    const { checkstyle } = await parsed(report('checkstyle', FILES, PLANTED));
    const files = list(checkstyle, 'file');
    expect(files.map(({ $ }) => $.name)).toEqual(['good.ts', 'src/"bad".ts']);
    expect(list(files[0], 'error')).toEqual([]);
    expect(list(files[1], 'error').map(({ $ }) => $)).toMatchObject([
      { line: '1', column: '4', severity: 'error', source: 'normlens.bn-axis-not-last' },
      { line: '2', column: '6', severity: 'warning' },
      { line: '3', column: '4', severity: 'info' },
    ]);
    expect(list(files[1], 'error')[0]?.$.message).toBe(
      'batchNormalization keeps axis 1 of rank 4: 26, not the 8 channels. (NL101 bn-axis-not-last)',
    );
  });

  it('has no character that XML forbids, such as a control character in a file’s name', async () => {
    const text = report('checkstyle', { 'a\u0001b.ts': 'x' });
    expect(text).toContain('<file name="ab.ts"/>');
  });

  it('of nothing is a document', async () => {
    expect((await parsed(report('checkstyle', { 'notes.txt': '' }))).checkstyle?.$).toEqual({ version: '4.3' });
  });
});

describe('the JUnit report', () => {
  it('fails for errors and warnings, passes for hints and for files without findings', async () => {
    const { testsuites } = await parsed(report('junit', FILES, PLANTED));
    expect(testsuites?.$).toEqual({
      name: 'normlens',
      tests: '4',
      failures: '2',
      errors: '0',
      skipped: '0',
      time: '0',
    });
    const [good, bad] = list(testsuites, 'testsuite');
    expect(good?.$).toMatchObject({ name: 'good.ts', tests: '1', failures: '0' });
    expect(list(good, 'testcase')[0]?.$).toMatchObject({ name: 'no findings', classname: 'good.ts' });
    const cases = list(bad, 'testcase');
    expect(cases.map(({ $ }) => $.name)).toEqual([
      'NL101 bn-axis-not-last at 1:4',
      'NL101 bn-axis-not-last at 2:6',
      'NL101 bn-axis-not-last at 3:4',
    ]);
    expect(cases.map((one) => list(one, 'failure')[0]?.$.type)).toEqual(['error', 'warning', undefined]);
    expect(list(cases[0], 'failure')[0]?._).toMatch(/^src\/"bad"\.ts:1:4\nbatchNormalization keeps axis 1/);
    expect(list(cases[2], 'system-out')[0]).toContain('batchNormalization keeps axis 1');
  });

  it('skips what a comment silences, for its reason', async () => {
    const { testsuites } = await parsed(report('junit', { 'a.ts': HEAD + SILENT }));
    expect(testsuites?.$).toMatchObject({ tests: '1', failures: '0', skipped: '1' });
    const [testcase] = list(list(testsuites, 'testsuite')[0], 'testcase');
    expect(list(testcase, 'skipped')[0]?.$.message).toBe('kept for the <test> & "more"');
  });
});

describe('the GitHub report', () => {
  it('says nothing of clean code', () => {
    expect(report('github', { 'a.ts': 'export const one = 1;\n' })).toBe('');
  });

  it('escapes what would end a property or the line', () => {
    expect(report('github', { 'a,b:100%.ts': 'x' }, [{ words: 'x', severity: 'hint' }])).toMatch(
      /^::notice file=a%2Cb%3A100%25\.ts,line=1,endLine=1,col=1,endColumn=1,title=NL101 bn-axis-not-last::[^\n]+%0A[^\n]+\n$/,
    );
  });
});
