/**
 * `npm run bench -- workspace`: the command line as it is shipped, cold, on 240 files and 36,000 lines, beside
 * `tsc --noEmit` on the same files: tsc 7, which is native code, and the compiler in JavaScript before it. Every run is a
 * process of its own, in turn; medians are printed.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { buildAsShipped } from './bundles';
import { FILES, makeWorkspace } from './generatedWorkspace';
import { beside, median } from './targets';

const RUNS = 3;
/** Seconds of wall clock, and how much longer a compiler is to take. */
const TARGET = { seconds: 2, times: 10 };

interface Sample {
  readonly seconds: number;
  readonly cpu: number;
  readonly megabytes: number;
}

/** One process of Node, by the clock and by its own accounting. */
function measure(args: readonly string[], cwd: string): Sample {
  const account = resolve('test/output/bench/account.json');
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--require', resolve('test/bench/accounting.cjs'), ...args], {
    cwd,
    env: { ...process.env, ACCOUNT: account },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const seconds = (performance.now() - start) / 1000;
  if (status === null) throw new Error(stderr);
  return { seconds, ...(JSON.parse(readFileSync(account, 'utf8')) as Omit<Sample, 'seconds'>) };
}

/** A program that is no Node: by the clock alone. */
function measureNative(command: string, args: readonly string[], cwd: string): Sample {
  const start = performance.now();
  spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { seconds: (performance.now() - start) / 1000, cpu: Number.NaN, megabytes: Number.NaN };
}

export async function run(): Promise<void> {
  const bundles = await buildAsShipped(['cli']);
  const { folder, lines } = makeWorkspace();
  const tsc = ['--noEmit', '-p', 'tsconfig.json'];
  const peers: Readonly<Record<string, () => Sample>> = {
    'normlens check': () => measure([join(bundles, 'cli.js'), 'check', 'src', '--exit-zero'], folder),
    'tsc 7, native': () => measureNative(resolve('node_modules/.bin/tsc'), tsc, folder),
    'tsc in JavaScript': () => measure([resolve('test/bench/classicCompiler.cjs'), resolve('.')], folder),
    'node alone': () => measure(['--eval', '0'], folder),
  };
  const samples = new Map<string, Sample[]>(Object.keys(peers).map((name) => [name, []]));
  for (let i = 0; i <= RUNS; i += 1) {
    for (const [name, sample] of Object.entries(peers)) {
      const taken = sample();
      if (i > 0) samples.get(name)?.push(taken);
    }
  }
  console.log(
    `${FILES} files, ${lines} lines; ${availableParallelism()} cores; ${RUNS} runs each, in turn, after one that is not counted`,
  );
  const wall = (name: string) => median((samples.get(name) ?? []).map((s) => s.seconds));
  for (const [name, list] of samples) {
    const cpu = median(list.map((s) => s.cpu));
    const rest = Number.isNaN(cpu)
      ? ''
      : `, processor ${cpu.toFixed(2)} s, memory ${median(list.map((s) => s.megabytes)).toFixed(0)} MB at most`;
    console.log(`  ${name.padEnd(18)} wall ${wall(name).toFixed(2)} s${rest}`);
  }
  const ours = wall('normlens check');
  console.log(beside('normlens check', ours, 's', TARGET.seconds, 2));
  for (const name of ['tsc in JavaScript', 'tsc 7, native']) {
    const times = wall(name) / ours;
    const verdict = times >= TARGET.times ? 'met' : 'missed';
    console.log(`  ${name} takes ${times.toFixed(2)} × the time (target ${TARGET.times} ×: ${verdict})`);
  }
}
