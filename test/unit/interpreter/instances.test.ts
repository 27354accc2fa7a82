/** Methods that nobody in view calls are looked at on the instances that the program makes. */
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import type { FileAnalysis } from '../../../src/analyzer/analysis';
import { runInTfjs } from '../../tools/runInTfjs';

const TF = "import * as tf from '@tensorflow/tfjs';\n";

function analyze(program: string, path = '/main.ts'): FileAnalysis {
  return createAnalyzer({ read: (wanted) => (wanted === path ? TF + program : undefined) }).analyze(path);
}

const shapesOf = ({ calls }: FileAnalysis, api: string): unknown => {
  const call = calls.find((one) => one.api === api);
  return call?.evaluations?.map(({ outputShape }) => outputShape) ?? [call?.outputShape];
};

const BLOCK = `class Block {
  constructor(size) { this.size = size; }
  forward() { return tf.ones([2, this.size]); }
}
export const narrow = new Block(4);
export const wide = new Block(8);
`;

describe('of a class of which several instances are made', () => {
  test('a method is looked at on each of them, as tfjs would run it', async () => {
    const real = await runInTfjs(TF + BLOCK, {
      path: '/main.js',
      drive: ({ narrow, wide }) => [narrow, wide].map((block) => (block as { forward(): unknown }).forward()),
    });
    expect(real.error).toBeUndefined();
    const shapes = real.calls.filter(({ name }) => name === 'ones').map(({ outputs }) => outputs[0]);
    expect(shapes).toEqual([
      [2, 4],
      [2, 8],
    ]);
    expect(shapesOf(analyze(BLOCK), 'tf.ones')).toEqual(shapes);
  });

  test('what one of them refuses is no error', () => {
    const reshape = BLOCK.replace('tf.ones([2, this.size])', 'tf.ones([16]).reshape([3, this.size])');
    expect(analyze(reshape).findings.map(({ severity }) => severity)).not.toContain('error');
    // Neither 3·4 nor 3·8 is 16, but another instance may be given another size.
    expect(analyze(reshape).findings.map(({ ruleId }) => ruleId)).toEqual(['NL004']);
    expect(analyze(BLOCK.replace('tf.ones([2, this.size])', 'tf.ones([16]).reshape([2, this.size])')).findings).toEqual(
      [],
    );
  });

  test('what refuses whatever an instance is given is an error', () => {
    const alone = `class Block { forward() { return tf.ones([16]).reshape([3, 5]); } }\nexport const block = new Block();`;
    expect(analyze(alone).findings.map(({ severity }) => severity)).toEqual(['error']);
  });
});

describe('a field that is declared and set nowhere in view', () => {
  test('is what its type says, not undefined', () => {
    const program = `export class Net {
      private kernel: tf.Tensor4D;
      run(x: tf.Tensor4D) { if (!this.kernel) return tf.zeros([1]); return tf.conv2d(x, this.kernel, 1, 'same'); }
    }`;
    const [shape] = shapesOf(analyze(program), 'tf.conv2d') as readonly (readonly unknown[])[];
    expect(shape).toHaveLength(4);
    expect(shape).not.toContain('?');
  });

  test('is what the method sets that sets it up', () => {
    const program = `export class Net {
      private kernel: tf.Tensor4D;
      run(x: tf.Tensor4D) { return tf.conv2d(tf.zeros([1, 8, 8, 3]), this.kernel, 1, 'same'); }
      async load() { this.kernel = tf.zeros([3, 3, 3, 16]); }
    }`;
    expect(shapesOf(analyze(program), 'tf.conv2d')).toEqual([[1, 8, 8, 16]]);
  });
});

describe('a parameter whose type is a class', () => {
  const picture = `export class Picture {
    private count: number;
    side(size: number): tf.Tensor4D { return tf.zeros([this.count, size, size, 3]); }
  }\n`;
  test('has its methods, which are followed', () => {
    const { calls } = analyze(`${picture}export function run(p: Picture) { return tf.mean(p.side(64), [1, 2]); }`);
    const mean = calls.find(({ api }) => api === 'tf.mean')?.outputShape;
    expect(mean).toHaveLength(2);
    expect(mean?.[1]).toBe(3);
  });

  test('is not known where another class extends that one: its methods may be others', () => {
    const { calls } = analyze(
      `${picture}export class Grey extends Picture { side(size: number): tf.Tensor4D { return tf.zeros([1, size, size, 1]); } }
       export function run(p: Picture) { return tf.mean(p.side(64), [1, 2]); }`,
    );
    expect(calls.find(({ api }) => api === 'tf.mean')?.outputShape).toBeNull();
  });
});
