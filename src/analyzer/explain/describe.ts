import type { ExplainedStep, ExplainedValue } from '../analysis';
import type { Interpreter } from '../interpreter/interpreter';
import { ModuleNamespace } from '../interpreter/modules';
import {
  ArrayValue,
  ClassValue,
  FunctionValue,
  HostObject,
  NativeFunction,
  ObjectValue,
  PromiseValue,
  UnionValue,
  UnknownValue,
  type Value,
} from '../interpreter/values/values';
import { countOf, LayerObject } from '../libraries/tfjs/objects/layer';
import { ModelObject, paramsOf } from '../libraries/tfjs/objects/model';
import { TensorObject } from '../libraries/tfjs/objects/tensor';
import { isPoly, showDim } from '../shapes/dim';
import { dimsOf, isExact, showShape } from '../shapes/shape';
import { apiOf } from '../summary';
import type { LayerCallFact, OpFact, Place, TensorFact } from '../trace/facts';

/** Steps told of a value's way: those nearest to it. */
const MAX_STEPS = 12;
/** Entries of a list or object that are told. */
const MAX_ENTRIES = 8;
const MAX_DEPTH = 2;

/** A value in words and facts: what it is, how it came about, where inference stopped. */
export function describeValue(value: Value, boundAt: Place | undefined, interpreter: Interpreter): ExplainedValue {
  const described = describe(value, interpreter);
  const isTensor = described.steps.length > 0;
  // A tensor's steps tell its names; of anything else, the place of its name is what there is to tell.
  if (boundAt === undefined || isTensor) return described;
  return { ...described, steps: [{ at: boundAt, text: 'it is given its name', inputs: [], outputs: [] }] };
}

function describe(value: Value, interpreter: Interpreter): ExplainedValue {
  if (value instanceof TensorObject) return tensor(value);
  if (value instanceof ObjectValue && value.slot instanceof LayerObject) return describe(value.slot, interpreter);
  if (value instanceof ModelObject) return model(value, interpreter);
  if (value instanceof LayerObject) return layer(value);
  if (value instanceof UnknownValue) {
    const { reason, name } = value;
    return {
      kind: 'unknown',
      text: name === undefined ? 'not known' : `\`${name}\`, not known`,
      steps: [],
      stop: reason,
    };
  }
  if (value instanceof UnionValue) {
    const options = value.options.map((option) => describe(option, interpreter));
    return { kind: 'alternatives', text: `one of ${options.length}`, steps: [], options };
  }
  if (value instanceof PromiseValue) {
    const inner = describe(value.value, interpreter);
    return { ...inner, kind: 'promise', text: `a promise of ${inner.text}` };
  }
  return { kind: kindOf(value), text: inWords(value), steps: [], ...lostIn(value) };
}

/** The first thing in a list or object that is not known. */
function lostIn(value: Value): Pick<ExplainedValue, 'stop'> {
  const parts =
    value instanceof ArrayValue
      ? [...value.elements, value.rest]
      : value instanceof ObjectValue
        ? [...[...value.properties.values()].map((p) => p.value), value.open]
        : [];
  const lost = parts.find((part) => part instanceof UnknownValue);
  return lost === undefined ? {} : { stop: lost.reason };
}

function kindOf(value: Value): ExplainedValue['kind'] {
  if (isPoly(value)) return 'size';
  if (value instanceof ArrayValue) return 'list';
  if (value instanceof ObjectValue) return 'object';
  if (value instanceof FunctionValue || value instanceof NativeFunction) return 'function';
  if (value instanceof ClassValue) return 'class';
  return value instanceof HostObject ? 'other' : 'constant';
}

// ---------------------------------------------------------------- tensors

function tensor(value: TensorObject): ExplainedValue {
  const { fact, reason } = value;
  const { shape, dtype, symbolic, scalar } = fact;
  const what = symbolic ? 'symbolic tensor' : fact.variable === undefined ? 'tensor' : 'variable';
  const known = scalar === undefined ? '' : ` of value ${scalar}`;
  return {
    kind: 'tensor',
    text: `${what} ${showShape(shape)}${dtype === undefined ? '' : ` ${dtype}`}${known}`,
    shape: dimsOf(shape),
    ...(shape === null ? {} : { roles: shape.map((axis) => axis.role) }),
    steps: stepsTo(fact),
    ...(reason === undefined || isExact(shape) ? {} : { stop: reason }),
  };
}

