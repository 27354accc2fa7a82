import { NormError } from './errors';
import type { Memory } from './kernels/plain/memory';
import { sizeOf, type Tensor } from './tensor';

/** Where an arena's bytes come from: a WebAssembly memory, or an ordinary ArrayBuffer. */
export interface Backing {
  readonly buffer: ArrayBuffer;
  /** Makes the memory at least `bytes` large and keeps its content; older views become empty. */
  grow(bytes: number): void;
  /** Replaces the memory by a fresh one of `bytes`; older views keep the old content. */
  replace(bytes: number): void;
  readonly maximum: number;
}

const ALIGN = 64;
const FIRST = 64; // 0 means "none" to the kernels, which keep values of their own in these bytes.
const SMALLEST = 1 << 20;
/**
 * Behind a large tensor some lines stay free: tensors of whole pages would else begin at one place of a page, and what a
 * kernel reads and writes at the same time would get in each other's way in a cache of few ways.
 */
const LARGE = 1 << 16;
const STAGGER = 320;
/** A memory is given back when it is this many times larger than what the last scopes needed. */
const SHRINK_FACTOR = 4;
const SHRINK_FROM = 16 << 20;
const SHRINK_AFTER = 16;

/** A tensor inside an arena's memory. `data` is a view made when asked for: hold the tensor, not its data. */
export class ArenaTensor implements Tensor {
  #view: Float32Array | undefined;
  constructor(
    readonly arena: Arena,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly size: number,
  ) {}

  /** @throws NormError once the tensor's scope has ended */
  check(): void {
    this.arena.check(this.offset + 4 * this.size);
  }

  /** @throws NormError once the tensor's scope has ended */
  get data(): Float32Array {
    this.check();
    const { buffer } = this.arena;
    if (this.#view?.buffer !== buffer) this.#view = new Float32Array(buffer, this.offset, this.size);
    return this.#view;
  }
}

/** Float64 statistics inside an arena's memory. */
export class ArenaStatistics {
  constructor(
    readonly arena: Arena,
    readonly offset: number,
    readonly size: number,
  ) {}

  /** @throws NormError once their scope has ended */
  check(): void {
    this.arena.check(this.offset + 8 * this.size);
  }

  get data(): Float64Array {
    this.check();
    return this.arena.f64.subarray(this.offset >>> 3, (this.offset >>> 3) + this.size);
  }
}

/**
 * A stack of tensors over one memory. Everything allocated inside `scope` is freed when it ends, except what it returns.
 * Outside a scope tensors live until `reset`.
 */
export class Arena implements Memory {
  f32: Float32Array;
  f64: Float64Array;
  /** The first free byte; a norm moves it down again when it has its result. */
  top = FIRST;
  buffer: ArrayBuffer;
  #depth = 0;
  #peak = FIRST;
  #recentPeak = FIRST;
  #scopes = 0;
  readonly #backing: Backing;

  constructor(backing: Backing) {
    this.#backing = backing;
    this.buffer = backing.buffer;
    this.f32 = new Float32Array(this.buffer);
    this.f64 = new Float64Array(this.buffer);
  }

  /** Bytes that the memory has now. */
  get capacity(): number {
    return this.buffer.byteLength;
  }

  /** Bytes in use. */
  get used(): number {
    return this.top - FIRST;
  }

