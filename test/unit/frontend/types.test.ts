import { describe, expect, it } from 'vitest';
import { read } from './helpers';

describe('type annotations become', () => {
  it.each([
    ['tf.Tensor4D', 'tf.Tensor4D'],
    ['Tensor<Rank.R4>', 'Tensor<Rank.R4>'],
    ['number | null | undefined', '(number | null | undefined)'],
    ['"a" | 2 | -3 | true | `t`', '("a" | 2 | -3 | true | "t")'],
    ['[number, 28, (28)]', '[number, 28, 28]'],
    ['readonly [h: number, w: number]', '[number, number]'],
    ['[number, number?, c?: 3]', '([number] | [number, number] | [number, number, 3])'],
    ['[number, ...number[]]', 'opaque<[number, ...number[]]>'],
    ['tf.Tensor[]', 'tf.Tensor[]'],
    ['Array<number>', 'number[]'],
    ['readonly number[] | ReadonlyArray<2>', '(number[] | 2[])'],
    ['Promise<tf.Tensor2D>', 'Promise<tf.Tensor2D>'],
    ['{ a: 1; b?: tf.Tensor; c(): void; [k: string]: unknown }', '{a: 1; b?: tf.Tensor; c: () => void}'],
    ['{ a: 1 } & { b: 2 }', '{a: 1; b: 2}'],
    ['A & B', 'opaque<A & B>'],
    ['(x: number) => tf.Tensor', '() => tf.Tensor'],
    ['import("tf").Tensor4D', 'import("tf").Tensor4D'],
    ['typeof a', 'typeof a'],
    ['typeof import("a")', 'typeof import("a")'],
    ['typeof import("a").b', 'opaque<typeof import("a").b>'],
    ['keyof T', 'opaque<keyof T>'],
    ['A extends B ? C : D', 'opaque<A extends B ? C : D>'],
  ])('%s → %s', (type, expected) => {
    expect(read(`type T = ${type}`)).toBe(`(type T ${expected})`);
  });

  it('statements for aliases and interfaces', () => {
    expect(read('export interface A extends B { readonly units: 32; run?(x: number): tf.Tensor }')).toBe(
      '(type A {units: 32; run?: () => tf.Tensor})',
    );
    expect(read('export default interface A { a: 1 }')).toBe('(type A {a: 1})');
  });

  it('the types of parameters, results and fields', () => {
    expect(read('const f = (x: tf.Tensor3D, [a]: [1]): number => a')).toBe(
      '(const (= f (=> (x: tf.Tensor3D, [a]: [1]): number (return a))))',
    );
  });
});

describe('JSDoc types in JavaScript', () => {
  const js = (code: string) => read(code, 'file.js');

  it('stand at variables and fields', () => {
    expect(js('/** @type {tf.Tensor4D} */\nconst x = f()')).toBe('(const (= x: tf.Tensor4D (call f)))');
    expect(js('class A {\n/** @type {number[]} */\na = [] }')).toBe('(class A (field a: number[] []))');
  });

  it('stand at the parameters and the result of a function', () => {
    const doc =
      '/**\n * Trains.\n * @param {tf.Tensor3D} x the input\n * @param {number=} n\n * @param {?string} [s]\n * @returns {Promise<tf.Tensor>} y\n */\n';
    const signature = '(x: tf.Tensor3D, n?: number, s?: (string | null)): Promise<tf.Tensor>';
    expect(js(`${doc}function f(x, n, s) {}`)).toBe(`(function f ${signature})`);
    expect(js(`${doc}const f = (x, n, s) => {}`)).toBe(`(const (= f (=> ${signature})))`);
    expect(js(`${doc}exports.f = function (x, n, s) {}`)).toBe(`(= (. exports f) (function ${signature}))`);
    expect(js(`class A {\n${doc}m(x, n, s) {} }`)).toBe(`(class A (method m (function ${signature})))`);
    expect(js(`x = {\n${doc}m: async (x, n, s) => 1 }`)).toBe(`(= x {m: (async => ${signature} (return 1))})`);
    expect(js(`${doc}export default (x, n, s) => 1`)).toBe(`(export default (=> ${signature} (return 1)))`);
  });

  it('stand at destructured and rest parameters', () => {
    const doc =
      '/**\n * @param {Object} options\n * @param {number} options.units\n * @param {boolean} [options.bias]\n * @param {...tf.Tensor} rest\n */\n';
    expect(js(`${doc}function f({units, bias}, ...rest) {}`)).toBe(
      '(function f ({units: units, bias: bias}: {units: number; bias?: boolean}, ...rest: tf.Tensor[]))',
    );
  });

  it('stand at a parameter itself', () => {
    expect(js('f((/** @type {tf.Tensor} */ x) => x)')).toBe('(call f (=> (x: tf.Tensor) (return x)))');
  });

  it('assert, in front of parentheses and of assignments', () => {
    expect(js('f(/** @type {tf.LayersModel} */ (m))')).toBe('(call f (as m tf.LayersModel))');
    expect(js('/** @type {number} */\nthis.a = b')).toBe('(= (. this a) (as b number))');
  });

  it('define types', () => {
    expect(js('/** @typedef {{units: number}} A */\n/**\n * @typedef {Object} B\n * @property {4} c\n */')).toBe(
      '(type A {units: number})\n(type B {c: 4})',
    );
  });

  it('in all their spellings', () => {
    const types = ['Array.<number>', '!Foo', '*', 'function(number): string', "import('tf').Tensor"];
    const printed = types.map((type) => js(`/** @type {${type}} */\nlet x`));
    expect(printed).toEqual([
      '(let x: number[])',
      '(let x: Foo)',
      '(let x: any)',
      '(let x: () => string)',
      '(let x: import("tf").Tensor)',
    ]);
  });
});

describe('JSDoc types in TypeScript', () => {
  it('yield to real annotations', () => {
    expect(read('/** @param {string} a\n @param {string} b */\nfunction f(a: number, b) {}')).toBe(
      '(function f (a: number, b: string))',
    );
  });
});
