// A DQN agent: replay memory, a target network, states stacked from lists, gathered actions.
import * as tf from '@tensorflow/tfjs';

const STATES = 4;
const ACTIONS = ['left', 'right', 'stay'];
const network = (hidden) => {
  const model = tf.sequential();
  hidden.forEach((units, i) => {
    model.add(tf.layers.dense({ units, activation: 'relu', inputShape: i === 0 ? [STATES] : undefined }));
  });
  model.add(tf.layers.dense({ units: ACTIONS.length }));
  return model;
};
class Memory {
  constructor(size) {
    this.size = size;
    this.items = [];
  }
  add(item) {
    this.items.push(item);
    if (this.items.length > this.size) this.items.shift();
  }
  sample(n) {
    return this.items.slice(0, n);
  }
}
const online = network([8, 6]);
const target = network([8, 6]);
target.setWeights(online.getWeights());
const memory = new Memory(20);
for (let i = 0; i < 10; i += 1) {
  memory.add({ state: [i, 0, 1, 2], action: i % ACTIONS.length, reward: 1, next: [i + 1, 0, 1, 2], done: i === 9 });
}
const optimizer = tf.train.adam(1e-3);
function learn(batch, gamma = 0.9) {
  const states = tf.tensor2d(batch.map(({ state }) => state));
  const next = tf.tensor2d(
    batch.map(({ next }) => next),
    [batch.length, STATES],
  );
  const rewards = tf.tensor1d(batch.map(({ reward }) => reward));
  const alive = tf.scalar(1).sub(tf.tensor1d(batch.map(({ done }) => Number(done))));
  const actions = tf.tensor1d(
    batch.map(({ action }) => action),
    'int32',
  );
  return optimizer.minimize(() => {
    const q = online.apply(states, { training: true }).mul(tf.oneHot(actions, ACTIONS.length)).sum(-1);
    const best = target.predict(next).max(-1).mul(alive).mul(gamma).add(rewards);
    return tf.losses.meanSquaredError(best, q);
  }, true);
}
export const loss = learn(memory.sample(5));
export const act = tf.tidy(
  () =>
    ACTIONS[
      online
        .predict(tf.tensor2d([[0, 1, 2, 3]]))
        .argMax(1)
        .dataSync()[0]
    ],
);
