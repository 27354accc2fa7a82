import type { Interpreter } from '../../interpreter/interpreter';
import { ArrayValue, HostObject, UnknownNumber, type Value } from '../../interpreter/values/values';
import { type Dim, isDefinite, same, showDim } from '../../shapes/dim';
import { axis, type Shape, showShape } from '../../shapes/shape';
import type { ModelFact, Place, TensorFact } from '../../trace/facts';
import { TypedArrayValue } from '../javascript';
import { Refused, refuse } from '../refused';
import type { ModelObject } from './objects/model';
import type { TensorObject } from './objects/tensor';

/** What a model is given: undefined where it is nothing, or not known. */
interface Samples {
  readonly x: readonly TensorObject[] | undefined;
  readonly y: readonly TensorObject[] | undefined;
}

/**
 * Records a refusal where the data of a call cannot fit the model: the shapes of inputs and targets, the number of samples.
 * @param api the method, `fit`
 * @returns whether they may fit
 */
export function checkSamples(
  interpreter: Interpreter,
  model: ModelObject,
  api: string,
  { x, y }: Samples,
  at: Place,
): boolean {
  if (!model.model.exact) return true;
  try {
    if (x !== undefined) fitAll(model.model, model.model.inputs, x, 'input');
    if (y !== undefined) fitAll(model.model, targetsOf(model), y, 'target');
    if (x !== undefined && y !== undefined) sameCount(x, y);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const inputs = [...(x ?? []), ...(y ?? [])].map((t) => t.fact);
    interpreter.record({ kind: 'refusal', at, refusal: error.refusal, api, layer: undefined, inputs });
    return false;
  }
}

/** Records a refusal where `fit`, `predict` and the like get numbers, or lists of them, in place of tensors: they throw. */
export function refusePlainData(
  interpreter: Interpreter,
  { model }: ModelObject,
  api: string,
  data: { readonly x?: Value; readonly y?: Value },
  at: Place,
): void {
  const wrong = Object.entries(data).find(([, value]) => isPlainData(value));
  if (wrong === undefined) return;
  const [argument, value] = wrong;
  const got =
    value instanceof ArrayValue ? 'a list of numbers' : value instanceof HostObject ? 'a typed array' : 'a number';
  interpreter.record({
    kind: 'refusal',
    at,
    refusal: {
      code: 'data-shape',
      message: `${api} takes tensors: ${argument} is ${got} (make it one with tf.tensor)`,
      original: "Cannot read properties of undefined (reading 'length')",
      when: 'call',
      argument,
    },
    api: `${model.name}.${api}`,
    layer: undefined,
    inputs: [],
  });
}

/** Numbers, or lists of them at any depth. */
function isPlainData(value: Value): boolean {
  if (value instanceof ArrayValue) {
    const first = value.elements[0] ?? value.rest;
    return first !== undefined && isPlainData(first);
  }
  return typeof value === 'number' || value instanceof UnknownNumber || value instanceof TypedArrayValue;
}

/** The shapes that targets must have, output by output, whatever the loss; empty where the loss is not known. */
function targetsOf(model: ModelObject): readonly TensorFact[] {
  const loss = model.compiled?.properties.get('loss')?.value;
  if (loss === 'sparseCategoricalCrossentropy') {
    return model.model.outputs.map((o) => ({
      ...o,
      shape: o.shape === null ? null : [...o.shape.slice(0, -1), axis(1)],
    }));
  }
  return typeof loss === 'string' ? model.model.outputs : [];
}

function fitAll(
  model: ModelFact,
  expected: readonly TensorFact[],
  data: readonly TensorObject[],
  what: 'input' | 'target',
): void {
  if (expected.length !== data.length) return;
  for (const [i, tensor] of data.entries()) fits(model, expected[i]?.shape ?? null, tensor.fact.shape, what);
}

/** Another rank, or another size where the model's is fixed. The batch may be any. */
function fits(model: ModelFact, expected: Shape, data: Shape, what: 'input' | 'target'): void {
  if (expected === null || data === null) return;
  const words = `${model.name} takes ${what === 'input' ? 'inputs' : 'targets'} of shape ${showShape(expected)} but gets ${showShape(data)}`;
  const original = what === 'input' ? 'Error when checking : expected' : 'Error when checking target: expected';
  if (expected.length !== data.length)
    refuse('data-shape', words, { original, argument: what === 'input' ? 'x' : 'y' });
  const wrong = expected.findIndex((a, i) => i > 0 && a.dim !== null && same(a.dim, data[i]?.dim ?? '?') === false);
  if (wrong > 0) refuse('data-shape', `${words} (axis ${wrong})`, { original, argument: what === 'input' ? 'x' : 'y' });
}

function sameCount(x: readonly TensorObject[], y: readonly TensorObject[]): void {
  const samples: Dim = x[0]?.fact.shape?.[0]?.dim ?? '?';
  const targets: Dim = y[0]?.fact.shape?.[0]?.dim ?? '?';
  if (!isDefinite(samples) || same(samples, targets) !== false) return;
  refuse('data-shape', `x has ${showDim(samples)} samples but y has ${showDim(targets)}`, {
    original: 'Input Tensors should have the same number of samples as target Tensors.',
    argument: 'y',
  });
}
