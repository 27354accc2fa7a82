import type { Options } from '../../options';
import { refuse } from '../../refused';

/** The names by which tfjs 4.22 knows activations, initializers, regularizers and constraints: case and all. */

export const activations: readonly string[] = [
  'elu',
  'selu',
  'relu',
  'relu6',
  'linear',
  'sigmoid',
  'hardSigmoid',
  'softplus',
  'softsign',
  'tanh',
  'softmax',
  'logSoftmax',
  'gelu',
  'gelu_new',
  'mish',
  'swish',
];

const shortNames: Readonly<Record<string, readonly string[]>> = {
  activation: activations,
  initializer: [
    'constant',
    'glorotNormal',
    'glorotUniform',
    'heNormal',
    'heUniform',
    'identity',
    'leCunNormal',
    'leCunUniform',
    'ones',
    'orthogonal',
    'randomNormal',
    'randomUniform',
    'truncatedNormal',
    'varianceScaling',
    'zeros',
  ],
  regularizer: ['l1l2'],
  constraint: ['maxNorm', 'minMaxNorm', 'nonNeg', 'unitNorm'],
};

/** What an option names: `kernelInitializer` an initializer, `units` nothing. */
const kindOf = (key: string): string | undefined =>
  Object.keys(shortNames).find((kind) => key.toLowerCase().endsWith(kind));

/**
 * All classes that tfjs registers are looked up in one table, so that `activation: 'ReLU'` finds a layer and passes.
 * Names that start with a capital may also be a user's own class.
 */
const mayBeClass = /^[A-Z]/;

/** Refuses names that tfjs does not know: `activation: 'leakyrelu'`, `kernelInitializer: 'he_normal'`. */
export function knownNames(type: string, options: Options, keys: readonly string[]): void {
  for (const key of keys) knownName(type, options, key);
}

function knownName(type: string, options: Options, key: string): void {
  const value = options.get(key);
  if (typeof value !== 'string' || mayBeClass.test(value)) return;
  const kind = kindOf(key);
  if (kind === undefined) return;
  const names = shortNames[kind] ?? [];
  // An empty name means the default, except for activations.
  if (names.includes(value) || activations.includes(value) || (value === '' && kind !== 'activation')) return;
  const near = names.find((name) => plainly(name) === plainly(value));
  refuse('option', `${type}: tfjs knows no ${kind} "${value}"${near === undefined ? '' : `; it is "${near}"`}`, {
    when: 'construct',
    argument: key,
    original: `Unknown ${kind}: ${value}.`,
  });
}

const plainly = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
