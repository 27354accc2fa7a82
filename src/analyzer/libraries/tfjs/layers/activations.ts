import type { Dim } from '../../../shapes/dim';
import { type Axis, axis, axisIndex, broadcast, isMismatch, type Shape, showShape } from '../../../shapes/shape';
import type { LayerSpec } from '../../layerSpec';
import type { Options } from '../../options';
import { type Plain, UNKNOWN } from '../../plain';
import { refuse } from '../../refused';
import { showPlain } from './checks';
import { sameSize } from './core';
import { unchanged } from './identity';
import { knownNames } from './registry';
import { oneInput, row, weight } from './row';

const activation = unchanged({
  type: 'activation',
  className: 'Activation',
  options: ['activation'],
  needsOptions: true,
  construct: (options) => knownNames('activation', options, ['activation']),
});

const reLU = unchanged({
  type: 'reLU',
  className: 'ReLU',
  options: ['maxValue'],
  run(options) {
    const maxValue = options.number('maxValue');
    if (maxValue !== undefined && maxValue < 0)
      refuse('option', `reLU: maxValue must not be negative but is ${maxValue}`, {
        when: 'run',
        argument: 'maxValue',
        original: `Error in clip: min (0) must be less than or equal to max (${maxValue}).`,
      });
  },
});

const elu = unchanged({
  type: 'elu',
  className: 'ELU',
  options: ['alpha'],
  construct(options) {
    const alpha = options.get('alpha');
    if (alpha === undefined || alpha === null || alpha === UNKNOWN || alpha === 1) return;
    if (typeof alpha === 'object') return;
    refuse('option', `elu: tfjs supports alpha 1 only but it is ${showPlain(alpha)}`, {
      when: 'construct',
      argument: 'alpha',
      original: `Non-default alpha value (${String(alpha)}) is not supported by the ELU layer yet.`,
    });
  },
});

const softmax = unchanged({
  type: 'softmax',
  className: 'Softmax',
  options: ['axis'],
  run(options, inputs) {
    const value = options.get('axis') ?? 1;
    const list: readonly Plain[] = Array.isArray(value) ? value : [value];
    const [only] = list;
    const input = inputs[0] ?? null;
    if (typeof only !== 'number' || input === null) return;
    // Over several axes tfjs works it out from the exponentials.
    if (list.length > 1) {
      if (list.some((a) => typeof a === 'number' && axisIndex(a, input.length) === undefined))
        refuse('axis-range', `softmax has no axes ${showPlain(list)} in ${showShape(input)}`, {
          when: 'run',
          argument: 'axis',
          original: 'All values in axis param must be in range',
        });
      return;
    }
    if (only !== -1 && only !== input.length - 1)
      refuse('axis-range', `softmax runs over the last axis only but axis is ${only} in ${showShape(input)}`, {
        when: 'run',
        argument: 'axis',
        original: `Softmax along a non-last dimension is not yet supported.`,
      });
  },
});

const preluNames: readonly string[] = ['alphaInitializer', 'alphaRegularizer', 'alphaConstraint'];

/** The axes, counted from 1, along which one slope is shared; undefined where not known. */
function sharedAxes(options: Options): readonly number[] | undefined {
  const value = options.get('sharedAxes');
  if (value === undefined || value === null) return [];
  const list: readonly Plain[] = Array.isArray(value) ? value : [value];
  return list.every((v) => typeof v === 'number') ? (list as readonly number[]) : undefined;
}

/** The input as slopes with one axis too many widen it. */
function stretched(options: Options, input: Shape): Shape {
  if (input === null || sharedAxes(options)?.includes(input.length) !== true) return input;
  const slopes = slopeSizes(input, sharedAxes(options) ?? []).map((d) => axis(d));
  const met = broadcast(input, slopes);
  if (!isMismatch(met)) return met;
  return refuse('broadcast', `prelu: sharedAxes are counted from 1 and ${showShape(input)} has no ${input.length}`, {
    when: 'run',
    argument: 'sharedAxes',
    original: 'Operands could not be broadcast together with shapes',
  });
}

/** The sizes of the slopes; tfjs appends the axis that follows the last, where that is to be shared. */
const slopeSizes = (input: readonly Axis[], shared: readonly number[]): readonly Dim[] => [
  ...input.slice(1).map((a, i) => (shared.includes(i + 1) ? 1 : a.dim)),
  ...(shared.includes(input.length) ? [1] : []),
];

const prelu = row({
  type: 'prelu',
  className: 'PReLU',
  options: ['sharedAxes', ...preluNames],
  construct(options) {
    knownNames('prelu', options, preluNames);
    const shared = options.get('sharedAxes');
    if (typeof shared === 'string' || typeof shared === 'boolean')
      refuse('option', `prelu: sharedAxes must be a number or a list but is ${showPlain(shared)}`, {
        when: 'construct',
        argument: 'sharedAxes',
        original: 'Expected sharedAxes to be a number or an array of numbers',
      });
  },
  accept: (_, inputs) => void oneInput('prelu', inputs),
  build(options, inputs) {
    const input = oneInput('prelu', inputs);
    const shared = sharedAxes(options);
    // tfjs makes a weight of odd shape for axes beyond the rank.
    if (input === null || shared === undefined || shared.some((a) => a > input.length)) return undefined;
    return [weight(options, 'alpha', slopeSizes(input, shared))];
  },
  output(options, inputs, symbolic) {
    const input = oneInput('prelu', inputs);
    return symbolic ? input : stretched(options, input);
  },
  run: (options, inputs) => void stretched(options, oneInput('prelu', inputs)),
  refit(options, first, inputs) {
    const [built, now]: readonly Shape[] = [first[0] ?? null, inputs[0] ?? null];
    if (built === null || built === undefined || now === null || now === undefined) return;
    if (built.length !== now.length)
      refuse('rank', `prelu was built for ${showShape(built)} but now gets ${showShape(now)}`, {
        original: `expected ndim=${built.length}, found ndim=${now.length}`,
      });
    if (options.has('sharedAxes') === true)
      for (let i = 1; i < built.length; i += 1) sameSize('prelu', first, inputs, i);
  },
});

export const activationLayers: readonly LayerSpec[] = [
  activation,
  reLU,
  unchanged({ type: 'leakyReLU', className: 'LeakyReLU', options: ['alpha'] }),
  unchanged({ type: 'thresholdedReLU', className: 'ThresholdedReLU', options: ['theta'] }),
  elu,
  softmax,
  prelu,
];
