/** Arguments as a test draws them, for the real library and for the tables, all known or partly hidden. */
import * as tf from '@tensorflow/tfjs';
import { type Plain, type PlainRecord, UNKNOWN } from '../../../src/analyzer/libraries/plain';
import { type Dim, isPoly, type Poly, substitute, symbol } from '../../../src/analyzer/shapes/dim';
import { shape } from '../../../src/analyzer/shapes/shape';
import type { Random } from './random';

export class TensorArg {
  constructor(
    readonly shape: readonly number[],
    readonly dtype: string,
    /** The values: integers below this, or these. */
    readonly values?: number | readonly number[] | readonly string[],
  ) {}
}

export class FunctionArg {
  constructor(readonly value: (...args: never[]) => unknown) {}
}

/** A value that the tables cannot see into: pixels, a canvas. */
export class OpaqueArg {
  constructor(readonly value: object) {}
}

export type Arg =
  | TensorArg
  | FunctionArg
  | OpaqueArg
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly Arg[]
  | { readonly [key: string]: Arg };

export function T(size: readonly number[], dtype = 'float32', values?: TensorArg['values']): TensorArg {
  return new TensorArg(size, dtype, values);
}

// ---------------------------------------------------------------- the real thing

export function real(arg: Arg): unknown {
  if (arg instanceof TensorArg) return realTensor(arg);
  if (arg instanceof FunctionArg || arg instanceof OpaqueArg) return arg.value;
  if (Array.isArray(arg)) return arg.map(real);
  if (typeof arg === 'object' && arg !== null)
    return Object.fromEntries(Object.entries(arg).map(([key, value]) => [key, real(value as Arg)]));
  return arg;
}

function realTensor(arg: TensorArg): tf.Tensor {
  const size = arg.shape.reduce((a, b) => a * b, 1);
  const dims = [...arg.shape];
  if (arg.dtype === 'complex64') {
    const part = new Float32Array(size).fill(0.5);
    return tf.complex(tf.tensor(part, dims), tf.tensor(part, dims));
  }
  if (arg.dtype === 'string') {
    const words = Array.from({ length: size }, (_, i) =>
      Array.isArray(arg.values) ? String(arg.values[i]) : `w ${i % 3}`,
    );
    return tf.tensor(words, dims, 'string');
  }
  const below = typeof arg.values === 'number' ? arg.values : 3;
  const numbers = Array.from({ length: size }, (_, i) => {
    if (Array.isArray(arg.values)) return Number(arg.values[i]);
    return arg.dtype === 'float32' && arg.values === undefined ? 0.1 + (i % 7) / 8 : i % Math.max(1, below);
  });
  const data = arg.dtype === 'bool' ? numbers.map((n) => n % 2 === 1) : numbers;
  return tf.tensor(data, dims, arg.dtype as tf.DataType);
}

// ---------------------------------------------------------------- as the tables see it

/** How much of the arguments is shown: all; sizes and arguments hidden; sizes as symbols. */
export type View = 'exact' | 'hidden' | 'symbolic';

/** What a hidden argument stands for: symbols by key, to compute what a polynomial comes to. */
export class Hider {
  readonly values = new Map<string, Dim>();
  readonly #symbols = new Map<number, Poly>();

  constructor(
    readonly view: View,
    readonly random: Random,
  ) {}

  arg(arg: Arg, top = true): Plain {
    if (this.view === 'hidden' && this.random.chance(top ? 0.15 : 0.1)) return UNKNOWN;
    if (arg instanceof TensorArg) return this.tensor(arg);
    if (arg instanceof FunctionArg) return { kind: 'function' };
    if (arg instanceof OpaqueArg) return { kind: 'record', entries: new Map(), open: true };
    if (Array.isArray(arg)) return arg.map((a) => this.arg(a as Arg, false));
    if (typeof arg === 'object' && arg !== null) {
      const entries = Object.entries(arg).map(([k, v]): [string, Plain] => [k, this.arg(v as Arg, false)]);
      return { kind: 'record', entries: new Map(entries), open: false } satisfies PlainRecord;
    }
    if (
      this.view === 'symbolic' &&
      typeof arg === 'number' &&
      Number.isInteger(arg) &&
      arg >= 1 &&
      this.random.chance(0.25)
    )
      return this.symbol(arg);
    return arg as Plain;
  }

  tensor(arg: TensorArg): Plain {
    const open = this.view === 'hidden' && this.random.chance(0.15);
    const scalar =
      arg.shape.length === 0 && Array.isArray(arg.values) && typeof arg.values[0] === 'number'
        ? arg.values[0]
        : undefined;
    return {
      kind: 'tensor',
      shape: open ? null : shape(arg.shape.map((n) => this.dim(n))),
      dtype: this.view === 'hidden' && this.random.chance(0.2) ? undefined : arg.dtype,
      scalar,
      symbolic: false,
    };
  }

  dim(n: number): Dim {
    if (this.view === 'hidden' && this.random.chance(0.3)) return this.random.chance(0.3) ? null : '?';
    return this.view === 'symbolic' && n >= 1 && this.random.chance(0.5) ? this.symbol(n) : n;
  }

  symbol(n: number): Poly {
    const old = this.#symbols.get(n);
    if (old !== undefined && this.random.chance(0.7)) return old;
    const made = symbol(`s${n}`);
    this.values.set(made.key, n);
    this.#symbols.set(n, made);
    return made;
  }

  /** What the dim comes to; undefined where nothing is claimed. */
  valueOf(dim: Dim): number | undefined {
    if (!isPoly(dim)) return typeof dim === 'number' ? dim : undefined;
    const value = substitute(dim, this.values);
    return typeof value === 'number' ? value : undefined;
  }
}
