// Our norms against tfjs and onnxruntime on the same float32 values: other people's code as a second oracle, at ordinary
// data, where they are accurate themselves.
import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as runtime from '../../../runtime/index';
import { EPSILON, onnx, ours, tfjs, type Workload, workloads } from '../../bench/runtime/workloads';
import { errorOf, sample, uniform } from '../../unit/runtime/support/data';

const engine = runtime.engine();
const seen: Record<string, string> = {};
beforeAll(() => tf.setBackend('cpu'));
afterAll(() => console.table(seen));

/** The bench's workloads, small. */
const rows = workloads.map((w): Workload => {
  const shape = w.shape.map((dim) => Math.min(dim, w.layout === 'channelsLast' && dim === w.shape.at(-1) ? 12 : 6));
  const { n, c, s } = runtime.channelsOf(shape, w.layout, 'peers');
  return { ...w, shape, n, c, s, groups: c % 3 === 0 ? 3 : 2 };
});
const unique = [...new Map(rows.map((w) => [`${w.norm} ${w.shape.join('x')} ${w.layout}`, w])).entries()];

function inputs(w: Workload) {
  const width = w.norm === 'layer' || w.norm === 'rms' ? (w.shape.at(-1) ?? 1) : w.c;
  return {
    x: sample(w.shape, 'ordinary', 3),
    gamma: uniform([width], 0.5, 1.5, 4),
    beta: uniform([width], -1, 1, 5),
  };
}

/** The running statistics that the peers are given: mean 0 and variance 1 (onnx), or β and γ (tfjs). */
function forward(w: Workload, running: runtime.RunningState | null): Float32Array {
  const { x, gamma, beta } = inputs(w);
  const norm = ours(w, engine);
  const params = w.norm === 'rms' ? { gamma } : { gamma, beta };
  return norm.forward(x, params, running, w.norm === 'inference' ? 'infer' : 'train').y.data;
}

const note = (key: string, error: number): number => {
  seen[key] = error.toExponential(1);
  return error;
};

describe.each(unique)('%s', (name, w) => {
  it('is what onnxruntime computes', async () => {
    const { x, gamma, beta } = inputs(w);
    const session = await ort.InferenceSession.create(onnx(w, gamma.data, beta.data, 1));
    const result = await session.run({ x: new ort.Tensor('float32', x.data, [...w.shape]) });
    const y = Object.values(result)[0]?.data as Float32Array;
    const state = { mean: new Float32Array(w.c), variance: new Float32Array(w.c).fill(1) };
    expect(note(`onnxruntime ${name}`, errorOf(forward(w, state), y))).toBeLessThan(3e-6);
  });

  it('is what tfjs computes', () => {
    const { x, gamma, beta } = inputs(w);
    const y = tfjs(w, tf.tensor(x.data, [...w.shape]), tf.tensor1d(gamma.data), tf.tensor1d(beta.data)).dataSync();
    const state = { mean: beta.data.slice(0, w.c), variance: gamma.data.slice(0, w.c) };
    expect(note(`tfjs ${name}`, errorOf(forward(w, state), y))).toBeLessThan(3e-6);
  });
});

describe('tfjs layers', () => {
  it('train a batch norm to the same output, running statistics and gradients', async () => {
    const shape = [6, 4, 4, 5];
    const x = sample(shape, 'ordinary', 8);
    const layer = tf.layers.batchNormalization({ momentum: 0.9, epsilon: EPSILON });
    const input = tf.tensor4d(x.data, [6, 4, 4, 5]);
    const dy = sample(shape, 'ordinary', 9);
    const gradient = tf.grad((v: tf.Tensor) =>
      tf.mul(layer.apply(v, { training: true }) as tf.Tensor, tf.tensor(dy.data, shape)).sum(),
    );
    const y = (layer.apply(input, { training: true }) as tf.Tensor).dataSync();
    const [, , mean, variance] = layer.getWeights().map((t) => t.dataSync() as Float32Array);
    const norm = runtime.batchNorm({ momentum: 0.9, epsilon: EPSILON });
    const state = norm.state(shape);
    const forward = norm.forward(x, norm.parameters(shape), state);
    expect(errorOf(forward.y.data, y)).toBeLessThan(3e-6);
    expect(errorOf(state.mean, mean as Float32Array)).toBeLessThan(1e-6);
    expect(errorOf(state.variance, variance as Float32Array)).toBeLessThan(1e-6);
    expect(errorOf(norm.backward(dy, forward.saved).dx.data, gradient(input).dataSync())).toBeLessThan(5e-6);
  });

  it('give a layer norm the same output and gradient', () => {
    const shape = [5, 3, 8];
    const x = sample(shape, 'ordinary', 10);
    const layer = tf.layers.layerNormalization({ axis: [1, 2] });
    const input = tf.tensor3d(x.data, [5, 3, 8]);
    const dy = sample(shape, 'ordinary', 11);
    const gradient = tf.grad((v: tf.Tensor) => tf.mul(layer.apply(v) as tf.Tensor, tf.tensor(dy.data, shape)).sum());
    const norm = runtime.layerNorm({ axis: [1, 2] });
    const { y, saved } = norm.forward(x, norm.parameters(shape));
    expect(errorOf(y.data, (layer.apply(input) as tf.Tensor).dataSync())).toBeLessThan(3e-6);
    expect(errorOf(norm.backward(dy, saved).dx.data, gradient(input).dataSync())).toBeLessThan(5e-6);
  });

  it('compute local response normalization alike', () => {
    const x = sample([2, 3, 3, 7], 'ordinary', 12);
    const y = tf.localResponseNormalization(tf.tensor4d(x.data, [2, 3, 3, 7]), 2, 1, 0.2, 0.75).dataSync();
    const norm = runtime.localResponseNorm({ size: 5, bias: 1, alpha: 0.2, beta: 0.75 });
    expect(errorOf(norm.forward(x).y.data, y)).toBeLessThan(1e-6);
  });
});
