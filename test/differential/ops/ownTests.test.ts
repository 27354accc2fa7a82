/**
 * The tests that tfjs-core ships, read instead of run: wherever one of them expects a shape, a dtype or another plain value
 * (`expect(y.shape).toEqual([2, 3])`), what the analyzer knows there is the same; nothing is called an error that they run;
 * and what they expect to throw is called one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { run } from '../../../src/analyzer/interpreter/run';
import { ArrayValue, type Value } from '../../../src/analyzer/interpreter/values/values';
import { tfjs } from '../../../src/analyzer/libraries/tfjs';
import type { Expression, ProgramFile } from '../../../src/analyzer/program/nodes';
import { type ProgramNode, visit } from '../../../src/analyzer/program/walk';
import { Sources } from '../../../src/analyzer/workspace/sources';

const require = createRequire(import.meta.url);
const folder = path.join(path.dirname(require.resolve('@tensorflow/tfjs-core/package.json')), 'dist');

/** Files whose expectations are about what code out of view does with lists, functions and globals of the test. */
const BESIDE_THE_POINT: Readonly<Record<string, string>> = {
  'backends/non_max_suppression_util_test.js': 'a function out of view fills a list of the test',
  'io/browser_files_test.js': 'the document is replaced by one that counts clicks',
  'browser_util_test.js':
    'a timer of 50 ms fires while a loop awaits frames, in a callback that a function out of view is given',
};

/** Files that expect errors by other means. */
const EXPECTED_OTHERWISE: Readonly<Record<string, string>> = {
  'ops/in_top_k_test.js': 'a handler around an await',
  'ops/setdiff1d_async_test.js': 'a handler around an await',
  'ops/where_async_test.js': 'a handler around an await',
  'ops/to_pixels_test.js': 'a promise that is expected to fail',
  'ops/ragged_range_test.js': 'a helper that all calls share, those that throw too',
};

interface Expectation {
  readonly file: string;
  readonly line: number;
  readonly got: unknown;
  readonly wanted: unknown;
}

const NOT_KNOWN = Symbol('not known');

/** Values as JSON has them. */
function plain(value: Value): unknown {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value;
  if (!(value instanceof ArrayValue) || value.rest !== undefined) return NOT_KNOWN;
  const elements = value.elements.map(plain);
  return elements.includes(NOT_KNOWN) ? NOT_KNOWN : elements;
}

/** `expect(got).toEqual(wanted)` in a program. */
function expectationsIn(program: ProgramFile): readonly { readonly got: Expression; readonly wanted: Expression }[] {
  const found: { got: Expression; wanted: Expression }[] = [];
  const look = (node: ProgramNode): void => {
    if (node.kind !== 'call' || node.callee.kind !== 'member' || !/^to(?:Equal|Be)$/.test(node.callee.property)) return;
    const { object } = node.callee;
    if (object.kind !== 'call' || object.callee.kind !== 'identifier' || object.callee.name !== 'expect') return;
    const [[got], [wanted]] = [object.args, node.args];
    if (got !== undefined && wanted !== undefined) found.push({ got: got as Expression, wanted: wanted as Expression });
  };
  for (const statement of program.body) visit(statement, look);
  return found;
}

const texts = new Map<string, string>();
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!name.endsWith('_test.js')) continue;
  const text = readFileSync(path.join(folder, name), 'utf8');
  // What they take from the sources, users take from the package.
  texts.set(
    name.replaceAll('\\', '/'),
    text.replace(/from '(?:\.{1,2}\/)+(?:index|ops\/ops|ops)'/g, "from '@tensorflow/tfjs-core'"),
  );
}

