import { instanceView } from '../view';
import { LocalNorm, type LocalOptions } from './local';
import { checkOptions } from './options';

/**
 * Instance normalization (Ulyanov, Vedaldi, Lempitsky, arXiv 1607.08022, equation 4): one set a sample and channel.
 * x: [N, …, C] or [N, C, …], rank 2 to 5; γ, β: [C]; ε 1e-5.
 */
export function instanceNorm(options: LocalOptions = {}): LocalNorm {
  checkOptions('instanceNorm', options);
  return new LocalNorm({ name: 'instanceNorm', view: instanceView }, 1e-5, options);
}
