import type { Mutable } from '../../../interpreter/effects/journal';
import type { Interpreter } from '../../../interpreter/interpreter';
import {
  ArrayValue,
  HostObject,
  type MISSING,
  NativeFunction,
  type ObjectValue,
  UnknownValue,
  type Value,
} from '../../../interpreter/values/values';
import { symbol } from '../../../shapes/dim';
import type { Shape } from '../../../shapes/shape';
import { row } from '../../../table';
import type { LayerCallFact, LayerFact, ModelFact, Place, TensorFact } from '../../../trace/facts';
import type { LayerLike, LayerResult } from '../../plain';
import { forward } from '../forward';
import { inputAxes } from '../modelParts';
import { namesOf, stateOf } from '../state';
import { modelMethod } from '../training';
import { setWeights } from '../weightsCopy';
import { countOf, LayerObject, type LayerState } from './layer';
import { makeTensor, shapeValue, TensorObject } from './tensor';
import { valuesOf, weightsList } from './weights';

interface ModelState extends LayerState {
  readonly model: Pick<ModelFact, 'layers' | 'calls' | 'inputs' | 'outputs' | 'exact' | 'trainable'>;
  readonly compiled: ObjectValue | undefined;
}

/** A model. It may stand in the place of a layer: then `layer.fact` is how it appears in another model. */
export class ModelObject extends LayerObject implements Mutable {
  override readonly type = 'model';
  readonly model: ModelFact;
  /** What `compile` was given last. */
  compiled: ObjectValue | undefined;

  constructor(interpreter: Interpreter, model: ModelFact, className: string, at: Place) {
    const layer: LayerFact = {
      id: model.id,
      type: model.kind === 'sequential' ? 'sequential' : 'functional',
      className,
      name: model.name,
      at,
      optionsAt: undefined,
      options: new Map(),
      optionsOpen: false,
      positional: [],
      weights: undefined,
      trainable: true,
      wrapper: undefined,
      inner: [],
      model,
      madeIn: interpreter.context.activation,
    };
    super(layer, new ModelLayer(interpreter, model));
    this.model = model;
    interpreter.journal.born(this);
    stateOf(interpreter).layers.set(layer, this);
    stateOf(interpreter).modelObjects.set(model, this);
  }

  override snapshot(): ModelState {
    const { layers, calls, inputs, outputs, exact, trainable } = this.model;
    return {
      ...super.snapshot(),
      model: { layers, calls, inputs, outputs, exact, trainable },
      compiled: this.compiled,
    };
  }

  override restore(state: ModelState): void {
    super.restore(state);
    Object.assign(this.model, state.model);
    this.compiled = state.compiled;
  }

  override merge(a: ModelState, b: ModelState): ModelState {
    return { ...super.merge(a, b), model: mergeModels(a.model, b.model), compiled: a.compiled ?? b.compiled };
  }

  override setTrainable(interpreter: Interpreter, value: Value, at: Place): void {
    interpreter.touch(this);
    this.model.trainable = typeof value === 'boolean' ? value : undefined;
    this.fact.trainable = this.model.trainable;
    interpreter.record({ kind: 'trainable', at, target: this.model, value: this.model.trainable });
    // Setting it on a model sets it on each of its layers.
    const { layers } = stateOf(interpreter);
    for (const layer of this.model.layers) {
      const object = layers.get(layer);
      if (object === undefined) continue;
      interpreter.touch(object);
      object.fact.trainable = this.model.trainable;
    }
  }

  override get(name: string, interpreter: Interpreter, at: Place): Value | typeof MISSING {
    const property = row(PROPERTIES, name);
    if (property !== undefined) return property(this, interpreter, at);
    const method = modelMethod(name) ?? row(METHODS, name);
    if (method !== undefined) return new NativeFunction(name, (call) => method(this, call));
    return super.get(name, interpreter, at);
  }
}

/** Layers that only one path adds make the list inexact; the shapes that both agree on stay. */
function mergeModels(a: ModelState['model'], b: ModelState['model']): ModelState['model'] {
  const same = a.layers.length === b.layers.length && a.layers.every((l, i) => l === b.layers[i]);
  const trainable = a.trainable === b.trainable ? a.trainable : undefined;
  if (same) return { ...a, exact: a.exact && b.exact, trainable };
  return {
    layers: [...a.layers, ...b.layers.filter((l) => !a.layers.includes(l))],
    calls: [...a.calls, ...b.calls.filter((c) => !a.calls.includes(c))],
    inputs: a.inputs.length > 0 ? a.inputs : b.inputs,
    outputs: joinOutputs(a.outputs, b.outputs),
    exact: false,
    trainable,
  };
}

