import { describe, expect, it } from 'vitest';
import { rules } from '../../../src/analyzer/rules';
import { analyzePage, type Block, fixed, pageNames, type RulePage, readPage } from '../../tools/rulePages';
import { type RealRun, runInTfjs } from '../../tools/runInTfjs';

type Main = () => Promise<unknown>;

/** Runs the program to its end, with the function `train` that it may export. */
const run = (path: string, code: string): Promise<RealRun> =>
  runInTfjs(code, { path, drive: (exports) => (exports.train as Main | undefined)?.() });

const names = new Set(pageNames());
const pages = rules.filter(({ name }) => names.has(name)).map(readPage);
const of = (use: Block['use']): [string, RulePage, Block][] =>
  pages.flatMap((page) =>
    page.blocks
      .filter((block) => block.use === use)
      .map((block): [string, RulePage, Block] => [`${page.path}:${block.line}`, page, block]),
  );

describe('the programs of the rule pages in TensorFlow.js', () => {
  it.each(of('correct'))('%s, correct, runs', async (_, __, { path, code }) => {
    expect((await run(path, code)).error?.message).toBeUndefined();
  });

  it.each(of('incorrect'))('%s, incorrect, throws what the page quotes, or nothing', async (_, __, block) => {
    expect((await run(block.path, block.code)).error?.message).toBe(block.throws);
  });

  it.each(of('incorrect'))('%s, incorrect, runs after its fixes', async (_, { rule }, { path, code }) => {
    const { findings } = analyzePage(rule, path, code);
    for (const fix of findings.filter(({ ruleId }) => ruleId === rule.id).flatMap(({ fixes }) => fixes)) {
      const after = fixed(code, fix);
      expect((await run(path, after)).error?.message, after).toBeUndefined();
    }
  });

  it.each(of('measured'))('%s gives the numbers of the page', async (_, __, { path, code, result }) => {
    const { error, exports } = await run(path, code);
    expect(error?.message).toBeUndefined();
    const measured = Object.keys(exports).filter((name) => name !== 'train');
    expect([...result.keys()].sort()).toEqual(measured.sort());
    for (const [name, written] of result) {
      expect(await exports[name], name).toSatisfy((value) => rounds(value, written), `round to ${written}`);
    }
  });
});

/** Whether a number is the written one to as many digits as are written; text must be the same. */
function rounds(value: unknown, written: string): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value)) return String(value) === written;
  const [mantissa = '', exponent = '0'] = written.replace('−', '-').split('e');
  const unit = 10 ** (Number(exponent) - (mantissa.split('.')[1]?.length ?? 0));
  return Math.abs(value - Number(written.replace('−', '-'))) <= unit / 2 + Math.abs(value) * 1e-9;
}
