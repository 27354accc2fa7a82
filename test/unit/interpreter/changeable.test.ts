/** What functions that nobody in view calls, or callbacks that run later, may change is not taken for certain. */
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import type { FileAnalysis } from '../../../src/analyzer/analysis';
import { isPoly, showDim } from '../../../src/analyzer/shapes/dim';
import { runInTfjs } from '../../tools/runInTfjs';

const TF = "import * as tf from '@tensorflow/tfjs';\n";

function analyze(program: string): FileAnalysis {
  return createAnalyzer({ read: (path) => (path === '/main.js' ? TF + program : undefined) }).analyze('/main.js');
}

const shapes = ({ calls }: FileAnalysis, api: string): readonly unknown[] =>
  calls.filter((call) => call.api === api).map((call) => call.outputShape?.map((d) => (isPoly(d) ? showDim(d) : d)));

const LABEL = "tf.tensor1d([1], 'int32')";

describe('no mistake is found in a program that runs', () => {
  /** Each with a way to call it in which tfjs refuses nothing. */
  const programs: Readonly<Record<string, readonly [string, (made: Record<string, CallableFunction>) => unknown]>> = {
    'a list that a later function fills': [
      `const classes = []; export function train() { return tf.oneHot(${LABEL}, classes.length); }
       export function add(name) { classes.push(name); }`,
      ({ add, train }) => [add?.('a'), add?.('b'), train?.()],
    ],
    'a number that a later function sets': [
      `let units = 0; export function train() { return tf.layers.dense({ units, inputShape: [2] }); }
       export function choose(n) { units = n; }`,
      ({ choose, train }) => [choose?.(3), train?.()],
    ],
    'a list that each closure of one callback fills': [
      `export const on = { e: undefined };
       function collect(source) { const all = []; source.forEach((one) => all.push(one)); return all; }
       export function train(a, b) { const x = collect(a); const y = collect(b);
         return [tf.oneHot(${LABEL}, x.length), tf.oneHot(${LABEL}, y.length)]; }`,
      ({ train }) => train?.([1, 2], [1, 2, 3]),
    ],
    'fields that later methods change': [
      `class Trainer { constructor() { this.names = []; this.units = 0; }
         train() { return [tf.oneHot(${LABEL}, this.names.length), tf.layers.dense({ units: this.units })]; }
         add(name) { this.names.push(name); this.units += 1; } }
       export const make = () => new Trainer();`,
      ({ make }) => {
        const trainer = make?.() as { add(name: string): void; train(): unknown };
        trainer.add('a');
        trainer.add('b');
        return trainer.train();
      },
    ],
    'what an assertion keeps out': [
      `export function train(names = []) { tf.util.assert(names.length > 1, () => 'few');
         return tf.oneHot(${LABEL}, names.length); }`,
      ({ train }) => train?.(['a', 'b']),
    ],
  };
  test.each(Object.entries(programs))('%s', async (_, [program, drive]) => {
    const real = await runInTfjs(TF + program, {
      path: '/main.js',
      drive: (made) => drive(made as Record<string, CallableFunction>),
    });
    expect(real.error).toBeUndefined();
    expect(analyze(program).findings).toEqual([]);
  });

  test('a list that a handler of an event fills', () => {
    const program = `import { source } from './gone';
      function collect(from) { const all = []; from.on('data', (one) => all.push(one)); return all; }
      const a = collect(source.a); const b = collect(source.b);
      tf.oneHot(${LABEL}, a.length); tf.oneHot(${LABEL}, b.length);`;
    expect(analyze(program).findings).toEqual([]);
  });
});

test('a number that a function sets which nobody calls is a size by its name', () => {
  const program = 'let size = 32; export function train() { return tf.zeros([size, 2]); }';
  expect(shapes(analyze(program), 'tf.zeros')).toEqual([[32, 2]]);
  expect(shapes(analyze(`${program} export function choose(n) { size = n; }`), 'tf.zeros')).toEqual([['size', 2]]);
});

test('what a function sets that sets things up is known to the others, wherever they stand', () => {
  const program = `let kernel; export function run(x) { return tf.matMul(tf.ones([2, 4]), kernel); }
    export async function load() { kernel = tf.zeros([4, 8]); }`;
  expect(shapes(analyze(program), 'tf.matMul')).toEqual([[2, 8]]);
});

test('a function that is called only where errors are expected is looked at by itself', () => {
  const program = `function model(x) { return tf.ones([2, 3]); } expect(() => model(1)).toThrow();`;
  expect(shapes(analyze(program), 'tf.ones')).toEqual([[2, 3]]);
});
