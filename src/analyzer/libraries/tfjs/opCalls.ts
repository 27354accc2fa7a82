import type { Interpreter } from '../../interpreter/interpreter';
import { joinAll } from '../../interpreter/values/join';
import {
  ArrayValue,
  isUnknown,
  NativeFunction,
  NOWHERE,
  ObjectValue,
  optionsOf,
  PromiseValue,
  UnionValue,
  UnknownValue,
  type Value,
} from '../../interpreter/values/values';
import { isExact } from '../../shapes/shape';
import type { OpFact, OptionFact, Place, ReasonFact, TensorFact } from '../../trace/facts';
import { callOf } from '../opCall';
import type { OpSpec } from '../opSpec';
import { Refused } from '../refused';
import { doubt } from './doubt';
import { makeTensor, TensorObject } from './objects/tensor';
import { toValue } from './opResults';
import { opSpecs } from './ops';
import { formerOps } from './ops/former';
import { optionValue, plainOf } from './plainOf';

/** Alternatives of the arguments that are tried one by one. */
const MAX_COMBINATIONS = 8;
/** How deep arguments are searched for what is not known. */
const MAX_DEPTH = 3;

/** A call of a row, but for its arguments, of which there may be alternatives. */
interface OpCall {
  readonly spec: OpSpec;
  readonly interpreter: Interpreter;
  readonly at: Place;
  readonly argsAt: readonly Place[];
  /** Whether the first argument is the tensor whose method it is. */
  readonly method: boolean;
}

const functions = new Map<string, NativeFunction>();
const methods = new Map<string, NativeFunction>();
for (const spec of [...opSpecs, ...formerOps]) {
  if (spec.methodOnly !== true)
    functions.set(
      spec.name,
      new NativeFunction(spec.name, ({ interpreter, at, args, argsAt }) =>
        callOp({ spec, interpreter, at, argsAt, method: false }, args),
      ),
    );
  if (spec.method === true)
    methods.set(
      spec.name,
      new NativeFunction(spec.name, ({ interpreter, at, self, args, argsAt }) =>
        callOp({ spec, interpreter, at, argsAt: [at, ...argsAt], method: true }, [self, ...args]),
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
function callOp(call: OpCall, given: readonly Value[]): Value {
  const { spec, interpreter, at, argsAt } = call;
  const args = given.map((value, i) => takenFromInputs(call, value, i));
  const { results, refused } = tryAll(call, args);
  if (refused === undefined || results.length > 0) return wrap(spec, joinAll(results));
  const doubted = args.map((value, i) => doubt(value, argsAt[i]));
  if (doubted.some((value, i) => value !== args[i])) {
    const again = tryAll(call, doubted);
    if (again.results.length > 0) return wrap(spec, joinAll(again.results));
  }
  const { fact, outputs } = recordOp(call, args, NOTHING_READ, undefined);
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
  return wrap(spec, SEVERAL.test(spec.name) ? new UnknownValue(reason) : output);
}

/** What gives several tensors: one in their place would be refused where a list is due, or have a method `mean` to take. */
const SEVERAL = /^(moments|split|unstack|meshgrid|topk|unique|maxPoolWithArgmax|setdiff1dAsync|linalg\.qr)$/;

interface Tried {
  readonly results: readonly Value[];
  readonly refused: Refused | undefined;
}

/** The row's results for each combination of the arguments' alternatives, and the first refusal. */
function tryAll(call: OpCall, args: readonly Value[]): Tried {
  const results: Value[] = [];
  let refused: Refused | undefined;
  for (const choice of combinations(args)) {
    try {
      results.push(runOp(call, choice));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused ??= error;
    }
  }
  return { results, refused };
}

/** The list of inputs of a user's layer, used as if it were the tensor in it: the fact is kept, and reading goes on. */
function takenFromInputs({ spec, interpreter, at, method }: OpCall, value: Value, i: number): Value {
  if (!(value instanceof ArrayValue) || !value.isInputs || /tensors$/.test(spec.params[i] ?? '')) return value;
  // A method was read from the list, which is on record already.
  if (method && i === 0) return value.elements[0];
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
  at: NOWHERE,
  text: 'too many alternatives meet here',
};

function runOp(call: OpCall, args: readonly Value[]): Value {
  const { spec, interpreter, at } = call;
  /** The parameters that the row reads as tensors: a number there is an operand, too. */
  const readAsTensor = new Set<string>();
  const plain = args.map((a) => plainOf(a));
  const result = spec.run(callOf(spec, plain, readAsTensor));
  const reason = reasonOf(args);
  return toValue(result, { interpreter, at, reason, ...recordOp(call, args, readAsTensor, reason) });
}

const NOTHING_READ: ReadonlySet<string> = new Set();

/** The fact of a call, and the list of its outputs, which are made later. */
function recordOp(
  { spec, interpreter, at, argsAt, method }: OpCall,
  values: readonly Value[],
  readAsTensor: ReadonlySet<string>,
  reason: ReasonFact | undefined,
): { readonly fact: OpFact; readonly outputs: TensorFact[] } {
  const operands = new Map<string, TensorFact>();
  const args = new Map<string, OptionFact>();
  const operand = (param: string, value: Value): void => {
    if (value instanceof TensorObject) operands.set(param, value.fact);
    else if (typeof value === 'number' && readAsTensor.has(param))
      operands.set(param, makeTensor(interpreter, at, [], { scalar: value, dtype: 'float32' }).fact);
  };
  const note = (param: string, value: Value, valueAt: Place | undefined): void => {
    args.set(param, { value: optionValue(value), at: valueAt });
    if (!(value instanceof ArrayValue)) for (const option of optionsOf(value)) operand(param, option);
    else
      for (const [i, element] of value.elements.entries())
        if (element instanceof TensorObject) operand(`${param}[${i}]`, element);
  };
  const [first] = values;
  if (spec.fromObject === true && first instanceof ObjectValue)
    for (const [key, property] of first.properties) note(key, property.value, property.at);
  else for (const [i, value] of values.entries()) note(paramOf(spec, i), value, argsAt[i]);
  const outputs: TensorFact[] = [];
  const fact = interpreter.record<OpFact>({
    kind: 'op',
    at,
    name: spec.name,
    method,
    operands,
    args,
    outputs,
    reason,
  });
  return { fact, outputs };
}

/** The name of an argument; those of `...tensors` are `tensors[0]`, `tensors[1]`. */
function paramOf({ params }: OpSpec, i: number): string {
  const param = params[i] ?? params.at(-1) ?? String(i);
  return param.startsWith('...') ? `${param.slice(3)}[${i - params.indexOf(param)}]` : param;
}

/** The first reason for which something in the arguments is not known. */
function reasonOf(args: Iterable<Value>, depth = 0): ReasonFact | undefined {
  for (const arg of args) {
    if (isUnknown(arg)) return arg.reason;
    if (arg instanceof TensorObject && arg.reason !== undefined && !isExact(arg.fact.shape)) return arg.reason;
    const inner = depth < MAX_DEPTH ? reasonOf(partsOf(arg), depth + 1) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function partsOf(value: Value): readonly Value[] {
  if (value instanceof UnionValue) return value.options;
  if (value instanceof ArrayValue) return value.rest === undefined ? value.elements : [...value.elements, value.rest];
  if (value instanceof ObjectValue) return [...value.properties.values()].map((property) => property.value);
  return NO_PARTS;
}

const NO_PARTS: readonly Value[] = [];
