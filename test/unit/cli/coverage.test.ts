import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { coverageOf, tellCoverage } from '../../../src/present/coverage';

const PATH = '/main.js';

function coverage(program: string) {
  const text = `import * as tf from '@tensorflow/tfjs';\n${program}`;
  return coverageOf(createAnalyzer({ read: (path) => (path === PATH ? text : undefined) }).analyze(PATH).calls);
}

describe('the coverage of calls', () => {
  it('counts a call as known where every size is a number or has a name', () => {
    expect(coverage('tf.ones([2, 3]);\nexport const f = (c) => tf.zeros([c, 4]);')).toMatchObject({
      calls: 2,
      known: 2,
      partly: 0,
      unknown: 0,
      reasons: [],
    });
  });

  it('counts a call as known where a loop gives it several shapes, each of them known', () => {
    expect(coverage('for (const n of [2, 3]) tf.ones([n, 4]);')).toMatchObject({ calls: 1, known: 1, unknown: 0 });
  });

  it('counts a call as known where a size has the same name in every visit of its function', () => {
    const { known, unknown } = coverage(
      'class A {\n  last = null;\n  see(n) {\n    const now = tf.ones([n, 4]);\n    if (!this.last) {\n      this.last = now;\n      return;\n    }\n    tf.relu(this.last);\n  }\n}\nnew A();',
    );
    expect([known, unknown]).toEqual([2, 0]);
  });

  it('counts a call as partly known where the rank is known and a size is not', () => {
    const { calls, partly } = coverage('tf.booleanMaskAsync(tf.ones([4, 2]), tf.ones([4], "bool"));');
    expect([calls, partly]).toEqual([3, 1]);
  });

  it('names the reasons for what is not known, the most frequent first', () => {
    const { calls, unknown, reasons } = coverage(
      "import { a, b } from './gone';\nexport const x = [tf.relu(a), tf.relu(a), tf.dropout(a, 0.1), tf.layers.dense({ units: 2 }).apply(b)];",
    );
    expect([calls, unknown]).toEqual([4, 4]);
    expect(reasons).toEqual([{ text: "'./gone' is not in the workspace", calls: 4 }]);
  });

  it('blames what is least known, past a cast, not what merely has a name', () => {
    const { reasons } = coverage(
      'export function f(t) {\n  const x = tf.input({ shape: [t, 4] });\n  const a = tf.layers.attention({}).apply([x, x]);\n  return tf.layers.add().apply([x, /** @type {tf.Tensor} */ (a)]);\n}',
    );
    expect(reasons).toEqual([{ text: 'tf.layers.attention is not followed', calls: 1 }]);
  });

  it('has one batch in all inputs of a layer of a user', () => {
    const { calls, known } = coverage(
      'class Z extends tf.layers.Layer {\n  call([a, b]) { return a.add(b); }\n  computeOutputShape([a]) { return a; }\n}\nconst [a, b] = [tf.input({ shape: [3] }), tf.input({ shape: [3] })];\ntf.model({ inputs: [a, b], outputs: new Z({}).apply([a, b]) });',
    );
    expect([calls, known]).toEqual([2, 2]);
    const text = `import * as tf from '@tensorflow/tfjs';\nclass Z extends tf.layers.Layer {\n  call([a, b]) { return a.add(b); }\n  computeOutputShape([a]) { return a; }\n}\nconst [a, b] = [tf.input({ shape: [3] }), tf.input({ shape: [3] })];\ntf.model({ inputs: [a, b], outputs: new Z({}).apply([a, b]) });`;
    const [add] = createAnalyzer({ read: (path) => (path === PATH ? text : undefined) }).analyze(PATH).calls;
    expect(add?.outputShape?.map(String)).toEqual(add?.inputShapes[0]?.map(String));
  });

  it('is one line, and one more for each of the five most frequent reasons', () => {
    const reasons = Array.from({ length: 5 }, (_, i) => ({ text: `reason ${i}`, calls: 5 - i }));
    const lines = tellCoverage({ calls: 20, known: 3, partly: 2, unknown: 15, reasons }).split('\n');
    expect(lines).toHaveLength(6);
    expect(lines.slice(0, 2)).toEqual(['20 calls: 3 known, 2 partly, 15 unknown', '  5 × reason 0']);
  });
});
