/** Compiled code with its declarations beside it says what its source says. */
import { ts } from 'ts-morph';
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { isPoly, showDim } from '../../../src/analyzer/shapes/dim';

type Texts = Readonly<Record<string, string>>;

/** The calls of some files: what is called, and the shape that it gives in words. */
function calls(files: Texts): readonly string[] {
  const analyzer = createAnalyzer({ read: (path) => files[path] });
  const paths = Object.keys(files).filter((path) => !path.endsWith('.d.ts'));
  return analyzer
    .analyzeAll(paths)
    .flatMap((result) =>
      result.calls.map(({ api, outputShape, outputShapes }) => `${api} ${show(outputShapes ?? outputShape)}`),
    );
}

function show(shape: unknown): string {
  if (Array.isArray(shape)) return `[${shape.map(show).join(',')}]`;
  return isPoly(shape) ? showDim(shape) : String(shape);
}

const { ES5, ES2017 } = ts.ScriptTarget;
const { CommonJS, ESNext } = ts.ModuleKind;

/** What a package publishes of its sources: compiled code, and declarations by the real compiler. */
function published(sources: Texts, target: ts.ScriptTarget, module: ts.ModuleKind): Texts {
  const files: Record<string, string> = {};
  for (const [path, text] of Object.entries(sources)) {
    const compilerOptions = { target, module, declaration: true };
    files[path.replace(/\.ts$/, '.js')] = ts.transpileModule(text, { compilerOptions }).outputText;
    files[path.replace(/\.ts$/, '.d.ts')] = ts.transpileDeclaration(text, { compilerOptions }).outputText;
  }
  return files;
}

function same(sources: Texts): readonly string[] {
  const wanted = calls(sources);
  for (const target of [ES5, ES2017])
    for (const module of [CommonJS, ESNext]) {
      const files = published(sources, target, module);
      expect(calls(files), Object.values(files).join('\n')).toEqual(wanted);
    }
  return wanted;
}

const TF = "import * as tf from '@tensorflow/tfjs-core';\n";

describe('declarations beside compiled code', () => {
  test('give the arguments of functions that nobody calls their types', () => {
    const found = same({
      '/a.ts': `${TF}export function crop(image: tf.Tensor3D, size: [number, number]): tf.Tensor4D {
        const batch: tf.Tensor4D = tf.expandDims(image, 0);
        return tf.image.resizeBilinear(batch, [224, 224]);
      }
      export const flat = (x: tf.Tensor4D): tf.Tensor2D => tf.reshape(x, [2, 8]);`,
    });
    expect(found).toEqual([
      'tf.expandDims [1,image.shape[0],image.shape[1],image.shape[2]]',
      'tf.image.resizeBilinear [1,224,224,image.shape[2]]',
      'tf.reshape [2,8]',
    ]);
  });

  test('give methods, constructors and statics theirs', () => {
    const found = same({
      '/a.ts': `${TF}export class Net {
        private readonly bias: tf.Tensor1D;
        constructor(bias: tf.Tensor1D) { this.bias = bias; }
        forward(x: tf.Tensor2D): tf.Tensor2D { return tf.add(tf.matMul(x, tf.ones([4, 3])), this.bias); }
        static stack(parts: tf.Tensor2D) { return tf.expandDims(parts, 1); }
      }`,
    });
    expect(found).toContain('tf.matMul [x.shape[0],3]');
    expect(found).toContain('tf.expandDims [parts.shape[0],1,parts.shape[1]]');
  });

  test('name types of other files, which are read there', () => {
    const found = same({
      '/types.ts': `${TF}export interface Batch { xs: tf.Tensor2D; size: 16 }\nexport const none = 0;`,
      '/a.ts': `${TF}import { Batch } from './types';
        export function whiten(batch: Batch) { return tf.moments(tf.concat([batch.xs, tf.zeros([batch.size, 2])], 1), 1); }`,
    });
    expect(found).toEqual([
      'tf.moments [[batch.xs.shape[0]],[batch.xs.shape[0]]]',
      'tf.concat [batch.xs.shape[0],batch.xs.shape[1] + 2]',
      'tf.zeros [16,2]',
    ]);
  });

  test('name classes, whose methods are followed', () => {
    const found = same({
      '/input.ts': `${TF}export class Picture {
        pixels: tf.Tensor3D;
        constructor(pixels: tf.Tensor3D) { this.pixels = pixels; }
        square(size: number): tf.Tensor4D { return tf.image.resizeBilinear(tf.expandDims(this.pixels, 0), [size, size]); }
      }`,
      '/net.ts': `${TF}import { Picture } from './input';
        export { Picture };
        export class Net { run(picture: Picture): tf.Tensor4D { return tf.transpose(picture.square(112), [0, 3, 1, 2]); } }`,
    });
    expect(found.find((call) => call.startsWith('tf.transpose'))).toMatch(/^tf\.transpose \[1,[^,]+,112,112\]$/);
  });

  test('say nothing of overloads', () => {
    const files = {
      '/a.js': `${TF}export function f(x) { return tf.neg(x); }`,
      '/a.d.ts': `${TF}export declare function f(x: tf.Tensor2D): tf.Tensor2D;\nexport declare function f(x: tf.Tensor3D): tf.Tensor3D;`,
    };
    expect(calls(files)).toEqual(['tf.neg null']);
  });

  test('are outdone by what a caller gives', () => {
    const files = {
      '/a.js': `${TF}export function f(x) { return tf.neg(x); }\nf(tf.ones([2, 3]));`,
      '/a.d.ts': `${TF}export declare function f(x: tf.Tensor2D): tf.Tensor2D;`,
    };
    expect(calls(files)).toContain('tf.neg [2,3]');
  });

  test('are read anew when they change, and do no harm where they are broken', () => {
    const files: Record<string, string> = { '/a.js': `${TF}export function f(x) { return tf.neg(x); }` };
    const analyzer = createAnalyzer({ read: (path) => files[path] });
    const shapes = (): readonly string[] => analyzer.analyze('/a.js').calls.map(({ outputShape }) => show(outputShape));
    files['/a.d.ts'] = 'export declare function f(';
    expect(shapes()).toEqual(['null']);
    files['/a.d.ts'] = `${TF}export declare function f(x: tf.Tensor1D): tf.Tensor1D;`;
    analyzer.change('/a.d.ts');
    expect(shapes()).toEqual(['[x.shape[0]]']);
  });
});
