import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rules } from '../../../src/analyzer/rules';
import { readQuery } from '../../../src/shared/playground';
import {
  analyzePage,
  type Block,
  FOLDER,
  fixed,
  indexPage,
  pageNames,
  type RulePage,
  readPage,
  SECTIONS,
  withGenerated,
} from '../../tools/rulePages';

const names = new Set(pageNames());
const pages = rules.filter(({ name }) => names.has(name)).map(readPage);
const byName = pages.map((page): [string, RulePage] => [page.rule.name, page]);
const of = (...uses: Block['use'][]): [string, RulePage, Block][] =>
  pages.flatMap((page) =>
    page.blocks
      .filter((block) => uses.includes(block.use))
      .map((block): [string, RulePage, Block] => [`${page.path}:${block.line}`, page, block]),
  );
const LOUD = new Set(['error', 'warning']);

describe('the pages of the rules', () => {
  it('are one for every rule, and there is no other', () => {
    expect([...names].sort()).toEqual(rules.map(({ name }) => name).sort());
  });

  it('are listed in an index that the code writes: `npm run readme`', () => {
    expect(readFileSync(`${FOLDER}/README.md`, 'utf8')).toBe(indexPage());
  });

  it.each(byName)('%s follows the template, and its generated parts are those of the code', (_, page) => {
    expect(page.sections).toEqual(SECTIONS);
    for (const marker of ['rule', 'fixes']) expect(page.text.split(`<!-- ${marker} -->`)).toHaveLength(2);
    const incorrect = page.blocks.filter(({ use }) => use === 'incorrect').length;
    expect(page.text.split('<!-- said -->')).toHaveLength(incorrect + 1);
    expect(page.text).toBe(withGenerated(page));
  });

  it.each(byName)('%s has incorrect and correct programs', (_, { blocks }) => {
    for (const use of ['incorrect', 'correct']) expect(blocks.filter((b) => b.use === use)).not.toEqual([]);
  });

  it.each(byName)('%s names settings of the playground that it knows', (_, { text }) => {
    for (const [, query = ''] of text.matchAll(/`#([\w=&.,-]+)`/g)) {
      const { change, refused } = readQuery(query);
      expect(refused, query).toEqual([]);
      expect(change.scene, query).toBeDefined();
    }
  });
});

describe('the programs of the rule pages', () => {
  it.each(of('incorrect'))('%s, incorrect, fires its rule and no other', (_, { rule }, { path, code, severity }) => {
    const { findings, problems } = analyzePage(rule, path, code);
    expect(problems).toEqual([]);
    const own = findings.filter(({ ruleId }) => ruleId === rule.id);
    expect(own.map((finding) => finding.severity)).toContain(severity);
    expect([...new Set(own.map((finding) => finding.severity))]).toEqual([severity]);
    expect(new Set(own.map(({ at }) => at.start)).size, 'findings at one place').toBe(own.length);
    const others = findings.filter((f) => f.ruleId !== rule.id && LOUD.has(f.severity));
    expect(others.map(({ ruleId, message }) => `${ruleId} ${message}`)).toEqual([]);
  });

  it.each(of('incorrect').filter(([, { rule }]) => rule.id < 'NL1'))(
    '%s, incorrect, is explained with words that TensorFlow.js throws',
    (_, { rule }, { path, code, throws }) => {
      const own = analyzePage(rule, path, code).findings.filter(({ ruleId }) => ruleId === rule.id);
      const quotes = own.map(({ advice }) => /“([^”]+)”/.exec(advice)?.[1]).filter((words) => words !== undefined);
      expect(quotes.filter((words) => throws?.includes(words) !== true)).toEqual([]);
    },
  );

  it.each(of('correct', 'measured'))('%s is silent', (_, { rule }, { path, code, use }) => {
    const { findings, problems } = analyzePage(rule, path, code);
    expect(problems).toEqual([]);
    const wrong = findings.filter((f) => use === 'correct' && (LOUD.has(f.severity) || f.ruleId === rule.id));
    expect(wrong.map(({ ruleId, message }) => `${ruleId} ${message}`)).toEqual([]);
  });

  it.each(of('incorrect'))('%s, incorrect, has no such finding after its fix', (_, { rule }, { path, code }) => {
    const own = (text: string) => analyzePage(rule, path, text).findings.filter(({ ruleId }) => ruleId === rule.id);
    for (const fix of own(code).flatMap(({ fixes }) => fixes)) {
      const after = fixed(code, fix);
      expect(analyzePage(rule, path, after).problems, after).toEqual([]);
      expect(own(after).length, after).toBeLessThan(own(code).length);
    }
  });
});
