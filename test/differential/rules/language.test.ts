/** What the rules on operators, optimizers, compile and plain data say, held against JavaScript and the real TensorFlow.js. */
import { beforeAll, describe, expect, it } from 'vitest';
import { LOSSES, METRICS, OPTIMIZERS as OPTIMIZER_NAMES } from '../../../src/analyzer/libraries/tfjs/compile';
import { BINARY, UNARY } from '../../../src/analyzer/rules/operatorOnTensor';
import { OPTIMIZERS } from '../../../src/analyzer/rules/optimizerOptionsObject';
import { analyze } from '../../unit/rules/analyze';
import { failure, tf, useCpu } from './oracle';

beforeAll(useCpu);

/** What an expression in `x` and `y` gives, in the words of the rule. */
function given(expression: string, x: unknown, y: unknown): string {
  const value: unknown = new Function('x', 'y', `return ${expression};`)(x, y);
  if (typeof value === 'number') return Number.isNaN(value) ? 'NaN' : 'number';
  return typeof value === 'string' ? 'text' : String(value);
}

const written = (operator: string, operands: readonly string[]): string =>
  operator.startsWith('Math.')
    ? `${operator}(${operands.join(', ')})`
    : operands.length === 1
      ? `${operator}${operands[0]}`
      : operands.join(` ${operator} `);

describe('operators of JavaScript on tensors', () => {
  it.each(Object.entries(BINARY))('%s with a number on either side gives what the rule says', (operator, { gives }) => {
    for (const x of [tf.scalar(3), tf.tensor1d([1, 2]), tf.zeros([2, 2]), tf.variable(tf.scalar(1))]) {
      // Whatever to the power of 0 is 1, NaN too.
      for (const y of operator === '**' || operator === 'Math.pow' ? [2, -1] : [2, 0, -1]) {
        expect(given(written(operator, ['x', 'y']), x, y)).toBe(gives);
        expect(given(written(operator, ['y', 'x']), x, y)).toBe(gives);
      }
    }
  });

  it.each(Object.entries(UNARY))('%s gives what the rule says', (operator, { gives }) => {
    for (const x of [tf.scalar(3), tf.tensor1d([1, 2])]) expect(given(written(operator, ['x']), x, 0)).toBe(gives);
  });

  it.each(Object.entries({ ...BINARY, ...UNARY }))('%s has a method in its place that exists', (_, { method }) => {
    if (method !== undefined) expect(tf.scalar(1)).toHaveProperty(method);
  });

  it.each(['+', '-', '*', '/', '%', '**', 'Math.max', 'Math.min', 'Math.pow'])(
    '%s computes what it means once it is mended',
    (operator) => {
      for (const operands of [
        ['x', '3'],
        ['x', 'y'],
        ['3', 'x'],
      ]) {
        const expression = written(operator, operands);
        const { findings } = analyze({
          idiom: 'mended',
          file: 'a.js',
          source: `import * as tf from '@tensorflow/tfjs';\nconst x = tf.tensor1d([2, 5]);\nconst y = tf.tensor1d([3, 2]);\nconst z = ${expression};`,
        });
        const edit = findings.find(({ ruleId }) => ruleId === 'NL124')?.fixes[0]?.edits[0];
        if (edit === undefined) continue;
        const mended = new Function('x', 'y', `return ${edit.text};`)(tf.tensor1d([2, 5]), tf.tensor1d([3, 2]));
        const meant = [
          [2, 3],
          [5, 2],
        ].map((values) => new Function('x', 'y', `return ${expression};`)(...values));
        for (const [i, value] of (mended as tf.Tensor).dataSync().entries()) expect(value).toBeCloseTo(meant[i], 4);
      }
    },
  );

  it('makes the list of a shape anew for each tensor, and keeps it', () => {
    const x = tf.ones([2, 3]);
    for (const other of [x.clone(), x.relu(), x.add(1), tf.variable(x), x.reshape([2, 3])])
      expect(other.shape === x.shape).toBe(false);
    const again = x;
    expect(again.shape === x.shape).toBe(true);
  });
});

