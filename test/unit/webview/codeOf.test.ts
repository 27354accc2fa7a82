import { describe, expect, it } from 'vitest';
import { batchNorm, tensor } from '../../../runtime';
import { type Layer, layerOf, shapeOf } from '../../../src/shared/illustration';
import {
  type Change,
  changed,
  defaultState,
  NORMS,
  type NormName,
  type PlaygroundState,
} from '../../../src/shared/playground';
import { sampleValues } from '../../../webview/axes/tensor';
import { codeOf, frameworks } from '../../../webview/yourCode/codeOf';
import type { FrameworkName } from '../../../webview/yourCode/frameworks/framework';
import { axesOf, isAlone, settingsOf, share } from '../../../webview/yourCode/settings';
import { type Tf, tf } from '../../tools/loadTfjs';
import { inFloat64, reference } from './support/reference';

type Tensor = ReturnType<Tf['tensor']>;

const norms = Object.keys(NORMS) as readonly NormName[];
const inputs = ['images', 'sequences', 'features'] as const;
const layouts = ['channelsLast', 'channelsFirst'] as const;

const stateOf = (change: Change): PlaygroundState =>
  changed(defaultState, {
    batch: 4,
    channels: 6,
    height: 3,
    width: 2,
    groups: 3,
    ghostBatchSize: 2,
    epsilon: 0.01,
    momentum: 0.95,
    ...change,
  });

const states = norms.flatMap((norm) =>
  inputs.flatMap((data) => layouts.map((layout) => stateOf({ norm, data, layout }))),
);
const named = states.map((state) => [`${state.norm}, ${state.data}, ${state.layout}`, state] as const);
const meaningful = named.filter(([, state]) => !isAlone(settingsOf(state)));

/** The layer's numbers, in the order of a layout, and what the papers' formulas make of them. */
function expectation(state: PlaygroundState, layout: PlaygroundState['layout'] = state.layout) {
  const layer = layerOf(state);
  const values = sampleValues(layer, 3, {});
  const x = inLayout(Float32Array.from(values), layer, layout);
  const y = inLayout(
    Float32Array.from(reference(state.norm, layer, inFloat64(layer, values), state.epsilon).data),
    layer,
    layout,
  );
  return { layer, x, y };
}

function inLayout(values: Float32Array, layer: Layer, layout: PlaygroundState['layout']): Tensor {
  const last = tf.tensor(values, [...shapeOf(layer, 'channelsLast')]);
  const rank = last.rank;
  if (layout === 'channelsLast' || rank === 2) return last;
  return last.transpose([0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)]);
}

function expectClose(found: Tensor, expected: Tensor, tolerance = 2e-5): void {
  expect(found.shape).toEqual(expected.shape);
  const [a, b] = [found.dataSync(), expected.dataSync()];
  let most = 0;
  for (let i = 0; i < b.length; i++) most = Math.max(most, Math.abs((a[i] ?? Number.NaN) - (b[i] ?? 0)));
  expect(most).toBeLessThan(tolerance);
}

