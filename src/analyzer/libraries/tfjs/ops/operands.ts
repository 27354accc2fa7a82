/**
 * Arguments as tfjs's `convertToTensor` takes them, and lists of sizes as its creation ops check them.
 */
import { type Dim, isPoly } from '../../../shapes/dim';
import type { Shape } from '../../../shapes/shape';
import { shape } from '../../../shapes/shape';
import { asTensor } from '../../opCall';
import type { OpCall } from '../../opSpec';
import { sizeOf } from '../../options';
import { isLayer, isRecord, isTensor, isUnknown, type Plain, PlainNumbers, type PlainTensor } from '../../plain';
import type { Dtype } from './dtypes';
import { no } from './row';

/** What a parameter asks for: `numeric` is anything but strings. */
export type ParseAs = 'numeric' | 'string_or_numeric' | 'float32' | 'int32' | 'bool' | 'string';

export interface Conversion {
  readonly as?: ParseAs;
  /** The names under which tfjs complains, where they are not the parameter's and the op's own. */
  readonly argument?: string;
  readonly op?: string;
}

/** The tensor operand `param` of `tf.op`. */
export function operand(call: OpCall, op: string, param: string, more: Conversion = {}): PlainTensor {
  return convert(call.get(param), more.op ?? op, more.argument ?? param, more.as ?? 'numeric');
}

/** The same, where the parameter may be absent or null. */
export function optional(call: OpCall, op: string, param: string, more: Conversion = {}): PlainTensor | undefined {
  const raw = call.get(param);
  return raw === undefined || raw === null ? undefined : operand(call, op, param, more);
}

/** A list of operands; undefined where the list is not known. */
export function operands(call: OpCall, op: string, param: string, as: ParseAs = 'numeric') {
  const raw = call.get(param);
  if (isUnknown(raw)) return undefined;
  if (!Array.isArray(raw)) {
    if (isRecord(raw) && raw.open) return undefined;
    return no(
      'argument-count',
      `${op} takes a list of tensors`,
      `Argument ${param} passed to ${op} must be a \`Tensor[]\` or \`TensorLike[]\``,
      param,
    );
  }
  return (raw as readonly Plain[]).map((value, i) => convert(value, op, `${param}[${i}]`, as));
}

/** A value as tfjs converts it. */
export function convert(value: Plain, op: string, argument: string, as: ParseAs): PlainTensor {
  if (isTensor(value)) {
    if (value.symbolic) return notTensor(op, argument, "a layer's symbolic output");
    checkDtype(as, value.dtype, op, argument);
    return value.dtype === undefined ? { ...value, dtype: specific(as) } : value;
  }
  const tensor = asTensor(value);
  if (tensor === undefined) {
    // An open record may be a typed array, or anything else that the interpreter keeps as an object.
    if (isRecord(value) && value.open) return anyTensor(specific(as));
    checkDtype(as, value === null || value === undefined ? 'float32' : undefined, op, argument, true);
    return notTensor(op, argument, value === null || value === undefined ? String(value) : describe(value));
  }
  if (isUnknown(value)) return anyTensor(specific(as));
  const parsed = tensor.dtype !== 'string' && ['float32', 'int32', 'bool'].includes(as) ? as : tensor.dtype;
  checkDtype(as, parsed, op, argument);
  return { ...tensor, dtype: parsed };
}

/** A tensor of which at most the dtype is known. */
export function anyTensor(dtype: Dtype): PlainTensor {
  return { kind: 'tensor', shape: null, dtype, scalar: undefined, symbolic: false };
}

function specific(as: ParseAs): Dtype {
  return as === 'numeric' || as === 'string_or_numeric' ? undefined : as;
}

function checkDtype(as: ParseAs, dtype: Dtype, op: string, argument: string, fromValue = false): void {
  if (dtype === undefined || as === 'string_or_numeric') return;
  if (fromValue && as !== 'string') return;
  if (as === 'numeric' ? dtype !== 'string' : dtype === as) return;
  no(
    'dtype',
    `${op} wants ${as === 'int32' ? 'an' : 'a'} ${as} tensor for ${argument}, not ${dtype}${as === 'numeric' || as === 'string' || dtype === 'string' ? '' : ': cast it'}`,
    `Argument '${argument}' passed to '${op}' must be ${as} tensor, but got ${dtype} tensor`,
    argument,
  );
}

function notTensor(op: string, argument: string, what: string): never {
  return no(
    'argument-count',
    `${op} wants a tensor for ${argument}, not ${what}`,
    `Argument '${argument}' passed to '${op}' must be a Tensor or TensorLike, but got`,
    argument,
  );
}

function describe(value: Plain): string {
  if (value instanceof PlainNumbers)
    return `${/^[AEIOU]/.test(value.kind) ? 'an' : 'a'} ${value.kind}: make it a Float32Array or an Int32Array`;
  return isLayer(value) ? 'a layer' : isRecord(value) ? 'an object' : 'a function';
}

// ---------------------------------------------------------------- other arguments

/** Whether the argument counts as true, as JavaScript reads it; undefined where not known. */
export function truthy(call: OpCall, param: string, fallback = false): boolean | undefined {
  const raw = call.get(param);
  if (raw === undefined) return fallback;
  if (isUnknown(raw)) return undefined;
  if (isPoly(raw)) return true;
  return typeof raw === 'object' && raw !== null ? true : Boolean(raw);
}

export function isAbsent(raw: Plain): raw is null | undefined {
  return raw === undefined || raw === null;
}

export function isList(raw: Plain): raw is readonly Plain[] {
  return Array.isArray(raw);
}

/** A member of a list as a size: '?' where it is none or not known. */
export function sizeIn(value: Plain): Dim {
  const size = sizeOf(value);
  return size === undefined ? '?' : size;
}

/** The argument as a list of sizes; undefined where it is none or not known. Null members are sizes not known yet. */
export function sizesOf(raw: Plain): readonly Dim[] | undefined {
  return isList(raw) ? raw.map(sizeIn) : undefined;
}

/** A shape argument of an op that makes a tensor: non-negative integers. */
export function shapeArgument(call: OpCall, op: string, param = 'shape'): Shape {
  const raw = call.get(param);
  if (isAbsent(raw)) return no('option', `${op} needs a shape`, undefined, param);
  if (typeof raw === 'number' || typeof raw === 'string' || typeof raw === 'boolean' || isPoly(raw))
    return no('option', `${op} takes its shape as a list, [${isPoly(raw) ? 'n' : raw}]`, undefined, param);
  const dims = sizesOf(raw);
  if (dims === undefined) return null;
  checkSizes(dims, op, param);
  return shape(dims);
}

/** tfjs's `assertNonNegativeIntegerDimensions`. */
export function checkSizes(dims: readonly Dim[], op: string, param = 'shape'): void {
  const bad = dims.find((d) => typeof d === 'number' && (!Number.isInteger(d) || d < 0));
  if (bad === undefined) return;
  const all = dims.every((d) => typeof d === 'number') ? `[${dims.join(',')}].` : '';
  no(
    'option',
    `${op} cannot make a tensor with a size of ${bad}`,
    `Tensor must have a shape comprised of positive integers but got shape ${all}`,
    param,
  );
}

/** The dtype argument of a creation op; undefined where not known. Null and undefined give the fallback. */
export function dtypeArgument(call: OpCall, fallback: Dtype, param = 'dtype'): Dtype {
  const raw = call.get(param);
  return isAbsent(raw) ? fallback : typeof raw === 'string' ? raw : undefined;
}
