import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const { vitePlugins } = createRequire(import.meta.url)('../runtime/kernels/build.js');

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: vitePlugins,
  test: {
    include: ['test/{unit,differential,fuzz}/**/*.test.ts'],
    // Node 20 has relaxed SIMD behind a flag.
    setupFiles: ['test/seed.ts', 'test/tools/relaxedSimd.ts'],
    testTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
