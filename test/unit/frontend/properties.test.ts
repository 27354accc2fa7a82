import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/analyzer/frontend';
import { breach } from './helpers';

const modules = path.resolve(__dirname, '../../../node_modules');

/** JavaScript and TypeScript files below `folder`; bundles of more than 300 KB are left to the size test. */
function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[cm]?[jt]sx?$/.test(name))
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile() && statSync(file).size < 300_000);
}

describe('on real files', () => {
  it.each([
    '@tensorflow/tfjs-layers/dist',
    '@tensorflow/tfjs-core/dist/ops',
    '@tensorflow/tfjs-data/dist',
    'lit',
    'lit-html',
    'fast-check/lib',
    'mocha/lib',
    'vscode-languageserver/lib',
    'undici-types',
  ])('%s: all ranges nest and all names read as in the source', (folder) => {
    const files = sources(path.join(modules, folder));
    expect(files.length).toBeGreaterThan(3);
    const breaches = files.flatMap((file) => {
      const found = breach(parse(file, readFileSync(file, 'utf8')));
      return found === undefined ? [] : [`${file}: ${found}`];
    });
    expect(breaches).toEqual([]);
  });
});

const words = [
  'const',
  'let',
  'var',
  'function',
  'class',
  'extends',
  'return',
  'if',
  'else',
  'for',
  'of',
  'in',
  'while',
  'do',
  'switch',
  'case',
  'default',
  'try',
  'catch',
  'finally',
  'throw',
  'break',
  'new',
  'this',
  'super',
  'await',
  'async',
  'yield',
  'typeof',
  'import',
  'export',
  'from',
  'as',
  'satisfies',
  'enum',
  'namespace',
  'type',
  'interface',
  'static',
  'get',
  'set',
  '#p',
  'a',
  'b',
  'tf',
  'x',
  '1',
  '2.5',
  '10n',
  '"s"',
  '`t`',
  '`t${',
  '}`',
  '/r/g',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ',',
  ';',
  ':',
  '.',
  '?.',
  '...',
  '=>',
  '=',
  '+=',
  '??=',
  '==',
  '===',
  '+',
  '-',
  '*',
  '**',
  '/',
  '%',
  '<',
  '>',
  '>>>',
  '&&',
  '||',
  '??',
  '?',
  '!',
  '~',
  '++',
  '--',
  '@',
  '<div>',
  '</div>',
  '<a b={',
  '/>',
  '\n',
  ' ',
  '\r\n',
  '// normlens-x\n',
  '/* @shape [1] */',
  '/** @type {tf.Tensor} */',
  '"open',
  '`open',
  '/* open',
  '\\u0061',
  '\u{1d7d8}',
]; // prettier-ignore

describe('on random text', () => {
  const languages = fc.constantFrom('a.js', 'a.ts', 'a.tsx', 'a.jsx', 'a.d.ts', 'a.json', 'a.html', 'a.vue');

  it('words of the language in any order never throw, and ranges still nest', () => {
    const code = fc.array(fc.constantFrom(...words), { maxLength: 60 }).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(languages, code, (name, text) => {
        expect(breach(parse(name, text))).toBeUndefined();
      }),
      { numRuns: 3000, examples: [['a.tsx', 'async <div> ??=']] },
    );
  });

  it('any characters never throw, and ranges still nest', () => {
    fc.assert(
      fc.property(languages, fc.string({ unit: 'binary', maxLength: 80 }), (name, text) => {
        expect(breach(parse(name, text))).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});
