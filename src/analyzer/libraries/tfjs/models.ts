import { tolerating } from '../../interpreter/alternatives';
import type { Interpreter } from '../../interpreter/interpreter';
import {
  ArrayValue,
  type Call,
  isUnknown,
  NativeFunction,
  ObjectValue,
  UnionValue,
  UnknownValue,
  type Value,
} from '../../interpreter/values';
import type { Dim } from '../../shapes/dim';
import { type Axis, axis, shape as makeShape, type Role, showShape } from '../../shapes/shape';
import type { LayerCallFact, ModelFact, Place, RefusalCode, TensorFact } from '../../trace/facts';
import { Options } from '../options';
import { graphOf } from './graph';
import { declaredInputShape } from './layers';
import { LayerObject } from './objects/layer';
import { ModelObject, makeInput, startWith } from './objects/model';
import { TensorObject, tensorsIn } from './objects/tensor';
import { plainOf } from './plainOf';
import { stateOf } from './state';

/** `tf.input`, `tf.model`, `tf.sequential`. */
export const modelFunctions: ReadonlyMap<string, NativeFunction> = new Map(
  Object.entries({ input: makeSymbolicInput, model: makeFunctional, sequential: makeSequential }).map(
    ([name, call]) => [name, new NativeFunction(name, call)],
  ),
);

// ---------------------------------------------------------------- inputs

const ROLES: Readonly<Record<number, readonly (Role | undefined)[]>> = {
  2: ['batch', 'channel'],
  3: ['batch', 'time', 'channel'],
  4: ['batch', 'height', 'width', 'channel'],
  5: ['batch', 'depth', 'height', 'width', 'channel'],
};

export function inputAxes(dims: readonly Dim[]): readonly Axis[] {
  const roles = ROLES[dims.length];
  return roles === undefined ? dims.map((d, i) => axis(d, i === 0 ? 'batch' : undefined)) : makeShape(dims, roles);
}

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
    typeof given === 'string' ? given : stateOf(interpreter).names.model(),
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
  const names = model.layers.map((l) => l.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    refusal(
      interpreter,
      'graph',
      `two layers of this model are named "${twice}"`,
      'tf.model',
      at,
      undefined,
      `The name "${twice}" is used`,
    );
  }
}

// ---------------------------------------------------------------- sequential

function makeSequential({ interpreter, args: [config], at }: Call): Value {
  const given = config instanceof ObjectValue ? config.properties.get('name')?.value : undefined;
  const fact = modelFact(
    interpreter,
    'sequential',
    typeof given === 'string' ? given : stateOf(interpreter).names.sequential(),
    at,
  );
  const model = new SequentialObject(interpreter, fact, at);
  interpreter.record({ kind: 'modelBuilt', at, model: fact });
  const layers = config instanceof ObjectValue ? config.properties.get('layers')?.value : undefined;
  if (isUnknown(config) || isUnknown(layers)) fact.exact = false;
  if (layers instanceof ArrayValue) {
    for (const layer of layers.elements) model.add(interpreter, layer, placeOfLayer(layer) ?? at);
    if (layers.rest !== undefined) fact.exact = false;
  }
  return model;
}

/** A list of layers has no call for each: the layer itself is where it joins the model. */
function placeOfLayer(value: Value): Place | undefined {
  const layer = value instanceof ObjectValue ? value.slot : value;
  return layer instanceof LayerObject ? layer.fact.at : undefined;
}

/** For classes that extend tf.Sequential. */
export function constructSequential(call: Call): LayerObject {
  return makeSequential(call) as LayerObject;
}

/** For classes that extend tf.LayersModel. */
export function constructFunctional(call: Call): LayerObject {
  return makeFunctional(call) as LayerObject;
}

export class SequentialObject extends ModelObject {
  constructor(interpreter: Interpreter, fact: ModelFact, at: Place) {
    super(interpreter, fact, 'Sequential', at);
  }

  override get(name: string, interpreter: Interpreter, at: Place): ReturnType<ModelObject['get']> {
    if (name === 'add') return new NativeFunction(name, (call) => this.add(call.interpreter, call.args[0], call.at));
    if (name === 'pop') return new NativeFunction(name, (call) => this.#pop(call.interpreter));
    return super.get(name, interpreter, at);
  }

  add(interpreter: Interpreter, value: Value, at: Place): undefined {
    interpreter.touch(this);
    if (value instanceof UnionValue) {
      const live = value.options.filter((o) => o !== undefined && o !== null);
      const paths = live.map((option) => () => {
        this.add(interpreter, option, at);
        return undefined;
      });
      tolerating(interpreter, paths, (each) => interpreter.forkCompletions(each));
      return undefined;
    }
    const layer = value instanceof ObjectValue ? value.slot : value;
    if (!(layer instanceof LayerObject)) {
      this.model.exact = false;
      const reason =
        interpreter.because(value)?.reason ?? interpreter.reason('unsupported', at, 'what is added here is not known');
      this.#setOutput(interpreter, new UnknownValue(reason), at);
      return undefined;
    }
    this.#append(interpreter, layer, at);
    this.model.layers = [...this.model.layers, layer.fact];
    return undefined;
  }

  #append(interpreter: Interpreter, layer: LayerObject, at: Place): void {
    const [last] = this.model.outputs;
    if (last === undefined) {
      if (this.model.exact) this.#start(interpreter, layer, at);
      else
        layer.apply(
          interpreter,
          new UnknownValue(interpreter.reason('unsupported', at, 'the layers before are not known')),
          undefined,
          at,
        );
      return;
    }
    const output = layer.apply(interpreter, new TensorObject(last), undefined, at);
    this.#setOutput(interpreter, checkedSize(interpreter, layer, last, output, at), at);
    this.#remember(layer);
  }

