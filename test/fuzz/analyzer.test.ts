/** No input makes the analyzer throw, hang, or point outside the text: real programs, cut, doubled and garbled. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../src/analyzer';
import { processorTime } from '../tools/processorTime';

const folder = fileURLToPath(new URL('../../examples/src', import.meta.url));
const programs = readdirSync(folder).map((name) => ({
  path: `/fuzz/${name}`,
  text: readFileSync(join(folder, name), 'utf8'),
}));

/** Milliseconds of processor that a run may take. */
const LIMIT = 20_000;

function survives(path: string, text: string): void {
  const files = { read: (asked: string) => (asked === path ? text : undefined) };
  const { result, time } = processorTime(() => createAnalyzer(files).analyze(path));
  expect(time).toBeLessThan(LIMIT);
  const { findings, calls, models, reasons, problems } = result;
  for (const { at } of [...findings, ...calls, ...models, ...reasons, ...problems]) {
    expect(at.start).toBeGreaterThanOrEqual(0);
    expect(at.end).toBeLessThanOrEqual(text.length);
    expect(at.start).toBeLessThanOrEqual(at.end);
  }
  for (const finding of findings) {
    expect(finding.message.length).toBeLessThanOrEqual(120);
    expect(finding.message).not.toContain('\n');
  }
}

/** A program of many lines alike. */
const lines = (count: number, line: (i: number) => string, first: string): string =>
  ["import * as tf from '@tensorflow/tfjs';", first, ...Array.from({ length: count }, (_, i) => line(i))].join('\n');

const program = fc.constantFrom(...programs);
/** Pieces that turn up where they do not belong. */
const scrap = fc.constantFrom(
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  ',',
  ';',
  '=>',
  '...',
  '?.',
  '`',
  '"',
  "'",
  '/*',
  '*/',
  '//',
  '=',
  '-1',
  'null',
  'undefined',
  'NaN',
  '1e309',
  '0',
  'await ',
  'yield ',
  'class ',
  'function ',
  'for (;;) ',
  'while (true) ',
  'import ',
  'export ',
  'this',
  'super',
  '\0',
  '\u2028',
  '🙂',
  'tf.',
  '.apply(x)',
  'new ',
);

/** The text with a stretch at two random places cut, doubled, moved or replaced. */
function garble(text: string, edits: readonly { at: number; length: number; how: number; piece: string }[]): string {
  return edits.reduce((now, { at, length, how, piece }) => {
    const start = at % (now.length + 1);
    const end = Math.min(now.length, start + length);
    const cut = now.slice(start, end);
    return [
      now.slice(0, start) + now.slice(end),
      now.slice(0, end) + cut + now.slice(end),
      now.slice(0, start) + piece + now.slice(start),
      now.slice(0, start) + piece + now.slice(end),
    ][how % 4] as string;
  }, text);
}

const edit = fc.record({ at: fc.nat(1e6), length: fc.nat(60), how: fc.nat(3), piece: scrap });

