/** Inputs whose shape is a list that is not known: the first layer that takes one rank alone says how many sizes it has. */
import * as tfjs from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { showDim } from '../../../src/analyzer/shapes/dim';
import { evaluate } from './evaluate';

const TF = "import * as tf from '@tensorflow/tfjs';\n";

/** The output sizes of the layers that a program applies, in print; null for a shape that is not known. */
function outputs(program: string): readonly (readonly string[] | null)[] {
  const { facts } = evaluate(TF + program).interpreter;
  return facts.flatMap((f) =>
    f.kind === 'layerCall' && f.inputs.length > 0
      ? [f.outputs[0]?.shape?.map(({ dim }) => (dim === null ? 'null' : showDim(dim))) ?? null]
      : [],
  );
}

const refusals = (program: string): number =>
  evaluate(TF + program).interpreter.facts.filter((f) => f.kind === 'refusal').length;

/** A size in print, for a list: `ceil(shape[0]/2)`. */
const valueOfDim = (text: string, shape: readonly number[]): number | null =>
  new Function('shape', 'floor', 'ceil', `return ${text};`)(shape, Math.floor, Math.ceil);

const BODY = `
  let x = tf.layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, padding: 'same' }).apply(input);
  x = tf.layers.maxPooling2d({ poolSize: 2 }).apply(x);
  x = tf.layers.batchNormalization().apply(x);
  x = tf.layers.conv2dTranspose({ filters: 4, kernelSize: 4, strides: 2, padding: 'same' }).apply(x);
  x = tf.layers.zeroPadding2d({ padding: 1 }).apply(x);
  x = tf.layers.conv2d({ filters: 5, kernelSize: 3 }).apply(x);
  x = tf.layers.globalAveragePooling2d({}).apply(x);`;

describe('an input of a shape that the caller gives', () => {
  test.each([
    ['without a type', 'export function build(shape) {'],
    ['as a list of numbers', 'export function build(shape: number[]) {'],
  ])('%s has its sizes by name, as tfjs works them out', (_, head) => {
    const printed = outputs(`${head} const input = tf.input({ shape });${BODY} }`);
    for (const shape of [
      [64, 48, 3],
      [33, 17, 1],
      [28, 30, 2],
    ]) {
      const input = tfjs.input({ shape });
      const output = new Function('tf', 'input', `${BODY}\n  return x;`)(tfjs, input) as tfjs.SymbolicTensor;
      const [, ...layers] = tfjs.model({ inputs: input, outputs: output }).layers;
      const real = layers.map((layer) => layer.outputShape);
      expect(printed.map((sizes) => sizes?.map((text) => valueOfDim(text, shape)))).toEqual(real);
    }
  });

  test('in a sequential model too', () => {
    expect(
      outputs(
        `export const build = (inputShape) => tf.sequential({ layers: [tf.layers.conv1d({ inputShape, filters: 4, kernelSize: 1 })] });`,
      ),
    ).toEqual([['null', 'inputShape[0]', '4']]);
  });

  test('may be said by the number of its features, which a sequential model does not start without', () => {
    const layers = `layers: [tf.layers.dense({ units: 6, inputDim: latent }), tf.layers.reshape({ targetShape: [3, 2] })]`;
    const real = new Function('tf', 'latent', `return tf.sequential({ ${layers} });`)(tfjs, 5) as tfjs.Sequential;
    expect(outputs(`export const build = (latent) => tf.sequential({ ${layers} });`)).toEqual(
      real.layers.map(({ outputShape }) => outputShape.map(String)),
    );
    expect(() => new Function('tf', 'latent', `return tf.sequential({ ${layers} });`)(tfjs, undefined)).toThrow();
  });

  test('is of no known rank where the first layer takes several', () => {
    expect(outputs('export const build = (s) => tf.layers.reLU().apply(tf.input({ shape: s }));')).toEqual([null]);
  });

  test('is of whatever rank each layer takes: two branches refuse nothing', () => {
    const branches = `export function build(shape, flat) {
      const input = tf.input({ shape });
      return flat
        ? tf.layers.conv1d({ filters: 4, kernelSize: 1 }).apply(input)
        : tf.layers.conv2d({ filters: 4, kernelSize: 1 }).apply(input);
    }`;
    expect(refusals(branches)).toBe(0);
    expect(outputs(branches)).toEqual([
      ['null', 'shape[0]', '4'],
      ['null', 'shape[0]', 'shape[1]', '4'],
    ]);
  });

  test('keeps its batch where that is given', () => {
    expect(
      outputs(
        'export const build = (s) => tf.layers.conv1d({ filters: 4, kernelSize: 1 }).apply(tf.input({ batchShape: s }));',
      ),
    ).toEqual([['?', '?', '4']]);
  });
});