  /** The first layer brings its own input. */
  #start(interpreter: Interpreter, layer: LayerObject, at: Place): void {
    if (layer instanceof ModelObject && (layer.model.outputs.length === 0 || !layer.model.exact)) {
      // A model whose input or layers are not known: neither are those of this one.
      this.model.exact = false;
      this.model.outputs = layer.model.outputs;
      return;
    }
    if (layer instanceof ModelObject) {
      this.model.inputs = layer.model.inputs;
      this.model.outputs = layer.model.outputs;
      this.model.calls = layer.model.calls;
      this.model.exact &&= layer.model.exact;
      return;
    }
    if (layer.fact.type === 'inputLayer') {
      const dims = declaredInputShape(layer.like.type, layer.like.options);
      const input = startWith(interpreter, layer, dims == null ? null : inputAxes(dims), undefined, layer.fact.at);
      this.model.inputs = [input.fact];
      this.model.outputs = [input.fact];
      return;
    }
    const dims = declaredInputShape(layer.like.type, layer.like.options);
    if (dims === null) {
      refusal(
        interpreter,
        'missing-input-shape',
        `${layer.fact.type} is the first layer but has no inputShape`,
        `tf.layers.${layer.fact.type}`,
        layer.fact.at,
        'inputShape',
        'The first layer in a Sequential model must get an `inputShape` or `batchInputShape` argument.',
      );
      this.model.exact = false;
      return;
    }
    const input = makeInput(
      interpreter,
      dims === undefined ? null : inputAxes(dims),
      `${layer.fact.name}_input`,
      undefined,
      layer.fact.at,
    );
    this.model.inputs = [input.fact];
    const output = layer.apply(interpreter, input, undefined, at);
    this.#setOutput(interpreter, checkedSize(interpreter, layer, input.fact, output, at), at);
    this.#remember(layer);
  }

  #setOutput(interpreter: Interpreter, output: Value, at: Place): void {
    if (output instanceof TensorObject) {
      this.model.outputs = [output.fact];
      return;
    }
    this.model.exact = false;
    if (output instanceof ArrayValue) {
      refusal(
        interpreter,
        'graph',
        'a layer of a sequential model must have one output, not several',
        'sequential.add',
        at,
        undefined,
        'All layers in a Sequential model should have a single output tensor.',
      );
    }
    this.model.outputs = [];
  }

  #remember(layer: LayerObject): void {
    const call: LayerCallFact | undefined = layer.calls.at(-1);
    if (call !== undefined) this.model.calls = [...this.model.calls, call];
  }

  #pop(interpreter: Interpreter): undefined {
    interpreter.touch(this);
    this.model.layers = this.model.layers.slice(0, -1);
    const last = this.model.calls.at(-1);
    this.model.calls = this.model.calls.slice(0, -1);
    this.model.outputs = last === undefined || this.model.layers.length === 0 ? [] : last.inputs;
    return undefined;
  }
}

// ---------------------------------------------------------------- shared

function modelFact(interpreter: Interpreter, kind: ModelFact['kind'], name: string, at: Place): ModelFact {
  return {
    id: stateOf(interpreter).id(),
    name,
    kind,
    at,
    layers: [],
    exact: true,
    inputs: [],
    outputs: [],
    calls: [],
    trainable: true,
  };
}

/** Sequential.checkShape: `add` refuses negative sizes, which `tf.model` leaves to the first batch. */
function checkedSize(
  interpreter: Interpreter,
  { fact }: LayerObject,
  input: TensorFact,
  output: Value,
  at: Place,
): Value {
  const shape = output instanceof TensorObject ? output.fact.shape : null;
  if (shape?.some((a) => typeof a.dim === 'number' && a.dim < 0) !== true) return output;
  const message = `${fact.type} needs more than ${showShape(input.shape)}: its output would be ${showShape(shape)}`;
  interpreter.record({
    kind: 'refusal',
    at,
    refusal: {
      code: 'window',
      message,
      original: 'Negative dimension size caused by adding layer',
      when: 'call',
      argument: undefined,
    },
    api: 'sequential.add',
    layer: fact,
    inputs: [input],
  });
  return new UnknownValue(interpreter.reason('error', at, message));
}

export function refusal(
  interpreter: Interpreter,
  code: RefusalCode,
  message: string,
  api: string,
  at: Place,
  argument?: string,
  original?: string,
): void {
  interpreter.record({
    kind: 'refusal',
    at,
    refusal: { code, message, original, when: 'call', argument },
    api,
    layer: undefined,
    inputs: [],
  });
}
