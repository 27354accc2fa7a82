import { describe, expect, test } from 'vitest';
import { evaluate } from './evaluate';

const TF = "import * as tf from '@tensorflow/tfjs';\nimport { load } from './gone';\n";

/** The shape of `y` after a program. */
function y(program: string, path = '/main.js'): unknown {
  return evaluate({ [path]: TF + program }).get('y');
}

function contradictions(program: string) {
  const { facts } = evaluate(TF + program).interpreter;
  return facts.flatMap((f) => (f.kind === 'shapeContradicted' ? [[f.said, f.inferred]] : []));
}

describe('@shape', () => {
  test('gives the shape of what is declared on its line', () => {
    expect(y('const y = load(); // @shape [32, 28, 28, 1]')).toBe('[32,28,28,1]');
  });

  test('gives the shape of what is declared on the line below, past other comments', () => {
    expect(y('// @shape [32, 4]\n// the inputs\n\nconst y = load();')).toBe('[32,4]');
    expect(y('/** @shape [32, 4] */\nconst y = load();')).toBe('[32,4]');
    expect(y('/* @shape [32, 4] */ const y = load();')).toBe('[32,4]');
  });

  test('speaks of no other line', () => {
    expect(y('const x = load(); // @shape [32, 4]\nconst y = load();')).toEqual({ unknown: 'external' });
  });

  test('flows through what follows', () => {
    // 28 − 3 + 1 = 26
    expect(
      y('const x = load(); // @shape [8, 28, 28, 1]\nconst y = tf.conv2d(x, tf.ones([3, 3, 1, 6]), 1, "valid");'),
    ).toBe('[8,26,26,6]');
  });

  test('makes one size of one name in a file: two tensors of it fit each other', () => {
    expect(
      y('const a = load(); // @shape [B, 3]\nconst b = load(); // @shape [B, 4]\nconst y = tf.concat([a, b], 1);'),
    ).toBe('[B,7]');
    expect(y('const a = load(); // @shape [B, 2*c]\nconst y = a.reshape([-1, 2]);')).toMatch(
      /^\[B\*c,2\]$|^\[c\*B,2\]$/,
    );
  });

  test('reads null, None and ? as sizes that are not fixed or not known', () => {
    expect(y('const y = load(); // @shape [null, None, 3]')).toBe('[null,null,3]');
    expect(y('const y = load(); // @shape [?, 3]')).toBe('[?,3]');
  });

  test('speaks of several values by their names', () => {
    const program = 'const { xs, ys } = load(); // @shape xs [B, 4], ys: [B, 1]\n';
    expect(y(`${program}const y = xs;`)).toBe('[B,4]');
    expect(y(`${program}const y = ys;`)).toBe('[B,1]');
  });

  test('without a name says nothing where a line binds several values', () => {
    expect(y('const [a, b] = load(); // @shape [B, 4]\nconst y = a;')).toEqual({ unknown: 'external' });
  });

  test('gives the shape of a parameter', () => {
    const { interpreter } = evaluate(
      `${TF}export const f = (x) => { // @shape [16, 8]\n  return tf.matMul(x, tf.ones([8, 2]));\n};`,
    );
    const [product] = interpreter.facts.filter((f) => f.kind === 'op' && f.name === 'matMul');
    expect(product).toMatchObject({ outputs: [{ shape: [{ dim: 16 }, { dim: 2 }] }] });
  });

  test('gives the shape of a member that is assigned', () => {
    expect(y('const o = {};\no.mean = load(); // @shape [3]\nconst y = o.mean;')).toBe('[3]');
  });

  test('fills in what inference does not know, and keeps what it knows', () => {
    expect(y('const y = tf.tensor4d(load()); // @shape [B, 28, 28, 1]')).toBe('[B,28,28,1]');
    expect(y('const y = tf.ones([32, 4]); // @shape [B, 4]')).toBe('[32,4]');
    expect(y('const y = tf.input({ shape: [4] }); // @shape [B, 4]')).toBe('[null,4]');
  });

  test('is seen in the call that makes the value', () => {
    const { facts } = evaluate(`${TF}const y = tf.tensor(load()); // @shape [5, 2]`).interpreter;
    expect(facts.find((f) => f.kind === 'op')).toMatchObject({ outputs: [{ shape: [{ dim: 5 }, { dim: 2 }] }] });
  });

  test('changes nothing where it contradicts what is known: the fact is recorded', () => {
    expect(y('const y = tf.ones([32, 4]); // @shape [32, 5]')).toBe('[32,4]');
    expect(contradictions('const y = tf.ones([32, 4]); // @shape [32, 5]')).toEqual([
      [
        [32, 5],
        [32, 4],
      ],
    ]);
    expect(contradictions('const y = tf.ones([32, 4]); // @shape [32]')).toEqual([[[32], [32, 4]]]);
    expect(contradictions('const y = tf.ones([32, 4]); // @shape [B, 4]')).toEqual([]);
  });

  test('in a string, or that is no shape, says nothing', () => {
    expect(y('const x = "// @shape [1]"; const y = load();')).toEqual({ unknown: 'external' });
    expect(y('const y = load(); // @shape 28 by 28')).toEqual({ unknown: 'external' });
  });
});