describe('TensorFlow.js', () => {
  it.each(meaningful)('runs, and gives what the formula gives: %s', (_, state) => {
    const text = codeOf('tfjs', settingsOf(state)).replace(/^import .*$/m, '');
    const { layer, x, y } = expectation(state);
    const { channel, rank } = axesOf(state.data, state.layout);
    const along = (value: number) =>
      tf.fill(
        Array.from({ length: rank }, (_, i) => (i === channel ? layer.c : 1)).slice(
          channel === rank - 1 ? rank - 1 : 1,
        ),
        value,
      );
    const name = /^(?:const|function) (\w+)/m.exec(text)?.[1] ?? '';
    const made: unknown = new Function('tf', `${text}; return ${name};`)(tf);
    const found =
      typeof made === 'function'
        ? (made(x, along(1), along(0), along(-1e30)) as Tensor)
        : ((made as { apply(x: Tensor, options: object): Tensor }).apply(x, { training: true }) as Tensor);
    expectClose(found, y);
  });

  it('broadcasts γ and β along the channels in both layouts', () => {
    for (const layout of layouts) {
      const state = stateOf({ norm: 'group', layout });
      const { x, y } = expectation(state);
      const gamma = layout === 'channelsLast' ? tf.range(1, 7) : tf.range(1, 7).reshape([6, 1, 1]);
      const text = codeOf('tfjs', settingsOf(state)).replace(/^import .*$/m, '');
      const norm = new Function('tf', `${text}; return groupNorm;`)(tf) as (...given: Tensor[]) => Tensor;
      expectClose(norm(x, gamma, tf.scalar(2)), y.mul(gamma).add(2), 2e-4);
    }
  });

  it('keeps running statistics as the settings say', () => {
    const state = stateOf({ norm: 'batch' });
    const { x } = expectation(state);
    const text = codeOf('tfjs', settingsOf(state)).replace(/^import .*$/m, '');
    const norm = new Function('tf', `${text}; return norm;`)(tf) as InstanceType<typeof tf.layers.Layer>;
    norm.apply(x, { training: true });
    const mean = tf.moments(x, [0, 1, 2]).mean;
    const running = norm.getWeights()[2];
    if (running === undefined) throw new Error('no running mean');
    expectClose(running, mean.mul(1 - 0.95));
  });
});

interface Call {
  readonly name: string;
  readonly positional: readonly (number | readonly number[])[];
  readonly named: Readonly<Record<string, number | readonly number[] | undefined>>;
}

