/** Programs as people write them, one file (or folder) an idiom: each runs in the real tfjs and in the analyzer. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { runInTfjs } from '../../tools/runInTfjs';
import { compare } from '../programs/compare';

const FOLDER = fileURLToPath(new URL('./programs', import.meta.url));

interface Idiom {
  readonly path: string;
  readonly text: string;
  readonly modules: ReadonlyMap<string, { readonly path: string; readonly text: string }>;
}

function idiomOf(entry: string): Idiom {
  const single = /\.[jt]s$/.test(entry);
  const path = join(FOLDER, single ? entry : `${entry}/main.js`);
  const others = single ? [] : filesBelow(join(FOLDER, entry)).filter((file) => file !== path);
  return {
    path,
    text: readFileSync(path, 'utf8'),
    modules: new Map(
      others.map((file) => [file.replace(/\.(ts|js|mjs|cjs)$/, ''), { path: file, text: readFileSync(file, 'utf8') }]),
    ),
  };
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

describe('idioms in the analyzer', () => {
  test.each(readdirSync(FOLDER).sort())(
    '%s: every layer and op call has the shape that tfjs gives it',
    async (entry) => {
      const { path, text, modules } = idiomOf(entry);
      const real = await runInTfjs(text, { path, modules });
      expect(real.error).toBeUndefined();
      const said = createAnalyzer({ read }).analyze(path);
      const { disagreements, layers, exact, calls, wrong } = compare({ text, planted: undefined }, real, said);
      expect(disagreements.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([]);
      expect({ wrong, exact }).toEqual({ wrong: 0, exact: layers });
      expect(layers + calls).toBeGreaterThan(0);
    },
  );
});
