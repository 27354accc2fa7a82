import { type Dim, same } from '../../../shapes/dim';
import { axisIndex, type Shape, showShape } from '../../../shapes/shape';
import type { LayerSpec } from '../../layerSpec';
import type { Options } from '../../options';
import { type Plain, UNKNOWN } from '../../plain';
import { refuse } from '../../refused';
import { maybeNumber, showPlain } from './checks';
import { sameSize } from './core';
import { knownNames } from './registry';
import { at, oneInput, row, weight } from './row';

const affine: readonly string[] = ['epsilon', 'center', 'scale'];
const affineNames: readonly string[] = ['betaInitializer', 'gammaInitializer', 'betaRegularizer', 'gammaRegularizer'];
const batchNames: readonly string[] = [
  ...affineNames,
  'movingMeanInitializer',
  'movingVarianceInitializer',
  'betaConstraint',
  'gammaConstraint',
];

/** The axes as written, negative ones too; undefined where not known. */
function writtenAxes(options: Options): readonly number[] | undefined {
  const value = options.get('axis');
  const list: readonly Plain[] = value === undefined || value === null ? [-1] : Array.isArray(value) ? value : [value];
  return list.every((v) => typeof v === 'number') ? (list as readonly number[]) : undefined;
}

/** tfjs has the op behind both norms for ranks 2, 3 and 4. */
function refuseRank(type: string, inputs: readonly Shape[]): void {
  const input = oneInput(type, inputs);
  if (input !== null && (input.length < 2 || input.length > 4))
    refuse('rank', `${type} runs on rank 2, 3 or 4 only but got ${showShape(input)}`, {
      when: 'run',
      original: `batchNormalization is not implemented for array of rank ${input.length} yet`,
    });
}

/** Without γ or β the gradient of tfjs's own op breaks. */
function refuseWithoutAffine(type: string, options: Options): void {
  const off = ['scale', 'center'].find((key) => options.boolean(key, true) === false);
  if (off !== undefined)
    refuse('option', `${type} with ${off}: false crashes in training`, {
      when: 'fit',
      argument: off,
      original: 'Cannot read properties of undefined',
    });
}

/** The parameters that are there, by the options scale and center; undefined where these are not known. */
function affineWeights(options: Options, shape: readonly Dim[]) {
  const scale = options.boolean('scale', true);
  const center = options.boolean('center', true);
  if (scale === undefined || center === undefined) return undefined;
  return [...(scale ? [weight(options, 'gamma', shape)] : []), ...(center ? [weight(options, 'beta', shape)] : [])];
}

/** The one axis that keeps its statistics apart, counted from 0; undefined where not known. */
function keptAxis(options: Options, input: Shape): number | undefined {
  const written = writtenAxes(options);
  if (written === undefined || input === null) return undefined;
  const [axis] = written;
  // A list of one works by JavaScript's own conversions, if it is not negative.
  const list = Array.isArray(options.get('axis'));
  const index =
    written.length !== 1 || axis === undefined || (list && axis < 0) ? undefined : axisIndex(axis, input.length);
  if (index === undefined)
    refuse('axis-range', `batchNormalization has no axis ${showPlain(options.get('axis'))} in ${showShape(input)}`, {
      argument: 'axis',
      original: 'of input tensor should have a defined dimension but the layer received an input with shape',
    });
  return index;
}

const batchNormalization = row({
  type: 'batchNormalization',
  className: 'BatchNormalization',
  options: ['axis', 'momentum', ...affine, ...batchNames],
  trainingMode: true,
  construct: (options) => knownNames('batchNormalization', options, batchNames),
  accept(options, inputs) {
    const input = oneInput('batchNormalization', inputs);
    const index = keptAxis(options, input);
    if (input !== null && index !== undefined && at(input, index).dim === null)
      refuse('undefined-dim', `batchNormalization needs a known size on axis ${index} but got ${showShape(input)}`, {
        argument: 'axis',
        original: `Axis ${index} of input tensor should have a defined dimension but the layer received an input with shape`,
      });
  },
  build(options, inputs) {
    const input = oneInput('batchNormalization', inputs);
    const index = keptAxis(options, input);
    const shape = [index === undefined || input === null ? '?' : at(input, index).dim];
    const moving = ['moving_mean', 'moving_variance'].map((name) => weight(options, name, shape, false));
    const parameters = affineWeights(options, shape);
    return parameters === undefined ? undefined : [...parameters, ...moving];
  },
  output: (_, inputs) => oneInput('batchNormalization', inputs),
  run: (_, inputs) => refuseRank('batchNormalization', inputs),
  train(options, inputs) {
    refuseRank('batchNormalization', inputs);
    refuseWithoutAffine('batchNormalization', options);
    const input = oneInput('batchNormalization', inputs);
    const index = keptAxis(options, input);
    // Where every other size is 1 the parameters have as many elements as the input, and the gradient goes through.
    const others = input?.some((a, i) => i !== index && same(a.dim, 1) === false) ?? false;
    if (input !== null && index !== undefined && index !== input.length - 1 && others)
      refuse('option', `batchNormalization of axis ${index} of ${showShape(input)}: tfjs trains the last axis only`, {
        when: 'fit',
        argument: 'axis',
        original: 'must match the product of shape',
      });
  },
  refit(options, first, inputs) {
    const [built, now] = [first[0] ?? null, inputs[0] ?? null];
    if (built === null || now === null) return;
    if (built.length !== now.length)
      refuse('rank', `batchNormalization was built for ${showShape(built)} but now gets ${showShape(now)}`, {
        original: `expected ndim=${built.length}, found ndim=${now.length}`,
      });
    const index = keptAxis(options, built);
    if (index !== undefined) sameSize('batchNormalization', first, inputs, index);
  },
});

