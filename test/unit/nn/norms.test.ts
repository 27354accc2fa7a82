import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../runtime/nn/configError';
import { kernelsFor } from '../../../runtime/nn/kernels';
import { NormLayer } from '../../../runtime/nn/layers';
import { SoftmaxCrossEntropy } from '../../../runtime/nn/losses';
import { buildNetwork } from '../../../runtime/nn/models';
import { type NormName, normLayer, normNames } from '../../../runtime/nn/norms';
import { Random } from '../../../runtime/nn/random';
import type { Shape } from '../../../runtime/nn/tensor';
import { type TrainConfig, trainConfig } from '../../../runtime/nn/trainConfig';
import * as formulas from '../../../runtime/reference/formulas';
import { differentiate, type Value, value } from '../../../runtime/reference/tape';
import { normalTensor, relativeError } from './support';

const environment = { precision: 'float32', kernels: kernelsFor('float32') } as const;
const float32 = (shape: Shape, random: Random) => ({
  shape,
  data: Float32Array.from(normalTensor(shape, random).data),
});

/** What each norm computes, by the float64 formulas, which know nothing of the layers or of their kernels. */
const oracles: Partial<Record<NormName, (x: Value, p: formulas.Affine, config: TrainConfig) => Value>> = {
  batch: (x, p, { epsilon }) => formulas.batch(x, p, 'last', epsilon),
  layer: (x, p, { epsilon }) => formulas.layer(x, p, [1, 2, 3], epsilon),
  layerChannels: (x, p, { epsilon }) => formulas.layer(x, p, [3], epsilon),
  instance: (x, p, { epsilon }) => formulas.instance(x, p, 'last', epsilon),
  group: (x, p, { epsilon, groups }) => formulas.group(x, p, groups, 'last', epsilon),
  ghostBatch: (x, p, { epsilon, ghostBatchSize }) => formulas.ghostBatch(x, p, ghostBatchSize, 'last', epsilon),
  syncBatch: (x, p, { epsilon }) => formulas.batch(x, p, 'last', epsilon),
  batchRenorm: (x, p, { epsilon }) => {
    const start = { mean: new Float64Array(6), deviation: new Float64Array(6).fill(1) };
    return formulas.batchRenorm(x, p, start, { rMax: 3, dMax: 5 }, 'last', epsilon);
  },
};

