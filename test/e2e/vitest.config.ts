import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The kernels, for tests that hold the page's numbers against the runtime's.
const { vitePlugins } = createRequire(import.meta.url)('../../runtime/kernels/build.js');

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  plugins: vitePlugins,
  test: {
    include: ['test/e2e/**/*.test.ts'],
    testTimeout: 120_000,
    // One second, the default, is too short for a page on a busy machine: what is polled may take its time, and nothing is tried twice.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 180_000,
    pool: 'forks',
    // Two browsers at once on a small machine make each other's waits too short.
    fileParallelism: false,
  },
});
