import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Edit } from '../../../src/analyzer/rules/edits';
import { applyEdits, editsByFile, safeFixes } from '../../../src/analyzer/rules/fixes';
import type { Finding, Fix } from '../../../src/analyzer/rules/rule';
import { analyze } from './analyze';
import type { Cases } from './programs/cases';
import { layerCases } from './programs/layers';
import { memberCases } from './programs/members';
import { opCases } from './programs/ops';
import { shapeCases } from './programs/shapes';
import { trainingCases } from './programs/training';

const edit = (start: number, end: number, text: string, file = '/a.ts'): Edit => ({ at: { file, start, end }, text });
const fix = (edits: readonly Edit[], safe = true): Fix => ({ title: 'Mend', safe, edits });
const finding = (...fixes: readonly Fix[]): Finding => ({
  ruleId: 'NL101',
  ruleName: 'bn-axis-not-last',
  severity: 'error',
  at: { file: '/a.ts', start: 0, end: 1 },
  message: '',
  advice: '',
  facts: {},
  related: [],
  fixes,
});

describe('the fixes that are applied together', () => {
  const chosen = (...findings: readonly Finding[]) => safeFixes(findings, (file) => file === '/a.ts');

  it('are the first safe one of each finding', () => {
    const [unsafe, first, second] = [fix([edit(0, 1, 'x')], false), fix([edit(2, 3, 'y')]), fix([edit(4, 5, 'z')])];
    expect(chosen(finding(unsafe, first, second), finding(unsafe))).toEqual([first]);
  });

  it('do not touch each other, not even at their ends', () => {
    const fixes = [fix([edit(0, 2, '')]), fix([edit(2, 3, '')]), fix([edit(3, 4, '')]), fix([edit(9, 9, 'x')])];
    expect(chosen(...fixes.map((one) => finding(one)))).toEqual([fixes[0], fixes[2], fixes[3]]);
  });

  it('edit only files that may be edited', () => {
    expect(chosen(finding(fix([edit(0, 1, ''), edit(0, 1, '', '/b.ts')])))).toEqual([]);
  });
});

describe('edits of a text', () => {
  it('are all in the offsets of the text before', () => {
    expect(applyEdits('abcdef', [edit(4, 5, ''), edit(0, 1, 'xyz'), edit(2, 2, '-')])).toBe('xyzb-cdf');
  });

  it('at one offset keep their order', () => {
    expect(applyEdits('ab', [edit(1, 1, '1'), edit(1, 1, '2')])).toBe('a12b');
  });

  it.each([
    ['a\r\nb\r\nc', 'x\r\n'],
    ['a\nb\nc', 'x\n'],
    ['a\r\nb\nc\nd', 'x\n'],
    ['a', 'x\n'],
  ])('end their lines as most lines of %j do', (text, expected) => {
    expect(applyEdits(text, [edit(0, 0, 'x\n')])).toBe(expected + text);
  });

  it('replace what they name and nothing else', () => {
    const cuts = fc.uniqueArray(fc.nat(20), { minLength: 2, maxLength: 10 }).map((all) => all.sort((a, b) => a - b));
    fc.assert(
      fc.property(fc.string({ minLength: 20, maxLength: 20, unit: 'grapheme-ascii' }), cuts, (text, at) => {
        const pieces = [0, ...at, text.length].slice(0, -1).map((start, i, all) => text.slice(start, all[i + 1]));
        const edits = at
          .slice(0, -1)
          .map((start, i) => edit(start, at[i + 1] ?? start, i % 2 === 0 ? '<>' : (pieces[i + 1] ?? '')));
        const expected = pieces
          .map((piece, i) => (i > 0 && i < pieces.length - 1 && i % 2 === 1 ? '<>' : piece))
          .join('');
        expect(applyEdits(text, [...edits].reverse())).toBe(expected);
      }),
    );
  });
});

const all: readonly Cases[] = [...layerCases, ...opCases, ...trainingCases, ...memberCases, ...shapeCases];

describe('fixing everything', () => {
  it.each(all)('in the incorrect programs of $rule ends, and the programs parse', ({ incorrect }) => {
    for (const program of incorrect.flat()) {
      let { findings, analysis, source } = analyze(program);
      for (let round = 0; ; round += 1) {
        const [edits] = editsByFile(safeFixes(findings, (file) => file === analysis.path)).values();
        if (edits === undefined) break;
        expect(round, `it goes on and on:\n${source}`).toBeLessThan(5);
        const before = analysis.problems.length;
        ({ findings, analysis, source } = analyze({ ...program, source: applyEdits(source, edits) }));
        expect(analysis.problems.length, source).toBe(before);
      }
    }
  });
});
