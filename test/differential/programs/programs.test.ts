import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { runInTfjs } from '../../tools/runInTfjs';
import { type Comparison, compare } from './compare';
import { generate, idioms, type Program } from './generator/program';

/** How many programs, and from which seed on: `PROGRAMS=20000 SEED=1000000` looks further than CI does. */
const count = Number(process.env.PROGRAMS ?? 2000);
const firstSeed = Number(process.env.SEED ?? 1);

interface Case extends Comparison {
  readonly program: Program;
}

const cases: Case[] = [];
/** Programs whose mistake tfjs did not notice: neither clean nor at fault. */
let unnoticed = 0;
/** Programs that were to be clean and were not: the generator's own mistakes. */
const notClean: string[] = [];

beforeAll(async () => {
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const program = generate(seed, seed % 2 === 0);
    const real = await runInTfjs(program.text, { path: program.path });
    if (program.planted === undefined && real.error !== undefined) {
      notClean.push(`seed ${seed}, line ${real.error.line}: ${real.error.message}`);
    }
    if (program.planted !== undefined && real.error === undefined) {
      unnoticed += 1;
      continue;
    }
    const analyzer = createAnalyzer({ read: (path) => (path === program.path ? program.text : undefined) });
    cases.push({ program, ...compare(program, real, analyzer.analyze(program.path)) });
  }
  report();
}, 600_000);

const sum = (of: (one: Case) => number): number => cases.reduce((total, one) => total + of(one), 0);
const thrown = (): readonly Case[] => cases.filter((one) => one.faultFound !== undefined);
const percent = (part: number, all: number): string => `${((100 * part) / Math.max(all, 1)).toFixed(2)} %`;

function report(): void {
  const faults = thrown();
  const found = faults.filter((one) => one.faultFound === true).length;
  const lines = [
    `${cases.length} programs (${faults.length} throw in tfjs), ${idioms.length} idioms, seeds from ${firstSeed}; ${unnoticed} left out: tfjs does not notice their mistake`,
    `wrong shapes, names, parameter counts: ${sum((one) => one.wrong)} (of ${sum((one) => one.layers)} layers and ${sum((one) => one.calls)} op calls)`,
    `layers known exactly: ${percent(
      sum((one) => one.exact),
      sum((one) => one.layers),
    )}`,
    `faults found at their line: ${percent(found, faults.length)} (${found} of ${faults.length})`,
    `errors on clean programs: ${sum((one) => one.falseErrors)}`,
    `op calls known exactly: ${percent(
      sum((one) => one.exactCalls),
      sum((one) => one.calls),
    )}`,
  ];
  console.log(lines.join('\n'));
  mkdirSync('test/output', { recursive: true });
  const all = cases.flatMap((one) =>
    one.disagreements.length === 0
      ? []
      : [
          `==== seed ${one.program.seed}: ${one.program.idioms.join(', ')}`,
          ...one.disagreements.map((d) => `${d.kind}: ${d.text}`),
          numbered(one.program.text),
        ],
  );
  writeFileSync('test/output/programs.txt', `${lines.join('\n')}\n\n${all.join('\n')}\n`);
}

const numbered = (text: string): string =>
  text
    .split('\n')
    .map((line, i) => `${String(i + 1).padStart(4)} ${line}`)
    .join('\n');

/** The first few disagreements of these kinds, by seed: `generate(seed, …)` gives the program again. */
function disagreements(...kinds: readonly string[]): readonly string[] {
  return cases
    .flatMap((one) =>
      one.disagreements
        .filter((d) => kinds.includes(d.kind))
        .map((d) => `seed ${one.program.seed}: ${d.kind}: ${d.text}`),
    )
    .slice(0, 20);
}

describe('random programs in the analyzer and in the real tfjs', () => {
  test('the generator’s clean programs are clean', () => {
    expect(notClean).toEqual([]);
    expect(unnoticed).toBeLessThan(count * 0.02);
  });

  test('every shape, name and parameter count that is stated is true', () => {
    expect(disagreements('shape', 'params', 'name', 'call shape', 'crash')).toEqual([]);
    expect(sum((one) => one.wrong)).toBe(0);
  });

  test('at least 98 % of the layers are known exactly', () => {
    expect(
      sum((one) => one.exact) / sum((one) => one.layers),
      disagreements('unknown layer').join('\n'),
    ).toBeGreaterThanOrEqual(0.98);
  });

  test('at least 95 % of the faults are found at their line', () => {
    const faults = thrown();
    expect(faults.length).toBeGreaterThan(count * 0.4);
    const found = faults.filter((one) => one.faultFound === true).length;
    expect(found / faults.length, disagreements('missed fault').join('\n')).toBeGreaterThanOrEqual(0.95);
  });

  test('no clean program has an error', () => {
    expect(disagreements('false error')).toEqual([]);
  });
});
