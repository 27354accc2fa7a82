// What is measured: each norm at each shape, for every contestant.
import * as tf from '@tensorflow/tfjs';
import * as runtime from '../../../runtime/index';
import { type Graph, model } from './onnx';

export const norms = ['batch', 'inference', 'layer', 'rms', 'instance', 'group'] as const;
export type NormName = (typeof norms)[number];

export interface Workload {
  readonly norm: NormName;
  readonly shape: readonly number[];
  readonly layout: runtime.Layout;
  readonly n: number;
  readonly c: number;
  readonly s: number;
  readonly groups: number;
}

const channelsLast: readonly (readonly number[])[] = [
  [32, 56, 56, 64],
  [8, 28, 28, 256],
  [32, 128, 768],
  [8, 512, 1024],
  [4096, 64],
  [4, 6, 4, 4],
];
const channelsFirst: readonly (readonly number[])[] = [
  [8, 64, 56, 56],
  [8, 256, 28, 28],
];

const workload = (norm: NormName, shape: readonly number[], layout: runtime.Layout): Workload => {
  const { n, c, s } = runtime.channelsOf(shape, layout, 'bench');
  return { norm, shape, layout, n, c, s, groups: c % 32 === 0 ? 32 : 2 };
};

/** Layer and RMS norm run over the last axis; instance and group norm want positions. */
export const workloads: readonly Workload[] = [
  ...channelsLast.flatMap((shape) =>
    norms
      .filter((norm) => shape.length > 2 || (norm !== 'instance' && norm !== 'group'))
      .map((norm) => workload(norm, shape, 'channelsLast')),
  ),
  ...channelsFirst.flatMap((shape) =>
    norms.filter((norm) => norm !== 'layer' && norm !== 'rms').map((norm) => workload(norm, shape, 'channelsFirst')),
  ),
];

export const EPSILON = 1e-3;

/** Our norm, and whether it keeps running statistics. */
export function ours({ norm, layout, groups }: Workload, engine: runtime.Engine): runtime.Norm {
  const common = { engine, epsilon: EPSILON };
  const make: Record<NormName, () => runtime.Norm> = {
    batch: () => runtime.batchNorm({ ...common, layout }),
    inference: () => runtime.batchNorm({ ...common, layout }),
    layer: () => runtime.layerNorm(common),
    rms: () => runtime.rmsNorm(common),
    instance: () => runtime.instanceNorm({ ...common, layout }),
    group: () => runtime.groupNorm({ ...common, layout, groups }),
  };
  return make[norm]();
}

/** How the memory floor walks: blocks of `size` elements, each read twice and written once. */
export function blocks({ norm, shape, layout, c, s, groups }: Workload): { blocks: number; size: number } {
  const total = runtime.sizeOf(shape);
  const last = shape.at(-1) ?? 1;
  const size: Record<NormName, number> = {
    batch: total,
    inference: total,
    layer: last,
    rms: last,
    instance: layout === 'channelsFirst' ? s : s * c,
    group: layout === 'channelsFirst' ? (c / groups) * s : s * c,
  };
  return { blocks: total / size[norm], size: size[norm] };
}

/** The same with tfjs's operations, as its users write it. */
export function tfjs(w: Workload, x: tf.Tensor, gamma: tf.Tensor1D, beta: tf.Tensor1D): tf.Tensor {
  return tf.tidy(() => {
    const { norm, layout, n, c, s, groups } = w;
    const rank = x.rank;
    const first = layout === 'channelsFirst';
    const along = (v: tf.Tensor) => (first ? v.reshape([1, c, ...new Array<number>(rank - 2).fill(1)]) : v);
    const by = (axes: number[], v: tf.Tensor) => {
      const { mean, variance } = tf.moments(v, axes, true);
      return v.sub(mean).mul(variance.add(EPSILON).rsqrt());
    };
    const spatial = Array.from({ length: rank - 2 }, (_, i) => i + (first ? 2 : 1));
    switch (norm) {
      case 'batch':
        if (first)
          return by([0, ...spatial], x)
            .mul(along(gamma))
            .add(along(beta));
        return tf.batchNorm(x as tf.Tensor4D, ...statistics(x), beta, gamma, EPSILON);
      case 'inference':
        if (first)
          return x
            .sub(along(beta))
            .mul(along(gamma.mul(gamma.add(EPSILON).rsqrt())))
            .add(along(beta));
        return tf.batchNorm(x as tf.Tensor4D, beta, gamma, beta, gamma, EPSILON);
      case 'layer':
        return by([rank - 1], x)
          .mul(gamma)
          .add(beta);
      case 'rms':
        return x.mul(x.square().mean(-1, true).add(EPSILON).rsqrt()).mul(gamma);
      case 'instance':
        return by(spatial, x).mul(along(gamma)).add(along(beta));
      case 'group': {
        const split = first ? x.reshape([n, groups, (c / groups) * s]) : x.reshape([n, s, groups, c / groups]);
        return by(first ? [2] : [1, 3], split)
          .reshape(x.shape)
          .mul(along(gamma))
          .add(along(beta));
      }
    }
  });
}

