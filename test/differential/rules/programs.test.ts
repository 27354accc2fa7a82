/**
 * The programs of the rules in the real TensorFlow.js: the correct ones run, those with a shape error throw, and those that
 * a fix has mended run. Programs that train for long are left to the unit suite.
 */
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import type { Fix } from '../../../src/analyzer/rules/rule';
import { freshTfjs } from '../../tools/loadTfjs';
import { analyze } from '../../unit/rules/analyze';
import type { Program } from '../../unit/rules/idioms';
import { allCases } from '../../unit/rules/programs/all';
import { shapeCases } from '../../unit/rules/programs/shapes';

/** What a few seconds do not suffice for. */
const LONG = /model\.fit\((?!tf\.ones)|epoch < 20|WebGL|'webgl'|'wasm'/;
/** Stands for parts of a program that are not there. */
const PARTIAL = /\b(average|merge|sum)\((sums|total|all)/;

const runnable = (group: readonly Program[]): readonly Program[] =>
  group.filter(({ source }) => !LONG.test(source) && !PARTIAL.test(source));

/** Runs the text as the body of one async function, with every promise of its top level awaited; gives the error it ends in. */
async function errorOf(program: Program, source: string): Promise<string | undefined> {
  const tf = await freshTfjs();
  const body = source
    .replace(/^import \* as tf from .*$|^const tf = require.*$/gm, '')
    .replace(/^import (\{.*\}) from .*$/gm, 'const $1 = tf;')
    .replace(/^export default (?=\w+;)/gm, '')
    .replace(/^export /gm, '')
    .replace(/^(?=main\(\);|\(async )/gm, 'await ');
  const loader = program.file.endsWith('.ts') ? 'ts' : 'js';
  const { code } = await transform(`globalThis.program = async (tf) => {\n${body}\n};`, { loader });
  const scope: { program?: (tf: unknown) => Promise<void> } = {};
  new Function('globalThis', code)(scope);
  try {
    await scope.program?.(tf);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function fixed(source: string, fix: Fix): string {
  return [...fix.edits]
    .sort((a, b) => b.at.start - a.at.start)
    .reduce((text, { at, text: by }) => text.slice(0, at.start) + by + text.slice(at.end), source);
}

describe.each(allCases.filter((cases) => cases.correct.some((group) => runnable(group).length > 0)))(
  '$rule, correct programs',
  ({ correct }) => {
    it('run', async () => {
      for (const program of correct.flatMap(runnable)) {
        const { source } = analyze(program);
        expect(await errorOf(program, source), source).toBeUndefined();
      }
    });
  },
);

describe.each(shapeCases)('$rule, incorrect programs', ({ incorrect }) => {
  it('throw', async () => {
    for (const program of incorrect.flatMap(runnable)) {
      const { source } = analyze(program);
      expect(await errorOf(program, source), source).toBeDefined();
    }
  });
});

const mended = allCases.flatMap(({ rule, incorrect }) => {
  const fixes = incorrect.flatMap(runnable).flatMap((program) => {
    const { findings, source } = analyze(program);
    return findings.filter((f) => f.ruleId === rule).flatMap((f) => f.fixes.map((fix) => ({ program, source, fix })));
  });
  return fixes.length === 0 ? [] : [{ rule, fixes }];
});

describe.each(mended)('$rule, programs that a fix has mended', ({ fixes }) => {
  it('run', async () => {
    for (const { program, source, fix } of fixes) {
      const after = fixed(source, fix);
      expect(await errorOf(program, after), `${fix.title}\n${after}`).toBeUndefined();
    }
  });
});