/** The normalised axes, counted from 0; undefined where not known. */
function normalisedAxes(options: Options, input: Shape): readonly number[] | undefined {
  const written = writtenAxes(options);
  if (written === undefined) return undefined;
  const rank = input?.length;
  const indices = written.map((a) => (a < 0 && rank !== undefined ? a + rank : a));
  const outside = rank === undefined ? undefined : indices.find((a) => a < 0 || a >= rank);
  if (outside !== undefined)
    refuse('axis-range', `layerNormalization has no axis ${showPlain(options.get('axis'))} in ${showShape(input)}`, {
      argument: 'axis',
      original: `Invalid axis: ${outside}`,
    });
  if (new Set(indices).size !== indices.length)
    refuse('axis-range', `layerNormalization names an axis twice: ${showPlain(options.get('axis'))}`, {
      argument: 'axis',
      original: `Found duplicate axes in: ${indices.join(',')}`,
    });
  return rank === undefined ? undefined : indices;
}

const layerNormalization = row({
  type: 'layerNormalization',
  className: 'LayerNormalization',
  options: ['axis', ...affine, ...affineNames],
  construct(options) {
    knownNames('layerNormalization', options, affineNames);
    const value = options.get('axis');
    if (value === undefined || value === null || value === UNKNOWN) return;
    const list: readonly Plain[] = Array.isArray(value) ? value : [value];
    if (list.some((v) => !maybeNumber(v) && !Number.isInteger(v)))
      refuse('option', `layerNormalization: axis must be an integer or a list of them but is ${showPlain(value)}`, {
        when: 'construct',
        argument: 'axis',
        original: 'Expected axis to be an',
      });
  },
  accept: (options, inputs) => void normalisedAxes(options, oneInput('layerNormalization', inputs)),
  build(options, inputs) {
    const input = oneInput('layerNormalization', inputs);
    const axes = normalisedAxes(options, input);
    return affineWeights(options, input === null || axes === undefined ? ['?'] : axes.map((a) => at(input, a).dim));
  },
  output: (_, inputs) => oneInput('layerNormalization', inputs),
  run: (_, inputs) => refuseRank('layerNormalization', inputs),
  train(options, inputs) {
    refuseRank('layerNormalization', inputs);
    refuseWithoutAffine('layerNormalization', options);
    const input = oneInput('layerNormalization', inputs);
    const axes = normalisedAxes(options, input) ?? [];
    // Over all axes tfjs takes the parameters as they are, in the order of the axes.
    const turned = axes.some((a, i) => input !== null && same(at(input, a).dim, input[i]?.dim ?? '?') === false);
    if (axes.length === input?.length && turned)
      refuse('broadcast', `layerNormalization of all axes needs them in order but has ${showPlain(axes)}`, {
        when: 'fit',
        argument: 'axis',
      });
  },
  refit(options, first, inputs) {
    const axes = normalisedAxes(options, first[0] ?? null) ?? [];
    const [built, now] = [first[0], inputs[0]];
    // tfjs has no check of its own here: the parameters no longer fit when tensors flow.
    for (const index of axes) {
      const [a, b] = [built?.[index]?.dim, now?.[index]?.dim];
      if (a !== undefined && b !== undefined && same(a, b) === false)
        refuse(
          'inner-dims',
          `layerNormalization was built for ${showShape(built ?? null)} but now gets ${showShape(now ?? null)}`,
          {
            when: 'run',
          },
        );
    }
  },
});

export const normalization: readonly LayerSpec[] = [batchNormalization, layerNormalization];
