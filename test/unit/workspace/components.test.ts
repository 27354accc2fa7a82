import { expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { componentsOf } from '../../../src/analyzer/workspace/components';
import { Sources } from '../../../src/analyzer/workspace/sources';

function analyzerOver(files: Readonly<Record<string, string>>) {
  return createAnalyzer({ read: (path) => files[path] });
}

test('files that import one another fall into one group, also through a file that was not asked for', () => {
  const files: Readonly<Record<string, string>> = {
    '/w/a.ts': "import { x } from './shared';",
    '/w/b.ts': "export * from './c';",
    '/w/c.ts': 'export const c = 1;',
    '/w/d.ts': "const { x } = require('./shared');",
    '/w/shared.ts': 'export const x = 1;',
    '/w/alone.ts': "import * as tf from '@tensorflow/tfjs';",
  };
  const sources = new Sources({ read: (path) => files[path] });
  expect(componentsOf(['/w/a.ts', '/w/alone.ts', '/w/b.ts', '/w/c.ts', '/w/d.ts'], sources)).toEqual([
    ['/w/a.ts', '/w/d.ts'],
    ['/w/alone.ts'],
    ['/w/b.ts', '/w/c.ts'],
  ]);
});

const layers = `
const tf = require('@tensorflow/tfjs');
exports.norm = (x, axis) => tf.layers.batchNormalization({ axis }).apply(x);
`;
const caller = `
const tf = require('@tensorflow/tfjs');
const name = 'layers';
const { norm } = require('./' + name);
norm(tf.input({ shape: [8, 8, 4] }), 1);
`;

test('a file that only evaluation knows to be imported is judged with its importer, whichever comes first', () => {
  const files = { '/w/layers.js': layers, '/w/caller.js': caller };
  const rules = (order: readonly string[]) =>
    analyzerOver(files)
      .analyzeAll(order)
      .map(({ path, findings, calls }) => ({
        path,
        rules: findings.map((finding) => finding.ruleId),
        shapes: calls.map((call) => call.outputShape),
      }))
      .sort((a, b) => (a.path < b.path ? -1 : 1));
  const expected = rules(['/w/caller.js', '/w/layers.js']);
  expect(expected[1]).toEqual({ path: '/w/layers.js', rules: ['NL101'], shapes: [[null, 8, 8, 4]] });
  expect(rules(['/w/layers.js', '/w/caller.js'])).toEqual(expected);
});

test('what a file says does not change with files beside it that have nothing to do with it', () => {
  const alone =
    "import * as tf from '@tensorflow/tfjs';\nexport const build = () => tf.layers.batchNormalization({ axis: 1 }).apply(tf.input({ shape: [4, 4, 2] }));";
  const other = "import * as tf from '@tensorflow/tfjs';\ntf.setBackend('webgl');\nconst build = () => 1;\nbuild();";
  const one = analyzerOver({ '/w/a.ts': alone }).analyzeAll(['/w/a.ts']);
  const both = analyzerOver({ '/w/a.ts': alone, '/w/b.ts': other }).analyzeAll(['/w/a.ts', '/w/b.ts']);
  expect(both[0]).toEqual(one[0]);
});