function joinOutputs(a: readonly TensorFact[], b: readonly TensorFact[]): readonly TensorFact[] {
  const [x] = a;
  const [y] = b;
  if (x === undefined || y === undefined) return a.length > 0 ? a : b;
  const joined = new TensorObject(x).joined(new TensorObject(y));
  return joined instanceof TensorObject ? [{ ...joined.fact, producer: y.producer ?? x.producer }] : a;
}

/** How a model behaves in the place of a layer: its calls run again on the shapes that it is given. */
class ModelLayer implements LayerLike {
  readonly type: string;
  readonly className: string;
  readonly options = { kind: 'record', entries: new Map(), open: false } as const;
  readonly #interpreter: Interpreter;
  readonly #model: ModelFact;

  constructor(interpreter: Interpreter, model: ModelFact) {
    this.#interpreter = interpreter;
    this.#model = model;
    this.type = model.kind;
    this.className = model.kind === 'sequential' ? 'Sequential' : 'Functional';
  }

  call(inputs: readonly Shape[], symbolic = true): LayerResult {
    return { outputs: forward(this.#interpreter, this.#model, inputs, symbolic) };
  }

  weights(): LayerFact['weights'] {
    const all = this.#model.layers.map((l) => l.weights);
    return all.every((w) => w !== undefined) ? all.flat() : undefined;
  }

  run(inputs: readonly Shape[]): void {
    forward(this.#interpreter, this.#model, inputs, false);
  }
}

const PROPERTIES: Readonly<Record<string, (model: ModelObject, interpreter: Interpreter, at: Place) => Value>> = {
  layers: (m, i, at) => {
    const { layers } = stateOf(i);
    const list = new ArrayValue(m.model.layers.map((l) => layers.get(l)));
    if (!m.model.exact) list.rest = i.unknown('branch', at, 'which layers the model has depends');
    return list;
  },
  inputs: (m) => new ArrayValue(m.model.inputs.map((t) => new TensorObject(t))),
  outputs: (m) => new ArrayValue(m.model.outputs.map((t) => new TensorObject(t))),
  input: (m) => oneOf(m.model.inputs),
  output: (m) => oneOf(m.model.outputs),
  name: (m) => m.model.name,
  outputShape: (m, i, at) => shapeValue(m.model.outputs[0]?.shape ?? null, i, at, undefined),
  weights: (m, i, at) => modelWeights(m, i, at, 'all'),
  trainableWeights: (m, i, at) => modelWeights(m, i, at, 'trainable'),
  nonTrainableWeights: (m, i, at) => modelWeights(m, i, at, 'other'),
  optimizer: (_m, i, at) => new UnknownValue(i.reason('unsupported', at, "the model's optimizer"), 'optimizer'),
  loss: (m) => m.compiled?.properties.get('loss')?.value,
};

function oneOf(facts: readonly TensorFact[]): Value {
  const tensors = facts.map((t) => new TensorObject(t));
  return tensors.length === 1 ? tensors[0] : new ArrayValue(tensors);
}

export function modelWeights(
  model: ModelObject,
  interpreter: Interpreter,
  at: Place,
  which: 'all' | 'trainable' | 'other',
): ArrayValue {
  // tfjs lists those that train before the others, whatever their layers.
  const lists = (which === 'all' ? (['trainable', 'other'] as const) : [which]).flatMap((part) =>
    model.model.layers.map((l) =>
      weightsList(
        l,
        (w) => (w.trainable && l.trainable !== false) === (part === 'trainable'),
        interpreter,
        at,
        which === 'trainable' ? 'trainable' : 'all',
      ),
    ),
  );
  const list = new ArrayValue(
    lists.flatMap((l) => l.elements),
    lists.find((l) => l.rest !== undefined)?.rest,
  );
  list.source = { of: model.model, which: which === 'trainable' ? 'trainable' : 'all' };
  return list;
}

/** What `toJSON` gives: enough to make the model anew. */
export class TopologyObject extends HostObject {
  readonly type = 'topology';
  readonly model: ModelObject;

  constructor(model: ModelObject) {
    super();
    this.model = model;
  }

  get(name: string, interpreter: Interpreter, at: Place): Value {
    return new UnknownValue(interpreter.reason('unsupported', at, `${name} of a model's topology`), name);
  }
}

type Method = (model: ModelObject, call: Parameters<NativeFunction['call']>[0]) => Value;

const METHODS: Readonly<Record<string, Method>> = {
  getLayer: (m, { interpreter, args: [name, index], at }) => {
    const { layers } = stateOf(interpreter);
    const position = typeof index === 'number' ? index : typeof name === 'number' ? name : undefined;
    const found = position === undefined ? m.model.layers.find((l) => l.name === name) : m.model.layers[position];
    return (
      (found === undefined ? undefined : layers.get(found)) ??
      interpreter.unknown('unsupported', at, `no layer ${String(name)} in view`)
    );
  },
  summary: () => undefined,
  toJSON: (m) => new TopologyObject(m),
  countParams: (m, { interpreter, at }) =>
    paramsOf(m, interpreter).total ?? interpreter.unknown('unsupported', at, 'the number of its weights is not known'),
  getWeights: (m, { interpreter, at }) => valuesOf(modelWeights(m, interpreter, at, 'all')),
  setWeights: (m, { interpreter, args: [weights], at }) => {
    const own = m.model.exact ? m.model.layers.map((l) => l.weights) : [undefined];
    const all = own.every((w) => w !== undefined) ? own.flat() : undefined;
    return setWeights(interpreter, m.model, all, weights, at);
  },
  loadWeights: (m, { interpreter, at }) => {
    interpreter.record({ kind: 'weightsCopy', at, from: undefined, to: m.model, which: 'unknown' });
    return undefined;
  },
};

/** Weights in all, those that train, and the others; null where a size is not a number. */
export function paramsOf(
  model: ModelObject,
  interpreter: Interpreter,
): { total: number | null; trainable: number | null; nonTrainable: number | null } {
  const { layers } = stateOf(interpreter);
  let trainable: number | null = 0;
  let total: number | null = 0;
  for (const layer of model.model.layers) {
    const object = layers.get(layer);
    const own = object instanceof ModelObject ? paramsOf(object, interpreter) : undefined;
    const all = own === undefined ? (object === undefined ? undefined : countOf(object)) : (own.total ?? undefined);
    const some =
      own === undefined ? (object === undefined ? undefined : countOf(object, (t) => t)) : (own.trainable ?? undefined);
    total = total === null || all === undefined ? null : total + all;
    trainable = trainable === null || some === undefined ? null : trainable + some;
  }
  if (!model.model.exact) return { total: null, trainable: null, nonTrainable: null };
  return { total, trainable, nonTrainable: total === null || trainable === null ? null : total - trainable };
}

/** The symbolic input that `tf.input` makes, behind its InputLayer. */
export function makeInput(
  interpreter: Interpreter,
  shape: Shape,
  name: string | undefined,
  dtype: string | undefined,
  at: Place,
): TensorObject {
  const state = stateOf(interpreter);
  const layer: LayerFact = {
    id: state.id(),
    type: 'inputLayer',
    className: 'InputLayer',
    name: name ?? namesOf(interpreter).input(),
    at,
    optionsAt: undefined,
    options: new Map(),
    optionsOpen: false,
    positional: [],
    weights: undefined,
    trainable: false,
    wrapper: undefined,
    inner: [],
    model: undefined,
    madeIn: interpreter.context.activation,
  };
  const options = { kind: 'record', entries: new Map(), open: false } as const;
  const object = new LayerObject(layer, {
    type: 'inputLayer',
    className: 'InputLayer',
    options,
    call: () => ({ outputs: [shape] }),
    weights: () => [],
  });
  state.layers.set(layer, object);
  return startWith(interpreter, object, shape, dtype, at);
}

/** An input whose shape is a list that is not known, by the name of the list: its sizes once its rank is. */
export function nameSizes(interpreter: Interpreter, input: TensorFact, name: string): void {
  const ofRank = new Map<number, Shape>();
  stateOf(interpreter).openInputs.set(input, (rank) => {
    const known = ofRank.get(rank);
    if (known !== undefined) return known;
    const sizes = Array.from({ length: rank - 1 }, (_, i) => symbol(`${name}[${i}]`));
    const made = inputAxes([null, ...sizes]);
    ofRank.set(rank, made);
    return made;
  });
}

/** The output of an input layer: a tensor that no other leads to. */
export function startWith(
  interpreter: Interpreter,
  layer: LayerObject,
  shape: Shape,
  dtype: string | undefined,
  at: Place,
): TensorObject {
  const reason = shape === null ? interpreter.reason('unsupported', at, 'this input shape is not known') : undefined;
  const tensor = makeTensor(interpreter, at, shape, { symbolic: true, dtype: dtype ?? 'float32' }, reason);
  const call = interpreter.record<LayerCallFact>({
    kind: 'layerCall',
    at,
    layer: layer.fact,
    inputs: [],
    outputs: [tensor.fact],
    mode: 'unknown',
    symbolic: true,
  });
  tensor.fact.producer = call;
  layer.builtFor = [];
  layer.fact.weights = [];
  layer.calls = [call];
  return tensor;
}
