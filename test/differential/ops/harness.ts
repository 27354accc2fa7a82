/**
 * Runs one op in the real tfjs (cpu backend) and in its table row, on seeded random arguments, valid and invalid: shapes,
 * dtypes and errors must agree; with arguments hidden or sizes as symbols, what is stated must hold.
 */
import * as tf from '@tensorflow/tfjs';
import { callOf } from '../../../src/analyzer/libraries/opCall';
import type { OpResult, OpSpec, OpTensor } from '../../../src/analyzer/libraries/opSpec';
import { isUnknown } from '../../../src/analyzer/libraries/plain';
import { Refused } from '../../../src/analyzer/libraries/refused';
import { showShape } from '../../../src/analyzer/shapes/shape';
import type { Refusal } from '../../../src/analyzer/trace/facts';
import { type Arg, Hider, real, TensorArg, type View } from './arguments';
import { hash, Random } from './random';

export type Generator = (random: Random) => readonly Arg[];

export interface Tally {
  draws: number;
  valid: number;
  invalid: number;
  /** Errors that depend on the backend: nothing is claimed of them. */
  excused: number;
  /** Results stated exactly, of those with all arguments known. */
  exact: number;
  readonly problems: string[];
}

type Truth =
  | { readonly tensors: readonly TruthTensor[]; readonly keys?: readonly string[]; readonly list: boolean }
  | { readonly value: true }
  | { readonly error: string };

interface TruthTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
}

/** What only the cpu backend refuses, or values rather than shapes decide. */
const EXCUSED = [
  /CPU backend/,
  /GatherV2: the index value/,
  /^Invalid indices/,
  // The cpu kernel of stridedSlice mixes up the axes behind one that vanishes; others do not.
  /^Requested out of range element/,
  /^The number of provided coordinates/,
  /only NHWC dataFormat supported on CPU/i,
];

/** The library's own function or method. */
function callReal(spec: OpSpec, args: readonly Arg[], asMethod: boolean): unknown {
  const values = args.map(real);
  if (asMethod) {
    const [self, ...rest] = values;
    const method = (self as Record<string, unknown>)[spec.name] as (...a: unknown[]) => unknown;
    return method.apply(self, rest);
  }
  const path = spec.name.split('.');
  let owner: unknown = tf;
  for (const key of path.slice(0, -1)) owner = (owner as Record<string, unknown>)[key];
  const f = (owner as Record<string, unknown>)[path[path.length - 1] ?? ''] as (...a: unknown[]) => unknown;
  return f(...values);
}

async function truthOf(spec: OpSpec, args: readonly Arg[], asMethod: boolean): Promise<Truth> {
  tf.engine().startScope();
  try {
    let result = callReal(spec, args, asMethod);
    if (spec.async === true) result = await result;
    const truth = describe(result);
    if (result instanceof tf.Variable) result.dispose();
    return truth;
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  } finally {
    tf.engine().endScope();
  }
}

function describe(result: unknown): Truth {
  if (result instanceof tf.Tensor) return checked({ tensors: [shapeOf(result)], list: false });
  if (Array.isArray(result)) return checked({ tensors: result.flat().map((t) => shapeOf(t as tf.Tensor)), list: true });
  if (typeof result === 'object' && result !== null && Object.values(result).every((v) => v instanceof tf.Tensor)) {
    const entries = Object.entries(result as Record<string, tf.Tensor>);
    return checked({ tensors: entries.map(([, t]) => shapeOf(t)), keys: entries.map(([k]) => k), list: false });
  }
  return { value: true };
}

const shapeOf = (t: tf.Tensor): TruthTensor => ({ shape: t.shape, dtype: t.dtype });

/** A tensor with a negative or fractional size is none: tfjs went wrong without noticing. */
function checked(truth: Extract<Truth, { tensors: unknown }>): Truth {
  const broken = truth.tensors.find((t) => t.shape.some((d) => !Number.isInteger(d) || d < 0));
  return broken === undefined ? truth : { error: `broken tensor [${broken.shape}]` };
}

type Answer = { readonly result: OpResult } | { readonly refusal: Refusal };

function answerOf(spec: OpSpec, args: readonly Arg[], hider: Hider, asMethod: boolean): Answer {
  const plain = args.map((arg, i) =>
    asMethod && i === 0 && arg instanceof TensorArg ? hider.tensor(arg) : hider.arg(arg),
  );
  try {
    return { result: spec.run(callOf(spec, plain)) };
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal };
    throw error;
  }
}

/** The disagreement in words, or undefined. */
function compare(truth: Truth, answer: Answer, hider: Hider): string | undefined {
  if ('refusal' in answer) {
    if ('error' in truth) return hider.view === 'exact' ? wordsWrong(answer.refusal, truth.error) : undefined;
    return `false error: ${answer.refusal.message}`;
  }
  if ('error' in truth) return hider.view === 'exact' ? `missed error: ${truth.error}` : undefined;
  const { result } = answer;
  if ('value' in truth) return result.kind === 'value' ? undefined : `a value was taken for a ${result.kind}`;
  if (result.kind === 'value') return isUnknown(result.value) ? undefined : 'a tensor was taken for a value';
  return compareTensors(truth, result, hider);
}