describe('declared types', () => {
  test('of JSDoc give the rank of a variable, a parameter and a result', () => {
    expect(y('/** @type {tf.Tensor4D} */\nconst y = load();')).toBe('[y.shape[0],y.shape[1],y.shape[2],y.shape[3]]');
    expect(y('/** @returns {tf.Tensor2D} */\nfunction f() { return load(); }\nconst y = f();')).toBe(
      '[load().shape[0],load().shape[1]]',
    );
    expect(y('/** @param {tf.Tensor3D} x */\nfunction f(x) { return x.expandDims(0); }\nconst y = f(load());')).toBe(
      '[1,x.shape[0],x.shape[1],x.shape[2]]',
    );
    expect(y('/** @type {(n: number) => tf.Tensor1D} */\nconst f = load();\nconst y = f(1);')).toBe('[f().shape[0]]');
  });

  test('of a function are its result where that is not known', () => {
    const sizes = '[load().shape[0],load().shape[1],load().shape[2]]';
    expect(y('function f(): tf.Tensor3D { return load(); }\nconst y = f();', '/main.ts')).toBe(sizes);
    expect(y('async function f(): Promise<tf.Tensor3D> { return load(); }\nconst y = await f();', '/main.ts')).toBe(
      sizes,
    );
    expect(y('class A { f(): tf.Tensor1D { return load(); } }\nconst y = new A().f();', '/main.ts')).toBe(
      '[load().shape[0]]',
    );
  });

  test('give a tensor of unknown rank theirs', () => {
    expect(y('const y = tf.relu(load()) as tf.Tensor2D;', '/main.ts')).toBe('[?,?]');
    expect(y('type Batch = tf.Tensor3D;\nconst y: Batch = tf.relu(load());', '/main.ts')).toBe(
      '[y.shape[0],y.shape[1],y.shape[2]]',
    );
    expect(y('function f(): tf.Tensor2D { return tf.relu(load()) as any; }\nconst y = f();', '/main.ts')).toBe(
      '[f().shape[0],f().shape[1]]',
    );
  });

  test('of other files are followed through imports, re-exports and what an interface extends', () => {
    const seen = (imports: string, type: string): unknown =>
      evaluate({
        '/main.ts': `${TF}${imports}\nlet seen: any; function f(p: ${type}) { seen = [p.filters, p.bias, p.size]; }`,
        '/types/index.ts': "export * from './conv'; export { Small as Little } from './small';",
        '/types/small.ts': 'export type Small = Conv; import { Conv } from "./conv";',
        '/types/conv.ts': `import * as tf from '@tensorflow/tfjs';
          interface Base { bias: tf.Tensor1D } export interface Conv extends Base { filters: tf.Tensor4D; size: 3 }`,
      }).get('seen');
    const dims = (name: string, rank: number) => `[${Array.from({ length: rank }, (_, i) => `${name}.shape[${i}]`)}]`;
    const expected = [dims('p.filters', 4), dims('p.bias', 1), 3];
    expect(seen("import { Conv } from './types';", 'Conv')).toEqual(expected);
    expect(seen("import type { Conv as C } from './types';", 'C')).toEqual(expected);
    expect(seen("import { type Little } from './types';", 'Little')).toEqual(expected);
    expect(seen("import * as all from './types';", 'all.Conv')).toEqual(expected);
    expect(seen('', "import('./types/conv').Conv")).toEqual(expected);
  });

  test('that import each other in a circle say nothing', () => {
    const files = {
      '/main.ts': `${TF}import { A } from './a';\nlet seen: any; function f(x: A) { seen = x.y; }`,
      '/a.ts': "export { A } from './b';",
      '/b.ts': "export { A } from './a';",
    };
    expect(evaluate(files).get('seen')).toEqual({ unknown: 'parameter' });
  });

  test('that allow null or undefined say what is there', () => {
    const seen = (type: string, use: string): unknown =>
      evaluate({ '/main.ts': `${TF}let seen: any; function f(p: ${type}) { seen = ${use}; }` }).get('seen');
    expect(seen('tf.Tensor2D | null', 'tf.neg(p)')).toBe('[p.shape[0],p.shape[1]]');
    expect(seen('tf.Tensor2D | undefined', 'p.expandDims(0)')).toBe('[1,p.shape[0],p.shape[1]]');
    expect(seen('number | null', 'tf.ones([p * 2])')).toBe('[2*p]');
    expect(seen('tf.Tensor2D | null', 'p ? 1 : 2')).toEqual({ union: [1, 2] });
  });

  test('give way to a result that is known', () => {
    expect(y('function f(): tf.Tensor { return tf.ones([2, 3]); }\nconst y = f();', '/main.ts')).toBe('[2,3]');
  });
});

