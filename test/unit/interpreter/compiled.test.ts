/** What compilers make of newer syntax is read as what they made it of. */
import { ts } from 'ts-morph';
import { describe, expect, test } from 'vitest';
import { evaluate } from './evaluate';

const { ES5, ES2015 } = ts.ScriptTarget;

/** The variables of a program before and after it is compiled: they have to be the same. */
function both(source: string, ...names: readonly string[]): void {
  const plain = evaluate(source);
  for (const options of [{ target: ES5 }, { target: ES5, downlevelIteration: true }, { target: ES2015 }]) {
    const { outputText } = ts.transpileModule(source, { compilerOptions: { ...options, module: ts.ModuleKind.None } });
    const compiled = evaluate(outputText);
    for (const name of names) expect(compiled.get(name), `${name} in\n${outputText}`).toEqual(plain.get(name));
  }
}

describe('classes compiled to functions with prototypes', () => {
  test('have fields, methods, accessors and statics', () => {
    both(
      `class Counter { count = 1; static step = 3; static make() { return new Counter(); }
         get twice() { return this.count * 2; } set twice(v) { this.count = v / 2; } add() { this.count += Counter.step; return this; } }
       const c = Counter.make().add(); const a = c.count; const b = c.twice; c.twice = 20; const d = c.count;`,
      'a',
      'b',
      'd',
    );
  });

  test('inherit, hand arguments up, and call the methods above them', () => {
    both(
      `class Base { constructor(n) { this.n = n; } size() { return this.n; } }
       class Middle extends Base { size() { return super.size() + 10; } }
       class Last extends Middle { constructor(n, m) { super(n + 1); this.m = m; } size() { return [1].map(() => super.size() * this.m)[0]; } }
       const a = new Middle(2).size(); const b = new Last(2, 3).size(); const c = new Last(1, 1) instanceof Base;`,
      'a',
      'b',
      'c',
    );
  });

  test('are not taken for known where the prototype is replaced or comes from elsewhere', () => {
    const { get } = evaluate(
      `var made = (function () { function Old() { this.a = 1; } Old.prototype = outside(); Old.prototype.m = function () { return 2; }; return new Old(); })();
       var a = made.a;`,
    );
    expect(get('a')).toBe(1);
  });
});

describe('async functions compiled to state machines', () => {
  test('await one value after the other', () => {
    both(
      `async function two() { const a = await Promise.resolve(1); const b = await later(a); return a + b; }
       async function later(x) { return x + 1; }
       let r; async function main() { r = await two(); } main();`,
      'r',
    );
  });

  test('go into one branch, or into either', () => {
    both(
      `async function pick(flag) { let x = 0; if (flag) { x = await one(); x += 1; } else { x = await ten(); } return x; }
       async function one() { return 1; } async function ten() { return 10; }
       let a, b, c; async function main() { a = await pick(true); b = await pick(false); c = await pick(outside()); } main();`,
      'a',
      'b',
      'c',
    );
  });

  test('leave early', () => {
    both(
      `async function f(n) { if (n > 2) { await g(); return 'large'; } await g(); return 'small'; } async function g() { return 0; }
       let a, b; async function main() { a = await f(3); b = await f(1); } main();`,
      'a',
      'b',
    );
  });

  test('loop as often as it is known, and break and continue', () => {
    both(
      `async function id(x) { return x; }
       let sum = 0; async function main() { for (let i = 0; i < 5; i++) { if (i === 1) continue; const v = await id(i); if (v === 4) break; sum += v; } } main();
       const seen = []; async function each() { for (const x of [3, 4, 5]) seen.push(await id(x)); } each();
       let n = 0; async function until() { while (n < 3) { n += await id(1); } } until();
       let m = 0; async function once() { do { m += await id(2); } while (m < 5); } once();`,
      'sum',
      'seen',
      'n',
      'm',
    );
  });

  test('try, catch and clean up', () => {
    both(
      `async function id(x) { return x; } async function fail() { throw new Error('x'); }
       let a = 0, done = 0; async function main() { try { a = await id(7); } catch (e) { a = 1; } finally { done = await id(1); } } main();`,
      'done',
    );
  });

  test('keep their this', () => {
    both(
      `class Loader { constructor() { this.size = 4; } async load() { const x = await this.one(); return [x].map((v) => v * this.size)[0]; } async one() { return this.size + 1; } }
       let r; async function main() { r = await new Loader().load(); } main();`,
      'r',
    );
  });
});

describe('helpers of compilers', () => {
  test('spread, rest, defaults and destructuring', () => {
    both(
      `const a = { x: 1, y: 2 }; const b = { ...a, y: 3, z: 4 }; const { x, ...others } = b; const list = [0, ...[1, 2], 3];
       function f(n = 5, ...more) { return n + more.length; } const c = f(); const d = f(1, 2, 3); const [p, q] = list;`,
      'b',
      'others',
      'list',
      'c',
      'd',
      'p',
      'q',
    );
  });

  test('pass on what a module exports', () => {
    const { get } = evaluate(
      `const tslib_1 = require('tslib'); const from = { a: 1, default: 2 }; const to = {}; (0, tslib_1.__exportStar)(from, to);
       const a = to.a; const b = to.default; const c = tslib_1.__assign({}, from, { a: 5 }).a;`,
    );
    expect([get('a'), get('b'), get('c')]).toEqual([1, undefined, 5]);
  });
});

describe('var', () => {
  test('belongs to its function, whatever has its name outside', () => {
    const { get } = evaluate('var i = 7; function f() { var i = 1; i += 1; return i; } var r = f(); var after = i;');
    expect([get('r'), get('after')]).toEqual([2, 7]);
  });
});

describe('what callers out of view may call often', () => {
  test('leaves lists of any length and numbers of any value', () => {
    const { get } = evaluate(
      'const list = []; let count = 0; let model = null; export function add(x) { list.push(1); count += 1; model = 5; }',
    );
    expect(get('list')).toEqual({ list: [], rest: 1 });
    expect(get('count')).not.toBe(1);
    expect(get('model')).toBe(5);
  });
});
