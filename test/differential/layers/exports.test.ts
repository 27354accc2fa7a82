import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { layerSpecs, layersByName } from '../../../src/analyzer/libraries/tfjs/layers/index';

/** What `tf.layers` exports that is no layer factory, and why it has no row. */
const without: Readonly<Record<string, string>> = {
  Layer: 'the base class of custom layers; the interpreter evaluates its subclasses',
  RNN: 'a base class; tf.layers.rnn makes it',
  RNNCell: 'the base class of custom cells',
  input: 'makes a symbolic tensor, not a layer: tf.input under another name',
};

type Factory = (options?: object) => { getClassName(): string };

const exported = Object.keys(tf.layers);

describe('the table of layers', () => {
  it('has every export of tf.layers 4.22, or a reason why not', () => {
    const missing = exported.filter((name) => !layersByName.has(name) && without[name] === undefined);
    console.log(
      `tf.layers exports ${exported.length}: ${layersByName.size} in the table, ${Object.keys(without).length} explained, ${missing.length} missing`,
    );
    expect(missing).toEqual([]);
    expect([...layersByName.keys()].filter((name) => !exported.includes(name))).toEqual([]);
    expect(Object.keys(without).filter((name) => !exported.includes(name))).toEqual([]);
  });

  it('says truly which factories throw without an options object', () => {
    const throwing = exported.filter((name) => {
      if (without[name] !== undefined) return false;
      try {
        (tf.layers as unknown as Record<string, Factory>)[name]?.();
        return false;
      } catch (error) {
        return error instanceof TypeError;
      }
    });
    const said = [...layersByName].filter(([, spec]) => spec.needsOptions === true).map(([name]) => name);
    expect(said.sort()).toEqual(throwing.sort());
  });

  it('names each class as tfjs does', () => {
    const minimal: Readonly<Record<string, object>> = {
      conv: { filters: 1, kernelSize: 1 },
      depthwise: { kernelSize: 1 },
      embedding: { inputDim: 1, outputDim: 1 },
      separable: { filters: 1, kernelSize: 1 },
      rnn: { cell: tf.layers.lstmCell({ units: 1 }) },
      bidirectional: { layer: tf.layers.lstm({ units: 1 }) },
      stacked: { cells: [] },
      input: { inputShape: [1] },
    };
    for (const spec of layerSpecs) {
      const key = Object.keys(minimal).find((k) => spec.type.startsWith(k));
      const options = {
        units: 1,
        dims: [1],
        targetShape: [1],
        cropping: 1,
        factor: 0.1,
        rate: 0.1,
        ...(key === undefined ? {} : minimal[key]),
      };
      const layer = (tf.layers as unknown as Record<string, Factory>)[spec.type]?.(options);
      expect(layer?.getClassName(), spec.type).toBe(spec.className);
    }
  });
});