test('numbers that are read back or random decide no condition', () => {
  const values = ['Math.random()', 'tf.ones([2]).arraySync()[0]', 'tf.scalar(1).dataSync()[0]', 'Number(load())'];
  for (const value of values) {
    for (const operator of ['< 1', '> 0', '>= 1', '=== 0'])
      expect(y(`const v = ${value};\nconst y = v ${operator} ? 1 : 2;`), `${value} ${operator}`).toEqual({
        union: [1, 2],
      });
  }
});

describe('a cast to another rank than the value has', () => {
  const concat = (test: string): string => `
    function concat(a: tf.Tensor, b: tf.Tensor) {
      ${test}
      return tf.concat1d([a as tf.Tensor1D, b as tf.Tensor1D]);
    }
    concat(load() as tf.Tensor, tf.ones([4]));`;
  const refusals = (program: string): number =>
    evaluate(TF + program).interpreter.facts.filter((f) => f.kind === 'refusal').length;

  test('says behind a question of the rank that the value does not come there', () => {
    expect(
      refusals(concat('switch (a.rank) { case 2: return tf.concat2d([a as tf.Tensor2D, b as tf.Tensor2D], 0); }')),
    ).toBe(0);
    expect(refusals(concat('if (a.rank === 2) return tf.concat2d([a as tf.Tensor2D, b as tf.Tensor2D], 0);'))).toBe(0);
  });

  test('changes nothing elsewhere', () => {
    expect(y('const y = tf.ones([2, 3, 4]) as tf.Tensor2D;')).toBe('[2,3,4]');
    // tfjs: “Error in concat2D: rank of tensors[1] must be the same as the rank of the rest (2)”
    expect(refusals('tf.concat2d([tf.ones([2, 3]) as tf.Tensor2D, tf.ones([4]) as tf.Tensor2D], 0);')).toBe(1);
  });
});
