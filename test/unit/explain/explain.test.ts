import { describe, expect, test } from 'vitest';
import { createAnalyzer, type Explanation } from '../../../src/analyzer';
import { lineOf } from '../../tools/lineOf';

const PATH = '/main.js';

/** Explains the place of `|` in a program. */
function explain(marked: string): Explanation | undefined {
  const offset = marked.indexOf('|');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  return createAnalyzer({ read: (path) => (path === PATH ? text : undefined) }).explain(PATH, offset);
}

const NET = `import * as tf from '@tensorflow/tfjs';
const input = tf.input({ shape: [28, 28, 1] });
const hidden = tf.layers.conv2d({ filters: 8, kernelSize: 3 }).apply(input);
const output = tf.layers.flatten().apply(hidden);
`;

describe('explain', () => {
  test('tells the shape of a tensor, the role of each axis, and every call that leads to it, in order', () => {
    const [value] = explain(`${NET}console.log(out|put);`)?.values ?? [];
    // Shapes as the real tfjs gives them: 28 − 3 + 1 = 26, and 26 · 26 · 8 = 5408.
    expect(value).toMatchObject({ kind: 'tensor', shape: [null, 5408], roles: ['batch', 'channel'] });
    expect(value?.steps.map(({ name, text, at }) => [name, text, lineOf(NET, at.start)])).toEqual([
      ['input', 'tf.input “input1”', 2],
      ['hidden', 'tf.layers.conv2d “conv2d_Conv2D1”', 3],
      ['output', 'tf.layers.flatten “flatten_Flatten1”', 4],
    ]);
    expect(value?.steps[1]).toMatchObject({ inputs: [[null, 28, 28, 1]], outputs: [[null, 26, 26, 8]] });
  });

  test('takes the innermost expression that covers the place', () => {
    expect(explain('const a = 3; const b = (a + |4) * 2;')?.values[0]).toMatchObject({ kind: 'constant', text: '4' });
    expect(explain('const a = 3; const b = (a |+ 4) * 2;')?.values[0]).toMatchObject({ text: '7' });
    expect(explain('const a = 3; const b = (a + 4) |* 2;')?.values[0]).toMatchObject({ text: '14' });
    expect(explain('const a = 3; const b| = (a + 4) * 2;')?.values[0]).toMatchObject({ text: '14' });
  });

  test('tells where a name was given to a plain value', () => {
    const text = 'const sizes = [4, 8];\nconst twice = |sizes;';
    const [value] = explain(text)?.values ?? [];
    expect(value).toMatchObject({ kind: 'list', text: '[4, 8]' });
    expect(value?.steps.map(({ at }) => [at.start, at.end])).toEqual([[6, 11]]);
  });

  test('tells where and why inference stopped', () => {
    const text = "import { load } from './elsewhere';\nconst size = load();\nconst twice = |size;";
    const [value] = explain(text)?.values ?? [];
    expect(value).toMatchObject({ kind: 'unknown', stop: { code: 'external', at: { start: 0 } } });
    expect(value?.stop?.text).toContain("'./elsewhere' is not in the workspace");
  });

  test('lists the evaluations of a loop that differ, and counts those that do not', () => {
    expect(explain('for (const n of [1, 2, 3]) { |n * 10; }')).toMatchObject({
      times: 3,
      distinct: 3,
      values: [{ text: '1' }, { text: '2' }, { text: '3' }],
    });
    expect(explain('for (const n of [1, 2, 3]) { const same = |5; }')).toMatchObject({
      times: 3,
      distinct: 1,
      values: [{ text: '5', times: 3 }],
    });
  });

  test('tells a few values of many, and how many there are', () => {
    const explanation = explain('for (let i = 0; i < 20; i += 1) { Math.sqrt(|i); }');
    expect(explanation).toMatchObject({ times: 20, distinct: 20 });
    expect(explanation?.values).toHaveLength(4);
  });

  test('tells each call of a function apart', () => {
    const text = 'function twice(n) { return 2 * |n; }\ntwice(3);\ntwice(5);';
    expect(explain(text)?.values.map(({ text }) => text)).toEqual(['3', '5']);
  });

  test('tells alternatives where a condition is not known', () => {
    const [value] = explain('const n = globalThis.x ? 1 : 2;\nconst m = |n;')?.values ?? [];
    expect(value).toMatchObject({ kind: 'alternatives', options: [{ text: '1' }, { text: '2' }] });
  });

  test('tells of a layer where it was made and what it was applied to', () => {
    const [value] = explain(`${NET}const bn = tf.layers.dense({ units: 3 });\nbn.apply(output);\n|bn;`)?.values ?? [];
    // 5408 · 3 weights and 3 biases.
    expect(value).toMatchObject({ kind: 'layer', text: 'layer dense “dense_Dense1”, 16227 parameters' });
    expect(value?.steps.map(({ outputs }) => outputs)).toEqual([[], [[null, 3]]]);
  });

  test('says that code which no path reaches is never evaluated', () => {
    expect(explain('if (false) { const a = |4; }')).toMatchObject({ times: 0, values: [] });
  });

  test('does not take the call around a function for what stands inside it', () => {
    const explanation = explain('if (false) { [1].map((v) => { const w = |v; return w; }); }');
    expect(explanation).toMatchObject({ times: 0 });
  });

  test('has nothing to tell where there is no expression', () => {
    expect(explain('|\nconst a = 1;')).toBeUndefined();
  });

  test('tells of a line every name that it binds, and of calls that no name takes', () => {
    const text = 'const f = (n) => n + 1;\nconst { a, b } = { a: 1, b: 2 }; f(5);\nconst c = 3;';
    const analyzer = createAnalyzer({ read: () => text });
    const line = text.indexOf('const {');
    const told = analyzer.explainBetween(PATH, line, text.indexOf('\nconst c'));
    expect(told.map(({ at, values }) => [text.slice(at.start, at.end), values[0]?.text])).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['{ a: 1, b: 2 }', '{ a: 1, b: 2 }'],
      ['f(5)', '6'],
    ]);
  });

  test('leaves no trace in what analyze gives', () => {
    const analyzer = createAnalyzer({ read: (path) => (path === PATH ? NET : undefined) });
    const before = analyzer.analyze(PATH);
    analyzer.explain(PATH, NET.indexOf('hidden'));
    expect(analyzer.analyze(PATH).calls.map((call) => call.outputShape)).toEqual(
      before.calls.map((call) => call.outputShape),
    );
  });
});
