/** The numbers of the first scene: what each norm makes of a small tensor. */
import { tensor } from '../../runtime';
import { type Cell, indexOf, type Layer, type Partition, partition, shapeOf } from '../../src/shared/illustration';
import type { NormName, PlaygroundState } from '../../src/shared/playground';
import { applyNorm, normFor } from '../norms';
import { arranged, memoryIndex } from './tensor';

type Layout = PlaygroundState['layout'];

export interface NormSettings {
  readonly epsilon: number;
  readonly layout: Layout;
  readonly gamma: number;
  readonly beta: number;
}

/** One cell's way through a norm: each line of the arithmetic. */
export interface Arithmetic {
  readonly cell: Cell;
  readonly set: number;
  /** Channels-last indices of all that shares the statistics, and their values. */
  readonly members: readonly number[];
  /** Whether a mean is subtracted. */
  readonly centered: boolean;
  readonly x: number;
  /** 0 for norms without a mean. */
  readonly mean: number;
  /** The variance; the mean of the squares for norms without a mean. */
  readonly variance: number;
  /** √(variance + ε). */
  readonly deviation: number;
  /** (x − mean)/√(variance + ε). */
  readonly normalized: number;
  readonly y: number;
  /** Whether γ and β take part. */
  readonly scaled: boolean;
  readonly shifted: boolean;
}

/** A norm over the tensor, from the runtime. */
export interface Result {
  readonly partition: Partition;
  arithmetic(cell: Cell): Arithmetic;
}

export function normResult(name: NormName, layer: Layer, values: Float32Array, settings: NormSettings): Result {
  const { layout, epsilon, gamma, beta } = settings;
  const shape = shapeOf(layer, layout);
  const norm = normFor(name, layer, { epsilon, layout });
  const fresh = norm.parameters(shape);
  const fill = (key: string, value: number) => {
    const parameter = fresh[key];
    return parameter === undefined ? {} : { [key]: { ...parameter, data: parameter.data.map(() => value) } };
  };
  const x = tensor(arranged(values, layer, layout), shape);
  // Filter response norm's threshold is left out: it is an activation, and would hide the line before it.
  const params = { ...fill('gamma', gamma), ...fill('beta', beta) };
  const normed = applyNorm(norm, x, params);
  const plain = applyNorm(norm, x);
  const sets = partition(name, layer);
  return {
    partition: sets,
    arithmetic: (cell) => {
      const index = indexOf(layer, cell);
      const at = memoryIndex(layer, index, layout);
      const set = sets.setOf(cell);
      const deviation = 1 / (normed.rstd.data[set] ?? 1);
      return {
        cell,
        set,
        members: membersOf(sets, set),
        centered: sets.centered,
        x: values[index] ?? 0,
        mean: sets.centered ? (normed.mean.data[set] ?? 0) : 0,
        // A variance is not negative, whatever the last bit of 1/√ says.
        variance: Math.max(0, deviation ** 2 - epsilon),
        deviation,
        normalized: plain.y.data[at] ?? 0,
        y: normed.y.data[at] ?? 0,
        scaled: 'gamma' in params,
        shifted: 'beta' in params,
      };
    },
  };
}

/** The channels-last indices of a set's elements. */
function membersOf({ view: { r1, k, r2 } }: Partition, set: number): readonly number[] {
  const [outer, inner] = [Math.floor(set / k), set % k];
  return Array.from({ length: r1 * r2 }, (_, i) => ((outer * r1 + Math.floor(i / r2)) * k + inner) * r2 + (i % r2));
}

/** What a norm learns and remembers, for the whole layer. */
export interface Costs {
  readonly sets: number;
  readonly elements: number;
  readonly centered: boolean;
  /** Learned parameters with their shapes: `γ [6]`. */
  readonly learned: readonly { readonly name: string; readonly shape: readonly number[] }[];
  /** Running statistics: how many numbers. */
  readonly remembered: number;
}

const LEARNED: Readonly<Record<NormName, { readonly names: readonly string[]; readonly every?: true }>> = {
  batch: { names: ['γ', 'β'] },
  layer: { names: ['γ', 'β'], every: true },
  layerChannels: { names: ['γ', 'β'] },
  instance: { names: ['γ', 'β'] },
  group: { names: ['γ', 'β'] },
  rms: { names: ['γ'] },
  ghostBatch: { names: ['γ', 'β'] },
  filterResponse: { names: ['γ', 'β', 'τ'] },
  pixel: { names: [] },
};

/** Counted, not allocated: a layer from someone's code may have more elements than the page has memory. */
export function costsOf(name: NormName, layer: Layer, layout: Layout): Costs {
  const { sets, elements, centered } = partition(name, layer);
  const { names, every } = LEARNED[name];
  const shape = every ? shapeOf(layer, layout).slice(1) : [layer.c];
  return {
    sets,
    elements,
    centered,
    learned: names.map((learned) => ({ name: learned, shape })),
    remembered: name === 'batch' || name === 'ghostBatch' ? 2 * layer.c : 0,
  };
}

/** The statistics' shape with averaged axes kept as 1. */
export function statisticsShape(name: NormName, layer: Layer, layout: Layout): readonly number[] {
  const { n, c, p } = partition(name, layer).statistics;
  const spatial = { h: p === 1 ? 1 : layer.h, w: p === 1 ? 1 : layer.w };
  return shapeOf({ ...layer, n, c, ...spatial }, layout);
}
