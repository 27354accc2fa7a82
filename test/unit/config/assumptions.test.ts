import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import type { Assumptions, ShapeSummary } from '../../../src/analyzer/analysis';

const PATH = '/work/net.ts';
const HEAD = "import * as tf from '@tensorflow/tfjs';\n";

function analyze(code: string, assumptions: Assumptions) {
  const text = HEAD + code;
  return createAnalyzer({ read: (path) => (path === PATH ? text : undefined) }, { assumptions }).analyze(PATH);
}

function outputs(code: string, parameters: Assumptions['parameters']): readonly ShapeSummary[] {
  return analyze(code, { parameters: parameters ?? [] }).calls.map(({ outputShape }) => outputShape);
}

describe('a parameter that is assumed', () => {
  const assume = (name: string, parameter: string, value: number | string) => [
    { file: PATH, function: name, parameter, value },
  ];

  it.each([
    ['of a function', 'function build(n) { return tf.zeros([n, 2]); }', 'build'],
    ['of an arrow function', 'const build = (n: number) => tf.zeros([n, 2]);', 'build'],
    ['with a default', 'function build(n = 3) { return tf.zeros([n, 2]); }', 'build'],
    ['taken apart', 'function build({ n, m }) { return tf.zeros([n, 2]); }', 'build'],
    ['taken apart with defaults', 'function build({ n = 3 } = {}) { return tf.zeros([n, 2]); }', 'build'],
    ['taken apart with a type', 'function build({ n }: { n: number }) { return tf.zeros([n, 2]); }', 'build'],
    ['of a method', 'class Net { build(n) { return tf.zeros([n, 2]); } }', 'Net.build'],
    ['of a constructor', 'class Net { constructor(n) { this.x = tf.zeros([n, 2]); } }', 'Net'],
  ])('%s has that value', (_, code, name) => {
    expect(outputs(code, assume(name, 'n', 64))).toContainEqual([64, 2]);
    expect(outputs(code, [])).not.toContainEqual([64, 2]);
  });

  it('is left alone in functions of another name, other files, and where the code says what it is', () => {
    const code = 'function build(n) { return tf.zeros([n, 2]); }\n';
    expect(outputs(code, assume('other', 'n', 64))).not.toContainEqual([64, 2]);
    expect(outputs(code, [{ file: '/work/b.ts', function: 'build', parameter: 'n', value: 64 }])).not.toContainEqual([
      64, 2,
    ]);
    expect(outputs(`${code}build(5);\n`, assume('build', 'n', 64))).toEqual([[5, 2]]);
  });

  it('may be a list or an object', () => {
    const parameters = [{ file: PATH, function: 'build', parameter: 'config', value: { shape: [8, 4] } }];
    expect(outputs('function build(config) { return tf.zeros(config.shape); }', parameters)).toEqual([[8, 4]]);
  });
});

describe('a batch size that is assumed', () => {
  const train = (config: string) => `
const model = tf.sequential();
model.add(tf.layers.dense({ units: 4, inputShape: [3] }));
model.add(tf.layers.batchNormalization());
model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });
export async function train(xs, ys, options) {
  await model.fit(xs, ys, ${config});
}`;
  const rules = (code: string, assumptions: Assumptions) =>
    analyze(code, assumptions).findings.map(({ ruleId }) => ruleId);

  it('stands where training does not tell it', () => {
    expect(rules(train('{ batchSize: options.batchSize }'), {})).not.toContain('NL201');
    // One sample a batch: m = 1.
    expect(rules(train('{ batchSize: options.batchSize }'), { batchSize: 1 })).toContain('NL201');
  });

  it('does not stand where it does', () => {
    expect(rules(train('{ batchSize: 16 }'), { batchSize: 1 })).not.toContain('NL201');
  });
});

describe('a backend that is assumed', () => {
  // A small epsilon is lost in float16, which WebGL may use.
  const code = 'export const norm = tf.layers.batchNormalization({ epsilon: 1e-8 });\n';
  const find = (source: string, assumptions: Assumptions) =>
    analyze(source, assumptions).findings.some(({ ruleId }) => ruleId === 'NL212');

  it('is as if it had been set first', () => {
    expect(find(code, { backend: 'webgl' })).toBe(find(`tf.setBackend('webgl');\n${code}`, {}));
    expect(find(code, { backend: 'cpu' })).toBe(find(`tf.setBackend('cpu');\n${code}`, {}));
    expect(find(code, { backend: 'webgl' })).not.toBe(find(code, { backend: 'cpu' }));
  });

  it('gives way to one that is set', () => {
    expect(find(`tf.setBackend('cpu');\n${code}`, { backend: 'webgl' })).toBe(false);
  });
});
