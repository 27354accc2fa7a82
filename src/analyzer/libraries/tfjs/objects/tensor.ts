import type { Interpreter } from '../../../interpreter/interpreter';
import {
  ArrayValue,
  HostObject,
  isUnknown,
  MISSING,
  NativeFunction,
  ObjectValue,
  type Operation,
  optionsOf,
  PromiseValue,
  UnionValue,
  UnknownNumber,
  UnknownValue,
  type Value,
} from '../../../interpreter/values/values';
import { type Dim, isDefinite, isPoly, same, symbol } from '../../../shapes/dim';
import { joinShape, type Shape, sameShape, showShape, sizeOf } from '../../../shapes/shape';
import { row } from '../../../table';
import type { OperandFact, Place, ReasonFact, TensorFact } from '../../../trace/facts';
import { ofKnownLength, TypedArrayValue } from '../../javascript';
import type { PlainTensor } from '../../plain';
import { tensorMethod } from '../opCalls';
import { stateOf } from '../state';
import { keptIn } from '../typedArrays';
import { recordWrite } from '../weightsCopy';
import { bufferOf } from './buffer';

/** A tensor, real or symbolic. */
export class TensorObject extends HostObject {
  readonly type = 'tensor';
  readonly fact: TensorFact;
  /** Why its shape is not wholly known. */
  reason: ReasonFact | undefined;
  /** True where it is not known whether it is symbolic: what makes no sense for one kind is no error then. */
  vague = false;
  /** The layers on the longest way to it. */
  depth = 0;
  /** True where it stands for several of one shape: the graph behind it is one of several. */
  optional = false;

  constructor(fact: TensorFact, reason?: ReasonFact) {
    super();
    this.fact = fact;
    this.reason = reason;
  }

  toPlain(): PlainTensor {
    const { shape, dtype, scalar, symbolic } = this.fact;
    return { kind: 'tensor', shape, dtype, scalar, symbolic: symbolic && !this.vague };
  }

  override named(name: string): void {
    this.fact.name ??= name;
  }

  /** `if (useNorm) x = norm.apply(x)`: both have one shape, and the longer way shows more of the model. */
  override merged(other: HostObject): HostObject | undefined {
    if (!(other instanceof TensorObject) || !this.fact.symbolic || !other.fact.symbolic) return undefined;
    if (!alike(this.fact.shape, other.fact.shape)) return undefined;
    const longer = this.depth >= other.depth ? this : other;
    const one = new TensorObject(longer.fact, longer.reason);
    one.depth = longer.depth;
    one.vague = this.vague || other.vague;
    one.optional = true;
    return one;
  }

  override lostFor(reason: ReasonFact): void {
    this.reason = reason;
  }

  override joined(other: TensorObject, reason?: ReasonFact): TensorObject;
  override joined(other: HostObject, reason?: ReasonFact): TensorObject | undefined;
  override joined(other: HostObject, reason?: ReasonFact): TensorObject | undefined {
    if (!(other instanceof TensorObject)) return undefined;
    const { fact } = this;
    const one = new TensorObject(
      {
        ...fact,
        shape: joinShape(fact.shape, other.fact.shape),
        dtype: fact.dtype === other.fact.dtype ? fact.dtype : undefined,
        producer: undefined,
        scalar: undefined,
      },
      this.reason ?? other.reason ?? reason,
    );
    one.vague = this.vague || other.vague || fact.symbolic !== other.fact.symbolic;
    return one;
  }

  override covers(other: HostObject): boolean {
    if (this === other) return true;
    const { fact } = this;
    if (!(other instanceof TensorObject) || fact.producer !== undefined || fact.scalar !== undefined) return false;
    if (fact.symbolic !== other.fact.symbolic || (fact.dtype !== undefined && fact.dtype !== other.fact.dtype))
      return false;
    const [mine, theirs] = [fact.shape, other.fact.shape];
    if (mine === null || theirs === null) return mine === null;
    return (
      mine.length === theirs.length &&
      mine.every(({ dim }, i) => dim === '?' || dim === theirs[i]?.dim || same(dim, theirs[i]?.dim ?? '?') === true)
    );
  }

  /** A layer may give a list of symbolic tensors where one is assumed. */
  override iterate(): null | undefined {
    return this.fact.symbolic || !this.isMade ? null : undefined;
  }

  /** What code in view makes: of what only a type, a join or a refused op tells, a list or a number may be in its place. */
  get isMade(): boolean {
    if (this.reason?.code === 'error') return false;
    return !this.vague && (this.fact.producer !== undefined || this.fact.variable !== undefined);
  }

  override operated(use: Operation, interpreter: Interpreter): void {
    const { operator, at, assigned, operandsAt } = use;
    const operands = use.operands.map((value, i) => operandOf(value, operandsAt[i]));
    interpreter.record({ kind: 'operator', at, operator, assigned, operands });
  }

