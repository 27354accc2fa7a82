import { type Dim, same } from '../../../shapes/dim';
import { type Axis, axis, inRole, type Shape } from '../../../shapes/shape';
import type { LayerSpec } from '../../layerSpec';
import type { Options } from '../../options';
import { isLayer, isUnknown } from '../../plain';
import { refuse } from '../../refused';
import { positiveInteger, required } from './checks';
import { sameSize } from './core';
import { knownNames } from './registry';
import { at, oneInput, ranked, row } from './row';
import {
  acceptStateful,
  acceptStates,
  type CellKind,
  cellKinds,
  cellsOf,
  cellWeights,
  stackedStates,
  stackedWeights,
  stepOf,
  withStates,
} from './states';

export const recurrentNames: readonly string[] = [
  'activation',
  'kernelInitializer',
  'recurrentInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'recurrentRegularizer',
  'biasRegularizer',
  'kernelConstraint',
  'recurrentConstraint',
  'biasConstraint',
];
const gateNames: readonly string[] = [...recurrentNames, 'recurrentActivation'];
export const cellKeys: readonly string[] = ['useBias', 'dropout', 'recurrentDropout', 'dropoutFunc'];
export const sequenceKeys: readonly string[] = ['returnSequences', 'returnState', 'goBackwards', 'stateful', 'unroll'];

interface Family {
  readonly type: string;
  readonly className: string;
  readonly names: readonly string[];
  readonly keys: readonly string[];
}

const families: readonly Family[] = [
  { type: 'simpleRNN', className: 'SimpleRNN', names: recurrentNames, keys: [] },
  { type: 'gru', className: 'GRU', names: gateNames, keys: ['implementation', 'resetAfter'] },
  { type: 'lstm', className: 'LSTM', names: gateNames, keys: ['implementation', 'unitForgetBias'] },
];

const layout = '[batch, time, features]';

function sequence(type: string, inputs: readonly Shape[]): readonly Axis[] {
  const [batch, time, features] = ranked(type, inputs.slice(0, 1), 3, layout) as readonly [Axis, Axis, Axis];
  return [inRole(batch, 'batch'), inRole(time, 'time'), inRole(features, 'channel')];
}

function construct({ names }: Family, type: string, options: Options): void {
  positiveInteger(type, options, 'units');
  knownNames(type, options, names);
  if (type.startsWith('gru') && options.boolean('resetAfter') === true)
    refuse('option', `${type}: tfjs has no resetAfter`, {
      when: 'construct',
      argument: 'resetAfter',
      original: 'GRUCell does not support reset_after parameter set to true.',
    });
}

/** A layer that was first called with states forgets what it was built for; its kernel does not. */
const sameFeatures = (type: string, first: readonly Shape[], inputs: readonly Shape[]): void =>
  sameSize(type, first, inputs, 2, first.length > 1 ? 'run' : 'call');

/** The outputs of a layer whose first state is its output. */
function outputs(options: Options, inputs: readonly Shape[], sizes: readonly Dim[] | undefined) {
  const [first, time] = sequence('recurrent layer', inputs) as readonly [Axis, Axis];
  // States of another batch size may stretch the output's.
  const odd = inputs.slice(1).some((s) => s?.[0] !== undefined && same(s[0].dim, first.dim) === false);
  const batch = odd ? axis('?', 'batch') : first;
  const features = axis(sizes?.[0] ?? '?', 'channel');
  const every = options.boolean('returnSequences', false);
  const output = every === undefined ? null : every ? [batch, time, features] : [batch, features];
  return withStates(
    options,
    output,
    sizes?.map((d) => [batch, axis(d, 'channel')]),
  );
}

