// The stopwatch: times of many contestants in one process, in rounds of shuffled order.
import { random } from '../../unit/runtime/support/data';
import { median } from '../targets';

/** A call that is timed, and how. */
export interface Entry {
  readonly name: string;
  readonly run: () => unknown;
  /** Brings things in order before each measurement; not timed. */
  readonly before?: () => void;
  /**
   * What one call's time is taken from. `alone`: the call by itself, after others have had the caches. `repeated`: the links
   * of a chain are calls, and are timed together after one that is not. `chain`: `run` makes 1 + links normalizations
   * inside one graph and `single` one of them, so their difference is the links.
   */
  readonly how:
    | { readonly kind: 'alone' | 'repeated' }
    | { readonly kind: 'chain'; readonly links: number; readonly single: () => unknown };
}

/** Milliseconds a normalization. */
export interface Times {
  readonly best: number;
  readonly median: number;
  readonly rounds: number;
}

/** Milliseconds that one measurement should take, so that the clock and a passing interrupt do not matter. */
const STRETCH = 2;
/** From these milliseconds a call on, one warm-up and a few measurements do, or fewer where they take this long in all. */
const SLOW = 100;
const SLOW_ROUNDS = 3;
const SLOW_BUDGET = 1500;
/** Milliseconds that any other entry may take in all; at least FEWEST rounds are measured. */
const BUDGET = 600;
const FEWEST = 6;
const WARM_UPS = 4;
/** Calls of a repeated entry, where one takes long. */
const LINKS = 4;

interface Lane {
  readonly entry: Entry;
  /** Milliseconds a call, a round; of a chain's links what they took together with the single. */
  readonly times: number[];
  readonly singles: number[];
  /** Milliseconds of a call, as it is known by now. */
  call: number;
  spent: number;
}

/** The times of every entry by name. */
export async function measure(entries: readonly Entry[], rounds: number): Promise<Map<string, Times>> {
  const lanes = entries.map((entry): Lane => ({ entry, times: [], singles: [], call: 0, spent: 0 }));
  const next = random(rounds);
  for (let round = -WARM_UPS; round < rounds; round++) {
    const order = lanes.map((lane) => ({ lane, by: next() })).sort((a, b) => a.by - b.by);
    for (const { lane } of order) if (wanted(lane, round)) await turn(lane, round >= 0);
  }
  return new Map(lanes.map((lane) => [lane.entry.name, summary(lane)]));
}

function wanted({ times, call, spent }: Lane, round: number): boolean {
  if (round < 0) return round === -WARM_UPS || call < SLOW;
  if (call >= SLOW) return times.length < SLOW_ROUNDS && spent < SLOW_BUDGET;
  return times.length < FEWEST || spent < BUDGET;
}

async function turn(lane: Lane, counts: boolean): Promise<void> {
  const begin = performance.now();
  const { run, how, before } = lane.entry;
  before?.();
  // The first turn says how long a call takes.
  const links = how.kind === 'repeated' && lane.call > 0 && lane.call < SLOW;
  const calls = lane.call === 0 ? 1 : Math.max(links ? LINKS : 1, Math.min(1e4, Math.ceil(STRETCH / lane.call)));
  if (links) await timed(run, 1);
  // A chain and its single run directly one after the other, so that what slows one slows both.
  const ms = await timed(run, calls);
  const single = how.kind === 'chain' ? await timed(how.single, calls) : 0;
  lane.call = ms;
  if (!counts) return;
  lane.times.push(ms);
  lane.singles.push(single);
  lane.spent += performance.now() - begin;
}

/** Milliseconds a call. */
async function timed(run: () => unknown, calls: number): Promise<number> {
  const begin = performance.now();
  for (let i = 0; i < calls; i++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  return (performance.now() - begin) / calls;
}

/**
 * A chain's best is its best less the single's best, which are both robust; the smallest of the differences is not, since a
 * disturbed single makes the links look like nothing. Its median is the median of the differences.
 */
function summary({ entry: { how }, times, singles }: Lane): Times {
  const rounds = times.length;
  if (how.kind !== 'chain') return { best: Math.min(...times), median: median(times), rounds };
  const best = (Math.min(...times) - Math.min(...singles)) / how.links;
  const differences = times.map((ms, i) => (ms - (singles[i] ?? 0)) / how.links);
  return { best, median: median(differences), rounds };
}
