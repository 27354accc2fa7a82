/** Nothing that others wrote makes the analyzer fail: every file of packages that the tests have installed, each package as one workspace. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createAnalyzer } from '../../src/analyzer';

const require = createRequire(import.meta.url);
/** Bundles hold what the other files hold. */
const MOST_CHARACTERS = 200_000;

function filesOf(name: string): ReadonlyMap<string, string> {
  const folder = path.join(path.dirname(require.resolve(`${name}/package.json`)), 'dist');
  const texts = new Map<string, string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.js') || /_test\.js$|\.min\.js$/.test(file)) continue;
    const text = readFileSync(path.join(folder, file), 'utf8');
    if (text.length <= MOST_CHARACTERS) texts.set(path.join(folder, file).replaceAll('\\', '/'), text);
  }
  return texts;
}

test.each([
  ['@tensorflow/tfjs-core', 500],
  ['@tensorflow/tfjs-layers', 80],
  ['@tensorflow/tfjs-data', 20],
  ['@tensorflow/tfjs-converter', 50],
  ['@tensorflow/tfjs-backend-cpu', 150],
])('%s is read to the end, and nothing in it is called an error', (name, least) => {
  const texts = filesOf(name);
  const analyses = createAnalyzer({ read: (file) => texts.get(file) }).analyzeAll([...texts.keys()]);
  expect(analyses.length).toBeGreaterThan(least);
  const errors = analyses.flatMap(({ findings }) => findings).filter(({ severity }) => severity === 'error');
  expect(errors).toEqual([]);
});
