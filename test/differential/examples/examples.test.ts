import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { lineOf } from '../../tools/lineOf';
import { runInTfjs } from '../../tools/runInTfjs';
import { compare } from '../programs/compare';
import { type Example, examples } from './examples';

type Main = (options?: Readonly<Record<string, number>>) => Promise<unknown>;

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const table = examples.map((example) => [example.name, example] as const);

/** Options that change how long an example trains, not what sizes its tensors have. */
const onlyLonger = new Set(['epochs', 'episodes', 'steps']);
const sizesAsWritten = ({ small }: Example): boolean => Object.keys(small).every((key) => onlyLonger.has(key));

describe('the examples in the analyzer', () => {
  test.each(table)(
    '%s: it runs in the real tfjs, and each model is the one that tfjs builds, layer by layer',
    async (_, example) => {
      const real = await runInTfjs(example.text, {
        path: example.path,
        drive: (exports) => (exports.main as Main)(example.small),
      });
      if (example.throws === undefined) expect(real.error).toBeUndefined();
      else expect(real.error?.message).toMatch(example.throws);
      const said = createAnalyzer({ read }).analyze(example.path);
      const { disagreements, layers, exact } = compare(
        { text: example.text, planted: example.planted?.line },
        real,
        said,
      );
      const kinds = [
        'shape',
        'params',
        'name',
        'unknown layer',
        'crash',
        ...(sizesAsWritten(example) ? ['call shape'] : []),
      ];
      expect(disagreements.filter((d) => kinds.includes(d.kind))).toEqual([]);
      expect(exact).toBe(layers);
      if (example.throws === undefined) expect(layers).toBeGreaterThan(0);
    },
  );

  test.each(table)(
    '%s: the planted misuse is found at its line, and nothing else',
    (_, { path, text, planted, also }) => {
      const { findings } = createAnalyzer({ read }).analyze(path);
      const found = findings
        .filter(({ ruleId }) => !also.includes(ruleId))
        .map(({ ruleId, at }) => `${ruleId} at line ${lineOf(text, at.start)}`);
      expect(found).toEqual(planted === undefined ? [] : [`${planted.rule} at line ${planted.line}`]);
    },
  );
});
