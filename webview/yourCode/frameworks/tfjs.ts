import { axesOf, type CodeSettings, sampleShape } from '../settings';
import type { Framework } from './framework';

const list = (axes: readonly number[]): string => `[${axes.join(', ')}]`;

/** TensorFlow.js counts the last axis −1, where it is the last. */
function parts(s: CodeSettings) {
  const axes = axesOf(s.data, s.layout);
  const axis = axes.channel === axes.rank - 1 ? -1 : axes.channel;
  // γ and β of [C] broadcast against the last axis only.
  const affine = axis === -1 ? '[C]' : `[C${', 1'.repeat(axes.rank - 2)}]`;
  return { ...axes, axis, affine };
}

/** x: [n, …, groups, each] and back, with the axes of a group. */
function grouped(s: CodeSettings) {
  const { rank, axis } = parts(s);
  const names = ['n', ...(s.data === 'images' ? ['h', 'w'] : s.data === 'sequences' ? ['t'] : [])];
  const each = s.c / s.groups;
  const spatial = names.slice(1);
  const shape = axis === -1 ? [...names, s.groups, each] : ['n', s.groups, each, ...spatial];
  const reduced = axis === -1 ? [...spatial.map((_, i) => i + 1), rank] : [2, ...spatial.map((_, i) => i + 3)];
  const taken = axis === -1 ? names : ['n', ...(spatial.length > 0 ? ['', ...spatial] : [])];
  return { shape: `[${shape.join(', ')}]`, reduced, taken: `[${taken.join(', ')}]` };
}

const normalized = (x: string, epsilon: number) => `${x}.sub(mean).div(variance.add(${epsilon}).sqrt())`;

const withMoments = (name: string, s: CodeSettings, lines: readonly string[], affine: string) => [
  `/** x: ${axesOf(s.data, s.layout).names}; gamma, beta: ${affine}. TensorFlow.js has no layer for it. */`,
  `function ${name}(x, gamma, beta) {`,
  ...lines.map((line) => `  ${line}`),
  '}',
];

const batchLayer = ({ momentum, epsilon }: CodeSettings): string =>
  `tf.layers.batchNormalization({ axis: -1, momentum: ${momentum}, epsilon: ${epsilon} })`;

/** In TensorFlow.js 4.22 the statistics of another axis than the last do not broadcast (rule bn-axis-not-last). */
function permutedBatch(s: CodeSettings): readonly string[] {
  const [last, first] = s.data === 'images' ? ['[2, 3, 1]', '[3, 1, 2]'] : ['[2, 1]', '[2, 1]'];
  return [
    '// TensorFlow.js trains batch norm on the last axis alone: the channels go there and back.',
    'const norm = tf.sequential({',
    '  layers: [',
    `    tf.layers.permute({ dims: ${last}, inputShape: ${list(sampleShape(s, s.layout))} }),`,
    `    ${batchLayer(s)},`,
    `    tf.layers.permute({ dims: ${first} }),`,
    '  ],',
    '});',
  ];
}

export const tfjs: Framework = {
  comment: '//',
  imports: () => "import * as tf from '@tensorflow/tfjs';",
  norms: {
    batch: (s) => (parts(s).axis === -1 ? [`const norm = ${batchLayer(s)};`] : permutedBatch(s)),
    layer: (s) => {
      const { rank } = parts(s);
      const axes = Array.from({ length: rank - 1 }, (_, i) => i + 1);
      const axis = axes.length === 1 ? '-1' : list(axes);
      return [`const norm = tf.layers.layerNormalization({ axis: ${axis}, epsilon: ${s.epsilon} });`];
    },
    layerChannels: (s) => [
      `const norm = tf.layers.layerNormalization({ axis: ${parts(s).axis}, epsilon: ${s.epsilon} });`,
    ],
    instance: (s) => {
      const { positions, affine } = parts(s);
      const lines = [
        `const { mean, variance } = tf.moments(x, ${list(positions)}, true);`,
        `return ${normalized('x', s.epsilon)}.mul(gamma).add(beta);`,
      ];
      return withMoments('instanceNorm', s, lines, affine);
    },
    group: (s) => {
      const { affine } = parts(s);
      const { shape, reduced, taken } = grouped(s);
      const lines = [
        `const ${taken} = x.shape;`,
        `const groups = x.reshape(${shape});`,
        `const { mean, variance } = tf.moments(groups, ${list(reduced)}, true);`,
        `return ${normalized('groups', s.epsilon)}.reshape(x.shape).mul(gamma).add(beta);`,
      ];
      return withMoments('groupNorm', s, lines, affine);
    },
    rms: (s) => {
      const { axis, affine, names } = parts(s);
      return [
        `/** x: ${names}; gamma: ${affine}. TensorFlow.js has no layer for it. */`,
        'function rmsNorm(x, gamma) {',
        `  return x.div(x.square().mean(${axis}, true).add(${s.epsilon}).sqrt()).mul(gamma);`,
        '}',
      ];
    },
    ghostBatch: (s) => {
      const { affine, positions } = parts(s);
      // One axis more in front of the samples of a slice.
      const reduced = [1, ...positions.map((p) => p + 1)];
      const lines = [
        '// Training only. At inference use running statistics, as batch norm does.',
        `const slices = x.reshape([-1, ${s.slice}, ...x.shape.slice(1)]);`,
        `const { mean, variance } = tf.moments(slices, ${list(reduced)}, true);`,
        `return ${normalized('slices', s.epsilon)}.reshape(x.shape).mul(gamma).add(beta);`,
      ];
      return withMoments('ghostBatchNorm', s, lines, affine);
    },
    filterResponse: (s) => {
      const { positions, affine, names } = parts(s);
      return [
        `/** x: ${names}; gamma, beta, tau: ${affine}. TensorFlow.js has no layer for it. */`,
        'function filterResponseNorm(x, gamma, beta, tau) {',
        `  const size = x.square().mean(${list(positions)}, true).add(${s.epsilon}).sqrt();`,
        '  return x.div(size).mul(gamma).add(beta).maximum(tau);',
        '}',
      ];
    },
    pixel: (s) => {
      const { axis, names } = parts(s);
      return [
        `/** x: ${names}. TensorFlow.js has no layer for it, and it learns nothing. */`,
        'function pixelNorm(x) {',
        `  return x.div(x.square().mean(${axis}, true).add(${s.epsilon}).sqrt());`,
        '}',
      ];
    },
  },
};
