import type { Interpreter } from '../../../interpreter/interpreter';
import {
  ArrayValue,
  asNumber,
  type Call,
  ClassValue,
  isUnknown,
  MISSING,
  NativeFunction,
  ObjectValue,
  UnknownValue,
  type Value,
} from '../../../interpreter/values/values';
import { certainlyDiffer } from '../../../shapes/bounds';
import { type Dim, symbol } from '../../../shapes/dim';
import { axis, shape as makeShape, type Role, type Shape } from '../../../shapes/shape';
import type { LayerFact, Place, WeightFact } from '../../../trace/facts';
import type { LayerLike, LayerResult, PlainRecord } from '../../plain';
import { optionFacts, plainOf } from '../plainOf';
import { namesOf, stateOf } from '../state';
import { LayerObject, modeOf } from './layer';
import { callMethod, methodPlace } from './methods';
import { makeTensor, shapeValue, type TensorObject, tensorsIn } from './tensor';
import { makeWeight } from './weights';

/** What `class X extends tf.layers.Layer` inherits: the state of the layer behind an instance of the user's class. */
export class CustomLayerObject extends LayerObject {
  readonly instance: ObjectValue;
  readonly #weights: WeightFact[];
  #compared = false;

  constructor(fact: LayerFact, instance: ObjectValue, options: PlainRecord) {
    const weights: WeightFact[] = [];
    super(fact, new UserLayer(fact, options, weights));
    this.instance = instance;
    this.#weights = weights;
  }

  override get(name: string, interpreter: Interpreter, at: Place): Value | typeof MISSING {
    if (name === 'addWeight') return new NativeFunction(name, (call) => this.#addWeight(call));
    if (name === 'call')
      return new NativeFunction(name, ({ args: [inputs] }) =>
        inputs instanceof ArrayValue && inputs.elements.length === 1 ? inputs.elements[0] : inputs,
      );
    if (name === 'computeOutputShape') return new NativeFunction(name, ({ args: [shape] }) => shape);
    return super.get(name, interpreter, at);
  }

  /** The class's own fields are those of the instance. */
  protected override field(): typeof MISSING {
    return MISSING;
  }

  /** Evaluates the user's `build`, `computeOutputShape` and `call`. */
  protected override applyTo(
    interpreter: Interpreter,
    tensors: readonly TensorObject[],
    given: Value,
    kwargs: Value,
    at: Place,
  ): Value {
    const symbolic = tensors.every((t) => t.fact.symbolic);
    const shapes = tensors.map((t) => t.fact.shape);
    const shapeArgument = listOrOne(
      tensors.map((t) => shapeValue(t.fact.shape, interpreter, at, t.reason)),
      given,
    );
    if (this.builtFor === undefined) {
      callMethod(interpreter, this.instance, 'build', [shapeArgument], at);
      this.build(interpreter, shapes);
    }
    if (!symbolic) {
      const result = callMethod(interpreter, this.instance, 'call', [given, kwargs ?? new ObjectValue()], at);
      const outputs = result === undefined ? undefined : tensorsIn(result.value);
      if (result === undefined) return given;
      if (outputs === undefined)
        return isUnknown(result.value) ? this.#lost(interpreter, tensors, symbolic, kwargs, at) : result.value;
      return this.emit(
        interpreter,
        tensors,
        outputs.map((o) => o.fact.shape),
        result.value instanceof ArrayValue,
        modeOf(false, kwargs),
        false,
        at,
      );
    }
    const declared = callMethod(interpreter, this.instance, 'computeOutputShape', [shapeArgument], at);
    // Without the method a layer's outputs have the shapes of its inputs, as many as there are.
    const outputShapes = declared === undefined ? shapes : shapesOf(declared.value, shapes[0] ?? null);
    const list = outputShapes.length > 1;
    // What is not known to be symbolic may be data, with no model around it.
    if (!tensors.some((t) => t.vague)) stateOf(interpreter).waiting.add(this);
    return this.emit(interpreter, tensors, outputShapes, list, 'unknown', true, at);
  }

  /**
   * What `call` does when the model runs on inputs of these shapes: it is given a list, whatever `apply` was given.
   * Undefined where its result is not known.
   */
  execute(interpreter: Interpreter, shapes: readonly Shape[]): readonly Shape[] | undefined {
    stateOf(interpreter).waiting.delete(this);
    const at = this.fact.at;
    // One model runs on one batch: it has one size in all inputs.
    const batch = symbol('batch');
    const real = shapes.map((shape) => makeTensor(interpreter, at, running(shape, batch), { dtype: 'float32' }));
    const inputs = new ArrayValue([...real]);
    inputs.isInputs = true;
    const { mode } = stateOf(interpreter);
    const reason = interpreter.reason('runtime-data', at, 'whether the layer trains is known only when it runs');
    const training = mode === 'train' || mode === 'infer' ? mode === 'train' : new UnknownValue(reason, 'training');
    const kwargs = ObjectValue.of({ training });
    const result = callMethod(interpreter, this.instance, 'call', [inputs, kwargs], at);
    if (result === undefined) return shapes;
    const computed = tensorsIn(result.value)?.map((t) => t.fact.shape);
    if (computed !== undefined) this.#compare(interpreter, real, computed, at);
    return computed;
  }

  /** What `call` gave, held against what the layer says of itself; told once. */
  #compare(interpreter: Interpreter, inputs: readonly TensorObject[], computed: readonly Shape[], at: Place): void {
    const place = methodPlace(this.instance, 'computeOutputShape') ?? methodPlace(this.instance, 'call');
    if (this.#compared || place === undefined) return;
    const declared = this.#declared(interpreter, inputs, at);
    const i = computed.findIndex((shape, k) => differ(declared[k] ?? null, shape));
    const [said, got] = [declared[i], computed[i]];
    if (said === undefined || got === undefined || declared.length !== computed.length) return;
    this.#compared = true;
    const hasMethod = methodPlace(this.instance, 'computeOutputShape') !== undefined;
    interpreter.record({
      kind: 'outputShapeDiffers',
      at: place,
      layer: this.fact,
      hasMethod,
      declared: said,
      computed: got,
    });
  }

  #declared(interpreter: Interpreter, inputs: readonly TensorObject[], at: Place): readonly Shape[] {
    const shapes = inputs.map((t) => t.fact.shape);
    const values = shapes.map((shape) => shapeValue(shape, interpreter, at, undefined));
    const argument = values.length === 1 ? values[0] : new ArrayValue(values);
    interpreter.muted += 1;
    const declared = callMethod(interpreter, this.instance, 'computeOutputShape', [argument], at);
    interpreter.muted -= 1;
    return declared === undefined ? shapes : shapesOf(declared.value, shapes[0] ?? null);
  }

