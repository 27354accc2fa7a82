import type { Dim } from '../../../shapes/dim';
import { axisIndex, type Shape, showShape } from '../../../shapes/shape';
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
    const [axis] = list;
    const input = inputs[0] ?? null;
    if (typeof axis !== 'number' || input === null) return;
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
    if (axis !== -1 && axis !== input.length - 1)
      refuse('axis-range', `softmax runs over the last axis only but axis is ${axis} in ${showShape(input)}`, {
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
    const sizes: Dim[] = input.slice(1).map((a, i) => (shared.includes(i + 1) ? 1 : a.dim));
    // tfjs appends the axis that follows the last.
    if (shared.includes(input.length)) sizes.push(1);
    return [weight(options, 'alpha', sizes)];
  },
  output: (_, inputs) => oneInput('prelu', inputs),
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
