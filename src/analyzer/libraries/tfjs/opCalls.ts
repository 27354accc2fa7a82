import type { Interpreter } from '../../interpreter/interpreter';
import { joinAll } from '../../interpreter/join';
import {
  ArrayValue,
  type Call,
  isUnknown,
  NativeFunction,
  ObjectValue,
  optionsOf,
  PromiseValue,
  UnionValue,
  UnknownValue,
  type Value,
} from '../../interpreter/values';
import { isExact, shape } from '../../shapes/shape';
import type { OpFact, OptionFact, Place, ReasonFact, TensorFact } from '../../trace/facts';
import { callOf } from '../opCall';
import type { OpResult, OpSpec, OpTensor } from '../opSpec';
import { sizeList } from '../options';
import { isMaybe, isRecord, type Plain, type PlainRecord, UNKNOWN } from '../plain';
import { Refused } from '../refused';
import { doubt } from './doubt';
import { BufferObject } from './objects/buffer';
import { makeTensor, TensorObject } from './objects/tensor';
import { opSpecs } from './ops';
import { formerOps } from './ops/former';
import { optionValue, plainOf } from './plainOf';

/** Alternatives of the arguments that are tried one by one. */
const MAX_COMBINATIONS = 8;

const functions = new Map<string, NativeFunction>();
const methods = new Map<string, NativeFunction>();
for (const spec of [...opSpecs, ...formerOps]) {
  if (spec.methodOnly !== true)
    functions.set(
      spec.name,
      new NativeFunction(spec.name, (call) => callOp(spec, call, call.args, call.argsAt, false)),
    );
  if (spec.method === true)
    methods.set(
      spec.name,
      new NativeFunction(spec.name, (call) =>
        callOp(spec, call, [call.self, ...call.args], [call.at, ...call.argsAt], true),
      ),
    );
}

/** `tf.name`, also dotted: `image.resizeBilinear`. */
export function opFunction(name: string): NativeFunction | undefined {
  return functions.get(name);
}

export function tensorMethod(name: string): NativeFunction | undefined {
  return methods.get(name);
}

/** The names that stand before a dot: `image`, `linalg`. */
export const opNamespaces: ReadonlySet<string> = new Set(
  [...functions.keys()].filter((n) => n.includes('.')).map((n) => n.slice(0, n.indexOf('.'))),
);

/** Calls a row for each combination of its arguments' alternatives; refused only where every one is refused. */
function callOp(spec: OpSpec, call: Call, given: readonly Value[], argsAt: readonly Place[], method: boolean): Value {
  const { interpreter, at } = call;
  const args = given.map((value, i) => takenFromInputs(spec, value, i, interpreter, at, method && i === 0));
  const { results, refused } = tryAll(spec, interpreter, args, argsAt, at, method);
  if (refused === undefined || results.length > 0) return wrap(spec, joinAll(results));
  const doubted = args.map((value, i) => doubt(value, argsAt[i]));
  if (doubted.some((value, i) => value !== args[i])) {
    const again = tryAll(spec, interpreter, doubted, argsAt, at, method);
    if (again.results.length > 0) return wrap(spec, joinAll(again.results));
  }
  const { fact, outputs } = recordOp(spec, interpreter, args, argsAt, at, method, () => undefined);
  const reason = interpreter.reason('error', at, refused.refusal.message);
  const output = makeTensor(interpreter, at, null, { producer: fact }, reason);
  outputs.push(output.fact);
  interpreter.record({
    kind: 'refusal',
    at,
    refusal: refused.refusal,
    api: `tf.${spec.name}`,
    layer: undefined,
    inputs: [...fact.operands.values()],
    op: fact,
  });
  interpreter.stop(reason);
  // A tensor has a method `mean`, which is not what code takes from the moments.
  return wrap(spec, spec.name === 'moments' ? new UnknownValue(reason) : output);
}

interface Tried {
  readonly results: readonly Value[];
  readonly refused: Refused | undefined;
}

/** The row's results for each combination of the arguments' alternatives, and the first refusal. */
function tryAll(
  spec: OpSpec,
  interpreter: Interpreter,
  args: readonly Value[],
  argsAt: readonly Place[],
  at: Place,
  method: boolean,
): Tried {
  const results: Value[] = [];
  let refused: Refused | undefined;
  for (const choice of combinations(args)) {
    try {
      results.push(runOp(spec, interpreter, choice, argsAt, at, method));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused ??= error;
    }
  }
  return { results, refused };
}

