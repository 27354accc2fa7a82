/**
 * What the trainer does on the digits, on one thread: how soon each model is right in 95 of 100, how the test error
 * depends on the batch size, what the noise test says, and how long a step takes.
 *   npm run bench -- training [accuracy] [sizes] [noise] [pace] [mlp] [cnn] [norm …] [seeds=5]
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeDigits } from '../../runtime/data/digits';
import { type NormName, normLabel, paperNoise, type TrainConfig, Trainer, trainConfig } from '../../runtime/nn';

const digits = decodeDigits(new Uint8Array(readFileSync(path.resolve('runtime/data/digits.bin'))));

const models = {
  mlp: { model: 'mlp', depth: 2, width: 64 },
  cnn: { model: 'cnn', depth: 4, width: 8 },
} as const;
type ModelName = keyof typeof models;

/** Wu & He 2018, figure 1: the same number of epochs, the learning rate scaled with the batch. */
const sizes = [32, 16, 8, 4, 2];
const compared: readonly NormName[] = ['batch', 'group', 'layer', 'batchRenorm', 'none'];
const epochs = 2;
const goal = 0.95;
const secondsAllowed = 60;
/** Two-sided 99 % of Student's t with four degrees of freedom would be 4.6; three standard errors are asked for here. */
const clearly = 3;

interface Spread {
  readonly mean: number;
  /** The sample standard deviation over the seeds. */
  readonly deviation: number;
  readonly values: readonly number[];
}

function spread(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)), values };
}

/** Trains to the end and gives the test error in per cent. */
function testError(changes: Partial<TrainConfig>): number {
  const trainer = new Trainer(trainConfig(changes), digits);
  while (!trainer.finished) trainer.step();
  return 100 * trainer.evaluate().error;
}

const percent = ({ mean, deviation }: Spread): string => `${mean.toFixed(2)} ± ${deviation.toFixed(2)}`;

/** A row of a table that is printed as it is measured. */
function printRow(name: string, ...cells: readonly string[]): void {
  console.log(`  ${name.padEnd(14)}${cells.map((cell) => cell.padStart(15)).join('')}`);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  for (const row of [head, ...rows]) {
    console.log(
      `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}`,
    );
  }
  console.log('');
}

function accuracy(): void {
  console.log(
    `Seconds of training until the accuracy on all ${digits.test.count} test digits is ${goal} (batch size 32)`,
  );
  const rows = Object.values(models).flatMap((model) =>
    compared.map((norm) => {
      const trainer = new Trainer(trainConfig({ ...model, norm, epochs: 6 }), digits);
      let seconds = 0;
      let best = 0;
      let reached = '–';
      while (!trainer.finished && seconds < secondsAllowed) {
        const start = performance.now();
        for (let i = 0; i < 50 && !trainer.finished; i++) trainer.step();
        seconds += (performance.now() - start) / 1000;
        best = trainer.evaluate().accuracy;
        if (best >= goal && reached === '–') reached = `${seconds.toFixed(2)} s, step ${trainer.stepsTaken}`;
      }
      return [model.model, normLabel(norm), reached, `${(100 * best).toFixed(2)} %`, `${seconds.toFixed(1)} s`];
    }),
  );
  table(['model', 'norm', 'reached after', 'after 6 epochs', 'which took'], rows);
}

function batchSize(seeds: readonly number[], chosen: readonly ModelName[], norms: readonly NormName[]): void {
  for (const model of chosen.map((name) => models[name])) {
    console.log(
      `Test error in %, ${model.model}, ${epochs} epochs, mean ± deviation over the seeds ${seeds.join(', ')}`,
    );
    const errors = new Map<NormName, Spread[]>();
    printRow('norm', ...sizes.map((size) => `B = ${size}`));
    for (const norm of norms) {
      const at = (size: number) => seeds.map((seed) => testError({ ...model, norm, batchSize: size, epochs, seed }));
      const row = sizes.map((size) => spread(at(size)));
      errors.set(norm, row);
      printRow(normLabel(norm), ...row.map(percent));
    }
    console.log('');
    for (const size of errors.has('batch') && errors.has('group') ? [2, 32] : []) {
      const at = (norm: NormName) => errors.get(norm)?.[sizes.indexOf(size)]?.values ?? [];
      const difference = spread(at('batch').map((error, i) => error - (at('group')[i] ?? Number.NaN)));
      const standardErrors = difference.mean / (difference.deviation / Math.sqrt(seeds.length));
      const word = standardErrors > clearly ? 'clearly above' : 'not clearly above';
      console.log(
        `  B = ${size}: batch norm ${word} group norm, by ${percent(difference)} points (${standardErrors.toFixed(1)} s.e.)`,
      );
    }
    console.log('');
  }
}

function noise(seeds: readonly number[]): void {
  console.log(`Noise test (Santurkar et al. 2018): test error in %, mlp of depth 6, seeds ${seeds.join(', ')}`);
  const cases: readonly [string, Partial<TrainConfig>][] = [
    ['none', { norm: 'none' }],
    ['batch norm', { norm: 'batch' }],
    ['batch norm, then noise', { norm: 'batch', noise: paperNoise }],
    ['none, noise in the same places', { norm: 'none', noise: paperNoise }],
  ];
  const deep = { ...models.mlp, depth: 6 };
  const rows = cases.map(([title, changes]) => [
    title,
    percent(spread(seeds.map((seed) => testError({ ...deep, ...changes, seed })))),
  ]);
  table(['network', 'test error'], rows);
}

function pace(): void {
  console.log('Milliseconds a step (median of 200), steps a second, and one evaluation of all test digits');
  const rows = Object.values(models).flatMap((model) =>
    ([32, 2] as const).flatMap((size) =>
      compared.map((norm) => {
        const trainer = new Trainer(trainConfig({ ...model, norm, batchSize: size }), digits);
        const timed = (work: () => void): number => {
          const start = performance.now();
          work();
          return performance.now() - start;
        };
        for (let i = 0; i < 100; i++) trainer.step();
        const times = Array.from({ length: 200 }, () => timed(() => trainer.step())).sort((a, b) => a - b);
        const median = times[100] ?? Number.NaN;
        const evaluation = timed(() => trainer.evaluate());
        return [
          model.model,
          `B = ${size}`,
          normLabel(norm),
          median.toFixed(2),
          (1000 / median).toFixed(0),
          `${evaluation.toFixed(0)} ms`,
        ];
      }),
    ),
  );
  table(['model', '', 'norm', 'ms', 'steps/s', 'evaluation'], rows);
}

export function run(args: readonly string[] = []): void {
  const count = Number(args.find((arg) => arg.startsWith('seeds='))?.slice('seeds='.length) ?? 5);
  const seeds = Array.from({ length: count }, (_, i) => i + 1);
  const namedModels = args.filter((arg): arg is ModelName => arg in models);
  const chosen = namedModels.length > 0 ? namedModels : (['mlp', 'cnn'] as const);
  const namedNorms = compared.filter((norm) => args.includes(norm));
  const norms = namedNorms.length > 0 ? namedNorms : compared;
  const parts = { accuracy, sizes: () => batchSize(seeds, chosen, norms), noise: () => noise(seeds), pace };
  const named = args.filter((arg): arg is keyof typeof parts => arg in parts);
  for (const name of named.length > 0 ? named : (Object.keys(parts) as (keyof typeof parts)[])) parts[name]();
}
