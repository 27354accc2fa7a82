import * as tfjs from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../interpreter/evaluate';

/** Each op that gives several tensors, on an input that it refuses, and how code goes on with them. */
const GIVING_SEVERAL = [
  ['tf.split(x, 3, 1)', 'tf.concat(several, 0)'],
  ['tf.split(tf.input({ shape: [4] }), 2, 1)', 'tf.concat(several, 0)'],
  ['tf.unstack(x, 4)', 'tf.stack(several)'],
  ['tf.topk(x, 9)', 'several.values.add(several.indices)'],
  ['tf.moments(x, 3)', 'x.sub(several.mean)'],
] as const;

describe('an op that gives several tensors and is refused', () => {
  test.each(GIVING_SEVERAL)('%s is one mistake: nothing is said of what follows', (op, then) => {
    const body = `const x = tf.ones([2, 4]);\nconst several = ${op};`;
    expect(() => new Function('tf', `${body}`)(tfjs)).toThrow();
    const { facts } = evaluate(
      `import * as tf from '@tensorflow/tfjs';\n${body}\nexport const y = ${then};`,
    ).interpreter;
    expect(facts.filter(({ kind }) => kind === 'refusal')).toHaveLength(1);
    expect(facts.filter((fact) => fact.kind === 'member' && !fact.exists)).toEqual([]);
  });
});
