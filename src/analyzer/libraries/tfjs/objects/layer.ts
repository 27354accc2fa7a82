import type { Mutable } from '../../../interpreter/effects/journal';
import type { Interpreter } from '../../../interpreter/interpreter';
import { tolerating } from '../../../interpreter/syntax/alternatives';
import { joinAll } from '../../../interpreter/values/join';
import {
  ArrayValue,
  HostObject,
  isUnknown,
  type MISSING,
  NativeFunction,
  ObjectValue,
  UnionValue,
  UnknownValue,
  type Value,
} from '../../../interpreter/values/values';
import { symbol } from '../../../shapes/dim';
import { axis, isExact, type Shape } from '../../../shapes/shape';
import { row } from '../../../table';
import type { LayerCallFact, LayerFact, Mode, Place, ReasonFact, Refusal, TensorFact } from '../../../trace/facts';
import type { LayerLike, LayerResult, Plain } from '../../plain';
import { Refused } from '../../refused';
import { DOUBT } from '../doubt';
import { stateOf } from '../state';
import { setWeights } from '../weightsCopy';
import { makeTensor, shapeValue, TensorObject, tensorsIn } from './tensor';
import { valuesOf, weightsList } from './weights';

export type LayerState = Pick<LayerFact, 'weights' | 'trainable'> & {
  readonly calls: readonly LayerCallFact[];
  readonly builtFor: readonly Shape[] | undefined;
};

/** A layer: of a table, of a user's class, or a model in the place of one. */
export class LayerObject extends HostObject implements Mutable {
  readonly type: string = 'layer';
  readonly fact: LayerFact;
  readonly like: LayerLike;
  calls: readonly LayerCallFact[] = [];
  /** The shapes that it was built for. */
  builtFor: readonly Shape[] | undefined;

  /** The same layer with the options unknown that the analyzer is not sure of. */
  readonly #doubted: LayerLike | undefined;

  constructor(fact: LayerFact, like: LayerLike, doubted?: LayerLike) {
    super();
    this.fact = fact;
    this.like = like;
    this.#doubted = doubted;
  }

  snapshot(): LayerState {
    return { weights: this.fact.weights, trainable: this.fact.trainable, calls: this.calls, builtFor: this.builtFor };
  }

  restore(state: LayerState): void {
    this.fact.weights = state.weights;
    this.fact.trainable = state.trainable;
    this.calls = state.calls;
    this.builtFor = state.builtFor;
  }

  merge(a: LayerState, b: LayerState): LayerState {
    return {
      weights: a.weights ?? b.weights,
      trainable: a.trainable === b.trainable ? a.trainable : undefined,
      calls: [...a.calls, ...b.calls.filter((c) => !a.calls.includes(c))],
      builtFor: a.builtFor ?? b.builtFor,
    };
  }

  toPlain(): Plain {
    return { kind: 'layer', layer: this.like };
  }

  override set(name: string, value: Value, interpreter: Interpreter, at: Place): boolean {
    if (name === 'trainable') this.setTrainable(interpreter, value, at);
    if (name === 'name' && typeof value === 'string') this.fact.name = value;
    return name === 'trainable' || name === 'name';
  }

  setTrainable(interpreter: Interpreter, value: Value, at: Place): void {
    interpreter.touch(this);
    this.fact.trainable = typeof value === 'boolean' ? value : undefined;
    interpreter.record({ kind: 'trainable', at, target: this.fact, value: this.fact.trainable });
  }

  get(name: string, interpreter: Interpreter, at: Place): Value | typeof MISSING {
    const property = row(PROPERTIES, name);
    if (property !== undefined) return property(this, interpreter, at);
    const method = row(METHODS, name);
    if (method !== undefined) return new NativeFunction(name, (call) => method(this, call.args, interpreter, call.at));
    return this.field(name, interpreter, at);
  }

  /** What else tfjs keeps in a layer: options as they were given, and state that is not followed. */
  protected field(name: string, interpreter: Interpreter, at: Place): Value | typeof MISSING {
    const given = this.like.options.entries.get(name);
    if (typeof given === 'number' || typeof given === 'boolean' || typeof given === 'string') return given;
    return new UnknownValue(
      interpreter.reason('unsupported', at, `${name} of ${this.fact.type} is not followed`),
      name,
      symbol,
    );
  }

