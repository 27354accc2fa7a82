/**
 * Times of the norms against tfjs, both onnxruntimes and the memory floor, one thread each, in one process.
 * `npm run bench -- runtime [PATTERN] [--rounds n] [--mean m] [--only name,name]`: PATTERN is matched against lines such
 * as "layer 32x128x768". Times of a shared machine are noisy: trust ratios within a line, and the best of the rounds.
 */
import { random } from '../unit/runtime/support/data';
import { type Entry, enter, prepare } from './runtime/contestants';
import { workloads } from './runtime/workloads';

interface Options {
  readonly pattern: RegExp;
  readonly rounds: number;
  readonly mean: number;
  readonly only: (name: string) => boolean;
}

function options(args: readonly string[]): Options {
  const after = (flag: string) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
  const names = after('--only')?.split(',');
  const [first] = args;
  return {
    pattern: new RegExp(first && !first.startsWith('--') ? first : '.'),
    rounds: Number(after('--rounds') ?? 15),
    mean: Number(after('--mean') ?? 0),
    only: (name) => !names || names.includes(name),
  };
}

export async function run(args: readonly string[]): Promise<void> {
  const chosen = options(args);
  await prepare();
  for (const w of workloads) {
    const name = `${w.norm} ${w.shape.join('x')}`;
    if (!chosen.pattern.test(name)) continue;
    const next = random(7);
    const width = w.norm === 'layer' || w.norm === 'rms' ? (w.shape.at(-1) ?? 1) : w.c;
    const data = {
      x: Float32Array.from({ length: w.shape.reduce((a, b) => a * b, 1) }, () => chosen.mean + 3.4 * (next() - 0.5)),
      gamma: Float32Array.from({ length: width }, () => 0.5 + next()),
      beta: Float32Array.from({ length: width }, () => next() - 0.5),
    };
    const { entries, end } = await enter(w, data, chosen.only);
    report(name, await measure(entries, chosen.rounds, data.x.length));
    await end();
  }
}

/** Milliseconds a normalization, by entry, in rounds of shuffled order. */
async function measure(entries: readonly Entry[], rounds: number, size: number): Promise<Map<string, number[]>> {
  const bases = new Map<string, number[]>();
  const times = new Map(entries.map(({ name }) => [name, [] as number[]]));
  // Calls that are too short for the clock are timed many at a time.
  const repeats = Math.max(1, Math.round(2e5 / size));
  const time = async (run: () => unknown) => {
    const begin = performance.now();
    for (let i = 0; i < repeats; i++) {
      const result = run();
      if (result instanceof Promise) await result;
    }
    return (performance.now() - begin) / repeats;
  };
  const next = random(rounds);
  for (let round = -4; round < rounds; round++) {
    const order = entries.map((entry) => ({ entry, by: next() })).sort((a, b) => a.by - b.by);
    for (const { entry } of order) {
      // A slow contestant's later rounds tell nothing more.
      const seen = times.get(entry.name) ?? [];
      if (seen.length >= 5 && Math.min(...seen) > 100) continue;
      const ms = await time(entry.run);
      const base = entry.base && (await time(entry.base));
      if (round < 0) continue;
      seen.push(ms);
      if (base !== undefined) bases.set(entry.name, [...(bases.get(entry.name) ?? []), base]);
    }
  }
  // What one link of a chain takes: the chain less the single call, best against best and median against median.
  for (const entry of entries) {
    const base = bases.get(entry.name);
    const seen = times.get(entry.name);
    if (!base || !seen) continue;
    const link = (pick: (values: readonly number[]) => number) => {
      const more = pick(seen) - pick(base);
      // A chain that took less than one call was not measured: noise.
      return more > 0 ? more / (entry.times ?? 1) : Number.NaN;
    };
    times.set(entry.name, [link((v) => Math.min(...v)), link(median), link((v) => Math.max(...v))]);
  }
  return times;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function report(name: string, times: ReadonlyMap<string, number[]>): void {
  const best = (entry: string) => Math.min(...(times.get(entry) ?? [Number.NaN]));
  console.log(`\n${name}`);
  for (const [entry, values] of times) {
    const against = rival(entry);
    const ratio = Math.min(...values) / best(against);
    const cells = [entry.padEnd(20), `median ${micro(median(values))}`, `best ${micro(Math.min(...values))}`];
    console.log(`  ${cells.join('  ')}  ${ratio.toFixed(2).padStart(8)} × ${against}`);
  }
}

/** Ours is held against the floor, everyone else against ours. */
function rival(entry: string): string {
  const [who, how] = entry.split(' ');
  const to = who === 'simd' || who === 'floor' ? 'floor' : 'simd';
  if (how === 'backward' || how === 'chained') return `${to} ${how}`;
  return to === 'floor' ? 'floor' : `simd ${how}`;
}

const micro = (ms: number): string => `${(ms * 1000).toFixed(1).padStart(10)} µs`;
