/** Random programs of hostile and rare idioms, each of which decides a shape, a rank, an option or which layer is made. */
import { indent } from '../context';
import { Random } from '../random';
import { classSnippets } from './classes';
import { controlSnippets, sloppySnippets } from './control';
import { listSnippets } from './lists';
import { type ModuleSnippet, moduleSnippets } from './modules';
import { objectSnippets } from './objects';
import type { Snippet } from './snippet';
import { unknownSnippets } from './unknowns';
import { valueSnippets } from './values';

export interface AdversarialProgram {
  readonly seed: number;
  readonly path: string;
  readonly text: string;
  /** The texts of the other files, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Whether it asks what only the run knows. */
  readonly open: boolean;
  /** The family behind each line, by number from 1. */
  readonly families: readonly (string | undefined)[];
}

const certain: readonly Snippet[] = [
  ...objectSnippets,
  ...listSnippets,
  ...controlSnippets,
  ...valueSnippets,
  ...classSnippets,
];

/** All hostile idioms. */
export const snippets: readonly Snippet[] = [...certain, ...sloppySnippets, ...unknownSnippets, ...moduleSnippets];

/** Ways to write a small whole number. */
const NUMBERS: readonly ((n: number) => string)[] = [
  (n) => `+"${n}"`,
  (n) => `~~${n}.7`,
  (n) => `"${'x'.repeat(n)}".length`,
  (n) => `[${Array(n).fill(0)}].length`,
  (n) => `(() => ${n})()`,
  (n) => `((a, b = a + ${n - 1}) => b)(1)`,
  (n) => `({ n: ${n} }).n`,
  (n) => `(({ n: ${n} }).m ?? ${n})`,
  (n) => `parseInt("${n}px")`,
  (n) => `[...new Set([${Array.from({ length: n }, (_, i) => i)}])].length`,
  (n) => `(0, ${n})`,
  (n) => `Math.trunc(${n}.5)`,
  (n) => `${n + 4} % ${n + 4 > 8 ? 8 : 4 + n + 1}`,
  (n) => `(typeof ${n} === "number" && ${n})`,
  (n) => `new (class { get n() { return ${n}; } })().n`,
  (n) => `Object.keys({ ${Array.from({ length: n }, (_, i) => `k${i}: 1`)} }).length`,
  (n) => `(function () { return arguments.length; })(${Array(n).fill(1)})`,
  (n) => `(null ?? undefined ?? ${n})`,
  (n) => `JSON.parse("${n}")`,
  (n) => `[${n}].concat([1, 2])[0]`,
];

const COINS: readonly string[] = [
  '(Math.random() < 0.5)',
  '(Math.random() > 0.5)',
  'coin()',
  '(process.env.FLAG === "1")',
  'Boolean(process.env.FLAG)',
];

/** Ways to let a number decide something. */
const OBSERVERS: readonly { readonly weight: number; write(expression: string, r: Random): string }[] = [
  { weight: 6, write: (e, r) => `tf.zeros([${e}, ${r.int(1, 3)}]);` },
  { weight: 2, write: (e) => `tf.ones([2]).expandDims(0).tile([(${e}) + 1, 1]);` },
  { weight: 1, write: (e) => `tf.zeros(Array.from({ length: ${e} }, () => 1));` },
  {
    weight: 2,
    write: (e, r) =>
      `tf.sequential({ layers: [tf.layers.dense({ units: (${e}) + 1, inputShape: [${r.int(1, 3)}] })] });`,
  },
  {
    weight: 1,
    write: (e) =>
      `tf.sequential({ layers: [tf.layers.conv1d({ filters: 2, kernelSize: 2, padding: (${e}) > 2 ? "same" : "valid", inputShape: [4, 1] })] });`,
  },
  {
    weight: 1,
    write: (e) =>
      `tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: [3, 2] }), (${e}) % 2 ? tf.layers.flatten() : tf.layers.dense({ units: 4 })] });`,
  },
];