/** The calls that lead to a tensor, the nearest of them, in the order in which they ran. */
function stepsTo(fact: TensorFact): readonly ExplainedStep[] {
  const found = new Map<OpFact | LayerCallFact, number>();
  const queue: TensorFact[] = [fact];
  for (let at = queue.shift(); at !== undefined && found.size < MAX_STEPS; at = queue.shift()) {
    const { producer } = at;
    if (producer === undefined || found.has(producer)) continue;
    found.set(producer, at.id);
    queue.push(...inputsOf(producer));
  }
  return [...found].sort(([, a], [, b]) => a - b).map(([producer]) => stepOf(producer));
}

function inputsOf(producer: OpFact | LayerCallFact): readonly TensorFact[] {
  if (producer.kind === 'layerCall') return producer.inputs;
  return [...new Set(producer.operands.values())].filter((t) => t.scalar === undefined || t.producer !== undefined);
}

function stepOf(producer: OpFact | LayerCallFact): ExplainedStep {
  const name = producer.outputs[0]?.name;
  return {
    at: producer.at,
    text: producer.kind === 'layerCall' ? `${apiOf(producer)} “${producer.layer.name}”` : apiOf(producer),
    inputs: inputsOf(producer).map((t) => dimsOf(t.shape)),
    outputs: producer.outputs.map((t) => dimsOf(t.shape)),
    ...(name === undefined ? {} : { name }),
  };
}

// ---------------------------------------------------------------- layers and models

function layer(value: LayerObject): ExplainedValue {
  const { fact, calls } = value;
  const count = countOf(value);
  const made: ExplainedStep = { at: fact.at, text: 'it is made', inputs: [], outputs: [] };
  return {
    kind: 'layer',
    text: `layer ${fact.type} “${fact.name}”${calls.length === 0 ? ', not applied yet' : count === undefined ? '' : `, ${count} parameters`}`,
    steps: [made, ...calls.slice(0, MAX_STEPS - 1).map(stepOf)],
  };
}

function model(value: ModelObject, interpreter: Interpreter): ExplainedValue {
  const { model: fact } = value;
  const { total } = paramsOf(value, interpreter);
  const flow = `${fact.inputs.map((t) => showShape(t.shape)).join(', ')} → ${fact.outputs.map((t) => showShape(t.shape)).join(', ')}`;
  const parameters = total === null ? '' : `, ${total} parameters`;
  return {
    kind: 'model',
    text: `${fact.kind} model “${fact.name}” ${flow}, ${fact.layers.length} layers${fact.exact ? '' : ' or more'}${parameters}`,
    steps: [{ at: fact.at, text: 'it is made', inputs: [], outputs: [] }],
  };
}

// ---------------------------------------------------------------- plain values

function inWords(value: Value, depth = 0): string {
  if (isPoly(value)) return showDim(value);
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof UnknownValue) return '?';
  if (value instanceof UnionValue) return value.options.map((o) => inWords(o, depth + 1)).join(' | ');
  if (value instanceof PromiseValue) return `a promise of ${inWords(value.value, depth)}`;
  if (value instanceof TensorObject) return `tensor ${showShape(value.fact.shape)}`;
  if (value instanceof ModelObject) return `model “${value.fact.name}”`;
  if (value instanceof LayerObject) return `layer “${value.fact.name}”`;
  if (value instanceof ClassValue) return `class ${value.name}`;
  if (value instanceof FunctionValue) return `function ${value.name ?? 'without a name'}`;
  if (value instanceof NativeFunction) return `function ${value.name}`;
  if (value instanceof ModuleNamespace) return 'a module';
  if (value instanceof HostObject) return `a ${value.type}`;
  if (value instanceof ArrayValue) {
    if (depth > MAX_DEPTH) return '[…]';
    const shown = value.elements.slice(0, MAX_ENTRIES).map((e) => inWords(e, depth + 1));
    if (value.elements.length > MAX_ENTRIES) shown.push(`… ${value.elements.length - MAX_ENTRIES} more`);
    if (value.rest !== undefined) shown.push(`… any number of ${inWords(value.rest, depth + 1)}`);
    return `[${shown.join(', ')}]`;
  }
  return objectInWords(value, depth);
}

function objectInWords(value: ObjectValue, depth: number): string {
  const lead = value.class === undefined ? '' : `${value.class.name} `;
  if (depth > MAX_DEPTH) return `${lead}{…}`;
  const shown = [...value.properties]
    .slice(0, MAX_ENTRIES)
    .map(([key, p]) => `${key}: ${p.getter === undefined ? inWords(p.value, depth + 1) : 'a getter'}`);
  if (value.properties.size > MAX_ENTRIES || value.open !== undefined) shown.push('…');
  return `${lead}{${shown.length === 0 ? '' : ` ${shown.join(', ')} `}}`;
}
