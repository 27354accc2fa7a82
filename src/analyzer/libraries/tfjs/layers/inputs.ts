import { type Dim, isPoly } from '../../../shapes/dim';
import type { LayerSpec } from '../../layerSpec';
import { Options, sizeList } from '../../options';
import { type Plain, type PlainRecord, UNKNOWN } from '../../plain';
import { refuse } from '../../refused';
import { row } from './row';

/**
 * The `batchInputShape` that a layer's options give it, for the first layer of a sequential model: null where they give
 * none (tfjs then refuses it there), undefined where that is not known.
 */
export function declaredInputShape(type: string, record: PlainRecord): readonly Dim[] | null | undefined {
  const options = new Options(record);
  const batchInputShape = options.get('batchInputShape');
  if (batchInputShape === UNKNOWN) return undefined;
  if (options.has('batchInputShape') === true) return options.sizes('batchInputShape');
  const inputShape = options.get('inputShape');
  if (inputShape === UNKNOWN) return undefined;
  const batch = options.get('batchSize') === UNKNOWN ? '?' : options.size('batchSize', null);
  if (inputShape !== undefined && inputShape !== null) {
    // tfjs concatenates, so that a bare number is a list of one.
    const rest = listOf(inputShape);
    return rest === undefined ? undefined : [batch, ...rest];
  }
  const implied = type === 'dense' ? denseShape(options) : type === 'embedding' ? embeddingShape(options) : null;
  return implied === null || implied === undefined ? implied : [batch, ...implied];
}

/** Whether a layer says `inputShape` and no more is known of it: whatever it is, the batch stays open. */
export function hasOpenShape(record: PlainRecord): boolean {
  const options = new Options(record);
  const noBatch = options.has('batchInputShape') === false && options.has('batchSize') === false;
  return noBatch && options.get('inputShape') === UNKNOWN;
}

/** A list of sizes, where an undefined member is as open as null; a lone size is a list of one. */
function listOf(value: Plain): readonly Dim[] | undefined {
  if (Array.isArray(value)) return sizeList((value as readonly Plain[]).map((v) => (v === undefined ? null : v)));
  return typeof value === 'number' || isPoly(value) ? [value] : undefined;
}

function denseShape(options: Options): readonly Dim[] | null | undefined {
  const inputDim = options.get('inputDim');
  // Where it is none after all, tfjs goes no further.
  if (inputDim === UNKNOWN) return [options.size('inputDim')];
  return inputDim === undefined || inputDim === null ? null : listOf(inputDim);
}

function embeddingShape(options: Options): readonly Dim[] | undefined {
  const length = options.get('inputLength');
  if (length === UNKNOWN) return undefined;
  return length === undefined || length === null ? [null] : listOf(length);
}

const inputLayer = row({
  type: 'inputLayer',
  className: 'InputLayer',
  needsOptions: true,
  options: ['sparse'],
  construct(options) {
    const [whole, rest] = [options.has('batchInputShape'), options.has('inputShape')];
    const option = (argument: string, message: string, original: string): never =>
      refuse('option', message, { when: 'construct', argument, original });
    if (whole === true && rest === true)
      option(
        'inputShape',
        'inputLayer takes inputShape or batchInputShape, not both',
        'Only provide the inputShape OR batchInputShape argument to inputLayer, not both at the same time.',
      );
    if (whole === false && rest === false)
      refuse('missing-input-shape', 'inputLayer needs an inputShape or a batchInputShape', {
        when: 'construct',
        argument: 'inputShape',
        original: 'An InputLayer should be passed either a `batchInputShape` or an `inputShape`.',
      });
    if (whole === true && options.has('batchSize') === true)
      option(
        'batchSize',
        'inputLayer takes batchSize or batchInputShape, not both',
        'Cannot specify batchSize if batchInputShape is specified when creating an InputLayer.',
      );
  },
  output: () =>
    refuse('graph', 'inputLayer starts a model: it is applied to nothing', {
      original: "Cannot pass any input to an InputLayer's apply() method.",
    }),
});

export const inputLayers: readonly LayerSpec[] = [inputLayer];