/** The call of a layer in a line of Python: `norm = keras.layers.X(axis=[1, 2], epsilon=0.01)`. */
function callIn(text: string): Call {
  const [, name = '', inside = ''] = /^ *(?:self\.)?norm = ([\w.]+)\((.*?)\)(?: {2}#.*)?$/m.exec(text) ?? [];
  const positional: (number | readonly number[])[] = [];
  const named: Record<string, number | readonly number[]> = {};
  for (const [, key, value = ''] of inside.matchAll(/(?:(\w+)=)?(\[[^\]]*\]|\([^)]*\)|[^,]+)(?:, |$)/g)) {
    const parsed = /^[[(]/.test(value)
      ? value
          .slice(1, -1)
          .split(',')
          .filter((part) => part.trim() !== '')
          .map(Number)
      : Number(value);
    if (key === undefined) positional.push(parsed);
    else named[key] = parsed;
  }
  return { name, positional, named };
}

interface Meaning {
  /** Axes that statistics run over. */
  readonly axes: readonly number[];
  /** Channels are split into so many groups first. */
  readonly groups?: number;
  readonly epsilon: unknown;
  /** What running statistics keep of themselves. */
  readonly keep?: number | undefined;
  readonly centered?: false;
}

const one = (value: number | readonly number[] | undefined): number => (typeof value === 'number' ? value : Number.NaN);
const allBut = (rank: number, ...kept: readonly number[]) =>
  Array.from({ length: rank }, (_, i) => i).filter((i) => !kept.includes(i));
const positive = (axes: number | readonly number[] | undefined, rank: number) =>
  [axes ?? -1].flat().map((axis) => (axis < 0 ? axis + rank : axis));

/** What each layer's documentation says that its arguments mean, for an input of a rank and so many channels. */
const documented: Readonly<Record<string, (call: Call, rank: number, channels: number) => Meaning>> = {
  // keras.io/api/layers/normalization_layers
  'keras.layers.BatchNormalization': ({ named: n }, rank) => ({
    axes: allBut(rank, ...positive(n.axis, rank)),
    epsilon: n.epsilon,
    keep: one(n.momentum),
  }),
  'keras.layers.LayerNormalization': ({ named: n }, rank) => ({ axes: positive(n.axis, rank), epsilon: n.epsilon }),
  'keras.layers.GroupNormalization': ({ named: n }, rank, channels) => ({
    axes: allBut(rank, 0),
    groups: one(n.groups) === -1 ? channels : one(n.groups),
    epsilon: n.epsilon,
  }),
  'keras.layers.RMSNormalization': ({ named: n }, rank) => ({
    axes: positive(n.axis, rank),
    epsilon: n.epsilon,
    centered: false,
  }),
  // docs.pytorch.org/docs/stable/nn.html#normalization-layers: x̂_new = (1 − momentum) · x̂ + momentum · x_t
  'nn.BatchNorm1d': ({ named: n }, rank) => ({ axes: allBut(rank, 1), epsilon: n.eps, keep: 1 - one(n.momentum) }),
  'nn.BatchNorm2d': ({ named: n }, rank) => ({ axes: allBut(rank, 1), epsilon: n.eps, keep: 1 - one(n.momentum) }),
  'nn.LayerNorm/torch': ({ positional: [shape = []], named: n }, rank) => ({
    axes: Array.from({ length: [shape].flat().length }, (_, i) => rank - 1 - i),
    epsilon: n.eps,
  }),
  'nn.InstanceNorm1d': ({ named: n }, rank) => ({ axes: allBut(rank, 0, 1), epsilon: n.eps }),
  'nn.InstanceNorm2d': ({ named: n }, rank) => ({ axes: allBut(rank, 0, 1), epsilon: n.eps }),
  'nn.GroupNorm/torch': ({ positional: [groups], named: n }, rank) => ({
    axes: allBut(rank, 0),
    groups: one(groups),
    epsilon: n.eps,
  }),
  'nn.RMSNorm/torch': ({ named: n }, rank) => ({ axes: [rank - 1], epsilon: n.eps, centered: false }),
  // flax.readthedocs.io, flax.linen
  'nn.BatchNorm': ({ named: n }, rank) => ({
    axes: allBut(rank, ...positive(n.axis, rank)),
    epsilon: n.epsilon,
    keep: one(n.momentum),
  }),
  'nn.LayerNorm': ({ named: n }, rank) => ({ axes: positive(n.reduction_axes, rank), epsilon: n.epsilon }),
  'nn.InstanceNorm': ({ named: n }, rank) => ({ axes: allBut(rank, 0, rank - 1), epsilon: n.epsilon }),
  'nn.GroupNorm': ({ named: n }, rank) => ({ axes: allBut(rank, 0), groups: one(n.num_groups), epsilon: n.epsilon }),
  'nn.RMSNorm': ({ named: n }, rank) => ({ axes: [rank - 1], epsilon: n.epsilon, centered: false }),
};

/** The layouts that Python's frameworks see the tensor in, where it is not the settings' own. */
const layoutOf = (framework: FrameworkName, state: PlaygroundState, text: string): PlaygroundState['layout'] => {
  if (framework === 'flax' || text.includes('movedim(1, -1)')) return 'channelsLast';
  return framework === 'pytorch' ? 'channelsFirst' : state.layout;
};

function apply({ axes, groups, epsilon, centered }: Meaning, x: Tensor, channel: number): Tensor {
  const shape = x.shape;
  const c = shape[channel] ?? 1;
  const split =
    groups === undefined ? x : x.reshape([...shape.slice(0, channel), groups, c / groups, ...shape.slice(channel + 1)]);
  // The axis of the groups themselves is kept, and those behind it are one further.
  const over = groups === undefined ? [...axes] : axes.map((axis) => (axis < channel ? axis : axis + 1));
  const { mean, variance } = tf.moments(split, over, true);
  const size = centered === false ? split.square().mean(over, true) : variance;
  const around = centered === false ? tf.scalar(0) : mean;
  return split
    .sub(around)
    .div(size.add(epsilon as number).sqrt())
    .reshape(shape);
}

const functions: readonly NormName[] = ['ghostBatch', 'filterResponse', 'pixel'];

describe.each(['keras', 'pytorch', 'flax'] as const)('%s', (framework) => {
  const withLayer = meaningful.filter(([, { norm }]) => !functions.includes(norm));

  it.each(withLayer)('means what the formula says, by its documentation: %s', (_, state) => {
    const text = codeOf(framework, settingsOf(state));
    const layout = layoutOf(framework, state, text);
    const { layer, x, y } = expectation(state, layout);
    const call = callIn(text);
    const meaningOf =
      documented[`${call.name}/torch`] && framework === 'pytorch'
        ? documented[`${call.name}/torch`]
        : documented[call.name];
    if (meaningOf === undefined) throw new Error(`what is ${call.name}?`);
    const meaning = meaningOf(call, x.rank, layer.c);
    expect(meaning.epsilon).toBe(state.epsilon);
    expectClose(apply(meaning, x, axesOf(state.data, layout).channel), y);
    if (state.norm === 'batch') expect(meaning.keep).toBeCloseTo(state.momentum, 12);
  });

  it('writes functions over the axes of the layout where there is no layer', () => {
    for (const [, state] of meaningful.filter(([, { norm }]) => functions.includes(norm))) {
      const text = codeOf(framework, settingsOf(state));
      const layout = layoutOf(framework, state, text);
      const { channel, positions } = axesOf(state.data, layout);
      const lists = [...text.matchAll(/(?:axis|axes|dim)=(\[[^\]]*\]|\([^)]*\)|-?\d+)/g)].map(([, value = '']) =>
        (value.match(/-?\d+/g) ?? []).map(Number),
      );
      const rank = positions.length + 2;
      if (state.norm === 'pixel') expect(lists.map(([axis = 0]) => (axis + rank) % rank)).toEqual([channel]);
      if (state.norm === 'filterResponse') expect(lists).toEqual([positions]);
      if (state.norm === 'ghostBatch' && framework !== 'pytorch') {
        for (const axes of lists) expect(axes).toEqual([1, ...positions.map((axis) => axis + 1)]);
        expect(text).toContain(`(-1, ${state.ghostBatchSize}) + x.shape[1:]`);
      }
      if (framework !== 'pytorch' || state.norm !== 'ghostBatch') expect(text).toContain(String(state.epsilon));
    }
  });
});

