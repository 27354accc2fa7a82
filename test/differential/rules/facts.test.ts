import { beforeAll, describe, expect, it } from 'vitest';
import { batchNorm, failure, randomFrom, tf, useCpu } from './oracle';

beforeAll(useCpu);

type Layer = tf.layers.Layer;

const random = randomFrom(3);
const normal = (shape: number[]): tf.Tensor => tf.tensor(random.normals(shape.reduce((a, b) => a * b, 1)), shape);

async function fitWith(layer: Layer, inputShape: number[], samples = 4): Promise<string | undefined> {
  return failure(async () => {
    const model = tf.sequential();
    model.add(tf.layers.activation({ activation: 'linear', inputShape }));
    model.add(layer);
    if (inputShape.length > 1) model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ units: 1 }));
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    await model.fit(normal([samples, ...inputShape]), tf.zeros([samples, 1]), { verbose: 0 });
  });
}

async function predictWith(layer: Layer, inputShape: number[]): Promise<string | undefined> {
  return failure(() => {
    const model = tf.sequential();
    model.add(tf.layers.activation({ activation: 'linear', inputShape }));
    model.add(layer);
    (model.predict(normal([2, ...inputShape])) as tf.Tensor).dataSync();
  });
}

const bn = tf.layers.batchNormalization;
const ln = tf.layers.layerNormalization;

