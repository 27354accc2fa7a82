/** `tf` that code out of view gives: a parameter, a loader's result, a member of the window. */
import { describe, expect, test } from 'vitest';
import { showShape } from '../../../src/analyzer/shapes/shape';
import { evaluate } from './evaluate';

/** The outputs of the dense layers that a program applies, in order. */
function outputs(program: string, path = '/main.ts'): readonly unknown[] {
  const { facts } = evaluate({ [path]: program }).interpreter;
  return facts.flatMap((f) =>
    f.kind === 'layerCall' && f.layer.type === 'dense' ? [showShape(f.outputs[0]?.shape ?? null)] : [],
  );
}

const NET = 'const m = tf.sequential(); m.add(tf.layers.dense({ units: 3, inputShape: [4] }));';
const KNOWN = ['[null,3]'];

describe('what is called tf and used as the library is the library', () => {
  test.each([
    ['a parameter', `export function build(tf) { ${NET} }`],
    ['a property of a parameter', `export const build = ({ tf, rate }) => { ${NET} };`],
    ['what a loader out of view gives', `import { loadTf } from './load'; const tf = await loadTf(); ${NET}`],
    [
      'a variable that a function sets',
      `let tf; async function init() { tf = await loadTf(); } function build() { ${NET} }`,
    ],
    ['an import out of view', `import { tf } from './load'; ${NET}`],
    ['the default of a module out of view', `import tf from './load'; ${NET}`],
    ['the namespace of a module out of view', `import * as tf from './load'; ${NET}`],
    ['a module that is required', `const tf = require('./load'); ${NET}`],
    ['a member of the window', `const { tf } = window; ${NET}`],
    ['a member of the window that is cast', `const tf = (globalThis as { tf?: unknown }).tf; ${NET}`],
    ['a member of a package that carries it', `import * as faceapi from 'face-api.js'; const tf = faceapi.tf; ${NET}`],
    ['a field', `class Net { constructor(tf) { this.tf = tf; } build() { const tf = this.tf; ${NET} } }`],
    ['a field that nobody in view sets', `class Net { tf; build() { ${NET.replace(/\btf\./g, 'this.tf.')} } }`],
  ])('%s', (_, program) => {
    expect(outputs(program)).toEqual(KNOWN);
  });

  test('by another name, as it is used', () => {
    expect(outputs(`export function build(tfjs) { ${NET.replace(/\btf\./g, 'tfjs.')} }`)).toEqual(KNOWN);
  });

  test('but not where it is used as something else: a time frame, a text field', () => {
    const { interpreter } = evaluate({
      '/main.js': 'import { tf } from "./gone"; export let y; export let x; y = tf.add("a"); x = tf === "1h";',
    });
    const { variables } = interpreter.modules.records.get('/main.js')?.scope ?? {};
    for (const name of ['x', 'y']) expect(variables?.get(name)?.value).toHaveProperty('kind', 'unknown');
  });

  test('a value in view is what it is', () => {
    expect(
      outputs(`const tf = { layers: { dense: (o) => o }, sequential: () => [] }; tf.layers.dense({ units: 3 });`),
    ).toEqual([]);
  });
});

describe('a type says that a value is the namespace', () => {
  const lib = NET.replace(/\btf\./g, 'lib.');
  test.each([
    ['typeof import(…)', `export function build(lib: typeof import('@tensorflow/tfjs')) { ${lib} }`],
    ['typeof of an import', `import * as tf from '@tensorflow/tfjs'; export function build(lib: typeof tf) { ${lib} }`],
    [
      'typeof of an import of types',
      `import type * as t from '@tensorflow/tfjs'; export function build(lib: typeof t) { ${lib} }`,
    ],
    [
      'a member of an interface',
      `import * as tf from '@tensorflow/tfjs'; export interface B { lib: typeof tf } export function build({ lib }: B) { ${lib} }`,
    ],
    [
      'a field that a method reads which sets up',
      `import * as tf from '@tensorflow/tfjs'; class T { lib!: typeof tf; make() { ${lib.replace(/\blib\./g, 'this.lib.')} } }`,
    ],
  ])('%s', (_, program) => {
    expect(outputs(program)).toEqual(KNOWN);
  });
});
