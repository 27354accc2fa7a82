/** A small program with its models, for where no file is open. A test holds the models against the analyzer. */
import type { CodeModels } from '../../src/shared/playground';

export const EXAMPLE_NAME = 'example.js';

export const EXAMPLE_SOURCE = `import * as tf from '@tensorflow/tfjs';

const model = tf.sequential({ name: 'digits' });
model.add(tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 8, kernelSize: 3, useBias: false }));
model.add(tf.layers.batchNormalization({ axis: 1, momentum: 0.9 }));
model.add(tf.layers.reLU());
model.add(tf.layers.conv2d({ filters: 16, kernelSize: 3, strides: 2, useBias: false }));
model.add(tf.layers.batchNormalization({ epsilon: 1e-5 }));
model.add(tf.layers.reLU());
model.add(tf.layers.flatten());
model.add(tf.layers.dense({ units: 64 }));
model.add(tf.layers.layerNormalization());
model.add(tf.layers.dense({ units: 10 }));
`;

export const EXAMPLE: CodeModels = {
  uri: 'file:///example.js',
  name: 'example.js',
  models: [
    {
      name: 'digits',
      kind: 'sequential',
      at: {
        uri: 'file:///example.js',
        line: 2,
        column: 14,
      },
      inputs: '[null, 28, 28, 1]',
      outputs: '[null, 10]',
      total: 149690,
      trainable: 149606,
      layers: [
        {
          name: 'conv2d_Conv2D1',
          type: 'conv2d',
          at: {
            uri: 'file:///example.js',
            line: 3,
            column: 10,
          },
          params: 72,
          input: '[null, 28, 28, 1]',
          output: '[null, 26, 26, 8]',
          change: {
            scene: 'axes',
            layer: 'conv2d_Conv2D1 [null x 26 x 26 x 8]',
            data: 'images',
            batch: 32,
            channels: 8,
            height: 26,
            width: 26,
            layout: 'channelsLast',
          },
          findings: [],
        },
        {
          name: 'batch_normalization_BatchNormalization1',
          type: 'batchNormalization',
          at: {
            uri: 'file:///example.js',
            line: 4,
            column: 10,
          },
          params: 104,
          input: '[null, 26, 26, 8]',
          output: '[null, 26, 26, 8]',
          change: {
            scene: 'axes',
            layer: 'batch_normalization_BatchNormalization1 [null x 26 x 26 x 8]',
            data: 'images',
            batch: 32,
            channels: 26,
            height: 26,
            width: 8,
            layout: 'channelsFirst',
            norm: 'batch',
            epsilon: 0.001,
            momentum: 0.9,
          },
          findings: [
            {
              rule: 'NL101 bn-axis-not-last',
              severity: 'error',
              message: 'axis 1 is not the last of [null,26,26,8]: TensorFlow.js throws as soon as this layer trains',
              page: 'https://github.com/normlens/normlens/blob/main/docs/rules/bn-axis-not-last.md',
              at: {
                uri: 'file:///example.js',
                line: 4,
                column: 41,
              },
            },
          ],
        },
        {
          name: 're_lu_ReLU1',
          type: 'reLU',
          at: {
            uri: 'file:///example.js',
            line: 5,
            column: 10,
          },
          params: 0,
          input: '[null, 26, 26, 8]',
          output: '[null, 26, 26, 8]',
          change: {
            scene: 'axes',
            layer: 're_lu_ReLU1 [null x 26 x 26 x 8]',
            data: 'images',
            batch: 32,
            channels: 8,
            height: 26,
            width: 26,
            layout: 'channelsLast',
          },
          findings: [],
        },
        {
          name: 'conv2d_Conv2D2',
          type: 'conv2d',
          at: {
            uri: 'file:///example.js',
            line: 6,
            column: 10,
          },
          params: 1152,
          input: '[null, 26, 26, 8]',
          output: '[null, 12, 12, 16]',
          change: {
            scene: 'axes',
            layer: 'conv2d_Conv2D2 [null x 12 x 12 x 16]',
            data: 'images',
            batch: 32,
            channels: 16,
            height: 12,
            width: 12,
            layout: 'channelsLast',
          },
          findings: [],
        },
        {
          name: 'batch_normalization_BatchNormalization2',
          type: 'batchNormalization',
          at: {
            uri: 'file:///example.js',
            line: 7,
            column: 10,
          },
          params: 64,
          input: '[null, 12, 12, 16]',
          output: '[null, 12, 12, 16]',
          change: {
            scene: 'axes',
            layer: 'batch_normalization_BatchNormalization2 [null x 12 x 12 x 16]',
            data: 'images',
            batch: 32,
            channels: 16,
            height: 12,
            width: 12,
            layout: 'channelsLast',
            norm: 'batch',
            epsilon: 0.00001,
            momentum: 0.99,
          },
          findings: [],
        },
        {
          name: 're_lu_ReLU2',
          type: 'reLU',
          at: {
            uri: 'file:///example.js',
            line: 8,
            column: 10,
          },
          params: 0,
          input: '[null, 12, 12, 16]',
          output: '[null, 12, 12, 16]',
          change: {
            scene: 'axes',
            layer: 're_lu_ReLU2 [null x 12 x 12 x 16]',
            data: 'images',
            batch: 32,
            channels: 16,
            height: 12,
            width: 12,
            layout: 'channelsLast',
          },
          findings: [],
        },
        {
          name: 'flatten_Flatten1',
          type: 'flatten',
          at: {
            uri: 'file:///example.js',
            line: 9,
            column: 10,
          },
          params: 0,
          input: '[null, 12, 12, 16]',
          output: '[null, 2304]',
          change: {
            scene: 'axes',
            layer: 'flatten_Flatten1 [null x 2304]',
            data: 'features',
            batch: 32,
            channels: 2304,
            layout: 'channelsLast',
          },
          findings: [],
        },
        {
          name: 'dense_Dense1',
          type: 'dense',
          at: {
            uri: 'file:///example.js',
            line: 10,
            column: 10,
          },
          params: 147520,
          input: '[null, 2304]',
          output: '[null, 64]',
          change: {
            scene: 'axes',
            layer: 'dense_Dense1 [null x 64]',
            data: 'features',
            batch: 32,
            channels: 64,
            layout: 'channelsLast',
          },
          findings: [],
        },
        {
          name: 'layer_normalization_LayerNormalization1',
          type: 'layerNormalization',
          at: {
            uri: 'file:///example.js',
            line: 11,
            column: 10,
          },
          params: 128,
          input: '[null, 64]',
          output: '[null, 64]',
          change: {
            scene: 'axes',
            layer: 'layer_normalization_LayerNormalization1 [null x 64]',
            data: 'features',
            batch: 32,
            channels: 64,
            layout: 'channelsLast',
            norm: 'layer',
            epsilon: 0.001,
          },
          findings: [],
        },
        {
          name: 'dense_Dense2',
          type: 'dense',
          at: {
            uri: 'file:///example.js',
            line: 12,
            column: 10,
          },
          params: 650,
          input: '[null, 64]',
          output: '[null, 10]',
          change: {
            scene: 'axes',
            layer: 'dense_Dense2 [null x 10]',
            data: 'features',
            batch: 32,
            channels: 10,
            layout: 'channelsLast',
          },
          findings: [],
        },
      ],
    },
  ],
  findings: [],
};
