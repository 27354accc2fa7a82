import { describe, expect, test } from 'vitest';
import { createAnalyzer } from '../../../src/analyzer';
import { lineOf } from '../../tools/lineOf';

function analyze(files: Readonly<Record<string, string>>) {
  const [path = ''] = Object.keys(files);
  return createAnalyzer({ read: (file) => files[file] }).analyze(path);
}

describe('programs in markup', () => {
  test('of one page share their names and the global tf of a script tag, and places are those of the page', () => {
    const page = `<!doctype html>
<script src="https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@4.22.0/dist/tf.min.js"></script>
<script>
  const units = 4;
  const model = tf.sequential();
</script>
<p>1 < 2</p>
<script>
  model.add(tf.layers.dense({ units, inputShape: [3] }));
  const [mean, variance] = tf.moments(tf.zeros([4, 2]), 0);
</script>`;
    const { models, findings } = analyze({ '/page.html': page });
    expect(models.map(({ outputs }) => outputs)).toEqual([[[null, 4]]]);
    expect(models[0]?.layers.map(({ at }) => lineOf(page, at.start))).toEqual([9]);
    expect(findings.map(({ ruleId, at }) => [ruleId, lineOf(page, at.start)])).toEqual([['NL114', 10]]);
  });

  test('of a Vue component follow what its hooks set on `this`', () => {
    const component = `<template><p>{{ text }}</p></template>
<script>
import * as tf from '@tensorflow/tfjs';
export default {
  data() { return { text: '' }; },
  mounted() {
    this.model = tf.sequential();
    this.model.add(tf.layers.dense({ units: 2, inputShape: [4] }));
  },
  methods: { run() { return this.model.predict(tf.ones([3, 4])).sum(1); } },
};
</script>`;
    const { models, calls } = analyze({ '/App.vue': component });
    expect(models.map(({ outputs }) => outputs)).toEqual([[[null, 2]]]);
    expect(calls.find(({ api }) => api === 'tf.sum')?.outputShape).toEqual([3]);
  });

  test('of a Vue component in TypeScript and of a Svelte component are read in their language', () => {
    const vue = `<script setup lang="ts">\nimport * as tf from '@tensorflow/tfjs';\nconst x: tf.Tensor2D = tf.ones([2, 3]);\n</script>`;
    const svelte = `<script context="module">import * as tf from '@tensorflow/tfjs';</script>\n<script>\n$: y = tf.ones([2, 3]);\n</script>\n<p>{y}</p>`;
    for (const files of [{ '/A.vue': vue }, { '/A.svelte': svelte }]) {
      const { calls, problems } = analyze(files);
      expect(calls.map(({ outputShape }) => outputShape)).toEqual([[2, 3]]);
      expect(problems).toEqual([]);
    }
  });

  test.each([
    ['https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@4.22.0/+esm'],
    ['https://esm.sh/@tensorflow/tfjs'],
    ['npm:@tensorflow/tfjs@^4'],
    ['https://cdn.skypack.dev/@tensorflow/tfjs-core'],
  ])('take TensorFlow.js from %s', (address) => {
    const page = `<script type="module">import * as tf from '${address}'; tf.ones([2, 3]);</script>`;
    expect(analyze({ '/page.html': page }).calls.map(({ outputShape }) => outputShape)).toEqual([[2, 3]]);
  });
});

test('a method of an object literal that nobody calls sees what another sets on `this`', () => {
  const { calls } = analyze({
    '/main.js': `import * as tf from '@tensorflow/tfjs';
export const net = {
  units: 6,
  build() {
    this.model = tf.sequential({ layers: [tf.layers.dense({ units: this.units, inputShape: [4] })] });
  },
  run() {
    return this.model.predict(tf.ones([3, 4])).mean(0);
  },
};`,
  });
  expect(calls.find(({ api }) => api === 'tf.mean')?.outputShape).toEqual([6]);
});