  /** `layer.apply(inputs, kwargs)`, for each alternative of the inputs. */
  apply(interpreter: Interpreter, inputs: Value, kwargs: Value, at: Place): Value {
    if (inputs instanceof UnionValue) {
      const live = inputs.options.filter((o) => o !== undefined && o !== null);
      return applyToOptions(this, interpreter, live, kwargs, at);
    }
    const state = kwargs instanceof ObjectValue ? kwargs.properties.get('initialState')?.value : undefined;
    const tensors = tensorsIn(inputs);
    const states = state === undefined ? [] : tensorsIn(state);
    if (tensors === undefined || states === undefined) return this.#applyToUnknown(interpreter, inputs, kwargs, at);
    if (!TAKES_STATES.test(this.fact.type) && tensors.some(drawsGraph) && tensors.some(isData))
      return this.#refused(interpreter, tensors, MIXED, kwargs, at);
    return this.applyTo(interpreter, [...tensors, ...states], inputs, kwargs, at);
  }

  /** Applies the layer to tensors; a refusal is recorded and gives a tensor of unknown shape. */
  protected applyTo(
    interpreter: Interpreter,
    tensors: readonly TensorObject[],
    _given: Value,
    kwargs: Value,
    at: Place,
  ): Value {
    const shapes = tensors.map((t) => t.fact.shape ?? this.#required(interpreter, t, tensors.length));
    const symbolic = tensors.every((t) => t.fact.symbolic);
    try {
      const again = this.builtFor === undefined ? undefined : this.like.again?.(this.builtFor, shapes, symbolic);
      const result = again ?? this.like.call(shapes, symbolic);
      this.build(interpreter, shapes);
      if (!symbolic && interpreter.context.gradient !== undefined) this.like.train?.(shapes);
      return this.emit(
        interpreter,
        tensors,
        result.outputs,
        result.list === true,
        modeOf(symbolic, kwargs),
        symbolic,
        at,
      );
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const doubted = this.#inDoubt(shapes, symbolic);
      if (doubted !== undefined) {
        return this.emit(
          interpreter,
          tensors,
          doubted.outputs,
          doubted.list === true,
          modeOf(symbolic, kwargs),
          symbolic,
          at,
          DOUBT,
        );
      }
      return this.#refused(interpreter, tensors, error.refusal, kwargs, at);
    }
  }

  #refused(
    interpreter: Interpreter,
    tensors: readonly TensorObject[],
    refusal: Refusal,
    kwargs: Value,
    at: Place,
  ): Value {
    const symbolic = tensors.every((t) => t.fact.symbolic);
    const reason = interpreter.reason('error', at, refusal.message);
    const output = this.emit(interpreter, tensors, [null], false, modeOf(symbolic, kwargs), symbolic, at, reason);
    const [call] = this.calls.slice(-1);
    if (call !== undefined) stateOf(interpreter).refused.add(call);
    interpreter.record({
      kind: 'refusal',
      at,
      refusal,
      api: this.fact.type,
      layer: this.fact,
      inputs: tensors.map((t) => t.fact),
    });
    interpreter.stop(reason);
    return output;
  }

  /** An input of whatever rank is of the one rank that the layer takes, its sizes by name. */
  #required(interpreter: Interpreter, { fact }: TensorObject, inputs: number): Shape {
    const open = stateOf(interpreter).openInputs.get(fact);
    if (open === undefined || inputs !== 1 || this.fact.model !== undefined) return null;
    const fitting = [2, 3, 4, 5].map(open).filter((shape) => this.#takes(shape));
    return fitting.length === 1 ? (fitting[0] ?? null) : null;
  }

