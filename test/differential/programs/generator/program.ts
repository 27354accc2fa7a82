/** Whole random programs, as people write them: imports, declarations, one to three idioms, and at most one mistake. */
import { Context, flag, indent } from './context';
import { classIdioms } from './idioms/classes';
import { configIdioms } from './idioms/configs';
import { customLayerIdioms } from './idioms/customLayers';
import { functionalIdioms } from './idioms/functional';
import { functionIdioms } from './idioms/functions';
import { graphIdioms } from './idioms/graphs';
import type { Idiom } from './idioms/idiom';
import { loopIdioms } from './idioms/loops';
import { openSizeIdioms } from './idioms/openSizes';
import { opIdioms } from './idioms/ops';
import { sequentialIdioms } from './idioms/sequential';
import { trainingIdioms } from './idioms/training';
import { Random } from './random';

/** All idioms; to add one, add a row to its family's file. */
export const idioms: readonly Idiom[] = [
  ...sequentialIdioms,
  ...functionalIdioms,
  ...loopIdioms,
  ...functionIdioms,
  ...classIdioms,
  ...customLayerIdioms,
  ...configIdioms,
  ...openSizeIdioms,
  ...graphIdioms,
  ...opIdioms,
  ...trainingIdioms,
];

export interface Program {
  readonly seed: number;
  readonly path: string;
  readonly text: string;
  readonly idioms: readonly string[];
  /** The line of the planted mistake, 1-based; undefined in a clean program. */
  readonly planted: number | undefined;
  /** The first and the last line of what the chosen idiom wrote, 1-based. */
  readonly chosen: readonly [number, number] | undefined;
}

/** Stands at both ends of what the chosen idiom wrote, while the text is put together. */
const fence = '⚐';

interface ImportForm {
  readonly weight: number;
  readonly text: string;
  /** How layers are named then. */
  readonly layers?: string;
  readonly only?: 'ts' | 'js';
}

const imports: readonly ImportForm[] = [
  { weight: 40, text: "import * as tf from '@tensorflow/tfjs';" },
  { weight: 8, text: "import * as tf from '@tensorflow/tfjs-node';" },
  { weight: 12, text: "const tf = require('@tensorflow/tfjs');", only: 'js' },
  {
    weight: 6,
    text: "import * as tf from '@tensorflow/tfjs';\nimport { layers } from '@tensorflow/tfjs';",
    layers: 'layers',
  },
  { weight: 4, text: "import * as tf from '@tensorflow/tfjs';\n\nconst { layers } = tf;", layers: 'layers' },
  { weight: 3, text: "import * as tf from '@tensorflow/tfjs';\n\nconst L = tf.layers;", layers: 'L' },
  { weight: 3, text: '/* tf comes from a script tag */', only: 'js' },
];

/**
 * The program of this seed: clean, or with one mistake.
 * @param chosen an idiom that is to be among those of the program
 */
export function generate(seed: number, faulty: boolean, chosen?: Idiom): Program {
  const random = new Random(seed);
  const typescript = random.chance(0.5);
  const form = random.weighted(
    imports.filter((row) => row.only === undefined || row.only === (typescript ? 'ts' : 'js')),
  );
  const names = new Set(['tf', 'layers', 'L', 'main', 'done']);
  const count = random.weighted([
    { weight: 6, n: 1 },
    { weight: 3, n: 2 },
    { weight: 1, n: 3 },
  ]).n;
  const at = faulty || chosen !== undefined ? random.int(0, count - 1) : -1;
  const used: string[] = [];
  const sections: string[] = [];
  const outside: string[] = [];
  let awaits = false;
  for (let i = 0; i < count; i += 1) {
    const idiom = i === at && chosen !== undefined ? chosen : random.weighted(idioms);
    const mistaken = faulty && i === at;
    const ctx = new Context({ random, typescript, layers: form.layers ?? 'tf.layers', faulty: mistaken, names });
    idiom.write(ctx);
    used.push(idiom.name);
    const section = [...ctx.top, ...ctx.body].join('\n');
    sections.push(i === at && chosen !== undefined ? fence + section + fence : section);
    outside.push(...ctx.outside);
    awaits ||= ctx.body.some((text) => /^(const \w+ = )?await /m.test(text));
  }
  const body = sections.join('\n\n');
  const code = awaits ? mainFunction(random, body, form.text.startsWith('import')) : body;
  const marked = `${[form.text, ...outside, code].join('\n\n')}\n`;
  const lines = marked.split('\n');
  const line = lines.findIndex((text) => text.includes(flag));
  const ends = [
    lines.findIndex((text) => text.includes(fence)),
    lines.findLastIndex((text) => text.includes(fence)),
  ] as const;
  return {
    seed,
    path: `/programs/program${seed}.${typescript ? 'ts' : 'js'}`,
    text: marked.replaceAll(flag, '').replaceAll(fence, ''),
    idioms: used,
    planted: line < 0 ? undefined : line + 1,
    chosen: ends[0] < 0 ? undefined : [ends[0] + 1, ends[1] + 1],
  };
}

/** Where code awaits, it stands in an async function, which is called; what it returns is exported for the runner to await. */
function mainFunction(random: Random, body: string, esm: boolean): string {
  const call = esm ? 'export const done = main();' : 'exports.done = main();';
  return random.chance(0.5)
    ? `async function main() {\n${indent(body)}\n}\n\n${call}`
    : `const main = async () => {\n${indent(body)}\n};\n\n${call}`;
}