  /**
   * Reserves bytes, aligned to 64; their content is undefined.
   * @throws NormError where the memory cannot grow that far
   */
  allocate(bytes: number): number {
    const at = this.top;
    const top = at + Math.ceil(bytes / ALIGN) * ALIGN + (bytes < LARGE ? 0 : STAGGER);
    if (top > this.buffer.byteLength) this.#grow(top);
    this.top = top;
    if (top > this.#peak) this.#peak = top;
    return at;
  }

  /** A tensor of undefined content, freed with the present scope. */
  tensor(shape: readonly number[]): ArenaTensor {
    const size = sizeOf(shape);
    return new ArenaTensor(this, this.allocate(4 * size), shape, size);
  }

  /** A copy of a tensor inside the arena. */
  from(source: Tensor): ArenaTensor {
    const copy = this.tensor(source.shape);
    this.f32.set(source.data, copy.offset >>> 2);
    return copy;
  }

  /** Frees what `body` allocates, but for the tensors that it returns (one, an array or a record of them). */
  scope<T>(body: () => T): T {
    const mark = this.top;
    this.#depth++;
    try {
      const result = body();
      if (typeof result !== 'object' || result === null) {
        this.top = mark;
        return result;
      }
      return this.#keep(result, mark) as T;
    } catch (error) {
      this.top = mark;
      throw error;
    } finally {
      this.#depth--;
      if (this.#depth === 0 && this.top === FIRST) this.#settle();
    }
  }

  /** Frees everything. */
  reset(): void {
    this.top = FIRST;
    this.#settle();
  }

  check(end: number): void {
    if (end > this.top) {
      throw new NormError('scope', 'arena', 'a tensor whose scope has not ended', 'one that was freed');
    }
  }

  /** Moves what a scope returns down to where the scope began. */
  #keep(result: object, mark: number): unknown {
    const parts: unknown[] = Array.isArray(result) ? result : Object.values(result);
    const mine = (t: unknown): t is ArenaTensor => t instanceof ArenaTensor && t.arena === this && t.offset >= mark;
    const kept = (mine(result) ? [result] : parts.filter(mine)).sort((a, b) => a.offset - b.offset);
    this.top = mark;
    const moved = new Map<unknown, ArenaTensor>();
    for (const tensor of kept) {
      const at = this.allocate(4 * tensor.size);
      this.f32.copyWithin(at >>> 2, tensor.offset >>> 2, (tensor.offset >>> 2) + tensor.size);
      moved.set(tensor, new ArenaTensor(this, at, tensor.shape, tensor.size));
    }
    if (moved.size === 0) return result;
    if (moved.has(result)) return moved.get(result);
    if (Array.isArray(result)) return result.map((t) => moved.get(t) ?? t);
    return Object.fromEntries(Object.entries(result).map(([key, t]) => [key, moved.get(t) ?? t]));
  }

  #grow(bytes: number): void {
    const { maximum } = this.#backing;
    const wanted = Math.min(maximum, Math.max(bytes, this.buffer.byteLength * 1.5, SMALLEST));
    if (bytes > maximum) throw this.#full(bytes);
    try {
      this.#backing.grow(wanted);
    } catch {
      try {
        this.#backing.grow(bytes);
      } catch {
        throw this.#full(bytes);
      }
    }
    this.#refresh();
  }

  #full(bytes: number): NormError {
    const mib = (n: number) => `${Math.ceil(n / 1048576)} MiB`;
    const limit = `at most ${mib(this.#backing.maximum)} of tensors at once`;
    return new NormError('memory', 'arena', limit, `${mib(bytes)} (the host may allow less)`);
  }

  #refresh(): void {
    this.buffer = this.#backing.buffer;
    this.f32 = new Float32Array(this.buffer);
    this.f64 = new Float64Array(this.buffer);
  }

  /** With nothing alive: a memory much larger than the last scopes needed is replaced by a smaller one. */
  #settle(): void {
    if (this.#peak > this.#recentPeak) this.#recentPeak = this.#peak;
    this.#peak = FIRST;
    if (++this.#scopes < SHRINK_AFTER) return;
    this.#scopes = 0;
    const needed = Math.max(this.#recentPeak, SMALLEST);
    this.#recentPeak = FIRST;
    if (this.buffer.byteLength < SHRINK_FROM || this.buffer.byteLength < needed * SHRINK_FACTOR) return;
    this.#backing.replace(needed);
    this.#refresh();
  }
}
