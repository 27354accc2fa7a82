import { expect, test } from 'vitest';
import { runInTfjs } from '../../tools/runInTfjs';

const mlp = `import * as tf from '@tensorflow/tfjs';

export const units: number = 8;
const model = tf.sequential();
model.add(tf.layers.dense({ units, inputShape: [4] }));
model.add(tf.layers.batchNormalization());
export const y = tf.zeros([3, 4])
  .reshape([2, 6]);
`;

test('a program’s models come with the names that tfjs gives to the first program of a process', async () => {
  for (let time = 0; time < 2; time += 1) {
    const run = await runInTfjs(mlp, { path: '/programs/mlp.ts' });
    expect(run.error).toBeUndefined();
    expect(run.models).toHaveLength(1);
    const [model] = run.models;
    expect(model).toMatchObject({ name: 'sequential_1', line: 4, kind: 'sequential', outputs: [[null, 8]] });
    expect(model?.params).toEqual({ total: 72, trainable: 56, nonTrainable: 16 });
    expect(model?.layers.map((layer) => layer.name)).toEqual([
      'dense_Dense1',
      'batch_normalization_BatchNormalization1',
    ]);
    expect(run.calls).toEqual([
      { name: 'zeros', line: 7, outputs: [[3, 4]] },
      { name: 'reshape', line: 8, outputs: [[2, 6]] },
    ]);
  }
});

test('an error names the innermost line of the program, also in code of a type-annotated helper', async () => {
  const text = `import * as tf from '@tensorflow/tfjs';
interface Sizes { readonly a: number }

function join(x: tf.Tensor, { a }: Sizes): tf.Tensor {
  return tf.concat([x, tf.ones([a, 2])], 0);
}
join(tf.ones([2, 2]), { a: 3 });
join(tf.ones([2, 3]), { a: 3 });
`;
  const run = await runInTfjs(text, { path: '/programs/join.ts' });
  expect(run.error?.lines).toEqual([5, 8]);
  expect(run.error?.message).toMatch(/concat/i);
});

test('an error inside fit names the line that called fit', async () => {
  const text = `const tf = require('@tensorflow/tfjs');
async function main() {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [4] })] });
  model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });
  await model.fit(tf.ones([8, 4]), tf.ones([8, 2]));
  await model.fit(tf.ones([8, 4]), tf.ones([8, 3]));
}
exports.done = main();
`;
  const run = await runInTfjs(text, { path: '/programs/fit.js' });
  expect(run.error?.line).toBe(6);
});
