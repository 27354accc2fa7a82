// Functions in all their forms: hoisted, generators of layers, arguments, rest, call and apply, closures over loops, prototypes.
import * as tf from '@tensorflow/tfjs';

const model = tf.sequential();
addAll(model, tf.layers.dense({ units: 5, inputShape: [3] }), tf.layers.reLU());
function addAll(target, ...layers) {
  for (const layer of layers) target.add(layer);
}
function* stack(from, to, step = -2) {
  for (let units = from; units > to; units += step) {
    yield tf.layers.dense({ units });
    if (units % 4 === 0) yield tf.layers.dropout({ rate: 0.1 });
  }
}
addAll(model, ...stack(8, 2));
function last() {
  return arguments[arguments.length - 1];
}
model.add(last(1, 2, tf.layers.dense({ units: last(7, 6) })));
Math.max.apply(null, [3, 9]) === 9 && model.add.call(model, tf.layers.dense({ units: Math.max(...[3, 9]) }));
const makers = [];
for (let i = 1; i <= 3; i++) makers.push(() => tf.layers.dense({ units: 10 * i }));
makers.forEach((make) => {
  model.add(make());
});

export { model };

function Head(classes) {
  this.classes = classes;
}
Head.prototype.apply = function (x) {
  return tf.layers.dense({ units: this.classes }).apply(x);
};
const input = tf.input({ shape: [6] });
export const headed = tf.model({ inputs: input, outputs: new Head(4).apply(input) });
const memo = {};
const dense = (units) => (memo[units] ??= tf.layers.dense({ units }));
const twice = [6, 6].reduce((h, units) => dense(units).apply(h), input);
export const tied = tf.model({ inputs: input, outputs: twice });
export const once = ((a, b = a * 2) => tf.ones([a, b]))(3);
