/**
 * `npm run bench -- workspace`: the command line, cold, on 240 files of about 150 lines, beside `tsc --noEmit` (the
 * native compiler) on the same files. Every run is a process of its own, in turn; medians and their ratio are printed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const FILES = 240;
const LINES = 150;
const RUNS = 5;
const root = process.cwd();

/** A file of models: examples of this repository, each in a namespace of its own, up to the length. */
function makeFile(programs: readonly string[], i: number): string {
  const parts: string[] = [];
  for (let lines = 0, j = i; lines < LINES; j += 1) {
    const program = programs[j % programs.length] ?? '';
    parts.push(
      program
        .replace(/^import .*$/gm, '')
        .replace(/^export (?:default )?/gm, '')
        .replace(/^/gm, '  '),
    );
    lines += program.split('\n').length;
  }
  return `// @ts-nocheck\nimport * as tf from '@tensorflow/tfjs';\n${parts.map((part, j) => `export namespace Part${i}_${j} {\n${part}\n}`).join('\n')}\n`;
}

function makeWorkspace(): { folder: string; lines: number } {
  const folder = join(tmpdir(), 'normlens-bench-workspace');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'src'), { recursive: true });
  const examples = resolve('examples/src');
  const programs = readdirSync(examples)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(examples, name), 'utf8'));
  let lines = 0;
  for (let i = 0; i < FILES; i += 1) {
    const text = makeFile(programs, i);
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

interface Sample {
  readonly seconds: number;
  readonly cpu: number;
  readonly megabytes: number;
}

/** One process, by the shell's clock and by its own accounting (`getrusage` of the finished child is not in Node). */
function measure(args: readonly string[], cwd: string): Sample {
  const start = performance.now();
  const { stderr } = spawnSync(
    '/usr/bin/env',
    ['bash', '-c', `TIMEFORMAT='%U %S'; time "$@" >/dev/null 2>&1`, 'bash', ...args],
    { cwd, encoding: 'utf8' },
  );
  const seconds = (performance.now() - start) / 1000;
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { seconds, cpu: user + system, megabytes: 0 };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export async function run(): Promise<void> {
  const { folder, lines } = makeWorkspace();
  const peers = {
    'normlens check': ['node', resolve(root, 'dist/cli.js'), 'check', 'src', '--exit-zero'],
    'tsc --noEmit': [resolve('node_modules/.bin/tsc'), '--noEmit', '-p', 'tsconfig.json'],
  };
  const samples = new Map<string, Sample[]>(Object.keys(peers).map((name) => [name, []]));
  for (let i = 0; i <= RUNS; i += 1) {
    for (const [name, args] of Object.entries(peers)) {
      const sample = measure(args, folder);
      if (i > 0) samples.get(name)?.push(sample);
    }
  }
  console.log(`${FILES} files, ${lines} lines; ${RUNS} runs each, in turn, after one that is not counted`);
  for (const [name, list] of samples) {
    console.log(
      `  ${name.padEnd(16)} wall ${median(list.map((s) => s.seconds)).toFixed(2)} s, processor ${median(list.map((s) => s.cpu)).toFixed(2)} s (medians)`,
    );
  }
  const [ours, theirs] = [...samples.values()].map((list) => median(list.map((s) => s.seconds)));
  if (ours !== undefined && theirs !== undefined) console.log(`  tsc takes ${(theirs / ours).toFixed(2)} × the time`);
}
