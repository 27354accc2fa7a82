import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CustomLayer,
  frozenBatchNormalization,
  groupNormalization,
  instanceNormalization,
  rmsNormalization,
  sourceFor,
} from '../../../src/analyzer/rules/customLayers';
import { randomFrom, tf, useCpu } from './oracle';

beforeAll(useCpu);

type Make = new (config?: Record<string, unknown>) => tf.layers.Layer;

/** Runs the JavaScript text of the layer, as it would stand in a user's file. */
function classOf(custom: CustomLayer): Make {
  return new Function('tf', `${sourceFor(custom, 'model.js', 'tf')}\nreturn ${custom.className};`)(tf) as Make;
}

/** Sets (of flat indices) that share a mean, for a tensor [B, P, C] of positions. */
type Sets = (b: number, p: number, c: number) => string;

/** Float64: normalises x over the sets, then γ and β per channel. */
function reference(
  x: number[],
  [B, P, C]: [number, number, number],
  sets: Sets,
  epsilon: number,
  gamma: number[],
  beta: number[],
  centred = true,
): number[] {
  const at = (b: number, p: number, c: number) => (b * P + p) * C + c;
  const members = new Map<string, number[]>();
  const keys: string[] = [];
  for (let b = 0; b < B; b += 1) {
    for (let p = 0; p < P; p += 1) {
      for (let c = 0; c < C; c += 1) {
        const key = sets(b, p, c);
        keys[at(b, p, c)] = key;
        members.set(key, [...(members.get(key) ?? []), x[at(b, p, c)] ?? 0]);
      }
    }
  }
  const statistics = new Map(
    [...members].map(([key, values]) => {
      const mean = centred ? values.reduce((a, v) => a + v, 0) / values.length : 0;
      return [key, { mean, variance: values.reduce((a, v) => a + (v - mean) ** 2, 0) / values.length }];
    }),
  );
  return x.map((value, i) => {
    const { mean, variance } = statistics.get(keys[i] ?? '') ?? { mean: 0, variance: 1 };
    return ((value - mean) / Math.sqrt(variance + epsilon)) * (gamma[i % C] ?? 1) + (beta[i % C] ?? 0);
  });
}

interface Case {
  readonly custom: CustomLayer;
  readonly config: Record<string, unknown>;
  readonly epsilon: number;
  readonly sets: Sets;
  readonly centred?: boolean;
  readonly beta: boolean;
}

const cases: readonly Case[] = [
  {
    custom: groupNormalization,
    config: { groups: 2 },
    epsilon: 1e-3,
    sets: (b, _, c) => `${b}/${Math.floor(c / 3)}`,
    beta: true,
  },
  {
    custom: instanceNormalization,
    config: { epsilon: 1e-5 },
    epsilon: 1e-5,
    sets: (b, _, c) => `${b}/${c}`,
    beta: true,
  },
  { custom: rmsNormalization, config: {}, epsilon: 1e-6, sets: (b, p) => `${b}/${p}`, centred: false, beta: false },
];

const SHAPE = [2, 2, 2, 6] as const;
const VIEW: [number, number, number] = [2, 4, 6];

