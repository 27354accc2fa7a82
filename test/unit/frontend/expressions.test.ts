import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/analyzer/frontend';
import type { Expression } from '../../../src/analyzer/program/nodes';
import { read } from './helpers';

/** Code (a statement) → its printed tree. */
const table: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  literals: [
    ['x = 0x10', '(= x 16)'],
    ['x = 1_000.5e1', '(= x 10005)'],
    ['x = 12n', '(= x 12n)'],
    ['x = "a\\n"', '(= x "a\\n")'],
    ['x = null', '(= x null)'],
    ['x = undefined', '(= x undefined)'],
    ['x = true && false', '(= x (&& true false))'],
    ['x = /a\\/[/]b/gi', '(= x /a\\/[/]b/gi)'],
    ['x = [1, , ...y]', '(= x [1, _, ...y])'],
  ],
  templates: [
    ['x = `a`', '(= x "a")'],
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: this is code under test
    ['x = `a${b}c${d}`', '(= x (template "a" b "c" d ""))'],
    ['f.g`a${b}`', '(template tag (. f g) "a" b "")'],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: this is code under test
    ['f`a`', '(template tag f "a")'],
  ],
  objects: [
    ['x = {a: 1, "b-c": 2, 3: 4, 1e3: 5}', '(= x {a: 1, b-c: 2, 3: 4, 1000: 5})'],
    ['x = {a, ...b, [c + 1]: d}', '(= x {a, ...b, [(+ c 1)]: d})'],
    ['x = {f(a) { return a }}', '(= x {f: (function (a) (return a))})'],
    ['x = {async *f() {}}', '(= x {f: (async function* ())})'],
    [
      'x = {get a() { return 1 }, set a(v) {}}',
      '(= x {(getter a (function () (return 1))), (setter a (function (v)))})',
    ],
  ],
  operators: [
    ['a + b * c ** d', '(+ a (* b (** c d)))'],
    ['a - b - c', '(- (- a b) c)'],
    ['(a + b) * c', '(* (+ a b) c)'],
    ['a ?? (b || c && d)', '(?? a (|| b (&& c d)))'],
    ['a in b; c instanceof D', '(in a b)\n(instanceof c D)'],
    ['a >>> 1 | b << 2 & ~c', '(| (>>> a 1) (& (<< b 2) (~ c)))'],
    ['-a; +a; !a; typeof a; void 0', '(- a)\n(+ a)\n(! a)\n(typeof a)\n(void 0)'],
    ['delete a.b', '(delete (. a b))'],
    ['++a; a.b--', '(++ a)\n((. a b) --)'],
    ['a ? b : c ? d : e', '(? a b (? c d e))'],
    ['a, b, c', '(, a b c)'],
    ['(a, b), c', '(, (, a b) c)'],
  ],
  assignments: [
    ['a = b = c', '(= a (= b c))'],
    ['a.b += 1', '(+= (. a b) 1)'],
    ['a[0] ??= c', '(??= ([] a 0) c)'],
    ['a ||= b; a &&= c; a **= 2; a >>>= 3', '(||= a b)\n(&&= a c)\n(**= a 2)\n(>>>= a 3)'],
    ['[a, , b.c = 1, ...d] = e', '(= [a, _, (. b c) = 1, ...d] e)'],
    ['({a, b: c.d, e = 1, [f]: g, ...h} = i)', '(= {a: a, b: (. c d), e: e = 1, [f]: g, ...h} i)'],
    ['[[a], {b: [c]}] = d', '(= [[a], {b: [c]}] d)'],
    ['(a as any).b = 1; a! = 2', '(= (. (as a any) b) 1)\n(= a 2)'],
  ],
  chains: [
    ['a.b.c(d)[e].f', '(. ([] (call (. (. a b) c) d) e) f)'],
    ['a?.b?.[c]?.(d)', '(?.call (?.[] (?. a b) c) d)'],
    ['new A(b, ...c).d', '(. (new A b ...c) d)'],
    ['new A', '(new A)'],
    ['new (f())()', '(new (call f))'],
    ['a!.b!()', '(call (. a b))'],
    ['f<number>(x); g<string>', '(call f x)\ng'],
    ['a.#b; #b in a', '(. a #b)\n(in "#b" a)'],
  ],
  'types in expressions': [
    ['x as tf.Tensor4D', '(as x tf.Tensor4D)'],
    ['[1, 2] as const', '(as [1, 2])'],
    ['x satisfies Config', '(as x Config)'],
    ['<number>x', '(as x number)'],
    ['(x as unknown as number) + 1', '(+ (as (as x unknown) number) 1)'],
  ],
  functions: [
    ['f = x => x + 1', '(= f (=> (x) (return (+ x 1))))'],
    ['f = async ({a = 1}, ...b) => { await a }', '(= f (async => ({a: a = 1}, ...b) (await a)))'],
    ['f = function g(a, b = 2) {}', '(= f (function g (a, b = 2)))'],
    [
      'f = function* () { const x = yield a; yield* b; yield }',
      '(= f (function* () (const (= x (yield a))) (yield* b) (yield)))',
    ],
    ['f = () => ({a: 1})', '(= f (=> () (return {a: 1})))'],
  ],
  modules: [
    ['const a = await import("./a")', '(const (= a (await (import "./a"))))'],
    ['const a = require("a").b', '(const (= a (. (call require "a") b)))'],
    ['x = import.meta.url', '(= x (. error<import.meta> url))'],
  ],
}; // prettier-ignore

