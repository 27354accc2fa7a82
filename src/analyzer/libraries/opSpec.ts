import type { Dim } from '../shapes/dim';
import type { Shape } from '../shapes/shape';
import type { Plain, PlainList, PlainTensor } from './plain';

/** One op of a library: a row of a table. Everything here holds of the real library and is tested against it. */
export interface OpSpec {
  /** `moments` of `tf.moments`; dotted for a namespace: `image.resizeBilinear`. */
  readonly name: string;
  /** Parameters by position; a last one written `...tensors` takes all the arguments that are left. */
  readonly params: readonly string[];
  /** Also a method of tensors: `x.moments(…)`; the tensor is the first parameter. */
  readonly method?: boolean;
  /** A method of tensors that is no function of the library (`x.flatten()`), or takes its arguments in another order. */
  readonly methodOnly?: boolean;
  /** Takes one object whose keys are the parameters: `tf.fused.matMul({a, b})`. */
  readonly fromObject?: boolean;
  /** Gives a promise of the result. */
  readonly async?: boolean;
  /** The result; throws `Refused` where tfjs throws. Unknown inputs give unknown results, never errors. */
  run(call: OpCall): OpResult;
}

/** What an op gives: a tensor, several (by order or by name), or a plain value. */
export type OpResult =
  | OpTensor
  | {
      readonly kind: 'list';
      readonly tensors: readonly OpTensor[];
      /** Where their number is not known: what each of them is (`tensors` is empty then). */
      readonly each?: OpTensor;
    }
  | { readonly kind: 'record'; readonly tensors: Readonly<Record<string, OpTensor>> }
  | { readonly kind: 'value'; readonly value: Plain };

export interface OpTensor {
  readonly kind: 'tensor';
  readonly shape: Shape;
  readonly dtype?: string | undefined;
  /** The value of the result where it is a known number. */
  readonly scalar?: number | undefined;
}

/** The arguments of a call by parameter name. In every result `undefined` means not known. */
export interface OpCall {
  /** The raw argument: `undefined` where absent, UNKNOWN where it may be anything. */
  get(param: string): Plain;
  /**
   * A tensor operand, as tfjs converts it: tensors as they are, numbers as scalars, nested lists as tensors. An unknown
   * value gives unknown rank and dtype; an absent one or one that is no tensor at all is refused (code 'argument-count').
   */
  tensor(param: string): PlainTensor;
  /** The same where the parameter may be absent or null. */
  optionalTensor(param: string): PlainTensor | undefined;
  /** A list of tensors; undefined where the list or its length is not known. */
  tensors(param: string): readonly PlainTensor[] | undefined;
  /** The name under which the program knows a value that is not known otherwise. */
  nameOf(param: string): string | undefined;
  /** A list whose length is known by name at most; undefined where it is known, or where the value may be no list. */
  many(param: string): PlainList | undefined;
  number(param: string, fallback?: number): number | undefined;
  boolean(param: string, fallback?: boolean): boolean | undefined;
  string(param: string, fallback?: string): string | undefined;
  size(param: string, fallback?: Dim): Dim;
  /** A list of sizes; '?' for an unknown member, undefined where its length is not known. */
  sizes(param: string): readonly Dim[] | undefined;
  /** An axis or list of axes as integers: 'all' where absent or null, undefined where not known. */
  axes(param: string): readonly number[] | 'all' | undefined;
}

/** A tensor result. */
export function tensor(shape: Shape, dtype?: string, scalar?: number): OpTensor {
  return { kind: 'tensor', shape, dtype, scalar };
}