  /** For a model that nobody runs in view: its layers are executed as they would be, on batches of some size. */
  executeWaiting(interpreter: Interpreter): void {
    const [call] = this.calls;
    if (call !== undefined)
      this.execute(
        interpreter,
        call.inputs.map((t) => t.shape),
      );
  }

  #lost(
    interpreter: Interpreter,
    tensors: readonly TensorObject[],
    symbolic: boolean,
    kwargs: Value,
    at: Place,
  ): Value {
    return this.emit(interpreter, tensors, [null], false, modeOf(symbolic, kwargs), symbolic, at);
  }

  /** `addWeight(name, shape, dtype, initializer, regularizer, trainable)` */
  #addWeight({ interpreter, args, at }: Call): Value {
    const [name, shape, , , , trainable] = args;
    const dims = dimsOf(shape);
    const weight: WeightFact = {
      name: typeof name === 'string' ? name : 'weight',
      shape: dims ?? ['?'],
      trainable: trainable !== false,
    };
    this.#weights.push(weight);
    const made = makeWeight(interpreter, this.fact, weight, at);
    if (dims === undefined) return interpreter.because(shape) === undefined ? made : made;
    return made;
  }
}

/** The class's own `call` is evaluated by the object; as a part of a wrapper only its weights are known. */
class UserLayer implements LayerLike {
  readonly type = 'custom';
  readonly className: string;
  readonly options: PlainRecord;
  readonly #weights: readonly WeightFact[];

  constructor(fact: LayerFact, options: PlainRecord, weights: readonly WeightFact[]) {
    this.className = fact.className;
    this.options = options;
    this.#weights = weights;
  }

  call(): LayerResult {
    return { outputs: [null] };
  }

  weights(): readonly WeightFact[] {
    return this.#weights;
  }
}

