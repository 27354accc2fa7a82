/** The language against the language: what the interpreter says a program computes is what Node computes. */
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { evaluate } from './evaluate';

/** Programs in plain JavaScript that leave their answer in `result`. */
const programs: Readonly<Record<string, readonly string[]>> = {
  'literals and operators': [
    'const result = [1 + 2 * 3, 7 % 4, 2 ** 10, -5 >> 1, 5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4, -1 >>> 28];',
    "const result = ['a' + 1, 'a' + 'b', `x${1 + 1}y${'z'}`, '5' * 2, 1 + +'3', typeof 1, typeof 'a', typeof undefined, typeof null];",
    'const result = [1 < 2, 2 <= 2, 3 > 4, 1 === 1, 1 == 1, 1 !== 2, null == undefined, !0, !!1, void 0];',
    'const result = [null ?? 3, 0 ?? 3, 0 || 3, 0 && 3, 5 && 3, undefined?.x, null?.[0]];',
    'let a = 1; let b = a++ + ++a; a += 5; a -= 1; a *= 2; b **= 2; const result = [a, b];',
    'let a; a ??= 4; a ||= 5; a &&= 6; const result = a;',
    'const result = [(1, 2, 3), true ? 1 : 2, false ? 1 : 2];',
  ],
  'objects and lists': [
    'const o = { a: 1, ["b" + 1]: 2, c: { d: [1, 2] } }; const result = [o.a, o.b1, o["c"].d[1], "a" in o, "z" in o];',
    'const base = { a: 1, b: 2 }; const result = { ...base, b: 3, c: 4 };',
    'const a = [1, 2]; const result = [...a, 3, ...[4, 5], ...a.map((x) => x * 10)];',
    'const o = { get x() { return this.y + 1; }, y: 4, set z(v) { this.y = v; } }; o.z = 9; const result = o.x;',
    'const o = { m() { return this.v; }, v: 3 }; const f = o.m.bind({ v: 7 }); const result = [o.m(), f(), o.m.call({ v: 1 }), o.m.apply({ v: 2 })];',
    'const o = {}; o.a = 1; o["b"] = 2; o.list = []; o.list.push(5); o.list[2] = 7; const result = [o.a, o.b, o.list.length, o.list[2]];',
    'const result = Object.entries({ a: 1, b: 2 }).map(([k, v]) => k + v);',
    'const result = [Object.keys({ a: 1, b: 2 }), Object.values({ a: 1, b: 2 }), Object.assign({}, { a: 1 }, { b: 2 }), Object.fromEntries([["a", 1]])];',
  ],
  destructuring: [
    'const { a, b: { c = 5, ...rest }, ...others } = { a: 1, b: { d: 2, e: 3 }, f: 4 }; const result = [a, c, rest, others];',
    'const [x, , y = 9, ...z] = [1, 2, undefined, 4, 5]; const result = [x, y, z];',
    'let a = 1; let b = 2; [a, b] = [b, a]; const o = {}; [o.p, o.q] = [a, b]; const result = [a, b, o.p, o.q];',
    'function f({ units = 3, name } = {}, [first] = [8]) { return [units, name, first]; } const result = [f(), f({ units: 1, name: "n" }, [2])];',
    'function f(a, b = a + 1, ...more) { return [a, b, more.length]; } const result = [f(1), f(1, 5), f(1, 2, 3, 4)];',
  ],
  'loops and jumps': [
    'let s = 0; for (let i = 0; i < 10; i++) { if (i === 3) continue; if (i === 7) break; s += i; } const result = s;',
    'const result = []; for (const x of [1, 2, 3]) result.push(x * x);',
    'const result = []; for (const k in { a: 1, b: 2 }) result.push(k);',
    'let n = 5; let f = 1; while (n > 1) { f *= n; n -= 1; } const result = f;',
    'let n = 0; do { n += 2; } while (n < 5); const result = n;',
    'const result = []; outer: for (let i = 0; i < 3; i++) { for (let j = 0; j < 3; j++) { if (j === 1) continue outer; if (i === 2) break outer; result.push([i, j]); } }',
    'const fs = []; for (let i = 0; i < 3; i++) fs.push(() => i); const result = fs.map((f) => f());',
    'let result = 0; switch (2) { case 1: result += 1; case 2: result += 2; case 3: result += 3; break; default: result += 100; }',
    'function f(x) { switch (x) { case "a": return 1; default: return 2; } } const result = [f("a"), f("b")];',
    'const result = []; for (const [i, v] of ["a", "b"].entries()) result.push(i + v);',
  ],
  'functions and closures': [
    'const add = (a) => (b) => a + b; const result = add(1)(2);',
    'function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } const result = fib(10);',
    'const counter = () => { let n = 0; return { up: () => ++n, get value() { return n; } }; }; const c = counter(); c.up(); c.up(); const result = c.value;',
    'const result = hoisted(); function hoisted() { return later; } var later = 3;',
    'const compose = (...fs) => (x) => fs.reduce((v, f) => f(v), x); const result = compose((x) => x + 1, (x) => x * 2)(3);',
    'function* g() { yield 1; yield* [2, 3]; for (let i = 4; i < 6; i++) yield i; } const result = [...g()];',
    'function f() { return arguments.length; } const result = f(1, 2, 3);',
  ],
  classes: [
    'class A { x = 1; static s = 2; #p = 3; constructor(y) { this.y = y; } sum() { return this.x + this.y + this.#p; } get double() { return this.sum() * 2; } static make(v) { return new A(v); } } const a = A.make(4); const result = [a.sum(), a.double, A.s, a instanceof A];',
    'class A { constructor(n) { this.n = n; } name() { return "A" + this.n; } } class B extends A { constructor() { super(5); this.m = 6; } name() { return super.name() + "B" + this.m; } } const b = new B(); const result = [b.name(), b instanceof A];',
    'class A { build() { return [this.kind(), this.size ?? 0]; } kind() { return "base"; } } class B extends A { size = 3; kind() { return "sub"; } } const result = new B().build();',
    'class Builder { parts = []; add(p) { this.parts.push(p); return this; } } const result = new Builder().add(1).add(2).parts;',
    'function Old(v) { this.v = v; } Old.prototype.get = function () { return this.v; }; const result = new Old(3).get();',
  ],
  'lists as tables': [
    'const result = [1, 2, 3, 4].filter((x) => x % 2).map((x) => x * 2).reduce((a, b) => a + b, 0);',
    'const result = [[1, [2]], [3]].flat(2).concat([4], 5).slice(1, -1).reverse();',
    'const result = [["a", 1], ["b", 2]].flatMap(([k, n]) => Array(n).fill(k));',
    'const a = [3, 1, 2]; const result = [a.indexOf(1), a.includes(9), a.find((x) => x > 2), a.findIndex((x) => x === 2), a.some((x) => x > 2), a.every((x) => x > 0), a.join("-"), a.at(-1)];',
    'const a = [1, 2, 3, 4]; const cut = a.splice(1, 2, 9); a.unshift(0); const last = a.pop(); const first = a.shift(); const result = [a, cut, last, first];',
    'const result = [Array.from({ length: 3 }, (_, i) => i * i), Array.from([1, 2]), new Array(3).fill(7), [...Array(2).keys()], Array.isArray([])];',
    'const m = new Map([["a", 1]]); m.set("b", 2); const s = new Set([1, 1, 2]); const result = [m.get("b"), m.has("c"), m.size, [...s], s.size, [...m.entries()]];',
    'const result = [3, 1, 2].toString() + ["x"].concat([]).length;',
  ],
  'numbers and text': [
    'const result = [Math.floor(7 / 2), Math.ceil(7 / 2), Math.max(1, 5, 3), Math.min(2, 1), Math.round(2.5), Math.pow(2, 5), Math.sqrt(16), Math.log2(8), Math.abs(-2)];',
    'const result = ["a-b-c".split("-"), "Conv2D".toLowerCase(), " x ".trim(), "abc".slice(1), "ab".repeat(2), "x".padStart(3, "0"), "abc"[1], "abc".length, "a,b".replace(",", ";")];',
    'const result = [parseInt("12px", 10), Number("3.5"), String(5), Boolean(""), Number.isInteger(4), (3.14159).toFixed(2), JSON.parse(JSON.stringify({ a: [1] })).a[0]];',
  ],
  'errors and asynchrony': [
    'let result; try { throw new Error("x"); } catch (e) { result = e.message; } finally { result += "!"; }',
    'function f(n) { if (n < 0) throw new Error("negative"); return n; } let result = 0; try { f(-1); } catch { result = f(2); }',
  ],
};

