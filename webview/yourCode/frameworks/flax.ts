import { axesOf, type CodeSettings } from '../settings';
import type { Framework } from './framework';

const tuple = (axes: readonly number[]): string => `(${axes.join(', ')}${axes.length === 1 ? ',' : ''})`;
const last = (s: CodeSettings) => axesOf(s.data, 'channelsLast');
const mean = (axes: string): string => `jnp.mean(jnp.square(x), axis=${axes}, keepdims=True)`;

/** Flax (linen). Its momentum is what the running statistics keep, as Keras's; its epsilon is 1e-5 or 1e-6 by default. */
export const flax: Framework = {
  comment: '#',
  imports: ({ norm }) =>
    norm === 'ghostBatch' || norm === 'filterResponse' || norm === 'pixel'
      ? 'import jax.numpy as jnp'
      : 'from flax import linen as nn',
  remarks: (s) =>
    s.layout === 'channelsFirst' && s.data !== 'features' ? [`x: ${last(s).names}, for Flax keeps channels last`] : [],
  norms: {
    batch: (s) => [
      `norm = nn.BatchNorm(use_running_average=not train, axis=-1, momentum=${s.momentum}, epsilon=${s.epsilon})`,
    ],
    layer: (s) => {
      const { rank } = last(s);
      const axes = tuple(Array.from({ length: rank - 1 }, (_, i) => i + 1));
      return rank === 2
        ? [`norm = nn.LayerNorm(epsilon=${s.epsilon})`]
        : [`norm = nn.LayerNorm(epsilon=${s.epsilon}, reduction_axes=${axes}, feature_axes=${axes})`];
    },
    layerChannels: (s) => [`norm = nn.LayerNorm(epsilon=${s.epsilon})  # over the last axis`],
    instance: (s) => [`norm = nn.InstanceNorm(epsilon=${s.epsilon})`],
    group: (s) => [`norm = nn.GroupNorm(num_groups=${s.groups}, epsilon=${s.epsilon})`],
    rms: (s) => [`norm = nn.RMSNorm(epsilon=${s.epsilon})  # over the last axis`],
    ghostBatch: (s) => [
      `def ghost_batch_norm(x, gamma, beta):  # x: ${last(s).names}, training only`,
      `    slices = x.reshape((-1, ${s.slice}) + x.shape[1:])`,
      `    mean = jnp.mean(slices, axis=${tuple([1, ...last(s).positions.map((p) => p + 1)])}, keepdims=True)`,
      `    variance = jnp.var(slices, axis=${tuple([1, ...last(s).positions.map((p) => p + 1)])}, keepdims=True)`,
      `    y = (slices - mean) / jnp.sqrt(variance + ${s.epsilon})`,
      '    return y.reshape(x.shape) * gamma + beta',
    ],
    filterResponse: (s) => [
      `def filter_response_norm(x, gamma, beta, tau):  # x: ${last(s).names}`,
      `    size = jnp.sqrt(${mean(tuple(last(s).positions))} + ${s.epsilon})`,
      '    return jnp.maximum(gamma * x / size + beta, tau)',
    ],
    pixel: (s) => [
      `def pixel_norm(x):  # x: ${last(s).names}`,
      `    return x / jnp.sqrt(${mean('-1')} + ${s.epsilon})`,
    ],
  },
};
