import type { Mode, Norm, Params, State } from '../norms/norm';
import { sizeOf, type Tensor } from '../tensor';
import { seeded } from './random';

export interface CouplingOptions {
  readonly params?: Params;
  readonly state?: State | null;
  readonly mode?: Mode;
  /** Random directions a sample; 0 takes every element in turn, which is exact and costs a backward pass each. Default 0. */
  readonly probes?: number;
  readonly seed?: number;
}

/**
 * How strongly samples see each other: entry [i·N + j] is the Frobenius norm of ∂y_i/∂x_j, from the norm's own backward
 * pass. Diagonal for norms of one sample, dense for those of a batch. x: [N, …]. With probes it is Hutchinson's estimate:
 * the mean square of vᵀJ over random signs v has the squared norm as its expectation.
 */
export function couplingJacobian(norm: Norm, x: Tensor, options: CouplingOptions = {}): Float64Array {
  const { params = norm.parameters(x.shape), mode = 'train', probes = 0, seed = 1 } = options;
  const state = options.state === undefined ? norm.state(x.shape) : options.state;
  const { saved } = norm.forward(x, params, copyOf(state), mode);
  const n = x.shape[0] ?? 1;
  const size = sizeOf(x.shape) / n;
  const next = seeded(seed);
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let probe = 0; probe < (probes || size); probe++) {
      const dy = new Float32Array(n * size);
      if (probes) for (let k = 0; k < size; k++) dy[i * size + k] = next() < 0.5 ? -1 : 1;
      else dy[i * size + probe] = 1;
      const dx = norm.backward({ data: dy, shape: x.shape }, saved).dx.data;
      for (let k = 0; k < dx.length; k++) {
        const at = i * n + Math.floor(k / size);
        result[at] = (result[at] as number) + (dx[k] as number) ** 2 / (probes || 1);
      }
    }
  }
  return result.map(Math.sqrt);
}

/** Looking must not move the running statistics. */
export function copyOf(state: State | null): State | null {
  return state && Object.fromEntries(Object.entries(state).map(([name, values]) => [name, values.slice()]));
}
