/** Typed arrays where tfjs takes values: which it takes, and the dtype that it makes of each. */
import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { tf } from '../../tools/loadTfjs';

const KINDS = [
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
];
/** X stands for a typed array of six numbers. */
const FORMS = [
  'tf.tensor(X)',
  'tf.tensor(X, [2, 3])',
  "tf.tensor(X, [6], 'float32')",
  'tf.tensor1d(X)',
  'tf.tensor2d(X, [2, 3])',
  'tf.tensor2d(X)',
  'tf.tensor3d(X, [1, 2, 3])',
  'tf.tensor([X, X])',
  'tf.tensor2d([X, X])',
  'tf.stack([tf.tensor1d([1, 2, 3, 4, 5, 6]), X])',
  'tf.add(X, 1)',
  'tf.square(X)',
  'tf.sum(X)',
  'tf.oneHot(tf.tensor1d(X), 3)',
  'tf.oneHot(X, 3)',
  'tf.gather(tf.zeros([7, 2]), X)',
  'tf.tensor1d(tf.tensor1d(X).dataSync())',
  'tf.tensor1d(tf.oneHot(tf.zeros([3], "int32"), 2, undefined, undefined, "bool").dataSync())',
  'tf.tensor1d(X.subarray(2))',
  'tf.tensor1d(X.map((x) => x + 1))',
  'tf.tensor1d(Array.from(X))',
  'tf.tensor1d([...X])',
  'tf.tensor1d(new Float32Array(X))',
  'tf.tensor1d(Float32Array.from(X, (x) => x / 2))',
  'tf.tensor1d(Int32Array.from(X))',
];
/** More numbers than are followed one by one. */
const LONG = 20_000;
const OF_LONG = [
  'tf.tensor(X)',
  'tf.tensor1d(X)',
  'tf.tensor1d(new Float32Array(X))',
  'tf.tensor1d(Float32Array.from(X, (x) => x / 2))',
];
const MADE = (kind: string) => [
  `new ${kind}([0, 1, 2, 1, 0, 2])`,
  `new ${kind}(6)`,
  `${kind}.from([0, 1, 2, 1, 0, 2])`,
];

function inTfjs(form: string): string {
  try {
    const { shape, dtype } = new Function('tf', `return ${form};`)(tf) as { shape: number[]; dtype: string };
    return `tensor [${shape}] ${dtype}`;
  } catch {
    return 'throws';
  }
}

function inAnalyzer(form: string): string {
  const text = `import * as tf from '@tensorflow/tfjs';\nconst y = ${form};\n`;
  const analyzer = createAnalyzer({ read: (path) => (path === '/a.ts' ? text : undefined) });
  if (analyzer.analyze('/a.ts').findings.some(({ severity }) => severity === 'error')) return 'throws';
  const [value] = analyzer.explain('/a.ts', text.indexOf('y ='))?.values ?? [];
  return value?.text ?? 'nothing';
}

describe.each(KINDS)('%s', (kind) => {
  it.each(OF_LONG)('of many numbers: %s', (form) => {
    const call = form.replaceAll('X', `new ${kind}(${LONG})`);
    expect(inAnalyzer(call), call).toBe(inTfjs(call));
  });

  it.each(FORMS)('%s', (form) => {
    for (const made of MADE(kind)) {
      const call = form.replaceAll('X', made);
      expect(inAnalyzer(call), call).toBe(inTfjs(call));
    }
  });
});
