import type { Draws } from './compare';
import { Inner, type InputShape } from './oracle';
import type { Random } from './random';
import { describeRows } from './rows';
import { activation, dataFormat, initializer, numberOrList, ofRank, openSize, padding, picture } from './shapes';

const sequence = (r: Random): Record<string, unknown> =>
  r.some({
    returnSequences: () => r.chance(0.6),
    returnState: () => r.chance(0.4),
    goBackwards: () => r.chance(0.5),
    stateful: () => r.chance(0.15),
    trainable: () => r.chance(0.5),
  });

const units = (r: Random): Record<string, unknown> => ({
  units: r.mostly(r.int(1, 4), [0, -1, 2.5, undefined, '3'], 0.05),
  ...r.some(
    {
      useBias: () => r.chance(0.5),
      activation: () => activation(r),
      recurrentInitializer: () => initializer(r),
    },
    0.2,
  ),
});

const steps = (r: Random, wrong = 0.06): InputShape => ofRank(r, 3, 4, wrong);

/** The input, now and then followed by the states that a cell starts from. */
const withStates = (r: Random, count: number, size: unknown): InputShape[] => {
  const input = steps(r);
  if (!r.chance(0.15) || typeof size !== 'number') return [input];
  const states = r.chance(0.15) ? count + 1 : count;
  return [input, ...Array.from({ length: states }, () => [input[0] ?? null, r.chance(0.15) ? size + 1 : size])];
};

const recurrent =
  (states: number): Draws =>
  (r) => {
    const options = { ...units(r), ...sequence(r) };
    return { options, inputs: withStates(r, states, options.units) };
  };

const cell: Draws = (r) => ({ options: units(r), inputs: [ofRank(r, 2, 4, 0.2)] });

const cells = ['simpleRNNCell', 'gruCell', 'lstmCell'] as const;

const goodUnits = (r: Random): Record<string, unknown> => ({
  units: r.int(1, 4),
  ...r.some({ useBias: () => r.chance(0.5), trainable: () => r.chance(0.5) }, 0.2),
});

const someCell = (r: Random): Inner => new Inner(r.pick(cells), goodUnits(r));

const cellList = (r: Random): Inner[] => Array.from({ length: r.int(1, 3) }, () => someCell(r));

const oneOrMany = (r: Random): unknown =>
  r.pick([() => someCell(r), () => cellList(r), () => new Inner('stackedRNNCells', { cells: cellList(r) })])();

const frames = (r: Random): InputShape => ofRank(r, 5, 4, 0.05);

const lstmWindow = (r: Random): Record<string, unknown> => ({
  filters: r.mostly(r.int(1, 3), [0, undefined, 1.5], 0.06),
  kernelSize: r.mostly(numberOrList(r, 2, 1, 3), [undefined, 0], 0.04),
  ...r.some(
    {
      strides: () => numberOrList(r, 2, 1, 2),
      padding: () => r.pick(['same', 'valid']),
      dataFormat: () => dataFormat(r),
      useBias: () => r.chance(0.5),
      activation: () => activation(r),
    },
    0.3,
  ),
});

/** What wrappers wrap, with an input for it. */
const insides: readonly ((r: Random) => { layer: Inner; input: InputShape })[] = [
  (r) => ({ layer: new Inner('dense', goodUnits(r)), input: ofRank(r, r.int(2, 3), 4, 0) }),
  (r) => ({
    layer: new Inner('conv1d', {
      filters: r.int(1, 3),
      kernelSize: r.int(1, 3),
      padding: padding(r) === 'same' ? 'same' : 'valid',
    }),
    input: picture(r, 1, 6),
  }),
  (r) => ({ layer: new Inner('conv2d', { filters: r.int(1, 3), kernelSize: r.int(1, 3) }), input: picture(r, 2, 6) }),
  (r) => ({ layer: new Inner('flatten', {}), input: ofRank(r, r.int(2, 4), 4, 0) }),
  (r) => ({
    layer: new Inner('batchNormalization', r.some({ axis: () => r.pick([1, -1, 2]) })),
    input: ofRank(r, r.int(2, 4), 4, 0),
  }),
  (r) => ({
    layer: new Inner('lstm', { ...goodUnits(r), ...r.some({ returnSequences: () => true }) }),
    input: steps(r, 0),
  }),
  (r) => ({ layer: new Inner('maxPooling2d', {}), input: picture(r, 2, 6) }),
  (r) => ({ layer: new Inner('dropout', { rate: 0.5 }), input: ofRank(r, r.int(2, 4), 4, 0) }),
  (r) => ({ layer: new Inner('globalAveragePooling2d', {}), input: picture(r, 2, 6) }),
];

describeRows('recurrent layers', {
  simpleRNN: recurrent(1),
  gru: (r) => {
    const draw = recurrent(1)(r);
    return { ...draw, options: { ...draw.options, ...r.some({ resetAfter: () => r.chance(0.3) }, 0.1) } };
  },
  lstm: recurrent(2),
  simpleRNNCell: cell,
  gruCell: cell,
  lstmCell: cell,
  stackedRNNCells: (r) => ({ options: { cells: cellList(r) }, inputs: [ofRank(r, 2, 4, 0)] }),
  rnn: (r) => ({
    options: {
      cell: r.mostly(oneOrMany(r), [undefined, null, new Inner('dense', { units: 2 })], 0.05),
      ...sequence(r),
    },
    inputs: [steps(r)],
  }),
  convLstm2d: (r) => ({
    options: {
      ...lstmWindow(r),
      ...r.some({
        returnSequences: () => r.chance(0.6),
        returnState: () => r.chance(0.4),
        unroll: () => r.chance(0.1),
        stateful: () => r.chance(0.1),
        trainable: () => r.chance(0.5),
      }),
    },
    inputs: [frames(r)],
  }),
  convLstm2dCell: (r) => ({ options: lstmWindow(r), inputs: [ofRank(r, 4, 4, 0)] }),
  timeDistributed: (r) => {
    const { layer, input } = r.pick(insides)(r);
    const time = openSize(r, 1, 3);
    const whole = r.chance(0.05) ? input.slice(0, 2) : [input[0] ?? null, time, ...input.slice(1)];
    return { options: { layer }, inputs: [whole] };
  },
  bidirectional: (r) => {
    const type = r.pick(['simpleRNN', 'gru', 'lstm', 'lstm', r.chance(0.3) ? 'rnn' : 'gru'] as const);
    const options = type === 'rnn' ? { cell: oneOrMany(r) } : goodUnits(r);
    const states = type === 'lstm' ? 4 : 2;
    const size = (options as { units?: number }).units;
    const input = steps(r);
    const given =
      size !== undefined && r.chance(0.1)
        ? Array.from({ length: r.chance(0.2) ? states - 1 : states }, () => [input[0] ?? null, size])
        : [];
    return {
      options: {
        layer: new Inner(type, { ...options, ...sequence(r) }),
        ...r.some(
          {
            mergeMode: () => r.mostly<unknown>(r.pick(['concat', 'sum', 'mul', 'ave', null]), ['add', 'average'], 0.1),
          },
          0.7,
        ),
        ...r.some({ trainable: () => r.chance(0.5) }, 0.1),
      },
      inputs: [input, ...given],
    };
  },
});
