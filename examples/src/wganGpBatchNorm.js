// The same game on points in the plane, with a critic that someone gave batch normalization to.
import * as tf from '@tensorflow/tfjs';

const LATENT = 4;
const POINT = 2;
const BATCH = 64;

const generator = tf.sequential({
  layers: [
    tf.layers.dense({ inputShape: [LATENT], units: 32, activation: 'relu' }),
    tf.layers.dense({ units: POINT }),
  ],
});

function makeCritic(widths = [64, 32]) {
  const critic = tf.sequential({ name: 'critic' });
  critic.add(tf.layers.inputLayer({ inputShape: [POINT] }));
  for (const units of widths) {
    critic.add(tf.layers.dense({ units, useBias: false }));
    // Planted misuse (NL208): the score of one point now depends on the others, so the penalty punishes the wrong gradient.
    critic.add(tf.layers.batchNormalization({ momentum: 0.9 }));
    critic.add(tf.layers.reLU());
  }
  critic.add(tf.layers.dense({ units: 1 }));
  return critic;
}

const critic = makeCritic();
const optimizer = tf.train.adam(2e-4, 0.5);

/** Points on a ring. */
function realPoints() {
  return tf.tidy(() => {
    const angle = tf.randomUniform([BATCH, 1], 0, 2 * Math.PI);
    return tf.concat([angle.cos(), angle.sin()], 1);
  });
}

function criticLoss(real, fake) {
  const scores = (x) => critic.apply(x, { training: true });
  const mix = tf.randomUniform([BATCH, 1]);
  const between = tf.add(real.mul(mix), fake.mul(tf.sub(1, mix)));
  const slope = tf.grad((x) => scores(x).sum())(between);
  const penalty = slope.square().sum(1).add(1e-12).sqrt().sub(1).square().mean();
  return scores(fake).mean().sub(scores(real).mean()).add(penalty.mul(10));
}

export async function main({ steps = 60 } = {}) {
  const variables = critic.trainableWeights.map((weight) => weight.val);
  for (let step = 0; step < steps; step++) {
    const real = realPoints();
    const fake = generator.predict(tf.randomNormal([BATCH, LATENT]));
    const { value, grads } = tf.variableGrads(() => criticLoss(real, fake), variables);
    optimizer.applyGradients(grads);
    tf.dispose([real, fake, value, grads]);
    await tf.nextFrame();
  }
  return critic;
}
