import { describe, expect, test } from 'vitest';
import { evaluate } from './evaluate';

const TF = "import * as tf from '@tensorflow/tfjs'; import { n, sizes, other } from './gone';\n";

function shapeAfter(program: string): unknown {
  return evaluate({ '/main.js': `${TF}let x; ${program}` }).get('x');
}

describe('loops whose number of iterations is not known', () => {
  test('keep the sizes that no iteration changes', () => {
    expect(shapeAfter('x = tf.ones([2, 3]); for (let i = 0; i < n; i++) x = tf.concat([x, tf.ones([1, 3])]);')).toBe(
      '[?,3]',
    );
    expect(shapeAfter('x = tf.ones([2, 3]); while (other()) x = x.add(1);')).toBe('[2,3]');
    expect(
      shapeAfter(
        'x = tf.input({ shape: [8, 8, 1] }); for (const f of sizes) x = tf.layers.conv2d({ filters: f, kernelSize: 3, padding: "same" }).apply(x);',
      ),
    ).toBe('[null,8,8,?]');
  });

  test('keep the sizes that stay in loops within loops', () => {
    expect(
      shapeAfter(`x = tf.ones([4, 6]);
        for (let i = 0; i < n; i++) { let y = x; while (other()) y = y.relu(); x = tf.concat([y, x], 1); }`),
    ).toBe('[4,?]');
  });

  test('know nothing of a rank that changes, or of what turns into something else', () => {
    expect(shapeAfter('x = tf.ones([2]); while (other()) x = x.expandDims(0);')).toBe('[…]');
    expect(shapeAfter('x = tf.ones([2]); while (other()) x = x === 0 ? tf.ones([2]) : 0;')).toEqual({
      unknown: 'loop',
    });
  });

  test('say of a model on such a tensor no more than they know', () => {
    const { interpreter } = evaluate({
      '/main.js': `${TF}const input = tf.input({ shape: [4] }); let x = input;
        for (const units of sizes) x = tf.layers.dense({ units }).apply(x);
        const m = tf.model({ inputs: input, outputs: tf.layers.dense({ units: 2 }).apply(x) });`,
    });
    const built = interpreter.facts.flatMap((f) => (f.kind === 'modelBuilt' ? [f.model] : []));
    expect(built.map((m) => [m.exact, m.outputs[0]?.shape?.map((a) => a.dim)])).toEqual([[false, [null, 2]]]);
    expect(interpreter.facts.filter((f) => f.kind === 'refusal')).toEqual([]);
  });
});