describe.each(Object.entries(programs))('%s', (_, texts) => {
  test.each(texts)('%s', (text) => {
    const expected: unknown = JSON.parse(
      JSON.stringify(runInNewContext(`${text}; JSON.parse(JSON.stringify([result]))`)),
    );
    expect(JSON.parse(JSON.stringify([evaluate(text).get('result')]))).toEqual(expected);
  });
});

test('async functions, promises and await give what they settle to', () => {
  const { get } = evaluate(`
    const later = async (x) => x + 1;
    async function main() { const a = await later(1); const [b, c] = await Promise.all([later(2), later(3)]); return [a, b, c]; }
    let result; main().then((v) => { result = v; });
    const direct = Promise.resolve(4).then((x) => x * 2);`);
  expect(get('result')).toEqual([2, 3, 4]);
  expect(get('direct')).toBe(8);
});

test('TypeScript leaves no trace: enums, namespaces, parameter fields, casts', () => {
  const { get } = evaluate(`
    enum Size { Small = 8, Large, Huge = Small * 4 }
    namespace Config { export const units = Size.Large; }
    class Net { constructor(private readonly units: number, public name = 'net') {} total() { return this.units! * 2; } }
    const table = { a: [1, 2] } as const satisfies Record<string, readonly number[]>;
    const result = [Size.Small, Size[9], Size.Huge, Config.units, new Net(3).total(), new Net(1).name, (table.a as any)[1], <number>5];`);
  expect(get('result')).toEqual([8, 'Large', 32, 9, 6, 'net', 2, 5]);
});
