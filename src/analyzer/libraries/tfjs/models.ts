import type { Interpreter } from '../../interpreter/interpreter';
import {
  ArrayValue,
  type Call,
  isUnknown,
  NativeFunction,
  ObjectValue,
  UnionValue,
  type Value,
} from '../../interpreter/values/values';
import { isPoly, showDim } from '../../shapes/dim';
import type { ModelFact, Place } from '../../trace/facts';
import { Options } from '../options';
import { graphOf } from './graph';
import { inputAxes, modelFact, refusal, refuseDoubleNames } from './modelParts';
import type { LayerObject } from './objects/layer';
import { ModelObject, makeInput, nameSizes } from './objects/model';
import { TensorObject, tensorsIn } from './objects/tensor';
import { plainOf } from './plainOf';
import { makeSequential } from './sequential';
import { namesOf } from './state';

/** `tf.input`, `tf.model`, `tf.sequential`. */
export const modelFunctions: ReadonlyMap<string, NativeFunction> = new Map(
  Object.entries({ input: makeSymbolicInput, model: makeFunctional, sequential: makeSequential }).map(
    ([name, call]) => [name, new NativeFunction(name, call)],
  ),
);

// ---------------------------------------------------------------- inputs

function makeSymbolicInput({ interpreter, args: [config], at }: Call): Value {
  const record = plainOf(config);
  if (typeof record !== 'object' || record === null || !('kind' in record) || record.kind !== 'record') {
    const reason =
      interpreter.because(config)?.reason ??
      interpreter.reason('unsupported', at, 'the options of this input are not known');
    const tensor = makeInput(interpreter, null, undefined, undefined, at);
    return new TensorObject(tensor.fact, reason);
  }
  const options = new Options(record);
  const whole = options.sizes('batchShape');
  const rest = options.sizes('shape');
  const batch = options.has('batchSize') === false ? null : options.size('batchSize', null);
  const dims = whole ?? (rest === undefined ? undefined : [batch, ...rest]);
  if (dims === undefined && options.has('shape') === false && options.has('batchShape') === false && !record.open) {
    refusal(interpreter, 'missing-input-shape', 'tf.input needs a shape or a batchShape', 'tf.input', at, undefined);
  }
  const given = config instanceof ObjectValue ? config.properties.get('shape')?.value : undefined;
  const tensor = makeInput(
    interpreter,
    dims === undefined ? null : inputAxes(dims),
    options.string('name'),
    options.string('dtype'),
    at,
  );
  if (dims === undefined && batch === null && options.has('batchShape') === false) {
    const list = given instanceof ArrayValue && given.elements.length === 0 ? given.rest : given;
    if (isUnknown(list) && list.name !== undefined) nameSizes(interpreter, tensor.fact, list.name.replace(/\[\]$/, ''));
    else if (given instanceof ArrayValue && isPoly(list))
      nameSizes(interpreter, tensor.fact, showDim(list).replace(/\[\]$/, ''));
  }
  const lost = given instanceof ArrayValue ? given.elements.find(isUnknown) : given;
  return lost !== undefined && isUnknown(lost) ? new TensorObject(tensor.fact, lost.reason) : tensor;
}

// ---------------------------------------------------------------- functional

function makeFunctional(call: Call): Value {
  const {
    interpreter,
    args: [config],
    at,
  } = call;
  const inputs = interpreter.get(config, 'inputs', at);
  const outputs = interpreter.get(config, 'outputs', at);
  const given = config instanceof ObjectValue ? config.properties.get('name')?.value : undefined;
  const fact = modelFact(
    interpreter,
    'functional',
    typeof given === 'string' ? given : namesOf(interpreter).model(),
    at,
  );
  const model = new ModelObject(interpreter, fact, 'Functional', at);
  const from = tensorsIn(single(inputs));
  const to = tensorsIn(single(outputs));
  fact.exact = false;
  if (from !== undefined) fact.inputs = from.map((t) => t.fact);
  if (to !== undefined) {
    fact.outputs = to.map((t) => t.fact);
    const graph = graphOf(fact.inputs, fact.outputs);
    fact.layers = graph.layers;
    fact.calls = graph.calls;
    const known =
      [...fact.inputs, ...fact.outputs].every((t) => t.producer?.kind === 'layerCall') &&
      graph.calls.every((c) => c.inputs.length > 0 || c.layer.type === 'inputLayer');
    fact.exact = from !== undefined && known && graph.foreign === undefined && !to.some((t) => t.optional);
    if (fact.exact) checkGraph(interpreter, fact, graph.disconnected, at);
  }
  model.builtFor = fact.inputs.map((t) => t.shape);
  model.fact.weights = model.like.weights(model.builtFor);
  interpreter.record({ kind: 'modelBuilt', at, model: fact });
  return model;
}

/** One of several alternatives is taken where they are all tensors: the last, which later code built. */
function single(value: Value): Value {
  if (!(value instanceof UnionValue)) return value;
  const tensors = value.options.filter((o) => o instanceof TensorObject);
  const [first, ...rest] = tensors;
  return first === undefined
    ? value
    : (rest.reduce<TensorObject | undefined>((a, b) => a?.joined(b) as TensorObject | undefined, first) ?? value);
}

function checkGraph(
  interpreter: Interpreter,
  model: ModelFact,
  disconnected: ReturnType<typeof graphOf>['disconnected'],
  at: Place,
): void {
  if (disconnected !== undefined) {
    const { layer, inputs } = disconnected.call;
    refusal(
      interpreter,
      'graph',
      inputs.length === 0
        ? `${layer.name} leads to the outputs but is not among the inputs of this model`
        : `the input of ${layer.name} does not come from the inputs of this model`,
      'tf.model',
      at,
      'inputs',
      'Graph disconnected: cannot obtain value for tensor',
    );
    return;
  }
  refuseDoubleNames(interpreter, model, 'tf.model', at);
}

/** For classes that extend tf.LayersModel. */
export function constructFunctional(call: Call): LayerObject {
  return makeFunctional(call) as LayerObject;
}
