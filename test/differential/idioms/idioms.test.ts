/** Programs as people write them, one file (or folder) an idiom: each runs in the real tfjs and in the analyzer. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { type RealRun, runInTfjs } from '../../tools/runInTfjs';
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

/** Places where a loop or a function makes tensors of several shapes: no one shape holds of them. */
function severalShapes(calls: RealRun['calls']): ReadonlySet<string> {
  const shapes = new Map<string, Set<string>>();
  for (const { line, name, outputs } of calls) {
    const key = `line ${line} ${name}`;
    shapes.set(key, (shapes.get(key) ?? new Set()).add(JSON.stringify(outputs)));
  }
  return new Set([...shapes].filter(([, made]) => made.size > 1).map(([key]) => key));
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
      const several = severalShapes(real.calls);
      const told = disagreements.filter(
        ({ kind, text }) => !(kind === 'unknown call' && several.has(text.split(':')[0] ?? '')),
      );
      expect(told.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([]);
      expect({ wrong, exact }).toEqual({ wrong: 0, exact: layers });
      expect(layers + calls).toBeGreaterThan(0);
    },
  );
});
