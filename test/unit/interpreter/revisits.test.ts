/** What is empty at first and set by a later call: the code that is behind it is looked at once it is set. */
import { describe, expect, test } from 'vitest';
import { showShape } from '../../../src/analyzer/shapes/shape';
import { evaluate } from './evaluate';

const TF = "import * as tf from '@tensorflow/tfjs';\n";

/** The shapes that the ops of a name give, each once. */
function ops(program: string, name: string): readonly string[] {
  const { facts } = evaluate(TF + program).interpreter;
  const shapes = facts.flatMap((f) =>
    f.kind === 'op' && f.name === name ? f.outputs.map((o) => showShape(o.shape)) : [],
  );
  return [...new Set(shapes)];
}

describe('code behind what the first call sets', () => {
  test('a field that a method itself sets and then returns', () => {
    const program = `class Motion {
      private last: tf.Tensor3D | null = null;
      see() {
        const now = tf.ones([8, 6, 3]);
        if (!this.last) { this.last = now; return; }
        tf.sub(now, this.last);
        this.last = now;
      }
    }`;
    expect(ops(program, 'sub')).toEqual(['[8,6,3]']);
  });

  test('a field that a method further down sets', () => {
    const program = `class Net {
      constructor() { this.w = null; }
      use() { if (this.w === null) return; this.w.mul(2); }
      start() { this.w = tf.zeros([3, 2]); }
    }`;
    expect(ops(program, 'mul')).toEqual(['[3,2]']);
  });

  test('a variable of the module that a function further down sets', () => {
    const program = `let w = null;
      export function use() { if (!w) return; w.mul(2); }
      export function start() { w = tf.zeros([3, 2]); }`;
    expect(ops(program, 'mul')).toEqual(['[3,2]']);
  });

  test('what is never set is not passed', () => {
    const program = `class Net { constructor() { this.w = null; } use() { if (this.w === null) return; tf.ones([2]).mul(2); } }`;
    expect(ops(program, 'mul')).toEqual([]);
  });
});