describe('optimizers', () => {
  async function weightAfter(make: () => tf.Optimizer): Promise<'NaN' | 'throws' | 'number'> {
    const w = tf.variable(tf.scalar(1));
    const error = await failure(() => make().minimize(() => w.square() as tf.Scalar));
    return error !== undefined ? 'throws' : Number.isNaN(w.dataSync()[0]) ? 'NaN' : 'number';
  }
  const made = (name: string, ...args: unknown[]): tf.Optimizer =>
    (tf.train as unknown as Record<string, (...args: unknown[]) => tf.Optimizer>)[name]?.(...args) as tf.Optimizer;

  it.each(Object.entries(OPTIMIZERS))('%s does what the rule says on an object and on nothing', async (name, row) => {
    expect(await weightAfter(() => made(name, { learningRate: 0.1 }))).toBe(row.object);
    expect(await weightAfter(() => made(name))).toBe(row.none ?? 'number');
    expect(await weightAfter(() => made(name, 0.1, ...(name === 'momentum' ? [0.9] : [])))).toBe('number');
  });
});

describe('compile', () => {
  const model = (): tf.Sequential => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
  const compile = (options: object): Promise<string | undefined> =>
    failure(() => model().compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...options } as tf.ModelCompileArgs));

  /** Each name and what people make of it: what the analyzer refuses, and only that, throws. */
  const spelled = (names: readonly string[]): string[] => [
    ...new Set(names.flatMap((name) => [name, name.toLowerCase(), name.toUpperCase(), `${name} `, snake(name)])),
  ];
  const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const refuses = (options: string): boolean =>
    analyze({
      idiom: 'compile',
      file: 'a.js',
      source: `import * as tf from '@tensorflow/tfjs';\nconst model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });\nmodel.compile({ optimizer: 'sgd', loss: 'meanSquaredError', ...${options} });`,
    }).findings.some(({ ruleId }) => ruleId === 'NL016');

  const more = ['mse', 'mae', 'rmse', 'r2', 'huber', 'crossentropy', 'adamw', 'nadam', 'f1', 'auc', 'recall'];
  it.each([
    ['optimizer', OPTIMIZER_NAMES],
    ['loss', LOSSES],
    ['metrics', METRICS],
  ])('throws on the same names of %s', async (option, names) => {
    for (const name of [...spelled(names), ...more]) {
      const options = { [option]: option === 'metrics' ? [name] : name };
      expect(refuses(JSON.stringify(options)), name).toBe((await compile(options)) !== undefined);
    }
  });
});

describe('plain data', () => {
  const DATA = ['[1, 2, 3]', '[[1, 2, 3]]', '[[[1]]]', '5', 'new Float32Array(3)', '[new Float32Array(3)]'];
  const CALLS = [
    'model.predict(DATA)',
    'model.predictOnBatch(DATA)',
    'model.evaluate(DATA, tf.ones([1, 1]))',
    'model.evaluate(tf.ones([1, 3]), DATA)',
    'await model.fit(DATA, tf.ones([1, 1]))',
    'await model.fit(tf.ones([1, 3]), DATA)',
    'await model.trainOnBatch(DATA, tf.ones([1, 1]))',
  ];
  it.each(CALLS)('makes %s throw', async (call) => {
    for (const data of [...DATA, '[tf.ones([1, 3])]', 'tf.ones([1, 3])']) {
      const body = `const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [3] })] });\nmodel.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });\n${call.replace('DATA', data)};`;
      const program = { idiom: 'data', file: 'a.js', source: `import * as tf from '@tensorflow/tfjs';\n${body}` };
      const refused = analyze(program).findings.some(({ ruleId }) => ruleId === 'NL018');
      const run = new Function('tf', `return (async () => {\n${body}\n})();`) as (lib: typeof tf) => Promise<void>;
      expect(refused, body).toBe((await failure(() => run(tf))) !== undefined);
    }
  });
});
