import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/analyzer/frontend';
import { read } from './helpers';

const table: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  declarations: [
    ['const a = 1, b = 2', '(const (= a 1) (= b 2))'],
    ['let a; var b = c', '(let a)\n(var (= b c))'],
    ['export const a: tf.Tensor4D = f()', '(export const (= a: tf.Tensor4D (call f)))'],
    [
      'const {a, b: [c, , d = 1], "e-f": g, [h]: i, ...j} = k',
      '(const (= {a: a, b: [c, _, d = 1], e-f: g, [h]: i, ...j} k))',
    ],
    ['const [a, ...[b, c]]: [number, ...number[]] = d', '(const (= [a, ...[b, c]]: opaque<[number, ...number[]]> d))'],
    ['declare const a: number; declare let b: tf.Tensor', '(declare const a: number)\n(declare let b: tf.Tensor)'],
    ['declare function f(x: number): tf.Tensor1D', '(declare const f: () => tf.Tensor1D)'],
    ['declare class A { m(): void }', ''],
  ],
  functions: [
    [
      'function f(a: number, b?: string, ...c: number[]): void {}',
      '(function f (a: number, b?: string, ...c: number[]): void)',
    ],
    ['export async function f() {}', 'export (async function f ())'],
    ['function* f() {}', '(function* f ())'],
    ['export default function f() {}', '(export default (function f ()))'],
    ['export default function () {}', '(export default (function ()))'],
    ['function f(a: 1): 1; function f(a) { return a }', '(function f (a) (return a))'],
    ['function f(this: Foo, a) {}', '(function f (a))'],
    ['function f<T extends number>(a: T): a is 3 { return true }', '(function f (a: T): boolean (return true))'],
  ],
  classes: [
    ['class A extends tf.layers.Layer {}', '(class A extends (. (. tf layers) Layer))'],
    ['export default class extends f(B) {}', '(export default (class extends (call f B)))'],
    [
      'export abstract class A { abstract b(): void; abstract c: number; d() {} }',
      'export (class A (method d (function ())))',
    ],
    [
      'class A { constructor(private a: number, readonly b = 1, c?) { super(a) } }',
      '(class A (constructor (function (field a: number, field b = 1, c?) (call super a))))',
    ],
    [
      'class A { a = 1; static b: number[] = []; #c; declare d: string; ["e"] = 2 }',
      '(class A (field a 1) (static field b: number[] []) (field #c) (field d: string) (field ["e"] 2))',
    ],
    [
      'class A { static async *m() {} get g() { return this.#g } set g(v) { super.g = v } }',
      '(class A (static method m (async function* ())) (getter g (function () (return (. this #g)))) (setter g (function (v) (= (. super g) v))))',
    ],
    ['class A { static { init() } }', '(class A (static (call init)))'],
    ['class A { [key: string]: number; m(): void; m(a?) {} ; }', '(class A (method m (function (a?))))'],
    ['@dec() class A { @input() a = 1; @hot m(@inject x) {} }', '(class A (field a 1) (method m (function (x))))'],
    ['class A<T> extends B<T> implements C { accessor a = 1 }', '(class A extends B (field a 1))'],
    ['const A = class B { m = () => 1 }', '(const (= A (class B (field m (=> () (return 1))))))'],
  ],
  'enums and namespaces': [
    ['enum A { B, C = 3, "D-E" = "x" }', '(enum A B, C = 3, D-E = "x")'],
    ['export const enum A { B }', '(export enum A B)'],
    ['namespace A.B { export const c = 1 }', '(namespace A (export namespace B (export const (= c 1))))'],
    ['declare module "x" { const y: number }', ''],
    ['declare global { interface Window { tf: unknown } }', ''],
  ],
  branches: [
    ['if (a) b; else if (c) { d } else ;', '(if a b (if c {d} {}))'],
    ['switch (a) { case 1: case 2: b; break; default: c }', '(switch a (case 1) (case 2 b (break)) (default c))'],
    ['try { a } catch { b } finally { c }', '(try {a} (catch {b}) (finally {c}))'],
    ['try { a } catch ({message}) { throw b }', '(try {a} (catch {message: message} {(throw b)}))'],
  ],
  loops: [
    ['for (let i = 0, n = 3; i < n; i++) a', '(for (let (= i 0) (= n 3)) (< i n) (i ++) a)'],
    ['for (;;) { break }', '(for _ _ _ {(break)})'],
    ['for (i = 0; ; i += 1) ;', '(for (= i 0) _ (+= i 1) {})'],
    ['for (const [a, b] of c.entries()) d', '(forOf const [a, b] (call (. c entries)) d)'],
    ['for await (const a of b) c', '(forOf const a b c)'],
    ['for (x.y of z) a', '(forOf (. x y) z a)'],
    ['for (var a in b) c', '(forIn var a b c)'],
    ['while (a) b; do { c } while (d)', '(while a b)\n(doWhile d {c})'],
    ['a: for (;;) { for (;;) continue a }', '(label a (for _ _ _ {(for _ _ _ (continue a))}))'],
  ],
  others: [
    [';;debugger;', ''],
    ['{ using a = b; await using c = d }', '{(using (= a b)) (using (= c d))}'],
    ['function f() { return; }', '(function f () (return))'],
    ['"use strict"; a', '"use strict"\na'],
    ['#!/usr/bin/env node\na', 'a'],
    ['\uFEFFa', 'a'],
  ],
  imports: [
    ['import "a"', '(import "a")'],
    ['import a, { b, c as d, default as e } from "f"', '(import default as a, b, c as d, default as e "f")'],
    ['import a, * as b from "c"', '(import * as b default as a "c")'],
    [
      'import type { A } from "b"; import { type C } from "d"; import type E from "f"',
      '(type A import("b").A)\n(type C import("d").C)\n(type E typeof import("f"))',
    ],
    ['import type * as tf from "a"', '(type tf typeof import("a"))'],
    ['import { type A, b } from "c"', '(import b "c")\n(type A import("c").A)'],
    ['import a = require("b")', '(import * as a "b")'],
    ['export import a = require("b")', '(import * as a "b")\n(export a)'],
    ['import a = B.C.d', '(const (= a (. (. B C) d)))'],
    ['import data from "./a.json" with { type: "json" }', '(import default as data "./a.json")'],
  ],
  exports: [
    ['export { a, b as c, d as default }', '(export a, b as c, d as default)'],
    ['export { a as "b c", default } from "d"', '(export a as b c, default from "d")'],
    ['export * from "a"; export * as b from "c"', '(export * from "a")\n(export * as b from "c")'],
    ['export type { A } from "b"; export { type C, d }', '(type A import("b").A)\n(export d)'],
    ['export default a + 1', '(export default (+ a 1))'],
    ['export = a', '(export default a)'],
    ['export {}', '(export)'],
    ['export as namespace A', ''],
  ],
}; // prettier-ignore

for (const [group, cases] of Object.entries(table)) {
  describe(`${group} become`, () => {
    it.each(cases)('%s → %s', (code, expected) => {
      expect(read(code, code.includes('export as') ? 'file.d.ts' : 'file.ts')).toBe(expected);
    });
  });
}

describe('the list of imports', () => {
  it('holds every literal specifier once, in order of appearance', () => {
    const code = `
      import a from 'a'; import type t from 'types'; import 'b';
      const c = require('c'); async function f() { await import('d'); require(name); import(name) }
      export { e } from 'e'; export * from 'f'; import g = require('g'); export * as h from 'h'; require('a');`;
    expect(parse('file.ts', code).imports).toEqual(['a', 'types', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  });

  it('follows the order inside a chain', () => {
    expect(parse('file.js', 'require("a").use(require("b")).use(require("c"))').imports).toEqual(['a', 'b', 'c']);
  });
});

describe('JSON', () => {
  it('is a module whose default export is the value', () => {
    expect(read('{"filters": [32, -1], "name": "x"}', 'config.json')).toBe(
      '(export default {filters: [32, (- 1)], name: "x"})',
    );
  });
});
