import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

const { plugins } = createRequire(import.meta.url)('../../../runtime/kernels/build.js');

async function bundle() {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('../../../runtime/index.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    write: false,
    plugins,
    // The digits come beside the bundle, not in it.
    loader: { '.bin': 'empty' },
  });
  return result.outputFiles[0]?.text ?? '';
}

describe('the runtime bundle', () => {
  it('is under 60 KB minified, kernels included', async () => {
    const text = await bundle();
    console.log(`runtime bundle: ${(text.length / 1000).toFixed(1)} KB minified`);
    expect(text.length).toBeGreaterThan(10_000);
    expect(text.length).toBeLessThan(60_000);
  });

  it('imports nothing and works where it is evaluated', async () => {
    const text = await bundle();
    expect(text).not.toMatch(/\bfrom\s*["']|\brequire\(/);
    const module = await import(
      /* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`
    );
    const { y } = module.layerNorm({ epsilon: 1e-9 }).forward(module.tensor([1, 3], [1, 2]));
    expect([...y.data].map(Math.round)).toEqual([-1, 1]);
    expect(module.engine().kind).toBe('relaxed');
  });
});
