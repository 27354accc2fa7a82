import { describe, expect, test } from 'vitest';
import { processorTime } from '../../tools/processorTime';
import { evaluate } from './evaluate';

describe('a condition that is not known', () => {
  test('keeps both values apart', () => {
    const { get } = evaluate('let x = 1; if (outside()) x = 2; const y = outside() ? 10 : 20; const sum = x + y;');
    expect(get('x')).toEqual({ union: [2, 1] });
    expect(get('y')).toEqual({ union: [10, 20] });
    expect(get('sum')).toEqual({ union: [12, 22, 11, 21] });
  });

  test('leaves what neither branch touches', () => {
    expect(evaluate('const o = { a: 1, b: 2 }; if (outside()) o.a = 5; else o.a = 5;').get('o')).toEqual({
      a: 5,
      b: 2,
    });
  });

  test('makes a property that one branch sets optional', () => {
    expect(evaluate('const o = {}; if (outside()) o.a = 5;').get('o')).toEqual({ a: { union: [5, undefined] } });
  });

  test('leaves what a branch makes as that branch made it: no other path has it', () => {
    const { get } = evaluate(
      `class Block { constructor(n) { this.n = n; this.sizes = []; for (let i = 0; i < n; i++) this.sizes.push(i); } }
       let block; const kept = []; if (outside()) { block = new Block(3); kept.push(block); } else { block = new Block(3); }
       const n = block.n; const length = block.sizes.length; const last = block.sizes[2];`,
    );
    expect(get('n')).toBe(3);
    expect(get('length')).toBe(3);
    expect(get('last')).toBe(2);
  });

  test('drops a branch that throws', () => {
    const { get } = evaluate("function f(n) { if (outside()) throw new Error('x'); return n; } const result = f(3);");
    expect(get('result')).toBe(3);
  });

  test('joins an early return with what follows', () => {
    expect(evaluate('function f() { if (outside()) return 1; return 2; } const result = f();').get('result')).toEqual({
      union: [2, 1],
    });
    expect(
      evaluate(
        'function f() { for (const x of [1, 2]) { if (outside()) return x; } return 9; } const result = f();',
      ).get('result'),
    ).toEqual({ union: [9, 1, 2] });
  });

  test('makes lists that differ in length open at the end', () => {
    const { get } = evaluate('const layers = [1]; if (outside()) layers.push(2); layers.push(3);');
    expect(get('layers')).toEqual({ list: [1], rest: { union: [2, 3] } });
  });

  test('of a switch runs every case that may match', () => {
    const { get } = evaluate(
      "function f(k) { switch (k) { case 'a': return 1; case 'b': return 2; default: return 3; } } const result = f(outside());",
    );
    expect(get('result')).toEqual({ union: [1, 2, 3] });
  });

  test('of more than four numbers leaves a number', () => {
    const { get } = evaluate(
      'let n = 1; if (a()) n = 2; if (b()) n = 3; if (c()) n = 4; if (d()) n = 5; const isList = Array.isArray(n); const t = tf.zeros([n, 3]);',
    );
    expect(get('t')).toBe('[?,3]');
  });

  test('is not known where more than four alternatives meet', () => {
    const { get } = evaluate(
      'let x = 0; if (o()) x = 1; if (o()) x = 2; if (o()) x = 3; if (o()) x = 4; if (o()) x = 5;',
    );
    expect(get('x')).toEqual({ unknown: 'branch' });
  });

  test('of a try leaves what the block and the handler agree on', () => {
    const { get } = evaluate('let a = 1; let b = 1; try { a = 2; b = outside(); } catch (e) { b = 7; }');
    expect(get('a')).toBe(2);
    expect(get('b')).toEqual({ unknown: 'external' });
  });
});

describe('a loop whose bound is not known', () => {
  test('keeps what it does not change and loses what it does', () => {
    const { get } = evaluate(
      'let same = 4; let grows = 1; for (let i = 0; i < outside(); i++) { same = 4; grows = grows * 2; }',
    );
    expect(get('same')).toBe(4);
    expect(get('grows')).toEqual({ unknown: 'loop' });
  });

  test('makes a list open at the end', () => {
    const { get } = evaluate('const list = [0]; while (outside()) list.push(1);');
    expect(get('list')).toEqual({ list: [0], rest: 1 });
  });

  test('runs once where its body returns', () => {
    expect(
      evaluate('function f(items) { for (const x of items) { return 5; } return 6; } const result = f(outside());').get(
        'result',
      ),
    ).toEqual({ union: [6, 5] });
  });
});

