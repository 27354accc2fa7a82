import { type Dim, mul } from '../../../shapes/dim';
import { type Axis, axis, type Shape, showShape } from '../../../shapes/shape';
import type { WeightFact } from '../../../trace/facts';
import { Options } from '../../options';
import { isLayer, type LayerLike, type LayerResult, type Plain } from '../../plain';
import { refuse } from '../../refused';
import { weight } from './row';

/** The cells of recurrent layers: gates, states and weights. */

/** How many times `units` the kernels of a cell are wide, and how many states it carries. */
export interface CellKind {
  readonly gates: number;
  readonly states: number;
}

export const cellKinds: Readonly<Record<string, CellKind>> = {
  simpleRNN: { gates: 1, states: 1 },
  gru: { gates: 3, states: 1 },
  lstm: { gates: 4, states: 2 },
};

/** kernel, recurrent_kernel and bias of a cell; undefined where it is not known whether there is a bias. */
export function cellWeights(options: Options, { gates }: CellKind, features: Dim): readonly WeightFact[] | undefined {
  const units = options.size('units');
  const wide = mul(units, gates);
  const bias = options.boolean('useBias', true);
  if (bias === undefined) return undefined;
  return [
    weight(options, 'kernel', [features, wide]),
    weight(options, 'recurrent_kernel', [units, wide]),
    ...(bias ? [weight(options, 'bias', [wide])] : []),
  ];
}

/** The cells that an option holds, one or a list; undefined where one is not known. */
export function cellsOf(value: Plain): readonly LayerLike[] | undefined {
  if (isLayer(value)) return [value.layer];
  if (!Array.isArray(value)) return undefined;
  const cells = (value as readonly Plain[]).map((v) => (isLayer(v) ? v.layer : undefined));
  return cells.every((c) => c !== undefined) ? cells : undefined;
}

/** The sizes of the states of a cell, as tfjs's `cell.stateSize`; undefined where not known. */
export function stateSizes(cell: LayerLike): readonly Dim[] | undefined {
  const options = new Options(cell.options);
  if (cell.type === 'stackedRNNCells') return stackedStates(cellsOf(options.get('cells')));
  const kind = cellKinds[cell.type.replace(/Cell$/, '')];
  return kind === undefined ? undefined : new Array<Dim>(kind.states).fill(options.size('units'));
}

/** The states of stacked cells: tfjs names those of the last cell first. */
export function stackedStates(cells: readonly LayerLike[] | undefined): readonly Dim[] | undefined {
  const sizes = cells?.map(stateSizes).reverse();
  return sizes?.every((s) => s !== undefined) ? sizes.flat() : undefined;
}

/** As `cell.weights`, but with sizes that are null, so that they can be refused. */
function weightsOf(cell: LayerLike, input: Shape): readonly WeightFact[] | undefined {
  if (cell.type === 'stackedRNNCells') return stackedWeights(cellsOf(new Options(cell.options).get('cells')), input);
  const kind = cellKinds[cell.type.replace(/Cell$/, '')];
  if (kind === undefined || input === null) return cell.weights([input]);
  const features = input.at(-1)?.dim;
  return features === undefined ? undefined : cellWeights(new Options(cell.options), kind, features);
}

/** The weights of cells on top of one another; undefined where a size or a cell is not known. */
export function stackedWeights(
  cells: readonly LayerLike[] | undefined,
  step: Shape,
): readonly WeightFact[] | undefined {
  let input = step;
  const all: WeightFact[] = [];
  for (const cell of cells ?? []) {
    const weights = weightsOf(cell, input);
    const [output] = stateSizes(cell) ?? [];
    if (weights === undefined || output === undefined) return undefined;
    all.push(...weights);
    input = input === null ? null : [...input.slice(0, 1), axis(output, 'channel')];
  }
  if (cells === undefined) return undefined;
  return [...all.filter((w) => w.trainable), ...all.filter((w) => !w.trainable)];
}

/** The input of one time step: the input without its time axis. */
export const stepOf = (input: readonly Axis[]): readonly Axis[] => [...input.slice(0, 1), ...input.slice(2)];

/**
 * The outputs of a recurrent layer, with its states where `returnState` asks for them.
 * @param states their shapes, undefined where their number is not known
 */
export function withStates(options: Options, output: Shape, states: readonly Shape[] | undefined): LayerResult {
  const returnState = options.boolean('returnState', false);
  if (returnState === false) return { outputs: [output] };
  if (returnState === undefined || states === undefined) return { outputs: [output], countUnknown: true };
  return { outputs: [output, ...states], list: true };
}

/** Refuses initial states, given as further inputs, that do not fit the cell. */
export function acceptStates(type: string, sizes: readonly Dim[] | undefined, inputs: readonly Shape[]): void {
  const given = inputs.slice(1);
  if (given.length === 0 || sizes === undefined) return;
  if (given.length !== sizes.length)
    refuse('argument-count', `${type} carries ${sizes.length} state(s) but was given ${given.length}`, {
      original: 'An initialState was passed that is not compatible with cell.stateSize.',
    });
  for (const [i, state] of given.entries()) {
    const last = state?.at(-1)?.dim;
    const size = sizes[i];
    if (typeof size === 'number' && (last === null || (typeof last === 'number' && last !== size)))
      refuse('inner-dims', `${type} needs states of ${size} units but was given ${showShape(state ?? null)}`, {
        original: 'An initialState was passed that is not compatible with cell.stateSize.',
      });
  }
}

/** Refuses a stateful layer whose batch is open. */
export function acceptStateful(type: string, options: Options, input: readonly Axis[]): void {
  if (options.boolean('stateful', false) === true && input[0]?.dim === null)
    refuse('undefined-dim', `${type} with stateful: true needs a fixed batch size but got ${showShape(input)}`, {
      argument: 'stateful',
      original: 'If an RNN is stateful, it needs to know its batch size.',
    });
}
