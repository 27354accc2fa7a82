/** An error of the analyzer's own costs what it came up in, and nothing else. The error is planted in an op's table row. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { apart } from '../../../src/analyzer/failures';
import { opsByName } from '../../../src/analyzer/libraries/tfjs/ops';
import { judge } from '../../../src/analyzer/rules/judge';
import type { Rule } from '../../../src/analyzer/rules/rule';
import { Trace } from '../../../src/analyzer/trace/trace';

const TF = "import * as tf from '@tensorflow/tfjs';\n";
const FILES: Readonly<Record<string, string>> = {
  '/bad.ts': `${TF}
export function first() {
  return tf.layers.batchNormalization({ momentum: 0.1 });
}
export function broken(x: tf.Tensor2D) {
  return tf.tanh(x);
}
export function last() {
  return tf.zeros([2, 3]).add(tf.zeros([4, 5]));
}
`,
  '/top.ts': `${TF}tf.tanh(tf.zeros([2]));\nexport const y = tf.relu(tf.zeros([3]));\n`,
  '/good.ts': `${TF}export const x = tf.zeros([2, 3]).add(tf.zeros([4, 5]));\n`,
};

function analyzer(tolerant: boolean) {
  const row = opsByName.get('tanh');
  if (row === undefined) throw new Error('there is no row for tanh');
  vi.spyOn(row, 'run').mockImplementation(() => {
    throw new TypeError('planted');
  });
  return createAnalyzer({ read: (path) => FILES[path] }, { tolerant });
}

afterEach(() => vi.restoreAllMocks());

describe('an error of the analyzer', () => {
  it('is thrown where nobody asked for tolerance', () => {
    expect(() => analyzer(false).analyze('/bad.ts')).toThrow('planted');
  });

  it('ends the visit of one function: what is before and after it is told, and so is the error with its place', () => {
    const analysis = analyzer(true).analyze('/bad.ts');
    expect(analysis.findings.map(({ ruleId }) => ruleId)).toEqual(['NL202', 'NL002']);
    expect(analysis.failures).toHaveLength(1);
    const [failure] = analysis.failures ?? [];
    expect(failure?.error).toMatch(/^TypeError: planted\n +at /);
    const text = FILES['/bad.ts'] ?? '';
    expect(text.slice(failure?.at.start, failure?.at.end)).toMatch(/^export function broken/);
    expect(analysis.reasons.map(({ code }) => code)).toContain('internal');
  });

  it('at the top level ends the run of one file, not of the others', () => {
    const analyses = analyzer(true).analyzeAll(['/top.ts', '/good.ts']);
    expect(analyses.map(({ failures = [] }) => failures.length)).toEqual([1, 0]);
    expect(analyses[1]?.findings.map(({ ruleId }) => ruleId)).toEqual(['NL002']);
  });

  it('does not end an explanation', () => {
    const { explain } = analyzer(true);
    expect(explain('/bad.ts', (FILES['/bad.ts'] ?? '').indexOf('tf.zeros'))).toBeDefined();
  });
});

describe('a rule that fails', () => {
  const rule = (id: string, check: Rule['check']): Rule =>
    ({ id, name: id, summary: '', severity: 'warning', check }) as unknown as Rule;
  const at = { file: '/a.ts', start: 0, end: 1 };
  const rules = [
    rule('A', () => {
      throw new TypeError('planted');
    }),
    rule('B', (_, report) => report({ at, message: 'said', advice: '' })),
  ];

  it('says nothing, the others speak, and its error is handed on', () => {
    const errors: unknown[] = [];
    const findings = judge([new Trace([], new Map())], {}, rules, (error) => errors.push(error));
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['B']);
    expect(errors).toEqual([new TypeError('planted')]);
  });

  it('throws where nobody takes its error', () => {
    expect(() => judge([new Trace([], new Map())], {}, rules)).toThrow('planted');
  });
});

it('gives what is said otherwise for a part that fails', () => {
  const fails = (): number => {
    throw new Error('planted');
  };
  expect(apart(fails, 7, () => undefined)).toBe(7);
  expect(() => apart(fails, 7, undefined)).toThrow('planted');
});