describe('the analyzer survives', () => {
  test('real programs with pieces cut, doubled and put in', () => {
    fc.assert(
      fc.property(program, fc.array(edit, { minLength: 1, maxLength: 8 }), ({ path, text }, edits) =>
        survives(path, garble(text, edits)),
      ),
      { numRuns: 300, seed: 7 },
    );
  });

  test('half-typed programs', () => {
    fc.assert(
      fc.property(program, fc.nat(1e6), ({ path, text }, at) => survives(path, text.slice(0, at % (text.length + 1)))),
      { numRuns: 150, seed: 11 },
    );
  });

  test('any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => survives('/fuzz/any.ts', text)),
      { numRuns: 300, seed: 13 },
    );
  });

  test('numbers that make no sense in every option', () => {
    const odd = fc.constantFrom(
      '-1',
      '0',
      '1.5',
      'NaN',
      'Infinity',
      '1e308',
      "'8'",
      'null',
      'undefined',
      '[]',
      '[[]]',
      '{}',
      '() => 1',
      '[1, [2]]',
      'true',
      '-0',
      '2 ** 53',
    );
    const layer = fc.constantFrom(
      'dense',
      'conv2d',
      'conv1d',
      'conv3d',
      'maxPooling2d',
      'batchNormalization',
      'layerNormalization',
      'reshape',
      'permute',
      'repeatVector',
      'embedding',
      'lstm',
      'zeroPadding2d',
      'cropping2D',
      'upSampling2d',
      'concatenate',
      'dropout',
      'flatten',
    );
    const keys = [
      'units',
      'filters',
      'kernelSize',
      'strides',
      'poolSize',
      'axis',
      'momentum',
      'targetShape',
      'dims',
      'n',
      'inputDim',
      'outputDim',
      'padding',
      'cropping',
      'size',
      'rate',
      'inputShape',
    ];
    fc.assert(
      fc.property(
        layer,
        fc.array(fc.tuple(fc.constantFrom(...keys), odd), { maxLength: 5 }),
        odd,
        (type, options, shape) => {
          const text = `import * as tf from '@tensorflow/tfjs';
const layer = tf.layers.${type}({ ${options.map(([key, value]) => `${key}: ${value}`).join(', ')} });
const y = layer.apply(tf.input({ shape: [8, 8, 3] }));
const z = layer.apply(tf.zeros([2, 8, 8, 3]));
const w = tf.reshape(tf.zeros([4]), ${shape}).sum(${shape}).expandDims(${shape});`;
          survives('/fuzz/options.ts', text);
        },
      ),
      { numRuns: 400, seed: 17 },
    );
  });

  test.each([
    ['a file of one megabyte', `const a = [${'1,'.repeat(500_000)}];`],
    ['ten thousand nested calls', `${'f('.repeat(10_000)}${')'.repeat(10_000)}`],
    ['a chain of five thousand methods', `const x = tf.zeros([2])${'.add(1)'.repeat(5_000)};`],
    ['a list that doubles', 'let a = [1]; for (let i = 0; i < 60; i++) a = a.concat(a);'],
    ['text that doubles', "let s = 'x'; for (let i = 0; i < 60; i++) s = s + s;"],
    [
      'a huge fill',
      'const a = new Array(4e9).fill(0); const b = Array.from({ length: 1e9 }); const c = "x".repeat(1e9); const d = tf.zeros([1e9, 1e9]);',
    ],
    [
      'objects in circles',
      'const o = {}; o.o = o; const l = [o]; l.push(l); o.l = l; tf.tensor(l); tf.layers.dense(o); JSON.stringify(o); structuredClone(o); const t = `${l}`; const p = { ...o };',
    ],
    ['a class that extends itself', 'class A extends A {} new A(); class B extends (class extends B {}) {} '],
    [
      'a getter that calls itself',
      'const o = { get x() { return this.x; } }; o.x; class C { get y() { return this.y; } } new C().y;',
    ],
    [
      'odd prototypes',
      'const o = { __proto__: null, constructor: 1, hasOwnProperty: 2 }; o.constructor.x; tf.constructor; tf.layers.constructor({}); tf.zeros([1]).__proto__.x; tf.layers.dense({ units: 1 }).hasOwnProperty("a");',
    ],
    ['a list that grows by copies', lines(30_000, (i) => `l = l.concat([${i}]);`, 'let l = [];')],
    ['an object that grows by copies', lines(20_000, (i) => `o = { ...o, k${i}: ${i} };`, 'let o = {};')],
    ['keys that may or may not be set', lines(50_000, (i) => `if (known${i % 7}) o.k${i} = ${i};`, 'const o = {};')],
    [
      'entries that may or may not be set',
      lines(40_000, (i) => `${i < 2e4 ? '' : 'if (known) '}m.set(${i % 2e4}, ${i});`, 'const m = new Map();'),
    ],
  ])('%s', (_, text) => survives('/fuzz/hostile.js', text));

  test('files that import each other in a circle', () => {
    const files: Record<string, string> = {
      '/a.ts': "import { b } from './b'; export const a = () => b(); export * from './c';",
      '/b.ts': "import { a } from './a'; export const b = () => a(); export * from './a';",
      '/c.ts': "export * from './a'; export * from './c'; import * as c from './c'; export const x = c.x;",
    };
    const analyzer = createAnalyzer({ read: (path) => files[path] });
    expect(analyzer.analyzeAll(Object.keys(files)).flatMap((f) => f.findings)).toEqual([]);
  });
});
