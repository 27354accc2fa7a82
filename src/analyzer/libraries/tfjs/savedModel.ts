/**
 * Models from Keras's JSON: `tf.loadLayersModel` of a file that lies in the workspace, and `tf.models.modelFromJSON`. The
 * layers go through the same tables as those that code makes; weights stay in their files.
 */
import type { Interpreter } from '../../interpreter/interpreter';
import { fromJson } from '../../interpreter/values/json';
import { ArrayValue, type Call, type NativeFunction, ObjectValue, type Value } from '../../interpreter/values/values';
import type { LayerFact, ModelFact, Place, TensorFact } from '../../trace/facts';
import { isRecord } from '../plain';
import { graphOf } from './graph';
import { layerFactories } from './layerFactory';
import { declaredInputShape, layerSpecs } from './layers';
import { inputAxes } from './modelParts';
import { modelFunctions } from './models';
import { CustomLayerObject } from './objects/customLayer';
import { LayerObject } from './objects/layer';
import { ModelObject, makeInput } from './objects/model';
import { TensorObject, tensorsIn } from './objects/tensor';
import { plainOf } from './plainOf';
import { stateOf } from './state';

type Json = unknown;
type JsonObject = { readonly [key: string]: Json };

/** What stands in the way of reading a model, in words. */
export class Unreadable {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const FACTORIES: ReadonlyMap<string, string> = new Map(layerSpecs.map((spec) => [spec.className, spec.type]));
const MODELS = new Set(['Model', 'Functional', 'LayersModel']);

/** The model that a topology describes. Its layers leave no facts of their own: nobody wrote them here. */
export function modelOfJson(json: Json, interpreter: Interpreter, at: Place): ModelObject | Unreadable {
  const whole = asObject(json);
  const topology = asObject(whole?.modelTopology) ?? whole;
  const config = asObject(topology?.model_config) ?? asObject(topology?.modelConfig) ?? topology;
  if (config === undefined) return new Unreadable('it holds no model topology');
  interpreter.muted += 1;
  try {
    const model = new Reader(interpreter, at).layer(asObject(toTs(config)) ?? {});
    if (!(model instanceof ModelObject)) return new Unreadable('its topology is no model');
    return model;
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  } finally {
    interpreter.muted -= 1;
  }
}

/** Reads layers of one file. Throws Unreadable. */
class Reader {
  readonly #interpreter: Interpreter;
  readonly #at: Place;

  constructor(interpreter: Interpreter, at: Place) {
    this.#interpreter = interpreter;
    this.#at = at;
  }

  /** `{ className, config }` */
  layer({ className, config }: JsonObject): LayerObject {
    if (className === 'Sequential') return this.#sequential(config);
    const options = asObject(config) ?? {};
    if (typeof className === 'string' && MODELS.has(className)) return this.#functional(options);
    if (className === 'InputLayer') return this.#input(options);
    const factory = typeof className === 'string' ? FACTORIES.get(className) : undefined;
    if (factory === undefined)
      throw new Unreadable(`it has a layer of class ${String(className)}, which is not in TensorFlow.js`);
    return this.#make(layerFactories.get(factory), this.#options(options));
  }

  #make(factory: NativeFunction | undefined, config: Value): LayerObject {
    const made = factory?.call(this.#call([config]));
    if (made instanceof LayerObject) return made;
    throw new Unreadable('one of its layers cannot be made');
  }

  #call(args: readonly Value[]): Call {
    const at = this.#at;
    return { interpreter: this.#interpreter, args, argsAt: args.map(() => at), self: undefined, at, isNew: false };
  }

