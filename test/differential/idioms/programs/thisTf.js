// tf as a field, as a parameter, destructured, behind a function, and from a container of services.
import * as tensorflow from '@tensorflow/tfjs';

class Trainer {
  constructor(tf, units) {
    this.tf = tf;
    this.units = units;
  }
  build() {
    const { layers, sequential } = this.tf;
    const model = sequential();
    model.add(layers.dense({ units: this.units, inputShape: [4] }));
    model.add(this.tf.layers.batchNormalization());
    return model;
  }
  loss(a, b) {
    return this.tf.tidy(() => this.tf.mean(this.tf.square(this.tf.sub(a, b))));
  }
}
const trainer = new Trainer(tensorflow, 3);
export const model = trainer.build();
export const loss = trainer.loss(tensorflow.ones([2, 3]), tensorflow.zeros([2, 3]));

const services = {
  get tf() {
    return tensorflow;
  },
  log() {},
};
const make = ({ tf }, size) => tf.randomNormal([size, size]);
export const square = make(services, 6);

const { layers: L, input, model: functional } = tensorflow;
const x = input({ shape: [5] });
const { dense, dropout, ...others } = L;
export const net = functional({
  inputs: x,
  outputs: others.reLU().apply(dropout({ rate: 0.5 }).apply(dense({ units: 7 }).apply(x))),
});
const load = async () => tensorflow;
export const late = load().then((tf) => tf.tensor1d([1, 2, 3]).expandDims());