describe('Norm layers', () => {
  it.each(Object.entries(oracles))('%s gives the output and gradients of its formula', (name, oracle) => {
    const random = new Random(8);
    const config = trainConfig({ norm: name as NormName, batchSize: 6, ghostBatchSize: 3, groups: 2 });
    const layer = normLayer('norm', [4, 3, 6], config);
    const x = float32([6, 4, 3, 6], random);
    const dy = float32(x.shape, random);
    for (const parameter of layer?.parameters ?? []) parameter.value.set(parameter.value.map(() => random.normal(1)));
    const y = layer?.forward(x, 'train').data.slice() ?? [];
    const dx = layer?.backward(dy).data ?? [];
    const [gamma, beta] = (layer?.parameters ?? []).map((p) => value(p.value, [p.value.length])) as [Value, Value];
    const input = value(x.data, x.shape);
    const expected = oracle(input, { gamma, beta }, config);
    differentiate(expected, dy.data);
    expect(relativeError(y, expected.data)).toBeLessThanOrEqual(1e-6);
    expect(relativeError(dx, input.gradient)).toBeLessThanOrEqual(2e-6);
    expect(relativeError(layer?.parameters[0]?.gradient ?? [], gamma.gradient)).toBeLessThanOrEqual(2e-6);
    expect(relativeError(layer?.parameters[1]?.gradient ?? [], beta.gradient)).toBeLessThanOrEqual(2e-6);
  });

  it.each(['batch', 'ghostBatch', 'syncBatch'] as const)('%s infers from what training remembered', (norm) => {
    const config = trainConfig({ norm, batchSize: 6, ghostBatchSize: 3, normMomentum: 0.5 });
    const layer = normLayer('norm', [5], config);
    const random = new Random(1);
    for (let i = 0; i < 4; i++) layer?.forward(float32([6, 5], random), 'train');
    const [mean, variance] = (layer?.buffers ?? []).map((b) => value(b.value, [5])) as [Value, Value];
    const affine = { gamma: value(new Float64Array(5).fill(1), [5]), beta: value(new Float64Array(5), [5]) };
    const x = float32([7, 5], random);
    const expected = formulas.batchInference(
      value(x.data, x.shape),
      affine,
      { mean, variance },
      'last',
      config.epsilon,
    );
    expect(mean.data.every((m) => m !== 0)).toBe(true);
    expect(relativeError(layer?.forward(x, 'infer').data ?? [], expected.data)).toBeLessThanOrEqual(1e-6);
  });

  it('refuse sets of one element, which would put out β and nothing else', () => {
    const refused = (changes: Partial<TrainConfig>, shape: Shape) => () =>
      normLayer('norm1', shape, trainConfig(changes));
    expect(refused({ norm: 'instance', batchSize: 32 }, [64])).toThrow(
      /more than one element a set at norm1 \[32, 64\]/,
    );
    expect(refused({ norm: 'instance', batchSize: 32 }, [1, 1, 8])).toThrow(ConfigError);
    expect(refused({ norm: 'batch', batchSize: 1 }, [64])).toThrow(ConfigError);
    expect(refused({ norm: 'group', groups: 8 }, [8])).toThrow(ConfigError);
    expect(refused({ norm: 'batch', batchSize: 1 }, [2, 2, 8])()).toBeInstanceOf(NormLayer);
    expect(refused({ norm: 'group', groups: 3 }, [8])).toThrow(/divides 8 channels/);
  });
});

/** Steps of 0.02 % of a parameter's size over relu's kinks, a loss in float32: exact enough to see a missing or misplaced gradient. */
const TOLERANCE = 0.02;

/** Batch renorm's gradient is by definition not the slope of its output: its corrections count as constants. */
const differentiable = normNames.filter((norm) => norm !== 'batchRenorm');

describe.each(differentiable.map((norm) => [norm] as const))('A network with %s', (norm) => {
  it('gives each parameter the slope of the loss along its gradient', () => {
    const config = trainConfig({ norm, depth: 3, width: 4, batchSize: 8, groups: 2, ghostBatchSize: 4 });
    const streams = { weights: new Random(3), noise: new Random(4) };
    const network = buildNetwork(config, [10, 10, 1], 5, environment, streams);
    const random = new Random(5);
    const x = float32([8, 10, 10, 1], random);
    const labels = [0, 1, 2, 3, 4, 0, 1, 2];
    const loss = new SoftmaxCrossEntropy(environment);
    network.forward(x, 'train'); // moves batch renorm's and spectral norm's states from their start
    const states = network.buffers.map(({ value: values }) => values.slice());
    const measure = () => {
      for (const [i, buffer] of network.buffers.entries()) buffer.value.set(states[i] ?? []);
      return loss.measure(network.forward(x, 'train'), labels);
    };
    network.backward(measure().gradient);
    const gradients = network.parameters.map(({ gradient }) => gradient.slice());
    network.parameters.forEach(({ name, value: values }, k) => {
      const gradient = gradients[k] ?? [];
      const length = Math.hypot(...gradient);
      expect(length, name).toBeGreaterThan(0);
      const step = 2e-4 * Math.max(0.1, Math.hypot(...values));
      const start = values.slice();
      const lossAt = (sign: number): number => {
        values.set(start.map((value, i) => value + (sign * step * (gradient[i] as number)) / length));
        return measure().loss;
      };
      const slope = (lossAt(1) - lossAt(-1)) / (2 * step);
      values.set(start);
      const floor = 1e-6 / step; // what rounding the loss alone can do
      expect(Math.abs(slope - length), `${name}: ${slope} for ${length}`).toBeLessThanOrEqual(
        TOLERANCE * length + floor,
      );
    });
  });
});