function statistics(x: tf.Tensor): [tf.Tensor1D, tf.Tensor1D] {
  const { mean, variance } = tf.moments(
    x,
    Array.from({ length: x.rank - 1 }, (_, i) => i),
  );
  return [mean as tf.Tensor1D, variance as tf.Tensor1D];
}

/** A graph that applies the norm `depth` times, one after another. */
export function onnx(w: Workload, gamma: Float32Array, beta: Float32Array, depth: number): Uint8Array {
  const { norm, shape, layout, n, c, s, groups } = w;
  // Channels last is rows of channels to batch norm, free of charge; instance and group norm need a transpose.
  const inRows = layout === 'channelsLast' && (norm === 'batch' || norm === 'inference');
  const turned = layout === 'channelsLast' && (norm === 'instance' || norm === 'group');
  const nodes: Graph['nodes'][number][] = [];
  let at = 'x';
  const step = (type: string, inputs: string[], attributes = {}, extra: string[] = []) => {
    const to = `t${nodes.length}`;
    nodes.push({
      type,
      inputs: [at, ...inputs],
      outputs: [to, ...extra.map((name) => `${name}${nodes.length}`)],
      attributes,
    });
    at = to;
  };
  const epsilon = { float: EPSILON };
  const toFirst = [0, shape.length - 1, ...shape.map((_, i) => i).slice(1, -1)];
  const toLast = [0, ...shape.map((_, i) => i).slice(2), 1];
  if (inRows) step('Reshape', ['rows']);
  for (let i = 0; i < depth; i++) {
    if (turned) step('Transpose', [], { perm: toFirst });
    if (norm === 'batch')
      step('BatchNormalization', ['gamma', 'beta', 'mean', 'variance'], { epsilon, training_mode: 1 }, ['m', 'v']);
    if (norm === 'inference') step('BatchNormalization', ['gamma', 'beta', 'mean', 'variance'], { epsilon });
    if (norm === 'layer') step('LayerNormalization', ['gamma', 'beta'], { axis: -1, epsilon });
    if (norm === 'rms') step('RMSNormalization', ['gamma'], { axis: -1, epsilon });
    if (norm === 'instance') step('InstanceNormalization', ['gamma', 'beta'], { epsilon });
    if (norm === 'group') step('GroupNormalization', ['gamma', 'beta'], { epsilon, num_groups: groups });
    if (turned) step('Transpose', [], { perm: toLast });
  }
  if (inRows) step('Reshape', ['whole']);
  const width = gamma.length;
  const all = {
    gamma: { data: gamma, dims: [width] },
    beta: { data: beta, dims: [width] },
    mean: { data: new Float32Array(width), dims: [width] },
    variance: { data: new Float32Array(width).fill(1), dims: [width] },
    rows: { data: BigInt64Array.from([n * s, c].map(BigInt)), dims: [2] },
    whole: { data: BigInt64Array.from(shape.map(BigInt)), dims: [shape.length] },
  };
  const used = new Set(nodes.flatMap(({ inputs }) => inputs));
  const constants = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)));
  return model({ nodes, constants, input: { name: 'x', dims: shape }, output: { name: at, dims: shape } });
}
