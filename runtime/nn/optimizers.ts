import type { Parameter } from './layers/layer';
import { type Floats, floats } from './tensor';

/** Moves parameters against their gradients. `slots` is what it remembers, one list of arrays a parameter. */
export interface Optimizer {
  readonly slots: readonly (readonly Floats[])[];
  /** How many steps were taken: Adam's bias correction needs it. */
  steps: number;
  apply(learningRate: number): void;
}

const zerosLike = (model: Floats): Floats =>
  floats(model instanceof Float32Array ? 'float32' : 'float64', model.length);

/**
 * v ← momentum · v + g, θ ← θ − rate · v: TensorFlow's and PyTorch's momentum (Sutskever et al. 2013 scale v by the rate).
 */
export class Sgd implements Optimizer {
  steps = 0;
  readonly slots: readonly (readonly [velocity: Floats])[];

  constructor(
    private readonly parameters: readonly Parameter[],
    private readonly momentum: number,
  ) {
    this.slots = parameters.map(({ value }) => [zerosLike(value)]);
  }

  apply(learningRate: number): void {
    this.steps++;
    this.slots.forEach(([velocity], k) => {
      const { value, gradient } = this.parameters[k] as Parameter;
      for (let i = 0; i < value.length; i++) {
        const v = this.momentum * (velocity[i] as number) + (gradient[i] as number);
        velocity[i] = v;
        value[i] = (value[i] as number) - learningRate * v;
      }
    });
  }
}

/** Adam (Kingma & Ba 2015, arXiv 1412.6980, algorithm 1). */
export class Adam implements Optimizer {
  steps = 0;
  readonly slots: readonly (readonly [mean: Floats, square: Floats])[];

  constructor(
    private readonly parameters: readonly Parameter[],
    private readonly beta1 = 0.9,
    private readonly beta2 = 0.999,
    private readonly epsilon = 1e-7,
  ) {
    this.slots = parameters.map(({ value }) => [zerosLike(value), zerosLike(value)]);
  }

  apply(learningRate: number): void {
    this.steps++;
    const { beta1, beta2, epsilon } = this;
    const meanScale = 1 / (1 - beta1 ** this.steps);
    const squareScale = 1 / (1 - beta2 ** this.steps);
    this.slots.forEach(([mean, square], k) => {
      const { value, gradient } = this.parameters[k] as Parameter;
      for (let i = 0; i < value.length; i++) {
        const g = gradient[i] as number;
        const m = beta1 * (mean[i] as number) + (1 - beta1) * g;
        const s = beta2 * (square[i] as number) + (1 - beta2) * g * g;
        mean[i] = m;
        square[i] = s;
        value[i] = (value[i] as number) - (learningRate * m * meanScale) / (Math.sqrt(s * squareScale) + epsilon);
      }
    });
  }
}
