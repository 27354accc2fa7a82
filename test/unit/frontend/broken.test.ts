import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/analyzer/frontend';
import { visit } from '../../../src/analyzer/program/walk';
import { processorTime } from '../../tools/processorTime';
import { breach, printed } from './helpers';

const sample = `import * as tf from '@tensorflow/tfjs';
/** @param {tf.Tensor4D} x */
export class Net<T> extends tf.layers.Layer {
  #units: number = 32; static kinds = ['a', \`b\${1}\`];
  constructor(private readonly config: { a?: 1 }, ...rest) { super({}); this.#units ??= rest[0]?.[1]; }
  get size() { return this.#units ** 2 / /[/]x/g.exec('s')!.index; }
  async *call([x, , y = 2]: [tf.Tensor4D], { training = false, ...others } = {}) {
    label: for (const [i, k] of Object.entries(others)) { if (i) continue label; else break; }
    do { yield* x.add(y).mul((await k) as number); } while (training ? true : 0);
    switch (x) { case 1: throw new Error(\`no \${x}\`); default: }
    try { with_(x => <any>x) } catch ({ message }) {} finally {}
    return x satisfies unknown; // normlens-disable-line
  }
}
export enum Kind { A = 1 << 2, B } namespace N.M { export default (function* () {})(); }
export { Net as default, type Kind as K }; export * as all from './all'; const lazy = import('./b');
`;

describe('half-typed code', () => {
  it('gives a sound tree for every prefix of a file', () => {
    for (const name of ['a.ts', 'a.tsx', 'a.js']) {
      for (let end = 0; end <= sample.length; end++) {
        expect(breach(parse(name, sample.slice(0, end)))).toBeUndefined();
      }
    }
  });

  it('gives a sound tree when a piece of a file is missing', () => {
    const cut = fc.tuple(fc.nat(sample.length), fc.nat(40));
    fc.assert(
      fc.property(cut, ([at, length]) => {
        expect(breach(parse('a.ts', sample.slice(0, at) + sample.slice(at + length)))).toBeUndefined();
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    ['const m = tf.sequential(', '(const (= m (call (. tf sequential))))'],
    ['const m = ', '(const (= m error<>))'],
    ['m.add(tf.layers.dense({units: ', '(call (. m add) (call (. (. tf layers) dense) {units: error<>}))'],
    ['m.\nconst a = 1', '(. m)\n(const (= a 1))'],
    ['f(a, , b)', '(call f a error<> b)'],
    ['if (a', '(if a error<>)'],
    ['const { a, b: ', '(const {a: a, b: })'],
    ['function f(a', ''],
    ['f(, a)', '(call f error<> a)'],
    ['new A(a /*,*/ , , /* , */ ...b, c', '(new A a error<> ...b c)'],
    ['a ? b', '(? a b error<>)'],
    ['for (const x of ', '(forOf const x error<> error<>)'],
    ['x = [1, 2', '(= x [1, 2])'],
    ['1 = a', '(= error<1> a)'],
    ['class A { m() { this.x = ', '(class A (method m (function () (= (. this x) error<>))))'],
  ])('%s → %s, and says where it broke', (code, expected) => {
    const file = parse('file.ts', code);
    expect(printed(file)).toBe(expected);
    if (code !== '1 = a') expect(file.problems.length).toBeGreaterThan(0);
    for (const { start, end, message } of file.problems) {
      expect(message).not.toBe('');
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(code.length);
    }
  });

  it('does not lose the code after the break', () => {
    const file = parse('file.ts', 'const a = [1, ;\nconst model = tf.sequential();\nmodel.add(x);');
    expect(printed(file)).toContain('(const (= model (call (. tf sequential))))\n(call (. model add) x)');
  });

  it('says nothing about code that is whole', () => {
    expect(parse('a.ts', sample.replace('export default (', 'export const f = (')).problems).toEqual([]);
  });
});

describe('code that cannot be read', () => {
  it('is binary: an empty tree and one problem', () => {
    const file = parse('a.js', `\x7fELF\x02\0\0\0${'x'.repeat(100)}`);
    expect(file).toMatchObject({ body: [], imports: [], comments: [] });
    expect(file.problems).toEqual([{ start: 5, end: 6, message: expect.stringContaining('binary') }]);
  });

  const deep = 10_000;
  it.each([
    ['arrays', '['.repeat(deep) + ']'.repeat(deep)],
    ['unclosed arrays', '['.repeat(deep)],
    ['calls', 'f('.repeat(deep) + ')'.repeat(deep)],
    ['arrows', `${'() => '.repeat(deep)}1`],
    ['blocks', '{'.repeat(deep) + '}'.repeat(deep)],
    ['templates', '`${'.repeat(deep) + '}`'.repeat(deep)],
    ['types', `type A = ${'['.repeat(deep)}${']'.repeat(deep)}`],
    ['elements', '<a>'.repeat(deep) + '</a>'.repeat(deep)],
  ])('nests %s 10,000 deep: an empty tree and one problem, and the next file is read as ever', (_, code) => {
    const file = parse('a.tsx', code);
    expect(file.body).toEqual([]);
    expect(file.problems).toHaveLength(1);
    expect(file.problems[0]?.message).toMatch(/deep/);
    const next = parse('a.tsx', 'const f = (a, b) => (c) => { return ((a)) }; const g = (a);');
    expect(next.problems).toEqual([]);
    expect(printed(next)).toBe('(const (= f (=> (a, b) (return (=> (c) (return a))))))\n(const (= g a))');
  });

  it.each(['a < (b = ', '(async ', 'async (a = ', '(a = b < '])(
    'is %s again and again, which takes the parser 2ⁿ steps: it gives up soon, and reads the next file as ever',
    (piece) => {
      const { result, time } = processorTime(() => parse('a.tsx', piece.repeat(60)));
      expect(result.body).toEqual([]);
      expect(result.problems).toHaveLength(1);
      expect(time).toBeLessThan(5000);
      expect(printed(parse('a.tsx', 'x = a < (b = c)'))).toBe('(= x (< a (= b c)))');
    },
  );

  it.each([
    ['else-if', `${'if (a) b; else '.repeat(300)} c`],
    ['conditionals', `x = ${'a ? b : '.repeat(300)} c`],
    ['arrays', '['.repeat(200) + ']'.repeat(200)],
  ])('%s nested a few hundred deep are still read', (_, code) => {
    const file = parse('a.js', code);
    expect(file.problems).toEqual([]);
    let nodes = 0;
    visit(file.body, () => {
      nodes++;
    });
    expect(nodes).toBeGreaterThan(200);
  });

  it('is empty: an empty tree and no problem', () => {
    for (const name of ['a.ts', 'a.json', 'a.html', 'a.vue', 'noextension']) {
      expect(parse(name, '')).toMatchObject({ body: [], imports: [], comments: [] });
    }
    expect(parse('a.ts', '').problems).toEqual([]);
  });

  it('has nothing but a megabyte of one token', () => {
    for (const code of ['a'.repeat(1e6), '"'.repeat(1e6 + 1), ';'.repeat(1e6), '/'.repeat(1e6), '\n'.repeat(1e6)]) {
      expect(breach(parse('a.js', code))).toBeUndefined();
    }
  });
});