describe('batch normalization in TensorFlow.js', () => {
  it.each([
    [[4, 6, 8], 1],
    [[4, 6, 8], 2],
    [[6, 8], 1],
  ])('throws in fit over %j with axis %d (NL101)', async (shape, axis) => {
    expect(await fitWith(bn({ axis }), shape)).toMatch(/Size\(\d+\) must match the product of shape/);
  });

  it('is silently wrong in prediction where the axis is not the last (NL101)', () => {
    const x = normal([2, 3, 5]);
    const layer = bn({ axis: 1 });
    layer.build([null, 3, 5]);
    const [gamma, beta, average, spread] = [
      [1, 2, 3],
      [0, 10, 20],
      [0.5, 1, 2],
      [1, 4, 9],
    ];
    layer.setWeights([gamma, beta, average, spread].map((v) => tf.tensor1d(v as number[])));
    const actual = (layer.apply(x) as tf.Tensor).dataSync();
    const column = (v: unknown) => tf.tensor(v as number[]).reshape([1, 3, 1]);
    const wanted = x
      .sub(column(average))
      .div(column(spread).add(1e-3).sqrt())
      .mul(column(gamma))
      .add(column(beta))
      .dataSync();
    expect(Math.max(...actual.map((v, i) => Math.abs(v - (wanted[i] ?? 0))))).toBeGreaterThan(1);
  });

  it('trains with the last axis written out, and with axis 1 of a rank-2 input', async () => {
    expect(await fitWith(bn({ axis: 3 }), [4, 6, 8])).toBeUndefined();
    expect(await fitWith(bn({ axis: 1 }), [6])).toBeUndefined();
  });

  it('refuses to keep an axis out of range or of unknown length (NL103)', async () => {
    const words = /Axis -?\d+ of input tensor should have a defined dimension/;
    expect(await failure(() => bn({ axis: 5 }).apply(tf.input({ shape: [4, 4] })))).toMatch(words);
    expect(await failure(() => bn({ axis: 0 }).apply(tf.input({ shape: [4, 4] })))).toMatch(words);
  });

  it('takes a fixed batch as its axis and fails in training (NL103)', async () => {
    const said = await failure(async () => {
      const model = tf.sequential({
        layers: [bn({ axis: 0, batchInputShape: [8, 4] }), tf.layers.dense({ units: 1 })],
      });
      model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      await model.fit(normal([8, 4]), tf.zeros([8, 1]), { batchSize: 8, verbose: 0 });
    });
    expect(said).toMatch(/Size\(32\) must match the product of shape 8,1/);
  });

  it.each([
    ['batch', bn],
    ['layer', ln],
  ])('has no kernel of %s norm for rank 5 or 1 (NL105)', async (_, make) => {
    expect(await predictWith(make({}), [2, 3, 4, 5])).toMatch(/not implemented for array of rank 5/);
    expect(await failure(() => make({}).apply(normal([3])))).toMatch(/not implemented for array of rank 1/);
  });

  it.each([
    ['batch', 'scale', bn],
    ['batch', 'center', bn],
    ['layer', 'scale', ln],
    ['layer', 'center', ln],
  ] as const)('throws a TypeError when a %s norm without %s trains, and predicts (NL104)', async (_, key, make) => {
    expect(await fitWith(make({ [key]: false }), [2, 6])).toMatch(/Cannot read properties of (undefined|null)/);
    expect(await predictWith(make({ [key]: false }), [2, 6])).toBeUndefined();
  });

  it('updates its running statistics by v = momentum·v + (1 − momentum)·batch, with the biased variance', () => {
    const { train, weight } = batchNorm([4, 1], { momentum: 0.8 });
    train(tf.tensor2d([[1], [2], [3], [6]]));
    expect(weight('moving_mean')[0]).toBeCloseTo(0.2 * 3, 5);
    expect(weight('moving_variance')[0]).toBeCloseTo(0.8 + 0.2 * 3.5, 5);
  });

  it('is not frozen by trainable = false: fit overwrites the running statistics (NL206)', async () => {
    const layer = bn({ inputShape: [2] });
    const model = tf.sequential({ layers: [layer, tf.layers.dense({ units: 1 })] });
    layer.trainable = false;
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const before = layer.getWeights().map((w) => Array.from(w.dataSync()));
    await model.fit(normal([32, 2]).add(5), tf.zeros([32, 1]), { verbose: 0 });
    const [gamma, beta, average, spread] = layer.getWeights().map((w) => Array.from(w.dataSync()));
    expect([gamma, beta]).toEqual(before.slice(0, 2));
    expect(average).not.toEqual(before[2]);
    expect(spread).not.toEqual(before[3]);
  });

  it('runs in inference mode under apply, predict and model.apply without the flag (NL204)', () => {
    const layer = bn({ inputShape: [2] });
    const model = tf.sequential({ layers: [layer] });
    const x = normal([8, 2]).add(3);
    for (const y of [layer.apply(x), model.apply(x), model.predict(x)] as tf.Tensor[]) {
      expect(
        y
          .sub(x.div(Math.sqrt(1.001)))
          .abs()
          .max()
          .dataSync()[0],
      ).toBeLessThan(1e-5);
    }
    expect((model.apply(x, { training: true }) as tf.Tensor).mean().dataSync()[0]).toBeCloseTo(0, 4);
  });

  it.each([
    ['eps', 1e-7],
    ['decay', 0.5],
    ['num_features', 64],
  ])('accepts the unknown option %s silently (NL116)', (key, value) => {
    const layer = bn({ [key]: value } as never);
    expect(layer.getConfig()).toMatchObject({ epsilon: 1e-3, momentum: 0.99 });
  });

  it.each([
    ['momentum', 1.5],
    ['epsilon', -1],
  ])('accepts %s %d silently (NL116)', (key, value) => {
    expect(bn({ [key]: value }).getConfig()[key]).toBe(value);
  });

  it('ignores a number in the place of options (NL117)', () => {
    expect(bn(1 as never).getConfig()).toMatchObject({ axis: -1 });
    const x = tf.ones([1000]);
    expect((tf.layers.dropout(0.5 as never).apply(x, { training: true }) as tf.Tensor).sum().dataSync()[0]).toBe(1000);
  });

  it('lists weights by trainable first, so that flags change their order (NL115)', () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 2, inputShape: [2] }), bn(), tf.layers.dense({ units: 2 })],
    });
    const names = () => model.weights.map((w) => w.originalName.replace(/^.*\//, ''));
    expect(names()).toEqual(['kernel', 'bias', 'gamma', 'beta', 'kernel', 'bias', 'moving_mean', 'moving_variance']);
    (model.layers[0] as Layer).trainable = false;
    expect(names()).toEqual(['gamma', 'beta', 'kernel', 'bias', 'kernel', 'bias', 'moving_mean', 'moving_variance']);
    (model.layers[0] as Layer).trainable = true;
    model.trainable = false;
    expect(names()).toEqual(['kernel', 'bias', 'gamma', 'beta', 'moving_mean', 'moving_variance', 'kernel', 'bias']);
  });

  const frozenAndTrained = (steps: (model: tf.Sequential, layer: Layer) => void) =>
    failure(async () => {
      const layer = tf.layers.dense({ units: 1, inputShape: [2] });
      const model = tf.sequential({ layers: [layer] });
      steps(model, layer);
      await model.fit(normal([8, 2]), tf.ones([8, 1]), { verbose: 0 });
    });
  const compile = (model: tf.Sequential) => model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const NOTHING = /expects at least one of the input variables to be trainable/;

  it('throws when a model trains that was frozen after compile (NL218)', async () => {
    expect(
      await frozenAndTrained((model) => {
        compile(model);
        model.trainable = false;
      }),
    ).toMatch(NOTHING);
  });

  it('does not train what was thawed after compile (NL218)', async () => {
    expect(
      await frozenAndTrained((model, layer) => {
        layer.trainable = false;
        compile(model);
        layer.trainable = true;
      }),
    ).toMatch(NOTHING);
  });

  it('trains what was thawed again since compile (NL218)', async () => {
    expect(
      await frozenAndTrained((model) => {
        compile(model);
        model.trainable = false;
        model.trainable = true;
      }),
    ).toBeUndefined();
  });

  it('gives a bias before it no gradient (NL301)', () => {
    const { layer } = batchNorm([16, 8]);
    const [x, kernel, bias] = [normal([16, 4]), normal([4, 8]), normal([8])];
    const target = normal([16, 8]);
    const loss = (k: tf.Tensor, b: tf.Tensor) =>
      (layer.apply(x.matMul(k as tf.Tensor2D).add(b), { training: true }) as tf.Tensor)
        .sub(target)
        .square()
        .sum() as tf.Scalar;
    const [ofKernel, ofBias] = tf.grads(loss as never)([kernel, bias]);
    const largest = (t: tf.Tensor | undefined) => t?.abs().max().dataSync()[0] ?? Number.NaN;
    expect(largest(ofBias)).toBeLessThan(1e-4);
    expect(largest(ofKernel)).toBeGreaterThan(0.1);
  });

  it('couples the samples of a batch in a critic, where layer norm does not (NL208)', () => {
    const coupling = (norm: Layer) => {
      const dense = tf.layers.dense({ units: 8, kernelInitializer: tf.initializers.glorotNormal({ seed: 2 }) });
      const head = tf.layers.dense({
        units: 1,
        activation: 'tanh',
        kernelInitializer: tf.initializers.glorotNormal({ seed: 3 }),
      });
      const critic = (x: tf.Tensor) =>
        head.apply(norm.apply(dense.apply(x) as tf.Tensor, { training: true }) as tf.Tensor) as tf.Tensor;
      const gradient = tf.grad((x) => critic(x).slice([0, 0], [1, 1]).sum())(normal([4, 3]));
      return gradient.slice([1, 0], [3, 3]).abs().max().dataSync()[0];
    };
    expect(coupling(bn())).toBeGreaterThan(1e-3);
    expect(coupling(ln())).toBe(0);
  });

  it('makes the sum of a linear critic constant, so that its input gradient is 0 (NL208)', () => {
    const { layer } = batchNorm([6, 5]);
    const weights = normal([5, 1]) as tf.Tensor2D;
    const gradient = tf.grad((x) => (layer.apply(x, { training: true }) as tf.Tensor2D).matMul(weights).sum())(
      normal([6, 5]),
    );
    expect(gradient.abs().max().dataSync()[0]).toBeLessThan(1e-5);
  });
});

