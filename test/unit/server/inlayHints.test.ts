import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { LineMap } from '../../../src/analyzer/program/lineMap';
import { showOutput } from '../../../src/present/describe';
import { hintedSpots } from '../../../src/server/inlayHints';

/** The program with its hints written into it, as the editor shows them: `tf.zeros([2])‹[2]›`. */
function hinted(program: string, { unknown = false } = {}): string {
  const text = `import * as tf from '@tensorflow/tfjs';\n${program}`;
  const analysis = createAnalyzer({ read: (path) => (path === '/a.js' ? text : undefined) }).analyze('/a.js');
  const lines = new LineMap(text);
  const spots = hintedSpots(analysis, (offset) => lines.position(offset).line, unknown);
  const written = spots.reduceRight(
    (result, spot) => `${result.slice(0, spot.at.end)}‹${showOutput(spot)}›${result.slice(spot.at.end)}`,
    text,
  );
  return written.slice(written.indexOf('\n') + 1);
}

describe('shape hints', () => {
  it('stand behind each op', () => {
    expect(hinted('const x = tf.zeros([8, 4]);\nconst y = tf.sum(x, 1);')).toBe(
      'const x = tf.zeros([8, 4])‹[8,4]›;\nconst y = tf.sum(x, 1)‹[8]›;',
    );
  });

  it('of a chain stand at the end of each line', () => {
    expect(hinted('const x = tf.zeros([8, 4]);\nconst y = x.mean(0).expandDims(0)\n  .tile([3, 1]);')).toBe(
      'const x = tf.zeros([8, 4])‹[8,4]›;\nconst y = x.mean(0).expandDims(0)‹[1,4]›\n  .tile([3, 1])‹[3,4]›;',
    );
  });

  it('stand behind the layer, not again behind model.add', () => {
    expect(hinted('const m = tf.sequential();\nm.add(tf.layers.dense({ units: 3, inputShape: [5] }));')).toBe(
      'const m = tf.sequential();\nm.add(tf.layers.dense({ units: 3, inputShape: [5] })‹[null,3]›);',
    );
  });

  it('tell the layers that a loop makes, the first two of them', () => {
    const program = [
      'let x = tf.input({ shape: [16] });',
      'const first = x;',
      'for (const units of [8, 4, 2]) x = tf.layers.dense({ units }).apply(x);',
      'const m = tf.model({ inputs: first, outputs: x });',
    ];
    expect(hinted(program.join('\n')).split('\n')[2]).toBe(
      'for (const units of [8, 4, 2]) x = tf.layers.dense({ units }).apply(x)‹[null,8] | [null,4] | …›;',
    );
  });

  it('tell several outputs', () => {
    expect(hinted('const { mean, variance } = tf.moments(tf.zeros([2, 3]), 0);')).toContain(', 0)‹[3], [3]›;');
  });

  it('are a question mark where asked for', () => {
    const program = 'export function f(load) { return tf.square(load()); }';
    expect(hinted(program)).toBe(program);
    expect(hinted(program, { unknown: true })).toContain('tf.square(load())‹?›');
  });
});