describe.each(cases)(
  '$custom.className, as the fix inserts it',
  ({ custom, config, epsilon, sets, centred, beta: hasBeta }) => {
    const random = randomFrom(5);
    const x = random.normals(48).map((v) => v * 3 + 1);
    const gamma = random.normals(6);
    const beta = hasBeta ? random.normals(6) : [0, 0, 0, 0, 0, 0];
    const weights = () => [tf.tensor1d(gamma), ...(hasBeta ? [tf.tensor1d(beta)] : [])];
    const built = () => {
      const layer = new (classOf(custom))(config);
      layer.build([null, ...SHAPE.slice(1)]);
      layer.setWeights(weights());
      return layer;
    };
    const exact = (values: number[]) => reference(values, VIEW, sets, epsilon, gamma, beta, centred);

    it('computes what the float64 reference computes', () => {
      const y = (built().apply(tf.tensor(x, [...SHAPE])) as tf.Tensor).dataSync();
      exact(x).forEach((value, i) => void expect(y[i]).toBeCloseTo(value, 4));
    });

    it('has the gradient of the reference, by central differences', () => {
      const layer = built();
      const weight = randomFrom(9).normals(48);
      const gradient = tf
        .grad((v) => (layer.apply(v) as tf.Tensor).mul(tf.tensor(weight, [...SHAPE])).sum())(tf.tensor(x, [...SHAPE]))
        .dataSync();
      const loss = (values: number[]) => exact(values).reduce((sum, y, i) => sum + y * (weight[i] ?? 0), 0);
      const h = 1e-5;
      x.forEach((value, i) => {
        const numeric = (loss(x.with(i, value + h)) - loss(x.with(i, value - h))) / (2 * h);
        expect(Math.abs((gradient[i] ?? 0) - numeric)).toBeLessThan(2e-3 * Math.max(1, Math.abs(numeric)));
      });
    });

    it('trains in fit, and comes back from a save with the same output', async () => {
      // By chance the first weights might be good already.
      const seeded = (seed: number) => tf.initializers.glorotNormal({ seed });
      const model = tf.sequential({
        layers: [
          tf.layers.conv2d({ filters: 6, kernelSize: 1, inputShape: [2, 2, 6], kernelInitializer: seeded(1) }),
          new (classOf(custom))(config),
          tf.layers.flatten(),
          tf.layers.dense({ units: 1, kernelInitializer: seeded(2) }),
        ],
      });
      model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
      const data = tf.tensor(x, [...SHAPE]);
      const { history } = await model.fit(data, tf.tensor2d([[1], [-1]]), { epochs: 20, verbose: 0 });
      expect(Number(history.loss?.at(-1))).toBeLessThan(Number(history.loss?.[0]));
      let artifacts: tf.io.ModelArtifacts | undefined;
      await model.save(
        tf.io.withSaveHandler(async (saved) => {
          artifacts = saved;
          return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
        }),
      );
      const loaded = await tf.loadLayersModel({ load: async () => artifacts as tf.io.ModelArtifacts });
      expect((loaded.predict(data) as tf.Tensor).dataSync()).toEqual((model.predict(data) as tf.Tensor).dataSync());
    });
  },
);

describe('FrozenBatchNormalization, as the fix inserts it', () => {
  const weights = () =>
    [
      [1, 2],
      [0.5, -1],
      [3, 4],
      [4, 9],
    ].map((v) => tf.tensor1d(v));

  it('takes the weights of a batch norm in their order and predicts the same', () => {
    const x = tf.tensor2d([
      [1, 2],
      [3, 4],
      [-5, 6],
    ]);
    const [plain, frozen] = [tf.layers.batchNormalization(), new (classOf(frozenBatchNormalization))()];
    for (const layer of [plain, frozen]) {
      layer.build([null, 2]);
      layer.setWeights(weights());
    }
    const difference = (plain.apply(x) as tf.Tensor).sub(frozen.apply(x) as tf.Tensor);
    expect(difference.abs().max().dataSync()[0]).toBeLessThan(1e-6);
  });

  it('keeps all its weights through fit', async () => {
    const frozen = new (classOf(frozenBatchNormalization))({ inputShape: [2] });
    const model = tf.sequential({ layers: [frozen, tf.layers.dense({ units: 1 })] });
    frozen.setWeights(weights());
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await model.fit(tf.tensor2d(randomFrom(1).normals(64), [32, 2]), tf.zeros([32, 1]), { epochs: 3, verbose: 0 });
    expect(frozen.getWeights().map((w) => Array.from(w.dataSync()))).toEqual(
      weights().map((w) => Array.from(w.dataSync())),
    );
  });
});
