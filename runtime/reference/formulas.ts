// Every normalization as its paper writes it, in float64. The oracle of the tests, and of what the analyzer claims.
// Channels are an axis: the last (channels last) or 1 (channels first). Parameters of one value a channel are reshaped to
// broadcast; statistics keep their reduced axes as 1.
import {
  add,
  type Dims,
  divide,
  exponential,
  maximum,
  mean,
  multiply,
  power,
  reshape,
  root,
  squared,
  subtract,
  sum,
  take,
  tanh,
  type Value,
  value,
  variance,
} from './tape';

/** Which axis holds the channels. */
export type ChannelAxis = 'last' | 'first';

const axisOf = (shape: Dims, channels: ChannelAxis): number => (channels === 'last' ? shape.length - 1 : 1);
const allBut = (shape: Dims, ...kept: readonly number[]): number[] =>
  shape.map((_, i) => i).filter((i) => !kept.includes(i));

/** A vector of one value a channel, shaped to broadcast against x. */
const alongChannels = (v: Value, shape: Dims, channels: ChannelAxis): Value =>
  reshape(
    v,
    shape.map((dim, i) => (i === axisOf(shape, channels) ? dim : 1)),
  );

/** A matrix [N, C], or one of a single row for all samples, shaped to broadcast against x. */
const alongSamples = (v: Value, shape: Dims, channels: ChannelAxis): Value => {
  const axis = axisOf(shape, channels);
  const samples = v.data.length / (shape[axis] ?? 1);
  return reshape(
    v,
    shape.map((dim, i) => (i === 0 ? samples : i === axis ? dim : 1)),
  );
};

/** (x − μ)/√(σ² + ε). */
const standardized = (x: Value, mu: Value, v: Value, epsilon: number): Value =>
  divide(subtract(x, mu), root(add(v, epsilon)));

/** (x − mean(x))/√(variance(x) + ε) over some axes. */
const normalized = (x: Value, axes: Dims, epsilon: number): Value =>
  standardized(x, mean(x, axes), variance(x, axes), epsilon);

export interface Affine {
  readonly gamma: Value;
  readonly beta: Value;
}

const affine = (hat: Value, { gamma, beta }: Affine, channels: ChannelAxis): Value =>
  add(multiply(hat, alongChannels(gamma, hat.shape, channels)), alongChannels(beta, hat.shape, channels));

/** arXiv 1502.03167, algorithm 1. */
export const batch = (x: Value, p: Affine, channels: ChannelAxis, epsilon: number): Value =>
  affine(normalized(x, allBut(x.shape, axisOf(x.shape, channels)), epsilon), p, channels);

/** arXiv 1502.03167, algorithm 2: the statistics are given. */
export const batchInference = (
  x: Value,
  p: Affine,
  running: { readonly mean: Value; readonly variance: Value },
  channels: ChannelAxis,
  epsilon: number,
): Value => {
  const along = (v: Value) => alongChannels(v, x.shape, channels);
  return affine(standardized(x, along(running.mean), along(running.variance), epsilon), p, channels);
};

/** The batch's own mean and biased variance, one value a channel. */
export const batchStatistics = (x: Value, channels: ChannelAxis): { mean: Float64Array; variance: Float64Array } => {
  const axes = allBut(x.shape, axisOf(x.shape, channels));
  return { mean: mean(x, axes).data, variance: variance(x, axes).data };
};

/** arXiv 1705.08741, algorithm 1: slices of `size` samples. */
export const ghostBatch = (x: Value, p: Affine, size: number, channels: ChannelAxis, epsilon: number): Value => {
  const [n = 1, ...rest] = x.shape;
  const slices = reshape(x, [n / size, size, ...rest]);
  const channel = axisOf(x.shape, channels) + 1;
  return affine(reshape(normalized(slices, allBut(slices.shape, 0, channel), epsilon), x.shape), p, channels);
};

/** γ and β are rows of tables [K, C], chosen by each sample's label. */
export const byCondition = (hat: Value, p: Affine, labels: ArrayLike<number>, channels: ChannelAxis): Value => {
  const c = hat.shape[axisOf(hat.shape, channels)] ?? 1;
  const rows = (table: Value) => {
    const picked = Array.from(labels, (label) => Array.from({ length: c }, (_, i) => label * c + i)).flat();
    return alongSamples(take(table, picked, [labels.length, c]), hat.shape, channels);
  };
  return add(multiply(hat, rows(p.gamma)), rows(p.beta));
};