/** Whether two shapes differ for every input: in rank, or in a size behind the batch. */
function differ(a: Shape, b: Shape): boolean {
  if (a === null || b === null) return false;
  if (a.length !== b.length) return true;
  return a.some((x, i) => i > 0 && certainlyDiffer(x.dim, b[i]?.dim ?? '?'));
}

/** A shape as it is when the model runs: every size is some number. */
function running(shape: Shape, batch: Dim): Shape {
  return shape?.map((a) => (a.dim === null ? axis(a.role === 'batch' ? batch : symbol('length'), a.role) : a)) ?? null;
}

function listOrOne(values: readonly Value[], given: Value): Value {
  return given instanceof ArrayValue ? (values.length === 1 ? values[0] : new ArrayValue([...values])) : values[0];
}

function dimsOf(value: Value): Dim[] | undefined {
  if (!(value instanceof ArrayValue) || value.rest !== undefined) return undefined;
  return value.elements.map((e) => (e === null ? null : (asNumber(e) ?? '?')));
}

/** A shape, or a list of shapes, as computeOutputShape gives it; roles are kept where the rank is that of the input. */
function shapesOf(value: Value, input: Shape): Shape[] {
  if (value instanceof ArrayValue && value.elements[0] instanceof ArrayValue)
    return value.elements.flatMap((e) => shapesOf(e, input));
  const dims = dimsOf(value);
  if (dims === undefined) return [null];
  const roles: readonly (Role | undefined)[] = input?.length === dims.length ? input.map((a) => a.role) : [];
  return [makeShape(dims, roles)];
}

/** `super(config)` in a class that extends tf.layers.Layer. */
export function constructCustomLayer(
  { interpreter, args: [config], argsAt, at }: Call,
  instance: ObjectValue,
): LayerObject {
  const state = stateOf(interpreter);
  const stated = statedClassName(interpreter, instance, at);
  const className = typeof stated === 'string' ? stated : (instance.class?.name ?? 'Layer');
  const options = plainOf(config);
  const record: PlainRecord =
    typeof options === 'object' && options !== null && 'kind' in options && options.kind === 'record'
      ? options
      : { kind: 'record', entries: new Map(), open: config !== undefined };
  const name = record.entries.get('name');
  if (stated === undefined && !record.open && name == null) refuseNameless(interpreter, className, instance.at ?? at);
  const fact: LayerFact = {
    id: state.id(),
    type: 'custom',
    className,
    name: typeof name === 'string' ? name : namesOf(interpreter).layer(className),
    at: instance.at ?? at,
    optionsAt: argsAt[0],
    options: optionFacts(config),
    optionsOpen: record.open,
    positional: [],
    weights: undefined,
    trainable: true,
    wrapper: undefined,
    inner: [],
    model: undefined,
    madeIn: interpreter.context.activation,
  };
  const layer = new CustomLayerObject(fact, instance, record);
  interpreter.journal.born(layer);
  state.layers.set(fact, layer);
  interpreter.record({ kind: 'layerMade', at: fact.at, layer: fact });
  return layer;
}

/**
 * What `getClassName()` gives or, where the class leaves it as it is, `static className`, as a field or a getter, of the class or
 * of one above it; undefined where there is none.
 */
function statedClassName(interpreter: Interpreter, instance: ObjectValue, place: Place): Value {
  const told = callMethod(interpreter, instance, 'getClassName', [], place);
  if (told !== undefined) return told.value ?? null;
  for (let at: Value = instance.class; at instanceof ClassValue; at = at.superclass) {
    if (at.statics.properties.has('className')) return interpreter.get(at, 'className', place);
  }
  return undefined;
}

/** Layer's constructor makes the layer's name of the class's `className`, which tf.layers.Layer does not have. */
function refuseNameless(interpreter: Interpreter, className: string, at: Place): void {
  interpreter.record({
    kind: 'refusal',
    at,
    refusal: {
      code: 'option',
      message: `${className} has no static className, of which TensorFlow.js makes the layer's name`,
      original: "Cannot read properties of undefined (reading 'replace')",
      when: 'construct',
      argument: 'name',
      advice: `Write \`static className = '${className}';\` in the class, and register it with tf.serialization.registerClass if the model is saved.`,
    },
    api: className,
    layer: undefined,
    inputs: [],
  });
}
