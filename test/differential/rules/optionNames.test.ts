/** Which options each layer of tfjs reads: seen by a proxy that the real constructor is given, and declared by its types. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { optionNames } from '../../../src/analyzer/rules/optionNames';
import { tf } from '../../tools/loadTfjs';

const folder = path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-layers'));
const declarations = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.d.ts'))
  .map((file) => readFileSync(path.join(folder, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''))
  .join('\n');

const interfaces = new Map(
  [...declarations.matchAll(/interface (\w+)(?: extends ([^{]+?))? \{([\s\S]*?)\n?\}/g)].map(
    ([, name = '', bases = '', body = '']) => [
      name,
      {
        bases: bases.match(/\b[A-Z]\w+/g) ?? [],
        members: [...body.matchAll(/^ {4}(?:readonly )?(\w+)\??:/gm)].map(([, member = '']) => member),
      },
    ],
  ),
);

function membersOf(name: string): readonly string[] {
  const found = interfaces.get(name);
  return found === undefined ? [] : [...found.members, ...found.bases.flatMap(membersOf)];
}

/** What each factory declares that it takes. */
const declared = new Map(
  [...declarations.matchAll(/export declare function (\w+)\(args\??: (\w+)/g)].map(([, name = '', args = '']) => [
    name,
    membersOf(args),
  ]),
);

/** Enough for every layer to be made. */
const ENOUGH: Readonly<Record<string, unknown>> = {
  units: 2,
  filters: 2,
  kernelSize: 3,
  poolSize: 2,
  inputDim: 3,
  outputDim: 2,
  n: 2,
  dims: [1, 2],
  targetShape: [2, 2],
  rate: 0.5,
  stddev: 1,
  cropping: 1,
  height: 4,
  width: 4,
  numTokens: 3,
  scale: 2,
  factor: 0.5,
  inputShape: [4, 4],
  axes: 1,
  maxValue: 6,
  strides: 1,
  depthMultiplier: 1,
  maskValue: 0,
  theta: 1,
};

type Factory = (args: unknown) => { getConfig(): unknown };
const factories = tf.layers as unknown as Readonly<Record<string, Factory>>;

function partsFor(type: string): Readonly<Record<string, unknown>> {
  const { layers } = tf;
  if (type === 'rnn') return { cell: layers.lstmCell({ units: 2 }) };
  if (type === 'stackedRNNCells') return { cells: [layers.lstmCell({ units: 2 })] };
  if (type === 'timeDistributed') return { layer: layers.dense({ units: 2 }) };
  if (type === 'bidirectional') return { layer: layers.lstm({ units: 2 }), mergeMode: 'concat' };
  return {};
}

/** The keys that the constructor asks for, one by one. */
function readBy(type: string): ReadonlySet<string> {
  const read = new Set<string>();
  const args = new Proxy({ ...ENOUGH, ...partsFor(type) } as Record<string, unknown>, {
    get(target, key) {
      if (typeof key === 'string') read.add(key);
      return target[key as string];
    },
    // Some hand all of it on to a part of theirs: what is asked for then is not an option of their own.
    ownKeys: () => [],
  });
  factories[type]?.(args).getConfig();
  return read;
}

describe.each([...optionNames])('%s', (type, names) => {
  it('reads the options of the table, and no others', () => {
    const read = readBy(type);
    expect([...read].filter((key) => !names.has(key))).toEqual([]);
    const told = new Set([...read, ...(declared.get(type) ?? [])]);
    expect([...names].filter((key) => !told.has(key))).toEqual([]);
  });
});

it('every factory has a row', () => {
  const rows = new Set(optionNames.keys());
  const without = Object.keys(factories).filter((name) => /^[a-z]/.test(name) && !rows.has(name));
  // Other names of rows that are there, and the input, which is no layer with options of layers.
  expect(without.filter((name) => !/^(?:avgPool|maxPool\dd|globalMaxPool\dd|input)/.test(name))).toEqual([]);
});
