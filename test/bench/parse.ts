/** How fast source files become program trees. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from '../../src/analyzer/frontend';

const rounds = 5;

/** Parses the sources of tfjs-layers and tfjs-core's ops, cold and then warm, and prints lines a second. */
export function run(): void {
  const root = path.resolve('node_modules/@tensorflow');
  const files = ['tfjs-layers/dist', 'tfjs-core/dist/ops'].flatMap((folder) => sources(path.join(root, folder)));
  const texts = files.slice(0, 240).map((file) => [file, readFileSync(file, 'utf8')] as const);
  const lines = texts.reduce((sum, [, text]) => sum + text.split('\n').length, 0);
  console.log(`parse: ${texts.length} files, ${lines} lines`);
  for (let round = 0; round < rounds; round++) {
    const begin = performance.now();
    for (const [file, text] of texts) parse(file, text);
    const ms = performance.now() - begin;
    const name = round === 0 ? 'cold' : 'warm';
    console.log(`  ${name} ${ms.toFixed(0)} ms, ${Math.round(lines / ms)} lines a ms`);
  }
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.d|_test)\.[jt]s$/.test(name))
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).size < 300_000);
}