function compareTensors(
  truth: Extract<Truth, { tensors: unknown }>,
  result: Exclude<OpResult, { kind: 'value' }>,
  hider: Hider,
): string | undefined {
  const stated = tensorsOf(result);
  if ((result.kind === 'list') !== truth.list) return `kind: stated ${result.kind}`;
  if (result.kind === 'list' && result.each !== undefined) {
    const each = result.each;
    return truth.tensors.map((t) => compareOne(t, each, hider)).find((p) => p !== undefined);
  }
  if (stated.length !== truth.tensors.length) return `${stated.length} tensors stated, ${truth.tensors.length} made`;
  if (result.kind === 'record' && Object.keys(result.tensors).join() !== truth.keys?.join())
    return `keys ${Object.keys(result.tensors)} stated, ${truth.keys} made`;
  return stated.map((s, i) => compareOne(truth.tensors[i] as TruthTensor, s, hider)).find((p) => p !== undefined);
}

function tensorsOf(result: Exclude<OpResult, { kind: 'value' }>): readonly OpTensor[] {
  if (result.kind === 'tensor') return [result];
  return result.kind === 'list' ? result.tensors : Object.values(result.tensors);
}

function compareOne(truth: TruthTensor, stated: OpTensor, hider: Hider): string | undefined {
  const wrong =
    stated.shape !== null &&
    (stated.shape.length !== truth.shape.length ||
      stated.shape.some((a, i) => {
        const value = hider.valueOf(a.dim);
        return value !== undefined && value !== truth.shape[i];
      }));
  // A symbolic result may be off where a window leaves nothing: the formula holds for sizes that fit.
  if (wrong && !(hider.view === 'symbolic' && truth.shape.includes(0)))
    return `shape ${showShape(stated.shape)} stated, [${truth.shape}] made`;
  if (stated.dtype !== undefined && stated.dtype !== truth.dtype)
    return `dtype ${stated.dtype} stated, ${truth.dtype} made`;
  return undefined;
}

/** tfjs's words must begin as the refusal says; ours are one line of at most 100 characters. */
function wordsWrong(refusal: Refusal, error: string): string | undefined {
  if (refusal.message.length > 100 || refusal.message.includes('\n')) return `message too long: ${refusal.message}`;
  if (refusal.original !== undefined && !error.startsWith(refusal.original))
    return `original "${refusal.original}" but tfjs says "${error}"`;
  return undefined;
}

function isExact(answer: Answer): boolean {
  if ('refusal' in answer || answer.result.kind === 'value') return true;
  if (answer.result.kind === 'list' && answer.result.each !== undefined) return false;
  return tensorsOf(answer.result).every((t) => t.shape?.every((a) => typeof a.dim === 'number') ?? false);
}

const VIEWS: readonly View[] = ['exact', 'hidden', 'hidden', 'symbolic'];

/** Draws arguments and compares; problems are cut to the first few. */
export async function checkRow(spec: OpSpec, generate: Generator, draws: number, asMethod: boolean): Promise<Tally> {
  const tally: Tally = { draws: 0, valid: 0, invalid: 0, excused: 0, exact: 0, problems: [] };
  for (let i = 0; i < draws; i += 1) {
    const seed = hash(`${asMethod ? '.' : ''}${spec.name}#${i}`);
    const args = generate(new Random(seed));
    if (asMethod && !(args[0] instanceof TensorArg)) continue;
    const truth = await truthOf(spec, args, asMethod);
    tally.draws += 1;
    if ('error' in truth && EXCUSED.some((e) => e.test(truth.error))) {
      tally.excused += 1;
      continue;
    }
    if ('error' in truth) tally.invalid += 1;
    else tally.valid += 1;
    for (const [k, view] of VIEWS.entries()) {
      const hider = new Hider(view, new Random(seed + 7919 * (k + 1)));
      const answer = answerOf(spec, args, hider, asMethod);
      if (view === 'exact' && isExact(answer)) tally.exact += 1;
      const problem = compare(truth, answer, hider);
      if (problem !== undefined && tally.problems.length < 4)
        tally.problems.push(`${asMethod ? 'x.' : 'tf.'}${spec.name}(${show(args)}) #${i} ${view}: ${problem}`);
    }
  }
  return tally;
}

function show(args: readonly Arg[]): string {
  const text = JSON.stringify(args, (_, v) =>
    v === undefined ? '∅' : v instanceof TensorArg ? `${v.dtype}[${v.shape}]` : v,
  );
  return text.slice(1, -1);
}
