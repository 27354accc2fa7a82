// Layers from tables: Object.entries, keys and values, fromEntries, nested tables.
import * as tf from '@tensorflow/tfjs';

const HIDDEN = { first: 32, second: 16, third: 8 };
const model = tf.sequential();
let isFirst = true;
for (const [name, units] of Object.entries(HIDDEN)) {
  model.add(tf.layers.dense(isFirst ? { units, name, inputShape: [20] } : { units, name }));
  isFirst = false;
}

const BLOCKS = {
  stem: { filters: 8, kernelSize: 5, strides: 2 },
  body: { filters: 16, kernelSize: 3, strides: 1 },
};
const input = tf.input({ shape: [32, 32, 3] });
let x = input;
Object.keys(BLOCKS).forEach((key, i) => {
  const { filters, ...rest } = BLOCKS[key];
  x = tf.layers.conv2d({ ...rest, filters: filters * (i + 1), padding: 'same', name: `${key}_${i}` }).apply(x);
});
const heads = Object.fromEntries(
  Object.entries({ color: 3, shape: 5 }).map(([key, classes]) => [
    key,
    tf.layers.dense({ units: classes, name: `${key}Head` }).apply(tf.layers.globalAveragePooling2d({}).apply(x)),
  ]),
);
const many = tf.model({ inputs: input, outputs: Object.values(heads) });

const MAKERS = {
  dense: (units) => tf.layers.dense({ units, activation: 'relu' }),
  dropout: (rate) => tf.layers.dropout({ rate }),
  norm: () => tf.layers.batchNormalization(),
};
const PLAN = [['dense', 12], ['norm'], ['dropout', 0.5], ['dense', 4]];
const planned = tf.sequential();
planned.add(tf.layers.inputLayer({ inputShape: [6] }));
for (const [kind, ...args] of PLAN) planned.add(MAKERS[kind](...args));

export const result = [model, many, planned].map((m) => m.outputs.length);
