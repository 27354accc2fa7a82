import { describe, expect, it } from 'vitest';
import { rules } from '../../../src/analyzer/rules';
import { MESSAGE_LENGTH } from '../../../src/analyzer/rules/judge';
import type { Fix } from '../../../src/analyzer/rules/rule';
import { analyze, lineOf } from './analyze';
import type { Program } from './idioms';
import { allCases } from './programs/all';

function described(group: readonly Program[], i: number): readonly (readonly [string, Program])[] {
  return group.map((program) => [`${i + 1}, ${program.idiom}`, program] as const);
}

/** The source after the fix's edits, from the last to the first. */
function fixed(source: string, fix: Fix): string {
  return [...fix.edits]
    .sort((a, b) => b.at.start - a.at.start)
    .reduce((text, { at, text: by }) => text.slice(0, at.start) + by + text.slice(at.end), source);
}

/** Rules whose finding the fix need not remove: what is left is another place or another size of the same mistake. */
const PARTIAL = new Set(['NL201']);

/** What a fix may bring: the weights that another line sets fit no longer, as its title says. */
const BROUGHT = new Set(['NL301 NL020']);

describe.each(allCases)('$rule', ({ rule, incorrect, correct }) => {
  it.each(incorrect.flatMap(described))('fires in the incorrect program %s', (_, program) => {
    const { findings, line, source } = analyze(program);
    // A refusal stands where the layer is applied; where the layer was made is related.
    const places = findings
      .filter((f) => f.ruleId === rule)
      .flatMap((f) => [f.at, ...(rule.startsWith('NL0') ? f.related.map((r) => r.at) : [])])
      .map((at) => lineOf(source, at.start));
    expect(line === undefined ? places.slice(0, 1) : places, source).toContain(line ?? places[0] ?? rule);
  });

  it.each(incorrect.flatMap(described))(
    'says it within one line, with advice, in the incorrect program %s',
    (_, program) => {
      for (const { message, advice, fixes } of analyze(program).findings) {
        expect(message.length).toBeLessThanOrEqual(MESSAGE_LENGTH);
        expect(message).not.toMatch(/…$|\[object|\b(NaN|undefined)\b (values|steps|samples|%|×|of)/);
        expect(advice).toMatch(/^[\s\S]{40,}[.)”`]$/);
        // What a fix changes that is not safe stands at the end of its title.
        for (const { title, safe } of fixes) if (!safe) expect(title).toMatch(/\(.+\)$/);
      }
    },
  );

  it.each(incorrect.flatMap(described))(
    'is gone after its fix, which brings no other and leaves a program that parses, in the incorrect program %s',
    (_, program) => {
      const { findings, source } = analyze(program);
      const count = findings.filter((f) => f.ruleId === rule).length;
      for (const fix of findings.filter((f) => f.ruleId === rule).flatMap((f) => f.fixes)) {
        const after = analyze({ ...program, source: fixed(source, fix) });
        expect(after.analysis.problems, fixed(source, fix)).toEqual([]);
        const left = after.findings.filter((f) => f.ruleId === rule).length;
        if (!PARTIAL.has(rule)) expect(left, `${fix.title}\n${fixed(source, fix)}`).toBeLessThan(count);
        const before = new Set(findings.map((f) => f.ruleId));
        const brought = after.findings
          .filter((f) => f.severity === 'error' || f.severity === 'warning')
          .filter((f) => !before.has(f.ruleId) && !BROUGHT.has(`${rule} ${f.ruleId}`));
        expect(
          brought.map((f) => f.message),
          `${fix.title}\n${fixed(source, fix)}`,
        ).toEqual([]);
      }
    },
  );

  it.each(correct.flatMap(described))('is silent in the correct program %s', (_, program) => {
    const { findings, source } = analyze(program);
    expect(
      findings.filter((f) => f.ruleId === rule || f.severity === 'error').map((f) => `${f.ruleId} ${f.message}`),
      source,
    ).toEqual([]);
  });
});

it('has ten incorrect and ten correct programs or more for every rule', () => {
  const sum = (rule: string, of: 'incorrect' | 'correct'): number =>
    allCases.filter((cases) => cases.rule === rule).reduce((n, cases) => n + cases[of].flat().length, 0);
  // NL306 is off by default, NL901 is the suppressions': both have tests of their own.
  const ids = rules.map(({ id }) => id).filter((id) => id !== 'NL306' && id !== 'NL901');
  expect(ids.filter((id) => sum(id, 'incorrect') < 10 || sum(id, 'correct') < 10)).toEqual([]);
});
