import { axesOf, type CodeSettings } from '../settings';
import type { Framework } from './framework';

function parts(s: CodeSettings) {
  const axes = axesOf(s.data, s.layout);
  return { ...axes, axis: axes.channel === axes.rank - 1 ? -1 : axes.channel };
}

const list = (axes: readonly number[]): string => `[${axes.join(', ')}]`;
const mean = (axes: string): string => `ops.mean(ops.square(x), axis=${axes}, keepdims=True)`;

/** Keras 3. Its momentum is what the running statistics keep, its running variance the biased one. */
export const keras: Framework = {
  comment: '#',
  imports: ({ norm }) =>
    norm === 'ghostBatch' || norm === 'filterResponse' || norm === 'pixel' ? 'from keras import ops' : 'import keras',
  norms: {
    batch: (s) => [
      `norm = keras.layers.BatchNormalization(axis=${parts(s).axis}, momentum=${s.momentum}, epsilon=${s.epsilon})`,
    ],
    layer: (s) => {
      const { rank } = parts(s);
      const axes = Array.from({ length: rank - 1 }, (_, i) => i + 1);
      return [
        `norm = keras.layers.LayerNormalization(axis=${axes.length === 1 ? '-1' : list(axes)}, epsilon=${s.epsilon})`,
      ];
    },
    layerChannels: (s) => [`norm = keras.layers.LayerNormalization(axis=${parts(s).axis}, epsilon=${s.epsilon})`],
    instance: (s) => [
      `norm = keras.layers.GroupNormalization(groups=-1, axis=${parts(s).axis}, epsilon=${s.epsilon})  # one group a channel`,
    ],
    group: (s) => [
      `norm = keras.layers.GroupNormalization(groups=${s.groups}, axis=${parts(s).axis}, epsilon=${s.epsilon})`,
    ],
    rms: (s) => [`norm = keras.layers.RMSNormalization(axis=${parts(s).axis}, epsilon=${s.epsilon})`],
    ghostBatch: (s) => {
      const { positions, names } = parts(s);
      return [
        `def ghost_batch_norm(x, gamma, beta):  # x: ${names}, training only`,
        `    slices = ops.reshape(x, (-1, ${s.slice}) + x.shape[1:])`,
        `    mean, variance = ops.moments(slices, axes=${list([1, ...positions.map((p) => p + 1)])}, keepdims=True)`,
        `    y = (slices - mean) / ops.sqrt(variance + ${s.epsilon})`,
        '    return ops.reshape(y, ops.shape(x)) * gamma + beta',
      ];
    },
    filterResponse: (s) => {
      const { positions, names } = parts(s);
      return [
        `def filter_response_norm(x, gamma, beta, tau):  # x: ${names}`,
        `    size = ops.sqrt(${mean(list(positions))} + ${s.epsilon})`,
        '    return ops.maximum(gamma * x / size + beta, tau)',
      ];
    },
    pixel: (s) => {
      const { axis, names } = parts(s);
      return [`def pixel_norm(x):  # x: ${names}`, `    return x / ops.sqrt(${mean(String(axis))} + ${s.epsilon})`];
    },
  },
};