/** Code around a snippet that changes nothing of what it does. */
const FRAMES: readonly { readonly weight: number; wrap(text: string, id: number): string }[] = [
  { weight: 8, wrap: (text) => text },
  { weight: 3, wrap: (text, id) => `function run${id}() {\n${indent(text)}\n}\nrun${id}();` },
  { weight: 2, wrap: (text) => `(() => {\n${indent(text)}\n})();` },
  { weight: 2, wrap: (text) => `{\n${indent(text)}\n}` },
  {
    weight: 1,
    wrap: (text, id) => `class Run${id} {\n  go() {\n${indent(indent(text))}\n  }\n}\nnew Run${id}().go();`,
  },
  { weight: 1, wrap: (text) => `for (let once = 0; once < 1; once++) {\n${indent(text)}\n}` },
  { weight: 1, wrap: (text, id) => `try {\n${indent(text)}\n} finally {\n  tf.zeros([${(id % 3) + 1}]);\n}` },
  { weight: 1, wrap: (text) => `[1].forEach(() => {\n${indent(text)}\n});` },
  { weight: 1, wrap: (text) => `[...(function* () {\n${indent(text)}\n})()];` },
];

/**
 * The program of this seed.
 * @param only snippets to draw from, where not from all
 */
export function generateAdversarial(seed: number, only: readonly Snippet[] = snippets): AdversarialProgram {
  const r = new Random(seed);
  const sloppy = r.chance(0.25);
  const open = r.chance(0.45);
  const fits = ({ sloppy: needs, family }: Snippet): boolean =>
    (sloppy || !needs) && (!sloppy || family !== 'modules') && (open || !isOpen.has(family));
  const pool = only.filter(fits);
  const wanted = open ? pool.filter(({ family }) => isOpen.has(family)) : [];
  const files = new Map<string, string>();
  const heads: string[] = [
    sloppy ? "const tf = require('@tensorflow/tfjs');" : "import * as tf from '@tensorflow/tfjs';",
  ];
  const sections: { readonly family: string; readonly text: string }[] = [];
  const count = pool.length === 0 ? 0 : r.int(4, 8);
  for (let id = 1; id <= count; id += 1) {
    const snippet = wanted.length > 0 && r.chance(0.6) ? r.pick(wanted) : r.pick(pool);
    const fill = (text: string): string =>
      text
        .replaceAll('§', () => number(r))
        .replaceAll('¤', () => r.pick(COINS))
        .replace(/(?<=\w)\$(?!\{|<|\d)/g, String(id));
    let text = fill(snippet.text)
      .split('\n')
      .map((line) => (line.startsWith('@ ') ? observe(line.slice(2), r) : line))
      .join('\n')
      .replace(/@@ ([^}]*?) }/g, (_, expression: string) => `${observe(expression, r)} }`);
    const written = snippet as Partial<ModuleSnippet>;
    if (written.imports !== undefined) heads.push(fill(written.imports));
    for (const [name, code] of Object.entries(written.files ?? {})) files.set(`/programs/${fill(name)}.js`, fill(code));
    // The code of a class is strict.
    const frames = snippet.sloppy ? FRAMES.slice(0, 3) : FRAMES;
    if (!snippet.top) {
      text = r.weighted(frames).wrap(text, id);
      if (r.chance(0.15)) text = r.weighted(frames).wrap(text, id + 100);
    }
    sections.push({ family: snippet.family, text });
  }
  const families: (string | undefined)[] = [];
  const lines: string[] = [];
  const add = (text: string, family?: string): void => {
    for (const line of text.split('\n')) {
      lines.push(line);
      families[lines.length] = family;
    }
  };
  for (const head of heads) add(head);
  add('const coin = () => Math.random() < 0.5;');
  for (const { family, text } of sections) add(text, family);
  return { seed, path: `/programs/hostile${seed}.js`, text: `${lines.join('\n')}\n`, files, open, families };
}

const isOpen: ReadonlySet<string> = new Set(unknownSnippets.map(({ family }) => family));

function number(r: Random): string {
  const n = r.int(1, 4);
  return r.chance(0.6) ? String(n) : r.pick(NUMBERS)(n);
}

const observe = (expression: string, r: Random): string => r.weighted(OBSERVERS).write(expression, r);
