// Maps, sets, registries, switch by name, optional chaining, labelled loops, closures that count, JSON.
import * as tf from '@tensorflow/tfjs';

const registry = new Map();
const register = (name, make) => registry.set(name, make);
register('conv', ({ filters = 4 }) => tf.layers.conv2d({ filters, kernelSize: 3, padding: 'same' }));
register('pool', () => tf.layers.maxPooling2d({ poolSize: [2, 2] }));
register('norm', () => tf.layers.batchNormalization());

const spec = JSON.parse('[{"type":"conv","filters":6},{"type":"norm"},{"type":"pool"},{"type":"conv"}]');
const input = tf.input({ shape: [16, 16, 2] });
let x = input;
for (const { type, ...options } of spec) x = registry.get(type)?.(options).apply(x) ?? x;
const taps = new Set();
taps.add(x).add(x);
const named = { last: [...taps][0], missing: undefined };

function make(kind, size) {
  switch (kind) {
    case 'wide':
    case 'deep': {
      const units = kind === 'wide' ? size * 2 : size;
      return tf.layers.dense({ units });
    }
    case 'norm':
      return tf.layers.layerNormalization();
    default:
      throw new TypeError(kind);
  }
}
const counter = () => {
  let n = 0;
  return {
    next: () => ++n,
    get value() {
      return n;
    },
  };
};
const ids = counter();
let h = tf.layers.globalMaxPooling2d({}).apply(named?.last ?? named.missing);
for (const kind of ['wide', 'norm', 'deep']) {
  const layer = make(kind, 3 + ids.next());
  layer.name = `${kind}_${ids.value}`;
  h = layer.apply(h);
}
outer: for (let i = 1; ; i++) {
  for (let j = 1; j < 5; j++) {
    if (i * j === 6) {
      h = tf.layers.dense({ units: i * 10 + j }).apply(h);
      break outer;
    }
    if (j > i) continue outer;
  }
}
export const model = tf.model({ inputs: input, outputs: h });

let fallback;
try {
  fallback = make('other', 1);
} catch {
  fallback = tf.layers.dense({ units: 9 });
}
export const y = fallback.apply(tf.ones([2, model.outputs[0].shape[1]]));
const [a, , b = 4, ...others] = [7, 8, undefined, 1, 2];
export const z = tf.zeros([a, b, others.length]).sum(-1);
