import { type Dim, div, divides, floorDiv, isDefinite, isPoly, same, showDim, total } from '../../../shapes/dim';
import { type Axis, axis, inRole, type Shape, shape, showShape } from '../../../shapes/shape';
import type { LayerSpec } from '../../layerSpec';
import type { Options } from '../../options';
import { type Plain, UNKNOWN } from '../../plain';
import { refuse } from '../../refused';
import { positiveInteger, required, showPlain } from './checks';
import { knownNames } from './registry';
import { at, atLeastRanked, oneInput, ranked, row, weight } from './row';

const denseNames: readonly string[] = [
  'activation',
  'kernelInitializer',
  'biasInitializer',
  'kernelConstraint',
  'biasConstraint',
  'kernelRegularizer',
  'biasRegularizer',
  'activityRegularizer',
];

const dense = row({
  type: 'dense',
  className: 'Dense',
  needsOptions: true,
  options: ['units', 'useBias', 'inputDim', ...denseNames],
  construct(options) {
    positiveInteger('dense', options, 'units');
    knownNames('dense', options, denseNames);
  },
  accept: (_, inputs) => void denseInput(inputs),
  build(options, inputs) {
    const input = denseInput(inputs);
    const units = options.size('units');
    const features = input === null ? '?' : at(input, -1).dim;
    const bias = options.boolean('useBias', true);
    if (bias === undefined) return undefined;
    const kernel = weight(options, 'kernel', [features, units]);
    return bias ? [kernel, weight(options, 'bias', [units])] : [kernel];
  },
  output(options, inputs) {
    const input = denseInput(inputs);
    return input === null ? null : [...input.slice(0, -1), axis(options.size('units'), 'channel')];
  },
  refit: (_, first, inputs) => sameSize('dense', first, inputs, -1),
});

const denseInput = (inputs: readonly Shape[]): Shape => atLeastRanked('dense', inputs, 2, '[batch, …, features]');

/** Refuses a later input whose size at `index` differs from what the layer was built for. */
export function sameSize(
  type: string,
  first: readonly Shape[],
  inputs: readonly Shape[],
  index: number,
  when: 'call' | 'run' = 'call',
): void {
  const built = first[0]?.at(index)?.dim;
  const now = inputs[0]?.at(index)?.dim;
  if (built === undefined || now === undefined || same(built, now) !== false) return;
  refuse(
    'inner-dims',
    `${type} was built for ${showDim(built)} features but now gets ${showShape(inputs[0] ?? null)}`,
    {
      when,
      original: `expected axis ${index} of input shape to have value ${showDim(built)} but got shape`,
    },
  );
}

const flatten = row({
  type: 'flatten',
  className: 'Flatten',
  options: ['dataFormat'],
  output(_, inputs) {
    const input = flattenInput(inputs);
    if (input?.slice(1).some((a) => a.dim === null))
      refuse('undefined-dim', `flatten needs every size but the batch's but got ${showShape(input)}`, {
        original: 'The shape of the input to "Flatten" is not fully defined',
      });
    if (input === null) return shape(['?', '?'], ['batch', 'channel']);
    const rest = input.slice(1);
    const wide = rest.filter((a) => a.dim !== 1);
    const [only] = wide;
    // With one axis wider than 1, that axis is what is left.
    const features =
      only !== undefined && wide.length === 1 && isDefinite(only.dim)
        ? inRole(only, 'channel')
        : axis(total(rest.map((a) => a.dim)), 'channel');
    return [at(input, 0), features];
  },
});

const flattenInput = (inputs: readonly Shape[]): Shape => atLeastRanked('flatten', inputs, 3, '[batch, height, …]');

const repeatVector = row({
  type: 'repeatVector',
  className: 'RepeatVector',
  needsOptions: true,
  options: ['n'],
  accept: (_, inputs) => void ranked('repeatVector', inputs, 2, '[batch, features]'),
  output(options, inputs) {
    const [batch, features] = ranked('repeatVector', inputs, 2, '[batch, features]');
    return [batch as Axis, axis(options.size('n'), 'time'), inRole(features as Axis, 'channel')];
  },
});

/** targetShape as tfjs keeps it: null for a negative or absent size, '?' where not known; undefined for an unknown rank. */
function targetShape(options: Options): readonly Dim[] | undefined {
  return options.sizes('targetShape')?.map((d) => (typeof d === 'number' && d < 0 ? null : d));
}

