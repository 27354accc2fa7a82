import type { Layer } from './layers/layer';
import type { Tensor } from './tensor';

export interface HistogramOptions {
  readonly bins: number;
  /** Values below and above are counted in the first and last bin. */
  readonly low: number;
  readonly high: number;
}

export const defaultHistogram: HistogramOptions = { bins: 41, low: -4.1, high: 4.1 };

/** What one layer's output looked like in one step, over all samples and places. */
export interface ActivationStatistics {
  readonly layer: string;
  readonly kind: Layer['kind'];
  readonly mean: number;
  /** The standard deviation over all values (biased). */
  readonly deviation: number;
  /** The mean and deviation of each channel: what batch norm's statistics see. */
  readonly channelMeans: readonly number[];
  readonly channelDeviations: readonly number[];
  /** How many values fall in each bin; with `nonFinite` they add up to all. */
  readonly histogram: readonly number[];
  readonly nonFinite: number;
}

/** @param output [batch, ..., channels] */
export function activationStatistics(
  layer: Pick<Layer, 'name' | 'kind'>,
  output: Tensor,
  { bins, low, high }: HistogramOptions,
): ActivationStatistics {
  const { data } = output;
  const channels = output.shape.at(-1) ?? 1;
  const rows = data.length / channels;
  const histogram = new Array<number>(bins).fill(0);
  const means = new Array<number>(channels).fill(0);
  const squares = new Array<number>(channels).fill(0);
  let nonFinite = 0;
  data.forEach((value, i) => {
    const c = i % channels;
    means[c] = (means[c] as number) + value / rows;
    if (Number.isFinite(value)) {
      const bin = Math.min(bins - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * bins)));
      histogram[bin] = (histogram[bin] as number) + 1;
    } else nonFinite++;
  });
  const mean = means.reduce((sum, value) => sum + value, 0) / channels;
  let square = 0;
  data.forEach((value, i) => {
    const c = i % channels;
    squares[c] = (squares[c] as number) + (value - (means[c] as number)) ** 2 / rows;
    square += (value - mean) ** 2 / data.length;
  });
  return {
    ...{ layer: layer.name, kind: layer.kind, mean, deviation: Math.sqrt(square) },
    ...{ channelMeans: means, channelDeviations: squares.map(Math.sqrt), histogram, nonFinite },
  };
}
