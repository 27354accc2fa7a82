// What the runtime's speed is held against: targets as data, and what measured rows say of them. Ratios are of best times.
import type { Workload } from './workloads';

/** Times of one workload in microseconds, by entry. */
export interface Measured {
  readonly workload: Workload;
  readonly best: ReadonlyMap<string, number>;
}

/** At least (speed against a peer) or at most (times the floor, or one's own time) a bound. */
interface Target {
  readonly title: string;
  readonly applies: (w: Workload) => boolean;
  readonly bound: number;
  readonly sense: 'at least' | 'at most';
  /** Pairs of entries whose ratio is meant: first over second. Without a second entry: microseconds of the first. */
  readonly ratios: readonly (readonly [string, string?])[];
}

export const isTiny = ({ shape }: Workload): boolean => shape.join() === '4,6,4,4';
const large = (w: Workload): boolean => !isTiny(w);
const width = ({ shape }: Workload): number => shape.at(-1) ?? 1;
const isLast = ({ layout }: Workload): boolean => layout === 'channelsLast';
const isLocal = ({ norm }: Workload): boolean => norm === 'instance' || norm === 'group';

/** Layer norm, batch norm in training with channels last, instance and group norm. */
const named = (w: Workload): boolean => w.norm === 'layer' || isLocal(w) || (w.norm === 'batch' && isLast(w));
const inferenceFirst = (w: Workload): boolean => w.norm === 'inference' && !isLast(w);

const overFloor = [['ours resident', 'floor']] as const;
const isWideLayer = (w: Workload): boolean => w.norm === 'layer' && width(w) >= 512;
const isNarrowLayer = (w: Workload): boolean => w.norm === 'layer' && width(w) === 64;
const batchLast =
  (columns: number) =>
  (w: Workload): boolean =>
    w.norm === 'batch' && isLast(w) && width(w) === columns;
const isLocalFirst = (w: Workload): boolean => isLocal(w) && !isLast(w);
const ownBound = [isWideLayer, isNarrowLayer, batchLast(64), batchLast(256), isLocalFirst];

export const targets: readonly Target[] = [
  {
    title: 'tfjs-wasm, resident: layer, batch channels last, instance, group',
    applies: named,
    bound: 12,
    sense: 'at least',
    ratios: [['tfjs-wasm resident', 'ours resident']],
  },
  {
    title: 'onnxruntime-web, resident: layer, batch channels last, instance, group',
    applies: (w) => named(w) && large(w),
    bound: 5,
    sense: 'at least',
    ratios: [['ort-web resident', 'ours resident']],
  },
  {
    // A call from JavaScript beside a step inside a graph: shown by itself, since it says nothing of the kernels.
    title: 'the same, the tiny shape',
    applies: (w) => named(w) && isTiny(w),
    bound: 5,
    sense: 'at least',
    ratios: [['ort-web resident', 'ours resident']],
  },
  {
    title: 'onnxruntime-web, resident: batch inference channels first',
    applies: inferenceFirst,
    bound: 1,
    sense: 'at least',
    ratios: [['ort-web resident', 'ours resident']],
  },
  {
    title: 'tfjs-wasm and onnxruntime-web, called: layer, batch channels last, instance, group',
    applies: named,
    bound: 2.2,
    sense: 'at least',
    ratios: [
      ['tfjs-wasm called', 'ours called'],
      ['ort-web called', 'ours called'],
    ],
  },
  {
    title: 'tfjs-wasm and onnxruntime-web, called: the others',
    applies: (w) => !named(w),
    bound: 2.2,
    sense: 'at least',
    ratios: [
      ['tfjs-wasm called', 'ours called'],
      ['ort-web called', 'ours called'],
    ],
  },
  {
    title: 'the same, all norms, ours into an array of the caller, which these two cannot',
    applies: () => true,
    bound: 2.2,
    sense: 'at least',
    ratios: [
      ['tfjs-wasm called', 'ours called into'],
      ['ort-web called', 'ours called into'],
    ],
  },
  {
    title: 'onnxruntime-node, resident: everything',
    applies: () => true,
    bound: 1,
    sense: 'at least',
    ratios: [['ort-node resident', 'ours resident']],
  },
  {
    title: 'onnxruntime-node, called: everything',
    applies: () => true,
    bound: 1,
    sense: 'at least',
    ratios: [['ort-node called', 'ours called']],
  },
  {
    title: 'onnxruntime-node, called into an array of the caller: everything',
    applies: () => true,
    bound: 1,
    sense: 'at least',
    ratios: [['ort-node called into', 'ours called into']],
  },
  { title: 'floor: layer, width ≥ 512', applies: isWideLayer, bound: 1.6, sense: 'at most', ratios: overFloor },
  { title: 'floor: layer, width 64', applies: isNarrowLayer, bound: 2, sense: 'at most', ratios: overFloor },
  {
    title: 'floor: batch channels last, C = 64',
    applies: batchLast(64),
    bound: 1.3,
    sense: 'at most',
    ratios: overFloor,
  },
  {
    title: 'floor: batch channels last, C = 256',
    applies: batchLast(256),
    bound: 1.6,
    sense: 'at most',
    ratios: overFloor,
  },
  {
    title: 'floor: instance, group channels first',
    applies: isLocalFirst,
    bound: 1.35,
    sense: 'at most',
    ratios: overFloor,
  },
  {
    // Beside the floor of a call that takes nothing but overhead there is nothing to learn: the tiny shape has its own bounds.
    title: 'floor: the rest, forward',
    applies: (w) => large(w) && !ownBound.some((own) => own(w)),
    bound: 2,
    sense: 'at most',
    ratios: overFloor,
  },
  {
    title: 'floor: the rest, backward',
    applies: large,
    bound: 2,
    sense: 'at most',
    ratios: [['ours backward', 'floor backward']],
  },
  {
    title: 'mean 1e4 beside mean 0: forward and backward',
    applies: large,
    bound: 1.15,
    sense: 'at most',
    ratios: [
      ['ours resident 1e4', 'ours resident'],
      ['ours backward 1e4', 'ours backward'],
    ],
  },
  { title: 'a tiny call, µs', applies: isTiny, bound: 1, sense: 'at most', ratios: [['ours resident']] },
  {
    title: 'a tiny call beside plain TypeScript',
    applies: isTiny,
    bound: 2,
    sense: 'at least',
    ratios: [['plain resident', 'ours resident']],
  },
];

