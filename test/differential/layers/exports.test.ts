import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { commonLayerOptions } from '../../../src/analyzer/libraries/layerSpec';
import { layerSpecs, layersByName } from '../../../src/analyzer/libraries/tfjs/layers/index';

/** What `tf.layers` exports that is no layer factory, and why it has no row. */
const without: Readonly<Record<string, string>> = {
  Layer: 'the base class of custom layers; the interpreter evaluates its subclasses',
  RNN: 'a base class; tf.layers.rnn makes it',
  RNNCell: 'the base class of custom cells',
  input: 'makes a symbolic tensor, not a layer: tf.input under another name',
};

type Factory = (options?: object) => tf.layers.Layer;

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
    for (const spec of layerSpecs) {
      const layer = factory(spec.type)(minimal(spec.type));
      expect(layer.getClassName(), spec.type).toBe(spec.className);
    }
  });

  it('lists the options that the constructors read, and no others', () => {
    for (const spec of layerSpecs) {
      const odd = unlike[spec.type] ?? {};
      const read = [...keysRead(spec.type), ...(odd.unread ?? [])].filter((key) => !(odd.internal ?? []).includes(key));
      expect([...new Set(read)].sort(), spec.type).toEqual([...spec.options].sort());
    }
  });
});

/** Where the options of a row are not the keys that its constructor reads one by one, and why. */
const unlike: Readonly<Record<string, { readonly internal?: readonly string[]; readonly unread?: readonly string[] }>> =
  {
    // Read only to be refused; and documented, but tfjs reads depthwiseInitializer twice instead.
    separableConv2d: {
      internal: ['kernelInitializer', 'kernelRegularizer', 'kernelConstraint'],
      unread: ['pointwiseInitializer'],
    },
    // These write their cell into the options.
    simpleRNN: { internal: ['cell'] },
    gru: { internal: ['cell'] },
    lstm: { internal: ['cell'] },
    convLstm2d: { internal: ['units', 'cell'] },
    convLstm2dCell: { internal: ['units'] },
  };

const rows: Readonly<Record<string, () => object>> = {
  convLstm: () => ({ filters: 1, kernelSize: 1 }),
  conv: () => ({ filters: 1, kernelSize: 1 }),
  depthwise: () => ({ kernelSize: 1 }),
  embedding: () => ({ inputDim: 1, outputDim: 1 }),
  separable: () => ({ filters: 1, kernelSize: 1 }),
  rnn: () => ({ cell: tf.layers.lstmCell({ units: 1 }) }),
  bidirectional: () => ({ layer: tf.layers.lstm({ units: 1 }) }),
  stacked: () => ({ cells: [] }),
  input: () => ({ inputShape: [1] }),
  permute: () => ({ dims: [1] }),
  reshape: () => ({ targetShape: [1] }),
  cropping: () => ({ cropping: 1 }),
  random: () => ({ factor: 0.1 }),
};

const factory = (type: string): Factory => (tf.layers as unknown as Readonly<Record<string, Factory>>)[type] as Factory;

/** The least that each constructor accepts. */
function minimal(type: string): object {
  const key = Object.keys(rows).find((k) => type.startsWith(k));
  return key === undefined ? { units: 1 } : (rows[key]?.() ?? {});
}

/** The keys that a constructor asks for, without those that every layer has. */
function keysRead(type: string): readonly string[] {
  const seen = new Set<string>();
  const watched = new Set<object>();
  const watch = (options: object): object => {
    const proxy = new Proxy(options, {
      get(target, key) {
        if (typeof key === 'string') seen.add(key);
        return Reflect.get(target, key);
      },
    });
    watched.add(proxy);
    return proxy;
  };
  // ConvLSTM2D hands copies of its options on: they are watched like the first, and copying is no reading.
  const assign = Object.assign;
  Object.assign = (target: object, ...sources: object[]): object => {
    if (!sources.some((s) => watched.has(s))) return assign(target, ...sources);
    const before = [...seen];
    const copy = assign(target, ...sources);
    seen.clear();
    for (const key of before) seen.add(key);
    return watch(copy);
  };
  try {
    factory(type)(watch(minimal(type)));
  } finally {
    Object.assign = assign;
  }
  return [...seen].filter((key) => !commonLayerOptions.includes(key));
}
