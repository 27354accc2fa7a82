/** The example workspace as tests see it: each file's text, what its comments say is planted, and how to run it small. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const examplesFolder = fileURLToPath(new URL('../../../examples/src', import.meta.url));

export interface Planted {
  /** `NL208`. */
  readonly rule: string;
  /** The line below the comment, 1-based. */
  readonly line: number;
}

export interface Example {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly planted: Planted | undefined;
  /** For `main`: as little training as shows that it runs. */
  readonly small: Readonly<Record<string, number>>;
  /** Rules that the planted misuse also breaks, each in its own right. */
  readonly also: readonly string[];
  /** What tfjs itself throws when `main` runs, where it does. */
  readonly throws: RegExp | undefined;
}

/** What `main` is given where the defaults would train for long, and what tfjs throws where the misuse is one it notices. */
const runs: Readonly<Record<string, { small?: Record<string, number>; throws?: RegExp; also?: readonly string[] }>> = {
  'digits.js': { small: { samples: 20, epochs: 1 } },
  'dqn.ts': { small: { episodes: 2 } },
  'forecastLstm.js': { small: { epochs: 1 } },
  'mlp.ts': { small: { epochs: 1 } },
  'resnet.ts': { small: { epochs: 1, samples: 4 } },
  'transferLearning.ts': { small: { epochs: 1 } },
  'transformer.ts': { small: { epochs: 1, samples: 16 } },
  'twoStreams.ts': { throws: /concat/i },
  'unet.js': { small: { epochs: 1 }, throws: /must match the product of shape/ },
  'wganGp.ts': { small: { steps: 1, batch: 2 } },
  // Real and fake batches go through the same norms: the critic's, whose misuse is planted.
  'wganGpBatchNorm.js': { small: { steps: 2 }, also: ['NL209'] },
};

export const examples: readonly Example[] = readdirSync(examplesFolder)
  .filter((name) => /\.[jt]s$/.test(name))
  .sort()
  .map((name) => {
    const path = join(examplesFolder, name);
    const text = readFileSync(path, 'utf8');
    const { small = {}, throws, also = [] } = runs[name] ?? {};
    return { name, path, text, planted: plantedIn(text), small, throws, also };
  });

function plantedIn(text: string): Planted | undefined {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.includes('// Planted misuse'));
  if (at < 0) return undefined;
  const rule = /Planted misuse \((NL\d+)\)/.exec(lines[at] ?? '')?.[1];
  if (rule === undefined) throw new Error(`line ${at + 1}: the comment names no rule id`);
  return { rule, line: at + 2 };
}
