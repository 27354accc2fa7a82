import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as runtime from '../../../runtime/index';
import { sample } from './support/data';

const page = readFileSync(new URL('../../../docs/runtime.md', import.meta.url), 'utf8');

it('the API page has a row for every norm that the runtime exports, and no other', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name).filter((name) => name !== 'parameters');
  const exported = Object.keys(runtime).filter((name) => /(Norm|Renorm|Tanh|Standardization)$/.test(name));
  expect(rows.toSorted()).toEqual(exported.toSorted());
});

it('the API page names every option that a norm knows', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (.*?) \|/gm)].filter(([, name = '']) => name in runtime);
  const named = new Map(rows.map(([, name = '', cell = '']) => [name, cell]));
  for (const [name, cell] of named) {
    const known = optionsOf(runtime[name as 'batchNorm']);
    const own = [...cell.matchAll(/`(\w+)`/g)]
      .map(([, option = '']) => option)
      .filter((option) => !(option in runtime));
    const inherited = /as above|as `batchNorm`/.test(cell) ? optionsOf(runtime.batchNorm) : ['engine'];
    expect([...new Set([...own, ...inherited])].toSorted(), name).toEqual(known.toSorted());
  }
});

function optionsOf(make: (options: object) => unknown): string[] {
  try {
    make({ unknown: 1 });
  } catch (error) {
    if (error instanceof runtime.NormError) return error.expected.replace('options named ', '').split(', ');
  }
  throw new Error('an unknown option was taken');
}

it('the examples of the API page run, one after another', () => {
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code.replace(/^import .*$/gm, ''));
  expect(blocks.length).toBeGreaterThan(2);
  const shape = [32, 28, 28, 64];
  const seen: unknown[] = [];
  const given = {
    ...runtime,
    values: sample(shape, 'ordinary', 1).data,
    dy: sample(shape, 'ordinary', 2),
    ordinary: sample(shape, 'ordinary', 3),
    use: (data: Float32Array) => seen.push(data.length),
  };
  // Later examples know what the first one declared.
  const [first, ...others] = blocks;
  const program = [first, ...others.map((code) => `{ ${code} }`)].join('\n');
  new Function(...Object.keys(given), program)(...Object.values(given));
  expect(seen).toEqual([runtime.sizeOf(shape)]);
});
