import { createRequire } from 'node:module';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as runtime from '../../../runtime/index';
import { withoutRelaxed } from '../../../runtime/kernels/relaxed';
import { sample } from './support/data';

const { kernels } = createRequire(import.meta.url)('../../../runtime/kernels/build.js');

const MADD = String.fromCharCode(0xfd, 0x85, 2);
const countOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').split(MADD).length - 1;

describe.each(['normlens:kernels', 'normlens:matrix'])('the module %s', (id) => {
  it('has relaxed multiply-adds, and is valid without any of them', async () => {
    const fused = Uint8Array.from(await kernels(id));
    const plain = withoutRelaxed(fused);
    expect(countOf(fused)).toBeGreaterThan(5);
    expect(WebAssembly.validate(fused)).toBe(true);
    expect(countOf(plain)).toBe(0);
    expect(WebAssembly.validate(plain)).toBe(true);
    expect(plain.length).toBe(fused.length);
  });
});

describe('a host', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  /** WebAssembly that refuses what `knows` does not. */
  function hostThat(knows: (module: Uint8Array) => boolean): void {
    const { Memory, Instance, Module } = WebAssembly;
    class Strict extends Module {
      constructor(bytes: Uint8Array<ArrayBuffer>) {
        if (!knows(bytes)) throw new TypeError('an unknown instruction');
        super(bytes);
      }
    }
    const compile = async (bytes: Uint8Array<ArrayBuffer>) => new Strict(bytes);
    vi.stubGlobal('WebAssembly', { Memory, Instance, Module: Strict, compile });
    vi.resetModules();
  }

  it('that knows no relaxed SIMD runs the kernels in SIMD', async () => {
    hostThat((bytes) => countOf(bytes) === 0);
    const fresh = await import('../../../runtime/index');
    expect(fresh.engine().kind).toBe('simd');
    expect((await fresh.init()).kind).toBe('simd');
  });

  it('that knows no SIMD runs plain TypeScript', async () => {
    hostThat(() => false);
    const fresh = await import('../../../runtime/index');
    expect(fresh.engine().kind).toBe('plain');
    expect((await fresh.init()).kind).toBe('plain');
  });
});

it('a multiply-add that rounds once shows in the last bits, and nowhere else', () => {
  const x = sample([64, 96], 'ordinary', 3);
  const run = (kind: runtime.EngineKind) =>
    runtime.layerNorm({ engine: new runtime.Engine(kind) }).forward(x, {
      gamma: sample([96], 'ordinary', 4),
      beta: sample([96], 'ordinary', 5),
    }).y.data;
  const [fused, plain] = [run('relaxed'), run('simd')];
  const errors = fused.map((v, i) => Math.abs(v - (plain[i] as number)));
  expect(Math.max(...errors)).toBeGreaterThan(0);
  expect(Math.max(...errors)).toBeLessThan(2e-6);
});