/** Each time that an expectation is evaluated in a file. */
function meet(file: string, text: string): { readonly written: number; readonly met: readonly Expectation[] } {
  const at = `/tests/${file}`;
  const sources = new Sources({ read: (asked) => (asked === at ? text : undefined) });
  const program = sources.program(at);
  if (program === undefined) throw new Error(`${file} is not read`);
  const expectations = expectationsIn(program);
  const gotAt = new Map(expectations.map((one) => [one.got, one]));
  const wantedAt = new Map(expectations.map((one) => [one.wanted, one]));
  const values = new Map<object, unknown>();
  const met: Expectation[] = [];
  run(sources, tfjs, [at], {
    observer: {
      bound() {},
      evaluated(_, node, __, value) {
        const asked = gotAt.get(node);
        if (asked !== undefined) values.set(asked, plain(value));
        const answered = wantedAt.get(node);
        if (answered === undefined || !values.has(answered)) return;
        const line = text.slice(0, node.start).split('\n').length;
        met.push({ file, line, got: values.get(answered), wanted: plain(value) });
      },
    },
  });
  return { written: expectations.length, met };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A file in which what is expected to throw is called at its place, and what that is: a function, or one that has a name. */
function calling(program: ProgramFile): { readonly text: string; readonly throwers: readonly Span[] } {
  const functions: { readonly name: string; readonly span: Span }[] = [];
  const throwers: Span[] = [];
  let { text } = program;
  const look = (node: ProgramNode): void => {
    if (node.kind === 'variables')
      for (const { pattern, value } of node.declarations)
        if (pattern.kind === 'identifierPattern' && value?.kind === 'function')
          functions.push({ name: pattern.name, span: value });
    if (node.kind === 'assign' && node.target.kind === 'identifierPattern' && node.value.kind === 'function')
      functions.push({ name: node.target.name, span: node.value });
    if (node.kind !== 'call' || node.callee.kind !== 'member' || !/^toThrow/.test(node.callee.property)) return;
    const { object } = node.callee;
    if (object.kind !== 'call' || object.callee.kind !== 'identifier' || object.callee.name !== 'expect') return;
    const [thrower] = object.args;
    if (thrower === undefined) return;
    const own = thrower.kind === 'identifier' ? thrower.name : undefined;
    throwers.push(functions.findLast(({ name, span }) => name === own && span.end <= node.start)?.span ?? thrower);
    const call = `(${text.slice(thrower.start, thrower.end)})()`;
    const before = ' '.repeat(thrower.start - 1 - node.start);
    text = text.slice(0, node.start) + (before + call).padEnd(node.end - node.start) + text.slice(node.end);
  };
  for (const statement of program.body) visit(statement, look);
  return { text, throwers };
}

describe('the tests of tfjs-core, read', () => {
  const all: Expectation[] = [];
  let written = 0;

  beforeAll(() => {
    for (const [file, text] of texts) {
      if (file in BESIDE_THE_POINT) continue;
      const seen = meet(file, text);
      written += seen.written;
      all.push(...seen.met);
    }
  }, 120_000);

  const known = (): readonly Expectation[] =>
    all.filter(({ got, wanted }) => got !== NOT_KNOWN && wanted !== NOT_KNOWN);

  test('what is known where they expect a value is that value', () => {
    const wrong = known().filter(({ got, wanted }) => JSON.stringify(got) !== JSON.stringify(wanted));
    console.log(
      `${written} expectations in ${texts.size} files, ${all.length} times met, ${known().length} known, ${wrong.length} wrong`,
    );
    expect(wrong).toEqual([]);
  });

  test('most are known', () => {
    expect(known().length).toBeGreaterThan(2_000);
  });

  describe('where they expect an error', () => {
    let expected = 0;
    const missed: string[] = [];
    const elsewhere: string[] = [];

    beforeAll(() => {
      for (const [file, original] of texts) {
        const at = `/tests/${file}`;
        const program = new Sources({ read: () => original }).program(at);
        if (program === undefined) throw new Error(`${file} is not read`);
        const { text, throwers } = calling(program);
        const { findings } = createAnalyzer({ read: (asked) => (asked === at ? text : undefined) }).analyze(at);
        const errors = findings.filter(({ severity }) => severity === 'error');
        const lineOf = (offset: number): string => `${file}:${text.slice(0, offset).split('\n').length}`;
        const isIn = (inner: Span, { start, end }: Span): boolean => inner.start >= start && inner.end <= end;
        expected += throwers.length;
        for (const thrower of throwers)
          if (!errors.some((error) => isIn(error.at, thrower))) missed.push(lineOf(thrower.start));
        for (const { at: place, message } of errors)
          if (!throwers.some((thrower) => isIn(place, thrower)) && !(file in EXPECTED_OTHERWISE))
            elsewhere.push(`${lineOf(place.start)} ${message}`);
      }
      console.log(
        `${expected} errors expected, ${expected - missed.length} told; ${elsewhere.length} where none is expected`,
      );
    }, 60_000);

    test('nothing else is called an error', () => {
      expect(elsewhere).toEqual([]);
    });

    test('most are told: the others are of values, of backends, and of functions out of view', () => {
      expect(expected - missed.length).toBeGreaterThan(580);
    });
  });
});