/** arXiv 1707.00683, section 3.2. */
export const conditionalBatch = (
  x: Value,
  p: Affine,
  labels: ArrayLike<number>,
  channels: ChannelAxis,
  epsilon: number,
): Value => byCondition(normalized(x, allBut(x.shape, axisOf(x.shape, channels)), epsilon), p, labels, channels);

/** arXiv 1702.03275, algorithm 1; r and d are constants. */
export const batchRenorm = (
  x: Value,
  p: Affine,
  moving: { readonly mean: ArrayLike<number>; readonly deviation: ArrayLike<number> },
  limits: { readonly rMax: number; readonly dMax: number },
  channels: ChannelAxis,
  epsilon: number,
): Value => {
  const axes = allBut(x.shape, axisOf(x.shape, channels));
  const batchMean = mean(x, axes);
  const batchDeviation = root(add(variance(x, axes), epsilon));
  const clip = (v: number, low: number, high: number) => Math.min(Math.max(v, low), high);
  const r = batchDeviation.data.map((s, i) => clip(s / (moving.deviation[i] ?? 1), 1 / limits.rMax, limits.rMax));
  const d = batchMean.data.map((m, i) =>
    clip((m - (moving.mean[i] ?? 0)) / (moving.deviation[i] ?? 1), -limits.dMax, limits.dMax),
  );
  const along = (v: Float64Array) => value(v, batchMean.shape);
  return affine(add(multiply(divide(subtract(x, batchMean), batchDeviation), along(r)), along(d)), p, channels);
};

/** arXiv 1607.08022, equation 4. */
export const instance = (x: Value, p: Affine, channels: ChannelAxis, epsilon: number): Value =>
  affine(normalized(x, allBut(x.shape, 0, axisOf(x.shape, channels)), epsilon), p, channels);

/** arXiv 1803.08494, equation 7. */
export const group = (x: Value, p: Affine, groups: number, channels: ChannelAxis, epsilon: number): Value => {
  const axis = axisOf(x.shape, channels);
  const c = x.shape[axis] ?? 1;
  const split = reshape(x, [...x.shape.slice(0, axis), groups, c / groups, ...x.shape.slice(axis + 1)]);
  return affine(reshape(normalized(split, allBut(split.shape, 0, axis), epsilon), x.shape), p, channels);
};

/** arXiv 1607.06450, equation 4; γ and β have the shape of the normalised axes. */
export const layer = (x: Value, p: Affine, axes: Dims, epsilon: number): Value => {
  const shape = x.shape.map((dim, i) => (axes.includes(i) ? dim : 1));
  return add(multiply(normalized(x, axes, epsilon), reshape(p.gamma, shape)), reshape(p.beta, shape));
};

const meanSquare = (x: Value, axes: Dims): Value => mean(squared(x), axes);

/** arXiv 1910.07467, equation 4. */
export const rms = (x: Value, p: { readonly gamma: Value }, axes: Dims, epsilon: number): Value => {
  const shape = x.shape.map((dim, i) => (axes.includes(i) ? dim : 1));
  return multiply(divide(x, root(add(meanSquare(x, axes), epsilon))), reshape(p.gamma, shape));
};

/** arXiv 1710.10196, section 4.2. */
export const pixel = (x: Value, channels: ChannelAxis, epsilon: number): Value =>
  divide(x, root(add(meanSquare(x, [axisOf(x.shape, channels)]), epsilon)));

/** arXiv 1703.06868, equation 8. */
export const adaptiveInstance = (x: Value, style: Value, channels: ChannelAxis, epsilon: number): Value => {
  const axes = allBut(style.shape, 0, axisOf(style.shape, channels));
  const deviation = root(add(variance(style, axes), epsilon));
  return styled(x, deviation, mean(style, axes), channels, epsilon);
};

/** arXiv 1812.04948, equation 1: the style's deviation and mean are given, [N, C] or one row for all samples. */
export const styled = (x: Value, scale: Value, shift: Value, channels: ChannelAxis, epsilon: number): Value => {
  const hat = normalized(x, allBut(x.shape, 0, axisOf(x.shape, channels)), epsilon);
  const along = (v: Value) => alongSamples(v, x.shape, channels);
  return add(multiply(hat, along(scale)), along(shift));
};

/** arXiv 1911.09737, equations 1 to 3, with the thresholded linear unit. */
export const filterResponse = (
  x: Value,
  p: Affine & { readonly tau: Value },
  channels: ChannelAxis,
  epsilon: number,
): Value => {
  const axes = allBut(x.shape, 0, axisOf(x.shape, channels));
  const y = affine(divide(x, root(add(meanSquare(x, axes), epsilon))), p, channels);
  return maximum(y, alongChannels(p.tau, x.shape, channels));
};