describe('layer normalization in TensorFlow.js', () => {
  it('says what is wrong with its axes', async () => {
    const on = (axis: number | number[], shape: (number | null)[]) =>
      failure(() => ln({ axis }).apply(tf.input({ shape })));
    expect(await on(5, [4, 6])).toBe('Invalid axis: 5');
    expect(await on([1, 1], [4, 6])).toBe('Found duplicate axes in: 1,1');
    expect(await failure(() => ln({ axis: 1.5 }))).toBe('Expected axis to be an integer, but received 1.5');
    expect(await on([1, 2], [null, 6])).toMatch(/Tensor must have a shape comprised of positive integers/);
  });

  it('mixes the samples of a fixed batch silently where axis 0 is named (NL103)', () => {
    const layer = ln({ axis: 0, batchInputShape: [4, 3] });
    const model = tf.sequential({ layers: [layer] });
    const y = model.predict(normal([4, 3]), { batchSize: 4 }) as tf.Tensor;
    expect(y.mean(0).abs().max().dataSync()[0]).toBeLessThan(1e-5);
  });
});

describe('tf.batchNorm', () => {
  const x = tf.tidy(() => tf.keep(normal([4, 3, 3, 2])));

  it('asks for parameters of one rank (NL106)', async () => {
    const said = await failure(() => tf.batchNorm(x, tf.zeros([2]), tf.ones([2]), tf.zeros([1, 1, 1, 2]) as never));
    expect(said).toBe('Batch normalization gradient requires mean and offset to have equal ranks.');
  });

  it('asks batchNorm4d for rank 4', async () => {
    expect(
      await failure(() => tf.batchNorm4d(tf.zeros([2, 2, 2]) as never, tf.zeros([2]) as never, tf.ones([2]) as never)),
    ).toBe('Error in batchNorm4D: x must be rank 4 but got rank 3.');
  });

  it('reads a vector of another length wrapped around on cpu (NL106)', () => {
    const y = tf.batchNorm(tf.zeros([1, 1, 1, 4]), tf.tensor1d([1, 2]), tf.ones([2]), undefined, undefined, 0);
    expect(Array.from(y.dataSync())).toEqual([-1, -2, -1, -2]);
  });

  it('reads moments with keepDims in the wrong order on cpu, and has no gradient for them (NL106)', async () => {
    const { mean, variance } = tf.moments(x, [1, 2], true);
    const fused = tf.batchNorm(x, mean as never, variance as never, undefined, undefined, 0);
    const spelt = x.sub(mean).div(variance.sqrt());
    expect(fused.sub(spelt).abs().max().dataSync()[0]).toBeGreaterThan(0.1);
    const said = await failure(() =>
      tf.grad((v) => {
        const m = tf.moments(v, [1, 2], true);
        return tf
          .batchNorm(
            v,
            m.mean as never,
            m.variance as never,
            tf.zeros([4, 1, 1, 2]) as never,
            tf.ones([4, 1, 1, 2]) as never,
          )
          .sum();
      })(x),
    );
    expect(said).toMatch(/Size\(\d+\) must match the product of shape/);
  });

  it('reads [1, 1, 1, C] as what it means on cpu', () => {
    const { mean, variance } = tf.moments(x, [0, 1, 2], true);
    const fused = tf.batchNorm(x, mean as never, variance as never, undefined, undefined, 1e-3);
    expect(
      fused
        .sub(x.sub(mean).div(variance.add(1e-3).sqrt()))
        .abs()
        .max()
        .dataSync()[0],
    ).toBeLessThan(1e-5);
  });

  it.each([
    ['offset', 'scale'],
    ['scale', 'offset'],
  ])('has no gradient without %s (NL106)', async (missing) => {
    const given = (name: string, value: tf.Tensor) => (name === missing ? undefined : value) as never;
    const gradient = (v: tf.Tensor) =>
      tf.batchNorm(v, tf.zeros([2]), tf.ones([2]), given('offset', tf.zeros([2])), given('scale', tf.ones([2])));
    expect(await failure(() => tf.grad((v) => gradient(v).sum())(x))).toMatch(/Cannot read properties of undefined/);
  });

  it('takes offset before scale (NL107)', () => {
    const y = tf.batchNorm(
      tf.tensor2d([[3]]),
      tf.tensor1d([1]),
      tf.tensor1d([1]),
      tf.tensor1d([10]),
      tf.tensor1d([5]),
      0,
    );
    expect(y.dataSync()[0]).toBeCloseTo(10 + 5 * 2, 5);
  });
});

