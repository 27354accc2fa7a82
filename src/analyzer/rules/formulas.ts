/**
 * The formulas behind the rules. Every one has its source; the differential suite holds those that describe TensorFlow.js
 * against the real library.
 */

/** The share of the initial running statistics that counts as forgotten. */
export const FORGOTTEN = 0.05;

/** Mean and variance of relu(z), z ~ N(0, 1): 1/√(2π) and 1/2 − 1/(2π). */
export const RELU_MOMENTS = { mean: 1 / Math.sqrt(2 * Math.PI), variance: 0.5 - 1 / (2 * Math.PI) } as const;

/**
 * The relative standard deviation of a variance that is estimated from m values: √(2/(m−1)). Sampling theory of the normal
 * distribution, (m−1)s²/σ² ~ χ²(m−1). Infinite at m = 1.
 */
export function varianceNoise(m: number): number {
  return m <= 1 ? Number.POSITIVE_INFINITY : Math.sqrt(2 / (m - 1));
}

/**
 * What batch normalization of two values gives, for a distance d between them: ±1/√(1 + 4ε/d²). With m = 2 the mean is the
 * middle and the variance d²/4, so only the sign of the difference survives.
 */
export function normalizedPair(distance: number, epsilon: number): number {
  return 1 / Math.sqrt(1 + (4 * epsilon) / distance ** 2);
}

/** The weight that the initial running statistics keep after k training steps: momentum^k (tfjs-layers, doMovingAverage). */
export function initialShare(momentum: number, steps: number): number {
  return momentum ** steps;
}

/** The least number of steps after which the initial running statistics weigh at most `share`. */
export function stepsToForget(momentum: number, share: number = FORGOTTEN): number {
  if (momentum <= 0) return 1;
  if (momentum >= 1) return Number.POSITIVE_INFINITY;
  return Math.ceil(Math.log(share) / Math.log(momentum));
}

/**
 * The largest momentum, in steps of 0.01, that forgets the initial statistics within k steps: share^(1/k). At least 0.5, which
 * takes five steps.
 */
export function momentumFor(steps: number, share: number = FORGOTTEN): number {
  return Math.max(0.5, Math.floor(share ** (1 / steps) * 100) / 100);
}

/**
 * The standard deviation of the running mean in steady state, in units of the activations' σ: √((1−μ)/(1+μ)) / √m. The
 * variance of an exponential moving average of independent batch means, each σ/√m.
 */
export function runningMeanNoise(momentum: number, m: number): number {
  return Math.sqrt((1 - momentum) / (1 + momentum)) / Math.sqrt(m);
}

/**
 * By what a running variance is scaled where each epoch has q full batches of size B and ends in a batch of one sample (of
 * variance 0): (1 − 1/B)·μ(1 − μ^q)/(1 − μ^(q+1)), at the end of an epoch in steady state. The factor 1 − 1/B is that of the
 * biased batch variance (m = B: no spatial dims).
 */
export function runningVarianceScale(batch: number, momentum: number, fullBatches: number): number {
  const q = fullBatches;
  return ((1 - 1 / batch) * momentum * (1 - momentum ** q)) / (1 - momentum ** (q + 1));
}

/**
 * Test variance over training variance of what inverted dropout (keep probability p) hands on, for inputs of this mean and
 * variance: s²/((s² + a²)/p − a²). "Variance shift", arXiv 1801.05134, section 3.
 */
export function dropoutVarianceRatio(keep: number, mean: number, variance: number): number {
  return variance / ((variance + mean ** 2) / keep - mean ** 2);
}

/** floor(N · (1 − validationSplit)): what `fit` trains on (tfjs-layers, fitTensors). */
export function trainingSamples(samples: number, validationSplit = 0): number {
  return Math.floor(samples * (1 - validationSplit));
}

/** The size of the last batch: N mod B, 0 where it is full. */
export function residualBatch(samples: number, batch: number): number {
  return samples % batch;
}

/** Optimizer steps: epochs · ceil(N / B). */
export function trainingSteps(samples: number, batch: number, epochs: number): number {
  return epochs * Math.ceil(samples / batch);
}

/** The batch sizes nearest to B, below and above, whose last batch is not one sample (and is not itself one sample). */
export function safeBatchSizes(samples: number, batch: number): readonly number[] {
  const safe = (b: number): boolean => b >= 2 && samples % b !== 1;
  const below = range(batch - 1, 2, -1).find(safe);
  const above = range(batch + 1, batch + 64, 1).find(safe);
  return [below, above].filter((b) => b !== undefined);
}

/** The divisors of C nearest to G, below and above: group counts that fit. */
export function nearestDivisors(channels: number, groups: number): readonly number[] {
  const fits = (g: number): boolean => channels % g === 0;
  const below = range(Math.min(Math.floor(groups), channels), 1, -1).find(fits);
  const above = range(Math.max(1, Math.ceil(groups)), channels, 1).find(fits);
  return [...new Set([below, above].filter((g) => g !== undefined))];
}

/** The other convention's momentum: PyTorch weighs the new batch, Keras and tfjs the old statistics. */
export function otherMomentum(momentum: number): number {
  return Math.round((1 - momentum) * 1e6) / 1e6;
}

function range(from: number, to: number, step: 1 | -1): readonly number[] {
  const length = Math.max(0, (to - from) * step + 1);
  return Array.from({ length }, (_, i) => from + i * step);
}
