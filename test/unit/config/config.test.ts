import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json';
import { LineMap } from '../../../src/analyzer/program/lineMap';
import { rules } from '../../../src/analyzer/rules';
import { DEFAULT_CONFIG } from '../../../src/config/config';
import { Configs } from '../../../src/config/configs';
import { parseConfig } from '../../../src/config/parse';
import { includes } from '../../../src/config/patterns';
import { SEVERITIES } from '../../../src/shared/protocol';
import { SCHEMA, schemaText } from '../../tools/configSchema';

const PATH = '/w/normlens.config.json';

/** The problems of a text as `line:column message`. */
function problems(text: string): readonly string[] {
  const lines = new LineMap(text);
  return parseConfig(PATH, text, rules).problems.map(({ at, message }) => {
    const { line, column } = lines.position(at.start);
    return `${line}:${column} ${message}`;
  });
}

describe('a configuration file', () => {
  it('sets severities by id and by name, patterns and assumptions; comments and trailing commas are welcome', () => {
    const text = `{
      "$schema": "./schema.json", // for the editor
      "rules": { "NL101": "off", "bias-before-bn": "warning", },
      "include": ["src"], /* all of it */
      "exclude": ["**/*.gen.ts"],
      "assume": { "batchSize": 64, "backend": "webgl", "src/model.ts#Net.build(inputSize)": [28, 28] },
    }`;
    expect(parseConfig(PATH, text, rules)).toEqual({
      path: PATH,
      folder: '/w',
      config: {
        rules: { NL101: 'off', NL301: 'warning' },
        include: ['src'],
        exclude: ['**/*.gen.ts'],
        assume: {
          batchSize: 64,
          backend: 'webgl',
          parameters: [
            {
              file: '/w/src/model.ts',
              function: 'Net.build',
              parameter: 'inputSize',
              value: [28, 28],
              at: { file: PATH, start: text.indexOf('"src/model.ts'), end: text.indexOf(': [28') },
            },
          ],
        },
      },
      problems: [],
    });
  });

  it.each(['', '{}', '// nothing yet\n'])('of %j has the defaults', (text) => {
    expect(parseConfig(PATH, text, rules)).toMatchObject({ config: DEFAULT_CONFIG, problems: [] });
  });

  it.each([
    ['{ "rules": { "NL101": "off" }', '1:30 this is no JSON: a closing } is due here'],
    ['{ "rules" { } }', '1:11 this is no JSON: a colon is due here'],
    ["{ 'rules': {} }", '1:3 this is no JSON: a word that JSON does not know; texts stand in double quotes'],
  ])('that is no JSON says where, and has the defaults: %s', (text, expected) => {
    expect(problems(text)[0]).toBe(expected);
    expect(parseConfig(PATH, text, rules).config).toEqual(DEFAULT_CONFIG);
  });

  it.each([
    ['[]', '1:1 the configuration must be an object: { … }'],
    ['{ "rule": {} }', '1:3 there is no setting “rule”: there are $schema, rules, include, exclude and assume'],
    [
      '{ "constructor": {} }',
      '1:3 there is no setting “constructor”: there are $schema, rules, include, exclude and assume',
    ],
    ['{ "rules": "off" }', '1:12 rules must be an object: { … }'],
    ['{\n  "rules": { "NL999": "off" }\n}', '2:14 there is no rule “NL999”'],
    [
      '{ "rules": { "NL101": "loud" } }',
      '1:23 there is no such severity: there are off, hint, information, warning and error',
    ],
    ['{ "rules": { "NL101": "off", "bn-axis-not-last": "hint" } }', '1:30 NL101 bn-axis-not-last is set twice'],
    ['{ "include": "src" }', '1:14 include must be a list: [ … ]'],
    ['{ "include": ["src", 1] }', '1:22 include: 1 must be a string'],
    ['{ "exclude": ["!a"] }', '1:15 exclude: "!a" begins with “!”; files that are not meant stand in exclude'],
    ['{ "exclude": ["../a"] }', '1:15 exclude: "../a" leaves the folder of this file'],
    ['{ "exclude": ["/a"] }', '1:15 exclude: "/a" must be relative to the folder of this file'],
    ['{ "exclude": [""] }', '1:15 exclude: "" names no file'],
    ['{ "exclude": ["a\\\\b"] }', '1:15 exclude: "a\\\\b" has a backslash; folders are parted by /'],
    ['{ "assume": { "batchSize": 0 } }', '1:28 batchSize must be a whole number above 0'],
    [
      '{ "assume": { "backend": 1 } }',
      '1:26 backend must be the name of one: "cpu", "wasm", "webgl", "webgpu", "tensorflow"',
    ],
    [
      '{ "assume": { "build(n)": 1 } }',
      '1:15 nothing of this name can be assumed: there are batchSize, backend and parameters such as "src/model.ts#build(inputSize)"',
    ],
  ])('says what is wrong and where: %s', (text, expected) => {
    expect(problems(text)).toEqual([expected]);
  });

  it('keeps what is right beside what is wrong', () => {
    const text = '{ "rules": { "NL999": "off", "NL101": "off" }, "include": ["!a"], "exclude": ["b", 1] }';
    expect(parseConfig(PATH, text, rules).config).toMatchObject({
      rules: { NL101: 'off' },
      include: undefined,
      exclude: ['b'],
    });
  });
});

