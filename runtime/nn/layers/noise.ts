import type { Random } from '../random';
import { type Floats, floats, Scratch, type Shape, type Tensor } from '../tensor';
import { type Environment, type Layer, type Mode, OrderError } from './layer';

/** The size of the noise; the letters are the paper's. */
export interface NoiseOptions {
  /** n_μ: a step's mean for a unit is drawn from U(−n_μ, n_μ). */
  readonly meanRange: number;
  /** n_σ: a step's scale for a unit is drawn from U(1, n_σ). */
  readonly scaleRange: number;
  /** r_μ: a sample's shift is drawn from U(μ − r_μ, μ + r_μ). */
  readonly meanSpread: number;
  /** r_σ: a sample's scale is drawn from N(σ, r_σ²). */
  readonly scaleSpread: number;
}

export const paperNoise: NoiseOptions = { meanRange: 0.5, scaleRange: 1.25, meanSpread: 0.1, scaleSpread: 0.1 };

/**
 * The noise test of Santurkar et al. 2018 (arXiv 1805.11604, section 2.1 and appendix A): behind a norm, each
 * activation is scaled and shifted by noise whose own distribution jumps at every step, which makes internal covariate
 * shift far worse than without a norm. Batch norm still trains fast, so its gain is not in removing that shift.
 * In inference it is the identity. The scale is a constant to the gradient.
 */
export class Noise implements Layer {
  readonly kind = 'noise';
  readonly parameters = [];
  readonly buffers = [];
  private readonly y: Scratch;
  private readonly dx: Scratch;
  private scales: Floats;
  private trained = false;

  constructor(
    readonly name: string,
    readonly outputShape: Shape,
    private readonly options: NoiseOptions,
    private readonly environment: Environment,
    private readonly random: Random,
  ) {
    this.y = new Scratch(environment.precision);
    this.dx = new Scratch(environment.precision);
    this.scales = floats(environment.precision, 0);
  }

  forward(x: Tensor, mode: Mode): Tensor {
    this.trained = mode === 'train';
    if (mode === 'infer') return x;
    const { random, options } = this;
    const units = this.outputShape.at(-1) ?? 1;
    const y = this.y.take(x.shape);
    if (this.scales.length < x.data.length) this.scales = floats(this.environment.precision, x.data.length);
    const means = Array.from({ length: units }, () => random.uniform(-options.meanRange, options.meanRange));
    const deviations = Array.from({ length: units }, () => random.uniform(1, options.scaleRange));
    for (let i = 0; i < x.data.length; i++) {
      const mean = means[i % units] as number;
      const scale = random.normal(deviations[i % units] as number, options.scaleSpread);
      this.scales[i] = scale;
      y.data[i] = scale * (x.data[i] as number) + random.uniform(mean - options.meanSpread, mean + options.meanSpread);
    }
    return y;
  }

  backward(dy: Tensor): Tensor {
    if (!this.trained) throw new OrderError(this.name);
    const dx = this.dx.take(dy.shape);
    for (let i = 0; i < dy.data.length; i++) dx.data[i] = (this.scales[i] as number) * (dy.data[i] as number);
    return dx;
  }
}
