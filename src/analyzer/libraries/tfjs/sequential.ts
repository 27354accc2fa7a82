import { forkCompletions } from '../../interpreter/effects/paths';
import type { Interpreter } from '../../interpreter/interpreter';
import { tolerating } from '../../interpreter/syntax/alternatives';
import {
  ArrayValue,
  type Call,
  isUnknown,
  NativeFunction,
  ObjectValue,
  UnionValue,
  UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import { showShape } from '../../shapes/shape';
import type { LayerCallFact, ModelFact, Place, TensorFact } from '../../trace/facts';
import { declaredInputShape, hasOpenShape } from './layers';
import { inputAxes, modelFact, refusal, refuseDoubleNames } from './modelParts';
import { LayerObject } from './objects/layer';
import { ModelObject, makeInput, nameSizes, startWith } from './objects/model';
import { TensorObject } from './objects/tensor';
import { namesOf } from './state';

export function makeSequential({ interpreter, args: [config], at }: Call): Value {
  const given = config instanceof ObjectValue ? config.properties.get('name')?.value : undefined;
  const fact = modelFact(
    interpreter,
    'sequential',
    typeof given === 'string' ? given : namesOf(interpreter).sequential(),
    at,
  );
  const model = new SequentialObject(interpreter, fact, at);
  interpreter.record({ kind: 'modelBuilt', at, model: fact });
  const layers = config instanceof ObjectValue ? config.properties.get('layers')?.value : undefined;
  if (isUnknown(config) || isUnknown(layers)) fact.exact = false;
  if (layers instanceof ArrayValue) {
    for (const layer of layers.elements) model.add(interpreter, layer, placeOfLayer(interpreter, layer) ?? at);
    if (layers.rest !== undefined) {
      fact.exact = false;
      model.add(
        interpreter,
        interpreter.because(layers.rest) ??
          interpreter.unknown('unsupported', at, 'how many layers there are is not known'),
        at,
      );
    }
  }
  return model;
}

/**
 * A list of layers has no call for each: the layer itself is where it joins the model. What a factory made, for this model
 * and for others, joins it where the model is made; and so does a model, which has layers of its own at its place.
 */
function placeOfLayer(interpreter: Interpreter, value: Value): Place | undefined {
  const layer = value instanceof ObjectValue ? value.slot : value;
  if (!(layer instanceof LayerObject) || layer instanceof ModelObject) return undefined;
  return layer.fact.madeIn === interpreter.context.activation ? layer.fact.at : undefined;
}

/** For classes that extend tf.Sequential. */
export function constructSequential(call: Call): LayerObject {
  return makeSequential(call) as LayerObject;
}

/** What builds a sequential model (Sequential.build in tfjs). */
const BUILDERS: ReadonlySet<string> = new Set([
  'apply',
  'build',
  'compile',
  'countParams',
  'predict',
  'setWeights',
  'summary',
]);

export class SequentialObject extends ModelObject {
  #checked = false;

  constructor(interpreter: Interpreter, fact: ModelFact, at: Place) {
    super(interpreter, fact, 'Sequential', at);
  }

  override get(name: string, interpreter: Interpreter, at: Place): ReturnType<ModelObject['get']> {
    if (name === 'add') return new NativeFunction(name, (call) => this.add(call.interpreter, call.args[0], call.at));
    if (name === 'pop') return new NativeFunction(name, (call) => this.#pop(call.interpreter));
    const method = super.get(name, interpreter, at);
    if (!BUILDERS.has(name) || !(method instanceof NativeFunction)) return method;
    return new NativeFunction(name, (call) => {
      this.#build(call);
      return method.call(call);
    });
  }

  /** A sequential model is made into a graph at its first use, and only then are the names of its layers compared. */
  #build({ interpreter, at }: Call): void {
    if (this.#checked || !this.model.exact) return;
    this.#checked = true;
    refuseDoubleNames(interpreter, this.model, 'tf.sequential', at);
  }

  add(interpreter: Interpreter, value: Value, at: Place): undefined {
    interpreter.touch(this);
    if (value instanceof UnionValue) {
      const live = value.options.filter((o) => o !== undefined && o !== null);
      const paths = live.map((option) => () => {
        this.add(interpreter, option, at);
        return undefined;
      });
      tolerating(interpreter, paths, (each) => forkCompletions(interpreter, each));
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
    if (dims === undefined && hasOpenShape(layer.like.options)) nameSizes(interpreter, input.fact, 'inputShape');
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