export interface Verdict {
  readonly target: Target;
  /** Ratios, the worst first; rows that were not measured, or not rightly, are left out. */
  readonly rows: readonly { readonly name: string; readonly ratio: number }[];
  readonly met: boolean;
}

/** What the rows of one whole run say of each target; targets without a row are left out. */
export function judge(measured: readonly Measured[]): Verdict[] {
  return targets.flatMap((target): Verdict[] => {
    const rows = measured
      .filter(({ workload }) => target.applies(workload))
      .flatMap(({ workload, best }) =>
        target.ratios.map(([over, under]) => {
          const a = best.get(over) ?? Number.NaN;
          const name = `${nameOf(workload)} ${target.ratios.length > 1 ? over : ''}`.trim();
          return { name, ratio: under === undefined ? a : a / (best.get(under) ?? Number.NaN) };
        }),
      )
      .filter(({ ratio }) => ratio > 0)
      .sort((a, b) => (target.sense === 'at least' ? a.ratio - b.ratio : b.ratio - a.ratio));
    const [worst] = rows;
    if (!worst) return [];
    return [{ target, rows, met: holds(target, worst.ratio) }];
  });
}

export const nameOf = ({ norm, shape, layout }: Workload): string =>
  `${norm} ${shape.join('x')}${layout === 'channelsFirst' ? ' first' : ''}`;

const holds = ({ sense, bound }: Target, ratio: number): boolean =>
  sense === 'at least' ? ratio >= bound : ratio <= bound;

/** One line a target: the worst row, and every other row that misses it. */
export function printVerdicts(runs: readonly (readonly Verdict[])[]): void {
  console.log('\nverdict (best columns; the worst row of the last run first)');
  for (const { target, rows, met } of runs.at(-1) ?? []) {
    const count = runs.filter((run) => run.some((verdict) => verdict.target === target && verdict.met)).length;
    const outcome = runs.length > 1 ? `met in ${count} of ${runs.length}` : met ? 'met' : 'missed';
    const missed = rows.filter(({ ratio }) => !holds(target, ratio));
    const shown = (missed.length > 0 ? missed : rows.slice(0, 1)).map(
      ({ name, ratio }) => `${name} ${ratio.toFixed(2)}`,
    );
    const counted = `${rows.length - missed.length}/${rows.length}`.padStart(7);
    console.log(
      `  ${outcome.padEnd(6)} ${counted}  ${target.title} (${target.sense} ${target.bound}): ${shown.join(', ')}`,
    );
  }
}