/** NeurIPS 2012 (AlexNet), section 3.3. */
export const localResponse = (
  x: Value,
  {
    size,
    alpha,
    beta,
    bias,
  }: { readonly size: number; readonly alpha: number; readonly beta: number; readonly bias: number },
  channels: ChannelAxis,
): Value => {
  const axis = axisOf(x.shape, channels);
  const c = x.shape[axis] ?? 1;
  const stride = x.shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const half = (size - 1) / 2;
  const squares = squared(x);
  let total = multiply(squares, 0);
  for (let offset = -half; offset <= half; offset++) {
    const neighbour = Array.from(x.data, (_, i) => {
      const channel = (Math.floor(i / stride) % c) + offset;
      return channel >= 0 && channel < c ? i + offset * stride : -1;
    });
    total = add(total, take(squares, neighbour, x.shape));
  }
  return multiply(x, power(add(multiply(total, alpha), bias), -beta));
};

/** A softmax over three values. */
const softmax = (v: Value): Value => divide(exponential(v), sum(exponential(v), [0]));

export interface SwitchableParameters extends Affine {
  readonly meanWeights: Value;
  readonly varianceWeights: Value;
}

/** arXiv 1806.10779, equations 3 to 6; `running` replaces batch norm's statistics at inference. */
export const switchable = (
  x: Value,
  p: SwitchableParameters,
  channels: ChannelAxis,
  epsilon: number,
  running?: { readonly mean: Value; readonly variance: Value },
): Value => {
  const axis = axisOf(x.shape, channels);
  const axes = [allBut(x.shape, 0, axis), allBut(x.shape, 0), allBut(x.shape, axis)];
  const means = axes.map((a) => mean(x, a));
  const variances = axes.map((a) => variance(x, a));
  if (running) {
    means[2] = alongChannels(running.mean, x.shape, channels);
    variances[2] = alongChannels(running.variance, x.shape, channels);
  }
  const mixed = (weights: Value, statistics: readonly Value[]) =>
    statistics
      .map((statistic, i) => multiply(statistic, take(softmax(weights), [i], [1])))
      .reduce((total, part) => add(total, part));
  return affine(
    standardized(x, mixed(p.meanWeights, means), mixed(p.varianceWeights, variances), epsilon),
    p,
    channels,
  );
};

const unitAxis = (shape: Dims, units: ChannelAxis): number => (units === 'last' ? shape.length - 1 : 0);
const alongUnits = (v: Value, shape: Dims, units: ChannelAxis): Value =>
  reshape(
    v,
    shape.map((dim, i) => (i === unitAxis(shape, units) ? dim : 1)),
  );

/** arXiv 1602.07868, equation 2. */
export const weight = (v: Value, g: Value, units: ChannelAxis): Value =>
  multiply(divide(v, root(sum(squared(v), allBut(v.shape, unitAxis(v.shape, units))))), alongUnits(g, v.shape, units));

/** arXiv 1903.10520, equations 5 to 7, with a gain. */
export const weightStandardization = (w: Value, gain: Value, units: ChannelAxis, epsilon: number): Value =>
  multiply(normalized(w, allBut(w.shape, unitAxis(w.shape, units)), epsilon), alongUnits(gain, w.shape, units));

/** arXiv 1802.05957, equation 8 and algorithm 1: W/(uᵀWv), u and v being constants. u: [out], v: [the rest]. */
export const spectral = (w: Value, u: ArrayLike<number>, v: ArrayLike<number>, units: ChannelAxis): Value => {
  const [out, rest] = [u.length, v.length];
  const matrix = reshape(w, units === 'last' ? [rest, out] : [out, rest]);
  const outer = Array.from({ length: out * rest }, (_, i) =>
    units === 'last'
      ? (u[i % out] ?? 0) * (v[Math.floor(i / out)] ?? 0)
      : (u[Math.floor(i / rest)] ?? 0) * (v[i % rest] ?? 0),
  );
  const sigma = sum(multiply(matrix, value(outer, matrix.shape)), [0, 1]);
  return reshape(divide(matrix, sigma), w.shape);
};

/** arXiv 2503.10622, equation 3. */
export const dynamicTanh = (x: Value, p: Affine & { readonly alpha: Value }): Value =>
  add(multiply(tanh(multiply(x, p.alpha)), p.gamma), p.beta);
