import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const { vitePlugins } = createRequire(import.meta.url)('../runtime/kernels/build.js');

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  plugins: vitePlugins,
  test: {
    include: ['test/{unit,differential,fuzz}/**/*.test.ts'],
    setupFiles: ['test/seed.ts'],
    testTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
