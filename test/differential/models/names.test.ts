/** Names that tfjs counts, where it depends on the run how many layers there were before. */
import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { runInTfjs } from '../../tools/runInTfjs';

const HEAD = "import * as tf from '@tensorflow/tfjs';\n";
const MODEL =
  'const model = tf.sequential();\nmodel.add(tf.layers.dense({ units: 1, inputShape: [2] }));\nmodel.add(tf.layers.dropout({ rate: 0.5 }));\n';
const layer = 'tf.layers.dense({ units: 3 });';

const said = (text: string): readonly string[] => {
  const { models, findings } = createAnalyzer({ read: (path) => (path === '/p.js' ? text : undefined) }).analyze(
    '/p.js',
  );
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  return models.at(-1)?.layers.map(({ name }) => name) ?? [];
};

async function real(text: string, outside: string): Promise<readonly string[]> {
  const run = await runInTfjs(`${text}function outside(f) { return ${outside}; }\n`, { path: '/p.js' });
  expect(run.error).toBeUndefined();
  return run.models.at(-1)?.layers.map(({ name }) => name) ?? [];
}

/** What the analyzer does not see, in some of its ways. */
const ways = ['true', 'false', '[1, 2, 3]', '[]', '(f?.(), f?.(), true)', 'f'];

const programs: Readonly<Record<string, string>> = {
  'one branch makes a layer': `if (outside() === true) ${layer}\n`,
  'both branches make as many': `if (outside() === true) ${layer} else { ${layer} }\n`,
  'a loop makes a layer a turn': `for (const x of [].concat(outside())) ${layer}\n`,
  'a function handed elsewhere makes one': `outside(() => { ${layer} });\n`,
  'a branch that is left early makes one': `function f() { if (outside() === true) { ${layer} return; } }\nf();\n`,
  'layers of another class are made': 'if (outside() === true) tf.layers.flatten();\n',
};

describe('a name that tfjs counts is stated only where every run gives it', () => {
  for (const [title, program] of Object.entries(programs)) {
    test(title, async () => {
      const stated = said(HEAD + program + MODEL);
      const runs: (readonly string[])[] = [];
      for (const way of ways) runs.push(await real(HEAD + program + MODEL, way));
      const agreed = runs[0]?.map((name, i) =>
        runs.every((run) => run[i] === name) ? name : name.replace(/\d+$/, '?'),
      );
      expect(stated).toEqual(agreed);
    });
  }

  test('a layer in either branch has the name that it has where that branch is taken', async () => {
    const text = `${HEAD}const model = tf.sequential();
if (outside() === true) model.add(tf.layers.dense({ units: 1, inputShape: [2] }));
else model.add(tf.layers.dense({ units: 2, inputShape: [2] }));
const last = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] });\n`;
    expect(said(text)).toEqual(await real(text, 'true'));
    expect(said(text)).toEqual(await real(text, 'false'));
  });

  test('two names that are not known are not the same name', () => {
    const text = `${HEAD}if (outside()) ${layer}
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] }), tf.layers.dense({ units: 1 })] });\n`;
    expect(said(text)).toEqual(['dense_Dense?', 'dense_Dense?']);
  });
});
