import { type Dim, isPoly } from '../shapes/dim';
import { shape } from '../shapes/shape';
import type { OpCall, OpSpec } from './opSpec';
import { Options, sizeList } from './options';
import {
  isMaybe,
  isRecord,
  isTensor,
  type Plain,
  type PlainList,
  PlainNumbers,
  type PlainRecord,
  type PlainTensor,
  UNKNOWN,
} from './plain';
import { refuse } from './refused';

/** The arguments of one call, by the parameters' names. */
export class Arguments implements OpCall {
  readonly #options: Options;
  readonly #readAsTensor: Set<string> | undefined;

  /** @param readAsTensor takes the names of the parameters that are read as tensors */
  constructor(params: readonly string[], args: readonly Plain[] | Options, readAsTensor?: Set<string>) {
    this.#options = args instanceof Options ? args : new Options(byName(params, args));
    this.#readAsTensor = readAsTensor;
  }

  get(param: string): Plain {
    return this.#options.get(param);
  }

  nameOf(param: string): string | undefined {
    return this.#options.nameOf(param);
  }

  many(param: string): PlainList | undefined {
    return this.#options.many(param);
  }

  number(param: string, fallback?: number): number | undefined {
    return this.#options.number(param, fallback);
  }

  boolean(param: string, fallback?: boolean): boolean | undefined {
    return this.#options.boolean(param, fallback);
  }

  string(param: string, fallback?: string): string | undefined {
    return this.#options.string(param, fallback);
  }

  size(param: string, fallback?: Dim): Dim {
    return this.#options.size(param, fallback);
  }

  sizes(param: string): readonly Dim[] | undefined {
    return this.#options.sizes(param);
  }

  tensor(param: string): PlainTensor {
    this.#readAsTensor?.add(param);
    const value = this.get(param);
    return (
      asTensor(value) ??
      refuse('argument-count', `argument ${param} must be a tensor but is ${describe(value)}`, { argument: param })
    );
  }

  optionalTensor(param: string): PlainTensor | undefined {
    this.#readAsTensor?.add(param);
    const value = this.get(param);
    return value === undefined || value === null ? undefined : this.tensor(param);
  }

  tensors(param: string): readonly PlainTensor[] | undefined {
    this.#readAsTensor?.add(param);
    const value = this.get(param);
    if (!Array.isArray(value)) return undefined;
    const all = (value as readonly Plain[]).map(asTensor);
    return all.every((t) => t !== undefined) ? all : undefined;
  }

  axes(param: string): readonly number[] | 'all' | undefined {
    const value = this.get(param);
    if (value === undefined || value === null) return 'all';
    if (typeof value === 'number') return [value];
    const list = sizeList(value);
    return list?.every((a) => typeof a === 'number') ? (list as readonly number[]) : undefined;
  }
}

/**
 * The arguments of a call of this row, as written (for a method: the tensor first). A spread of unknown length is given
 * as `undefined` for `args`: then every argument may be anything.
 * @param readAsTensor takes the names of the parameters that the row reads as tensors
 */
export function callOf(spec: OpSpec, args: readonly Plain[] | undefined, readAsTensor?: Set<string>): OpCall {
  if (args === undefined) {
    return new Arguments([], new Options({ kind: 'record', entries: new Map(), open: true }), readAsTensor);
  }
  if (spec.fromObject !== true) return new Arguments(spec.params, args, readAsTensor);
  const object = args[0] ?? { kind: 'record', entries: new Map(), open: false };
  if (isRecord(object)) return new Arguments(spec.params, new Options(object), readAsTensor);
  return callOf(spec, undefined, readAsTensor);
}

function byName(params: readonly string[], args: readonly Plain[]): PlainRecord {
  const entries = new Map<string, Plain>();
  for (const [i, name] of params.entries()) {
    if (name.startsWith('...')) entries.set(name.slice(3), args.slice(i));
    else entries.set(name, args[i]);
  }
  return { kind: 'record', entries, open: false };
}

const known = (dtype: string): string | undefined => (dtype === '?' ? undefined : dtype);

const SCALAR_DTYPES: Readonly<Record<string, string>> = { number: 'float32', boolean: 'bool', string: 'string' };

/** A value as tfjs converts it where a tensor is expected; undefined where it is none. */
export function asTensor(value: Plain): PlainTensor | undefined {
  if (isTensor(value)) return value;
  if (isMaybe(value) && value.isNumber)
    return { kind: 'tensor', shape: [], dtype: known(value.dtype ?? 'float32'), scalar: undefined, symbolic: false };
  const many = isMaybe(value) ? value.list?.() : undefined;
  const each = many?.certain !== true ? undefined : asTensor(many.each);
  if (many !== undefined && each?.shape !== undefined && each.shape !== null)
    return { ...each, shape: [...shape([many.length]), ...each.shape], scalar: undefined };
  if (value === UNKNOWN || isMaybe(value))
    return { kind: 'tensor', shape: null, dtype: undefined, scalar: undefined, symbolic: false };
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') {
    const scalar = typeof value === 'number' ? value : undefined;
    return { kind: 'tensor', shape: [], dtype: SCALAR_DTYPES[typeof value], scalar, symbolic: false };
  }
  // Of the typed arrays, tfjs takes some.
  if (value instanceof PlainNumbers && value.dtype === undefined) return undefined;
  if (Array.isArray(value)) return nested(value as readonly Plain[]);
  if (isPoly(value)) {
    return { kind: 'tensor', shape: [], dtype: 'float32', scalar: undefined, symbolic: false };
  }
  return undefined;
}

/** A nested list: its shape is read along the first elements, as tfjs's inferShape does. */
function nested(list: readonly Plain[]): PlainTensor | undefined {
  const dims: Dim[] = [];
  let at: Plain = list;
  let dtype: string | undefined;
  while (Array.isArray(at)) {
    const level: readonly Plain[] = at;
    // One that tfjs does not take has for it the place of a number, and is read as NaN.
    if (level instanceof PlainNumbers && level.dtype === undefined)
      return { kind: 'tensor', shape: shape(dims), dtype: 'float32', scalar: undefined, symbolic: false };
    if (level instanceof PlainNumbers) dtype = level.dtype;
    dims.push(level.length);
    at = level[0];
    if (level.length === 0)
      return {
        kind: 'tensor',
        shape: shape(dims),
        dtype: known(dtype ?? 'float32'),
        scalar: undefined,
        symbolic: false,
      };
  }
  // A tensor inside a list is no list of numbers: tfjs takes its place for one (and reads NaN).
  if (isTensor(at)) return { kind: 'tensor', shape: shape(dims), dtype: 'float32', scalar: undefined, symbolic: false };
  const leaf = asTensor(at);
  if (leaf === undefined) return undefined;
  if (leaf.shape === null) return { ...leaf, scalar: undefined };
  return {
    ...leaf,
    shape: [...shape(dims), ...leaf.shape],
    dtype: dtype === undefined ? leaf.dtype : known(dtype),
    scalar: undefined,
  };
}

function describe(value: Plain): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && 'kind' in value ? `a ${value.kind}` : JSON.stringify(value);
}