describe('tf.moments', () => {
  it('returns an object, not a pair (NL114)', async () => {
    const taken = tf.moments(tf.ones([2, 2])) as unknown as Iterable<tf.Tensor>;
    expect(
      await failure(() => {
        const [a] = taken;
        return a;
      }),
    ).toMatch(/not iterable/);
  });

  it('reduces every axis by default, the batch too, and divides by m', () => {
    const { mean, variance } = tf.moments(
      tf.tensor2d([
        [1, 2],
        [3, 6],
      ]),
    );
    expect([mean.shape, variance.dataSync()[0]]).toEqual([[], 3.5]);
  });

  it('refuses an axis out of range', async () => {
    expect(await failure(() => tf.moments(tf.ones([2, 2]), 2))).toBe(
      'All values in axis param must be in range [-2, 2) but got axis 2',
    );
  });

  it('broadcasts a square wrongly in silence without keepDims (NL111)', () => {
    const x = normal([6, 6]);
    const wrong = x.sub(x.mean(1));
    const right = x.sub(x.mean(1, true));
    expect(right.mean(1).abs().max().dataSync()[0]).toBeLessThan(1e-6);
    expect(wrong.mean(1).abs().max().dataSync()[0]).toBeGreaterThan(0.01);
  });

  it('throws where the sizes differ (NL111, NL002)', async () => {
    const x = normal([2, 4, 6]);
    expect(await failure(() => x.sub(tf.moments(x, 2).mean))).toBe(
      'Operands could not be broadcast together with shapes 2,4,6 and 2,4.',
    );
  });

  it('gives NaN gradients where ε stands outside the root (NL113)', () => {
    const through = (spread: (v: tf.Tensor) => tf.Tensor) =>
      tf.grad((x) => {
        const { mean, variance } = tf.moments(x, 0, true);
        return x.sub(mean).div(spread(variance)).square().sum();
      })(tf.ones([4, 2]));
    expect(Array.from(through((v) => v.sqrt().add(1e-5)).dataSync()).every(Number.isNaN)).toBe(true);
    expect(Array.from(through((v) => v.add(1e-5).sqrt()).dataSync()).some(Number.isNaN)).toBe(false);
  });
});

