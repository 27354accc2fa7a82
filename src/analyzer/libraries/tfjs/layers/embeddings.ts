import { type Dim, same, showDim } from '../../../shapes/dim';
import { axis, inRole, type Shape, showShape } from '../../../shapes/shape';
import type { LayerSpec } from '../../layerSpec';
import type { Options } from '../../options';
import { UNKNOWN } from '../../plain';
import { refuse } from '../../refused';
import { positiveInteger } from './checks';
import { knownNames } from './registry';
import { oneInput, row, weight } from './row';

const names: readonly string[] = [
  'embeddingsInitializer',
  'embeddingsRegularizer',
  'embeddingsConstraint',
  'activityRegularizer',
];

/** The lengths that the input must have; null where there is no such option, undefined where it is not known. */
function inputLengths(options: Options): readonly Dim[] | null | undefined {
  const value = options.get('inputLength');
  if (value === UNKNOWN) return undefined;
  if (value === undefined || value === null) return null;
  return options.sizes('inputLength') ?? [options.size('inputLength')];
}

function refuseLength(lengths: readonly Dim[], input: Shape): never {
  refuse(
    'data-shape',
    `embedding: inputLength is ${lengths.map(showDim).join(',')} but the input is ${showShape(input)}`,
    {
      argument: 'inputLength',
      original: `"inputLength" is ${lengths.map(showDim).join(',')}, but received input shape has shape`,
    },
  );
}

const embedding = row({
  type: 'embedding',
  className: 'Embedding',
  needsOptions: true,
  options: ['inputDim', 'outputDim', 'inputLength', 'maskZero', ...names],
  construct(options) {
    positiveInteger('embedding', options, 'inputDim');
    positiveInteger('embedding', options, 'outputDim');
    knownNames('embedding', options, names);
  },
  accept: (_, inputs) => void oneInput('embedding', inputs),
  build: (options) => [weight(options, 'embeddings', [options.size('inputDim'), options.size('outputDim')])],
  output(options, inputs) {
    const input = oneInput('embedding', inputs);
    const lengths = inputLengths(options);
    const features = axis(options.size('outputDim'), 'channel');
    if (input === null)
      return lengths == null ? null : [axis('?', 'batch'), ...lengths.map((d) => axis(d ?? '?')), features];
    const rest = input.slice(1);
    const roled = rest.length === 1 ? rest.map((a) => inRole(a, 'time')) : rest;
    if (lengths == null) return [...input.slice(0, 1), ...roled, features];
    if (lengths.length !== rest.length) refuseLength(lengths, input);
    const met = roled.map((a, i) => {
      const wanted = lengths[i] ?? null;
      if (wanted === null) return a;
      if (a.dim !== null && same(a.dim, wanted) === false) refuseLength(lengths, input);
      return same(a.dim, wanted) === true ? a : axis(wanted, a.role);
    });
    return [...input.slice(0, 1), ...met, features];
  },
});

export const embeddings: readonly LayerSpec[] = [embedding];