for (const [group, cases] of Object.entries(table)) {
  describe(`${group} become`, () => {
    it.each(cases)('%s → %s', (code, expected) => {
      expect(read(code)).toBe(expected);
    });
  });
}

describe('expressions', () => {
  it('of JSX are the expressions in braces and the nested elements, in source order', () => {
    const code = 'x = <A.B c={d} {...e} f="g" h=<i/>>text {j} {/* none */} <>{k}</> {...l}</A.B>';
    expect(read(code, 'file.tsx')).toBe('(= x (element d e (element) j (element k) l))');
    expect(read('x = <div>{a}</div>', 'file.js')).toBe('(= x (element a))');
  });

  it('in parentheses keep the range inside them', () => {
    const text = '( a + b ).c';
    const [statement] = parse('file.ts', text).body;
    const member = statement?.kind === 'expression' ? statement.expression : undefined;
    expect(member).toMatchObject({ kind: 'member', start: 0, end: 11, object: { kind: 'binary', start: 2, end: 7 } });
  });

  it('as the body of an arrow are one return statement with their own range', () => {
    const [statement] = parse('file.ts', 'f = () => ( a )').body;
    const value =
      statement?.kind === 'expression' && statement.expression.kind === 'assign' && statement.expression.value;
    expect(value).toMatchObject({ kind: 'function', body: [{ kind: 'return', start: 12, end: 13 }] });
  });

  it('await parentheses in a script that is not known to be a module', () => {
    expect(read('await (f())', 'file.js')).toBe('(await (call f))');
  });

  it('of long chains are read link by link, not level by level', () => {
    const links = 5000;
    const depth = (node: Expression): number => {
      let count = 0;
      let at: Expression | undefined = node;
      while (at) {
        const next: Expression | undefined =
          at.kind === 'binary'
            ? at.left
            : at.kind === 'call'
              ? at.callee
              : at.kind === 'member'
                ? at.object
                : undefined;
        if (next) count++;
        at = next;
      }
      return count;
    };
    for (const [code, expected] of [
      [`x${'.add(1)'.repeat(links)}`, 2 * links],
      [`a${' + a'.repeat(links)}`, links],
    ] as const) {
      const file = parse('file.js', code);
      expect(file.problems).toEqual([]);
      const [statement] = file.body;
      expect(statement?.kind === 'expression' && depth(statement.expression)).toBe(expected);
    }
  });
});