describe('custom layers and padding', () => {
  it('hands call a list from predict and a tensor from apply (NL121)', () => {
    const seen: boolean[] = [];
    class Probe extends tf.layers.Layer {
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        seen.push(Array.isArray(inputs));
        return (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
      }
      override computeOutputShape(shape: tf.Shape): tf.Shape {
        return shape;
      }
      static className = 'Probe';
    }
    const layer = new Probe();
    layer.apply(tf.ones([1, 2]));
    const input = tf.input({ shape: [2] });
    tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor }).predict(tf.ones([1, 2]));
    expect(seen).toEqual([false, true]);
  });

  it('applies timeDistributed batch norm a step at a time (NL213)', () => {
    const inner = bn({ momentum: 0.5 });
    const layer = tf.layers.timeDistributed({ layer: inner });
    const x = tf.concat([tf.fill([2, 1, 1], 0), tf.fill([2, 1, 1], 8)], 1);
    layer.apply(x, { training: true });
    const average = inner.getWeights()[2]?.dataSync()[0];
    // Two updates, 0 and then 8, where one over the whole sequence would give 0.5 · 4 = 2.
    expect(average).toBeCloseTo(4, 5);
  });

  it.each(['groupNormalization', 'instanceNormalization', 'rmsNormalization', 'unitNormalization'])(
    'has no tf.layers.%s (NL313)',
    (name) => {
      expect(name in tf.layers).toBe(false);
    },
  );
});

describe('a step by hand in TensorFlow.js (NL226)', () => {
  const one = (): tf.Sequential =>
    tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3], kernelInitializer: 'ones' })] });
  const x = tf.ones([4, 3]);
  const outputOf = (model: tf.Sequential): tf.Tensor => model.apply(x) as tf.Tensor;
  const weightOf = (model: tf.Sequential): number => model.getWeights()[0]?.dataSync()[0] ?? Number.NaN;
  const listOf = (model: tf.Sequential): tf.Variable[] => model.trainableWeights.map((w) => w.read() as tf.Variable);

  /** Whether the step on the sum of both moves the second model. */
  function moves(through: (y: tf.Tensor) => tf.Tensor, list?: (own: tf.Sequential) => tf.Variable[]): boolean {
    const [own, other] = [one(), one()];
    const before = weightOf(other);
    const loss = () =>
      outputOf(own)
        .sum()
        .add(through(outputOf(other)).sum()) as tf.Scalar;
    tf.train.sgd(0.1).minimize(loss, false, list?.(own));
    return weightOf(other) !== before;
  }

  it('moves every model that its loss goes through', () => {
    expect(moves((y) => y.max(-1))).toBe(true);
    expect(moves((y) => tf.keep(y.clone()))).toBe(true);
    expect(moves((y) => tf.losses.meanSquaredError(y, tf.zeros([4, 2])))).toBe(true);
    expect(moves((y) => tf.losses.meanSquaredError(tf.zeros([4, 2]), y))).toBe(true);
  });

  it('moves those of its list alone', () => {
    expect(moves((y) => y, listOf)).toBe(false);
    expect(
      moves(
        (y) => y,
        (own) => own.getWeights() as tf.Variable[],
      ),
    ).toBe(false);
  });

  it.each<[string, (y: tf.Tensor) => tf.Tensor]>([
    ['argMax', (y) => y.argMax(-1).toFloat()],
    ['argMin', (y) => y.argMin(-1).toFloat()],
    ['round', (y) => y.round()],
    ['floor', (y) => y.floor()],
    ['ceil', (y) => y.ceil()],
    ['sign', (y) => y.sign()],
    ['step', (y) => y.step()],
    ['onesLike', (y) => tf.onesLike(y)],
    ['zerosLike', (y) => tf.zerosLike(y)],
    ['oneHot', (y) => tf.oneHot(y.argMax(-1), 2).toFloat()],
  ])('moves nothing behind %s', (_, through) => {
    expect(moves(through)).toBe(false);
  });
});
