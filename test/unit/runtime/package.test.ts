import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A script inside the package may import the package by its own name, as one that depends on it would. */
function run(text: string): string {
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache/user-'));
  const script = join(folder, 'user.mjs');
  writeFileSync(script, text);
  return execFileSync(process.execPath, [script], { encoding: 'utf8', cwd: tmpdir() });
}

test('the runtime is imported by itself, as normlens/runtime', () => {
  execFileSync(process.execPath, ['esbuild.js', 'runtime'], { cwd: root });
  const printed = run(`
    import { batchNorm } from 'normlens/runtime';
    console.log(typeof batchNorm);`);
  expect(printed.trim()).toMatch(/^(function|object)$/);
});
