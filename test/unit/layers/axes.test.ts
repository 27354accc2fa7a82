import { describe, expect, it } from 'vitest';
import { layerOf } from '../../../src/analyzer/libraries/layerSpec';
import { Options } from '../../../src/analyzer/libraries/options';
import { type LayerLike, type LayerResult, type Plain, UNKNOWN } from '../../../src/analyzer/libraries/plain';
import { layersByName } from '../../../src/analyzer/libraries/tfjs/layers/index';
import { type Dim, showDim, symbol } from '../../../src/analyzer/shapes/dim';
import { type Axis, axis, type Shape, showShape } from '../../../src/analyzer/shapes/shape';

function layer(type: string, options: Readonly<Record<string, Plain>> = {}): LayerLike {
  const spec = layersByName.get(type);
  if (spec === undefined) throw new RangeError(type);
  return layerOf(spec, Options.of(options).record);
}

const axes = (...dims: readonly Dim[]): readonly Axis[] => dims.map((d) => axis(d));

const first = (result: LayerResult): readonly Axis[] => result.outputs[0] ?? [];

const roles = (shape: Shape): readonly (string | undefined)[] => (shape ?? []).map((a) => a.role);

const ids = (shape: Shape): readonly number[] => (shape ?? []).map((a) => a.id);

describe('roles of axes', () => {
  it('come from what a layer reads in its input', () => {
    const call = (type: string, options: Readonly<Record<string, Plain>>, ...dims: readonly Dim[]) =>
      roles(first(layer(type, options).call([axes(...dims)])));
    expect(call('conv2d', { filters: 2, kernelSize: 3 }, null, 9, 9, 3)).toEqual([
      'batch',
      'height',
      'width',
      'channel',
    ]);
    expect(call('conv2d', { filters: 2, kernelSize: 3, dataFormat: 'channelsFirst' }, null, 3, 9, 9)).toEqual([
      'batch',
      'channel',
      'height',
      'width',
    ]);
    expect(call('conv1d', { filters: 2, kernelSize: 3 }, null, 9, 3)).toEqual(['batch', 'time', 'channel']);
    expect(call('conv3d', { filters: 2, kernelSize: 1 }, null, 4, 4, 4, 3)).toEqual([
      'batch',
      'depth',
      'height',
      'width',
      'channel',
    ]);
    expect(call('lstm', { units: 4, returnSequences: true }, null, 9, 3)).toEqual(['batch', 'time', 'channel']);
    expect(call('globalAveragePooling2d', {}, null, 4, 4, 3)).toEqual(['batch', 'channel']);
    expect(call('dense', { units: 4 }, null, 7)).toEqual([undefined, 'channel']);
    expect(call('embedding', { inputDim: 9, outputDim: 4 }, null, 7)).toEqual([undefined, 'time', 'channel']);
  });

  it('move with their axes through permute and stay through batchNormalization', () => {
    const image = first(layer('conv2d', { filters: 2, kernelSize: 3 }).call([axes(null, 9, 9, 3)]));
    expect(roles(first(layer('permute', { dims: [3, 1, 2] }).call([image])))).toEqual([
      'batch',
      'channel',
      'height',
      'width',
    ]);
    expect(first(layer('batchNormalization').call([image]))).toBe(image);
  });
});

describe('the identity of axes', () => {
  it('stays where a layer leaves an axis alone', () => {
    const input = axes(null, 28, 28, 3);
    const same = first(layer('conv2d', { filters: 3, kernelSize: 3, padding: 'same' }).call([input]));
    expect(ids(same).slice(0, 3)).toEqual(ids(input).slice(0, 3));
    expect(same[3]?.id).not.toBe(input[3]?.id);
    const dense = first(layer('dense', { units: 3 }).call([input]));
    expect(ids(dense).slice(0, 3)).toEqual(ids(input).slice(0, 3));
    const halved = first(layer('maxPooling2d').call([input]));
    expect(halved[1]?.id).not.toBe(input[1]?.id);
    expect(halved[3]?.id).toBe(input[3]?.id);
  });

  it('goes with permute, and with the sizes that reshape keeps at either end', () => {
    const [b, h, w, c] = axes(8, 4, 6, 3) as readonly [Axis, Axis, Axis, Axis];
    expect(first(layer('permute', { dims: [2, 1, 3] }).call([[b, h, w, c]]))).toEqual([b, w, h, c]);
    const flat = first(layer('reshape', { targetShape: [24, 3] }).call([[b, h, w, c]]));
    expect([flat[0]?.id, flat[2]?.id]).toEqual([b.id, c.id]);
    expect(flat[1]?.dim).toBe(24);
  });
});

describe('shapes in symbols', () => {
  const c = symbol('c');
  const h = symbol('h');

  it('come out in the normal form of people', () => {
    const show = (type: string, options: Readonly<Record<string, Plain>>, ...dims: readonly Dim[]): string =>
      showShape(layer(type, options).call([axes(...dims)]).outputs[0] ?? null);
    expect(show('conv2d', { filters: c, kernelSize: 3, strides: 2, padding: 'same' }, null, h, 28, 3)).toBe(
      '[null,ceil(h/2),14,c]',
    );
    expect(show('maxPooling2d', {}, null, h, h, c)).toBe('[null,floor(h/2),floor(h/2),c]');
    expect(show('upSampling2d', {}, null, h, h, c)).toBe('[null,2*h,2*h,c]');
    expect(show('flatten', {}, null, h, 4, c)).toMatch(/^\[null,4\*(h\*c|c\*h)\]$/);
    expect(show('zeroPadding2d', {}, null, h, h, 3)).toBe('[null,h + 2,h + 2,3]');
  });

  it('reach the weights', () => {
    const weights = layer('conv2d', { filters: c, kernelSize: 3 }).weights([axes(null, h, h, 3)]);
    expect(weights?.map((w) => [w.name, w.shape.map(showDim)])).toEqual([
      ['kernel', ['3', '3', '3', 'c']],
      ['bias', ['c']],
    ]);
  });
});

describe('what is not known', () => {
  it('gives a rank where the layer asks for one, and nothing where it does not', () => {
    expect(showShape(first(layer('conv2d', { filters: 8, kernelSize: 3 }).call([null])))).toBe('[?,?,?,8]');
    expect(layer('dense', { units: 8 }).call([null]).outputs).toEqual([null]);
    expect(layer('conv2d', { filters: 8, kernelSize: UNKNOWN }).weights([axes(null, 9, 9, 3)])).toBeUndefined();
  });

  it('leaves the number of outputs open where returnState is not known', () => {
    const result = layer('lstm', { units: 4, returnState: UNKNOWN }).call([axes(null, 5, 3)]);
    expect(result.countUnknown).toBe(true);
  });
});