  #takes(shape: Shape): boolean {
    try {
      this.like.call([shape], true);
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  #inDoubt(shapes: readonly Shape[], symbolic: boolean): LayerResult | undefined {
    try {
      return this.#doubted?.call(shapes, symbolic);
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  /** The layer has its weights from now on. */
  build(interpreter: Interpreter, shapes: readonly Shape[]): void {
    if (this.builtFor !== undefined) return;
    interpreter.touch(this);
    this.builtFor = shapes;
    this.fact.weights = this.like.weights(shapes);
  }

  /** Records the call and makes its outputs. */
  emit(
    interpreter: Interpreter,
    tensors: readonly TensorObject[],
    shapes: readonly Shape[],
    list: boolean,
    mode: Mode,
    symbolic: boolean,
    at: Place,
    why?: ReasonFact,
  ): Value {
    const inputs = tensors.map((t) => t.fact);
    const reason = why ?? leastKnown(tensors)?.reason;
    const outputs = shapes.map((shape) => {
      const lost = isExact(shape) ? reason : (reason ?? this.#whyUnknown(interpreter, at));
      return makeTensor(interpreter, at, shape, { symbolic, dtype: 'float32' }, lost);
    });
    const fact = interpreter.record<LayerCallFact>({
      kind: 'layerCall',
      at,
      layer: this.fact,
      inputs,
      outputs: outputs.map((o) => o.fact),
      mode,
      symbolic,
      reason: outputs.find((o) => o.fact.shape?.every((a) => a.dim !== '?') !== true)?.reason,
    });
    const vague = tensors.some((t) => t.vague);
    const optional = tensors.some((t) => t.optional);
    const depth = Math.max(0, ...tensors.map((t) => t.depth)) + 1;
    for (const output of outputs) {
      output.fact.producer = fact;
      Object.assign(output, { vague, optional, depth });
    }
    interpreter.touch(this);
    this.calls = [...this.calls, fact];
    const [first] = outputs;
    return first !== undefined && outputs.length === 1 && !list ? first : new ArrayValue([...outputs]);
  }

  /** An option that is not known, else nothing in particular. */
  #whyUnknown(interpreter: Interpreter, at: Place): ReasonFact {
    for (const { value } of this.fact.options.values()) {
      if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'unknown')
        return value.reason;
    }
    return interpreter.reason('unsupported', at, `the output of ${this.fact.type} is not known`);
  }

  #applyToUnknown(interpreter: Interpreter, inputs: Value, kwargs: Value, at: Place): Value {
    const reason =
      interpreter.because(inputs)?.reason ??
      interpreter.reason('unsupported', at, `what ${this.fact.type} is applied to is not known`);
    let shape: Shape = null;
    try {
      const result = this.like.call([null]);
      if (result.outputs.length !== 1 || result.list === true) return new UnknownValue(reason);
      shape = result.outputs[0] ?? null;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
    const symbolic = !meansData(interpreter, kwargs);
    const unknown = makeTensor(interpreter, at, null, { symbolic }, reason);
    unknown.vague = true;
    const given = symbolic ? shape : (shape?.map((a) => (a.dim === null ? axis('?', a.role) : a)) ?? null);
    return this.emit(interpreter, [unknown], [given], false, modeOf(symbolic, kwargs), symbolic, at, reason);
  }
}

/** Their states may have values where their input is symbolic. */
const TAKES_STATES = /rnn|lstm|gru|bidirectional/i;

const MIXED: Refusal = {
  code: 'argument-count',
  message: 'one input is symbolic and another has values: apply() takes one kind',
  original: 'Arguments to apply() must be all SymbolicTensors or all Tensors',
  when: 'call',
  argument: 'inputs',
  advice:
    'A model is built of tf.input and layers alone; values go into model.predict. Or apply every layer to values.',
};

/** What `tf.input` or a layer on it gave: a type alone may be said of what is none (`as tf.Tensor`). */
const drawsGraph = ({ fact, vague }: TensorObject): boolean => fact.symbolic && !vague && fact.producer !== undefined;

const isData = (tensor: TensorObject): boolean => tensor.isMade && hasValues(tensor.fact);

/** What an op made, which takes no symbolic tensor, or a layer of that. */
function hasValues({ symbolic, variable, producer }: TensorFact): boolean {
  if (symbolic) return false;
  if (variable !== undefined || producer?.kind === 'op') return true;
  return producer?.kind === 'layerCall' && producer.inputs.some(hasValues);
}

function applyToOptions(
  layer: LayerObject,
  interpreter: Interpreter,
  options: readonly Value[],
  kwargs: Value,
  at: Place,
): Value {
  const paths = options.map((option) => () => layer.apply(interpreter, option, kwargs, at));
  const results = tolerating(interpreter, paths, (each) => each.map((path) => path()));
  const fine = results.filter((r) => !(r instanceof TensorObject && r.reason?.code === 'error'));
  return joinAll(fine.length > 0 ? fine : results);
}

/**
 * Whether what is not known is data, no symbolic tensor: where gradients are taken, in the `call` of a layer, which runs
 * on data alone, or where a call says whether it trains.
 */
export const meansData = ({ context }: Interpreter, kwargs: Value): boolean =>
  context.gradient !== undefined ||
  context.activation?.role === 'call' ||
  (kwargs instanceof ObjectValue && kwargs.properties.has('training'));

/** How normalization runs: `apply` is inference unless told otherwise; a symbolic call only draws the graph. */
export function modeOf(symbolic: boolean, kwargs: Value): Mode {
  if (symbolic || isUnknown(kwargs)) return 'unknown';
  if (!(kwargs instanceof ObjectValue)) return 'infer';
  const flag = kwargs.properties.get('training')?.value;
  if (flag === undefined) return kwargs.open === undefined ? 'infer' : 'unknown';
  return typeof flag === 'boolean' ? (flag ? 'train' : 'infer') : 'unknown';
}

const PROPERTIES: Readonly<Record<string, (layer: LayerObject, interpreter: Interpreter, at: Place) => Value>> = {
  name: (l) => l.fact.name,
  trainable: (l, i, at) => l.fact.trainable ?? new UnknownValue(i.reason('branch', at, 'whether it trains depends')),
  built: (l) => l.builtFor !== undefined,
  input: (l, i, at) => io(l, i, at, 'inputs'),
  output: (l, i, at) => io(l, i, at, 'outputs'),
  outputShape: (l, i, at) => shapeValue(l.calls[0]?.outputs[0]?.shape ?? null, i, at, undefined),
  batchInputShape: (l, i, at) => shapeValue(l.builtFor?.[0] ?? null, i, at, undefined),
  weights: (l, i, at) => weightsList(l.fact, () => true, i, at),
  trainableWeights: (l, i, at) =>
    weightsList(l.fact, (w) => w.trainable && l.fact.trainable !== false, i, at, 'trainable'),
  nonTrainableWeights: (l, i, at) => weightsList(l.fact, (w) => !w.trainable || l.fact.trainable === false, i, at),
};

function io(layer: LayerObject, interpreter: Interpreter, at: Place, side: 'inputs' | 'outputs'): Value {
  const tensors = layer.calls[0]?.[side].map((fact) => new TensorObject(fact));
  if (tensors === undefined) return interpreter.unknown('error', at, `${layer.fact.name} was not called yet`);
  return tensors.length === 1 ? tensors[0] : new ArrayValue(tensors);
}

type Method = (layer: LayerObject, args: readonly Value[], interpreter: Interpreter, at: Place) => Value;

const apply: Method = (layer, [inputs, kwargs], interpreter, at) => layer.apply(interpreter, inputs, kwargs, at);

const METHODS: Readonly<Record<string, Method>> = {
  apply,
  call: apply,
  getWeights: (l, _args, i, at) => valuesOf(weightsList(l.fact, () => true, i, at)),
  setWeights: (l, [weights], i, at) => setWeights(i, l.fact, l.fact.weights, weights, at),
  countParams: (l, _args, i, at) =>
    countOf(l) ?? i.unknown('unsupported', at, 'the number of its weights is not known'),
  getConfig: (l, _args, i, at) => {
    const config = new ObjectValue();
    config.open = i.unknown('unsupported', at, `the configuration of ${l.fact.name}`);
    return config;
  },
  build: () => undefined,
  dispose: () => undefined,
  getClassName: (l) => l.fact.className,
  clearCallHook: () => undefined,
  setCallHook: () => undefined,
  invokeCallHook: () => undefined,
  addLoss: () => undefined,
  resetStates: () => undefined,
  computeOutputShape: (l, [given], i, at) => {
    const dims = given instanceof ArrayValue && given.rest === undefined ? given.elements : undefined;
    void dims;
    return shapeValue(null, i, at, i.reason('unsupported', at, `computeOutputShape of ${l.fact.type}`));
  },
};

/** The number of a layer's weights; undefined where a size is not a number. */
export function countOf(layer: LayerObject, which: (trainable: boolean) => boolean = () => true): number | undefined {
  if (layer.fact.weights === undefined) return undefined;
  let total = 0;
  for (const weight of layer.fact.weights) {
    if (!which(weight.trainable && layer.fact.trainable !== false)) continue;
    let size = 1;
    for (const dim of weight.shape) {
      if (typeof dim !== 'number') return undefined;
      size *= dim;
    }
    total += size;
  }
  return total;
}

/** Of tensors that are not wholly known, the one of which least is known: it is why the output is not. */
function leastKnown(tensors: readonly TensorObject[]): TensorObject | undefined {
  const lost = tensors.filter((t) => t.reason !== undefined);
  return (
    lost.find(({ fact }) => fact.shape === null) ??
    lost.find(({ fact }) => fact.shape?.some(({ dim }) => dim === '?')) ??
    lost[0]
  );
}
