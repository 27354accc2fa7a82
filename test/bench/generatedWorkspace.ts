/** A workspace of 240 files and 36,000 lines of TensorFlow.js, made of this repository's examples. */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const FILES = 240;
const LINES = 150;

/** A file of examples, each in a namespace of its own, until it has `wanted` lines. */
function makeFile(programs: readonly string[], i: number, wanted: number): string {
  const parts: string[] = [];
  for (let lines = 0, j = i; lines < wanted; j += 1) {
    const program = programs[j % programs.length] ?? '';
    parts.push(
      program
        .replace(/^import .*$/gm, '')
        .replace(/^export (?:default )?/gm, '')
        .replace(/^/gm, '  '),
    );
    lines += program.split('\n').length;
  }
  return `import * as tf from '@tensorflow/tfjs';\n${parts.map((part, j) => `export namespace Part${i}_${j} {\n${part}\n}`).join('\n')}\n`;
}

export function makeWorkspace(): { readonly folder: string; readonly lines: number } {
  const folder = join(tmpdir(), 'normlens-bench-workspace');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'src'), { recursive: true });
  const examples = resolve('examples/src');
  const programs = readdirSync(examples)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(examples, name), 'utf8'));
  let lines = 0;
  for (let i = 0; i < FILES; i += 1) {
    // Examples are not cut: what one file has too much, the next has less.
    const text = makeFile(programs, i, (i + 1) * LINES - lines);
    lines += text.split('\n').length;
    writeFileSync(join(folder, 'src', `file${i}.ts`), text);
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const compilerOptions = {
    target: 'ES2022',
    module: 'ESNext',
    moduleResolution: 'bundler',
    skipLibCheck: true,
    noEmit: true,
    types: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  return { folder, lines };
}
