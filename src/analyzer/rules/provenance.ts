/** Where tensors of op code come from: reductions, moments, variances, through the ops in between. */
import type { GradientFact, LayerFact, OpFact, OptionValue, TensorFact } from '../trace/facts';

/** How far back a chain is followed: real chains are a few ops long, and rules stay linear. */
const DEPTH = 16;

/** The tensor operands of an op in order. */
export function operands(op: OpFact): readonly TensorFact[] {
  return [...op.operands.values()];
}

export function opOf(tensor: TensorFact | undefined): OpFact | undefined {
  return tensor?.producer?.kind === 'op' ? tensor.producer : undefined;
}

const pairs = new WeakMap<OpFact, readonly [TensorFact, TensorFact]>();

/**
 * The two operands of a binary op. A plain number is a scalar of that value; what is no tensor and no known number is one
 * of unknown value and shape.
 */
export function pair(op: OpFact): readonly [TensorFact, TensorFact] | undefined {
  const known = pairs.get(op);
  if (known !== undefined) return known;
  const [first, second] = op.args.keys();
  if (first === undefined || second === undefined) return undefined;
  const both = [operandOf(op, first), operandOf(op, second)] as const;
  pairs.set(op, both);
  return both;
}

function operandOf(op: OpFact, name: string): TensorFact {
  const tensor = op.operands.get(name);
  if (tensor !== undefined) return tensor;
  const value = op.args.get(name)?.value;
  const size = typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'size';
  return {
    id: -1,
    shape: typeof value === 'number' || size ? [] : null,
    dtype: undefined,
    symbolic: false,
    producer: undefined,
    scalar: typeof value === 'number' ? value : undefined,
    variable: undefined,
    name: undefined,
    at: op.at,
  };
}

/** A list of whole numbers, a single one counting as a list; undefined where not known. */
export function listArgument(op: OpFact, name: string): readonly number[] | undefined {
  const value = op.args.get(name)?.value;
  if (typeof value === 'number') return [value];
  if (!Array.isArray(value)) return undefined;
  const list = value as readonly OptionValue[];
  return list.every((v) => typeof v === 'number') ? (list as readonly number[]) : undefined;
}

/** Ops that keep every axis where it is. */
const ELEMENTWISE = new Set([
  'abs',
  'neg',
  'exp',
  'expm1',
  'log',
  'log1p',
  'sqrt',
  'rsqrt',
  'square',
  'reciprocal',
  'relu',
  'sigmoid',
  'tanh',
  'clone',
  'cast',
  'asType',
  'toFloat',
  'identity',
  'clipByValue',
  'softplus',
  'sign',
  'round',
  'keep',
  'variable',
]);
const BINARY = new Set(['add', 'sub', 'mul', 'div', 'divNoNan', 'maximum', 'minimum', 'pow', 'squaredDifference']);
const RESHAPING = new Set(['reshape', 'expandDims', 'squeeze', 'as1D', 'as2D', 'as3D', 'as4D', 'tile', 'broadcastTo']);

export const isBinary = (op: OpFact): boolean => BINARY.has(op.name);

/** The operand that an elementwise step keeps the axes of: of a unary op its input, of a binary one with a scalar the other. */
function elementwiseSource(op: OpFact): TensorFact | undefined {
  if (ELEMENTWISE.has(op.name)) return operands(op)[0];
  if (!BINARY.has(op.name)) return undefined;
  const both = pair(op);
  if (both === undefined) return undefined;
  const [a, b] = both;
  if (isScalar(b)) return a;
  if (isScalar(a)) return b;
  return undefined;
}

export const isScalar = (tensor: TensorFact): boolean => tensor.scalar !== undefined || tensor.shape?.length === 0;

const REDUCTIONS = new Set([
  'mean',
  'sum',
  'max',
  'min',
  'prod',
  'moments',
  'logSumExp',
  'norm',
  'euclideanNorm',
  'all',
  'any',
]);