const reshape = row({
  type: 'reshape',
  className: 'Reshape',
  needsOptions: true,
  options: ['targetShape'],
  construct: (options) => required('reshape', options, 'targetShape', 'a list of sizes'),
  output(options, inputs) {
    const input = oneInput('reshape', inputs);
    const target = targetShape(options);
    if (target === undefined) return null;
    const batch = input === null ? axis('?', 'batch') : input[0];
    // tfjs checks sizes only where it knows them all, the batch too.
    if (batch === undefined) return null;
    if (input?.some((a) => isOpen(a.dim))) return [batch, ...matched(input, target)];
    if (input?.every((a) => isDefinite(a.dim))) return [batch, ...matched(input, filled(input, target))];
    return [
      batch,
      ...matched(
        input ?? [],
        target.map((d) => d ?? '?'),
      ),
    ];
  },
  run(options, inputs) {
    const input = oneInput('reshape', inputs);
    const target = targetShape(options);
    if (input === null || target === undefined || input.length === 0) return;
    filled(input, target);
  },
});

const isOpen = (dim: Dim): boolean => dim === null || (typeof dim === 'number' && dim < 0);

/** The target with its one open size worked out; refuses what cannot hold the input's elements. */
function filled(input: readonly Axis[], target: readonly Dim[]): readonly Dim[] {
  const size = total(input.slice(1).map((a) => (isOpen(a.dim) ? '?' : a.dim)));
  const open = target.filter((d) => d === null).length;
  const shown = `[${target.map((d) => (d === null ? '-1' : showDim(d))).join(',')}]`;
  if (open > 1)
    refuse('reshape-size', `reshape can work out one size of ${shown}, not ${open}`, {
      original: 'Can only specifiy one unknown dimension.',
    });
  const known = total(target.filter((d) => d !== null));
  const fits = open === 1 ? divisible(size, known) : same(size, known);
  if (fits === false)
    refuse('reshape-size', `reshape of ${showShape(input)} to ${shown}: ${showDim(size)} elements do not fit`, {
      original: 'Total size of new array must be unchanged.',
      argument: 'targetShape',
    });
  return target.map((d) => (d === null ? quotient(size, known) : d));
}

function divisible(size: Dim, by: Dim): boolean | undefined {
  if (by === 0) return false;
  return typeof by === 'number' ? divides(by, size) : same(size, 0) === true ? true : undefined;
}

function quotient(size: Dim, by: Dim): Dim {
  const exact = div(size, by);
  // The division comes out even, or tfjs would have refused it.
  return isPoly(exact) || typeof exact === 'number' ? exact : floorDiv(size, by);
}

/** The new axes; where sizes agree from the left or from the right, the axes are the same ones. */
function matched(input: readonly Axis[], target: readonly Dim[]): readonly Axis[] {
  const from = input.slice(1);
  const out: (Axis | undefined)[] = target.map(() => undefined);
  let left = 0;
  while (left < Math.min(from.length, target.length) && agrees(from[left], target[left])) {
    out[left] = from[left];
    left += 1;
  }
  for (let right = 1; right <= Math.min(from.length, target.length) - left; right += 1) {
    if (!agrees(from.at(-right), target.at(-right))) break;
    out[target.length - right] = from.at(-right);
  }
  return target.map((dim, i) => out[i] ?? axis(dim));
}

const agrees = (a: Axis | undefined, dim: Dim | undefined): boolean =>
  a !== undefined && dim !== undefined && same(a.dim, dim) === true;

/** The permutation, counted from 1; undefined where not known. */
function permutation(options: Options): readonly number[] | undefined {
  const value = options.get('dims');
  const list = Array.isArray(value) ? (value as readonly Plain[]) : [];
  return Array.isArray(value) && list.every((v) => typeof v === 'number') ? (list as readonly number[]) : undefined;
}

const permute = row({
  type: 'permute',
  className: 'Permute',
  needsOptions: true,
  options: ['dims'],
  construct(options) {
    const value = options.get('dims');
    if (value === UNKNOWN) return;
    required('permute', options, 'dims', 'a list of axes, counted from 1');
    const dims = permutation(options);
    if (dims === undefined && Array.isArray(value)) return;
    // tfjs sorts as text, so that ten axes or more are never accepted.
    const sorted = [...(dims ?? [])].map(String).sort();
    if (dims === undefined || sorted.some((d, i) => d !== String(i + 1)))
      refuse('option', `permute: dims must hold each of 1…n once but is ${showPlain(value)}`, {
        when: 'construct',
        argument: 'dims',
        original: 'Invalid permutation `dims`:',
      });
  },
  accept(options, inputs) {
    const dims = options.get('dims');
    const rank = Array.isArray(dims) ? dims.length + 1 : undefined;
    if (rank !== undefined) ranked('permute', inputs, rank, 'by its dims');
    else oneInput('permute', inputs);
  },
  output(options, inputs) {
    const input = oneInput('permute', inputs);
    const dims = permutation(options);
    if (dims === undefined) return input === null ? null : input.map((a, i) => (i === 0 ? a : axis('?')));
    const from = ranked('permute', inputs, dims.length + 1, 'by its dims');
    return [at(from, 0), ...dims.map((d) => at(from, d))];
  },
});

export const core: readonly LayerSpec[] = [dense, flatten, repeatVector, reshape, permute];