describe('PyTorch’s momentum', () => {
  it('moves running statistics as Keras’s does with the other name', () => {
    const x = tensor(
      Float32Array.from({ length: 64 }, (_, i) => Math.sin(i)),
      [16, 4],
    );
    for (const momentum of [0, 0.1, 0.9, 0.99, 0.999, 0.9999]) {
      const keras = batchNorm({ convention: 'keras', momentum });
      const pytorch = batchNorm({ convention: 'pytorch', momentum: share(momentum) });
      const states = [keras, pytorch].map((norm) => {
        const state = norm.state(x.shape);
        norm.forward(x, {}, state, 'train');
        return [...state.mean];
      });
      for (const [i, value] of (states[0] ?? []).entries()) expect(states[1]?.[i]).toBeCloseTo(value, 6);
      // As people write it: 0.01, not 0.010000000000000009.
      expect(String(share(momentum)).length).toBeLessThan(8);
    }
  });
});

describe('every text', () => {
  it('is there for every norm and input, ends its line, and says when a norm has nothing to share', () => {
    for (const framework of Object.keys(frameworks) as FrameworkName[]) {
      for (const [what, state] of named) {
        const text = codeOf(framework, settingsOf(state));
        expect(text, `${framework}: ${what}`).toMatch(/\S\n$/);
        expect(text).not.toMatch(/undefined|NaN|\[object/);
        if (isAlone(settingsOf(state))) expect(text).toContain('every output is beta');
        else expect(text).toContain('import');
      }
    }
  });
});
