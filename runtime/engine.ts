import { Arena, ArenaStatistics, ArenaTensor } from './arena';
import { format, NormError } from './errors';
import type { Kernels } from './kernels/interface';
import { compileAsync, compileSync, PlainBacking, type SimdKind, WasmBacking } from './kernels/load';
import { plainKernels } from './kernels/plain/kernels';
import { sizeOf, type Tensor } from './tensor';

/** Which kernels run: WebAssembly with relaxed SIMD, with SIMD alone, or plain TypeScript. */
export type EngineKind = SimdKind | 'plain';

const simdKinds: readonly SimdKind[] = ['relaxed', 'simd'];

const INITIAL = 1 << 20;
/** Elements of a piece: 128 KB in, and as much out. */
export const PIECE = 1 << 15;

/** Kernels and the arena that they work in. One engine serves one thread. */
export class Engine extends Arena {
  readonly #backing: WasmBacking | undefined;
  readonly #plain: Kernels | undefined;

  /** Throws where the host does not have what `kind` names. */
  constructor(
    readonly kind: EngineKind,
    module?: WebAssembly.Module,
  ) {
    const wasm = kind === 'plain' ? undefined : new WasmBacking(module ?? compileSync(kind), INITIAL);
    super(wasm ?? new PlainBacking(INITIAL));
    this.#backing = wasm;
    this.#plain = wasm ? undefined : plainKernels(this);
  }

  /** The module's memory, for kernels of one's own; undefined for the plain engine. */
  get memory(): WebAssembly.Memory | undefined {
    return this.#backing?.memory;
  }

