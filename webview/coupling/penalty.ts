/**
 * The gradient penalty of WGAN-GP (Gulrajani et al. 2017, arXiv 1704.00028) on a small critic: linear, norm, leaky ReLU (or
 * nothing), linear. The penalty asks for ‖∇ D(x_i)‖ = 1 of each sample's own score; what code computes is the gradient of the
 * sum of all scores, which is the same only where samples do not meet inside the critic.
 */
import { filled, type Norm, type Tensor, tensor } from '../../runtime';
import { plainKernels } from '../../runtime/nn/kernels/plain';
import { Random } from '../../runtime/nn/random';
import type { Layer } from '../../src/shared/illustration';
import { applyNorm, type Normed, normFor } from '../norms';

export type CriticNorm = 'none' | 'batch' | 'layer' | 'group';

export const CRITIC_NORMS: Readonly<Record<CriticNorm, string>> = {
  none: 'No norm',
  batch: 'Batch norm',
  layer: 'Layer norm',
  group: 'Group norm',
};

export interface CriticInput {
  readonly samples: number;
  readonly inputs: number;
  readonly hidden: number;
  readonly head: 'relu' | 'linear';
  readonly weight: number;
  readonly epsilon: number;
  readonly seed: number;
}

export interface Penalty {
  /** ‖∇_{x_i} D(x_i)‖ of each sample: what the paper means. */
  readonly own: readonly number[];
  /** ‖∇_{x_i} Σ_j D(x_j)‖ of each sample: what the code computes. */
  readonly summed: readonly number[];
  /** λ · mean (‖·‖ − 1)² of each. */
  readonly ownPenalty: number;
  readonly summedPenalty: number;
}

/** The slope of the leaky ReLU below 0. */
export const LEAK = 0.2;

export interface Critic {
  readonly x: Float32Array;
  readonly first: Float32Array;
  readonly last: Float32Array;
}

/** Inputs x [N, D], weights [D, K] and [K], all standard normal; the weights scaled by 1/√fan-in. */
export function makeCritic({ samples, inputs, hidden, seed }: CriticInput): Critic {
  const random = new Random(seed);
  const normals = (count: number, deviation: number) =>
    Float32Array.from({ length: count }, () => random.normal(0, deviation));
  return {
    x: normals(samples * inputs, 1),
    first: normals(inputs * hidden, 1 / Math.sqrt(inputs)),
    last: normals(hidden, 1 / Math.sqrt(hidden)),
  };
}

export function penalty(name: CriticNorm, input: CriticInput): Penalty {
  const { samples, inputs, hidden, head, weight } = input;
  const { x, first, last } = makeCritic(input);
  const size = { rows: samples, inner: inputs, columns: hidden };
  const features = filled([samples, hidden]);
  plainKernels.matmul(features.data, x, first, size);
  const normed = normedBy(criticNorm(name, input), features);
  /** dD → dx. */
  const backward = (scores: readonly number[]): Float32Array => {
    const dy = filled([samples, hidden]);
    for (let i = 0; i < samples; i++) {
      for (let k = 0; k < hidden; k++) {
        const slope = head === 'relu' && (normed.y.data[i * hidden + k] ?? 0) < 0 ? LEAK : 1;
        dy.data[i * hidden + k] = (scores[i] ?? 0) * (last[k] ?? 0) * slope;
      }
    }
    const dx = new Float32Array(samples * inputs);
    const back = { rows: samples, inner: hidden, columns: inputs, transposeB: true };
    plainKernels.matmul(dx, normed.backward(dy).data, first, back);
    return dx;
  };
  const lengthOf = (dx: Float32Array, i: number) => Math.hypot(...dx.subarray(i * inputs, (i + 1) * inputs));
  const order = Array.from({ length: samples }, (_, i) => i);
  const own = order.map((i) => lengthOf(backward(order.map((j) => (i === j ? 1 : 0))), i));
  const all = backward(order.map(() => 1));
  const summed = order.map((i) => lengthOf(all, i));
  const mean = (lengths: readonly number[]) =>
    (weight * lengths.reduce((sum, length) => sum + (length - 1) ** 2, 0)) / samples;
  return { own, summed, ownPenalty: mean(own), summedPenalty: mean(summed) };
}

function criticNorm(name: CriticNorm, { samples: n, hidden: c, epsilon }: CriticInput): Norm | undefined {
  if (name === 'none') return undefined;
  const layer: Layer = { data: 'features', n, c, h: 1, w: 1, groups: c % 2 === 0 ? 2 : 1, slice: n };
  return normFor(name, layer, { epsilon, layout: 'channelsLast' });
}

function normedBy(norm: Norm | undefined, x: Tensor): Pick<Normed, 'y' | 'backward'> {
  return norm === undefined ? { y: x, backward: (dy) => dy } : applyNorm(norm, tensor(x.data, x.shape));
}
