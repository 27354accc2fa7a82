import wasm from 'normlens:kernels';
import type { Backing } from '../arena';
import { fromBase91 } from './base91';
import { inflate } from './inflate';
import type { Kernels } from './interface';
import { withoutRelaxed } from './relaxed';

const PAGE = 65536;
const MAX_PAGES = 65536;

/** Kernels in WebAssembly: with multiply-adds that round once (relaxed SIMD), or with the SIMD that every host has. */
export type SimdKind = 'relaxed' | 'simd';

let module: Uint8Array<ArrayBuffer> | undefined;

function bytes(kind: SimdKind): Uint8Array<ArrayBuffer> {
  module ??= inflate(fromBase91(wasm));
  return kind === 'relaxed' ? module : withoutRelaxed(module);
}

/** Compiles the kernels at once. Throws where the host has no such SIMD, or allows no synchronous compilation. */
export const compileSync = (kind: SimdKind): WebAssembly.Module => new WebAssembly.Module(bytes(kind));

/** Compiles the kernels where synchronous compilation is not allowed. */
export const compileAsync = (kind: SimdKind): Promise<WebAssembly.Module> => WebAssembly.compile(bytes(kind));

const pagesOf = (size: number): number => Math.ceil(size / PAGE);

/** A WebAssembly memory; `kernels` always work on the present one. */
export class WasmBacking implements Backing {
  readonly maximum = MAX_PAGES * PAGE;
  kernels: Kernels;
  memory: WebAssembly.Memory;
  readonly #module: WebAssembly.Module;

  constructor(module: WebAssembly.Module, size: number) {
    this.#module = module;
    this.memory = new WebAssembly.Memory({ initial: pagesOf(size) });
    this.kernels = this.#instantiate();
  }

  get buffer(): ArrayBuffer {
    return this.memory.buffer as ArrayBuffer;
  }

  grow(size: number): void {
    this.memory.grow(pagesOf(size) - pagesOf(this.memory.buffer.byteLength));
  }

  replace(size: number): void {
    this.memory = new WebAssembly.Memory({ initial: pagesOf(size) });
    this.kernels = this.#instantiate();
  }

  #instantiate(): Kernels {
    const instance = new WebAssembly.Instance(this.#module, { env: { memory: this.memory } });
    return instance.exports as unknown as Kernels;
  }
}

/** An ArrayBuffer that is copied when it grows. */
export class PlainBacking implements Backing {
  readonly maximum = 2 ** 31;
  buffer: ArrayBuffer;

  constructor(size: number) {
    this.buffer = new ArrayBuffer(size);
  }

  grow(size: number): void {
    const larger = new ArrayBuffer(Math.ceil(size / PAGE) * PAGE);
    new Uint8Array(larger).set(new Uint8Array(this.buffer));
    this.buffer = larger;
  }

  replace(size: number): void {
    this.buffer = new ArrayBuffer(Math.ceil(size / PAGE) * PAGE);
  }
}