/** The reduction without keepDims that a tensor comes from, by elementwise steps only. */
export function flatReductionOf(tensor: TensorFact): OpFact | undefined {
  let at: TensorFact | undefined = tensor;
  for (let i = 0; i < DEPTH && at !== undefined; i += 1) {
    const op: OpFact | undefined = opOf(at);
    if (op === undefined) return undefined;
    if (REDUCTIONS.has(op.name)) {
      const keep = op.args.get('keepDims')?.value;
      return keep === undefined || keep === false || keep === null ? op : undefined;
    }
    at = elementwiseSource(op);
  }
  return undefined;
}

export interface Moment {
  readonly which: 'mean' | 'variance';
  /** The reduction: tf.moments, or tf.mean. */
  readonly op: OpFact;
  /** What it was taken of. */
  readonly source: TensorFact;
}

/** The mean or variance that a tensor is: an output of tf.moments, `mean(x)`, `mean((x − mean)²)`; also reshaped. */
export function momentOf(tensor: TensorFact | undefined): Moment | undefined {
  let at = tensor;
  for (let i = 0; i < DEPTH && at !== undefined; i += 1) {
    const op = opOf(at);
    if (op === undefined) return undefined;
    const source = operands(op)[0];
    if (source === undefined) return undefined;
    if (op.name === 'moments') return { which: op.outputs[1] === at ? 'variance' : 'mean', op, source };
    if (op.name === 'mean') {
      const squared = squaredDeviation(source);
      return squared === undefined ? { which: 'mean', op, source } : { which: 'variance', op, source: squared };
    }
    if (!RESHAPING.has(op.name)) return undefined;
    at = source;
  }
  return undefined;
}

/** x of (x − mean(x))², as square, mul with itself, pow 2 or squaredDifference. */
function squaredDeviation(tensor: TensorFact): TensorFact | undefined {
  const op = opOf(tensor);
  if (op?.name === 'square') return deviation(operands(op)[0]);
  const both = op === undefined ? undefined : pair(op);
  if (op === undefined || both === undefined) return undefined;
  const [a, b] = both;
  if (op.name === 'squaredDifference') {
    if (momentOf(b)?.which === 'mean') return a;
    return momentOf(a)?.which === 'mean' ? b : undefined;
  }
  return (op.name === 'mul' && a === b) || (op.name === 'pow' && b.scalar === 2) ? deviation(a) : undefined;
}

const deviation = (tensor: TensorFact | undefined): TensorFact | undefined =>
  tensor === undefined ? undefined : centred(tensor)?.source;

/** x and its mean, where the tensor is x − mean(x). */
export function centred(tensor: TensorFact): { readonly source: TensorFact; readonly mean: Moment } | undefined {
  const op = opOf(tensor);
  if (op?.name !== 'sub') return undefined;
  const both = pair(op);
  const mean = both === undefined ? undefined : momentOf(both[1]);
  return both !== undefined && mean?.which === 'mean' ? { source: both[0], mean } : undefined;
}

/** Whether a factor of the tensor is some x − mean(x): through mul, reshape. */
export function centredWithin(tensor: TensorFact): { readonly source: TensorFact; readonly mean: Moment } | undefined {
  let at: TensorFact | undefined = tensor;
  for (let i = 0; i < 4 && at !== undefined; i += 1) {
    const found = centred(at);
    if (found !== undefined) return found;
    const op: OpFact | undefined = opOf(at);
    if (op === undefined) return undefined;
    const both = pair(op);
    if (op.name === 'mul' && both !== undefined && both[0] !== both[1]) {
      const other = centred(both[1]);
      if (other !== undefined) return other;
      at = both[0];
    } else if (RESHAPING.has(op.name)) {
      at = both?.[0];
    } else {
      return undefined;
    }
  }
  return undefined;
}

