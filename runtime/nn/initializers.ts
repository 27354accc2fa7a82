import type { Random } from './random';
import type { Floats } from './tensor';

/** How many inputs feed one output, and how many outputs one input feeds. */
export interface Fan {
  readonly in: number;
  readonly out: number;
}

export type Initializer = (weights: Floats, fan: Fan, random: Random) => void;

/** N(0, 2 / fan in): keeps the variance through layers of relu (He et al. 2015, arXiv 1502.01852, eq. 10). */
export const heNormal: Initializer = (weights, fan, random) => {
  const deviation = Math.sqrt(2 / fan.in);
  for (let i = 0; i < weights.length; i++) weights[i] = random.normal(0, deviation);
};

/** U(±√(6 / (fan in + fan out))) (Glorot & Bengio 2010, eq. 16): for the last, linear layer. */
export const glorotUniform: Initializer = (weights, fan, random) => {
  const limit = Math.sqrt(6 / (fan.in + fan.out));
  for (let i = 0; i < weights.length; i++) weights[i] = random.uniform(-limit, limit);
};