  /** A layer's options; the layers inside a wrapper are made first. */
  #options(config: JsonObject): ObjectValue {
    const options = new ObjectValue(new Map(), this.#at);
    for (const [key, value] of Object.entries(config)) options.properties.set(key, { value: this.#option(key, value) });
    return options;
  }

  #option(key: string, value: Json): Value {
    if (!/^(?:layer|cell|cells|forwardLayer|backwardLayer)$/.test(key)) return fromJson(value);
    if (Array.isArray(value)) return new ArrayValue(value.map((inner) => this.#option(key, inner)));
    const inner = asObject(value);
    return inner === undefined ? fromJson(value) : this.layer(inner);
  }

  #input(config: JsonObject): LayerObject {
    const record = plainOf(this.#options(config));
    const dims =
      typeof record === 'object' && record !== null && isRecord(record)
        ? declaredInputShape('inputLayer', record)
        : undefined;
    const { name, dtype } = config;
    const tensor = makeInput(
      this.#interpreter,
      dims == null ? null : inputAxes(dims),
      typeof name === 'string' ? name : undefined,
      typeof dtype === 'string' ? dtype : undefined,
      this.#at,
    );
    const { producer } = tensor.fact;
    return this.#objectOf(producer?.kind === 'layerCall' ? producer.layer : undefined);
  }

  #sequential(config: Json): LayerObject {
    const options = asObject(config);
    const list = Array.isArray(config) ? config : options?.layers;
    if (!Array.isArray(list)) throw new Unreadable('it lists no layers');
    const layers = list.map((layer) => this.layer(asObject(layer) ?? {}));
    const settings = new ObjectValue();
    if (typeof options?.name === 'string') settings.properties.set('name', { value: options.name });
    settings.properties.set('layers', { value: new ArrayValue(layers) });
    return this.#make(modelFunctions.get('sequential'), settings);
  }

  /** Keras's Container.fromConfig: every layer is made, then each call once the tensors that it takes exist. */
  #functional(config: JsonObject): LayerObject {
    const entries = listOf(config.layers).map((data) => asObject(data) ?? {});
    const made = new Map<unknown, LayerObject>();
    let waiting: { readonly layer: LayerObject; readonly inputs: readonly Json[] }[] = [];
    for (const data of entries) {
      const layer = this.layer(data);
      made.set(data.name, layer);
      for (const node of listOf(data.inboundNodes)) waiting.push({ layer, inputs: listOf(node) });
    }
    while (waiting.length > 0) {
      const left = waiting.filter(({ layer, inputs }) => {
        const tensors = inputs.map((input) => tensorAt(made, input));
        if (!tensors.every((tensor) => tensor !== undefined)) return true;
        if (tensors.length > 0) this.#apply(layer, tensors, inputs);
        return false;
      });
      if (left.length === waiting.length) throw new Unreadable('its layers do not hang together');
      waiting = left;
    }
    const ends = (key: string): Value => {
      const tensors = endsOf(config[key]).map((end) => tensorAt(made, end));
      if (tensors.length === 0 || !tensors.every((t) => t !== undefined))
        throw new Unreadable(`its ${key} are not known`);
      return new ArrayValue([...tensors]);
    };
    const settings = ObjectValue.of({ inputs: ends('inputLayers'), outputs: ends('outputLayers') });
    if (typeof config.name === 'string') settings.properties.set('name', { value: config.name });
    return this.#make(modelFunctions.get('model'), settings);
  }

  #apply(layer: LayerObject, tensors: readonly TensorObject[], inputs: readonly Json[]): void {
    const [first] = tensors;
    const kwargs = asObject(listOf(inputs[0])[3]);
    layer.apply(
      this.#interpreter,
      tensors.length === 1 ? first : new ArrayValue([...tensors]),
      kwargs === undefined ? undefined : fromJson(kwargs),
      this.#at,
    );
  }

