/**
 * The random programs as TypeScript compiles them for older engines: classes as functions with prototypes, awaits as state
 * machines, spread and destructuring spelled out. Each runs in the real tfjs and in the analyzer.
 */
import { ts } from 'ts-morph';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { runInTfjs } from '../../tools/runInTfjs';
import { type Comparison, compare } from './compare';
import { generate } from './generator/program';

/** `PROGRAMS=5000 SEED=1000000` looks further than CI does. */
const count = Number(process.env.PROGRAMS ?? 240);
const firstSeed = Number(process.env.SEED ?? 1);

const { ES5, ES2015 } = ts.ScriptTarget;
const forms: readonly ts.CompilerOptions[] = [
  { target: ES5 },
  { target: ES5, downlevelIteration: true },
  { target: ES2015 },
];

/** Without `downlevelIteration` the compiler takes whatever is iterated over for a list, and warns where its type is none. */
const iterates = /\.(?:entries|keys|values)\(|new (?:Set|Map)\b|function\s*\*|matchAll/;

const cases: (Comparison & { readonly seed: number })[] = [];

beforeAll(async () => {
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const program = generate(seed, seed % 4 === 0);
    const form = forms[seed % forms.length];
    if (form?.target === ES5 && form.downlevelIteration !== true && iterates.test(program.text)) continue;
    const path = program.path.replace(/ts$/, 'js');
    const { outputText: text } = ts.transpileModule(program.text, {
      compilerOptions: { ...form, module: ts.ModuleKind.CommonJS, removeComments: false },
    });
    const real = await runInTfjs(text, { path });
    if ((real.error === undefined) !== (program.planted === undefined)) continue;
    const said = createAnalyzer({ read: (file) => (file === path ? text : undefined) }).analyze(path);
    cases.push({ seed, ...compare({ text, planted: undefined }, real, said) });
  }
  const sum = (of: (one: Comparison) => number): number => cases.reduce((total, one) => total + of(one), 0);
  const faults = cases.filter((one) => one.faultFound !== undefined);
  console.log(
    `${cases.length} compiled programs: ${sum((one) => one.wrong)} wrong of ${sum((one) => one.layers)} layers and ${sum((one) => one.calls)} op calls; exact: ${sum((one) => one.exact)} layers, ${sum((one) => one.exactCalls)} calls; faults found: ${faults.filter((one) => one.faultFound).length} of ${faults.length}`,
  );
}, 600_000);

const disagreements = (...kinds: readonly string[]): readonly string[] =>
  cases
    .flatMap((one) =>
      one.disagreements.filter((d) => kinds.includes(d.kind)).map((d) => `seed ${one.seed}: ${d.kind}: ${d.text}`),
    )
    .slice(0, 20);

describe('random programs compiled for older engines', () => {
  test('every shape, name and parameter count that is stated is true', () => {
    expect(disagreements('shape', 'params', 'name', 'call shape', 'crash')).toEqual([]);
  });

  test('no clean program has an error', () => {
    expect(disagreements('false error')).toEqual([]);
  });

  test('at least 98 % of the layers are known exactly, and 95 % of the faults found', () => {
    const layers = cases.reduce((n, one) => n + one.layers, 0);
    const exact = cases.reduce((n, one) => n + one.exact, 0);
    expect(exact / layers, disagreements('unknown layer').join('\n')).toBeGreaterThanOrEqual(0.98);
    const faults = cases.filter((one) => one.faultFound !== undefined);
    const found = faults.filter((one) => one.faultFound === true);
    expect(found.length / faults.length, disagreements('missed fault').join('\n')).toBeGreaterThanOrEqual(0.95);
  });
});
