import { type Dim, mul, same } from '../../../shapes/dim';
import { type Axis, axis, inRole, resized, type Shape, showShape } from '../../../shapes/shape';
import type { WeightFact } from '../../../trace/facts';
import type { LayerSpec } from '../../layerSpec';
import type { Options } from '../../options';
import type { LayerResult } from '../../plain';
import { refuse } from '../../refused';
import { dataFormats, numberOrList, oneOf, paddings, positiveInteger, required } from './checks';
import { type Format, formatOf, imageShape, inFormat, needChannels } from './formats';
import { cellKeys, recurrentNames, sequenceKeys } from './recurrent';
import { knownNames } from './registry';
import { at, oneInput, ranked, row, weight } from './row';
import { acceptStateful, acceptStates, withStates } from './states';
import { refuseNegativeLength, sizeAt, windowedLength } from './window';

const keys: readonly string[] = ['filters', 'kernelSize', 'strides', 'padding', 'dataFormat', 'dilationRate'];
const names: readonly string[] = [...recurrentNames, 'recurrentActivation'];

function construct(type: string, options: Options): void {
  positiveInteger(type, options, 'filters');
  required(type, options, 'kernelSize', 'a number or a list of 2');
  for (const key of ['kernelSize', 'strides', 'dilationRate']) {
    numberOrList(type, options, key, 2);
    // tfjs takes 0 for absent in the last two.
    if (options.has(key) === true && (key === 'kernelSize' || options.number(key) !== 0))
      positiveInteger(type, options, key);
  }
  oneOf(type, options, 'padding', paddings, 'PaddingMode');
  oneOf(type, options, 'dataFormat', dataFormats, 'DataFormat');
  knownNames(type, options, names);
}

function cellWeights(options: Options, channels: Dim): readonly WeightFact[] | undefined {
  const filters = options.size('filters');
  const kernel = options.perDim('kernelSize', 2, '?');
  const bias = options.boolean('useBias', true);
  if (bias === undefined) return undefined;
  return [
    weight(options, 'kernel', [...kernel, channels, mul(filters, 4)]),
    weight(options, 'recurrent_kernel', [...kernel, filters, mul(filters, 4)]),
    ...(bias ? [weight(options, 'bias', [mul(filters, 4)])] : []),
  ];
}

const layout = '[batch, time, height, width, channels]';

interface Frames {
  readonly batch: Axis;
  readonly time: Axis;
  readonly space: readonly [Axis, Axis];
  readonly channels: Axis;
}

function framesOf(inputs: readonly Shape[], format: Format): Frames {
  const axes = ranked('convLstm2d', inputs.slice(0, 1), 5, layout);
  const first = format === 'channelsFirst' ? 3 : 2;
  return {
    batch: inRole(at(axes, 0), 'batch'),
    time: inRole(at(axes, 1), 'time'),
    space: [inRole(at(axes, first), 'height'), inRole(at(axes, first + 1), 'width')],
    channels: inRole(at(axes, format === 'channelsFirst' ? 2 : 4), 'channel'),
  };
}

/** One picture after the window has passed. */
function frameAfter(options: Options, inputs: readonly Shape[], format: Format): readonly Axis[] {
  const { batch, space } = framesOf(inputs, format);
  const kernel = options.perDim('kernelSize', 2, '?');
  const strides = options.perDim('strides', 2, 1);
  const dilation = options.perDim('dilationRate', 2, 1);
  const padding = options.string('padding', 'valid');
  const after = space.map((a, i) =>
    resized(a, windowedLength(a.dim, sizeAt(kernel, i), padding, sizeAt(strides, i), sizeAt(dilation, i))),
  );
  return imageShape({ batch, space: after, channels: axis(options.size('filters'), 'channel') }, format);
}

const convLstm2d = row({
  type: 'convLstm2d',
  className: 'ConvLSTM2D',
  needsOptions: true,
  options: [...keys, ...cellKeys, 'unitForgetBias', 'implementation', ...sequenceKeys, ...names],
  construct(options) {
    construct('convLstm2d', options);
    if (options.boolean('unroll', false) === true)
      refuse('option', 'convLstm2d cannot be unrolled', {
        when: 'construct',
        argument: 'unroll',
        original: 'Unrolling is not possible with convolutional RNNs.',
      });
  },
  accept(options, inputs) {
    inFormat(options, (format) => {
      const { channels } = framesOf(inputs, format);
      const original = 'The channel dimension of the input should be defined.';
      needChannels('convLstm2d', inputs[0] ?? null, channels, original);
      return null;
    });
    const axes = ranked('convLstm2d', inputs.slice(0, 1), 5, layout);
    const filters = options.size('filters');
    acceptStates('convLstm2d', [filters, filters], inputs);
    acceptStateful('convLstm2d', options, axes);
    if (options.boolean('stateful', false) === true && axes.slice(2).some((a) => a.dim === null))
      refuse('undefined-dim', `convLstm2d with stateful: true needs every size but got ${showShape(axes)}`, {
        argument: 'stateful',
      });
  },
  build(options, inputs) {
    const format = formatOf(options);
    return cellWeights(options, format === undefined ? '?' : framesOf(inputs, format).channels.dim);
  },
  output(options, inputs): LayerResult {
    const every = options.boolean('returnSequences', false);
    const frame = inFormat(options, (format) => frameAfter(options, inputs, format));
    if (frame === null) return withStates(options, null, [null, null]);
    const { time } = framesOf(inputs, 'channelsLast');
    const output = every === undefined ? null : every ? [at(frame, 0), time, ...frame.slice(1)] : frame;
    return withStates(options, output, [frame, frame]);
  },
  run(options, inputs) {
    const format = formatOf(options);
    const space = format && frameAfter(options, inputs, format).slice(1);
    const after = space?.map((a) => a.dim) ?? [];
    refuseNegativeLength('convLstm2d', inputs[0] ?? null, options.perDim('kernelSize', 2, '?'), after);
  },
  refit(_, [first = null], [now = null]) {
    // Built, it knows every size after the time.
    if (now?.slice(2).some((a, i) => same(a.dim, first?.[i + 2]?.dim ?? '?') === false))
      refuse('data-shape', `convLstm2d was built for ${showShape(first)} but now gets ${showShape(now)}`, {
        original: 'expected shape=',
      });
  },
});

const convLstm2dCell = row({
  type: 'convLstm2dCell',
  className: 'ConvLSTM2DCell',
  needsOptions: true,
  options: [...keys, ...cellKeys, 'unitForgetBias', 'implementation', ...names],
  construct: (options) => construct('convLstm2dCell', options),
  accept: (_, inputs) => void oneInput('convLstm2dCell', inputs),
  build(options, inputs) {
    const format = formatOf(options);
    const input = oneInput('convLstm2dCell', inputs);
    if (format === undefined || input === null) return undefined;
    return cellWeights(options, (format === 'channelsFirst' ? input[1] : input.at(-1))?.dim ?? null);
  },
  output: (_, inputs) => oneInput('convLstm2dCell', inputs),
  run: () =>
    refuse('argument-count', 'convLstm2dCell runs inside a recurrent layer only', {
      when: 'run',
      original: 'ConvLSTM2DCell expects 3 input Tensors (inputs, h, c), got undefined.',
    }),
});

export const convolutionalRecurrent: readonly LayerSpec[] = [convLstm2d, convLstm2dCell];
