// Class hierarchies of models: abstract methods, super calls, getters, statics, private fields, mixins.
import * as tf from '@tensorflow/tfjs';

class Network {
  static count = 0;
  #model = null;
  constructor(inputShape, options = {}) {
    this.inputShape = inputShape;
    this.options = { units: 8, ...options };
    Network.count += 1;
  }
  body(x) {
    throw new Error(`body is abstract: ${x}`);
  }
  get model() {
    if (!this.#model) this.#model = this.build();
    return this.#model;
  }
  build() {
    const input = tf.input({ shape: this.inputShape });
    return tf.model({ inputs: input, outputs: this.head(this.body(input)), name: this.name });
  }
  head(x) {
    return tf.layers.dense({ units: this.classes }).apply(x);
  }
  get classes() {
    return this.options.classes ?? 2;
  }
  get name() {
    return `${this.constructor.name}Net`;
  }
  predict(x) {
    return this.model.predict(x);
  }
}

class Dense extends Network {
  body(x) {
    return tf.layers.dense({ units: this.options.units, activation: 'relu' }).apply(x);
  }
}

class Deep extends Dense {
  constructor(inputShape, depth) {
    super(inputShape, { units: 4 * depth, classes: 5 });
    this.depth = depth;
  }
  body(x) {
    let h = super.body(x);
    for (let i = 1; i < this.depth; i++) h = this.step(h, i);
    return h;
  }
  step(h, i) {
    return tf.layers.dense({ units: this.options.units - i }).apply(h);
  }
  static create(depth) {
    return new this([12], depth);
  }
}

const Normalized = (Base) =>
  class extends Base {
    step(h, i) {
      return tf.layers.layerNormalization().apply(super.step(h, i));
    }
    get name() {
      return 'NormalizedNet';
    }
  };

export const shallow = new Dense([6]).model;
export const deep = Deep.create(3);
export const scores = deep.predict(tf.ones([7, 12]));
export const normalized = new (Normalized(Deep))([3], 2).model;
export const count = tf.zeros([Network.count, 2]);