/** The list of inputs of a user's layer, used as if it were the tensor in it: the fact is kept, and reading goes on. */
function takenFromInputs(
  spec: OpSpec,
  value: Value,
  i: number,
  interpreter: Interpreter,
  at: Place,
  asSelf: boolean,
): Value {
  if (!(value instanceof ArrayValue) || !value.isInputs || /tensors$/.test(spec.params[i] ?? '')) return value;
  // A method was read from the list, which is on record already.
  if (asSelf) return value.elements[0];
  interpreter.record({
    kind: 'member',
    at,
    owner: 'inputs',
    member: spec.name,
    how: 'property',
    exists: false,
    op: undefined,
  });
  return value.elements[0];
}

function wrap(spec: OpSpec, value: Value): Value {
  return spec.async === true ? new PromiseValue(value) : value;
}

function combinations(args: readonly Value[]): readonly (readonly Value[])[] {
  if (!args.some((arg) => arg instanceof UnionValue)) return [args];
  let all: Value[][] = [[]];
  for (const arg of args) {
    const options = arg instanceof UnionValue ? arg.options.filter((o) => o !== undefined && o !== null) : [arg];
    const choices =
      options.length === 0
        ? [arg]
        : all.length * options.length > MAX_COMBINATIONS
          ? [new UnknownValue(UNDECIDED)]
          : options;
    all = all.flatMap((before) => choices.map((choice) => [...before, choice]));
  }
  return all;
}

const UNDECIDED: ReasonFact = {
  code: 'branch',
  at: { file: '', start: 0, end: 0 },
  text: 'too many alternatives meet here',
};

function runOp(
  spec: OpSpec,
  interpreter: Interpreter,
  args: readonly Value[],
  argsAt: readonly Place[],
  at: Place,
  method: boolean,
): Value {
  /** The parameters that the row reads as tensors: a number there is an operand, too. */
  const seen = new Set<string>();
  const result = spec.run(
    callOf(
      spec,
      args.map((a) => plainOf(a)),
      seen,
    ),
  );
  const reason = reasonOf(args);
  const { fact, outputs } = recordOp(
    spec,
    interpreter,
    args,
    argsAt,
    at,
    method,
    (param, value) => operandOf(interpreter, param, value, at, seen),
    reason,
  );
  return toValue(result, interpreter, at, fact, outputs, reason);
}

function operandOf(
  interpreter: Interpreter,
  param: string,
  value: Value,
  at: Place,
  seen: ReadonlySet<string>,
): TensorFact | undefined {
  if (value instanceof TensorObject) return value.fact;
  if (typeof value === 'number' && seen.has(param))
    return makeTensor(interpreter, at, [], { scalar: value, dtype: 'float32' }).fact;
  return undefined;
}

function recordOp(
  spec: OpSpec,
  interpreter: Interpreter,
  args: readonly Value[],
  argsAt: readonly Place[],
  at: Place,
  method: boolean,
  operandOfNumber: (param: string, value: Value) => TensorFact | undefined,
  reason?: ReasonFact,
): { fact: OpFact; outputs: TensorFact[] } {
  const operands = new Map<string, TensorFact>();
  const named = new Map<string, OptionFact>();
  for (const [param, value, valueAt] of byName(spec, args, argsAt)) {
    named.set(param, { value: optionValue(value), at: valueAt });
    if (value instanceof ArrayValue) {
      for (const [i, element] of value.elements.entries())
        if (element instanceof TensorObject) operands.set(`${param}[${i}]`, element.fact);
      continue;
    }
    for (const option of optionsOf(value)) {
      const operand = option instanceof TensorObject ? option.fact : operandOfNumber(param, option);
      if (operand !== undefined) operands.set(param, operand);
    }
  }
  const outputs: TensorFact[] = [];
  const fact = interpreter.record<OpFact>({
    kind: 'op',
    at,
    name: spec.name,
    method,
    operands,
    args: named,
    outputs,
    reason,
  });
  return { fact, outputs };
}

