import { describe, expect, it } from 'vitest';
import { rules } from '../../../src/analyzer/rules';
import { judge, MESSAGE_LENGTH } from '../../../src/analyzer/rules/judge';
import type { Rule, RuleFinding } from '../../../src/analyzer/rules/rule';
import { shapeErrorRows } from '../../../src/analyzer/rules/shapeErrors';
import type { RefusalCode } from '../../../src/analyzer/trace/facts';
import { Builder } from './builders';

const place = (start: number, end = start + 1, file = '/a.ts') => ({ file, start, end });

function rule(id: string, findings: readonly Partial<RuleFinding>[], more: Partial<Rule> = {}): Rule {
  return {
    id,
    name: `rule-${id}`,
    severity: 'warning',
    summary: 'a rule of the test',
    check: (_, report) => findings.forEach((f) => void report({ at: place(0), message: 'm', advice: 'a', ...f })),
    ...more,
  };
}

const empty = new Builder().trace;

describe('the catalogue', () => {
  it('has one rule an id and a name, in the order of ids', () => {
    const ids = rules.map((r) => r.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(rules.map((r) => r.name)).size).toBe(ids.length);
    expect([...ids].sort()).toEqual(ids);
  });

  it('names rules in kebab case with ids of their tier and says what is wrong in one line', () => {
    for (const { id, name, summary } of rules) {
      expect(id).toMatch(/^NL[0-39]\d\d$/);
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(summary.length, summary).toBeLessThanOrEqual(140);
    }
  });

  it('has a row for each kind of refusal, with an id of its own', () => {
    const ids = Object.values(shapeErrorRows).map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain(shapeErrorRows['rank' satisfies RefusalCode].id);
  });
});

describe('judge', () => {
  it('orders findings by file, place and id', () => {
    const findings = judge([empty], {}, [
      rule('NL202', [{ at: place(9) }, { at: place(3, 9, '/b.ts') }]),
      rule('NL201', [{ at: place(9) }, { at: place(2) }]),
    ]);
    expect(findings.map((f) => [f.at.file, f.at.start, f.ruleId])).toEqual([
      ['/a.ts', 2, 'NL201'],
      ['/a.ts', 9, 'NL201'],
      ['/a.ts', 9, 'NL202'],
      ['/b.ts', 3, 'NL202'],
    ]);
  });

  it('keeps one finding of a rule at a place, from several evaluations too, and the severest of them', () => {
    const twice = rule('NL201', [{ severity: 'information' }, { severity: 'error', message: 'worst' }]);
    expect(judge([empty, empty], {}, [twice])).toMatchObject([{ severity: 'error', message: 'worst' }]);
  });

  it('takes severities from settings by id, then by name, then from the finding, then from the rule', () => {
    const severity = (settings: Parameters<typeof judge>[1], own?: 'hint') =>
      judge([empty], settings, [rule('NL201', [own === undefined ? {} : { severity: own }])])[0]?.severity;
    expect(severity({ NL201: 'error', 'rule-NL201': 'information' })).toBe('error');
    expect(severity({ 'rule-NL201': 'information' }, 'hint')).toBe('information');
    expect(severity({}, 'hint')).toBe('hint');
    expect(severity({})).toBe('warning');
  });

  it('reports nothing of a rule that is off, nor of a rule that would have given way to it', () => {
    const both = [rule('NL101', [{}]), rule('NL016', [{}])];
    expect(judge([empty], {}, both).map(({ ruleId }) => ruleId)).toEqual(['NL101']);
    expect(judge([empty], { NL101: 'off' }, both)).toEqual([]);
  });

  it('does not run a rule that is off by itself', () => {
    const never = rule('NL201', [], {
      check() {
        throw new Error('ran');
      },
    });
    expect(judge([empty], {}, [{ ...never, off: true }])).toEqual([]);
    expect(judge([empty], { NL201: 'hint' }, [{ ...rule('NL201', [{}]), off: true }])).toHaveLength(1);
  });

  it('cuts a message that would not fit the Problems list', () => {
    const [finding] = judge([empty], {}, [rule('NL201', [{ message: 'x'.repeat(300) }])]);
    expect(finding?.message).toHaveLength(MESSAGE_LENGTH);
  });

  it('lets the rule that knows why stand for the refusal of the same layer, and only of that', () => {
    const b = new Builder();
    const [one, other] = [b.layer('batchNormalization'), b.layer('dense')];
    const findings = judge([empty], {}, [
      rule('NL014', [
        { at: place(1), about: one },
        { at: place(2), about: other },
      ]),
      rule('NL103', [{ at: place(5), about: one }]),
    ]);
    expect(findings.map((f) => `${f.ruleId}@${f.at.start}`)).toEqual(['NL014@2', 'NL103@5']);
  });

  it('lets the rule that knows why stand for the refusal of the same op, known by its place', () => {
    const b = new Builder('x.sub(mean).mul(other)');
    const op = b.op('sub', {}, [], {}, 'x.sub(mean)');
    const refusal = (words: string) => rule('NL002', [{ at: b.at(words) }]);
    const why = rule('NL111', [{ at: op.at, about: op }]);
    expect(judge([empty], {}, [refusal('x.sub(mean)'), why]).map((f) => f.ruleId)).toEqual(['NL111']);
    expect(judge([empty], {}, [refusal('x.sub(mean).mul(other)'), why]).map((f) => f.ruleId)).toEqual([
      'NL111',
      'NL002',
    ]);
  });
});
