import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/analyzer/frontend';
import type { Finding } from '../../../src/analyzer/rules/rule';
import { suppress, suppressWith } from '../../../src/analyzer/rules/suppressions';

const PATH = '/a.ts';

/** The comments of a text: every `//` and block comment, with delimiters stripped as the front end does. */
function commentsOf(text: string) {
  return [...text.matchAll(/\/\/([^\n]*)|\/\*([\s\S]*?)\*\//g)].map((m) => ({
    text: (m[1] ?? m[2] ?? '').trim(),
    start: m.index,
    end: m.index + m[0].length,
  }));
}

/** One finding at each `BN` of the text, of this rule. */
function run(text: string, rule = { ruleId: 'NL208', ruleName: 'bn-in-gradient-penalty-critic' }) {
  const findings = [...text.matchAll(/\bBN\b/g)].map(
    ({ index }): Finding => ({
      ...rule,
      severity: 'warning',
      at: { file: PATH, start: index, end: index + 2 },
      message: 'm',
      advice: 'a',
      facts: {},
      related: [],
      fixes: [],
    }),
  );
  const line = (offset: number) => text.slice(0, offset).split('\n').length;
  const { kept, suppressed, unused } = suppress({ path: PATH, text, comments: commentsOf(text) }, findings);
  return {
    kept: kept.map((f) => line(f.at.start)),
    suppressed: suppressed.map((s) => line(s.finding.at.start)),
    reasons: suppressed.map((s) => s.reason),
    unused: unused.map((f) => line(f.at.start)),
    unusedFindings: unused,
  };
}

describe('suppressions', () => {
  it('silence the next line, and give the reason', () => {
    expect(run('// normlens-disable-next-line NL208 -- kept knowingly\nBN\nBN')).toMatchObject({
      kept: [3],
      suppressed: [2],
      reasons: ['kept knowingly'],
      unused: [],
    });
  });

  it('take the name of the rule as well as its id, several at once, and none for all', () => {
    expect(run('// normlens-disable-next-line NL301, bn-in-gradient-penalty-critic\nBN').suppressed).toEqual([2]);
    expect(run('// normlens-disable-next-line\nBN').suppressed).toEqual([2]);
    expect(run('// normlens-disable-next-line NL301\nBN').kept).toEqual([2]);
  });

  it('skip blank lines and other comments on the way to the next line, so that they stack', () => {
    expect(run('// normlens-disable-next-line NL208\n// normlens-disable-next-line NL301\n\nBN')).toMatchObject({
      suppressed: [4],
      unused: [2],
    });
  });

  it('silence their own line', () => {
    expect(run('BN // normlens-disable-line NL208\nBN')).toMatchObject({ kept: [2], suppressed: [1] });
    expect(run('/* normlens-disable-line NL208 */ BN\nBN')).toMatchObject({ kept: [2], suppressed: [1] });
  });

  it('silence a block until it is enabled again', () => {
    expect(run('BN\n// normlens-disable NL208\nBN\nBN\n// normlens-enable NL208\nBN')).toMatchObject({
      kept: [1, 6],
      suppressed: [3, 4],
      unused: [],
    });
  });

  it('leave a block of one rule open where another is enabled, and close all without a name', () => {
    expect(run('// normlens-disable NL208\n// normlens-enable NL301\nBN').suppressed).toEqual([3]);
    expect(run('// normlens-disable NL208\nBN\n// normlens-enable\nBN')).toMatchObject({ kept: [4], suppressed: [2] });
  });

  it('silence a block to the end of the file where nothing enables it', () => {
    expect(run('BN\n/* normlens-disable NL208 -- generated */\nBN\nBN')).toMatchObject({
      kept: [1],
      suppressed: [3, 4],
    });
  });

  it('silence a whole file from anywhere in it', () => {
    expect(run('BN\nBN\n// normlens-disable-file NL208 -- a port, kept as it was').suppressed).toEqual([1, 2]);
  });

  it('are reported where they silence nothing, each rule of a list for itself', () => {
    const { unused, unusedFindings } = run(
      '// normlens-disable-next-line NL208 NL301\nBN\n// normlens-disable-line NL208\n',
    );
    expect(unused).toEqual([1, 3]);
    expect(unusedFindings.map((f) => f.message)).toEqual([
      'This suppresses NL301, but there is no such finding here',
      'This suppresses NL208, but there is no such finding here',
    ]);
  });

  it('can be deleted by a fix where all of the comment is unused, with the line that it has to itself', () => {
    const text = 'a;\n  // normlens-disable-next-line NL301\nb; // normlens-disable-line\nc;';
    const applied = run(text)
      .unusedFindings.flatMap((f) => f.fixes)
      .map(({ edits: [edit] }) =>
        edit === undefined ? text : text.slice(0, edit.at.start) + edit.text + text.slice(edit.at.end),
      );
    expect(applied).toEqual([
      'a;\nb; // normlens-disable-line\nc;',
      'a;\n  // normlens-disable-next-line NL301\nb;\nc;',
    ]);
  });

  it('are left alone in comments that only speak of them', () => {
    expect(run('// see normlens-disable-next-line NL208\nBN')).toMatchObject({ kept: [2], unused: [] });
  });

  const fixed = (text: string, path = PATH): string => {
    const start = text.indexOf('BN');
    const finding = {
      ruleId: 'NL208',
      ruleName: 'r',
      severity: 'warning',
      message: '',
      advice: '',
      facts: {},
    } as const;
    const at = { file: path, start, end: start + 2 };
    const { edits } = suppressWith(text, { ...finding, at, related: [], fixes: [] }, (it) => parse(path, it).comments);
    const [edit] = edits;
    return text.slice(0, edit?.at.start) + edit?.text + text.slice(edit?.at.end);
  };

  it('are written by a fix on the line before, at its indent, and then silence the finding', () => {
    const after = fixed('function f() {\n    BN;\n}');
    expect(after).toBe('function f() {\n    // normlens-disable-next-line NL208 -- \n    BN;\n}');
    expect(run(after)).toMatchObject({ kept: [], suppressed: [3], unused: [] });
  });

  it.each([
    ['a template', 'a.ts', 'const s = `\n  ${BN}`;', 'const s = `\n  ${/* normlens-disable-line NL208 -- */ BN}`;'],
    ['JSX', 'a.tsx', '<p>\n  {BN}\n</p>;', '<p>\n  {/* normlens-disable-line NL208 -- */ BN}\n</p>;'],
    ['markup', 'a.html', '<p>\n<script>BN</script>', '<p>\n<script>/* normlens-disable-line NL208 -- */ BN</script>'],
  ])('are written right before it where the line before is text of %s', (_, path, text, expected) => {
    const after = fixed(text, path);
    expect(after).toBe(expected);
    expect(parse(path, after).comments).toHaveLength(1);
  });

  it.each([
    ['a.tsx', 'const p = <p\n  norm={\n    BN\n  }\n/>;'],
    ['a.ts', 'const s = `a`;\nBN;'],
    ['a.html', '<script>\n  BN;\n</script>'],
  ])('are written on the line before where that is code, in %s', (path, text) => {
    expect(fixed(text, path)).toMatch(/\n *\/\/ normlens-disable-next-line NL208 -- \n *BN/);
  });
});
