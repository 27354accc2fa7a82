/**
 * Hostile and rare idioms of the language, each of which decides a shape, a rank, an option or a layer. What is not certain is
 * run in several ways, and what is stated has to hold of each.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { runInTfjs } from '../../tools/runInTfjs';
import { type Comparison, compare } from './compare';
import { type AdversarialProgram, generateAdversarial, snippets } from './generator/adversarial/program';
import { Random } from './generator/random';

/** How many programs, and from which seed on: `PROGRAMS=5000 SEED=1000000` looks further than CI does. */
const count = Number(process.env.PROGRAMS ?? 300);
const firstSeed = Number(process.env.SEED ?? 1);
/** Only idioms whose family or text has this in it. */
const only = process.env.ONLY;

/** What programs are given from outside, and the seeds of their random numbers. */
const WORLDS: readonly { readonly seed: number; readonly env: Readonly<Record<string, string>> }[] = [
  { seed: 1, env: {} },
  { seed: 2, env: { FLAG: '1', SIZE: '3', CONFIG: '{"units":3,"more":1}', KIND_OF: 'b', LIST: '[1]', NAMES: 'a' } },
  { seed: 3, env: { FLAG: '0', SIZE: '1', CONFIG: '{"deep":2}', KIND_OF: 'e', LIST: '[]', NAMES: 'b,a,cc' } },
  { seed: 4, env: { FLAG: '1', LIST: '[5,6,7,8,9,10]' } },
];

interface Case extends Comparison {
  readonly program: AdversarialProgram;
}

const cases: Case[] = [];
const broken: string[] = [];

async function inWorld<T>({ seed, env }: (typeof WORLDS)[number], run: () => Promise<T>): Promise<T> {
  const { random } = Math;
  const { log } = console;
  const before = { ...process.env };
  const source = new Random(seed);
  Math.random = () => source.next();
  Object.assign(process.env, env);
  try {
    return await run();
  } finally {
    Math.random = random;
    console.log = log;
    for (const key of Object.keys(env)) delete process.env[key];
    Object.assign(process.env, before);
  }
}

async function check(program: AdversarialProgram): Promise<void> {
  const { path, text, files } = program;
  const modules = new Map([...files].map(([file, code]) => [file.replace(/\.js$/, ''), { path: file, text: code }]));
  const said = createAnalyzer({ read: (file) => (file === path ? text : files.get(file)) }).analyze(path);
  const [first, ...others] = WORLDS;
  for (const world of program.open ? WORLDS : [first ?? others[0]]) {
    if (world === undefined) continue;
    const real = await inWorld(world, () => runInTfjs(text, { path, modules }));
    if (real.error !== undefined) broken.push(`seed ${program.seed}, line ${real.error.line}: ${real.error.message}`);
    cases.push({ program, ...compare({ text, planted: undefined }, real, said, true, true) });
  }
}

beforeAll(async () => {
  const drawn =
    only === undefined ? snippets : snippets.filter(({ family, text }) => `${family}\n${text}`.includes(only));
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) await check(generateAdversarial(seed, drawn));
  report();
}, 1_200_000);

const sum = (of: (one: Case) => number): number => cases.reduce((total, one) => total + of(one), 0);

function report(): void {
  const calls = sum((one) => one.calls);
  const layers = sum((one) => one.layers);
  const exact = sum((one) => one.exactCalls) + sum((one) => one.exact);
  const wrong = sum((one) => one.wrong);
  const lines = [
    `${count} hostile programs of ${snippets.length} idioms, ${cases.length} runs, seeds from ${firstSeed}`,
    `drawn: ${layers} layers and ${calls} op calls; known exactly: ${exact} (${((100 * exact) / Math.max(1, layers + calls)).toFixed(2)} %); unknown: ${layers + calls - exact - wrong}; wrong: ${wrong}`,
    `errors on programs that run: ${sum((one) => one.falseErrors)}`,
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
  writeFileSync('test/output/adversarialPrograms.txt', `${lines.join('\n')}\n\n${told.join('\n')}\n`);
}

const disagreements = (...kinds: readonly string[]): readonly string[] =>
  cases
    .flatMap(({ program, disagreements: all }) =>
      all.filter(({ kind }) => kinds.includes(kind)).map(({ kind, text }) => `seed ${program.seed}: ${kind}: ${text}`),
    )
    .slice(0, 30);

describe('hostile programs in the analyzer and in the real tfjs', () => {
  test('the programs run to their end', () => {
    expect(broken.slice(0, 20)).toEqual([]);
  });

  test('every shape, name and parameter count that is stated is true', () => {
    expect(disagreements('shape', 'params', 'name', 'call shape', 'crash')).toEqual([]);
    expect(sum((one) => one.wrong)).toBe(0);
  });

  test('no program that runs has an error', () => {
    expect(disagreements('false error')).toEqual([]);
  });
});
