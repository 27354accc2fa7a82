// State in instances: options assigned to this, computed fields, subclasses of Sequential-like wrappers, symbols, chains of owners.
import * as tf from '@tensorflow/tfjs';

class Config {
  size = 8;
  classes = this.size / 4;
  constructor(options = {}) {
    Object.assign(this, options);
    for (const [key, value] of Object.entries(options)) this[`${key}Given`] = value;
  }
  static from(json) {
    return new Config(JSON.parse(json));
  }
  with(changes) {
    return Object.freeze({ ...this, ...changes });
  }
}
class Model {
  constructor(config) {
    this.config = config;
    this.parts = {};
    this.create();
  }
  create() {
    const { size, classes } = this.config;
    this.input = tf.input({ shape: [size] });
    this.parts.body = tf.layers.dense({ units: this.config.sizeGiven || size });
    this.parts.head = tf.layers.dense({ units: classes });
    this.net = tf.model({ inputs: this.input, outputs: this.forward(this.input) });
  }
  forward(x) {
    return Object.values(this.parts).reduce((h, part) => part.apply(h), x);
  }
  get weights() {
    return this.net.getWeights().map(({ shape }) => shape);
  }
}
export const first = new Model(new Config());
export const second = new Model(Config.from('{"size": 12}'));
export const third = new Model(new Config({ size: 16 }).with({ classes: 3 }));
export const shapes = tf.zeros([first.weights.length, second.weights[0][0]]);
class Ensemble {
  #members = [];
  add(member) {
    this.#members.push(member);
    return this;
  }
  predict(x) {
    const outputs = this.#members.map((m) => m.net.predict(x));
    return tf.stack(outputs, 1).mean(1);
  }
}
export const ensemble = new Ensemble().add(first).add(new Model(new Config()));
export const average = ensemble.predict(tf.ones([5, 8]));
