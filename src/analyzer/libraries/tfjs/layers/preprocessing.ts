import type { Dim } from '../../../shapes/dim';
import { type Axis, axis, type Role, resized, type Shape, showShape } from '../../../shapes/shape';
import type { LayerSpec } from '../../layerSpec';
import type { Options } from '../../options';
import { type Plain, UNKNOWN } from '../../plain';
import { refuse } from '../../refused';
import { oneOf, showPlain } from './checks';
import { unchanged } from './identity';
import { at, oneInput, row } from './row';

/** The last three axes of a picture or a batch of them, at new sizes. */
function picture(input: readonly Axis[], height: Dim, width: Dim): readonly Axis[] {
  const to = (index: number, dim: Dim, role: Role): Axis => {
    const from = resized(at(input, index), dim);
    return from.role === undefined ? axis(dim, role) : from;
  };
  return [...input.slice(0, -3), to(-3, height, 'height'), to(-2, width, 'width'), at(input, -1)];
}

/** The image ops take one picture or a batch of them. */
function refuseNoPicture(type: string, inputs: readonly Shape[]): void {
  const input = oneInput(type, inputs);
  if (input !== null && input.length !== 3 && input.length !== 4)
    refuse('rank', `${type} needs pictures [batch, height, width, channels] but got ${showShape(input)}`, {
      when: 'run',
    });
}

const rescaling = unchanged({
  type: 'rescaling',
  className: 'Rescaling',
  options: ['scale', 'offset'],
  needsOptions: true,
  run(options) {
    if (options.has('scale') === false)
      refuse('option', 'rescaling: scale is missing', { when: 'run', argument: 'scale' });
  },
});

const resizing = row({
  type: 'resizing',
  className: 'Resizing',
  needsOptions: true,
  options: ['height', 'width', 'interpolation', 'cropToAspectRatio'],
  construct: (options) =>
    options.get('interpolation') === ''
      ? undefined
      : oneOf('resizing', options, 'interpolation', ['bilinear', 'nearest'], '', 'Invalid interpolation parameter:'),
  accept: (_, inputs) => void oneInput('resizing', inputs),
  output(options, inputs, symbolic) {
    const input = oneInput('resizing', inputs);
    const [height, width] = [options.size('height'), options.size('width')];
    // tfjs's symbolic shape forgets the batch: it is [height, width, third size] whatever the rank.
    if (symbolic)
      return [axis(height, 'height'), axis(width, 'width'), axis(input === null ? '?' : (input[2]?.dim ?? null))];
    return input === null || input.length < 3 ? null : picture(input, height, width);
  },
  run(options, inputs) {
    refuseNoPicture('resizing', inputs);
    const lost = ['height', 'width'].find((key) => options.has(key) === false);
    // A batch goes through, with NaN for its size.
    if (lost !== undefined && inputs[0]?.length === 3)
      refuse('option', `resizing: ${lost} is missing`, { when: 'run', argument: lost, original: 'has NaN elements' });
  },
});

const centerCrop = row({
  type: 'centerCrop',
  className: 'CenterCrop',
  needsOptions: true,
  options: ['height', 'width'],
  accept: (_, inputs) => void oneInput('centerCrop', inputs),
  output(options, inputs) {
    const input = oneInput('centerCrop', inputs);
    return input === null || input.length < 3 ? null : picture(input, options.size('height'), options.size('width'));
  },
  run: (_, inputs) => refuseNoPicture('centerCrop', inputs),
});

const numbers = (value: Plain): readonly number[] | undefined => {
  const list: readonly Plain[] = Array.isArray(value) ? value : [value];
  return list.every((v) => typeof v === 'number') ? (list as readonly number[]) : undefined;
};

function constructRandomWidth(options: Options): void {
  oneOf('randomWidth', options, 'interpolation', ['bilinear', 'nearest', ''], '', 'Invalid interpolation parameter:');
  const value = options.get('factor');
  if (value === UNKNOWN) return;
  const refused = (original: string): never =>
    refuse('option', `randomWidth: factor must be positive or [lower, upper] above -1 but is ${showPlain(value)}`, {
      when: 'construct',
      argument: 'factor',
      original,
    });
  const given = value === undefined || value === null ? [] : numbers(value);
  if (given === undefined) return;
  const [lower, upper] = Array.isArray(value) ? given : given.flatMap((f) => (f > 0 ? [-f, f] : []));
  if (lower === undefined || upper === undefined || given.length > 2) refused('Invalid factor:');
  else if (lower < -1 || upper < -1) refused('factor must have values larger than -1.');
  else if (upper < lower) refused('factor cannot have upper bound less than lower bound.');
}

const randomWidth = row({
  type: 'randomWidth',
  className: 'RandomWidth',
  needsOptions: true,
  options: ['factor', 'interpolation', 'seed'],
  construct: constructRandomWidth,
  accept: (_, inputs) => void oneInput('randomWidth', inputs),
  output(_, inputs, symbolic) {
    const input = oneInput('randomWidth', inputs);
    // tfjs's symbolic shape is [undefined, -1, third size] whatever the rank.
    if (symbolic) return [axis(null), axis(-1), axis(input === null ? '?' : (input[2]?.dim ?? null))];
    return input === null || input.length < 3 ? null : picture(input, at(input, -3).dim, '?');
  },
  run: (_, inputs) => refuseNoPicture('randomWidth', inputs),
});

const categoryEncoding = row({
  type: 'categoryEncoding',
  className: 'CategoryEncoding',
  needsOptions: true,
  options: ['numTokens', 'outputMode'],
  accept: (_, inputs) => void oneInput('categoryEncoding', inputs),
  output(options, inputs, symbolic) {
    const input = oneInput('categoryEncoding', inputs);
    const mode = options.string('outputMode', 'multiHot');
    if (input === null || mode === undefined) return null;
    if (mode === 'int' && !symbolic) return input;
    const tokens = axis(options.size('numTokens'), 'channel');
    const last = input.at(-1)?.dim;
    if (mode !== 'oneHot') return [...input.slice(0, -1), tokens];
    if (last !== null && typeof last !== 'number') return null;
    return last === 1 ? [...input.slice(0, -1), tokens] : [...input, tokens];
  },
  run(options, inputs) {
    const input = oneInput('categoryEncoding', inputs);
    const mode = options.string('outputMode', 'multiHot');
    if (input === null || mode === undefined || mode === 'int') return;
    const last = input.at(-1)?.dim;
    const grown = mode === 'oneHot' && typeof last === 'number' && last !== 1 ? 1 : 0;
    if (input.length + grown > 2)
      refuse('rank', `categoryEncoding ("${mode}") gives rank 2 at most but got ${showShape(input)}`, {
        when: 'run',
        original: 'When outputMode is not int, maximum output rank is 2',
      });
    if (mode === 'tfIdf')
      refuse('option', 'categoryEncoding: outputMode "tfIdf" needs weights, which no layer call can pass', {
        when: 'run',
        argument: 'outputMode',
        original: `When outputMode is 'tfIdf', weights must be provided.`,
      });
  },
});

export const preprocessing: readonly LayerSpec[] = [rescaling, resizing, centerCrop, randomWidth, categoryEncoding];
