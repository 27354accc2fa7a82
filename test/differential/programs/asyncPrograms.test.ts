import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { runInTfjs } from '../../tools/runInTfjs';
import { type Comparison, compare } from './compare';
import { type AsyncProgram, generateAsync } from './generator/asyncProgram';

/** How many programs, and from which seed on: `PROGRAMS=5000 SEED=1000000` looks further than CI does. */
const count = Number(process.env.PROGRAMS ?? 300);
const firstSeed = Number(process.env.SEED ?? 1);
/**
 * Until nothing of a program waits any more. Its timers take 4 ms at most; as many of them in a row as there are turns here
 * are over by then, however slow the machine is, while a fixed time would not do.
 */
const turns = 10;

async function rest(): Promise<void> {
  for (let i = 0; i < turns; i += 1) await new Promise((resolve) => setTimeout(resolve, 4));
}

interface Case extends Comparison {
  readonly program: AsyncProgram;
}

const cases: Case[] = [];
const broken: string[] = [];

async function check(seed: number): Promise<void> {
  const program = generateAsync(seed);
  const real = await runInTfjs(program.text, {
    path: program.path,
    drive: rest,
  });
  if (real.error !== undefined) broken.push(`seed ${seed}, line ${real.error.line}: ${real.error.message}`);
  const analyzer = createAnalyzer({ read: (path) => (path === program.path ? program.text : undefined) });
  cases.push({
    program,
    ...compare({ text: program.text, planted: undefined }, real, analyzer.analyze(program.path), true),
  });
}

beforeAll(async () => {
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) await check(seed);
  report();
}, 600_000);

const sum = (of: (one: Case) => number): number => cases.reduce((total, one) => total + of(one), 0);

function report(): void {
  const lines = [
    `${cases.length} programs that wait, seeds from ${firstSeed}`,
    `wrong shapes, names, parameter counts: ${sum((one) => one.wrong)} (of ${sum((one) => one.layers)} layers and ${sum((one) => one.calls)} op calls)`,
    `op calls known exactly: ${(
      (100 * sum((one) => one.exactCalls)) /
        Math.max(
          1,
          sum((one) => one.calls),
        )
    ).toFixed(2)} %`,
    `errors on clean programs: ${sum((one) => one.falseErrors)}`,
  ];
  console.log(lines.join('\n'));
  mkdirSync('test/output', { recursive: true });
  const told = cases.flatMap(({ program, disagreements }) =>
    disagreements.length === 0
      ? []
      : [
          `==== seed ${program.seed}`,
          ...disagreements.map(({ kind, text }) => `${kind}: ${text}`),
          ...program.text.split('\n').map((line, i) => `${String(i + 1).padStart(4)} ${line}`),
        ],
  );
  writeFileSync('test/output/asyncPrograms.txt', `${lines.join('\n')}\n\n${told.join('\n')}\n`);
}

const disagreements = (...kinds: readonly string[]): readonly string[] =>
  cases
    .flatMap(({ program, disagreements: all }) =>
      all.filter(({ kind }) => kinds.includes(kind)).map(({ kind, text }) => `seed ${program.seed}: ${kind}: ${text}`),
    )
    .slice(0, 20);

describe('random programs that wait, in the analyzer and in the real tfjs', () => {
  test('the programs run to their end', () => {
    expect(broken).toEqual([]);
  });

  test('every shape, name and parameter count that is stated is true', () => {
    expect(disagreements('shape', 'params', 'name', 'call shape', 'crash', 'false error')).toEqual([]);
  });

  test('most op calls are known exactly', () => {
    expect(sum((one) => one.exactCalls) / sum((one) => one.calls)).toBeGreaterThan(0.8);
  });
});