  override discarded(interpreter: Interpreter, at: Place): void {
    const { producer } = this.fact;
    if (
      producer !== undefined &&
      producer.at.file === at.file &&
      producer.at.start === at.start &&
      producer.at.end === at.end
    ) {
      interpreter.record({ kind: 'discard', at, call: producer });
    }
  }

  get(name: string, interpreter: Interpreter, at: Place): Value | typeof MISSING {
    const property = row(PROPERTIES, name);
    if (property !== undefined) return property(this, interpreter, at);
    return tensorMethod(name) ?? own(this, name, interpreter, at);
  }
}

/** What an operand is, for those who judge the operator. */
function operandOf(value: Value, at: Place | undefined): OperandFact {
  if (value instanceof ArrayValue) {
    const of = tensorOf(value.shapeOf);
    return { is: of !== undefined ? 'shape' : value.at === undefined ? 'other' : 'literal', tensor: of, at };
  }
  const tensor = tensorOf(optionsOf(value)[0]);
  return { is: tensor === undefined ? kindOf(value) : 'tensor', tensor, at };
}

function kindOf(value: Value): OperandFact['is'] {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number' || typeof value === 'boolean' || isPoly(value) || value instanceof UnknownNumber)
    return 'number';
  return isUnknown(value) || value instanceof UnionValue ? 'unknown' : 'other';
}

/** The tensor that a value is for certain. */
const tensorOf = (value: Value): TensorFact | undefined =>
  value instanceof TensorObject && (value.isMade || (value.fact.symbolic && !value.vague)) ? value.fact : undefined;

/** Whether two Keras shapes are written alike: null is null. */
function alike(a: Shape, b: Shape): boolean {
  if (a === null || b === null || a.length !== b.length) return false;
  return a.every(({ dim }, i) => dim !== '?' && (dim === b[i]?.dim || same(dim, b[i]?.dim ?? '?') === true));
}

function own(tensor: TensorObject, name: string, interpreter: Interpreter, at: Place): Value | typeof MISSING {
  const method = row(METHODS, name);
  if (method !== undefined)
    return new NativeFunction(name, (call) => method(tensor, call.interpreter, call.at, call.args));
  if (!tensor.fact.symbolic && tensor.isMade)
    interpreter.record({
      kind: 'member',
      at,
      owner: 'tensor',
      member: name,
      how: /^\d+$/.test(name) ? 'element' : 'property',
      exists: false,
      op: undefined,
    });
  return MISSING;
}

/** A size as a value of the program. */
export function dimValue(
  dim: Dim,
  interpreter: Interpreter,
  at: Place,
  reason: ReasonFact | undefined,
  name?: string,
): Value {
  if (dim === null || isDefinite(dim)) return dim;
  return new UnknownValue(reason ?? interpreter.reason('unsupported', at, 'this size is not known'), name, symbol);
}

/** A shape as the list that `x.shape` is. */
export function shapeValue(
  shape: Shape,
  interpreter: Interpreter,
  at: Place,
  reason: ReasonFact | undefined,
  name?: string,
): Value {
  if (shape === null)
    return new UnknownValue(reason ?? interpreter.reason('unsupported', at, 'this shape is not known'), name, symbol);
  return new ArrayValue(
    shape.map((a, i) => dimValue(a.dim, interpreter, at, reason, name === undefined ? undefined : `${name}[${i}]`)),
  );
}

type Property = (tensor: TensorObject, interpreter: Interpreter, at: Place) => Value;

const PROPERTIES: Readonly<Record<string, Property>> = {
  shape: (t, i, at) => {
    const shape = shapeValue(t.fact.shape, i, at, t.reason, `${t.fact.name ?? 'x'}.shape`);
    if (shape instanceof ArrayValue) shape.shapeOf = t;
    return shape;
  },
  rank: (t, i, at) =>
    t.fact.shape?.length ?? new UnknownValue(t.reason ?? i.reason('unsupported', at, 'this rank is not known')),
  size: (t, i, at) => dimValue(sizeOf(t.fact.shape), i, at, t.reason, `${t.fact.name ?? 'x'}.size`),
  dtype: (t, i, at) => t.fact.dtype ?? new UnknownValue(i.reason('unsupported', at, 'this dtype is not known')),
  id: (t) => t.fact.id,
  name: ({ fact: { variable } }, i, at) =>
    (variable?.layer === undefined ? variable?.name : undefined) ??
    new UnknownValue(i.reason('unsupported', at, 'this name is not known')),
  isDisposed: () => false,
  sourceLayer: (t, i) => {
    const { producer } = t.fact;
    return producer?.kind === 'layerCall' ? stateOf(i).layers.get(producer.layer) : undefined;
  },
};

type Method = (tensor: TensorObject, interpreter: Interpreter, at: Place, args: readonly Value[]) => Value;