const layer = (family: Family, kind: CellKind): LayerSpec => {
  const { type } = family;
  const sizesOf = (options: Options): readonly Dim[] => new Array<Dim>(kind.states).fill(options.size('units'));
  return row({
    type,
    className: family.className,
    needsOptions: true,
    options: ['units', ...cellKeys, ...sequenceKeys, ...family.keys, ...family.names],
    construct: (options) => construct(family, type, options),
    accept(options, inputs) {
      const input = sequence(type, inputs);
      acceptStates(type, sizesOf(options), inputs);
      acceptStateful(type, options, input);
    },
    build: (options, inputs) => cellWeights(options, kind, at(sequence(type, inputs), -1).dim),
    output: (options, inputs) => outputs(options, inputs, sizesOf(options)),
    refit: (_, first, inputs) => sameFeatures(type, first, inputs),
  });
};

/** Cells are made for `rnn`: called on their own, they ask for a list that tfjs's `build` then refuses. */
const cell = (family: Family, kind: CellKind): LayerSpec => {
  const type = `${family.type}Cell`;
  return row({
    type,
    className: `${family.className}Cell`,
    needsOptions: true,
    options: ['units', ...cellKeys, ...family.keys, ...family.names],
    construct: (options) => construct(family, type, options),
    accept: (_, inputs) => void oneInput(type, inputs),
    build: (options, inputs) => cellWeights(options, kind, inputs[0]?.at(-1)?.dim ?? (inputs[0] == null ? '?' : null)),
    output: (_, inputs) => oneInput(type, inputs),
    run: () => refuseCell(type, `${family.className}Cell expects ${kind.states + 1} input Tensors`),
  });
};

function refuseCell(type: string, original: string): never {
  refuse('argument-count', `${type} runs inside tf.layers.rnn only`, { when: 'run', original });
}

const stackedRNNCells = row({
  type: 'stackedRNNCells',
  className: 'StackedRNNCells',
  needsOptions: true,
  options: ['cells'],
  build: (options, inputs) => stackedWeights(cellsOf(options.get('cells')), inputs[0] ?? null),
  output: (_, inputs) => inputs[0] ?? null,
  run: () => refuseCell('stackedRNNCells', 'splice is not a function'),
});

const rnn = row({
  type: 'rnn',
  className: 'RNN',
  needsOptions: true,
  options: ['cell', ...sequenceKeys],
  construct(options) {
    required('rnn', options, 'cell', 'a cell or a list of cells');
    const value = options.get('cell');
    const odd = isLayer(value) && value.layer.type !== 'custom' && !/Cells?$/.test(value.layer.type);
    if (odd || (!isUnknown(value) && ['string', 'number', 'boolean'].includes(typeof value)))
      refuse('option', 'rnn: cell must be a cell, as tf.layers.lstmCell makes one', {
        when: 'construct',
        argument: 'cell',
        original: 'The RNN cell should have an attribute `stateSize`',
      });
  },
  accept(options, inputs) {
    const input = sequence('rnn', inputs);
    acceptStates('rnn', stackedStates(cellsOf(options.get('cell'))), inputs);
    acceptStateful('rnn', options, input);
  },
  build(options, inputs) {
    const weights = stackedWeights(cellsOf(options.get('cell')), stepOf(sequence('rnn', inputs)));
    const frozen = options.boolean('trainable', true) === false;
    return frozen ? weights?.map((w) => ({ ...w, trainable: false })) : weights;
  },
  output: (options, inputs) => outputs(options, inputs, stackedStates(cellsOf(options.get('cell')))),
  refit: (_, first, inputs) => sameFeatures('rnn', first, inputs),
});

const kindOf = ({ type }: Family): CellKind => {
  const kind = Object.hasOwn(cellKinds, type) ? cellKinds[type] : undefined;
  if (kind === undefined) throw new RangeError(`no cell ${type}`);
  return kind;
};

export const recurrent: readonly LayerSpec[] = [
  ...families.map((f) => layer(f, kindOf(f))),
  ...families.map((f) => cell(f, kindOf(f))),
  stackedRNNCells,
  rnn,
];
