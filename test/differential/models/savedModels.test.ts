import { beforeAll, describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import type { LayerSummary } from '../../../src/analyzer/analysis';
import { freshTfjs, type Tf } from '../../tools/loadTfjs';

type LayersModel = ReturnType<Tf['model']>;

/** Models of every shape that a saved topology can have. */
const MODELS: Readonly<Record<string, (tf: Tf) => LayersModel>> = {
  'a sequential model of convolutions': (tf) =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', inputShape: [28, 28, 1] }),
        tf.layers.batchNormalization({ momentum: 0.9 }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.depthwiseConv2d({ kernelSize: [3, 3], depthMultiplier: 2, strides: [2, 2] }),
        tf.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    }),
  'a functional model with two inputs, two outputs and a shared layer': (tf) => {
    const a = tf.input({ shape: [12], name: 'left' });
    const b = tf.input({ shape: [12] });
    const shared = tf.layers.dense({ units: 6, useBias: false });
    const x = shared.apply(a) as ReturnType<Tf['input']>;
    const y = shared.apply(b) as ReturnType<Tf['input']>;
    const both = tf.layers.concatenate().apply([x, y]) as ReturnType<Tf['input']>;
    const head = tf.layers.dense({ units: 1, name: 'head_of_it' }).apply(both) as ReturnType<Tf['input']>;
    return tf.model({ inputs: [a, b], outputs: [head, y] });
  },
  'recurrent layers, and layers within layers': (tf) =>
    tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 50, outputDim: 7, inputLength: 9 }),
        tf.layers.bidirectional({
          layer: tf.layers.lstm({ units: 5, returnSequences: true }) as never,
          mergeMode: 'concat',
        }),
        tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 3 }) }),
        tf.layers.rnn({ cell: [tf.layers.gruCell({ units: 4 }), tf.layers.simpleRNNCell({ units: 2 })] as never }),
      ],
    }),
  'a model in a model': (tf) => {
    const inner = tf.sequential({ name: 'backbone' });
    inner.add(tf.layers.dense({ units: 8, inputShape: [4] }));
    inner.add(tf.layers.layerNormalization());
    const input = tf.input({ shape: [4] });
    const x = inner.apply(input) as ReturnType<Tf['input']>;
    const again = tf.layers.dense({ units: 4 }).apply(x) as ReturnType<Tf['input']>;
    const y = inner.apply(again) as ReturnType<Tf['input']>;
    return tf.model({
      inputs: input,
      outputs: tf.layers.add().apply([x, y]) as ReturnType<Tf['input']>,
      name: 'outer',
    });
  },
};

const FILES: Record<string, string> = {};
const REAL = new Map<string, LayersModel>();

beforeAll(async () => {
  for (const [name, make] of Object.entries(MODELS)) {
    const tf = await freshTfjs();
    const model = make(tf);
    const modelTopology = model.toJSON(null, false) as object;
    FILES[`/app/public/${name}/model.json`] = JSON.stringify({
      format: 'layers-model',
      modelTopology,
      weightsManifest: [],
    });
    // What tfjs itself makes of the file.
    REAL.set(name, await tf.models.modelFromJSON(JSON.parse(JSON.stringify({ modelTopology }))));
  }
});

function analyze(program: string, files = FILES) {
  const all: Record<string, string> = {
    ...files,
    '/app/src/main.js': `import * as tf from '@tensorflow/tfjs';\n${program}`,
  };
  return createAnalyzer({ read: (path) => all[path] }).analyze('/app/src/main.js');
}

const layerOf = ({ name, outputShape, params }: LayerSummary) => [name, outputShape, params];

describe('a model that is loaded from a file of the workspace', () => {
  test.each(Object.keys(MODELS))('%s: has the layers, shapes and parameters of the model that tfjs loads', (name) => {
    const real = REAL.get(name) as LayersModel;
    const { models } = analyze(`export const model = await tf.loadLayersModel('/${name}/model.json');`);
    expect(models).toHaveLength(1);
    const [model] = models;
    expect(model?.name).toBe(real.name);
    expect(model?.layers.map(layerOf)).toEqual(
      real.layers.map((layer) => [layer.name, outputOf(layer), layer.countParams()]),
    );
    expect(model?.inputs).toEqual(real.inputs.map((t) => t.shape));
    expect(model?.outputs).toEqual(real.outputs.map((t) => t.shape));
    expect(model?.params.total).toBe(real.countParams());
  });

  /** tfjs throws where a shared layer has several output shapes; of equal ones it gives one. */
  function outputOf(layer: LayersModel['layers'][number]): unknown {
    return layer.outputShape;
  }

  test('goes on as a model of code does: layers by name, transfer learning, prediction', () => {
    const [name] = Object.keys(MODELS);
    const { models, calls } = analyze(`const base = await tf.loadLayersModel('file://public/${name}/model.json');
const cut = base.layers[base.layers.length - 2].output;
export const model = tf.model({ inputs: base.inputs, outputs: tf.layers.dense({ units: 3 }).apply(cut) });
export const y = model.predict(tf.ones([5, 28, 28, 1]));`);
    expect(models.at(-1)?.outputs).toEqual([[null, 3]]);
    expect(calls.find(({ api }) => api.startsWith('model '))?.outputShape).toEqual([5, 3]);
  });

  test('is read from JSON in the program as well', () => {
    const [name] = Object.keys(MODELS);
    const files = { '/app/src/model.json': FILES[`/app/public/${name}/model.json`] as string };
    const { models } = analyze(
      "import json from './model.json';\nexport const model = await tf.models.modelFromJSON(json);",
      files,
    );
    expect(models.map(({ outputs }) => outputs)).toEqual([[[null, 10]]]);
  });

  test.each([
    ['an address', "'https://example.com/model.json'", 'the model is loaded from https://'],
    ['a store of the browser', "'indexeddb://net'", 'the model is loaded from indexeddb://'],
    ['a file that is not there', "'./gone/model.json'", './gone/model.json is not in the workspace'],
    ['a choice at run time', 'location.hash', 'where the model is loaded from is known only when the program runs'],
    ['a broken file', "'./broken.json'", './broken.json is no valid JSON'],
    [
      'a model with a class of its own',
      "'./custom.json'",
      'it has a layer of class Mine, which is not in TensorFlow.js',
    ],
  ])('from %s is unknown, with the reason', (_, from, reason) => {
    const custom = { className: 'Sequential', config: [{ className: 'Mine', config: {} }] };
    const files = { '/app/broken.json': '{', '/app/custom.json': JSON.stringify({ modelTopology: custom }) };
    const { reasons, models } = analyze(`export const model = await tf.loadLayersModel(${from});`, files);
    expect(models).toEqual([]);
    expect(reasons.map(({ text }) => text).join('\n')).toContain(reason);
  });
});
