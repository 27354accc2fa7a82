/**
 * Times of the norms against tfjs, both onnxruntimes and the memory floor, one thread each, in one process, and a verdict on
 * the targets of speed. `npm run bench -- runtime [PATTERN] [--rounds n] [--runs n] [--means 0,1e4] [--only name,name]`:
 * PATTERN is matched against lines such as "layer 32x128x768" or "group 8x64x56x56 first"; everyone gets data of the first
 * mean, ours also of the others; `--only ours,simd` shows our kernels without relaxed SIMD beside them. Times of a shared
 * machine are noisy: trust ratios within a line, and the best of the rounds.
 */
import * as runtime from '../../runtime/index';
import { byFlag } from '../tools/relaxedSimd';
import { random } from '../unit/runtime/support/data';
import { type Data, enter, prepare } from './runtime/contestants';
import { measure, type Times } from './runtime/measure';
import { judge, type Measured, nameOf, printVerdicts, type Verdict } from './runtime/targets';
import { type Workload, workloads } from './runtime/workloads';

interface Options {
  readonly pattern: RegExp;
  readonly rounds: number;
  readonly runs: number;
  readonly means: readonly number[];
  readonly only: (name: string) => boolean;
}

function options(args: readonly string[]): Options {
  const after = (flag: string) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
  const names = after('--only')?.split(',');
  const [first] = args;
  return {
    pattern: new RegExp(first && !first.startsWith('--') ? first : '.'),
    rounds: Number(after('--rounds') ?? 15),
    runs: Number(after('--runs') ?? 1),
    means: (after('--means') ?? '0,1e4').split(',').map(Number),
    only: (name) => (names ? names.includes(name) : name !== 'simd'),
  };
}

export async function run(args: readonly string[]): Promise<void> {
  const chosen = options(args);
  const how = byFlag ? ', which this Node has behind a flag and Chromium since 114 as a matter of course' : '';
  console.log(runtime.engine().kind === 'relaxed' ? `ours: with relaxed SIMD${how}` : `ours: ${runtime.engine().kind}`);
  await prepare();
  const verdicts: Verdict[][] = [];
  for (let i = 0; i < chosen.runs; i++) {
    if (chosen.runs > 1) console.log(`\nrun ${i + 1} of ${chosen.runs}`);
    verdicts.push(judge(await wholeRun(chosen)));
  }
  printVerdicts(verdicts);
}

async function wholeRun({ pattern, rounds, means, only }: Options): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const workload of workloads) {
    const name = nameOf(workload);
    if (!pattern.test(name)) continue;
    const { entries, end } = await enter(workload, dataOf(workload, means), only);
    const times = await measure(entries, rounds);
    report(name, times);
    measured.push({ workload, best: new Map([...times].map(([entry, { best }]) => [entry, best * 1000])) });
    await end();
  }
  return measured;
}

/** Uniform values of deviation 1 around each mean. */
function dataOf(w: Workload, means: readonly number[]): Data {
  const next = random(7);
  const width = w.norm === 'layer' || w.norm === 'rms' ? (w.shape.at(-1) ?? 1) : w.c;
  const size = w.shape.reduce((a, b) => a * b, 1);
  const uniform = new Float32Array(size);
  for (let i = 0; i < size; i++) uniform[i] = 3.4 * (next() - 0.5);
  return {
    inputs: means.map((mean) => ({ mean, x: mean === 0 ? uniform : uniform.map((v) => v + mean) })),
    gamma: Float32Array.from({ length: width }, () => 0.5 + next()),
    beta: Float32Array.from({ length: width }, () => next() - 0.5),
  };
}

function report(name: string, times: ReadonlyMap<string, Times>): void {
  console.log(`\n${name}`);
  for (const [entry, { best, median }] of times) {
    const against = rival(entry);
    const beside = times.get(against)?.best ?? Number.NaN;
    const floor = times.get(entry.includes('backward') ? 'floor backward' : 'floor')?.best ?? Number.NaN;
    const cells = [entry.padEnd(20), `median ${micro(median)}`, `best ${micro(best)}`];
    const ratio = `${(best / beside).toFixed(2).padStart(8)} × ${against}`;
    // Nobody normalises in less time than it takes to read and write the values.
    const fault = best < floor ? '  under the floor: a fault of the measurement' : '';
    console.log(`  ${cells.join('  ')}  ${ratio}${fault}`);
  }
}

/** Ours is held against the floor, everyone else against ours. */
function rival(entry: string): string {
  const who = entry.split(' ', 1)[0] ?? '';
  if (who !== 'ours' && who !== 'floor') return `ours${entry.slice(who.length)}`;
  return entry.includes('backward') ? 'floor backward' : 'floor';
}

function micro(ms: number): string {
  const us = ms * 1000;
  return `${us.toFixed(us < 10 ? 3 : 1).padStart(10)} µs`;
}