describe('whatever stands in a configuration file', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const names = ['$schema', 'rules', 'include', 'exclude', 'assume', '__proto__', 'constructor', 'x'];
  const config = fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 5 });
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    config.map((entries) => `{${entries.map(([name, one]) => `"${name}": ${JSON.stringify(one)}`).join(',')}}`),
    fc.tuple(config, fc.nat(60)).map(([entries, cut]) => JSON.stringify(Object.fromEntries(entries)).slice(0, cut)),
  );

  it('is read without an exception, and every problem has a place in the text', () => {
    fc.assert(
      fc.property(text, (given) => {
        const { config: read, problems: told } = parseConfig(PATH, given, rules);
        for (const { at } of told) {
          expect(at.start).toBeGreaterThanOrEqual(0);
          expect(at.end).toBeLessThanOrEqual(given.length);
          expect(at.start).toBeLessThanOrEqual(at.end);
        }
        for (const severity of Object.values(read.rules)) expect(SEVERITIES).toContain(severity);
        expect(Object.keys(read)).toEqual(expect.arrayContaining(Object.keys(DEFAULT_CONFIG)));
        expect(() => includes({ path: PATH, folder: '/w', config: read, problems: told }, '/w/a.ts')).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });
});

describe('include and exclude', () => {
  const checked = (config: object, path: string) =>
    includes(parseConfig(PATH, JSON.stringify(config), rules), `/w/${path}`);

  it.each([
    [{}, 'src/a.ts', true],
    [{ include: ['src'] }, 'src/deep/a.ts', true],
    [{ include: ['./src/'] }, 'src/deep/a.ts', true],
    [{ include: ['src'] }, 'lib/a.ts', false],
    [{ include: ['src'] }, 'srcs/a.ts', false],
    [{ include: ['**/*.model.ts'] }, 'a.model.ts', true],
    [{ include: ['**/*.model.ts'] }, 'src/a.ts', false],
    [{ include: ['.'] }, '.hidden/a.ts', true],
    [{ include: [] }, 'a.ts', false],
    [{ exclude: ['**/generated'] }, 'src/generated/a.ts', false],
    [{ exclude: ['*.ts'] }, 'a.ts', false],
    [{ exclude: ['*.ts'] }, 'src/a.ts', true],
    [{ include: ['src'], exclude: ['src/a.ts'] }, 'src/a.ts', false],
    [{ exclude: ['{a,b}.ts'] }, 'b.ts', false],
  ])('%j: %s is checked: %s', (config, path, expected) => {
    expect(checked(config, path)).toBe(expected);
  });
});

describe('the configuration of a file', () => {
  const configs = (files: Record<string, string>) =>
    new Configs({ read: (path) => files[path] }, rules, (path) => (path.startsWith('/w/') ? '/w' : '/other'));

  it('is the nearest above it, up to the root of its workspace', () => {
    const known = configs({
      '/normlens.config.json': '{}',
      '/w/normlens.config.json': '{}',
      '/w/a/normlens.config.json': '{}',
    });
    expect(known.of('/w/a/b/c.ts')?.path).toBe('/w/a/normlens.config.json');
    expect(known.of('/w/b/c.ts')?.path).toBe('/w/normlens.config.json');
    expect(known.of('/other/a/c.ts')).toBeUndefined();
  });

  it('is read once, until it is forgotten', () => {
    const files: Record<string, string> = { '/w/normlens.config.json': '{}' };
    const known = configs(files);
    expect(known.of('/w/a.ts')?.config.exclude).toEqual([]);
    files['/w/normlens.config.json'] = '{ "exclude": ["b"] }';
    expect(known.of('/w/a.ts')?.config.exclude).toEqual([]);
    known.forget();
    expect(known.of('/w/a.ts')?.config.exclude).toEqual(['b']);
  });
});

describe('the schema', () => {
  const ajv = new Ajv({ strict: false });
  const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);

  it('is the one that the table of rules gives: `npm run readme` writes it', () => {
    expect(readFileSync(SCHEMA, 'utf8')).toBe(schemaText());
  });

  it('is a schema of draft 7', () => {
    expect(ajv.validateSchema(JSON.parse(schemaText()) as object)).toBe(true);
  });

  it('is what the editor validates files of that name by', () => {
    expect(manifest.contributes.jsonValidation).toEqual([{ fileMatch: 'normlens.config.json', url: `./${SCHEMA}` }]);
    expect(readFileSync('.vscodeignore', 'utf8').split('\n')).toContain(`!${SCHEMA}`);
  });

  it.each([
    ['{}', true],
    ['{ "$schema": "x", "rules": {}, "include": [], "exclude": [], "assume": {} }', true],
    ['{ "rules": { "NL101": "off", "bias-before-bn": "hint" } }', true],
    ['{ "rules": { "NL101": "loud" } }', false],
    ['{ "rules": { "NL999": "off" } }', false],
    ['{ "rules": [] }', false],
    ['{ "rule": {} }', false],
    ['{ "include": ["src", "**/*.ts", "a b/.c"] }', true],
    ['{ "include": "src" }', false],
    ['{ "include": [1] }', false],
    ['{ "include": [" "] }', false],
    ['{ "include": ["!a"] }', false],
    ['{ "include": ["a/../b"] }', false],
    ['{ "include": ["a..b/..c"] }', true],
    ['{ "include": ["/a"] }', false],
    ['{ "include": ["C:/a"] }', false],
    ['{ "exclude": ["a\\\\b"] }', false],
    ['{ "assume": { "batchSize": 1, "backend": "cpu" } }', true],
    ['{ "assume": { "batchSize": 0 } }', false],
    ['{ "assume": { "batchSize": 1.5 } }', false],
    ['{ "assume": { "backend": "" } }', false],
    ['{ "assume": { "src/model.ts#build(n)": 1, "a#Net(ü)": null, "a#_.$b(c)": { "d": [1] } } }', true],
    ['{ "assume": { "build(n)": 1 } }', false],
    ['{ "assume": { "a#build": 1 } }', false],
    ['{ "assume": { "a#b(n, m)": 1 } }', false],
    ['[]', false],
  ])('and the reader agree on %s: %s', (text, valid) => {
    expect(validate(parse(text))).toBe(valid);
    expect(problems(text).length === 0).toBe(valid);
  });
});