  #objectOf(fact: LayerObject['fact'] | undefined): LayerObject {
    const object = fact === undefined ? undefined : stateOf(this.#interpreter).layers.get(fact);
    if (object === undefined) throw new Unreadable('one of its inputs cannot be made');
    return object;
  }
}

/** `[layer, node, tensor]`: an output of one of the layer's calls. */
function tensorAt(made: ReadonlyMap<unknown, LayerObject>, place: Json): TensorObject | undefined {
  const [name, node, tensor] = listOf(place);
  const layer = made.get(name);
  if (layer === undefined) return undefined;
  const index = typeof node === 'number' ? node : 0;
  // A model has a node of its own before the first call of it.
  const before = layer instanceof ModelObject ? 1 : 0;
  const outputs =
    layer instanceof ModelObject && index === 0 ? layer.model.outputs : layer.calls[index - before]?.outputs;
  const fact = outputs?.[typeof tensor === 'number' ? tensor : 0];
  return fact === undefined ? undefined : new TensorObject(fact);
}

/** A list of ends; a lone one may stand without a list around it. */
function endsOf(value: Json): readonly Json[] {
  const list = listOf(value);
  return typeof list[0] === 'string' ? [list] : list;
}

function listOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function asObject(value: Json): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

const NAMES_OF_LAYERS = new Set(['inboundNodes', 'inputLayers', 'outputLayers']);

/** Python's names in TensorFlow.js's: keys and texts, but for the names of layers (tfjs-layers, serialization_utils.ts). */
function toTs(value: Json, key?: string): Json {
  if (typeof value === 'string') return toCamelCase(value);
  if (Array.isArray(value)) {
    const names = key !== undefined && NAMES_OF_LAYERS.has(key);
    return value.map((item, i) => (names && i === 0 && typeof item === 'string' ? item : toTs(item, key)));
  }
  const object = asObject(value);
  if (object === undefined) return value;
  return Object.fromEntries(
    Object.entries(object).map(([name, inner]) => {
      if (name === 'name' && typeof inner === 'string') return [name, inner];
      const renamed = toCamelCase(name);
      return [renamed, toTs(inner, renamed)];
    }),
  );
}

function toCamelCase(text: string): string {
  if (text.length <= 1 || !text.includes('_')) return text;
  return text.replace(/_+(\w|$)/g, (_, letter: string) => letter.toUpperCase());
}

/** A model of the same layers with weights of its own, as `modelFromJSON(model.toJSON())` gives it. */
export function copyOf(model: ModelObject, interpreter: Interpreter, at: Place): ModelObject | Unreadable {
  interpreter.muted += 1;
  try {
    return copyModel(model, interpreter, at);
  } catch (error) {
    if (error instanceof Unreadable) return error;
    throw error;
  } finally {
    interpreter.muted -= 1;
  }
}

function copyModel({ model }: ModelObject, interpreter: Interpreter, at: Place): ModelObject {
  const state = stateOf(interpreter);
  if (!model.exact) throw new Unreadable('the layers of the model are not known');
  const layers = new Map<LayerFact, LayerObject>();
  const tensors = new Map<TensorFact, TensorFact>();
  const copied = (fact: LayerFact): LayerObject => {
    const known = layers.get(fact);
    if (known !== undefined) return known;
    const of = state.layers.get(fact);
    if (of === undefined || of instanceof CustomLayerObject)
      throw new Unreadable(`its layer ${fact.name} is not followed`);
    const made =
      of instanceof ModelObject
        ? copyModel(of, interpreter, at)
        : new LayerObject({ ...fact, id: state.id(), at, weights: undefined }, of.like);
    layers.set(fact, made);
    state.layers.set(made.fact, made);
    return made;
  };
  const of = (fact: TensorFact): TensorFact => {
    const known = tensors.get(fact);
    if (known === undefined) throw new Unreadable('its layers do not hang together');
    return known;
  };
  for (const input of model.inputs) {
    const layer = input.producer?.kind === 'layerCall' ? input.producer.layer : undefined;
    const made = makeInput(interpreter, input.shape, layer?.name, input.dtype, at).fact;
    tensors.set(input, made);
    if (layer !== undefined && made.producer?.kind === 'layerCall') {
      const object = state.layers.get(made.producer.layer);
      if (object !== undefined) layers.set(layer, object);
    }
  }
  for (const call of model.calls) {
    if (call.inputs.length === 0) continue;
    const inputs = call.inputs.map((input) => new TensorObject(of(input)));
    const output = copied(call.layer).apply(
      interpreter,
      inputs.length === 1 ? inputs[0] : new ArrayValue(inputs),
      undefined,
      at,
    );
    const outputs = tensorsIn(output) ?? [];
    for (const [i, fact] of call.outputs.entries()) {
      const made = outputs[i];
      if (made !== undefined) tensors.set(fact, made.fact);
    }
  }
  const fact: ModelFact = {
    ...model,
    id: state.id(),
    at,
    layers: model.layers.map((layer) => copied(layer).fact),
    inputs: model.inputs.map(of),
    outputs: model.outputs.map(of),
    calls: [],
  };
  fact.calls = graphOf(fact.inputs, fact.outputs).calls;
  const copy = new ModelObject(interpreter, fact, model.kind === 'sequential' ? 'Sequential' : 'Functional', at);
  copy.builtFor = fact.inputs.map((t) => t.shape);
  copy.fact.weights = copy.like.weights(copy.builtFor);
  return copy;
}
