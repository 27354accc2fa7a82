import { type Dim, isPoly } from '../shapes/dim';
import {
  isLayer,
  isMaybe,
  isRecord,
  type LayerLike,
  type Plain,
  type PlainList,
  type PlainRecord,
  UNKNOWN,
} from './plain';

/**
 * An options object as a table reads it. In every result `undefined` means not known; an option that is absent (or
 * `undefined`, which tfjs treats alike) gives the fallback. Null is kept apart where a reader says so.
 */
export class Options {
  readonly record: PlainRecord;

  constructor(record: PlainRecord) {
    this.record = record;
  }

  static of(entries: Readonly<Record<string, Plain>>): Options {
    return new Options({ kind: 'record', entries: new Map(Object.entries(entries)), open: false });
  }

  /** The raw value: `undefined` where absent, UNKNOWN where it may be anything (also where keys may be missing from view). */
  get(key: string): Plain {
    const value = this.#raw(key);
    return isMaybe(value) ? UNKNOWN : value;
  }

  #raw(key: string): Plain {
    const value = this.record.entries.get(key);
    return value === undefined && this.record.open && !this.record.entries.has(key) ? UNKNOWN : value;
  }

  /** Whether the option is there with a value other than undefined and null; undefined where not known. */
  has(key: string): boolean | undefined {
    const value = this.get(key);
    return value === UNKNOWN ? undefined : value !== undefined && value !== null;
  }

  number(key: string, fallback?: number): number | undefined {
    return this.#read(key, fallback, (v) => (typeof v === 'number' ? v : undefined));
  }

  boolean(key: string, fallback?: boolean): boolean | undefined {
    return this.#read(key, fallback, (v) => (typeof v === 'boolean' ? v : undefined));
  }

  string(key: string, fallback?: string): string | undefined {
    return this.#read(key, fallback, (v) => (typeof v === 'string' ? v : undefined));
  }

  /** A size: an integer or a symbol; '?' where not known. */
  size(key: string, fallback: Dim = '?'): Dim {
    const value = this.#raw(key);
    return value === undefined || value === null ? fallback : (sizeOf(value) ?? '?');
  }

  /** A list of sizes (null kept as null, '?' for an unknown member); undefined where even its length is not known. */
  sizes(key: string): readonly Dim[] | undefined {
    return sizeList(this.get(key));
  }

  /** A size for each of `rank` dims, given as one number or as a list: kernelSize, strides, poolSize. '?' where unknown. */
  perDim(key: string, rank: number, fallback: Dim | readonly Dim[]): readonly Dim[] {
    const value = this.get(key);
    if (value === undefined || value === null)
      return Array.isArray(fallback) ? fallback : new Array<Dim>(rank).fill(fallback as Dim);
    const list = sizeList(value);
    if (list !== undefined) return list;
    return new Array<Dim>(rank).fill(sizeOf(value) ?? '?');
  }

  /** The name of a value that is not known. */
  nameOf(key: string): string | undefined {
    const value = this.#raw(key);
    return isMaybe(value) ? value.name : undefined;
  }

  /** A list of which not even the length is known as a number; undefined for a list that is known, and for all else. */
  many(key: string): PlainList | undefined {
    const value = this.#raw(key);
    return isMaybe(value) ? value.list?.() : undefined;
  }

  layer(key: string): LayerLike | undefined {
    const value = this.get(key);
    return isLayer(value) ? value.layer : undefined;
  }

  nested(key: string): Options | undefined {
    const value = this.get(key);
    return isRecord(value) ? new Options(value) : undefined;
  }

  #read<T, F extends T | undefined>(
    key: string,
    fallback: F,
    read: (value: Plain) => T | undefined,
  ): T | F | undefined {
    const value = this.get(key);
    return value === undefined || value === null ? fallback : read(value);
  }
}

/** A size as a table reads it; undefined where the value is none. */
export function sizeOf(value: Plain): Dim | undefined {
  if (typeof value === 'number' || isPoly(value)) return value;
  if (isMaybe(value)) return value.size;
  return value === null ? null : value === UNKNOWN ? '?' : undefined;
}

export function sizeList(value: Plain): readonly Dim[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return (value as readonly Plain[]).map((v) => {
    const size = sizeOf(v);
    return size === undefined ? '?' : size;
  });
}
