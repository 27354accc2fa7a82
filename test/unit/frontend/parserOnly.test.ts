import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { ts } from 'ts-morph';
import { expect, test } from 'vitest';

type Compiler = Pick<typeof ts, 'createSourceFile' | 'forEachChild'>;

const require = createRequire(import.meta.url);
const { parserOnly } = require('../../../src/analyzer/frontend/parserOnly.js') as { parserOnly(file: string): string };
const compiler = createRequire(require.resolve('ts-morph'))
  .resolve('@ts-morph/common')
  .replace(/[^/\\]+$/, 'typescript.js');
const code = parserOnly(compiler);
/** What the bundles have of the compiler. */
const parser = runInNewContext(`${code.replace('export const ts =', 'const parsing =')}; parsing`, {
  Map,
  Set,
}) as Compiler;

/** Every node's kind, place, flags and text, the comments that are read as types, and the syntax errors. */
function read(by: Compiler, text: string, scriptKind: ts.ScriptKind): unknown {
  const options = { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseAll };
  const source = by.createSourceFile('file', text, options, false, scriptKind);
  const nodes: unknown[] = [];
  const visit = (node: ts.Node): void => {
    const {
      escapedText,
      jsDoc = [],
      text: own,
    } = node as { escapedText?: string; jsDoc?: ts.JSDoc[]; text?: string } & ts.Node;
    nodes.push([node.kind, node.pos, node.end, node.flags, escapedText ?? own]);
    for (const doc of jsDoc) visit(doc);
    by.forEachChild(node, visit);
  };
  visit(source);
  const { parseDiagnostics } = source as { parseDiagnostics?: readonly ts.Diagnostic[] };
  return JSON.stringify([
    nodes,
    parseDiagnostics?.map(({ start, length, messageText }) => [start, length, messageText]),
  ]);
}

const sources = [
  'src/analyzer/frontend',
  'src/analyzer/interpreter',
  'examples/src',
  'webview/plot',
  'test/unit/frontend',
].flatMap((folder) =>
  readdirSync(resolve(folder))
    .filter((name) => /\.[jt]s$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8')),
);
const kinds = [ts.ScriptKind.TS, ts.ScriptKind.TSX, ts.ScriptKind.JS, ts.ScriptKind.JSX, ts.ScriptKind.JSON];
const pieces = [
  '',
  '{',
  '}',
  '(',
  '<',
  '=>',
  '`',
  '"',
  '/*',
  'async ',
  '@x ',
  '#p',
  '\\u',
  '0b',
  '</',
  '?.',
  'enum ',
  '/(?<a>',
  'class A{',
];

test('the parser that is in the bundles reads as the whole compiler does, broken code too', () => {
  expect(code.length).toBeLessThan(readFileSync(compiler, 'utf8').length / 5);
  const edit = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(20), fc.constantFrom(...pieces));
  fc.assert(
    fc.property(
      fc.constantFrom(...sources),
      fc.constantFrom(...kinds),
      fc.array(edit, { maxLength: 3 }),
      (whole, kind, edits) => {
        let text = whole;
        for (const [where, length, piece] of edits) {
          const at = Math.floor(where * text.length);
          text = text.slice(0, at) + piece + text.slice(at + length);
        }
        expect(read(parser, text, kind)).toBe(read(ts, text, kind));
      },
    ),
    { numRuns: 150 },
  );
}, 120_000);

test('the front end calls no method of a node: the parser alone gives them none', () => {
  const source = ts.createSourceFile('a.ts', 'a(this)', ts.ScriptTarget.Latest);
  const methods: string[] = [];
  const visit = (node: ts.Node): void => {
    for (let at: object | null = node; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at))
      methods.push(...Object.getOwnPropertyNames(at));
    ts.forEachChild(node, visit);
  };
  visit(source);
  const asked = new Set(methods.filter((name) => /^(get|forEach)/.test(name)));
  expect(asked.size).toBeGreaterThan(15);
  const calls = readdirSync(resolve('src/analyzer/frontend'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const text = readFileSync(join('src/analyzer/frontend', name), 'utf8');
      return Array.from(text.matchAll(/(\w+)\.(\w+)\(/g), ([call, of, method = '']) =>
        of !== 'ts' && asked.has(method) ? `${name}: ${call}` : '',
      );
    });
  expect(calls.filter((call) => call !== '')).toEqual([]);
});