  get kernels(): Kernels {
    return (this.#backing?.kernels ?? this.#plain) as Kernels;
  }

  /** Whether a tensor lives in this engine's memory. */
  holds(t: Tensor): boolean {
    return t instanceof ArenaTensor ? t.arena === this : t.data.buffer === this.buffer;
  }

  /** Where a tensor's values are, in place if they live here, else copied into the arena. */
  pointer(t: Tensor): number {
    if (t instanceof ArenaTensor && t.arena === this) {
      t.check();
      return t.offset;
    }
    const { data } = t;
    if (data.buffer === this.buffer) return data.byteOffset;
    return this.put(data);
  }

  /** Copies values into the arena, as float32. */
  put(data: Float32Array | Float64Array): number {
    const at = this.allocate(4 * data.length);
    const from = at >>> 2;
    const { f32 } = this;
    if (data.length > 64) f32.set(data, from);
    else for (let i = 0; i < data.length; i++) f32[from + i] = data[i] as number;
    return at;
  }

  /**
   * What `run` makes of a tensor that does not live here. A large one goes through the arena a piece at a time, so that what the
   * kernels read and write stays in the core's cache.
   * @param unit elements that belong together
   * @param over whether a piece's result may be written over the piece, which halves what the cache has to hold
   * @param out where the result goes, which must not overlap the tensor unless it is it; a new tensor by default
   * @param run from the values at `from`, the `count` units behind the first `done`, makes those at `to`
   */
  through<T>(
    { data: values, shape }: Tensor,
    unit: number,
    over: boolean,
    at: T,
    run: (at: T, from: number, to: number, count: number, done: number) => void,
    out?: Tensor,
  ): Tensor {
    const size = sizeOf(shape);
    const whole = Math.ceil((over ? 2 * PIECE : PIECE) / unit) * unit;
    const most = Math.min(size, whole);
    const from = this.allocate(4 * most);
    const to = over ? from : this.allocate(4 * most);
    if (size <= most) {
      this.f32.set(values, from >>> 2);
      run(at, from, to, size / unit, 0);
      return this.result(to, shape, false, out);
    }
    const y = out ?? { data: new Float32Array(size), shape };
    this.pieces(values, from, most, (first, length) => {
      run(at, from, to, length / unit, first / unit);
      y.data.set(this.f32.subarray(to >>> 2, (to >>> 2) + length), first);
    });
    return y;
  }

  /** Brings values to `at`, `most` at a time, and calls `take` with the index of the first and how many they are. */
  pieces(data: Float32Array, to: number, most: number, take: (at: number, length: number) => void): void {
    for (let at = 0; at < data.length; at += most) {
      const piece = most < data.length ? data.subarray(at, at + most) : data;
      this.f32.set(piece, to >>> 2);
      take(at, piece.length);
    }
  }

  /** Reserves n float64, set to 0. */
  zeros64(n: number): number {
    const at = this.allocate(8 * n);
    this.f64.fill(0, at >>> 3, (at >>> 3) + n);
    return at;
  }

  /** Float64 from the arena, as an array of their own. */
  take64(at: number, n: number): Float64Array {
    return this.f64.slice(at >>> 3, (at >>> 3) + n);
  }

  /** A result at `at`: copied to `out` if it is not there yet; else in place for callers whose input lives here, or copied out. */
  result(at: number, shape: readonly number[], resident: boolean, out?: Tensor): Tensor {
    const size = sizeOf(shape);
    const [from, end] = [at >>> 2, (at >>> 2) + size];
    if (out) {
      if (!this.holds(out) || this.pointer(out) !== at) out.data.set(this.f32.subarray(from, end));
      return out;
    }
    if (resident) return new ArenaTensor(this, at, shape, size);
    // A copy is made without zeros before it, which a slice begins with: of large tensors those take a third of the time.
    return { data: size < PIECE ? this.f32.slice(from, end) : new Float32Array(this.f32.subarray(from, end)), shape };
  }

  /** Statistics at `at`: in place, or copied out. */
  statistics(at: number, n: number, resident: boolean): Statistics {
    return resident ? new ArenaStatistics(this, at, n) : { data: this.take64(at, n) };
  }

  /** Where statistics are, as `pointer` says it of tensors. */
  pointer64(s: Statistics): number {
    if (s instanceof ArenaStatistics && s.arena === this) return s.offset;
    const { data } = s;
    const at = this.allocate(8 * data.length);
    this.f64.set(data, at >>> 3);
    return at;
  }
}

/** One float64 a set. */
export interface Statistics {
  readonly data: Float64Array;
}

let shared: Engine | undefined;

/**
 * The thread's engine. With SIMD, relaxed if there is any, wherever WebAssembly may be compiled synchronously (Node, workers,
 * and browsers' main threads for a module this small); where it may not, plain TypeScript until `init` has resolved.
 */
export function engine(): Engine {
  if (!shared) shared = fastest();
  return shared;
}

function fastest(): Engine {
  for (const kind of simdKinds) {
    try {
      return new Engine(kind);
    } catch {
      // The next one asks for less.
    }
  }
  return new Engine('plain');
}

/**
 * Compiles the kernels asynchronously, for main threads that refuse to do so at once; elsewhere it changes nothing.
 * Tensors of the engine before it stay usable. Resolves to the engine, which is plain where SIMD is missing.
 */
export async function init(): Promise<Engine> {
  for (const kind of simdKinds) {
    if (engine().kind !== 'plain') break;
    try {
      shared = new Engine(kind, await compileAsync(kind));
    } catch {
      // Without SIMD the plain engine stays.
    }
  }
  return engine();
}

/** The engine of a resident tensor, else the given one. */
export function engineOf(x: Tensor, given: Engine | undefined): Engine {
  if (x instanceof ArenaTensor && x.arena instanceof Engine) return x.arena;
  return given ?? engine();
}

/**
 * Checks that a tensor holds float32 values, as many as its shape says.
 * @param part which of the norm's tensors it is, where it is not the input
 * @throws NormError
 */
export function checkTensor(t: Tensor, norm: string, part = ''): void {
  if (t instanceof ArenaTensor) return;
  const where = part ? `${norm} ${part}` : norm;
  if (!(t.data instanceof Float32Array)) {
    throw new NormError('dtype', where, 'a Float32Array', Object.prototype.toString.call(t.data).slice(8, -1));
  }
  const size = sizeOf(t.shape);
  if (t.data.length !== size) {
    throw new NormError('size', where, `${size} values for shape ${format(t.shape)}`, `${t.data.length}`);
  }
}
