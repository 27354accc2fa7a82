// Deep Q-learning with a replay memory and a target network. The target only predicts: that it does so without a
// training flag is right.
import * as tf from '@tensorflow/tfjs';

const STATE = 4;
const ACTIONS = 2;
const BATCH = 32;
const GAMMA = 0.99;

interface Transition {
  state: number[];
  action: number;
  reward: number;
  next: number[];
  done: boolean;
}

export function createQNetwork(hidden: readonly number[] = [32, 32]): tf.Sequential {
  const model = tf.sequential();
  for (let i = 0; i < hidden.length; i++) {
    const first = i === 0 ? { inputShape: [STATE] } : {};
    model.add(tf.layers.dense({ ...first, units: hidden[i]!, useBias: false }));
    model.add(tf.layers.batchNormalization({ momentum: 0.9 }));
    model.add(tf.layers.activation({ activation: 'relu' }));
  }
  model.add(tf.layers.dense({ units: ACTIONS, name: 'q' }));
  return model;
}

class Agent {
  readonly online = createQNetwork();
  readonly target = createQNetwork();
  private readonly optimizer = tf.train.adam(1e-3);
  private readonly memory: Transition[] = [];

  constructor() {
    this.updateTarget();
  }

  updateTarget(): void {
    this.target.setWeights(this.online.getWeights());
  }

  remember(transition: Transition): void {
    this.memory.push(transition);
  }

  private sample(): Transition[] {
    return Array.from({ length: BATCH }, () => this.memory[Math.floor(Math.random() * this.memory.length)]!);
  }

  learn(): void {
    const batch = this.sample();
    const loss = () =>
      tf.tidy(() => {
        const states = tf.tensor2d(batch.map((t) => t.state), [BATCH, STATE]);
        const actions = tf.tensor1d(batch.map((t) => t.action), 'int32');
        // Planted misuse (NL204): without { training: true } the norms use running statistics that nothing ever updates.
        const q = this.online.apply(states) as tf.Tensor2D;
        const taken = q.mul(tf.oneHot(actions, ACTIONS)).sum(-1);

        const rewards = tf.tensor1d(batch.map((t) => t.reward));
        const going = tf.tensor1d(batch.map((t) => (t.done ? 0 : 1)));
        const next = tf.tensor2d(batch.map((t) => t.next), [BATCH, STATE]);
        const best = (this.target.predict(next) as tf.Tensor2D).max(-1);
        const goal = rewards.add(best.mul(going).mul(GAMMA));
        return tf.losses.meanSquaredError(goal, taken) as tf.Scalar;
      });
    const variables = this.online.trainableWeights.map((w) => w.read() as tf.Variable);
    this.optimizer.minimize(loss, false, variables);
  }

  act(state: number[]): number {
    return tf.tidy(() => {
      const q = this.online.predict(tf.tensor2d([state], [1, STATE])) as tf.Tensor2D;
      return q.argMax(-1).dataSync()[0]!;
    });
  }
}

/** A pole that falls by itself: enough to fill the memory. */
function step(state: number[], action: number): Transition {
  const [x = 0, v = 0, angle = 0, spin = 0] = state;
  const push = action === 1 ? 1 : -1;
  const next = [x + 0.02 * v, v + 0.2 * push, angle + 0.02 * spin, spin - 0.3 * push + 0.2 * angle];
  const done = Math.abs(angle) > 0.2 || Math.abs(x) > 2.4;
  return { state, action, reward: done ? -1 : 1, next, done };
}

export async function main({ episodes = 20 } = {}) {
  const agent = new Agent();
  for (let episode = 0; episode < episodes; episode += 1) {
    let state = [0, 0, 0.05, 0];
    for (let t = 0; t < 20; t += 1) {
      const transition = step(state, agent.act(state));
      agent.remember(transition);
      state = transition.done ? [0, 0, 0.05, 0] : transition.next;
    }
    agent.learn();
    if (episode % 5 === 4) agent.updateTarget();
  }
  return agent;
}
