// The bench's shapes, where sums are long: against two-pass moments in float64, set by set.
import { afterAll, describe, expect, it } from 'vitest';
import * as runtime from '../../../runtime/index';
import { errorOf, type Kind, kinds, sample, uniform } from './support/data';

const seen: Record<string, string> = {};
afterAll(() => console.table(seen));

interface Row {
  readonly name: string;
  readonly shape: readonly number[];
  readonly norm: runtime.Norm;
  /** The set and the parameter of an element, both by its index. */
  readonly setOf: (i: number) => number;
  readonly parameterOf: (i: number) => number;
  readonly width: number;
  readonly epsilon: number;
}

function channelRow(
  name: string,
  shape: readonly number[],
  layout: runtime.Layout,
  norm: runtime.Norm,
  view: runtime.View,
  epsilon: number,
): Row {
  const { c, s } = runtime.channelsOf(shape, layout, name);
  const parameterOf = layout === 'channelsLast' ? (i: number) => i % c : (i: number) => Math.floor(i / s) % c;
  return { name, shape, norm, setOf: (i) => runtime.setOfElement(view, i), parameterOf, width: c, epsilon };
}

const rowsOf = (engine: runtime.Engine): readonly Row[] => [
  ...(['channelsLast', 'channelsFirst'] as const).flatMap((layout) => {
    const shape = layout === 'channelsLast' ? [8, 28, 28, 64] : [8, 64, 28, 28];
    const channels = runtime.channelsOf(shape, layout, 'large');
    const options = { layout, engine };
    return [
      channelRow('batch', shape, layout, runtime.batchNorm(options), runtime.batchView(channels), 1e-3),
      channelRow('instance', shape, layout, runtime.instanceNorm(options), runtime.instanceView(channels), 1e-5),
      channelRow(
        'group',
        shape,
        layout,
        runtime.groupNorm({ ...options, groups: 8 }),
        runtime.groupView(channels, 8),
        1e-5,
      ),
    ];
  }),
  ...[64, 256, 768, 1027].map((width): Row => {
    const setOf = (i: number) => Math.floor(i / width);
    return {
      name: 'layer',
      shape: [512, width],
      norm: runtime.layerNorm({ engine }),
      setOf,
      parameterOf: (i) => i % width,
      width,
      epsilon: 1e-3,
    };
  }),
];

function expected(
  { setOf, parameterOf, epsilon }: Row,
  x: Float32Array,
  gamma: Float32Array,
  beta: Float32Array,
): Float64Array {
  const sets = Array.from(x, (_, i) => setOf(i));
  const count = new Float64Array(Math.max(...new Set(sets)) + 1);
  const mean = new Float64Array(count.length);
  const variance = new Float64Array(count.length);
  const at = (values: Float64Array, i: number) => values[sets[i] as number] as number;
  const add = (values: Float64Array, i: number, v: number) => {
    values[sets[i] as number] = at(values, i) + v;
  };
  x.forEach((v, i) => {
    add(count, i, 1);
    add(mean, i, v);
  });
  mean.forEach((v, i) => {
    mean[i] = v / (count[i] as number);
  });
  x.forEach((v, i) => {
    add(variance, i, (v - at(mean, i)) ** 2 / at(count, i));
  });
  return Float64Array.from(x, (v, i) => {
    const hat = (v - at(mean, i)) / Math.sqrt(at(variance, i) + epsilon);
    return hat * (gamma[parameterOf(i)] as number) + (beta[parameterOf(i)] as number);
  });
}

const rows = (['relaxed', 'simd'] as const).flatMap((kind) =>
  rowsOf(new runtime.Engine(kind)).map((row) => [`${kind} ${row.name} ${row.shape.join('x')}`, row] as const),
);

describe.each(rows)('%s', (name, row) => {
  it.each(Object.keys(kinds) as Kind[])('is exact on data of kind: %s', (kind) => {
    const x = sample(row.shape, kind, 5);
    const gamma = uniform([row.width], 0.5, 1.5, 6);
    const beta = uniform([row.width], -1, 1, 7);
    const y = row.norm.forward(x, { gamma, beta }).y.data;
    const error = errorOf(y, expected(row, x.data, gamma.data, beta.data));
    seen[`${name}, ${kind}`] = error.toExponential(1);
    expect(error).toBeLessThanOrEqual(kind === 'constant' ? 0 : kind === 'ordinary' ? 5e-7 : 1e-6);
  });
});