function byName(spec: OpSpec, args: readonly Value[], argsAt: readonly Place[]): [string, Value, Place | undefined][] {
  const [first] = args;
  if (spec.fromObject === true && first instanceof ObjectValue)
    return [...first.properties].map(([key, p]) => [key, p.value, p.at]);
  return args.map((value, i) => {
    const param = spec.params[i] ?? spec.params.at(-1) ?? String(i);
    if (!param.startsWith('...')) return [param, value, argsAt[i]];
    return [`${param.slice(3)}[${i - spec.params.indexOf(param)}]`, value, argsAt[i]];
  });
}

/** The first reason for which something in the arguments is not known. */
function reasonOf(args: readonly Value[], depth = 0): ReasonFact | undefined {
  for (const arg of args) {
    if (isUnknown(arg)) return arg.reason;
    if (arg instanceof TensorObject && arg.reason !== undefined && !isExact(arg.fact.shape)) return arg.reason;
    if (arg instanceof UnionValue && depth < 3) {
      const inner = reasonOf(arg.options, depth + 1);
      if (inner !== undefined) return inner;
    }
    if (arg instanceof ArrayValue && depth < 3) {
      const inner = reasonOf(arg.rest === undefined ? arg.elements : [...arg.elements, arg.rest], depth + 1);
      if (inner !== undefined) return inner;
    }
    if (arg instanceof ObjectValue && depth < 3) {
      const inner = reasonOf(
        [...arg.properties.values()].map((p) => p.value),
        depth + 1,
      );
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

function toValue(
  result: OpResult,
  interpreter: Interpreter,
  at: Place,
  fact: OpFact,
  outputs: TensorFact[],
  reason: ReasonFact | undefined,
): Value {
  const made = (t: OpTensor): TensorObject => {
    const lost =
      reason ??
      (isExact(t.shape)
        ? undefined
        : interpreter.reason('unsupported', at, `tf.${fact.name} gives a size that is known only at run time`));
    const variable =
      fact.name === 'variable' ? { name: undefined, trainable: trainableOf(fact), layer: undefined } : undefined;
    const tensor = makeTensor(
      interpreter,
      at,
      t.shape,
      { dtype: t.dtype, scalar: t.scalar, producer: fact, variable },
      lost,
    );
    outputs.push(tensor.fact);
    return tensor;
  };
  switch (result.kind) {
    case 'tensor':
      return made(result);
    case 'list':
      return result.each === undefined
        ? new ArrayValue(result.tensors.map(made))
        : new ArrayValue([], made(result.each));
    case 'record': {
      const record = ObjectValue.of(
        Object.fromEntries(Object.entries(result.tensors).map(([key, t]) => [key, made(t)])),
      );
      record.origin = { owner: fact.name, op: fact };
      return record;
    }
    case 'value':
      return fact.name === 'buffer' && isRecord(result.value)
        ? bufferValue(result.value, interpreter, at, fact, outputs, reason)
        : plainValue(result.value, interpreter, at);
  }
}

/** A buffer counts as what it gives: the tensor of its shape. */
function bufferValue(
  { entries }: PlainRecord,
  interpreter: Interpreter,
  at: Place,
  fact: OpFact,
  outputs: TensorFact[],
  reason: ReasonFact | undefined,
): BufferObject {
  const sizes = sizeList(entries.get('shape'));
  const dtype = entries.get('dtype');
  const made = sizes === undefined ? null : shape(sizes);
  const { fact: output } = makeTensor(interpreter, at, made, { producer: fact }, reason);
  outputs.push(output);
  return new BufferObject(made, typeof dtype === 'string' ? dtype : undefined, reason, fact);
}

function trainableOf(fact: OpFact): boolean | undefined {
  const flag = fact.args.get('trainable')?.value;
  return flag === undefined ? true : typeof flag === 'boolean' ? flag : undefined;
}

function plainValue(value: Plain, interpreter: Interpreter, at: Place): Value {
  if (value === UNKNOWN || isMaybe(value))
    return interpreter.unknown('runtime-data', at, 'known only when the program runs');
  if (Array.isArray(value))
    return new ArrayValue((value as readonly Plain[]).map((v) => plainValue(v, interpreter, at)));
  if (typeof value !== 'object' || value === null || value === undefined) return value as Value;
  if ('terms' in value) return value;
  return interpreter.unknown('unsupported', at, 'a value of the library that is not followed');
}
