import type { Interpreter } from '../../interpreter/interpreter';
import { ArrayValue, HostObject, isCallable, ObjectValue, type Value } from '../../interpreter/values/values';
import { row } from '../../table';
import type { Place } from '../../trace/facts';
import { Refused, refuse } from '../refused';
import type { ModelObject } from './objects/model';

/** Names that `compile` takes (tfjs-layers 4.22: `optimizers.ts`, `losses.ts`, `metrics.ts`). */
export const OPTIMIZERS = ['Adagrad', 'Adadelta', 'Adam', 'Adamax', 'RMSProp', 'SGD'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

export const LOSSES = [
  'meanSquaredError',
  'meanAbsoluteError',
  'meanAbsolutePercentageError',
  'meanSquaredLogarithmicError',
  'squaredHinge',
  'hinge',
  'categoricalHinge',
  'logcosh',
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
  'binaryCrossentropy',
  'kullbackLeiblerDivergence',
  'poisson',
  'cosineProximity',
];

export const METRICS = [
  'accuracy',
  'acc',
  'crossentropy',
  'ce',
  'binaryAccuracy',
  'categoricalAccuracy',
  'precision',
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
  'mse',
  'MSE',
  'mae',
  'MAE',
  'mape',
  'MAPE',
  'cosine',
];

/** What people call them elsewhere. */
const MEANT: Readonly<Record<string, string>> = {
  mse: 'meanSquaredError',
  mae: 'meanAbsoluteError',
  mape: 'meanAbsolutePercentageError',
  msle: 'meanSquaredLogarithmicError',
  crossentropy: 'categoricalCrossentropy',
  softmaxcrossentropy: 'categoricalCrossentropy',
  bce: 'binaryCrossentropy',
  sigmoidcrossentropy: 'binaryCrossentropy',
  kld: 'kullbackLeiblerDivergence',
  kldivergence: 'kullbackLeiblerDivergence',
  cosinesimilarity: 'cosineProximity',
};

/** Records a refusal where `compile` throws for every value of what is not known. */
export function checkCompile(interpreter: Interpreter, model: ModelObject, config: Value, at: Place): void {
  if (!(config instanceof ObjectValue)) return;
  const option = (key: string): Value => config.properties.get(key)?.value;
  try {
    checkOptimizer(option('optimizer'));
    for (const name of namesIn(option('loss'))) known('loss', name, LOSSES);
    for (const name of namesIn(option('metrics'))) known('metric', name, METRICS);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const inputs = model.model.inputs;
    interpreter.record({ kind: 'refusal', at, refusal: error.refusal, api: 'compile', layer: undefined, inputs });
  }
}

function checkOptimizer(optimizer: Value): void {
  if (typeof optimizer === 'string') known('optimizer', optimizer, OPTIMIZERS);
  // `tf.train.adam`, uncalled
  else if (isCallable(optimizer) || (optimizer instanceof HostObject && optimizer.type !== 'optimizer'))
    refuse('option', 'compile takes an optimizer or its name, not the function that makes one', {
      original: 'User-defined optimizer must be an instance of tf.Optimizer.',
      argument: 'optimizer',
    });
}

/** The names in a loss or metrics option: one, a list, or an object by output. */
function namesIn(value: Value): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof ArrayValue) return value.elements.flatMap(namesIn);
  if (value instanceof ObjectValue) return [...value.properties.values()].flatMap((p) => namesIn(p.value));
  return [];
}

function known(what: 'optimizer' | 'loss' | 'metric', name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const plain = name.toLowerCase().replace(/[^a-z]/g, '');
  const meant = names.find((one) => one.toLowerCase() === plain) ?? suggestionOf(what, plain);
  refuse(
    'option',
    `compile knows no ${what} ‘${name}’${meant === undefined ? '' : `: TensorFlow.js calls it ‘${meant}’`}`,
    { original: `Unknown ${what === 'optimizer' ? 'Optimizer' : what} ${name}`, argument: what },
  );
}

const suggestionOf = (what: string, plain: string): string | undefined =>
  what === 'loss' ? row(MEANT, plain) : undefined;
