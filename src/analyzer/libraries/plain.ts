import type { Dim, Poly } from '../shapes/dim';
import type { Shape } from '../shapes/shape';
import type { WeightFact } from '../trace/facts';

/**
 * The values that library tables see: JavaScript's own primitives, symbolic sizes, lists and records of these, tensors
 * and layers by what matters of them. The interpreter translates its values into these, so tables know no interpreter.
 */
export type Plain =
  | string
  | number
  | boolean
  | null
  | undefined
  | Poly
  | typeof UNKNOWN
  | PlainMaybe
  | readonly Plain[]
  | PlainRecord
  | PlainTensor
  | PlainLayer
  | PlainFunction;

/** The numbers of a typed array. */
export class PlainNumbers extends Array<Plain> {
  /** The dtype of a tensor that is made of them: `?` where it is not known, undefined for the kinds that tfjs does not take. */
  dtype: string | undefined;
  /** `Int16Array` */
  kind = '';

  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  static made(numbers: readonly Plain[], kind: string | undefined, dtype: string | undefined): PlainNumbers {
    const made = new PlainNumbers();
    made.length = numbers.length;
    numbers.forEach((one, i) => {
      made[i] = one;
    });
    made.kind = kind ?? 'typed array';
    made.dtype = dtype;
    return made;
  }
}

/** A value of which nothing is known. */
export const UNKNOWN = { kind: 'unknown' } as const;

/** A value that is not known; where it turns out to be a number, it is this size. Readers give it as UNKNOWN but for sizes. */
export interface PlainMaybe {
  readonly kind: 'maybe';
  readonly size: Poly | '?';
  /** The name under which the program knows it. */
  readonly name?: string;
  /** It is a number for certain, though it need not be a size. */
  readonly isNumber?: true;
  /** The dtype of a tensor that is made of it, where that is not the one of numbers; `?` where it is not known. */
  readonly dtype?: string;
  /** Where it turns out to be a list: its length by name, and what its elements are like. */
  readonly list?: () => PlainList;
}

/** A list of which the number of elements is not known as a number. */
export interface PlainList {
  readonly length: Dim;
  readonly each: Plain;
  /** False where the value may be no list at all. */
  readonly certain: boolean;
}

export interface PlainRecord {
  readonly kind: 'record';
  readonly entries: ReadonlyMap<string, Plain>;
  /** True where there may be further keys. */
  readonly open: boolean;
}

export interface PlainTensor {
  readonly kind: 'tensor';
  readonly shape: Shape;
  readonly dtype: string | undefined;
  /** The value of a tensor that is a known number. */
  readonly scalar: number | undefined;
  readonly symbolic: boolean;
}

export interface PlainLayer {
  readonly kind: 'layer';
  readonly layer: LayerLike;
}

export interface PlainFunction {
  readonly kind: 'function';
}

/** What a layer gives: one shape an output. `list` is true where tfjs returns an array even for one. */
export interface LayerResult {
  readonly outputs: readonly Shape[];
  readonly list?: boolean;
  /** How many outputs there are depends on what is not known; `outputs` holds the first. */
  readonly countUnknown?: boolean;
}

/** A layer of a table, of a user's class, or a model used as one, ready to meet inputs. Both throw `Refused`. */
export interface LayerLike {
  /** `conv2d`; `custom` for a user's class. */
  readonly type: string;
  readonly className: string;
  readonly options: PlainRecord;
  /** `symbolic` (the default) is a call on Keras's symbolic tensors; false is an eager call, which also does `run`. */
  call(inputs: readonly Shape[], symbolic?: boolean): LayerResult;
  /** Refuses what fails as soon as real tensors flow, though the symbolic call went through. */
  run?(inputs: readonly Shape[]): void;
  /** Refuses what fails only in training. */
  train?(inputs: readonly Shape[]): void;
  /** As `call`, for a layer that an earlier call built for `first`: shared layers. */
  again?(first: readonly Shape[], inputs: readonly Shape[], symbolic?: boolean): LayerResult;
  /** The weights after it was built for these inputs; undefined where a size is unknown. */
  weights(inputs: readonly Shape[]): readonly WeightFact[] | undefined;
}

export function isUnknown(value: Plain): value is typeof UNKNOWN {
  return value === UNKNOWN;
}

export function isMaybe(value: Plain): value is PlainMaybe {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'maybe';
}

export function isTensor(value: Plain): value is PlainTensor {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'tensor';
}

export function isRecord(value: Plain): value is PlainRecord {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'record';
}

export function isLayer(value: Plain): value is PlainLayer {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'layer';
}
