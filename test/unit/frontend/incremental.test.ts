import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { parse } from '../../../src/analyzer/frontend';

const folder = fileURLToPath(new URL('../../../examples/src', import.meta.url));
const examples = readdirSync(folder).map((name) => ({
  path: `/edits/${name}`,
  text: readFileSync(join(folder, name), 'utf8'),
}));
/** What tempts a parser to read on: statements without semicolons, ambiguous beginnings, comments that mean something. */
const tricky = [
  {
    path: '/edits/module.ts',
    text: 'import * as tf from "@tensorflow/tfjs"\nconst a = 1\nconst b = [a]\n;[a, b].map(String)\nconst c = b\nawait a\n/** @param {tf.Tensor2D} x */\nexport function f(x) { return x }\n// @shape [1, 2]\nlet d = f(c)\nif (a) { f(d) }\nfor (const e of b) f(e)\nclass G { m() { return `${a}` } }\n// normlens-disable-next-line NL101 -- why\nf(new G())\n/** @typedef {tf.Tensor3D} Picture */\n',
  },
  {
    path: '/edits/script.js',
    text: 'const tf = require("@tensorflow/tfjs")\nvar a = 1\nvar await = 2\nlabel: for (;;) { break label }\nlet x = a\n(function () { return x })()\nlet y = a / 2 / 1\nlet z = `a${y}b`\nmodule.exports = { x, y, z }\n',
  },
  {
    path: '/edits/types.ts',
    text: 'type A = { a: number }\ninterface B { b: A }\ndeclare const c: B\nnamespace N { export const d = c.b.a }\nenum E { One = 1, Two }\nfunction g(a: number): void\nfunction g(a: unknown) { return a }\nabstract class H<T> { constructor(readonly t: T) {} }\nimport fs = require("fs")\nexport default g\n',
  },
];

/** What people and their slips type. */
const scraps = fc.constantFrom(
  ...'( ) { } [ ] , ; : = ` " \' / * + - < > . ! \n a 1 await async export import else const return => /* */ // @shape'.split(
    ' ',
  ),
  '\nconst added = 1;\n',
  'export const e = 2\n',
  '\n(',
  '\n[',
  '\n/** @type {number} */\n',
  '// normlens-disable-line\n',
  '  ',
);
const statements = fc.constantFrom(
  'const added = 1;',
  'f(1)',
  '(f)(1)',
  '[1].map(f)',
  'export const e = 2',
  '{ f(2) }',
  '// a word',
  '',
);
const edits = fc.array(
  fc.record({
    at: fc.nat(1_000_000),
    cut: fc.nat(12),
    put: scraps,
    line: statements,
    way: fc.constantFrom('anywhere', 'digit', 'line', 'lineEnd', 'name', 'cutLine'),
  }),
  { minLength: 1, maxLength: 6 },
);
type Edit = typeof edits extends fc.Arbitrary<(infer E)[]> ? E : never;
const sessions = fc.record({ file: fc.constantFrom(...examples, ...tricky), edits });

/** The text after an edit: of characters anywhere, or of such as mostly leave a program. */
function applied(text: string, { at, cut, put, line, way }: Edit): string {
  const start = at % (text.length + 1);
  const after = (pattern: RegExp, insert: string) => {
    const found = text.slice(start).search(pattern);
    return found < 0 ? text + insert : text.slice(0, start + found + 1) + insert + text.slice(start + found + 1);
  };
  if (way === 'digit') return after(/\d/, '7');
  if (way === 'name') return after(/[a-z]\b/, 'x');
  if (way === 'line') return after(/\n(?=\S)/, `${line}\n`);
  if (way === 'lineEnd') return after(/[;}](?=\n)/, ` ${line}`);
  if (way === 'cutLine') return text.slice(0, start) + text.slice(start).replace(/(?<=\n)[^\n]*\n/, '');
  return text.slice(0, start) + put + text.slice(start + cut);
}

describe('a program after edits', () => {
  test('is the one that the text alone gives', () => {
    let reused = 0;
    fc.assert(
      fc.property(sessions, ({ file: { path, text }, edits }) => {
        let program = parse(path, text);
        for (const one of edits) {
          const next = applied(program.text, one);
          const known = new Set<unknown>(program.body);
          const after = parse(path, next, program);
          if (after.body.some((statement) => known.has(statement))) reused += 1;
          expect(after).toEqual(parse(path, next));
          if (after.problems.length === 0) program = after;
        }
      }),
      { numRuns: 800, seed: 7 },
    );
    // Otherwise nothing was tested.
    expect(reused).toBeGreaterThan(300);
  }, 120_000);

  test('keeps what stands apart from the edit, moved', () => {
    const before =
      'export const a = 1;\nexport const b = 2;\nexport const c = 3;\nexport const d = 4;\nexport const e = 5;\nexport const f = 6;\n';
    const program = parse('/a.ts', before);
    const [a, , , , , f] = program.body;
    const after = parse('/a.ts', before.replace('c = 3', 'c = 33333'), program);
    expect(after.body[0]).toBe(a);
    expect(after.body[5]).toBe(f);
    expect(after).toEqual(parse('/a.ts', after.text));
  });
});

test('findings and shapes in a session of edits are those of an analysis of the text alone', () => {
  fc.assert(
    fc.property(sessions, ({ file: { path, text }, edits }) => {
      let now = text;
      const read = (asked: string) => (asked === path ? now : undefined);
      const analyzer = createAnalyzer({ read });
      analyzer.analyze(path);
      for (const one of edits) {
        now = applied(now, one);
        analyzer.change(path);
        expect(comparable(analyzer.analyze(path))).toEqual(comparable(createAnalyzer({ read }).analyze(path)));
      }
    }),
    { numRuns: 40, seed: 11 },
  );
}, 120_000);

/** Sizes that are known by name have numbers behind their names, which count all that were ever made. */
function comparable(analysis: unknown): unknown {
  return JSON.parse(
    JSON.stringify(analysis, (_, value) => (typeof value === 'string' ? value.replace(/#\d+/g, '#') : value)),
  );
}