const data: Method = (t, interpreter, at) => flatOf(t, interpreter, at);
const dataLater: Method = (t, interpreter, at) => new PromiseValue(flatOf(t, interpreter, at));
const nested: Method = (t, interpreter, at) => listsOf(t, interpreter, at);
const nestedLater: Method = (t, interpreter, at) => new PromiseValue(listsOf(t, interpreter, at));
const lostLater: Method = (t, interpreter, at) => new PromiseValue(readBack(t, interpreter, at));
const buffer: Method = (t) => bufferOf(t.fact.shape, t.fact.dtype, t.reason, false);
const bufferLater: Method = (t) => bufferOf(t.fact.shape, t.fact.dtype, t.reason, true);
const nothing: Method = () => undefined;

/** What the tensor's numbers are is known only when the program runs. */
function readBack(_tensor: TensorObject, interpreter: Interpreter, at: Place): UnknownValue {
  return interpreter.unknown('runtime-data', at, "a tensor's values are known only when the program runs", 'value');
}

/** Elements that `array` gives one by one. */
const MAX_ELEMENTS = 256;

/** `data`: as many numbers as the tensor has elements. */
function flatOf(tensor: TensorObject, interpreter: Interpreter, at: Place): Value {
  const size = sizeOf(tensor.fact.shape);
  const isText = tensor.fact.dtype === 'string';
  return isDefinite(size) && !isText
    ? new TypedArrayValue(size, keptIn(tensor.fact.dtype))
    : readBack(tensor, interpreter, at);
}

/** `array`: lists in lists, as the shape has it. */
function listsOf(tensor: TensorObject, interpreter: Interpreter, at: Place): Value {
  const lost = readBack(tensor, interpreter, at);
  const dims = tensor.fact.shape?.map((a) => a.dim);
  if (dims === undefined || !dims.every(isDefinite) || tensor.fact.dtype === 'string') return lost;
  const size = sizeOf(tensor.fact.shape);
  const few = typeof size === 'number' && size <= MAX_ELEMENTS;
  const number = new UnknownNumber(lost.reason);
  const lists = (rest: readonly Dim[]): Value => {
    const [dim, ...inner] = rest;
    if (dim === undefined || !isDefinite(dim)) return number;
    return few && typeof dim === 'number'
      ? new ArrayValue(Array.from({ length: dim }, () => lists(inner)))
      : ofKnownLength(new ArrayValue([], lists(inner)), dim);
  };
  return lists(dims);
}

/** `variable.assign(value)`: an op with its two tensors; refused where the shapes differ. */
const assign: Method = (variable, interpreter, at, [value]) => {
  if (!(value instanceof TensorObject)) return undefined;
  const operands = new Map([
    ['x', variable.fact],
    ['newValue', value.fact],
  ]);
  interpreter.record({
    kind: 'op',
    at,
    name: 'assign',
    method: true,
    operands,
    args: new Map(),
    outputs: [],
    reason: undefined,
  });
  recordWrite(interpreter, variable.fact, value.fact, 'unknown', at);
  if (sameShape(variable.fact.shape, value.fact.shape) === false) {
    const message = `assign gives ${showShape(value.fact.shape)} to a variable of ${showShape(variable.fact.shape)}`;
    const refusal = {
      code: 'weights',
      message,
      original: 'shape of the new value',
      when: 'call',
      argument: 'newValue',
    } as const;
    interpreter.record({
      kind: 'refusal',
      at,
      refusal,
      api: 'tf.Variable.assign',
      layer: undefined,
      inputs: [variable.fact, value.fact],
    });
  }
  return undefined;
};

const METHODS: Readonly<Record<string, Method>> = {
  dataSync: data,
  arraySync: nested,
  bufferSync: buffer,
  data: dataLater,
  array: nestedLater,
  buffer: bufferLater,
  bytes: lostLater,
  dispose: nothing,
  print: nothing,
  throwIfDisposed: nothing,
  assign,
  toString: readBack,
};

/** A new tensor of the run. */
export function makeTensor(
  interpreter: Interpreter,
  at: Place,
  shape: Shape,
  more: Partial<Omit<TensorFact, 'id' | 'shape' | 'at'>> = {},
  reason?: ReasonFact,
): TensorObject {
  const fact: TensorFact = {
    id: stateOf(interpreter).id(),
    shape,
    dtype: undefined,
    symbolic: false,
    producer: undefined,
    scalar: undefined,
    variable: undefined,
    name: undefined,
    at,
    ...more,
  };
  return new TensorObject(fact, reason);
}

/** The tensors in a value: one, or a list of them; undefined where some part is none or not known. */
export function tensorsIn(value: Value): readonly TensorObject[] | undefined {
  if (value instanceof TensorObject) return [value];
  if (value instanceof ArrayValue && value.rest === undefined) {
    const { elements } = value;
    return elements.every((e) => e instanceof TensorObject) ? elements : undefined;
  }
  // A map of inputs by name keeps its order.
  if (value instanceof ObjectValue && value.open === undefined) {
    const values = [...value.properties.values()].map((p) => p.value);
    return values.length > 0 && values.every((v) => v instanceof TensorObject) ? values : undefined;
  }
  return undefined;
}