/** How a divisor was made from a variance. */
export interface Spread {
  readonly moment: Moment;
  /** The square root taken on the way; undefined where there is none. */
  readonly root: OpFact | undefined;
  /** ε joined the variance before the root (or without one). */
  readonly inside: boolean;
  /** The op that added ε after the root. */
  readonly outside: OpFact | undefined;
}

/** Reads a divisor back to a variance; undefined where it is none, or where a step is not understood. */
export function spreadOf(tensor: TensorFact): Spread | undefined {
  let at: TensorFact | undefined = tensor;
  let root: OpFact | undefined;
  /** The additions met since the last root, from the divisor backwards. */
  let added: OpFact | undefined;
  let outside: OpFact | undefined;
  for (let i = 0; i < DEPTH && at !== undefined; i += 1) {
    const moment = momentOf(at);
    if (moment !== undefined) {
      return moment.which === 'variance' ? { moment, root, inside: added !== undefined, outside } : undefined;
    }
    const op: OpFact | undefined = opOf(at);
    if (op === undefined) return undefined;
    if (isRoot(op)) {
      if (root !== undefined) return undefined;
      root = op;
      outside = added;
      added = undefined;
      at = operands(op)[0];
    } else if (op.name === 'add' || op.name === 'maximum' || op.name === 'clipByValue') {
      const [kept, constant] = apart(op);
      if (constant?.scalar !== 0) added = op;
      at = kept;
    } else if (RESHAPING.has(op.name) || op.name === 'cast' || op.name === 'clone') {
      at = operands(op)[0];
    } else {
      return undefined;
    }
  }
  return undefined;
}

function isRoot(op: OpFact): boolean {
  return (
    op.name === 'sqrt' || op.name === 'rsqrt' || (op.name === 'pow' && Math.abs(pair(op)?.[1].scalar ?? 0) === 0.5)
  );
}

/** The operand that is followed on and the constant that joins it. */
function apart(op: OpFact): readonly [TensorFact | undefined, TensorFact | undefined] {
  const both = op.name === 'clipByValue' ? undefined : pair(op);
  if (both === undefined) return [operands(op)[0], undefined];
  const [a, b] = both;
  return isScalar(a) && !isScalar(b) ? [b, a] : [a, b];
}

/** The regions of gradients around, from the inside out. */
export function regions(gradient: GradientFact | undefined): readonly GradientFact[] {
  const around: GradientFact[] = [];
  for (let at = gradient; at !== undefined; at = at.outer) around.push(at);
  return around;
}

/** Whether `gradient` is `region` or lies inside it. */
export function isWithin(gradient: GradientFact | undefined, region: GradientFact): boolean {
  let at = gradient;
  while (at !== undefined && at !== region) at = at.outer;
  return at !== undefined;
}

/** Gradients by an input, as penalties take them. */
export const BY_INPUT = /^(tf\.)?(grad|grads|valueAndGrad|valueAndGrads)$/;

/** Whether the region is derived by an input, and what comes of it is derived once more. */
export function derivedTwice(gradient: GradientFact | undefined): boolean {
  if (gradient === undefined) return false;
  const around = regions(gradient);
  const inner = around.findIndex((region) => BY_INPUT.test(region.api));
  return inner >= 0 && around.slice(inner + 1).some((region) => trainsVariables(region) || BY_INPUT.test(region.api));
}

/** Regions in which variables (not inputs) are trained. */
export const trainsVariables = (region: GradientFact): boolean =>
  /variableGrads|minimize|computeGradients/i.test(region.api);

/** Whether the variables of the layers take part in the training of the region; undefined where that is not known. */
export function takesPart(region: GradientFact, layers: readonly LayerFact[]): boolean | undefined {
  if (region.variables !== undefined) {
    const held = new Set(layers);
    const owners = region.variables.map((v) => v.variable?.layer);
    if (owners.some((layer) => layer !== undefined && held.has(layer))) return true;
    return owners.every((layer) => layer !== undefined) ? false : undefined;
  }
  return region.allVariables === true ? true : undefined;
}