describe('sizes known by name', () => {
  test('are computed with as polynomials', () => {
    const { interpreter } = evaluate(
      'function f(c: number) { const x = (c * 2 + 4) / 2; probe(x, Math.floor(c / 2), c - c, c === c, c < c + 1); } ',
    );
    expect(interpreter.facts.some((f) => f.kind === 'stop' && f.reason.text.includes('probe'))).toBe(true);
  });

  test('keep a default of their parameter', () => {
    const { get } = evaluate('let seen; function build(units = 64, { rate = 0.5 } = {}) { seen = [units, rate]; }');
    expect(get('seen')).toEqual([64, 0.5]);
  });

  test('come from types: literals, tuples, ranks, interfaces', () => {
    const { get } = evaluate(`
      import * as tf from '@tensorflow/tfjs';
      interface Config { units: number; mode: 'a'; shape: [28, 28, 1] }
      let seen; function f(c: Config, x: tf.Tensor3D, p: Promise<tf.Tensor2D>) { seen = [c.units, c.mode, c.shape, x, p]; }`);
    expect(get('seen')).toEqual([
      'c.units',
      'a',
      [28, 28, 1],
      '[x.shape[0],x.shape[1],x.shape[2]]',
      '[p.shape[0],p.shape[1]]',
    ]);
  });
});

describe('functions that nobody calls', () => {
  test('are visited after their callers, so that they see real arguments', () => {
    const { get } = evaluate('const seen = []; function build(n) { seen.push(n); } function main() { build(5); }');
    // Nobody says how often it is called.
    expect(get('seen')).toEqual({ list: [], rest: 5 });
  });

  test('see the fields that the methods which set up leave behind', () => {
    const { get } = evaluate('let seen; class Net { train() { seen = this.size; } build() { this.size = 3; } }');
    expect(get('seen')).toBe(3);
  });

  test('are found in callbacks handed to what is not known', () => {
    expect(evaluate("let seen; app.on('x', () => { seen = 2; });").get('seen')).toEqual({ union: [2, undefined] });
  });
});

describe('modules', () => {
  test('are linked with live bindings, defaults, stars and cycles', () => {
    const { get } = evaluate({
      '/main.ts':
        "import def, { a, f as g } from './lib'; import * as all from './barrel'; const result = [def, a, g(), all.b, all.deep];",
      '/lib.ts':
        "import { helper } from './helper'; export const a = 1; export function f() { return helper(); } export default 'd';",
      '/helper.ts': "import { a } from './lib'; export function helper() { return a + 1; }",
      '/barrel/index.ts': "export * from '../more'; export { b } from '../other';",
      '/more.js': 'export const deep = 7;',
      '/other.mjs': 'export let b = 8;',
    });
    expect(get('result')).toEqual(['d', 1, 2, 8, 7]);
  });

  test('of CommonJS give what they export', () => {
    const { get } = evaluate({
      '/main.js':
        "const { a, f } = require('./lib'); const whole = require('./whole'); const result = [a, f(2), whole(3)];",
      '/lib.js': 'exports.a = 1; exports.f = (x) => x + exports.a;',
      '/whole.js': 'module.exports = function (x) { return x * 2; };',
    });
    expect(get('result')).toEqual([1, 3, 6]);
  });

  test('read JSON, and name what is missing', () => {
    const { get, interpreter } = evaluate({
      '/main.ts': "import c from './config.json'; import x from './gone'; const result = c.units; const gone = x;",
      '/config.json': '{"units": 12}',
    });
    expect(get('result')).toBe(12);
    expect(get('gone')).toEqual({ unknown: 'external' });
    expect(interpreter.facts.some((f) => f.kind === 'stop' && f.reason.text.includes("'./gone'"))).toBe(true);
  });
});

describe('budgets', () => {
  test.each([
    ['an endless loop', 'let n = 0; while (true) { n += 1; } const after = 1;'],
    ['endless recursion', 'function f(n) { return f(n + 1); } const r = f(0); const after = 1;'],
    [
      'mutual recursion on what is not known',
      'function f(n) { return n ? g(n) : 0; } function g(n) { return n ? f(n) + f(n) : 1; } const r = f(outside()); const after = 1;',
    ],
    [
      'an endless generator',
      'function* g() { let i = 0; while (true) yield i++; } const [a, b] = g(); const after = 1;',
    ],
    [
      'exponential doubling',
      `let x = [1]; for (let i = 0; i < 200; i++) { x = [...x, ...x].slice(0, 50); } const after = 1;`,
    ],
  ])('end %s with a reason, and what follows is evaluated', (_, text) => {
    const { result, time } = processorTime(() => evaluate(text));
    expect(result.get('after')).toBe(1);
    expect(time).toBeLessThan(6000);
  });

  test('stop a run that takes too many steps, and keep what was seen', () => {
    const { get, interpreter } = evaluate(
      'const before = 1; for (let i = 0; i < 250; i++) for (let j = 0; j < 250; j++) {} const after = 2;',
      { steps: 1000 },
    );
    expect(get('before')).toBe(1);
    expect(interpreter.facts.some((f) => f.kind === 'stop' && f.reason.code === 'budget')).toBe(true);
  });

  test('end deep nesting without a crash', () => {
    const { interpreter } = evaluate(
      `const x = ${'['.repeat(300)}1${']'.repeat(300)}; let y = 0${' + 1'.repeat(20000)};`,
    );
    expect(interpreter.facts.length).toBeGreaterThanOrEqual(0);
  });
});
